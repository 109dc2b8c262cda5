//! How long what waits has waited: a dot an inquiry.

use super::super::super::{audit::words::grouped, lang::Lang};
use super::round;
use crate::app::Today;

/// What waits, by how long it has waited.
pub struct Ages {
    /// How many wait.
    pub total: String,
    /// What matters of them.
    pub finding: String,
    /// The chart in a sentence.
    pub label: String,
    /// How many inquiries a dot is.
    pub each: u64,
    /// Centre, and `calm`, `soon` or `late`.
    pub dots: Vec<(i64, i64, &'static str)>,
    /// Where time is over.
    pub limit: i64,
    /// What stands over the part behind it; empty where nothing is there.
    pub late: String,
    /// Times under the line.
    pub marks: Vec<(i64, String, &'static str)>,
}

impl Ages {
    const LEFT: f64 = 30.0;
    const LIMIT: f64 = 384.0;
    const RIGHT: f64 = 552.0;
    const BASE: i64 = 130;
    const DOT: f64 = 18.0;
    const ROWS: u64 = 7;

    /// Of what waits now; counts are all, the reader's own, and the overdue.
    pub fn of(lang: Lang, today: &Today, [open, mine, overdue]: [u64; 3]) -> Self {
        let limit = today.reply_within.max(1) as f64;
        let ages: Vec<f64> = today.unanswered.iter().map(|at| (today.now.0 - at.0).max(0) as f64).collect();
        let oldest = ages.iter().copied().fold(limit * 2.0, f64::max);
        let columns = round(((Self::RIGHT - Self::LEFT) / Self::DOT).floor()) as usize;
        let border = round((Self::LIMIT - Self::LEFT) / Self::DOT) as usize;
        let mut counts = vec![0_u64; columns];
        let mut soon = vec![0_u64; columns];
        for age in &ages {
            let place = if *age <= limit {
                (age / limit * (border as f64 - 1.0)).floor()
            } else {
                // One that was forgotten for weeks must not push all others into one column.
                let share = (age / limit).ln() / (oldest / limit).ln();
                border as f64 + (share * (columns - border - 1) as f64).floor()
            };
            let column = (round(place) as usize).min(columns - 1);
            counts[column] += 1;
            soon[column] += u64::from(*age > limit * 0.75);
        }
        let highest = counts.iter().copied().max().unwrap_or_default();
        let each = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000].into_iter();
        let each = each.clone().find(|each| highest.div_ceil(*each) <= Self::ROWS).unwrap_or(10_000);
        let mut dots = Vec::new();
        for (column, count) in counts.iter().enumerate() {
            let class = if column >= border {
                "late"
            } else if soon[column] > 0 {
                "soon"
            } else {
                "calm"
            };
            for row in 0..count.div_ceil(each) {
                let x = Self::LEFT + column as f64 * Self::DOT + Self::DOT / 2.0;
                dots.push((round(x), Self::BASE - 10 - 18 * i64::try_from(row).unwrap_or_default(), class));
            }
        }
        let time = |share: f64| lang.span(round(limit * share));
        let by = lang.say("（期限）", " (due)");
        let longest = ages.iter().copied().reduce(f64::max).filter(|age| *age > limit).map(|age| lang.span(round(age)));
        Self {
            total: grouped(open),
            finding: match (mine, lang) {
                (0, _) => lang.say("自分が対応中のものはありません", "none of them is yours").to_owned(),
                (mine, Lang::Ja) => format!("うち自分が対応中 {mine}件"),
                (mine, Lang::En) => format!("{mine} of them yours"),
            },
            label: match lang {
                Lang::Ja => format!("未対応{open}件の待ち時間。{overdue}件が期限を過ぎています。"),
                Lang::En => format!("How long {open} inquiries have waited; {overdue} are overdue."),
            },
            late: match (overdue, lang) {
                (0, _) => String::new(),
                (overdue, Lang::Ja) => format!("期限超過 {overdue}件"),
                (overdue, Lang::En) => format!("{overdue} overdue"),
            },
            limit: round(Self::LEFT + border as f64 * Self::DOT),
            marks: [
                Some((round(Self::LEFT), lang.say("たった今", "Now").to_owned(), "start")),
                Some((round((Self::LEFT + Self::LIMIT) / 2.0), time(0.5), "middle")),
                Some((round(Self::LIMIT), time(1.0) + by, "middle")),
                longest.map(|longest| (round(Self::RIGHT), longest, "end")),
            ]
            .into_iter()
            .flatten()
            .collect(),
            each,
            dots,
        }
    }
}
