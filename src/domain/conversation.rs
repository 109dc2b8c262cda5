//! What was said before in a thread with one customer.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// Who asks.
    Customer,
    /// Who answers.
    Desk,
}
