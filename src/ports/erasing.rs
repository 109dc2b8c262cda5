//! What may be erased, what was, and for how long the rest is kept.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::{Erasure, Id, Retention, TextClass, Timestamp, Traces, Whose, WorkspaceId, name};

/// Reads what there is to erase, and takes away what is left of it after it was.
#[async_trait]
pub trait Erasing: Send + Sync {
    /// What there is of somebody, or of a document.
    async fn traces(&self, workspace: &WorkspaceId, whose: &Whose) -> Result<Traces, StoreError>;
    /// One erasure.
    async fn erasure(&self, workspace: &WorkspaceId, id: &Id<name::Erasure>) -> Result<Option<Erasure>, StoreError>;
    /// The last erasure of a target.
    async fn last_erasure(&self, workspace: &WorkspaceId, target: &str) -> Result<Option<Erasure>, StoreError>;
    /// What stands for whom an inquiry is about, in what erases their words and in its event.
    async fn subject_of(
        &self,
        workspace: &WorkspaceId,
        inquiry: &Id<name::Inquiry>,
    ) -> Result<Option<String>, StoreError>;
    /// For how long texts are kept.
    async fn retention(&self, workspace: &WorkspaceId) -> Result<Retention, StoreError>;
    /// How many texts of a class were recorded before a moment, counted up to `limit`.
    async fn expired(
        &self,
        workspace: &WorkspaceId,
        class: TextClass,
        until: Timestamp,
        limit: u64,
    ) -> Result<u64, StoreError>;
    /// Leaves nothing of what was deleted, by whomever, in logs and on free pages; where that was done already, it does nothing.
    /// Nothing else is written meanwhile. What cannot be done now stays marked in the store.
    async fn scrub(&self) -> Result<(), StoreError>;
}
