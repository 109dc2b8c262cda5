//! What is told of the work while it is done: a span for each stage and each request to a model, and the numbers that
//! a dashboard adds up. Names and labels stand here and nowhere else; who listens is the adapters' business.
//!
//! Nothing here carries words of a customer, a name or a secret, except the content of prompts and answers in spans
//! where the settings ask for it. The record is the audit log: this is a copy that may have gaps.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use metrics::{counter, describe_counter, describe_histogram, histogram};
use tokio::time::Instant;
use tracing::{Instrument as _, Span, debug_span, field::Empty};

use crate::domain::{Asked, Attempt, Outcome, Prompt, Suggestion, Verb, WorkspaceId};

/// Whether spans of model requests carry prompts and answers.
static CONTENT: AtomicBool = AtomicBool::new(false);

/// From now on spans of model requests carry prompts and answers, or no longer.
pub fn show_content(show: bool) {
    CONTENT.store(show, Ordering::Relaxed);
}

/// A stage of an inquiry's journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The message becomes an inquiry and is recorded.
    Receive,
    /// Evidence is found.
    Retrieve,
    /// A letter is written.
    Draft,
    /// It meets evidence and guide.
    Check,
    /// Models read it once more, where the installation has them.
    Reread,
    /// The suggestion is recorded.
    Record,
}

impl Stage {
    /// All of them, in their order.
    pub const ALL: [Self; 6] = [Self::Receive, Self::Retrieve, Self::Draft, Self::Check, Self::Reread, Self::Record];

    /// The span's name and the label.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Receive => "receive",
            Self::Retrieve => "retrieve",
            Self::Draft => "draft",
            Self::Check => "check",
            Self::Reread => "reread",
            Self::Record => "record",
        }
    }

    /// Does the work of a stage inside its span, and notes how long it took.
    pub async fn of<T>(self, work: impl Future<Output = T>) -> T {
        self.timed(work).await.0
    }

    /// The same, and says how long it took: who records that measures nothing of their own.
    pub async fn timed<T>(self, work: impl Future<Output = T>) -> (T, Duration) {
        let begun = Instant::now();
        let done = work.instrument(self.span()).await;
        (done, self.note(begun))
    }

    /// The same for work that waits for nothing.
    pub fn timed_now<T>(self, work: impl FnOnce() -> T) -> (T, Duration) {
        let begun = Instant::now();
        let done = self.span().in_scope(work);
        (done, self.note(begun))
    }

    fn span(self) -> Span {
        debug_span!("stage", otel.name = self.as_str())
    }

    fn note(self, begun: Instant) -> Duration {
        let took = begun.elapsed();
        histogram!("aizuchi_stage_seconds", "stage" => self.as_str()).record(took.as_secs_f64());
        took
    }
}

/// The span of one request to a model, by the conventions of OpenTelemetry for generative models.
pub fn model_span(host: &str, model: &str, prompt: &Prompt) -> Span {
    let (address, port) = host.rsplit_once(':').unwrap_or((host, ""));
    let span = debug_span!(
        "chat",
        otel.name = format!("chat {model}"),
        otel.kind = "client",
        otel.status_code = Empty,
        gen_ai.operation.name = "chat",
        gen_ai.provider.name = "openai",
        gen_ai.request.model = model,
        gen_ai.response.model = Empty,
        gen_ai.response.id = Empty,
        gen_ai.response.finish_reasons = Empty,
        gen_ai.usage.input_tokens = Empty,
        gen_ai.usage.output_tokens = Empty,
        gen_ai.usage.cache_read.input_tokens = Empty,
        gen_ai.input.messages = Empty,
        gen_ai.output.messages = Empty,
        server.address = address,
        server.port = port.parse::<u16>().ok(),
        http.response.status_code = Empty,
        error.type = Empty,
        aizuchi.prompt.template = prompt.template,
        aizuchi.prompt.tokens = prompt.tokens,
        aizuchi.prompt.cut = prompt.cut.len(),
        aizuchi.cost_micros = Empty,
    );
    if CONTENT.load(Ordering::Relaxed) && !span.is_disabled() {
        span.record("gen_ai.input.messages", serde_json::to_string(&prompt.messages).unwrap_or_default());
    }
    span
}

/// What came of a request: into its span, and into the numbers.
pub fn attempted(span: &Span, attempt: &Attempt) {
    let text = |name: &str, value: &Option<String>| {
        if let Some(value) = value {
            span.record(name, value.as_str());
        }
    };
    text("gen_ai.response.model", &attempt.answered_by);
    text("gen_ai.response.id", &attempt.response_id);
    text("gen_ai.response.finish_reasons", &attempt.finish);
    if let Some(status) = attempt.status {
        span.record("http.response.status_code", status);
    }
    if let Some(failure) = attempt.failure {
        span.record("otel.status_code", "ERROR");
        span.record("error.type", failure.as_str());
    }
    if CONTENT.load(Ordering::Relaxed) {
        span.record("gen_ai.output.messages", attempt.raw.as_str());
    }
    let (host, model) = (attempt.host.clone(), attempt.model.clone());
    let failure = attempt.failure.map_or("none", |failure| failure.as_str());
    counter!("aizuchi_model_attempts_total", "host" => host, "model" => model.clone(), "failure" => failure)
        .increment(1);
    if attempt.status.is_some() {
        histogram!("aizuchi_model_seconds", "model" => model.clone()).record(attempt.duration_ms as f64 / 1e3);
    }
    if let Some(first) = attempt.first_byte_ms {
        histogram!("aizuchi_model_first_byte_seconds", "model" => model.clone()).record(first as f64 / 1e3);
    }
    if let Some(usage) = attempt.usage {
        span.record("gen_ai.usage.input_tokens", usage.prompt_tokens);
        span.record("gen_ai.usage.output_tokens", usage.completion_tokens);
        span.record("gen_ai.usage.cache_read.input_tokens", usage.cached_tokens);
        let tokens =
            |kind: &'static str| counter!("aizuchi_model_tokens_total", "model" => model.clone(), "kind" => kind);
        tokens("prompt").increment(usage.prompt_tokens);
        tokens("completion").increment(usage.completion_tokens);
        tokens("cached").increment(usage.cached_tokens);
    }
    if let Some(cost) = attempt.cost_micros {
        span.record("aizuchi.cost_micros", cost);
        counter!("aizuchi_model_cost_micros_total", "model" => model).increment(cost);
    }
}

/// A suggestion was recorded.
pub fn suggested(suggestion: &Suggestion) {
    let workspace = suggestion.inquiry.workspace.to_string();
    let reason = match &suggestion.outcome {
        Outcome::Handoff { reason, .. } => reason.as_str(),
        _ => "none",
    };
    let drafter = suggestion.draft.as_ref().map_or("none", |draft| draft.drafter.as_str());
    let outcome = suggestion.outcome.as_str();
    counter!(
        "aizuchi_suggestions_total",
        "workspace" => workspace.clone(), "outcome" => outcome, "reason" => reason, "drafter" => drafter
    )
    .increment(1);
    if let Some(fallback) = suggestion.draft.as_ref().and_then(|draft| draft.fallback) {
        counter!("aizuchi_fallbacks_total", "workspace" => workspace, "failure" => fallback.as_str()).increment(1);
    }
}

/// A draft came to nothing; what a model was asked for it was noted as it was asked.
pub fn failed(workspace: &WorkspaceId, code: &'static str, asked: &Asked) {
    tracing::warn!(code, attempts = asked.attempts.len(), "a draft did not come to be");
    counter!("aizuchi_failed_drafts_total", "workspace" => workspace.to_string(), "code" => code).increment(1);
}

/// An operator decided on a draft of this drafter.
pub fn decided(suggestion: &Suggestion, verb: &Verb) {
    let drafter = suggestion.draft.as_ref().map_or("none", |draft| draft.drafter.as_str());
    let workspace = suggestion.inquiry.workspace.to_string();
    counter!(
        "aizuchi_decisions_total", "workspace" => workspace, "action" => verb.as_str(), "drafter" => drafter
    )
    .increment(1);
}

/// A decision was taken back; what counted it stays counted, since these numbers only grow.
pub fn undone(suggestion: &Suggestion, verb: &Verb) {
    let drafter = suggestion.draft.as_ref().map_or("none", |draft| draft.drafter.as_str());
    let workspace = suggestion.inquiry.workspace.to_string();
    counter!(
        "aizuchi_undone_decisions_total", "workspace" => workspace, "action" => verb.as_str(), "drafter" => drafter
    )
    .increment(1);
}

/// Says what each number is; once, to whoever listens.
pub fn describe() {
    describe_counter!("aizuchi_suggestions_total", "Suggestions by outcome, reason of a handoff, and drafter");
    describe_counter!("aizuchi_fallbacks_total", "Drafts in which the extractive drafter stands in for a model");
    describe_counter!("aizuchi_failed_drafts_total", "Drafts that did not come to be");
    describe_counter!("aizuchi_decisions_total", "Drafts accepted, edited and rejected, those taken back among them");
    describe_counter!("aizuchi_undone_decisions_total", "Decisions that were taken back");
    describe_counter!("aizuchi_model_attempts_total", "Requests to a model; failure is none where it answered");
    describe_counter!("aizuchi_model_tokens_total", "Tokens as the provider counts them; cached are among prompt");
    describe_counter!("aizuchi_model_cost_micros_total", "Cost in millionths of the currency of the settings");
    describe_histogram!("aizuchi_stage_seconds", "How long a stage of an inquiry's journey takes");
    describe_histogram!("aizuchi_model_seconds", "How long a request to a model takes");
    describe_histogram!("aizuchi_model_first_byte_seconds", "How long the head of a model's answer takes");
}
