//! What we ask of the world. Adapters answer; `wire.rs` picks them.

mod embedding;
mod erasing;
mod figures;
mod inbox;
mod people;
mod quality;
mod reliance;
mod review;
mod sign_on;
mod trail;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::time::Instant;

pub use self::{
    embedding::{Embedded, Embedder, Near, Neighbours, VectorSet, Vectors, VectorsError},
    erasing::Erasing,
    figures::Figures,
    inbox::Inboxes,
    people::People,
    quality::Quality,
    reliance::{Reliances, Relying},
    review::Review,
    sign_on::{Introduced, Round, SignOn, SignOnError},
    trail::{Anchors, Event, Proof, Signed, Trail},
};
use crate::domain::{
    Attempt, BuiltOn, Change, Checks, ContactOutcome, Decision, DraftState, Evidence, Explanation, FailedDraft,
    Failure, Id, Idempotency, Inquiry, Key, Kind, Listed, Listing, Message, Principal, Proposal, Reply, Revision,
    Ruling, Suggestion, Timestamp, Turn, UndoneDecision, Usage, Workspace, WorkspaceId, name,
};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Makes ids that nobody has had before and that sort by time.
pub trait Ids: Send + Sync {
    /// A UUIDv7.
    fn uuid(&self) -> uuid::Uuid;
    /// 256 random bits, for the secret of a key.
    fn secret(&self) -> Result<[u8; 32], String>;
}

/// Why the store could not do what it was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The disk is full: reading goes on, nothing can be written.
    #[error("the disk is full: nothing can be written until there is room")]
    Full,
    /// What the change builds on is no longer so, e.g. the draft was decided by somebody else.
    #[error("{0}")]
    Conflict(Conflict),
    /// The words are gone for good; what was counted and decided of them stays.
    #[error("these words were erased, or the time for which they are kept is over; what was decided and counted stays")]
    Erased,
    /// The database cannot be reached or is damaged.
    #[error("the store failed: {0}")]
    Failed(String),
}

/// What a change found otherwise than it supposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// There is a decision on the draft.
    #[error("the draft was already decided")]
    AlreadyDecided,
    /// A later message or a regeneration replaced the draft.
    #[error("the draft was superseded by a newer one")]
    Superseded,
    /// A twin of the request was faster.
    #[error("a request with the same idempotency key was recorded just now")]
    Repeated,
    /// Another message of the conversation was faster, or somebody decided meanwhile: read again what is open.
    #[error("the conversation went on meanwhile: send the message again")]
    Overtaken,
    /// Somebody else works on the inquiry.
    #[error("somebody else works on this inquiry: take it over first")]
    Held,
    /// A decision cannot be taken back: something stands on it.
    #[error("{0}")]
    BuiltOn(BuiltOn),
    /// Somebody else signs in with this name.
    #[error("somebody else signs in with this name: take another")]
    Taken,
    /// The workspace does not exist.
    #[error("no such workspace")]
    NoWorkspace,
    /// What is changed does not exist in this workspace.
    #[error("no such thing in this workspace")]
    Missing,
    /// The audit log does not extend the checkpoint that was kept beside the store: it was cut, written anew, or an old
    /// backup was restored.
    #[error(
        "the audit log has {found} events and does not extend the checkpoint that was kept at {kept}: it was cut, written \
         anew, or an old backup was restored. Nothing is signed until `aizuchi audit resume` says that this is known"
    )]
    Forked {
        /// How many events the kept checkpoint is over.
        kept: u64,
        /// How many the log has.
        found: u64,
    },
}

/// Where a change stands in the audit log of its workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// Its sequence number, from 1, without gaps.
    pub sequence: u64,
}

/// The one way to write.
#[async_trait]
pub trait Store: Send + Sync {
    /// Writes the change and its audit event in one transaction; returns when both are durable.
    async fn apply(&self, change: Change) -> Result<Applied, StoreError>;
}

/// Reads workspaces and keys: who may come in.
#[async_trait]
pub trait Doors: Send + Sync {
    /// All workspaces, by id.
    async fn workspaces(&self) -> Result<Vec<Workspace>, StoreError>;
    /// The key whose secret hashes to this, unless revoked.
    async fn key(&self, secret_hash: &str) -> Result<Option<Key>, StoreError>;
    /// All keys of a workspace that are not revoked.
    async fn keys(&self, workspace: &WorkspaceId) -> Result<Vec<Key>, StoreError>;
    /// Whether any workspace ever had a key, revoked or not.
    async fn ever_had_keys(&self) -> Result<bool, StoreError>;
    /// What an earlier request of this principal with this `Idempotency-Key` made. Its hash comes back as it is given where
    /// it is the same request.
    async fn repeated(
        &self,
        workspace: &WorkspaceId,
        principal: &Principal,
        key: &str,
        request_hash: &str,
    ) -> Result<Option<Idempotency>, StoreError>;
}

/// Reads documents.
#[async_trait]
pub trait Shelf: Send + Sync {
    /// Every revision that we hold true now.
    async fn revisions(&self, workspace: &WorkspaceId) -> Result<Vec<Revision>, StoreError>;
    /// The revisions of one document that we hold true now.
    async fn document(&self, workspace: &WorkspaceId, key: &str) -> Result<Vec<Revision>, StoreError>;
    /// The tone guide that we hold true now.
    async fn guide(&self, workspace: &WorkspaceId) -> Result<Option<Revision>, StoreError>;
    /// One revision, ended or not.
    async fn revision(&self, workspace: &WorkspaceId, id: &Id<name::Revision>) -> Result<Option<Revision>, StoreError>;
    /// The revisions that were retired by hand and whose documents nobody wrote since.
    async fn retired_by_hand(&self, workspace: &WorkspaceId) -> Result<Vec<Revision>, StoreError>;
    /// The audit sequence of the last change of documents that was recorded at a moment; 0 before the first.
    async fn state_at(&self, workspace: &WorkspaceId, at: Timestamp) -> Result<u64, StoreError>;
    /// Everything that was held true after the change with this audit sequence.
    async fn held_after(&self, workspace: &WorkspaceId, sequence: u64) -> Result<Delta, StoreError>;
    /// One part of what is held true as a list, what was recorded last first; of one change by key.
    async fn listed(&self, workspace: &WorkspaceId, listing: &Listing) -> Result<Vec<Listed>, StoreError>;
    /// How many revisions of each kind are held true, in the order of [`Kind::ALL`].
    async fn kinds(&self, workspace: &WorkspaceId) -> Result<[u64; Kind::ALL.len()], StoreError>;
    /// The proposals that nobody decided on yet, the oldest first.
    async fn proposals(&self, workspace: &WorkspaceId) -> Result<Vec<Proposal>, StoreError>;
    /// What changed after an audit sequence; from 0 it is everything that is held true.
    async fn changed_since(&self, workspace: &WorkspaceId, sequence: u64) -> Result<Delta, StoreError>;
    /// The audit sequence of the last change of documents; 0 before the first.
    async fn last_changed(&self, workspace: &WorkspaceId) -> Result<u64, StoreError>;
    /// The audit sequence at which a document was last erased, which is a change too; 0 where none was. What was made of
    /// documents before may hold it still.
    async fn last_erased(&self, workspace: &WorkspaceId) -> Result<u64, StoreError>;
}

/// What an index has to take in to be level with the store.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Delta {
    /// Revisions that came and are still held true.
    pub added: Vec<Revision>,
    /// Revisions that are no longer held true.
    pub retired: Vec<Id<name::Revision>>,
    /// The audit sequence that this brings the index to.
    pub sequence: u64,
}

/// Reads inquiries and what became of them.
#[async_trait]
pub trait Cases: Send + Sync {
    /// The workspace in which something with this id stands (`drf_`, `inq_`, `sug_`, `rpl_`, `fnd_`, `rev_`, `prp_`).
    async fn workspace_of(&self, id: &str) -> Result<Option<WorkspaceId>, StoreError>;
    /// One inquiry.
    async fn inquiry(&self, workspace: &WorkspaceId, id: &Id<name::Inquiry>) -> Result<Option<Inquiry>, StoreError>;
    /// The latest inquiry of a conversation whose draft nobody decided on.
    async fn open_inquiry(
        &self,
        workspace: &WorkspaceId,
        conversation: &Id<name::Conversation>,
    ) -> Result<Option<Inquiry>, StoreError>;
    /// What was said before this inquiry in its conversation, by and to the same customer: the last `limit` turns,
    /// oldest first.
    async fn turns(&self, workspace: &WorkspaceId, inquiry: &Inquiry, limit: usize) -> Result<Vec<Turn>, StoreError>;
    /// One suggestion, as it was recorded.
    async fn suggestion(
        &self,
        workspace: &WorkspaceId,
        id: &Id<name::Suggestion>,
    ) -> Result<Option<Suggestion>, StoreError>;
    /// The latest suggestion made for an inquiry.
    async fn suggestion_for(
        &self,
        workspace: &WorkspaceId,
        inquiry: &Id<name::Inquiry>,
    ) -> Result<Option<Suggestion>, StoreError>;
    /// Every suggestion made for an inquiry, the first first.
    async fn suggestions_for(
        &self,
        workspace: &WorkspaceId,
        inquiry: &Id<name::Inquiry>,
    ) -> Result<Vec<Suggestion>, StoreError>;
    /// The suggestion that a draft belongs to, and where the draft stands.
    async fn suggestion_of(
        &self,
        workspace: &WorkspaceId,
        draft: &Id<name::Draft>,
    ) -> Result<Option<(Suggestion, DraftState)>, StoreError>;
    /// A draft that did not come to be; `None` for any other.
    async fn failed_draft(
        &self,
        workspace: &WorkspaceId,
        draft: &Id<name::Draft>,
    ) -> Result<Option<FailedDraft>, StoreError>;
    /// One reply and what it got, as they were recorded.
    async fn reply(&self, workspace: &WorkspaceId, id: &Id<name::Reply>)
    -> Result<Option<(Reply, Checks)>, StoreError>;
    /// One decision, with the reply it led to and what that got.
    async fn decision(
        &self,
        workspace: &WorkspaceId,
        id: &Id<name::Decision>,
    ) -> Result<Option<(Decision, Option<(Reply, Checks)>)>, StoreError>;
    /// The decision on a draft, with the reply it led to and what that got; `None` while there is none.
    async fn decision_on(
        &self,
        workspace: &WorkspaceId,
        draft: &Id<name::Draft>,
    ) -> Result<Option<(Decision, Option<(Reply, Checks)>)>, StoreError>;
    /// Who made a decision; `None` where there is no such decision.
    async fn decided_by(
        &self,
        workspace: &WorkspaceId,
        decision: &Id<name::Decision>,
    ) -> Result<Option<String>, StoreError>;
    /// The decisions on a draft that were taken back, the first first; those whose words are erased are left out.
    async fn undone(&self, workspace: &WorkspaceId, draft: &Id<name::Draft>)
    -> Result<Vec<UndoneDecision>, StoreError>;
    /// One ruling of QA.
    async fn ruling(&self, workspace: &WorkspaceId, id: &Id<name::Ruling>) -> Result<Option<Ruling>, StoreError>;
    /// What was reported once of the time after a reply.
    async fn contact_outcome(
        &self,
        workspace: &WorkspaceId,
        id: &Id<name::ContactOutcome>,
    ) -> Result<Option<ContactOutcome>, StoreError>;
}

/// Why the index could not answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IndexError {
    /// An earlier state is not kept any more: make it again.
    #[error("the documents as they were are not searchable any more: search again")]
    Forgotten,
    /// It is damaged or missing: rebuild it from the store.
    #[error("the index of {workspace} cannot be read: {cause}")]
    Unreadable {
        /// Whose index.
        workspace: WorkspaceId,
        /// What the engine said.
        cause: String,
    },
    /// The disk is full: what is indexed can still be searched.
    #[error("the disk is full: the index cannot take in changes")]
    Full,
}

/// What to look for.
#[derive(Clone)]
pub struct Query<'a> {
    /// The customer's words, greeting and signature stripped, personal data masked.
    pub text: &'a str,
    /// The shop's words for what it seems to be about: they weigh less than the customer's own.
    pub matter: &'a str,
    /// Tells whether a title is about the main matter of the question, where that is known.
    pub about: Option<&'a dyn Fn(&str) -> bool>,
    /// The state of the documents that is searched, by the audit sequence of its last change; `None` for the current one.
    pub state: Option<u64>,
    /// When the question is asked.
    pub now: Timestamp,
    /// When the order was placed, for rules that hold by order date.
    pub order_date: Option<crate::domain::Day>,
    /// What is near it by meaning, where an embedder says so: it is found beside what shares its words.
    pub near: &'a [Near],
    /// At most so many rules of the shop; a few past replies beside them.
    pub limit: usize,
    /// Whether internal passages may come back.
    pub internal: bool,
}

/// Finds passages. One index a workspace; a cache of the store that can be rebuilt at any time.
pub trait PassageIndex: Send + Sync {
    /// The passages that fit best among those that hold: rules of the shop, then past replies, then clauses of the
    /// guide, each best first.
    fn search(&self, workspace: &WorkspaceId, query: &Query<'_>) -> Result<Evidence, IndexError>;
    /// The passages that fit best, `limit` of them whatever became of them, with what each term gave.
    fn explain(&self, workspace: &WorkspaceId, query: &Query<'_>) -> Result<Explanation, IndexError>;
    /// The last audit sequence taken in; `None` when there is no index yet.
    fn sequence(&self, workspace: &WorkspaceId) -> Result<Option<u64>, IndexError>;
    /// Takes in what changed; searchable on return.
    fn update(&self, workspace: &WorkspaceId, delta: &Delta) -> Result<(), IndexError>;
    /// Whether an earlier state can be searched.
    fn has_state(&self, workspace: &WorkspaceId, sequence: u64) -> bool;
    /// Makes an earlier state searchable, beside the current one and for a while; `delta` holds all of it.
    fn keep_state(&self, workspace: &WorkspaceId, delta: &Delta) -> Result<(), IndexError>;
    /// Throws away what is there and starts from `delta`, which holds everything.
    fn rebuild(&self, workspace: &WorkspaceId, delta: &Delta) -> Result<(), IndexError>;
}

/// One question to a model.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The prompt.
    pub messages: &'a [Message],
    /// The JSON schema that the answer has to have; `None` for plain text.
    pub schema: Option<&'a serde_json::Value>,
    /// Whether the answer is wanted piece by piece.
    pub stream: bool,
    /// When the answer must be complete.
    pub deadline: Instant,
}

/// What came of one question: also when it failed, all that was heard until then.
#[derive(Debug, Clone)]
pub struct Heard {
    /// The whole text, or why there is none.
    pub said: Result<String, Unheard>,
    /// The parameters that were sent, as JSON.
    pub parameters: String,
    /// The HTTP status, if there was one.
    pub status: Option<u16>,
    /// How long the head of the answer took.
    pub first_byte: Option<Duration>,
    /// The body as it came, at most a mebibyte.
    pub raw: String,
    /// The model that says it answered.
    pub answered_by: Option<String>,
    /// The provider's id of the answer.
    pub response_id: Option<String>,
    /// The provider's `system_fingerprint`.
    pub fingerprint: Option<String>,
    /// Why the model stopped.
    pub finish: Option<String>,
    /// What it counted.
    pub usage: Option<Usage>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unheard {
    /// The kind of failure.
    pub failure: Failure,
    /// What was found, in our words; never the provider's, which may repeat the prompt.
    pub detail: String,
    /// When the server asks to be asked again.
    pub retry_after: Option<Duration>,
    /// How many tokens the model reads, where it says so.
    pub context_tokens: Option<usize>,
    /// Whether it was the schema that the server did not take.
    pub no_schema: bool,
}

impl Unheard {
    /// A failure with nothing to add.
    pub fn new(failure: Failure, detail: impl Into<String>) -> Self {
        Self { failure, detail: detail.into(), retry_after: None, context_tokens: None, no_schema: false }
    }
}

/// Takes a text piece by piece as it comes.
pub type Hear<'a> = &'a mut (dyn FnMut(&str) + Send);

/// A model that writes. One call is one request: limits and repetitions are the caller's.
#[async_trait]
pub trait ChatModel: Send + Sync {
    /// Asks; `hear` gets the text piece by piece as it comes, which is provisional. Returns by the deadline.
    async fn ask(&self, question: Question<'_>, hear: Hear<'_>) -> Heard;
}

/// Reads what models said once.
pub trait Playback: Send + Sync {
    /// The text of a recorded attempt that was heard; `None` where its bytes do not hold one.
    fn said(&self, attempt: &Attempt) -> Option<String>;
    /// The tokenizer with this vocabulary, loaded; `None` where there is none of that name.
    fn tokenizer(&self, vocabulary: &str) -> Option<Arc<dyn Tokenizer>>;
}

/// Measures texts as a model does.
pub trait Tokenizer: Send + Sync {
    /// How many tokens a text has; `None` while the tokenizer is still being loaded.
    fn count(&self, text: &str) -> Option<usize>;
}

/// Tells the numbers that `telemetry` counts.
pub trait Meters: Send + Sync {
    /// All of them, in Prometheus' text format.
    fn render(&self) -> String;
    /// Folds what was measured since last time, so that it takes no room until somebody asks.
    fn tidy(&self);
}
