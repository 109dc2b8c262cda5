//! Which model turns texts into vectors, from flags and variables; the models file says more.

use std::{path::PathBuf, time::Duration};

use anyhow::bail;
use clap::Args;

use super::models::key;
use crate::config::{EmbeddingSettings, Models};

/// The variable that holds the key. There is no flag for it: everyone on a machine can read flags.
const KEY: &str = "AIZUCHI_EMBEDDINGS_API_KEY";

/// An embedder for every workspace.
#[derive(Args, Clone)]
pub(super) struct EmbeddingArgs {
    /// OpenAI-compatible server that turns texts into vectors, up to /v1; without one passages are found by their words
    #[arg(long, env = "AIZUCHI_EMBEDDINGS_BASE_URL", global = true)]
    embeddings_base_url: Option<String>,
    /// Its model; vectors are kept under this name
    #[arg(long, env = "AIZUCHI_EMBEDDINGS_MODEL", global = true, default_value = "default")]
    embeddings_model: String,
    /// File that holds its key, in place of the variable AIZUCHI_EMBEDDINGS_API_KEY
    #[arg(long, env = "AIZUCHI_EMBEDDINGS_API_KEY_FILE", global = true)]
    embeddings_api_key_file: Option<PathBuf>,
    /// How many milliseconds a search waits for its vector
    #[arg(long, env = "AIZUCHI_EMBEDDINGS_SEARCH_MS", global = true, default_value_t = EmbeddingSettings::SEARCH_MS)]
    embeddings_search_ms: u64,
}

impl EmbeddingArgs {
    /// The models of a file with the embedder that is named here.
    pub(super) fn over(&self, mut models: Models) -> anyhow::Result<Models> {
        let Some(base_url) = self.embeddings_base_url.as_deref().filter(|url| !url.trim().is_empty()) else {
            return Ok(models);
        };
        if models.embeddings.default.is_some() {
            bail!(
                "the embedder for every workspace is named twice: by AIZUCHI_EMBEDDINGS_BASE_URL and by \
                 [embeddings.default] of the file"
            );
        }
        models.embeddings.default = Some(EmbeddingSettings {
            key: key(self.embeddings_api_key_file.as_deref(), KEY)?,
            search: Duration::from_millis(self.embeddings_search_ms),
            ..EmbeddingSettings::new(base_url, &self.embeddings_model)
        });
        Ok(models)
    }
}
