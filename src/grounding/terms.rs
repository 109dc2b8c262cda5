//! What a sentence talks about, as terms that can be compared: ideas of the lexicon, and of what it does not know pairs of
//! kanji, katakana words and Latin words.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use super::lexicon::{Idea, ideas};

/// A content word, by hash: comparing numbers is faster than comparing strings, and a draft is short
/// enough that no two of its words meet by chance.
pub type Term = u64;

/// Tables by term: it is a hash already.
pub type TermMap<V> = HashMap<Term, V, BuildHasherDefault<AsItIs>>;
/// Terms without order.
pub type TermSet = HashSet<Term, BuildHasherDefault<AsItIs>>;

/// The term is its own hash. Mixed once more, so that the few that are small numbers spread as well.
#[derive(Default)]
pub struct AsItIs(u64);

impl Hasher for AsItIs {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, term: u64) {
        self.0 = (self.0 ^ term).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// FNV-1a: the same on every machine, so that the same text gets the same verdicts.
pub fn hash(word: &str) -> Term {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// One term where it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Word {
    /// What it is.
    pub term: Term,
    /// Its place, in characters of the normal form.
    pub at: usize,
    /// How much it tells, 0 to 1; the pairs of one run of kanji tell what the run tells.
    pub weight: f64,
}

/// Pairs and single letters that stand in every letter and tell no two passages apart.
const COMMON: &[&str] = &[
    "致", "頂", "下", "申", "際", "願", "方", "様", "誠", "円", "日", "月", "年", "時", "分", "点", "個", "回", "限",
    "可", "今", "後", "前", "中", "間", "内", "約", "差", "上", "行", "次", "含", "付", "引", "度", "送", "選", "受",
    "全", "各", "再", "御", "旨", "等", "為", "者", "場", "合", "所", "目", "他", "別", "同", "毎", "当", "本", "其",
    "此", "事", "物", "用", "思", "存", "伺", "在", "有", "無", "何", "来", "出", "入", "見", "持", "言", "良", "多",
    "少", "大", "小", "新", "元", "先", "以", "客様", "客", "店", "品", "数", "号", "名", "件", "通", "部", "社", "着",
    "便", "料", "金", "代", "費",
];

/// The terms of a text in normal form. `cuts` are its typed facts, in characters: they are compared as such.
pub fn words(text: &str, cuts: &[Range<usize>]) -> Vec<Word> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let place = |byte: usize| chars.partition_point(|(at, _)| *at < byte);
    let inside = |range: &Range<usize>| cuts.iter().any(|cut| cut.start < range.end && range.start < cut.end);
    let mut found = Vec::new();
    let mut from = 0;
    for (bytes, idea) in ideas(text) {
        let range = place(bytes.start)..place(bytes.end);
        if inside(&range) {
            continue;
        }
        runs(&chars[from..range.start], from, cuts, &mut found);
        if let Idea::Meant(term, weight) = idea {
            found.push(Word { term, at: range.start, weight });
        }
        from = range.end;
    }
    runs(&chars[from..], from, cuts, &mut found);
    found
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Class {
    Kanji,
    Katakana,
    Latin,
    Other,
}

fn class(c: char) -> Class {
    match c {
        '\u{3400}'..='\u{9fff}' | '々' | '\u{20000}'..='\u{2ffff}' | '\u{f900}'..='\u{faff}' => Class::Kanji,
        'ァ'..='ヺ' | 'ー' => Class::Katakana,
        'a'..='z' => Class::Latin,
        _ => Class::Other,
    }
}

/// What stands between two words of the lexicon, outside of facts.
fn runs(chars: &[(usize, char)], from: usize, cuts: &[Range<usize>], found: &mut Vec<Word>) {
    let cut = |at: usize| cuts.iter().any(|cut| cut.contains(&(from + at)));
    let mut at = 0;
    while at < chars.len() {
        let kind = class(chars[at].1);
        let end = (at + 1..chars.len()).find(|next| class(chars[*next].1) != kind || cut(*next) != cut(at));
        let end = end.unwrap_or(chars.len());
        if !cut(at) {
            let run: Vec<char> = chars[at..end].iter().map(|(_, c)| *c).collect();
            push_run(&run, kind, from + at, found);
        }
        at = end;
    }
}

fn push_run(run: &[char], kind: Class, at: usize, found: &mut Vec<Word>) {
    let mut push = |range: Range<usize>, weight: f64| {
        let word: String = run[range.clone()].iter().collect();
        if !COMMON.contains(&word.as_str()) {
            found.push(Word { term: hash(&word), at: at + range.start, weight });
        }
    };
    match kind {
        // A letter alone is mostly the stem of a verb.
        Class::Kanji if run.len() == 1 => push(0..1, 0.4),
        Class::Kanji => {
            let pairs = run.len() - 1;
            (0..pairs).for_each(|start| push(start..start + 2, (0.8 + 0.2 * pairs as f64) / pairs as f64));
        }
        Class::Katakana | Class::Latin if run.len() >= 2 => push(0..run.len(), 1.0),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<Term> {
        let mut terms: Vec<Term> = words(text, &[]).into_iter().map(|word| word.term).collect();
        terms.sort_unstable();
        terms
    }

    #[test]
    fn two_wordings_of_one_idea_have_the_same_terms() {
        assert_eq!(terms("出荷の準備"), terms("発送の準備"));
        assert_ne!(terms("発送の準備"), terms("到着の準備"));
    }

    #[test]
    fn facts_are_left_out_and_what_the_lexicon_does_not_know_is_cut_into_pairs() {
        assert_eq!(words("佐渡島の5円", std::slice::from_ref(&(4..6))).len(), 2);
        assert_eq!(words("ブラウン管", &[]).first().map(|word| word.term), Some(hash("ブラウン")));
    }
}
