//! What colleagues say to each other inside a case. It is never sent to the customer.

use serde::{Deserialize, Serialize};

use super::{Id, Timestamp, name};

/// One note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its id.
    pub id: Id<name::Note>,
    /// In which case.
    pub inquiry: Id<name::Inquiry>,
    /// The principal who wrote it.
    pub by: String,
    /// The principal it is for; `None` for whoever opens the case.
    pub to: Option<String>,
    /// The words.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

impl Note {
    /// In code points.
    pub const MAX_CHARS: usize = 2_000;
}
