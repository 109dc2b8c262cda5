//! A decision that is taken back shortly after it was made.

use super::{Checks, Decision, Id, Reply, Timestamp, name};

/// A decision that is taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// What had been decided.
    pub decision: Decision,
    /// Who had decided it: the inquiry is theirs to work on again.
    pub decided_by: String,
    /// The inquiry that the draft answers.
    pub inquiry: Id<name::Inquiry>,
    /// The reply that goes with it; `None` after a rejection.
    pub reply: Option<Id<name::Reply>>,
}

/// A decision that was taken back: it counts nowhere, and its record stays.
#[derive(Debug, Clone, PartialEq)]
pub struct UndoneDecision {
    /// What had been decided.
    pub decision: Decision,
    /// Who had decided it.
    pub decided_by: String,
    /// What would have been sent, with what it got.
    pub reply: Option<(Reply, Checks)>,
    /// Who took it back.
    pub undone_by: String,
    /// When.
    pub undone_at: Timestamp,
}

/// What stands on a decision, so that it is not taken back any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BuiltOn {
    /// A ruling.
    #[error(
        "QA ruled on a finding of this reply, so that the decision stays: where the customer was told something wrong, send a \
         correcting reply and report it with `POST /v1/replies`"
    )]
    Ruling,
    /// A contact outcome.
    #[error(
        "it was reported what happened after this reply, so that the customer has it and the decision stays: send a correcting \
         reply and report it with `POST /v1/replies`"
    )]
    ContactOutcome,
    /// A sample.
    #[error(
        "QA looked through this reply as a sample, so that the decision stays: where the customer was told something wrong, send \
         a correcting reply and report it with `POST /v1/replies`"
    )]
    Sample,
    /// The conversation.
    #[error(
        "the conversation went on since: the customer wrote again, there is a newer draft, or another reply was recorded. The \
         decision stays: go on from the newest inquiry or draft"
    )]
    Conversation,
}
