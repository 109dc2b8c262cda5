//! What an inquiry asks, one thing after another, each with what answers it and how likely that is.

use std::collections::BTreeSet;

use crate::{
    domain::{EvidenceItem, Intent},
    language::{kana, normal::Normalised, question, synonyms::Synonyms},
};

/// More things than this are told apart by a person who reads the whole letter.
const MOST: usize = 4;

/// The questions of an inquiry, each by itself; the whole where it asks one thing, or more than can be told apart.
pub fn split(core: &str) -> Vec<String> {
    let questions = question::each(core);
    if questions.len() > MOST { vec![core.to_owned()] } else { questions }
}

/// A question with what answers it best, by places in the evidence, best first.
pub fn intent(text: String, items: Vec<usize>, evidence: &[EvidenceItem]) -> Intent {
    let confidence = confidence(&text, evidence);
    Intent { text, items, confidence }
}

/// How likely it is that the evidence answers a question, in percent: how often it did among labelled inquiries whose
/// evidence was as good (`eval/README.md` has the table). What tells most is whether everything that is asked is named
/// anywhere in what was found: who asks for the weight of a chair is not helped by its price. A near passage would be true
/// and beside the point, which is worse than none.
fn confidence(question: &str, evidence: &[EvidenceItem]) -> u8 {
    const NOTHING_SHARED: f64 = 0.025;
    const BY_SCORE: [(f64, f64); 4] = [(NOTHING_SHARED, 80.0), (0.05, 87.0), (0.2, 94.0), (0.4, 99.0)];
    let best = rules(evidence).map(|item| item.score).fold(0.0, f64::max);
    if best < NOTHING_SHARED || !is_told(question, evidence) {
        return 3;
    }
    let above = BY_SCORE.iter().position(|(score, _)| best < *score);
    let Some(above) = above else { return 99 };
    let ((from, low), (to, high)) = (BY_SCORE[above - 1], BY_SCORE[above]);
    (low + (high - low) * (best - from) / (to - from)).round() as u8
}

/// Whether what was found speaks of everything that a question asks for.
fn is_told(question: &str, evidence: &[EvidenceItem]) -> bool {
    let question = kana::with_kanji(question);
    let asked = question::in_context(&question).into_iter().flat_map(groups);
    let asked: BTreeSet<String> = asked.filter(|group| Synonyms::in_use().is_asked(group)).collect();
    if asked.is_empty() {
        return true;
    }
    let told = rules(evidence).flat_map(|item| groups(&format!("{}\n{}", item.title, item.text)));
    asked.is_subset(&told.collect())
}

fn rules(evidence: &[EvidenceItem]) -> impl Iterator<Item = &EvidenceItem> {
    evidence.iter().filter(|item| item.can_ground() && !item.is_weak())
}

fn groups(text: &str) -> impl Iterator<Item = String> + use<> {
    Synonyms::in_use().terms(&Normalised::of(text)).into_iter().map(|term| term.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Audience, Ground, Id, Kind, Span, Validity};

    fn found(title: &str, text: &str, score: f64) -> EvidenceItem {
        let ground = Ground::Passage {
            id: Id::from_uuid(uuid::Uuid::nil()),
            revision: Id::from_uuid(uuid::Uuid::nil()),
            kind: Kind::Faq,
            span: Span::new(0, text.chars().count()),
        };
        EvidenceItem {
            ground,
            key: title.to_owned(),
            title: title.to_owned(),
            text: text.to_owned(),
            url: None,
            audience: Audience::Public,
            validity: Validity::default(),
            score,
            rank: 1,
            also: Vec::new(),
        }
    }

    #[test]
    fn what_is_named_nowhere_has_no_evidence_however_near_the_rest_comes() {
        let chair = [found("椅子の価格", "この椅子は、税込8,980円です。", 0.6)];
        assert!(intent("椅子の価格はいくらですか。".to_owned(), vec![0], &chair).has_evidence());
        assert!(!intent("椅子の重さはどのくらいですか。".to_owned(), vec![0], &chair).has_evidence());
        assert!(!intent("椅子の価格はいくらですか。".to_owned(), Vec::new(), &[]).has_evidence());
    }

    #[test]
    fn more_of_what_was_asked_is_more_sure() {
        let sure = |score| {
            let chair = [found("椅子の価格", "この椅子は、税込8,980円です。", score)];
            intent("椅子の価格はいくらですか。".to_owned(), vec![0], &chair).confidence
        };
        let all: Vec<u8> = [0.01, 0.03, 0.1, 0.3, 0.4, 0.9, 1.0].into_iter().map(sure).collect();
        assert_eq!((all[0], all[6]), (3, 99));
        assert!(all.is_sorted(), "{all:?}");
    }

    #[test]
    fn a_letter_that_asks_too_much_is_left_whole() {
        let letter = "送料は？返品は？交換は？領収書は？配送日は？";
        assert_eq!(split(letter), [letter]);
        assert_eq!(split("送料はいくらですか？領収書は出ますか？").len(), 2);
    }
}
