//! Reads what waits for an answer, and who works on it.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::{Counts, Id, InboxQuery, Inquiry, Lease, Note, Place, Timestamp, Turn, Waiting, WorkspaceId, name};

/// Reads the inbox of a workspace.
#[async_trait]
pub trait Inboxes: Send + Sync {
    /// The inquiries of one part of the inbox: those that wait the longest time first, of the answered ones the last first.
    async fn waiting(&self, workspace: &WorkspaceId, query: &InboxQuery<'_>) -> Result<Vec<Waiting>, StoreError>;
    /// How many inquiries each part holds.
    async fn counts(&self, workspace: &WorkspaceId, query: &InboxQuery<'_>) -> Result<Counts, StoreError>;
    /// How many inquiries came after a moment and wait still.
    async fn arrived(&self, workspace: &WorkspaceId, since: Timestamp) -> Result<u64, StoreError>;
    /// What the same customer wrote and was told in other conversations: the last `limit` turns, oldest first.
    async fn elsewhere(
        &self,
        workspace: &WorkspaceId,
        inquiry: &Inquiry,
        limit: usize,
    ) -> Result<Vec<Turn>, StoreError>;
    /// What colleagues said of an inquiry, oldest first.
    async fn notes(&self, workspace: &WorkspaceId, inquiry: &Id<name::Inquiry>) -> Result<Vec<Note>, StoreError>;
    /// Where an inquiry stands among those that wait; `None` when somebody answered it.
    async fn place(&self, workspace: &WorkspaceId, inquiry: &Id<name::Inquiry>) -> Result<Option<Place>, StoreError>;
    /// Who works on an inquiry now.
    async fn lease(
        &self,
        workspace: &WorkspaceId,
        inquiry: &Id<name::Inquiry>,
        now: Timestamp,
    ) -> Result<Option<Lease>, StoreError>;
}
