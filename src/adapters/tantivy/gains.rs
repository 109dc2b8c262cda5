//! What each passage gains by a term, worked out when the term is first asked for and kept for one state of the index.
//!
//! Customers ask with the same few thousand terms, and a shop has thousands of passages, not millions: adding ready-made
//! numbers is several times cheaper than reading and weighing postings for each question, even with all that an engine
//! skips. It also fixes the order in which a sum is made, whatever segments there are.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock, PoisonError, RwLock},
};

use tantivy::{
    DocAddress, Searcher, SegmentReader, TantivyDocument, Term,
    fieldnorm::FieldNormReader,
    schema::{Field, IndexRecordOption, Value},
};

use super::schema::Fields;
use crate::domain::EvidenceItem;

/// BM25's constants: where a shop repeats a word it means it a little more than an encyclopedia does. `search` names the
/// measurements that they come from.
const K1: f32 = 0.6;
const K1_OF_TRADE: f32 = 0.75;
const B: f32 = 0.6;
/// From so many concepts a word on a corpus is a shop's: FAQs have 0.3 to 0.4, an encyclopedia 0.05.
const TRADE: f32 = 0.25;
/// So many numbers are kept at most, 4 bytes each; then it begins anew. Ten thousand passages need a fifth of it.
const ROOM: usize = 16_000_000;

/// One state of an index.
pub struct Gains {
    searcher: Searcher,
    /// How much of a shop's corpus this is, in 0..1. Squared, so that the few concepts of any text count for nearly
    /// nothing.
    pub trade: f32,
    /// Where each segment begins when documents are counted through.
    starts: Vec<usize>,
    documents: usize,
    items: Vec<OnceLock<Option<EvidenceItem>>>,
    kept: RwLock<Kept>,
}

#[derive(Default)]
struct Kept {
    of: HashMap<Field, HashMap<String, Arc<Gain>>>,
    numbers: usize,
}

/// What a term gives.
pub struct Gain {
    /// In how many documents it stands, those that were taken out since included.
    pub frequency: f32,
    to: To,
}

enum To {
    /// Every document, 0 where the term is not.
    All(Vec<f32>),
    /// These documents, in order.
    Few(Vec<(u32, f32)>),
}

impl Gains {
    /// Nothing is worked out yet.
    pub fn of(searcher: Searcher, fields: &Fields) -> tantivy::Result<Self> {
        let (mut starts, mut documents) = (Vec::new(), 0);
        for segment in searcher.segment_readers() {
            starts.push(documents);
            documents += segment.max_doc() as usize;
        }
        let items = (0..documents).map(|_| OnceLock::new()).collect();
        let (concepts, words) = (tokens(&searcher, fields.concepts)?, tokens(&searcher, fields.words)?);
        let trade = (concepts / words.max(1.0) / TRADE).min(1.0).powi(2);
        Ok(Self { searcher, trade, starts, documents, items, kept: RwLock::default() })
    }

    /// How many documents there are, those that were taken out since included.
    pub fn documents(&self) -> usize {
        self.documents
    }

    /// What a term gives to whom; `None` for a term that no document has.
    pub fn gain(&self, field: Field, text: &str) -> tantivy::Result<Option<Arc<Gain>>> {
        let known = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(gain) = known.of.get(&field).and_then(|of| of.get(text)) {
            return Ok(Some(Arc::clone(gain)));
        }
        drop(known);
        let Some(gain) = self.work_out(field, text)?.map(Arc::new) else { return Ok(None) };
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.numbers + gain.numbers() > ROOM {
            *kept = Kept::default();
        }
        kept.numbers += gain.numbers();
        kept.of.entry(field).or_default().insert(text.to_owned(), Arc::clone(&gain));
        Ok(Some(gain))
    }

    fn work_out(&self, field: Field, text: &str) -> tantivy::Result<Option<Gain>> {
        let term = Term::from_field_text(field, text);
        let frequency = self.searcher.doc_freq(&term)?;
        if frequency == 0 {
            return Ok(None);
        }
        let frequency = frequency as f32;
        let (idf, norms) = (idf(self.documents as f32, frequency), self.norms(field)?);
        let mut few = Vec::new();
        for (segment, start) in self.searcher.segment_readers().iter().zip(&self.starts) {
            each_posting(segment, &term, |document, times, norm| {
                let times = times as f32;
                few.push(((start + document as usize) as u32, idf * times / (times + norms[usize::from(norm)])));
            })?;
        }
        // From here on a number for each document takes less room than pairs, and adds several at a time.
        if few.len() * 2 < self.documents {
            return Ok(Some(Gain { frequency, to: To::Few(few) }));
        }
        let mut all = vec![0.0; self.documents];
        few.iter().for_each(|(document, gain)| all[*document as usize] = *gain);
        Ok(Some(Gain { frequency, to: To::All(all) }))
    }

    /// What the length of a text, as tantivy keeps it, takes from each of its terms.
    fn norms(&self, field: Field) -> tantivy::Result<[f32; 256]> {
        let average = tokens(&self.searcher, field)? / self.documents as f32;
        let k1 = K1 + (K1_OF_TRADE - K1) * self.trade;
        Ok(std::array::from_fn(|id| k1 * (1.0 - B + B * FieldNormReader::id_to_fieldnorm(id as u8) as f32 / average)))
    }

    /// The passage of a document; read once.
    pub fn item(&self, field: Field, document: usize) -> tantivy::Result<Option<&EvidenceItem>> {
        if let Some(item) = self.items[document].get() {
            return Ok(item.as_ref());
        }
        let segment = self.starts.partition_point(|start| *start <= document) - 1;
        let address = DocAddress::new(segment as u32, (document - self.starts[segment]) as u32);
        let stored: TantivyDocument = self.searcher.doc(address)?;
        let item = stored.get_first(field).and_then(|value| serde_json::from_str(value.as_str()?).ok());
        Ok(self.items[document].get_or_init(|| item).as_ref())
    }
}

impl Gain {
    /// Adds so many times what it gives.
    pub fn add(&self, times: f32, scores: &mut [f32]) {
        match &self.to {
            To::All(all) => scores.iter_mut().zip(all).for_each(|(score, gain)| *score += times * gain),
            To::Few(few) => few.iter().for_each(|(document, gain)| scores[*document as usize] += times * gain),
        }
    }

    /// What it gives to one document, 0 where the term is not.
    pub fn of(&self, document: usize) -> f32 {
        match &self.to {
            To::All(all) => all[document],
            To::Few(few) => {
                few.binary_search_by_key(&(document as u32), |(at, _)| *at).map_or(0.0, |place| few[place].1)
            }
        }
    }

    fn numbers(&self) -> usize {
        match &self.to {
            To::All(all) => all.len(),
            To::Few(few) => 2 * few.len(),
        }
    }
}

/// How many terms a field holds, those of documents that were taken out since included.
fn tokens(searcher: &Searcher, field: Field) -> tantivy::Result<f32> {
    let mut tokens = 0;
    for segment in searcher.segment_readers() {
        tokens += segment.inverted_index(field)?.total_num_tokens();
    }
    Ok(tokens as f32)
}

/// Documents that are still there, with how often the term stands in them and their length's id.
fn each_posting(segment: &SegmentReader, term: &Term, mut see: impl FnMut(u32, u32, u8)) -> tantivy::Result<()> {
    let Some(mut block) =
        segment.inverted_index(term.field())?.read_block_postings(term, IndexRecordOption::WithFreqs)?
    else {
        return Ok(());
    };
    let norms = segment.get_fieldnorms_reader(term.field())?;
    while block.block_len() > 0 {
        for (document, times) in block.docs().iter().zip(block.freqs()) {
            if !segment.is_deleted(*document) {
                see(*document, *times, norms.fieldnorm_id(*document));
            }
        }
        block.advance();
    }
    Ok(())
}

/// Robertson's inverse document frequency in the form that Lucene and tantivy use, never negative.
pub fn idf(documents: f32, frequency: f32) -> f32 {
    (1.0 + (documents - frequency + 0.5) / (frequency + 0.5)).ln()
}

/// The documents with most, best first; equal ones in their own order. Without a score there is no place.
pub fn best(scores: &[f32], count: usize) -> Vec<(f32, usize)> {
    let order = |a: &(f32, usize), b: &(f32, usize)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    let mut found: Vec<(f32, usize)> = Vec::with_capacity(2 * count);
    let mut least = 0.0;
    for (document, score) in scores.iter().enumerate() {
        // What is no better than the last of enough comes too late.
        if *score > least {
            found.push((*score, document));
            if found.len() == 2 * count {
                found.select_nth_unstable_by(count - 1, order);
                found.truncate(count);
                least = found[count - 1].0;
            }
        }
    }
    found.sort_unstable_by(order);
    found.truncate(count);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_are_those_that_sorting_all_would_give() {
        let scores: Vec<f32> = (0..500).map(|n| ((n * 7919) % 83) as f32).collect();
        let mut all: Vec<(f32, usize)> = scores.iter().copied().zip(0..).filter(|(score, _)| *score > 0.0).collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for count in [1, 7, 92, 499, 1000] {
            assert_eq!(best(&scores, count), all[..count.min(all.len())]);
        }
    }
}
