//! Whole numbers in one spelling, so that 三千円, 3,000円 and ３０００円 are found by each other.

use std::ops::Range;

use super::{measure, numeral};

/// What a number is written with beside digits and commas.
const KANJI: &str = "〇一二三四五六七八九十百千万億";
/// What counts hours and months stands in no table of measures: they are times, not lengths of time.
const MORE_UNITS: [&str; 3] = ["月", "時", "条"];
/// Words that look like a count and mostly are none: 十分 is enough, not ten minutes; 一月 is January or a month's time.
const NO_COUNTS: [&str; 2] = ["十分", "一月"];

/// Where a whole number stands in a text in normal form, in bytes, with its value. Digits that belong to a code
/// (`ol-260384`, `3d`) and kanji that count nothing (一緒, 千葉) are none.
pub fn whole_numbers(text: &str) -> Vec<(Range<usize>, u64)> {
    let mut found = Vec::new();
    let (mut from, mut before) = (0, None);
    while let Some(c) = text[from..].chars().next() {
        let run = run(&text[from..]);
        if run == 0 {
            (from, before) = (from + c.len_utf8(), Some(c));
            continue;
        }
        let range = from..from + run;
        if let Some(value) = value(&text[range.clone()], before, &text[range.end..], &text[from..]) {
            found.push((range.clone(), value));
        }
        (from, before) = (range.end, text[range].chars().next_back());
    }
    found
}

/// How many bytes of digits, numerals and commas between digits stand at the beginning.
fn run(text: &str) -> usize {
    let is_digit = |c: char| c.is_ascii_digit() || KANJI.contains(c);
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let joins = matches!(c, ',' | '.') && end > 0 && chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        if !is_digit(c) && !joins {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

fn value(run: &str, before: Option<char>, after: &str, from: &str) -> Option<u64> {
    let next = after.chars().next();
    if numeral::is_kanji(run) {
        let counts = measure::begins_with_unit(after) || MORE_UNITS.iter().any(|unit| after.starts_with(unit));
        let looks = NO_COUNTS.iter().any(|word| from.starts_with(word));
        (counts && !looks).then(|| numeral::parse(run)?.as_whole())?
    } else {
        let of_a_code =
            |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '@' | '/'));
        // A unit of letters may follow at once: 30ml.
        if of_a_code(before) || of_a_code(next) && !measure::begins_with_unit(after) {
            return None;
        }
        numeral::parse(run)?.as_whole()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<(&str, u64)> {
        whole_numbers(text).into_iter().map(|(range, value)| (&text[range], value)).collect()
    }

    #[test]
    fn a_number_has_one_value_however_it_is_written() {
        assert_eq!(numbers("三千円、3,000円と3000円"), [("三千", 3000), ("3,000", 3000), ("3000", 3000)]);
        assert_eq!(numbers("十四日以内に1.5万円"), [("十四", 14), ("1.5万", 15_000)]);
        assert_eq!(numbers("2万5千ポイント 二十四時間 第三条"), [("2万5千", 25_000), ("二十四", 24), ("三", 3)]);
        assert_eq!(numbers("30mlを2本"), [("30", 30), ("2", 2)]);
    }

    #[test]
    fn what_is_no_number_is_left_as_it_is() {
        for text in ["一緒に", "千葉県", "十分です", "万一", "三重の", "ol-260384", "3d表示", "lp480", "1.5kg", "一,二"]
        {
            assert_eq!(numbers(text), [], "{text}");
        }
    }
}
