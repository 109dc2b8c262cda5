//! What can go wrong with a verb, in the words of its caller. Faces turn it into problems and exit codes.

use super::App;
use crate::{
    domain::{BuiltOn, InquiryTextError, Role, WishError},
    identity::Act,
    pipeline::{level::LevelError, receive::ReceiveError},
    ports::{IndexError, StoreError},
};

/// Why a verb could not be done. Nothing was changed unless it says so.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// There is no such workspace, or the principal has no place in it.
    #[error("no workspace {id:?}: `GET /v1/workspaces` lists those you can reach")]
    NoSuchWorkspace {
        /// What was asked for, cut.
        id: String,
    },
    /// There is no such thing, or it stands in a workspace that the principal has no place in.
    #[error("no {what} {id:?}")]
    NoSuch {
        /// `draft`, `finding`...
        what: &'static str,
        /// What was asked for, cut.
        id: String,
    },
    /// The role does not allow it.
    #[error("the role {} may not {}", role.as_str(), act.as_str())]
    Forbidden {
        /// The principal's role.
        role: Role,
        /// What it wanted.
        act: Act,
    },
    /// Joined with what came before, the inquiry is too long.
    #[error(transparent)]
    Inquiry(#[from] InquiryTextError),
    /// The same `Idempotency-Key` came with another request.
    #[error("this Idempotency-Key was used for another request: use a new one")]
    KeyReused,
    /// The documents are not such that this could be done.
    #[error(transparent)]
    Wish(#[from] WishError),
    /// Somebody approved or refused it meanwhile.
    #[error("the proposal was already approved or refused")]
    ProposalDecided,
    /// A refused proposal needs words for whoever made it, and one that contradicts other documents for whoever reads both.
    #[error("{0}")]
    ReasonMissing(&'static str),
    /// A rejected or edited draft needs words.
    #[error("{0}")]
    Undecidable(&'static str),
    /// There is nothing to take back.
    #[error(
        "there is no decision on this draft, or it was taken back already: `GET /v1/drafts/{{id}}` says where the draft stands"
    )]
    Undecided,
    /// Somebody else decided.
    #[error("only whoever decided, or an admin, can take the decision back: ask them")]
    NotTheirs,
    /// The time in which a decision can be taken back is over.
    #[error(
        "a decision can be taken back within {} seconds, and they are over: where the customer was told something wrong, send a \
         correcting reply and report it with `POST /v1/replies`",
        App::UNDO_TIME.as_secs()
    )]
    UndoTooLate,
    /// The decision that the same request made was taken back since.
    #[error("the decision that this request made was taken back since: decide anew, under a new Idempotency-Key")]
    Undone,
    /// The draft cannot be made again.
    #[error("the draft cannot be replayed: {0}")]
    Unreplayable(&'static str),
    /// The finding cannot be ruled on like this.
    #[error("{0}")]
    Unrulable(&'static str),
    /// Nothing is kept of whoever or whatever was named; who it was is not repeated.
    #[error(
        "nothing is kept of this {0} here, and nothing of it was erased before: look at the reference, and whether what you          mean stands under another one"
    )]
    NothingToErase(&'static str),
    /// Two documents have one text.
    #[error(
        "another document says what this one said, in the very same words: change or retire it first, then erase both"
    )]
    Shared,
    /// It was erased and recorded as such; its bytes are still somewhere.
    #[error(
        "the words are erased and nobody reads them here any more, but their traces on the disk could not be taken away yet: ask \
         again; a server tries so itself every hour"
    )]
    Unscrubbed,
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index could not do it.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A station of the journey or a walk over all documents panicked: a mistake of ours, logged where it happened.
    #[error("something went wrong here: what was recorded stays so, ask again")]
    Panicked,
    /// The machine gives no randomness.
    #[error("no secret can be made: {0}")]
    NoRandomness(String),
}

impl AppError {
    /// The stable code, the same on every face.
    pub fn code(&self) -> &'static str {
        use crate::ports::Conflict;
        match self {
            Self::NoSuchWorkspace { .. } | Self::Store(StoreError::Conflict(Conflict::NoWorkspace)) => {
                "workspace-not-found"
            }
            Self::NoSuch { what: "draft", .. } => "draft-not-found",
            Self::NoSuch { what: "inquiry", .. } => "inquiry-not-found",
            Self::NoSuch { what: "suggestion", .. } => "suggestion-not-found",
            Self::NoSuch { what: "reply", .. } => "reply-not-found",
            Self::NoSuch { what: "finding", .. } => "finding-not-found",
            Self::NoSuch { what: "key", .. } => "key-not-found",
            Self::NoSuch { what: "proposal", .. } => "proposal-not-found",
            Self::NoSuch { .. } | Self::Store(StoreError::Conflict(Conflict::Missing)) => "not-found",
            Self::Forbidden { .. } => "role-not-allowed",
            Self::Inquiry(InquiryTextError::Empty) => "inquiry-empty",
            Self::Inquiry(InquiryTextError::TooLong { .. }) => "inquiry-too-long",
            Self::Inquiry(InquiryTextError::Control { .. }) => "inquiry-control-character",
            Self::KeyReused => "idempotency-key-reused",
            Self::Wish(WishError::Missing) => "document-not-found",
            Self::Wish(WishError::Exists | WishError::OtherKind) => "document-exists",
            Self::Wish(WishError::Unchanged) => "document-unchanged",
            Self::ProposalDecided => "proposal-decided",
            Self::ReasonMissing(_) => "proposal-needs-reason",
            Self::NothingToErase(_) => "not-found",
            Self::Shared => "document-shared",
            Self::Unscrubbed => "traces-remain",
            Self::Undecidable(_) => "decision-invalid",
            Self::Undecided => "decision-not-found",
            Self::NotTheirs => "decision-not-yours",
            Self::UndoTooLate => "undo-too-late",
            Self::Undone => "decision-undone",
            Self::Store(StoreError::Conflict(Conflict::BuiltOn(built))) => match built {
                BuiltOn::Ruling => "decision-ruled-on",
                BuiltOn::ContactOutcome => "decision-followed-up",
                BuiltOn::Sample => "decision-sampled",
                BuiltOn::Conversation => "decision-overtaken",
            },
            Self::Unreplayable(_) => "draft-not-replayable",
            Self::Unrulable(_) => "ruling-invalid",
            Self::Store(StoreError::Conflict(Conflict::AlreadyDecided)) => "draft-already-decided",
            Self::Store(StoreError::Conflict(Conflict::Superseded)) => "draft-superseded",
            Self::Store(StoreError::Conflict(Conflict::Taken)) => "login-taken",
            Self::Store(StoreError::Conflict(Conflict::Held)) => "inquiry-held",
            Self::Store(StoreError::Conflict(Conflict::Repeated | Conflict::Overtaken)) => "request-in-progress",
            Self::Store(StoreError::Conflict(Conflict::Forked { .. })) => "audit-log-forked",
            Self::Store(StoreError::Full) | Self::Index(IndexError::Full) => "disk-full",
            Self::Store(StoreError::Erased) => "erased",
            Self::Store(StoreError::Failed(_)) => "store-unavailable",
            Self::Index(IndexError::Unreadable { .. } | IndexError::Forgotten) => "index-unavailable",
            Self::Panicked | Self::NoRandomness(_) => "internal",
        }
    }
}

impl From<ReceiveError> for AppError {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::Store(error) => error.into(),
            ReceiveError::Text(error) => error.into(),
        }
    }
}

impl From<LevelError> for AppError {
    fn from(error: LevelError) -> Self {
        match error {
            LevelError::Store(error) => error.into(),
            LevelError::Index(error) => error.into(),
        }
    }
}
