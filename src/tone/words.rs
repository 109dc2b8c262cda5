//! The words of a rule, compiled once for a guide: the longest expression wins.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::{
    folded::Folded,
    reading::{Reading, overlap},
    senses,
};
use crate::{
    domain::{At, WordEntry},
    language::{
        digest::{Digest, Probe, probes},
        normal::{Normalised, is_invisible},
    },
};

/// The words of one rule and the expressions that exempt what they cover.
#[derive(Debug)]
pub struct Words {
    patterns: Vec<Pattern>,
    /// First word of each entry, for the rule's id.
    entries: Vec<WordEntry>,
}

#[derive(Debug)]
struct Pattern {
    word: String,
    /// Most replies hold few of a guide's words: each is asked for before it is looked for.
    probes: [Probe; 4],
    /// Its entry, or `None` for an exemption.
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
        let mut patterns = Vec::new();
        let mut add = |word: &str, entry: Option<usize>| {
            let normal = Folded::of(Normalised::of(word.trim()).as_str()).as_str().to_owned();
            if !normal.is_empty() {
                let ascii = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
                let exact = (capitals && entry.is_some())
                    .then(|| Folded::of(&word.trim().nfkc().collect::<String>()).as_str().to_owned());
                let ascii_ends = (ascii(normal.chars().next()), ascii(normal.chars().last()));
                patterns.push(Pattern { probes: probes(&normal), word: normal, entry, ascii_ends, exact });
            }
        };
        for (at, entry) in entries.iter().enumerate() {
            entry.any.iter().for_each(|word| add(word, Some(at)));
        }
        exempt.into_iter().for_each(|word| add(word, None));
        Self { patterns, entries }
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Where the words stand, exemptions taken off, in the order of the text.
    pub fn find(&self, reading: &Reading) -> Vec<Seen<'_>> {
        let folded = reading.folded();
        let possible: Vec<&Pattern> = Digest::with(folded.as_str(), |digest| {
            let may_stand = |pattern: &&Pattern| pattern.probes.iter().all(|probe| digest.may_hold(*probe));
            self.patterns.iter().filter(may_stand).collect()
        });
        if possible.iter().all(|pattern| pattern.entry.is_none()) {
            return Vec::new();
        }
        let mut met: Vec<(Range<usize>, Option<usize>)> = Vec::new();
        for pattern in possible {
            let places = folded.as_str().match_indices(&pattern.word);
            let ranges = places.map(|(at, word)| folded.original(at..at + word.len()));
            met.extend(ranges.filter(|range| pattern.fits(reading, range)).map(|range| (range, pattern.entry)));
        }
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
