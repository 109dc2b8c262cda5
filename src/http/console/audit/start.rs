//! Where an audit begins: the last events in plain words, and the ways to find one.

use std::collections::HashMap;

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
        refusal::Refused,
        viewer::Viewer,
    },
    words,
};
use crate::{
    app::{App, Entry, Names},
    domain::{Day, EVENT_TYPES, EventFilter},
    identity::Act,
};

/// So many events are shown at once.
const EVENTS: usize = 50;

/// What stands behind the `?`. What does not fit is left aside.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sought {
    /// An id, or an audit number.
    q: String,
    /// Only on this day.
    day: String,
    /// Only by this principal.
    by: String,
    /// Only of this type or subject.
    kind: String,
    /// Only before this audit number.
    before: Option<u64>,
}

#[derive(Template)]
#[template(path = "audit_start.html")]
struct Page {
    frame: Frame,
    q: String,
    day: String,
    people: Vec<Choice>,
    kinds: Vec<Choice>,
    narrowed: bool,
    unknown: bool,
    days: Vec<Events>,
    more: Option<String>,
    table: String,
}

/// One choice of a list.
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

/// The events of one day.
struct Events {
    label: String,
    lines: Vec<Line>,
}

/// One event.
struct Line {
    at: String,
    said: String,
    matter: String,
    href: Option<String>,
    number: String,
}

/// The last events, or where an id leads.
pub async fn list(viewer: Viewer, State(app): State<App>, Query(sought): Query<Sought>) -> Result<Response, Refused> {
    viewer.must(Act::Audit)?;
    let (who, workspace) = (&viewer.who, &viewer.workspace.id);
    let q = sought.q.trim();
    if !q.is_empty() {
        let draft = app.draft_of(who, workspace, q).await.map_err(|error| viewer.refused(error))?;
        if let Some(draft) = draft {
            return Ok(Redirect::to(&viewer.at(&format!("audit/drafts/{draft}"))).into_response());
        }
    }
    let filter = sought.filter();
    let number = q.replace(',', "").parse::<u64>().ok();
    let before = number.map(|number| number.saturating_add(1)).or(sought.before);
    let mut entries =
        app.last_events(who, workspace, &filter, before, EVENTS + 1).await.map_err(|error| viewer.refused(error))?;
    let more = entries.len() > EVENTS;
    entries.truncate(EVENTS);
    let matters = app.matters(who, workspace, &entries).await.map_err(|error| viewer.refused(error))?;
    let names = app.names(workspace).await.map_err(|error| viewer.refused(error))?;
    let people = app.principals(who, workspace).await.map_err(|error| viewer.refused(error))?;
    let title = viewer.lang.say("監査", "Audit");
    let frame = Frame::of(&app, &viewer, Place::Audit, title, "audit").await?;
    let last = entries.last().filter(|_| more).map(|entry| entry.sequence);
    Ok(page(&Page {
        more: last.map(|last| viewer.at(&format!("audit?{}before={last}", sought.query()))),
        table: viewer.at(&format!("audit/export?{}format=csv", sought.query())),
        people: people.into_iter().map(|id| sought.person(viewer.lang, &names, id)).collect(),
        kinds: sought.kinds(viewer.lang),
        unknown: !q.is_empty() && entries.is_empty(),
        narrowed: filter != EventFilter::default() || number.is_some(),
        days: days(&viewer, &names, &entries, &matters),
        q: q.to_owned(),
        day: sought.day.clone(),
        frame,
    }))
}

impl Sought {
    /// Which events are meant.
    pub fn filter(&self) -> EventFilter {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let day = Day::parse(&self.day).ok();
        let q = self.q.trim();
        EventFilter {
            of: some(&self.kind).filter(|of| EventFilter::is_known(of)),
            principal: some(&self.by),
            naming: some(q).filter(|q| q.replace(',', "").parse::<u64>().is_err()).map(|q| harmless(&q)),
            from: day.map(Day::start),
            until: day.map(|day| day.next().start()),
        }
    }

    /// The same for an address; ends with `&` unless it is empty.
    fn query(&self) -> String {
        let mut query =
            form_urlencoded_pairs(&[("day", &self.day), ("by", &self.by), ("kind", &self.kind), ("q", &self.q)]);
        if !query.is_empty() {
            query.push('&');
        }
        query
    }

    fn person(&self, lang: Lang, names: &Names, id: String) -> Choice {
        Choice { label: words::person(lang, names, &id), chosen: id == self.by, value: id }
    }

    fn kinds(&self, lang: Lang) -> Vec<Choice> {
        let mut subjects: Vec<&str> = EVENT_TYPES.iter().filter_map(|kind| kind.split('.').next()).collect();
        subjects.dedup();
        let choice = |subject: &str| Choice {
            value: subject.to_owned(),
            label: words::subject(lang, subject).to_owned(),
            chosen: subject == self.kind,
        };
        subjects.into_iter().map(choice).collect()
    }
}

/// An id as it may stand in a pattern: signs that no id has would let anything pass.
fn harmless(id: &str) -> String {
    id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':')).collect()
}

/// The pairs that say something, for a query.
fn form_urlencoded_pairs(pairs: &[(&str, &str)]) -> String {
    let said: Vec<_> = pairs.iter().filter(|(_, value)| !value.is_empty()).collect();
    serde_urlencoded::to_string(said).unwrap_or_default()
}

fn days(viewer: &Viewer, names: &Names, entries: &[Entry], matters: &HashMap<u64, String>) -> Vec<Events> {
    let mut days: Vec<Events> = Vec::new();
    for entry in entries {
        let label = viewer.lang.day(entry.at.day());
        let matter = matters.get(&entry.sequence).cloned().unwrap_or_default();
        let line = Line { matter, ..line(viewer, names, entry) };
        match days.last_mut().filter(|day| day.label == label) {
            Some(day) => day.lines.push(line),
            None => days.push(Events { label, lines: vec![line] }),
        }
    }
    days
}

fn line(viewer: &Viewer, names: &Names, entry: &Entry) -> Line {
    let href = match (entry.word("draft"), entry.inquiry()) {
        (Some(draft), _) => Some(viewer.at(&format!("audit/drafts/{draft}"))),
        (None, Some(inquiry)) => Some(viewer.at(&format!("inquiries/{inquiry}"))),
        _ => None,
    };
    Line {
        at: viewer.lang.time(entry.at),
        said: words::sentence(viewer.lang, names, entry).unwrap_or_else(|| entry.kind.clone()),
        href,
        number: words::grouped(entry.sequence),
        matter: String::new(),
    }
}
