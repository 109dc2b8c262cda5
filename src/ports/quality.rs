//! Reads what QA works through and what it came to, beside single findings.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::{
    CleanReply, FiledDispute, FindingFilter, FindingPlace, Id, QueueCounts, RuledBy, SavedFilter, SentText, Timestamp,
    TwiceRuled, WorkspaceId, name,
};

/// Reads for those who keep the quality.
#[async_trait]
pub trait Quality: Send + Sync {
    /// How many findings of sent replies wait, and how many were ruled on since a moment.
    async fn queue_counts(&self, workspace: &WorkspaceId, since: Timestamp) -> Result<QueueCounts, StoreError>;
    /// Where a finding stands among those that fit, whether or not it is one of them.
    async fn finding_place(
        &self,
        workspace: &WorkspaceId,
        filter: &FindingFilter,
        finding: &Id<name::Finding>,
    ) -> Result<FindingPlace, StoreError>;
    /// What was ruled on the findings of a rule, the latest first.
    async fn ruled_by_rule(
        &self,
        workspace: &WorkspaceId,
        rule: &str,
        limit: usize,
    ) -> Result<Vec<RuledBy>, StoreError>;
    /// What somebody keeps, the first first.
    async fn filters(&self, workspace: &WorkspaceId, principal: &str) -> Result<Vec<SavedFilter>, StoreError>;
    /// The replies of a time in which nothing was found.
    async fn clean_replies(
        &self,
        workspace: &WorkspaceId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<CleanReply>, StoreError>;
    /// Findings that others ruled on since a moment, and that nobody ruled on again; the latest ruling first.
    async fn ruled_by_others(
        &self,
        workspace: &WorkspaceId,
        principal: &str,
        since: Timestamp,
    ) -> Result<Vec<Id<name::Finding>>, StoreError>;
    /// The findings that two people ruled on, the first first.
    async fn ruled_twice(&self, workspace: &WorkspaceId) -> Result<Vec<TwiceRuled>, StoreError>;
    /// The dispute over a finding.
    async fn dispute(
        &self,
        workspace: &WorkspaceId,
        finding: &Id<name::Finding>,
    ) -> Result<Option<FiledDispute>, StoreError>;
    /// All disputes: those that wait for an answer first, the oldest of them first.
    async fn disputes(&self, workspace: &WorkspaceId) -> Result<Vec<FiledDispute>, StoreError>;
    /// The revisions of the guide with the moment from which each was known.
    async fn guides(&self, workspace: &WorkspaceId) -> Result<Vec<(Id<name::Revision>, Timestamp)>, StoreError>;
    /// What was sent last.
    async fn sent_lately(&self, workspace: &WorkspaceId, limit: usize) -> Result<Vec<SentText>, StoreError>;
}
