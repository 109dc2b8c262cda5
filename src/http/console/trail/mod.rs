//! How the draft of an inquiry was made: the steps in words, the prompt as it was sent, and what the search found.

pub mod details;
mod steps;

use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, State},
    response::Response,
    routing::get,
};
use serde::Deserialize;

use self::{
    details::{Found, Questions, explained, found, questions},
    steps::{Step, all},
};
use super::{
    frame::{Frame, Place, page},
    lang::Lang,
    refusal::Refused,
    timings::Timeline,
    viewer::Viewer,
};
use crate::{
    app::{App, Opened},
    domain::name,
    http::Face,
    identity::Act,
};

/// The page.
pub fn routes() -> Router<Face> {
    Router::new().route("/w/{workspace}/inquiries/{id}/trail", get(read))
}

/// What stands behind the `?`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// `prompt` or `search`; else the steps.
    part: String,
}

#[derive(Template)]
#[template(path = "trail.html")]
struct Page {
    frame: Frame,
    title: String,
    made: String,
    tabs: Vec<Tab>,
    body: Body,
    here: String,
    record: Option<String>,
}

struct Tab {
    href: String,
    label: &'static str,
    here: bool,
}

/// What a tab shows.
enum Body {
    /// Nothing was made yet.
    Nothing,
    /// Step by step, and how long it took.
    Steps(Vec<Step>, Option<Timeline>),
    /// What models were asked.
    Prompt(Vec<Questions>),
    /// What was looked for and found.
    Search(Box<Found>),
}

async fn read(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let (lang, internal) = (viewer.lang, viewer.may(Act::ReadInternal));
    let id = viewer.id::<name::Inquiry>(&id)?;
    let opened = app.open_case(&viewer.who, &id).await.map_err(|error| viewer.refused(error))?;
    if opened.inquiry.workspace != viewer.workspace.id {
        return Err(Refused::nothing_here(lang));
    }
    let here = format!("inquiries/{id}/trail");
    let tab = |part: &str, label| Tab {
        href: viewer.at(&if part.is_empty() { here.clone() } else { format!("{here}?part={part}") }),
        label,
        here: asked.part == part,
    };
    let mut tabs = vec![tab("", lang.say("あらまし", "Overview"))];
    if internal {
        tabs.push(tab("prompt", lang.say("モデルへの指示文", "Prompt")));
        tabs.push(tab("search", lang.say("検索の詳細", "Search")));
    }
    let body = match (&opened.suggestion, asked.part.as_str()) {
        (None, _) => Body::Nothing,
        (Some((suggestion, _)), "prompt") if internal => {
            let whole = app.attempts(&viewer.who, &suggestion.id).await.map_err(|error| viewer.refused(error))?;
            Body::Prompt(questions(lang, &whole))
        }
        (Some((suggestion, _)), "search") if internal => {
            let why = explained(&app, &viewer, suggestion).await?;
            Body::Search(Box::new(found(lang, suggestion, &why)))
        }
        (Some((suggestion, _)), _) => {
            let number = app.recorded_as(&viewer.who, &suggestion.id).await.map_err(|error| viewer.refused(error))?;
            Body::Steps(all(&viewer, &opened, suggestion, number), Timeline::of(lang, suggestion))
        }
    };
    let title = lang.say("下書きの作られ方", "How this was made");
    let frame = Frame::of(&app, &viewer, Place::Inbox, title, &here).await?;
    let draft = opened.suggestion.as_ref().and_then(|(suggestion, _)| suggestion.draft.as_ref());
    Ok(page(&Page {
        made: made(lang, &opened),
        record: draft.filter(|_| viewer.may(Act::Audit)).map(|draft| viewer.at(&format!("audit/drafts/{}", draft.id))),
        here: viewer.at(&format!("inquiries/{id}")),
        title: opened.title,
        tabs,
        body,
        frame,
    }))
}

fn made(lang: Lang, opened: &Opened) -> String {
    let Some((suggestion, _)) = &opened.suggestion else { return String::new() };
    let at = lang.moment(suggestion.created_at, opened.now);
    match lang {
        Lang::Ja => format!("{at} 作成"),
        Lang::En => format!("made {at}"),
    }
}
