//! The inbox: who has what, since when, how far it is, and what is overdue.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use serde::{Deserialize, Serialize};

use super::{
    frame::{Frame, Place, page},
    lang::Lang,
    line::{Line, line},
    lookup,
    refusal::Refused,
    viewer::Viewer,
};
use crate::{
    app::{App, Inbox, Names},
    domain::{Channel, Id, Sought, View},
    http::Face,
    identity::Act,
};

/// The list, and the way to what comes next.
pub fn routes() -> Router<Face> {
    Router::new()
        .route("/w/{workspace}/inbox", get(list))
        .route("/w/{workspace}/inbox/next", get(next))
        .route("/w/{workspace}/inbox/search", get(lookup::read))
}

/// What stands behind the `?`. What does not fit is left aside: an old bookmark still opens.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Asked {
    #[serde(skip_serializing_if = "String::is_empty")]
    view: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    situation: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    channel: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    behind: String,
}

impl Asked {
    fn sought(&self) -> Sought {
        Sought {
            view: View::parse(&self.view).unwrap_or_default(),
            situation: Some(self.situation.replace(char::is_control, "")).filter(|situation| !situation.is_empty()),
            channel: Channel::parse(&self.channel),
            behind: Id::parse(&self.behind).ok(),
        }
    }

    /// The address of the inbox with this behind the `?`.
    fn href(&self, viewer: &Viewer) -> String {
        viewer.at(&format!("inbox?{}", serde_urlencoded::to_string(self).unwrap_or_default()))
    }
}

#[derive(Template)]
#[template(path = "inbox.html")]
struct Page {
    frame: Frame,
    /// Nothing is looked for yet.
    q: &'static str,
    views: Vec<ViewLink>,
    heading: &'static str,
    /// What the list is narrowed to, in words.
    narrow: Vec<(&'static str, String)>,
    widen: String,
    narrowing: Narrowing,
    groups: Vec<Group>,
    more: Option<String>,
    empty: bool,
    with_chatbot: bool,
    answered_today: u64,
    next: String,
    now: i64,
}

/// What the list can be narrowed to: values and words, and what is chosen.
struct Narrowing {
    view: &'static str,
    topics: Vec<(String, String)>,
    situation: String,
    channels: Vec<(&'static str, &'static str)>,
    channel: String,
}

struct ViewLink {
    href: String,
    label: &'static str,
    count: u64,
    here: bool,
    alarming: bool,
}

/// Lines under one head.
struct Group {
    label: &'static str,
    late: bool,
    lines: Vec<Line>,
}

async fn list(viewer: Viewer, State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    viewer.must(Act::Read)?;
    let (lang, sought, workspace) = (viewer.lang, asked.sought(), &viewer.workspace.id);
    let inbox = app.inbox(&viewer.who, workspace, &sought).await.map_err(|error| viewer.refused(error))?;
    let names = app.names(workspace).await.map_err(|error| viewer.refused(error))?;
    let topics = app.topics(&viewer.who, workspace).await.map_err(|error| viewer.refused(error))?;
    let frame = Frame::of(&app, &viewer, Place::Inbox, lang.say("受信箱", "Inbox"), "inbox").await?;
    let last = inbox.lines.last().filter(|_| inbox.more);
    let more = last.map(|line| Asked { behind: line.waiting.inquiry.id.to_string(), ..asked.clone() }.href(&viewer));
    let narrow = narrow(lang, &sought, &topics);
    let link = |view: View, count| link(&viewer, &asked, view, count, sought.view);
    Ok(page(&Page {
        q: "",
        views: View::ALL
            .into_iter()
            .map(|view| (view, view.count(&frame.counts)))
            // A shop without chatbots does not hear of them.
            .filter(|(view, count)| *view != View::Chatbot || *count > 0 || *view == sought.view)
            .map(|(view, count)| link(view, count))
            .collect(),
        heading: label(lang, sought.view),
        widen: Asked { view: sought.view.as_str().to_owned(), ..Asked::default() }.href(&viewer),
        narrowing: Narrowing {
            view: sought.view.as_str(),
            topics,
            situation: sought.situation.clone().unwrap_or_default(),
            channels: Channel::ALL.into_iter().map(|channel| (channel.as_str(), lang.channel(channel))).collect(),
            channel: sought.channel.map(Channel::as_str).unwrap_or_default().to_owned(),
        },
        empty: inbox.lines.is_empty(),
        with_chatbot: sought.view == View::Chatbot,
        answered_today: View::Answered.count(&frame.counts),
        next: viewer.at("inbox/next"),
        now: inbox.now.0,
        groups: groups(&names, &viewer, sought.view, inbox),
        narrow,
        frame,
        more,
    }))
}

/// What the list is narrowed to.
fn narrow(lang: Lang, sought: &Sought, topics: &[(String, String)]) -> Vec<(&'static str, String)> {
    let said = |id: &String| topics.iter().find(|(topic, _)| topic == id).map_or(id, |(_, said)| said).clone();
    let topic = sought.situation.as_ref().map(|id| (lang.say("種類", "Topic"), said(id)));
    let channel = sought.channel.map(|channel| (lang.say("経路", "Channel"), lang.channel(channel).to_owned()));
    topic.into_iter().chain(channel).collect()
}

/// To the inquiry that waits the longest time and that nobody else works on; to the empty inbox where there is none.
async fn next(viewer: Viewer, State(app): State<App>) -> Result<Response, Refused> {
    let next = app.next_waiting(&viewer.who, &viewer.workspace.id).await.map_err(|error| viewer.refused(error))?;
    let to = next.map_or_else(|| viewer.at("inbox"), |inquiry| viewer.at(&format!("inquiries/{inquiry}")));
    Ok(Redirect::to(&to).into_response())
}

fn label(lang: Lang, view: View) -> &'static str {
    match view {
        View::Open => lang.say("未対応", "Open"),
        View::Mine => lang.say("自分が対応中", "Mine"),
        View::Overdue => lang.say("期限超過", "Overdue"),
        View::Handoff => lang.say("引き継ぎ待ち", "Handoffs"),
        View::Answered => lang.say("完了（今日）", "Done today"),
        View::Chatbot => lang.say("チャットボット対応中", "With the chatbot"),
    }
}

/// To another part of the inbox, as narrow as this one.
fn link(viewer: &Viewer, asked: &Asked, view: View, count: u64, here: View) -> ViewLink {
    ViewLink {
        href: Asked { view: view.as_str().to_owned(), behind: String::new(), ..asked.clone() }.href(viewer),
        label: label(viewer.lang, view),
        count,
        here: view == here,
        alarming: view == View::Overdue && count > 0,
    }
}

/// What is late, what is due today, what has time; of other parts of the inbox one list.
fn groups(names: &Names, viewer: &Viewer, view: View, inbox: Inbox) -> Vec<Group> {
    let (lang, now) = (viewer.lang, inbox.now);
    let tomorrow = now.day().next().start();
    let group = |label, late| Group { label, late, lines: Vec::new() };
    if matches!(view, View::Answered | View::Chatbot) {
        let lines = inbox.lines.iter().map(|one| line(names, viewer, one, now)).collect();
        return vec![Group { lines, ..group(label(lang, view), false) }];
    }
    let mut groups = [
        group(lang.say("期限超過", "Overdue"), true),
        group(lang.say("今日が期限", "Due today"), false),
        group(lang.say("明日以降が期限", "Due later"), false),
    ];
    for one in &inbox.lines {
        let at = if one.due < now { 0 } else { 1 + usize::from(one.due >= tomorrow) };
        groups[at].lines.push(line(names, viewer, one, now));
    }
    groups.into_iter().filter(|group| !group.lines.is_empty()).collect()
}
