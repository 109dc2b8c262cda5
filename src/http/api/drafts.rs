//! `/v1/drafts`: where a draft stands, how it came to be, and what the operator decides.

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Created,
    inquiries::{answered, wants_stream},
    replies::CheckedReplyBody,
    suggestions::SuggestionBody,
    texts,
    words::DraftState,
};
use crate::{
    app::{App, Byline, Decided, NewDecision},
    domain::{Hint, Id, Principal, Shown, Verb, name},
    http::{
        Face,
        caller::Caller,
        parsed::{At, Parsed},
        problem::{Code, Problem},
        request::Place,
        stream::{self, Wish},
    },
};

/// A suggestion, and where its draft stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DraftStanding)]
pub struct DraftStandingBody {
    /// The suggestion.
    #[serde(flatten)]
    suggestion: SuggestionBody,
    /// `current` can be decided on.
    state: DraftState,
}

/// What the operator does with a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Used as it stands.
    Accept,
    /// Used with changes.
    Edit,
    /// Not used.
    Reject,
}

/// The operator's decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewDecision, example = json!({"action": "accept", "author": "suzuki", "team": "一次受付"}))]
pub struct NewDecisionBody {
    /// What is done.
    action: Action,
    /// What is sent instead; with `edit` alone.
    #[schema(max_length = 50_000)]
    text: Option<String>,
    /// Why.
    #[schema(max_length = 2_000)]
    reason: Option<String>,
    /// The person who answers; the key itself if not said.
    #[schema(max_length = 200)]
    author: Option<String>,
    /// The desk.
    #[schema(max_length = 200)]
    team: Option<String>,
    /// The company that employs the author.
    #[schema(max_length = 200)]
    vendor: Option<String>,
    /// What the person had before them, for the record; unknown if not said.
    shown: Option<ShownBody>,
}

/// What a screen showed of a suggestion when the draft was decided on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Shown, example = json!({"evidence": [], "findings": [], "open_ms": 41_200}))]
pub struct ShownBody {
    /// Passages and records in view, by their ids.
    #[serde(default)]
    #[schema(max_items = 100)]
    evidence: Vec<String>,
    /// Findings in view, by their ids.
    #[serde(default)]
    #[schema(max_items = 1_000)]
    findings: Vec<String>,
    /// How long the draft was open, in milliseconds.
    open_ms: Option<u64>,
}

/// A decision as it was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Decision)]
pub struct DecisionBody {
    /// Its id.
    #[schema(example = "dec_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    id: String,
    /// What was decided on.
    draft: String,
    /// What was done.
    action: Action,
    /// Why; null when nothing was said.
    reason: Option<String>,
    /// What goes to the customer, checked again; null after a rejection.
    reply: Option<CheckedReplyBody>,
    /// When.
    #[schema(example = "2026-11-23T00:31:00.000Z")]
    at: String,
}

impl NewDecisionBody {
    fn verb(&mut self) -> Result<Verb, Problem> {
        match (self.action, self.text.take()) {
            // Whether an edited reply may be empty is not for the door to say.
            (Action::Edit, text) => match text.unwrap_or_default() {
                text if text.trim().is_empty() => Ok(Verb::Edit { text }),
                text => texts::reply("/text", text).map(|text| Verb::Edit { text }),
            },
            (_, Some(_)) => Err(Problem::at("/text", "`text` goes with the action `edit` alone")),
            (Action::Accept, None) => Ok(Verb::Accept),
            (Action::Reject, None) => Ok(Verb::Reject),
        }
    }
}

impl ShownBody {
    fn parse(self) -> Result<Shown, Problem> {
        let finding = |(at, id): (usize, String)| {
            Id::parse(&id).map_err(|error| Problem::at(format!("/shown/findings/{at}"), error.to_string()))
        };
        let findings = self.findings.into_iter().enumerate().map(finding).collect::<Result<_, _>>()?;
        Ok(Shown { evidence: self.evidence, findings, open_ms: self.open_ms })
    }
}

impl DecisionBody {
    pub(super) fn of(decided: &Decided) -> Self {
        let decision = &decided.decision;
        Self {
            id: decision.id.to_string(),
            draft: decision.draft.to_string(),
            action: match decision.verb {
                Verb::Accept => Action::Accept,
                Verb::Edit { .. } => Action::Edit,
                Verb::Reject => Action::Reject,
            },
            reason: decision.reason.clone(),
            reply: decided.reply.as_ref().map(CheckedReplyBody::of),
            at: decision.at.to_string(),
        }
    }
}

/// The suggestion of a draft, and where the draft stands.
#[utoipa::path(
    get, path = "/v1/drafts/{id}", tag = "drafts", operation_id = "read_draft",
    params(("id" = String, Path, description = "`drf_...`")),
    responses((status = 200, body = DraftStandingBody))
)]
pub async fn read(
    Caller(who): Caller,
    State(app): State<App>,
    At(id): At<name::Draft>,
) -> Result<Json<DraftStandingBody>, Problem> {
    let (suggestion, state) = app.suggestion_of(&who, &id).await?;
    Ok(Json(DraftStandingBody { suggestion: SuggestionBody::from(&suggestion), state: state.into() }))
}

/// Take up the stream of a draft after `Last-Event-ID`, also while it runs.
///
/// The events are kept for some minutes. After that the stream is `draft.created` and `draft.completed` alone, from the
/// record. A client that has seen everything gets 204 and need not come back.
#[utoipa::path(
    get, path = "/v1/drafts/{id}/events", tag = "drafts", operation_id = "follow_draft",
    params(
        ("id" = String, Path, description = "`drf_...`"),
        ("Last-Event-ID" = Option<u32>, Header, description = "The id of the last event that was seen")
    ),
    responses(
        (status = 200, description = "The stream", content_type = "text/event-stream", body = String),
        (status = 204, description = "Nothing comes after that event")
    )
)]
pub async fn events(
    Caller(who): Caller,
    State(face): State<Face>,
    At(id): At<name::Draft>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    following(&face, &who, &id, &headers).await
}

/// The stream of a draft for whoever may read it, by a key or on a page.
pub async fn following(
    face: &Face,
    who: &Principal,
    id: &Id<name::Draft>,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let after = last_event_id(headers)?;
    if let Some(log) = face.hub().find(id, who) {
        // It outlives what was erased on another node.
        if log.borrow().is_over()
            && let Err(gone) = face.app().suggestion_of(who, id).await.map_err(Problem::from)
            && gone.code() == Code::Erased
        {
            return Err(gone);
        }
        if log.borrow().is_spent(after) {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        return Ok(stream::follow(log, after));
    }
    let (suggestion, _) = face.app().suggestion_of(who, id).await?;
    Ok(stream::recorded(&suggestion, after).unwrap_or_else(|| StatusCode::NO_CONTENT.into_response()))
}

fn last_event_id(headers: &HeaderMap) -> Result<usize, Problem> {
    let Some(sent) = headers.get("last-event-id") else { return Ok(0) };
    let number = sent.to_str().ok().and_then(|text| text.parse::<u32>().ok()).and_then(|id| usize::try_from(id).ok());
    number.ok_or_else(|| Problem::new(Code::HeaderInvalid, "expected Last-Event-ID to be the number of an event"))
}

/// What another draft should do.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewDraft, example = json!({"hint": "送料にも触れてください"}))]
pub struct NewDraftBody {
    /// A sentence to whoever drafts; it is searched with too.
    #[schema(min_length = 1, max_length = 500)]
    hint: Option<String>,
    /// Answer as server-sent events; the same as `Accept: text/event-stream`.
    stream: Option<bool>,
}

/// Draft an inquiry anew, with a hint or without. The draft before it is superseded.
///
/// Answers as `POST /v1/inquiries` does, as a stream too. An inquiry that was answered, or after which the customer
/// wrote again, is refused.
#[utoipa::path(
    post, path = "/v1/inquiries/{id}/drafts", tag = "drafts", operation_id = "create_draft",
    params(("id" = String, Path, description = "`inq_...`")), request_body = NewDraftBody,
    responses(
        (status = 201, description = "The suggestion, as it was recorded", body = SuggestionBody),
        (status = 200, description = "The stream", content_type = "text/event-stream", body = String)
    )
)]
pub async fn regenerate(
    Caller(who): Caller,
    State(face): State<Face>,
    Extension(place): Extension<Place>,
    At(id): At<name::Inquiry>,
    headers: HeaderMap,
    Parsed { body, once }: Parsed<NewDraftBody>,
) -> Result<Response, Problem> {
    let hint = body.hint.as_deref().map(Hint::parse).transpose();
    let hint = hint.map_err(|error| Problem::at("/hint", error.to_string()))?;
    let watched = body.stream == Some(true) || wants_stream(&headers);
    let inquiry = Box::new(face.app().inquiry(&who, &id).await?);
    answered(&face, who, Wish::Another { inquiry, hint }, once, place, watched).await
}

/// Take the decision on a draft back: the draft can be decided on again.
///
/// Whoever decided may do so, or an admin, for 60 seconds, and only while nothing stands on the decision: no ruling on a finding
/// of its reply, no contact outcome, no sample of QA, no newer message, draft or reply. The reply counts nowhere from then on;
/// the audit log keeps the decision and that it was taken back. The inquiry is assigned to whoever had decided.
#[utoipa::path(
    delete, path = "/v1/drafts/{id}/decision", tag = "drafts", operation_id = "undo_decision",
    params(("id" = String, Path, description = "`drf_...`")),
    responses((status = 204, description = "The draft is `current` again"))
)]
pub async fn undo(Caller(who): Caller, State(app): State<App>, At(id): At<name::Draft>) -> Result<StatusCode, Problem> {
    app.undo(&who, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Accept, edit or reject a draft.
#[utoipa::path(
    post, path = "/v1/drafts/{id}/decision", tag = "drafts", operation_id = "decide_draft",
    params(("id" = String, Path, description = "`drf_...`")), request_body = NewDecisionBody,
    responses((status = 201, description = "The decision, and the reply it led to", body = DecisionBody))
)]
pub async fn decide(
    Caller(who): Caller,
    State(app): State<App>,
    At(id): At<name::Draft>,
    Parsed { mut body, once }: Parsed<NewDecisionBody>,
) -> Result<Created<DecisionBody>, Problem> {
    let verb = body.verb()?;
    let reason = texts::note("/reason", body.reason)?;
    let byline = Byline {
        author: texts::person("/author", body.author.as_deref())?,
        team: texts::person("/team", body.team.as_deref())?,
        vendor: texts::person("/vendor", body.vendor.as_deref())?,
    };
    let shown = body.shown.map(ShownBody::parse).transpose()?;
    let decided = app.decide(&who, &id, NewDecision { verb, reason, byline, shown }, once).await?;
    Ok(Created::only(DecisionBody::of(&decided)))
}
