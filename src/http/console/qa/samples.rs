//! Replies in which nothing was found, a few every week: was that right?

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{Redirect, Response},
};
use serde::Deserialize;

use super::{
    super::{
        card::slashed,
        form::Sent,
        frame::{Frame, Place, page},
        refusal::Refused,
        rules,
        viewer::Viewer,
    },
    Tab, may_rule,
    ruling::{self, Asked},
    tabs, words,
};
use crate::{
    app::{App, Names},
    domain::{Category, CleanReply, Missed, Timestamp, name},
    identity::Act,
};

#[derive(Template)]
#[template(path = "qa_samples.html")]
struct List {
    frame: Frame,
    tabs: Vec<Tab>,
    start: Option<String>,
    looked: (u64, u64),
    missed: Option<(String, String, String)>,
    weeks: Vec<Week>,
}

struct Week {
    label: String,
    all: usize,
    lines: Vec<Line>,
}

struct Line {
    href: String,
    at: String,
    vendor: String,
    person: String,
    judged: Option<bool>,
}

#[derive(Template)]
#[template(path = "qa_sample.html")]
struct Page {
    frame: Frame,
    here: String,
    subtitle: Vec<String>,
    left: usize,
    next: Option<String>,
    asked: Option<Asked>,
    text: String,
    categories: Vec<(&'static str, &'static str)>,
    may_rule: bool,
}

/// What was picked, week by week.
pub async fn list(viewer: Viewer, State(app): State<App>) -> Result<Response, Refused> {
    viewer.must(Act::Review)?;
    let workspace = &viewer.workspace.id;
    let samples = app.samples(&viewer.who, workspace).await.map_err(|error| viewer.refused(error))?;
    let names = app.names(workspace).await.map_err(|error| viewer.refused(error))?;
    let tabs = tabs(&app, &viewer, "qa/samples").await?;
    let title = viewer.lang.say("抜き取り", "Samples");
    let frame = Frame::of(&app, &viewer, Place::Qa, title, "qa/samples").await?;
    let left = app.to_look_through(&viewer.who, workspace).await.map_err(|error| viewer.refused(error))?;
    let week = |(monday, all, picked): &(_, usize, Vec<CleanReply>)| Week {
        label: slashed(*monday),
        all: *all,
        lines: picked.iter().map(|one| line(&viewer, &names, one, samples.now)).collect(),
    };
    Ok(page(&List {
        start: left.first().map(|reply| viewer.at(&format!("qa/samples/{reply}"))),
        looked: samples.looked,
        missed: samples
            .missed
            .map(|share| (words::percent(share.value), words::percent(share.low), words::percent(share.high))),
        weeks: samples.weeks.iter().filter(|(_, all, _)| *all > 0).map(week).collect(),
        frame,
        tabs,
    }))
}

fn line(viewer: &Viewer, names: &Names, one: &CleanReply, now: Timestamp) -> Line {
    Line {
        href: viewer.at(&format!("qa/samples/{}", one.reply)),
        at: viewer.lang.moment(one.sent_at, now),
        vendor: one.vendor.clone().unwrap_or_else(|| viewer.lang.say("自社", "In-house").to_owned()),
        person: one.author.as_deref().map(|author| names.of(author).to_owned()).unwrap_or_default(),
        judged: one.judged,
    }
}

/// One reply to look through.
pub async fn read(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Refused> {
    viewer.must(Act::Review)?;
    let lang = viewer.lang;
    let id = viewer.id::<name::Reply>(&id)?;
    let sample = app.sample(&viewer.who, &id).await.map_err(|error| viewer.refused(error))?;
    let names = app.names(&viewer.workspace.id).await.map_err(|error| viewer.refused(error))?;
    let title = lang.say("指摘のない返信", "A reply without findings");
    let frame = Frame::of(&app, &viewer, Place::Qa, title, &format!("qa/samples/{id}")).await?;
    let reply = sample.reply;
    let parts = [
        reply.vendor.unwrap_or_else(|| lang.say("自社", "In-house").to_owned()),
        reply.author.map(|author| names.of(&author).to_owned()).unwrap_or_default(),
        lang.moment(reply.sent_at, sample.now),
    ];
    Ok(page(&Page {
        here: viewer.at(&format!("qa/samples/{id}")),
        subtitle: parts.into_iter().filter(|part| !part.is_empty()).collect(),
        left: sample.left,
        next: sample.next.map(|next| viewer.at(&format!("qa/samples/{next}"))),
        asked: sample.inquiry.as_ref().map(|inquiry| ruling::asked(&viewer, inquiry, sample.now)),
        text: reply.text,
        categories: Category::ALL.iter().map(|kind| (kind.as_str(), rules::category(lang, *kind))).collect(),
        may_rule: may_rule(&viewer),
        frame,
    }))
}

/// What a form says.
#[derive(Deserialize)]
pub struct Judged {
    #[serde(default)]
    judged: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    words: String,
}

/// Keeps it, and goes on to the next reply.
pub async fn judge(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Sent(judged): Sent<Judged>,
) -> Result<Redirect, Refused> {
    let lang = viewer.lang;
    let id = viewer.id::<name::Reply>(&id)?;
    let missed = match judged.judged.as_str() {
        "fine" => None,
        "missed" => {
            let (ja, en) = ("見逃した指摘の種類を選んでください。", "Choose what was missed. Nothing was recorded.");
            let category = Category::parse(&judged.category).ok_or_else(|| Refused::form(lang, ja, en))?;
            Some(Missed { category, words: judged.words.replace("\r\n", "\n").trim().to_owned() })
        }
        _ => return Err(Refused::form(lang, "判定を選んでください。", "Choose a verdict. Nothing was recorded.")),
    };
    let kept = app.judge_sample(&viewer.who, &id, missed).await;
    kept.map_err(|error| viewer.refused(error))?;
    let left = app.to_look_through(&viewer.who, &viewer.workspace.id).await.map_err(|error| viewer.refused(error))?;
    let to = left.first().map_or_else(|| "qa/samples".to_owned(), |next| format!("qa/samples/{next}"));
    Ok(Redirect::to(&viewer.at(&to)))
}
