//! Which drafts and replies stand on a document.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{document_at, numbered};
use crate::{
    app::{App, Known},
    domain::{DraftState, Relied, ReliedBy, Revision},
    http::console::{
        frame::{Frame, Place, page},
        lang::Lang,
        refusal::Refused,
        viewer::Viewer,
    },
    identity::Act,
};

/// What stands behind the `?`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    key: String,
}

#[derive(Template)]
#[template(path = "knowledge_relied.html")]
struct Page {
    frame: Frame,
    title: String,
    back: String,
    rows: Vec<Row>,
    more: bool,
}

struct Row {
    href: Option<String>,
    opening: String,
    customer: String,
    what: &'static str,
    number: String,
    older: bool,
    at: String,
}

/// The list.
pub async fn list(viewer: Viewer, State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    viewer.must(Act::ReadInternal)?;
    let (lang, workspace) = (viewer.lang, &viewer.workspace.id);
    let known = app.known(&viewer.who, workspace, &asked.key).await.map_err(|error| viewer.refused(error))?;
    let (relied, more) = app.relied(&viewer.who, workspace, &asked.key).await.map_err(|error| viewer.refused(error))?;
    let title = lang.say("この文書に基づく下書きと返信", "What stands on it");
    let frame = Frame::of(&app, &viewer, Place::Knowledge, title, "knowledge").await?;
    Ok(page(&Page {
        title: known.current().map(|revision| revision.content.title.clone()).unwrap_or_default(),
        back: document_at(&viewer, &asked.key, None),
        rows: relied.iter().map(|one| row(&viewer, &known, one)).collect(),
        more,
        frame,
    }))
}

fn row(viewer: &Viewer, known: &Known, one: &Relied) -> Row {
    let lang = viewer.lang;
    let place = known.history.iter().position(|revision| revision.id == one.revision);
    let ended = |revision: &Revision| revision.recorded_until.is_some();
    let inquiry = one.inquiry.as_ref();
    let customer = inquiry.and_then(|inquiry| inquiry.customer.as_ref());
    Row {
        href: inquiry.map(|inquiry| viewer.at(&format!("inquiries/{}", inquiry.id))),
        opening: inquiry.map_or_else(|| unknown(lang), |inquiry| opening(inquiry.text.as_str())),
        customer: customer.map(|customer| customer.as_str().to_owned()).unwrap_or_default(),
        what: what(lang, &one.by),
        number: place.map(|at| numbered(lang, at + 1)).unwrap_or_default(),
        older: place.is_some_and(|at| ended(&known.history[at])),
        at: lang.moment(one.at, known.now),
    }
}

fn unknown(lang: Lang) -> String {
    lang.say("問い合わせは分かりません", "The inquiry is not known").to_owned()
}

fn what(lang: Lang, by: &ReliedBy) -> &'static str {
    match by {
        ReliedBy::Reply { .. } => lang.say("返信", "Reply"),
        ReliedBy::Draft { state: DraftState::Current, .. } => lang.say("下書き（未対応）", "Draft, open"),
        ReliedBy::Draft { state: DraftState::Decided, .. } => lang.say("下書き（判断済み）", "Draft, decided"),
        ReliedBy::Draft { state: DraftState::Superseded, .. } => lang.say("下書き（作り直し）", "Draft, replaced"),
    }
}

/// The first words of what the customer wrote.
pub fn opening(text: &str) -> String {
    const CHARS: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(CHARS) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line,
    }
}
