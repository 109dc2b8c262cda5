//! Files of a workspace become revisions and passages in the store; what did not change is left alone.

use super::World;
use crate::{
    domain::{Guide, KnowledgeChange, NewRevision, Passage, Revision, Wish, WishError, WorkspaceId},
    knowledge::{self, File, Rejected, Report, Source},
    ports::StoreError,
    tone,
};

/// What one ingest would change, and what to tell the person who asked for it.
pub struct Intake {
    /// The change; empty when everything is as it was.
    pub change: KnowledgeChange,
    /// Counts, and what was rejected.
    pub report: Report,
}

/// Reads the files of a workspace against what is held true now.
pub async fn intake(world: &World, workspace: &WorkspaceId, source: &Source<'_>) -> Result<Intake, StoreError> {
    let mut read = knowledge::read(source.files);
    read.rejected.extend(source.unreadable.iter().cloned());
    let guide = source.files.iter().find(|file| file.path == "guide.yaml");
    if let Some(file) = guide {
        match self::guide(file, source.shared) {
            Ok(revision) => read.revisions.push(revision),
            Err(mut rejected) => read.rejected.append(&mut rejected),
        }
    }
    let since = world.shelf.last_changed(workspace).await?;
    let current = world.shelf.revisions(workspace).await?;
    let gone = world.shelf.retired_by_hand(workspace).await?;
    let difference = knowledge::difference(&current, &gone, read);
    let added = difference.added.into_iter().map(|content| revision(world, content)).collect();
    let change = KnowledgeChange { added, retired: difference.retired, by_hand: false, since: Some(since) };
    Ok(Intake { change, report: difference.report })
}

/// What follows from a wish, as the documents are now.
pub async fn fulfil(
    world: &World,
    workspace: &WorkspaceId,
    wish: &Wish,
) -> Result<Result<KnowledgeChange, WishError>, StoreError> {
    let since = world.shelf.last_changed(workspace).await?;
    let held = world.shelf.document(workspace, wish.key()).await?;
    Ok(wish.ends(&held).map(|retired| KnowledgeChange {
        added: wish.content().map(|content| revision(world, content.clone())).into_iter().collect(),
        retired,
        by_hand: wish.content().is_none(),
        since: Some(since),
    }))
}

/// A text with its passages, from now on.
fn revision(world: &World, content: NewRevision) -> Revision {
    let passage = |cut: knowledge::Cut| Passage { id: world.id(), span: cut.span, heading: cut.heading };
    Revision {
        id: world.id(),
        passages: knowledge::cut(&content).into_iter().map(passage).collect(),
        content,
        recorded_from: world.clock.now(),
        recorded_until: None,
    }
}

/// The guide as a revision: its clauses are passages, and its whole value is kept as the note.
fn guide(file: &File, shared: &dyn Fn(&str) -> Option<String>) -> Result<NewRevision, Vec<Rejected>> {
    let whole = |reason: String| vec![Rejected { file: file.path.clone(), line: None, reason }];
    let text = std::str::from_utf8(&file.bytes)
        .map_err(|_| whole("the file is not UTF-8: save it as UTF-8 and try again".to_owned()))?;
    let guide: Guide = tone::guide::parse(&file.path, text, shared).map_err(|errors| {
        let place = |error: &tone::guide::GuideError| Rejected {
            file: error.file.clone(),
            line: usize::try_from(error.line).ok(),
            reason: error.to_string(),
        };
        errors.0.iter().map(place).collect::<Vec<_>>()
    })?;
    let failures = tone::check_examples(&guide);
    if !failures.is_empty() {
        return Err(failures.iter().flat_map(|failure| whole(failure.to_string())).collect());
    }
    let json = serde_json::to_string(&guide).map_err(|error| whole(error.to_string()))?;
    Ok(NewRevision { note: Some(json), ..knowledge::clauses(&guide, &file.path) })
}
