//! Gives every passage that we hold true its vector, behind everybody's back: in batches, from where it was left, never in
//! the way of a search or an acknowledgement. What fails is tried again later; what was made is kept at once.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use tokio::{
    sync::mpsc::UnboundedReceiver,
    task,
    time::{Instant, sleep_until},
};

use super::near::Seats;
use crate::{
    asking::{EmbedderSeat, spread},
    domain::{Audience, Failure, Id, Kind, Passage, Revision, WorkspaceId, name},
    ports::{Embedded, Ids, Shelf, StoreError, Unheard, VectorSet, Vectors, VectorsError},
};

/// Code points of a passage that are embedded; models read little more.
const MAX_CHARS: usize = 2_000;
/// A text that is too long even so is halved; shorter than this it is left without a vector.
const MIN_CHARS: usize = 100;
/// The first wait after a failure; each further one is twice as long.
const FIRST: Duration = Duration::from_millis(500);
/// No wait is longer.
const LONGEST: Duration = Duration::from_secs(60);

/// What catching up needs of the world.
pub struct CatchingUp {
    pub(super) seats: Seats,
    pub(super) vectors: Arc<dyn Vectors>,
    pub(super) shelf: Arc<dyn Shelf>,
    pub(super) ids: Arc<dyn Ids>,
}

/// Why a workspace is behind.
#[derive(Debug, thiserror::Error)]
enum Behind {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vectors(#[from] VectorsError),
    #[error("the embedder gave no vectors ({}): {}", .0.failure.as_str(), .0.detail)]
    Unheard(Unheard),
    #[error("reading or writing stopped")]
    Stopped,
}

/// A passage that has no vector yet.
#[derive(Clone)]
struct Lacking {
    revision: Id<name::Revision>,
    passage: Id<name::Passage>,
    text: String,
}

/// Catches up with every change, one workspace after another, until nobody can tell of changes any more.
pub(super) async fn run(this: Arc<CatchingUp>, mut changes: UnboundedReceiver<WorkspaceId>) {
    // When a workspace is looked at next, and how long it waits if it fails once more.
    let mut due: HashMap<WorkspaceId, (Instant, Duration)> = HashMap::new();
    loop {
        let next =
            due.iter().min_by_key(|(_, (at, _))| *at).map(|(workspace, (at, wait))| (workspace.clone(), *at, *wait));
        let (workspace, at, wait) = match next {
            Some(next) => next,
            None => match changes.recv().await {
                Some(workspace) => (workspace, Instant::now(), FIRST),
                None => return,
            },
        };
        tokio::select! {
            // A change does not make a failing embedder well: who waits goes on waiting.
            changed = changes.recv(), if at > Instant::now() => {
                let Some(changed) = changed else { return };
                due.entry(changed).or_insert((Instant::now(), FIRST));
                continue;
            }
            () = sleep_until(at) => {}
        }
        due.remove(&workspace);
        if let Err(behind) = this.level(&workspace).await {
            tracing::warn!(%workspace, error = %behind, "passages wait for their vectors");
            let asked = match &behind {
                Behind::Unheard(unheard) => unheard.retry_after.unwrap_or_default().min(LONGEST),
                _ => Duration::ZERO,
            };
            let at = Instant::now() + spread(wait, this.ids.uuid()).max(asked);
            due.insert(workspace, (at, (wait * 2).min(LONGEST)));
        }
    }
}

impl CatchingUp {
    /// Brings the vectors of a workspace level with the store.
    async fn level(&self, workspace: &WorkspaceId) -> Result<(), Behind> {
        let Some(seat) = self.seats.of(workspace) else { return Ok(()) };
        let set = self.open(workspace, seat).await?;
        let (last, at) = (self.shelf.last_changed(workspace).await?, set.sequence());
        if last == at {
            return Ok(());
        }
        // Vectors ahead of the store belong to another store, or the store was restored from an old backup.
        let from = if at < last { at } else { 0 };
        let delta = self.shelf.changed_since(workspace, from).await?;
        let mut retired: HashSet<_> = delta.retired.iter().cloned().collect();
        if from == 0 {
            let held: HashSet<_> = delta.added.iter().map(|revision| revision.id.clone()).collect();
            retired.extend(set.revisions().difference(&held).cloned());
        }
        let lacking: Vec<Lacking> = delta.added.iter().flat_map(lacking).collect();
        let lacking: Vec<Lacking> = lacking.into_iter().filter(|one| !set.has(&one.passage)).collect();
        let count = lacking.len();
        for batch in lacking.chunks(seat.settings.batch) {
            self.embed(seat, &set, batch).await?;
        }
        let sequence = delta.sequence;
        blocking(move || set.level(&retired, sequence)).await?;
        tracing::info!(%workspace, passage.count = count, model.name = seat.settings.model, "passages have their vectors");
        Ok(())
    }

    async fn open(&self, workspace: &WorkspaceId, seat: &EmbedderSeat) -> Result<Arc<dyn VectorSet>, Behind> {
        let (vectors, workspace, model) = (Arc::clone(&self.vectors), workspace.clone(), seat.settings.vectors());
        blocking(move || vectors.of(&workspace, &model)).await
    }

    /// One batch. Where a text is too long for the model, each is sent by itself, and that one cut.
    async fn embed(&self, seat: &EmbedderSeat, set: &Arc<dyn VectorSet>, batch: &[Lacking]) -> Result<(), Behind> {
        let mut parts: Vec<Vec<Lacking>> = vec![batch.to_vec()];
        while let Some(part) = parts.pop() {
            let texts: Vec<String> = part.iter().map(|lacking| lacking.text.clone()).collect();
            match seat.passages(self.ids.as_ref(), &texts).await {
                Ok(vectors) => {
                    let embedded = part
                        .into_iter()
                        .zip(vectors)
                        .map(|(Lacking { revision, passage, .. }, vector)| Embedded { revision, passage, vector });
                    let (set, embedded) = (Arc::clone(set), embedded.collect::<Vec<_>>());
                    blocking(move || set.add(&embedded)).await?;
                }
                Err(unheard) if unheard.failure == Failure::TooLong => parts.extend(smaller(part)),
                Err(unheard) => return Err(Behind::Unheard(unheard)),
            }
        }
        Ok(())
    }
}

/// A batch that was too long as several, a text that was too long as its first half; nothing of one that is short.
fn smaller(part: Vec<Lacking>) -> Vec<Vec<Lacking>> {
    if part.len() > 1 {
        return part.into_iter().map(|one| vec![one]).collect();
    }
    let shorter = part.into_iter().filter_map(|one| {
        let chars = one.text.chars().count();
        if chars < MIN_CHARS {
            tracing::warn!(passage.id = %one.passage, "too long for the embedder even when cut: found by its words alone");
            return None;
        }
        Some(vec![Lacking { text: one.text.chars().take(chars / 2).collect(), ..one }])
    });
    shorter.collect()
}

/// What of a revision is embedded: a passage under its title. Clauses of the guide are nobody's answer, and what is internal
/// does not leave the house: it is found by its words.
fn lacking(revision: &Revision) -> Vec<Lacking> {
    let content = &revision.content;
    if content.kind == Kind::Guide || content.audience == Audience::Internal {
        return Vec::new();
    }
    let of = |passage: &Passage| {
        let heading = passage.heading.as_deref().unwrap_or_default();
        let parts = [content.title.as_str(), heading, passage.span.of(&content.body)];
        let lines: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let text = lines.join("\n").chars().take(MAX_CHARS).collect();
        Lacking { revision: revision.id.clone(), passage: passage.id.clone(), text }
    };
    revision.passages.iter().map(of).filter(|lacking| !lacking.text.trim().is_empty()).collect()
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, VectorsError> + Send + 'static,
) -> Result<T, Behind> {
    Ok(task::spawn_blocking(work).await.map_err(|_| Behind::Stopped)??)
}
