//! Words that somebody looks for in texts, found in whatever width and case they were written. What is found are characters in
//! a row: 「返品」 is found in 「返品期限」, and nobody has to know where words end.

use super::normal::Normalised;
use crate::domain::Span;

/// The words, in normal form. They may be a customer's own: they are shown to whoever asked and to nobody else.
#[derive(Clone, PartialEq, Eq)]
pub struct SoughtWords(Vec<String>);

/// They never print themselves.
impl std::fmt::Debug for SoughtWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SoughtWords(..)")
    }
}

impl SoughtWords {
    /// At most so many characters are looked for.
    pub const MAX_CHARS: usize = 200;

    /// More places of one word nobody looks at.
    pub const MAX_PLACES: usize = 20;

    /// The words between spaces; `None` where there are none.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().take(Self::MAX_CHARS).collect();
        let mut words: Vec<String> = Normalised::of(&text).as_str().split_whitespace().map(str::to_owned).collect();
        words.sort_unstable();
        words.dedup();
        (!words.is_empty()).then_some(Self(words))
    }

    /// Whether each of the words stands in one text or the other.
    pub fn are_in(&self, texts: &[&Normalised]) -> bool {
        self.0.iter().all(|word| texts.iter().any(|text| text.as_str().contains(word)))
    }

    /// Where the words stand in the text as it was written, in its order: of each the first [`SoughtWords::MAX_PLACES`].
    pub fn spans(&self, text: &Normalised) -> Vec<Span> {
        let hits = self.0.iter().flat_map(|word| {
            let found = text.as_str().match_indices(word.as_str()).take(Self::MAX_PLACES);
            found.map(|(at, _)| text.original_bytes(at..at + word.len()))
        });
        let mut spans: Vec<Span> = hits.collect();
        spans.sort_unstable_by_key(|span| (span.start, span.end));
        spans
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &str, text: &str) -> bool {
        SoughtWords::parse(words).unwrap().are_in(&[&Normalised::of(text)])
    }

    #[test]
    fn width_and_case_make_no_difference_in_either_direction() {
        for (words, text) in [
            ("１２３", "注文123です"),
            ("123", "注文１２３です"),
            ("ｶﾞﾗｽ", "ガラスの棚"),
            ("ガラス", "ｶﾞﾗｽの棚"),
            ("abc", "型番ＡＢＣ"),
            ("ＡＢＣ", "型番abc"),
        ] {
            assert!(found(words, text), "{words} in {text}");
        }
        assert!(!found("124", "注文１２３です"));
    }

    #[test]
    fn all_words_have_to_stand_somewhere() {
        let (asked, told) = (Normalised::of("返品の期限を教えてください"), Normalised::of("7日以内に承ります"));
        let both = SoughtWords::parse("返品　7日").unwrap();
        assert!(both.are_in(&[&asked, &told]) && !both.are_in(&[&asked]));
        assert_eq!(SoughtWords::parse(" 　\u{200b}"), None);
    }

    #[test]
    fn a_place_is_one_in_the_text_as_it_was_written() {
        let words = SoughtWords::parse("ガラス 棚").unwrap();
        let text = Normalised::of("ｶﾞﾗｽの棚");
        assert_eq!(words.spans(&text), [Span::new(0, 4), Span::new(5, 6)]);
        assert!(!format!("{words:?}").contains("棚"));
    }
}
