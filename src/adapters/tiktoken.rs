//! Lengths in tokens by OpenAI's vocabularies, which the crate carries. Loading one takes a fifth of a second and
//! tens of megabytes, so it happens once, beside the start, and only where a model is asked.

use std::{
    sync::{Arc, OnceLock},
    thread,
};

use tiktoken_rs::CoreBPE;

use crate::{config::Encoding, ports::Tokenizer};

/// A vocabulary that is loaded, or will be in a moment.
#[derive(Clone)]
pub struct Tiktoken(Arc<OnceLock<&'static CoreBPE>>);

impl Tiktoken {
    /// Begins to load; returns at once.
    pub fn loading(encoding: Encoding) -> Self {
        let this = Self(Arc::default());
        let slot = Arc::clone(&this.0);
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
        // What looks like a token of a chat template is counted as the characters it consists of: it is sent as such.
        self.0.get().map(|vocabulary| vocabulary.encode_ordinary(text).len())
    }
}
