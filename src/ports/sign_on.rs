//! Asks somebody else who a person is.

use async_trait::async_trait;

use crate::domain::{Account, Timestamp};

/// A provider of single sign-on.
#[async_trait]
pub trait SignOn: Send + Sync {
    /// Where a browser goes to sign in there.
    async fn address(&self, round: &Round) -> Result<String, SignOnError>;
    /// Who came back with this code.
    async fn introduced(&self, code: &str, round: &Round, now: Timestamp) -> Result<Introduced, SignOnError>;
}

/// What ties the way out to the way back, all of it guessed by nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Comes back with the code: it is the same browser.
    pub state: String,
    /// Comes back inside the token: it was made for this round.
    pub nonce: String,
    /// Proves that whoever redeems the code asked for it (RFC 7636).
    pub verifier: String,
}

/// Somebody as the provider knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduced {
    /// Their account.
    pub account: Account,
    /// What may be compared with a name to sign in with here; `None` where the provider did not say it or does not
    /// stand by it.
    pub login: Option<String>,
}

/// Why nobody was introduced. The words are for the log: they hold no token, no code and nobody's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignOnError {
    /// It cannot be asked.
    #[error("the provider of single sign-on cannot be asked: {0}")]
    Unavailable(String),
    /// It answered, and the answer does not hold.
    #[error("the provider of single sign-on introduced nobody: {0}")]
    Refused(String),
}
