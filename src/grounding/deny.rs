//! Yes against no: whether a sentence of the evidence denies what a claim says, or says the same of it.
//!
//! Predicates are few, so that a yes and a no stand side by side in every text; what counts is whether they are said of the
//! same thing. It has to be seen from both sides: the claim's words stand in the evidence, and the evidence's clause
//! names nothing that the claim is not about (沖縄への配達はできません denies no delivery to Tokyo).

use super::{
    meeting::Meeting,
    polarity::{Axis, Sign},
    statement::{Point, Stated, Statement},
    told::Told,
};

/// How alike the two have to be before a no answers a yes.
const DENIES: f64 = 0.6;
/// The same where the verb alone says yes or no, whatever the verb.
const DENIES_LOOSELY: f64 = 0.92;
/// What holds otherwise, after a day or but for an exception, denies less what is said without it.
const COMPLEMENT: f64 = 0.6;
/// A clause of the claim to which another clause of it answers better.
const OTHER_CLAUSE: f64 = 0.7;
/// And how much more alike than any sentence that says the same.
const MARGIN: f64 = 1.1;
/// So alike are they that the margin hardly matters.
const PLAIN: f64 = 0.8;
/// A word of the same passage, against one of the same clause.
const IN_PASSAGE: f64 = 0.6;
/// So much of the claim has to stand there before a thing on a list is looked for.
const LISTED: f64 = 0.3;
/// A word of another clause of the claim asks less.
const ASIDE: f64 = 0.4;
/// A word of the evidence that the customer used is known to be meant.
const BY_CUSTOMER: f64 = 0.6;

/// How alike a clause of the claim and one of the evidence are, and which sentence it stands in.
pub type Likeness = (f64, usize);

/// What the evidence says to the yes or no of a claim: the most alike clause that says the same, and that says otherwise.
#[derive(Debug, Default, Clone, Copy)]
pub struct Answered {
    /// Of those that say the same.
    pub same: Option<Likeness>,
    /// Of those that say otherwise.
    pub other: Option<Likeness>,
}

impl Answered {
    /// The sentence that denies the claim.
    pub fn denied_by(&self) -> Option<Likeness> {
        let same = self.same.map_or(0.0, |(like, _)| like);
        let margin = |like: f64| if like >= PLAIN { 1.02 } else { MARGIN };
        self.other.filter(|(like, _)| *like >= DENIES && *like > margin(*like) * same)
    }
}

/// Compares each yes and no of a claim with those of the evidence; the one that is denied most comes back.
pub fn answered(claim: &Statement, meeting: &Meeting<'_>, told: &Told) -> Answered {
    let mine: Vec<Signed> = signed(claim);
    let mut all = vec![Answered::default(); mine.len()];
    for row in 0..meeting.near.len() {
        let evidence = meeting.statement(row);
        for theirs in signed(evidence) {
            let like = |own: &Signed| {
                let excludes = own.sign == Sign::Yes && theirs.sign == Sign::No;
                likeness((claim, own.clause), (evidence, theirs.clause), excludes, row, meeting, told)
            };
            let likes: Vec<f64> = mine.iter().map(like).collect();
            let most = likes.iter().copied().fold(0.0, f64::max);
            for ((own, like), answered) in mine.iter().zip(likes).zip(&mut all) {
                if alike(own.axis) != alike(theirs.axis) {
                    continue;
                }
                let mut like = meeting.authority(row) * like;
                like *= if own.axis == Axis::Said || theirs.axis == Axis::Said { DENIES / DENIES_LOOSELY } else { 1.0 };
                if own.sign != theirs.sign {
                    // Of two clauses of a claim, the one that is more alike is the one that is meant.
                    like *=
                        if like < most * 0.95 * meeting.authority(row) && mine.len() > 1 { OTHER_CLAUSE } else { 1.0 };
                    let left = |of: &Statement, clause| is_complement(of, clause);
                    like *= if left(claim, own.clause) != left(evidence, theirs.clause) { COMPLEMENT } else { 1.0 };
                }
                let best = if own.sign == theirs.sign { &mut answered.same } else { &mut answered.other };
                if best.is_none_or(|(most, _)| like > most) {
                    *best = Some((like, row));
                }
            }
        }
    }
    let odds = |answered: &Answered| answered.denied_by().map_or(-1.0, |(like, _)| like);
    all.into_iter().max_by(|a, b| odds(a).total_cmp(&odds(b))).unwrap_or_default()
}

/// A yes or no of a sentence, and the clause that says it.
#[derive(Debug, Clone, Copy)]
struct Signed {
    axis: Axis,
    sign: Sign,
    clause: usize,
}

fn signed(statement: &Statement) -> Vec<Signed> {
    let polarity = |point: &Point| match point.stated {
        Stated::Polarity(axis, sign) => Some(Signed { axis, sign, clause: point.clause }),
        Stated::Fact(..) => None,
    };
    statement.points.iter().filter_map(polarity).collect()
}

/// What is done is allowed.
fn alike(axis: Axis) -> Axis {
    if matches!(axis, Axis::Done | Axis::Said) { Axis::Allowed } else { axis }
}

/// How much two clauses are about one thing, 0 to 1: the geometric mean of what each has of the other. Of a list that
/// `excludes`, the one thing that the claim names is enough.
fn likeness(
    (claim, mine): (&Statement, usize),
    (evidence, theirs): (&Statement, usize),
    excludes: bool,
    row: usize,
    meeting: &Meeting<'_>,
    told: &Told,
) -> f64 {
    let (own, near) = (claim.governed(mine), evidence.governed(theirs));
    let find = |of: &Statement, term| of.terms.iter().find(|told| told.term == term).copied();
    let (mut asked, mut met) = (0.0, 0.0);
    for word in &claim.terms {
        let weight = word.weight * if word.clauses & own != 0 { 1.0 } else { ASIDE };
        asked += weight;
        met += weight
            * match find(evidence, word.term) {
                Some(there) if there.clauses & near != 0 => 1.0,
                Some(_) => 0.8,
                None if meeting.is_topic(row, word.term) => IN_PASSAGE,
                None => 0.0,
            };
    }
    let (mut named, mut known) = (0.0, 0.0);
    for word in evidence.terms.iter().filter(|word| word.clauses & near != 0) {
        named += word.weight;
        known += word.weight
            * match find(claim, word.term) {
                Some(_) => 1.0,
                None if told.terms.contains(&word.term) => BY_CUSTOMER,
                None => 0.0,
            };
    }
    let share = |part: f64, all: f64| if all == 0.0 { 0.0 } else { part / all };
    let mut theirs = share(known, named);
    if excludes && share(met, asked) > LISTED && names_one_of(claim, evidence, near) {
        theirs = theirs.max(1.0);
    }
    (share(met, asked) * theirs).sqrt()
}

/// Whether the clause is about a list, and the claim about a thing on it: レース、シェード、アウトレット生地は対象外です.
fn names_one_of(claim: &Statement, evidence: &Statement, clauses: u64) -> bool {
    let text = evidence.words(clauses);
    let Some((list, _)) = text.split_once('は') else { return false };
    let things: Vec<&str> = list
        .split(['・', '、', ',', '/'])
        .flat_map(|part| part.split("および"))
        .flat_map(|part| part.split("または"))
        .collect();
    let named = |thing: &&str| {
        let words = super::terms::words(thing, &[]);
        let has = |term| claim.terms.iter().any(|told| told.term == term);
        words.iter().any(|word| word.weight > 0.5) && words.iter().all(|word| word.weight <= 0.5 || has(word.term))
    };
    things.len() > 1 && things.iter().any(named)
}

/// Whether a clause or its condition is about what is left: それ以降, 期限を過ぎた, お付けでない場合.
fn is_complement(statement: &Statement, clause: usize) -> bool {
    const LEFT: &[&str] = &[
        "以降",
        "以後",
        "過ぎ",
        "超え",
        "それ以外",
        "上記以外",
        "でない場合",
        "ない場合",
        "ない方",
        "ないとき",
        "なければ",
    ];
    let words = statement.words(statement.governed(clause));
    LEFT.iter().any(|word| words.contains(word))
}
