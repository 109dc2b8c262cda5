//! Whether two stated things are about the same attribute, and whether they agree. No similarity of
//! words is asked here; `align` says how near the sentences are.

use crate::domain::Day;
use crate::language::quantity::{Bound, DurationUnit, Extent, Fact, TimeOfDay, Value, WrittenDate};

use super::event::are_one;
use super::follow::written;
use super::polarity::Axis;
use super::statement::{Stated, is_price};
use super::terms::Term;

/// How what the draft states stands to what the evidence states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Not about the same attribute.
    Other,
    /// The same.
    Agrees,
    /// The same attribute with another value.
    Differs,
}

use Relation::{Agrees, Differs, Other};

/// What a stated thing is a value of. Things of two attributes are `Other` to each other, so they need not meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attribute {
    /// Money.
    Amount,
    /// A share.
    Percent,
    /// So many of this.
    Count(&'static str),
    /// A length of time.
    Duration,
    /// A day, written or relative.
    Day,
    /// A stretch that moves with the day of writing.
    Period,
    /// A time of day or a range of them.
    Time,
    /// Weekdays.
    Weekdays,
    /// A number to dial.
    Phone,
    /// A web address.
    Url,
    /// A mail address.
    Email,
    /// A code.
    Code,
    /// A yes or no; what is done and what is allowed answer each other.
    Polarity(Axis),
}

/// The attribute of a stated thing.
pub fn attribute(stated: &Stated) -> Attribute {
    match stated {
        Stated::Polarity(Axis::Done | Axis::Said, _) => Attribute::Polarity(Axis::Allowed),
        Stated::Polarity(axis, _) => Attribute::Polarity(*axis),
        Stated::Fact(fact, _) => match fact.value {
            Value::Amount { .. } => Attribute::Amount,
            Value::Percent(_) => Attribute::Percent,
            Value::Count { unit, .. } => Attribute::Count(unit),
            Value::Duration { .. } => Attribute::Duration,
            Value::Date(_) | Value::RelativeDay(_) => Attribute::Day,
            Value::RelativePeriod(_) => Attribute::Period,
            Value::Time(_) | Value::TimeRange(..) => Attribute::Time,
            Value::Weekdays(_) => Attribute::Weekdays,
            Value::Phone(_) => Attribute::Phone,
            Value::Url(_) => Attribute::Url,
            Value::Email(_) => Attribute::Email,
            Value::Code(_) => Attribute::Code,
        },
    }
}

/// A fact with the event that it is counted from.
type Counted<'a> = (&'a Fact, &'a [Term]);

fn same(equal: bool) -> Relation {
    if equal { Agrees } else { Differs }
}

/// Compares a fact that the draft states with one that the evidence states; yes and no are compared in `deny`. `today`
/// gives 明日 a meaning.
pub fn relate(claim: &Stated, evidence: &Stated, today: Option<Day>) -> Relation {
    match (claim, evidence) {
        (Stated::Fact(claim, from), Stated::Fact(evidence, theirs)) => facts((claim, from), (evidence, theirs), today),
        _ => Other,
    }
}

fn facts((claim, from): Counted<'_>, (evidence, theirs): Counted<'_>, today: Option<Day>) -> Relation {
    match (&claim.value, &evidence.value) {
        (Value::Amount { yen, tax }, Value::Amount { yen: other, tax: other_tax }) => {
            let kind = |fact: &Fact| (is_price(fact), fact.bound == Some(Bound::Every));
            if yen != other {
                if is_exact(claim) && evidence.bound.is_some() && keeps_to(yen, evidence.bound, other) {
                    return Other;
                }
                return if kind(claim) == kind(evidence) { Differs } else { Other };
            }
            let taxed_alike = tax.is_none() || other_tax.is_none() || tax == other_tax;
            same(taxed_alike && bounds_agree(claim.bound, evidence.bound))
        }
        (Value::Percent(n), Value::Percent(other)) => same(n == other && bounds_agree(claim.bound, evidence.bound)),
        (Value::Count { n, unit }, Value::Count { n: other, unit: other_unit }) if unit == other_unit => {
            if n == other {
                return same(bounds_agree(claim.bound, evidence.bound));
            }
            let each = |fact: &Fact| fact.bound == Some(Bound::Every);
            let kept = is_exact(claim) && keeps_to(n, evidence.bound, other);
            if each(claim) == each(evidence) && !kept { Differs } else { Other }
        }
        (Value::Duration { n, unit }, Value::Duration { n: other, unit: other_unit }) => {
            let events = are_one(from, theirs);
            durations((claim, *n, *unit), (evidence, *other, *other_unit), events)
        }
        (Value::Date(date), Value::Date(other)) => dates(date, other),
        (Value::RelativeDay(days), Value::Date(other)) => match today.and_then(|today| written(today, *days)) {
            Some(date) => dates(&date, other),
            None => Other,
        },
        // Two relative days were written on two days.
        (Value::RelativePeriod(period), Value::RelativePeriod(other)) if period == other => Agrees,
        (Value::Time(_) | Value::TimeRange(..), Value::Time(_) | Value::TimeRange(..)) => times(claim, evidence),
        (Value::Weekdays(set), Value::Weekdays(other)) => {
            same(if set.count_ones() < 3 { set & other == *set } else { set == other })
        }
        (Value::Phone(a), Value::Phone(b)) | (Value::Url(a), Value::Url(b)) | (Value::Email(a), Value::Email(b)) => {
            same(a == b)
        }
        (Value::Code(a), Value::Code(b)) if a == b => Agrees,
        (Value::Code(a), Value::Code(b)) => {
            if look_alike(a, b) {
                Differs
            } else {
                Other
            }
        }
        _ => Other,
    }
}

/// `None` on either side leaves it open, and 約 takes nothing away.
fn bounds_agree(a: Option<Bound>, b: Option<Bound>) -> bool {
    use Bound::{After, AtLeast, AtMost, Before, Over, Under};
    let (Some(a), Some(b)) = (a, b) else { return true };
    let limits = |bound| matches!(bound, AtMost | AtLeast | Under | Over);
    let turns = |bound| matches!(bound, Before | After);
    a == b || !(limits(a) && limits(b) || turns(a) && turns(b))
}

/// `events` says whether they are counted from the same event, as far as said.
fn durations(claim: (&Fact, Extent, DurationUnit), evidence: (&Fact, Extent, DurationUnit), events: bool) -> Relation {
    let ((a, n, unit), (b, other, other_unit)) = (claim, evidence);
    let short = |unit| matches!(unit, DurationUnit::Hour | DurationUnit::Minute);
    if short(unit) != short(other_unit) {
        return Other;
    }
    let (mine, theirs) = (base(n, unit), base(other, other_unit));
    // 5営業日以内 says no more than 3〜5営業日.
    let within = a.bound == Some(Bound::AtMost) && mine.1 == theirs.1 && mine.0.high == theirs.0.high;
    let equal = mine == theirs || within;
    let bounds = bounds_agree(a.bound, b.bound);
    match (equal, events) {
        (true, events) => same(events && bounds),
        // A length that the rule leaves room for is no other rule; nor is one from another event, or before rather than after.
        (false, true) if is_exact(a) && mine.1 == theirs.1 && keeps_to(&mine.0, b.bound, &theirs.0) => Other,
        (false, true) if bounds => Differs,
        (false, _) => Other,
    }
}

/// Units that convert exactly meet in one; business days convert to nothing.
fn base(n: Extent, unit: DurationUnit) -> (Extent, DurationUnit) {
    match unit {
        DurationUnit::Week => (n.times(7), DurationUnit::Day),
        DurationUnit::Year => (n.times(12), DurationUnit::Month),
        DurationUnit::Hour => (n.times(60), DurationUnit::Minute),
        unit => (n, unit),
    }
}

fn dates(claim: &WrittenDate, evidence: &WrittenDate) -> Relation {
    let differ = |a: Option<u16>, b: Option<u16>| matches!((a, b), (Some(a), Some(b)) if a != b);
    let weekdays = matches!((claim.weekday, evidence.weekday), (Some(a), Some(b)) if a != b);
    if weekdays
        || differ(claim.year, evidence.year)
        || differ(claim.month.map(u16::from), evidence.month.map(u16::from))
        || differ(claim.day.map(u16::from), evidence.day.map(u16::from))
    {
        return Differs;
    }
    // A month alone carries no day.
    if claim.day.is_some() && evidence.day.is_none() { Other } else { Agrees }
}

/// One end of a range may be said alone; anything else has to be the same.
fn times(claim: &Fact, evidence: &Fact) -> Relation {
    let agree = |equal: bool| same(equal && bounds_agree(claim.bound, evidence.bound));
    match (&claim.value, &evidence.value) {
        (Value::Time(at), Value::Time(other)) => agree(at == other),
        (Value::TimeRange(from, to), Value::TimeRange(other_from, other_to)) => {
            agree((from, to) == (other_from, other_to))
        }
        (Value::Time(at), Value::TimeRange(from, to)) | (Value::TimeRange(from, to), Value::Time(at)) => {
            end(claim, *at, *from, *to)
        }
        _ => Other,
    }
}

fn end(claim: &Fact, at: TimeOfDay, from: TimeOfDay, to: TimeOfDay) -> Relation {
    match claim.bound {
        Some(Bound::AtMost) => same(at == to),
        Some(Bound::AtLeast) => same(at == from),
        _ => same(at == from || at == to),
    }
}

/// Two numbers of the same make: 018 and 081, not an order and a parcel.
fn look_alike(a: &str, b: &str) -> bool {
    let shape = |code: &str| -> String { code.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect() };
    shape(a) == shape(b)
}

/// Whether two things that differ have the same number: 550円 with tax and without, 7日 and 7営業日, 8日 from another event.
pub fn is_twin(claim: &Stated, evidence: &Stated) -> bool {
    let (Stated::Fact(claim, _), Stated::Fact(evidence, _)) = (claim, evidence) else { return false };
    match (&claim.value, &evidence.value) {
        (Value::Amount { yen, .. }, Value::Amount { yen: other, .. }) => yen == other,
        (Value::Duration { n, .. }, Value::Duration { n: other, .. }) => n == other,
        _ => false,
    }
}

/// Whether two bounds of one number leave each other out: 2年以内 and 2年を過ぎて, 19時まで and 19時以降.
pub fn bounds_the_rest(claim: &Fact, evidence: &Fact) -> bool {
    use Bound::{After, AtLeast, AtMost, Before, Over, Under};
    let upper = |bound: Option<Bound>| matches!(bound, Some(AtMost | Under | Before));
    let lower = |bound: Option<Bound>| matches!(bound, Some(AtLeast | Over | After));
    let (mine, theirs) = (claim.bound, evidence.bound);
    let one = match (&claim.value, &evidence.value) {
        (Value::Count { n, .. }, Value::Count { n: other, .. }) => n == other,
        (Value::Duration { n, .. }, Value::Duration { n: other, .. }) => n == other,
        (Value::Amount { yen, .. }, Value::Amount { yen: other, .. }) => yen == other,
        (Value::Time(at), Value::Time(other)) => at == other,
        _ => false,
    };
    one && (upper(mine) && lower(theirs) || lower(mine) && upper(theirs))
}

/// A number as it is, or nearly so.
fn is_exact(fact: &Fact) -> bool {
    matches!(fact.bound, None | Some(Bound::About))
}

/// Whether an exact number keeps to a bound: 15文字 to 20文字まで, 335L to 171L以上.
fn keeps_to(n: &Extent, bound: Option<Bound>, limit: &Extent) -> bool {
    match bound {
        Some(Bound::AtMost) => n.high <= limit.high,
        Some(Bound::Under) => n.high < limit.low,
        Some(Bound::AtLeast) => n.low >= limit.low,
        Some(Bound::Over) => n.low > limit.high,
        // 20日から90日まで, 20〜49本.
        _ => limit.low < limit.high && limit.low <= n.low && n.high <= limit.high,
    }
}
