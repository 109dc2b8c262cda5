//! A claim beside the evidence that it is compared with: content words in common, weighted by how rare they are
//! in this evidence, and nearer when they share a clause.
//!
//! How much is compared has a limit, so that the time a draft takes grows with its length and no faster. What
//! people write stays far below it; above it, the sentences that share most words with the claim are taken.

use std::collections::HashMap;

use super::align::Sources;
use super::compare::{Attribute, attribute};
use super::head::Head;
use super::statement::{Stated, Statement, Told, is_term_of};
use super::terms::{Term, TermSet};

/// A word in the same clause, in the same sentence, in the same passage.
const NEAR: [f64; 3] = [1.0, 0.8, 0.45];
/// The same where the question is only whether something was said at all.
const SAID: [f64; 2] = [1.0, 0.85];
/// How much a word asks that nothing but the inquiry has: the customer knows it, and it proves nothing.
const ASKED_FOR: f64 = 0.4;
/// How much a word of another clause of the claim asks.
const ASIDE: f64 = 0.4;
/// A word that another passage speaks of and this one does not asks more: the claim is about that.
const ELSEWHERE: f64 = 1.4;

/// How many things that one claim states are compared.
pub const POINTS: usize = 64;
/// With how many sentences of the evidence a claim is compared, and with how many things they state.
const SENTENCES: usize = 512;
const STATED: usize = 2_048;
/// How many comparisons of one word are made for one claim.
const EFFORT: usize = 1_000_000;

/// A word of the claim.
struct Asked {
    term: Term,
    clauses: u64,
    /// How much it tells among these sentences.
    weight: f64,
    /// How much it tells in Japanese.
    plain: f64,
    known: bool,
}

/// A thing that the evidence states, by its place among the sentences that are compared.
#[derive(Debug, Clone, Copy)]
pub struct Against<'s> {
    /// Which sentence, by its place in [`Meeting::near`].
    pub row: usize,
    /// Which of all these things, counted through.
    pub nth: usize,
    /// What.
    pub stated: &'s Stated,
    /// In which of its clauses.
    pub clause: usize,
    /// What it stands with.
    pub head: &'s Head,
}

/// A claim and the sentences that may speak of it.
pub struct Meeting<'s> {
    /// The sentences, by their places in the sources, in order.
    pub near: Vec<usize>,
    sources: &'s Sources,
    asked: Vec<Asked>,
    total: f64,
    /// A row a sentence, a column a word: in which clauses of the sentence it stands.
    clauses: Vec<u64>,
    /// A row an item: whether it talks of the word.
    topics: HashMap<usize, Vec<bool>>,
    stated: HashMap<Attribute, Vec<Against<'s>>>,
}

impl<'s> Meeting<'s> {
    /// Brings them together.
    pub fn of(claim: &Statement, sources: &'s Sources, asked_for: &TermSet) -> Self {
        // Sums of fractions depend on their order, which is that of the claim's terms.
        let asked: Vec<Asked> = claim
            .terms
            .iter()
            .map(|Told { term, clauses, weight }| Asked {
                term: *term,
                clauses: *clauses,
                weight: weight * sources.weight(*term),
                plain: match sources.knows(*term) || !asked_for.contains(term) {
                    true => *weight,
                    false => ASKED_FOR * weight,
                },
                known: sources.places.contains_key(term),
            })
            .collect();
        let topics: HashMap<usize, Vec<bool>> = (0..sources.topics.len())
            .map(|item| (item, asked.iter().map(|asked| sources.topics[item].contains(&asked.term)).collect()))
            .collect();
        let near = nearest(claim, sources, &asked, &topics);
        let mut row_of = vec![usize::MAX; sources.all.len()];
        near.iter().enumerate().for_each(|(row, at)| row_of[*at] = row);
        let mut clauses = vec![0; near.len() * asked.len()];
        for (column, word) in asked.iter().enumerate() {
            for (at, places) in sources.places.get(&word.term).into_iter().flatten() {
                if row_of[*at] != usize::MAX {
                    clauses[row_of[*at] * asked.len() + column] = *places;
                }
            }
        }
        let points = near
            .iter()
            .enumerate()
            .flat_map(|(row, at)| sources.all[*at].statement.points.iter().map(move |point| (row, point)));
        let mut stated: HashMap<Attribute, Vec<Against<'s>>> = HashMap::new();
        for (nth, (row, point)) in points.enumerate() {
            stated.entry(attribute(&point.stated)).or_default().push(Against {
                row,
                nth,
                stated: &point.stated,
                clause: point.clause,
                head: &point.head,
            });
        }
        let total = asked.iter().map(|asked| asked.plain).sum();
        Self { near, sources, asked, total, clauses, topics, stated }
    }

    /// What a sentence says.
    pub fn statement(&self, row: usize) -> &'s Statement {
        &self.sources.all[self.near[row]].statement
    }

    /// Whether the passage or record that a sentence stands in talks of a term.
    pub fn is_topic(&self, row: usize, term: Term) -> bool {
        self.sources.topics[self.sources.all[self.near[row]].item].contains(&term)
    }

    /// How far the word of a sentence goes.
    pub fn authority(&self, row: usize) -> f64 {
        self.sources.all[self.near[row]].authority
    }

    /// What the evidence states of the same attribute.
    pub fn stated(&self, attribute: Attribute) -> &[Against<'s>] {
        self.stated.get(&attribute).map_or(&[], Vec::as_slice)
    }

    /// The words of the claim that stand for this very thing: they tell nothing when it is compared.
    pub fn own_words(&self, stated: &Stated) -> Vec<bool> {
        match stated {
            Stated::Fact(fact, _) => {
                let own = is_term_of(fact);
                self.asked.iter().map(|asked| own(asked.term)).collect()
            }
            Stated::Polarity(..) => vec![false; self.asked.len()],
        }
    }

    /// How near a clause of the claim is to a clause of a sentence, 0 to 1. `except` tells the words of the very
    /// fact that is compared.
    pub fn nearness(&self, clause: usize, against: &Against<'_>, except: &[bool]) -> f64 {
        let (mut shared, mut total) = (0.0, 0.0);
        let words = self.asked.iter().zip(self.row(against.row)).zip(self.topic(against.row));
        for (((word, places), topic), _) in words.zip(except).filter(|(_, except)| !**except) {
            let here = word.clauses & (1 << clause) != 0;
            let weight = word.weight * if here { 1.0 } else { ASIDE };
            total += weight * if word.known && !topic { ELSEWHERE } else { 1.0 };
            shared += weight
                * match (*places, *topic) {
                    (0, false) => 0.0,
                    (0, true) => NEAR[2],
                    (places, _) if places & (1 << against.clause) != 0 => NEAR[0],
                    _ => NEAR[1],
                };
        }
        if total == 0.0 { 0.0 } else { shared / total }
    }

    /// How much of what a clause of the claim names, its topic included, stands in the very clause that states something, its
    /// conditions included.
    pub fn nearness_here(&self, clauses: u64, against: &Against<'_>, except: &[bool]) -> f64 {
        let (mut shared, mut total) = (0.0, 0.0);
        let theirs = self.statement(against.row).conditioned(against.clause);
        let words = self.asked.iter().zip(self.row(against.row)).zip(except);
        for ((word, places), _) in words.filter(|((word, _), except)| !**except && word.clauses & clauses != 0) {
            total += word.plain;
            shared += if places & theirs != 0 { word.plain } else { 0.0 };
        }
        if total == 0.0 { 0.0 } else { shared / total }
    }

    /// How far each word of the claim stands in a sentence.
    fn covers(&self, row: usize) -> impl Iterator<Item = f64> {
        self.row(row).iter().zip(self.topic(row)).map(|(places, topic)| match (*places, *topic) {
            (0, false) => 0.0,
            (0, true) => SAID[1],
            _ => SAID[0],
        })
    }

    /// What no sentence covers.
    pub fn uncovered(&self) -> Cover {
        Cover(vec![0.0; self.asked.len()])
    }

    /// A sentence more.
    pub fn with(&self, cover: &Cover, row: usize) -> Cover {
        Cover(cover.0.iter().zip(self.covers(row)).map(|(had, has)| had.max(has)).collect())
    }

    /// Which share of what the claim talks about is covered when a sentence is added, 0 to 1.
    pub fn share(&self, cover: &Cover, row: usize) -> f64 {
        let each = self.asked.iter().zip(&cover.0).zip(self.covers(row));
        let shared: f64 = each.map(|((word, had), has)| word.plain * had.max(has)).sum();
        if self.total == 0.0 { 0.0 } else { shared / self.total }
    }

    /// The same, a word that only stands elsewhere in the passage counting little.
    pub fn share_here(&self, cover: &Cover, row: usize) -> f64 {
        let here = self.row(row).iter().zip(self.topic(row)).map(|(places, topic)| match (*places, *topic) {
            (0, false) => 0.0,
            (0, true) => NEAR[2],
            _ => NEAR[0],
        });
        let each = self.asked.iter().zip(&cover.0).zip(here);
        let shared: f64 = each.map(|((word, had), has)| word.plain * had.max(has)).sum();
        if self.total == 0.0 { 0.0 } else { shared / self.total }
    }

    fn row(&self, row: usize) -> &[u64] {
        &self.clauses[row * self.asked.len()..(row + 1) * self.asked.len()]
    }

    fn topic(&self, row: usize) -> &[bool] {
        &self.topics[&self.sources.all[self.near[row]].item]
    }
}

/// How far each word of a claim stands in the sentences that were chosen.
pub struct Cover(Vec<f64>);

/// All sentences where there are not too many; else those that share most words with the claim.
fn nearest(claim: &Statement, sources: &Sources, asked: &[Asked], topics: &HashMap<usize, Vec<bool>>) -> Vec<usize> {
    let stated = |at: usize| sources.all[at].statement.points.len();
    let words = asked.len().max(1);
    let rows = SENTENCES.min(EFFORT / words);
    let mut room = STATED.min(EFFORT / (words * claim.points.len().clamp(1, POINTS)));
    if sources.all.len() <= rows && (0..sources.all.len()).map(stated).sum::<usize>() <= room {
        return (0..sources.all.len()).collect();
    }
    let topic =
        |of: &Vec<bool>| asked.iter().zip(of).filter(|(_, has)| **has).map(|(word, _)| word.weight).sum::<f64>();
    let topics: HashMap<usize, f64> = topics.iter().map(|(item, of)| (*item, NEAR[2] * topic(of))).collect();
    let mut shared: Vec<f64> = sources.all.iter().map(|source| topics[&source.item]).collect();
    for word in asked {
        for (at, _) in sources.places.get(&word.term).into_iter().flatten() {
            shared[*at] += (NEAR[0] - NEAR[2]) * word.weight;
        }
    }
    let mut order: Vec<usize> = (0..sources.all.len()).collect();
    let fit = |at: usize| shared[at] * sources.all[at].authority;
    let nearer = |a: &usize, b: &usize| fit(*b).total_cmp(&fit(*a)).then(a.cmp(b));
    if order.len() > rows {
        order.select_nth_unstable_by(rows, nearer);
        order.truncate(rows);
    }
    order.sort_unstable_by(nearer);
    order.retain(|at| {
        let fits = stated(*at) <= room;
        room -= if fits { stated(*at) } else { 0 };
        fits
    });
    order.sort_unstable();
    order
}
