//! Who a request acts for.

use serde::{Deserialize, Serialize};

use super::{Id, WorkspaceId, name};

/// What a principal may be in one workspace. What each may do is said in `identity/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A front-end that asks and shows.
    Chatbot,
    /// Accepts, edits and rejects drafts.
    Operator,
    /// Rules on findings.
    Qa,
    /// Keeps documents.
    Knowledge,
    /// Reads everything, changes nothing.
    Auditor,
    /// Everything, keys included.
    Admin,
}

impl Role {
    /// All of them, in the order of the design.
    pub const ALL: [Self; 6] = [Self::Chatbot, Self::Operator, Self::Qa, Self::Knowledge, Self::Auditor, Self::Admin];

    /// The word in JSON, tables and command lines.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chatbot => "chatbot",
            Self::Operator => "operator",
            Self::Qa => "qa",
            Self::Knowledge => "knowledge",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }

    /// Reads [`Role::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// A person's or a key's standing: every change names one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// `local`, `system`, or the id of a key or a person.
    pub id: String,
    /// The role in each workspace it serves; a key has exactly one.
    pub reach: Reach,
}

/// Where a principal may act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// One role in every workspace of the installation: the local person of a demo, and the command line.
    Everywhere(Role),
    /// One role in one workspace: a key.
    One(WorkspaceId, Role),
    /// One role in each of several workspaces: a person.
    Places(Vec<(WorkspaceId, Role)>),
}

impl Principal {
    /// Whoever sits at a loopback server that has no keys.
    pub fn local() -> Self {
        Self { id: "local".to_owned(), reach: Reach::Everywhere(Role::Admin) }
    }

    /// The server itself, when it acts on its own, e.g. loading the samples.
    pub fn system() -> Self {
        Self { id: "system".to_owned(), reach: Reach::Everywhere(Role::Admin) }
    }

    /// Its role in `workspace`; `None` means that the workspace does not exist for it.
    pub fn role_in(&self, workspace: &WorkspaceId) -> Option<Role> {
        match &self.reach {
            Reach::Everywhere(role) => Some(*role),
            Reach::One(own, role) => (own == workspace).then_some(*role),
            Reach::Places(places) => places.iter().find(|(place, _)| place == workspace).map(|(_, role)| *role),
        }
    }
}

/// An API key as it is stored: its secret only as a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its id, which logs and events name.
    pub id: Id<name::Key>,
    /// The workspace it opens.
    pub workspace: WorkspaceId,
    /// What it may do there.
    pub role: Role,
    /// What its maker called it.
    pub label: String,
    /// SHA-256 of the secret, hexadecimal.
    pub secret_hash: String,
}
