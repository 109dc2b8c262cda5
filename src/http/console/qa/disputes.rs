//! What the author's side says against a ruling, and what QA answers.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{Redirect, Response},
};
use serde::Deserialize;

use super::{
    super::{
        form::Sent,
        frame::{Frame, Place, page},
        letter::Piece,
        refusal::Refused,
        rules,
        viewer::Viewer,
    },
    Tab, may_rule, tabs, words,
};
use crate::{
    app::{App, Names},
    domain::{FiledDispute, FiledFinding, RulingVerdict, Span, Timestamp, name},
    identity::Act,
};

#[derive(Template)]
#[template(path = "qa_disputes.html")]
struct List {
    frame: Frame,
    tabs: Vec<Tab>,
    waiting: Vec<Item>,
    answered: Vec<Item>,
    may_rule: bool,
}

#[derive(Template)]
#[template(path = "qa_mine.html")]
struct Mine {
    frame: Frame,
    items: Vec<Item>,
}

/// One finding with what was said of it.
struct Item {
    href: String,
    act: String,
    rule: String,
    clause: String,
    pieces: Vec<Piece>,
    by: Vec<String>,
    ruled: Option<(String, String)>,
    dispute: Option<(String, String)>,
    answer: Option<(bool, String, String)>,
}

/// All disputes.
pub async fn list(viewer: Viewer, State(app): State<App>) -> Result<Response, Refused> {
    viewer.must(Act::Review)?;
    let workspace = &viewer.workspace.id;
    let disputes = app.disputes(&viewer.who, workspace).await.map_err(|error| viewer.refused(error))?;
    let names = app.names(workspace).await.map_err(|error| viewer.refused(error))?;
    let tabs = tabs(&app, &viewer, "qa/disputes").await?;
    let title = viewer.lang.say("異議", "Disputes");
    let frame = Frame::of(&app, &viewer, Place::Qa, title, "qa/disputes").await?;
    let now = app.start_of_today();
    let item = |(dispute, filed): &(FiledDispute, FiledFinding)| {
        item(&viewer, &names, filed, Some(dispute), "qa/disputes", now)
    };
    let (waiting, answered): (Vec<_>, Vec<_>) = disputes.iter().partition(|(dispute, _)| dispute.answer.is_none());
    Ok(page(&List {
        waiting: waiting.into_iter().map(item).collect(),
        answered: answered.into_iter().map(item).collect(),
        may_rule: may_rule(&viewer),
        frame,
        tabs,
    }))
}

/// What was held against one's own replies.
pub async fn mine(viewer: Viewer, State(app): State<App>) -> Result<Response, Refused> {
    viewer.must(Act::Decide)?;
    let workspace = &viewer.workspace.id;
    let held = app.held_against(&viewer.who, workspace).await.map_err(|error| viewer.refused(error))?;
    let names = app.names(workspace).await.map_err(|error| viewer.refused(error))?;
    let title = viewer.lang.say("自分の返信への判定", "Rulings on your replies");
    let frame = Frame::of(&app, &viewer, Place::Qa, title, "qa/mine").await?;
    let now = app.start_of_today();
    let item = |(filed, dispute): &(FiledFinding, Option<FiledDispute>)| {
        item(&viewer, &names, filed, dispute.as_ref(), "qa/mine", now)
    };
    Ok(page(&Mine { items: held.iter().map(item).collect(), frame }))
}

fn item(
    viewer: &Viewer,
    names: &Names,
    filed: &FiledFinding,
    dispute: Option<&FiledDispute>,
    place: &str,
    now: Timestamp,
) -> Item {
    let (lang, seen) = (viewer.lang, &filed.finding.seen);
    let sentence = App::sentence_of(filed).unwrap_or_else(|| Span::new(0, filed.text.chars().count().min(60)));
    let marks: Vec<_> = seen.span.map(|span| (span, "meant", seen.clause.clone())).into_iter().collect();
    let signed = |by: &str, at| format!("{} {}", names.of(by), lang.moment(at, now));
    let parts = [
        filed.vendor.clone().unwrap_or_else(|| lang.say("自社", "In-house").to_owned()),
        filed.person.as_deref().map(|person| names.of(person).to_owned()).unwrap_or_default(),
        lang.moment(filed.at, now),
    ];
    // What was ruled before the dispute was answered.
    let confirmed = filed.rulings.iter().rfind(|ruling| ruling.verdict == RulingVerdict::Confirmed);
    Item {
        href: viewer.at(&format!("qa/findings/{}?view=all", filed.finding.id)),
        act: viewer.at(&format!("{place}/{}", filed.finding.id)),
        rule: rules::rule(lang, &seen.rule),
        clause: seen.clause.clone(),
        pieces: words::cut(&filed.text, sentence, &marks),
        by: parts.into_iter().filter(|part| !part.is_empty()).collect(),
        ruled: confirmed.map(|ruling| (ruling.reason.clone().unwrap_or_default(), lang.moment(ruling.at, now))),
        dispute: dispute.map(|one| (one.dispute.reason.clone(), signed(&one.by, one.dispute.at))),
        answer: dispute
            .and_then(|one| one.answer.as_ref())
            .map(|(answer, by)| (answer.granted, answer.reason.clone(), signed(by, answer.at))),
    }
}

/// What somebody says.
#[derive(Deserialize)]
pub struct Said {
    #[serde(default)]
    reason: String,
    /// `grant`, or else not.
    #[serde(default)]
    action: String,
}

/// QA answers.
pub async fn answer(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Sent(said): Sent<Said>,
) -> Result<Redirect, Refused> {
    let id = viewer.id::<name::Finding>(&id)?;
    let reason = said.reason.replace("\r\n", "\n");
    let answered = app.answer_dispute(&viewer.who, &id, said.action == "grant", &reason).await;
    answered.map_err(|error| viewer.refused(error))?;
    Ok(Redirect::to(&viewer.at("qa/disputes")))
}

/// The author's side says why a ruling is wrong.
pub async fn dispute(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Sent(said): Sent<Said>,
) -> Result<Redirect, Refused> {
    let id = viewer.id::<name::Finding>(&id)?;
    let reason = said.reason.replace("\r\n", "\n");
    app.dispute(&viewer.who, &id, &reason).await.map_err(|error| viewer.refused(error))?;
    Ok(Redirect::to(&viewer.at("qa/mine")))
}
