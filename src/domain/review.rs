//! Findings as QA looks at them: where they stand, who wrote the words, what was ruled, and what is let pass for a while.

use serde::{Deserialize, Serialize};

use super::{Category, Day, Finding, Id, NewFinding, Ruling, Severity, Span, Timestamp, name};

/// Where a finding stands: what was ruled last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingState {
    /// Nobody ruled on it.
    Open,
    /// It is right.
    Confirmed,
    /// It is wrong.
    Dismissed,
    /// It is right and passes.
    Waived,
}

impl FindingState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::Confirmed, Self::Dismissed, Self::Waived];

    /// The word in JSON and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Confirmed => "confirmed",
            Self::Dismissed => "dismissed",
            Self::Waived => "waived",
        }
    }

    /// Reads [`FindingState::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What verdicts and findings belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckedText {
    /// A draft.
    Draft(Id<name::Draft>),
    /// A reply that is no accepted draft.
    Reply(Id<name::Reply>),
}

/// A finding with all that QA needs to rule on it.
#[derive(Debug, Clone, PartialEq)]
pub struct FiledFinding {
    /// What was found.
    pub finding: Finding,
    /// What was ruled.
    pub state: FindingState,
    /// Whose text it is about.
    pub checked: CheckedText,
    /// That text.
    pub text: String,
    /// What the text answers, where that is known.
    pub inquiry: Option<Id<name::Inquiry>>,
    /// The reply that went out with it; `None` while it stands in a draft alone.
    pub reply: Option<Id<name::Reply>>,
    /// What the inquiry is about.
    pub situation: Option<String>,
    /// Who wrote or sent it.
    pub person: Option<String>,
    /// Their desk.
    pub team: Option<String>,
    /// Their employer.
    pub vendor: Option<String>,
    /// When the draft was made or the reply sent.
    pub at: Timestamp,
    /// Every ruling, the first first.
    pub rulings: Vec<Ruling>,
    /// What else was found in that text.
    pub beside: Vec<Finding>,
}

/// Which findings are looked for; nothing said is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingFilter {
    /// Of this kind.
    pub category: Option<Category>,
    /// Of this rule.
    pub rule: Option<String>,
    /// In replies to inquiries about this.
    pub situation: Option<String>,
    /// By this person.
    pub person: Option<String>,
    /// By this team.
    pub team: Option<String>,
    /// By this vendor.
    pub vendor: Option<String>,
    /// By this revision of the guide.
    pub guide: Option<Id<name::Revision>>,
    /// Ruled like this.
    pub state: Option<FindingState>,
    /// Whether a customer got it.
    pub sent: Option<bool>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// Weighing so much.
    pub severity: Option<Severity>,
    /// Ruled on since then.
    pub ruled_since: Option<Timestamp>,
    /// Of those whom no vendor employs.
    pub own: bool,
}

/// Words for which a rule passes, until a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// Its id.
    pub id: Id<name::Waiver>,
    /// The rule.
    pub rule: String,
    /// The words, as they were written.
    pub phrase: String,
    /// The last day.
    pub until: Day,
}

impl Waiver {
    /// Whether it lets a finding in this text pass: the words stand there, around or inside what was found.
    pub fn covers(&self, seen: &NewFinding, text: &str) -> bool {
        let Some(span) = seen.span.filter(|_| seen.rule == self.rule) else { return false };
        let mut places = text.match_indices(&self.phrase).map(|(at, words)| Span::of_bytes(text, at..at + words.len()));
        let holds = |outer: Span, inner: Span| outer.start <= inner.start && inner.end <= outer.end;
        places.any(|place| holds(place, span) || holds(span, place))
    }
}

/// A sent reply as drift counts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentReply {
    /// The team or the vendor.
    pub group: String,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// How many findings it has that were neither dismissed nor waived.
    pub findings: u32,
}

/// Who is compared with whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    /// Desks.
    Team,
    /// Companies.
    Vendor,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiver_covers_its_words_and_no_others() {
        let text = "クレームブリュレの件と、クレームの件です。";
        let at = |start: usize| NewFinding {
            rule: "ng_word:クレーム".to_owned(),
            category: Category::NgWord,
            span: Some(Span::new(start, start + 4)),
            severity: Severity::Error,
            clause: String::new(),
            message: String::new(),
            rewrite: None,
            one_click: false,
        };
        let id = Id::parse("wvr_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10").unwrap();
        let waiver = |phrase: &str, rule: &str| Waiver {
            id: id.clone(),
            rule: rule.to_owned(),
            phrase: phrase.to_owned(),
            until: Day::parse("2026-12-31").unwrap(),
        };
        let brulee = waiver("クレームブリュレ", "ng_word:クレーム");
        assert!(brulee.covers(&at(0), text) && !brulee.covers(&at(12), text));
        assert!(waiver("クレーム", "ng_word:クレーム").covers(&at(12), text));
        assert!(!waiver("クレーム", "ng_word:解約").covers(&at(12), text));
        assert!(!brulee.covers(&NewFinding { span: None, ..at(0) }, text));
    }
}
