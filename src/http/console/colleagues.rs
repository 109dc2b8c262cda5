//! Working with colleagues on a case: notes that no customer sees, and handing it over to somebody else.

use axum::{
    Router,
    extract::{Path, State},
    response::Redirect,
    routing::post,
};
use serde::Deserialize;

use super::{form::Sent, refusal::Refused, viewer::Viewer};
use crate::{app::App, domain::name, http::Face};

/// Where notes and cases are handed on.
pub fn routes() -> Router<Face> {
    Router::new()
        .route("/w/{workspace}/inquiries/{id}/notes", post(note))
        .route("/w/{workspace}/inquiries/{id}/handover", post(hand_over))
}

#[derive(Deserialize)]
struct Words {
    text: String,
    /// A person's id, or nothing.
    #[serde(default)]
    to: String,
}

async fn note(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Sent(words): Sent<Words>,
) -> Result<Redirect, Refused> {
    let id = viewer.id::<name::Inquiry>(&id)?;
    let to = Some(words.to).filter(|to| !to.is_empty());
    let noted = app.note(&viewer.who, &id, to, &words.text).await;
    noted.map_err(|error| viewer.refused(error))?;
    Ok(Redirect::to(&viewer.at(&format!("inquiries/{id}#notes"))))
}

/// To somebody else, with a word for them.
async fn hand_over(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Sent(words): Sent<Words>,
) -> Result<Redirect, Refused> {
    let id = viewer.id::<name::Inquiry>(&id)?;
    let handed = app.hand_over(&viewer.who, &id, &words.to, &words.text).await;
    handed.map_err(|error| viewer.refused(error))?;
    Ok(Redirect::to(&viewer.at(&format!("inquiries/{id}"))))
}
