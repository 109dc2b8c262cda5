//! Different words for one thing: 送り返したい and 返品, お金が戻る and 返金. What says the same is the same term for
//! index and query, counted once, so that a text with three of the words is no better than a text with one.
//!
//! The words are data (`knowledge/synonyms.yaml`); they are about buying and selling, not about a shop.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use aho_corasick::AhoCorasick;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{analysis::Term, names, normal::Normalised};
use crate::domain::Span;

const BUILTIN: &str = include_str!("../../knowledge/synonyms.yaml");

/// After these a word of hiragana can begin; elsewhere it is likely the end of another (できず is no きず).
const PARTICLES: &str = "をはがのにでともへや";

/// English words of so many letters and more may go on behind.
const ENGLISH_STEM: usize = 5;

/// Groups of words that say the same.
pub struct Synonyms {
    words: AhoCorasick,
    /// The group of each word.
    group_of: Vec<usize>,
    names: Vec<String>,
    asked: BTreeSet<String>,
    goods: BTreeSet<String>,
    fingerprint: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    words: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    goods: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    asked: BTreeMap<String, Vec<String>>,
}

impl Synonyms {
    /// The groups that are compiled in.
    pub fn builtin() -> &'static Self {
        static SYNONYMS: LazyLock<Synonyms> =
            LazyLock::new(|| Synonyms::parse(BUILTIN).expect("the synonyms compiled in are valid"));
        &SYNONYMS
    }

    /// Reads groups: a name, which is a word itself, and its other words. A word stands in one group.
    pub fn parse(yaml: &str) -> Result<Self, String> {
        let written: Written = serde_saphyr::from_str(yaml).map_err(|error| format!("synonyms: {error}"))?;
        let (mut words, mut group_of, mut names) = (Vec::new(), Vec::new(), Vec::new());
        let mut owner: BTreeMap<String, String> = BTreeMap::new();
        let keys = |groups: &BTreeMap<String, Vec<String>>| groups.keys().cloned().collect::<BTreeSet<_>>();
        let (asked, goods) = (keys(&written.asked), keys(&written.goods));
        for (name, others) in written.words.into_iter().chain(written.goods).chain(written.asked) {
            for word in std::iter::once(&name).chain(&others) {
                let normal = Normalised::of(word.trim()).as_str().to_owned();
                if normal.is_empty() {
                    return Err(format!("synonyms: {name}: an empty word"));
                }
                if let Some(before) = owner.insert(normal.clone(), name.clone()) {
                    return Err(format!("synonyms: {word} stands in {before} and in {name}: leave it in one of them"));
                }
                words.push(normal);
                group_of.push(names.len());
            }
            names.push(name);
        }
        let words = AhoCorasick::new(words).map_err(|error| format!("synonyms: {error}"))?;
        let fingerprint = hex::encode(&Sha256::digest(yaml)[..4]);
        Ok(Self { words, group_of, names, asked, goods, fingerprint })
    }

    /// Changes with the groups: what was indexed with others has to be indexed again.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Whether a group is something that is answered only by a text about it: who asks for the weight of a chair is
    /// not helped by its price.
    pub fn is_asked(&self, group: &str) -> bool {
        self.asked.contains(group)
    }

    /// Whether a group is a kind of goods.
    pub fn is_goods(&self, group: &str) -> bool {
        self.goods.contains(group)
    }

    /// Whether there is such a group.
    pub fn has(&self, group: &str) -> bool {
        self.names.iter().any(|name| name == group)
    }

    /// The groups that a text names, in its order; where words overlap the longest counts.
    pub fn terms(&self, normal: &Normalised) -> Vec<Term> {
        let text = normal.as_str();
        let hits = self.words.find_overlapping_iter(text).filter(|hit| stands_alone(text, hit.start(), hit.end()));
        let mut hits: Vec<(usize, usize, usize)> =
            hits.map(|hit| (hit.start(), hit.end(), self.group_of[hit.pattern().as_usize()])).collect();
        hits.sort_unstable_by_key(|(start, end, _)| (*start, Reverse(*end)));
        let mut terms = Vec::new();
        let (mut done, mut chars, mut counted) = (0, 0, 0);
        for (start, end, group) in hits {
            if start < done {
                continue;
            }
            let from = chars + text[counted..start].chars().count();
            let to = from + text[start..end].chars().count();
            (done, chars, counted) = (end, to, end);
            terms.push(Term { text: self.names[group].clone(), span: normal.original(Span::new(from, to)) });
        }
        terms
    }
}

/// Whether a hit is a word and not a piece of another: by letters beside it, as far as the script tells.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let (word, before) = (&text[start..end], text[..start].chars().next_back());
    if word.is_ascii() {
        // returns, returned, returning: an English word goes on where it is long enough to be known by its beginning.
        let after = text[end..].chars().next().filter(|_| word.len() < ENGLISH_STEM);
        return [before, after].iter().flatten().all(|c| !c.is_ascii_alphanumeric());
    }
    if word.starts_with(|c: char| c.is_ascii_digit()) && before.is_some_and(|c| c.is_ascii_digit() || c == ',') {
        return false;
    }
    let katakana = |c: char| names::is_katakana(c) || c == 'ー';
    if word.chars().all(names::is_hiragana) {
        return before.is_none_or(|c| !names::is_hiragana(c) || PARTICLES.contains(c));
    }
    // ペン in オープン, カード in カードホルダー: a run of katakana is one word, unless it is a compound we know.
    if word.chars().all(katakana) && word.chars().count() <= 2 {
        let after = text[end..].chars().next();
        return [before, after].iter().flatten().all(|c| !katakana(*c));
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_in(text: &str) -> Vec<String> {
        Synonyms::builtin().terms(&Normalised::of(text)).into_iter().map(|term| term.text).collect()
    }

    #[test]
    fn what_customers_say_is_what_the_shop_says() {
        assert_eq!(names_in("送り返したい"), ["返品"]);
        assert_eq!(names_in("お金が戻るのはいつ"), ["返金"]);
        assert_eq!(names_in("ｸﾚｼﾞｯﾄｶｰﾄﾞ"), ["クレジットカード"]);
        assert_eq!(names_in("Can I get a REFUND?"), ["返金"]);
        assert_eq!(names_in("へんぴんしたい"), ["返品"]);
    }

    #[test]
    fn a_piece_of_another_word_is_none() {
        assert!(!names_in("できずに困る").contains(&"破損".to_owned()));
        assert!(!names_in("reorganise").contains(&"再注文".to_owned()));
        assert!(!names_in("オープン").contains(&"文房具".to_owned()));
    }

    #[test]
    fn the_longest_word_counts_and_points_into_the_original() {
        let text = "［クレジット　カード］でなく、ｶｰﾄﾞ払いで";
        let terms = Synonyms::builtin().terms(&Normalised::of(text));
        assert!(terms.iter().all(|term| !term.span.of(text).is_empty()), "{terms:?}");
        assert_eq!(terms.last().unwrap().span.of(text), "ｶｰﾄﾞ払");
    }

    #[test]
    fn a_word_in_two_groups_is_refused() {
        let error = Synonyms::parse("words:\n  返品: [返す]\n  返却: [返す]\n").err().unwrap();
        assert!(error.contains("返す") && error.contains("返却") && error.contains("返品"), "{error}");
        assert!(Synonyms::parse("words:\n  返品: ['']\n").err().unwrap().contains("empty"));
        assert!(Synonyms::parse("words:\n  重さ: []\nasked:\n  重さ: []\n").err().unwrap().contains("重さ"));
    }
}
