//! Personal data out of a text and back into the draft: reversible, for what leaves the process.
//!
//! Found by shape, not by meaning: mail addresses, telephone numbers, postal codes and card numbers.
//! Names stay; what is taken away for ever is the business of `pseudonym`.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;

use super::normal::Normalised;
use crate::domain::Span;

/// What a placeholder stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// For instance `[[PHONE_1]]`.
    pub placeholder: String,
    /// The words it replaced, as they were written.
    pub original: String,
}

/// A map that grows over the texts of one draft, so that one number has one placeholder in all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mask {
    /// In the order in which they were met.
    pub kept: Vec<Kept>,
}

/// One masked text with its map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// The text with placeholders.
    pub text: String,
    /// What they stand for.
    pub kept: Vec<Kept>,
}

/// A kind of personal data that is known by its shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Words that already look like a placeholder: kept as such, so that nothing wrong is restored.
    Literal,
    Email,
    Card,
    Phone,
    Postal,
}

/// The text without placeholders: they are no words of the customer's.
pub fn without_placeholders(text: &str) -> Cow<'_, str> {
    static PLACEHOLDER: LazyLock<Regex> =
        LazyLock::new(|| crate::language::pattern::regex(r"\[\[[A-Z]+_[0-9]+\]\]").expect("a constant pattern"));
    PLACEHOLDER.replace_all(text, " ")
}

impl Shape {
    fn label(self) -> &'static str {
        match self {
            Self::Literal => "LITERAL",
            Self::Email => "EMAIL",
            Self::Card => "CARD",
            Self::Phone => "PHONE",
            Self::Postal => "POSTAL",
        }
    }
}

macro_rules! pattern {
    ($name:ident, $source:expr) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| crate::language::pattern::regex($source).expect("a constant pattern"));
    };
}
pattern!(PLACEHOLDER, r"\[\[[A-Z]+_[0-9]+\]\]");
pattern!(EMAIL, r"[a-z0-9][a-z0-9._%+\-]*@[a-z0-9\-]+(?:\.[a-z0-9\-]+)+");
// Digits in groups; a katakana prolonged sound mark is a common slip for the hyphen.
pattern!(DIGITS, r"\+?\(?\d(?:[-ー. ()]{0,2}\d)+");
pattern!(POSTAL, r"〒\s?\d{3}[-ー]?\d{4}|\d{3}[-ー]\d{4}");
// What a number is called decides more than its shape.
pattern!(
    NO_PHONE,
    r"(?:注文|受注|伝票|追跡|問い?合わせ|問合せ?|品|型|会員|管理|契約|登録)\s?(?:番号|番|no\.?|id|コード)[はがの:#\s]{0,3}$"
);

impl Masked {
    /// Masks one text.
    pub fn of(text: &str) -> Self {
        let mut mask = Mask::default();
        let text = mask.hide(text);
        Self { text, kept: mask.kept }
    }

    /// Puts the originals back; also tells the placeholders that nobody gave out, which stay as they are.
    pub fn restore(&self, draft: &str) -> (String, Vec<String>) {
        restore(&self.kept, draft)
    }
}

impl Mask {
    /// Masks a text with the placeholders of the texts before it. The same words get the same placeholder;
    /// another spelling of a number gets another, so that it comes back as it was written.
    pub fn hide(&mut self, text: &str) -> String {
        let found = personal(text);
        replace(text, &found, |shape, original| self.placeholder(shape, original))
    }

    /// Puts the originals back; also tells the placeholders that nobody gave out, which stay as they are.
    pub fn restore(&self, draft: &str) -> (String, Vec<String>) {
        restore(&self.kept, draft)
    }

    fn placeholder(&mut self, shape: Shape, original: &str) -> String {
        if let Some(known) = self.kept.iter().find(|kept| kept.original == original) {
            return known.placeholder.clone();
        }
        let head = format!("[[{}_", shape.label());
        let number = 1 + self.kept.iter().filter(|kept| kept.placeholder.starts_with(&head)).count();
        let placeholder = format!("{head}{number}]]");
        self.kept.push(Kept { placeholder: placeholder.clone(), original: original.to_owned() });
        placeholder
    }
}

/// One pass: what comes back is not looked at again, so an original that looks like a placeholder is safe.
fn restore(kept: &[Kept], draft: &str) -> (String, Vec<String>) {
    let mut unknown = Vec::new();
    let restored = PLACEHOLDER.replace_all(draft, |found: &regex::Captures<'_>| {
        let placeholder = &found[0];
        kept.iter().find(|kept| kept.placeholder == placeholder).map_or_else(
            || {
                unknown.push(placeholder.to_owned());
                placeholder.to_owned()
            },
            |kept| kept.original.clone(),
        )
    });
    (restored.into_owned(), unknown)
}

/// Replaces spans, which are in order and do not overlap.
pub(super) fn replace<T: Copy>(text: &str, found: &[(T, Span)], mut with: impl FnMut(T, &str) -> String) -> String {
    let bounds: Vec<usize> = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
    let (mut replaced, mut at) = (String::with_capacity(text.len()), 0);
    for (what, span) in found {
        let (start, end) = (bounds[span.start], bounds[span.end]);
        replaced.push_str(&text[at..start]);
        replaced.push_str(&with(*what, &text[start..end]));
        at = end;
    }
    replaced.push_str(&text[at..]);
    replaced
}

/// Personal data that its shape gives away, in the order of the text, without overlap.
pub(super) fn personal(text: &str) -> Vec<(Shape, Span)> {
    let normal = Normalised::of(text);
    let mut found: Vec<(Shape, Span)> = Vec::new();
    // Placeholders are read in the original: restoring looks for these very characters.
    let literals = PLACEHOLDER.find_iter(text).map(|hit| (Shape::Literal, Span::of_bytes(text, hit.range())));
    let emails = EMAIL.find_iter(normal.as_str()).map(|hit| (Shape::Email, normal.original_bytes(hit.range())));
    let numbers = numbers(normal.as_str()).into_iter().map(|(shape, at)| (shape, normal.original_bytes(at)));
    for (shape, span) in literals.chain(emails).chain(numbers) {
        if !span.is_empty() && !found.iter().any(|(_, taken)| taken.overlaps(span)) {
            found.push((shape, span));
        }
    }
    found.sort_by_key(|(_, span)| *span);
    found
}

/// Postal codes alone.
pub(super) fn postal_codes(text: &Normalised) -> impl Iterator<Item = Span> + '_ {
    let codes = numbers(text.as_str()).into_iter().filter(|(shape, _)| *shape == Shape::Postal);
    codes.map(|(_, at)| text.original_bytes(at))
}

fn numbers(text: &str) -> Vec<(Shape, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    for run in DIGITS.find_iter(text) {
        let cards =
            cards(run.as_str()).into_iter().map(|at| (Shape::Card, run.start() + at.start..run.start() + at.end));
        let before = found.len();
        found.extend(cards);
        let stands_alone = !text[..run.start()]
            .ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/' | '.'))
            && !text[run.end()..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '円');
        let named_otherwise = || NO_PHONE.is_match(tail(&text[..run.start()]));
        if found.len() == before && stands_alone && is_phone(run.as_str()) && !named_otherwise() {
            found.push((Shape::Phone, run.range()));
        }
    }
    for hit in POSTAL.find_iter(text) {
        let digit_or_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | 'ー');
        let inside = text[..hit.start()].ends_with(digit_or_sign) || text[hit.end()..].starts_with(digit_or_sign);
        if !inside && !NO_PHONE.is_match(tail(&text[..hit.start()])) {
            found.push((Shape::Postal, hit.range()));
        }
    }
    found
}

/// The last characters, enough for a label; patterns anchored at the end stay cheap on long texts.
fn tail(text: &str) -> &str {
    text.char_indices().rev().nth(15).map_or(text, |(byte, _)| &text[byte..])
}

/// Ten or eleven digits from 0, in at most four groups; or an international number.
fn is_phone(run: &str) -> bool {
    let digits: String = run.chars().filter(char::is_ascii_digit).collect();
    let groups = run.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).count();
    let national = digits.starts_with('0') && !digits.starts_with("00") && matches!(digits.len(), 10 | 11);
    let international = run.starts_with('+') && (10..=14).contains(&digits.len());
    groups <= 5 && (national || international)
}

/// Stretches of whole groups with 13 to 19 digits that pass the Luhn check, left to right.
fn cards(run: &str) -> Vec<std::ops::Range<usize>> {
    let digits: Vec<(usize, u32)> = run.char_indices().filter_map(|(at, c)| Some((at, c.to_digit(10)?))).collect();
    let starts = |i: usize| i == 0 || digits[i - 1].0 + 1 != digits[i].0;
    let ends = |i: usize| i == digits.len() || starts(i);
    let (mut found, mut start) = (Vec::new(), 0);
    while start < digits.len() {
        let fits = |len: &usize| {
            let end = start + len;
            end <= digits.len() && ends(end) && luhn(&digits[start..end])
        };
        match (13..=19).rev().find(fits).filter(|_| starts(start)) {
            Some(len) => {
                found.push(digits[start].0..digits[start + len - 1].0 + 1);
                start += len;
            }
            None => start += 1,
        }
    }
    found
}

fn luhn(digits: &[(usize, u32)]) -> bool {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let sum: u32 = digits.iter().rev().enumerate().map(|(i, (_, d))| if i % 2 == 1 { doubled(*d) } else { *d }).sum();
    sum.is_multiple_of(10) && digits.iter().any(|(_, digit)| *digit > 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn masked(text: &str) -> String {
        Masked::of(text).text
    }

    #[test]
    fn each_kind_gets_its_placeholder() {
        assert_eq!(masked("連絡先はa.b@shop.exampleです"), "連絡先は[[EMAIL_1]]です");
        for phone in [
            "090-1234-5678",
            "０９０－１２３４－５６７８",
            "03(1234)5678",
            "0312345678",
            "09012345678",
            "+81 90-1234-5678",
            "090ー1234ー5678",
        ] {
            assert_eq!(masked(&format!("電話{phone}まで")), "電話[[PHONE_1]]まで", "{phone}");
        }
        assert_eq!(masked("〒100-0001 と 〒1000001、100-0002"), "[[POSTAL_1]] と [[POSTAL_2]]、[[POSTAL_3]]");
        for card in
            ["4111 1111 1111 1111", "4111-1111-1111-1111", "４１１１１１１１１１１１１１１１", "378282246310005"]
        {
            assert_eq!(masked(&format!("カードは{card}")), "カードは[[CARD_1]]", "{card}");
        }
        assert_eq!(masked("4111 1111 1111 1111 12/28"), "[[CARD_1]] 12/28");
    }

    #[test]
    fn order_numbers_prices_and_dates_are_not_personal() {
        for plain in [
            "OL-260384",
            "注文番号48120",
            "12345678",
            "注文番号:0312345678",
            "8,980円",
            "2026-11-23",
            "2026/11/20 10:30",
            "伝票番号 1234-5678-9012",
            "型番0120-12345",
            "4111 1111 1111 1112",
            "0.5mm 10-16時",
        ] {
            assert_eq!(masked(plain), plain);
        }
    }

    #[test]
    fn the_same_words_share_a_placeholder_over_several_texts() {
        let mut mask = Mask::default();
        assert_eq!(mask.hide("a@b.example か 090-1234-5678"), "[[EMAIL_1]] か [[PHONE_1]]");
        assert_eq!(mask.hide("090-1234-5678 と c@d.example"), "[[PHONE_1]] と [[EMAIL_2]]");
        assert_eq!(mask.restore("[[EMAIL_2]]へ、[[PHONE_1]]").0, "c@d.exampleへ、090-1234-5678");
    }

    #[test]
    fn a_placeholder_written_by_the_customer_is_never_filled() {
        let text = "[[EMAIL_1]]って何？ a@b.example";
        let masked = Masked::of(text);
        assert_eq!(masked.text, "[[LITERAL_1]]って何？ [[EMAIL_1]]");
        assert_eq!(masked.restore(&masked.text), (text.to_owned(), vec![]));
    }

    #[test]
    fn a_placeholder_that_nobody_gave_out_is_reported_and_stays() {
        let masked = Masked::of("電話は090-1234-5678");
        let (text, unknown) = masked.restore("[[PHONE_1]]と[[PHONE_7]]");
        assert_eq!((text.as_str(), unknown), ("090-1234-5678と[[PHONE_7]]", vec!["[[PHONE_7]]".to_owned()]));
    }

    proptest! {
        #[test]
        fn restoring_gives_back_the_text(text in "([\\[\\]]{1,3}|\\[\\[EMAIL_1\\]\\]|LITERAL_|PHONE_1|[0-9０-９]{1,5}|[-ー @.()]|a@b.co|090-1234-5678|4111 1111 1111 1111|〒100-0001|ｶﾞ|㍿|👨‍👩‍👧|か\u{3099}|\\PC){0,25}") {
            let masked = Masked::of(&text);
            prop_assert_eq!(masked.restore(&masked.text), (text, vec![]));
        }
    }
}
