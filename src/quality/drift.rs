//! Whether a team or a vendor departs from the guide more often than it used to: a control chart.
//!
//! Each group has a baseline of its own, its oldest replies. After it, every day is one point: the mean of findings a
//! reply on that day, less what the group had in its baseline, less what all other groups had in common on that day (a
//! campaign, a new guide). A cumulative sum of log-likelihood ratios (E. S. Page, 1954) weighs "half a standard deviation
//! more" against "as before"; days with few replies weigh less, and so do days of a group whose days differ anyway: the
//! variance of a point is that of its replies plus one between days, both taken from the baselines. The sum raises an
//! alarm above `ln(REPLIES_A_FALSE_ALARM / replies a day)`, which bounds false alarms (G. Lorden, 1971), and a margin, and
//! begins anew.

use std::collections::BTreeMap;

use crate::domain::Day;

/// A sent reply as the chart sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// The team or vendor.
    pub group: String,
    /// When it was sent.
    pub day: Day,
    /// How many findings it has; dismissed and waived ones do not count.
    pub findings: u32,
}

/// The chart of one group.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// The team or vendor.
    pub group: String,
    /// Sent replies, the baseline's among them.
    pub replies: usize,
    /// What it is compared with; `None` while there are too few replies.
    pub baseline: Option<Baseline>,
    /// The days of the baseline.
    pub before: Vec<Point>,
    /// Every day after the baseline on which the group sent replies.
    pub points: Vec<Point>,
    /// Above this the sum raises an alarm.
    pub threshold: f64,
    /// The alarms, oldest first.
    pub alarms: Vec<Alarm>,
}

/// How a group used to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Baseline {
    /// So many replies.
    pub replies: usize,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub until: Day,
    /// Findings a reply.
    pub mean: f64,
    /// The standard deviation of one reply's findings.
    pub deviation: f64,
    /// The part of its square that lies between days.
    pub between: f64,
}

/// One day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Which.
    pub day: Day,
    /// Replies sent on it.
    pub replies: usize,
    /// Findings a reply.
    pub mean: f64,
    /// Findings a reply that the baseline and the other groups' day led one to expect.
    pub expected: f64,
    /// The cumulative sum after this day.
    pub sum: f64,
}

/// A group that departs more often than before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alarm {
    /// The day whose replies raised it.
    pub day: Day,
    /// The day from which the sum has been growing: where the change most likely began.
    pub since: Day,
    /// Replies from that day to the alarm.
    pub replies: usize,
    /// Findings a reply since then, above what was expected, in standard deviations of a reply.
    pub shift: f64,
}

/// A baseline is made of so many replies at most.
pub const BASELINE: usize = 1_000;
/// Fewer than these, on fewer days, are no baseline.
const FEWEST: (usize, usize) = (200, 5);
/// The shift that is looked for, in standard deviations of one reply.
const SHIFT: f64 = 0.5;
/// At most one false alarm a group in so many replies.
const REPLIES_A_FALSE_ALARM: f64 = 5_000.0;
/// Added to the bound: means of counts are skewed upwards, and what the baselines tell is an estimate. Chosen by the simulation
/// in `drift_tests.rs`.
const SKEW: f64 = 0.8;

/// A group's replies of one day.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    n: f64,
    sum: f64,
    squares: f64,
}

impl Cell {
    fn mean(&self) -> f64 {
        self.sum / self.n
    }
}

type Cells = BTreeMap<Day, Cell>;

/// What a group's baseline tells.
struct Known {
    baseline: Baseline,
    /// Variance of a reply within a day.
    within: f64,
}

/// The charts of all groups, by name. The replies may come in any order.
pub fn charts(replies: &[Counted]) -> Vec<Chart> {
    let mut groups: BTreeMap<&str, Cells> = BTreeMap::new();
    for reply in replies {
        let cell = groups.entry(&reply.group).or_default().entry(reply.day).or_default();
        let findings = f64::from(reply.findings);
        cell.n += 1.0;
        cell.sum += findings;
        cell.squares += findings * findings;
    }
    let known: BTreeMap<&str, Known> =
        groups.iter().filter_map(|(group, cells)| Some((*group, known(cells)?))).collect();
    let days = Days::of(&groups, &known);
    let between = between(&groups, &known, &days);
    groups.iter().map(|(group, cells)| chart(group, cells, known.get(group), &days, between)).collect()
}

fn known(cells: &Cells) -> Option<Known> {
    let mut all = Cell::default();
    let (mut days, mut scatter) = (0, 0.0);
    let mut until = *cells.keys().next()?;
    // Not more than half of what there is: something has to be left to compare with it.
    let total: f64 = cells.values().map(|cell| cell.n).sum();
    let enough = (BASELINE as f64).min(total / 2.0);
    for (day, cell) in cells {
        if all.n >= enough {
            break;
        }
        all.n += cell.n;
        all.sum += cell.sum;
        scatter += cell.squares - cell.sum * cell.sum / cell.n;
        (until, days) = (*day, days + 1);
    }
    if (all.n as usize) < FEWEST.0 || days < FEWEST.1 {
        return None;
    }
    // A group without a finding still has some spread: one in all its replies.
    let within = (scatter / (all.n - days as f64)).max(1.0 / all.n);
    let baseline = Baseline {
        replies: all.n as usize,
        from: *cells.keys().next()?,
        until,
        mean: all.mean().max(0.5 / all.n),
        deviation: within.sqrt(),
        between: 0.0,
    };
    Some(Known { baseline, within })
}

/// What a day had in sum over the groups.
#[derive(Default)]
struct All {
    groups: usize,
    /// Findings that the baselines lead to expect.
    expected: f64,
    /// Findings beyond these.
    beyond: f64,
}

struct Days(BTreeMap<Day, All>);

/// So many other groups tell what a day had for all: of two, nobody could say which one changed.
const OTHERS: usize = 2;

impl Days {
    fn of(groups: &BTreeMap<&str, Cells>, known: &BTreeMap<&str, Known>) -> Self {
        let mut days: BTreeMap<Day, All> = BTreeMap::new();
        for (group, known) in known {
            for (day, cell) in &groups[group] {
                let all = days.entry(*day).or_default();
                all.groups += 1;
                all.expected += cell.n * known.baseline.mean;
                all.beyond += cell.sum - cell.n * known.baseline.mean;
            }
        }
        Self(days)
    }

    /// Findings a reply that the day leads to expect of a group beyond its baseline: as many times its mean as the other
    /// groups had of theirs.
    fn common(&self, day: Day, own: &Cell, known: &Known) -> f64 {
        let mean = known.baseline.mean;
        let Some(all) = self.0.get(&day).filter(|all| all.groups > OTHERS) else { return 0.0 };
        let (expected, beyond) = (all.expected - own.n * mean, all.beyond - (own.sum - own.n * mean));
        if expected > 0.0 { mean * beyond / expected } else { 0.0 }
    }
}

/// The days of a group's baseline.
fn in_baseline<'a>(cells: &'a Cells, known: &Known) -> impl Iterator<Item = (&'a Day, &'a Cell)> {
    cells.range(..=known.baseline.until)
}

/// How much the days of one group differ: the squared coefficient of variation of their means. By moments, over all
/// baselines together, since one group has few days.
fn between(groups: &BTreeMap<&str, Cells>, known: &BTreeMap<&str, Known>, days: &Days) -> f64 {
    let (mut excess, mut scale) = (0.0, 0.0);
    for (group, known) in known {
        let mean = known.baseline.mean;
        for (day, cell) in in_baseline(&groups[group], known) {
            let residual = cell.mean() - mean - days.common(*day, cell, known);
            excess += residual * residual - known.within / cell.n;
            scale += mean * mean;
        }
        // The mean was taken from the same days.
        scale -= mean * mean;
    }
    if scale > 0.0 { (excess / scale).max(0.0) } else { 0.0 }
}

fn chart(group: &str, cells: &Cells, known: Option<&Known>, days: &Days, between: f64) -> Chart {
    let replies = cells.values().map(|cell| cell.n).sum::<f64>() as usize;
    let mut chart = Chart {
        group: group.to_owned(),
        replies,
        baseline: None,
        before: Vec::new(),
        points: Vec::new(),
        threshold: 0.0,
        alarms: Vec::new(),
    };
    let Some(known) = known else { return chart };
    let base_days = in_baseline(cells, known).count() as f64;
    let between = between * known.baseline.mean * known.baseline.mean;
    let deviation = (known.within + between).sqrt();
    let shift = SHIFT * deviation;
    chart.baseline = Some(Baseline { deviation, between, ..known.baseline });
    let as_before = |(day, cell): (&Day, &Cell)| Point {
        day: *day,
        replies: cell.n as usize,
        mean: cell.mean(),
        expected: known.baseline.mean,
        sum: 0.0,
    };
    chart.before = in_baseline(cells, known).map(as_before).collect();
    chart.threshold = (REPLIES_A_FALSE_ALARM * base_days / known.baseline.replies as f64).ln().max(0.0) + SKEW;

    // What turns out to be as before makes the baseline surer: a run of days joins it when its sum is back at zero.
    let mut usual = Usual { replies: known.baseline.replies as f64, days: base_days, mean: known.baseline.mean };
    let mut run = Run::default();
    for (day, cell) in cells.iter().filter(|(day, _)| **day > known.baseline.until) {
        let expected = usual.mean + days.common(*day, cell, known);
        let unsure = known.within / usual.replies + between / usual.days;
        let variance = known.within / cell.n + between + unsure;
        let step = shift * (cell.mean() - expected - shift / 2.0) / variance;
        run.take(*day, cell, expected, step);
        if run.sum <= 0.0 {
            usual.take(&run);
            run = Run::default();
        }
        chart.points.push(Point { day: *day, replies: cell.n as usize, mean: cell.mean(), expected, sum: run.sum });
        if let Some(from) = run.since.filter(|_| run.sum > chart.threshold) {
            let shift = run.more / run.replies / deviation;
            chart.alarms.push(Alarm { day: *day, since: from, replies: run.replies as usize, shift });
            run = Run::default();
        }
    }
    chart
}

/// What a group is compared with.
struct Usual {
    replies: f64,
    days: f64,
    mean: f64,
}

impl Usual {
    /// Takes in a run of days that raised no alarm.
    fn take(&mut self, run: &Run) {
        let all = self.replies + run.replies;
        self.mean += run.more / all;
        self.replies = all;
        self.days += run.days;
    }
}

/// Days in a row on which the sum is above zero.
#[derive(Default)]
struct Run {
    sum: f64,
    since: Option<Day>,
    days: f64,
    replies: f64,
    /// Findings above what was expected.
    more: f64,
}

impl Run {
    fn take(&mut self, day: Day, cell: &Cell, expected: f64, step: f64) {
        self.sum += step;
        self.since = self.since.or(Some(day));
        self.days += 1.0;
        self.replies += cell.n;
        self.more += cell.sum - cell.n * expected;
    }
}

#[cfg(test)]
#[path = "drift_tests.rs"]
mod tests;
