//! The three charts of the page of the day, worked out as places in a drawing; the template only draws them. Each says in
//! words what it shows.

use super::super::{audit::words::grouped, lang::Lang};
use crate::{
    app::Today,
    domain::{Arrivals, Fates, Timestamp},
};

/// The room that a chart has.
const WIDTH: f64 = 560.0;

/// A bar, or a dot.
pub struct Bar {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
}

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

fn percent(part: u64, whole: u64) -> u64 {
    (part * 100 + whole / 2).checked_div(whole).unwrap_or_default()
}

#[allow(clippy::cast_possible_truncation, reason = "places in a drawing of some hundred points")]
fn round(number: f64) -> i64 {
    number.round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Day;

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-24T10:42:00+09:00").unwrap()
    }

    #[test]
    fn the_hours_say_whether_more_came_than_usual() {
        let mut arrivals = Arrivals::default();
        (arrivals.today[9], arrivals.today[10]) = (20, 10);
        let said = |arrivals: &Arrivals| Hours::of(Lang::Ja, arrivals, now()).finding;
        assert!(said(&arrivals).contains("来週から"), "{}", said(&arrivals));
        let mut usual = [0.0; 24];
        (usual[9], usual[10]) = (10.0, 10.0);
        arrivals.usual = Some(usual);
        assert_eq!(said(&arrivals), "10:42まで。ふだんの同じ時刻より13件多め");
        let drawn = Hours::of(Lang::Ja, &arrivals, now());
        assert_eq!((drawn.today.len(), drawn.usually.len(), drawn.usual.as_deref()), (2, 2, Some("ふだんの火曜")));
        assert!(drawn.today[0].0.height > drawn.usually[0].height, "twice as many are twice as high");
    }

    #[test]
    fn three_round_steps_reach_the_highest_bar() {
        for highest in [1.0, 3.5, 31.0, 100.0, 999.0, 12_345.0] {
            let step = step(highest);
            assert!((step * 3) as f64 >= highest && (step as f64) < highest.max(1.0) * 2.0, "{highest}: {step}");
        }
    }

    #[test]
    fn areas_lie_on_one_another_and_their_names_apart() {
        let day = |nth: i64, counts: [u64; 3]| Fates {
            day: Timestamp(Day::parse("2026-11-11").unwrap().start().0 + nth * 86_400_000).day(),
            accepted: counts[0],
            edited: counts[1],
            rejected: counts[2],
        };
        let none = Fortunes::of(Lang::Ja, &[day(0, [0; 3]), day(1, [0; 3])]);
        assert!(none.share.is_none() && none.areas.is_empty());
        let drawn =
            Fortunes::of(Lang::Ja, &[day(0, [1, 1, 0]), day(1, [0; 3]), day(2, [98, 1, 1]), day(3, [99, 1, 0])]);
        assert_eq!((drawn.share, drawn.areas.len()), (Some(99), 3));
        assert!(drawn.finding.contains("ポイント増"), "{}", drawn.finding);
        let heights: Vec<i64> = drawn.names.iter().map(|(y, ..)| *y).collect();
        assert!(heights.windows(2).all(|pair| pair[0] - pair[1] >= 18), "{heights:?}");
    }
}
