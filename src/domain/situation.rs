//! What a customer writes about, seen from the inquiry alone.

use serde::{Deserialize, Serialize};

/// The id of a situation, e.g. `delivery_delay`. The vocabulary is data: a workspace may have its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Situation(pub String);

impl Situation {
    /// The id of what fits nothing else.
    pub const OTHER: &'static str = "other";

    /// Shorthand.
    pub fn new(id: &str) -> Self {
        Self(id.to_owned())
    }

    /// What fits nothing else.
    pub fn other() -> Self {
        Self::new(Self::OTHER)
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One primary situation, others beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Situations {
    /// What the inquiry is mainly about.
    pub primary: Situation,
    /// What else it touches, most likely first.
    pub secondary: Vec<Situation>,
}

impl Situations {
    /// The primary one alone.
    pub fn only(primary: Situation) -> Self {
        Self { primary, secondary: Vec::new() }
    }

    /// Primary, then secondary.
    pub fn all(&self) -> impl Iterator<Item = &Situation> {
        std::iter::once(&self.primary).chain(&self.secondary)
    }
}
