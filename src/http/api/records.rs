//! `/v1/audit/drafts/{id}`: the whole record of one draft: who was told what, on what ground, and who let it pass.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    attempts::AttemptsBody, audit::EventBody, drafts::DecisionBody, inquiries::InquiryBody,
    suggestions::SuggestionBody, words::DraftState,
};
use crate::{
    app::{App, CheckedReply, Decided, DraftRecord},
    domain::{
        Configured, Decision, Evidence, Making, Party, Screen, Search, Shown, Timings, Turn, UndoneDecision, name,
        whole_micros,
    },
    http::{caller::Caller, parsed::At, problem::Problem},
};

/// What was recorded of a draft, as it was recorded: no later change of a document, a prompt or the guide changes it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DraftRecord)]
pub struct DraftRecordBody {
    /// What the customer wrote, with the records of the case.
    inquiry: InquiryBody,
    /// Outcome, draft, evidence with revisions, scores and ranks, citations, verdicts and findings.
    suggestion: SuggestionBody,
    /// Where the draft stands now.
    state: DraftState,
    /// When the suggestion was made.
    #[schema(example = "2026-11-23T00:31:00.000Z")]
    created_at: String,
    /// What the operator asked for who wanted another draft.
    hint: Option<String>,
    /// The revision of the tone guide; null where there was none.
    #[schema(example = "rev_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    guide: Option<String>,
    /// The state of the index: the audit sequence of the last change of documents in it.
    index_sequence: u64,
    /// Whether a later change was acknowledged and not yet searchable.
    stale: bool,
    /// What it was made under.
    making: MakingBody,
    /// How long its stages took; null where it was made before this was measured.
    timings: Option<TimingsBody>,
    /// What models were asked, byte for byte, and what they answered.
    attempts: AttemptsBody,
    /// Build, words of files and settings of models; null where it was made before they were recorded.
    configuration: Option<ConfigurationBody>,
    /// What the operator decided; null while nobody did.
    decision: Option<DecisionRecordBody>,
    /// What was decided before and taken back, in order: it counts nowhere.
    undone: Vec<UndoneBody>,
    /// The events that name the draft, its inquiry or its reply, in order: who did what, when.
    events: Vec<EventBody>,
}

/// What a suggestion was made under.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Making)]
pub struct MakingBody {
    /// Whether internal passages could be found.
    internal: bool,
    /// What had been said before in the conversation.
    turns: Vec<TurnBody>,
    /// The day of the order, for rules that hold by it.
    order_date: Option<String>,
    /// What was looked for: the whole first, then each of several questions.
    searches: Vec<SearchBody>,
    /// The waivers that held.
    waivers: Vec<String>,
}

/// How long the stages of a suggestion took, in microseconds; null for a stage that did not take place.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Timings)]
pub struct TimingsBody {
    /// Until the evidence was there.
    #[schema(example = 3_120)]
    retrieval_us: Option<u64>,
    /// Until the letter was written, the requests to a model included.
    #[schema(example = 1_804_200)]
    drafting_us: Option<u64>,
    /// Until it had met the evidence, the guide, and the models that read it again.
    #[schema(example = 2_210)]
    checks_us: Option<u64>,
}

/// Something said before.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Turn)]
pub struct TurnBody {
    /// `customer` or `desk`.
    #[schema(value_type = String)]
    by: &'static str,
    /// The words.
    text: String,
    /// When.
    at: String,
}

/// One search for passages.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordedSearch)]
pub struct SearchBody {
    /// The customer's words, masked, without greeting and signature.
    text: String,
    /// The shop's words for the matter.
    matter: String,
    /// What an embedder said is near.
    near: Vec<NearbyBody>,
}

/// A passage that an embedder said is near.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Nearby)]
pub struct NearbyBody {
    /// The passage.
    passage: String,
    /// How near, in hundred-thousandths.
    similarity: u32,
}

/// What drafts were made with beside the documents.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Configuration)]
pub struct ConfigurationBody {
    /// SHA-256 of the configuration as canonical JSON, hexadecimal.
    hash: String,
    /// Version of the program, and the first 16 digits of the SHA-256 of its sources.
    build: String,
    /// SHA-256 of each file of words, by its name.
    files: BTreeMap<String, String>,
    /// The settings of each model, by what it does.
    models: BTreeMap<String, serde_json::Value>,
}

/// A decision with the screen it was made on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DecisionRecord)]
pub struct DecisionRecordBody {
    /// The decision, and the reply it led to.
    #[serde(flatten)]
    decision: DecisionBody,
    /// What lay before whoever decided.
    screen: ScreenBody,
}

/// A decision that was taken back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UndoneDecision)]
pub struct UndoneBody {
    /// The decision, and the reply that it led to.
    #[serde(flatten)]
    decision: DecisionRecordBody,
    /// Who had made it.
    decided_by: String,
    /// Who took it back.
    undone_by: String,
    /// When.
    #[schema(example = "2026-11-23T00:31:00.000Z")]
    undone_at: String,
}

/// What lay before whoever decided.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Screen)]
pub struct ScreenBody {
    /// Whether internal passages and past replies were handed out to this role.
    internal: bool,
    /// The passages and records that were handed out beside the draft.
    evidence: Vec<String>,
    /// The findings that were handed out.
    findings: Vec<String>,
    /// What was really to be seen, as the face told it; null where it did not.
    shown: Option<ShownRecordBody>,
}

/// What a face said that it showed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ShownRecord)]
pub struct ShownRecordBody {
    /// Passages and records in view.
    evidence: Vec<String>,
    /// Findings in view.
    findings: Vec<String>,
    /// How long the draft was open, in milliseconds.
    open_ms: Option<u64>,
}

impl From<DraftRecord> for DraftRecordBody {
    fn from(record: DraftRecord) -> Self {
        let DraftRecord { suggestion, state, configured, decision, reply, undone, events } = record;
        let undone = undone.into_iter().map(|undone| UndoneBody::of(undone, &suggestion.evidence)).collect();
        Self {
            inquiry: InquiryBody::from(&suggestion.inquiry),
            suggestion: SuggestionBody::from(&suggestion),
            state: state.into(),
            created_at: suggestion.created_at.to_string(),
            hint: suggestion.hint.as_ref().map(|hint| hint.as_str().to_owned()),
            guide: suggestion.guide.as_ref().map(ToString::to_string),
            index_sequence: suggestion.evidence.index_sequence,
            stale: suggestion.evidence.stale,
            making: MakingBody::from(&suggestion.making),
            timings: TimingsBody::of(suggestion.timings),
            attempts: AttemptsBody::of(&suggestion),
            configuration: configured.map(ConfigurationBody::from),
            decision: decision.map(|decision| DecisionRecordBody::of(decision, reply)),
            undone,
            events: events.into_iter().map(EventBody::from).collect(),
        }
    }
}

impl From<&Making> for MakingBody {
    fn from(making: &Making) -> Self {
        Self {
            internal: making.internal,
            turns: making.turns.iter().map(TurnBody::from).collect(),
            order_date: making.order_date.map(|day| day.to_string()),
            searches: making.searches.iter().map(SearchBody::from).collect(),
            waivers: making.waivers.iter().map(ToString::to_string).collect(),
        }
    }
}

impl TimingsBody {
    fn of(timings: Timings) -> Option<Self> {
        let Timings { retrieval, drafting, checks } = timings;
        let [retrieval_us, drafting_us, checks_us] = [retrieval, drafting, checks].map(|took| took.map(whole_micros));
        (!timings.is_empty()).then_some(Self { retrieval_us, drafting_us, checks_us })
    }
}

impl From<&Turn> for TurnBody {
    fn from(turn: &Turn) -> Self {
        let by = match turn.by {
            Party::Customer => "customer",
            Party::Desk => "desk",
        };
        Self { by, text: turn.text.clone(), at: turn.at.to_string() }
    }
}

impl From<&Search> for SearchBody {
    fn from(search: &Search) -> Self {
        let near = search.near.iter();
        let near = near.map(|near| NearbyBody { passage: near.passage.to_string(), similarity: near.similarity });
        Self { text: search.text.clone(), matter: search.matter.clone(), near: near.collect() }
    }
}

impl From<Configured> for ConfigurationBody {
    fn from(Configured { hash, configuration, .. }: Configured) -> Self {
        Self { hash, build: configuration.build, files: configuration.files, models: configuration.models }
    }
}

impl DecisionRecordBody {
    fn of(decision: Decision, reply: Option<CheckedReply>) -> Self {
        let screen = ScreenBody::from(decision.screen.clone());
        Self { decision: DecisionBody::of(&Decided { decision, reply }), screen }
    }
}

impl UndoneBody {
    fn of(undone: UndoneDecision, evidence: &Evidence) -> Self {
        let UndoneDecision { decision, decided_by, reply, undone_by, undone_at } = undone;
        let reply = reply.map(|(reply, checks)| CheckedReply { reply, checks, evidence: evidence.clone() });
        let decision = DecisionRecordBody::of(decision, reply);
        Self { decision, decided_by, undone_by, undone_at: undone_at.to_string() }
    }
}

impl From<Screen> for ScreenBody {
    fn from(Screen { internal, evidence, findings, shown }: Screen) -> Self {
        let findings = findings.iter().map(ToString::to_string).collect();
        Self { internal, evidence, findings, shown: shown.map(ShownRecordBody::from) }
    }
}

impl From<Shown> for ShownRecordBody {
    fn from(Shown { evidence, findings, open_ms }: Shown) -> Self {
        Self { evidence, findings: findings.iter().map(ToString::to_string).collect(), open_ms }
    }
}

/// Read the whole record of a draft.
#[utoipa::path(
    get, path = "/v1/audit/drafts/{id}", tag = "audit", operation_id = "read_draft_record",
    params(("id" = String, Path, description = "`drf_...`")),
    responses((status = 200, body = DraftRecordBody))
)]
pub async fn read(
    Caller(who): Caller,
    State(app): State<App>,
    At(id): At<name::Draft>,
) -> Result<Json<DraftRecordBody>, Problem> {
    Ok(Json(app.draft_record(&who, &id).await?.into()))
}
