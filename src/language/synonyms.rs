//! Different words for one thing: 送り返したい and 返品, お金が戻る and 返金. What says the same is the same term for
//! index and query, counted once, so that a text with three of the words is no better than a text with one.
//!
//! The words are data (`knowledge/synonyms.yaml`); they are about buying and selling, not about a shop.

use std::{
    cell::Cell,
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, OnceLock, PoisonError},
};

use aho_corasick::AhoCorasick;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{analysis::Term, names, normal::Normalised};
use crate::domain::Span;

const BUILTIN: &str = include_str!("../../knowledge/synonyms.yaml");

static IN_USE: OnceLock<Synonyms> = OnceLock::new();
/// Those of records, which a replay reads with.
static EARLIER: Mutex<Vec<&'static Synonyms>> = Mutex::new(Vec::new());

thread_local! {
    static WITHIN: Cell<Option<&'static Synonyms>> = const { Cell::new(None) };
}

/// What stands around a word in a plain sentence, and is of no group itself.
const PLAIN: [(&str, &str); 3] = [("", ""), ("それと、", ""), ("", "、です。")];

/// After these a word of hiragana can begin; elsewhere it is likely the end of another (できず is no きず).
const PARTICLES: &str = "をはがのにでともへや";

/// English words of so many letters and more may go on behind.
const ENGLISH_STEM: usize = 5;

/// Groups of words that say the same.
pub struct Synonyms {
    words: AhoCorasick,
    /// Each word in normal form.
    written: Vec<String>,
    /// The group of each word.
    group_of: Vec<usize>,
    names: Vec<String>,
    asked: BTreeSet<String>,
    goods: BTreeSet<String>,
    fingerprint: String,
    yaml: String,
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
    /// The groups that this thread reads with: those of [`Self::within`], else the process's.
    pub fn in_use() -> &'static Self {
        WITHIN.get().unwrap_or_else(Self::of_process)
    }

    /// The groups that this process reads with: those of [`Self::install`], else those that are compiled in.
    fn of_process() -> &'static Self {
        IN_USE.get_or_init(|| Synonyms::parse(BUILTIN).expect("the synonyms compiled in are valid"))
    }

    /// The groups of a record, by the words that they were read from.
    pub fn recorded(yaml: &str) -> Result<&'static Self, String> {
        let own = Self::of_process();
        if own.yaml == yaml {
            return Ok(own);
        }
        let mut earlier = EARLIER.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = earlier.iter().find(|known| known.yaml == yaml) {
            return Ok(known);
        }
        // Kept for good: there are as many as a support lead ever wrote, and a replay seldom asks for more than a few.
        let read: &'static Self = Box::leak(Box::new(Self::parse(yaml)?));
        earlier.push(read);
        Ok(read)
    }

    /// Does something on this thread with these groups: reads as was read once.
    pub fn within<T>(&'static self, work: impl FnOnce() -> T) -> T {
        struct Back(Option<&'static Synonyms>);
        impl Drop for Back {
            fn drop(&mut self) {
                WITHIN.set(self.0);
            }
        }
        let _back = Back(WITHIN.replace(Some(self)));
        work()
    }

    /// Whether this thread reads with others than the process does.
    pub fn are_others() -> bool {
        !std::ptr::eq(Self::in_use(), Self::of_process())
    }

    /// Reads with a support lead's own groups from now on; before anything was read with others.
    pub fn install(yaml: &str) -> Result<(), String> {
        let synonyms = Self::parse(yaml)?;
        if let Some(fault) = synonyms.faults().into_iter().next() {
            return Err(fault);
        }
        IN_USE.set(synonyms).map_err(|_| "synonyms: others are in use already".to_owned())
    }

    /// Words that are not read as what they are written for, in a sentence as plain as can be: a word of another group
    /// takes hold of them together with the letters beside, or they cannot be told from a piece of another word.
    pub fn faults(&self) -> Vec<String> {
        let fault = |(word, group): (&String, &usize)| {
            let own = self.names[*group].as_str();
            let misread = |(before, after): &(&str, &str)| {
                let found = self.terms(&Normalised::of(&format!("{before}{word}{after}")));
                let found: Vec<String> = found.into_iter().map(|term| term.text).collect();
                (found != [own]).then(|| format!("synonyms: {own}: {word} is read as {}", found.join(" and ")))
            };
            PLAIN.iter().find_map(misread)
        };
        self.written.iter().zip(&self.group_of).filter_map(fault).collect()
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
        let written = words;
        let words = AhoCorasick::new(&written).map_err(|error| format!("synonyms: {error}"))?;
        let fingerprint = hex::encode(&Sha256::digest(yaml)[..4]);
        let yaml = yaml.to_owned();
        Ok(Self { words, written, group_of, names, asked, goods, fingerprint, yaml })
    }

    /// Changes with the groups: what was indexed with others has to be indexed again.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The words as they were read, for the record.
    pub fn yaml(&self) -> &str {
        &self.yaml
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

    /// Each group with its words in normal form.
    pub fn groups(&self) -> impl Iterator<Item = (&str, Vec<&str>)> {
        self.names.iter().enumerate().map(|(at, name)| {
            let own = self.written.iter().zip(&self.group_of).filter(move |(_, group)| **group == at);
            (name.as_str(), own.map(|(word, _)| word.as_str()).collect())
        })
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
        Synonyms::in_use().terms(&Normalised::of(text)).into_iter().map(|term| term.text).collect()
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
        let terms = Synonyms::in_use().terms(&Normalised::of(text));
        assert!(terms.iter().all(|term| !term.span.of(text).is_empty()), "{terms:?}");
        assert_eq!(terms.last().unwrap().span.of(text), "ｶｰﾄﾞ払");
    }

    #[test]
    fn every_word_counts_for_its_own_group_and_none_is_swallowed_by_another() {
        let builtin = Synonyms::parse(BUILTIN).unwrap();
        assert_eq!(builtin.faults(), [""; 0]);
        assert!(builtin.written.len() > 5_000 && builtin.names.len() > 300, "the check has something to check");
        let swallowed = Synonyms::parse("words:\n  返品: [返し]\n  丁寧: ['と、返し']\n").unwrap().faults();
        assert_eq!(swallowed, ["synonyms: 返品: 返し is read as 丁寧"]);
        let hidden = Synonyms::install("words:\n  返品: [返し]\n  丁寧: ['と、返し']\n").unwrap_err();
        assert_eq!(hidden, swallowed[0], "such a file is refused");
    }

    #[test]
    fn what_was_read_once_is_read_so_again_on_this_thread_and_while_it_is_asked_for() {
        let earlier = Synonyms::recorded("words:\n  返品: [おくりかえし]\n").unwrap();
        let names = || names_in("おくりかえしと交換");
        assert_eq!(earlier.within(names), ["返品"]);
        assert!(earlier.within(Synonyms::are_others) && !Synonyms::are_others());
        let elsewhere = earlier.within(|| std::thread::scope(|scope| scope.spawn(names).join().unwrap()));
        assert_eq!(elsewhere, names(), "other threads read as the process does");
        assert!(std::ptr::eq(Synonyms::recorded("words:\n  返品: [おくりかえし]\n").unwrap(), earlier));
        assert!(!Synonyms::recorded(BUILTIN).unwrap().within(Synonyms::are_others));
    }

    #[test]
    fn a_word_in_two_groups_is_refused() {
        let error = Synonyms::parse("words:\n  返品: [返す]\n  返却: [返す]\n").err().unwrap();
        assert!(error.contains("返す") && error.contains("返却") && error.contains("返品"), "{error}");
        assert!(Synonyms::parse("words:\n  返品: ['']\n").err().unwrap().contains("empty"));
        assert!(Synonyms::parse("words:\n  重さ: []\nasked:\n  重さ: []\n").err().unwrap().contains("重さ"));
    }
}
