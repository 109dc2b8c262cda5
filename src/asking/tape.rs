//! What a model said once, said again: for a replay, which composes the prompts anew and reads the answer anew. Nothing is
//! sent, and nothing waits.

use super::{Compose, Said};
use crate::domain::{Asked, Attempt, Failure};

/// The recorded attempts of one draft.
pub struct Tape {
    recorded: Asked,
    /// The text of the last attempt, read from its recorded bytes.
    said: Option<String>,
}

impl Tape {
    /// Of what was asked, and what the bytes of its last attempt say.
    pub fn new(recorded: Asked, said: Option<String>) -> Self {
        Self { recorded, said }
    }

    /// Whether its prompts were measured by a guess.
    pub(super) fn is_guessed(&self) -> bool {
        self.recorded.prompts.iter().any(|prompt| prompt.guessed)
    }

    /// Composes the prompts as they were composed then, and answers as the model did.
    pub(super) fn ask(&self, compose: Compose<'_>, asked: &mut Asked) -> Result<Said, Failure> {
        let whole = self.recorded.prompts.first().map_or(0, |prompt| prompt.budget_tokens);
        for prompt in &self.recorded.prompts {
            let shorter = Some(prompt.budget_tokens).filter(|budget| *budget < whole);
            asked.prompts.push(compose(prompt.citing, shorter).ok_or(Failure::Rejected)?);
        }
        asked.attempts.extend(self.recorded.attempts.iter().map(as_heard));
        let last = self.recorded.attempts.last().ok_or(Failure::Rejected)?;
        match (&self.said, last.heard) {
            (Some(text), true) => Ok(Said { text: text.clone(), prompt: last.prompt }),
            // Bytes that were read once and cannot be read any more.
            (None, true) => Err(Failure::Malformed),
            (_, false) => Err(last.failure.unwrap_or(Failure::Malformed)),
        }
    }
}

/// An attempt as it was when it had been heard: what its text is worth is found anew.
fn as_heard(attempt: &Attempt) -> Attempt {
    match attempt.heard {
        true => Attempt { failure: None, detail: None, ..attempt.clone() },
        false => attempt.clone(),
    }
}
