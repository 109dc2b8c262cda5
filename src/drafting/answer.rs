//! Which sentences of the evidence answer the inquiry.
//!
//! Nothing is worded here: a sentence is taken whole or not at all, so that what is said is what was written.
//! An exception (ただし、なお…) goes with the sentence that it limits.

use std::collections::{HashMap, HashSet};

use super::{Brief, phrases::Phrases};
use crate::{
    domain::{Audience, EvidenceItem, Ground, Kind},
    language::{analysis, sentence::sentences},
};

/// A passage gives at most this much, in characters: a letter answers, it does not recite.
pub const MAX_PASSAGE_CHARS: usize = 200;
/// Passages that fit worse than this, compared with the best, are left to the operator's eye.
const PASSAGE_FITS: f64 = 0.5;
/// From here on the second passage is as likely the right one as the first.
const NEARLY_AS_GOOD: f64 = 0.85;
/// How many passages are read for an answer.
const PASSAGES: usize = 4;
/// A further sentence has to answer at least this well, compared with the best.
const SENTENCE_FITS: f64 = 0.35;
/// What the first sentence of an FAQ gets on top: it answers the question in the title.
const FIRST_SENTENCE: f64 = 0.5;
/// More questions than this are answered by a person who reads the whole letter.
const QUESTIONS: usize = 3;

/// One sentence of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The words.
    pub text: String,
    /// Which item of the evidence they come from.
    pub evidence: usize,
}

struct Candidate<'a> {
    text: &'a str,
    evidence: usize,
    /// Its place in the passage.
    place: usize,
    terms: HashSet<String>,
}

/// Facts of the case that the customer asks for, then for each question the answering sentences of the passage
/// that fits it best.
pub fn choose(brief: &Brief<'_>, phrases: &Phrases<'_>) -> Vec<Chosen> {
    let asked = terms(brief.inquiry);
    let mut chosen = records(brief, phrases, &asked);
    let limit = if brief.channel.is_brief() { 3 } else { 4 };
    let grounds = grounds(brief.evidence);
    let candidates = candidates(brief.evidence, &grounds);
    let spread = spread(&candidates);
    let questions = questions(brief.inquiry);
    let passages = match questions.len() {
        1 => close(brief.evidence, &grounds).into_iter().map(|item| (item, &asked)).collect(),
        _ => best_passages(brief, &grounds, &candidates, &questions, &spread),
    };
    for (turn, (item, asked)) in passages.iter().enumerate() {
        let room = limit - chosen.len().min(limit);
        let own = weigh(brief, &candidates, *item, asked, &spread);
        // Where one question has two near answers, the second adds its best sentence and no more.
        let share = match questions.len() {
            1 if turn == 0 => limit.min(room).saturating_sub(passages.len() - 1).max(1),
            1 => room.min(1),
            _ => room.div_ceil(passages.len() - turn),
        };
        for taken in take(&own, share) {
            let new = Chosen { text: taken.text.to_owned(), evidence: *item };
            if !chosen.contains(&new) {
                chosen.push(new);
            }
        }
    }
    in_order(chosen, &candidates)
}

/// What the customer asks, each question by itself; the whole inquiry where none stands out.
fn questions(inquiry: &str) -> Vec<HashSet<String>> {
    const ASKING: [&str; 14] = [
        "か。",
        "か?",
        "か？",
        "?",
        "？",
        "ください",
        "下さい",
        "たい",
        "教えて",
        "知りたい",
        "でしょうか",
        "ほしい",
        "欲しい",
        "ますか",
    ];
    let spans = sentences(inquiry);
    let asking = spans.iter().map(|span| span.of(inquiry)).filter(|text| ASKING.iter().any(|word| text.contains(word)));
    let found: Vec<HashSet<String>> = asking.map(terms).filter(|terms| terms.len() >= 3).collect();
    match found.len() {
        2..=QUESTIONS => found,
        _ => vec![terms(inquiry)],
    }
}

/// The best passage, and the next one where it is nearly as good.
fn close(evidence: &[EvidenceItem], grounds: &[usize]) -> Vec<usize> {
    let best = grounds.first().map_or(0.0, |at| evidence[*at].score);
    let near = |at: &usize| evidence[*at].score >= best * NEARLY_AS_GOOD;
    grounds.iter().copied().filter(near).take(2).collect()
}

/// The passage that answers each question best.
fn best_passages<'q>(
    brief: &Brief<'_>,
    grounds: &[usize],
    candidates: &[Candidate<'_>],
    questions: &'q [HashSet<String>],
    spread: &HashMap<String, f64>,
) -> Vec<(usize, &'q HashSet<String>)> {
    let best =
        |asked: &'q HashSet<String>| best_passage(brief, grounds, candidates, asked, spread).map(|item| (item, asked));
    questions.iter().filter_map(best).collect()
}

/// The passage for a question: its title and its best sentence, and how well it fits the whole inquiry.
fn best_passage(
    brief: &Brief<'_>,
    grounds: &[usize],
    candidates: &[Candidate<'_>],
    asked: &HashSet<String>,
    spread: &HashMap<String, f64>,
) -> Option<usize> {
    let best = grounds.iter().map(|at| brief.evidence[*at].score).fold(1e-9, f64::max);
    let fit = |item: usize| {
        let own = candidates.iter().filter(|candidate| candidate.evidence == item);
        let sentence = own.map(|candidate| shared(&candidate.terms, asked, spread)).fold(0.0, f64::max);
        let title = shared(&terms(&brief.evidence[item].title), asked, spread);
        (title + sentence) * (0.5 + brief.evidence[item].score / best)
    };
    let with_sentences = |at: &&usize| candidates.iter().any(|candidate| candidate.evidence == **at);
    grounds.iter().filter(with_sentences).copied().max_by(|a, b| fit(*a).total_cmp(&fit(*b)).then(b.cmp(a)))
}

/// Passages that may carry a claim, best first; what somebody once wrote only where nothing else is there.
fn grounds(evidence: &[EvidenceItem]) -> Vec<usize> {
    let is = |kinds: &[Kind], item: &EvidenceItem| {
        let Ground::Passage { kind, .. } = &item.ground else { return false };
        kinds.contains(kind) && item.audience == Audience::Public
    };
    let rules = |item: &EvidenceItem| is(&[Kind::Faq, Kind::Policy], item);
    let any_rule = evidence.iter().any(rules);
    let usable = |item: &EvidenceItem| if any_rule { rules(item) } else { is(&[Kind::PastReply], item) };
    let mut found: Vec<usize> = (0..evidence.len()).filter(|at| usable(&evidence[*at])).collect();
    let best = found.first().map_or(0.0, |at| evidence[*at].score);
    found.retain(|at| evidence[*at].score >= best * PASSAGE_FITS);
    found.truncate(PASSAGES);
    found
}

fn candidates<'a>(evidence: &'a [EvidenceItem], grounds: &[usize]) -> Vec<Candidate<'a>> {
    let mut all = Vec::new();
    for &item in grounds {
        let text = &evidence[item].text;
        for (place, span) in sentences(text).into_iter().enumerate() {
            let text = span.of(text).trim_start_matches(['・', '-', ' ', '　']);
            if is_sentence(text) {
                all.push(Candidate { text, evidence: item, place, terms: terms(text) });
            }
        }
    }
    all
}

/// A heading or a bare item of a list cannot stand in a letter.
fn is_sentence(text: &str) -> bool {
    text.ends_with(['。', '！', '？', '!', '?']) && text.chars().count() <= MAX_PASSAGE_CHARS
}

/// In how many candidates each term stands.
fn spread(candidates: &[Candidate<'_>]) -> HashMap<String, f64> {
    let mut spread: HashMap<String, f64> = HashMap::new();
    for term in candidates.iter().flat_map(|candidate| &candidate.terms) {
        *spread.entry(term.clone()).or_default() += 1.0;
    }
    let count = candidates.len() as f64;
    spread.values_mut().for_each(|times| *times = (1.0 + count / *times).ln());
    spread
}

/// Shared terms, rare ones more, against the length of the text.
fn shared(own: &HashSet<String>, asked: &HashSet<String>, weight: &HashMap<String, f64>) -> f64 {
    let mut both: Vec<&String> = own.intersection(asked).collect();
    // A float sum depends on its order, and a draft must not.
    both.sort_unstable();
    let sum: f64 = both.iter().map(|term| weight.get(*term).copied().unwrap_or(1.0)).sum();
    sum / (own.len() as f64 + 8.0).sqrt()
}

/// The sentences of one passage with how well they answer, 1 for the best by its words.
fn weigh<'a, 'b>(
    brief: &Brief<'_>,
    candidates: &'b [Candidate<'a>],
    item: usize,
    asked: &HashSet<String>,
    spread: &HashMap<String, f64>,
) -> Vec<(&'b Candidate<'a>, f64)> {
    let own: Vec<&Candidate<'_>> = candidates.iter().filter(|candidate| candidate.evidence == item).collect();
    let fits: Vec<f64> = own.iter().map(|candidate| shared(&candidate.terms, asked, spread)).collect();
    let best = fits.iter().copied().fold(1e-9, f64::max);
    let faq = brief.evidence[item].kind() == Kind::Faq.as_str();
    let bonus = |candidate: &Candidate<'_>| if faq && candidate.place == 0 { FIRST_SENTENCE } else { 0.0 };
    own.into_iter().zip(fits).map(|(candidate, fit)| (candidate, fit / best + bonus(candidate))).collect()
}

/// The best sentences of one passage in the order of the passage, exceptions with what they limit.
fn take<'a, 'b>(own: &[(&'b Candidate<'a>, f64)], limit: usize) -> Vec<&'b Candidate<'a>> {
    let mut order: Vec<usize> = (0..own.len()).collect();
    order.sort_by(|a, b| own[*b].1.total_cmp(&own[*a].1).then(a.cmp(b)));
    let Some(best) = order.first().map(|at| own[*at].1) else { return Vec::new() };
    let mut taken: Vec<usize> = Vec::new();
    for at in order {
        if own[at].1 < best * SENTENCE_FITS {
            break;
        }
        let group = group(own, at);
        let mut wish = taken.clone();
        wish.extend(group.into_iter().filter(|at| !taken.contains(at)));
        let chars: usize = wish.iter().map(|at| own[*at].0.text.chars().count()).sum();
        if wish.len() <= limit && chars <= MAX_PASSAGE_CHARS {
            taken = wish;
        } else if taken.is_empty() {
            taken.push(at);
        }
    }
    taken.sort_unstable();
    taken.into_iter().map(|at| own[at].0).collect()
}

/// Sentences of one passage together and in its order, passages as they were first chosen; what would go beyond
/// [`MAX_PASSAGE_CHARS`] of one passage is left out.
fn in_order(chosen: Vec<Chosen>, candidates: &[Candidate<'_>]) -> Vec<Chosen> {
    let mut items: Vec<usize> = Vec::new();
    for one in &chosen {
        if !items.contains(&one.evidence) {
            items.push(one.evidence);
        }
    }
    let place = |one: &Chosen| {
        let own = candidates.iter().find(|candidate| candidate.evidence == one.evidence && candidate.text == one.text);
        own.map_or(0, |candidate| candidate.place)
    };
    let mut ordered = Vec::new();
    for item in items {
        let mut own: Vec<Chosen> = chosen.iter().filter(|one| one.evidence == item).cloned().collect();
        own.sort_by_key(place);
        let mut chars = 0;
        own.retain(|one| {
            let long = one.text.chars().count();
            let fits = chars == 0 || chars + long <= MAX_PASSAGE_CHARS;
            chars += if fits { long } else { 0 };
            fits
        });
        ordered.extend(own);
    }
    ordered
}

/// A sentence with the one it leans on and the exceptions that follow it.
fn group(own: &[(&Candidate<'_>, f64)], at: usize) -> Vec<usize> {
    let leans = |at: usize| {
        const LEANING: [&str; 14] = [
            "ただし",
            "なお",
            "また",
            "その場合",
            "その際",
            "そのため",
            "それ以",
            "この場合",
            "このとき",
            "それでも",
            "一方",
            "さらに",
            "次に",
            "そのあと",
        ];
        LEANING.iter().any(|word| own[at].0.text.starts_with(word))
    };
    let limits = |at: usize| ["ただし", "その場合は"].iter().any(|word| own[at].0.text.starts_with(word));
    let mut first = at;
    while first > 0 && leans(first) && own[first - 1].0.place + 1 == own[first].0.place {
        first -= 1;
    }
    let mut last = at;
    while last + 1 < own.len() && limits(last + 1) && own[last].0.place + 1 == own[last + 1].0.place {
        last += 1;
    }
    (first..=last).collect()
}

/// Facts handed in with the inquiry that it asks about, at most three, as sentences.
fn records(brief: &Brief<'_>, phrases: &Phrases<'_>, asked: &HashSet<String>) -> Vec<Chosen> {
    let matter = brief.vocabulary.entry(brief.situation).map(|entry| terms(&entry.topic)).unwrap_or_default();
    let mut found = Vec::new();
    for (at, item) in brief.evidence.iter().enumerate() {
        let Ground::Record { .. } = item.ground else { continue };
        let name = terms(&item.key);
        if found.len() < 3 && name.iter().any(|term| asked.contains(term) || matter.contains(term)) {
            let value = item.text.strip_prefix(&format!("{}: ", item.key)).unwrap_or(&item.text);
            found.push(Chosen { text: phrases.record(&item.key, value), evidence: at });
        }
    }
    found
}

fn terms(text: &str) -> HashSet<String> {
    let terms = analysis::analyse(text);
    // The field is part of the term: a kanji and a one-kanji word are two hints, not one.
    let words = terms.words.into_iter().map(|term| format!("w{}", term.text));
    let kanji = terms.kanji.into_iter().map(|term| format!("k{}", term.text));
    words.chain(kanji).collect()
}
