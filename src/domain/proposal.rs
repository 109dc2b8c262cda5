//! A change of documents that waits until somebody who keeps the knowledge approves it.

use serde::{Deserialize, Serialize};

use super::{Id, NewRevision, Revision, Timestamp, name};

/// What somebody wants the documents to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// A document that is not there yet, or another rule of one that is, for other days.
    Create(NewRevision),
    /// Other words for a document, on the days for which they hold.
    Replace(NewRevision),
    /// A document that is no longer true, by its key.
    Retire(String),
}

impl Wish {
    /// The document's key.
    pub fn key(&self) -> &str {
        match self {
            Self::Create(content) | Self::Replace(content) => &content.key,
            Self::Retire(key) => key,
        }
    }

    /// The word in JSON and tables.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::Replace(_) => "replace",
            Self::Retire(_) => "retire",
        }
    }

    /// The text that it brings.
    pub fn content(&self) -> Option<&NewRevision> {
        match self {
            Self::Create(content) | Self::Replace(content) => Some(content),
            Self::Retire(_) => None,
        }
    }

    /// The revisions that end with it, of those that are held; or why it cannot be.
    pub fn ends(&self, held: &[Revision]) -> Result<Vec<Id<name::Revision>>, WishError> {
        let own: Vec<&Revision> = held.iter().filter(|held| held.content.key == self.key()).collect();
        let ids = |revisions: Vec<&Revision>| revisions.into_iter().map(|revision| revision.id.clone()).collect();
        let Some(content) = self.content() else {
            return if own.is_empty() { Err(WishError::Missing) } else { Ok(ids(own)) };
        };
        if own.iter().any(|held| held.content.kind != content.kind) {
            return Err(WishError::OtherKind);
        }
        if own.iter().any(|held| NewRevision { source: None, ..held.content.clone() } == *content) {
            return Err(WishError::Unchanged);
        }
        let same_days = |held: &&Revision| held.content.validity.overlaps(&content.validity);
        let replaced: Vec<&Revision> = own.into_iter().filter(same_days).collect();
        match (self, replaced.is_empty()) {
            (Self::Create(_), false) => Err(WishError::Exists),
            (Self::Replace(_), true) => Err(WishError::Missing),
            _ => Ok(ids(replaced)),
        }
    }
}

/// Why a wish does not fit the documents as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WishError {
    /// To create.
    #[error(
        "a document with this key holds on the same days: replace it, choose another key, or give days that do not overlap"
    )]
    Exists,
    /// To replace or to retire.
    #[error("no document with this key holds on these days: create it, or look at its days")]
    Missing,
    /// Whatever is wanted.
    #[error("a document with this key is of another kind: choose another key")]
    OtherKind,
    /// To replace.
    #[error("the document says just this already")]
    Unchanged,
}

/// A wish of somebody who may not change documents by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Its id.
    pub id: Id<name::Proposal>,
    /// What is wanted.
    pub wish: Wish,
    /// Whose wish it is: the principal's id.
    pub by: String,
    /// Since when.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AppliesBy, Audience, Day, Kind, Validity};

    fn content(body: &str, from: Option<&str>, until: Option<&str>) -> NewRevision {
        let day = |text: &str| Day::parse(text).unwrap();
        NewRevision {
            key: "fee".to_owned(),
            kind: Kind::Faq,
            title: "送料".to_owned(),
            url: None,
            audience: Audience::Public,
            validity: Validity { from: from.map(day), until: until.map(day), by: AppliesBy::OrderDate },
            body: body.to_owned(),
            note: None,
            past_reply: None,
            source: None,
        }
    }

    fn held(n: u128, content: NewRevision) -> Revision {
        let id = Id::from_uuid(uuid::Uuid::from_u128(n));
        Revision { id, content, recorded_from: Timestamp(0), recorded_until: None, passages: Vec::new() }
    }

    #[test]
    fn a_wish_ends_what_holds_on_the_same_days_and_nothing_else() {
        let old = held(1, content("770円", None, Some("2026-09-30")));
        let new = held(2, content("880円", Some("2026-10-01"), None));
        let shelf = [old.clone(), new.clone()];
        let replace = |from, until| Wish::Replace(content("990円", from, until)).ends(&shelf);
        assert_eq!(replace(Some("2026-10-01"), None), Ok(vec![new.id.clone()]));
        assert_eq!(replace(None, None), Ok(vec![old.id.clone(), new.id.clone()]));
        assert_eq!(Wish::Retire("fee".to_owned()).ends(&shelf), Ok(vec![old.id.clone(), new.id]));
        let create = |from, until| Wish::Create(content("990円", from, until)).ends(&shelf[..1]);
        assert_eq!(create(Some("2026-10-01"), None), Ok(Vec::new()));
        assert_eq!(create(None, None), Err(WishError::Exists));
        assert_eq!(Wish::Retire("other".to_owned()).ends(&shelf), Err(WishError::Missing));
        assert_eq!(Wish::Replace(old.content).ends(&shelf), Err(WishError::Unchanged));
    }
}
