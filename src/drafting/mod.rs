//! Evidence, guide and conversation in; a letter out.
//!
//! `extractive` composes it from the evidence's own sentences, without a model: the embedded default, and what
//! stands in when a model fails. `prompted` says what a model is asked and what its answer is worth.

mod answer;
mod case;
mod extractive;
mod phrases;
pub mod prompted;
mod records;
mod terms;
mod weigh;

use crate::{
    domain::{Channel, Day, EvidenceItem, Guide, Hint, Intent, Missing, NewFinding, Situation, Situations, Span, Turn},
    language::{given::Given, signals::Purpose, situation::Vocabulary},
    tone::Checker,
};

/// What a letter is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Answer from the evidence.
    Answer,
    /// Receive thanks, praise, a greeting or an opinion.
    Acknowledge(Purpose),
    /// Ask for the one missing item.
    Clarify(Missing),
}

/// Everything a drafter may look at.
pub struct Brief<'a> {
    /// What the letter is to do.
    pub task: Task,
    /// The customer's words without greeting, signature and quoted history; personal data masked.
    pub inquiry: &'a str,
    /// The customer's words as they came: the guide's rules read the letter beside them, as the last check will.
    pub as_written: &'a str,
    /// How the reply goes out.
    pub channel: Channel,
    /// What the inquiry is about.
    pub situations: &'a Situations,
    /// The day on which it came.
    pub today: Day,
    /// The day of the order, where it is known.
    pub ordered: Option<Day>,
    /// Whether the customer wrote of a feeling.
    pub feeling: bool,
    /// Whether they wrote in anger.
    pub angry: bool,
    /// What the inquiry already gave.
    pub given: &'a Given,
    /// What was said before in the conversation, oldest first.
    pub turns: &'a [Turn],
    /// What the operator asked for who wanted another draft.
    pub hint: Option<&'a Hint>,
    /// What may be used, best first.
    pub evidence: &'a [EvidenceItem],
    /// What is asked, each with the places of what answers it.
    pub intents: &'a [Intent],
    /// The words for situations.
    pub vocabulary: &'a Vocabulary,
    /// The brand's guide, compiled.
    pub tone: &'a Checker,
}

impl Brief<'_> {
    fn situation(&self) -> &Situation {
        &self.situations.primary
    }

    fn guide(&self) -> &Guide {
        self.tone.guide()
    }
}

/// A letter with its sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The whole text.
    pub text: String,
    /// Where its sentences stand.
    pub sentences: Vec<Span>,
}

/// Writes the letter, and says what the guide's rules see in it; `None` when the evidence holds no sentence that answers.
pub fn draft(brief: &Brief<'_>) -> Option<(Letter, Vec<NewFinding>)> {
    extractive::compose(brief)
}
