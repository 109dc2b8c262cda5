//! The queue: what waits for a ruling, with the words that are meant.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{
    super::{
        frame::{Frame, Place, page},
        lang::Lang,
        letter::Piece,
        refusal::Refused,
        rules,
        viewer::Viewer,
    },
    Tab,
    conditions::{Conditions, OWN},
    drawn, may_rule, words,
};
use crate::{
    app::{App, Names, Queue, QueueLine},
    domain::{Id, Severity, Span, Timestamp, name},
    identity::Act,
};

/// Which page of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Behind {
    behind: String,
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "qa_queue.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    views: Vec<ViewLink>,
    vendors: Vec<ViewLink>,
    kept: Vec<KeptFilter>,
    narrow: Vec<(String, String)>,
    choices: Choices,
    conditions: Conditions,
    query: String,
    lines: Vec<Line>,
    more: Option<String>,
    start: Option<String>,
    ruled: u64,
    may_rule: bool,
    done: bool,
}

/// What the reader can look at.
struct ViewLink {
    href: String,
    label: String,
    count: Option<u64>,
    here: bool,
    out: bool,
}

struct KeptFilter {
    href: String,
    name: String,
    remove: String,
    here: bool,
}

/// What can be chosen: value and word.
struct Choices {
    rules: Vec<(String, String)>,
    vendors: Vec<(String, String)>,
    topics: Vec<(String, String)>,
    severities: [(&'static str, &'static str); 3],
}

/// One finding.
pub struct Line {
    /// Its page.
    pub href: String,
    weight: (&'static str, &'static str),
    rule: String,
    precision: Option<(String, bool)>,
    pieces: Vec<Piece>,
    whole: bool,
    vendor: String,
    person: String,
    topic: String,
    at: String,
    state: Option<&'static str>,
}

/// The list.
pub async fn list(
    viewer: Viewer,
    State(app): State<App>,
    Query(conditions): Query<Conditions>,
    Query(asked): Query<Behind>,
) -> Result<Response, Refused> {
    if !viewer.may(Act::Review) && viewer.may(Act::Decide) {
        return Ok(Redirect::to(&viewer.at("qa/mine")).into_response());
    }
    viewer.must(Act::Review)?;
    let workspace = &viewer.workspace.id;
    let filter = conditions.filter(app.start_of_today());
    let behind = Id::<name::Finding>::parse(&asked.behind).ok();
    let queue = app.queue(&viewer.who, workspace, &filter, behind.as_ref()).await;
    let queue = queue.map_err(|error| viewer.refused(error))?;
    let names = app.names(workspace).await.map_err(|error| viewer.refused(error))?;
    let waiting = app.waiting_for_qa(&viewer.who, workspace).await.map_err(|error| viewer.refused(error))?;
    let query = conditions.query();
    let frame = Frame::of(&app, &viewer, Place::Qa, "QA", &format!("qa?{query}")).await?;
    let lines: Vec<Line> = queue.lines.iter().map(|one| line(&names, &viewer, one, &query, queue.now)).collect();
    let last = queue.lines.last().filter(|_| queue.more);
    Ok(page(&Page {
        tabs: drawn(&viewer, "qa", waiting),
        views: views(&viewer, &queue, &conditions, waiting.again),
        vendors: vendors(&viewer, &queue, &conditions),
        kept: kept(&viewer, &queue, &query),
        narrow: narrowed(viewer.lang, &conditions),
        choices: choices(viewer.lang, &queue),
        more: last.map(|line| viewer.at(&format!("qa?{query}&behind={}", line.filed.finding.id))),
        start: lines.first().map(|line| line.href.clone()),
        ruled: queue.counts.ruled,
        may_rule: may_rule(&viewer),
        done: asked.done.is_some(),
        lines,
        frame,
        conditions,
        query,
    }))
}

/// To the first finding that nobody ruled on.
pub async fn next(viewer: Viewer, State(app): State<App>) -> Result<Redirect, Refused> {
    viewer.must(Act::Review)?;
    let filter = Conditions::default().filter(app.start_of_today());
    let first = app.first_finding(&viewer.who, &viewer.workspace.id, &filter).await;
    let first = first.map_err(|error| viewer.refused(error))?;
    Ok(Redirect::to(&first.map_or_else(|| viewer.at("qa"), |id| viewer.at(&format!("qa/findings/{id}")))))
}

fn views(viewer: &Viewer, queue: &Queue, conditions: &Conditions, again: usize) -> Vec<ViewLink> {
    let lang = viewer.lang;
    let view = |view: &str, label: &str, count: Option<u64>| ViewLink {
        href: viewer.at(&format!("qa?{}", Conditions::view(view).query())),
        label: label.to_owned(),
        count,
        here: *conditions == Conditions::view(view),
        out: false,
    };
    vec![
        view("", lang.say("未判定", "Open"), Some(queue.counts.open)),
        view("severe", lang.say("重い指摘", "High severity"), Some(queue.counts.severe)),
        ViewLink {
            href: viewer.at("qa/again"),
            count: u64::try_from(again).ok(),
            here: false,
            ..view("again", lang.say("再判定（伏せて）", "Second review, blind"), None)
        },
        view("ruled", lang.say("判定済み（今日）", "Ruled today"), Some(queue.counts.ruled)),
        view("all", lang.say("すべて", "All"), None),
        view("drafts", lang.say("送る前の下書き", "Drafts, not sent"), None),
    ]
}

fn vendors(viewer: &Viewer, queue: &Queue, conditions: &Conditions) -> Vec<ViewLink> {
    let own = viewer.lang.say("自社", "In-house");
    let link = |vendor: Option<&str>, count: u64| {
        let wanted = Conditions::of_vendor(vendor);
        ViewLink {
            href: viewer.at(&format!("qa?{}", wanted.query())),
            label: vendor.unwrap_or(own).to_owned(),
            count: Some(count),
            here: *conditions == wanted,
            out: vendor.is_some_and(|vendor| queue.drifting.iter().any(|other| other == vendor)),
        }
    };
    let mut all: Vec<_> = queue.counts.vendors.iter().map(|(vendor, count)| link(vendor.as_deref(), *count)).collect();
    // Who is out of limits is shown although nothing of theirs waits.
    for vendor in &queue.drifting {
        if queue.counts.vendors.iter().all(|(other, _)| other.as_ref() != Some(vendor)) {
            all.push(link(Some(vendor), 0));
        }
    }
    all.sort_by_key(|link| (!link.out, std::cmp::Reverse(link.count)));
    all
}

fn kept(viewer: &Viewer, queue: &Queue, query: &str) -> Vec<KeptFilter> {
    let one = |filter: &crate::domain::SavedFilter| KeptFilter {
        href: viewer.at(&format!("qa?{}", filter.query)),
        name: filter.name.clone(),
        remove: viewer.at(&format!("qa/filters/{}/remove", filter.id)),
        here: filter.query == query,
    };
    queue.filters.iter().map(one).collect()
}

/// The conditions that narrow the list, as name and value.
fn narrowed(lang: Lang, conditions: &Conditions) -> Vec<(String, String)> {
    let weight = Severity::parse(&conditions.severity).map(|severity| words::weight(lang, severity).0);
    let own = lang.say("自社", "In-house");
    let vendor = if conditions.vendor == OWN { own } else { conditions.vendor.as_str() };
    let rule = if conditions.rule.is_empty() { String::new() } else { rules::rule(lang, &conditions.rule) };
    let all = [
        (lang.say("規則", "Rule"), rule),
        (lang.say("重さ", "Weight"), weight.unwrap_or_default().to_owned()),
        (lang.say("委託先", "Vendor"), vendor.to_owned()),
        (lang.say("担当", "Person"), conditions.person.clone()),
        (lang.say("種類", "Topic"), conditions.situation.clone()),
    ];
    let said = all.into_iter().filter(|(_, value)| !value.is_empty());
    said.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn choices(lang: Lang, queue: &Queue) -> Choices {
    let mut topics: Vec<(String, String)> = queue
        .lines
        .iter()
        .filter_map(|line| {
            let id = line.filed.situation.clone()?;
            Some((id.clone(), lang.topic(&line.topic, &id)))
        })
        .collect();
    topics.sort();
    topics.dedup();
    let vendor = |vendor: &Option<String>| match vendor {
        Some(vendor) => (vendor.clone(), vendor.clone()),
        None => (OWN.to_owned(), lang.say("自社", "In-house").to_owned()),
    };
    Choices {
        rules: queue.rules.iter().map(|rule| (rule.clone(), rules::rule(lang, rule))).collect(),
        vendors: queue.counts.vendors.iter().map(|(name, _)| vendor(name)).collect(),
        topics,
        severities: [Severity::Error, Severity::Warning, Severity::Info]
            .map(|severity| (severity.as_str(), words::weight(lang, severity).0)),
    }
}

fn line(names: &Names, viewer: &Viewer, one: &QueueLine, query: &str, now: Timestamp) -> Line {
    let (lang, filed) = (viewer.lang, &one.filed);
    let seen = &filed.finding.seen;
    let target = App::PRECISION_TARGET;
    let class = if seen.severity == Severity::Error { "must" } else { "advice" };
    let pieces = match (one.sentence, seen.span) {
        (Some(sentence), Some(span)) => words::cut(&filed.text, sentence, &[(span, class, seen.clause.clone())]),
        _ => {
            let beginning = Span::new(0, filed.text.chars().count().min(40));
            words::cut(&filed.text, beginning, &[])
        }
    };
    Line {
        href: viewer.at(&format!("qa/findings/{}?{query}", filed.finding.id)),
        weight: words::weight(lang, seen.severity),
        rule: rules::rule(lang, &seen.rule),
        precision: one.precision.map(|share| (words::percent(share.value), share.high < target)),
        pieces,
        whole: seen.span.is_none(),
        vendor: filed.vendor.clone().unwrap_or_else(|| lang.say("自社", "In-house").to_owned()),
        person: filed.person.as_deref().map(|person| names.of(person).to_owned()).unwrap_or_default(),
        topic: lang.topic(&one.topic, filed.situation.as_deref().unwrap_or_default()),
        at: lang.moment(filed.at, now),
        state: (filed.state != crate::domain::FindingState::Open).then(|| words::state(lang, filed.state)),
    }
}
