//! Whether a sentence of the evidence says what a claim says but for one thing that is turned round: 発送後 for 発送前, also for
//! only, whatever the case for in this case only.

use super::{
    compare::Attribute,
    deny::Likeness,
    marks::Reach,
    meeting::Meeting,
    statement::{Stated, Statement, is_price},
};

/// How much of the claim the sentence has to talk of.
const SPEAKS_OF: f64 = 0.5;
/// A sentence that says the claim's own word, and speaks nearly as much of it.
const NEARLY: f64 = 0.85;

/// The sentence that turns the claim round, with how much it speaks of it.
pub fn turned(claim: &Statement, meeting: &Meeting<'_>) -> Option<Likeness> {
    let none = meeting.uncovered();
    let rows: Vec<Likeness> = (0..meeting.near.len()).map(|row| (meeting.share_here(&none, row), row)).collect();
    let turns = |(share, row): &Likeness| {
        let paired = || says_the_other(claim, meeting, *row, *share, &rows);
        let reached =
            || reaches_otherwise(claim, meeting.statement(*row)) && !reaches_alike(claim, meeting, *row, *share, &rows);
        *share >= SPEAKS_OF && (paired() || reached())
    };
    rows.iter().copied().filter(turns).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
}

/// Whether a sentence has the other word of a pair where the claim has one, and no sentence that is as near has the claim's.
fn says_the_other(claim: &Statement, meeting: &Meeting<'_>, row: usize, share: f64, rows: &[Likeness]) -> bool {
    let has = |of: &Statement, pair: u16, side: bool| of.marks.sides.iter().any(|(p, s, _)| (*p, *s) == (pair, side));
    claim.marks.sides.iter().any(|(pair, side, _)| {
        let there = meeting.statement(row);
        has(there, *pair, !side)
            && !has(there, *pair, *side)
            && !has(claim, *pair, !side)
            && !rows.iter().any(|(near, at)| *near >= NEARLY * share && has(meeting.statement(*at), *pair, *side))
    })
}

fn reaches_otherwise(claim: &Statement, there: &Statement) -> bool {
    let has = |of: &Statement, reach: Reach| of.marks.reaches.iter().any(|(found, _)| *found == reach);
    let threshold = there.points.iter().any(|point| match &point.stated {
        Stated::Fact(fact, _) => {
            super::compare::attribute(&point.stated) == Attribute::Amount && fact.bound.is_some() && !is_price(fact)
        }
        Stated::Polarity(..) => false,
    });
    let restricted = has(there, Reach::Only) || has(there, Reach::Except);
    let any = has(claim, Reach::Any) && !has(claim, Reach::Only) && !has(there, Reach::Any);
    let also =
        has(claim, Reach::Also) && !has(claim, Reach::Only) && !has(there, Reach::Also) && !has(there, Reach::Any);
    let only =
        has(claim, Reach::Only) && !has(there, Reach::Only) && (has(there, Reach::Any) || has(there, Reach::Also));
    let both = ["とも", "両方", "どちらも", "いずれも", "往復"].iter().any(|word| claim.normal.contains(word))
        && says_both(there);
    any && (restricted || threshold) || also && has(there, Reach::Only) || only || both
}

/// Whether another sentence reaches as far as the claim does, and speaks of it as much.
fn reaches_alike(claim: &Statement, meeting: &Meeting<'_>, row: usize, share: f64, rows: &[Likeness]) -> bool {
    let reaches = |of: &Statement| -> Vec<Reach> { of.marks.reaches.iter().map(|(reach, _)| *reach).collect() };
    let mine = reaches(claim);
    rows.iter().any(|(near, at)| {
        *at != row && *near >= share && reaches(meeting.statement(*at)).iter().any(|reach| mine.contains(reach))
    })
}

/// Whether a sentence says yes of one thing and no of another, of one axis: 往路はお客様、復路は当店の負担.
fn says_both(there: &Statement) -> bool {
    let signs = || {
        there.points.iter().filter_map(|point| match point.stated {
            Stated::Polarity(axis, sign) => Some((axis, sign)),
            Stated::Fact(..) => None,
        })
    };
    signs().any(|(axis, sign)| signs().any(|(other, against)| axis == other && sign != against))
}
