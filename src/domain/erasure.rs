//! Words that are erased for good, for a person who asks for it or with a document that should not hold them.

use super::{Id, Reference, Timestamp, name};

/// Whose words, or which document's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// All of a customer, by the caller's own reference.
    Customer(Reference),
    /// All of a conversation, whoever wrote in it.
    Conversation(Id<name::Conversation>),
    /// A reply that was reported without the inquiry it answers.
    Reply(Id<name::Reply>),
    /// All revisions of a document, by its key.
    Document(String),
}

impl Whose {
    /// The word in a refusal.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Customer(_) => "customer",
            Self::Conversation(_) => "conversation",
            Self::Reply(_) => "reply",
            Self::Document(_) => "document",
        }
    }
}

/// What there is to erase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traces {
    /// Stands for whose it is: a keyed hash, or an id of ours.
    pub target: String,
    /// The data subjects under whose keys it stands, in order.
    pub subjects: Vec<String>,
    /// How many texts; of a document, how many revisions.
    pub texts: u64,
    /// A document that says the same now as the one to be erased ever did: their text is one.
    pub shared_with: Option<String>,
}

/// What was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Its id.
    pub id: Id<name::Erasure>,
    /// How many texts.
    pub texts: u64,
    /// When.
    pub at: Timestamp,
}
