//! One sentence and the evidence: the verdict and the sources it rests on.

use crate::domain::{Day, Verdict};
use crate::language::quantity::{Fact, Value};

use super::align::Sources;
use super::claim;
use super::compare::{Relation, relate};
use super::statement::{Point, Stated, Statement, is_price, is_term_of};

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

/// What the evidence says to one stated thing.
enum Answer {
    /// These say the same, the nearest first.
    Same(Vec<usize>),
    /// This one says otherwise.
    Otherwise(usize, f64),
    /// None speaks of it.
    Silent,
}

/// Judges one sentence. `told` is what the customer wrote, `today` the day of writing.
pub fn judge(claim: &Statement, sources: &Sources, told: &[Fact], today: Option<Day>) -> Judgement {
    let facts: Vec<Fact> = claim.facts().cloned().collect();
    let is_claim = claim::is_claim(&claim.normal, &facts, told);
    if let Some(at) = verbatim(claim, sources, is_claim) {
        return Judgement { verdict: Verdict::Supported, sources: vec![at] };
    }
    if !is_claim {
        return Judgement::alone(Verdict::NotAClaim);
    }
    let mut carried: Vec<Vec<usize>> = Vec::new();
    let mut against: Vec<(f64, usize)> = Vec::new();
    let (mut silent, mut sure) = (false, false);
    for point in &claim.points {
        match answer(claim, point, sources, today) {
            Answer::Same(from) if matches!(point.stated, Stated::Fact(_)) => {
                sure |= is_sure(&point.stated);
                carried.push(from);
            }
            Answer::Same(_) => {}
            Answer::Otherwise(at, near) => against.push((near, at)),
            Answer::Silent => silent |= must_be_carried(&point.stated, told),
        }
    }
    if let Some((_, at)) = against.iter().max_by(|a, b| a.0.total_cmp(&b.0)) {
        return Judgement { verdict: Verdict::Contradicted, sources: vec![*at] };
    }
    if silent {
        return Judgement::alone(Verdict::Unsupported);
    }
    let least = match (carried.is_empty(), sure) {
        (true, _) => COVERED,
        (false, false) => COVERED_WITH_FACTS,
        (false, true) => COVERED_WITH_SURE_FACTS,
    };
    support(claim, sources, &carried, least)
}

/// The sentence itself, word for word. What shops publish is supported even where it is a request; a past
/// reply's greeting stays a greeting.
fn verbatim(claim: &Statement, sources: &Sources, is_claim: bool) -> Option<usize> {
    let core = claim.core();
    if core.is_empty() {
        return None;
    }
    let same = |at: &usize| sources.all[*at].statement.core() == core && (is_claim || !sources.all[*at].weak);
    (0..sources.all.len()).filter(same).max_by(|a, b| {
        // The first among equals: `max_by` keeps the last, so the order is turned round.
        sources.all[*a].authority.total_cmp(&sources.all[*b].authority).then(b.cmp(a))
    })
}

/// A yes or no may go unsaid in the evidence and words decide; a number may not, unless the customer gave it.
fn must_be_carried(stated: &Stated, told: &[Fact]) -> bool {
    match stated {
        Stated::Polarity(..) => false,
        Stated::Fact(fact) => {
            let passing = matches!(fact.value, Value::RelativeDay(0) | Value::Weekdays(_));
            !passing && told.iter().all(|known| known.value != fact.value)
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

/// Whether another thing that the claim states is what this source states: 10日と5営業日 in one sentence
/// do not deny each other.
fn is_said_elsewhere(claim: &Statement, point: &Point, against: &Stated, today: Option<Day>) -> bool {
    let others = claim.points.iter().filter(|other| !std::ptr::eq(*other, point));
    others
        .filter(|other| matches!(other.stated, Stated::Fact(_)))
        .any(|other| relate(&other.stated, against, today) == Relation::Agrees)
}

fn answer(claim: &Statement, point: &Point, sources: &Sources, today: Option<Day>) -> Answer {
    let except = |term| match &point.stated {
        Stated::Fact(fact) => is_term_of(fact, term),
        Stated::Polarity(..) => false,
    };
    let mut same: Vec<(f64, usize)> = Vec::new();
    let mut other: Option<(f64, usize)> = None;
    for (at, source) in sources.all.iter().enumerate() {
        for against in &source.statement.points {
            let relation = relate(&point.stated, &against.stated, today);
            if relation == Relation::Other {
                continue;
            }
            let mut near = source.authority * sources.nearness(claim, point.clause, source, against.clause, &except);
            if relation == Relation::Differs && is_said_elsewhere(claim, point, &against.stated, today) {
                near *= ELSEWHERE;
            }
            match relation {
                Relation::Agrees => same.push((near, at)),
                _ if other.is_none_or(|(most, _)| near > most) => other = Some((near, at)),
                _ => {}
            }
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
    if let Some((near, at)) = other.filter(|(near, _)| *near >= least && *near > margin * most) {
        return Answer::Otherwise(at, near);
    }
    if most < AGREES {
        return Answer::Silent;
    }
    Answer::Same(same.into_iter().filter(|(near, _)| *near >= 0.75 * most).map(|(_, at)| at).collect())
}

/// The fewest sources that carry every fact and most of the words.
fn support(claim: &Statement, sources: &Sources, carried: &[Vec<usize>], least: f64) -> Judgement {
    let fit = |at: usize| {
        let facts = carried.iter().filter(|from| from.contains(&at)).count() as f64;
        sources.all[at].authority * (facts + sources.coverage(claim, &[at]))
    };
    let best = |among: &mut dyn Iterator<Item = usize>| {
        among.map(|at| (fit(at), at)).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).map(|(_, at)| at)
    };
    let Some(first) = best(&mut (0..sources.all.len())) else { return Judgement::alone(Verdict::Unsupported) };
    let mut chosen = vec![first];
    for from in carried {
        if !from.iter().any(|at| chosen.contains(at))
            && let Some(at) = best(&mut from.iter().copied())
        {
            chosen.push(at);
        }
    }
    let mut covered = sources.coverage(claim, &chosen);
    let more = (0..sources.all.len()).map(|at| {
        let with: Vec<usize> = chosen.iter().copied().chain([at]).collect();
        (sources.coverage(claim, &with), at)
    });
    if let Some((with, at)) = more.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
        && with >= covered + ADDS
    {
        chosen.push(at);
        covered = with;
    }
    if covered < least {
        return Judgement::alone(Verdict::Unsupported);
    }
    Judgement { verdict: Verdict::Supported, sources: chosen }
}
