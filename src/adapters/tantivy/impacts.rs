//! One state of an index: what a term gives to which document, and the numbers about the whole that this rests on.
//!
//! Everything is counted over the documents that are there, so that a score depends on what an index holds and never on
//! how it came to hold it: an index that grew by a hundred changes answers as one that was built at once.

use std::collections::HashMap;

use tantivy::{Searcher, SegmentReader, fieldnorm::FieldNormReader, schema::Field};

use super::{
    lists::{self, Code, List, Lists, MOST_OFTEN},
    scan,
    schema::Fields,
};

/// BM25's constants: where a shop repeats a word it means it a little more than an encyclopedia does. `search` names the
/// measurements that they come from.
const K1: f32 = 0.6;
const K1_OF_TRADE: f32 = 0.75;
const B: f32 = 0.6;
/// From so many concepts a word on a corpus is a shop's: FAQs have 0.3 to 0.4, an encyclopedia 0.05.
const TRADE: f32 = 0.25;

/// What a text of some length that has a term so often gains by it, by [`Code`], as parts of [`scan::ONE`].
pub type Table = [u32; Code::ALL];

/// One state of an index.
pub struct Impacts {
    pub searcher: Searcher,
    lists: Vec<Lists>,
    tables: HashMap<Field, Box<Table>>,
    /// How many documents there are.
    pub documents: usize,
    /// How much of a shop's corpus this is, in 0..1. Squared, so that the few concepts of any text count for nearly
    /// nothing.
    pub trade: f32,
}

/// A term that some document has.
pub struct Listing<'a> {
    /// In how many documents it stands.
    pub frequency: usize,
    /// Its list in each segment that has one.
    pub lists: Vec<(usize, List<'a>)>,
    /// What its codes mean.
    pub table: &'a Table,
}

impl Impacts {
    /// Lists that are not there yet are made.
    pub fn of(searcher: Searcher, fields: &Fields, folder: &std::path::Path) -> tantivy::Result<Self> {
        let segments = searcher.segment_readers();
        let searched = fields.searched();
        let lists = segments.iter().map(|segment| Lists::of(segment, &searched, folder)).collect::<Result<_, _>>()?;
        let documents = searcher.num_docs() as usize;
        let lengths =
            searched.map(|field| segments.iter().map(|segment| length(segment, field)).sum::<tantivy::Result<u64>>());
        let mut of_field = HashMap::new();
        for (field, length) in searched.into_iter().zip(lengths) {
            of_field.insert(field, length? as f32);
        }
        let trade = (of_field[&fields.concepts] / of_field[&fields.words].max(1.0) / TRADE).min(1.0).powi(2);
        let average = |length: f32| length / (documents as f32).max(1.0);
        let tables = of_field.iter().map(|(field, length)| (*field, table(average(*length), trade))).collect();
        Ok(Self { searcher, lists, tables, documents, trade })
    }

    /// Where each term stands; `None` for one that no document has.
    pub fn listings(&self, terms: &[(Field, &str)]) -> Vec<Option<Listing<'_>>> {
        let hashes: Vec<u64> = terms.iter().map(|(field, term)| lists::hash(*field, term.as_bytes())).collect();
        let empty =
            |(field, _): &(Field, &str)| Listing { frequency: 0, lists: Vec::new(), table: &self.tables[field] };
        let mut listings: Vec<Listing<'_>> = terms.iter().map(empty).collect();
        for (at, (lists, segment)) in self.lists.iter().zip(self.searcher.segment_readers()).enumerate() {
            for (listing, list) in listings.iter_mut().zip(lists.find(&hashes)) {
                let Some(list) = list else { continue };
                listing.frequency += living(&list, segment);
                listing.lists.push((at, list));
            }
        }
        listings.into_iter().map(|listing| (listing.frequency > 0).then_some(listing)).collect()
    }
}

/// How many documents of a list are there still.
fn living(list: &List<'_>, segment: &SegmentReader) -> usize {
    match segment.has_deletes() {
        false => list.len(),
        true => list.from(0).filter(|(document, _)| !segment.is_deleted(*document)).count(),
    }
}

/// How many terms the texts of a segment have, each as tantivy keeps its length.
fn length(segment: &SegmentReader, field: Field) -> tantivy::Result<u64> {
    let lengths = segment.get_fieldnorms_reader(field)?;
    Ok(segment.doc_ids_alive().map(|document| u64::from(lengths.fieldnorm(document))).sum())
}

/// BM25 without the inverse document frequency, for every code.
fn table(average: f32, trade: f32) -> Box<Table> {
    let k1 = K1 + (K1_OF_TRADE - K1) * trade;
    let mut table = Box::new([0; Code::ALL]);
    for length in 0..=u8::MAX {
        let norm = k1 * (1.0 - B + B * FieldNormReader::id_to_fieldnorm(length) as f32 / average.max(1.0));
        for often in 1..=MOST_OFTEN {
            let gain = often as f32 / (often as f32 + norm);
            table[Code::new(often, length).index()] = (gain * scan::ONE) as u32;
        }
    }
    table
}

/// Robertson's inverse document frequency in the form that Lucene and tantivy use, never negative.
pub fn idf(documents: usize, frequency: usize) -> f32 {
    let (documents, frequency) = (documents as f32, frequency as f32);
    (1.0 + (documents - frequency + 0.5) / (frequency + 0.5)).ln()
}
