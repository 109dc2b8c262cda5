//! A change that waits: what it changes, what a yes makes false, which documents would say otherwise; and the yes or no.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{
    asking,
    difference::Laid,
    document::FieldChange,
    document_at,
    edit::{Change, unfulfilled},
    effects::Effects,
    facts,
    list::wish_word,
    numbered,
};
use crate::{
    app::{App, AppError, Fulfilled},
    domain::{Proposal, Wish, name},
    http::console::{
        form::Sent,
        frame::{Frame, Place, page},
        refusal::Refused,
        viewer::Viewer,
    },
    identity::Act,
};

/// What stands behind the `?`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// What was wanted without a reason: `approve` or `refuse`.
    needs: String,
}

/// A yes or no.
#[derive(Debug, Deserialize)]
pub struct Deciding {
    action: String,
    #[serde(default)]
    reason: String,
}

#[derive(Template)]
#[template(path = "knowledge_proposal.html")]
struct Page {
    frame: Frame,
    title: String,
    facts: Vec<String>,
    word: String,
    submitted: String,
    body: Laid,
    note: Vec<Laid>,
    fields: Vec<FieldChange>,
    effects: Option<Effects>,
    stuck: &'static str,
    current: Option<String>,
    decide: String,
    needs: String,
    may_keep: bool,
}

/// A proposal that waits.
pub async fn read(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    viewer.must(Act::ReadInternal)?;
    let (lang, workspace) = (viewer.lang, &viewer.workspace.id);
    let id = viewer.id::<name::Proposal>(&id)?;
    let (proposal, preview) = app.proposal(&viewer.who, &id).await.map_err(|error| viewer.refused(error))?;
    let key = proposal.wish.key();
    let known = app.known(&viewer.who, workspace, key).await.map_err(|error| viewer.refused(error))?;
    let names = app.names(workspace).await.map_err(|error| viewer.refused(error))?;
    let content = proposal.wish.content().or_else(|| known.current().map(|revision| &revision.content));
    let title = content.map_or(key, |content| content.title.as_str()).to_owned();
    let (change, effects, stuck) = match &preview {
        Ok(preview) => (Change::of(lang, preview), Some(Effects::of(&viewer, key, preview)), ""),
        Err(AppError::Wish(error)) => (alone(&proposal), None, unfulfilled(lang, *error)),
        Err(_) => (alone(&proposal), None, ""),
    };
    let at = lang.moment(proposal.at, known.now);
    let submitted = match lang {
        super::Lang::Ja => format!("{}が {at} に提出（{}）", names.of(&proposal.by), wish_word(lang, &proposal.wish)),
        super::Lang::En => format!("{} on {at} ({})", names.of(&proposal.by), wish_word(lang, &proposal.wish)),
    };
    Ok(page(&Page {
        frame: Frame::of(&app, &viewer, Place::Knowledge, &title, "knowledge").await?,
        facts: content.map(|content| facts(lang, content)).unwrap_or_default(),
        word: match proposal.wish {
            Wish::Retire(_) => lang.say("取り下げが承認待ち", "Retiring waits").to_owned(),
            _ => format!("{}{}", numbered(lang, known.history.len() + 1), lang.say("が承認待ち", " waits")),
        },
        body: change.body,
        note: change.note,
        fields: change.fields,
        current: known.current().map(|_| document_at(&viewer, key, None)),
        decide: viewer.at(&format!("knowledge/proposals/{id}/decision")),
        needs: asked.needs,
        may_keep: viewer.may(Act::KeepKnowledge),
        title,
        submitted,
        effects,
        stuck,
    }))
}

/// What is wanted, where it cannot be laid over anything.
fn alone(proposal: &Proposal) -> Change {
    let words = proposal.wish.content().map_or("", |content| content.body.as_str());
    Change { body: Laid::alone(words), note: Vec::new(), fields: Vec::new() }
}

/// The yes or no.
pub async fn decide(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Sent(deciding): Sent<Deciding>,
) -> Result<Response, Refused> {
    viewer.must(Act::KeepKnowledge)?;
    let id = viewer.id::<name::Proposal>(&id)?;
    let approve = match deciding.action.as_str() {
        "approve" => true,
        "refuse" => false,
        _ => return Err(Refused::nothing_here(viewer.lang)),
    };
    let reason = Some(deciding.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    let to = match app.decide_proposal(&viewer.who, &id, approve, reason, None).await {
        Err(AppError::ReasonMissing(_)) => {
            let here = format!("knowledge/proposals/{id}");
            format!("{}#decide", asking(&viewer, &here, &[("needs", &deciding.action)]))
        }
        Err(error) => return Err(viewer.refused(error)),
        Ok(Fulfilled::Done(Some(revision))) => {
            let query = [("key", revision.content.key.as_str()), ("rev", revision.id.as_str()), ("done", "approved")];
            asking(&viewer, "knowledge/document", &query)
        }
        Ok(_) => viewer.at("knowledge"),
    };
    Ok(Redirect::to(&to).into_response())
}
