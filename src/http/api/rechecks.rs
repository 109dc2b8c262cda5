//! `/v1/drafts/{id}/recheck`: the checks of a text while somebody works on it.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    checks::{CitationBody, FindingBody, VerdictBody, bodies},
    texts,
};
use crate::{
    app::App,
    domain::name,
    http::{
        caller::Caller,
        parsed::{At, Parsed},
        problem::Problem,
    },
};

/// A text to check in a draft's place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRecheck, example = json!({"text": "お世話になっております。画面から見れます。", "fix": true}))]
pub struct NewRecheckBody {
    /// The text as it stands now: 1 to 50,000 code points; the draft's own if not given.
    #[schema(min_length = 1, max_length = 50_000)]
    text: Option<String>,
    /// Make every one-click fix first.
    #[serde(default)]
    fix: bool,
}

/// The text and what it gets. Nothing of it is recorded: findings have no id that can be ruled on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recheck)]
pub struct RecheckBody {
    /// The text, with the fixes that were asked for.
    text: String,
    /// What departs from the tone guide.
    findings: Vec<FindingBody>,
    /// One per sentence.
    verdicts: Vec<VerdictBody>,
    /// What the verdicts point at.
    citations: Vec<CitationBody>,
}

/// Check an edited draft again, and fix what one click may fix.
#[utoipa::path(
    post, path = "/v1/drafts/{id}/recheck", tag = "drafts", operation_id = "recheck_draft",
    params(("id" = String, Path, description = "`drf_...`")), request_body = NewRecheckBody,
    responses((status = 200, description = "The text and what it gets", body = RecheckBody))
)]
pub async fn recheck(
    Caller(who): Caller,
    State(app): State<App>,
    At(id): At<name::Draft>,
    Parsed { body, .. }: Parsed<NewRecheckBody>,
) -> Result<Json<RecheckBody>, Problem> {
    let text = body.text.map(|text| texts::reply("/text", text)).transpose()?;
    let rechecked = app.recheck(&who, &id, text, body.fix).await?;
    Ok(Json(RecheckBody {
        text: rechecked.text,
        findings: bodies(&rechecked.checks.findings),
        verdicts: bodies(&rechecked.checks.grounding.verdicts),
        citations: CitationBody::list(rechecked.checks.citations(), &rechecked.evidence.items),
    }))
}
