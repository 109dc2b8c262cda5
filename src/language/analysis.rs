//! One analyzer for index and query: the five kinds of terms that a text is found by.
//!
//! Words carry the meaning, bigrams and kanji bridge what one writer cuts or inflects otherwise
//! (返品/返す, 支払/支払い), shingles reward word order, concepts are one term for all words that say the same. Weights belong to the index, not here.

use std::{collections::HashSet, sync::LazyLock};

use super::{names, normal::Normalised, synonyms::Synonyms, words};
use crate::domain::{Span, TermField};

/// Something to be found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// In normal form.
    pub text: String,
    /// Where it stands in the original text.
    pub span: Span,
}

/// The terms of one text, each kind in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// Dictionary words, without function words.
    pub words: Vec<Term>,
    /// Pairs of neighbouring Japanese letters; what is not Japanese stays a whole word.
    pub bigrams: Vec<Term>,
    /// Pairs of neighbouring words.
    pub shingles: Vec<Term>,
    /// Single kanji.
    pub kanji: Vec<Term>,
    /// Groups of words that say the same, by the group's name.
    pub concepts: Vec<Term>,
}

impl Terms {
    /// The terms of one kind.
    pub fn of(&self, field: TermField) -> &[Term] {
        match field {
            TermField::Words => &self.words,
            TermField::Bigrams => &self.bigrams,
            TermField::Shingles => &self.shingles,
            TermField::Kanji => &self.kanji,
            TermField::Concepts => &self.concepts,
        }
    }
}

/// Function words of three letters and more; shorter hiragana words are dropped unseen, bigrams still find them.
const FUNCTION_WORDS: &str = "から まで より ので のに けど けれど けれども など だけ ほど くらい ぐらい ばかり しか こそ さえ でも \
    ため よう こと もの ところ とき わけ はず つもり です ます でした ました ません ですか ますか でしょう ましょう ない なく なかっ たい \
    たく だっ なら あり ある いる おり する した して しまい しまっ しまう ください くださる いただき いただく いただけ ございます ござい \
    これ それ あれ この その あの どの ここ そこ どこ こちら そちら あちら どちら という として について における に関する により \
    よる また しかし そして および あるいは または なお ただし および いう なり なる なっ られ られる せる れる でき できる かつ ずつ ながら";

static STOP: LazyLock<HashSet<&str>> = LazyLock::new(|| FUNCTION_WORDS.split_whitespace().collect());

fn is_function_word(word: &str) -> bool {
    word.chars().all(names::is_hiragana) && (word.chars().count() <= 2 || STOP.contains(word))
}

/// Cuts a text into its terms.
pub fn analyse(text: &str) -> Terms {
    let normal = Normalised::of(text);
    let mut terms = Terms::default();
    letters(&normal, &mut terms);
    let words = words::words(&normal);
    // What holds no Japanese has no bigrams: it goes along as a whole, so that codes match exactly.
    let foreign = words.iter().filter(|word| !word.text.chars().any(is_japanese));
    terms.bigrams.extend(foreign.map(|word| Term { text: word.text.clone(), span: word.span }));
    terms.bigrams.sort_by_key(|term| term.span);
    terms.words = words
        .into_iter()
        .filter(|word| !is_function_word(&word.text))
        .map(|word| Term { text: word.text, span: word.span })
        .collect();
    terms.shingles = shingles(text, &terms.words);
    terms.concepts = Synonyms::in_use().terms(&normal);
    terms
}

fn is_japanese(c: char) -> bool {
    names::is_kanji(c) || names::is_hiragana(c) || names::is_katakana(c)
}

/// Bigrams and kanji in one walk; a run of a single letter is its own bigram.
fn letters(normal: &Normalised, terms: &mut Terms) {
    let chars: Vec<char> = normal.as_str().chars().collect();
    let term = |start: usize, end: usize| Term {
        text: chars[start..end].iter().collect(),
        span: normal.original(Span::new(start, end)),
    };
    let mut start = 0;
    for end in 0..=chars.len() {
        if chars.get(end).is_some_and(|c| is_japanese(*c)) {
            continue;
        }
        match end - start {
            0 => {}
            1 => terms.bigrams.push(term(start, end)),
            _ => terms.bigrams.extend((start..end - 1).map(|at| term(at, at + 2))),
        }
        terms.kanji.extend((start..end).filter(|at| names::is_kanji(chars[*at])).map(|at| term(at, at + 1)));
        start = end + 1;
    }
}

/// Two words are neighbours where at most function words lie between, never the end of a sentence.
fn shingles(text: &str, words: &[Term]) -> Vec<Term> {
    let mut ends = Vec::new();
    for (at, c) in text.chars().enumerate() {
        if matches!(c, '。' | '！' | '？' | '!' | '?' | '\n' | '｡' | '．') {
            ends.push(at);
        }
    }
    let apart = |a: &Term, b: &Term| {
        let next = ends.partition_point(|end| *end < a.span.end);
        ends.get(next).is_some_and(|end| *end < b.span.start)
    };
    let pairs = words.windows(2).filter(|pair| !apart(&pair[0], &pair[1]));
    pairs
        .map(|pair| Term {
            text: format!("{} {}", pair[0].text, pair[1].text),
            span: Span::new(pair[0].span.start, pair[1].span.end.max(pair[0].span.start)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(terms: &[Term]) -> Vec<&str> {
        terms.iter().map(|term| term.text.as_str()).collect()
    }

    #[test]
    fn function_words_are_no_terms() {
        let terms = analyse("商品の返品について教えてください");
        assert!(texts(&terms.words).contains(&"商品") && texts(&terms.words).contains(&"返品"));
        for function in ["の", "について", "ください", "て"] {
            assert!(!texts(&terms.words).contains(&function), "{function} in {:?}", terms.words);
        }
    }

    #[test]
    fn bigrams_do_not_cross_punctuation_and_codes_stay_whole() {
        let terms = analyse("返品、交換。OL-260384");
        assert_eq!(texts(&terms.bigrams), ["返品", "交換", "ol-260384"]);
        assert_eq!(texts(&terms.kanji), ["返", "品", "交", "換"]);
        assert_eq!(texts(&analyse("箱とa").bigrams), ["箱と", "a"]);
        assert_eq!(texts(&analyse("箱 a").bigrams), ["箱", "a"]);
    }

    #[test]
    fn shingles_join_neighbours_within_a_sentence() {
        let terms = analyse("商品の返品。交換");
        assert!(texts(&terms.shingles).contains(&"商品 返品"), "{:?}", terms.shingles);
        assert!(!texts(&terms.shingles).contains(&"返品 交換"));
    }

    #[test]
    fn every_spelling_has_the_same_terms_and_shows_its_own() {
        let (half, full) = ("ｶﾞｲﾄﾞ", "カ\u{3099}イト\u{3099}");
        assert_eq!(texts(&analyse(half).bigrams), texts(&analyse(full).bigrams));
        assert_eq!(analyse(half).bigrams[0].span.of(half), "ｶﾞｲ");
        let company = "㍿青葉";
        assert!(analyse(company).kanji.iter().filter(|term| term.span.of(company) == "㍿").count() == 4);
        let rare = "👨‍👩‍👧と𠮷田";
        let terms = analyse(rare);
        assert_eq!(terms.kanji.iter().map(|term| term.span.of(rare)).collect::<Vec<_>>(), ["𠮷", "田"]);
    }

    proptest! {
        #[test]
        fn every_term_points_into_the_text(text in "([ぁ-ん]{1,4}|[一-龥]{1,3}|[ァ-ヴー]{1,5}|[a-zA-Z0-9_.@-]{1,6}|㍿|ｶﾞ|👨‍👩‍👧|𠮷|か\u{3099}|[、。 \n]){0,20}") {
            let chars = text.chars().count();
            let terms = analyse(&text);
            for term in terms.words.iter().chain(&terms.bigrams).chain(&terms.shingles).chain(&terms.kanji).chain(&terms.concepts) {
                prop_assert!(!term.span.is_empty() && term.span.end <= chars && !term.text.is_empty());
            }
        }
    }
}
