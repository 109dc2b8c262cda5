//! Where the quality goes: who left the limits, which rule is wrong too often, whether those who rule agree.

use askama::Template;
use axum::{extract::State, response::Response};

use super::{
    super::{
        frame::{Frame, Place, page},
        lang::Lang,
        refusal::Refused,
        rules,
        viewer::Viewer,
    },
    Tab,
    chart::{self, Chart, Interval, Layout},
    conditions::Conditions,
    ruling::rule_query,
    tabs, words,
};
use crate::{
    app::{App, RulePrecision, Trend, Trends},
    identity::Act,
};

#[derive(Template)]
#[template(path = "qa_trends.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    headline: String,
    explained: String,
    out: bool,
    breakdown: Option<String>,
    first: Option<Chart>,
    others: Vec<Other>,
    short_of: Vec<(String, usize)>,
    grown_of: String,
    grown: Vec<Bar>,
    rules: Vec<Interval>,
    target_at: f64,
    target: String,
    mend: Vec<Mend>,
    kappa: Option<String>,
    agreed: bool,
    twice: u64,
    differ: u64,
}

/// A vendor beside the worst one.
struct Other {
    name: String,
    last: String,
    replies: usize,
    out: bool,
    chart: Chart,
}

/// A rule that grew: findings a hundred replies before and now.
struct Bar {
    rule: String,
    before: String,
    now: String,
    before_width: f64,
    more_x: f64,
    more_width: f64,
}

/// A rule to mend.
struct Mend {
    rule: String,
    why: String,
    href: String,
}

const LARGE: Layout = Layout { width: 800.0, height: 230.0, named: 1, lines: 4 };
const SMALL: Layout = Layout { width: 280.0, height: 116.0, named: 12, lines: 2 };
const BAR: f64 = 420.0;

/// The page.
pub async fn read(viewer: Viewer, State(app): State<App>) -> Result<Response, Refused> {
    viewer.must(Act::Review)?;
    let lang = viewer.lang;
    let trends = app.trends(&viewer.who, &viewer.workspace.id).await.map_err(|error| viewer.refused(error))?;
    let tabs = tabs(&app, &viewer, "qa/trends").await?;
    let frame = Frame::of(&app, &viewer, Place::Qa, lang.say("傾向", "Trends"), "qa/trends").await?;
    let (known, unknown): (Vec<&Trend>, Vec<&Trend>) = trends.vendors.iter().partition(|trend| !trend.weeks.is_empty());
    let top = chart::top(known.iter().flat_map(|trend| &trend.weeks));
    let worst = known.first().copied();
    let drawn = |trend: &Trend, layout| {
        let mean = trend.chart.baseline.map_or(0.0, |baseline| baseline.mean);
        Chart::of(lang, sentence(lang, trend), (&trend.weeks, mean), &trends.guides, top, layout)
    };
    let out = worst.is_some_and(|worst| worst.out);
    Ok(page(&Page {
        headline: headline(lang, worst, trends.vendors.is_empty()),
        explained: worst.map(|worst| explained(lang, worst)).unwrap_or_default(),
        breakdown: worst
            .filter(|worst| worst.out)
            .map(|worst| viewer.at(&format!("qa?{}", Conditions::of_vendor(Some(&worst.chart.group)).query()))),
        first: worst.map(|worst| drawn(worst, LARGE)),
        others: known.iter().skip(1).map(|trend| other(trend, drawn(trend, SMALL))).collect(),
        short_of: unknown.iter().map(|trend| (trend.chart.group.clone(), trend.chart.replies)).collect(),
        grown_of: worst.map(|worst| worst.chart.group.clone()).unwrap_or_default(),
        grown: bars(lang, &trends.grown),
        rules: trends.rules.iter().filter_map(|rule| interval(&viewer, rule)).collect(),
        target_at: Interval::place(App::PRECISION_TARGET),
        target: words::percent(App::PRECISION_TARGET),
        mend: mend(&viewer, &trends),
        kappa: trends.agreement.kappa.map(|kappa| format!("{kappa:.2}")),
        agreed: trends.agreement.kappa.is_some_and(|kappa| kappa >= App::AGREEMENT_TARGET),
        twice: trends.agreement.of,
        differ: trends.agreement.differ,
        out,
        frame,
        tabs,
    }))
}

/// What happened, in a sentence.
fn headline(lang: Lang, worst: Option<&Trend>, nobody: bool) -> String {
    let Some(worst) = worst else {
        let (ja, en) = match nobody {
            true => ("委託先の返信は、まだありません", "No vendor has sent a reply yet"),
            false => ("比べるには、返信がまだ足りません", "There are too few replies to compare"),
        };
        return lang.say(ja, en).to_owned();
    };
    sentence(lang, worst)
}

/// What a chart shows.
fn sentence(lang: Lang, trend: &Trend) -> String {
    let name = &trend.chart.group;
    let since = trend.chart.alarms.last().map(|alarm| chart::short(alarm.since));
    match (lang, trend.out, trend.in_a_row, since) {
        (Lang::Ja, true, 2.., _) => format!("{name}の指摘が、{}週続けて上限を超えました", trend.in_a_row),
        (Lang::En, true, 2.., _) => format!("{name} has been above the limit for {} weeks", trend.in_a_row),
        (Lang::Ja, true, 1, _) => format!("{name}の指摘が、直近の週に上限を超えました"),
        (Lang::En, true, 1, _) => format!("{name} was above the limit in the last week"),
        (Lang::Ja, true, _, Some(since)) => format!("{name}の指摘が、{since}ごろから増えています"),
        (Lang::En, true, _, Some(since)) => format!("{name} has had more findings since about {since}"),
        (Lang::Ja, ..) => format!("{name}の指摘は、範囲内です"),
        (Lang::En, ..) => format!("{name} is within limits"),
    }
}

fn explained(lang: Lang, worst: &Trend) -> String {
    let Some(last) = worst.weeks.last() else { return String::new() };
    let found = (last.mean * last.replies as f64).round();
    match lang {
        Lang::Ja => format!(
            "返信100通あたりの指摘（誤検出と許容を除く）。{}からの週は{}通に{found}件。上限は、ほかの委託先も増えた日の分を見込みます。",
            chart::short(last.monday),
            last.replies
        ),
        Lang::En => format!(
            "Findings a hundred replies, false alarms and allowed ones aside. {found} in {} replies in the week of {}. The limit allows for what all vendors had on a day.",
            last.replies,
            chart::short(last.monday)
        ),
    }
}

fn other(trend: &Trend, chart: Chart) -> Other {
    Other {
        name: trend.chart.group.clone(),
        last: trend.weeks.last().map(|week| chart::figure(week.mean * 100.0)).unwrap_or_default(),
        replies: trend.chart.replies,
        out: trend.out,
        chart,
    }
}

fn bars(lang: Lang, grown: &[(String, f64, f64)]) -> Vec<Bar> {
    let most = grown.iter().map(|(.., now)| *now).fold(f64::MIN_POSITIVE, f64::max);
    let bar = |(rule, before, now): &(String, f64, f64)| Bar {
        rule: rules::rule(lang, rule),
        before: format!("{:.1}", before * 100.0),
        now: format!("{:.1}", now * 100.0),
        before_width: before / most * BAR,
        more_x: before / most * BAR,
        more_width: (now - before) / most * BAR,
    };
    grown.iter().map(bar).collect()
}

fn interval(viewer: &Viewer, rule: &RulePrecision) -> Option<Interval> {
    let of = rule.tally.confirmed + rule.tally.dismissed + rule.tally.waived;
    let name = rules::rule(viewer.lang, &rule.tally.rule);
    let href = viewer.at(&format!("qa?view=all&{}", rule_query(&rule.tally.rule)));
    Some(Interval::of(name, href, rule.precision?, of, App::PRECISION_TARGET))
}

/// The rules that are wrong too often, the worst first.
fn mend(viewer: &Viewer, trends: &Trends) -> Vec<Mend> {
    const SHOWN: usize = 3;
    let lang = viewer.lang;
    let below = |rule: &&RulePrecision| rule.precision.is_some_and(|share| share.value < App::PRECISION_TARGET);
    let one = |rule: &RulePrecision| {
        let tally = &rule.tally;
        let wrong = tally.fault_rule + tally.fault_guide;
        Mend {
            rule: rules::rule(lang, &tally.rule),
            why: match lang {
                Lang::Ja => format!("誤検出 {}件。直すものは規則かガイド {wrong}件。", tally.dismissed),
                Lang::En => format!("{} false alarms; rule or guide to fix in {wrong}.", tally.dismissed),
            },
            href: viewer.at(&format!("qa/rules?{}", rule_query(&tally.rule))),
        }
    };
    trends.rules.iter().rev().filter(below).take(SHOWN).map(one).collect()
}
