//! `/v1/suggestions`: what the operator sees for one inquiry.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    checks::{CitationBody, EvidenceBody, FindingBody, IntentBody, SpanBody, VerdictBody, bodies},
    words::{Drafter, Failure, FlagKind, HandoffReason, Missing},
};
use crate::{
    app::App,
    domain::{Draft, Outcome, Packet, Suggestion, name},
    http::{caller::Caller, parsed::At, problem::Problem},
};

/// Outcome, draft, checks and evidence: recorded before anyone sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Suggestion)]
pub struct SuggestionBody {
    /// Its id.
    #[schema(example = "sug_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    id: String,
    /// What the inquiry leads to.
    outcome: OutcomeBody,
    /// What it answers.
    #[schema(example = "inq_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    inquiry: String,
    /// The thread it belongs to.
    #[schema(example = "cnv_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    conversation: String,
    /// What the customer mainly writes about.
    #[schema(example = "return_exchange")]
    situation: String,
    /// The letter; null on handoff.
    draft: Option<DraftBody>,
    /// What the verdicts point at.
    citations: Vec<CitationBody>,
    /// One per sentence, in the order of the text.
    verdicts: Vec<VerdictBody>,
    /// What departs from the tone guide.
    findings: Vec<FindingBody>,
    /// What is asked, in the order of the words.
    intents: Vec<IntentBody>,
    /// What the draft could use, best first, records before all.
    evidence: Vec<EvidenceBody>,
}

/// What an inquiry leads to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Outcome, example = json!({"kind": "answer"}))]
pub struct OutcomeBody {
    /// `answer`, `acknowledge`, `clarify` or `handoff`.
    #[schema(value_type = String)]
    kind: &'static str,
    /// Why a person takes over; on handoff alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reason: Option<HandoffReason>,
    /// What that person needs to know; on handoff alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    packet: Option<PacketBody>,
    /// What the draft asks for; on clarify alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    missing: Option<Missing>,
}

/// What a person who takes over needs, so that the customer is not asked twice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Packet)]
pub struct PacketBody {
    /// Who wants what, in one line.
    summary: String,
    /// What the customer already gave.
    given: Vec<GivenBody>,
    /// The words that were searched for.
    searched: Vec<String>,
    /// Keys of the nearest documents.
    nearest: Vec<String>,
}

/// One thing the customer already gave.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Given)]
pub struct GivenBody {
    /// What it is.
    name: String,
    /// As it was given.
    value: String,
}

/// A reply as it was drafted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Draft)]
pub struct DraftBody {
    /// Its id, on which the operator decides.
    #[schema(example = "drf_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    id: String,
    /// The whole letter.
    text: String,
    /// Who wrote it.
    drafter: Drafter,
    /// Where its sentences stand.
    sentences: Vec<SpanBody>,
    /// Why the extractive draft stands in for a model's; null when it does not.
    fallback: Option<Failure>,
    /// What has to be mended before it can be accepted.
    flags: Vec<FlagBody>,
}

/// Something in a draft that cannot go out as it stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Flag)]
pub struct FlagBody {
    /// What it is.
    kind: FlagKind,
    /// Where it stands.
    span: SpanBody,
}

impl From<&Suggestion> for SuggestionBody {
    fn from(suggestion: &Suggestion) -> Self {
        let (inquiry, checks, items) = (&suggestion.inquiry, &suggestion.checks, &suggestion.evidence.items);
        Self {
            id: suggestion.id.to_string(),
            outcome: OutcomeBody::from(&suggestion.outcome),
            inquiry: inquiry.id.to_string(),
            conversation: inquiry.conversation.to_string(),
            situation: inquiry.situations.primary.as_str().to_owned(),
            draft: suggestion.draft.as_ref().map(DraftBody::from),
            citations: CitationBody::list(checks.citations(), items),
            verdicts: bodies(&checks.grounding.verdicts),
            findings: bodies(&checks.findings),
            intents: bodies(&suggestion.evidence.intents),
            evidence: bodies(items),
        }
    }
}

impl SuggestionBody {
    /// Where it can be read.
    pub fn location(&self) -> String {
        format!("/v1/suggestions/{}", self.id)
    }
}

impl From<&Outcome> for OutcomeBody {
    fn from(outcome: &Outcome) -> Self {
        let kind = outcome.as_str();
        let plain = Self { kind, reason: None, packet: None, missing: None };
        match outcome {
            Outcome::Answer | Outcome::Acknowledge => plain,
            Outcome::Clarify { missing } => Self { missing: Some((*missing).into()), ..plain },
            Outcome::Handoff { reason, packet } => {
                Self { reason: Some((*reason).into()), packet: Some(packet.into()), ..plain }
            }
        }
    }
}

impl From<&Packet> for PacketBody {
    fn from(packet: &Packet) -> Self {
        let given = |(name, value): &(String, String)| GivenBody { name: name.clone(), value: value.clone() };
        Self {
            summary: packet.summary.clone(),
            given: packet.given.iter().map(given).collect(),
            searched: packet.searched.clone(),
            nearest: packet.nearest.clone(),
        }
    }
}

impl From<&Draft> for DraftBody {
    fn from(draft: &Draft) -> Self {
        Self {
            id: draft.id.to_string(),
            text: draft.text.clone(),
            drafter: draft.drafter.into(),
            sentences: draft.sentences.iter().copied().map(SpanBody::from).collect(),
            fallback: draft.fallback.map(Failure::from),
            flags: draft.flags.iter().map(|flag| FlagBody { kind: flag.kind.into(), span: flag.span.into() }).collect(),
        }
    }
}

/// A suggestion as it was recorded.
#[utoipa::path(
    get, path = "/v1/suggestions/{id}", tag = "suggestions", operation_id = "read_suggestion",
    params(("id" = String, Path, description = "`sug_...`")),
    responses((status = 200, body = SuggestionBody))
)]
pub async fn read(
    Caller(who): Caller,
    State(app): State<App>,
    At(id): At<name::Suggestion>,
) -> Result<Json<SuggestionBody>, Problem> {
    Ok(Json(SuggestionBody::from(&app.suggestion(&who, &id).await?)))
}
