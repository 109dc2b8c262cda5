//! Filters that somebody keeps.

use axum::{
    extract::{Path, State},
    response::Redirect,
};
use serde::Deserialize;

use super::{
    super::{form::Sent, refusal::Refused, viewer::Viewer},
    conditions::Conditions,
};
use crate::{app::App, domain::name};

/// What is kept under which name.
#[derive(Deserialize)]
pub struct Kept {
    name: String,
    query: String,
}

/// Nothing but the page's own proof.
#[derive(Deserialize)]
pub struct Gone {}

/// Keeps the conditions that are looked through now.
pub async fn save(viewer: Viewer, State(app): State<App>, Sent(kept): Sent<Kept>) -> Result<Redirect, Refused> {
    let query = Conditions::parse(&kept.query).query();
    let saved = app.save_filter(&viewer.who, &viewer.workspace.id, &kept.name, &query).await;
    saved.map_err(|error| viewer.refused(error))?;
    Ok(Redirect::to(&viewer.at(&format!("qa?{query}"))))
}

/// Keeps them no more.
pub async fn remove(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Sent(Gone {}): Sent<Gone>,
) -> Result<Redirect, Refused> {
    let id = viewer.id::<name::Filter>(&id)?;
    let removed = app.remove_filter(&viewer.who, &viewer.workspace.id, &id).await;
    removed.map_err(|error| viewer.refused(error))?;
    Ok(Redirect::to(&viewer.at("qa")))
}
