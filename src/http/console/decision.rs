//! Deciding on a draft: accept, edit, reject; and a reply of one's own where there is no draft.

use axum::{
    Router,
    extract::{Path, State},
    response::Redirect,
    routing::post,
};
use serde::Deserialize;

use super::{form::Sent, lang::Lang, refusal::Refused, viewer::Viewer};
use crate::{
    app::{App, NewDecision, Reported},
    domain::{Verb, name},
    http::Face,
};

/// Where decisions come in.
pub fn routes() -> Router<Face> {
    Router::new()
        .route("/w/{workspace}/drafts/{id}/decision", post(decide))
        .route("/w/{workspace}/drafts/{id}/undo", post(undo))
        .route("/w/{workspace}/inquiries/{id}/reply", post(reply))
}

#[derive(Deserialize)]
struct Deciding {
    action: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    reason: String,
    /// Of a rejection, its kind.
    #[serde(default)]
    kind: String,
    inquiry: String,
}

async fn decide(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Sent(deciding): Sent<Deciding>,
) -> Result<Redirect, Refused> {
    let draft = viewer.id::<name::Draft>(&id)?;
    let inquiry = viewer.id::<name::Inquiry>(&deciding.inquiry)?;
    let verb = match deciding.action.as_str() {
        "accept" => Verb::Accept,
        "edit" => Verb::Edit { text: written(&deciding.text) },
        "reject" => Verb::Reject,
        _ => return Err(Refused::nothing_here(viewer.lang)),
    };
    let said = match (deciding.kind.as_str(), deciding.reason.trim()) {
        ("", reason) => reason.to_owned(),
        (kind, "") => kind.to_owned(),
        (kind, reason) => format!("{kind}: {reason}"),
    };
    let reason = Some(said).filter(|reason| !reason.is_empty());
    let new = NewDecision { reason, byline: viewer.byline(), ..NewDecision::new(verb) };
    app.decide(&viewer.who, &draft, new, None).await.map_err(|error| viewer.refused(error))?;
    Ok(Redirect::to(&viewer.at(&format!("inquiries/{inquiry}?done=1"))))
}

#[derive(Deserialize)]
struct Undoing {
    inquiry: String,
}

/// The decision on a draft is taken back.
async fn undo(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Sent(undoing): Sent<Undoing>,
) -> Result<Redirect, Refused> {
    let draft = viewer.id::<name::Draft>(&id)?;
    let inquiry = viewer.id::<name::Inquiry>(&undoing.inquiry)?;
    app.undo(&viewer.who, &draft).await.map_err(|error| viewer.refused(error))?;
    Ok(Redirect::to(&viewer.at(&format!("inquiries/{inquiry}?undone=1"))))
}

#[derive(Deserialize)]
struct Written {
    text: String,
}

/// A reply that an operator writes alone.
async fn reply(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Sent(sent): Sent<Written>,
) -> Result<Redirect, Refused> {
    let inquiry = viewer.id::<name::Inquiry>(&id)?;
    let found = app.inquiry(&viewer.who, &inquiry).await.map_err(|error| viewer.refused(error))?;
    let text = written(&sent.text);
    if text.is_empty() {
        let (ja, en) = ("返信が空です。何も記録していません。", "The reply is empty. Nothing was recorded.");
        return Err(Refused::form(viewer.lang, ja, en));
    }
    let reported = Reported {
        workspace: found.workspace,
        inquiry: Some(inquiry.clone()),
        channel: found.channel,
        text,
        byline: viewer.byline(),
        sent_at: None,
    };
    app.report_reply(&viewer.who, reported, None).await.map_err(|error| viewer.refused(error))?;
    Ok(Redirect::to(&viewer.at(&format!("inquiries/{inquiry}?done=1"))))
}

/// Why, as people say it: of a rejection the kind stands first, as [`decide`] keeps it.
pub fn reason(lang: Lang, rejected: bool, kept: &str) -> String {
    let (kind, words) = kept.split_once(": ").unwrap_or((kept, ""));
    let kind = match kind {
        "incorrect" => lang.say("誤り", "Wrong"),
        "incomplete" => lang.say("不足", "Incomplete"),
        "inappropriate" => lang.say("不適切", "Inappropriate"),
        "outdated" => lang.say("古い", "Outdated"),
        "other" => lang.say("その他", "Other"),
        _ => return kept.to_owned(),
    };
    match (rejected, words) {
        (false, _) => kept.to_owned(),
        (true, "") => kind.to_owned(),
        (true, words) => format!("{kind}{}{words}", lang.say("：", ": ")),
    }
}

/// A field's line ends are those of the wire.
fn written(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}
