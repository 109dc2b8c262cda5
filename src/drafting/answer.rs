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
/// A second passage has to fit at least this well, compared with the first.
const SECOND_FITS: f64 = 0.6;
/// A further sentence has to answer at least this well, compared with the best.
const SENTENCE_FITS: f64 = 0.35;
/// What the first sentence of an FAQ gets on top: it answers the question in the title.
const FIRST_SENTENCE: f64 = 0.5;

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
    fit: f64,
}

/// Facts of the case that the customer asks for, then the answering sentences of at most two passages.
pub fn choose(brief: &Brief<'_>, phrases: &Phrases<'_>) -> Vec<Chosen> {
    let asked = terms(brief.inquiry);
    let mut chosen = records(brief, phrases, &asked);
    let limit = if brief.channel.is_brief() { 3 } else { 4 };
    let grounds = grounds(brief.evidence);
    let mut candidates = candidates(brief.evidence, &grounds);
    weigh(&mut candidates, &asked, brief.evidence);
    let mut covered: HashSet<String> = HashSet::new();
    for (turn, &item) in grounds.iter().enumerate() {
        let room = limit - chosen.len().min(limit);
        let own: Vec<&Candidate<'_>> = candidates.iter().filter(|candidate| candidate.evidence == item).collect();
        let news = turn == 0 || adds(&own, &asked, &covered);
        if room == 0 || !news {
            continue;
        }
        // The second passage answers what the first left open, in fewer words.
        let taken = take(&own, if turn == 0 { room } else { room.min(2) });
        covered.extend(taken.iter().flat_map(|candidate| candidate.terms.iter().cloned()));
        chosen.extend(taken.iter().map(|candidate| Chosen { text: candidate.text.to_owned(), evidence: item }));
    }
    chosen
}

/// At most two passages that may carry a claim; what somebody once wrote only where nothing else is there.
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
    found.retain(|at| evidence[*at].score >= best * SECOND_FITS);
    found.truncate(2);
    found
}

fn candidates<'a>(evidence: &'a [EvidenceItem], grounds: &[usize]) -> Vec<Candidate<'a>> {
    let mut all = Vec::new();
    for &item in grounds {
        let text = &evidence[item].text;
        for (place, span) in sentences(text).into_iter().enumerate() {
            let text = span.of(text).trim_start_matches(['・', '-', ' ', '　']);
            if is_sentence(text) {
                all.push(Candidate { text, evidence: item, place, terms: terms(text), fit: 0.0 });
            }
        }
    }
    all
}

/// A heading or a bare item of a list cannot stand in a letter.
fn is_sentence(text: &str) -> bool {
    text.ends_with(['。', '！', '？', '!', '?']) && text.chars().count() <= MAX_PASSAGE_CHARS
}

/// Shared terms, rare ones more, by their spread over the candidates.
fn weigh(candidates: &mut [Candidate<'_>], asked: &HashSet<String>, evidence: &[EvidenceItem]) {
    let mut spread: HashMap<String, f64> = HashMap::new();
    for candidate in candidates.iter() {
        for term in &candidate.terms {
            *spread.entry(term.clone()).or_default() += 1.0;
        }
    }
    let count = candidates.len() as f64;
    for candidate in candidates.iter_mut() {
        let mut shared: Vec<&String> = candidate.terms.intersection(asked).collect();
        // A float sum depends on its order, and a draft must not.
        shared.sort_unstable();
        let sum: f64 = shared.iter().map(|term| (1.0 + count / spread.get(*term).unwrap_or(&1.0)).ln()).sum();
        candidate.fit = sum / (candidate.terms.len() as f64 + 8.0).sqrt();
    }
    let best = candidates.iter().map(|candidate| candidate.fit).fold(0.0, f64::max).max(1e-9);
    for candidate in candidates.iter_mut() {
        candidate.fit /= best;
        let faq = evidence[candidate.evidence].kind() == Kind::Faq.as_str();
        if faq && candidate.place == 0 {
            candidate.fit += FIRST_SENTENCE;
        }
    }
}

/// Whether a further passage holds words of the question that the letter does not hold yet.
fn adds(own: &[&Candidate<'_>], asked: &HashSet<String>, covered: &HashSet<String>) -> bool {
    let open: HashSet<&String> = asked.difference(covered).collect();
    let best = own.iter().map(|candidate| candidate.terms.iter().filter(|term| open.contains(term)).count()).max();
    best.is_some_and(|shared| shared >= 4)
}

/// The best sentences of one passage in the order of the passage, exceptions with what they limit.
fn take<'a, 'b>(own: &'b [&'b Candidate<'a>], limit: usize) -> Vec<&'b Candidate<'a>> {
    let mut order: Vec<usize> = (0..own.len()).collect();
    order.sort_by(|a, b| own[*b].fit.total_cmp(&own[*a].fit).then(a.cmp(b)));
    let Some(best) = order.first().map(|at| own[*at].fit) else { return Vec::new() };
    let mut taken: Vec<usize> = Vec::new();
    for at in order {
        if own[at].fit < best * SENTENCE_FITS {
            break;
        }
        let group = group(own, at);
        let mut wish = taken.clone();
        wish.extend(group.into_iter().filter(|at| !taken.contains(at)));
        let chars: usize = wish.iter().map(|at| own[*at].text.chars().count()).sum();
        if wish.len() <= limit && chars <= MAX_PASSAGE_CHARS {
            taken = wish;
        } else if taken.is_empty() {
            taken.push(at);
        }
    }
    taken.sort_unstable();
    taken.into_iter().map(|at| own[at]).collect()
}

/// A sentence with the one it leans on and the exceptions that follow it.
fn group(own: &[&Candidate<'_>], at: usize) -> Vec<usize> {
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
        LEANING.iter().any(|word| own[at].text.starts_with(word))
    };
    let limits = |at: usize| ["ただし", "その場合は"].iter().any(|word| own[at].text.starts_with(word));
    let mut first = at;
    while first > 0 && leans(first) && own[first - 1].place + 1 == own[first].place {
        first -= 1;
    }
    let mut last = at;
    while last + 1 < own.len() && limits(last + 1) && own[last].place + 1 == own[last + 1].place {
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
