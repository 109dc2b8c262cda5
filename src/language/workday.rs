//! The days on which Japanese offices are open, and counting by them.
//!
//! Holidays are those of the law (国民の祝日に関する法律) as it stands since 2022, with the two years of the Tokyo games
//! and the substitute and between days; the equinoxes by the usual formula, right from 1980 to 2099. A shop that is open
//! on other days says so in its own words, which are not known here.

use jiff::{Span, civil::Date};

use crate::domain::Day;

/// Neither a weekend day nor a holiday.
pub fn is_business_day(day: Day) -> bool {
    !matches!(day.0.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday) && !is_holiday(day)
}

/// Whether the law names it a day off.
pub fn is_holiday(day: Day) -> bool {
    let named = |date: Date| is_named(i32::from(date.year()), date.month(), date.day());
    let date = day.0;
    if named(date) {
        return true;
    }
    // 振替休日: the first free day behind a holiday that fell on a Sunday.
    let mut before = days(date, -1);
    while named(before) {
        if before.weekday() == jiff::civil::Weekday::Sunday {
            return true;
        }
        before = days(before, -1);
    }
    // 国民の休日: between two holidays.
    named(days(date, -1)) && named(days(date, 1)) && date.weekday() != jiff::civil::Weekday::Sunday
}

/// So many business days later, or earlier where negative; 0 is the day itself.
pub fn add_business_days(day: Day, count: i32) -> Day {
    let (mut date, mut left) = (day, count.abs());
    while left > 0 {
        date = add_days(date, count.signum());
        left -= i32::from(is_business_day(date));
    }
    date
}

/// So many days later, or earlier where negative.
pub fn add_days(day: Day, count: i32) -> Day {
    Day(days(day.0, count))
}

/// The same day so many months later, or the last one of that month.
pub fn add_months(day: Day, count: i32) -> Day {
    Day(day.0.checked_add(Span::new().months(count)).unwrap_or(day.0))
}

fn days(date: Date, count: i32) -> Date {
    date.checked_add(Span::new().days(count)).unwrap_or(date)
}

fn is_named(year: i32, month: i8, day: i8) -> bool {
    let monday = |nth: i8| {
        let first = Date::new(year.try_into().unwrap_or(2000), month, 1)
            .map_or(0, |first| first.weekday().to_monday_zero_offset());
        day == 1 + (7 - first) % 7 + 7 * (nth - 1)
    };
    let games = matches!(year, 2020 | 2021);
    match month {
        1 => day == 1 || monday(2),
        2 => day == 11 || day == 23 && year >= 2020,
        3 => day == equinox(year, 20.8431),
        4 => day == 29,
        5 => matches!(day, 3..=5),
        7 if games => matches!((year, day), (2020, 23 | 24) | (2021, 22 | 23)),
        7 => monday(3),
        8 if games => matches!((year, day), (2020, 10) | (2021, 8)),
        8 => day == 11,
        9 => monday(3) || day == equinox(year, 23.2488),
        10 => monday(2) && !games,
        11 => matches!(day, 3 | 23),
        _ => false,
    }
}

fn equinox(year: i32, of_1980: f64) -> i8 {
    let since = year - 1980;
    (of_1980 + 0.242_194 * f64::from(since) - f64::from(since.div_euclid(4))).floor() as i8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn holidays_are_those_that_the_cabinet_office_published() {
        let of = |year: i16| -> Vec<String> {
            let mut date = Date::new(year, 1, 1).unwrap();
            let mut found = Vec::new();
            while date.year() == year {
                if is_holiday(Day(date)) {
                    found.push(date.to_string()[5..].to_owned());
                }
                date = days(date, 1);
            }
            found
        };
        assert_eq!(
            of(2026),
            [
                "01-01", "01-12", "02-11", "02-23", "03-20", "04-29", "05-03", "05-04", "05-05", "05-06", "07-20",
                "08-11", "09-21", "09-22", "09-23", "10-12", "11-03", "11-23"
            ]
        );
        assert_eq!(
            of(2021),
            [
                "01-01", "01-11", "02-11", "02-23", "03-20", "04-29", "05-03", "05-04", "05-05", "07-22", "07-23",
                "08-08", "08-09", "09-20", "09-23", "11-03", "11-23"
            ]
        );
        assert_eq!(of(2027).len(), 17, "{:?}", of(2027));
    }

    #[test]
    fn business_days_leave_out_weekends_and_holidays() {
        assert_eq!(add_business_days(day("2026-11-20"), 1), day("2026-11-24"), "Friday before 勤労感謝の日");
        assert_eq!(add_business_days(day("2026-11-24"), -1), day("2026-11-20"));
        assert_eq!(add_business_days(day("2026-11-21"), 0), day("2026-11-21"));
        assert_eq!(add_business_days(day("2026-04-28"), 3), day("2026-05-07"));
        assert_eq!(add_months(day("2026-01-31"), 1), day("2026-02-28"));
        assert!(!is_business_day(day("2026-09-22")) && is_business_day(day("2026-09-24")));
    }
}
