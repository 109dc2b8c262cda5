//! Reads what waits for an answer, and who works on it.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::{
    Counts, Found, Id, InboxQuery, Inquiry, Lease, Note, Place, Timestamp, Turn, Waiting, WorkspaceId, name,
};

/// Reads the inbox of a workspace.
#[async_trait]
pub trait Inboxes: Send + Sync {
    /// The inquiries of one part of the inbox: those that wait the longest time first, of the answered ones the last first.
    async fn waiting(&self, workspace: &WorkspaceId, query: &InboxQuery<'_>) -> Result<Vec<Waiting>, StoreError>;
    /// These inquiries as lines, in their order; what was erased meanwhile is left out.
    async fn lines(
        &self,
        workspace: &WorkspaceId,
        query: &InboxQuery<'_>,
        inquiries: &[&Id<name::Inquiry>],
    ) -> Result<Vec<Waiting>, StoreError>;
    /// Inquiries in every state that are found by words of the customer or of a reply, by a reference or by an id; the last
    /// received first, and older than one of them if that is named. It says how far it looked.
    async fn find(
        &self,
        workspace: &WorkspaceId,
        words: &str,
        older: Option<&Id<name::Inquiry>>,
    ) -> Result<Found, StoreError>;
    /// How many inquiries each part holds.
    async fn counts(&self, workspace: &WorkspaceId, query: &InboxQuery<'_>) -> Result<Counts, StoreError>;
    /// Of those that are open, the one that waits the longest time and that nobody else holds.
    async fn next(
        &self,
        workspace: &WorkspaceId,
        query: &InboxQuery<'_>,
    ) -> Result<Option<Id<name::Inquiry>>, StoreError>;
    /// How many inquiries came after a moment and are open still; for `chatbots_since` see [`InboxQuery`].
    async fn arrived(
        &self,
        workspace: &WorkspaceId,
        since: Timestamp,
        chatbots_since: Timestamp,
    ) -> Result<u64, StoreError>;
    /// What the same customer wrote and was told in other conversations: the last `limit` turns, oldest first.
    async fn elsewhere(
        &self,
        workspace: &WorkspaceId,
        inquiry: &Inquiry,
        limit: usize,
    ) -> Result<Vec<Turn>, StoreError>;
    /// What colleagues said of an inquiry, oldest first.
    async fn notes(&self, workspace: &WorkspaceId, inquiry: &Id<name::Inquiry>) -> Result<Vec<Note>, StoreError>;
    /// Where an inquiry stands among those that are open; `None` when somebody answered it.
    async fn place(
        &self,
        workspace: &WorkspaceId,
        inquiry: &Id<name::Inquiry>,
        chatbots_since: Timestamp,
    ) -> Result<Option<Place>, StoreError>;
    /// Who works on an inquiry now.
    async fn lease(
        &self,
        workspace: &WorkspaceId,
        inquiry: &Id<name::Inquiry>,
        now: Timestamp,
    ) -> Result<Option<Lease>, StoreError>;
}
