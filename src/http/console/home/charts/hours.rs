//! What came by the hour, against the usual of the same weekday.

use super::super::super::{audit::words::grouped, lang::Lang};
use super::{Bar, WIDTH, round};
use crate::domain::{Arrivals, Timestamp};

/// What came, by the hour.
pub struct Hours {
    /// How many came today.
    pub total: String,
    /// Against what is usual.
    pub finding: String,
    /// The word for what is usual; `None` before there is anything usual.
    pub usual: Option<String>,
    /// The chart in a sentence.
    pub label: String,
    pub today: Vec<(Bar, u64)>,
    pub usually: Vec<Bar>,
    /// Lines across, with their numbers.
    pub lines: Vec<(i64, u64)>,
    /// Hours under the bars.
    pub hours: Vec<(i64, String)>,
}

impl Hours {
    const LEFT: f64 = 34.0;
    const TOP: f64 = 18.0;
    const BOTTOM: f64 = 206.0;

    /// By the hour.
    pub fn of(lang: Lang, arrivals: &Arrivals, now: Timestamp) -> Self {
        let usual = arrivals.usual.unwrap_or_default();
        let busy = |hour: &usize| arrivals.today[*hour] > 0 || usual[*hour] >= 0.5;
        let first = (0..24).find(busy).unwrap_or(9).min(9);
        let last = (0..24).rev().find(busy).unwrap_or(17).max(17);
        let highest = arrivals.today.iter().map(|count| *count as f64).chain(usual).fold(1.0, f64::max);
        let step = step(highest);
        let top = step * 3;
        let y = |count: f64| Self::BOTTOM - count / top as f64 * (Self::BOTTOM - Self::TOP);
        let slot = (WIDTH - Self::LEFT) / (last - first + 1) as f64;
        let bar = |hour: usize, count: f64, share: f64| {
            let width = slot * share;
            let x = Self::LEFT + slot * (hour - first) as f64 + (slot - width) / 2.0;
            Bar { x: round(x), y: round(y(count)), width: round(width), height: round(Self::BOTTOM - y(count)) }
        };
        let hours = first..=last;
        let every = if last - first > 14 { 3 } else { 1 };
        let middle = |hour: usize| round(Self::LEFT + slot * ((hour - first) as f64 + 0.5));
        Self {
            total: grouped(arrivals.total()),
            finding: Self::finding(lang, arrivals, now),
            usual: arrivals.usual.map(|_| usual_day(lang, now)),
            label: Self::label(lang, arrivals),
            today: hours
                .clone()
                .filter(|hour| arrivals.today[*hour] > 0)
                .map(|hour| {
                    let count = arrivals.today[hour];
                    (bar(hour, count as f64, 0.42), count)
                })
                .collect(),
            usually: hours.clone().filter(|hour| usual[*hour] > 0.0).map(|hour| bar(hour, usual[hour], 0.7)).collect(),
            lines: (0..=3).map(|nth| (round(y((nth * step) as f64)), nth * step)).collect(),
            hours: hours
                .filter(|hour| (hour - first) % every == 0)
                .map(|hour| (middle(hour), format!("{hour}{}", lang.say("時", ":00"))))
                .collect(),
        }
    }

    fn finding(lang: Lang, arrivals: &Arrivals, now: Timestamp) -> String {
        let at = lang.time(now);
        let Some(usual) = arrivals.usual_by(now.time_of_day()) else {
            return match lang {
                Lang::Ja => format!("{at}まで。ふだんの件数は、来週から並びます"),
                Lang::En => format!("until {at}; what is usual is shown from next week on"),
            };
        };
        let more = arrivals.total() as f64 - usual;
        let off = more.abs().round();
        match (lang, off < 1.0, more > 0.0) {
            (Lang::Ja, true, _) => format!("{at}まで。ふだんの同じ時刻と変わりません"),
            (Lang::En, true, _) => format!("until {at}, as usual"),
            (Lang::Ja, false, true) => format!("{at}まで。ふだんの同じ時刻より{off}件多め"),
            (Lang::Ja, false, false) => format!("{at}まで。ふだんの同じ時刻より{off}件少なめ"),
            (Lang::En, false, true) => format!("until {at}, {off} more than usual"),
            (Lang::En, false, false) => format!("until {at}, {off} fewer than usual"),
        }
    }

    fn label(lang: Lang, arrivals: &Arrivals) -> String {
        let busiest = (0..24).max_by_key(|hour| arrivals.today[*hour]).unwrap_or_default();
        let (total, most) = (arrivals.total(), arrivals.today[busiest]);
        match lang {
            Lang::Ja => format!("今日の時間ごとの問い合わせ。合計{total}件、最も多いのは{busiest}時の{most}件。"),
            Lang::En => format!("Inquiries by the hour today: {total} in all, most at {busiest}:00 with {most}."),
        }
    }
}

fn usual_day(lang: Lang, now: Timestamp) -> String {
    let weekday = usize::from(now.day().0.weekday().to_monday_zero_offset().unsigned_abs());
    match lang {
        Lang::Ja => format!("ふだんの{}曜", ["月", "火", "水", "木", "金", "土", "日"][weekday]),
        Lang::En => {
            const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
            format!("a usual {}", DAYS[weekday])
        }
    }
}

/// A round number of which three reach as high as this.
fn step(highest: f64) -> u64 {
    const ROUND: [u64; 13] = [1, 2, 3, 4, 5, 8, 10, 12, 15, 20, 25, 40, 50];
    let scale = (0..).map(|power| 10_u64.pow(power)).find(|scale| (50 * 3 * scale) as f64 >= highest).unwrap_or(1);
    let steps = ROUND.into_iter().map(|step| step * scale);
    steps.into_iter().find(|step| (step * 3) as f64 >= highest).unwrap_or(scale)
}
