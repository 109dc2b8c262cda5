//! What people do after a suggestion: decide, send, rule, and hear what came of it.

use serde::{Deserialize, Serialize};

use super::{Checks, Evidence, EvidenceItem, Id, Timestamp, Verdict, Waiver, name};

/// What the operator did with a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Verb {
    /// Used as it stands.
    Accept,
    /// Used with changes.
    Edit {
        /// What was sent.
        text: String,
    },
    /// Not used.
    Reject,
}

impl Verb {
    /// The word in JSON and tables.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Edit { .. } => "edit",
            Self::Reject => "reject",
        }
    }
}

/// An operator's decision on a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Its id.
    pub id: Id<name::Decision>,
    /// What was decided on.
    pub draft: Id<name::Draft>,
    /// What was done.
    pub verb: Verb,
    /// Why; needed where something blocked the draft.
    pub reason: Option<String>,
    /// What lay before whoever decided.
    #[serde(default)]
    pub screen: Screen,
    /// When.
    pub at: Timestamp,
}

/// What lay before the person who decided on a draft.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Screen {
    /// Whether internal passages and past replies were handed out to this role.
    pub internal: bool,
    /// The passages and records that were handed out beside the draft, best first.
    pub evidence: Vec<String>,
    /// The findings that were handed out.
    pub findings: Vec<Id<name::Finding>>,
    /// What was really to be seen, as the face tells it; `None` where it does not.
    pub shown: Option<Shown>,
}

/// What a face says that it showed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Shown {
    /// Passages and records in view.
    pub evidence: Vec<String>,
    /// Findings in view.
    pub findings: Vec<Id<name::Finding>>,
    /// How long the draft was open, in milliseconds.
    pub open_ms: Option<u64>,
}

impl Screen {
    /// Whether all that a face says it showed had been handed out.
    pub fn holds(&self, shown: &Shown) -> bool {
        shown.evidence.iter().all(|id| self.evidence.contains(id))
            && shown.findings.iter().all(|id| self.findings.contains(id))
    }
}

/// The text a person sent the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Its id.
    pub id: Id<name::Reply>,
    /// What it answers, where that is known.
    pub inquiry: Option<Id<name::Inquiry>>,
    /// The decision it came from; `None` when another system reports it.
    pub decision: Option<Id<name::Decision>>,
    /// The suggestion whose evidence it was compared with: citations of its checks count in that evidence.
    pub suggestion: Option<Id<name::Suggestion>>,
    /// How it went.
    pub channel: super::Channel,
    /// What was sent.
    pub text: String,
    /// The person who wrote it.
    pub author: Option<String>,
    /// The desk.
    pub team: Option<String>,
    /// The company that employs the author.
    pub vendor: Option<String>,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// What its claims stand on, one a revision.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stands_on: Vec<Reliance>,
}

/// A revision that claims of a reply stand on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reliance {
    /// The revision.
    pub revision: Id<name::Revision>,
    /// The citations that point into it, by their places in the reply's checks.
    pub citations: Vec<usize>,
}

impl Reliance {
    /// What the supported claims of a text stand on, in the order of the text.
    pub fn of(checks: &Checks, evidence: &Evidence) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        let supported = checks.grounding.verdicts.iter().filter(|sentence| sentence.verdict == Verdict::Supported);
        for at in supported.flat_map(|sentence| &sentence.citations) {
            let item = checks.citations().get(*at).and_then(|citation| evidence.items.get(citation.evidence));
            let Some(revision) = item.and_then(EvidenceItem::revision) else { continue };
            match all.iter_mut().find(|known| known.revision == *revision) {
                Some(known) => known.citations.push(*at),
                None => all.push(Self { revision: revision.clone(), citations: vec![*at] }),
            }
        }
        all
    }
}

/// QA's verdict on a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RulingVerdict {
    /// The finding is right.
    Confirmed,
    /// The finding is wrong.
    Dismissed,
    /// Right, but let it pass here.
    Waived,
}

impl RulingVerdict {
    /// The word in JSON and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Dismissed => "dismissed",
            Self::Waived => "waived",
        }
    }
}

/// What has to be mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The person who wrote it.
    Operator,
    /// The rule that flagged it.
    Rule,
    /// The guide that says so.
    Guide,
}

impl Fault {
    /// The word in JSON and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Rule => "rule",
            Self::Guide => "guide",
        }
    }
}

/// What QA said of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// Its id.
    pub id: Id<name::Ruling>,
    /// What was ruled on.
    pub finding: Id<name::Finding>,
    /// What was ruled.
    pub verdict: RulingVerdict,
    /// What has to be mended.
    pub fault: Option<Fault>,
    /// Why.
    pub reason: Option<String>,
    /// Where the rule is to let the same words pass from now on.
    pub waiver: Option<Waiver>,
    /// When.
    pub at: Timestamp,
}

/// What happened after a reply, as the caller reports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactOutcome {
    /// Its id.
    pub id: Id<name::ContactOutcome>,
    /// After which reply.
    pub reply: Id<name::Reply>,
    /// The customer reopened the case.
    pub reopened: Option<bool>,
    /// The customer wrote again within 7 days.
    pub contacted_again: Option<bool>,
    /// The customer's rating, 1 to 5.
    pub rating: Option<u8>,
    /// When it was reported.
    pub at: Timestamp,
}
