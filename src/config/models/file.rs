//! The TOML file that names models, and what is wrong with it.

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;

use super::{Api, Encoding, Limits, ModelSettings, Models, Price, Secret};
use crate::{
    config::embeddings,
    domain::{Citing, WorkspaceId},
};

/// Why the settings of a model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Not TOML, or not these tables.
    #[error("the models file cannot be read: {0}")]
    Shape(#[from] toml::de::Error),
    /// A value that makes no sense.
    #[error("{place}: {found}")]
    Value {
        /// Table and key.
        place: String,
        /// What was expected and what stands there.
        found: String,
    },
}

/// The file: `[default]`, `[workspace.<id>]`, `[judge]` and `[entail]`, each a [`Table`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    default: Option<Table>,
    #[serde(default)]
    workspace: BTreeMap<WorkspaceId, Table>,
    judge: Option<Table>,
    entail: Option<Table>,
    #[serde(default)]
    embeddings: embeddings::Tables,
}

/// A model as it stands in the file; what is not said is as in [`ModelSettings::new`], and in a workspace's table as
/// in `[default]`.
#[derive(Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    base_url: Option<String>,
    model: Option<String>,
    /// With it the dialect is Azure's.
    azure_api_version: Option<String>,
    api_key_env: Option<String>,
    api_key_file: Option<String>,
    stream: Option<bool>,
    citing: Option<Citing>,
    temperature: Option<f64>,
    top_p: Option<f64>,
    seed: Option<i64>,
    max_tokens: Option<u32>,
    #[serde(default)]
    extra: BTreeMap<String, serde_json::Value>,
    prompt_tokens: Option<usize>,
    encoding: Option<Encoding>,
    price: Option<Price>,
    deadline_seconds: Option<f64>,
    connect_seconds: Option<f64>,
    first_byte_seconds: Option<f64>,
    idle_seconds: Option<f64>,
    retries: Option<usize>,
    concurrency: Option<usize>,
}

/// An operator waits for those who read a draft again.
const READING_SECONDS: f64 = 15.0;

/// Finds the key that a table names: a variable of the environment, or the content of a file.
pub type FindKey<'a> = &'a dyn Fn(KeyPlace<'_>) -> Result<String, String>;

/// Where a key is kept.
#[derive(Debug, Clone, Copy)]
pub enum KeyPlace<'a> {
    /// A variable of the environment.
    Variable(&'a str),
    /// A file.
    File(&'a str),
}

impl Models {
    /// Reads the TOML file. `find` looks a key up; the file itself never holds one.
    pub fn parse(text: &str, find: FindKey<'_>) -> Result<Self, ModelError> {
        let File { default, workspace, judge, entail, embeddings } = toml::from_str(text)?;
        let base = default.clone().unwrap_or_default();
        let own = workspace.into_iter().map(|(id, table)| {
            let place = format!("workspace.{id}");
            Ok((id, table.over(&base).settings(&place, find)?))
        });
        Ok(Self {
            own: own.collect::<Result<_, ModelError>>()?,
            judge: judge.map(|table| table.over(&base).reading_again().settings("judge", find)).transpose()?,
            entail: entail.map(|table| table.over(&base).reading_again().settings("entail", find)).transpose()?,
            default: default.map(|table| table.settings("default", find)).transpose()?,
            embeddings: embeddings.settings(find)?,
        })
    }
}

impl Table {
    /// This table, with `base` under it.
    fn over(self, base: &Self) -> Self {
        let base = base.clone();
        // Another server gets neither the key nor the dialect of the default one.
        let elsewhere = self.base_url.is_some() && self.base_url != base.base_url;
        let named_key = self.api_key_env.is_some() || self.api_key_file.is_some();
        let keep = |value: Option<String>| value.filter(|_| !elsewhere && !named_key);
        Self {
            azure_api_version: self.azure_api_version.or(base.azure_api_version.filter(|_| !elsewhere)),
            api_key_env: self.api_key_env.or(keep(base.api_key_env)),
            api_key_file: self.api_key_file.or(keep(base.api_key_file)),
            base_url: self.base_url.or(base.base_url),
            model: self.model.or(base.model),
            stream: self.stream.or(base.stream),
            citing: self.citing.or(base.citing),
            temperature: self.temperature.or(base.temperature),
            top_p: self.top_p.or(base.top_p),
            seed: self.seed.or(base.seed),
            max_tokens: self.max_tokens.or(base.max_tokens),
            extra: base.extra.into_iter().chain(self.extra).collect(),
            prompt_tokens: self.prompt_tokens.or(base.prompt_tokens),
            encoding: self.encoding.or(base.encoding),
            price: self.price.or(base.price),
            deadline_seconds: self.deadline_seconds.or(base.deadline_seconds),
            connect_seconds: self.connect_seconds.or(base.connect_seconds),
            first_byte_seconds: self.first_byte_seconds.or(base.first_byte_seconds),
            idle_seconds: self.idle_seconds.or(base.idle_seconds),
            retries: self.retries.or(base.retries),
            concurrency: self.concurrency.or(base.concurrency),
        }
    }

    /// Who reads a draft again answers in a shape and in time, unless its own table or the default says otherwise.
    fn reading_again(self) -> Self {
        Self {
            citing: Some(self.citing.unwrap_or(Citing::Schema)),
            deadline_seconds: self.deadline_seconds.or(Some(READING_SECONDS)),
            ..self
        }
    }

    fn settings(self, place: &str, find: FindKey<'_>) -> Result<ModelSettings, ModelError> {
        let wrong = |key: &str, found: String| ModelError::Value { place: format!("[{place}] {key}"), found };
        let needed = |key: &str, value: Option<String>| {
            value
                .filter(|text| !text.trim().is_empty())
                .ok_or_else(|| wrong(key, "it is needed and missing".to_owned()))
        };
        let base_url = url_of(place, &needed("base_url", self.base_url)?)?;
        let key = key_of(place, self.api_key_env.as_deref(), self.api_key_file.as_deref(), find)?;
        let plain = ModelSettings::new(&base_url, &needed("model", self.model)?);
        let seconds = |key: &str, given: Option<f64>, usual: Duration| match given {
            None => Ok(usual),
            Some(some) if some > 0.0 && some <= 3_600.0 => Ok(Duration::from_secs_f64(some)),
            Some(other) => Err(wrong(key, format!("expected more than 0 and at most 3600 seconds, found {other}"))),
        };
        let usual = &plain.limits;
        let limits = Limits {
            deadline: seconds("deadline_seconds", self.deadline_seconds, usual.deadline)?,
            connect: seconds("connect_seconds", self.connect_seconds, usual.connect)?,
            first_byte: seconds("first_byte_seconds", self.first_byte_seconds, usual.first_byte)?,
            idle: seconds("idle_seconds", self.idle_seconds, usual.idle)?,
            retries: self.retries.unwrap_or(usual.retries).min(10),
            concurrency: self.concurrency.unwrap_or(usual.concurrency).max(1),
        };
        Ok(ModelSettings {
            api: self.azure_api_version.map_or(Api::OpenAi, |version| Api::Azure { version }),
            key,
            stream: self.stream,
            citing: self.citing.unwrap_or(plain.citing),
            temperature: self.temperature.or(plain.temperature),
            top_p: self.top_p,
            seed: self.seed,
            max_tokens: self.max_tokens.unwrap_or(plain.max_tokens).max(1),
            extra: self.extra,
            prompt_tokens: self.prompt_tokens.unwrap_or(plain.prompt_tokens),
            encoding: self.encoding.unwrap_or(plain.encoding),
            price: self.price,
            limits,
            ..plain
        })
    }
}

/// An address, if it is one.
pub fn url_of(place: &str, url: &str) -> Result<String, ModelError> {
    if url.starts_with("http://") || url.starts_with("https://") {
        return Ok(url.to_owned());
    }
    let found = format!("expected http:// or https://, found {url:?}");
    Err(ModelError::Value { place: format!("[{place}] base_url"), found })
}

/// The key that a table names by a variable or a file.
pub fn key_of(
    place: &str,
    variable: Option<&str>,
    file: Option<&str>,
    find: FindKey<'_>,
) -> Result<Option<Secret>, ModelError> {
    let wrong = |key: &str, found: String| ModelError::Value { place: format!("[{place}] {key}"), found };
    let found = match (variable, file) {
        (Some(_), Some(_)) => return Err(wrong("api_key_env", "there is an api_key_file too: keep one".to_owned())),
        (Some(name), None) => Some(find(KeyPlace::Variable(name)).map_err(|why| wrong("api_key_env", why))?),
        (None, Some(path)) => Some(find(KeyPlace::File(path)).map_err(|why| wrong("api_key_file", why))?),
        (None, None) => None,
    };
    Ok(found.map(|key| Secret::new(&key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(place: KeyPlace<'_>) -> Result<String, String> {
        match place {
            KeyPlace::Variable("SHOP_KEY") => Ok("sk-shop\n".to_owned()),
            other => Err(format!("nothing at {other:?}")),
        }
    }

    fn parse(text: &str) -> Result<Models, ModelError> {
        Models::parse(text, &find)
    }

    #[test]
    fn a_workspace_stands_on_the_default_and_another_server_gets_no_key_of_it() {
        let models = parse(
            r#"
            [default]
            base_url = "https://llm.example/v1/"
            model = "large"
            api_key_env = "SHOP_KEY"
            temperature = 0.0
            price = { prompt = 2.5, completion = 10.0 }
            [workspace.hanauta]
            model = "small"
            deadline_seconds = 20
            [workspace.officelink]
            base_url = "http://127.0.0.1:11434/v1"
            citing = "schema"
            "#,
        )
        .unwrap();
        let default = models.default.unwrap();
        assert_eq!((default.base_url.as_str(), default.limits.retries), ("https://llm.example/v1", 2));
        assert_eq!(default.key, Some(Secret::new("sk-shop")));
        let hanauta = &models.own[&WorkspaceId::parse("hanauta").unwrap()];
        assert_eq!((hanauta.model.as_str(), hanauta.limits.deadline.as_secs()), ("small", 20));
        assert_eq!((&hanauta.key, hanauta.temperature), (&default.key, Some(0.0)));
        let local = &models.own[&WorkspaceId::parse("officelink").unwrap()];
        assert_eq!((&local.key, local.citing, local.model.as_str()), (&None, Citing::Schema, "large"));
    }

    #[test]
    fn a_judge_stands_on_the_default_and_answers_in_a_shape() {
        let models = parse(
            "[default]\nbase_url = \"http://x/v1\"\nmodel = \"large\"\n[judge]\nmodel = \"small\"\nprice = { prompt = 1.0, completion = 2.0 }",
        );
        let judge = models.unwrap().judge.unwrap();
        assert_eq!((judge.base_url.as_str(), judge.model.as_str()), ("http://x/v1", "small"));
        assert_eq!(judge.citing, Citing::Schema);
        assert_eq!((judge.limits.deadline.as_secs(), judge.price.is_some()), (15, true));
        assert!(parse("[judge]\nmodel = \"small\"").unwrap_err().to_string().contains("[judge] base_url"));
    }

    #[test]
    fn what_makes_no_sense_is_told_with_its_place() {
        let told = |text: &str| parse(text).unwrap_err().to_string();
        assert!(told("[default]\nmodel = \"m\"").contains("[default] base_url"));
        assert!(told("[default]\nbase_url = \"llm\"\nmodel = \"m\"").contains("http://"));
        assert!(told("[default]\nbase_ur = \"llm\"").contains("base_ur"));
        let late = "[workspace.shop]\nbase_url = \"http://x\"\nmodel = \"m\"\nidle_seconds = 0";
        assert!(told(late).contains("[workspace.shop] idle_seconds"), "{}", told(late));
        let no_key = "[default]\nbase_url = \"http://x\"\nmodel = \"m\"\napi_key_env = \"NONE\"";
        assert!(told(no_key).contains("api_key_env"));
    }

    #[test]
    fn a_secret_never_prints_itself() {
        let settings = ModelSettings { key: Some(Secret::new("sk-123")), ..ModelSettings::new("http://x", "m") };
        assert!(!format!("{settings:?}").contains("sk-123"));
    }
}
