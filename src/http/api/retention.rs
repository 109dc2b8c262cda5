//! `/v1/workspaces/{id}/retention`: for how long words are kept.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::texts;
use crate::{
    app::App,
    domain::{Retention, TextClass},
    http::{
        caller::Caller,
        parsed::{Keyed, Parsed},
        problem::Problem,
    },
};

/// For how many days the texts of each class are kept; without a number for ever.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Retention, example = json!({"inquiries": 365, "drafts": 90, "replies": 365, "rulings": null}))]
pub struct RetentionBody {
    /// What customers wrote, with the records of their cases.
    #[schema(minimum = 1, maximum = 36_500)]
    inquiries: Option<u32>,
    /// Suggestions, with all that a model was asked and said. They hold the inquiry: at most as long as that.
    #[schema(minimum = 1, maximum = 36_500)]
    drafts: Option<u32>,
    /// What was sent, and why a draft was not.
    #[schema(minimum = 1, maximum = 36_500)]
    replies: Option<u32>,
    /// QA's reasons, and the words of waivers.
    #[schema(minimum = 1, maximum = 36_500)]
    rulings: Option<u32>,
}

impl RetentionBody {
    fn parse(&self) -> Result<Retention, Problem> {
        let of = |class| match class {
            TextClass::Inquiries => self.inquiries,
            TextClass::Drafts => self.drafts,
            TextClass::Replies => self.replies,
            TextClass::Rulings => self.rulings,
        };
        let days = TextClass::ALL.into_iter().filter_map(|class| Some((class, of(class)?)));
        Retention::new(days).map_err(|error| Problem::at("/drafts", error.to_string()))
    }
}

impl From<Retention> for RetentionBody {
    fn from(retention: Retention) -> Self {
        Self {
            inquiries: retention.of(TextClass::Inquiries),
            drafts: retention.of(TextClass::Drafts),
            replies: retention.of(TextClass::Replies),
            rulings: retention.of(TextClass::Rulings),
        }
    }
}

/// For how long words are kept.
#[utoipa::path(
    get, path = "/v1/workspaces/{id}/retention", tag = "workspaces", operation_id = "read_retention",
    params(("id" = String, Path, description = "The workspace")),
    responses((status = 200, body = RetentionBody))
)]
pub async fn read(
    Caller(who): Caller,
    State(app): State<App>,
    Keyed(id): Keyed,
) -> Result<Json<RetentionBody>, Problem> {
    Ok(Json(app.retention(&who, &texts::workspace(&id)?).await?.into()))
}

/// Keep words for so long. What is older is emptied within the hour, and once a day from then on.
///
/// What was counted and decided stays, and so does the audit log.
#[utoipa::path(
    put, path = "/v1/workspaces/{id}/retention", tag = "workspaces", operation_id = "set_retention",
    params(("id" = String, Path, description = "The workspace")), request_body = RetentionBody,
    responses((status = 200, body = RetentionBody))
)]
pub async fn set(
    Caller(who): Caller,
    State(app): State<App>,
    Keyed(id): Keyed,
    Parsed { body, .. }: Parsed<RetentionBody>,
) -> Result<Json<RetentionBody>, Problem> {
    Ok(Json(app.retain(&who, &texts::workspace(&id)?, body.parse()?).await?.into()))
}
