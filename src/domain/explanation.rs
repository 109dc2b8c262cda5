//! Why a passage was found where it was, or was left out: for people who ask, never for a draft.

use serde::{Deserialize, Serialize};

use super::{EvidenceItem, Span};

/// The kinds of terms that a text is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TermField {
    /// Dictionary words, without function words.
    Words,
    /// Pairs of neighbouring Japanese letters.
    Bigrams,
    /// Pairs of neighbouring words.
    Shingles,
    /// Single kanji.
    Kanji,
    /// Groups of words that say the same, by the group's name.
    Concepts,
}

impl TermField {
    /// The word in JSON and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Bigrams => "bigrams",
            Self::Shingles => "shingles",
            Self::Kanji => "kanji",
            Self::Concepts => "concepts",
        }
    }
}

/// A term that was searched with.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedTerm {
    /// Which kind.
    pub field: TermField,
    /// In normal form; a concept by its group's name.
    pub text: String,
    /// In how many passages it stands.
    pub passages: usize,
    /// What it could give at most, as a share of all that was asked: these add up to 1.
    pub share: f64,
}

/// A term that a passage has.
#[derive(Debug, Clone, PartialEq)]
pub struct TermMatch {
    /// Which kind.
    pub field: TermField,
    /// In normal form.
    pub text: String,
    /// What it gave; these add up to the passage's `lexical`.
    pub score: f64,
    /// Where it stands in the passage's text, in code points; nowhere where only title or heading have it.
    pub spans: Vec<Span>,
}

/// Where a passage ended up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It was found, at this rank.
    Found(usize),
    /// Its rule does not hold on the day that decides.
    NotValid,
    /// Enough passages of the same document stand above it.
    SameDocument,
    /// Enough other passages stand above it.
    BeyondLimit,
}

impl Standing {
    /// The word in JSON and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Found(_) => "found",
            Self::NotValid => "not_valid",
            Self::SameDocument => "same_document",
            Self::BeyondLimit => "beyond_limit",
        }
    }
}

/// A passage with the sum behind its score: `lexical`, led towards 1 by what is near, times the weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighed {
    /// The passage; its score is the final one.
    pub item: EvidenceItem,
    /// How much of what was asked its words hold, 0 to 1.
    pub lexical: f64,
    /// How near its meaning is to the question's, 0 to 1; 0 where it is not among the nearest, or nobody can tell.
    pub near: f64,
    /// What its kind weighs.
    pub kind_weight: f64,
    /// What weighs on it that only the desk may read it.
    pub audience_weight: f64,
    /// What weighs on a rule whose title is about another matter than the inquiry.
    pub matter_weight: f64,
    /// Its terms, the strongest first.
    pub matches: Vec<TermMatch>,
    /// Where it ended up.
    pub standing: Standing,
}

/// A search with its reasons.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Explanation {
    /// What was searched with: without greeting, signature and personal data.
    pub searched: String,
    /// The shop's words for what it seems to be about, which count a little too.
    pub matter: String,
    /// The terms of both, the weightiest first.
    pub terms: Vec<AskedTerm>,
    /// The passages that fit best, found or not, best first.
    pub passages: Vec<Weighed>,
}
