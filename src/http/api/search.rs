//! `/v1/search`: the passages that fit a text best.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    checks::{EvidenceBody, bodies},
    explanation::ExplanationBody,
    texts,
};
use crate::{
    app::{App, LookedFor, When},
    domain::{Explanation, Timestamp},
    http::{
        caller::Caller,
        parsed::Asked,
        problem::{Code, Problem},
    },
};

/// How many passages are found unless more are asked for.
const DEFAULT_LIMIT: usize = 10;
/// A query has at most so many characters.
const MAX_QUERY_CHARS: usize = 2_000;

/// What to look for.
#[derive(Debug, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// Whose passages.
    #[param(example = "officelink")]
    workspace: String,
    /// A customer's words, or a few terms.
    #[param(min_length = 1, max_length = 2_000, example = "返品したい")]
    q: String,
    /// At most so many; 10 if not said.
    #[param(minimum = 1, maximum = 50)]
    #[schema(minimum = 1, maximum = 50)]
    limit: Option<usize>,
    /// Whether to say what each passage's score is made of, and what was left out and why; for roles that may read
    /// internal passages.
    #[param(example = false)]
    explain: Option<bool>,
    /// When the question is asked, a moment or a day: rules that hold then; now if not said.
    #[param(example = "2026-09-20")]
    as_of: Option<String>,
    /// The day the order was placed, for rules that hold by order date.
    #[param(example = "2026-09-20")]
    order_date: Option<String>,
    /// What was known then, a moment or a day: documents as they were recorded; now if not said.
    #[param(example = "2026-09-20T09:00:00+09:00")]
    known_at: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SearchResult)]
pub struct FoundBody {
    /// Best first.
    items: Vec<EvidenceBody>,
    /// Whether a change of knowledge was not yet searchable.
    stale: bool,
    /// The reasons, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<ExplanationBody>,
}

/// Find the passages that fit a text best.
#[utoipa::path(
    get, path = "/v1/search", tag = "knowledge", operation_id = "search", params(SearchQuery),
    responses((status = 200, body = FoundBody))
)]
pub async fn search(
    Caller(who): Caller,
    State(app): State<App>,
    Asked(query): Asked<SearchQuery>,
) -> Result<Json<FoundBody>, Problem> {
    let workspace = texts::workspace(&query.workspace)?;
    let text = texts::plain("/q", query.q, MAX_QUERY_CHARS).map_err(|problem| problem.with_code(Code::QueryInvalid))?;
    let in_query = |problem: Problem| problem.with_code(Code::QueryInvalid);
    let moment = |pointer, text: Option<&str>| texts::moment(pointer, text).map_err(in_query);
    let when = When {
        as_of: moment("/as_of", query.as_of.as_deref())?,
        order_date: moment("/order_date", query.order_date.as_deref())?.map(Timestamp::day),
        known_at: moment("/known_at", query.known_at.as_deref())?,
    };
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let looked_for = LookedFor { workspace: &workspace, text: &text, limit, when };
    let (found, explanation): (_, Option<Explanation>) = match query.explain.unwrap_or_default() {
        true => app.explain(&who, &looked_for).await.map(|(found, why)| (found, Some(why)))?,
        false => (app.search(&who, &looked_for).await?, None),
    };
    let explanation = explanation.as_ref().map(ExplanationBody::from);
    Ok(Json(FoundBody { items: bodies(&found.items), stale: found.stale, explanation }))
}
