//! Numbers in digits, in kanji and in both: `1,650`, `三千`, `1.5万`, `2万5千`.

use super::Number;

/// A number as patterns find it; [`parse`] decides whether it is one.
pub const PATTERN: &str = r"(?:[0-9][0-9,]*(?:\.[0-9]+)?(?:[百千万億][0-9,]*)*|[〇一二三四五六七八九十百千万億]+)";

/// Whether a number was written without any digit: such a run may as well be part of a word.
pub fn is_kanji(text: &str) -> bool {
    !text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Reads a number; `None` for what only looks like one (`1,2`, `万`, `十十`).
pub fn parse(text: &str) -> Option<Number> {
    let mut total = 0u64;
    let mut rest = text;
    for (mark, weight) in [('億', 100_000_000), ('万', 10_000)] {
        if let Some((head, tail)) = rest.split_once(mark) {
            total = total.checked_add(below_ten_thousand(head)?.checked_mul(weight)?)?;
            rest = tail;
        }
    }
    let last = if rest.is_empty() && total > 0 { 0 } else { below_ten_thousand(rest)? };
    total.checked_add(last).map(Number)
}

/// In thousandths. Digits may be of any size here: `15000` needs no 万.
fn below_ten_thousand(text: &str) -> Option<u64> {
    let mut total = 0u64;
    let mut rest = text;
    for (mark, weight) in [('千', 1000u64), ('百', 100), ('十', 10)] {
        if let Some((head, tail)) = rest.split_once(mark) {
            let times = if head.is_empty() { 1000 } else { digits(head)? };
            total = total.checked_add(times.checked_mul(weight)?)?;
            rest = tail;
        }
    }
    match rest {
        "" if total > 0 => Some(total),
        rest => total.checked_add(digits(rest)?),
    }
}

fn digits(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || !has_sound_commas(whole) {
        return None;
    }
    let mut total = 0u64;
    for c in whole.chars().filter(|c| *c != ',') {
        total = total.checked_mul(10)?.checked_add(digit(c)?)?;
    }
    let mut thousandths = 0;
    for (c, weight) in fraction.chars().zip([100, 10, 1]) {
        thousandths += digit(c)? * weight;
    }
    total.checked_mul(1000)?.checked_add(thousandths)
}

fn has_sound_commas(whole: &str) -> bool {
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    whole == first || ((1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3))
}

fn digit(c: char) -> Option<u64> {
    const KANJI: &str = "〇一二三四五六七八九";
    c.to_digit(10).map(u64::from).or_else(|| KANJI.chars().position(|k| k == c).map(|at| at as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_kanji_and_both_are_read() {
        for (text, n) in [
            ("1,650", 1650),
            ("15000", 15000),
            ("三千", 3000),
            ("一万二千", 12000),
            ("十四", 14),
            ("二〇", 20),
            ("1.5万", 15000),
            ("2万5千", 25000),
            ("1万2,000", 12000),
            ("百五十", 150),
        ] {
            assert_eq!(parse(text), Some(Number::whole(n)), "{text}");
        }
        assert_eq!(parse("3.5").and_then(Number::as_whole), None);
    }

    #[test]
    fn what_only_looks_like_a_number_is_none() {
        for text in ["1,2", "万", "1,65", "十十", "99999999999999999999", ",5"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
