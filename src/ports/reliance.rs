//! Which sent replies stand on which revisions.

use std::collections::HashMap;

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
    /// The customer's words and their conversation, where it is known what it answers.
    pub asked: Option<(InquiryText, Id<name::Conversation>)>,
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
    /// When each conversation was first told something by a revision of the document that was recorded when this one ended,
    /// or later.
    async fn told_since(
        &self,
        workspace: &WorkspaceId,
        ended: &Revision,
    ) -> Result<HashMap<Id<name::Conversation>, Timestamp>, StoreError>;
    /// All revisions of a document, ended or not, the newest first.
    async fn history(&self, workspace: &WorkspaceId, key: &str) -> Result<Vec<Revision>, StoreError>;
}
