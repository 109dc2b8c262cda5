//! What an auditor takes along: the log as a file, and one draft's part of it with its proofs.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{
    super::{refusal::Refused, viewer::Viewer},
    start::Sought,
};
use crate::{app::App, domain::name, http::api::export, identity::Act};

/// Which file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    format: String,
}

/// The log as a file: a table of what is listed, or all of it to be verified.
pub async fn export(
    viewer: Viewer,
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
    Query(sought): Query<Sought>,
) -> Result<Response, Refused> {
    viewer.must(Act::Audit)?;
    let (who, workspace) = (viewer.who.clone(), viewer.workspace.id.clone());
    let sent = match wanted.format.as_str() {
        "csv" => export::table(app, who, workspace, sought.filter()).await,
        _ => export::lines(&app, &who, &workspace).await,
    };
    sent.map_err(|error| viewer.refused(error))
}

/// The events of a draft with what shows that they are in the signed log: it can be given to the customer.
pub async fn proof(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Refused> {
    viewer.must(Act::Audit)?;
    let draft = viewer.id::<name::Draft>(&id)?;
    let proofs = app.prove(&viewer.who, &viewer.workspace.id, &draft).await.map_err(|error| viewer.refused(error))?;
    let mut response = Json(json!({ "items": proofs })).into_response();
    let name = format!("attachment; filename=\"proof-{draft}.json\"");
    if let Ok(name) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
