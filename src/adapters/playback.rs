//! What models said once, from its recorded bytes.

use std::sync::Arc;

use super::{openai, tiktoken::Tiktoken};
use crate::{
    config::Encoding,
    domain::Attempt,
    ports::{Playback, Tokenizer},
};

/// Reads answers of OpenAI-compatible servers, and measures by OpenAI's vocabularies.
pub struct RecordedAnswers;

impl Playback for RecordedAnswers {
    fn said(&self, attempt: &Attempt) -> Option<String> {
        openai::said(attempt)
    }

    fn tokenizer(&self, vocabulary: &str) -> Option<Arc<dyn Tokenizer>> {
        let encoding: Encoding = serde_json::from_value(vocabulary.into()).ok()?;
        Some(Arc::new(Tiktoken::loaded(encoding)))
    }
}
