//! For how long words are kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a text about a customer is, as far as the time for which it is kept goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextClass {
    /// What customers wrote, with the records of their cases.
    Inquiries,
    /// Suggestions with all that a model was asked and said, and what was streamed of drafts that failed.
    Drafts,
    /// What was sent, and why a draft was not.
    Replies,
    /// QA's reasons, and the words of waivers.
    Rulings,
}

impl TextClass {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Inquiries, Self::Drafts, Self::Replies, Self::Rulings];

    /// The word in JSON and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inquiries => "inquiries",
            Self::Drafts => "drafts",
            Self::Replies => "replies",
            Self::Rulings => "rulings",
        }
    }

    /// Reads [`TextClass::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == text)
    }
}

/// For how many days the texts of each class are kept; what is not named is kept for ever.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Retention(BTreeMap<TextClass, u32>);

impl Retention {
    /// In days: a century.
    pub const MAX_DAYS: u32 = 36_500;

    /// From days by class.
    pub fn new(days: impl IntoIterator<Item = (TextClass, u32)>) -> Result<Self, RetentionError> {
        let days: BTreeMap<TextClass, u32> = days.into_iter().collect();
        if days.values().any(|days| !(1..=Self::MAX_DAYS).contains(days)) {
            return Err(RetentionError::Days);
        }
        let of = |class| days.get(&class).copied().unwrap_or(u32::MAX);
        if of(TextClass::Drafts) > of(TextClass::Inquiries) {
            return Err(RetentionError::DraftsOutliveInquiries);
        }
        Ok(Self(days))
    }

    /// Classes with their days, in order.
    pub fn days(&self) -> impl Iterator<Item = (TextClass, u32)> {
        self.0.iter().map(|(class, days)| (*class, *days))
    }

    /// How long a class is kept; `None` is for ever.
    pub fn of(&self, class: TextClass) -> Option<u32> {
        self.0.get(&class).copied()
    }
}

/// Why texts cannot be kept for so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RetentionError {
    /// Nothing can be kept for no day at all.
    #[error("a class of texts is kept for 1 to {} days, or without a number for ever", Retention::MAX_DAYS)]
    Days,
    /// They hold them.
    #[error(
        "a draft holds the inquiry that it answers: give `drafts` at most as many days as `inquiries`, or `inquiries` none"
    )]
    DraftsOutliveInquiries,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_not_kept_longer_than_the_inquiry_that_it_holds() {
        use TextClass::*;
        for good in [vec![], vec![(Drafts, 7)], vec![(Drafts, 7), (Inquiries, 7)], vec![(Replies, 9), (Rulings, 1)]] {
            assert!(Retention::new(good.clone()).is_ok(), "{good:?}");
        }
        for bad in [vec![(Inquiries, 7)], vec![(Drafts, 8), (Inquiries, 7)]] {
            assert_eq!(Retention::new(bad), Err(RetentionError::DraftsOutliveInquiries));
        }
        assert_eq!(Retention::new([(Drafts, 0)]), Err(RetentionError::Days));
    }
}
