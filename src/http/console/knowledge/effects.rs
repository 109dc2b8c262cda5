//! What a change would do, for those who read it before it is made: the replies that would become false, and the documents
//! that would say otherwise.

use super::{
    asking,
    difference::{Piece, first_place},
    document_at, kind,
    relied::opening,
};
use crate::{
    app::{App, Preview, Told},
    domain::{Affected, Inquiry, Overlap, OverlapKind, Verdict},
    http::console::{lang::Lang, viewer::Viewer},
};

/// What stands beside a change.
pub struct Effects {
    /// The finding of the bar, in a sentence.
    pub finding: String,
    /// How many replies it looks at.
    pub all: usize,
    /// So many days back.
    pub days: i64,
    /// The parts of the bar.
    pub parts: Vec<Part>,
    /// The replies to look at first.
    pub replies: Vec<ToldWrong>,
    /// How many more are not shown.
    pub hidden: usize,
    /// Where all of them are listed.
    pub relied: String,
    /// Documents that would say otherwise.
    pub contradictions: Vec<Against>,
    /// Documents that would say the same.
    pub duplicates: Vec<Against>,
}

/// One part of the bar, in hundredths of its width.
pub struct Part {
    /// Its word.
    pub label: &'static str,
    /// Its colour.
    pub class: &'static str,
    /// How many.
    pub count: usize,
    /// Where it begins.
    pub x: f64,
    /// How wide it is.
    pub width: f64,
}

/// A reply that would be false, or that nothing carries any more.
pub struct ToldWrong {
    /// Where its inquiry is.
    pub href: Option<String>,
    /// To whom it went, or what was asked.
    pub who: String,
    /// What it said, with what the document would say in its place.
    pub said: Vec<Piece>,
    /// When it said so.
    pub at: String,
    /// 誤りになる、要確認.
    pub word: &'static str,
    /// The colour of that word.
    pub tone: &'static str,
}

/// A document that would say otherwise, or the same.
pub struct Against {
    /// Its title.
    pub title: String,
    /// Its key: two that clash often have one title.
    pub key: String,
    /// Its kind.
    pub kind: &'static str,
    /// Where it is read.
    pub href: String,
    /// Where it is changed.
    pub edit: Option<String>,
    /// Its sentence; what clashes is marked.
    pub quote: Vec<(String, bool)>,
    /// The sentence of the change.
    pub own: Vec<(String, bool)>,
}

impl Effects {
    /// Of a change of the document with this key.
    pub fn of(viewer: &Viewer, key: &str, preview: &Preview) -> Self {
        let (lang, told) = (viewer.lang, &preview.told);
        let of_kind = |wanted| {
            let found = preview.overlaps.iter().filter(move |overlap| overlap.kind() == wanted);
            found.map(|overlap| against(viewer, key, overlap)).collect()
        };
        Self {
            finding: finding(lang, told),
            all: told.all(),
            days: App::LOOKED_BACK_DAYS,
            parts: parts(lang, told),
            replies: told
                .first
                .iter()
                .map(|(affected, inquiry)| reply(viewer, affected, inquiry.as_ref(), preview))
                .collect(),
            hidden: (told.wrong + told.unsaid).saturating_sub(told.first.len()),
            relied: asking(viewer, "knowledge/relied", &[("key", key)]),
            contradictions: of_kind(OverlapKind::Contradiction),
            duplicates: of_kind(OverlapKind::Duplicate),
        }
    }
}

fn finding(lang: Lang, told: &Told) -> String {
    match (told.all(), told.wrong, told.unsaid, lang) {
        (0, ..) => {
            lang.say("この文書に基づいて送った返信はありません", "No reply that was sent stands on it").to_owned()
        }
        (_, 0, 0, _) => lang.say("誤りになる返信はありません", "No reply would become false").to_owned(),
        (_, 0, unsaid, Lang::Ja) => format!("{unsaid}件の返信が、根拠を失います"),
        (_, 0, unsaid, Lang::En) => format!("Nothing would carry {unsaid} of the replies any more"),
        (_, wrong, _, Lang::Ja) => format!("{wrong}件の返信が、誤りになります"),
        (_, wrong, _, Lang::En) => format!("{wrong} of the replies would become false"),
    }
}

fn parts(lang: Lang, told: &Told) -> Vec<Part> {
    let all = [
        (lang.say("正しいまま", "Still so"), "fine", told.still),
        (lang.say("要確認", "To check"), "caution", told.unsaid),
        (lang.say("誤りになる", "False"), "blocked", told.wrong),
    ];
    let whole = told.all().max(1) as f64;
    let mut x = 0.0;
    let part = |(label, class, count): (&'static str, &'static str, usize)| {
        let width = count as f64 * 100.0 / whole;
        let part = Part { label, class, count, x, width };
        x += width;
        part
    };
    all.into_iter().map(part).collect()
}

fn reply(viewer: &Viewer, affected: &Affected, inquiry: Option<&Inquiry>, preview: &Preview) -> ToldWrong {
    let lang = viewer.lang;
    let verdict = if affected.has(Verdict::Contradicted) { Verdict::Contradicted } else { Verdict::Unsupported };
    let claim = affected.claims.iter().find(|claim| claim.verdict == verdict);
    let said = claim.map(|claim| {
        let now = claim.now.as_deref().unwrap_or_default();
        let whole = || vec![Piece { fate: "", text: opening(&claim.text) }];
        first_place(&claim.text, now).unwrap_or_else(whole)
    });
    let (word, tone) = match verdict {
        Verdict::Contradicted => (lang.say("誤りになる", "False"), "blocked"),
        _ => (lang.say("要確認", "To check"), "caution"),
    };
    let customer = inquiry.and_then(|inquiry| inquiry.customer.as_ref()).map(|customer| customer.as_str().to_owned());
    ToldWrong {
        href: inquiry.map(|inquiry| viewer.at(&format!("inquiries/{}", inquiry.id))),
        who: customer
            .or_else(|| inquiry.map(|inquiry| opening(inquiry.text.as_str())))
            .unwrap_or_else(|| lang.say("問い合わせの分からない返信", "A reply to an unknown inquiry").to_owned()),
        said: said.unwrap_or_default(),
        at: format!("{}{}", lang.moment(affected.sent_at, preview.now), lang.say(" に案内", "")),
        word,
        tone,
    }
}

fn against(viewer: &Viewer, key: &str, overlap: &Overlap) -> Against {
    let other = usize::from(overlap.sides[0].key == key);
    let side = &overlap.sides[other];
    let rule = matches!(side.kind, crate::domain::Kind::Faq | crate::domain::Kind::Policy);
    let edit = viewer.may(crate::identity::Act::Propose) && rule;
    let query = [("key", side.key.as_str()), ("rev", side.revision.as_str())];
    Against {
        title: side.title.clone(),
        key: side.key.clone(),
        kind: kind(viewer.lang, side.kind),
        href: document_at(viewer, &side.key, Some(&side.revision)),
        edit: edit.then(|| asking(viewer, "knowledge/edit", &query)),
        quote: clashing(overlap, other),
        own: clashing(overlap, 1 - other),
    }
}

/// The sentence of one side; the words that the other tells differently are marked.
pub fn clashing(overlap: &Overlap, side: usize) -> Vec<(String, bool)> {
    let quote = &overlap.sides[side].quote;
    let words = overlap.differences.iter().filter_map(|difference| difference.words.get(side));
    let mut places: Vec<(usize, usize)> = words
        .filter(|words| !words.is_empty())
        .filter_map(|words| quote.find(words.as_str()).map(|at| (at, at + words.len())))
        .collect();
    places.sort_unstable();
    let (mut pieces, mut end) = (Vec::new(), 0);
    for (from, until) in places.into_iter().filter(|(from, until)| from < until) {
        if from < end {
            continue;
        }
        if from > end {
            pieces.push((quote[end..from].to_owned(), false));
        }
        pieces.push((quote[from..until].to_owned(), true));
        end = until;
    }
    if end < quote.len() {
        pieces.push((quote[end..].to_owned(), false));
    }
    pieces
}
