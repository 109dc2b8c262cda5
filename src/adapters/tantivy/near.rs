//! The documents of passages that are near a question, and what nearness adds to a score.
//!
//! They go the way of every other hit: the same item, the same test of what holds and who may read it, the same weights. What
//! was retired is in no index, whatever an embedder still holds of it.

use std::{collections::HashMap, sync::Arc};

use tantivy::{DocSet, TERMINATED, Term, schema::IndexRecordOption};

use super::{scan::Weighted, search, shard::Shard};
use crate::{domain::EvidenceItem, ports::Near};

/// What full nearness is worth where not a word is shared: as much as a passage that fits well by its words alone.
const SHARE: f64 = 0.3;

/// A document that is near.
pub struct NearHit {
    pub segment: usize,
    pub document: u32,
    pub item: Arc<EvidenceItem>,
    /// How near, 0 to 1.
    pub similarity: f64,
    /// How much of what was asked its words hold.
    pub lexical: f64,
}

/// The score by words, led towards 1 by nearness: in 0..1 like it, never less, and the same where nothing is near.
pub fn fused(lexical: f64, similarity: f64) -> f64 {
    lexical + SHARE * similarity * (1.0 - lexical)
}

/// Where the near passages stand that the index has.
pub fn hits(shard: &Shard, near: &[Near], terms: &[Weighted<'_>]) -> tantivy::Result<Vec<NearHit>> {
    let mut found = Vec::new();
    let mut revisions: HashMap<&str, HashMap<&str, f64>> = HashMap::new();
    for Near { revision, passage, similarity } in near {
        revisions.entry(revision.as_str()).or_default().insert(passage.as_str(), *similarity);
    }
    let searcher = &shard.impacts.searcher;
    for (segment, reader) in searcher.segment_readers().iter().enumerate() {
        if revisions.is_empty() {
            break;
        }
        let index = reader.inverted_index(shard.fields.revision)?;
        for (revision, passages) in &revisions {
            let term = Term::from_field_text(shard.fields.revision, revision);
            let Some(mut documents) = index.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            while documents.doc() != TERMINATED {
                let document = documents.doc();
                documents.advance();
                if reader.is_deleted(document) {
                    continue;
                }
                let Some(item) = shard.items.item(searcher, segment, document)? else { continue };
                if let Some(similarity) = passages.get(item.id()).copied() {
                    let words = terms.iter().map(|term| term.of(segment, document)).sum();
                    let lexical = search::lexical(words);
                    found.push(NearHit { segment, document, item, similarity, lexical });
                }
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearness_only_adds_and_never_beyond_one() {
        for step in 0..=10 {
            let lexical = f64::from(step) / 10.0;
            assert_eq!(fused(lexical, 0.0).to_bits(), lexical.to_bits(), "as if it were not there");
            assert!(fused(lexical, 0.5) >= lexical && fused(lexical, 1.0) <= 1.0);
            assert!(fused(lexical, 1.0) >= fused(lexical, 0.5));
        }
    }
}
