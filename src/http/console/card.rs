//! A piece of evidence as a card: where it comes from, how old it is, the quoted words, and the sentences that stand on it.

use super::{lang::Lang, letter};
use crate::{
    app::Source,
    domain::{Audience, Checks, Day, EvidenceItem, Ground, Kind, Span, Suggestion, Timestamp, Unused, Verdict},
};

/// One card.
pub struct Card {
    /// From 1, in the order of the letter: the chips name it.
    pub number: usize,
    /// Its title.
    pub title: String,
    /// 規定、FAQ, ...
    pub kind: &'static str,
    /// `rule`, `past` or `record`.
    pub class: &'static str,
    /// Validity, age, audience.
    pub meta: Vec<String>,
    /// The quoted words, marked, and what stands around them.
    pub pieces: Vec<(String, bool)>,
    /// All its words, where they are more.
    pub whole: Option<String>,
    /// The sentences that stand on it, or that it contradicts.
    pub carries: Vec<Carried>,
    /// Why no sentence does, where there is a letter.
    pub why: Option<String>,
    /// Its colour where a sentence has a problem with it.
    pub tone: &'static str,
}

/// A sentence that stands on a card.
pub struct Carried {
    /// Its verdict's mark.
    pub mark: &'static str,
    /// Its first words.
    pub words: String,
}

/// Something that the search passed over.
pub struct PassedOver {
    /// Its title.
    pub title: String,
    /// 規定、FAQ, ..., and the class of its colour.
    pub kind: (&'static str, &'static str),
    /// Why.
    pub why: String,
}

/// What stood beside the evidence and was passed over, as far as the record and the documents tell without another search.
pub fn passed_over(lang: Lang, suggestion: &Suggestion, sources: &[Source]) -> Vec<PassedOver> {
    let told = sources.iter().filter_map(|source| {
        let Source { revision, number, passed_over } = source;
        let title = match lang {
            Lang::Ja => format!("{}（第{number}版）", revision.content.title),
            Lang::En => format!("{} (rev. {number})", revision.content.title),
        };
        let why = why(lang, (*passed_over)?, suggestion.making.order_date);
        Some(PassedOver { title, kind: document_kind(lang, revision.content.kind), why })
    });
    told.collect()
}

/// Why no sentence of a draft stands on something. `ordered` is the day of the order, where that is known.
pub fn why(lang: Lang, unused: Unused, ordered: Option<Day>) -> String {
    let (ja, en) = match unused {
        Unused::NoDraft => ("下書きを作らず、人に引き継ぎました", "No draft was made; a person takes over"),
        Unused::NothingToGround => ("この下書きは、規定の説明をしていません", "The draft states none of the rules"),
        Unused::Untold => ("この件の記録ですが、どの文も触れていません", "A fact of this case that no sentence tells"),
        Unused::Manner => ("書き方の決まりで、事実の裏づけにはなりません", "Says how to write, not what holds"),
        Unused::Internal => ("社内向けのため、お客様への文には引用しません", "Internal: never quoted to a customer"),
        Unused::Voice => {
            ("過去の返信だけでは裏づけにせず、言い回しの手本にとどめました", "A past reply: an example of voice")
        }
        Unused::SameDocument => ("同じ文書の別の箇所を選びました", "Another part of the same document was chosen"),
        Unused::Below => ("より近い根拠で足りました", "What the draft stands on fits better"),
        Unused::NoSentence => ("どの文の裏づけにもなりません", "Carries no sentence"),
        Unused::SameWords => ("ほぼ同じ文の、別の文書があります", "Another document says nearly the same"),
        Unused::NotValid => match (ordered, lang) {
            (Some(day), Lang::Ja) => return format!("この注文日（{}）には有効でない版です", slashed(day)),
            (Some(day), Lang::En) => return format!("Not valid for an order of {}", slashed(day)),
            (None, _) => ("この日には有効でない版です", "Not valid on that day"),
        },
        Unused::BeyondLimit => ("質問との関連が低いものです", "Too far from the question"),
    };
    lang.say(ja, en).to_owned()
}

/// The evidence in two heaps: what sentences stand on, in the order of the letter, and what was found beside it.
pub fn cards(lang: Lang, suggestion: &Suggestion, sources: &[Source], now: Timestamp) -> (Vec<Card>, Vec<Card>) {
    let text = suggestion.draft.as_ref().map(|draft| draft.text.as_str()).unwrap_or_default();
    let checks = &suggestion.checks;
    let (used, unused) = (checks.cited(), suggestion.unused());
    let items = &suggestion.evidence.items;
    let order = used.iter().copied().chain((0..items.len()).filter(|at| !used.contains(at)));
    let all = order.enumerate().filter_map(|(place, at)| {
        let card = card(lang, at, items.get(at)?, text, checks, sources, now);
        let unused = unused.iter().find(|(left, unused)| *left == at && *unused != Unused::NoDraft);
        let why = unused.map(|(_, unused)| why(lang, *unused, suggestion.making.order_date));
        Some(Card { number: place + 1, why, ..card })
    });
    all.partition(|card| !card.carries.is_empty())
}

fn card(
    lang: Lang,
    at: usize,
    item: &EvidenceItem,
    text: &str,
    checks: &Checks,
    sources: &[Source],
    now: Timestamp,
) -> Card {
    let mut quotes: Vec<Span> = Vec::new();
    let (mut carries, mut tone) = (Vec::new(), "");
    for sentence in &checks.grounding.verdicts {
        let cited = sentence.citations.iter().filter_map(|place| checks.citations().get(*place));
        let here: Vec<_> = cited.filter(|citation| citation.evidence == at).collect();
        if here.is_empty() {
            continue;
        }
        quotes.extend(here.iter().map(|citation| citation.quote_span));
        let (mark, ..) = letter::verdict(lang, sentence);
        tone = match (sentence.verdict, sentence.weak) {
            (Verdict::Contradicted, _) => "blocked",
            (_, true) if tone.is_empty() => "caution",
            _ => tone,
        };
        carries.push(Carried { mark, words: opening(sentence.span.of(text)) });
    }
    let (kind, class) = kind(lang, item);
    let around = around(&item.text, &quotes);
    let shown = around.of(&item.text);
    let quotes = quotes.iter().map(|quote| within(*quote, around)).collect();
    let mut pieces = marked(shown, quotes);
    if around.start > 0 {
        pieces.insert(0, ("…".to_owned(), false));
    }
    if around.end < item.text.chars().count() {
        pieces.push(("…".to_owned(), false));
    }
    Card {
        number: 0,
        title: item.title.clone(),
        kind,
        class,
        meta: meta(lang, item, sources, now),
        whole: (around.len() < item.text.chars().count()).then(|| item.text.clone()),
        pieces,
        carries,
        why: None,
        tone,
    }
}

/// 規定, and the class of its colour.
pub fn kind(lang: Lang, item: &EvidenceItem) -> (&'static str, &'static str) {
    match &item.ground {
        Ground::Record { .. } => (lang.say("案件の記録", "Record"), "record"),
        Ground::Passage { kind, .. } => document_kind(lang, *kind),
    }
}

fn document_kind(lang: Lang, kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Faq => ("FAQ", "rule"),
        Kind::Policy => (lang.say("規定", "Policy"), "rule"),
        Kind::Guide => (lang.say("文体ガイド", "Guide"), "rule"),
        Kind::PastReply => (lang.say("過去の返信", "Past reply"), "past"),
    }
}

fn meta(lang: Lang, item: &EvidenceItem, sources: &[Source], now: Timestamp) -> Vec<String> {
    let mut meta = Vec::new();
    if let Some(from) = item.validity.from {
        meta.push(match lang {
            Lang::Ja => format!("{}から有効", slashed(from)),
            Lang::En => format!("From {}", slashed(from)),
        });
    }
    if let Some(until) = item.validity.until {
        meta.push(match lang {
            Lang::Ja => format!("{}まで", slashed(until)),
            Lang::En => format!("Until {}", slashed(until)),
        });
    }
    let source = sources.iter().find(|source| Some(&source.revision.id) == item.revision());
    if let Some(Source { revision, number, .. }) = source {
        meta.insert(
            0,
            match lang {
                Lang::Ja => format!("第{number}版"),
                Lang::En => format!("Rev. {number}"),
            },
        );
        let days = (now.0 - revision.recorded_from.0) / 86_400_000;
        meta.push(match (days, lang) {
            (i64::MIN..=0, _) => lang.say("今日取り込み", "Recorded today").to_owned(),
            (_, Lang::Ja) => format!("{days}日前に取り込み"),
            (_, Lang::En) => format!("Recorded {days} days ago"),
        });
        if revision.recorded_until.is_some() {
            meta.push(lang.say("いまは別の版があります", "There is a newer revision").to_owned());
        }
    }
    if matches!(item.ground, Ground::Passage { .. }) {
        meta.push(match item.audience {
            Audience::Public => lang.say("公開", "Public").to_owned(),
            Audience::Internal => lang.say("社内", "Internal").to_owned(),
        });
    }
    meta
}

/// 2026/10/01.
pub fn slashed(day: Day) -> String {
    format!("{}/{:02}/{:02}", day.0.year(), day.0.month(), day.0.day())
}

/// What is shown of a text: the quoted words and the sentence on either side; without quotes its beginning.
fn around(text: &str, quotes: &[Span]) -> Span {
    const UNQUOTED: usize = 120;
    let chars: Vec<char> = text.chars().collect();
    let (Some(first), Some(last)) =
        (quotes.iter().map(|quote| quote.start).min(), quotes.iter().map(|quote| quote.end).max())
    else {
        return Span::new(0, chars.len().min(UNQUOTED));
    };
    let ends = |at: &usize| matches!(chars[*at], '。' | '\n');
    let last = last.min(chars.len());
    let start = (0..first.min(chars.len()).saturating_sub(1)).rev().find(ends).map_or(0, |at| at + 1);
    let end = (last..chars.len()).find(ends).map_or(chars.len(), |at| at + 1);
    Span::new(start, end.max(start))
}

/// A span of the whole text in a part of it.
fn within(span: Span, part: Span) -> Span {
    let place = |at: usize| at.clamp(part.start, part.end) - part.start;
    Span::new(place(span.start), place(span.end))
}

/// The words, cut where quotes begin and end.
pub fn marked(text: &str, mut quotes: Vec<Span>) -> Vec<(String, bool)> {
    quotes.sort_by_key(|quote| quote.start);
    let end_of_text = text.chars().count();
    let (mut pieces, mut end) = (Vec::new(), 0);
    for quote in quotes {
        let (start, until) = (quote.start.clamp(end, end_of_text), quote.end.clamp(end, end_of_text));
        if start > end {
            pieces.push((Span::new(end, start).of(text).to_owned(), false));
        }
        if until > start {
            pieces.push((Span::new(start, until).of(text).to_owned(), true));
        }
        end = end.max(until);
    }
    if end < end_of_text {
        pieces.push((Span::new(end, end_of_text).of(text).to_owned(), false));
    }
    pieces
}

/// The first words of a sentence.
fn opening(sentence: &str) -> String {
    const CHARS: usize = 9;
    let sentence = sentence.trim();
    let mut words: String = sentence.chars().take(CHARS).collect();
    if sentence.chars().count() > CHARS {
        words.push('…');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_marked_in_their_place_also_where_they_overlap() {
        let pieces = marked("返送料は880円です。", vec![Span::new(4, 8), Span::new(0, 5)]);
        let said: Vec<(&str, bool)> = pieces.iter().map(|(text, quoted)| (text.as_str(), *quoted)).collect();
        assert_eq!(said, [("返送料は8", true), ("80円", true), ("です。", false)]);
        assert_eq!(marked("", vec![Span::new(0, 3)]), []);
    }
}
