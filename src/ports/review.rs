//! QA's reading side of the store.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::{
    Day, FiledFinding, FindingFilter, GroupBy, Id, RuleTally, SentReply, Timestamp, Waiver, WorkspaceId, name,
};

/// Reads findings for those who rule on them.
#[async_trait]
pub trait Review: Send + Sync {
    /// Findings that fit, the latest first, at most `limit`, behind the one named.
    async fn findings(
        &self,
        workspace: &WorkspaceId,
        filter: &FindingFilter,
        behind: Option<&Id<name::Finding>>,
        limit: usize,
    ) -> Result<Vec<FiledFinding>, StoreError>;
    /// One finding.
    async fn finding(
        &self,
        workspace: &WorkspaceId,
        id: &Id<name::Finding>,
    ) -> Result<Option<FiledFinding>, StoreError>;
    /// What was ruled, rule by rule, on the findings that fit.
    async fn tallies(&self, workspace: &WorkspaceId, filter: &FindingFilter) -> Result<Vec<RuleTally>, StoreError>;
    /// The waivers that hold on a day.
    async fn waivers(&self, workspace: &WorkspaceId, on: Day) -> Result<Vec<Waiver>, StoreError>;
    /// The replies that named groups sent from a moment up to another.
    async fn sent(
        &self,
        workspace: &WorkspaceId,
        by: GroupBy,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<SentReply>, StoreError>;
}
