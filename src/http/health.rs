//! For whoever runs the process: is it alive, can it work.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::Face;

/// The process answers.
#[derive(Serialize, ToSchema)]
#[schema(as = Health)]
pub struct HealthBody {
    /// Always `alive`.
    #[schema(example = "alive")]
    status: &'static str,
}

/// Whether the process can do its work.
#[derive(Serialize, ToSchema)]
#[schema(as = Readiness)]
pub struct ReadinessBody {
    /// Whether to send requests here.
    ready: bool,
    /// How many workspaces can be searched.
    #[schema(example = 2)]
    workspaces: usize,
    /// What is wrong.
    problems: Vec<String>,
}

/// Whether the process is alive; never touches the store.
#[utoipa::path(get, path = "/healthz", tag = "health", security(()), responses((status = 200, body = HealthBody)))]
pub async fn healthz() -> Json<HealthBody> {
    Json(HealthBody { status: "alive" })
}

/// Whether store and indexes answer, and the process is not about to stop.
#[utoipa::path(
    get, path = "/readyz", tag = "health", security(()),
    responses((status = 200, body = ReadinessBody), (status = 503, description = "Not ready", body = ReadinessBody))
)]
pub async fn readyz(State(face): State<Face>) -> Response {
    let mut found = face.app().readiness().await;
    if face.is_stopping() {
        found.problems.push("the server is stopping".to_owned());
    }
    let ready = found.problems.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = ReadinessBody { ready, workspaces: found.workspaces, problems: found.problems };
    (status, Json(body)).into_response()
}
