//! QA's place: findings are ruled on one after another, replies without findings are sampled, vendors and rules are watched,
//! disputes are answered, and a rule that is wrong becomes a proposal to change the guide.

mod again;
mod change;
mod chart;
mod conditions;
mod disputes;
mod filters;
mod queue;
mod ruling;
mod samples;
mod trends;
mod words;

use axum::{
    Router,
    routing::{get, post},
};

use super::{refusal::Refused, viewer::Viewer};
use crate::{
    app::{App, WaitingForQa},
    domain::{Fault, RulingVerdict},
    http::Face,
    identity::Act,
};

/// Every page of the place, and what they send.
pub fn routes() -> Router<Face> {
    Router::new()
        .route("/w/{workspace}/qa", get(queue::list))
        .route("/w/{workspace}/qa/next", get(queue::next))
        .route("/w/{workspace}/qa/filters", post(filters::save))
        .route("/w/{workspace}/qa/filters/{id}/remove", post(filters::remove))
        .route("/w/{workspace}/qa/findings/{id}", get(ruling::read).post(ruling::rule))
        .route("/w/{workspace}/qa/again", get(again::next))
        .route("/w/{workspace}/qa/again/{id}", get(again::read).post(again::rule))
        .route("/w/{workspace}/qa/samples", get(samples::list))
        .route("/w/{workspace}/qa/samples/{id}", get(samples::read).post(samples::judge))
        .route("/w/{workspace}/qa/trends", get(trends::read))
        .route("/w/{workspace}/qa/disputes", get(disputes::list))
        .route("/w/{workspace}/qa/disputes/{id}", post(disputes::answer))
        .route("/w/{workspace}/qa/mine", get(disputes::mine))
        .route("/w/{workspace}/qa/mine/{id}", post(disputes::dispute))
        .route("/w/{workspace}/qa/rules", get(change::read).post(change::propose))
}

/// One of the tabs in the head of the place.
pub struct Tab {
    href: String,
    label: &'static str,
    count: u64,
    here: bool,
}

/// The tabs, with what waits in each.
async fn tabs(app: &App, viewer: &Viewer, here: &str) -> Result<Vec<Tab>, Refused> {
    let waiting = app.waiting_for_qa(&viewer.who, &viewer.workspace.id).await.map_err(|error| viewer.refused(error))?;
    Ok(drawn(viewer, here, waiting))
}

fn drawn(viewer: &Viewer, here: &str, waiting: WaitingForQa) -> Vec<Tab> {
    let lang = viewer.lang;
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let all = [
        ("qa", lang.say("指摘", "Findings"), waiting.findings),
        ("qa/samples", lang.say("抜き取り", "Samples"), count(waiting.samples)),
        ("qa/trends", lang.say("傾向", "Trends"), 0),
        ("qa/disputes", lang.say("異議", "Disputes"), count(waiting.disputes)),
    ];
    let tab = |(path, label, count): (&str, &'static str, u64)| Tab {
        href: viewer.at(path),
        label,
        count,
        here: path == here,
    };
    all.into_iter().map(tab).collect()
}

/// The verdict that a form names.
fn verdict(viewer: &Viewer, word: &str) -> Result<RulingVerdict, Refused> {
    let all = [RulingVerdict::Confirmed, RulingVerdict::Dismissed, RulingVerdict::Waived];
    let (ja, en) = ("判定を選んでください。何も記録していません。", "Choose a verdict. Nothing was recorded.");
    all.into_iter().find(|one| one.as_str() == word).ok_or_else(|| Refused::form(viewer.lang, ja, en))
}

/// What a form says has to be mended.
fn fault(word: &str) -> Option<Fault> {
    [Fault::Operator, Fault::Rule, Fault::Guide].into_iter().find(|one| one.as_str() == word)
}

/// Who may rule; others read.
fn may_rule(viewer: &Viewer) -> bool {
    viewer.may(Act::Rule)
}
