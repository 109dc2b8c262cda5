//! The text of a reply, in sentences.

use serde::{Deserialize, Serialize};

use super::{Id, Span, name};

/// Who wrote a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drafter {
    /// Composed from the evidence's own sentences, without a model.
    Extractive,
    /// Written by a model.
    Prompted,
}

impl Drafter {
    /// The word in JSON and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Extractive => "extractive",
            Self::Prompted => "prompted",
        }
    }
}

/// Where a draft stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftState {
    /// The one to decide on.
    Current,
    /// A later message or a regeneration replaced it.
    Superseded,
    /// An operator decided on it.
    Decided,
}

impl DraftState {
    /// The word in JSON and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Superseded => "superseded",
            Self::Decided => "decided",
        }
    }

    /// Reads [`DraftState::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Current, Self::Superseded, Self::Decided].into_iter().find(|state| state.as_str() == text)
    }
}

/// A reply as it was drafted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its id.
    pub id: Id<name::Draft>,
    /// The whole letter.
    pub text: String,
    /// Who wrote it.
    pub drafter: Drafter,
    /// Where its sentences stand.
    pub sentences: Vec<Span>,
}
