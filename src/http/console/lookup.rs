//! An inquiry found again, answered or not, by what was written, whose it is, or its id.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::{Deserialize, Serialize};

use super::{
    audit::words::grouped,
    card,
    frame::{Frame, Place, page},
    line::{Line, line},
    refusal::Refused,
    viewer::Viewer,
};
use crate::{
    app::{App, Lookup},
    domain::{Excerpt, Id, Party},
    identity::Act,
};

/// What stands behind the `?`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    older: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    behind: String,
}

impl Asked {
    fn href(&self, viewer: &Viewer) -> String {
        viewer.at(&self.path())
    }

    fn path(&self) -> String {
        format!("inbox/search?{}", serde_urlencoded::to_string(self).unwrap_or_default())
    }
}

#[derive(Template)]
#[template(path = "inbox_search.html")]
struct Page {
    frame: Frame,
    q: String,
    asked: bool,
    found: String,
    looked: String,
    lines: Vec<Line>,
    more: Option<String>,
    rest: Option<String>,
}

/// What was found.
pub async fn read(viewer: Viewer, State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    viewer.must(Act::Read)?;
    let (lang, workspace) = (viewer.lang, &viewer.workspace.id);
    let id = |text: &str| Id::parse(text).ok();
    let lookup =
        Lookup { words: asked.q.replace(char::is_control, " "), older: id(&asked.older), behind: id(&asked.behind) };
    let found = app.look_up(&viewer.who, workspace, &lookup).await.map_err(|error| viewer.refused(error))?;
    let names = app.names(workspace).await.map_err(|error| viewer.refused(error))?;
    let frame = Frame::of(&app, &viewer, Place::Inbox, lang.say("検索", "Search"), &asked.path()).await?;
    let last = found.lines.last().filter(|_| found.more);
    let more = last.map(|(last, _)| Asked { behind: last.waiting.inquiry.id.to_string(), ..asked.clone() });
    let rest = found.rest.map(|older| Asked { older: older.to_string(), behind: String::new(), ..asked.clone() });
    let lines = found.lines.iter().map(|(one, excerpt)| Line {
        found: excerpt.as_ref().map(|excerpt| words(&viewer, excerpt)),
        ..line(&names, &viewer, one, found.now)
    });
    Ok(page(&Page {
        asked: !asked.q.trim().is_empty(),
        found: grouped(found.found as u64),
        looked: grouped(found.looked),
        lines: lines.collect(),
        more: more.map(|asked| asked.href(&viewer)),
        rest: rest.map(|asked| asked.href(&viewer)),
        q: asked.q,
        frame,
    }))
}

/// Whose words they are, and the words with their marks.
fn words(viewer: &Viewer, excerpt: &Excerpt) -> (&'static str, Vec<(String, bool)>) {
    let by = match excerpt.by {
        Party::Customer => "",
        Party::Desk => viewer.lang.say("返信", "Reply"),
    };
    (by, card::marked(&excerpt.text, excerpt.marks.clone()))
}
