//! Every key once: what has been read so far, and where.

use std::collections::HashMap;

use super::{
    GUIDE_KEY,
    format::{Entry, Fault},
};
use crate::domain::NewRevision;

/// Entries in the order they came, with where they stand.
#[derive(Default)]
pub struct Catalogue {
    revisions: Vec<NewRevision>,
    places: Vec<String>,
    by_key: HashMap<String, Vec<usize>>,
}

impl Catalogue {
    /// Takes an entry in, unless its key is spoken for: the same key may only come again as another revision of the
    /// same document, for other days.
    pub fn add(&mut self, revision: NewRevision, entry: &Entry) -> Result<(), Fault> {
        let refuse = |reason| Err(Fault { line: entry.line, reason });
        if revision.key == GUIDE_KEY {
            return refuse(format!("the key {GUIDE_KEY:?} belongs to the tone guide: choose another"));
        }
        let same_key = self.by_key.entry(revision.key.clone()).or_default();
        for &at in same_key.iter() {
            let (first, place) = (&self.revisions[at], &self.places[at]);
            if first.kind != revision.kind {
                return refuse(format!("the key {:?} is already used in {place}: choose another", revision.key));
            }
            if first.validity.overlaps(&revision.validity) {
                return refuse(format!(
                    "the key {:?} is already used in {place} for the same days: choose another key, or give the two \
                     a valid_from and valid_until that do not overlap",
                    revision.key
                ));
            }
        }
        same_key.push(self.revisions.len());
        self.places.push(place(revision.source.as_deref().unwrap_or_default(), entry));
        self.revisions.push(revision);
        Ok(())
    }

    /// What was taken in.
    pub fn into_revisions(self) -> Vec<NewRevision> {
        self.revisions
    }
}

fn place(file: &str, entry: &Entry) -> String {
    let part = entry.part.as_ref().map(|part| format!(" {part}")).unwrap_or_default();
    let line = entry.line.map(|line| format!(" line {line}")).unwrap_or_default();
    format!("{file}{part}{line}")
}
