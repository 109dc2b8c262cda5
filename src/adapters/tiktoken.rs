//! Lengths in tokens by OpenAI's vocabularies, which the crate carries. Loading one takes a fifth of a second and
//! tens of megabytes, so it happens once, beside the start, and only where a model is asked.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    thread,
};

use tiktoken_rs::CoreBPE;

use crate::{config::Encoding, ports::Tokenizer};

/// So many lengths are kept. A revision's text never changes, and neither do a brand's clauses: what was counted once
/// is known. Kept is a number under a hash, never the text.
const KEPT: usize = 65_536;

/// A vocabulary that is loaded, or will be in a moment.
#[derive(Clone)]
pub struct Tiktoken {
    vocabulary: Arc<OnceLock<&'static CoreBPE>>,
    kept: Arc<Mutex<HashMap<u64, usize>>>,
}

impl Tiktoken {
    /// Loads, which takes a fifth of a second the first time, and returns.
    pub fn loaded(encoding: Encoding) -> Self {
        Self { vocabulary: Arc::new(OnceLock::from(vocabulary(encoding))), kept: Arc::default() }
    }

    /// Begins to load; returns at once.
    pub fn loading(encoding: Encoding) -> Self {
        let this = Self { vocabulary: Arc::default(), kept: Arc::default() };
        let slot = Arc::clone(&this.vocabulary);
        thread::spawn(move || {
            slot.get_or_init(|| vocabulary(encoding));
        });
        this
    }
}

fn vocabulary(encoding: Encoding) -> &'static CoreBPE {
    match encoding {
        Encoding::O200k => tiktoken_rs::o200k_base_singleton(),
        Encoding::Cl100k => tiktoken_rs::cl100k_base_singleton(),
    }
}

impl Tokenizer for Tiktoken {
    fn count(&self, text: &str) -> Option<usize> {
        let vocabulary = self.vocabulary.get()?;
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let hash = hasher.finish();
        if let Some(known) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(&hash) {
            return Some(*known);
        }
        // What looks like a token of a chat template is counted as the characters it consists of: it is sent as such.
        let count = vocabulary.encode_ordinary(text).len();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(hash, count);
        Some(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_the_vocabulary_s_the_first_time_and_ever_after() {
        let tokenizer = Tiktoken::loading(Encoding::Cl100k);
        let count = |text: &str| loop {
            match tokenizer.count(text) {
                Some(count) => return count,
                None => thread::yield_now(),
            }
        };
        let text = "返品は、商品の到着後7日以内に承ります。<|im_end|>";
        let counted = vocabulary(Encoding::Cl100k).encode_ordinary(text).len();
        assert_eq!((count(text), count(text), count("")), (counted, counted, 0));
        assert!(counted > 20, "a template token counts as its characters");
    }
}
