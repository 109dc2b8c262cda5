//! What a sentence stands on.

use serde::{Deserialize, Serialize};

use super::Span;

/// What comparing a sentence with the evidence found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Greeting, thanks, apology, question, request.
    NotAClaim,
    /// The evidence says so.
    Supported,
    /// The evidence says otherwise.
    Contradicted,
    /// The evidence is silent.
    Unsupported,
}

impl Verdict {
    /// The word in JSON and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAClaim => "not_a_claim",
            Self::Supported => "supported",
            Self::Contradicted => "contradicted",
            Self::Unsupported => "unsupported",
        }
    }
}

/// Draft span to evidence span, with the quoted words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// The sentence of the checked text.
    pub draft_span: Span,
    /// Which item of the evidence, by its place in the list.
    pub evidence: usize,
    /// The words it quotes.
    pub quote: String,
    /// Where they stand in the item's text.
    pub quote_span: Span,
}

/// One sentence of a checked text with its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentenceVerdict {
    /// The sentence.
    pub span: Span,
    /// What was found.
    pub verdict: Verdict,
    /// Whether it stands on past replies alone.
    pub weak: bool,
    /// Whether a model read it out of what is cited, where facts were silent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_model: bool,
    /// Indexes into the citations: what supports it, or what contradicts it.
    pub citations: Vec<usize>,
}

/// Verdicts of a whole text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Grounding {
    /// One per sentence, in the order of the text.
    pub verdicts: Vec<SentenceVerdict>,
    /// What the verdicts point at.
    pub citations: Vec<Citation>,
}

impl Grounding {
    /// How many sentences got this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.verdicts.iter().filter(|sentence| sentence.verdict == verdict).count()
    }
}
