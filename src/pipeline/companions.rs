//! What a shop says elsewhere of the same matter: the policy behind an FAQ, the FAQ that a policy is asked by.
//!
//! A customer's words lead to the passage that shares them; the passage's own words lead to its neighbours, which say the
//! matter as shops do. So the best rule is searched for in turn, and what it brings up gains (pseudo-relevance feedback
//! from one document, after Rocchio 1971, with the scores added in place of the terms).

use crate::domain::EvidenceItem;

/// What the best companion gains, as a share of the best rule's score. Of 0.1 to 0.8 the best on labelled inquiries
/// (`eval/README.md`).
const GAIN: f64 = 0.5;

/// Raises, or puts in, what the best rule's own words brought up. What it gains never puts it above that rule.
pub fn raise(found: &mut Vec<EvidenceItem>, best: &EvidenceItem, companions: Vec<EvidenceItem>) {
    let mut companions = companions;
    companions.retain(|item| item.key != best.key);
    let top = companions.iter().map(|item| item.score).fold(f64::MIN_POSITIVE, f64::max);
    for item in companions {
        let gain = GAIN * best.score * item.score / top;
        match found.iter_mut().find(|known| known.id() == item.id()) {
            Some(known) => known.score = known.score.max((known.score + gain).min(best.score)),
            None => found.push(EvidenceItem { score: gain, ..item }),
        }
    }
    // Equal scores keep the order in which they were found.
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Audience, Ground, Id, Kind, Span, Validity};

    fn found(key: &str, score: f64) -> EvidenceItem {
        let number = key.bytes().fold(0, |sum, byte| sum * 256 + u128::from(byte));
        EvidenceItem {
            ground: Ground::Passage {
                id: Id::from_uuid(uuid::Uuid::from_u128(number)),
                revision: Id::from_uuid(uuid::Uuid::nil()),
                kind: Kind::Faq,
                span: Span::new(0, 1),
            },
            key: key.to_owned(),
            title: String::new(),
            text: String::new(),
            url: None,
            audience: Audience::Public,
            validity: Validity::default(),
            score,
            rank: 1,
            also: Vec::new(),
        }
    }

    fn after(words: &[(&str, f64)], companions: &[(&str, f64)]) -> Vec<(String, f64)> {
        let items = |list: &[(&str, f64)]| list.iter().map(|(key, score)| found(key, *score)).collect::<Vec<_>>();
        let mut own = items(words);
        let best = own[0].clone();
        raise(&mut own, &best, items(companions));
        own.into_iter().map(|item| (item.key, item.score)).collect()
    }

    fn keys(items: &[(String, f64)]) -> Vec<&str> {
        items.iter().map(|(key, _)| key.as_str()).collect()
    }

    #[test]
    fn the_policy_behind_the_best_faq_comes_before_what_only_shares_words() {
        let all = after(&[("faq", 0.8), ("words", 0.3), ("policy", 0.2)], &[("faq", 0.9), ("policy", 0.6)]);
        assert_eq!(keys(&all), ["faq", "policy", "words"]);
        let unseen = after(&[("faq", 0.8), ("words", 0.3)], &[("policy", 0.6)]);
        assert_eq!(keys(&unseen), ["faq", "policy", "words"]);
    }

    #[test]
    fn no_companion_outranks_the_passage_that_brought_it() {
        let all = after(&[("faq", 0.8), ("near", 0.79)], &[("near", 0.9), ("far", 0.1)]);
        assert_eq!(keys(&all), ["faq", "near", "far"]);
        assert!(all.iter().all(|(_, score)| *score <= 0.8), "{all:?}");
    }

    #[test]
    fn without_companions_nothing_changes() {
        let all = after(&[("faq", 0.8), ("words", 0.3)], &[("faq", 0.9)]);
        assert_eq!(all, [("faq".to_owned(), 0.8), ("words".to_owned(), 0.3)]);
    }
}
