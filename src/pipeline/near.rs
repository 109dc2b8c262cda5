//! Finds passages by what they mean, for workspaces that have an embedder. Whatever goes wrong here costs a search its
//! nearness and nothing else: it then finds what its words find.

use std::{collections::HashMap, sync::Arc};

use tokio::{
    sync::mpsc::{self, UnboundedSender},
    task::{self, JoinHandle},
};

use super::catch_up::{self, CatchingUp};
use crate::{
    asking::EmbedderSeat,
    domain::WorkspaceId,
    language::mask,
    ports::{Ids, Near, Neighbours, Shelf, StoreError, Vectors},
};

/// So many of the nearest passages come in beside those found by words.
const NEAREST: usize = 48;
/// Code points of a question that are embedded; models read little more.
const MAX_CHARS: usize = 1_000;
/// Of the way from the average passage to the question itself, the part at which nearness begins, and at which it is full.
/// Models differ in how far apart they put any two texts; this way each is measured by its own habit.
const BEGINS: f64 = 0.25;
const FULL: f64 = 0.85;

/// The embedders of an installation, what they made, and the task that catches up.
#[derive(Default)]
pub struct Nearness {
    seats: Seats,
    vectors: Option<Arc<dyn Vectors>>,
    changed: Option<UnboundedSender<WorkspaceId>>,
    task: Option<JoinHandle<()>>,
}

/// Which embedder a workspace has.
#[derive(Default, Clone)]
pub struct Seats {
    /// For every workspace that has none of its own.
    pub default: Option<Arc<EmbedderSeat>>,
    /// By workspace.
    pub own: HashMap<WorkspaceId, Arc<EmbedderSeat>>,
}

impl Seats {
    /// The embedder of a workspace, if it has one.
    pub fn of(&self, workspace: &WorkspaceId) -> Option<&Arc<EmbedderSeat>> {
        self.own.get(workspace).or(self.default.as_ref())
    }
}

impl Nearness {
    /// Begins to catch up; without an embedder nothing is done.
    pub fn start(seats: Seats, vectors: Arc<dyn Vectors>, shelf: Arc<dyn Shelf>, ids: Arc<dyn Ids>) -> Self {
        if seats.default.is_none() && seats.own.is_empty() {
            return Self { seats, vectors: Some(vectors), changed: None, task: None };
        }
        let (changed, changes) = mpsc::unbounded_channel();
        let catching_up = CatchingUp { seats: seats.clone(), vectors: Arc::clone(&vectors), shelf, ids };
        let task = tokio::spawn(catch_up::run(Arc::new(catching_up), changes));
        Self { seats, vectors: Some(vectors), changed: Some(changed), task: Some(task) }
    }

    /// What embeds for a workspace.
    pub fn embedder(&self, workspace: &WorkspaceId) -> Option<&EmbedderSeat> {
        self.seats.of(workspace).map(AsRef::as_ref)
    }

    /// Knowledge of a workspace changed, or may have while nobody looked.
    pub fn changed(&self, workspace: &WorkspaceId) {
        if let Some(changed) = &self.changed {
            // Nobody listens any more when the process is about to end.
            let _ = changed.send(workspace.clone());
        }
    }

    /// Lets the vectors of a workspace go; they are made again of what is held.
    pub async fn forget(&self, workspace: &WorkspaceId) -> Result<(), StoreError> {
        let (Some(vectors), workspace) = (self.vectors.clone(), workspace.clone()) else { return Ok(()) };
        let cleared = task::spawn_blocking(move || vectors.clear(&workspace)).await;
        let failed = |cause: String| StoreError::Failed(format!("vectors were not let go: {cause}"));
        cleared.map_err(|panic| failed(panic.to_string()))?.map_err(|error| failed(error.to_string()))
    }

    /// What is near each of some questions; empty lists where there is no telling. One request for all of them.
    pub async fn of(&self, ids: &dyn Ids, workspace: &WorkspaceId, questions: &[String]) -> Vec<Vec<Near>> {
        let nothing = vec![Vec::new(); questions.len()];
        let (Some(seat), Some(vectors)) = (self.seats.of(workspace), &self.vectors) else { return nothing };
        let (vectors, workspace, model) = (Arc::clone(vectors), workspace.clone(), seat.settings.vectors());
        let opened = task::spawn_blocking(move || vectors.of(&workspace, &model)).await;
        // While a workspace is embedded for the first time, what happens to be done already has no advantage.
        let Some(set) = opened.ok().and_then(Result::ok).filter(|set| set.sequence() > 0) else { return nothing };
        let texts: Vec<String> = questions.iter().map(|question| text(question)).collect();
        if texts.iter().any(String::is_empty) {
            return nothing;
        }
        let Ok(asked) = seat.questions(ids, &texts).await else { return nothing };
        let look = move || asked.iter().map(|vector| set.nearest(vector, NEAREST)).collect::<Result<Vec<_>, _>>();
        match task::spawn_blocking(look).await {
            Ok(Ok(found)) => found.into_iter().map(near).collect(),
            Ok(Err(error)) => {
                tracing::warn!(%error, "passages are found by their words alone");
                nothing
            }
            Err(_) => nothing,
        }
    }
}

impl Drop for Nearness {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

fn text(question: &str) -> String {
    mask::without_placeholders(question).trim().chars().take(MAX_CHARS).collect()
}

/// What is nearer than the average passage by far enough.
fn near(found: Neighbours) -> Vec<Near> {
    let mean = found.mean.clamp(0.0, 0.99);
    let similarity = |cosine: f64| {
        let way = (cosine - mean) / (1.0 - mean);
        // As many places as a reader can use.
        (((way - BEGINS) / (FULL - BEGINS)).clamp(0.0, 1.0) * 1e5).round() / 1e5
    };
    let nearest = found.nearest.into_iter().map(|near| Near { similarity: similarity(near.similarity), ..near });
    nearest.filter(|near| near.similarity > 0.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Id;

    fn similarities(cosines: &[f64], mean: f64) -> Vec<f64> {
        let id = uuid::Uuid::nil();
        let neighbour =
            |cosine: &f64| Near { revision: Id::from_uuid(id), passage: Id::from_uuid(id), similarity: *cosine };
        let found = Neighbours { nearest: cosines.iter().map(neighbour).collect(), mean };
        near(found).into_iter().map(|near| near.similarity).collect()
    }

    #[test]
    fn a_model_that_puts_all_texts_close_together_is_measured_by_its_own_habit() {
        assert_eq!(similarities(&[1.0, 0.55, 0.2, -0.3], 0.0), [1.0, 0.5]);
        assert_eq!(similarities(&[1.0, 0.91, 0.84, 0.7], 0.8), [1.0, 0.5]);
        assert!(similarities(&[1.0, 1.0], 1.0).iter().all(|near| (0.0..=1.0).contains(near)));
    }
}
