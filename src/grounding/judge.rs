//! One sentence and the evidence: the verdict and the sources it rests on.

use std::collections::HashSet;

use crate::domain::{Day, Verdict};
use crate::language::quantity::{Fact, Value};

use super::align::Sources;
use super::claim::{self, Told};
use super::compare::{Relation, attribute, relate};
use super::meeting::{Against, Meeting, POINTS};
use super::statement::{Point, Stated, Statement, is_price};

/// How near a sentence must be for its number to carry the claim's.
const AGREES: f64 = 0.2;
/// How near for its other number to be the same attribute's.
const DIFFERS: f64 = 0.42;
/// Days are few in evidence, and seldom two are about one event.
const DATE_DIFFERS: f64 = 0.3;
/// How near for its no to answer the claim's yes: predicates are few, so the words must say more.
const DENIES: f64 = 0.6;
/// A number that the claim states in another place hardly denies this one.
const ELSEWHERE: f64 = 0.65;
/// A condition that some source shares is only denied by one that is so much nearer.
const CONDITION: f64 = 1.6;
/// Share of the claim's content that sources must have when typed facts agree, and when there are none.
const COVERED_WITH_FACTS: f64 = 0.4;
/// The same where a fact agrees that hardly two things share: a date, a number to dial, a code.
const COVERED_WITH_SURE_FACTS: f64 = 0.2;
const COVERED: f64 = 0.62;
/// A second source must add this much.
const ADDS: f64 = 0.2;

/// A verdict and what it rests on, as places in the sources.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// What supports, or what contradicts.
    pub sources: Vec<usize>,
}

impl Judgement {
    pub(super) fn alone(verdict: Verdict) -> Self {
        Self { verdict, sources: Vec::new() }
    }
}

/// What the evidence says to one stated thing; sentences by their rows in the meeting.
enum Answer {
    /// These say the same, the nearest first.
    Same(Vec<usize>),
    /// This one says otherwise.
    Otherwise(usize, f64),
    /// None speaks of it.
    Silent,
}

/// Judges one sentence. `told` is what the customer stated, `today` the day of writing.
pub fn judge(claim: &Statement, sources: &Sources, told: &Told, today: Option<Day>) -> Judgement {
    let facts: Vec<&Fact> = claim.facts().collect();
    let is_claim = claim::is_claim(&claim.normal, &facts, told);
    if let Some(at) = verbatim(claim, sources, is_claim) {
        return Judgement { verdict: Verdict::Supported, sources: vec![at] };
    }
    if !is_claim {
        return Judgement::alone(Verdict::NotAClaim);
    }
    let meeting = Meeting::of(claim, sources);
    let points = &claim.points[..claim.points.len().min(POINTS)];
    let mut carried: Vec<Vec<usize>> = Vec::new();
    let mut against: Vec<(f64, usize)> = Vec::new();
    // Nobody has looked at what a sentence states beyond the limit.
    let mut silent = claim.cut || claim.points.len() > POINTS;
    let mut sure = false;
    for (point, related) in points.iter().zip(relations(points, &meeting, today)) {
        match answer(point, &related, &meeting, sources) {
            Answer::Same(from) if matches!(point.stated, Stated::Fact(_)) => {
                sure |= is_sure(&point.stated);
                carried.push(from);
            }
            Answer::Same(_) => {}
            Answer::Otherwise(row, near) => against.push((near, row)),
            Answer::Silent => silent |= must_be_carried(&point.stated, told),
        }
    }
    if let Some((_, row)) = against.iter().max_by(|a, b| a.0.total_cmp(&b.0)) {
        return Judgement { verdict: Verdict::Contradicted, sources: vec![meeting.near[*row]] };
    }
    if silent {
        return Judgement::alone(Verdict::Unsupported);
    }
    let least = match (carried.is_empty(), sure) {
        (true, _) => COVERED,
        (false, false) => COVERED_WITH_FACTS,
        (false, true) => COVERED_WITH_SURE_FACTS,
    };
    support(&meeting, sources, &carried, least)
}

/// The sentence itself, word for word. What shops publish is supported even where it is a request; a past
/// reply's greeting stays a greeting.
fn verbatim(claim: &Statement, sources: &Sources, is_claim: bool) -> Option<usize> {
    let same = sources.verbatim(claim).iter().copied().filter(|at| is_claim || !sources.all[*at].weak);
    same.max_by(|a, b| {
        // The first among equals: `max_by` keeps the last, so the order is turned round.
        sources.all[*a].authority.total_cmp(&sources.all[*b].authority).then(b.cmp(a))
    })
}

/// A yes or no may go unsaid in the evidence and words decide; a number may not, unless the customer gave it.
fn must_be_carried(stated: &Stated, told: &Told) -> bool {
    match stated {
        Stated::Polarity(..) => false,
        Stated::Fact(fact) => {
            let passing = matches!(fact.value, Value::RelativeDay(0) | Value::Weekdays(_));
            !passing && !told.contains(&fact.value)
        }
    }
}

fn is_condition(stated: &Stated) -> bool {
    matches!(stated, Stated::Fact(fact) if matches!(fact.value, Value::Amount { .. }) && !is_price(fact))
}

fn is_sure(stated: &Stated) -> bool {
    let Stated::Fact(fact) = stated else { return false };
    matches!(
        fact.value,
        Value::Date(_) | Value::RelativeDay(_) | Value::Phone(_) | Value::Url(_) | Value::Email(_) | Value::Code(_)
    )
}

/// One thing that the evidence states, as it stands to a thing that the claim states.
struct Related<'s> {
    against: Against<'s>,
    agrees: bool,
    /// Another thing that the claim states is what this source states: 10日と5営業日 in one sentence do not deny
    /// each other.
    said_elsewhere: bool,
}

/// For each thing that the claim states, what the evidence has of the same attribute.
fn relations<'s>(points: &[Point], meeting: &Meeting<'s>, today: Option<Day>) -> Vec<Vec<Related<'s>>> {
    let mut said: HashSet<usize> = HashSet::new();
    let mut all = Vec::with_capacity(points.len());
    for point in points {
        let mut related = Vec::new();
        for against in meeting.stated(attribute(&point.stated)) {
            let relation = relate(&point.stated, against.stated, today);
            let agrees = relation == Relation::Agrees;
            if agrees && matches!(point.stated, Stated::Fact(_)) {
                said.insert(against.nth);
            }
            if relation != Relation::Other {
                related.push(Related { against: *against, agrees, said_elsewhere: false });
            }
        }
        all.push(related);
    }
    // What this thing differs from and some thing of the claim agrees with, another one agrees with.
    for related in all.iter_mut().flatten() {
        related.said_elsewhere = !related.agrees && said.contains(&related.against.nth);
    }
    all
}

fn answer(point: &Point, related: &[Related<'_>], meeting: &Meeting<'_>, sources: &Sources) -> Answer {
    let except = meeting.own_words(&point.stated);
    let mut same: Vec<(f64, usize)> = Vec::new();
    let mut other: Option<(f64, usize)> = None;
    for Related { against, agrees, said_elsewhere } in related {
        let authority = sources.all[meeting.near[against.row]].authority;
        let mut near = authority * meeting.nearness(point.clause, against, &except);
        if *said_elsewhere {
            near *= ELSEWHERE;
        }
        if *agrees {
            same.push((near, against.row));
        } else if other.is_none_or(|(most, _)| near > most) {
            other = Some((near, against.row));
        }
    }
    same.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let most = same.first().map_or(0.0, |(near, _)| *near);
    let least = match &point.stated {
        Stated::Fact(fact) if matches!(fact.value, Value::Phone(_) | Value::Url(_) | Value::Email(_)) => AGREES,
        Stated::Fact(fact) if matches!(fact.value, Value::Date(_) | Value::RelativeDay(_)) => DATE_DIFFERS,
        Stated::Fact(_) => DIFFERS,
        Stated::Polarity(..) => DENIES,
    };
    let margin = if is_condition(&point.stated) { CONDITION } else { 1.0 };
    if let Some((near, row)) = other.filter(|(near, _)| *near >= least && *near > margin * most) {
        return Answer::Otherwise(row, near);
    }
    if most < AGREES {
        return Answer::Silent;
    }
    Answer::Same(same.into_iter().filter(|(near, _)| *near >= 0.75 * most).map(|(_, row)| row).collect())
}

/// The fewest sources that carry every fact and most of the words.
fn support(meeting: &Meeting<'_>, sources: &Sources, carried: &[Vec<usize>], least: f64) -> Judgement {
    let rows = 0..meeting.near.len();
    let none = meeting.uncovered();
    let mut facts = vec![0.0; rows.len()];
    for from in carried {
        // One sentence may say it twice.
        from.iter().collect::<HashSet<_>>().into_iter().for_each(|row| facts[*row] += 1.0);
    }
    let fit = |row: usize| sources.all[meeting.near[row]].authority * (facts[row] + meeting.share(&none, row));
    let fits: Vec<f64> = rows.clone().map(fit).collect();
    let best =
        |among: &mut dyn Iterator<Item = usize>| among.max_by(|a, b| fits[*a].total_cmp(&fits[*b]).then(b.cmp(a)));
    let Some(first) = best(&mut rows.clone()) else { return Judgement::alone(Verdict::Unsupported) };
    let mut chosen = vec![first];
    for from in carried {
        if !from.iter().any(|row| chosen.contains(row))
            && let Some(row) = best(&mut from.iter().copied())
        {
            chosen.push(row);
        }
    }
    let cover = chosen.iter().fold(none, |cover, row| meeting.with(&cover, *row));
    let mut covered = meeting.share(&cover, first);
    let more = rows.map(|row| (meeting.share(&cover, row), row));
    if let Some((with, row)) = more.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
        && with >= covered + ADDS
    {
        chosen.push(row);
        covered = with;
    }
    if covered < least {
        return Judgement::alone(Verdict::Unsupported);
    }
    Judgement { verdict: Verdict::Supported, sources: chosen.into_iter().map(|row| meeting.near[row]).collect() }
}
