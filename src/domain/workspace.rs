//! One brand's desk. Nothing crosses from one workspace to another.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A workspace's id: what stands in paths, requests and rows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkspaceId(String);

impl WorkspaceId {
    /// In characters.
    pub const MAX_CHARS: usize = 40;

    /// Lower-case ASCII letters, digits and inner hyphens: it names folders too.
    pub fn parse(text: &str) -> Result<Self, WorkspaceIdError> {
        let fits = (1..=Self::MAX_CHARS).contains(&text.len());
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits && plain && !text.starts_with('-') && !text.ends_with('-') {
            return Ok(Self(text.to_owned()));
        }
        Err(WorkspaceIdError { found: text.chars().take(60).collect() })
    }

    /// The id as it is written everywhere.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is not a workspace id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a workspace is named by 1 to 40 of a-z, 0-9 and inner hyphens, found {found:?}")]
pub struct WorkspaceIdError {
    found: String,
}

impl fmt::Display for WorkspaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl Serialize for WorkspaceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
impl<'de> Deserialize<'de> for WorkspaceId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// A workspace as it stands in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// The brand's name as people read it.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_name_can_never_climb_out_of_its_folder() {
        for bad in ["", "..", "a/b", "A", "a_b", "-a", "オフィス", &"a".repeat(41)] {
            assert!(WorkspaceId::parse(bad).is_err(), "{bad:?}");
        }
        assert!(WorkspaceId::parse("officelink-2").is_ok());
    }
}
