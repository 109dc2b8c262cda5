//! The text of a reply, in sentences.

use serde::{Deserialize, Serialize};

use super::{Asked, Failure, Id, Span, name};

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

    /// Reads [`Drafter::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Extractive, Self::Prompted].into_iter().find(|drafter| drafter.as_str() == text)
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
    /// Why the extractive draft stands in for a model's; `None` when it does not.
    #[serde(default)]
    pub fallback: Option<Failure>,
    /// What has to be mended before it can be accepted.
    #[serde(default)]
    pub flags: Vec<Flag>,
}

/// A draft that did not come to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedDraft {
    /// What it was to answer.
    pub inquiry: Id<name::Inquiry>,
    /// What had been shown of it.
    pub streamed: String,
    /// What a model had been asked for it.
    pub asked: Asked,
    /// A stable code.
    pub code: String,
}

/// Something in a draft that cannot go out as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// What it is.
    pub kind: FlagKind,
    /// Where it stands.
    pub span: Span,
}

/// What can stand in a draft that no customer should read on a nod.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagKind {
    /// A marker that points at no evidence.
    DanglingMarker,
    /// A placeholder for personal data that this inquiry never had.
    UnknownPlaceholder,
    /// A link that stands nowhere in the evidence.
    UnknownUrl,
    /// HTML, or an image of Markdown: a letter is plain text.
    Markup,
    /// What the shop gives, takes or grants, or until when, and no facts of the evidence carry it.
    UnsupportedPolicy,
}

impl FlagKind {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DanglingMarker => "dangling_marker",
            Self::UnknownPlaceholder => "unknown_placeholder",
            Self::UnknownUrl => "unknown_url",
            Self::Markup => "markup",
            Self::UnsupportedPolicy => "unsupported_policy",
        }
    }
}
