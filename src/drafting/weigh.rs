//! How well sentences answer, by the terms that they share with what was asked.

use std::collections::{HashMap, HashSet};

use super::{
    Brief,
    answer::{Candidate, MAX_PASSAGE_CHARS},
    case::Relation,
};
use crate::{
    domain::Kind,
    language::{analysis, synonyms::Synonyms},
};

/// A further sentence has to answer at least this well, compared with the best.
const SENTENCE_FITS: f64 = 0.35;
/// What the first sentence of an FAQ gets on top: it answers the question in the title.
const FIRST_SENTENCE: f64 = 0.5;
/// What a sentence gets on top that speaks of the very thing that is asked.
const TO_THE_POINT: f64 = 1.0;
/// What a sentence gets on top that names the time of this customer's order.
const OWN_TIME: f64 = 1.0;

/// What a text is known by: words, kanji and groups of synonyms.
pub fn terms(text: &str) -> HashSet<String> {
    let terms = analysis::analyse(text);
    // The field is part of the term: a kanji and a one-kanji word are two hints, not one.
    let words = terms.words.into_iter().map(|term| format!("w{}", term.text));
    let kanji = terms.kanji.into_iter().map(|term| format!("k{}", term.text));
    let concepts = terms.concepts.into_iter().map(|term| format!("c{}", term.text));
    words.chain(kanji).chain(concepts).collect()
}

/// In how many candidates each term stands.
pub fn spread(candidates: &[Candidate<'_>]) -> HashMap<String, f64> {
    let mut spread: HashMap<String, f64> = HashMap::new();
    for term in candidates.iter().flat_map(|candidate| &candidate.terms) {
        *spread.entry(term.clone()).or_default() += 1.0;
    }
    let count = candidates.len() as f64;
    spread.values_mut().for_each(|times| *times = (1.0 + count / *times).ln());
    spread
}

/// Shared terms, rare ones more, against the length of the text.
pub fn shared(own: &HashSet<String>, asked: &HashSet<String>, weight: &HashMap<String, f64>) -> f64 {
    let mut both: Vec<&String> = own.intersection(asked).collect();
    // A float sum depends on its order, and a draft must not.
    both.sort_unstable();
    let sum: f64 = both.iter().map(|term| weight.get(*term).copied().unwrap_or(1.0)).sum();
    sum / (own.len() as f64 + 8.0).sqrt()
}

/// The sentences of one passage with how well they answer, 1 for the best by its words.
pub fn weigh<'a, 'b>(
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
    let synonyms = Synonyms::builtin();
    let pointed: Vec<&String> =
        asked.iter().filter(|term| term.strip_prefix('c').is_some_and(|group| synonyms.is_asked(group))).collect();
    let to_the_point = |candidate: &Candidate<'_>| pointed.iter().any(|term| candidate.terms.contains(*term));
    let bonus = |candidate: &Candidate<'_>| match (candidate.relation, faq && candidate.place == 0) {
        _ if to_the_point(candidate) => TO_THE_POINT,
        (Relation::Own, _) => OWN_TIME,
        (_, true) => FIRST_SENTENCE,
        _ => 0.0,
    };
    own.into_iter().zip(fits).map(|(candidate, fit)| (candidate, fit / best + bonus(candidate))).collect()
}

/// The best sentences of one passage in the order of the passage, exceptions with what they limit.
pub fn take<'a, 'b>(own: &[(&'b Candidate<'a>, f64)], limit: usize) -> Vec<&'b Candidate<'a>> {
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
