//! What the events of a stream carry. `draft.completed` carries a whole suggestion.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    checks::{CitationBody, EvidenceBody, FindingBody, VerdictBody, bodies},
    words::Failure,
};
use crate::{
    domain::{self, Checks, Evidence, EvidenceItem, Id, Inquiry, name},
    http::problem::Code,
};

/// `draft.created`: the draft has an id and is recorded as begun.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DraftCreated)]
pub struct CreatedEvent {
    /// The draft to come, where the stream can be taken up again; null when a request is repeated that led to none.
    draft: Option<String>,
    /// What it answers.
    inquiry: String,
    /// The thread.
    conversation: String,
    /// What the customer mainly writes about.
    situation: String,
}

/// `retrieval.completed`: what the draft may use.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RetrievalCompleted)]
pub struct RetrievedEvent {
    /// Best first, records before all.
    evidence: Vec<EvidenceBody>,
}

/// `draft.delta`: more of the text, from the start or the last `draft.restarted`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DraftDelta)]
pub struct DeltaEvent {
    /// The piece.
    pub text: String,
}

/// `draft.restarted`: the pieces so far are void, because the model that wrote them failed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DraftRestarted)]
pub struct RestartedEvent {
    /// How it failed.
    reason: Failure,
}

/// `check.completed`: what the whole text got.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CheckCompleted)]
pub struct CheckedEvent {
    /// What the verdicts point at.
    citations: Vec<CitationBody>,
    /// One per sentence.
    verdicts: Vec<VerdictBody>,
    /// What departs from the tone guide.
    findings: Vec<FindingBody>,
}

/// `draft.failed`: the draft did not come to be.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DraftFailed)]
pub struct FailedEvent {
    /// A code of the table of problems.
    code: &'static str,
    /// What people read.
    title: &'static str,
    /// The status it would have been answered with.
    status: u16,
}

impl CreatedEvent {
    /// For a draft to come.
    pub fn of(draft: Option<&Id<name::Draft>>, inquiry: &Inquiry) -> Self {
        Self {
            draft: draft.map(ToString::to_string),
            inquiry: inquiry.id.to_string(),
            conversation: inquiry.conversation.to_string(),
            situation: inquiry.situations.primary.as_str().to_owned(),
        }
    }
}

impl RetrievedEvent {
    /// For what was found.
    pub fn of(evidence: &Evidence) -> Self {
        Self { evidence: bodies(&evidence.items) }
    }
}

impl RestartedEvent {
    /// For a model's failure.
    pub fn of(failure: domain::Failure) -> Self {
        Self { reason: failure.into() }
    }
}

impl CheckedEvent {
    /// For checks of a text that could use these items.
    pub fn of(checks: &Checks, items: &[EvidenceItem]) -> Self {
        Self {
            citations: CitationBody::list(checks.citations(), items),
            verdicts: bodies(&checks.grounding.verdicts),
            findings: bodies(&checks.findings),
        }
    }
}

impl FailedEvent {
    /// For a code of the table.
    pub fn of(code: Code) -> Self {
        Self { code: code.as_str(), title: code.title(), status: code.status().as_u16() }
    }
}
