//! Which sent replies stand on which revisions.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::{Checks, Id, InquiryText, Reply, Revision, Timestamp, WorkspaceId, name};

/// A sent reply that stands on a revision.
#[derive(Debug, Clone, PartialEq)]
pub struct Relying {
    /// The reply.
    pub reply: Reply,
    /// What it got then.
    pub checks: Checks,
    /// The customer's words, where it is known what it answers and they are still there.
    pub asked: Option<InquiryText>,
    /// When the conversation was told by what is held now, after this reply and after the revision ended.
    pub corrected_at: Option<Timestamp>,
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
    /// All revisions of a document, ended or not, the newest first.
    async fn history(&self, workspace: &WorkspaceId, key: &str) -> Result<Vec<Revision>, StoreError>;
}
