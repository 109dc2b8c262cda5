//! One sentence and the evidence: the verdict and the sources it rests on.

use std::collections::HashSet;

use crate::domain::Verdict;
use crate::language::quantity::Fact;

use super::align::Sources;
use super::claim::{self, Said};
use super::comparison::Comparison;
use super::deny::Likeness;
use super::features::Features;
use super::meeting::Meeting;
use super::polarity::{Axis, Sign};
use super::policy::is_policy;
use super::statement::{Point, Stated, Statement};
use super::told::Told;
use super::trees;

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
    /// What the rules say without the trees.
    pub by_rules: Verdict,
    /// What the trees were asked with; none where the rules settle it by themselves.
    pub features: Vec<f64>,
}

impl Judgement {
    pub(super) fn alone(verdict: Verdict) -> Self {
        Self { verdict, sources: Vec::new(), open: false, by_rules: verdict, features: Vec::new() }
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
            judgement => Judgement { features: judgement.features, ..Judgement::alone(Verdict::NotAClaim) },
        },
    }
}

/// Compares a sentence with the evidence; at least so much of its words has to stand there. The trees weigh all that the rules
/// found at once; where a typed fact settles it, they are not heard.
fn compared(claim: &Statement, sources: &Sources, told: &Told, at_least: f64) -> Judgement {
    let meeting = Meeting::of(claim, sources, &told.terms);
    let comparison = Comparison::of(claim, &meeting, told);
    let by_rules = by_rules(&comparison, sources, at_least);
    let features = Features::of(&comparison, sources, by_rules.verdict, at_least).values;
    let against = comparison.against_most();
    let verdict = match trees::verdict(&features) {
        // No likeness of words argues away another number in a sentence that says the same, nor stands in for what nobody read.
        Verdict::Supported | Verdict::NotAClaim if comparison.is_denied_by_fact() => Verdict::Contradicted,
        Verdict::Supported if comparison.unread => Verdict::Unsupported,
        // Money and deadlines are claims however politely they are said.
        Verdict::NotAClaim if by_rules.verdict == Verdict::Unsupported && is_policy(&claim.normal) => {
            Verdict::Unsupported
        }
        // Who says otherwise speaks of the same.
        Verdict::Contradicted if against.is_none() => by_rules.verdict,
        verdict => verdict,
    };
    let judgement = match (verdict, against) {
        (verdict, _) if verdict == by_rules.verdict => by_rules.clone(),
        (Verdict::Supported, _) => support(&meeting, sources, &comparison.carried, 0.0),
        (Verdict::Contradicted, Some(row)) => {
            Judgement { sources: vec![meeting.near[row]], ..Judgement::alone(verdict) }
        }
        (verdict, _) => Judgement::alone(verdict),
    };
    let open = by_rules.open && judgement.verdict != Verdict::Contradicted;
    Judgement { open, by_rules: by_rules.verdict, features, ..judgement }
}

/// What the rules alone make of a comparison.
fn by_rules(comparison: &Comparison<'_>, sources: &Sources, at_least: f64) -> Judgement {
    let Comparison { meeting, carried, .. } = comparison;
    let none = meeting.uncovered();
    let speaks_of_it = |(_, row): &Likeness| meeting.share_here(&none, *row) >= at_least;
    let against = comparison.against().filter(speaks_of_it).max_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((_, row)) = against {
        return Judgement { sources: vec![meeting.near[row]], ..Judgement::alone(Verdict::Contradicted) };
    }
    if comparison.silent {
        return Judgement::alone(Verdict::Unsupported);
    }
    let least = match (carried.len(), comparison.sure) {
        (0, _) => COVERED,
        (1, false) => COVERED_WITH_FACTS,
        // A number to dial, or two figures at once: nothing else can be meant.
        (_, true) | (2.., _) => 0.0,
    };
    let judgement = support(meeting, sources, carried, least.max(at_least));
    Judgement { open: comparison.settled && (judgement.open || judgement.verdict == Verdict::Supported), ..judgement }
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
