//! The chart on simulated replies: counts over-dispersed, days that differ, some of it common to all.

use rand::{SeedableRng, rngs::StdRng};
use rand_distr::{Distribution, Gamma, Poisson};

use super::*;

/// How replies come about: findings a reply are Poisson with a mean of its own, gamma distributed around the vendor's
/// mean of the day, which is the vendor's mean times what the day has for all and what it has for this vendor.
struct World {
    /// Findings a reply, vendor by vendor.
    means: Vec<f64>,
    /// Replies a day, vendor by vendor.
    replies: Vec<usize>,
    /// Squared coefficients of variation: of the replies of one day, of the days for all, of the days of each.
    spread: [f64; 3],
}

/// From some day on the findings of one vendor are so much more.
#[derive(Clone, Copy)]
struct Change {
    vendor: usize,
    from: usize,
    /// In standard deviations of a reply.
    shift: f64,
}

impl World {
    /// Findings of one reply are twice as variable as Poisson's and more; days differ by 22 % for all and by `own` for each.
    fn five_vendors(own: f64) -> Self {
        let (means, replies) = (vec![0.3, 0.4, 0.5, 0.6, 0.8], vec![25, 30, 40, 45, 55]);
        Self { means, replies, spread: [1.0, 0.05, own * own] }
    }

    /// Of one reply, over all days.
    fn deviation(&self, vendor: usize) -> f64 {
        let (mean, [reply, all, own]) = (self.means[vendor], self.spread);
        let spread = (1.0 + reply) * (1.0 + all) * (1.0 + own) - 1.0;
        (mean + mean * mean * spread).sqrt()
    }

    fn simulate(&self, days: usize, change: Option<Change>, random: &mut StdRng) -> Vec<Counted> {
        let around_one = |spread: f64| Gamma::new(1.0 / spread, spread).unwrap();
        let [reply, all, own] = self.spread.map(around_one);
        let mut day = Day::parse("2026-01-01").unwrap();
        let mut replies = Vec::new();
        for at in 0..days {
            let common = all.sample(random);
            for (vendor, mean) in self.means.iter().enumerate() {
                let more = change.filter(|change| change.vendor == vendor && at >= change.from);
                let more = more.map_or(0.0, |change| change.shift * self.deviation(vendor));
                let mean = (mean + more) * common * own.sample(random);
                for _ in 0..self.replies[vendor] {
                    let findings = Poisson::new((mean * reply.sample(random)).max(1e-9)).unwrap().sample(random) as u32;
                    replies.push(Counted { group: format!("vendor-{vendor}"), day, findings });
                }
            }
            day = day.next();
        }
        replies
    }
}

/// Alarms a vendor in 5,000 replies after the baseline when nothing changes, vendor by vendor.
fn false_alarms(world: &World, runs: u64) -> Vec<f64> {
    let mut alarms = vec![0.0; world.means.len()];
    for run in 0..runs {
        let mut random = StdRng::seed_from_u64(run);
        let least = *world.replies.iter().min().unwrap();
        let charts = charts(&world.simulate((5_000 + 2 * BASELINE) / least, None, &mut random));
        for (chart, alarms) in charts.iter().zip(&mut alarms) {
            let watched: usize = chart.points.iter().map(|point| point.replies).sum();
            *alarms += chart.alarms.len() as f64 * 5_000.0 / watched as f64;
        }
    }
    alarms.into_iter().map(|alarms| alarms / runs as f64).collect()
}

/// After how many replies of the changed vendor its alarm came, sorted; `None` where it did not within 2,000.
fn delays(world: &World, shift: f64, runs: u64) -> Vec<Option<usize>> {
    let mut delays: Vec<Option<usize>> = (0..runs)
        .map(|run| {
            let mut random = StdRng::seed_from_u64(1_000_000 + run);
            let vendor = run as usize % world.means.len();
            let per_day = world.replies[vendor];
            let from = 2 * BASELINE.div_ceil(*world.replies.iter().min().unwrap());
            let change = Change { vendor, from, shift };
            let charts = charts(&world.simulate(from + 2_000 / per_day, Some(change), &mut random));
            let begins = charts[vendor].points.len() - 2_000 / per_day;
            let first = charts[vendor].points[begins].day;
            let alarm = charts[vendor].alarms.iter().find(|alarm| alarm.day >= first)?;
            // A chart is read when the day is over: of its last day the first reply counts.
            let days = charts[vendor].points[begins..].iter().take_while(|point| point.day < alarm.day);
            Some(days.map(|point| point.replies).sum::<usize>() + 1)
        })
        .collect();
    delays.sort_by_key(|delay| delay.unwrap_or(usize::MAX));
    delays
}

fn within(delays: &[Option<usize>], replies: usize) -> f64 {
    delays.iter().flatten().filter(|delay| **delay <= replies).count() as f64 / delays.len() as f64
}

#[test]
fn a_shift_of_half_a_deviation_is_found_and_false_alarms_are_rare() {
    // Optimised it takes seconds, without a minute: the short form is for every day.
    let (quiet, changed) = if cfg!(debug_assertions) { (8, 50) } else { (40, 200) };
    let mut found = Vec::new();
    for own in [0.17, 0.22, 0.32] {
        let world = World::five_vendors(own);
        let (alarms, delays) = (false_alarms(&world, quiet), delays(&world, SHIFT, changed));
        found.push(within(&delays, 200));
        let median = delays[delays.len() / 2];
        println!("own days {own}: false alarms {alarms:.2?}, within 200 replies {found:.3?}, median {median:?}");
        // Where the days of each vendor differ by a third of their mean, the limit is passed by a tenth.
        assert!(alarms.iter().all(|alarms| *alarms <= if own < 0.3 { 1.0 } else { 1.2 }), "{alarms:?}");
    }
    assert!(found[0] >= 0.9, "{found:?}");
}

#[test]
fn what_all_groups_have_in_common_is_nobodys_drift() {
    let mut random = StdRng::seed_from_u64(7);
    let world = World { means: vec![0.5; 5], replies: vec![40; 5], spread: [1.0, 0.05, 0.03] };
    let mut replies = world.simulate(60, None, &mut random);
    // A new clause of the guide finds half as much again with everybody.
    let stricter = World { means: vec![0.75; 5], ..world };
    for reply in stricter.simulate(60, None, &mut random) {
        let day = (0..60).fold(reply.day, |day, _| day.next());
        replies.push(Counted { day, ..reply });
    }
    let alarms = |replies: &[Counted]| charts(replies).iter().map(|chart| chart.alarms.len()).sum::<usize>();
    let alone = |group: &String| replies.iter().filter(|reply| reply.group == *group).cloned().collect::<Vec<_>>();
    let names: std::collections::BTreeSet<_> = replies.iter().map(|reply| &reply.group).collect();
    let (together, apart) = (alarms(&replies), names.into_iter().map(|group| alarms(&alone(group))).sum::<usize>());
    assert!(together * 5 <= apart, "{together} of {apart}");
}

#[test]
fn a_group_with_few_replies_is_shown_without_a_baseline() {
    let day = Day::parse("2026-11-01").unwrap();
    let reply = |group: &str, findings| Counted { group: group.to_owned(), day, findings };
    let found = charts(&[reply("b", 1), reply("a", 0), reply("b", 0)]);
    let seen: Vec<_> = found.iter().map(|chart| (chart.group.as_str(), chart.replies, chart.baseline)).collect();
    assert_eq!(seen, [("a", 1, None), ("b", 2, None)]);
    assert!(charts(&[]).is_empty());
}

#[test]
fn groups_that_never_departed_have_charts_too() {
    let mut day = Day::parse("2026-11-01").unwrap();
    let mut replies = Vec::new();
    for at in 0..60 {
        for _ in 0..10 {
            replies.push(Counted { group: "a".to_owned(), day, findings: u32::from(at > 50) });
        }
        day = day.next();
    }
    let chart = charts(&replies).remove(0);
    assert!(chart.points.iter().all(|point| point.sum.is_finite()));
    assert_eq!(chart.alarms[0].since, chart.alarms[0].day);
}
