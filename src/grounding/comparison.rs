//! What the rules find when a claim meets the evidence: which facts are carried, what says otherwise, what nobody speaks of.

use std::collections::HashSet;

use crate::language::quantity::{Number, Value};

use super::answer::{Answer, Related, answer, relations};
use super::deny::{Answered, Likeness, answered};
use super::follow::Following;
use super::meeting::{Meeting, POINTS};
use super::statement::{Point, Stated, Statement, is_unnumbered};
use super::told::Told;
use super::turned::turned;

/// From so near another value stands against a claim whatever else is alike.
const PLAIN: f64 = 0.8;

/// How much of a claim a sentence has to talk of to say otherwise.
const SPEAKS_OF: f64 = 0.25;

/// A claim beside its evidence, with all that the rules found.
pub struct Comparison<'c> {
    /// The claim.
    pub claim: &'c Statement,
    /// The evidence beside it.
    pub meeting: &'c Meeting<'c>,
    /// What is known beside both.
    pub told: &'c Told,
    /// The typed facts that are compared.
    pub points: Vec<&'c Point>,
    /// For each, what the evidence has of its attribute.
    pub relations: Vec<Vec<Related<'c>>>,
    /// For each fact that the evidence states too, where.
    pub carried: Vec<Vec<usize>>,
    /// Facts that are other than the claim's.
    pub other_facts: Vec<Likeness>,
    /// What is said to its yes or no.
    pub answered: Answered,
    /// What turns it round.
    pub turned: Option<Likeness>,
    /// Whether it states what no evidence speaks of.
    pub silent: bool,
    /// Whether it states more than was compared, or what has no meaning here: 明日 where nobody says which day it is.
    pub unread: bool,
    /// Whether it states what cannot be met by chance.
    pub sure: bool,
    /// What may pass unsaid where words decide may not where a model does.
    pub settled: bool,
}

impl<'c> Comparison<'c> {
    /// Compares them.
    pub fn of(claim: &'c Statement, meeting: &'c Meeting<'c>, told: &'c Told) -> Self {
        let facts = claim.points.iter().filter(|point| matches!(point.stated, Stated::Fact(..)));
        let points: Vec<&Point> = facts.clone().take(POINTS).collect();
        let relations = relations(claim, &points, meeting, told.today);
        let unread =
            claim.cut || facts.count() > POINTS || told.today.is_none() && points.iter().any(|at| is_relative(at));
        let mut found = Self {
            silent: unread,
            unread,
            carried: Vec::new(),
            other_facts: Vec::new(),
            answered: answered(claim, meeting, told),
            turned: turned(claim, meeting),
            sure: false,
            settled: true,
            claim,
            meeting,
            told,
            points,
            relations,
        };
        found.take_answers();
        found
    }

    fn take_answers(&mut self) {
        let following = Following { claim: self.claim, meeting: self.meeting, told: self.told };
        for (at, (point, related)) in self.points.iter().zip(&self.relations).enumerate() {
            let besides = self.relations.iter().enumerate().filter(|(other, _)| *other != at);
            let agreed = besides.flat_map(|(_, related)| related).filter(|related| related.agrees);
            let agreed: HashSet<usize> = agreed.map(|related| related.against.row).collect();
            match answer(point, related, &following, &agreed) {
                Answer::Same(from) if matches!(point.stated, Stated::Fact(..)) => {
                    self.sure |= is_sure(&point.stated);
                    self.carried.push(from);
                }
                Answer::Same(_) => {}
                Answer::Otherwise(row, near) => self.other_facts.push((near, row)),
                Answer::Silent => {
                    self.settled = false;
                    self.silent |= must_be_carried(&point.stated, self.told);
                }
            }
        }
    }

    /// All that says otherwise.
    pub fn against(&self) -> impl Iterator<Item = Likeness> {
        self.other_facts.iter().copied().chain(self.answered.denied_by()).chain(self.turned)
    }

    /// Whether another value stands in a sentence that speaks of the very same.
    pub fn is_denied_by_fact(&self) -> bool {
        self.other_facts.iter().any(|(near, _)| *near >= PLAIN)
    }

    /// The sentence that says otherwise if any does: what the rules found against it, else what speaks most of it, if any speaks
    /// of it at all.
    pub fn against_most(&self) -> Option<usize> {
        let none = self.meeting.uncovered();
        let rows = (0..self.meeting.near.len()).map(|row| (self.meeting.share_here(&none, row), row));
        let most = |among: &mut dyn Iterator<Item = Likeness>| {
            among.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).map(|(_, row)| row)
        };
        most(&mut self.against()).or_else(|| most(&mut rows.filter(|(share, _)| *share >= SPEAKS_OF)))
    }
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

fn is_relative(point: &Point) -> bool {
    matches!(&point.stated, Stated::Fact(fact, _) if matches!(fact.value, Value::RelativeDay(days) if days != 0))
}

fn is_sure(stated: &Stated) -> bool {
    let Stated::Fact(fact, _) = stated else { return false };
    matches!(
        fact.value,
        Value::Date(_) | Value::RelativeDay(_) | Value::Phone(_) | Value::Url(_) | Value::Email(_) | Value::Code(_)
    )
}
