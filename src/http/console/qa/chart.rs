//! A control chart as lines and shapes: pure geometry, drawn by `qa_chart.html`. Every chart of a page has one scale, so
//! that vendors can be compared by eye.

use super::{super::lang::Lang, words};
use crate::{app::Week, domain::Day};

/// A chart, in the units of its view box.
pub struct Chart {
    /// What it shows, in a sentence.
    pub label: String,
    /// Its size.
    pub width: f64,
    /// Its size.
    pub height: f64,
    /// Where the lines of the scale end.
    pub right: f64,
    /// Height and word of each line of the scale.
    pub scale: Vec<(f64, String)>,
    /// The weeks as a line.
    pub line: String,
    /// The limit as a line.
    pub limit: String,
    /// Height of the line of what the group used to have.
    pub mean: f64,
    /// The weeks.
    pub dots: Vec<Dot>,
    /// Where weeks are named.
    pub days: Vec<(f64, String)>,
    /// Where the guide changed.
    pub guides: Vec<(f64, String)>,
    /// Height and words of the limit's name.
    pub limit_word: (f64, String),
    /// Height and words of the name of what the group used to have.
    pub mean_word: (f64, String),
    /// The lowest line.
    pub base: f64,
}

/// One week.
pub struct Dot {
    /// Its place.
    pub x: f64,
    /// Its place.
    pub y: f64,
    /// Four corners, where it is out of limits.
    pub corners: Option<String>,
    /// What it says.
    pub title: String,
}

/// How a chart is laid out.
#[derive(Clone, Copy)]
pub struct Layout {
    /// Its size.
    pub width: f64,
    /// Its size.
    pub height: f64,
    /// Every so many weeks are named.
    pub named: usize,
    /// So many lines of the scale.
    pub lines: usize,
}

const LEFT: f64 = 34.0;
const RIGHT: f64 = 64.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 22.0;
const CORNER: f64 = 6.0;

/// The highest value that has to be seen, in findings a hundred replies, rounded up to a whole scale.
pub fn top<'a>(weeks: impl Iterator<Item = &'a Week>) -> f64 {
    let highest = weeks.map(|week| week.mean.max(week.limit) * 100.0).fold(1.0, f64::max);
    let step = step(highest, 4);
    (highest / step).ceil() * step
}

/// A round step that cuts a scale into about so many parts.
fn step(highest: f64, parts: usize) -> f64 {
    let rough = highest / parts as f64;
    let power = 10_f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|round| round * power).find(|step| *step >= rough).unwrap_or(rough)
}

impl Chart {
    /// Of weeks beside what the group used to have, on a scale that ends at `top`.
    pub fn of(
        lang: Lang,
        label: String,
        of: (&[Week], f64),
        guides: &[(Day, usize)],
        top: f64,
        layout: Layout,
    ) -> Self {
        let (weeks, mean) = of;
        let Layout { width, height, named, lines } = layout;
        let (right, base) = (width - RIGHT, height - BOTTOM);
        let apart = (right - LEFT) / (weeks.len().max(2) - 1) as f64;
        let x = |at: usize| LEFT + apart * at as f64;
        let y = |share: f64| base - (base - TOP) * (share * 100.0 / top);
        let line = |of: &dyn Fn(&Week) -> f64| {
            let point = |(at, week): (usize, &Week)| format!("{:.1},{:.1}", x(at), y(of(week)));
            weeks.iter().enumerate().map(point).collect::<Vec<_>>().join(" ")
        };
        let step = step(top, lines);
        let marks = (top / step + 1e-9).floor() as usize;
        let limit = weeks.last().map_or(0.0, |last| last.limit);
        let (limit_y, mean_y) = apart_from(y(limit), y(mean));
        Self {
            label,
            width,
            height,
            right,
            base,
            scale: (0..=marks).map(|n| (y(n as f64 * step / 100.0), figure(n as f64 * step))).collect(),
            line: line(&|week| week.mean),
            limit: line(&|week| week.limit),
            mean: y(mean),
            dots: weeks.iter().enumerate().map(|(at, week)| dot(lang, week, x(at), y(week.mean))).collect(),
            days: weeks
                .iter()
                .enumerate()
                .filter(|(at, _)| at % named == 0)
                .map(|(at, week)| (x(at), short(week.monday)))
                .collect(),
            guides: guides
                .iter()
                .filter_map(|(day, number)| {
                    let weeks_on = (day.start().0 - weeks.first()?.monday.start().0) as f64 / (7.0 * 86_400_000.0);
                    let word = format!("{}{number}{}", lang.say("ガイド 第", "Guide, rev. "), lang.say("版", ""));
                    (weeks_on > 0.0 && weeks_on <= weeks.len() as f64 && *number > 1)
                        .then(|| ((LEFT + apart * weeks_on).min(right), word))
                })
                .collect(),
            limit_word: (limit_y, format!("{}{}", lang.say("上限 ", "Limit "), figure(limit * 100.0))),
            mean_word: (mean_y, format!("{}{}", lang.say("平均 ", "Mean "), figure(mean * 100.0))),
        }
    }
}

fn dot(lang: Lang, week: &Week, x: f64, y: f64) -> Dot {
    let corners = [(x, y - CORNER), (x + CORNER, y), (x, y + CORNER), (x - CORNER, y)];
    let corners = corners.map(|(x, y)| format!("{x:.1},{y:.1}")).join(" ");
    let out = if week.is_out() { lang.say("、上限超え", ", out of limits") } else { "" };
    Dot {
        x,
        y,
        corners: week.is_out().then_some(corners),
        title: format!(
            "{} {} ({}{}){out}",
            short(week.monday),
            figure(week.mean * 100.0),
            week.replies,
            lang.say("通", " replies")
        ),
    }
}

/// The heights of two words so that they do not stand on each other.
fn apart_from(above: f64, below: f64) -> (f64, f64) {
    const LINE: f64 = 14.0;
    let middle = f64::midpoint(above, below);
    if below - above >= LINE { (above, below) } else { (middle - LINE / 2.0, middle + LINE / 2.0) }
}

/// 3.1, 12.
pub fn figure(number: f64) -> String {
    if number >= 10.0 || number == 0.0 || (number.fract() == 0.0) {
        format!("{number:.0}")
    } else {
        format!("{number:.1}")
    }
}

/// 8/31.
pub fn short(day: Day) -> String {
    format!("{}/{}", day.0.month(), day.0.day())
}

/// A share with its interval beside a target, as places on a line.
pub struct Interval {
    /// How it is called.
    pub name: String,
    /// Its address.
    pub href: String,
    /// Where it begins.
    pub low: f64,
    /// How long it is.
    pub length: f64,
    /// Where the share lies.
    pub at: f64,
    /// The share in words.
    pub share: String,
    /// Of how many.
    pub of: u64,
    /// Whether the whole interval lies under the target.
    pub poor: bool,
}

impl Interval {
    /// The line is so long.
    pub const LENGTH: f64 = 120.0;

    /// A place on the line.
    pub fn place(share: f64) -> f64 {
        6.0 + share * (Self::LENGTH - 12.0)
    }

    /// Of a share.
    pub fn of(name: String, href: String, share: crate::app::Share, of: u64, target: f64) -> Self {
        let low = Self::place(share.low);
        Self {
            name,
            href,
            low,
            length: Self::place(share.high) - low,
            at: Self::place(share.value),
            share: words::percent(share.value),
            of,
            poor: share.high < target,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_is_round_and_holds_the_highest_week() {
        let week =
            |mean, limit| Week { monday: Day::parse("2026-11-23").unwrap(), replies: 100, mean, expected: 0.03, limit };
        assert_eq!(top([week(0.074, 0.055)].iter()), 8.0);
        assert_eq!(top([week(0.4, 0.61)].iter()), 80.0);
        assert_eq!(top([].iter()), 1.0);
    }

    #[test]
    fn a_week_out_of_limits_is_a_diamond_and_others_are_not() {
        let weeks = [0.02, 0.09].map(|mean| Week {
            monday: Day::parse("2026-11-23").unwrap(),
            replies: 100,
            mean,
            expected: 0.03,
            limit: 0.055,
        });
        let layout = Layout { width: 300.0, height: 120.0, named: 1, lines: 2 };
        let chart = Chart::of(Lang::Ja, String::new(), (&weeks, 0.03), &[], 10.0, layout);
        assert_eq!(chart.dots.iter().map(|dot| dot.corners.is_some()).collect::<Vec<_>>(), [false, true]);
        assert_eq!(chart.limit_word.1, "上限 5.5");
    }
}
