//! Home: what needs somebody now, and how the day goes.

mod charts;

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};

use self::charts::{Ages, Fortunes, Hours};
use super::{
    audit::words::grouped,
    frame::{Frame, Place, page},
    lang::Lang,
    refusal::Refused,
    viewer::Viewer,
};
use crate::{
    app::{App, Chart, InboxLine, Today},
    domain::{Proposal, View, Wish},
    http::Face,
    identity::Act,
};

/// The page.
pub fn routes() -> Router<Face> {
    Router::new().route("/w/{workspace}/home", get(read))
}

#[derive(Template)]
#[template(path = "home.html")]
struct Page {
    frame: Frame,
    date: String,
    searchable: bool,
    blank: bool,
    may_ask: bool,
    needs: Vec<Need>,
    hours: Hours,
    ages: Ages,
    fortunes: Fortunes,
    first_reply: Option<String>,
    done: u64,
}

/// Something that needs somebody now.
struct Need {
    icon: &'static str,
    tone: &'static str,
    head: String,
    detail: String,
    href: String,
    label: &'static str,
    key: usize,
}

async fn read(viewer: Viewer, State(app): State<App>) -> Result<Response, Refused> {
    let today = app.today(&viewer.who, &viewer.workspace.id).await.map_err(|error| viewer.refused(error))?;
    let lang = viewer.lang;
    let frame = Frame::of(&app, &viewer, Place::Home, lang.say("今日", "Today"), "home").await?;
    let count = |view: View| view.count(&today.counts);
    let (open, mine, overdue, done) =
        (count(View::Open), count(View::Mine), count(View::Overdue), count(View::Answered));
    Ok(page(&Page {
        date: format!("{} {}", lang.day(today.now.day()), lang.time(today.now)),
        searchable: today.searchable,
        blank: today.is_blank() && today.is_calm(),
        may_ask: viewer.may(Act::Ask),
        needs: needs(&viewer, &today),
        hours: Hours::of(lang, &today.arrivals, today.now),
        ages: Ages::of(lang, &today, [open, mine, overdue]),
        fortunes: Fortunes::of(lang, &today.fates),
        first_reply: today.first_reply.map(|millis| lang.span(millis)),
        done,
        frame,
    }))
}

/// What needs somebody, the most urgent first; the place in the list is the key.
fn needs(viewer: &Viewer, today: &Today) -> Vec<Need> {
    let overdue = today.overdue.as_ref().map(|line| overdue(viewer, today, line));
    let handoff = today.handoff.as_ref().map(|line| handoff(viewer, today, line));
    let vendor = today.vendors.first().map(|first| vendors(viewer, first, today.vendors.len()));
    let proposal = today.proposals.first().map(|first| proposals(viewer, first, today.proposals.len()));
    let needs = [overdue, handoff, vendor, proposal].into_iter().flatten();
    needs.enumerate().map(|(at, need)| Need { key: at + 1, ..need }).collect()
}

/// 返信期限を過ぎた問い合わせ 3件.
fn counted(lang: Lang, ja: &str, en: &str, count: u64) -> String {
    let count = grouped(count);
    match lang {
        Lang::Ja => format!("{ja} {count}件"),
        Lang::En => format!("{en}: {count}"),
    }
}

fn overdue(viewer: &Viewer, today: &Today, line: &InboxLine) -> Need {
    let lang = viewer.lang;
    let late = lang.span(today.now.0 - line.due.0);
    Need {
        icon: "clock",
        tone: "blocked",
        head: counted(lang, "返信期限を過ぎた問い合わせ", "Overdue inquiries", View::Overdue.count(&today.counts)),
        detail: match lang {
            Lang::Ja => format!("最も古いもの：{}（{late}超過）", line.title),
            Lang::En => format!("The oldest: {} ({late} late)", line.title),
        },
        href: viewer.at("inbox?view=overdue"),
        label: lang.say("開く", "Open"),
        key: 0,
    }
}

fn handoff(viewer: &Viewer, today: &Today, line: &InboxLine) -> Need {
    let lang = viewer.lang;
    Need {
        icon: "person",
        tone: "caution",
        head: counted(lang, "引き継ぎ待ち", "Handoffs", View::Handoff.count(&today.counts)),
        detail: match lang {
            Lang::Ja => format!("人が答えます。最も古いもの：{}", line.title),
            Lang::En => format!("A person answers. The oldest: {}", line.title),
        },
        href: viewer.at("inbox?view=handoff"),
        label: lang.say("開く", "Open"),
        key: 0,
    }
}

fn vendors(viewer: &Viewer, first: &Chart, count: usize) -> Need {
    let lang = viewer.lang;
    let since = first.alarms.last().map(|alarm| lang.day(alarm.since)).unwrap_or_default();
    let others = count.saturating_sub(1);
    let more = match (others, lang) {
        (0, _) => String::new(),
        (others, Lang::Ja) => format!("ほか{others}社。"),
        (others, Lang::En) => format!(" And {others} more."),
    };
    Need {
        icon: "diamond",
        tone: "blocked",
        head: match lang {
            Lang::Ja => format!("{}の指摘率が上限を超過", first.group),
            Lang::En => format!("{} is out of its limits", first.group),
        },
        detail: match lang {
            Lang::Ja => format!("{since}ごろから、ふだんより指摘が増えています。{more}"),
            Lang::En => format!("More findings than usual since {since}.{more}"),
        },
        href: viewer.at("qa/trends"),
        label: lang.say("見る", "Look"),
        key: 0,
    }
}

fn proposals(viewer: &Viewer, first: &Proposal, count: usize) -> Need {
    let lang = viewer.lang;
    let title = match &first.wish {
        Wish::Create(content) | Wish::Replace(content) => content.title.as_str(),
        Wish::Retire(key) => key.as_str(),
    };
    Need {
        icon: "knowledge",
        tone: "accent",
        head: counted(lang, "承認待ちの文書", "Documents to be approved", count as u64),
        detail: match (count, lang) {
            (1, _) => title.to_owned(),
            (_, Lang::Ja) => format!("{title} ほか"),
            (_, Lang::En) => format!("{title} and others"),
        },
        href: viewer.at(&format!("knowledge/proposals/{}", first.id)),
        label: lang.say("確かめる", "Check"),
        key: 0,
    }
}
