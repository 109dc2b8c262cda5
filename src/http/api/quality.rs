//! `/v1/waivers` and `/v1/quality`: what is let pass, how good each rule is, and who drifts.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{findings::WaiverBody, texts, words::GroupBy};
use crate::{
    app::{Alarm, App, Chart, Point, RulePrecision},
    domain::FindingFilter,
    http::{
        caller::Caller,
        parsed::Asked,
        problem::{Code, Problem},
    },
};

/// Whose waivers.
#[derive(Debug, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WaiversQuery {
    /// Whose waivers.
    #[param(example = "officelink")]
    workspace: String,
}

/// The waivers that hold today.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Waivers)]
pub struct WaiversBody {
    /// The first first.
    items: Vec<WaiverBody>,
}

/// Which rulings.
#[derive(Debug, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PrecisionQuery {
    /// Whose rules.
    #[param(example = "officelink")]
    workspace: String,
    /// By this revision of the tone guide alone, `rev_...`.
    revision: Option<String>,
    /// In texts not before: RFC 3339, or a date.
    from: Option<String>,
    /// In texts before: RFC 3339, or a date.
    until: Option<String>,
}

/// How good the rules are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RulePrecisions)]
pub struct PrecisionsBody {
    /// By rule.
    items: Vec<PrecisionBody>,
}

/// How good a rule is, by QA's last rulings on its findings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RulePrecision)]
pub struct PrecisionBody {
    /// The rule.
    #[schema(example = "ng_word:解約")]
    rule: String,
    /// Findings that nobody ruled on.
    open: u64,
    /// Right ones.
    confirmed: u64,
    /// Wrong ones.
    dismissed: u64,
    /// Right ones that were let pass by a ruling; what passes by a waiver does not count.
    waived: u64,
    /// Confirmed and waived ones among those ruled on, 0 to 1; null before the first ruling.
    precision: Option<f64>,
    /// The lower end of its 95 % interval (Wilson).
    low: Option<f64>,
    /// The upper end.
    high: Option<f64>,
    /// What had to be mended.
    faults: FaultsBody,
}

/// What had to be mended, by the last ruling on each finding.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Faults)]
pub struct FaultsBody {
    /// The words of a person.
    operator: u64,
    /// The rule.
    rule: u64,
    /// The tone guide.
    guide: u64,
}

/// Whose replies over which days.
#[derive(Debug, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DriftQuery {
    /// Whose replies.
    #[param(example = "officelink")]
    workspace: String,
    /// Teams or vendors; vendors if not said.
    #[param(inline)]
    by: Option<GroupBy>,
    /// The first day; half a year before the last if not said.
    #[param(format = Date)]
    from: Option<String>,
    /// The last day; today if not said.
    #[param(format = Date)]
    until: Option<String>,
}

/// Control charts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Drift)]
pub struct DriftBody {
    /// By name.
    items: Vec<ChartBody>,
}

/// The control chart of one team or vendor: findings a sent reply, day by day, beside what it used to have. Dismissed and
/// waived findings do not count.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Chart)]
pub struct ChartBody {
    /// The team or vendor.
    group: String,
    /// Replies in all.
    replies: usize,
    /// What it is compared with; null while it sent too few replies (200 on 5 days, and as many again to compare).
    baseline: Option<BaselineBody>,
    /// The days after the baseline.
    points: Vec<PointBody>,
    /// Above this the cumulative sum raises an alarm.
    threshold: f64,
    /// Oldest first.
    alarms: Vec<AlarmBody>,
}

/// How a group used to be.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Baseline)]
pub struct BaselineBody {
    /// So many replies.
    replies: usize,
    /// The first day.
    from: String,
    /// The last day.
    until: String,
    /// Findings a reply.
    mean: f64,
    /// Standard deviation of the findings of one reply.
    deviation: f64,
}

/// One day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChartPoint)]
pub struct PointBody {
    /// Which.
    day: String,
    /// Replies sent on it.
    replies: usize,
    /// Findings a reply.
    mean: f64,
    /// Findings a reply that were to be expected, from the baseline and from what all other groups had on that day.
    expected: f64,
    /// The cumulative sum of log-likelihood ratios.
    sum: f64,
}

/// A group that departs more often than it used to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Alarm)]
pub struct AlarmBody {
    /// The day that raised it.
    day: String,
    /// The day on which the change most likely began.
    since: String,
    /// Replies since then.
    replies: usize,
    /// How many standard deviations of a reply more than expected, on average since then.
    shift: f64,
}

impl From<RulePrecision> for PrecisionBody {
    fn from(RulePrecision { tally, precision }: RulePrecision) -> Self {
        Self {
            rule: tally.rule,
            open: tally.open,
            confirmed: tally.confirmed,
            dismissed: tally.dismissed,
            waived: tally.waived,
            precision: precision.map(|share| share.value),
            low: precision.map(|share| share.low),
            high: precision.map(|share| share.high),
            faults: FaultsBody { operator: tally.fault_operator, rule: tally.fault_rule, guide: tally.fault_guide },
        }
    }
}

impl From<Chart> for ChartBody {
    fn from(chart: Chart) -> Self {
        let baseline = chart.baseline.map(|baseline| BaselineBody {
            replies: baseline.replies,
            from: baseline.from.to_string(),
            until: baseline.until.to_string(),
            mean: baseline.mean,
            deviation: baseline.deviation,
        });
        Self {
            group: chart.group,
            replies: chart.replies,
            baseline,
            points: chart.points.into_iter().map(PointBody::from).collect(),
            threshold: chart.threshold,
            alarms: chart.alarms.into_iter().map(AlarmBody::from).collect(),
        }
    }
}

impl From<Point> for PointBody {
    fn from(Point { day, replies, mean, expected, sum }: Point) -> Self {
        Self { day: day.to_string(), replies, mean, expected, sum }
    }
}

impl From<Alarm> for AlarmBody {
    fn from(Alarm { day, since, replies, shift }: Alarm) -> Self {
        Self { day: day.to_string(), since: since.to_string(), replies, shift }
    }
}

fn in_query(problem: Problem) -> Problem {
    problem.with_code(Code::QueryInvalid)
}

/// List the waivers that hold today.
#[utoipa::path(
    get, path = "/v1/waivers", tag = "findings", operation_id = "list_waivers", params(WaiversQuery),
    responses((status = 200, body = WaiversBody))
)]
pub async fn waivers(
    Caller(who): Caller,
    State(app): State<App>,
    Asked(query): Asked<WaiversQuery>,
) -> Result<Json<WaiversBody>, Problem> {
    let workspace = texts::workspace(&query.workspace)?;
    let items = app.waivers(&who, &workspace).await?.into_iter().map(WaiverBody::from);
    Ok(Json(WaiversBody { items: items.collect() }))
}

/// How often each rule was right, by QA's rulings.
#[utoipa::path(
    get, path = "/v1/quality/rules", tag = "quality", operation_id = "read_precision", params(PrecisionQuery),
    responses((status = 200, body = PrecisionsBody))
)]
pub async fn precision(
    Caller(who): Caller,
    State(app): State<App>,
    Asked(query): Asked<PrecisionQuery>,
) -> Result<Json<PrecisionsBody>, Problem> {
    let workspace = texts::workspace(&query.workspace)?;
    let filter = FindingFilter {
        guide: texts::id("/revision", query.revision.as_deref()).map_err(in_query)?,
        from: texts::moment("/from", query.from.as_deref()).map_err(in_query)?,
        until: texts::moment("/until", query.until.as_deref()).map_err(in_query)?,
        ..FindingFilter::default()
    };
    let items = app.precision(&who, &workspace, &filter).await?.into_iter().map(PrecisionBody::from);
    Ok(Json(PrecisionsBody { items: items.collect() }))
}

/// Whether a team or a vendor departs from the brand's tone more often than it used to.
#[utoipa::path(
    get, path = "/v1/quality/drift", tag = "quality", operation_id = "read_drift", params(DriftQuery),
    responses((status = 200, body = DriftBody))
)]
pub async fn drift(
    Caller(who): Caller,
    State(app): State<App>,
    Asked(query): Asked<DriftQuery>,
) -> Result<Json<DriftBody>, Problem> {
    let workspace = texts::workspace(&query.workspace)?;
    let from = texts::day("/from", query.from.as_deref()).map_err(in_query)?;
    let until = texts::day("/until", query.until.as_deref()).map_err(in_query)?;
    let by = query.by.unwrap_or(GroupBy::Vendor).into();
    let items = app.drift(&who, &workspace, by, from, until).await?.into_iter().map(ChartBody::from);
    Ok(Json(DriftBody { items: items.collect() }))
}
