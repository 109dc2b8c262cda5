//! Words, cut by the dictionary that is compiled into `icu_segmenter`: the same binary cuts the same words
//! everywhere.

use std::{ops::Range, sync::LazyLock};

use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed, options::WordBreakInvariantOptions};
use regex::Regex;

use super::{normal::Normalised, quantity};
use crate::domain::Span;

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// In normal form.
    pub text: String,
    /// Where it stands in the original text.
    pub span: Span,
}

thread_local! {
    // A handle to static data, cheap to make but not `Sync`: one for each thread.
    static SEGMENTER: WordSegmenterBorrowed<'static> =
        WordSegmenter::new_dictionary(WordBreakInvariantOptions::default());
}

/// What stays one word although it is written with signs: addresses and codes such as `ol-260384`.
static EXACT: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(
        r"(?x) https?://[a-z0-9\-._~:/?\#@!$&'*+,;=%]+
        | [a-z0-9][a-z0-9._%+\-]*@[a-z0-9\-]+(?:\.[a-z0-9\-]+)+
        | [a-z0-9]+(?:[-_][a-z0-9]+)+",
    )
    .expect("a constant pattern")
});

/// The words of a text in order, without punctuation and white space; whole numbers in digits.
pub fn words(text: &Normalised) -> Vec<Word> {
    let mut cutter = Cutter { text, byte: 0, chars: 0, found: Vec::new() };
    let mut numbers = quantity::whole_numbers(text.as_str()).into_iter().peekable();
    for exact in EXACT.find_iter(text.as_str()) {
        while let Some((range, value)) = numbers.next_if(|(range, _)| range.end <= exact.start()) {
            cutter.take_number(&range, value);
        }
        cutter.segment_until(exact.start());
        cutter.take_until(exact.end(), true);
    }
    for (range, value) in numbers {
        cutter.take_number(&range, value);
    }
    cutter.segment_until(text.as_str().len());
    cutter.found
}

/// Walks the text once, so that counting characters stays linear.
struct Cutter<'a> {
    text: &'a Normalised,
    byte: usize,
    chars: usize,
    found: Vec<Word>,
}

impl Cutter<'_> {
    fn segment_until(&mut self, end: usize) {
        let start = self.byte;
        if start == end {
            return;
        }
        let part = &self.text.as_str()[start..end];
        SEGMENTER.with(|segmenter| {
            // The first break is the start of the text, which is no word.
            for (at, kind) in segmenter.segment_str(part).iter_with_word_type().filter(|(at, _)| *at > 0) {
                self.take_until(start + at, kind.is_word_like());
            }
        });
    }

    /// A number that no code before it took in.
    fn take_number(&mut self, range: &Range<usize>, value: u64) {
        if range.start >= self.byte {
            self.segment_until(range.start);
            self.take_until(range.end, true);
            if let Some(word) = self.found.last_mut() {
                word.text = value.to_string();
            }
        }
    }

    fn take_until(&mut self, end: usize, is_word: bool) {
        let text = &self.text.as_str()[self.byte..end];
        let chars = text.chars().count();
        if is_word {
            let span = self.text.original(Span::new(self.chars, self.chars + chars));
            self.found.push(Word { text: text.to_owned(), span });
        }
        self.byte = end;
        self.chars += chars;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(text: &str) -> Vec<String> {
        words(&Normalised::of(text)).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn japanese_is_cut_into_words() {
        let words = cut("注文した商品がまだ届きません。");
        assert!(words.contains(&"注文".to_owned()) && words.contains(&"商品".to_owned()), "{words:?}");
        assert!(!words.contains(&"。".to_owned()));
    }

    #[test]
    fn numbers_addresses_and_codes_stay_whole() {
        let words = cut("注文番号ＯＬ－２６０３８４の件でa.b+c@shop.exampleまで。https://a.example/x?y=1 を見て3.5kg");
        for whole in ["ol-260384", "a.b+c@shop.example", "https://a.example/x?y=1", "注文", "番号"] {
            assert!(words.iter().any(|word| word == whole), "{whole} in {words:?}");
        }
    }

    #[test]
    fn a_number_is_one_word_however_it_is_written() {
        for text in ["三千円", "3,000円", "３０００円", "3千円"] {
            assert_eq!(cut(text), ["3000", "円"], "{text}");
        }
        assert_eq!(cut("商品は一緒に"), ["商品", "は", "一緒", "に"]);
        let text = "送料は㍿青葉なら三千円";
        let words = words(&Normalised::of(text));
        assert_eq!(words.iter().find(|word| word.text == "3000").unwrap().span.of(text), "三千");
    }

    #[test]
    fn a_span_shows_what_was_written() {
        let text = "㍿青葉のｶﾞｲﾄﾞを𠮷田様へ";
        let words = words(&Normalised::of(text));
        let guide = words.iter().find(|word| word.text == "ガイド").unwrap();
        assert_eq!(guide.span.of(text), "ｶﾞｲﾄﾞ");
    }

    proptest! {
        #[test]
        fn words_stand_in_order_inside_the_text(text in "([ぁ-ん]{1,4}|[一-龥]{1,3}|[一二三十百千万0-9,円日個]{1,5}|[ァ-ヴー]{1,5}|[a-zA-Z0-9_.@-]{1,6}|㍿|ｶﾞ|👨‍👩‍👧|𠮷|か\u{3099}|[、。 \n]){0,20}") {
            let chars = text.chars().count();
            let mut last = 0;
            for word in words(&Normalised::of(&text)) {
                prop_assert!(word.span.start >= last && word.span.end <= chars && !word.span.is_empty());
                prop_assert!(!word.text.is_empty());
                last = word.span.start;
            }
        }
    }
}
