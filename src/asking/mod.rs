//! Asks a model under limits, so that a model in trouble costs an operator nothing but its draft.
//!
//! Around one question stand a deadline for everything, a bulkhead that shrinks while the model is in trouble, a
//! circuit breaker, and a budget for repetitions. Every request is noted as an attempt, whatever came of it. What is
//! asked and what an answer is worth is the drafting room's; how a server is spoken to, the adapter's.

mod attempt;
mod breaker;
mod bulkhead;
mod embedding;
mod retry;
mod tape;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::time::{Instant, sleep_until};
use tracing::{Instrument as _, Span};

pub use self::{
    attempt::Said,
    embedding::{EmbedderGuards, EmbedderSeat},
    retry::spread,
    tape::Tape,
};
use self::{breaker::Breaker, bulkhead::Bulkhead, retry::Budget};
use crate::{
    config::ModelSettings,
    domain::{Asked, Citing, Failure, Prompt},
    ports::{ChatModel, Clock, Ids, Question, Tokenizer, Unheard},
    telemetry,
};

/// A model with its settings, or what one said once.
pub struct Seat {
    /// How it is asked.
    pub settings: ModelSettings,
    tokenizer: Arc<dyn Tokenizer>,
    voice: Voice,
}

/// Who answers.
enum Voice {
    Live(Line),
    Taped(Tape),
}

/// A model at a server, and what protects from it.
struct Line {
    model: Arc<dyn ChatModel>,
    /// Host and port, for the record.
    host: String,
    guard: Arc<Guard>,
    /// The server did not take a schema: it is not offered one again.
    no_schema: AtomicBool,
}

/// Counts nothing: lengths are guessed.
struct NotLoaded;

impl Tokenizer for NotLoaded {
    fn count(&self, _: &str) -> Option<usize> {
        None
    }
}

/// Protects from one server; workspaces that ask the same server share it.
pub struct Guard {
    breaker: Breaker,
    bulkhead: Bulkhead,
    budget: Budget,
}

impl Guard {
    /// For a server that is asked at most so often at once.
    pub fn new(concurrency: usize) -> Self {
        Self { breaker: Breaker::default(), bulkhead: Bulkhead::new(concurrency), budget: Budget::default() }
    }

    /// Leave for one request.
    async fn enter(
        &self,
        deadline: Instant,
        chance: uuid::Uuid,
    ) -> Result<(breaker::Passage<'_>, bulkhead::Room<'_>), Unheard> {
        if self.breaker.is_open() {
            return Err(breaker::left_alone());
        }
        let room = self.bulkhead.enter(deadline).await?;
        Ok((self.breaker.enter(chance)?, room))
    }
}

/// Where time and chance come from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// For the record; limits are counted by a clock that nobody can set.
    pub clock: &'a dyn Clock,
    /// For the spread of waits.
    pub ids: &'a dyn Ids,
}

/// Composes the prompt: how evidence is to be cited, and how many tokens there may be when the model said that the
/// first prompt was too long. `None` where the prompt files do not allow it.
pub type Compose<'a> = &'a (dyn Fn(Citing, Option<usize>) -> Option<Prompt> + Sync);

/// What of a draft reaches a watcher before it is checked.
pub trait Listener: Send {
    /// Text as the model says it; with [`Citing::Schema`] it is JSON.
    fn hear(&mut self, citing: Citing, piece: &str);
    /// Whether anybody looks at the text as it comes.
    fn watches(&self) -> bool;
    /// Whether anything was shown.
    fn has_shown(&self) -> bool;
}

impl Seat {
    /// A model at `host`.
    pub fn new(
        settings: ModelSettings,
        host: &str,
        model: Arc<dyn ChatModel>,
        tokenizer: Arc<dyn Tokenizer>,
        guard: Arc<Guard>,
    ) -> Self {
        let line = Line { model, host: host.to_owned(), guard, no_schema: AtomicBool::new(false) };
        Self { settings, tokenizer, voice: Voice::Live(line) }
    }

    /// What a model said once, for a replay: nothing is sent.
    pub fn taped(settings: ModelSettings, tokenizer: Arc<dyn Tokenizer>, tape: Tape) -> Self {
        Self { settings, tokenizer, voice: Voice::Taped(tape) }
    }

    /// Measures the prompts of one draft: by the vocabulary, or all of them by a guess where it is not loaded yet. A prompt
    /// of which a part is guessed could never be made again.
    pub fn tokenizer(&self) -> &dyn Tokenizer {
        let guessed = matches!(&self.voice, Voice::Taped(tape) if tape.is_guessed());
        if guessed || self.tokenizer.count("").is_none() { &NotLoaded } else { self.tokenizer.as_ref() }
    }

    /// Asks until there is an answer or nothing more to be done, at the latest until the deadline. What was asked and
    /// tried is added to `asked` as it happens, so that it is known even when the caller does not live to see the end.
    pub async fn ask(
        &self,
        source: Source<'_>,
        compose: Compose<'_>,
        schema: &(dyn Fn(&Prompt) -> serde_json::Value + Sync),
        asked: &mut Asked,
        listener: &mut dyn Listener,
    ) -> Result<Said, Failure> {
        let line = match &self.voice {
            Voice::Live(line) => line,
            Voice::Taped(tape) => return tape.ask(compose, asked),
        };
        let deadline = Instant::now() + self.settings.limits.deadline;
        line.guard.budget.deposit();
        let (mut repeated, mut shorter) = (0, None);
        loop {
            let citing = if line.no_schema.load(Ordering::Relaxed) { Citing::Marker } else { self.settings.citing };
            self.prompt(compose, citing, shorter, asked)?;
            let unheard = match self.once(line, (source, deadline), schema, asked, listener).await {
                Ok(said) => return Ok(said),
                Err(unheard) => unheard,
            };
            if unheard.no_schema && citing == Citing::Schema {
                tracing::warn!(
                    model.host = line.host,
                    "the server takes no JSON schema: it is asked for markers from now on"
                );
                line.no_schema.store(true, Ordering::Relaxed);
                continue;
            }
            if unheard.failure == Failure::TooLong && shorter.is_none() {
                shorter = Some(self.fitting(&unheard, asked));
                continue;
            }
            let again = retry::wait(&unheard, repeated, source.ids.uuid()).map(|wait| Instant::now() + wait);
            let Some(at) = again.filter(|at| *at < deadline) else { return Err(unheard.failure) };
            // What a watcher has read is not said again in other words: the draft that stands in is.
            if repeated >= self.settings.limits.retries || listener.has_shown() || !line.guard.budget.withdraw() {
                return Err(unheard.failure);
            }
            repeated += 1;
            sleep_until(at).await;
        }
    }

    /// The prompt to ask with: a new one only where it would differ.
    fn prompt(
        &self,
        compose: Compose<'_>,
        citing: Citing,
        shorter: Option<usize>,
        asked: &mut Asked,
    ) -> Result<(), Failure> {
        let fits =
            |prompt: &&Prompt| prompt.citing == citing && shorter.is_none_or(|most| prompt.budget_tokens <= most);
        if asked.prompts.last().filter(fits).is_none() {
            asked.prompts.push(compose(citing, shorter).ok_or(Failure::Rejected)?);
        }
        Ok(())
    }

    /// How many tokens the prompt may have once the model said that it was too long: what it reads, less the answer;
    /// half of the last where it does not say what it reads.
    fn fitting(&self, unheard: &Unheard, asked: &Asked) -> usize {
        let last = asked.prompts.last().map_or(self.settings.prompt_tokens, |prompt| prompt.tokens);
        let answer = usize::try_from(self.settings.max_tokens).unwrap_or(usize::MAX);
        // The server's tokenizer is another than ours: a tenth is kept free.
        let reads = unheard.context_tokens.map(|all| all.saturating_sub(answer) / 10 * 9).filter(|most| *most > 0);
        reads.unwrap_or(last / 2).min(last.saturating_sub(1)).max(1)
    }

    /// One request, if the guard lets it through.
    async fn once(
        &self,
        line: &Line,
        (source, deadline): (Source<'_>, Instant),
        schema: &(dyn Fn(&Prompt) -> serde_json::Value + Sync),
        asked: &mut Asked,
        listener: &mut dyn Listener,
    ) -> Result<Said, Unheard> {
        let at = asked.prompts.len() - 1;
        let prompt = &asked.prompts[at];
        let schema = (prompt.citing == Citing::Schema).then(|| schema(prompt));
        let started_at = source.clock.now();
        let entered = line.guard.enter(deadline, source.ids.uuid()).await;
        let (passage, room) = match entered {
            Ok(entered) => entered,
            Err(unheard) => {
                let attempt = attempt::refused(self, &line.host, at, started_at, &unheard);
                telemetry::attempted(&Span::none(), &attempt);
                asked.attempts.push(attempt);
                return Err(unheard);
            }
        };
        let started = Instant::now();
        let citing = prompt.citing;
        let stream = self.settings.stream.unwrap_or_else(|| listener.watches());
        let question = Question { messages: &prompt.messages, schema: schema.as_ref(), stream, deadline };
        let span = telemetry::model_span(&line.host, &self.settings.model, prompt);
        let mut hear = |piece: &str| listener.hear(citing, piece);
        let heard = line.model.ask(question, &mut hear).instrument(span.clone()).await;
        let duration = started.elapsed();
        passage.end(heard.said.as_ref().err());
        room.end(heard.said.as_ref().err());
        let (attempt, said) = attempt::noted(self, &line.host, at, started_at, duration, heard);
        telemetry::attempted(&span, &attempt);
        asked.attempts.push(attempt);
        said.map(|text| Said { text, prompt: at })
    }
}

#[cfg(test)]
mod tests;
