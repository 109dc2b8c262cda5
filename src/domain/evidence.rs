//! The ranked passages and records that a draft may use.

use serde::{Deserialize, Serialize};

use super::{Audience, Id, Kind, Passage, Record, Revision, Span, Validity, name};

/// Where a piece of evidence comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// A span of a revision.
    Passage {
        /// The passage.
        id: Id<name::Passage>,
        /// The revision it was cut from.
        revision: Id<name::Revision>,
        /// What kind of document.
        kind: Kind,
        /// Where it stands in the revision's body.
        span: Span,
    },
    /// A fact about this customer's case.
    Record {
        /// The record.
        id: Id<name::Record>,
    },
}

/// One passage or record that a draft may use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvidenceItem {
    /// Where it comes from.
    pub ground: Ground,
    /// The document's key, or the record's name.
    pub key: String,
    /// The document's title, or the record's name.
    pub title: String,
    /// The words that may be quoted.
    pub text: String,
    /// Where customers can read it.
    pub url: Option<String>,
    /// Who may read it.
    pub audience: Audience,
    /// When the rule holds; always for a record.
    pub validity: Validity,
    /// How well it fits, 0 to 1; 1 for a record.
    pub score: f64,
    /// Place in the list, from 1.
    pub rank: usize,
    /// Keys of other documents that say the same in nearly the same words, and are not shown by themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
}

/// One of the things that an inquiry asks, with evidence of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The customer's sentences that ask it, masked.
    pub text: String,
    /// Places in [`Evidence::items`] of what answers it, best first.
    pub items: Vec<usize>,
    /// How likely it is that they answer it, in percent.
    pub confidence: u8,
}

impl Intent {
    /// Below it there is no evidence. Chosen on labelled near misses; see `eval/README.md`.
    pub const NO_EVIDENCE: u8 = 50;

    /// Whether something was found that answers it.
    pub fn has_evidence(&self) -> bool {
        self.confidence >= Self::NO_EVIDENCE
    }
}

impl EvidenceItem {
    /// A record always comes first and is never looked for.
    pub fn of_record(record: &Record, rank: usize) -> Self {
        Self {
            ground: Ground::Record { id: record.id.clone() },
            key: record.name.clone(),
            title: record.name.clone(),
            text: record.text(),
            url: None,
            audience: Audience::Public,
            validity: Validity::default(),
            score: 1.0,
            rank,
            also: Vec::new(),
        }
    }

    /// A passage, before anybody looked for it.
    pub fn of_passage(revision: &Revision, passage: &Passage) -> Self {
        let content = &revision.content;
        let title = match &passage.heading {
            Some(heading) => format!("{} {heading}", content.title),
            None => content.title.clone(),
        };
        Self {
            ground: Ground::Passage {
                id: passage.id.clone(),
                revision: revision.id.clone(),
                kind: content.kind,
                span: passage.span,
            },
            key: content.key.clone(),
            title,
            text: passage.span.of(&content.body).to_owned(),
            url: content.url.clone(),
            audience: content.audience,
            validity: content.validity,
            score: 0.0,
            rank: 0,
            also: Vec::new(),
        }
    }

    /// The passage's or the record's id.
    pub fn id(&self) -> &str {
        match &self.ground {
            Ground::Passage { id, .. } => id.as_str(),
            Ground::Record { id } => id.as_str(),
        }
    }

    /// The revision; `None` for a record.
    pub fn revision(&self) -> Option<&Id<name::Revision>> {
        match &self.ground {
            Ground::Passage { revision, .. } => Some(revision),
            Ground::Record { .. } => None,
        }
    }

    /// The word for its kind in JSON.
    pub fn kind(&self) -> &'static str {
        match &self.ground {
            Ground::Passage { kind, .. } => kind.as_str(),
            Ground::Record { .. } => "record",
        }
    }

    /// Whether it may carry a claim: a rule of the shop or a fact of the case, not a clause of the guide.
    pub fn can_ground(&self) -> bool {
        !matches!(self.ground, Ground::Passage { kind: Kind::Guide, .. })
    }

    /// Whether a claim that stands on this alone is weak.
    pub fn is_weak(&self) -> bool {
        matches!(self.ground, Ground::Passage { kind: Kind::PastReply, .. })
    }
}

/// Everything that was found for one inquiry, best first, and the state of the index it was found in.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// Ranked, records first.
    pub items: Vec<EvidenceItem>,
    /// What is asked, in the order of the words; empty for a search by hand.
    #[serde(default)]
    pub intents: Vec<Intent>,
    /// The last audit sequence that the index had applied.
    pub index_sequence: u64,
    /// Whether a later change of knowledge was acknowledged but not yet searchable.
    pub stale: bool,
}
