//! The day on which an order was placed, as a customer or a record says it: many rules hold by that day.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::quantity::{self, Value, WrittenDate};
use crate::domain::Day;

/// What stands behind the date of an order: 「9月20日に頼んだ」「11/3の注文」.
static ORDERED: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(
        r"^(?:\s|[((][月火水木金土日][))]|に|の|頃|ごろ|付け?|ネットで|そちらで|御社で|こちらで|、)*(?:ご?注文|発注|オーダー|頼[んみ]|買[っい]|購入|申し?込|ちゅうもん|たの[んみ])",
    )
    .expect("a constant pattern")
});

/// The day that a text gives for its order, the last one where it names several.
pub fn ordered_on(text: &str, today: Day) -> Option<Day> {
    let dates = quantity::facts(text).into_iter().filter_map(|fact| match fact.value {
        Value::Date(written) => Some((written, fact.span.end)),
        _ => None,
    });
    let after = |end: usize| text.char_indices().nth(end).map_or("", |(byte, _)| &text[byte..]);
    let ordered = dates.filter(|(_, end)| ORDERED.is_match(after(*end)));
    ordered.filter_map(|(written, _)| latest(&written, today)).next_back()
}

/// The day that was written, in the latest year that is not ahead of `today` where no year was.
pub fn latest(written: &WrittenDate, today: Day) -> Option<Day> {
    let (month, day) = (i8::try_from(written.month?).ok()?, i8::try_from(written.day?).ok()?);
    let on = |year: i16| Date::new(year, month, day).ok().map(Day);
    match written.year {
        Some(year) => on(i16::try_from(year).ok()?),
        None => on(today.0.year()).filter(|day| *day <= today).or_else(|| on(today.0.year() - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_an_order_is_told_from_other_days() {
        let today = Day::parse("2026-11-23").unwrap();
        let on = |text: &str| ordered_on(text, today).map(|day| day.to_string());
        assert_eq!(on("9月20日に頼んだ用紙が10月28日に届きました").as_deref(), Some("2026-09-20"));
        assert_eq!(on("2025年12月3日の注文です").as_deref(), Some("2025-12-03"));
        assert_eq!(on("12月3日(水)にそちらで買った椅子").as_deref(), Some("2025-12-03"));
        assert_eq!(on("11月3日に届いた椅子"), None);
        assert_eq!(on("先週注文しました"), None);
    }
}
