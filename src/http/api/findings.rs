//! `/v1/findings`: QA's verdict on a tone deviation.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Created, texts,
    words::{Fault, RulingVerdict},
};
use crate::{
    app::{App, NewRuling},
    domain::{Ruling, name},
    http::{
        caller::Caller,
        parsed::{At, Parsed},
        problem::Problem,
    },
};

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
    /// When.
    at: String,
}

impl From<Ruling> for RulingBody {
    fn from(ruling: Ruling) -> Self {
        Self {
            id: ruling.id.to_string(),
            finding: ruling.finding.to_string(),
            verdict: ruling.verdict.into(),
            fault: ruling.fault.map(Fault::from),
            reason: ruling.reason,
            at: ruling.at.to_string(),
        }
    }
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
    let new = NewRuling {
        verdict: body.verdict.into(),
        fault: body.fault.map(Into::into),
        reason: texts::note("/reason", body.reason)?,
    };
    Ok(Created::only(app.rule(&who, &id, new, once).await?.into()))
}
