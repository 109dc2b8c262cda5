//! How passages are scored: BM25 over five fields, summed.
//!
//! score = BM25(words) + 0.3 BM25(bigrams) + 0.3 BM25(shingles) + 0.4 BM25(kanji) + 2 BM25(concepts), k1 = 0.75, b = 0.6, divided
//! by the highest value the query could reach, so that it lies in 0..1 and means "how much of what was asked
//! is here". Weights and constants come from the measurements that `eval/README.md` names.

use std::collections::HashMap;

use tantivy::{
    Searcher,
    collector::TopDocs,
    query::{Bm25StatisticsProvider, BooleanQuery, BoostQuery, Occur, TermQuery},
    schema::{Field, IndexRecordOption, TantivyDocument, Value},
};

use super::Shard;
use crate::{
    domain::{Audience, Evidence, EvidenceItem, Ground, Kind},
    language::analysis::{self, Term, Terms},
    ports::Query,
};

/// Code points of an inquiry that are searched with; what a long e-mail asks stands before this.
const MAX_CHARS: usize = 2_000;

/// tantivy fixes k1 = 1.2 and b = 0.75. Counting each token `STRETCH` times moves the length norm to
/// k1 = 0.3 + 0.9 / STRETCH = 0.75 and b = (0.9 / STRETCH) / k1 = 0.6, up to a constant factor.
const STRETCH: u64 = 2;
/// tantivy's k1, which bounds what one term can score at idf * (1 + k1).
const ENGINE_K1: f32 = 1.2;

/// What our guess of the matter weighs beside the customer's words.
const MATTER: f32 = 0.3;
/// What only the desk may read stands below what can be quoted to the customer, where both fit.
const INTERNAL: f64 = 0.8;
/// So many past replies at least are shown below the rules: for their wording.
const PAST_REPLIES: usize = 2;

/// What a kind's passages weigh: a rule of the shop before what somebody once wrote, both before a clause
/// of the tone guide. A piece of a policy is one rule under its own heading, where an FAQ mixes several.
fn weight(kind: Kind) -> f64 {
    match kind {
        Kind::Policy => 1.1,
        Kind::Faq => 1.0,
        Kind::PastReply => 0.8,
        Kind::Guide => 0.2,
    }
}

pub(super) fn search(shard: &Shard, query: &Query<'_>) -> tantivy::Result<Evidence> {
    let searcher = shard.reader.searcher();
    let text: String = query.text.chars().take(MAX_CHARS).collect();
    let asked = [(analysis::analyse(&text), 1.0), (analysis::analyse(query.matter), MATTER)];
    let (clauses, bound) = clauses(shard, &searcher, &asked)?;
    let mut evidence = Evidence { index_sequence: shard.sequence, ..Evidence::default() };
    if clauses.is_empty() || bound <= 0.0 {
        return Ok(evidence);
    }
    let parsed = BooleanQuery::new(clauses);
    // What does not hold is dropped after scoring, so more is fetched until enough is left or nothing more comes.
    let mut fetch = query.limit * 3 + 20;
    loop {
        let collector = TopDocs::with_limit(fetch).order_by_score();
        let found = searcher.search_with_statistics_provider(&parsed, &collector, &Stretched(&searcher))?;
        let exhausted = found.len() < fetch;
        evidence.items.clear();
        for (score, address) in found {
            let document: TantivyDocument = searcher.doc(address)?;
            evidence.items.extend(item(shard, &document, f64::from(score / bound)).filter(|item| fits(item, query)));
        }
        let rules = evidence.items.iter().filter(|item| place(item) == 0).count();
        if exhausted || rules >= query.limit {
            break;
        }
        fetch *= 4;
    }
    rank(&mut evidence.items, query.limit);
    Ok(evidence)
}

type Clauses = Vec<(Occur, Box<dyn tantivy::query::Query>)>;

/// One clause a term, and the highest score all of them together could give.
fn clauses(shard: &Shard, searcher: &Searcher, asked: &[(Terms, f32)]) -> tantivy::Result<(Clauses, f32)> {
    let fields = &shard.fields;
    type Pick = fn(&Terms) -> &[Term];
    let weighted: [(Field, f32, Pick); 5] = [
        (fields.words, 1.0, |terms| &terms.words),
        (fields.bigrams, 0.3, |terms| &terms.bigrams),
        (fields.shingles, 0.3, |terms| &terms.shingles),
        (fields.kanji, 0.4, |terms| &terms.kanji),
        (fields.concepts, 2.0, |terms| &terms.concepts),
    ];
    let documents = searcher.total_num_docs()? as f32;
    let (mut clauses, mut bound) = (Clauses::new(), 0.0);
    for (field, weight, pick) in weighted {
        let mut counts: HashMap<&str, f32> = HashMap::new();
        for (terms, share) in asked {
            pick(terms).iter().for_each(|term| *counts.entry(&term.text).or_default() += share);
        }
        // The order of clauses decides the last bit of a float sum: sort, so that a replay gives the same score.
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_unstable_by_key(|(text, _)| *text);
        for (text, count) in counts {
            let term = tantivy::Term::from_field_text(field, text);
            let frequency = searcher.doc_freq(&term)? as f32;
            // A Latin word that no document has is another language, not a question that nothing answers.
            if frequency == 0.0 && text.is_ascii() {
                continue;
            }
            bound += weight * count * (1.0 + ENGINE_K1) * idf(documents, frequency);
            if frequency > 0.0 {
                let scored = TermQuery::new(term, IndexRecordOption::WithFreqs);
                let boosted = BoostQuery::new(Box::new(scored), weight * count);
                clauses.push((Occur::Should, Box::new(boosted)));
            }
        }
    }
    Ok((clauses, bound))
}

/// Robertson's inverse document frequency in the form that Lucene and tantivy use, never negative.
fn idf(documents: f32, frequency: f32) -> f32 {
    (1.0 + (documents - frequency + 0.5) / (frequency + 0.5)).ln()
}

fn item(shard: &Shard, document: &TantivyDocument, score: f64) -> Option<EvidenceItem> {
    let stored = document.get_first(shard.fields.item)?.as_str()?;
    let mut item: EvidenceItem = serde_json::from_str(stored).ok()?;
    let Ground::Passage { kind, .. } = &item.ground else { return None };
    let internal = if item.audience == Audience::Internal { INTERNAL } else { 1.0 };
    // tantivy adds a document's terms in the order of its segments, which moves the last bits of the sum.
    item.score = ((score * weight(*kind) * internal).clamp(0.0, 1.0) * 1e5).round() / 1e5;
    Some(item)
}

/// Nothing that no longer holds, and nothing that this reader may not see: internal passages, and what somebody
/// once wrote to another customer.
fn fits(item: &EvidenceItem, query: &Query<'_>) -> bool {
    let public = item.audience == Audience::Public && !item.is_weak();
    item.validity.holds(query.now.day(), query.order_date) && (query.internal || public)
}

/// Rules of the shop, what somebody once wrote, clauses of the tone guide.
fn place(item: &EvidenceItem) -> usize {
    match &item.ground {
        Ground::Passage { kind: Kind::PastReply, .. } => 1,
        Ground::Passage { kind: Kind::Guide, .. } => 2,
        _ => 0,
    }
}

/// By kind, then best first; equal scores by id, so that the order never depends on the layout of segments.
fn rank(items: &mut Vec<EvidenceItem>, limit: usize) {
    items.sort_by(|a, b| {
        place(a).cmp(&place(b)).then_with(|| b.score.total_cmp(&a.score)).then_with(|| a.id().cmp(b.id()))
    });
    let mut kept = [0; 3];
    items.retain(|item| {
        let room = limit.saturating_sub(kept.iter().sum());
        let room = if place(item) == 1 { room.max(PAST_REPLIES.min(limit).saturating_sub(kept[1])) } else { room };
        kept[place(item)] += 1;
        room > 0
    });
    for (at, item) in items.iter_mut().enumerate() {
        item.rank = at + 1;
    }
}

/// Counts each token [`STRETCH`] times; see there.
struct Stretched<'a>(&'a Searcher);

impl Bm25StatisticsProvider for Stretched<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        Ok(self.0.total_num_tokens(field)? * STRETCH)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.0.total_num_docs()
    }

    fn doc_freq(&self, term: &tantivy::Term) -> tantivy::Result<u64> {
        Bm25StatisticsProvider::doc_freq(self.0, term)
    }
}
