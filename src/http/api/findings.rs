//! `/v1/findings`: tone deviations, and QA's verdicts on them.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Created,
    checks::FindingBody,
    texts,
    words::{Fault, FindingState, RulingVerdict},
};
use crate::{
    app::{App, NewRuling},
    domain::{Category, CheckedText, FiledFinding, FindingFilter, Ruling, Waiver, name},
    http::{
        caller::Caller,
        parsed::{Asked, At, Parsed},
        problem::{Code, Problem},
    },
};

/// How many findings a page has unless more are asked for.
const DEFAULT_LIMIT: usize = 50;

/// Which findings; each condition narrows them down.
#[derive(Debug, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FindingsQuery {
    /// Whose findings.
    #[param(example = "officelink")]
    workspace: String,
    /// Of this kind.
    #[param(example = "ng_word")]
    category: Option<String>,
    /// Of this rule.
    #[param(example = "ng_word:解約")]
    rule: Option<String>,
    /// In replies to inquiries about this.
    #[param(example = "delivery_delay")]
    situation: Option<String>,
    /// By this person.
    person: Option<String>,
    /// By this team.
    team: Option<String>,
    /// By this vendor.
    vendor: Option<String>,
    /// By this revision of the tone guide, `rev_...`.
    revision: Option<String>,
    /// Ruled like this.
    #[param(inline)]
    state: Option<FindingState>,
    /// Whether a customer got the words.
    sent: Option<bool>,
    /// Not before: RFC 3339, or a date.
    from: Option<String>,
    /// Before: RFC 3339, or a date.
    until: Option<String>,
    /// `next` of the page before; the first page without.
    cursor: Option<String>,
    /// At most so many; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    #[schema(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// A page of findings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FiledFindings)]
pub struct FindingsBody {
    /// The latest first.
    items: Vec<FiledBody>,
    /// The `cursor` of the next page; null at the end.
    next: Option<String>,
}

/// A finding with where it stands and what was ruled.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FiledFinding)]
pub struct FiledBody {
    /// What was found.
    #[serde(flatten)]
    finding: FindingBody,
    /// What was ruled last.
    state: FindingState,
    /// The draft it was found in; null for a reply that is no accepted draft.
    draft: Option<String>,
    /// The reply that a customer got with it; null while it stands in a draft alone.
    reply: Option<String>,
    /// What the text answers.
    inquiry: Option<String>,
    /// What the inquiry is about.
    situation: Option<String>,
    /// Who wrote or sent it.
    person: Option<String>,
    /// Their desk.
    team: Option<String>,
    /// Their employer.
    vendor: Option<String>,
    /// When the draft was made or the reply sent.
    at: String,
    /// The text that the span counts in.
    text: String,
    /// Every ruling, the first first.
    rulings: Vec<RulingBody>,
}

/// What QA says of a finding.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRuling, example = json!({"verdict": "dismissed", "fault": "rule", "reason": "引用の中の言葉"}))]
pub struct NewRulingBody {
    /// Whether the finding is right.
    verdict: RulingVerdict,
    /// What has to be mended.
    fault: Option<Fault>,
    /// Why.
    #[schema(max_length = 2_000)]
    reason: Option<String>,
    /// With `waived`: the rule passes wherever the words stand, up to and including this day. Without, this text alone.
    #[schema(format = Date, example = "2026-12-31")]
    until: Option<String>,
    /// The words, as they stand in the text around or inside the finding; what was found if not said.
    #[schema(max_length = 200)]
    phrase: Option<String>,
}

/// A ruling as it was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ruling)]
pub struct RulingBody {
    /// Its id.
    #[schema(example = "rul_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    id: String,
    /// What was ruled on.
    finding: String,
    /// What was ruled.
    verdict: RulingVerdict,
    /// What has to be mended.
    fault: Option<Fault>,
    /// Why.
    reason: Option<String>,
    /// The words that pass from now on; null where this text alone was ruled on.
    waiver: Option<WaiverBody>,
    /// When.
    at: String,
}

/// Words for which a rule passes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Waiver)]
pub struct WaiverBody {
    /// Its id.
    #[schema(example = "wvr_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    id: String,
    /// The rule.
    #[schema(example = "ng_word:クレーム")]
    rule: String,
    /// The words.
    #[schema(example = "クレームブリュレ")]
    phrase: String,
    /// The last day.
    #[schema(example = "2026-12-31")]
    until: String,
}

/// Words of a phrase at most.
const MAX_PHRASE_CHARS: usize = 200;

impl FindingsQuery {
    fn filter(&self) -> Result<FindingFilter, Problem> {
        let category = |text: &str| {
            let detail = "expected a category of the taxonomy like ng_word";
            Category::parse(text).ok_or_else(|| Problem::at("/category", detail))
        };
        Ok(FindingFilter {
            category: self.category.as_deref().map(category).transpose()?,
            rule: self.rule.clone(),
            situation: self.situation.clone(),
            person: self.person.clone(),
            team: self.team.clone(),
            vendor: self.vendor.clone(),
            guide: texts::id("/revision", self.revision.as_deref())?,
            state: self.state.map(Into::into),
            sent: self.sent,
            from: texts::moment("/from", self.from.as_deref())?,
            until: texts::moment("/until", self.until.as_deref())?,
            ..FindingFilter::default()
        })
    }
}

impl From<FiledFinding> for FiledBody {
    fn from(filed: FiledFinding) -> Self {
        let draft = match &filed.checked {
            CheckedText::Draft(draft) => Some(draft.to_string()),
            CheckedText::Reply(_) => None,
        };
        Self {
            finding: (&filed.finding).into(),
            state: filed.state.into(),
            draft,
            reply: filed.reply.map(|id| id.to_string()),
            inquiry: filed.inquiry.map(|id| id.to_string()),
            situation: filed.situation,
            person: filed.person,
            team: filed.team,
            vendor: filed.vendor,
            at: filed.at.to_string(),
            text: filed.text,
            rulings: filed.rulings.into_iter().map(RulingBody::from).collect(),
        }
    }
}

impl From<Ruling> for RulingBody {
    fn from(ruling: Ruling) -> Self {
        Self {
            id: ruling.id.to_string(),
            finding: ruling.finding.to_string(),
            verdict: ruling.verdict.into(),
            fault: ruling.fault.map(Fault::from),
            reason: ruling.reason,
            waiver: ruling.waiver.map(WaiverBody::from),
            at: ruling.at.to_string(),
        }
    }
}

impl From<Waiver> for WaiverBody {
    fn from(waiver: Waiver) -> Self {
        Self { id: waiver.id.to_string(), rule: waiver.rule, phrase: waiver.phrase, until: waiver.until.to_string() }
    }
}

/// List the findings of drafts and replies, narrowed down by what QA looks for.
#[utoipa::path(
    get, path = "/v1/findings", tag = "findings", operation_id = "list_findings", params(FindingsQuery),
    responses((status = 200, body = FindingsBody))
)]
pub async fn list(
    Caller(who): Caller,
    State(app): State<App>,
    Asked(query): Asked<FindingsQuery>,
) -> Result<Json<FindingsBody>, Problem> {
    let in_query = |problem: Problem| problem.with_code(Code::QueryInvalid);
    let workspace = texts::workspace(&query.workspace)?;
    let filter = query.filter().map_err(in_query)?;
    let behind = texts::id::<name::Finding>("/cursor", query.cursor.as_deref()).map_err(in_query)?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    // One more than asked for tells whether there is a next page.
    let mut found = app.findings(&who, &workspace, &filter, behind.as_ref(), limit + 1).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|filed| filed.finding.id.to_string());
    Ok(Json(FindingsBody { items: found.into_iter().map(FiledBody::from).collect(), next }))
}

/// One finding with its text and what was ruled.
#[utoipa::path(
    get, path = "/v1/findings/{id}", tag = "findings", operation_id = "read_finding",
    params(("id" = String, Path, description = "`fnd_...`")),
    responses((status = 200, body = FiledBody))
)]
pub async fn read(
    Caller(who): Caller,
    State(app): State<App>,
    At(id): At<name::Finding>,
) -> Result<Json<FiledBody>, Problem> {
    Ok(Json(app.finding(&who, &id).await?.into()))
}

/// Confirm, dismiss or waive a finding, and say whether operator, rule or guide was wrong.
#[utoipa::path(
    post, path = "/v1/findings/{id}/ruling", tag = "findings", operation_id = "rule_on_finding",
    params(("id" = String, Path, description = "`fnd_...`")), request_body = NewRulingBody,
    responses((status = 201, description = "What was recorded", body = RulingBody))
)]
pub async fn rule(
    Caller(who): Caller,
    State(app): State<App>,
    At(id): At<name::Finding>,
    Parsed { body, once }: Parsed<NewRulingBody>,
) -> Result<Created<RulingBody>, Problem> {
    let phrase = body.phrase.map(|text| texts::plain("/phrase", text, MAX_PHRASE_CHARS)).transpose()?;
    let new = NewRuling {
        verdict: body.verdict.into(),
        fault: body.fault.map(Into::into),
        reason: texts::note("/reason", body.reason)?,
        until: texts::day("/until", body.until.as_deref())?,
        phrase,
    };
    Ok(Created::only(app.rule(&who, &id, new, once).await?.into()))
}
