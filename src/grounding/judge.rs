//! One sentence and the evidence: the verdict and the sources it rests on.

use std::collections::HashSet;

use crate::domain::Verdict;
use crate::language::quantity::{Fact, Number, Value};

use super::align::Sources;
use super::answer::{Answer, answer, relations};
use super::claim::{self, Said};
use super::deny::answered;
use super::follow::Following;
use super::meeting::{Meeting, POINTS};
use super::polarity::{Axis, Sign};
use super::statement::{Point, Stated, Statement, is_unnumbered};
use super::told::Told;
use super::turned::turned;

/// Share of the claim's content that sources must have when typed facts agree, and when there are none.
const COVERED_WITH_FACTS: f64 = 0.2;
const COVERED: f64 = 0.4;
/// Share of a request's content that sources must have.
const ASKED_FOR: f64 = 0.6;
/// A second source must add this much.
const ADDS: f64 = 0.2;

/// A verdict and what it rests on, as places in the sources.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// What supports, or what contradicts.
    pub sources: Vec<usize>,
    /// Whether at most words and a yes or no are missing: every fact of it is there, and nothing says otherwise.
    pub open: bool,
}

impl Judgement {
    pub(super) fn alone(verdict: Verdict) -> Self {
        Self { verdict, sources: Vec::new(), open: false }
    }

    /// Too few of its words stand anywhere.
    fn for_want_of_words() -> Self {
        Self { open: true, ..Self::alone(Verdict::Unsupported) }
    }
}

/// Judges one sentence. `told` is what the customer stated, `today` the day of writing.
pub fn judge(claim: &Statement, sources: &Sources, told: &Told) -> Judgement {
    let facts: Vec<&Fact> = claim.facts().collect();
    let said = claim::said(&claim.normal, &facts, told);
    if let Some(at) = verbatim(claim, sources, said == Said::Claim) {
        return Judgement { sources: vec![at], ..Judgement::alone(Verdict::Supported) };
    }
    match said {
        Said::Courtesy => Judgement::alone(Verdict::NotAClaim),
        Said::Claim => compared(claim, sources, told, 0.0),
        // What the shop asks for by its own rules is said by them; any other request claims nothing.
        Said::Request => match compared(claim, sources, told, ASKED_FOR) {
            judgement if judgement.verdict != Verdict::Unsupported => judgement,
            _ => Judgement::alone(Verdict::NotAClaim),
        },
    }
}

/// Compares a sentence with the evidence; at least so much of its words has to stand there.
fn compared(claim: &Statement, sources: &Sources, told: &Told, at_least: f64) -> Judgement {
    let meeting = Meeting::of(claim, sources, &told.terms);
    let facts = claim.points.iter().filter(|point| matches!(point.stated, Stated::Fact(..)));
    let points: Vec<&Point> = facts.clone().take(POINTS).collect();
    let mut carried: Vec<Vec<usize>> = Vec::new();
    let mut against: Vec<(f64, usize)> = Vec::new();
    // Nobody has looked at what a sentence states beyond the limit.
    let mut silent = claim.cut || facts.count() > POINTS;
    let mut sure = false;
    // What may pass unsaid where words decide may not where a model does.
    let mut settled = true;
    let following = Following { claim, meeting: &meeting, told };
    let relations = relations(claim, &points, &meeting, told.today);
    for (at, (point, related)) in points.iter().zip(&relations).enumerate() {
        let besides = relations.iter().enumerate().filter(|(other, _)| *other != at);
        let agreed = besides.flat_map(|(_, related)| related).filter(|related| related.agrees);
        let agreed: HashSet<usize> = agreed.map(|related| related.against.row).collect();
        match answer(point, related, &following, &agreed) {
            Answer::Same(from) if matches!(point.stated, Stated::Fact(..)) => {
                sure |= is_sure(&point.stated);
                carried.push(from);
            }
            Answer::Same(_) => {}
            Answer::Otherwise(row, near) => against.push((near, row)),
            Answer::Silent => {
                settled = false;
                silent |= must_be_carried(&point.stated, told);
            }
        }
    }
    against.extend(answered(claim, &meeting, told).denied_by());
    against.extend(turned(claim, &meeting));
    against.retain(|(_, row)| meeting.share_here(&meeting.uncovered(), *row) >= at_least);
    if let Some((_, row)) = against.iter().max_by(|a, b| a.0.total_cmp(&b.0)) {
        return Judgement { sources: vec![meeting.near[*row]], ..Judgement::alone(Verdict::Contradicted) };
    }
    if silent {
        return Judgement::alone(Verdict::Unsupported);
    }
    let least = match (carried.len(), sure) {
        (0, _) => COVERED,
        (1, false) => COVERED_WITH_FACTS,
        // A number to dial, or two figures at once: nothing else can be meant.
        (_, true) | (2.., _) => 0.0,
    };
    let judgement = support(&meeting, sources, &carried, least.max(at_least));
    Judgement { open: settled && (judgement.open || judgement.verdict == Verdict::Supported), ..judgement }
}

/// Whether each yes or no that a sentence states is stated by some source too.
pub fn signs_are_there(claim: &Statement, sources: &Sources) -> bool {
    let signs = |statement: &Statement| -> Vec<(Axis, Sign)> {
        let sign = |point: &Point| match point.stated {
            // To do a thing, to let it be done and to say so are one yes: 承ります, ご利用いただけます, 載せております.
            Stated::Polarity(Axis::Done | Axis::Said, sign) => Some((Axis::Allowed, sign)),
            Stated::Polarity(axis, sign) => Some((axis, sign)),
            Stated::Fact(..) => None,
        };
        statement.points.iter().filter_map(sign).collect()
    };
    let there: Vec<(Axis, Sign)> = sources.all.iter().flat_map(|source| signs(&source.statement)).collect();
    signs(claim).iter().all(|sign| there.contains(sign))
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
        Stated::Fact(fact, _) => {
            let passing = match &fact.value {
                _ if is_unnumbered(fact) => true,
                Value::RelativeDay(0) | Value::Weekdays(_) | Value::RelativePeriod(_) => true,
                // 1個につき, 一度, 2点とも: counted, not stated.
                Value::Count { n, unit } => n.high <= Number::whole(if *unit == "点" { 3 } else { 1 }),
                // The end of a day.
                Value::Time(at) => (at.hour, at.minute) == (23, 59),
                _ => false,
            };
            !passing && !told.values.contains(&fact.value)
        }
    }
}

fn is_sure(stated: &Stated) -> bool {
    let Stated::Fact(fact, _) = stated else { return false };
    matches!(
        fact.value,
        Value::Date(_) | Value::RelativeDay(_) | Value::Phone(_) | Value::Url(_) | Value::Email(_) | Value::Code(_)
    )
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
    let Some(first) = best(&mut rows.clone()) else { return Judgement::for_want_of_words() };
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
        return Judgement::for_want_of_words();
    }
    let sources = chosen.into_iter().map(|row| meeting.near[row]).collect();
    Judgement { sources, ..Judgement::alone(Verdict::Supported) }
}
