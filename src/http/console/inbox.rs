//! The inbox: who has what, since when, how far it is, and what is overdue.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use serde::Deserialize;

use super::{
    frame::{Frame, Place, page},
    lang::Lang,
    refusal::Refused,
    viewer::Viewer,
};
use crate::{
    app::{App, Inbox, InboxLine, Names},
    domain::{DraftState, Id, Lease, Sought, Timestamp, View},
    http::Face,
    identity::Act,
};

/// The list, and the way to what comes next.
pub fn routes() -> Router<Face> {
    Router::new().route("/w/{workspace}/inbox", get(list)).route("/w/{workspace}/inbox/next", get(next))
}

/// What stands behind the `?`. What does not fit is left aside: an old bookmark still opens.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    view: String,
    situation: String,
    behind: String,
}

#[derive(Template)]
#[template(path = "inbox.html")]
struct Page {
    frame: Frame,
    views: Vec<ViewLink>,
    heading: &'static str,
    groups: Vec<Group>,
    more: Option<String>,
    empty: bool,
    answered_today: u64,
    next: String,
    now: i64,
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

struct Line {
    href: String,
    title: String,
    rest: String,
    customer: String,
    topic: String,
    channel: &'static str,
    draft: DraftWord,
    held: Option<Held>,
    due: String,
    urgency: &'static str,
    received: String,
}

/// How far the draft is, in an icon and two short lines.
struct DraftWord {
    mark: &'static str,
    tone: &'static str,
    first: String,
    second: String,
}

/// Who works on it.
pub struct Held {
    /// The first character of their name.
    pub initial: String,
    /// Who, in words.
    pub label: String,
    /// Since when.
    pub since: String,
    /// Whether it is the reader.
    pub mine: bool,
}

async fn list(viewer: Viewer, State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    viewer.must(Act::Read)?;
    let sought = Sought {
        view: View::parse(&asked.view).unwrap_or_default(),
        situation: Some(asked.situation).filter(|situation| !situation.is_empty()),
        behind: Id::parse(&asked.behind).ok(),
    };
    let inbox = app.inbox(&viewer.who, &viewer.workspace.id, &sought).await.map_err(|error| viewer.refused(error))?;
    let names = app.names(&viewer.workspace.id).await.map_err(|error| viewer.refused(error))?;
    let title = viewer.lang.say("受信箱", "Inbox");
    let frame = Frame::of(&app, &viewer, Place::Inbox, title, "inbox").await?;
    let more = inbox
        .lines
        .last()
        .filter(|_| inbox.more)
        .map(|line| viewer.at(&format!("inbox?view={}&behind={}", sought.view.as_str(), line.waiting.inquiry.id)));
    Ok(page(&Page {
        views: View::ALL
            .into_iter()
            .zip(frame.counts)
            .map(|(view, count)| link(&viewer, view, count, sought.view))
            .collect(),
        heading: label(viewer.lang, sought.view),
        empty: inbox.lines.is_empty(),
        answered_today: frame.counts[View::ALL.len() - 1],
        next: viewer.at("inbox/next"),
        now: inbox.now.0,
        groups: groups(&names, &viewer, sought.view, inbox),
        frame,
        more,
    }))
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
    }
}

fn link(viewer: &Viewer, view: View, count: u64, here: View) -> ViewLink {
    ViewLink {
        href: viewer.at(&format!("inbox?view={}", view.as_str())),
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
    if view == View::Answered {
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

fn line(names: &Names, viewer: &Viewer, one: &InboxLine, now: Timestamp) -> Line {
    let (lang, inquiry) = (viewer.lang, &one.waiting.inquiry);
    let (due, urgency) = due(lang, one.due, now);
    Line {
        href: viewer.at(&format!("inquiries/{}", inquiry.id)),
        title: one.title.clone(),
        rest: one.rest.clone(),
        customer: inquiry.customer.as_ref().map(|customer| customer.as_str().to_owned()).unwrap_or_default(),
        topic: lang.topic(&one.topic, inquiry.situations.primary.as_str()),
        channel: lang.channel(inquiry.channel),
        draft: draft_word(lang, one),
        held: one.waiting.lease.as_ref().map(|lease| held(names, viewer, lease, now)),
        due,
        urgency,
        received: format!("{}{}", lang.moment(inquiry.received_at, now), lang.say(" 受信", "")),
    }
}

/// How long there is, and how much it presses.
pub fn due(lang: Lang, due: Timestamp, now: Timestamp) -> (String, &'static str) {
    const SOON: i64 = 60 * 60 * 1000;
    let left = due.0 - now.0;
    let span = lang.span(left);
    match left {
        left if left < 0 => (format!("{span}{}", lang.say("超過", " late")), "late"),
        left if left < SOON => (span, "soon"),
        _ => (span, "calm"),
    }
}

/// Who works on something, for this reader.
pub fn held(names: &Names, viewer: &Viewer, lease: &Lease, now: Timestamp) -> Held {
    let (lang, mine) = (viewer.lang, lease.principal == viewer.who.id);
    let name = names.of(&lease.principal);
    let own = lang.say("あなた", "You");
    let label = match (mine, lang) {
        (true, _) => lang.say("あなたが対応中", "You have it").to_owned(),
        (false, Lang::Ja) => format!("{name}が対応中"),
        (false, Lang::En) => format!("{name} has it"),
    };
    let initial = if mine { own } else { name };
    Held {
        initial: initial.chars().next().map(String::from).unwrap_or_default(),
        label,
        since: format!("{}{}", lang.moment(lease.since, now), lang.say(" から", "")),
        mine,
    }
}

fn draft_word(lang: Lang, one: &InboxLine) -> DraftWord {
    let word = |mark, tone, first: &str, second: &str| DraftWord {
        mark,
        tone,
        first: first.to_owned(),
        second: second.to_owned(),
    };
    if one.waiting.outcome.as_deref() == Some("handoff") {
        return word("person", "quiet", lang.say("引き継ぎ", "Handoff"), lang.say("人が答えます", "A person answers"));
    }
    let Some(draft) = one.waiting.draft else {
        return word("clock", "quiet", lang.say("準備中", "In the making"), "");
    };
    match draft.state {
        DraftState::Decided if one.waiting.state == crate::domain::InquiryState::Answered => {
            return word("tick", "fine", lang.say("返信済み", "Answered"), "");
        }
        DraftState::Decided => {
            return word(
                "pen",
                "quiet",
                lang.say("下書きは使わない", "Draft not used"),
                lang.say("返信を書きます", "To be written"),
            );
        }
        DraftState::Superseded => {
            return word(
                "clock",
                "quiet",
                lang.say("作り直し", "Out of date"),
                lang.say("開くと作り直せます", "Open to draft anew"),
            );
        }
        DraftState::Current => {}
    }
    let Some(tally) = draft.tally else {
        return word("clock", "quiet", lang.say("下書きあり", "Drafted"), "");
    };
    let mut kinds = Vec::new();
    for (count, ja, en) in [
        (tally.contradicted, "矛盾", "contradicted"),
        (tally.unsupported, "根拠なし", "no source"),
        (tally.errors, "指摘", "finding"),
    ] {
        if count > 0 {
            kinds.push(lang.say(ja, en));
        }
    }
    let blockers = tally.blockers();
    if blockers > 0 {
        let mark = if tally.contradicted > 0 {
            "contradicted"
        } else if tally.unsupported > 0 {
            "unsupported"
        } else {
            "wave"
        };
        let tone = if tally.contradicted + tally.unsupported > 0 { "blocked" } else { "tone" };
        let first = format!("{}{}", lang.say("確認 ", "To check: "), lang.count(blockers));
        return word(mark, tone, &first, &kinds.join(lang.say("・", ", ")));
    }
    let ready = lang.say("採用できます", "Ready");
    match tally.weak {
        0 => word("supported", "fine", ready, ""),
        weak => word("weak", "caution", ready, &format!("{} {weak}", lang.say("根拠が弱い文", "weak sentences:"))),
    }
}
