//! Which sentences of the evidence answer the inquiry.
//!
//! Nothing is worded here: a sentence is taken whole or not at all, so that what is said is what was written.
//! An exception (ただし、なお…) goes with the sentence that it limits.

use std::collections::{HashMap, HashSet};

use super::{Brief, phrases::Phrases};
use crate::{
    domain::{Audience, EvidenceItem, Ground, Kind},
    language::{analysis, kana, question, sentence::sentences},
};

/// A passage gives at most this much, in characters: a letter answers, it does not recite.
pub const MAX_PASSAGE_CHARS: usize = 200;
/// Passages that fit worse than this, compared with the best, are left to the operator's eye.
const PASSAGE_FITS: f64 = 0.5;
/// From here on the second passage is as likely the right one as the first.
const NEARLY_AS_GOOD: f64 = 0.8;
/// How many passages are read for an answer.
const PASSAGES: usize = 5;
/// How many documents a letter draws from.
const TURNS: usize = 3;
/// Sentences of the answer in a letter, and in a chat.
const SENTENCES: usize = 4;
const BRIEF_SENTENCES: usize = 3;
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

/// Facts of the case that the customer asks for, then what answers: see [`turns`].
pub fn choose(brief: &Brief<'_>, phrases: &Phrases<'_>) -> Vec<Chosen> {
    let inquiry = kana::with_kanji(brief.inquiry);
    let asked = terms(&inquiry);
    let mut chosen = records(brief, phrases, &asked);
    let grounds = grounds(brief.evidence);
    let candidates = candidates(brief.evidence, &grounds);
    let spread = spread(&candidates);
    let questions = questions(&inquiry);
    let turns = turns(brief, &grounds, &candidates, (&asked, &questions), &spread);
    let limit = if brief.channel.is_brief() { BRIEF_SENTENCES } else { SENTENCES };
    for (turn, (item, asked)) in turns.iter().enumerate() {
        let room = limit.saturating_sub(chosen.len());
        let waiting = turns.len() - turn - 1;
        // Who comes later keeps a sentence each; one question is answered by its best passage, not by its neighbours.
        let share = if turn > 0 && questions.len() == 1 { 1 } else { room.saturating_sub(waiting).max(1) };
        let share = if questions.len() > 1 { share.min(room.div_ceil(waiting + 1)).max(1) } else { share };
        let own = weigh(brief, &candidates, *item, asked, &spread);
        for taken in take(&own, share) {
            let new = Chosen { text: taken.text.to_owned(), evidence: *item };
            if !chosen.contains(&new) {
                chosen.push(new);
            }
        }
    }
    in_order(chosen, &candidates)
}

/// Whose turn it is to answer what: the passage that fits the whole inquiry best, for each question the one that
/// fits it best, and the next one where it is nearly as good as the first. One passage a document.
fn turns<'q>(
    brief: &Brief<'_>,
    grounds: &[usize],
    candidates: &[Candidate<'_>],
    (asked, questions): (&'q HashSet<String>, &'q [HashSet<String>]),
    spread: &HashMap<String, f64>,
) -> Vec<(usize, &'q HashSet<String>)> {
    let with_sentences = |at: &&usize| candidates.iter().any(|candidate| candidate.evidence == **at);
    let usable: Vec<usize> = grounds.iter().filter(with_sentences).copied().collect();
    let best = usable.first().map_or(0.0, |at| brief.evidence[*at].score);
    let near = |at: &&usize| brief.evidence[**at].score >= best * NEARLY_AS_GOOD;
    let mut wished: Vec<(usize, &HashSet<String>)> = usable.first().map(|at| (*at, asked)).into_iter().collect();
    if questions.len() > 1 {
        let fits = |asked: &'q HashSet<String>| best_passage(brief, &usable, candidates, asked, spread);
        wished.extend(questions.iter().filter_map(|asked| fits(asked).map(|item| (item, asked))));
    }
    wished.extend(usable.iter().skip(1).filter(near).take(1).map(|at| (*at, asked)));
    let mut turns: Vec<(usize, &HashSet<String>)> = Vec::new();
    for (item, asked) in wished {
        let same = |(other, _): &(usize, _)| brief.evidence[*other].key == brief.evidence[item].key;
        if turns.len() < TURNS && !turns.iter().any(same) {
            turns.push((item, asked));
        }
    }
    turns
}

/// What the customer asks, each question by itself; the whole inquiry where none stands out.
fn questions(inquiry: &str) -> Vec<HashSet<String>> {
    let found: Vec<HashSet<String>> =
        question::asking(inquiry).into_iter().map(terms).filter(|terms| terms.len() >= 3).collect();
    match found.len() {
        2..=QUESTIONS => found,
        _ => vec![terms(inquiry)],
    }
}

/// The passage for a question: its title and its best sentence, and how well it fits the whole inquiry.
fn best_passage(
    brief: &Brief<'_>,
    usable: &[usize],
    candidates: &[Candidate<'_>],
    asked: &HashSet<String>,
    spread: &HashMap<String, f64>,
) -> Option<usize> {
    let best = usable.iter().map(|at| brief.evidence[*at].score).fold(1e-9, f64::max);
    let fit = |item: usize| {
        let own = candidates.iter().filter(|candidate| candidate.evidence == item);
        let sentence = own.map(|candidate| shared(&candidate.terms, asked, spread)).fold(0.0, f64::max);
        let title = shared(&terms(&brief.evidence[item].title), asked, spread);
        (title + sentence) * (0.5 + brief.evidence[item].score / best)
    };
    usable.iter().copied().max_by(|a, b| fit(*a).total_cmp(&fit(*b)).then(b.cmp(a)))
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
    let concepts = terms.concepts.into_iter().map(|term| format!("c{}", term.text));
    words.chain(kanji).chain(concepts).collect()
}
