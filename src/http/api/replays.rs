//! `/v1/audit/drafts/{id}/replay`: a draft made again as it was made once.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::suggestions::SuggestionBody;
use crate::{
    app::{App, Difference, Replay},
    domain::name,
    http::{caller::Caller, parsed::At, problem::Problem},
};

/// A draft made again from the documents, the guide, the prompts and the synonyms of then, with what its model said then.
///
/// Given and not made again are the inquiry with its situations, what had been said before, what an embedder said is near, who
/// could read what, ids and times, and attempts that failed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Replay)]
pub struct ReplayBody {
    /// Whether the record came back byte for byte.
    identical: bool,
    /// Where it did not.
    differences: Vec<DifferenceBody>,
    /// The build that made the record, and the one that made it again: where they differ, differences may be the program's.
    builds: BuildsBody,
    /// What was made again.
    suggestion: SuggestionBody,
}

/// A place where record and replay differ.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Difference)]
pub struct DifferenceBody {
    /// Where in the recorded suggestion: a JSON pointer (RFC 6901).
    #[schema(example = "/evidence/items/0/score")]
    pointer: String,
    /// What was recorded; absent where there was nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    then: Option<serde_json::Value>,
    /// What comes of it now; absent where there is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<serde_json::Value>,
}

/// Version of the program, and the first 16 digits of the SHA-256 of its sources.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Builds)]
pub struct BuildsBody {
    /// Of the record.
    then: String,
    /// Of this server.
    now: String,
}

impl From<Replay> for ReplayBody {
    fn from(replay: Replay) -> Self {
        let Replay { replayed, differences, build_then, build_now, .. } = replay;
        Self {
            identical: differences.is_empty(),
            differences: differences.into_iter().map(DifferenceBody::from).collect(),
            builds: BuildsBody { then: build_then, now: build_now.to_owned() },
            suggestion: SuggestionBody::from(&replayed),
        }
    }
}

impl From<Difference> for DifferenceBody {
    fn from(Difference { pointer, then, now }: Difference) -> Self {
        Self { pointer, then, now }
    }
}

/// Make a draft again, and compare it with the record.
#[utoipa::path(
    get, path = "/v1/audit/drafts/{id}/replay", tag = "audit", operation_id = "replay_draft",
    params(("id" = String, Path, description = "`drf_...`")),
    responses((status = 200, body = ReplayBody))
)]
pub async fn read(
    Caller(who): Caller,
    State(app): State<App>,
    At(id): At<name::Draft>,
) -> Result<Json<ReplayBody>, Problem> {
    Ok(Json(app.replay(&who, &id).await?.into()))
}
