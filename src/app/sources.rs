//! What the evidence of a suggestion was cut from.

use super::{App, AppError};
use crate::{
    domain::{EvidenceItem, Revision, Suggestion, WorkspaceId},
    ports::StoreError,
};

/// A revision, and which one of its document it is.
#[derive(Debug, Clone)]
pub struct Source {
    /// The revision.
    pub revision: Revision,
    /// From 1, the first one that was recorded.
    pub number: usize,
}

impl App {
    /// The revisions that the evidence was cut from, as far as they are kept. Not for everyone: notes stand in them.
    pub(super) async fn sources(
        &self,
        workspace: &WorkspaceId,
        suggestion: &Suggestion,
    ) -> Result<Vec<Source>, AppError> {
        let (mut sources, mut keys): (Vec<Source>, Vec<&str>) = (Vec::new(), Vec::new());
        let items: Vec<&EvidenceItem> =
            suggestion.evidence.items.iter().filter(|item| item.revision().is_some()).collect();
        for item in &items {
            if keys.contains(&item.key.as_str()) {
                continue;
            }
            keys.push(&item.key);
            let history = match self.world.reliances.history(workspace, &item.key).await {
                // What was erased has no words any more; that it was there is in the record.
                Err(StoreError::Erased) => continue,
                history => history?,
            };
            let last = history.len();
            let numbered = history.into_iter().enumerate();
            let numbered = numbered.map(|(at, revision)| Source { revision, number: last - at });
            sources.extend(
                numbered.filter(|source| items.iter().any(|item| item.revision() == Some(&source.revision.id))),
            );
        }
        Ok(sources)
    }
}
