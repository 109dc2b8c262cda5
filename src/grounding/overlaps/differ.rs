//! In what two sentences on one matter differ.

use crate::domain::{Difference, Measure};

use super::super::{
    compare::{Attribute, Relation, attribute, relate},
    polarity::{Axis, Sign},
    statement::{Stated, Statement, is_price},
};
use crate::language::quantity::Fact;

/// A sentence as it is compared.
pub struct Told<'a> {
    /// Its words.
    pub quote: &'a str,
    /// What it states.
    pub statement: &'a Statement,
}

/// How two sentences on one matter stand to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// They state the same.
    Agree,
    /// One states what the other leaves open, or they state things that cannot be compared.
    Open,
    /// They cannot both be right.
    Differ(Vec<Difference>),
}

/// Compares two sentences. Two figures that differ at once are two steps of one scale (年間3万円以上で1%,
/// 8万円以上で3%), not a contradiction.
pub fn differ(one: &Told<'_>, other: &Told<'_>) -> Standing {
    let (mine, theirs) = (left_over(one, other), left_over(other, one));
    if mine.is_empty() && theirs.is_empty() {
        return polarity(one, other);
    }
    let same_kind = mine.iter().chain(&theirs).all(|fact| kind(fact) == kind(mine.first().unwrap_or(fact)));
    if mine.len() == theirs.len() && same_kind {
        let pairs = || mine.iter().zip(&theirs);
        let at_odds = |(a, b): (&&Fact, &&Fact)| relation(a, b) == Relation::Differs;
        if !pairs().all(at_odds) || mine.len() > 1 && !in_step(one, other) {
            return Standing::Open;
        }
        let differences = pairs().filter_map(|(a, b)| {
            let words = [a.span.of(one.quote).to_owned(), b.span.of(other.quote).to_owned()];
            Some(Difference { measure: measure(a)?, words })
        });
        let differences: Vec<Difference> = differences.collect();
        return if differences.is_empty() { Standing::Open } else { Standing::Differ(differences) };
    }
    // A price says by itself that something is not free; any other figure more is a condition more.
    let prices = mine.iter().chain(&theirs).all(|fact| is_price(fact));
    match polarity(one, other) {
        Standing::Differ(differences) if prices => Standing::Differ(differences),
        _ => Standing::Open,
    }
}

/// Whether two sentences have as many figures in the same order, so that the second answers the second.
fn in_step(one: &Told<'_>, other: &Told<'_>) -> bool {
    let kinds = |told: &Told<'_>| told.statement.facts().map(kind).collect::<Vec<_>>();
    kinds(one) == kinds(other)
}

fn kind(fact: &Fact) -> (Attribute, bool) {
    (attribute(&Stated::Fact(fact.clone(), Vec::new())), is_price(fact))
}

/// The facts of one sentence with which none of the other agrees.
pub fn left_over<'a>(one: &Told<'a>, other: &Told<'_>) -> Vec<&'a Fact> {
    let known = |fact: &Fact| other.statement.facts().any(|theirs| relation(fact, theirs) == Relation::Agrees);
    one.statement.facts().filter(|fact| !known(fact)).collect()
}

/// As [`relate`] sees it from both sides: a narrower claim agrees with a wider rule, so either way will do.
pub fn relation(a: &Fact, b: &Fact) -> Relation {
    let (a, b) = (Stated::Fact(a.clone(), Vec::new()), Stated::Fact(b.clone(), Vec::new()));
    match (relate(&a, &b, None), relate(&b, &a, None)) {
        (Relation::Agrees, _) | (_, Relation::Agrees) => Relation::Agrees,
        (Relation::Differs, Relation::Differs) => Relation::Differs,
        _ => Relation::Other,
    }
}

/// What is measured; an order number or 今月 is nothing that a rule could tell otherwise.
fn measure(fact: &Fact) -> Option<Measure> {
    match attribute(&Stated::Fact(fact.clone(), Vec::new())) {
        Attribute::Amount => Some(Measure::Amount),
        Attribute::Percent => Some(Measure::Percent),
        Attribute::Count(_) => Some(Measure::Count),
        Attribute::Duration => Some(Measure::Duration),
        Attribute::Day => Some(Measure::Day),
        Attribute::Time => Some(Measure::Time),
        Attribute::Weekdays => Some(Measure::Weekdays),
        Attribute::Phone | Attribute::Url | Attribute::Email => Some(Measure::Contact),
        Attribute::Period | Attribute::Code | Attribute::Polarity(_) => None,
    }
}

/// Yes against no, where each sentence says one of them only.
fn polarity(one: &Told<'_>, other: &Told<'_>) -> Standing {
    let (mine, theirs) = (signs(one.statement), signs(other.statement));
    let of = |signs: &[(Axis, Sign)], axis: Axis| {
        let own: Vec<Sign> = signs.iter().filter(|(of, _)| *of == axis).map(|(_, sign)| *sign).collect();
        own.first().filter(|first| own.iter().all(|sign| sign == *first)).copied()
    };
    let odd = [Axis::Allowed, Axis::Free, Axis::Needed, Axis::Open]
        .into_iter()
        .find(|axis| matches!((of(&mine, *axis), of(&theirs, *axis)), (Some(mine), Some(theirs)) if mine != theirs));
    match odd {
        Some(_) => {
            let words = [one.quote, other.quote].map(predicate);
            Standing::Differ(vec![Difference { measure: Measure::Polarity, words }])
        }
        None if same_signs(&mine, &theirs) => Standing::Agree,
        None => Standing::Open,
    }
}

/// What is done is allowed.
fn signs(statement: &Statement) -> Vec<(Axis, Sign)> {
    let points = statement.points.iter().filter_map(|point| match point.stated {
        Stated::Polarity(Axis::Done, sign) => Some((Axis::Allowed, sign)),
        Stated::Polarity(Axis::Said, _) => None,
        Stated::Polarity(axis, sign) => Some((axis, sign)),
        Stated::Fact(..) => None,
    });
    points.collect()
}

/// Whether nothing that one says no to is left open by the other.
fn same_signs(mine: &[(Axis, Sign)], theirs: &[(Axis, Sign)]) -> bool {
    let refusals = |signs: &[(Axis, Sign)]| -> Vec<Axis> {
        let mut axes: Vec<Axis> = Vec::new();
        for (axis, _) in signs.iter().filter(|(_, sign)| *sign == Sign::No) {
            if !axes.contains(axis) {
                axes.push(*axis);
            }
        }
        axes
    };
    let (mine, theirs) = (refusals(mine), refusals(theirs));
    mine.len() == theirs.len() && mine.iter().all(|axis| theirs.contains(axis))
}

/// The end of a sentence, from its last comma or particle on: where Japanese says yes or no.
fn predicate(quote: &str) -> String {
    let text = quote.trim_end_matches(['。', '.', '!', '！', ' ']);
    let start =
        text.rfind(['、', '，', 'は', 'を']).and_then(|at| text[at..].chars().next().map(|c| at + c.len_utf8()));
    let words = &text[start.unwrap_or(0)..];
    if words.is_empty() { text.to_owned() } else { words.trim().to_owned() }
}
