//! The documents of a shop as a list to look through, and what stood on them.

use super::{Audience, DraftState, Id, Inquiry, Kind, Timestamp, Validity, name};

/// Which part of the list somebody looks at.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Only this kind.
    pub kind: Option<Kind>,
    /// All of these stand in title, key or text; more than [`Listing::WORDS`] are not looked for.
    pub words: Vec<String>,
    /// The revision at which the part before ended.
    pub behind: Option<Id<name::Revision>>,
    /// At most so many.
    pub limit: usize,
}

impl Listing {
    /// So many words are looked for.
    pub const WORDS: usize = 3;
}

/// A revision that is held true, as a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The revision.
    pub revision: Id<name::Revision>,
    /// The document's key.
    pub key: String,
    /// What kind of document.
    pub kind: Kind,
    /// The question, the page's title, or what a past reply was about.
    pub title: String,
    /// Who may read it.
    pub audience: Audience,
    /// When the rule holds.
    pub validity: Validity,
    /// Since when we know it.
    pub recorded_from: Timestamp,
    /// Which revision of its document it is, counted from 1.
    pub number: u64,
}

/// A draft or a reply with claims that stand on a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Relied {
    /// Which of the two.
    pub by: ReliedBy,
    /// What it answered, where that is known and its words are still there.
    pub inquiry: Option<Inquiry>,
    /// The revision that it stands on.
    pub revision: Id<name::Revision>,
    /// When the draft was begun, or the reply sent.
    pub at: Timestamp,
}

/// What stands on a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReliedBy {
    /// A draft that did not become a reply on the same ground.
    Draft {
        /// Its id.
        id: Id<name::Draft>,
        /// Where it stands.
        state: DraftState,
    },
    /// A sent reply.
    Reply {
        /// Its id.
        id: Id<name::Reply>,
    },
}
