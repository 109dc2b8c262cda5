//! How passages are scored: BM25 over five fields, summed.
//!
//! score = BM25(words) + 0.3 BM25(bigrams) + 0.3 BM25(shingles) + 0.4 BM25(kanji) + 2 t BM25(concepts), divided by the highest value
//! the query could reach, so that it lies in 0..1 and means "how much of what was asked is here".
//! t is 1 in a corpus that speaks of buying and selling, and goes to 0 in one that speaks of the world: concepts are
//! words of shops. Weights and constants come from the measurements that `eval/README.md` names.

use std::{collections::HashMap, sync::Arc};

use super::{
    Shard,
    gains::{self, Gain},
};
use crate::{
    domain::{Audience, Evidence, EvidenceItem, Ground, Kind, TermField},
    language::analysis::{self, Terms},
    ports::Query,
};

/// Code points of an inquiry that are searched with; what a long e-mail asks stands before this.
const MAX_CHARS: usize = 2_000;

/// What our guess of the matter weighs beside the customer's words.
const MATTER: f32 = 0.3;
/// What only the desk may read stands below what can be quoted to the customer, where both fit.
const INTERNAL: f64 = 0.8;
/// So many past replies at least are shown below the rules: for their wording.
const PAST_REPLIES: usize = 2;

/// What a kind's passages weigh: a rule of the shop before what somebody once wrote, both before a clause
/// of the tone guide. A piece of a policy is one rule under its own heading, where an FAQ mixes several. Nothing weighs more than 1,
/// so that a score stays in 0..1 without being cut off, which would make equals of what is not.
fn weight(kind: Kind) -> f64 {
    match kind {
        Kind::Policy => 1.0,
        Kind::Faq => 0.91,
        Kind::PastReply => 0.7,
        Kind::Guide => 0.2,
    }
}

/// What a rule weighs whose own title is not about the main matter of the inquiry, where that is known.
const OTHER_MATTER: f64 = 0.83;

/// What a passage's score is multiplied with.
#[derive(Clone, Copy)]
pub(super) struct Weights {
    pub(super) kind: f64,
    pub(super) audience: f64,
    pub(super) matter: f64,
}

pub(super) fn search(shard: &Shard, query: &Query<'_>) -> tantivy::Result<Evidence> {
    let trade = shard.gains.trade;
    let asked = asked(query, trade);
    let (clauses, bound) = clauses(shard, &asked, trade)?;
    let mut evidence = Evidence { index_sequence: shard.sequence, ..Evidence::default() };
    if bound <= 0.0 {
        return Ok(evidence);
    }
    let mut scores = vec![0.0; shard.gains.documents()];
    add(&clauses, &mut scores);
    // What does not hold is dropped after scoring, so more is fetched until enough is left or nothing more comes.
    let mut fetch = query.limit * 3 + 20;
    let mut found: Vec<(f64, &EvidenceItem)> = Vec::new();
    loop {
        let best = gains::best(&scores, fetch);
        found.clear();
        for (score, document) in &best {
            let item = shard.gains.item(shard.fields.item, *document)?.filter(|item| fits(item, query));
            found.extend(
                item.and_then(|item| Some((scored(f64::from(score / bound), weights(item, query, trade)?), item))),
            );
        }
        let rules = found.iter().filter(|(_, item)| place(item) == 0).count();
        if best.len() < fetch || rules >= query.limit {
            break;
        }
        fetch *= 4;
    }
    evidence.items = rank(found, query.limit);
    Ok(evidence)
}

/// A term of the question.
pub(super) struct Clause<'t> {
    pub(super) field: TermField,
    pub(super) text: &'t str,
    /// What it gives; `None` for a term that no passage has.
    pub(super) gain: Option<Arc<Gain>>,
    /// How many times.
    pub(super) times: f32,
}

/// The customer's words and our guess of the matter, with what each weighs.
pub(super) fn asked(query: &Query<'_>, trade: f32) -> [(Terms, f32); 2] {
    let text: String = query.text.chars().take(MAX_CHARS).collect();
    [(analysis::analyse(&text), 1.0), (analysis::analyse(query.matter), MATTER * trade)]
}

/// Adds up what the terms give to each document.
pub(super) fn add(clauses: &[Clause<'_>], scores: &mut [f32]) {
    for Clause { gain, times, .. } in clauses {
        gain.iter().for_each(|gain| gain.add(*times, scores));
    }
}

/// One clause a term, and the highest score all of them together could give.
pub(super) fn clauses<'t>(
    shard: &Shard,
    asked: &'t [(Terms, f32)],
    trade: f32,
) -> tantivy::Result<(Vec<Clause<'t>>, f32)> {
    let fields = &shard.fields;
    let weighted = [
        (TermField::Words, fields.words, 1.0),
        (TermField::Bigrams, fields.bigrams, 0.3),
        (TermField::Shingles, fields.shingles, 0.3),
        (TermField::Kanji, fields.kanji, 0.4),
        (TermField::Concepts, fields.concepts, 2.0 * trade),
    ];
    let documents = shard.gains.documents() as f32;
    let (mut clauses, mut bound) = (Vec::new(), 0.0);
    for (field, indexed, weight) in weighted {
        let mut counts: HashMap<&str, f32> = HashMap::new();
        for (terms, share) in asked {
            terms.of(field).iter().for_each(|term| *counts.entry(&term.text).or_default() += share);
        }
        // The order of clauses decides the last bit of a float sum: sort, so that a replay gives the same score.
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_unstable_by_key(|(text, _)| *text);
        for (text, count) in counts {
            let gain = shard.gains.gain(indexed, text)?;
            // A Latin word that no document has is another language, not a question that nothing answers.
            if gain.is_none() && text.is_ascii() {
                continue;
            }
            let frequency = gain.as_ref().map_or(0.0, |gain| gain.frequency);
            bound += weight * count * gains::idf(documents, frequency);
            clauses.push(Clause { field, text, gain, times: weight * count });
        }
    }
    Ok((clauses, bound))
}

/// What a passage weighs; `None` for what is no passage.
pub(super) fn weights(item: &EvidenceItem, query: &Query<'_>, trade: f32) -> Option<Weights> {
    let Ground::Passage { kind, .. } = &item.ground else { return None };
    let other = place(item) == 0 && query.about.is_some_and(|about| !about(&item.title));
    // Titles of an encyclopedia are about no matter of a shop.
    let matter = if other { 1.0 - (1.0 - OTHER_MATTER) * f64::from(trade) } else { 1.0 };
    let audience = if item.audience == Audience::Internal { INTERNAL } else { 1.0 };
    Some(Weights { kind: weight(*kind), audience, matter })
}

/// What a passage is worth.
pub(super) fn scored(lexical: f64, Weights { kind, audience, matter }: Weights) -> f64 {
    // As many places as a reader can use: the last bits of a sum of floats mean nothing.
    (lexical * kind * audience * matter * 1e5).round() / 1e5
}

/// Nothing that no longer holds, and nothing that this reader may not see: internal passages, and what somebody
/// once wrote to another customer.
pub(super) fn fits(item: &EvidenceItem, query: &Query<'_>) -> bool {
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
fn rank(mut found: Vec<(f64, &EvidenceItem)>, limit: usize) -> Vec<EvidenceItem> {
    found.sort_by(|(a_score, a), (b_score, b)| {
        place(a).cmp(&place(b)).then_with(|| b_score.total_cmp(a_score)).then_with(|| a.id().cmp(b.id()))
    });
    let mut kept = [0; 3];
    found.retain(|(_, item)| {
        let room = limit.saturating_sub(kept.iter().sum());
        let room = if place(item) == 1 { room.max(PAST_REPLIES.min(limit).saturating_sub(kept[1])) } else { room };
        kept[place(item)] += 1;
        room > 0
    });
    let ranked = found.into_iter().zip(1..);
    ranked.map(|((score, item), rank)| EvidenceItem { score, rank, ..item.clone() }).collect()
}
