//! Which models draft, from flags, variables and files.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use clap::Args;

use crate::config::{KeyPlace, ModelSettings, Models, Secret};

/// The variable that holds the key. There is no flag for it: everyone on a machine can read flags.
const KEY: &str = "AIZUCHI_LLM_API_KEY";

/// A model for every workspace by flags and variables, or a file that says more.
#[derive(Args, Clone)]
pub(super) struct ModelArgs {
    /// OpenAI-compatible server that drafts, up to /v1; without one drafts are extractive
    #[arg(long, env = "AIZUCHI_LLM_BASE_URL", global = true)]
    llm_base_url: Option<String>,
    /// Its model
    #[arg(long, env = "AIZUCHI_LLM_MODEL", global = true, default_value = "default")]
    llm_model: String,
    /// File that holds its key, in place of the variable AIZUCHI_LLM_API_KEY
    #[arg(long, env = "AIZUCHI_LLM_API_KEY_FILE", global = true)]
    llm_api_key_file: Option<PathBuf>,
    /// TOML file with models by workspace, their parameters, limits and prices
    #[arg(long, env = "AIZUCHI_MODELS", global = true)]
    models: Option<PathBuf>,
}

impl ModelArgs {
    pub(super) fn read(&self) -> anyhow::Result<Models> {
        let mut models = match &self.models {
            None => Models::default(),
            Some(path) => {
                let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
                Models::parse(&text, &find).with_context(|| path.display().to_string())?
            }
        };
        let Some(base_url) = self.llm_base_url.as_deref().filter(|url| !url.trim().is_empty()) else {
            return Ok(models);
        };
        if models.default.is_some() {
            bail!("the model for every workspace is named twice: by AIZUCHI_LLM_BASE_URL and by [default] of the file");
        }
        let key = key(self.llm_api_key_file.as_deref(), KEY)?;
        models.default = Some(ModelSettings { key, ..ModelSettings::new(base_url, &self.llm_model) });
        Ok(models)
    }
}

/// The key of a file, else of a variable, where either holds one.
pub(super) fn key(file: Option<&Path>, variable: &str) -> anyhow::Result<Option<Secret>> {
    let key = match file {
        Some(path) => Some(find(KeyPlace::File(&path.to_string_lossy())).map_err(anyhow::Error::msg)?),
        None => env::var(variable).ok(),
    };
    Ok(key.filter(|key| !key.trim().is_empty()).map(|key| Secret::new(&key)))
}

fn find(place: KeyPlace<'_>) -> Result<String, String> {
    match place {
        KeyPlace::Variable(name) => env::var(name).map_err(|_| format!("the variable {name} is not set")),
        KeyPlace::File(path) => fs::read_to_string(path).map_err(|error| format!("{path} cannot be read: {error}")),
    }
}
