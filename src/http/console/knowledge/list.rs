//! The documents as a list: what waits for approval first, then what is held true.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{asking, audience, document_at, kind, numbered, standing, validity};
use crate::{
    app::{App, Documents, Names},
    domain::{Id, Kind, Listed, Listing, Proposal, Wish},
    http::console::{
        frame::{Frame, Place, page},
        lang::Lang,
        refusal::Refused,
        viewer::Viewer,
    },
    identity::Act,
};

/// What stands behind the `?`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    kind: String,
    words: String,
    behind: String,
}

#[derive(Template)]
#[template(path = "knowledge_list.html")]
struct Page {
    frame: Frame,
    kinds: Vec<KindLink>,
    all: u64,
    kind: &'static str,
    words: String,
    waiting: Vec<Waiting>,
    lines: Vec<Line>,
    heading: String,
    more: Option<String>,
    may_propose: bool,
    may_keep: bool,
    has_guide: bool,
}

struct KindLink {
    href: String,
    label: &'static str,
    count: u64,
    here: bool,
}

/// A proposal as a line.
pub struct Waiting {
    /// Where it is read.
    pub href: String,
    /// The title that it is about.
    pub title: String,
    /// 新規、変更、取り下げ.
    pub wish: &'static str,
    /// FAQ、規定; empty to retire.
    pub kind: &'static str,
    /// Whose wish it is, and since when.
    pub by: String,
}

struct Line {
    href: String,
    title: String,
    key: String,
    kind: &'static str,
    audience: &'static str,
    internal: bool,
    validity: String,
    standing: &'static str,
    number: String,
    recorded: String,
}

/// The list.
pub async fn list(viewer: Viewer, State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    viewer.must(Act::ReadInternal)?;
    let listing = Listing {
        kind: Kind::parse(&asked.kind),
        words: asked.words.split_whitespace().map(str::to_owned).collect(),
        behind: Id::parse(&asked.behind).ok(),
        limit: App::LISTED,
    };
    let workspace = &viewer.workspace.id;
    let documents = app.listing(&viewer.who, workspace, &listing).await.map_err(|error| viewer.refused(error))?;
    let names = app.names(workspace).await.map_err(|error| viewer.refused(error))?;
    let title = viewer.lang.say("ナレッジ", "Knowledge");
    let frame = Frame::of(&app, &viewer, Place::Knowledge, title, "knowledge").await?;
    let chosen = listing.kind.map_or("", Kind::as_str);
    let more = documents.lines.last().filter(|_| documents.more).map(|line| {
        let query = [("kind", chosen), ("words", asked.words.trim()), ("behind", line.revision.as_str())];
        asking(&viewer, "knowledge", &query)
    });
    let first = listing.behind.is_none();
    Ok(page(&Page {
        kinds: kinds(&viewer, &documents, listing.kind),
        all: documents.kinds.iter().sum(),
        kind: chosen,
        waiting: documents
            .waiting
            .iter()
            .filter(|_| first)
            .map(|(one, title)| waiting(&viewer, &names, one, title, &documents))
            .collect(),
        lines: documents.lines.iter().map(|one| line(&viewer, one, &documents)).collect(),
        heading: heading(viewer.lang, &listing, asked.words.trim()),
        words: asked.words,
        may_propose: viewer.may(Act::Propose),
        may_keep: viewer.may(Act::KeepKnowledge),
        has_guide: documents.kinds[Kind::ALL.iter().position(|kind| *kind == Kind::Guide).unwrap_or_default()] > 0,
        frame,
        more,
    }))
}

fn heading(lang: Lang, listing: &Listing, words: &str) -> String {
    let of = listing.kind.map_or(lang.say("すべての文書", "All documents"), |one| kind(lang, one));
    match (words.is_empty(), lang) {
        (true, _) => of.to_owned(),
        (false, Lang::Ja) => format!("{of}のうち「{words}」を含むもの"),
        (false, Lang::En) => format!("{of} with “{words}”"),
    }
}

fn kinds(viewer: &Viewer, documents: &Documents, here: Option<Kind>) -> Vec<KindLink> {
    let all = KindLink {
        href: viewer.at("knowledge"),
        label: viewer.lang.say("すべて", "All"),
        count: documents.kinds.iter().sum(),
        here: here.is_none(),
    };
    let of = Kind::ALL.into_iter().zip(documents.kinds).map(|(one, count)| KindLink {
        href: asking(viewer, "knowledge", &[("kind", one.as_str())]),
        label: kind(viewer.lang, one),
        count,
        here: here == Some(one),
    });
    std::iter::once(all).chain(of).collect()
}

/// 新規、変更、取り下げ.
pub fn wish_word(lang: Lang, wish: &Wish) -> &'static str {
    match wish {
        Wish::Create(_) => lang.say("新規", "New"),
        Wish::Replace(_) => lang.say("変更", "Change"),
        Wish::Retire(_) => lang.say("取り下げ", "Retire"),
    }
}

fn waiting(viewer: &Viewer, names: &Names, proposal: &Proposal, title: &str, documents: &Documents) -> Waiting {
    let (lang, content) = (viewer.lang, proposal.wish.content());
    Waiting {
        href: viewer.at(&format!("knowledge/proposals/{}", proposal.id)),
        title: title.to_owned(),
        wish: wish_word(lang, &proposal.wish),
        kind: content.map_or("", |content| kind(lang, content.kind)),
        by: format!("{}{}{}", names.of(&proposal.by), lang.say("　", " "), lang.moment(proposal.at, documents.now)),
    }
}

fn line(viewer: &Viewer, one: &Listed, documents: &Documents) -> Line {
    let lang = viewer.lang;
    Line {
        href: document_at(viewer, &one.key, Some(&one.revision)),
        title: one.title.clone(),
        key: one.key.clone(),
        kind: kind(lang, one.kind),
        audience: audience(lang, one.audience),
        internal: one.audience == crate::domain::Audience::Internal,
        validity: validity(lang, &one.validity),
        standing: standing(lang, &one.validity, documents.now.day()),
        number: numbered(lang, one.number),
        recorded: lang.moment(one.recorded_from, documents.now),
    }
}
