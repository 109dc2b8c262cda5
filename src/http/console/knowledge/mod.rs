//! The knowledge: the documents, each with its history and what stands on it; how the search comes to what it finds; changes,
//! looked at before they are made; the guide with its checks.

mod difference;
mod document;
mod edit;
mod effects;
mod guide;
mod list;
mod overlaps;
mod proposal;
mod relied;
mod save;
mod search;

use axum::{
    Router,
    routing::{get, post},
};

use super::{card::slashed, lang::Lang, viewer::Viewer};
use crate::{
    domain::{AppliesBy, Audience, Day, Id, Kind, NewRevision, Validity, name},
    http::Face,
};

/// Every page of the knowledge.
pub fn routes() -> Router<Face> {
    Router::new()
        .route("/w/{workspace}/knowledge", get(list::list))
        .route("/w/{workspace}/knowledge/document", get(document::read))
        .route("/w/{workspace}/knowledge/relied", get(relied::list))
        .route("/w/{workspace}/knowledge/search", get(search::explain))
        .route("/w/{workspace}/knowledge/edit", get(edit::edit).post(edit::preview))
        .route("/w/{workspace}/knowledge/save", post(save::save))
        .route("/w/{workspace}/knowledge/proposals/{id}", get(proposal::read))
        .route("/w/{workspace}/knowledge/proposals/{id}/decision", post(proposal::decide))
        .route("/w/{workspace}/knowledge/overlaps", get(overlaps::list))
        .route("/w/{workspace}/knowledge/guide", get(guide::read))
}

/// FAQ、規定, ...
fn kind(lang: Lang, kind: Kind) -> &'static str {
    match kind {
        Kind::Faq => "FAQ",
        Kind::Policy => lang.say("規定", "Policy"),
        Kind::Guide => lang.say("文体ガイド", "Guide"),
        Kind::PastReply => lang.say("過去の返信", "Past reply"),
    }
}

/// 公開、社内.
fn audience(lang: Lang, audience: Audience) -> &'static str {
    match audience {
        Audience::Public => lang.say("公開", "Public"),
        Audience::Internal => lang.say("社内", "Internal"),
    }
}

/// When a rule holds, in words.
fn validity(lang: Lang, validity: &Validity) -> String {
    let mut words = match (validity.from.map(slashed), validity.until.map(slashed), lang) {
        (None, None, _) => lang.say("期限なし", "No limit").to_owned(),
        (Some(from), None, Lang::Ja) => format!("{from} から"),
        (None, Some(until), Lang::Ja) => format!("{until} まで"),
        (Some(from), Some(until), Lang::Ja) => format!("{from} から {until} まで"),
        (Some(from), None, Lang::En) => format!("From {from}"),
        (None, Some(until), Lang::En) => format!("Until {until}"),
        (Some(from), Some(until), Lang::En) => format!("{from} to {until}"),
    };
    if validity.by == AppliesBy::OrderDate {
        words.push_str(lang.say("（注文日）", " (order date)"));
    }
    words
}

/// Whether a rule is over or still to come, in a word; empty where it holds.
fn standing(lang: Lang, validity: &Validity, today: Day) -> &'static str {
    match (validity.from, validity.until, validity.by) {
        (Some(from), ..) if from > today => lang.say("これから", "To come"),
        // Whoever ordered then still lives by it.
        (_, Some(until), AppliesBy::OrderDate) if until < today => lang.say("以前の注文用", "For earlier orders"),
        (_, Some(until), AppliesBy::Now) if until < today => lang.say("期間外", "Over"),
        _ => "",
    }
}

/// 第3版, Rev. 3.
fn numbered(lang: Lang, number: impl std::fmt::Display) -> String {
    match lang {
        Lang::Ja => format!("第{number}版"),
        Lang::En => format!("Rev. {number}"),
    }
}

/// A path with what stands behind its `?`; what is empty is left out.
fn asking(viewer: &Viewer, path: &str, query: &[(&str, &str)]) -> String {
    let given: Vec<_> = query.iter().filter(|(_, value)| !value.is_empty()).collect();
    // Pairs of texts are always written.
    let query = serde_urlencoded::to_string(given).unwrap_or_default();
    let path = viewer.at(path);
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

/// Where a document is read, in one of its revisions.
fn document_at(viewer: &Viewer, key: &str, revision: Option<&Id<name::Revision>>) -> String {
    asking(viewer, "knowledge/document", &[("key", key), ("rev", revision.map_or("", Id::as_str))])
}

/// What is to be said of a text beside its words: kind, audience, validity.
fn facts(lang: Lang, content: &NewRevision) -> Vec<String> {
    vec![
        kind(lang, content.kind).to_owned(),
        audience(lang, content.audience).to_owned(),
        validity(lang, &content.validity),
    ]
}
