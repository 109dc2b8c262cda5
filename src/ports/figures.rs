//! Counts what came and what became of it.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::{DecidedCount, HourCount, Timestamp, WorkspaceId};

/// Counts in a workspace; never reads words.
#[async_trait]
pub trait Figures: Send + Sync {
    /// How many inquiries came in each hour since a moment, as far as any came.
    async fn received(&self, workspace: &WorkspaceId, since: Timestamp) -> Result<Vec<HourCount>, StoreError>;
    /// When those came that are open, the oldest first: nobody answered them, and no chatbot that was given an answer for them
    /// since a moment may still pass it on.
    async fn unanswered(
        &self,
        workspace: &WorkspaceId,
        chatbots_since: Timestamp,
    ) -> Result<Vec<Timestamp>, StoreError>;
    /// How many drafts were decided on since a moment, by day and kind of decision.
    async fn decided(&self, workspace: &WorkspaceId, since: Timestamp) -> Result<Vec<DecidedCount>, StoreError>;
    /// How long each inquiry waited for its first reply, in milliseconds, of those that got it since a moment.
    async fn first_replies(&self, workspace: &WorkspaceId, since: Timestamp) -> Result<Vec<i64>, StoreError>;
}
