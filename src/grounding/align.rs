//! Which evidence speaks of the same thing as a claim: content words in common, weighted by how rare they
//! are in this evidence, and nearer when they share a clause.

use std::collections::{HashMap, HashSet};

use crate::domain::{Audience, EvidenceItem, Span};
use crate::language::sentence::sentences;

use super::statement::{Statement, Term};

/// A word in the same clause, in the same sentence, in the same passage.
const NEAR: [f64; 3] = [1.0, 0.8, 0.45];
/// How much a word of another clause of the claim asks.
const ASIDE: f64 = 0.4;
/// A word that another passage speaks of and this one does not asks more: the claim is about that.
const ELSEWHERE: f64 = 1.4;

/// One sentence of the evidence.
pub struct Source {
    /// Which item, by its place in the list.
    pub item: usize,
    /// Where it stands in the item's text.
    pub span: Span,
    /// What it says.
    pub statement: Statement,
    /// Whether it is from a past reply.
    pub weak: bool,
    /// How far its word goes: a record over a passage, a passage over a past reply.
    pub authority: f64,
}

/// The evidence, read once for all sentences of a draft.
pub struct Sources {
    /// Its sentences, in order.
    pub all: Vec<Source>,
    /// What each item talks about, title included.
    topics: Vec<HashSet<Term>>,
    weights: HashMap<Term, f64>,
    unknown: f64,
}

impl Sources {
    /// Reads what may carry a claim; guide clauses and internal passages may not.
    pub fn of(evidence: &[EvidenceItem]) -> Self {
        let mut all = Vec::new();
        let mut topics = vec![HashSet::new(); evidence.len()];
        for (at, item) in evidence.iter().enumerate() {
            if !item.can_ground() || item.audience != Audience::Public {
                continue;
            }
            topics[at].extend(Statement::of(&item.title).terms.keys());
            for span in sentences(&item.text) {
                let statement = Statement::of(span.of(&item.text));
                topics[at].extend(statement.terms.keys());
                let authority = match (item.revision().is_none(), item.is_weak()) {
                    (true, _) => 1.25,
                    (false, false) => 1.0,
                    (false, true) => 0.85,
                };
                all.push(Source { item: at, span, statement, weak: item.is_weak(), authority });
            }
        }
        let mut counts: HashMap<Term, f64> = HashMap::new();
        for source in &all {
            for term in source.statement.terms.keys() {
                *counts.entry(*term).or_insert(0.0) += 1.0;
            }
        }
        let total = all.len() as f64;
        let weights = counts.into_iter().map(|(term, count)| (term, (1.0 + total / count).ln())).collect();
        Self { all, topics, weights, unknown: (1.0 + total).ln() }
    }

    fn weight(&self, term: Term) -> f64 {
        self.weights.get(&term).copied().unwrap_or(self.unknown)
    }

    /// How near a clause of the claim is to a clause of a source, 0 to 1. `except` tells the terms of the
    /// very fact that is compared.
    pub fn nearness(
        &self,
        claim: &Statement,
        clause: usize,
        source: &Source,
        against: usize,
        except: &dyn Fn(Term) -> bool,
    ) -> f64 {
        let (mut shared, mut asked) = (0.0, 0.0);
        for (term, places) in claim.terms.iter().filter(|(term, _)| !except(**term)) {
            let here = places & (1 << clause) != 0;
            let weight = self.weight(*term) * if here { 1.0 } else { ASIDE };
            let elsewhere = self.weights.contains_key(term) && !self.topics[source.item].contains(term);
            asked += weight * if elsewhere { ELSEWHERE } else { 1.0 };
            shared += weight
                * match source.statement.terms.get(term) {
                    Some(places) if places & (1 << against) != 0 => NEAR[0],
                    Some(_) => NEAR[1],
                    None if self.topics[source.item].contains(term) => NEAR[2],
                    None => 0.0,
                };
        }
        if asked == 0.0 { 0.0 } else { shared / asked }
    }

    /// Which share of what a claim talks about stands in these sources, 0 to 1.
    pub fn coverage(&self, claim: &Statement, sources: &[usize]) -> f64 {
        let (mut shared, mut asked) = (0.0, 0.0);
        for term in claim.terms.keys() {
            let weight = self.weight(*term);
            asked += weight;
            let nearest = sources.iter().filter_map(|at| self.all.get(*at)).map(|source| {
                if source.statement.terms.contains_key(term) {
                    NEAR[0]
                } else if self.topics[source.item].contains(term) {
                    NEAR[2]
                } else {
                    0.0
                }
            });
            shared += weight * nearest.fold(0.0, f64::max);
        }
        if asked == 0.0 { 0.0 } else { shared / asked }
    }
}
