//! A second ruling by somebody who does not see the first one.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{
    super::{
        form::Sent,
        frame::{Frame, Place, page},
        refusal::Refused,
        rules,
        viewer::Viewer,
    },
    Tab, may_rule,
    ruling::{self, Asked, Text},
    tabs,
};
use crate::{
    app::App,
    domain::{FindingFilter, name},
    identity::Act,
};

#[derive(Template)]
#[template(path = "qa_again.html")]
struct Page {
    frame: Frame,
    here: String,
    title: String,
    left: usize,
    asked: Option<Asked>,
    text: Text,
    clause: String,
    may_rule: bool,
}

#[derive(Template)]
#[template(path = "qa_again_done.html")]
struct Done {
    frame: Frame,
    tabs: Vec<Tab>,
}

/// To the next one; to a page that says that there is none.
pub async fn next(viewer: Viewer, State(app): State<App>) -> Result<Response, Refused> {
    viewer.must(Act::Review)?;
    let left = app.to_rule_again(&viewer.who, &viewer.workspace.id).await.map_err(|error| viewer.refused(error))?;
    if let Some(first) = left.first() {
        return Ok(Redirect::to(&viewer.at(&format!("qa/again/{first}"))).into_response());
    }
    let tabs = tabs(&app, &viewer, "qa").await?;
    let frame = Frame::of(&app, &viewer, Place::Qa, viewer.lang.say("再判定", "Second review"), "qa/again").await?;
    Ok(page(&Done { frame, tabs }))
}

/// The finding without what was ruled.
pub async fn read(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Refused> {
    viewer.must(Act::Review)?;
    let id = viewer.id::<name::Finding>(&id)?;
    let left = app.to_rule_again(&viewer.who, &viewer.workspace.id).await.map_err(|error| viewer.refused(error))?;
    // What one ruled on oneself, or what is done, is not looked at blind.
    if !left.contains(&id) {
        return Ok(Redirect::to(&viewer.at("qa/again")).into_response());
    }
    let opened = app.open_finding(&viewer.who, &id, &FindingFilter::default()).await;
    let opened = opened.map_err(|error| viewer.refused(error))?;
    let title = rules::rule(viewer.lang, &opened.filed.finding.seen.rule);
    let frame = Frame::of(&app, &viewer, Place::Qa, &title, &format!("qa/again/{id}")).await?;
    Ok(page(&Page {
        here: viewer.at(&format!("qa/again/{id}")),
        title,
        left: left.len(),
        asked: opened.inquiry.as_ref().map(|inquiry| ruling::asked(&viewer, inquiry, opened.now)),
        text: ruling::text(&viewer, &opened.filed, opened.drafted.as_deref()),
        clause: opened.filed.finding.seen.clause.clone(),
        may_rule: may_rule(&viewer),
        frame,
    }))
}

/// What a form says.
#[derive(Deserialize)]
pub struct Ruled {
    #[serde(default)]
    verdict: String,
    #[serde(default)]
    fault: String,
}

/// Rules, and goes on.
pub async fn rule(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Sent(ruled): Sent<Ruled>,
) -> Result<Redirect, Refused> {
    let id = viewer.id::<name::Finding>(&id)?;
    let verdict = super::verdict(&viewer, &ruled.verdict)?;
    let again = app.rule_again(&viewer.who, &id, verdict, super::fault(&ruled.fault)).await;
    again.map_err(|error| viewer.refused(error))?;
    Ok(Redirect::to(&viewer.at("qa/again")))
}
