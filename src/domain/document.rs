//! What the brand knows: documents, their revisions, and the passages cut from them.

use serde::{Deserialize, Serialize};

use super::{Day, Id, Span, Timestamp, name};

/// What kind of document a passage comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A question customers ask, with its answer.
    Faq,
    /// A rule of the shop.
    Policy,
    /// A clause of the tone guide.
    Guide,
    /// What a person once answered.
    PastReply,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Faq, Self::Policy, Self::Guide, Self::PastReply];

    /// The word in JSON and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Faq => "faq",
            Self::Policy => "policy",
            Self::Guide => "guide",
            Self::PastReply => "past_reply",
        }
    }

    /// Reads [`Kind::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Who may read a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Customers too.
    #[default]
    Public,
    /// Only people who work here: never quoted in a draft.
    Internal,
}

impl Audience {
    /// The word in JSON and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
        }
    }

    /// Reads [`Audience::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Public, Self::Internal].into_iter().find(|audience| audience.as_str() == text)
    }
}

/// Which day decides whether a rule holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppliesBy {
    /// The day the question is asked.
    #[default]
    Now,
    /// The day the order was placed.
    OrderDate,
}

impl AppliesBy {
    /// The word in JSON, files and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::OrderDate => "order_date",
        }
    }

    /// Reads [`AppliesBy::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Now, Self::OrderDate].into_iter().find(|by| by.as_str() == text)
    }
}

/// When a rule holds: from the start of `from` to the end of `until`, both days included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Validity {
    /// First day; `None` since ever.
    pub from: Option<Day>,
    /// Last day; `None` until revoked.
    pub until: Option<Day>,
    /// The day that decides.
    pub by: AppliesBy,
}

impl Validity {
    /// Whether the rule holds for a question asked on `now` about an order placed on `order` (the
    /// question's own day when the order's day is not known).
    pub fn holds(&self, now: Day, order: Option<Day>) -> bool {
        let day = match self.by {
            AppliesBy::Now => now,
            AppliesBy::OrderDate => order.unwrap_or(now),
        };
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// Whether some day lies in both.
    pub fn overlaps(&self, other: &Self) -> bool {
        let begins_after = |a: &Self, b: &Self| matches!((a.from, b.until), (Some(from), Some(until)) if from > until);
        !begins_after(self, other) && !begins_after(other, self)
    }
}

/// One text of a document as a source file or a caller hands it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRevision {
    /// The source's own id, unique in the workspace; two revisions of one document share it.
    pub key: String,
    /// What kind of document it is.
    pub kind: Kind,
    /// The question, the page's title, or what a past reply was about.
    pub title: String,
    /// Where customers can read it.
    pub url: Option<String>,
    /// Who may read `body`.
    pub audience: Audience,
    /// When the rule holds.
    pub validity: Validity,
    /// Words a customer may read.
    pub body: String,
    /// Internal, never quoted, not indexed for drafts.
    pub note: Option<String>,
    /// Who wrote a past reply, and to which situation; `None` for other kinds.
    pub past_reply: Option<PastReply>,
    /// The file it was read from, as a path below the workspace's folder; `None` when written by API.
    pub source: Option<String>,
}

/// Where a past reply comes from. The customer's own words are not kept beyond `title`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastReply {
    /// When it was sent.
    pub date: Day,
    /// Its channel, e.g. `email`.
    pub channel: String,
    /// What the inquiry was about.
    pub situation: Option<String>,
    /// The person who wrote it.
    pub author: Option<String>,
    /// The desk.
    pub team: Option<String>,
    /// The company that employs the author.
    pub vendor: Option<String>,
}

/// A revision as it is stored: never changed, only ended by `recorded_until`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Its id.
    pub id: Id<name::Revision>,
    /// Its text and what belongs to it.
    pub content: NewRevision,
    /// Since when we knew it.
    pub recorded_from: Timestamp,
    /// Until when we held it true; `None` while we do.
    pub recorded_until: Option<Timestamp>,
    /// What was cut from it, in the order of the text.
    pub passages: Vec<Passage>,
}

/// The unit that is indexed and cited: a span of one revision's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Its id.
    pub id: Id<name::Passage>,
    /// Which part of the revision's body it is.
    pub span: Span,
    /// The heading it stands under, where the document has headings.
    pub heading: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn a_rule_by_order_date_asks_for_the_order_and_not_for_today() {
        let old = Validity { from: None, until: Some(day("2026-09-30")), by: AppliesBy::OrderDate };
        let today = day("2026-11-23");
        assert!(old.holds(today, Some(day("2026-09-30"))));
        assert!(!old.holds(today, Some(day("2026-10-01"))));
        assert!(!old.holds(today, None), "an unknown order day counts as today");
    }

    #[test]
    fn the_last_day_belongs_to_the_rule() {
        let rule = Validity { from: Some(day("2026-10-01")), until: Some(day("2026-10-31")), by: AppliesBy::Now };
        assert!(rule.holds(day("2026-10-31"), None) && !rule.holds(day("2026-11-01"), None));
        let next = Validity { from: Some(day("2026-11-01")), ..Validity::default() };
        assert!(!rule.overlaps(&next) && rule.overlaps(&Validity::default()));
    }
}
