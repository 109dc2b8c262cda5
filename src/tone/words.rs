//! The words of a rule, compiled once for a guide: one automaton a rule, the longest expression wins.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use unicode_normalization::UnicodeNormalization;

use super::{
    folded::Folded,
    reading::{Reading, overlap},
    senses,
};
use crate::{
    domain::{At, WordEntry},
    language::{
        gate::Gate,
        normal::{Normalised, is_invisible},
    },
};

/// The words of one rule and the expressions that exempt what they cover.
#[derive(Debug)]
pub struct Words {
    automaton: AhoCorasick,
    /// Most replies hold none of the words.
    gate: Gate,
    /// For each pattern of the automaton: its entry, or `None` for an exemption.
    patterns: Vec<Pattern>,
    /// First word of each entry, for the rule's id.
    entries: Vec<WordEntry>,
}

#[derive(Debug)]
struct Pattern {
    entry: Option<usize>,
    /// Whether it begins and ends with a Latin letter or a digit.
    ascii_ends: (bool, bool),
    /// The word after NFKC, where capitals matter.
    exact: Option<String>,
}

/// A word that was found.
#[derive(Debug, Clone)]
pub struct Seen<'w> {
    /// Where, in the normal form.
    pub range: Range<usize>,
    /// The entry it belongs to.
    pub entry: &'w WordEntry,
}

impl Words {
    /// Compiles the entries; `exempt` holds what is left alone. With `capitals`, `Link` is not `LINK`.
    pub fn new<'a>(entries: &[WordEntry], exempt: impl IntoIterator<Item = &'a String>, capitals: bool) -> Self {
        let entries: Vec<WordEntry> = entries.iter().filter(|entry| entry.at != At::NameSuffix).cloned().collect();
        let (mut texts, mut patterns) = (Vec::new(), Vec::new());
        let mut add = |word: &str, entry: Option<usize>| {
            let normal = Folded::of(Normalised::of(word.trim()).as_str()).as_str().to_owned();
            if !normal.is_empty() {
                let ascii = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
                let exact = (capitals && entry.is_some())
                    .then(|| Folded::of(&word.trim().nfkc().collect::<String>()).as_str().to_owned());
                let ascii_ends = (ascii(normal.chars().next()), ascii(normal.chars().last()));
                patterns.push(Pattern { entry, ascii_ends, exact });
                texts.push(normal);
            }
        };
        for (at, entry) in entries.iter().enumerate() {
            entry.any.iter().for_each(|word| add(word, Some(at)));
        }
        exempt.into_iter().for_each(|word| add(word, None));
        let gate = Gate::words(&texts);
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .build(texts)
            .expect("a guide's words fit into an automaton");
        Self { automaton, gate, patterns, entries }
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Where the words stand, exemptions taken off, in the order of the text.
    pub fn find(&self, reading: &Reading) -> Vec<Seen<'_>> {
        let folded = reading.folded();
        if !self.gate.admits_text(folded.as_str()) {
            return Vec::new();
        }
        let mut met: Vec<(Range<usize>, Option<usize>)> = self
            .automaton
            .find_overlapping_iter(folded.as_str())
            .map(|found| (folded.original(found.range()), found.pattern().as_usize()))
            .filter(|(range, pattern)| self.patterns[*pattern].fits(reading, range))
            .map(|(range, pattern)| (range, self.patterns[pattern].entry))
            .collect();
        // Longest first; at the same length an exemption goes before a word.
        met.sort_by_key(|(range, entry)| (std::cmp::Reverse(range.len()), entry.is_some(), range.start));
        let mut taken: Vec<Range<usize>> = Vec::new();
        let mut seen = Vec::new();
        for (range, entry) in met {
            if taken.iter().any(|other| overlap(other, &range)) {
                continue;
            }
            if let Some(entry) = entry.map(|at| &self.entries[at])
                && placed(reading, &range, entry.at)
                && !senses::is_another_word(reading.text(), &range)
            {
                seen.push(Seen { range: range.clone(), entry });
            }
            taken.push(range);
        }
        seen.sort_by_key(|seen| seen.range.start);
        seen
    }
}

impl Pattern {
    fn fits(&self, reading: &Reading, range: &Range<usize>) -> bool {
        let written = |exact: &String| {
            Folded::of(&reading.written(range).nfkc().filter(|c| !is_invisible(*c)).collect::<String>()).as_str()
                == exact
        };
        whole(reading.text(), range, self.ascii_ends) && self.exact.as_ref().is_none_or(written)
    }
}

/// A Latin word or a number is not a part of a longer one.
fn whole(text: &str, range: &Range<usize>, (first, last): (bool, bool)) -> bool {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    !(first && joins(before) || last && joins(after))
}

fn placed(reading: &Reading, range: &Range<usize>, at: At) -> bool {
    match at {
        At::Anywhere => true,
        At::SentenceStart => {
            reading.sentence_at(range.start).is_some_and(|s| reading.sentences()[s].start == range.start)
        }
        At::NameSuffix => false,
    }
}
