//! The audit log, read; and where its checkpoints are kept beside the store.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::{Configured, EventFilter, Timestamp, WorkspaceId};

/// Reads the audit log, and signs what it holds.
#[async_trait]
pub trait Trail: Send + Sync {
    /// Events after a sequence number that fit a filter, in order, at most `limit`, each as its canonical bytes with its
    /// hashes.
    async fn events(
        &self,
        workspace: &WorkspaceId,
        filter: &EventFilter,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Event>, StoreError>;
    /// The last events that fit a filter, the last first, at most `limit`; before a sequence number, if one is named.
    async fn last_events(
        &self,
        workspace: &WorkspaceId,
        filter: &EventFilter,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Event>, StoreError>;
    /// Everybody who ever did something that the log tells, by their ids.
    async fn principals(&self, workspace: &WorkspaceId) -> Result<Vec<String>, StoreError>;
    /// Signed checkpoints of more than `after` events, in order, at most `limit`.
    async fn checkpoints(&self, workspace: &WorkspaceId, after: u64, limit: usize) -> Result<Vec<Signed>, StoreError>;
    /// How many checkpoints there are up to a size.
    async fn count_checkpoints(&self, workspace: &WorkspaceId, size: u64) -> Result<u64, StoreError>;
    /// The checkpoint over all that the log holds now, signed if it was not; `None` where there is no log.
    async fn checkpoint(&self, workspace: &WorkspaceId) -> Result<Option<Signed>, StoreError>;
    /// Shows that one event is in the log as it is signed now, without showing another; `None` where it is not.
    async fn proof(&self, workspace: &WorkspaceId, sequence: u64) -> Result<Option<Proof>, StoreError>;
    /// The last checkpoint that was kept beside the store.
    async fn kept(&self, workspace: &WorkspaceId) -> Result<Option<String>, StoreError>;
    /// A configuration that the workspace used, by its hash.
    async fn configured(&self, workspace: &WorkspaceId, hash: &str) -> Result<Option<Configured>, StoreError>;
    /// The public key that checkpoints are signed with.
    fn signing_key(&self) -> String;
}

/// One line of the audit log as it is stored; `audit/` makes it, `verifier/` reads it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Event {
    /// Its place in the log of its workspace, from 1, without gaps.
    pub sequence: u64,
    /// Its content as canonical JSON: the very bytes that were hashed.
    pub content: String,
    /// The hash of the event before it, hexadecimal; 64 zeros for the first.
    pub previous: String,
    /// SHA-256 over sequence, previous hash and content, hexadecimal.
    pub hash: String,
}

/// One event, and what shows that it is in a signed log.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// Its number.
    pub sequence: u64,
    /// Its canonical bytes.
    pub content: String,
    /// The hashes from it to the root, the lowest first, hexadecimal (RFC 6962, section 2.1.1).
    pub path: Vec<String>,
    /// The signed checkpoint that holds the root.
    pub checkpoint: String,
}

/// A signed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// How many events it is over.
    pub size: u64,
    /// The signed note.
    pub note: String,
    /// When the last of those events was written.
    pub at: Timestamp,
}

/// Keeps signed checkpoints where whoever changes the store does not change them with it: another disk, another account.
pub trait Anchors: Send + Sync {
    /// The last one of a log; `Err` says in words what cannot be read.
    fn last(&self, workspace: &WorkspaceId) -> Result<Option<String>, String>;
    /// Keeps one more, durably.
    fn keep(&self, workspace: &WorkspaceId, note: &str) -> Result<(), String>;
    /// Puts those of a log that was lost out of the way, and keeps them there.
    fn set_aside(&self, workspace: &WorkspaceId) -> Result<(), String>;
}
