//! One document: its words, the note that no customer reads, its history, and the difference between two of its revisions.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{
    asking, audience,
    difference::{Laid, Piece},
    document_at, facts, kind, numbered, standing, validity,
};
use crate::{
    app::{App, Known},
    domain::{Day, Kind, NewRevision, Revision},
    http::console::{
        card::slashed,
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
    key: String,
    /// The revision that is read.
    rev: String,
    /// The revision that it is laid over.
    with: String,
    /// What was just done.
    done: String,
}

#[derive(Template)]
#[template(path = "knowledge_document.html")]
struct Page {
    frame: Frame,
    title: String,
    key: String,
    facts: Vec<String>,
    url: Option<String>,
    source: String,
    standing: &'static str,
    ended: bool,
    done: &'static str,
    waiting: Vec<(String, String)>,
    body: Laid,
    note: Vec<Laid>,
    fields: Vec<FieldChange>,
    over: Option<String>,
    history: Vec<Version>,
    compare: Vec<(String, String, bool)>,
    number: String,
    current: String,
    rev: String,
    here: String,
    edit: Option<String>,
    relied: String,
    may_keep: bool,
}

/// One revision in the history.
pub struct Version {
    /// Where it is read.
    pub href: String,
    /// 第n版.
    pub number: String,
    /// What became of it.
    pub word: &'static str,
    /// The class of that word.
    pub tone: &'static str,
    /// Since when it is recorded, and until when.
    pub recorded: String,
    /// When its rule holds.
    pub validity: String,
    /// Where it is laid over the one before.
    pub difference: Option<String>,
    /// Whether it is the one that is read.
    pub here: bool,
}

/// Something beside the words that is otherwise in the new revision.
pub struct FieldChange {
    /// Its name.
    pub label: &'static str,
    /// Its words, what goes and what comes marked.
    pub pieces: Vec<Piece>,
}

/// One document.
pub async fn read(viewer: Viewer, State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    viewer.must(Act::ReadInternal)?;
    let (lang, workspace) = (viewer.lang, &viewer.workspace.id);
    let known = app.known(&viewer.who, workspace, &asked.key).await.map_err(|error| viewer.refused(error))?;
    let named = |id: &str| known.history.iter().find(|revision| revision.id.as_str() == id);
    let Some(shown) = named(&asked.rev).or_else(|| known.current()) else {
        return Err(Refused::nothing_here(lang));
    };
    let over = named(&asked.with).filter(|over| over.id != shown.id);
    let content = &shown.content;
    let frame = Frame::of(&app, &viewer, Place::Knowledge, &content.title, "knowledge").await?;
    let may_change = viewer.may(Act::Propose) && matches!(content.kind, Kind::Faq | Kind::Policy);
    let editable = may_change && shown.recorded_until.is_none();
    Ok(page(&Page {
        title: content.title.clone(),
        key: content.key.clone(),
        facts: facts(lang, content),
        url: content.url.clone(),
        source: content
            .source
            .clone()
            .unwrap_or_else(|| lang.say("画面かAPIで書かれた文書", "Written by hand").to_owned()),
        standing: standing(lang, &content.validity, known.now.day()),
        ended: shown.recorded_until.is_some(),
        done: done(lang, &asked.done),
        waiting: waiting(&viewer, &known),
        body: over.map_or_else(|| Laid::alone(&content.body), |over| Laid::over(&over.content.body, &content.body)),
        note: note(over.map(|over| &over.content), content),
        fields: over.map(|over| fields(lang, &over.content, content)).unwrap_or_default(),
        over: over.map(|over| number(lang, &known, over)),
        history: known.history.iter().rev().map(|one| version(&viewer, &known, one, shown)).collect(),
        compare: known
            .history
            .iter()
            .rev()
            .filter(|one| one.id != shown.id)
            .map(|one| {
                let (open, close) = (lang.say("（", " ("), lang.say("）", ")"));
                let (number, validity) = (number(lang, &known, one), validity(lang, &one.content.validity));
                let label = format!("{number}{open}{validity}{close}");
                (one.id.to_string(), label, over.is_some_and(|over| over.id == one.id))
            })
            .collect(),
        number: number(lang, &known, shown),
        current: document_at(&viewer, &content.key, None),
        rev: shown.id.to_string(),
        here: document_at(&viewer, &content.key, Some(&shown.id)),
        edit: editable.then(|| asking(&viewer, "knowledge/edit", &[("key", &content.key), ("rev", shown.id.as_str())])),
        relied: asking(&viewer, "knowledge/relied", &[("key", &content.key)]),
        may_keep: viewer.may(Act::KeepKnowledge),
        frame,
    }))
}

fn done(lang: Lang, word: &str) -> &'static str {
    match word {
        "saved" => lang.say("保存しました。次の下書きから使われます。", "Saved. The next draft uses it."),
        "approved" => lang.say("承認しました。次の下書きから使われます。", "Approved. The next draft uses it."),
        "retired" => lang.say("取り下げました。もう下書きには使われません。", "Retired. No draft uses it any more."),
        "refused" => lang.say("差し戻しました。文書は変わっていません。", "Refused. The document is as it was."),
        _ => "",
    }
}

fn waiting(viewer: &Viewer, known: &Known) -> Vec<(String, String)> {
    let lang = viewer.lang;
    let one = |proposal: &crate::domain::Proposal| {
        let word = match proposal.wish.content() {
            Some(_) => format!("{}{}", numbered(lang, known.history.len() + 1), lang.say("が承認待ち", " waits")),
            None => lang.say("取り下げが承認待ち", "Retiring waits").to_owned(),
        };
        (viewer.at(&format!("knowledge/proposals/{}", proposal.id)), word)
    };
    known.waiting.iter().map(one).collect()
}

fn number(lang: Lang, known: &Known, of: &Revision) -> String {
    let place = known.history.iter().position(|one| one.id == of.id).map_or(0, |at| at + 1);
    numbered(lang, place)
}

/// The note, alone or over the old one; nothing where there is none. A guide keeps itself there, which no person reads.
pub fn note(old: Option<&NewRevision>, new: &NewRevision) -> Vec<Laid> {
    if new.kind == Kind::Guide {
        return Vec::new();
    }
    let of = |content: &NewRevision| content.note.clone().unwrap_or_default();
    let laid = match old {
        Some(old) => Laid::over(&of(old), &of(new)),
        None => Laid::alone(&of(new)),
    };
    if laid.lines.is_empty() { Vec::new() } else { vec![laid] }
}

/// What differs beside the words.
pub fn fields(lang: Lang, old: &NewRevision, new: &NewRevision) -> Vec<FieldChange> {
    let none = || lang.say("なし", "None").to_owned();
    let url = |content: &NewRevision| content.url.clone().unwrap_or_else(none);
    let kinds = |content: &NewRevision| kind(lang, content.kind).to_owned();
    let whom = |content: &NewRevision| audience(lang, content.audience).to_owned();
    let days = |content: &NewRevision| validity(lang, &content.validity);
    let all = [
        (lang.say("題名", "Title"), old.title.clone(), new.title.clone()),
        (lang.say("種別", "Kind"), kinds(old), kinds(new)),
        (lang.say("公開範囲", "Audience"), whom(old), whom(new)),
        (lang.say("有効期間", "Validity"), days(old), days(new)),
        ("URL", url(old), url(new)),
    ];
    let changed = all.into_iter().filter(|(_, old, new)| old != new);
    changed.map(|(label, old, new)| FieldChange { label, pieces: pieces(&old, &new) }).collect()
}

fn pieces(old: &str, new: &str) -> Vec<Piece> {
    Laid::over(old, new).lines.into_iter().flat_map(|line| line.pieces).collect()
}

fn version(viewer: &Viewer, known: &Known, of: &Revision, shown: &Revision) -> Version {
    let (lang, today) = (viewer.lang, known.now.day());
    let (word, tone) = fate(lang, of, today);
    let from = slashed(of.recorded_from.day());
    let recorded = match of.recorded_until {
        Some(until) => format!("{from}–{}", slashed(until.day())),
        None => format!("{from}{}", lang.say(" に取り込み", " recorded")),
    };
    let before = before(known, of);
    Version {
        href: document_at(viewer, &of.content.key, Some(&of.id)),
        number: number(lang, known, of),
        word,
        tone,
        recorded,
        validity: validity(lang, &of.content.validity),
        difference: before.map(|before| {
            let query = [("key", of.content.key.as_str()), ("rev", of.id.as_str()), ("with", before.id.as_str())];
            asking(viewer, "knowledge/document", &query)
        }),
        here: of.id == shown.id,
    }
}

fn fate(lang: Lang, of: &Revision, today: Day) -> (&'static str, &'static str) {
    match (of.recorded_until, standing(lang, &of.content.validity, today)) {
        (Some(_), _) => (lang.say("過去の版", "Replaced"), "quiet"),
        (None, "") => (lang.say("現行", "In force"), "fine"),
        (None, word) => (word, "caution"),
    }
}

/// The revision that one took the place of: the last before it for the same days, else the last before it.
fn before<'a>(known: &'a Known, of: &Revision) -> Option<&'a Revision> {
    let at = known.history.iter().position(|one| one.id == of.id)?;
    let earlier = &known.history[..at];
    let same = earlier.iter().rev().find(|one| one.content.validity.overlaps(&of.content.validity));
    same.or(earlier.last())
}
