//! Days that nobody wrote down but that follow by counting: shipped on the 20th and three business days on the way, or
//! eight days from an arrival that a record names.

use crate::domain::Day;
use crate::language::{
    quantity::{Bound, DurationUnit, Extent, Fact, Value, Weekday, WrittenDate},
    workday::{add_business_days, add_days, add_months, is_business_day},
};

use super::statement::Statement;

/// How far a day is counted on, in its unit: nobody promises a longer way, and a list of a thousand days says nothing.
const FARTHEST: u64 = 400;
/// A range that is wider names no day.
const WIDEST: u64 = 14;

/// One way to get from a day to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Days(i32),
    BusinessDays(i32),
    Months(i32),
    /// The last day of a month so many months later.
    MonthEnd(i32),
}

/// Words that count without a number, the longer before what stands inside it.
const WORDS: &[(&str, Step)] = &[
    ("翌々営業日", Step::BusinessDays(2)),
    ("翌営業日", Step::BusinessDays(1)),
    ("前営業日", Step::BusinessDays(-1)),
    ("翌々日", Step::Days(2)),
    ("翌日", Step::Days(1)),
    ("次の日", Step::Days(1)),
    ("あくる日", Step::Days(1)),
    ("前々日", Step::Days(-2)),
    ("前日", Step::Days(-1)),
    ("翌週", Step::Days(7)),
    ("当日", Step::Days(0)),
    ("即日", Step::Days(0)),
    ("同日", Step::Days(0)),
    ("翌々月末", Step::MonthEnd(2)),
    ("翌月末", Step::MonthEnd(1)),
    ("翌月の末", Step::MonthEnd(1)),
    ("当月末", Step::MonthEnd(0)),
    ("月末", Step::MonthEnd(0)),
];

/// The day that a written date means, the year being the one that brings it nearest to `today` where none is written.
pub fn day_of(date: &WrittenDate, today: Option<Day>) -> Option<Day> {
    let day = i8::try_from(date.day?).ok()?;
    let Some(month) = date.month else {
        // 26日: this month's, or the next one's where that is over.
        let of = |from: Day| jiff::civil::Date::new(from.0.year(), from.0.month(), day).ok().map(Day);
        return of(today?).filter(|day| *day >= today.unwrap_or(*day)).or_else(|| of(add_months(today?, 1)));
    };
    let month = i8::try_from(month).ok()?;
    let of = |year: i16| jiff::civil::Date::new(year, month, day).ok().map(Day);
    if let Some(year) = date.year {
        return of(i16::try_from(year).ok()?);
    }
    let today = today?;
    let years = [today.0.year() - 1, today.0.year(), today.0.year() + 1];
    years.into_iter().filter_map(of).min_by_key(|day| (day.0 - today.0).get_days().abs())
}

/// Whether a day is the one that is written.
pub fn is_written(date: &WrittenDate, day: Day) -> bool {
    let part = |written: Option<u16>, real: i16| written.is_none_or(|written| i32::from(written) == i32::from(real));
    part(date.year, day.0.year())
        && part(date.month.map(u16::from), i16::from(day.0.month()))
        && part(date.day.map(u16::from), i16::from(day.0.day()))
        && date.weekday.is_none_or(|written| written == weekday(day))
}

/// Whether a date names a weekday that it does not fall on.
pub fn has_wrong_weekday(date: &WrittenDate, today: Option<Day>) -> bool {
    date.weekday.is_some() && day_of(date, today).is_some_and(|day| !is_written(date, day))
}

/// The weekday of a day.
pub fn weekday(day: Day) -> Weekday {
    use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    const WEEK: [Weekday; 7] = [Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday];
    let at = usize::try_from(day.0.weekday().to_monday_zero_offset()).unwrap_or_default();
    WEEK[at.min(6)]
}

/// 当日を含めて3日: the day itself is the first. Not so 翌営業日を1日目として, nor ご注文日を含めず.
fn is_inclusive(text: &str) -> bool {
    ["を含め", "を含む", "を1日目", "当日から"].iter().any(|word| {
        text.find(word).is_some_and(|at| {
            let (before, after) = (&text[..at], &text[at + word.len()..]);
            !after.starts_with('ず') && !before.ends_with("翌日") && !before.ends_with("翌営業日")
        })
    })
}

/// The days that a sentence leads to from `from` by what it counts; `shut` are days on which the shop says it is closed.
pub fn led_to(statement: &Statement, from: Day, closed: bool, shut: &[(Day, Day)]) -> Vec<Day> {
    let text = statement.normal.as_str();
    let inclusive = is_inclusive(text);
    let mut days: Vec<Day> = Vec::new();
    for fact in statement.facts() {
        for step in steps(fact, inclusive) {
            days.push(apply(step, from, shut));
        }
    }
    let mut rest = text.to_owned();
    for (word, step) in WORDS {
        if rest.contains(word) {
            days.push(apply(*step, from, shut));
            rest = rest.replace(word, "");
        }
    }
    // What would fall on a day off is done on the next day that is open.
    if closed || ["営業日", "休業", "祝", "土日", "休み"].iter().any(|word| text.contains(word)) {
        let open: Vec<Day> = days.iter().filter(|day| !is_business_day(**day)).map(|day| next_open(*day)).collect();
        days.extend(open);
    }
    days
}

/// The next business day behind a day off; the day itself where it is none.
pub fn next_open(day: Day) -> Day {
    if is_business_day(day) { day } else { add_business_days(day, 1) }
}

fn steps(fact: &Fact, inclusive: bool) -> Vec<Step> {
    let Value::Duration { n: Extent { low, high }, unit } = &fact.value else { return Vec::new() };
    let (Some(low), Some(high)) = (low.as_whole(), high.as_whole()) else { return Vec::new() };
    if high > FARTHEST || high - low > WIDEST {
        return Vec::new();
    }
    let sign = if fact.bound == Some(Bound::Before) { -1 } else { 1 };
    let whole = |n: u64| i32::try_from(n).unwrap_or_default();
    let first = i32::from(inclusive);
    let step = |n: i32| match unit {
        DurationUnit::Day => Some(Step::Days(sign * (n - first))),
        DurationUnit::Week => Some(Step::Days(sign * 7 * n)),
        DurationUnit::BusinessDay => Some(Step::BusinessDays(sign * (n - first))),
        DurationUnit::Month => Some(Step::Months(sign * n)),
        DurationUnit::Year => Some(Step::Months(sign * 12 * n)),
        DurationUnit::Hour | DurationUnit::Minute => None,
    };
    (whole(low)..=whole(high)).filter_map(step).collect()
}

fn apply(step: Step, from: Day, shut: &[(Day, Day)]) -> Day {
    match step {
        Step::Days(n) => add_days(from, n),
        Step::BusinessDays(n) => {
            let (mut day, mut left) = (from, n.abs());
            while left > 0 {
                day = add_business_days(day, n.signum());
                left -= i32::from(!shut.iter().any(|(first, last)| (*first..=*last).contains(&day)));
            }
            day
        }
        Step::Months(n) => add_months(from, n),
        Step::MonthEnd(n) => {
            let later = add_months(from, n);
            Day(later.0.last_of_month())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn led(rule: &str, from: &str) -> Vec<String> {
        led_to(&Statement::of(rule), day(from), false, &[]).into_iter().map(|day| day.to_string()).collect()
    }

    #[test]
    fn a_day_is_counted_as_the_rule_counts_it() {
        assert!(led("ご注文から3営業日以内に発送します。", "2026-11-20").contains(&"2026-11-26".to_owned()));
        assert_eq!(led("商品到着後8日以内にご連絡ください。", "2026-10-20"), ["2026-10-28"]);
        assert_eq!(led("お届け当日を含めて3日以内です。", "2026-10-20"), ["2026-10-22", "2026-10-20"]);
        assert_eq!(led("ご注文日を含めず2営業日後に発送します。", "2026-11-20"), ["2026-11-25"]);
        let shut = [(day("2026-08-12"), day("2026-08-16"))];
        let bon = led_to(&Statement::of("3営業日以内に発送します。"), day("2026-08-07"), false, &shut);
        assert_eq!(bon, [day("2026-08-18")], "10 August, then 17 and 18");
        assert!(led("発送の翌々日に届きます。", "2026-11-24").contains(&"2026-11-26".to_owned()));
        assert_eq!(led("月末締め、翌月末払いです。", "2027-01-15"), ["2027-02-28", "2027-01-31"]);
        assert_eq!(led("お届けの10日前までです。", "2026-12-15"), ["2026-12-05"]);
        assert_eq!(led("1年間保証します。", "2026-02-01"), ["2027-02-01"]);
        assert_eq!(led("送料は500円です。", "2026-02-01"), [] as [&str; 0]);
    }

    #[test]
    fn a_date_without_a_year_is_the_nearest_one() {
        let date = WrittenDate { month: Some(1), day: Some(5), ..WrittenDate::default() };
        assert_eq!(day_of(&date, Some(day("2026-12-20"))), Some(day("2027-01-05")));
        assert_eq!(day_of(&date, None), None);
        let wrong = WrittenDate { weekday: Some(Weekday::Monday), ..date };
        assert!(has_wrong_weekday(&wrong, Some(day("2026-12-20"))), "5 January 2027 is a Tuesday");
        assert!(is_written(&date, day("2027-01-05")) && !is_written(&wrong, day("2027-01-05")));
    }
}
