//! Which model drafts for which workspace, and under which limits: from the `AIZUCHI_LLM_*` variables or a TOML file.

use std::{collections::BTreeMap, fmt, time::Duration};

use serde::{Deserialize, Serialize};

mod file;

pub use self::file::{FindKey, KeyPlace, ModelError};
pub(super) use self::file::{key_of, url_of};
use super::embeddings::Embeddings;
use crate::domain::{Citing, WorkspaceId};

/// The models of an installation.
#[derive(Debug, Clone, Default)]
pub struct Models {
    /// For every workspace that has none of its own.
    pub default: Option<ModelSettings>,
    /// By workspace.
    pub own: BTreeMap<WorkspaceId, ModelSettings>,
    /// Which model reads drafts once more for their tone; `None` where none does.
    pub judge: Option<ModelSettings>,
    /// Which model reads what facts leave open; `None` where none does.
    pub entail: Option<ModelSettings>,
    /// Which models turn texts into vectors.
    pub embeddings: Embeddings,
}

/// One model: where it is, how it is asked, and what it may take.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelSettings {
    /// Up to and without `/chat/completions`.
    pub base_url: String,
    /// The model's name; a deployment's with [`Api::Azure`].
    pub model: String,
    /// Which dialect.
    pub api: Api,
    /// The key, if the server wants one.
    pub key: Option<Secret>,
    /// Whether the answer is asked for as a stream; where nobody said, when somebody watches. In one piece it costs
    /// less, and who does not watch gains nothing from the pieces.
    pub stream: Option<bool>,
    /// How the answer names what it stands on.
    pub citing: Citing,
    /// Sampling temperature; the server's own where nobody said, because some models refuse any other.
    pub temperature: Option<f64>,
    /// Nucleus sampling.
    pub top_p: Option<f64>,
    /// Seed for sampling.
    pub seed: Option<i64>,
    /// How many tokens the answer may have.
    pub max_tokens: u32,
    /// Further parameters, passed on as they are, e.g. `reasoning_effort`.
    pub extra: BTreeMap<String, serde_json::Value>,
    /// How many tokens the prompt may have.
    pub prompt_tokens: usize,
    /// How tokens are counted.
    pub encoding: Encoding,
    /// What it costs; `None` where nobody said.
    pub price: Option<Price>,
    /// How long and how often.
    pub limits: Limits,
}

impl ModelSettings {
    /// What holds for a model unless something else is said.
    pub fn new(base_url: &str, model: &str) -> Self {
        Self {
            base_url: base_url.trim_end_matches('/').to_owned(),
            model: model.to_owned(),
            api: Api::OpenAi,
            key: None,
            stream: None,
            citing: Citing::Marker,
            temperature: None,
            top_p: None,
            seed: None,
            max_tokens: 1_024,
            extra: BTreeMap::new(),
            prompt_tokens: 6_000,
            encoding: Encoding::O200k,
            price: None,
            limits: Limits::default(),
        }
    }
}

impl ModelSettings {
    /// All that an answer depends on, for the record; never the key. Whom a request went to stands with the request.
    pub fn described(&self) -> serde_json::Value {
        let api = match &self.api {
            Api::OpenAi => "openai".to_owned(),
            Api::Azure { version } => format!("azure {version}"),
        };
        serde_json::json!({
            "model": self.model, "api": api, "stream": self.stream, "citing": self.citing,
            "temperature": self.temperature, "top_p": self.top_p, "seed": self.seed, "max_tokens": self.max_tokens,
            "extra": self.extra, "prompt_tokens": self.prompt_tokens, "encoding": self.encoding,
        })
    }
}

/// The dialect of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Api {
    /// OpenAI's own, which vLLM, Ollama, llama.cpp and Azure's `/openai/v1` speak too.
    OpenAi,
    /// Azure's with deployments in the path.
    Azure {
        /// The `api-version` of every request.
        version: String,
    },
}

/// The tokenizer by which a prompt is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// GPT-4o and later; close enough for most others in Japanese.
    #[serde(rename = "o200k_base")]
    O200k,
    /// GPT-4 and GPT-3.5.
    #[serde(rename = "cl100k_base")]
    Cl100k,
}

/// Price of a million tokens, in any currency.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Of prompt tokens.
    pub prompt: f64,
    /// Of prompt tokens that came from the provider's cache; as the others where nobody said.
    pub cached: Option<f64>,
    /// Of the answer's tokens.
    pub completion: f64,
}

/// How long a model may take, and how often it is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// From the first request to the usable answer, everything included.
    pub deadline: Duration,
    /// To connect.
    pub connect: Duration,
    /// From the request to the head of the answer, where that comes before the text: of a stream.
    pub first_byte: Duration,
    /// Between two pieces of the answer.
    pub idle: Duration,
    /// How often a failed request is repeated at most.
    pub retries: usize,
    /// How many requests are under way at once at most; fewer while the model is in trouble.
    pub concurrency: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(45),
            connect: Duration::from_secs(2),
            first_byte: Duration::from_secs(10),
            idle: Duration::from_secs(10),
            retries: 2,
            concurrency: 64,
        }
    }
}

/// Words that are never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Of what stood in a variable or a file; white space around it is none of it.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The words, for the one place that sends them.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
