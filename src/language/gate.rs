//! What a text has to hold so that a regular expression can match in it, found in the expression's own syntax tree.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::digest::{Digest, Probe, probes};

/// A necessary condition for a match: where it does not hold, the expression need not be run.
#[derive(Debug, Clone)]
pub enum Gate {
    /// Nothing can be said.
    Always,
    /// One of these words, each by its most telling places.
    Words(Vec<[Probe; PROBES]>),
    /// All of these.
    All(Vec<Gate>),
    /// One of these.
    Any(Vec<Gate>),
}

/// Places of a word that are asked.
const PROBES: usize = 4;

/// Parts that stand side by side are spelled out together while there are no more ways than this.
const WAYS: usize = 64;

/// A class of so many characters is spelled out.
const CLASS: usize = 12;

impl Gate {
    /// What every match of the tree needs.
    pub fn of(tree: &Hir) -> Self {
        if let Some(ways) = ways(tree) {
            return Self::words(&ways);
        }
        match tree.kind() {
            HirKind::Capture(capture) => Self::of(&capture.sub),
            HirKind::Repetition(repetition) if repetition.min > 0 => Self::of(&repetition.sub),
            HirKind::Alternation(parts) => Self::any(parts.iter().map(Self::of).collect()),
            HirKind::Concat(parts) => Self::all(parts),
            _ => Self::Always,
        }
    }

    /// Whether nothing can be said.
    pub fn is_always(&self) -> bool {
        matches!(self, Self::Always)
    }

    /// Whether one of these words stands there.
    fn words(words: &[String]) -> Self {
        if words.iter().any(String::is_empty) {
            return Self::Always;
        }
        // Where ご連絡 stands, 連絡 does.
        let is_told_by = |word: &String, other: &String| word.len() > other.len() && word.contains(other.as_str());
        let telling = words.iter().filter(|word| !words.iter().any(|other| is_told_by(word, other)));
        let mut all: Vec<_> = telling.map(|word| probes(word)).collect();
        all.sort_unstable();
        all.dedup();
        Self::Words(all)
    }

    fn any(parts: Vec<Self>) -> Self {
        if parts.iter().any(Self::is_always) { Self::Always } else { Self::Any(parts) }
    }

    fn all(parts: &[Hir]) -> Self {
        let mut needs = Vec::new();
        let mut beside = vec![String::new()];
        for part in parts {
            let Some(ways) = ways(part) else {
                needs.push(Self::words(&beside));
                needs.push(Self::of(part));
                beside = vec![String::new()];
                continue;
            };
            beside = product(&beside, &ways).unwrap_or_else(|| {
                needs.push(Self::words(&beside));
                ways
            });
        }
        needs.push(Self::words(&beside));
        needs.retain(|need| !need.is_always());
        // What is quickly asked and seldom there comes first.
        needs.sort_by_key(Self::size);
        match needs.len() {
            0 => Self::Always,
            1 => needs.remove(0),
            _ => Self::All(needs),
        }
    }

    /// How many words it asks for.
    fn size(&self) -> usize {
        match self {
            Self::Always => 0,
            Self::Words(words) => words.len(),
            Self::All(needs) => needs.first().map_or(0, Self::size),
            Self::Any(needs) => needs.iter().map(Self::size).sum(),
        }
    }

    /// Whether a text can match.
    pub fn admits_text(&self, text: &str) -> bool {
        Digest::with(text, |digest| self.admits(digest))
    }

    /// Whether a text with this digest can match.
    pub fn admits(&self, digest: &Digest) -> bool {
        match self {
            Self::Always => true,
            Self::Words(words) => words.iter().any(|word| word.iter().all(|probe| digest.may_hold(*probe))),
            Self::All(needs) => needs.iter().all(|need| need.admits(digest)),
            Self::Any(needs) => needs.iter().any(|need| need.admits(digest)),
        }
    }
}

/// Whether a match of the tree can hold a letter.
pub fn may_hold(tree: &Hir, letter: char) -> bool {
    match tree.kind() {
        HirKind::Empty | HirKind::Look(_) => false,
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0).is_ok_and(|text| text.contains(letter)),
        HirKind::Class(Class::Unicode(class)) => {
            class.iter().any(|range| (range.start()..=range.end()).contains(&letter))
        }
        HirKind::Class(Class::Bytes(_)) => true,
        HirKind::Capture(capture) => may_hold(&capture.sub, letter),
        HirKind::Repetition(repetition) => may_hold(&repetition.sub, letter),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(|part| may_hold(part, letter)),
    }
}

/// Every text that the tree matches, where they are few.
fn ways(tree: &Hir) -> Option<Vec<String>> {
    match tree.kind() {
        // A boundary or an end of line takes no room: its neighbours still stand side by side.
        HirKind::Empty | HirKind::Look(_) => Some(vec![String::new()]),
        HirKind::Literal(literal) => Some(vec![String::from_utf8(literal.0.to_vec()).ok()?]),
        HirKind::Class(Class::Unicode(class)) => {
            let chars = || class.iter().flat_map(|range| range.start()..=range.end());
            (chars().take(CLASS + 1).count() <= CLASS).then(|| chars().map(String::from).collect())
        }
        HirKind::Class(Class::Bytes(_)) => None,
        HirKind::Capture(capture) => ways(&capture.sub),
        HirKind::Repetition(repetition) if repetition.max == Some(1) => {
            let mut all = ways(&repetition.sub)?;
            if repetition.min == 0 {
                all.push(String::new());
            }
            Some(all)
        }
        HirKind::Repetition(_) => None,
        HirKind::Alternation(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.append(&mut ways(part)?);
            }
            (all.len() <= WAYS).then_some(all)
        }
        HirKind::Concat(parts) => {
            parts.iter().try_fold(vec![String::new()], |before, part| product(&before, &ways(part)?))
        }
    }
}

/// Each of these followed by each of those, where that is not too many.
fn product(before: &[String], after: &[String]) -> Option<Vec<String>> {
    let all = || before.iter().flat_map(|a| after.iter().map(move |b| format!("{a}{b}")));
    (before.len() * after.len() <= WAYS).then(|| all().collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn admits(source: &str, text: &str) -> bool {
        let gate = Gate::of(&regex_syntax::parse(source).unwrap());
        gate.admits_text(text)
    }

    #[test]
    fn what_stands_side_by_side_is_needed_side_by_side() {
        let late = "(?:届|着)(?:いて(?:い)?|か|き)(?:ない|ません)";
        assert!(admits(late, "まだ届いていません。") && admits(late, "着かない"));
        assert!(!admits(late, "届けた品がありません、まだか。"));
    }

    #[test]
    fn every_part_of_a_sequence_is_needed() {
        let ours = "(?:弊社|当社)の[^。]{0,4}(?:ミス|不備)";
        assert!(admits(ours, "当社の入力ミスです。"));
        assert!(!admits(ours, "弊社の担当です。") && !admits(ours, "不備がありました。"));
    }

    #[test]
    fn where_nothing_can_be_said_the_expression_is_run() {
        for source in ["[a-z]+|無料", "(?:円)*", "^[>|]?", "[^。]{3}"] {
            assert!(Gate::of(&regex_syntax::parse(source).unwrap()).is_always(), "{source}");
        }
    }

    proptest! {
        #[test]
        fn a_text_that_matches_is_always_let_in(text in "[ごお連絡致しますいた返品で不可、。\n0-9円税込み]{0,24}") {
            for source in [
                "(?:ご|お)?連絡(?:を)?(?:いたし|致し)ます", "返品(?:は|が)?(?:不可|できな)|不可", "[0-9]+円(?:(?:税込|税抜))?", "(?m)^連絡$",
                "(?i)(?:返|品)+で?[^。\n]{0,6}(?:ます|不)", "(?P<a>いた){1,2}し|絡{2}|[致い]たし",
            ] {
                if regex::Regex::new(source).unwrap().is_match(&text) {
                    prop_assert!(admits(source, &text), "{source}");
                }
            }
        }
    }
}
