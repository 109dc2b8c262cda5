//! How the search comes to what it finds, for those who write what it is to find: what each score is made of, and what was left
//! out and why.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{audience, document_at, validity};
use crate::{
    app::{App, LookedFor, When},
    domain::{Audience, Explanation, Standing, TermField, Weighed},
    http::console::{
        card,
        frame::{Frame, Place, page},
        lang::Lang,
        refusal::Refused,
        viewer::Viewer,
    },
    identity::Act,
};

/// So many passages are explained.
const LIMIT: usize = 10;
/// A question has at most so many characters.
const CHARS: usize = 2_000;
/// So many words are named one by one.
const NAMED: usize = 6;

/// What stands behind the `?`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
}

#[derive(Template)]
#[template(path = "knowledge_search.html")]
struct Page {
    frame: Frame,
    q: String,
    searched: String,
    matter: String,
    words: Vec<(String, u32)>,
    found: Vec<Hit>,
    left_out: Vec<Hit>,
    asked: bool,
    stale: bool,
    propose: Option<String>,
}

/// A passage with what its score is made of.
struct Hit {
    href: String,
    title: String,
    kind: &'static str,
    class: &'static str,
    facts: Vec<String>,
    pieces: Vec<(String, bool)>,
    points: u32,
    parts: Vec<Part>,
    weights: Vec<(&'static str, String)>,
    named: Vec<(String, u32)>,
    lacking: Vec<String>,
    rank: usize,
    reason: String,
}

/// What one kind of likeness gave, in points of a hundred.
struct Part {
    label: &'static str,
    class: &'static str,
    points: f64,
    x: f64,
}

/// What was found for a question, and why.
pub async fn explain(viewer: Viewer, State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    viewer.must(Act::ReadInternal)?;
    let lang = viewer.lang;
    let q: String = asked.q.trim().chars().take(CHARS).collect();
    let (explanation, stale) = if q.is_empty() {
        (Explanation::default(), false)
    } else {
        let looked_for = LookedFor { workspace: &viewer.workspace.id, text: &q, limit: LIMIT, when: When::default() };
        let (found, why) = app.explain(&viewer.who, &looked_for).await.map_err(|error| viewer.refused(error))?;
        (why, found.stale)
    };
    let title = lang.say("検索のしくみ", "How search finds");
    let hits = explanation.passages.iter().map(|weighed| hit(&viewer, &explanation, weighed));
    let (mut found, left_out): (Vec<_>, Vec<_>) = hits.partition(|hit| hit.rank > 0);
    found.sort_by_key(|hit| hit.rank);
    Ok(page(&Page {
        frame: Frame::of(&app, &viewer, Place::Knowledge, title, "knowledge/search").await?,
        asked: !q.is_empty(),
        words: explanation
            .terms
            .iter()
            .filter(|term| term.field == TermField::Words)
            .map(|term| (term.text.clone(), points(term.share)))
            .collect(),
        searched: explanation.searched.clone(),
        matter: explanation.matter.clone(),
        propose: viewer.may(Act::Propose).then(|| viewer.at("knowledge/edit")),
        found,
        left_out,
        stale,
        q,
    }))
}

fn hit(viewer: &Viewer, explanation: &Explanation, weighed: &Weighed) -> Hit {
    let (lang, item) = (viewer.lang, &weighed.item);
    let (kind, class) = card::kind(lang, item);
    let marks = weighed.matches.iter().filter(|term| matches!(term.field, TermField::Words | TermField::Concepts));
    let spans = marks.flat_map(|term| term.spans.iter().copied()).collect();
    let (rank, reason) = standing(lang, weighed);
    Hit {
        href: document_at(viewer, &item.key, item.revision()),
        title: item.title.clone(),
        kind,
        class,
        facts: vec![audience(lang, item.audience).to_owned(), validity(lang, &item.validity)],
        pieces: card::marked(&item.text, spans),
        points: points(item.score),
        parts: parts(lang, weighed),
        weights: weights(lang, kind, weighed),
        named: named(weighed),
        lacking: lacking(explanation, weighed),
        rank,
        reason,
    }
}

/// Its rank, or 0 and why it was left out.
fn standing(lang: Lang, weighed: &Weighed) -> (usize, String) {
    let said = |ja: &str, en: &str| (0, lang.say(ja, en).to_owned());
    match weighed.standing {
        Standing::Found(rank) => (rank, String::new()),
        Standing::NotValid => {
            let days = validity(lang, &weighed.item.validity);
            let why = lang.say("今日は有効期間の外です：", "Its rule does not hold today: ");
            (0, format!("{why}{days}"))
        }
        Standing::SameDocument => said(
            "同じ文書の別の箇所が、すでに上に入っています。",
            "Other passages of the same document stand above it.",
        ),
        Standing::BeyondLimit => {
            said("もっとよく合う箇所が先に入り、枠に入りませんでした。", "Passages that fit better took the places.")
        }
    }
}

/// What each kind of likeness gave to the score as it is after all weights, so that the parts add up to it.
fn parts(lang: Lang, weighed: &Weighed) -> Vec<Part> {
    let weight = weighed.kind_weight * weighed.audience_weight * weighed.matter_weight;
    let of = |wanted: &[TermField]| -> f64 {
        weighed.matches.iter().filter(|term| wanted.contains(&term.field)).map(|term| term.score).sum()
    };
    let led = if weight > 0.0 { weighed.item.score / weight - weighed.lexical } else { 0.0 };
    let all = [
        (lang.say("言葉の一致", "Words"), "chart-1", of(&[TermField::Words])),
        (lang.say("言い換えの一致", "Same meaning by list"), "chart-2", of(&[TermField::Concepts])),
        (
            lang.say("文字の並び", "Letters in a row"),
            "chart-3",
            of(&[TermField::Bigrams, TermField::Shingles, TermField::Kanji]),
        ),
        (lang.say("意味の近さ", "Near in meaning"), "chart-4", led.max(0.0)),
    ];
    let mut x = 0.0;
    let part = |(label, class, share): (&'static str, &'static str, f64)| {
        let points = share * weight * 100.0;
        let part = Part { label, class, points, x };
        x += points;
        part
    };
    all.into_iter().map(part).filter(|part| part.points >= 0.5).collect()
}

/// What weighs on it, where something does.
fn weights(lang: Lang, kind: &'static str, weighed: &Weighed) -> Vec<(&'static str, String)> {
    let times = |weight: f64| format!("×{weight:.2}");
    let mut all = Vec::new();
    if weighed.kind_weight < 1.0 {
        all.push((kind, times(weighed.kind_weight)));
    }
    if weighed.audience_weight < 1.0 && weighed.item.audience == Audience::Internal {
        all.push((lang.say("社内の文書", "Internal"), times(weighed.audience_weight)));
    }
    if weighed.matter_weight < 1.0 {
        all.push((lang.say("題名が別の用件", "Its title is about another matter"), times(weighed.matter_weight)));
    }
    all
}

/// The words that gave the most.
fn named(weighed: &Weighed) -> Vec<(String, u32)> {
    let telling = weighed.matches.iter().filter(|term| matches!(term.field, TermField::Words | TermField::Concepts));
    let mut named: Vec<(&str, f64)> = Vec::new();
    for term in telling {
        // A word that names its own group counts as both.
        match named.iter_mut().find(|(text, _)| *text == term.text) {
            Some((_, score)) => *score += term.score,
            None => named.push((&term.text, term.score)),
        }
    }
    named.sort_by(|a, b| b.1.total_cmp(&a.1));
    let named = named.into_iter().map(|(text, score)| (text.to_owned(), points(score)));
    named.filter(|(_, points)| *points > 0).take(NAMED).collect()
}

/// The weightiest words of the question that it does not have.
fn lacking(explanation: &Explanation, weighed: &Weighed) -> Vec<String> {
    let has = |text: &str| weighed.matches.iter().any(|term| term.text == text);
    let words = explanation.terms.iter().filter(|term| term.field == TermField::Words);
    words.filter(|term| points(term.share) > 0 && !has(&term.text)).map(|term| term.text.clone()).take(NAMED).collect()
}

/// A share in points of a hundred.
fn points(share: f64) -> u32 {
    // A share is between 0 and 1.
    (share.clamp(0.0, 1.0) * 100.0).round() as u32
}
