//! What the operator sees.

use serde::{Deserialize, Serialize};

use super::{
    Asked, Citation, Draft, Evidence, Finding, Grounding, Hint, Id, Inquiry, Making, Timestamp, Timings, Verdict, name,
};

/// What an inquiry leads to: exactly one for every suggestion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// The evidence answers it.
    Answer,
    /// Thanks, praise or a greeting: set phrases, no claims.
    Acknowledge,
    /// One question for the one item that is missing.
    Clarify {
        /// Which item, e.g. `order_number`.
        missing: Missing,
    },
    /// A person takes over.
    Handoff {
        /// Why.
        reason: HandoffReason,
        /// What the person needs to know.
        packet: Packet,
    },
}

impl Outcome {
    /// The word in JSON and tables.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Acknowledge => "acknowledge",
            Self::Clarify { .. } => "clarify",
            Self::Handoff { .. } => "handoff",
        }
    }
}

/// The one item without which an inquiry cannot be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Which order.
    OrderNumber,
    /// Which product.
    Product,
    /// What happened.
    Detail,
    /// Which day.
    Date,
    /// A picture of it.
    Photo,
}

impl Missing {
    /// The word in guides and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OrderNumber => "order_number",
            Self::Product => "product",
            Self::Detail => "detail",
            Self::Date => "date",
            Self::Photo => "photo",
        }
    }
}

/// Why a person takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoffReason {
    /// Nothing we know answers it.
    NoEvidence,
    /// What we know contradicts itself or what would be said.
    Contradicted,
    /// Automation is stopped here.
    Stopped,
    /// It needs more authority than a draft has.
    OutOfAuthority,
    /// The customer asks for a person.
    PersonRequested,
    /// Health, threat, law or self-harm.
    Unsafe,
}

impl HandoffReason {
    /// The word in JSON and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoEvidence => "no_evidence",
            Self::Contradicted => "contradicted",
            Self::Stopped => "stopped",
            Self::OutOfAuthority => "out_of_authority",
            Self::PersonRequested => "person_requested",
            Self::Unsafe => "unsafe",
        }
    }
}

/// What a person who takes over needs, so that the customer is not asked twice.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Packet {
    /// One line: who wants what.
    pub summary: String,
    /// What the customer already gave, as name and value.
    pub given: Vec<(String, String)>,
    /// The words that were searched for.
    pub searched: Vec<String>,
    /// Keys of the nearest documents.
    pub nearest: Vec<String>,
}

/// What a checked text got: verdicts with their citations, and findings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Checks {
    /// What each sentence stands on.
    pub grounding: Grounding,
    /// What departs from the guide.
    pub findings: Vec<Finding>,
}

impl Checks {
    /// What the verdicts point at.
    pub fn citations(&self) -> &[Citation] {
        &self.grounding.citations
    }

    /// The pieces of evidence that sentences stand on, or that they contradict, by their places, in the order of the text.
    pub fn cited(&self) -> Vec<usize> {
        let mut places: Vec<usize> = Vec::new();
        for at in self.grounding.verdicts.iter().flat_map(|sentence| &sentence.citations) {
            let Some(citation) = self.citations().get(*at) else { continue };
            if !places.contains(&citation.evidence) {
                places.push(citation.evidence);
            }
        }
        places
    }

    /// Whether some sentence got this verdict.
    pub fn has(&self, verdict: Verdict) -> bool {
        self.grounding.count(verdict) > 0
    }
}

/// Outcome, draft, checks and evidence: recorded before anyone sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Its id.
    pub id: Id<name::Suggestion>,
    /// What it answers.
    pub inquiry: Inquiry,
    /// What the inquiry leads to.
    pub outcome: Outcome,
    /// The letter; `None` on handoff.
    pub draft: Option<Draft>,
    /// What the draft got.
    pub checks: Checks,
    /// What the draft could use.
    pub evidence: Evidence,
    /// What a model was asked for it; empty where none was.
    #[serde(default)]
    pub asked: Asked,
    /// What a model was asked that judged its tone; empty where none did.
    #[serde(default, skip_serializing_if = "Asked::is_empty")]
    pub judged: Asked,
    /// What a model was asked that read what facts left open; empty where none did.
    #[serde(default, skip_serializing_if = "Asked::is_empty")]
    pub entailed: Asked,
    /// What it was made under.
    #[serde(default)]
    pub making: Making,
    /// How long its stages took; empty where nobody measured.
    #[serde(default, skip_serializing_if = "Timings::is_empty")]
    pub timings: Timings,
    /// What the operator asked for who wanted another draft.
    #[serde(default)]
    pub hint: Option<Hint>,
    /// The guide's revision that was used.
    pub guide: Option<Id<name::Revision>>,
    /// When it was made.
    pub created_at: Timestamp,
}
