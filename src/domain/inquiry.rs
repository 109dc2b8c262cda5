//! What a customer writes, parsed once at the door.

use serde::{Deserialize, Serialize};

use super::{Id, Situations, Timestamp, WorkspaceId, name};

/// How the customer writes to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A letter by e-mail.
    Email,
    /// A chat window in the shop.
    Chat,
    /// LINE.
    Line,
    /// An operator's note of a call.
    PhoneNote,
    /// A form in the shop.
    Form,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Email, Self::Chat, Self::Line, Self::PhoneNote, Self::Form];

    /// The word in JSON and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Chat => "chat",
            Self::Line => "line",
            Self::PhoneNote => "phone_note",
            Self::Form => "form",
        }
    }

    /// Reads [`Channel::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == text)
    }

    /// Whether a reply is a short message rather than a letter.
    pub fn is_brief(self) -> bool {
        matches!(self, Self::Chat | Self::Line)
    }
}

/// The words of a customer: trimmed, not empty, at most [`InquiryText::MAX_CHARS`], no control
/// characters but newline and tab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InquiryText(String);

impl InquiryText {
    /// In code points.
    pub const MAX_CHARS: usize = 50_000;

    /// Line ends become `\n`; control characters are refused rather than dropped, so that what is
    /// recorded is what was sent.
    pub fn parse(text: &str) -> Result<Self, InquiryTextError> {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let text = text.trim();
        if text.is_empty() {
            return Err(InquiryTextError::Empty);
        }
        let chars = text.chars().count();
        if chars > Self::MAX_CHARS {
            return Err(InquiryTextError::TooLong { chars, max: Self::MAX_CHARS });
        }
        if let Some(at) = text.chars().position(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(InquiryTextError::Control { at });
        }
        Ok(Self(text.to_owned()))
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Two messages that belong together, an empty line between them.
    pub fn joined(&self, later: &Self) -> Result<Self, InquiryTextError> {
        Self::parse(&format!("{}\n\n{}", self.0, later.0))
    }
}

/// Why a text cannot be an inquiry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InquiryTextError {
    /// Nothing but white space.
    #[error("the inquiry is empty: send the customer's words in `text`")]
    Empty,
    /// Longer than anything a person reads.
    #[error(
        "the inquiry has {chars} characters, at most {max} are taken: send the customer's words without attachments"
    )]
    TooLong {
        /// How many there are.
        chars: usize,
        /// How many may be.
        max: usize,
    },
    /// A NUL or another control character.
    #[error("the inquiry has a control character at {at}: send plain text")]
    Control {
        /// Position in code points.
        at: usize,
    },
}

/// What an operator says to get another draft: 「送料にも触れて」. Trimmed, not empty, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hint(String);

impl Hint {
    /// In code points.
    pub const MAX_CHARS: usize = 500;

    /// Lines become one: a hint is a sentence.
    pub fn parse(text: &str) -> Result<Self, HintError> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let fits = (1..=Self::MAX_CHARS).contains(&text.chars().count());
        if fits && !text.chars().any(char::is_control) {
            return Ok(Self(text));
        }
        Err(HintError { max: Self::MAX_CHARS })
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is not a hint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a hint has 1 to {max} characters and no control characters: say in a sentence what the draft should do")]
pub struct HintError {
    max: usize,
}

/// A caller's own reference (customer, order): kept and compared, never interpreted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(String);

impl Reference {
    /// In code points.
    pub const MAX_CHARS: usize = 200;

    /// Trimmed, not empty, no control characters.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let text = text.trim();
        let fits = (1..=Self::MAX_CHARS).contains(&text.chars().count());
        if fits && !text.chars().any(char::is_control) {
            return Ok(Self(text.to_owned()));
        }
        Err(ReferenceError { max: Self::MAX_CHARS })
    }

    /// The reference as the caller gave it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is not a reference; the text itself is not repeated, it may name a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a reference has 1 to {max} characters and no control characters")]
pub struct ReferenceError {
    max: usize,
}

/// A fact about this customer's case, handed in with the inquiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its id.
    pub id: Id<name::Record>,
    /// What it is about, e.g. `お届け予定日`.
    pub name: String,
    /// What holds, e.g. `11月25日（水）`.
    pub value: String,
    /// Where the caller read it, e.g. `order-system`.
    pub source: Option<String>,
    /// When it was true.
    pub as_of: Option<Timestamp>,
}

impl Record {
    /// How many may come with one inquiry.
    pub const MAX_COUNT: usize = 50;
    /// Name, value and source each, in code points.
    pub const MAX_CHARS: usize = 2_000;

    /// The text that sentences are compared with and that a citation quotes.
    pub fn text(&self) -> String {
        format!("{}: {}", self.name, self.value)
    }
}

/// An inquiry that passed the door but has no id yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInquiry {
    /// Which desk it is for.
    pub workspace: WorkspaceId,
    /// How it came.
    pub channel: Channel,
    /// The customer's words.
    pub text: InquiryText,
    /// The thread it continues.
    pub conversation: Option<Id<name::Conversation>>,
    /// Who wrote, by the caller's own reference.
    pub customer: Option<Reference>,
    /// Which order it is about, by the caller's own reference.
    pub order: Option<Reference>,
    /// What is known of the case.
    pub records: Vec<Record>,
}

/// One message of a customer, or several that came in quick succession.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    /// Its id.
    pub id: Id<name::Inquiry>,
    /// Which desk it is for.
    pub workspace: WorkspaceId,
    /// The thread it belongs to.
    pub conversation: Id<name::Conversation>,
    /// How it came.
    pub channel: Channel,
    /// The customer's words, all messages joined.
    pub text: InquiryText,
    /// Who wrote, by the caller's own reference.
    pub customer: Option<Reference>,
    /// Which order it is about, by the caller's own reference.
    pub order: Option<Reference>,
    /// What is known of the case.
    pub records: Vec<Record>,
    /// What it is about.
    pub situations: Situations,
    /// When its last message came.
    pub received_at: Timestamp,
}

impl Inquiry {
    /// Whether a message that names this customer is somebody else's: records and words of one customer are never
    /// shown for another, whatever the conversation says.
    pub fn is_another_customers(&self, customer: Option<&Reference>) -> bool {
        matches!((&self.customer, customer), (Some(own), Some(other)) if own != other)
    }
}

/// Where an inquiry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InquiryState {
    /// Nobody has it yet.
    New,
    /// Somebody works on it.
    Assigned,
    /// It waits for the customer.
    Waiting,
    /// A reply was decided or reported.
    Answered,
    /// Nothing more is to be done.
    Closed,
}

impl InquiryState {
    /// The word in JSON and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Assigned => "assigned",
            Self::Waiting => "waiting",
            Self::Answered => "answered",
            Self::Closed => "closed",
        }
    }

    /// Reads [`InquiryState::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::New, Self::Assigned, Self::Waiting, Self::Answered, Self::Closed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inquiry_is_checked_once_at_the_door() {
        assert_eq!(InquiryText::parse(" \n\t "), Err(InquiryTextError::Empty));
        assert_eq!(InquiryText::parse("返品\0したい"), Err(InquiryTextError::Control { at: 2 }));
        assert_eq!(InquiryText::parse(" 返品\r\nしたい ").unwrap().as_str(), "返品\nしたい");
        let long = "あ".repeat(InquiryText::MAX_CHARS + 1);
        assert!(matches!(InquiryText::parse(&long), Err(InquiryTextError::TooLong { .. })));
    }

    #[test]
    fn an_error_about_a_reference_does_not_repeat_it() {
        let error = Reference::parse("山田太郎\n").and_then(|_| Reference::parse("山田\u{0}太郎")).unwrap_err();
        assert!(!error.to_string().contains("山田"));
    }
}
