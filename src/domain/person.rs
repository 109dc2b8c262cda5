//! Somebody who works here. They belong to the installation and have one role in each workspace they serve.

use serde::{Deserialize, Serialize};

use super::{Id, Principal, Reach, Role, WorkspaceId, name};

/// The name somebody signs in with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Login(String);

impl Login {
    /// In code points.
    pub const MAX_CHARS: usize = 100;

    /// Without white space and control characters; upper case is the same as lower case.
    pub fn parse(text: &str) -> Result<Self, LoginError> {
        let text = text.trim().to_lowercase();
        let fits = (1..=Self::MAX_CHARS).contains(&text.chars().count());
        if fits && !text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Ok(Self(text));
        }
        Err(LoginError)
    }

    /// As it is compared and kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is not a name to sign in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a name to sign in with has 1 to 100 characters and no spaces, e.g. a mail address")]
pub struct LoginError;

/// Somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id, which events name.
    pub id: Id<name::Person>,
    /// What they sign in with.
    pub login: Login,
    /// How they are called.
    pub name: String,
    /// Their desk.
    pub team: Option<String>,
    /// The company that employs them.
    pub vendor: Option<String>,
    /// Changes with the password and when they sign out everywhere: tickets and links of an older stamp are void.
    pub stamp: String,
    /// The hash of their password; `None` until they chose one.
    pub password: Option<String>,
    /// Their account at the provider of single sign-on; `None` until they came from there.
    pub account: Option<Account>,
    /// The role they have in every workspace, where they have one: who set the installation up.
    pub everywhere: Option<Role>,
    /// The role in each workspace that they serve.
    pub places: Vec<(WorkspaceId, Role)>,
}

/// An account at a provider of single sign-on. Unlike a mail address it is never given to somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The provider.
    pub issuer: String,
    /// The provider's own id of it (`sub`).
    pub subject: String,
}

impl Person {
    /// Whether they have a place anywhere.
    pub fn works_here(&self) -> bool {
        self.everywhere.is_some() || !self.places.is_empty()
    }

    /// Who acts when they do.
    pub fn principal(&self) -> Principal {
        let reach = match self.everywhere {
            Some(role) => Reach::Everywhere(role),
            None => Reach::Places(self.places.clone()),
        };
        Principal { id: self.id.to_string(), reach }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_one_word_whatever_its_case() {
        assert_eq!(Login::parse(" Sato@Example.jp ").unwrap().as_str(), "sato@example.jp");
        for wrong in ["", "  ", "佐藤 花子", "a\u{0}b", &"a".repeat(101)] {
            assert_eq!(Login::parse(wrong), Err(LoginError), "{wrong:?}");
        }
    }
}
