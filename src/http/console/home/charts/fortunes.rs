//! What became of drafts.

use super::super::super::lang::Lang;
use super::{percent, round};
use crate::domain::Fates;

/// What became of the drafts.
pub struct Fortunes {
    /// The share that was accepted as it was in the last seven days; `None` before the first decision.
    pub share: Option<u64>,
    /// Against the seven days before.
    pub finding: String,
    /// The chart in a sentence.
    pub label: String,
    /// The outlines of three areas: accepted, edited, not used.
    pub areas: Vec<(String, &'static str)>,
    /// Where each is named, with its class.
    pub names: Vec<(i64, String, &'static str)>,
    /// Days under the chart.
    pub days: Vec<(i64, String, &'static str)>,
}

impl Fortunes {
    /// A point stands for so many days up to its own: a shop with few inquiries would see nothing but spikes.
    const SMOOTHED: usize = 3;
    const LEFT: f64 = 34.0;
    const RIGHT: f64 = 452.0;
    const TOP: f64 = 8.0;
    const BOTTOM: f64 = 196.0;

    /// Of the last days.
    pub fn of(lang: Lang, fates: &[Fates]) -> Self {
        let half = fates.len() / 2;
        let (before, lately) = (Fates::sum(&fates[..half]), Fates::sum(&fates[half..]));
        let share = accepted(lately).or_else(|| accepted(before));
        let point = |at: usize| {
            let [accepted, edited, rejected] = Fates::sum(&fates[at.saturating_sub(Self::SMOOTHED - 1)..=at]);
            let total = (accepted + edited + rejected) as f64;
            (total > 0.0).then(|| (at, [accepted as f64 / total, (accepted + edited) as f64 / total]))
        };
        let shares: Vec<(usize, [f64; 2])> = (0..fates.len()).filter_map(point).collect();
        let all = Fates::sum(fates);
        let percent = |nth: usize| percent(all[nth], all.iter().sum());
        let named = |nth: usize, ja: &str, en: &str| format!("{} {}%", lang.say(ja, en), percent(nth));
        let words = [named(0, "そのまま", "As is"), named(1, "直して", "Edited"), named(2, "使わない", "Not used")];
        Self {
            finding: Self::finding(lang, accepted(before), accepted(lately)),
            label: match lang {
                Lang::Ja => format!("直近14日の下書きのゆくえ。{}、{}、{}。", words[0], words[1], words[2]),
                Lang::En => format!("What became of drafts in 14 days: {}, {}, {}.", words[0], words[1], words[2]),
            },
            areas: Self::areas(&shares, fates.len()),
            names: Self::names(&shares, words),
            days: Self::days(fates),
            share,
        }
    }

    fn x(at: usize, days: usize) -> f64 {
        Self::LEFT + (Self::RIGHT - Self::LEFT) * at as f64 / (days.max(2) - 1) as f64
    }

    fn y(share: f64) -> f64 {
        Self::BOTTOM - share * (Self::BOTTOM - Self::TOP)
    }

    /// Days without a decision are no points: the line goes from the one before to the one after. One day alone is drawn
    /// over the whole width.
    fn areas(shares: &[(usize, [f64; 2])], days: usize) -> Vec<(String, &'static str)> {
        let (Some(first), Some(last)) = (shares.first(), shares.last()) else { return Vec::new() };
        let mut points = vec![(Self::LEFT, first.1)];
        points.extend(shares.iter().map(|(at, share)| (Self::x(*at, days), *share)));
        points.push((Self::RIGHT, last.1));
        let edge = |nth: usize| -> Vec<(i64, i64)> {
            points
                .iter()
                .map(|(x, share)| {
                    let height = match nth {
                        0 => 0.0,
                        3 => 1.0,
                        nth => share[nth - 1],
                    };
                    (round(*x), round(Self::y(height)))
                })
                .collect()
        };
        let outline = |nth: usize| {
            let there_and_back = edge(nth).into_iter().chain(edge(nth + 1).into_iter().rev());
            there_and_back.map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ")
        };
        ["accepted", "edited", "rejected"].into_iter().enumerate().map(|(nth, class)| (outline(nth), class)).collect()
    }

    /// In the middle of each area at its end, and never over one another.
    fn names(shares: &[(usize, [f64; 2])], words: [String; 3]) -> Vec<(i64, String, &'static str)> {
        const APART: i64 = 18;
        let Some((_, [accepted, edited])) = shares.last() else { return Vec::new() };
        let middles = [accepted / 2.0, f64::midpoint(*accepted, *edited), f64::midpoint(*edited, 1.0)];
        let mut lowest = round(Self::BOTTOM);
        let mut names = Vec::new();
        for ((middle, word), class) in middles.into_iter().zip(words).zip(["accepted", "edited", "rejected"]) {
            let y = (round(Self::y(middle)) + 4).min(lowest);
            lowest = y - APART;
            names.push((y, word, class));
        }
        // What was pushed over the top comes down again, and what is under it with it.
        let mut highest = round(Self::TOP) + 6;
        for (y, ..) in names.iter_mut().rev() {
            *y = (*y).max(highest);
            highest = *y + APART;
        }
        names
    }

    fn days(fates: &[Fates]) -> Vec<(i64, String, &'static str)> {
        let last = fates.len().saturating_sub(1);
        let shown = [(0, "start"), (last / 2, "middle"), (last, "end")];
        let day = |(at, anchor): (usize, &'static str)| {
            let date = fates.get(at)?.day.0;
            Some((round(Self::x(at, fates.len())), format!("{}/{}", date.month(), date.day()), anchor))
        };
        shown.into_iter().filter_map(day).collect()
    }

    fn finding(lang: Lang, before: Option<u64>, lately: Option<u64>) -> String {
        let said = |ja: &str, en: &str| lang.say(ja, en).to_owned();
        match (before, lately) {
            (Some(before), Some(lately)) if lately > before => match lang {
                Lang::Ja => format!("をそのまま採用。前の1週間より{}ポイント増", lately - before),
                Lang::En => format!("accepted as they were, {} points more than the week before", lately - before),
            },
            (Some(before), Some(lately)) if lately < before => match lang {
                Lang::Ja => format!("をそのまま採用。前の1週間より{}ポイント減", before - lately),
                Lang::En => format!("accepted as they were, {} points fewer than the week before", before - lately),
            },
            (Some(_), Some(_)) => said("をそのまま採用。前の1週間と同じ", "accepted as they were, as the week before"),
            (None, Some(_)) => said("をそのまま採用。この1週間", "accepted as they were in this week"),
            (Some(_), None) => {
                said("をそのまま採用。この1週間は判断なし", "accepted as they were; none decided this week")
            }
            (None, None) => String::new(),
        }
    }
}

/// The share that was accepted as it was.
fn accepted(sum: [u64; 3]) -> Option<u64> {
    let total: u64 = sum.iter().sum();
    (total > 0).then(|| percent(sum[0], total))
}
