//! What was read out of texts that come again: a shop's passages and set phrases are read for every letter that uses them,
//! and say the same each time.
//!
//! Only for what a shop wrote. A customer's words come once, and nobody keeps them in memory longer than they are worked on.

use std::{
    collections::HashMap,
    fmt, mem,
    sync::{Arc, PoisonError, RwLock},
};

use super::synonyms::Synonyms;

/// Readings by their text, so that it never matters which passage, revision or workspace a text stands in.
pub struct Memo<V> {
    at_most: usize,
    kept: RwLock<Kept<V>>,
}

/// Two halves: when the young one is full it becomes the old one, and what nobody asked for meanwhile goes.
struct Kept<V> {
    young: HashMap<Box<str>, Arc<V>>,
    old: HashMap<Box<str>, Arc<V>>,
}

/// A text longer than this is not kept, in bytes: no sentence that a letter could quote is so long.
const LONG: usize = 8 * 1024;

impl<V> fmt::Debug for Memo<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memo").field("at_most", &self.at_most).finish_non_exhaustive()
    }
}

impl<V> Memo<V> {
    /// Keeps so many readings at most.
    pub fn new(at_most: usize) -> Self {
        Self { at_most, kept: RwLock::new(Kept { young: HashMap::new(), old: HashMap::new() }) }
    }

    /// The reading of a text, made where it is not known.
    pub fn of(&self, text: &str, read: impl FnOnce(&str) -> V) -> Arc<V> {
        // A replay reads with the synonyms of then: what it reads is not what others find here.
        if Synonyms::are_others() {
            return Arc::new(read(text));
        }
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.young.get(text) {
            return Arc::clone(known);
        }
        let known = kept.old.get(text).cloned();
        drop(kept);
        // Without the lock: another thread may read the same meanwhile, and finds the same.
        let reading = known.unwrap_or_else(|| Arc::new(read(text)));
        if text.len() <= LONG {
            self.keep(text, &reading);
        }
        reading
    }

    /// The reading of a text that was kept.
    pub fn known(&self, text: &str) -> Option<Arc<V>> {
        if Synonyms::are_others() {
            return None;
        }
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.young.get(text).or_else(|| kept.old.get(text)).cloned()
    }

    fn keep(&self, text: &str, reading: &Arc<V>) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.young.len() >= self.at_most / 2 {
            kept.old = mem::take(&mut kept.young);
        }
        kept.young.insert(text.into(), Arc::clone(reading));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_once_while_it_is_asked_for() {
        let memo = Memo::new(4);
        let reads = std::cell::Cell::new(0);
        let length = |text: &str| {
            reads.set(reads.get() + 1);
            text.len()
        };
        for text in ["a", "bb", "a", "bb", "a"] {
            assert_eq!(*memo.of(text, length), text.len());
        }
        assert_eq!(reads.get(), 2);
        assert!(memo.known("a").is_some() && memo.known("ccc").is_none());
    }

    #[test]
    fn what_nobody_asks_for_any_more_goes_and_the_rest_stays() {
        let memo = Memo::new(4);
        for n in 0..100 {
            memo.of("often", str::len);
            memo.of(&n.to_string(), str::len);
        }
        assert!(memo.known("often").is_some() && memo.known("0").is_none());
        let kept = memo.kept.read().unwrap();
        assert!(kept.young.len() + kept.old.len() <= 4);
    }

    #[test]
    fn a_text_that_is_very_long_is_read_and_not_kept() {
        let (memo, long) = (Memo::new(4), "長".repeat(LONG));
        assert_eq!(*memo.of(&long, str::len), 3 * LONG);
        assert!(memo.known(&long).is_none());
    }
}
