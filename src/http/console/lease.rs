//! Taking an inquiry, taking it over, and handing it back.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse as _, Redirect, Response},
    routing::post,
};
use serde::Deserialize;

use super::{
    form::Sent,
    frame::page,
    line::{Held, held},
    refusal::Refused,
    viewer::Viewer,
};
use crate::{app::App, domain::name, http::Face};

/// Where a lease is taken and given back.
pub fn routes() -> Router<Face> {
    Router::new().route("/w/{workspace}/inquiries/{id}/lease", post(change))
}

#[derive(Deserialize)]
struct Wanted {
    /// `take`, `over` or `release`.
    action: String,
}

/// Who works on it, alone: for a page that takes it while somebody types.
#[derive(Template)]
#[template(path = "lease.html")]
struct Alone {
    held: Held,
}

async fn change(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
    Sent(wanted): Sent<Wanted>,
) -> Result<Response, Refused> {
    let id = viewer.id::<name::Inquiry>(&id)?;
    let done = match wanted.action.as_str() {
        "release" => app.release(&viewer.who, &id).await.map(|()| None),
        action => app.hold(&viewer.who, &id, action == "over").await.map(Some),
    };
    let lease = done.map_err(|error| viewer.refused(error))?;
    if let (Some(lease), true) = (lease, headers.contains_key("hx-request")) {
        let names = app.names(&viewer.workspace.id).await.map_err(|error| viewer.refused(error))?;
        return Ok(page(&Alone { held: held(&names, &viewer, &lease, lease.since) }));
    }
    Ok(Redirect::to(&viewer.at(&format!("inquiries/{id}"))).into_response())
}
