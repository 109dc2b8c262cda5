//! Ids: a prefix that says what it names, and a UUIDv7 that sorts by time.

use std::{cmp::Ordering, fmt, hash, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A kind of thing that has ids. Implemented by the marker types below.
pub trait Named {
    /// What every id of this kind begins with, e.g. `inq`.
    const PREFIX: &'static str;
}

macro_rules! named {
    ($($(#[$doc:meta])* $kind:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $kind {}
        impl Named for $kind { const PREFIX: &'static str = $prefix; }
    )*};
}

/// Markers for [`Id`]: `Id<name::Inquiry>` is written `inq_...`.
pub mod name {
    use super::Named;
    named! {
        /// One message of a customer.
        Inquiry = "inq";
        /// A thread with one customer.
        Conversation = "cnv";
        /// The text of a reply that was drafted.
        Draft = "drf";
        /// What the operator sees for one inquiry.
        Suggestion = "sug";
        /// An immutable text of a document.
        Revision = "rev";
        /// The unit that is indexed and cited.
        Passage = "psg";
        /// A change of documents that waits for approval.
        Proposal = "prp";
        /// A fact handed in with an inquiry.
        Record = "rcd";
        /// One tone deviation.
        Finding = "fnd";
        /// What the operator did with a draft.
        Decision = "dec";
        /// A text that a person sent to a customer.
        Reply = "rpl";
        /// What QA said of a finding.
        Ruling = "rul";
        /// Words for which QA lets a rule pass for a while.
        Waiver = "wvr";
        /// Conditions that somebody keeps.
        Filter = "flt";
        /// What happened after a reply.
        ContactOutcome = "out";
        /// Words that were erased.
        Erasure = "ers";
        /// One line of the audit log.
        Event = "evt";
        /// An API key.
        Key = "key";
        /// What colleagues say to each other inside a case.
        Note = "nte";
        /// Somebody who works here.
        Person = "per";
        /// A text that can hold personal data.
        Text = "txt";
    }
}

/// `prefix_uuid`: a swapped argument does not compile, and a pasted id explains itself.
pub struct Id<T> {
    text: String,
    of: PhantomData<fn() -> T>,
}

/// Why a text is not an id of the kind that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected an id like {expected}_0192f0c1-..., found {found:?}")]
pub struct IdError {
    expected: &'static str,
    found: String,
}

impl<T: Named> Id<T> {
    /// From a fresh UUID, which the caller gets from the `Ids` port.
    pub fn from_uuid(uuid: uuid::Uuid) -> Self {
        Self { text: format!("{}_{uuid}", T::PREFIX), of: PhantomData }
    }

    /// Reads `prefix_uuid`.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let valid = text
            .strip_prefix(T::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            .is_some_and(|uuid| uuid.len() == 36 && uuid::Uuid::parse_str(uuid).is_ok());
        if valid {
            return Ok(Self { text: text.to_owned(), of: PhantomData });
        }
        Err(IdError { expected: T::PREFIX, found: text.chars().take(60).collect() })
    }
}

impl<T> Id<T> {
    /// Its UUID, for those who keep many.
    pub fn uuid(&self) -> uuid::Uuid {
        // Both ways to make an id end in one.
        self.text.rsplit('_').next().and_then(|uuid| uuid::Uuid::parse_str(uuid).ok()).unwrap_or_default()
    }

    /// The id as it is written everywhere.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<T: Named> FromStr for Id<T> {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::parse(text)
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        Self { text: self.text.clone(), of: PhantomData }
    }
}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}
impl<T> hash::Hash for Id<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}
impl<'de, T: Named> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_another_kind_is_refused_with_what_was_expected() {
        let draft = Id::<name::Draft>::from_uuid(uuid::Uuid::nil());
        let refused = Id::<name::Inquiry>::parse(draft.as_str()).unwrap_err();
        assert!(refused.to_string().contains("inq_"), "{refused}");
        assert_eq!(Id::<name::Draft>::parse(draft.as_str()).unwrap(), draft);
    }
}
