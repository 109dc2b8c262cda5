//! For how long words are kept.

use serde::{Deserialize, Serialize};

/// What a text about a customer is, as far as the time for which it is kept goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextClass {
    /// What customers wrote, with the records of their cases.
    Inquiries,
    /// Suggestions with all that a model was asked and said, and what was streamed of drafts that failed.
    Drafts,
    /// What was sent, and why a draft was not.
    Replies,
    /// QA's reasons, and the words of waivers.
    Rulings,
}

impl TextClass {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Inquiries, Self::Drafts, Self::Replies, Self::Rulings];

    /// The word in JSON and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inquiries => "inquiries",
            Self::Drafts => "drafts",
            Self::Replies => "replies",
            Self::Rulings => "rulings",
        }
    }

    /// Reads [`TextClass::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == text)
    }
}
