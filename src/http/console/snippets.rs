//! Approved words to put into a letter: answers of the FAQ, found by key or by what they are about.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::get,
};
use serde::Deserialize;

use super::{frame::page, lang::Lang, refusal::Refused, viewer::Viewer};
use crate::{
    app::{App, LookedFor, When},
    domain::{Audience, EvidenceItem, Ground, Kind},
    http::Face,
    identity::Act,
};

/// So many are offered.
const OFFERED: usize = 6;

/// Where they are looked for.
pub fn routes() -> Router<Face> {
    Router::new().route("/w/{workspace}/snippets", get(find))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    words: String,
}

#[derive(Template)]
#[template(path = "snippets.html")]
struct Page {
    lang: Lang,
    found: Vec<Snippet>,
    asked: bool,
}

/// Words that may go to a customer as they are.
struct Snippet {
    key: String,
    title: String,
    text: String,
}

async fn find(viewer: Viewer, State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    viewer.must(Act::Decide)?;
    let words = asked.words.trim();
    let mut found = Vec::new();
    if !words.is_empty() {
        let by_key = app.answer_by_key(&viewer.who, &viewer.workspace.id, words).await;
        found.extend(by_key.map_err(|error| viewer.refused(error))?.map(|(title, text)| Snippet {
            key: words.to_owned(),
            title,
            text,
        }));
        let looked_for =
            LookedFor { workspace: &viewer.workspace.id, text: words, limit: 2 * OFFERED, when: When::default() };
        let evidence = app.search(&viewer.who, &looked_for).await.map_err(|error| viewer.refused(error))?;
        found.extend(evidence.items.into_iter().filter(is_answer).map(|item| Snippet {
            key: item.key,
            title: item.title,
            text: item.text,
        }));
        found.truncate(OFFERED);
    }
    Ok(page(&Page { lang: viewer.lang, found, asked: !words.is_empty() }))
}

/// Whether customers may read it: an answer of the FAQ, not a past reply and not for the desk alone.
fn is_answer(item: &EvidenceItem) -> bool {
    item.audience == Audience::Public && matches!(item.ground, Ground::Passage { kind: Kind::Faq, .. })
}
