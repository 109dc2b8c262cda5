//! A letter while somebody types: the same checks as for a draft, as marks that lie under the field.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::post,
};
use serde::Deserialize;

use super::{
    form::Sent,
    frame::page,
    lang::Lang,
    letter::{Letter, Row},
    refusal::Refused,
    viewer::Viewer,
};
use crate::{
    app::App,
    domain::{Checks, Flag, Span, name},
    http::Face,
};

/// Where a text is checked.
pub fn routes() -> Router<Face> {
    Router::new().route("/w/{workspace}/drafts/{id}/checks", post(check))
}

#[derive(Deserialize)]
struct Typed {
    text: String,
}

#[derive(Template)]
#[template(path = "checked.html")]
struct Page {
    lang: Lang,
    letter: Letter,
    mirror: Mirror,
}

/// The text of a field once more, the same to the character, with marks: it lies under the field.
pub struct Mirror {
    /// Its sentences, each with the white space before it.
    pub parts: Vec<Part>,
    /// What follows the last one.
    pub rest: String,
}

/// A sentence in its place.
pub struct Part {
    /// The white space before it.
    pub before: String,
    /// The sentence with its marks.
    pub row: Row,
}

impl Mirror {
    /// A text with what it got.
    pub fn of(lang: Lang, text: &str, flags: &[Flag], checks: &Checks) -> Self {
        let letter = Letter::of(lang, text, flags, checks);
        let (mut end, mut parts) = (0, Vec::new());
        for (row, sentence) in letter.rows.into_iter().zip(&checks.grounding.verdicts) {
            let before = Span::new(end, sentence.span.start.max(end)).of(text).to_owned();
            parts.push(Part { before, row });
            end = sentence.span.end;
        }
        Self { parts, rest: text.chars().skip(end).collect() }
    }
}

async fn check(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Sent(typed): Sent<Typed>,
) -> Result<Response, Refused> {
    let id = viewer.id::<name::Draft>(&id)?;
    // A field's line ends are those of the wire; the marks count in the field's own.
    let text = typed.text.replace("\r\n", "\n");
    let rechecked = app.recheck(&viewer.who, &id, Some(text), false).await.map_err(|error| viewer.refused(error))?;
    let (text, checks) = (&rechecked.text, &rechecked.checks);
    Ok(page(&Page {
        lang: viewer.lang,
        letter: Letter::of(viewer.lang, text, &rechecked.flags, checks),
        mirror: Mirror::of(viewer.lang, text, &rechecked.flags, checks),
    }))
}
