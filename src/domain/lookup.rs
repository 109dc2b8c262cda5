//! Finding an inquiry again, whatever became of it.

use super::{Id, Party, Span, Timestamp, name};

/// What was found among the inquiries of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// All that was found, the last received first.
    pub hits: Vec<Hit>,
    /// How many inquiries were looked through.
    pub looked: u64,
    /// The last of them, where older ones were not looked through.
    pub rest: Option<Id<name::Inquiry>>,
}

/// An inquiry that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Which one.
    pub inquiry: Id<name::Inquiry>,
    /// When it was received.
    pub at: Timestamp,
    /// The words around what was looked for; `None` where it was found by a reference or an id.
    pub excerpt: Option<Excerpt>,
}

/// Words around what was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// Whose words they are.
    pub by: Party,
    /// The words.
    pub text: String,
    /// Where in them what was looked for stands.
    pub marks: Vec<Span>,
}
