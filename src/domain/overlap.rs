//! Two documents that speak of one matter: they say the same twice, or they contradict each other.

use super::{Audience, Id, Kind, Span, name};

/// A pair of documents that somebody should look at: one of them is too many, or one of them is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// Where each says it.
    pub sides: [Side; 2],
    /// In what they differ; nothing for a duplicate.
    pub differences: Vec<Difference>,
}

/// One of the two documents, with the sentence that is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The document's key.
    pub key: String,
    /// The revision that is held true now.
    pub revision: Id<name::Revision>,
    /// What kind of document.
    pub kind: Kind,
    /// Who may read it.
    pub audience: Audience,
    /// Its title.
    pub title: String,
    /// Where the sentence stands in the revision's text.
    pub span: Span,
    /// Its words.
    pub quote: String,
}

/// One thing that two sentences tell differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Of what kind it is.
    pub measure: Measure,
    /// The words of each side, in the order of the sides.
    pub words: [String; 2],
}

/// What can differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Money.
    Amount,
    /// A share.
    Percent,
    /// So many of something.
    Count,
    /// A length of time.
    Duration,
    /// A day or a month.
    Day,
    /// A time of day.
    Time,
    /// Days of the week.
    Weekdays,
    /// A telephone number, a web or mail address.
    Contact,
    /// Yes or no: allowed, free, needed, open.
    Polarity,
}

impl Measure {
    /// The word in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::Percent => "percent",
            Self::Count => "count",
            Self::Duration => "duration",
            Self::Day => "day",
            Self::Time => "time",
            Self::Weekdays => "weekdays",
            Self::Contact => "contact",
            Self::Polarity => "polarity",
        }
    }
}

/// How two documents overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OverlapKind {
    /// They answer one question differently.
    Contradiction,
    /// They say the same.
    Duplicate,
}

impl OverlapKind {
    /// The word in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contradiction => "contradiction",
            Self::Duplicate => "duplicate",
        }
    }
}

impl Overlap {
    /// Of which kind it is.
    pub fn kind(&self) -> OverlapKind {
        match self.differences.is_empty() {
            true => OverlapKind::Duplicate,
            false => OverlapKind::Contradiction,
        }
    }
}
