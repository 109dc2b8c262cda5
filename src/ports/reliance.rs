//! Which sent replies stand on which revisions.

use std::collections::HashMap;

use async_trait::async_trait;

use super::StoreError;
use crate::domain::{Checks, Id, InquiryText, Relied, Reply, Revision, Timestamp, WorkspaceId, name};

/// A sent reply that stands on a revision.
#[derive(Debug, Clone, PartialEq)]
pub struct Relying {
    /// The reply.
    pub reply: Reply,
    /// What it got then.
    pub checks: Checks,
    /// The customer's words, where it is known what it answers and they are still there.
    pub asked: Option<InquiryText>,
    /// The conversation, where it is known what it answers.
    pub conversation: Option<Id<name::Conversation>>,
}

/// Reads who was told what by which revision.
#[async_trait]
pub trait Reliances: Send + Sync {
    /// Sent replies that stand on a revision, by their ids, those behind one; at most `limit`.
    async fn relying_on(
        &self,
        workspace: &WorkspaceId,
        revision: &Id<name::Revision>,
        behind: Option<&Id<name::Reply>>,
        limit: usize,
    ) -> Result<Vec<Relying>, StoreError>;
    /// When each conversation was told by what is held now of the document, after a revision of it ended; in order.
    async fn told_since(
        &self,
        workspace: &WorkspaceId,
        ended: &Id<name::Revision>,
    ) -> Result<HashMap<Id<name::Conversation>, Vec<Timestamp>>, StoreError>;
    /// Drafts and replies that stand on a document, whichever revision of it, the last first; at most `limit`.
    async fn relied(&self, workspace: &WorkspaceId, key: &str, limit: usize) -> Result<Vec<Relied>, StoreError>;
    /// All revisions of a document, ended or not, the newest first.
    async fn history(&self, workspace: &WorkspaceId, key: &str) -> Result<Vec<Revision>, StoreError>;
}
