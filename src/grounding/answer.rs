//! What the evidence says to one fact that a claim states: the same, otherwise, or nothing.

use std::{cmp::Ordering, collections::HashSet};

use crate::domain::Day;
use crate::language::quantity::{Fact, Value};

use super::{
    compare::{Relation, attribute, bounds_the_rest, is_twin, relate},
    days::has_wrong_weekday,
    follow::Following,
    head::Head,
    meeting::{Against, Meeting},
    polarity::Sign,
    statement::{Point, Stated, Statement, is_price, is_unnumbered},
    sums,
};

/// How near a sentence must be for its number to carry the claim's.
const AGREES: f64 = 0.2;
/// How near for it to be heard at all.
const HEARD: f64 = 0.03;
/// How near for its other number to be the same attribute's.
const DIFFERS: f64 = 0.42;
/// Days are few in evidence, and seldom two are about one event.
const DATE_DIFFERS: f64 = 0.3;
/// How near for another number to dial, of which a shop has few, and for the same number of something else.
const CONTACT: f64 = 0.0;
const TWIN: f64 = 0.15;
/// A number that the claim states in another place hardly denies this one.
const ELSEWHERE: f64 = 0.65;
/// A condition that some source shares is only denied by one that is so much nearer.
const CONDITION: f64 = 2.0;
/// How near another value has to be where nothing agrees.
const ALONE: f64 = 0.28;
/// How near to a word that says a length without a number: 当日, 翌日.
const UNNUMBERED: f64 = 0.55;
/// How near another price has to be for no sum to lead away from it.
const PLAIN: f64 = 0.95;
/// How much nearer it is when the sentence agrees on what else the claim states.
const AGREED_BESIDES: f64 = 0.3;
/// How much more of the claim's clause its own clause has to have.
const HERE: f64 = 0.3;
/// How much nearer another value of the same sentence has to be.
const LISTED: f64 = 1.02;

/// What the evidence says to one stated thing; sentences by their rows in the meeting.
pub enum Answer {
    /// These say the same, the nearest first.
    Same(Vec<usize>),
    /// This one says otherwise.
    Otherwise(usize, f64),
    /// None speaks of it.
    Silent,
}

/// One thing that the evidence states, as it stands to a thing that the claim states.
pub struct Related<'s> {
    /// The thing.
    pub against: Against<'s>,
    /// Whether it says the same.
    pub agrees: bool,
    /// Another thing that the claim states is what this source states: 10日と5営業日 in one sentence do not deny
    /// each other.
    said_elsewhere: bool,
    /// The other end is the same: 10月1日から11月30日まで where the claim has 10月1日から12月31日まで.
    one_end: bool,
}

/// For each thing that the claim states, what the evidence has of the same attribute.
pub fn relations<'s>(
    claim: &Statement,
    points: &[&Point],
    meeting: &Meeting<'s>,
    today: Option<Day>,
) -> Vec<Vec<Related<'s>>> {
    let mut said: HashSet<usize> = HashSet::new();
    let mut ends: HashSet<(usize, usize, usize)> = HashSet::new();
    let mut all = Vec::with_capacity(points.len());
    for point in points {
        let mut related = Vec::new();
        for against in meeting.stated(attribute(&point.stated)) {
            let relation = match relate(&point.stated, against.stated, today) {
                // 2年を過ぎると有償 says of the rest what 2年以内は無償 says.
                Relation::Differs if is_of_the_rest(point, against, claim, meeting) => Relation::Other,
                relation => relation,
            };
            let agrees = relation == Relation::Agrees;
            if agrees && matches!(point.stated, Stated::Fact(..)) {
                said.insert(against.nth);
                if is_date(&point.stated) {
                    ends.insert((point.clause, against.row, against.clause));
                }
            }
            if relation != Relation::Other {
                related.push(Related { against: *against, agrees, said_elsewhere: false, one_end: false });
            }
        }
        all.push(related);
    }
    // What this thing differs from and some thing of the claim agrees with, another one agrees with.
    for (point, related) in points.iter().zip(&mut all) {
        for related in related.iter_mut().filter(|related| !related.agrees) {
            let Against { row, nth, clause, .. } = related.against;
            related.said_elsewhere = said.contains(&nth);
            related.one_end =
                !related.said_elsewhere && is_date(&point.stated) && ends.contains(&(point.clause, row, clause));
        }
    }
    all
}

/// Whether the evidence says no of what the claim says yes of, or the other way round, and bounds it from the other side.
fn is_of_the_rest(point: &Point, against: &Against<'_>, claim: &Statement, meeting: &Meeting<'_>) -> bool {
    let (Stated::Fact(fact, _), Stated::Fact(other, _)) = (&point.stated, against.stated) else { return false };
    let sided = matches!(fact.value, Value::Weekdays(_)) || bounds_the_rest(fact, other);
    let signs = (claim.sign(), meeting.statement(against.row).sign());
    // 256GBは使えません where 128GBまで is the rule.
    let beyond = fact.bound.is_none() && other.bound.is_some() && signs.0 == Some(Sign::No);
    (sided || beyond) && matches!(signs, (Some(mine), Some(theirs)) if mine != theirs)
}

/// How near one thing that the evidence states is to what the claim states.
#[derive(Debug, Clone, Copy)]
struct Rival<'s> {
    near: f64,
    /// The same, in the very clause alone.
    here: f64,
    row: usize,
    /// The same number of something else.
    twin: bool,
    /// Another thing that the claim states is what this says.
    elsewhere: bool,
    /// The other end of what it says is the claim's.
    one_end: bool,
    /// What the number stands with; a date is told by what stands behind it as well: 11月24日に発送.
    head: Option<&'s Head>,
}

pub fn answer(
    point: &Point,
    related: &[Related<'_>],
    following: &Following<'_, '_>,
    agreed: &HashSet<usize>,
) -> Answer {
    let Stated::Fact(fact, _) = &point.stated else { return Answer::Silent };
    if fact.bound.is_none() && is_quantity(fact) && following.told.values.contains(&fact.value) {
        // The customer's own case: 35本 is no rule about how many.
        return Answer::Silent;
    }
    let (mut same, mut others) = rivals(point, related, following);
    same.sort_by(|a, b| b.near.total_cmp(&a.near).then(a.row.cmp(&b.row)));
    if let Some(row) = stands_with_another(point, &same, &others) {
        return Answer::Otherwise(row, 1.0);
    }
    others.retain(|other| !same.iter().any(|same| is_of_another(point, other, same)));
    // A list names several values: one that stands on it is denied by another only where that stands with the claim's words.
    others.retain(|other| {
        let mut listed = same.iter().filter(|same| same.row == other.row);
        listed.all(|same| !other.elsewhere && (other.near > LISTED * same.near || other.here > HERE + same.here))
    });
    // What the sentence says besides is as the claim says.
    for other in others.iter_mut().filter(|other| same.is_empty() && agreed.contains(&other.row)) {
        other.near += AGREED_BESIDES;
    }
    let other =
        others.into_iter().max_by(|a, b| (a.twin, a.near).partial_cmp(&(b.twin, b.near)).unwrap_or(Ordering::Equal));
    if let Value::Date(date) = &fact.value
        && has_wrong_weekday(date, following.told.today)
    {
        let nearest = other.or(same.first().copied()).map(|rival| rival.row).or(following.best());
        return nearest.map_or(Answer::Silent, |row| Answer::Otherwise(row, 1.0));
    }
    let most = same.first().map_or(0.0, |same| same.near);
    let least = least(fact, other.is_some_and(|other| other.twin), same.is_empty());
    let denied = other.filter(|other| other.near >= least);
    let plain = denied.is_some_and(|other| is_plain(fact, &other, following));
    if most < AGREES
        && !plain
        && let Some(from) = following.from(fact, denied.is_some())
    {
        return Answer::Same(from);
    }
    let margin = if is_condition(&point.stated) { CONDITION } else { 1.0 };
    let here = |other: &Rival<'_>| same.iter().any(|same| same.row == other.row && other.here > HERE + same.here);
    if let Some(other) = denied.filter(|other| same.is_empty() || other.near > margin * most || here(other)) {
        return Answer::Otherwise(other.row, other.near.max(least));
    }
    if most < HEARD {
        return Answer::Silent;
    }
    Answer::Same(same.into_iter().filter(|same| same.near >= 0.75 * most).map(|same| same.row).collect())
}

/// What says the same, and what says otherwise.
fn rivals<'s>(
    point: &Point,
    related: &[Related<'s>],
    following: &Following<'_, '_>,
) -> (Vec<Rival<'s>>, Vec<Rival<'s>>) {
    let meeting = following.meeting;
    let except = meeting.own_words(&point.stated);
    let clauses = following.claim.governed(point.clause);
    let (mut same, mut others) = (Vec::new(), Vec::new());
    for Related { against, agrees, said_elsewhere, one_end } in related {
        let elsewhere = if *said_elsewhere { ELSEWHERE } else { 1.0 };
        let rival = Rival {
            near: elsewhere * meeting.authority(against.row) * meeting.nearness(point.clause, against, &except),
            here: meeting.nearness_here(clauses, against, &except),
            row: against.row,
            twin: !agrees && is_twin(&point.stated, against.stated),
            elsewhere: *said_elsewhere,
            one_end: *one_end,
            head: (!is_full_date(against.stated)).then_some(against.head),
        };
        if *agrees { same.push(rival) } else { others.push(rival) }
    }
    (same, others)
}

/// The sentence that names the claim's value, but of something else, and another one of what the claim speaks of.
fn stands_with_another(point: &Point, same: &[Rival<'_>], others: &[Rival<'_>]) -> Option<usize> {
    let nearest = same.first()?;
    let near = same.iter().filter(|same| same.near >= 0.75 * nearest.near);
    let denied = |same: &Rival<'_>| others.iter().any(|other| is_of_another(point, same, other));
    (nearest.near >= DIFFERS && near.into_iter().all(|same| same.row == nearest.row))
        .then_some(nearest.row)
        .filter(|row| same.iter().filter(|same| same.row == *row).all(denied))
}

/// Whether what one sentence says twice is, by the words right before it, about the second and not the first.
fn is_of_another(point: &Point, first: &Rival<'_>, second: &Rival<'_>) -> bool {
    let heads = first.head.zip(second.head).filter(|_| first.row == second.row && !is_full_date(&point.stated));
    heads.is_some_and(|(first, second)| point.head.is_of_another(first, second))
}

/// Whether no counting can explain another value away: the tax of the very amount, one end of a range, or the same words
/// with another price where the claim adds nothing up.
fn is_plain(fact: &Fact, other: &Rival<'_>, following: &Following<'_, '_>) -> bool {
    match fact.value {
        Value::Amount { .. } => other.twin || other.near >= PLAIN && !sums::is_added(&following.claim.normal),
        Value::Date(_) => other.one_end,
        _ => false,
    }
}

/// Whether a day is named with its month, or from today on.
fn is_full_date(stated: &Stated) -> bool {
    let Stated::Fact(fact, _) = stated else { return false };
    match &fact.value {
        Value::Date(date) => date.month.is_some(),
        value => matches!(value, Value::RelativeDay(_)),
    }
}

fn is_date(stated: &Stated) -> bool {
    matches!(stated, Stated::Fact(fact, _) if matches!(fact.value, Value::Date(_)))
}

/// So many things that one can buy.
fn is_quantity(fact: &Fact) -> bool {
    const BOUGHT: &[&str] =
        &["点", "枚", "本", "箱", "袋", "着", "足", "冊", "台", "脚", "組", "セット", "パック", "cm", "m", "l", "kg"];
    match fact.value {
        Value::Count { unit, .. } => BOUGHT.contains(&unit),
        _ => false,
    }
}

/// How near another value has to be to deny a fact.
fn least(fact: &Fact, twin: bool, alone: bool) -> f64 {
    match fact.value {
        Value::Phone(_) | Value::Url(_) | Value::Email(_) => CONTACT,
        _ if is_unnumbered(fact) => UNNUMBERED,
        _ if twin => TWIN,
        // Nothing that is said agrees.
        _ if alone => ALONE,
        Value::Date(_) | Value::RelativeDay(_) => DATE_DIFFERS,
        _ => DIFFERS,
    }
}

fn is_condition(stated: &Stated) -> bool {
    matches!(stated, Stated::Fact(fact, _) if matches!(fact.value, Value::Amount { .. }) && !is_price(fact))
}
