//! What was said before in a thread with one customer.

use super::Timestamp;

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Who spoke.
    pub by: Party,
    /// The words.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// Of a customer's turn: whether nobody answered it yet.
    pub open: bool,
}

/// The two sides of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// Who asks.
    Customer,
    /// Who answers.
    Desk,
}
