//! A draft while it is being made: its events for the page that waits, and what changed while somebody reads.

use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde::Deserialize;

use super::{frame::page, lang::Lang, refusal::Refused, viewer::Viewer};
use crate::{
    app::App,
    domain::{DraftState, Id, Timestamp, name},
    http::{
        Face,
        api::drafts,
        problem::{Code, Problem},
    },
};

/// What a page asks for while it is open.
pub fn routes() -> Router<Face> {
    Router::new()
        .route("/w/{workspace}/drafts/{id}/events", get(events))
        .route("/w/{workspace}/inquiries/{id}/news", get(case_news))
        .route("/w/{workspace}/inbox/news", get(inbox_news))
}

/// The events of a draft, after the last one that was seen.
async fn events(
    viewer: Viewer,
    State(face): State<Face>,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let nothing = || Problem::new(Code::DraftNotFound, "expected a draft's id");
    let id = Id::<name::Draft>::parse(&id).map_err(|_| nothing())?;
    drafts::following(&face, &viewer.who, &id, &headers).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Seen {
    /// The draft that the page shows.
    draft: String,
    /// Who had the inquiry when the page was made.
    holder: String,
    /// When the page was made, in milliseconds.
    at: i64,
}

#[derive(Template)]
#[template(path = "case_news.html")]
struct CaseNews {
    lang: Lang,
    here: String,
    kind: News,
    who: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum News {
    Superseded,
    Answered,
    Held,
}

/// What happened to an inquiry since the page was made; nothing when nothing did.
async fn case_news(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Query(seen): Query<Seen>,
) -> Result<Response, Refused> {
    let id = viewer.id::<name::Inquiry>(&id)?;
    let opened = app.open_case(&viewer.who, &id).await.map_err(|error| viewer.refused(error))?;
    let draft = opened.suggestion.as_ref().and_then(|(suggestion, state)| Some((suggestion.draft.as_ref()?, *state)));
    let other = |(draft, state): (&crate::domain::Draft, Option<DraftState>)| {
        draft.id.as_str() != seen.draft || state == Some(DraftState::Superseded)
    };
    let holder = opened.lease.as_ref().map_or("", |lease| lease.principal.as_str());
    let kind = match (opened.place.is_none(), draft) {
        (true, _) => News::Answered,
        (false, Some(draft)) if !seen.draft.is_empty() && other(draft) => News::Superseded,
        _ if holder != seen.holder && !holder.is_empty() && holder != viewer.who.id => News::Held,
        _ => return Ok(StatusCode::NO_CONTENT.into_response()),
    };
    let names = app.names(&viewer.workspace.id).await.map_err(|error| viewer.refused(error))?;
    let who = names.of(holder).to_owned();
    Ok(page(&CaseNews { lang: viewer.lang, here: viewer.at(&format!("inquiries/{id}")), kind, who }))
}

#[derive(Template)]
#[template(path = "inbox_news.html")]
struct InboxNews {
    lang: Lang,
    href: String,
    arrived: u64,
}

/// How many inquiries came since the list was made; nothing when none did.
async fn inbox_news(viewer: Viewer, State(app): State<App>, Query(seen): Query<Seen>) -> Result<Response, Refused> {
    let since = Timestamp(seen.at);
    let arrived = app.arrived(&viewer.who, &viewer.workspace.id, since).await.map_err(|error| viewer.refused(error))?;
    if arrived == 0 {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(page(&InboxNews { lang: viewer.lang, href: viewer.at("inbox"), arrived }))
}
