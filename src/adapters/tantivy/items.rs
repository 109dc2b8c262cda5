//! The passages themselves, read from the segments when they are first needed.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    sync::{Arc, PoisonError, RwLock},
};

use tantivy::{
    DocAddress, Searcher, TantivyDocument,
    columnar::Column,
    schema::{Field, Value},
};

use super::schema::KIND;
use crate::domain::{EvidenceItem, Kind};

/// So many are kept at most, about a kilobyte each; then it begins anew.
const ROOM: usize = 16_384;

/// Where a passage stands: the segment above, the document below.
type Place = u64;

/// Spreads places over a table; nobody outside chooses them.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, place: u64) {
        self.0 = (self.0 ^ place).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

/// The passages of one state of an index.
pub struct Items {
    field: Field,
    kinds: Vec<Column<u64>>,
    kept: RwLock<HashMap<Place, Arc<EvidenceItem>, BuildHasherDefault<Spread>>>,
}

impl Items {
    /// Nothing is read yet.
    pub fn of(searcher: &Searcher, field: Field) -> tantivy::Result<Self> {
        let kinds = searcher.segment_readers().iter().map(|segment| segment.fast_fields().u64(KIND));
        Ok(Self { field, kinds: kinds.collect::<Result<_, _>>()?, kept: RwLock::default() })
    }

    /// What kind of document a passage is of, without reading it.
    pub fn kind(&self, segment: usize, document: u32) -> Option<Kind> {
        let place = self.kinds[segment].first(document)?;
        Kind::ALL.get(usize::try_from(place).ok()?).copied()
    }

    /// A passage; `None` for what is no passage.
    pub fn item(
        &self,
        searcher: &Searcher,
        segment: usize,
        document: u32,
    ) -> tantivy::Result<Option<Arc<EvidenceItem>>> {
        let place = (segment as u64) << 32 | u64::from(document);
        if let Some(item) = self.kept.read().unwrap_or_else(PoisonError::into_inner).get(&place) {
            return Ok(Some(Arc::clone(item)));
        }
        let stored: TantivyDocument = searcher.doc(DocAddress::new(segment as u32, document))?;
        let text = stored.get_first(self.field).and_then(|value| value.as_str());
        let Some(item) = text.and_then(|text| serde_json::from_str(text).ok()).map(Arc::new) else { return Ok(None) };
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == ROOM {
            kept.clear();
        }
        kept.insert(place, Arc::clone(&item));
        Ok(Some(item))
    }
}
