//! Words that stand for one idea: 出荷 and 発送, 代引き and 代金引換. They are read as one term, so that two sentences meet
//! that say the same in other words. Applied to what is compared, never to what is shown.
//!
//! The words are in `lexicon.tsv`, an idea a line: its name, a tab, and what stands for it in running text. `~` before a
//! name says that shops say it in every second sentence, so that it tells little; `-` that it tells nothing and only keeps
//! its neighbours apart.

use std::{ops::Range, sync::LazyLock};

use aho_corasick::{AhoCorasick, MatchKind};

use super::terms::{Term, hash};

/// What a word stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Idea {
    /// Nothing that could be compared.
    Linking,
    /// An idea, and how much it tells, 0 to 1.
    Meant(Term, f64),
}

struct Lexicon {
    words: AhoCorasick,
    ideas: Vec<Idea>,
}

/// An idea of every second sentence.
const COMMON: f64 = 0.4;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let (mut words, mut ideas) = (Vec::new(), Vec::new());
    for line in include_str!("lexicon.tsv").lines().filter(|line| !line.starts_with('#')) {
        let Some((name, surfaces)) = line.split_once('\t') else { continue };
        let idea = match name.strip_prefix('~') {
            _ if name == "-" => Idea::Linking,
            Some(common) => Idea::Meant(of_name(common), COMMON),
            None => Idea::Meant(of_name(name), 1.0),
        };
        for surface in surfaces.split(' ').filter(|surface| !surface.is_empty()) {
            words.push(surface);
            ideas.push(idea);
        }
    }
    // The longest of those that begin first.
    let words = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).expect("a constant table");
    Lexicon { words, ideas }
});

/// The term of an idea. No text has it: texts have no line ends inside a word.
pub fn of_name(name: &str) -> Term {
    hash(&format!("\n{name}"))
}

/// What of a text in normal form stands for an idea, in order and without overlap; places in bytes.
pub fn ideas(text: &str) -> impl Iterator<Item = (Range<usize>, Idea)> {
    let Lexicon { words, ideas } = &*LEXICON;
    words.find_iter(text).map(|found| (found.range(), ideas[found.pattern().as_usize()]))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::language::normal::Normalised;

    #[test]
    fn every_word_is_in_normal_form_and_stands_for_one_idea() {
        let mut ideas: HashMap<&str, &str> = HashMap::new();
        for line in include_str!("lexicon.tsv").lines().filter(|line| !line.starts_with('#')) {
            let (name, surfaces) = line.split_once('\t').unwrap_or_else(|| panic!("no tab in {line:?}"));
            for surface in surfaces.split(' ') {
                assert_eq!(Normalised::of(surface).as_str(), surface, "{name}");
                assert!(!surface.is_empty(), "{name}");
                let other = ideas.insert(surface, name);
                assert!(other.is_none(), "{surface} stands for {name} and {other:?}");
            }
        }
        assert!(ideas.len() > 1_000, "{}", ideas.len());
    }

    #[test]
    fn the_longest_word_says_what_is_meant() {
        let names = |text: &'static str| ideas(text).map(|(range, _)| &text[range]).collect::<Vec<_>>();
        assert_eq!(names("未開封の商品"), ["未開封", "商品"]);
    }
}
