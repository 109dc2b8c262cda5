//! What QA does beside ruling on one finding: filters that are kept, replies looked through although nothing was found,
//! rulings made a second time without knowing the first, and what the author's side says against a ruling.

use serde::{Deserialize, Serialize};

use super::{Category, Fault, Finding, Id, Reply, RulingVerdict, Timestamp, name};

/// Conditions that somebody looks through findings by again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedFilter {
    /// Its id.
    pub id: Id<name::Filter>,
    /// What its owner calls it.
    pub name: String,
    /// The conditions, as they stand behind the `?` of an address.
    pub query: String,
}

impl SavedFilter {
    /// A name has at most so many characters.
    pub const MAX_NAME_CHARS: usize = 40;
    /// Conditions have at most so many.
    pub const MAX_QUERY_CHARS: usize = 500;
}

/// How many findings wait, and how many were ruled on today.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueCounts {
    /// Nobody ruled on them.
    pub open: u64,
    /// Of these, those that should have stopped the reply.
    pub severe: u64,
    /// Ruled on since a moment.
    pub ruled: u64,
    /// Of those that nobody ruled on, by vendor; no vendor is the shop itself.
    pub vendors: Vec<(Option<String>, u64)>,
}

/// Where a finding stands among those that fit a filter, the latest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingPlace {
    /// From 1.
    pub rank: u64,
    /// How many fit.
    pub of: u64,
    /// The one before it.
    pub before: Option<Id<name::Finding>>,
    /// The one after it.
    pub after: Option<Id<name::Finding>>,
}

/// A ruling with who made it.
#[derive(Debug, Clone, PartialEq)]
pub struct RuledBy {
    /// On which words, as far as they are kept.
    pub finding: Id<name::Finding>,
    /// What was ruled.
    pub verdict: RulingVerdict,
    /// What has to be mended.
    pub fault: Option<Fault>,
    /// Why.
    pub reason: Option<String>,
    /// Whose ruling.
    pub principal: String,
    /// When.
    pub at: Timestamp,
}

/// A reply in which nothing was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanReply {
    /// Which.
    pub reply: Id<name::Reply>,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// The company that employs the author.
    pub vendor: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Whether somebody looked through it, and missed something there.
    pub judged: Option<bool>,
}

/// What somebody made of a reply in which nothing was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleJudgement {
    /// Of which reply.
    pub reply: Id<name::Reply>,
    /// What should have been found; `None` where nothing is missing.
    pub missed: Option<Missed>,
    /// When.
    pub at: Timestamp,
}

/// What a rule should have found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missed {
    /// Of which kind.
    pub category: Category,
    /// The words, as they stand in the reply; empty where the whole reply is meant.
    pub words: String,
}

/// What somebody ruled who did not see what was ruled before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondRuling {
    /// On which finding.
    pub finding: Id<name::Finding>,
    /// What was ruled.
    pub verdict: RulingVerdict,
    /// What has to be mended.
    pub fault: Option<Fault>,
    /// When.
    pub at: Timestamp,
}

/// A finding that two people ruled on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwiceRuled {
    /// Which.
    pub finding: Id<name::Finding>,
    /// What was ruled when the second person looked.
    pub first: RulingVerdict,
    /// What the second person ruled.
    pub second: RulingVerdict,
    /// When.
    pub at: Timestamp,
}

/// What the author's side says against a ruling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// On which finding.
    pub finding: Id<name::Finding>,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// What QA says to a dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeAnswer {
    /// On which finding.
    pub finding: Id<name::Finding>,
    /// Whether the author's side is right.
    pub granted: bool,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// A dispute with who spoke and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledDispute {
    /// What the author's side says; its reason is empty where its words were erased.
    pub dispute: Dispute,
    /// Who says it.
    pub by: String,
    /// What QA said, and who.
    pub answer: Option<(DisputeAnswer, String)>,
}

/// A reply as a changed guide is tried on it.
#[derive(Debug, Clone, PartialEq)]
pub struct SentText {
    /// What was sent.
    pub reply: Reply,
    /// What was found in it by the rules, then.
    pub findings: Vec<Finding>,
}
