//! How a day goes: what came, what waits, what became of the drafts. Counts and moments, never words.

use super::{Day, Timestamp, Verb};

/// An hour, in milliseconds. Hours in Tokyo begin where hours begin everywhere.
const HOUR: i64 = 3_600_000;
/// A day, in milliseconds: Tokyo knows no summer time.
const DAY: i64 = 24 * HOUR;

/// How many inquiries came in one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HourCount {
    /// When the hour began.
    pub at: Timestamp,
    /// How many.
    pub inquiries: u64,
}

/// How many drafts were decided on in one way on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidedCount {
    /// Which day.
    pub day: Day,
    /// [`Verb::as_str`].
    pub action: String,
    /// How many.
    pub drafts: u64,
}

/// What came today, hour by hour, against what usually comes on this day of the week.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arrivals {
    /// So many inquiries in each hour of today.
    pub today: [u64; 24],
    /// So many on the same day of the week, as the mean of the last weeks; `None` before there is one.
    pub usual: Option<[f64; 24]>,
}

impl Arrivals {
    /// So many weeks are usual.
    pub const WEEKS: i64 = 4;

    /// From when on hours have to be counted.
    pub fn since(today: Day) -> Timestamp {
        Timestamp(today.start().0 - Self::WEEKS * 7 * DAY)
    }

    /// Out of counted hours since [`Arrivals::since`], today's and later ones left aside.
    pub fn of(counted: &[HourCount], today: Day) -> Self {
        let midnight = today.start().0;
        let mut arrivals = Self::default();
        let mut past = [[0_u64; 24]; Self::WEEKS as usize];
        for count in counted {
            let from_midnight = count.at.0 - midnight;
            let (days, hour) = (from_midnight.div_euclid(DAY), from_midnight.rem_euclid(DAY) / HOUR);
            let hour = usize::try_from(hour).unwrap_or_default();
            match days {
                0 => arrivals.today[hour] += count.inquiries,
                days if days < 0 && days % 7 == 0 => {
                    let week = usize::try_from(-days / 7 - 1).unwrap_or(usize::MAX);
                    if let Some(week) = past.get_mut(week) {
                        week[hour] += count.inquiries;
                    }
                }
                _ => {}
            }
        }
        // Weeks from before the shop opened, and days on which it was closed, are not what is usual.
        let open: Vec<_> = past.iter().filter(|week| week.iter().any(|count| *count > 0)).collect();
        if !open.is_empty() {
            let mean = |hour| open.iter().map(|week| week[hour]).sum::<u64>() as f64 / open.len() as f64;
            arrivals.usual = Some(std::array::from_fn(mean));
        }
        arrivals
    }

    /// How many came today.
    pub fn total(&self) -> u64 {
        self.today.iter().sum()
    }

    /// How many usually came by this hour and minute; the hour under way counts as far as it has gone.
    pub fn usual_by(&self, (hour, minute): (u8, u8)) -> Option<f64> {
        let usual = self.usual?;
        let hour = usize::from(hour).min(23);
        Some(usual[..hour].iter().sum::<f64>() + usual[hour] * f64::from(minute) / 60.0)
    }
}

/// What became of the drafts of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fates {
    /// Which day.
    pub day: Day,
    /// Accepted as they were.
    pub accepted: u64,
    /// Accepted with changes.
    pub edited: u64,
    /// Not used.
    pub rejected: u64,
}

impl Fates {
    /// So many days are looked back on.
    pub const DAYS: i64 = 14;

    /// From when on decisions have to be counted.
    pub fn since(today: Day) -> Timestamp {
        Timestamp(today.start().0 - (Self::DAYS - 1) * DAY)
    }

    /// Every day up to today, the oldest first, those without a decision among them.
    pub fn of(counted: &[DecidedCount], today: Day) -> Vec<Self> {
        let first = Self::since(today).0;
        let day = |nth: i64| Self { day: Timestamp(first + nth * DAY).day(), accepted: 0, edited: 0, rejected: 0 };
        let mut days: Vec<Self> = (0..Self::DAYS).map(day).collect();
        for count in counted {
            let Some(fates) = days.iter_mut().find(|fates| fates.day == count.day) else { continue };
            match count.action.as_str() {
                action if action == Verb::Accept.as_str() => fates.accepted += count.drafts,
                action if action == Verb::Reject.as_str() => fates.rejected += count.drafts,
                _ => fates.edited += count.drafts,
            }
        }
        days
    }

    /// How many were decided on.
    pub fn total(&self) -> u64 {
        self.accepted + self.edited + self.rejected
    }

    /// All of them as one.
    pub fn sum<'a>(days: impl IntoIterator<Item = &'a Self>) -> [u64; 3] {
        days.into_iter().fold([0; 3], |sum, day| [sum[0] + day.accepted, sum[1] + day.edited, sum[2] + day.rejected])
    }
}

/// The one in the middle; of two in the middle the mean.
pub fn median(mut values: Vec<i64>) -> Option<i64> {
    values.sort_unstable();
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(values[middle]),
        _ => Some(values[middle - 1] + (values[middle] - values[middle - 1]) / 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Day {
        Day::parse("2026-11-24").unwrap()
    }

    fn hour(days_ago: i64, hour: i64, inquiries: u64) -> HourCount {
        HourCount { at: Timestamp(today().start().0 - days_ago * DAY + hour * HOUR), inquiries }
    }

    #[test]
    fn what_is_usual_is_the_mean_of_the_same_weekday() {
        let counted = [hour(0, 9, 5), hour(7, 9, 4), hour(14, 9, 2), hour(1, 9, 100), hour(35, 9, 100)];
        let arrivals = Arrivals::of(&counted, today());
        assert_eq!((arrivals.today[9], arrivals.total()), (5, 5));
        assert!((arrivals.usual.unwrap()[9] - 3.0).abs() < 1e-9);
        assert!((arrivals.usual_by((9, 30)).unwrap() - 1.5).abs() < 1e-9);
        assert_eq!(Arrivals::of(&[hour(0, 9, 5)], today()).usual, None, "one day is not usual yet");
    }

    #[test]
    fn every_day_has_its_fates_also_one_without_decisions() {
        let on = |day: &str, action: &str, drafts| DecidedCount {
            day: Day::parse(day).unwrap(),
            action: action.to_owned(),
            drafts,
        };
        let counted = [on("2026-11-24", "accept", 3), on("2026-11-24", "edit", 1), on("2026-11-11", "reject", 2)];
        let days = Fates::of(&counted, today());
        assert_eq!(days.len(), 14);
        assert_eq!((days[0].day.to_string().as_str(), days[0].rejected), ("2026-11-11", 2));
        assert_eq!((days[13].accepted, days[13].edited, days[13].total()), (3, 1, 4));
        assert_eq!(Fates::sum(&days), [3, 1, 2]);
    }

    #[test]
    fn the_median_stands_in_the_middle() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![9, 1, 5]), Some(5));
        assert_eq!(median(vec![4, 1, 2, 9]), Some(3));
    }
}
