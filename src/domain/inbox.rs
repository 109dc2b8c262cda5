//! What waits for an answer: the list that operators work from.

use super::{
    Channel, Checks, Draft, DraftState, Drafter, Id, Inquiry, InquiryState, Lease, Severity, Timestamp, Verdict, name,
};

/// Which inquiries are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// All that nobody answered and no chatbot has an answer for.
    #[default]
    Open,
    /// Those that the reader holds.
    Mine,
    /// Those of the open ones whose time for an answer is over.
    Overdue,
    /// Those that were handed to a person.
    Handoff,
    /// Those that were answered today.
    Answered,
    /// Those that a chatbot was given an answer for and may still pass on.
    Chatbot,
}

impl View {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 6] = [Self::Open, Self::Mine, Self::Overdue, Self::Handoff, Self::Answered, Self::Chatbot];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Mine => "mine",
            Self::Overdue => "overdue",
            Self::Handoff => "handoff",
            Self::Chatbot => "chatbot",
            Self::Answered => "answered",
        }
    }

    /// How many inquiries it holds.
    pub fn count(self, counts: &Counts) -> u64 {
        Self::ALL.iter().position(|view| *view == self).map_or(0, |at| counts[at])
    }

    /// Reads [`View::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.as_str() == text)
    }
}

/// What of the inbox is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// Which part.
    pub view: View,
    /// Only what is about this.
    pub situation: Option<String>,
    /// Only what came this way.
    pub channel: Option<Channel>,
    /// Only what comes after this inquiry in the list.
    pub behind: Option<Id<name::Inquiry>>,
}

/// The same as the store is asked for it.
#[derive(Debug, Clone)]
pub struct InboxQuery<'a> {
    /// What is wanted.
    pub sought: &'a Sought,
    /// Who reads: whose leases are their own.
    pub principal: &'a str,
    /// Leases that ended before are no leases.
    pub now: Timestamp,
    /// What was received before is overdue.
    pub overdue: Timestamp,
    /// Answered since then is answered today.
    pub today: Timestamp,
    /// What a chatbot was given an answer for is its own when it was received since then; before, the people's again.
    pub chatbots_since: Timestamp,
    /// At most so many.
    pub limit: usize,
}

/// One line of the inbox.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// What the customer wrote.
    pub inquiry: Inquiry,
    /// Where it stands.
    pub state: InquiryState,
    /// What the last suggestion led to; `None` while there is none.
    pub outcome: Option<String>,
    /// How its draft stands; `None` while there is none.
    pub draft: Option<DraftStanding>,
    /// Who works on it.
    pub lease: Option<Lease>,
    /// Whether a chatbot may still pass an answer on.
    pub with_chatbot: bool,
}

/// How a draft stands, without its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DraftStanding {
    /// Whether it can still be decided on.
    pub state: DraftState,
    /// Who wrote it.
    pub drafter: Option<Drafter>,
    /// What it got; `None` for a draft from before this was kept.
    pub tally: Option<Tally>,
}

/// What a draft got, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Sentences that the evidence contradicts.
    pub contradicted: u64,
    /// Claims on which the evidence is silent, and places that cannot go out as they stand.
    pub unsupported: u64,
    /// Claims that stand on past replies alone.
    pub weak: u64,
    /// Tone findings that have to be mended.
    pub errors: u64,
}

impl Tally {
    /// What a draft got.
    pub fn of(draft: &Draft, checks: &Checks) -> Self {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let verdicts = &checks.grounding.verdicts;
        let weak = verdicts.iter().filter(|sentence| sentence.verdict == Verdict::Supported && sentence.weak).count();
        let blocks =
            |finding: &&super::Finding| finding.seen.severity == Severity::Error && finding.waived_by.is_none();
        Self {
            contradicted: count(checks.grounding.count(Verdict::Contradicted)),
            unsupported: count(checks.grounding.count(Verdict::Unsupported).max(draft.flags.len())),
            weak: count(weak),
            errors: count(checks.findings.iter().filter(blocks).count()),
        }
    }

    /// How much has to be resolved before the draft can be accepted.
    pub fn blockers(&self) -> u64 {
        self.contradicted + self.unsupported + self.errors
    }
}

/// How many inquiries each part of the inbox holds, in the order of [`View::ALL`].
pub type Counts = [u64; View::ALL.len()];

/// Where an inquiry stands among those that are open, the one that waits the longest time first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub rank: u64,
    /// The one that waits longer.
    pub before: Option<Id<name::Inquiry>>,
    /// The next one.
    pub after: Option<Id<name::Inquiry>>,
    /// Whether it is not open itself, since a chatbot may still pass an answer on.
    pub with_chatbot: bool,
}
