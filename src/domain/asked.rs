//! What a model was asked for a draft, and every attempt to get an answer from it, also those that failed.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// Prompts and attempts of one draft, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Asked {
    /// What was asked; more than one only where the first was too long for the model or asked for a shape that it
    /// does not know.
    pub prompts: Vec<Prompt>,
    /// What was tried.
    pub attempts: Vec<Attempt>,
    /// How many pieces a watcher was shown before the whole was checked.
    pub deltas: usize,
}

impl Asked {
    /// Whether no model was asked.
    pub fn is_empty(&self) -> bool {
        self.prompts.is_empty() && self.attempts.is_empty()
    }
}

/// A composed prompt: personal data masked, foreign text made inert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// SHA-256 of the template files that it was made from, hexadecimal.
    pub template: String,
    /// The messages, byte for byte.
    pub messages: Vec<Message>,
    /// How the answer is to name what it stands on.
    pub citing: Citing,
    /// The ids by which it names evidence.
    pub marks: Vec<Mark>,
    /// Its length in tokens; the parts are counted one by one.
    pub tokens: usize,
    /// Whether the length was guessed from characters, because the tokenizer was not there yet.
    pub guessed: bool,
    /// How many tokens it could have.
    pub budget_tokens: usize,
    /// What was left out.
    pub cut: Vec<Cut>,
}

/// One message of a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who speaks.
    pub role: Speaker,
    /// The words.
    pub content: String,
}

/// Who speaks in a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The server, saying what is to be done.
    System,
    /// The server, handing over the material.
    User,
}

impl Speaker {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
        }
    }
}

/// How an answer names the evidence that it stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Citing {
    /// `[k7q]` behind a sentence.
    Marker,
    /// Sentences with their ids as JSON, under a schema that the server enforces.
    Schema,
}

/// An opaque id of this prompt, and the piece of evidence that it stands for. Opaque, because models confuse a
/// place in a list with a number in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// For instance `k7q`.
    pub id: String,
    /// The place in the evidence.
    pub evidence: usize,
}

/// Something that the token budget had no room for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// What kind of material.
    pub what: Material,
    /// Its id; `None` where it has none.
    pub id: Option<String>,
    /// How long it was.
    pub tokens: usize,
    /// Why it was left out.
    pub why: Why,
}

/// What a prompt is made of, the first to be cut last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Material {
    /// The customer's words; a long middle is left out.
    Inquiry,
    /// A fact of the case.
    Record,
    /// A rule of the shop.
    Passage,
    /// A turn of the conversation before.
    Turn,
    /// A past reply, as an example of voice.
    Example,
}

/// Why something was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The budget of the settings was used up.
    OverBudget,
    /// The model said that the prompt was too long for it.
    ContextLength,
}

/// One request to a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Which prompt, by its place in [`Asked::prompts`].
    pub prompt: usize,
    /// Whom it went to: host and port.
    pub host: String,
    /// The model that was asked for.
    pub model: String,
    /// The parameters as they were sent, as JSON.
    pub parameters: String,
    /// When it went out.
    pub started_at: Timestamp,
    /// When the first byte of the answer's head came, from there.
    pub first_byte_ms: Option<u64>,
    /// When it was over, from there.
    pub duration_ms: u64,
    /// The HTTP status, if there was one.
    pub status: Option<u16>,
    /// Why there is no usable answer; `None` when there is.
    pub failure: Option<Failure>,
    /// What was found, in our words.
    pub detail: Option<String>,
    /// The model that says it answered.
    pub answered_by: Option<String>,
    /// The provider's id of the answer.
    pub response_id: Option<String>,
    /// The provider's `system_fingerprint`.
    pub fingerprint: Option<String>,
    /// Why the model stopped.
    pub finish: Option<String>,
    /// What it counted.
    pub usage: Option<Usage>,
    /// What it cost by the prices of the settings, in millionths of their currency.
    pub cost_micros: Option<u64>,
    /// Whether a whole text came; what it is worth, `failure` says.
    #[serde(default)]
    pub heard: bool,
    /// The answer's body as it came, at most a mebibyte.
    pub raw: String,
}

/// Tokens as the provider counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Of the prompt.
    pub prompt_tokens: u64,
    /// Of the answer.
    pub completion_tokens: u64,
    /// Of the prompt, taken from the provider's cache.
    pub cached_tokens: u64,
}

/// Why a model's answer cannot be used; the extractive draft then stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// Name, connection or TLS failed.
    Unreachable,
    /// Connecting, the first byte, a silence or the whole took too long.
    Timeout,
    /// 401 or 403: the key is wrong, or may not do this.
    Unauthorized,
    /// 429: too much at once.
    RateLimited,
    /// 429 `insufficient_quota`: there is nothing left to spend.
    Quota,
    /// 404, or a model that is gone.
    NoSuchModel,
    /// The prompt is longer than the model reads.
    TooLong,
    /// Another refusal of the request.
    Rejected,
    /// 5xx, or an error in the middle of a stream.
    ServerError,
    /// An answer that is none: not JSON, of wrong types, without a choice.
    Malformed,
    /// An answer that broke off.
    Truncated,
    /// More than a mebibyte.
    TooLarge,
    /// The model ran out of tokens in mid-letter.
    Incomplete,
    /// The provider's filter stopped it.
    Filtered,
    /// The model declined.
    Refused,
    /// Nothing was said.
    Empty,
    /// Not Japanese.
    WrongLanguage,
    /// Tokens of a chat template, words of the prompt, or the same again and again.
    Unclean,
    /// What it says contradicts the evidence.
    Contradicted,
    /// Nothing that it says is found in the evidence.
    Ungrounded,
    /// As many requests as may be are under way.
    Busy,
    /// It failed so often that it is left alone for a while.
    BreakerOpen,
}

impl Failure {
    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::Unreachable,
        Self::Timeout,
        Self::Unauthorized,
        Self::RateLimited,
        Self::Quota,
        Self::NoSuchModel,
        Self::TooLong,
        Self::Rejected,
        Self::ServerError,
        Self::Malformed,
        Self::Truncated,
        Self::TooLarge,
        Self::Incomplete,
        Self::Filtered,
        Self::Refused,
        Self::Empty,
        Self::WrongLanguage,
        Self::Unclean,
        Self::Contradicted,
        Self::Ungrounded,
        Self::Busy,
        Self::BreakerOpen,
    ];

    /// The word in JSON, metrics and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Unauthorized => "unauthorized",
            Self::RateLimited => "rate_limited",
            Self::Quota => "quota",
            Self::NoSuchModel => "no_such_model",
            Self::TooLong => "too_long",
            Self::Rejected => "rejected",
            Self::ServerError => "server_error",
            Self::Malformed => "malformed",
            Self::Truncated => "truncated",
            Self::TooLarge => "too_large",
            Self::Incomplete => "incomplete",
            Self::Filtered => "filtered",
            Self::Refused => "refused",
            Self::Empty => "empty",
            Self::WrongLanguage => "wrong_language",
            Self::Unclean => "unclean",
            Self::Contradicted => "contradicted",
            Self::Ungrounded => "ungrounded",
            Self::Busy => "busy",
            Self::BreakerOpen => "breaker_open",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_a_failure_is_the_word_in_json() {
        for failure in Failure::ALL {
            assert_eq!(serde_json::to_value(failure).unwrap(), failure.as_str());
        }
    }
}
