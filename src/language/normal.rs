//! One spelling for what is written in many: NFKC, lower case, no invisible characters, one hyphen,
//! one wave dash, one prolonged sound mark; and the way back to the original text.
//!
//! Rules and search look at the normalised text; people see spans of what was really written.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::domain::Span;

/// A text in normal form that knows where each of its characters came from.
#[derive(Debug, Clone)]
pub struct Normalised {
    text: String,
    /// For each code point of `text`: the span of the original it was made from.
    origin: Vec<Span>,
    original_chars: usize,
}

impl Normalised {
    /// Normalises grapheme by grapheme, so that composed and decomposed input (`ガ`, `カ` + `゛`, `ｶﾞ`)
    /// meets in one form and every output character has one origin.
    pub fn of(original: &str) -> Self {
        let mut normal = Self {
            text: String::with_capacity(original.len()),
            origin: Vec::with_capacity(original.len() / 2),
            original_chars: 0,
        };
        // Between two simple characters a grapheme always ends, and nearly all of Japanese is simple: the tables of
        // Unicode are asked about the rest alone.
        let (mut start, mut before) = (0, None);
        for (byte, c) in original.char_indices() {
            let now = simple(c);
            if now.is_some() && before.is_some() && byte > start {
                normal.take(&original[start..byte], before);
                start = byte;
            }
            before = now;
        }
        normal.take(&original[start..], before);
        normal
    }

    /// Takes a piece in; `last` is the normal form of its last character, if that is simple.
    fn take(&mut self, piece: &str, last: Option<char>) {
        let mut chars = piece.chars();
        match (chars.next(), chars.next(), last) {
            (Some(_), None, Some(simple)) => {
                let span = Span::new(self.original_chars, self.original_chars + 1);
                self.push(simple, span);
                self.original_chars += 1;
            }
            _ => self.take_graphemes(piece),
        }
    }

    fn take_graphemes(&mut self, piece: &str) {
        for grapheme in joined_voicing(piece) {
            let chars = grapheme.chars().count();
            let span = Span::new(self.original_chars, self.original_chars + chars);
            grapheme.nfkc().filter(|c| !is_invisible(*c)).for_each(|c| self.push(c, span));
            self.original_chars += chars;
        }
    }

    fn push(&mut self, c: char, span: Span) {
        if matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '、' | '。' | '\u{4e00}'..='\u{9fff}') {
            self.text.push(c);
            self.origin.push(span);
            return;
        }
        for c in fold(c, self.text.chars().next_back()).to_lowercase() {
            self.text.push(c);
            self.origin.push(span);
        }
    }

    /// The normal form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The original span of a span of the normal form. An empty span stays empty.
    pub fn original(&self, span: Span) -> Span {
        let start = self.origin.get(span.start).map_or(self.original_chars, |span| span.start);
        if span.is_empty() {
            return Span::new(start, start);
        }
        let last = self.origin.get(span.end.min(self.origin.len()).saturating_sub(1));
        Span::new(start, last.map_or(self.original_chars, |span| span.end).max(start))
    }

    /// The original span of a byte range of the normal form, as regular expressions report it.
    pub fn original_bytes(&self, bytes: Range<usize>) -> Span {
        self.original(Span::of_bytes(&self.text, bytes))
    }
}

/// Graphemes, with a half-width voicing mark joined to the kana before it: `ｶ` + `ﾞ` are two graphemes
/// to Unicode and one letter to a reader.
fn joined_voicing(text: &str) -> impl Iterator<Item = &str> {
    let mut bounds: Vec<usize> = text.grapheme_indices(true).map(|(byte, _)| byte).collect();
    bounds.retain(|byte| !text[*byte..].starts_with(['\u{ff9e}', '\u{ff9f}']) || *byte == 0);
    bounds.push(text.len());
    (1..bounds.len()).map(move |i| &text[bounds[i - 1]..bounds[i]])
}

/// What a character becomes that never joins its neighbours and needs no table: ASCII in both widths, kana, usual kanji
/// and the signs between them. Control characters but line feed and tab are not, since CR and LF are one grapheme.
fn simple(c: char) -> Option<char> {
    match c {
        ' '..='~'
        | '\t'
        | '\n'
        | 'ぁ'..='ゖ'
        | 'ァ'..='ー'
        | '\u{3001}'..='\u{3003}'
        | '\u{3005}'..='\u{3011}'
        | '\u{4e00}'..='\u{9fff}' => Some(c),
        '\u{3000}' => Some(' '),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0),
        _ => None,
    }
}

/// Zero-width and other characters that no reader sees but that split words for a machine.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// Dashes after katakana are prolonged sounds that were typed with another key; the rest fold to one form.
fn fold(c: char, previous: Option<char>) -> char {
    let after_katakana = previous.is_some_and(|p| matches!(p, 'ァ'..='ヺ' | 'ー'));
    match c {
        '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '─' | '━' if after_katakana => 'ー',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '─' | '━' => '-',
        '〜' | '～' | '∼' | '∾' => '~',
        '’' | '‘' | '′' => '\'',
        '“' | '”' | '″' => '"',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn original_of(text: &str, wanted: &str) -> String {
        let normal = Normalised::of(text);
        let at = normal.as_str().find(wanted).unwrap_or_else(|| panic!("{wanted} in {:?}", normal.as_str()));
        normal.original_bytes(at..at + wanted.len()).of(text).to_owned()
    }

    #[test]
    fn width_case_and_composition_meet_in_one_form() {
        for same in ["ガイド", "ｶﾞｲﾄﾞ", "カ\u{3099}イト\u{3099}"] {
            assert_eq!(Normalised::of(same).as_str(), "ガイド", "{same}");
        }
        assert_eq!(Normalised::of("ＯＬ－２６０３８４").as_str(), "ol-260384");
        assert_eq!(Normalised::of("サ−バ− 10〜16時").as_str(), "サーバー 10~16時");
        assert_eq!(Normalised::of("ク\u{200b}レ\u{feff}ーム").as_str(), "クレーム");
    }

    #[test]
    fn the_way_back_never_splits_a_character() {
        assert_eq!(original_of("㍿青葉の𠮷田", "株式会社"), "㍿");
        assert_eq!(original_of("新しいｶﾞｲﾄﾞです", "ガイド"), "ｶﾞｲﾄﾞ");
        assert_eq!(original_of("家族👨‍👩‍👧と𠮷田", "𠮷田"), "𠮷田");
        assert_eq!(original_of("ク\u{200b}レームです", "クレーム"), "ク\u{200b}レーム");
    }

    proptest! {
        #[test]
        fn what_is_simple_needs_no_table(text in "([ -~ぁ-ゖァ-ヺー一-龥、-】！-～\t\n\u{3000}]|\\PC|[ﾞﾟ\u{3099}\u{200d}\r👩👧…〜]){0,40}") {
            let (normal, mut slowly) = (Normalised::of(&text), Normalised::of(""));
            slowly.take_graphemes(&text);
            prop_assert_eq!(&normal.text, &slowly.text);
            prop_assert_eq!(&normal.origin, &slowly.origin);
            prop_assert_eq!(normal.original_chars, slowly.original_chars);
        }

        #[test]
        fn every_normal_character_has_an_origin_inside_the_text(text in "[ぁ-んァ-ヶ一-龥ｦ-ﾟ0-9A-Za-zＡ-Ｚ①-⑳㍿\u{3099}\u{200d}👩👧𠮷 \n]{0,60}") {
            let normal = Normalised::of(&text);
            let chars = text.chars().count();
            let count = normal.as_str().chars().count();
            let mut last = 0;
            for at in 0..count {
                let span = normal.original(Span::new(at, at + 1));
                prop_assert!(span.start >= last && span.end <= chars && !span.is_empty());
                last = span.start;
            }
            prop_assert_eq!(normal.original(Span::new(count, count)), Span::new(chars, chars));
        }

        #[test]
        fn normal_form_is_stable(text in "\\PC{0,40}") {
            let once = Normalised::of(&text);
            let twice = Normalised::of(once.as_str());
            prop_assert_eq!(once.as_str(), twice.as_str());
        }
    }
}
