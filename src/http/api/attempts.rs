//! `/v1/suggestions/{id}/attempts`: what a model was asked for a suggestion, and what it answered.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::words::{Citing, Failure, Material, Speaker, Why};
use crate::{
    app::App,
    domain::{Asked, Attempt, Cut, Message, Prompt, Suggestion, Usage, name},
    http::{caller::Caller, parsed::At, problem::Problem},
};

/// What models were asked for a suggestion.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attempts)]
pub struct AttemptsBody {
    /// For the letter.
    #[serde(flatten)]
    asked: AskedBody,
    /// For the judgement of its tone.
    judged: AskedBody,
    /// For what facts left open in its grounding.
    entailed: AskedBody,
}

/// Prompts and attempts, in their order; both empty where no model was asked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Asked)]
pub struct AskedBody {
    /// What was asked.
    prompts: Vec<PromptBody>,
    /// What was tried.
    attempts: Vec<AttemptBody>,
}

/// A prompt, byte for byte: personal data masked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Prompt)]
pub struct PromptBody {
    /// SHA-256 of the template files, hexadecimal.
    template: String,
    /// The messages.
    messages: Vec<MessageBody>,
    /// How the answer was to name what it stands on.
    citing: Citing,
    /// The ids by which it names evidence.
    marks: Vec<MarkBody>,
    /// Its length in tokens.
    tokens: usize,
    /// Whether that was guessed, because the tokenizer was still being loaded.
    guessed: bool,
    /// How many tokens it could have.
    budget_tokens: usize,
    /// What was left out, and why.
    cut: Vec<CutBody>,
}

/// One message of a prompt.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromptMessage)]
pub struct MessageBody {
    /// Who speaks.
    role: Speaker,
    /// The words.
    content: String,
}

/// An id of a prompt and the piece of evidence that it stands for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Mark)]
pub struct MarkBody {
    /// The id.
    #[schema(example = "k7q")]
    id: String,
    /// The passage or record.
    passage: Option<String>,
}

/// Something that a prompt had no room for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Cut)]
pub struct CutBody {
    /// What kind of material.
    what: Material,
    /// Its id, where it has one.
    id: Option<String>,
    /// How long it was.
    tokens: usize,
    /// Why it was left out.
    why: Why,
}

/// One request to a model.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attempt)]
pub struct AttemptBody {
    /// Which prompt, by its place.
    prompt: usize,
    /// Whom it went to: host and port.
    #[schema(example = "api.openai.com")]
    host: String,
    /// The model that was asked for.
    model: String,
    /// The parameters as they were sent, as JSON.
    parameters: String,
    /// When it went out.
    started_at: String,
    /// When the head of the answer came, from there.
    first_byte_ms: Option<u64>,
    /// When it was over, from there.
    duration_ms: u64,
    /// The HTTP status, if there was one.
    status: Option<u16>,
    /// Why there is no usable answer; null when there is.
    failure: Option<Failure>,
    /// What was found.
    detail: Option<String>,
    /// The model that says it answered.
    answered_by: Option<String>,
    /// The provider's id of the answer.
    response_id: Option<String>,
    /// The provider's `system_fingerprint`.
    fingerprint: Option<String>,
    /// Why the model stopped.
    finish: Option<String>,
    /// What it counted.
    usage: Option<UsageBody>,
    /// What it cost, in millionths of the currency of the settings.
    cost_micros: Option<u64>,
    /// The answer's body as it came.
    raw: String,
}

/// Tokens as the provider counts them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Usage)]
pub struct UsageBody {
    /// Of the prompt.
    prompt_tokens: u64,
    /// Of the answer.
    completion_tokens: u64,
    /// Of the prompt, from the provider's cache.
    cached_tokens: u64,
}

impl AttemptsBody {
    /// What models were asked for a suggestion.
    pub(super) fn of(suggestion: &Suggestion) -> Self {
        let passages: Vec<String> = suggestion.evidence.items.iter().map(|item| item.id().to_owned()).collect();
        Self {
            asked: AskedBody::of(suggestion.asked.clone(), &passages),
            judged: AskedBody::of(suggestion.judged.clone(), &[]),
            entailed: AskedBody::of(suggestion.entailed.clone(), &passages),
        }
    }
}

impl AskedBody {
    fn of(asked: Asked, passages: &[String]) -> Self {
        Self {
            prompts: asked.prompts.into_iter().map(|prompt| PromptBody::of(prompt, passages)).collect(),
            attempts: asked.attempts.into_iter().map(AttemptBody::from).collect(),
        }
    }
}

impl PromptBody {
    fn of(prompt: Prompt, passages: &[String]) -> Self {
        let mark = |mark: crate::domain::Mark| MarkBody { id: mark.id, passage: passages.get(mark.evidence).cloned() };
        Self {
            template: prompt.template,
            messages: prompt.messages.into_iter().map(MessageBody::from).collect(),
            citing: prompt.citing.into(),
            marks: prompt.marks.into_iter().map(mark).collect(),
            tokens: prompt.tokens,
            guessed: prompt.guessed,
            budget_tokens: prompt.budget_tokens,
            cut: prompt.cut.into_iter().map(CutBody::from).collect(),
        }
    }
}

impl From<Message> for MessageBody {
    fn from(Message { role, content }: Message) -> Self {
        Self { role: role.into(), content }
    }
}

impl From<Cut> for CutBody {
    fn from(Cut { what, id, tokens, why }: Cut) -> Self {
        Self { what: what.into(), id, tokens, why: why.into() }
    }
}

impl From<Usage> for UsageBody {
    fn from(Usage { prompt_tokens, completion_tokens, cached_tokens }: Usage) -> Self {
        Self { prompt_tokens, completion_tokens, cached_tokens }
    }
}

impl From<Attempt> for AttemptBody {
    fn from(attempt: Attempt) -> Self {
        Self {
            prompt: attempt.prompt,
            host: attempt.host,
            model: attempt.model,
            parameters: attempt.parameters,
            started_at: attempt.started_at.to_string(),
            first_byte_ms: attempt.first_byte_ms,
            duration_ms: attempt.duration_ms,
            status: attempt.status,
            failure: attempt.failure.map(Failure::from),
            detail: attempt.detail,
            answered_by: attempt.answered_by,
            response_id: attempt.response_id,
            fingerprint: attempt.fingerprint,
            finish: attempt.finish,
            usage: attempt.usage.map(UsageBody::from),
            cost_micros: attempt.cost_micros,
            raw: attempt.raw,
        }
    }
}

/// What a model was asked for a suggestion and what it answered, every attempt; for those who work here.
#[utoipa::path(
    get, path = "/v1/suggestions/{id}/attempts", tag = "suggestions", operation_id = "read_attempts",
    params(("id" = String, Path, description = "`sug_...`")),
    responses((status = 200, body = AttemptsBody))
)]
pub async fn read(
    Caller(who): Caller,
    State(app): State<App>,
    At(id): At<name::Suggestion>,
) -> Result<Json<AttemptsBody>, Problem> {
    Ok(Json(AttemptsBody::of(&app.attempts(&who, &id).await?)))
}
