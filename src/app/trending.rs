//! Where the quality goes: vendors beside what they used to be, rules beside their target, and what grew where.

use super::{App, AppError, Chart, RulePrecision};
use crate::{
    domain::{Day, FindingFilter, GroupBy, Principal, RuleTally, Timestamp, WorkspaceId},
    identity::Act,
    quality::{
        agreement::{self, Agreement},
        weeks::{self, Week},
    },
};

/// What QA watches.
#[derive(Debug, Clone)]
pub struct Trends {
    /// By vendor: who is out of limits first, then by name.
    pub vendors: Vec<Trend>,
    /// What grew where it is worst: rule, findings a reply before and in the last week.
    pub grown: Vec<(String, f64, f64)>,
    /// The rules that were ruled on, the best first.
    pub rules: Vec<RulePrecision>,
    /// The days from which a revision of the guide was known, with its number.
    pub guides: Vec<(Day, usize)>,
    /// Whether those who rule agree.
    pub agreement: Agreement,
}

/// One vendor.
#[derive(Debug, Clone)]
pub struct Trend {
    /// Its chart.
    pub chart: Chart,
    /// Its weeks, at most [`App::TREND_WEEKS`].
    pub weeks: Vec<Week>,
    /// So many of the last weeks in a row are out of limits.
    pub in_a_row: usize,
    /// Whether it is out of limits now.
    pub out: bool,
}

/// An alarm is news for so many days.
const NEWS_DAYS: i64 = 14;
const DAY_MS: i64 = 86_400_000;

/// Whether a vendor is out of limits: its last week, or an alarm that is still news.
pub(super) fn is_out(chart: &Chart, today: Day) -> bool {
    let last = weeks::weeks(chart).last().is_some_and(|week| is_news(week.monday, today) && week.is_out());
    last || chart.alarms.last().is_some_and(|alarm| is_news(alarm.day, today))
}

fn is_news(day: Day, today: Day) -> bool {
    today.start().0 - day.start().0 <= NEWS_DAYS * DAY_MS
}

impl App {
    /// So many weeks are drawn.
    pub const TREND_WEEKS: usize = 12;
    /// So often a rule should be right.
    pub const PRECISION_TARGET: f64 = 0.9;
    /// So well two people should agree.
    pub const AGREEMENT_TARGET: f64 = 0.7;

    /// Vendors, rules and agreement, as they are today.
    pub async fn trends(&self, who: &Principal, workspace: &WorkspaceId) -> Result<Trends, AppError> {
        self.permit(who, workspace, Act::Review)?;
        let today = self.world.clock.now().day();
        let charts = self.drift(who, workspace, GroupBy::Vendor, None, None).await?;
        let trend = |chart: Chart| {
            let mut weeks = weeks::weeks(&chart);
            let in_a_row = weeks::out_in_a_row(&weeks);
            weeks.drain(..weeks.len().saturating_sub(Self::TREND_WEEKS));
            Trend { out: is_out(&chart, today), weeks, in_a_row, chart }
        };
        let mut vendors: Vec<Trend> = charts.into_iter().map(trend).collect();
        vendors.sort_by(|a, b| b.out.cmp(&a.out).then(excess(b).total_cmp(&excess(a))));
        let mut rules = self.precision(who, workspace, &FindingFilter::default()).await?;
        rules.retain(|rule| rule.precision.is_some());
        let value = |rule: &RulePrecision| rule.precision.map_or(0.0, |share| share.value);
        rules.sort_by(|a, b| value(b).total_cmp(&value(a)));
        let guides = self.world.quality.guides(workspace).await?;
        Ok(Trends {
            grown: match vendors.first() {
                Some(worst) if worst.out => self.grown(workspace, worst).await?,
                _ => Vec::new(),
            },
            vendors,
            rules,
            guides: guides.iter().enumerate().map(|(at, (_, since))| (since.day(), at + 1)).collect(),
            agreement: agreement::agreement(&self.world.quality.ruled_twice(workspace).await?),
        })
    }

    /// The rules whose findings grew most: the last week beside the weeks before it.
    async fn grown(&self, workspace: &WorkspaceId, worst: &Trend) -> Result<Vec<(String, f64, f64)>, AppError> {
        const SHOWN: usize = 3;
        let [before @ .., last] = worst.weeks.as_slice() else { return Ok(Vec::new()) };
        let Some(first) = before.first() else { return Ok(Vec::new()) };
        let replies = |weeks: &[Week]| weeks.iter().map(|week| week.replies).sum::<usize>().max(1) as f64;
        let (then, now) = (replies(before), last.replies.max(1) as f64);
        let earlier = self.tallied(workspace, worst, first.monday.start(), Some(last.monday.start())).await?;
        let lately = self.tallied(workspace, worst, last.monday.start(), None).await?;
        let held = |tally: &RuleTally| (tally.open + tally.confirmed) as f64;
        let mut grown: Vec<(String, f64, f64)> = lately
            .iter()
            .map(|tally| {
                let was = earlier.iter().find(|other| other.rule == tally.rule).map_or(0.0, held);
                (tally.rule.clone(), was / then, held(tally) / now)
            })
            .filter(|(_, was, is)| is > was)
            .collect();
        grown.sort_by(|a, b| (b.2 - b.1).total_cmp(&(a.2 - a.1)));
        grown.truncate(SHOWN);
        Ok(grown)
    }

    async fn tallied(
        &self,
        workspace: &WorkspaceId,
        of: &Trend,
        from: Timestamp,
        until: Option<Timestamp>,
    ) -> Result<Vec<RuleTally>, AppError> {
        let vendor = Some(of.chart.group.clone());
        let filter = FindingFilter { vendor, from: Some(from), until, sent: Some(true), ..FindingFilter::default() };
        Ok(self.world.review.tallies(workspace, &filter).await?)
    }
}

/// How far the last week lies above its limit, as a share of what was expected.
fn excess(trend: &Trend) -> f64 {
    trend.weeks.last().map_or(f64::MIN, |week| (week.mean - week.limit) / week.expected.max(1e-9))
}
