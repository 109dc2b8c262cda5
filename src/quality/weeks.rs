//! A control chart as people read it: a group's weeks beside what it used to have, with the limit above which a week is no
//! longer chance. The alarms are those of `drift`, which weighs day by day and sees a small shift earlier.

use super::{drift::Chart, sample::monday};
use crate::domain::Day;

/// A limit lies so many standard deviations above what was expected (W. A. Shewhart, 1931).
const SIGMAS: f64 = 3.0;

/// One week.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Week {
    /// Its Monday.
    pub monday: Day,
    /// Replies sent in it.
    pub replies: usize,
    /// Findings a reply.
    pub mean: f64,
    /// Findings a reply that were to be expected.
    pub expected: f64,
    /// Above this it is no longer chance.
    pub limit: f64,
}

impl Week {
    /// Whether it is out of limits.
    pub fn is_out(&self) -> bool {
        self.mean > self.limit
    }
}

#[derive(Default)]
struct Sum {
    replies: f64,
    findings: f64,
    expected: f64,
    squares: f64,
}

/// The weeks of a chart, the oldest first; none while the group sent too few replies to be compared with.
pub fn weeks(chart: &Chart) -> Vec<Week> {
    let Some(baseline) = chart.baseline else { return Vec::new() };
    let within = (baseline.deviation * baseline.deviation - baseline.between).max(0.0);
    let mut weeks: Vec<(Day, Sum)> = Vec::new();
    for point in chart.before.iter().chain(&chart.points) {
        let monday = monday(point.day);
        if weeks.last().is_none_or(|(last, _)| *last != monday) {
            weeks.push((monday, Sum::default()));
        }
        let Some((_, sum)) = weeks.last_mut() else { continue };
        let n = point.replies as f64;
        sum.replies += n;
        sum.findings += n * point.mean;
        sum.expected += n * point.expected;
        sum.squares += n * n;
    }
    let week = |(monday, sum): (Day, Sum)| {
        let variance = (within * sum.replies + baseline.between * sum.squares) / (sum.replies * sum.replies);
        let expected = (sum.expected / sum.replies).max(0.0);
        Week {
            monday,
            replies: sum.replies as usize,
            mean: sum.findings / sum.replies,
            expected,
            limit: expected + SIGMAS * variance.sqrt(),
        }
    };
    weeks.into_iter().map(week).collect()
}

/// How many of the last weeks in a row are out of limits.
pub fn out_in_a_row(weeks: &[Week]) -> usize {
    weeks.iter().rev().take_while(|week| week.is_out()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::drift::{Counted, charts};

    #[test]
    fn a_vendor_that_doubles_its_findings_is_out_of_limits_in_the_weeks_in_which_it_does() {
        let day = |n: i64| Day(jiff::civil::date(2026, 8, 31).checked_add(jiff::Span::new().days(n)).unwrap());
        let mut sent = Vec::new();
        for n in 0..84 {
            for k in 0..20_i64 {
                let every = if n < 70 { 10 } else { 2 };
                let findings = u32::from((n + k) % every == 0);
                sent.push(Counted { group: "外部A".to_owned(), day: day(n), findings });
            }
        }
        let charts = charts(&sent);
        let weeks = weeks(&charts[0]);
        assert_eq!(weeks.len(), 12);
        assert_eq!(weeks[0].monday, day(0));
        let out: Vec<usize> = (0..12).filter(|at| weeks[*at].is_out()).collect();
        assert_eq!((out.as_slice(), out_in_a_row(&weeks)), (&[10, 11][..], 2), "{weeks:?}");
    }
}
