//! How passages are scored: BM25 over five fields, summed.
//!
//! score = BM25(words) + 0.3 BM25(bigrams) + 0.3 BM25(shingles) + 0.4 BM25(kanji) + 2 t BM25(concepts), divided by the highest value
//! the query could reach, so that it lies in 0..1 and means "how much of what was asked is here".
//! t is 1 in a corpus that speaks of buying and selling, and goes to 0 in one that speaks of the world: concepts are
//! words of shops. Weights and constants come from the measurements that `eval/README.md` names.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use tantivy::schema::Field;

use super::{
    impacts::{self, Impacts, Listing},
    near::{self, NearHit},
    scan::{self, Hit, Weighted},
    schema::Fields,
    shard::Shard,
};
use crate::{
    domain::{Audience, Evidence, EvidenceItem, Kind, TermField},
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
    let terms = terms(query, shard.impacts.trade);
    let clauses = clauses(&shard.impacts, &shard.fields, &terms);
    let terms = weighted(&clauses);
    let near = near::hits(shard, query.near, &terms)?;
    // What does not hold is dropped after scoring, so more is fetched until enough is left or nothing more comes.
    let mut fetch = query.limit + query.limit / 2 + 8;
    loop {
        let weigh = |segment, document| shard.items.kind(segment, document).map(|kind| (place(kind), weight(kind)));
        let hits = scan::best(&terms, shard.impacts.searcher.segment_readers(), &weigh, fetch);
        let whole = hits[RULES].len() < fetch;
        let mut found = Found::new(query, shard);
        near.iter().for_each(|hit| found.take_near(hit));
        hits.iter().flatten().try_for_each(|hit| found.look_at(hit))?;
        if whole || found.by_words() >= query.limit {
            return Ok(Evidence { items: found.ranked(), index_sequence: shard.sequence, ..Evidence::default() });
        }
        fetch *= 4;
    }
}

/// A term of the question.
pub(super) struct Clause<'s, 't> {
    pub(super) field: TermField,
    pub(super) text: &'t str,
    /// Where it stands; `None` for a term that no passage has.
    pub(super) listing: Option<Listing<'s>>,
    /// The most that it can give; all of them together 1.
    pub(super) share: f32,
}

impl Clause<'_, '_> {
    /// What of it some passage has.
    pub(super) fn weighted(&self) -> Option<Weighted<'_>> {
        Some(Weighted { listing: self.listing.as_ref()?, factor: (self.share * scan::ONE) as u32 })
    }
}

/// The customer's words and our guess of the matter, with what each weighs.
pub(super) fn terms(query: &Query<'_>, trade: f32) -> [(Terms, f32); 2] {
    let text: String = query.text.chars().take(MAX_CHARS).collect();
    [(analysis::analyse(&text), 1.0), (analysis::analyse(query.matter), MATTER * trade)]
}

/// One clause a term.
pub(super) fn clauses<'s, 't>(impacts: &'s Impacts, fields: &Fields, asked: &'t [(Terms, f32)]) -> Vec<Clause<'s, 't>> {
    let weighted = [
        (TermField::Words, fields.words, 1.0),
        (TermField::Bigrams, fields.bigrams, 0.3),
        (TermField::Shingles, fields.shingles, 0.3),
        (TermField::Kanji, fields.kanji, 0.4),
        (TermField::Concepts, fields.concepts, 2.0 * impacts.trade),
    ];
    let mut named: Vec<(TermField, Field, &'t str, f32)> = Vec::new();
    for (field, indexed, weight) in weighted {
        let mut counts: HashMap<&str, f32> = HashMap::new();
        for (terms, share) in asked {
            terms.of(field).iter().for_each(|term| *counts.entry(&term.text).or_default() += share);
        }
        let first = named.len();
        named.extend(counts.into_iter().map(|(text, count)| (field, indexed, text, weight * count)));
        // The order of clauses decides the last bit of a float sum: sort, so that a replay gives the same score.
        named[first..].sort_unstable_by_key(|(_, _, text, _)| *text);
    }
    let terms: Vec<(Field, &str)> = named.iter().map(|(_, indexed, text, _)| (*indexed, *text)).collect();
    let (mut clauses, mut bound) = (Vec::with_capacity(named.len()), 0.0);
    for ((field, _, text, times), listing) in named.into_iter().zip(impacts.listings(&terms)) {
        // A Latin word that no document has is another language, not a question that nothing answers.
        if listing.is_none() && text.is_ascii() {
            continue;
        }
        let frequency = listing.as_ref().map_or(0, |listing| listing.frequency);
        let share = times * impacts::idf(impacts.documents, frequency);
        bound += share;
        clauses.push(Clause { field, text, listing, share });
    }
    clauses.iter_mut().for_each(|clause| clause.share /= bound);
    clauses
}

/// What of the question some passage has.
pub(super) fn weighted<'s>(clauses: &'s [Clause<'s, '_>]) -> Vec<Weighted<'s>> {
    clauses.iter().filter_map(Clause::weighted).filter(|term| term.factor > 0).collect()
}

/// What a passage of this title weighs.
pub(super) fn weights(kind: Kind, item: &EvidenceItem, query: &Query<'_>, trade: f32) -> Weights {
    let other = place(kind) == RULES && query.about.is_some_and(|about| !about(&item.title));
    // Titles of an encyclopedia are about no matter of a shop.
    let matter = if other { 1.0 - (1.0 - OTHER_MATTER) * f64::from(trade) } else { 1.0 };
    let audience = if item.audience == Audience::Internal { INTERNAL } else { 1.0 };
    Weights { kind: weight(kind), audience, matter }
}

/// How much of what was asked a passage has.
pub(super) fn lexical(score: u32) -> f64 {
    f64::from(score) / f64::from(scan::ONE)
}

/// What a passage is worth.
pub(super) fn scored(lexical: f64, Weights { kind, audience, matter }: Weights) -> f64 {
    // As many places as a reader can use.
    (lexical * kind * audience * matter * 1e5).round() / 1e5
}

/// Nothing that no longer holds, and nothing that this reader may not see: internal passages, and what somebody
/// once wrote to another customer.
pub(super) fn fits(item: &EvidenceItem, query: &Query<'_>) -> bool {
    let public = item.audience == Audience::Public && !item.is_weak();
    item.validity.holds(query.now.day(), query.order_date) && (query.internal || public)
}

/// Where rules of the shop stand among the places.
const RULES: usize = 0;
const REPLIES: usize = 1;
const CLAUSES: usize = 2;

/// Rules of the shop, what somebody once wrote, clauses of the tone guide.
fn place(kind: Kind) -> usize {
    match kind {
        Kind::Faq | Kind::Policy => RULES,
        Kind::PastReply => REPLIES,
        Kind::Guide => CLAUSES,
    }
}

/// The passages that were found, each place best first.
struct Found<'a> {
    query: &'a Query<'a>,
    shard: &'a Shard,
    places: [Vec<(f64, Arc<EvidenceItem>)>; 3],
    /// Near documents that were taken in already, and how many of them are rules.
    near: HashSet<(usize, u32)>,
    near_rules: usize,
}

impl<'a> Found<'a> {
    fn new(query: &'a Query<'a>, shard: &'a Shard) -> Self {
        Self { query, shard, places: Default::default(), near: HashSet::new(), near_rules: 0 }
    }

    /// How many rules were found by their words alone.
    fn by_words(&self) -> usize {
        self.places[RULES].len() - self.near_rules
    }

    /// Near ones come before the hits: what nearness has lifted is found wherever its words alone would stand.
    fn take_near(&mut self, hit: &NearHit) {
        let Some(kind) = self.shard.items.kind(hit.segment, hit.document) else { return };
        if fits(&hit.item, self.query) {
            self.near.insert((hit.segment, hit.document));
            self.near_rules += usize::from(place(kind) == RULES);
            self.insert(kind, near::fused(hit.lexical, hit.similarity), Arc::clone(&hit.item));
        }
    }

    /// Hits come best first: one that even at full weight is no better than the last of enough is not read.
    fn look_at(&mut self, hit: &Hit) -> tantivy::Result<()> {
        let Shard { impacts, items, .. } = self.shard;
        let Some(kind) = items.kind(hit.segment, hit.document) else { return Ok(()) };
        if self.near.contains(&(hit.segment, hit.document)) {
            return Ok(());
        }
        let (lexical, place) = (lexical(hit.score), place(kind));
        let full = Weights { kind: weight(kind), audience: 1.0, matter: 1.0 };
        let last = self.query.limit.checked_sub(1).and_then(|last| self.places[place].get(last));
        if last.is_some_and(|(score, _)| scored(lexical, full) < *score) {
            return Ok(());
        }
        let item = items.item(&impacts.searcher, hit.segment, hit.document)?;
        if let Some(item) = item.filter(|item| fits(item, self.query)) {
            self.insert(kind, lexical, item);
        }
        Ok(())
    }

    fn insert(&mut self, kind: Kind, worth: f64, item: Arc<EvidenceItem>) {
        let score = scored(worth, weights(kind, &item, self.query, self.shard.impacts.trade));
        // Equal scores by id, so that the order never depends on the layout of segments.
        let before =
            |(other, held): &(f64, Arc<EvidenceItem>)| *other > score || (*other == score && held.id() < item.id());
        let place = &mut self.places[place(kind)];
        let at = place.partition_point(before);
        place.insert(at, (score, item));
    }

    fn ranked(self) -> Vec<EvidenceItem> {
        let limit = self.query.limit;
        let [rules, replies, clauses] = self.places;
        let rules_shown = rules.len().min(limit);
        let replies_shown = replies.len().min((limit - rules_shown).max(PAST_REPLIES.min(limit)));
        let clauses_shown = limit.saturating_sub(rules_shown + replies_shown);
        let shown = rules.into_iter().take(rules_shown).chain(replies.into_iter().take(replies_shown));
        let ranked = shown.chain(clauses.into_iter().take(clauses_shown)).zip(1..);
        ranked.map(|((score, item), rank)| EvidenceItem { score, rank, ..EvidenceItem::clone(&item) }).collect()
    }
}
