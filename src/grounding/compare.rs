//! Whether two stated things are about the same attribute, and whether they agree. No similarity of
//! words is asked here; `align` says how near the sentences are.

use crate::domain::Day;
use crate::language::quantity::{Anchor, Bound, DurationUnit, Extent, Fact, TimeOfDay, Value, Weekday, WrittenDate};

use super::polarity::Axis;
use super::statement::{Stated, is_price};

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
        Stated::Polarity(Axis::Done, _) => Attribute::Polarity(Axis::Allowed),
        Stated::Polarity(axis, _) => Attribute::Polarity(*axis),
        Stated::Fact(fact) => match fact.value {
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

fn same(equal: bool) -> Relation {
    if equal { Agrees } else { Differs }
}

/// Compares a thing the draft states with one the evidence states. `today` gives 明日 a meaning.
pub fn relate(claim: &Stated, evidence: &Stated, today: Option<Day>) -> Relation {
    match (claim, evidence) {
        (Stated::Fact(claim), Stated::Fact(evidence)) => facts(claim, evidence, today),
        (Stated::Polarity(axis, sign), Stated::Polarity(other, against)) if axis == other => same(sign == against),
        (Stated::Polarity(Axis::Done, sign), Stated::Polarity(Axis::Allowed, against))
        | (Stated::Polarity(Axis::Allowed, against), Stated::Polarity(Axis::Done, sign)) => same(sign == against),
        _ => Other,
    }
}

fn facts(claim: &Fact, evidence: &Fact, today: Option<Day>) -> Relation {
    match (&claim.value, &evidence.value) {
        (Value::Amount { yen, tax }, Value::Amount { yen: other, tax: other_tax }) => {
            let kind = |fact: &Fact| (is_price(fact), fact.bound == Some(Bound::Every));
            if yen != other {
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
            if each(claim) == each(evidence) { Differs } else { Other }
        }
        (Value::Duration { n, unit }, Value::Duration { n: other, unit: other_unit }) => {
            durations((claim, *n, *unit), (evidence, *other, *other_unit))
        }
        (Value::Date(date), Value::Date(other)) => dates(date, other),
        (Value::RelativeDay(days), Value::Date(other)) => match today.and_then(|today| written(today, *days)) {
            Some(date) => dates(&date, other),
            None => Other,
        },
        // Two relative days were written on two days.
        (Value::RelativePeriod(period), Value::RelativePeriod(other)) if period == other => Agrees,
        (Value::Time(_) | Value::TimeRange(..), Value::Time(_) | Value::TimeRange(..)) => times(claim, evidence),
        (Value::Weekdays(set), Value::Weekdays(other)) => same(set & other == *set),
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

/// Counted from the same event, as far as said. A return that arrives is received.
fn anchors_agree(a: Option<Anchor>, b: Option<Anchor>) -> bool {
    let near = |anchor| match anchor {
        Anchor::DeliveryDate | Anchor::Receipt => Anchor::Arrival,
        other => other,
    };
    a.is_none() || b.is_none() || a.map(near) == b.map(near)
}

fn durations(claim: (&Fact, Extent, DurationUnit), evidence: (&Fact, Extent, DurationUnit)) -> Relation {
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
    match (equal, anchors_agree(a.anchor, b.anchor)) {
        (true, anchors) => same(anchors && bounds),
        // Another length from another event, or before it rather than after, is another rule.
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

fn written(today: Day, days: i8) -> Option<WrittenDate> {
    const WEEK: [Weekday; 7] = {
        use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
        [Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday]
    };
    let date = today.0.checked_add(jiff::Span::new().days(i64::from(days))).ok()?;
    Some(WrittenDate {
        year: date.year().try_into().ok(),
        month: date.month().try_into().ok(),
        day: date.day().try_into().ok(),
        weekday: WEEK.get(usize::try_from(date.weekday().to_monday_zero_offset()).ok()?).copied(),
    })
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
