//! Which replies and findings are looked at again: by a hash of what they are and of the week, so that nobody chooses, and
//! everybody who looks finds the same ones.

use sha2::{Digest as _, Sha256};

use crate::domain::Day;

/// A week in milliseconds: the days of shops have no summer time.
pub const WEEK_MS: i64 = 7 * 86_400_000;

/// The Monday of a day's week.
pub fn monday(day: Day) -> Day {
    let back = i64::from(day.0.weekday().to_monday_zero_offset());
    Day(day.0.checked_sub(jiff::Span::new().days(back)).unwrap_or(day.0))
}

/// The `count` of them whose hash with the week is lowest.
pub fn picked<T>(all: Vec<T>, id: impl Fn(&T) -> &str, week: Day, count: usize) -> Vec<T> {
    let week = week.to_string();
    let hash = |one: &T| Sha256::digest(format!("{week} {}", id(one))).to_vec();
    let mut hashed: Vec<_> = all.into_iter().map(|one| (hash(&one), one)).collect();
    hashed.sort_by(|(a, _), (b, _)| a.cmp(b));
    hashed.into_iter().take(count).map(|(_, one)| one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_the_same_in_any_order_and_another_in_another_week() {
        let ids: Vec<String> = (0..100).map(|n| format!("rpl_{n}")).collect();
        let week = |text: &str| monday(Day::parse(text).unwrap());
        let pick = |mut ids: Vec<String>, day: &str| {
            ids.reverse();
            picked(ids, String::as_str, week(day), 10)
        };
        let there = picked(ids.clone(), String::as_str, week("2026-11-23"), 10);
        assert_eq!(there.len(), 10);
        assert_eq!(pick(ids.clone(), "2026-11-29"), there, "Sunday is of the same week");
        assert_ne!(pick(ids, "2026-11-30"), there);
    }
}
