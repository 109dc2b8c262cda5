//! Fixed regular expressions: written as constants, compiled once for the whole process, and asked only about texts that
//! hold at least one of the words without which they cannot match.
//!
//! A rule's expression has dozens of alternatives and hardly ever matches. The words that each alternative needs are found in
//! its own syntax tree, so nobody has to keep two lists; looking for them takes a fraction of running it, and what is then
//! run is small.

use std::{borrow::Cow, sync::OnceLock};

use aho_corasick::AhoCorasick;
use regex::{Captures, Match, Regex, Replacer};
use regex_syntax::hir::{Hir, HirKind};

use crate::language::names;

/// A regular expression that is compiled on first use.
macro_rules! pattern {
    ($($part:expr),+ $(,)?) => {{
        static PATTERN: std::sync::LazyLock<crate::tone::pattern::Pattern> =
            std::sync::LazyLock::new(|| crate::tone::pattern::Pattern::new(&[$($part),+].concat()));
        &*PATTERN
    }};
}

pub(super) use pattern;

/// An expression, one for each of its alternatives, and the words that every match of an alternative holds.
#[derive(Debug)]
pub struct Pattern {
    whole: Alternative,
    alternatives: Vec<Alternative>,
    /// The words of all alternatives, and whose each is.
    words: AhoCorasick,
    whose: Vec<usize>,
}

#[derive(Debug)]
struct Alternative {
    source: String,
    /// Compiled when one of its words is met: most never are.
    regex: OnceLock<Regex>,
    /// Whether nothing can be said of its words, so that it is always asked.
    always: bool,
}

impl Alternative {
    fn regex(&self) -> &Regex {
        self.regex.get_or_init(|| crate::language::pattern::regex(&self.source).expect("a constant pattern compiles"))
    }
}

impl Pattern {
    /// Compiles an expression.
    pub(crate) fn new(source: &str) -> Self {
        let tree = regex_syntax::parse(source).expect("a constant pattern parses");
        let parts = match tree.kind() {
            HirKind::Alternation(parts) => parts.clone(),
            _ => vec![tree.clone()],
        };
        let (mut words, mut whose, mut alternatives) = (Vec::new(), Vec::new(), Vec::new());
        for (at, part) in parts.iter().enumerate() {
            let needs = needed(part);
            alternatives.push(Alternative {
                source: part.to_string(),
                regex: OnceLock::new(),
                always: needs.is_none(),
            });
            for word in needs.unwrap_or_default() {
                words.push(word);
                whose.push(at);
            }
        }
        let words = AhoCorasick::new(words).expect("a pattern's words fit into an automaton");
        let whole = Alternative { source: source.to_owned(), regex: OnceLock::new(), always: true };
        Self { whole, alternatives, words, whose }
    }

    /// The alternatives that may match in a text.
    fn possible(&self, text: &str) -> Vec<&Regex> {
        let mut met: Vec<bool> = self.alternatives.iter().map(|one| one.always).collect();
        for found in self.words.find_overlapping_iter(text) {
            met[self.whose[found.pattern().as_usize()]] = true;
        }
        self.alternatives.iter().zip(met).filter(|(_, met)| *met).map(|(one, _)| one.regex()).collect()
    }

    /// As [`Regex::is_match`].
    pub fn is_match(&self, text: &str) -> bool {
        self.possible(text).iter().any(|regex| regex.is_match(text))
    }

    /// As [`Regex::find`]: the first match, of several there the one of the earlier alternative.
    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.possible(text).iter().filter_map(|regex| regex.find(text)).min_by_key(Match::start)
    }

    /// As [`Regex::find_iter`].
    pub fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Match<'t>> + use<'t> {
        let mut found: Vec<Match<'t>> = self.possible(text).iter().flat_map(|regex| regex.find_iter(text)).collect();
        found.sort_by_key(Match::start);
        let mut end = 0;
        found.into_iter().filter(move |one| {
            let apart = one.start() >= end;
            end = if apart { one.end() } else { end };
            apart
        })
    }

    /// As [`Regex::captures`].
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.captures_iter(text).next()
    }

    /// As [`Regex::captures_iter`].
    pub fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> + use<'t> {
        let mut found: Vec<Captures<'t>> =
            self.possible(text).iter().flat_map(|regex| regex.captures_iter(text)).collect();
        let range = |one: &Captures<'_>| one.get(0).map_or(0..0, |whole| whole.range());
        found.sort_by_key(|one| range(one).start);
        let mut end = 0;
        found.into_iter().filter(move |one| {
            let range = range(one);
            let apart = range.start >= end;
            end = if apart { range.end } else { end };
            apart
        })
    }

    /// As [`Regex::replace_all`].
    pub fn replace_all<'t>(&self, text: &'t str, by: impl Replacer) -> Cow<'t, str> {
        if self.possible(text).is_empty() { Cow::Borrowed(text) } else { self.whole.regex().replace_all(text, by) }
    }
}

/// Words one of which stands in every match: of a sequence those of its most telling part, of alternatives those of each.
fn needed(tree: &Hir) -> Option<Vec<String>> {
    match tree.kind() {
        HirKind::Literal(literal) => Some(vec![std::str::from_utf8(&literal.0).ok()?.to_owned()]),
        HirKind::Capture(capture) => needed(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => needed(&repetition.sub),
        HirKind::Alternation(parts) => {
            let all: Option<Vec<Vec<String>>> = parts.iter().map(needed).collect();
            all.map(|words| words.concat())
        }
        HirKind::Concat(parts) => parts.iter().filter_map(needed).max_by_key(|words| tells(words)),
        _ => None,
    }
}

/// How much a set of words tells: every text has ます and ください, so kana alone tell least; then the length of the shortest
/// word, then how few there are.
fn tells(words: &[String]) -> (bool, usize, std::cmp::Reverse<usize>) {
    let telling = words.iter().all(|word| word.chars().any(|c| !names::is_hiragana(c)));
    let shortest = words.iter().map(|word| word.chars().count()).min().unwrap_or_default();
    (telling, shortest, std::cmp::Reverse(words.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Option<Vec<String>> {
        needed(&regex_syntax::parse(source).unwrap())
    }

    #[test]
    fn every_match_holds_one_of_the_words() {
        assert_eq!(words("(?:ご|お)?連絡(?:を)?(?:いたし|し)ます").unwrap(), ["連絡"]);
        assert_eq!(words("必ず|絶対に?").unwrap(), ["必ず", "絶対"]);
        assert_eq!(words("[0-9]+円|無料").unwrap(), ["円", "無料"]);
        assert_eq!(words("[0-9]+|無料"), None);
        assert_eq!(words("(?:円)*"), None);
    }

    #[test]
    fn what_the_gate_lets_through_is_what_the_expression_finds() {
        let pattern = Pattern::new("(?P<who>弊社|当社)の[^。]{0,4}(?:ミス|不備)");
        let text = "当社の入力ミスです。弊社の不備です。";
        assert_eq!(pattern.find_iter(text).count(), 2);
        assert_eq!(pattern.captures(text).unwrap().name("who").unwrap().as_str(), "当社");
        assert_eq!(pattern.find_iter("何もない。").count(), 0);
        assert_eq!(pattern.replace_all(text, ""), "です。です。");
    }
}
