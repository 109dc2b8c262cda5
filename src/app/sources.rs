//! What the evidence of a suggestion was cut from.

use super::{App, AppError};
use crate::{
    domain::{Revision, Suggestion, Unused, WorkspaceId},
    ports::StoreError,
};

/// A revision, and which one of its document it is.
#[derive(Debug, Clone)]
pub struct Source {
    /// The revision.
    pub revision: Revision,
    /// From 1, the first one that was recorded.
    pub number: usize,
    /// Why the search passed it over; `None` for one that evidence was cut from.
    pub passed_over: Option<Unused>,
}

impl App {
    /// The revisions that the evidence was cut from, as far as they are kept, and what stood beside them and was passed over:
    /// revisions of the same documents for other days, and documents that say the same. Not for everyone: notes stand in them.
    pub(super) async fn sources(
        &self,
        workspace: &WorkspaceId,
        suggestion: &Suggestion,
    ) -> Result<Vec<Source>, AppError> {
        let mut sources = Vec::new();
        let passages = || suggestion.evidence.items.iter().filter(|item| item.revision().is_some());
        let mut keys: Vec<&str> = Vec::new();
        for key in passages().map(|item| &item.key).chain(passages().flat_map(|item| &item.also)) {
            if keys.contains(&key.as_str()) {
                continue;
            }
            keys.push(key);
            let history = match self.world.reliances.history(workspace, key).await {
                // What was erased has no words any more; that it was there is in the record.
                Err(StoreError::Erased) => continue,
                history => history?,
            };
            let last = history.len();
            for (at, revision) in history.into_iter().enumerate() {
                let passed_over = passed_over(suggestion, &revision);
                if passed_over.is_some() || passages().any(|item| item.revision() == Some(&revision.id)) {
                    sources.push(Source { revision, number: last - at, passed_over });
                }
            }
        }
        Ok(sources)
    }
}

/// Why the search for a suggestion passed a revision over that it knew; `None` also for one that it could not know.
fn passed_over(suggestion: &Suggestion, revision: &Revision) -> Option<Unused> {
    let Suggestion { inquiry, evidence, making, created_at, .. } = suggestion;
    let items = &evidence.items;
    let known =
        revision.recorded_from <= *created_at && revision.recorded_until.is_none_or(|until| until > *created_at);
    if !known || items.iter().any(|item| item.revision() == Some(&revision.id)) {
        return None;
    }
    let content = &revision.content;
    match content.validity.holds(inquiry.received_at.day(), making.order_date) {
        false => Some(Unused::NotValid),
        true if items.iter().any(|item| item.also.contains(&content.key)) => Some(Unused::SameWords),
        true => None,
    }
}
