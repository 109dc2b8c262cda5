//! The evidence, read once for all sentences of a draft: what each of its sentences says and where each word
//! stands. How near one of them is to a claim is told in `meeting`.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::{Audience, EvidenceItem, Span};
use crate::language::sentence::sentences;

use super::statement::Statement;
use super::terms::{Term, TermMap, TermSet};
use super::text::slices;

/// How many sentences of one item are read. Passages are shorter; only a record made to be long has more.
const SENTENCES: usize = 200;

/// One sentence of the evidence.
pub struct Source {
    /// Which item, by its place in the list.
    pub item: usize,
    /// Where it stands in the item's text.
    pub span: Span,
    /// What it says.
    pub statement: Arc<Statement>,
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
    pub(super) topics: Vec<TermSet>,
    /// In which sentences each term stands, and in which of their clauses.
    pub(super) places: TermMap<Vec<(usize, u64)>>,
    by_core: HashMap<String, Vec<usize>>,
}

impl Sources {
    /// Reads what may carry a claim; guide clauses and internal passages may not.
    pub fn of(evidence: &[EvidenceItem]) -> Self {
        let mut all = Vec::new();
        let mut topics = vec![TermSet::default(); evidence.len()];
        for (at, item) in evidence.iter().enumerate() {
            if !item.can_ground() || item.audience != Audience::Public {
                continue;
            }
            // What a record says is about this customer alone.
            let read = |text: &str| match item.revision() {
                Some(_) => Statement::of_ours(text),
                None => Arc::new(Statement::of(text)),
            };
            topics[at].extend(read(&item.title).terms.iter().map(|told| told.term));
            let mut spans = sentences(&item.text);
            spans.truncate(SENTENCES);
            for (span, sentence) in slices(&item.text, &spans) {
                let statement = read(sentence);
                topics[at].extend(statement.terms.iter().map(|told| told.term));
                let authority = match (item.revision().is_none(), item.is_weak()) {
                    (true, _) => 1.25,
                    (false, false) => 1.0,
                    (false, true) => 0.85,
                };
                all.push(Source { item: at, span, statement, weak: item.is_weak(), authority });
            }
        }
        let mut places: TermMap<Vec<(usize, u64)>> = TermMap::default();
        let mut by_core: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, source) in all.iter().enumerate() {
            for told in &source.statement.terms {
                places.entry(told.term).or_default().push((at, told.clauses));
            }
            if !source.statement.cut {
                by_core.entry(source.statement.core().to_owned()).or_default().push(at);
            }
        }
        Self { all, topics, places, by_core }
    }

    /// How much a term tells in this evidence.
    pub(super) fn weight(&self, term: Term) -> f64 {
        let total = self.all.len() as f64;
        self.places.get(&term).map_or((1.0 + total).ln(), |at| (1.0 + total / at.len() as f64).ln())
    }

    /// Whether any of it, title included, talks of a term.
    pub(super) fn knows(&self, term: Term) -> bool {
        self.topics.iter().any(|topic| topic.contains(&term))
    }

    /// The sentences that are this one, word for word, in order.
    pub fn verbatim(&self, claim: &Statement) -> &[usize] {
        let core = claim.core();
        let same = if claim.cut || core.is_empty() { None } else { self.by_core.get(core) };
        same.map_or(&[], Vec::as_slice)
    }
}
