//! Taking an inquiry, taking it over, and handing it back.

use axum::{
    Router,
    extract::{Path, State},
    response::Redirect,
    routing::post,
};
use serde::Deserialize;

use super::{form::Sent, refusal::Refused, viewer::Viewer};
use crate::{
    app::App,
    domain::{Id, name},
    http::Face,
};

/// Where a lease is taken and given back.
pub fn routes() -> Router<Face> {
    Router::new().route("/w/{workspace}/inquiries/{id}/lease", post(change))
}

#[derive(Deserialize)]
struct Wanted {
    /// `take`, `over` or `release`.
    action: String,
}

async fn change(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Sent(wanted): Sent<Wanted>,
) -> Result<Redirect, Refused> {
    let id = Id::<name::Inquiry>::parse(&id).map_err(|_| Refused::nothing_here(viewer.lang))?;
    let done = match wanted.action.as_str() {
        "release" => app.release(&viewer.who, &id).await,
        action => app.hold(&viewer.who, &id, action == "over").await.map(|_| ()),
    };
    done.map_err(|error| viewer.refused(error))?;
    Ok(Redirect::to(&viewer.at(&format!("inquiries/{id}"))))
}
