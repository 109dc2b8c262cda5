//! The text in which a guide's words are looked for: as people read it, whatever was done to hide a word.
//!
//! A line that breaks inside a word is joined, and characters that look alike are one: Cyrillic and Greek letters among Latin
//! ones, kanji and katakana of one shape (一 and ー, カ and 力). Words and texts are folded alike, so that a listed word is
//! found in any of its disguises; width, case and invisible characters are the normal form's matter.

use std::ops::Range;

/// A folded text that knows where each of its bytes came from.
#[derive(Debug)]
pub(super) struct Folded {
    text: String,
    /// For each byte of the folded text, and for its end: where the character stood in the text that was folded.
    origin: Option<Vec<u32>>,
}

impl Folded {
    /// Folds a text in normal form.
    pub(super) fn of(text: &str) -> Self {
        if !text.chars().any(|c| c == '\n' || look_alike(c) != c) {
            return Self { text: text.to_owned(), origin: None };
        }
        let mut folded = String::with_capacity(text.len());
        let mut origin: Vec<u32> = Vec::with_capacity(text.len() + 1);
        let mut before = None;
        for (byte, c) in text.char_indices() {
            let rest = &text[byte + c.len_utf8()..];
            let joins = match c {
                '\r' => is_inside_word(before, rest.strip_prefix('\n').unwrap_or(rest).chars().next()),
                '\n' => is_inside_word(before, rest.chars().next()),
                _ => false,
            };
            if !joins {
                before = Some(c);
                folded.push(look_alike(c));
                origin.resize(folded.len(), byte as u32);
            }
        }
        origin.push(text.len() as u32);
        Self { text: folded, origin: Some(origin) }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Where a range stood in the text that was folded.
    pub(super) fn original(&self, range: Range<usize>) -> Range<usize> {
        let Some(origin) = &self.origin else { return range };
        let at = |byte: usize| origin[byte] as usize;
        // The end is that of the last character, not the begin of the next: a line break may lie between.
        let last = self.text[..range.end].chars().next_back().map_or(0, char::len_utf8);
        let start = at(range.start);
        let end = at(range.end - last) + self.width(range.end - last, last);
        start..end.max(start)
    }

    /// How many bytes the character at `byte` had; folding may have made it shorter.
    fn width(&self, byte: usize, folded: usize) -> usize {
        let Some(origin) = &self.origin else { return folded };
        let (here, next) = (origin[byte], origin[byte + folded]);
        // A dropped line break behind it is no part of it: letters are never followed by two.
        let whole = (next - here) as usize;
        if self.text[byte..].chars().next().is_some_and(|c| c.is_ascii()) { whole.min(2) } else { whole.min(folded) }
    }
}

/// Whether a line breaks between these letters in the middle of what may be a word.
fn is_inside_word(before: Option<char>, after: Option<char>) -> bool {
    let letter = |c: char| matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '々' | '\u{4e00}'..='\u{9fff}');
    before.is_some_and(letter) && after.is_some_and(letter)
}

/// One character for all of its shape.
fn look_alike(c: char) -> char {
    match c {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'е' | 'ε' => 'e',
        'һ' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' => 'm',
        'н' => 'h',
        'о' | 'ο' | 'σ' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'у' | 'υ' | 'γ' => 'y',
        'х' | 'χ' => 'x',
        'ν' => 'v',
        'ω' => 'w',
        '一' | '―' | '—' | '─' => 'ー',
        '力' => 'カ',
        '口' | '囗' => 'ロ',
        '二' => 'ニ',
        '三' => 'ミ',
        '工' => 'エ',
        '夕' => 'タ',
        '卜' => 'ト',
        '八' => 'ハ',
        '才' => 'オ',
        '千' => 'チ',
        '又' => 'ヌ',
        'へ' => 'ヘ',
        'べ' => 'ベ',
        'ぺ' => 'ペ',
        'り' => 'リ',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, word: &str) -> Option<String> {
        let (folded, word) = (Folded::of(text), Folded::of(word));
        let at = folded.as_str().find(word.as_str())?;
        Some(text[folded.original(at..at + word.as_str().len())].to_owned())
    }

    #[test]
    fn a_word_is_found_in_its_disguises_and_given_back_as_written() {
        assert_eq!(found("お客\n様へ", "お客様").as_deref(), Some("お客\n様"));
        assert_eq!(found("クレ一ムの件", "クレーム").as_deref(), Some("クレ一ム"));
        assert_eq!(found("оlポイント", "olポイント").as_deref(), Some("оlポイント"));
        assert_eq!(found("使うоl", "ol").as_deref(), Some("оl"));
        assert_eq!(found("サンプ\nルを", "サンプル").as_deref(), Some("サンプ\nル"));
        assert_eq!(found("業界一\nの", "業界一").as_deref(), Some("業界一"));
    }

    #[test]
    fn lines_that_end_a_sentence_are_not_joined() {
        assert_eq!(found("お客。\n様子", "お客様"), None);
        assert_eq!(found("office\nlink", "officelink"), None);
        assert_eq!(found("解約", "解約").as_deref(), Some("解約"));
    }
}
