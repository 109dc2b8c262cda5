//! Every state change is one of these, and `Store::apply` is the only way to make one.

use super::{
    Account, Asked, Checks, Configured, ContactOutcome, Decision, Dispute, DisputeAnswer, Erasure, Id, Inquiry,
    InquiryText, Key, Lease, Note, Person, Principal, Proposal, Reply, Retention, Revision, Role, Ruling,
    SampleJudgement, SavedFilter, SecondRuling, Suggestion, TextClass, Timestamp, Traces, Undo, Whose, Workspace,
    WorkspaceId, name,
};

/// A change with who made it, where and when.
#[derive(Debug, Clone)]
pub struct Change {
    /// The workspace it belongs to.
    pub workspace: WorkspaceId,
    /// Who made it.
    pub principal: Principal,
    /// When.
    pub at: Timestamp,
    /// What changed.
    pub what: What,
    /// How a repetition is known, if the caller sent an `Idempotency-Key`.
    pub idempotency: Option<Idempotency>,
}

/// What changed.
#[derive(Debug, Clone)]
pub enum What {
    /// A workspace exists from now on.
    WorkspaceOpened(Workspace),
    /// Documents came, changed and went.
    KnowledgeChanged(KnowledgeChange),
    /// Somebody who may not change documents wants them changed.
    Proposed(Box<Proposal>),
    /// Somebody who may said yes, with what follows from it, or no.
    ProposalDecided {
        /// The proposal.
        proposal: Id<name::Proposal>,
        /// What follows from a yes; `None` is a no.
        change: Option<KnowledgeChange>,
        /// Why.
        reason: Option<String>,
    },
    /// A customer wrote. Words that joined an open inquiry supersede its current draft.
    InquiryReceived {
        /// The inquiry, whole.
        inquiry: Box<Inquiry>,
        /// What was open in its conversation when it was decided whether to join; the change is refused when
        /// something else is open by now.
        open: Option<Open>,
    },
    /// A stream was opened for a draft that is not finished.
    DraftCreated {
        /// The draft to come.
        draft: Id<name::Draft>,
        /// What it answers.
        inquiry: Id<name::Inquiry>,
    },
    /// A suggestion was made.
    Suggested(Box<Suggestion>),
    /// A draft did not come to be; what had been shown of it is kept.
    DraftFailed {
        /// The draft.
        draft: Id<name::Draft>,
        /// What it was to answer.
        inquiry: Id<name::Inquiry>,
        /// What had been shown.
        streamed: String,
        /// What a model had been asked for it.
        asked: Box<Asked>,
        /// A stable code.
        code: String,
    },
    /// An operator decided; with the reply that follows from it and its checks.
    Decided {
        /// The decision.
        decision: Box<Decision>,
        /// What was sent, unless rejected.
        reply: Option<(Reply, Checks)>,
    },
    /// Whoever decided took it back: the draft can be decided on again, and the reply counts nowhere.
    Undone(Box<Undo>),
    /// Somebody works on an inquiry from now on, or still does.
    Held {
        /// The lease.
        lease: Lease,
        /// Whether it may be taken from somebody who holds it.
        over: bool,
    },
    /// Whoever worked on an inquiry does so no more.
    Released(Id<name::Inquiry>),
    /// Somebody said something to a colleague inside a case.
    Noted(Note),
    /// Another system reports what a person sent.
    Replied {
        /// What was sent.
        reply: Reply,
        /// What it got.
        checks: Checks,
    },
    /// QA ruled on a finding.
    Ruled(Ruling),
    /// Somebody ruled on it again without knowing what was ruled.
    RuledAgain(SecondRuling),
    /// The author's side says something against a ruling.
    Disputed(Dispute),
    /// QA answers.
    DisputeAnswered {
        /// What it says.
        answer: DisputeAnswer,
        /// The ruling that stands from now on, where the author's side is right.
        ruling: Option<Ruling>,
    },
    /// Somebody looked through a reply in which nothing was found.
    SampleJudged(SampleJudgement),
    /// Somebody keeps conditions to look through findings by.
    FilterSaved(SavedFilter),
    /// They need them no more.
    FilterRemoved(Id<name::Filter>),
    /// A caller reports what happened after a reply.
    ContactReported(ContactOutcome),
    /// A key opens the workspace from now on.
    KeyCreated(Key),
    /// A key opens it no more.
    KeyRevoked(Id<name::Key>),
    /// A draft was made again with the models that are there now: to see what they would say.
    ReplayedLive {
        /// The draft.
        draft: Id<name::Draft>,
        /// What models were asked: for the letter, for its tone, for its ground.
        asked: Box<[Asked; 3]>,
    },
    /// Somebody has a role here from now on, or none any more.
    PersonPlaced {
        /// Who.
        person: Box<Person>,
        /// The role; `None` ends it.
        role: Option<Role>,
    },
    /// Somebody has another password or signed out everywhere: who was signed in as them is so no more.
    StampChanged {
        /// Who.
        person: Id<name::Person>,
        /// The stamp that it builds on, and the new one.
        stamps: [String; 2],
        /// The hash of the new password, where there is one.
        password: Option<String>,
    },
    /// Somebody signs in by this account from now on, or by none.
    AccountLinked {
        /// Who.
        person: Id<name::Person>,
        /// Theirs; `None` ends it.
        account: Option<Account>,
    },
    /// The workspace uses a configuration for the first time.
    Configured(Box<Configured>),
    /// The audit log goes on although it does not extend the last checkpoint that was kept.
    LogResumed {
        /// How many events that checkpoint is over.
        kept: u64,
        /// The checkpoint itself.
        note: String,
    },
    /// Somebody's words are gone for good.
    SubjectErased {
        /// What was erased.
        erasure: Erasure,
        /// Whose it was.
        whose: Whose,
        /// What there was of it.
        traces: Traces,
    },
    /// A document's words are gone for good.
    DocumentErased {
        /// What was erased.
        erasure: Erasure,
        /// Which document.
        whose: Whose,
        /// What there was of it.
        traces: Traces,
        /// What ends with it.
        change: KnowledgeChange,
    },
    /// Texts are kept for so long from now on.
    RetentionSet(Retention),
    /// Texts were kept for their time and are gone.
    TextsExpired {
        /// Of which class.
        class: TextClass,
        /// Those that were recorded before.
        until: Timestamp,
        /// How many.
        texts: u64,
    },
}

/// The inquiry that is open in a conversation, as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// Which one.
    pub inquiry: Id<name::Inquiry>,
    /// Its words. They grow with every message that joins, and so tell one reading from the next.
    pub text: InquiryText,
}

impl Open {
    /// What an inquiry is when it is read.
    pub fn of(inquiry: &Inquiry) -> Self {
        Self { inquiry: inquiry.id.clone(), text: inquiry.text.clone() }
    }

    /// Whether `inquiry` is what was open, with more words.
    pub fn took_in(&self, inquiry: &Inquiry) -> bool {
        self.inquiry == inquiry.id
    }
}

/// What one ingest, or one who keeps the knowledge by hand, did to the documents of a workspace.
#[derive(Debug, Clone, Default)]
pub struct KnowledgeChange {
    /// New texts.
    pub added: Vec<Revision>,
    /// Revisions that are no longer held true.
    pub retired: Vec<Id<name::Revision>>,
    /// Whether they were retired by hand: a file that says the same still does not bring them back.
    pub by_hand: bool,
    /// The change of documents that this was worked out from; it is refused when another came since. `None` where that
    /// does not matter.
    pub since: Option<u64>,
}

impl What {
    /// What it does to the documents.
    pub fn knowledge(&self) -> Option<&KnowledgeChange> {
        match self {
            Self::KnowledgeChanged(change) => Some(change),
            Self::ProposalDecided { change, .. } => change.as_ref(),
            Self::DocumentErased { change, .. } => Some(change),
            _ => None,
        }
    }
}

impl KnowledgeChange {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.retired.is_empty()
    }
}

/// A request that may come again: the same key finds what the first one made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// What the caller sent in `Idempotency-Key`.
    pub key: String,
    /// SHA-256 of the request, hexadecimal: the same key with another request is refused.
    pub request_hash: String,
    /// The id of what was made; of a message, also how far its inquiry had grown with it.
    pub made: String,
}
