//! Fixed regular expressions: written as constants, compiled when first needed, and run only on texts in which they can
//! match.
//!
//! An expression about Japanese has dozens of alternatives and hardly ever matches. What each alternative needs is found in
//! its own syntax tree (`gate.rs`), so nobody has to keep two lists; asking takes a fraction of running it, and what is then
//! run is small.

use std::{borrow::Cow, ops::Range, sync::OnceLock};

use regex::{Captures, Match, Regex, RegexBuilder, Replacer};
use regex_syntax::ast::{self, Ast};

use super::{
    digest::Digest,
    gate::{self, Gate},
};

/// What the states that an expression has met may take, in each thread that uses it. We have some hundred expressions
/// over all of Japanese: with the engine's own limit of two mebibytes each they would grow to most of the process.
const STATES_BYTES: usize = 256 * 1024;

/// Compiles an expression.
pub fn regex(source: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(source).dfa_size_limit(STATES_BYTES).build()
}

/// An expression where it is used.
macro_rules! pattern {
    ($($part:expr),+ $(,)?) => {{
        static PATTERN: std::sync::LazyLock<crate::language::pattern::Pattern> =
            std::sync::LazyLock::new(|| crate::language::pattern::Pattern::new(&[$($part),+].concat()));
        &*PATTERN
    }};
}

/// An expression under a name.
macro_rules! named {
    ($name:ident, $source:expr) => {
        static $name: std::sync::LazyLock<crate::language::pattern::Pattern> =
            std::sync::LazyLock::new(|| crate::language::pattern::Pattern::new($source));
    };
}

pub(crate) use {named, pattern};

/// An expression, and one for each of its alternatives.
#[derive(Debug)]
pub struct Pattern {
    source: String,
    whole: OnceLock<Regex>,
    alternatives: Vec<Alternative>,
    /// Whether there is an alternative that need not always be run.
    gated: bool,
}

#[derive(Debug)]
struct Alternative {
    source: String,
    /// Compiled when a text is let through: most never are.
    regex: OnceLock<Regex>,
    gate: Gate,
    /// What no match can hold: a long text is asked about piece by piece between these, and only the pieces that are let
    /// through are searched.
    stops: Vec<char>,
}

/// Where a text may fall into pieces.
const STOPS: [char; 2] = ['。', '\n'];

impl Alternative {
    fn of(source: String) -> Self {
        let tree = &regex_syntax::parse(&source).expect("a constant pattern parses");
        let stops = if tree.properties().look_set().is_empty() {
            STOPS.into_iter().filter(|stop| !gate::may_hold(tree, *stop)).collect()
        } else {
            // A boundary or an end is not the same in a piece.
            Vec::new()
        };
        Self { source, regex: OnceLock::new(), gate: Gate::of(tree), stops }
    }

    /// What is found first in the pieces of a text behind a place; `find` is told a piece by its end and start.
    fn first<'t, T>(
        &self,
        text: &'t str,
        from: usize,
        find: impl Fn(&Regex, &'t str, usize) -> Option<T>,
    ) -> Option<T> {
        if self.stops.is_empty() || self.gate.is_always() {
            return find(self.regex(), text, from);
        }
        let mut start = from;
        loop {
            let end = text[start..].find(self.stops.as_slice()).map_or(text.len(), |at| start + at);
            let found = match self.gate.admits_text(&text[start..end]) {
                true => find(self.regex(), &text[..end], start),
                false => None,
            };
            let stop = text[end..].chars().next();
            match (found, stop) {
                (None, Some(stop)) => start = end + stop.len_utf8(),
                (found, _) => return found,
            }
        }
    }

    fn regex(&self) -> &Regex {
        self.regex.get_or_init(|| regex(&self.source).expect("a constant pattern compiles"))
    }
}

impl Pattern {
    /// Reads an expression.
    pub fn new(source: &str) -> Self {
        let alternatives: Vec<_> = alternatives(source).into_iter().map(Alternative::of).collect();
        let gated = alternatives.iter().any(|one| !one.gate.is_always());
        Self { source: source.to_owned(), whole: OnceLock::new(), alternatives, gated }
    }

    /// The alternatives that may match in a text.
    fn possible(&self, text: &str) -> Vec<&Alternative> {
        let all = self.alternatives.iter();
        match self.gated {
            true => Digest::with(text, |digest| all.filter(|one| one.gate.admits(digest)).collect()),
            false => all.collect(),
        }
    }

    /// Whether it could match in a text or in a part of it, told without looking for it.
    pub fn may_match(&self, text: &str) -> bool {
        !self.gated || Digest::with(text, |digest| self.alternatives.iter().any(|one| one.gate.admits(digest)))
    }

    /// As [`Regex::is_match`].
    pub fn is_match(&self, text: &str) -> bool {
        let is_match = |regex: &Regex, text: &str, from| regex.is_match_at(text, from).then_some(());
        self.possible(text).iter().any(|one| one.first(text, 0, is_match).is_some())
    }

    /// As [`Regex::find`]: the first match, of several there the one of the earlier alternative.
    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        let firsts = self.possible(text).into_iter().filter_map(|one| one.first(text, 0, Regex::find_at));
        firsts.min_by_key(Match::start)
    }

    /// As [`Regex::find_iter`].
    pub fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Match<'t>> + use<'t> {
        in_turn(&self.possible(text), |one, at| one.first(text, at, Regex::find_at), Match::range).into_iter()
    }

    /// As [`Regex::captures`].
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        let firsts = self.possible(text).into_iter().filter_map(|one| one.first(text, 0, Regex::captures_at));
        firsts.min_by_key(|found| whole(found).start)
    }

    /// As [`Regex::captures_iter`].
    pub fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> + use<'t> {
        in_turn(&self.possible(text), |one, at| one.first(text, at, Regex::captures_at), whole).into_iter()
    }

    /// As [`Regex::replace_all`].
    pub fn replace_all<'t>(&self, text: &'t str, by: impl Replacer) -> Cow<'t, str> {
        if !self.is_match(text) {
            return Cow::Borrowed(text);
        }
        self.whole.get_or_init(|| regex(&self.source).expect("a constant pattern compiles")).replace_all(text, by)
    }
}

/// The expressions between the outermost bars, each with the flags at the head of the whole.
fn alternatives(source: &str) -> Vec<String> {
    let tree = ast::parse::Parser::new().parse(source).expect("a constant pattern parses");
    let Ast::Alternation(tree) = &tree else { return vec![source.to_owned()] };
    let head = match tree.asts.first() {
        Some(Ast::Concat(first)) => first.asts.first(),
        first => first,
    };
    let flags = match head {
        Some(Ast::Flags(flags)) => &source[flags.span.start.offset..flags.span.end.offset],
        _ => "",
    };
    let words = tree.asts.iter().map(|part| &source[part.span().start.offset..part.span().end.offset]);
    words.map(|words| if words.starts_with(flags) { words.to_owned() } else { format!("{flags}{words}") }).collect()
}

fn whole(found: &Captures<'_>) -> Range<usize> {
    found.get(0).map_or(0..0, |whole| whole.range())
}

/// The matches of several expressions as those of one with them as alternatives: each time the leftmost behind the last one,
/// of several there that of the earlier expression.
fn in_turn<T>(
    all: &[&Alternative],
    find: impl Fn(&Alternative, usize) -> Option<T>,
    place: impl Fn(&T) -> Range<usize>,
) -> Vec<T> {
    let mut next: Vec<Option<T>> = all.iter().map(|one| find(one, 0)).collect();
    let mut found = Vec::new();
    let first = |next: &[Option<T>]| {
        let starts = next.iter().enumerate().filter_map(|(at, one)| Some((place(one.as_ref()?).start, at)));
        starts.min().map(|(_, at)| at)
    };
    while let Some(taken) = first(&next).and_then(|at| next[at].take()) {
        let end = place(&taken).end;
        // Looked for again: the one just taken, and what begins inside it.
        for (one, other) in all.iter().zip(&mut next) {
            if other.as_ref().is_none_or(|other| place(other).start < end) {
                *other = find(one, end);
            }
        }
        found.push(taken);
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_the_gate_lets_through_is_what_the_expression_finds() {
        let pattern = Pattern::new("(?P<who>弊社|当社)の[^。]{0,4}(?:ミス|不備)");
        let text = "当社の入力ミスです。弊社の不備です。";
        assert_eq!(pattern.find_iter(text).count(), 2);
        assert_eq!(pattern.captures(text).unwrap().name("who").unwrap().as_str(), "当社");
        assert_eq!(pattern.find_iter("何もない。").count(), 0);
        assert_eq!(pattern.replace_all(text, ""), "です。です。");
    }

    #[test]
    fn alternatives_come_in_the_order_of_the_text_and_none_inside_another() {
        let pattern = Pattern::new("注文番号[0-9]+|番号|[0-9]+円");
        let found: Vec<_> = pattern.find_iter("500円の番号、注文番号48120。").map(|found| found.as_str()).collect();
        assert_eq!(found, ["500円", "番号", "注文番号48120"]);
        assert_eq!(pattern.find("番号と500円").unwrap().as_str(), "番号");
    }

    proptest! {
        #[test]
        fn it_finds_what_the_expression_alone_would_find(text in "[ごお連絡致しますいた返品で不可、。!\n0-9円税込み]{0,40}") {
            for source in [
                "(?:ご|お)?連絡(?:を)?(?:いたし|致し)ます|絡[^。]{0,3}品", "返品[^。\n]{0,9}(?:不可|ます)|不可|[0-9]+円", "(?:返|品)+[^、]{0,8}(?:ます|不)|絡$",
                "(?P<n>[0-9]+)円|税込(?P<m>[み。]?)|^連|し.", "(?x) (?:[返品]{1,3})? で|不 可 |[^ 。 ]円",
            ] {
                let (pattern, regex) = (Pattern::new(source), Regex::new(source).unwrap());
                let all = |found: &mut dyn Iterator<Item = Match<'_>>| found.map(|one| one.range()).collect::<Vec<_>>();
                prop_assert_eq!(all(&mut pattern.find_iter(&text)), all(&mut regex.find_iter(&text)), "{}", source);
                prop_assert_eq!(pattern.find(&text).map(|one| one.range()), regex.find(&text).map(|one| one.range()));
                prop_assert_eq!(pattern.is_match(&text), regex.is_match(&text));
                let caught = |found: Captures<'_>| found.iter().map(|one| one.map(|one| one.range())).collect::<Vec<_>>();
                let wholes = |found: &mut dyn Iterator<Item = Captures<'_>>| found.map(|one| caught(one)[0].clone()).collect::<Vec<_>>();
                prop_assert_eq!(wholes(&mut pattern.captures_iter(&text)), wholes(&mut regex.captures_iter(&text)));
                prop_assert_eq!(pattern.replace_all(&text, "x"), regex.replace_all(&text, "x"));
            }
        }
    }
}
