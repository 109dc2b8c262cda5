//! The brand's tone guide as plain values. How its file is read is said in `tone/guide.rs`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Category, Severity, Situation};

/// A brand's guide with what it extends laid under it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Guide {
    /// Who speaks.
    pub brand: Brand,
    /// Words that `cold_stiff` leaves alone.
    pub formal_ok: Vec<String>,
    /// Names that are one word and never reworded.
    pub terms: Vec<String>,
    /// The brand's rule for each category it names; a category it does not name is not checked.
    pub rules: BTreeMap<Category, RuleSettings>,
}

/// Who speaks, and the set phrases they speak with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    /// What requests name it by.
    pub id: String,
    /// The name people read.
    pub name: String,
    /// What it sells.
    pub business: String,
    /// Channels it answers on, e.g. `email`; empty means all.
    pub channels: Vec<String>,
    /// How it sounds, in a sentence.
    pub voice: String,
    /// Its set phrases.
    pub formulas: Formulas,
}

/// Set phrases that drafts are built from. Slots: `{operator}` the person, `{topic}` what the inquiry is about.
/// A guide that lacks one gets the neutral phrase of `prompts/letter.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Formulas {
    /// First sentence of a reply.
    pub opening: Vec<String>,
    /// Last sentence of a reply.
    pub closing: Vec<String>,
    /// Takes up what the customer wrote; by situation, or `default`.
    pub take_up: BTreeMap<String, String>,
    /// What happens next; by situation, `refusal` where the answer is no, or `default`.
    pub next_step: BTreeMap<String, String>,
    /// Answers thanks, praise, greeting or feedback; by that word.
    pub acknowledge: BTreeMap<String, String>,
    /// Asks for the one missing item; by `order_number`, `product`, `detail`, `date` or `photo`.
    pub clarify: BTreeMap<String, String>,
    /// Receives a feeling the customer wrote of.
    pub empathy: Option<String>,
    /// Receives anger, whoever was at fault.
    #[serde(default)]
    pub anger: Option<String>,
}

/// What the guide says of one category.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RuleSettings {
    /// The sentence that people read and findings quote.
    pub clause: String,
    /// Overrides the category's own severity.
    pub severity: Option<Severity>,
    /// Stops the rule.
    pub off: bool,
    /// What to look for.
    pub words: Vec<WordEntry>,
    /// Expressions that exempt what they cover.
    pub except: Vec<String>,
    /// What has to be there.
    pub require: Option<Require>,
    /// How much is too much.
    pub limit: Option<Limit>,
    /// Situations in which the limit is 0.
    pub forbid_in: Vec<Situation>,
    /// `Some(false)` forbids emoticons.
    pub kaomoji: Option<bool>,
    /// Exceptions that are allowed.
    pub allow: Vec<String>,
    /// Sentences the rule has to flag.
    pub bad: Vec<String>,
    /// Sentences it has to leave alone.
    pub good: Vec<String>,
}

/// Words to look for, after NFKC, and what may replace them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordEntry {
    /// What is looked for.
    pub any: Vec<String>,
    /// What may replace it; an empty text deletes, no entry at all only points out.
    pub replacements: Vec<String>,
    /// Where it counts.
    pub at: At,
}

/// Where a word of a [`WordEntry`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// Anywhere in the text.
    #[default]
    Anywhere,
    /// At the start of a sentence.
    SentenceStart,
    /// Right after a person's name.
    NameSuffix,
}

/// What has to be there, where and when.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Require {
    /// One of these; `…` stands for anything within the sentence.
    pub any: Vec<String>,
    /// Within so many sentences from the start of the body.
    pub within_sentences: Option<usize>,
    /// Within so many sentences before the signature.
    pub last_sentences: Option<usize>,
    /// Only when this holds: `our_fault` or `given_photo_report_or_praise`.
    pub when: Option<When>,
    /// Only beside one of these: in its sentence or the one before.
    pub near: Vec<Near>,
}

/// When a requirement holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Our side, or the delivery, failed.
    OurFault,
    /// The customer sent a photo, a report or praise.
    GivenPhotoReportOrPraise,
}

/// Beside what a requirement holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Near {
    /// We ask the customer to do something.
    Request,
    /// We decline.
    Refusal,
}

/// How much is too much; what goes beyond is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Limit {
    /// Times in a reply.
    pub count: Option<usize>,
    /// Characters in a sentence, or characters of an ending.
    pub chars: Option<usize>,
    /// Sentences in a row.
    pub run: Option<usize>,
    /// Marks in a row.
    pub consecutive: Option<usize>,
}
