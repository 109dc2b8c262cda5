//! Which model turns texts into vectors for which workspace: from the `AIZUCHI_EMBEDDINGS_*` variables or the table
//! `[embeddings]` of the models file. Without any, passages are found by their words alone.

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;

use super::{
    Api, Limits, Secret,
    models::{FindKey, ModelError, key_of, url_of},
};
use crate::domain::WorkspaceId;

/// The embedders of an installation.
#[derive(Debug, Clone, Default)]
pub struct Embeddings {
    /// For every workspace that has none of its own.
    pub default: Option<EmbeddingSettings>,
    /// By workspace.
    pub own: BTreeMap<WorkspaceId, EmbeddingSettings>,
}

/// One embedder: where it is, how it is asked, and what it may take.
#[derive(Debug, Clone, PartialEq)]
pub struct EmbeddingSettings {
    /// Up to and without `/embeddings`.
    pub base_url: String,
    /// The model's name; vectors are kept under it.
    pub model: String,
    /// Which dialect.
    pub api: Api,
    /// The key, if the server wants one.
    pub key: Option<Secret>,
    /// How many numbers a vector shall have, where the model lets one choose.
    pub dimensions: Option<u32>,
    /// What stands before a question, for models that were trained with it, e.g. `query: `.
    pub query_prefix: String,
    /// What stands before a passage, e.g. `passage: `.
    pub passage_prefix: String,
    /// How many passages are sent at once.
    pub batch: usize,
    /// How long a search waits for its vector.
    pub search: Duration,
    /// How long a batch of passages may take, and how often the server is asked at once.
    pub limits: Limits,
}

impl EmbeddingSettings {
    /// A search does without after so long, in milliseconds.
    pub const SEARCH_MS: u64 = 300;

    /// What holds for an embedder unless something else is said.
    pub fn new(base_url: &str, model: &str) -> Self {
        Self {
            base_url: base_url.trim_end_matches('/').to_owned(),
            model: model.to_owned(),
            api: Api::OpenAi,
            key: None,
            dimensions: None,
            query_prefix: String::new(),
            passage_prefix: String::new(),
            batch: 32,
            search: Duration::from_millis(Self::SEARCH_MS),
            limits: Limits::default(),
        }
    }

    /// All that a vector depends on, for the record; never the key.
    pub fn described(&self) -> serde_json::Value {
        serde_json::json!({
            "model": self.model, "dimensions": self.dimensions, "query_prefix": self.query_prefix,
            "passage_prefix": self.passage_prefix,
        })
    }

    /// What a passage's vector depends on: under another of these there are other vectors.
    pub fn vectors(&self) -> String {
        let Self { model, dimensions, passage_prefix, .. } = self;
        format!("{model}\n{}\n{passage_prefix}", dimensions.unwrap_or_default())
    }
}

/// `[embeddings.default]` and `[embeddings.workspace.<id>]`, each a [`Table`].
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tables {
    default: Option<Table>,
    #[serde(default)]
    workspace: BTreeMap<WorkspaceId, Table>,
}

/// An embedder as it stands in the file; what is not said is as in [`EmbeddingSettings::new`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    base_url: String,
    model: String,
    azure_api_version: Option<String>,
    api_key_env: Option<String>,
    api_key_file: Option<String>,
    dimensions: Option<u32>,
    query_prefix: Option<String>,
    passage_prefix: Option<String>,
    batch: Option<usize>,
    search_ms: Option<u64>,
    deadline_seconds: Option<f64>,
    concurrency: Option<usize>,
}

impl Tables {
    pub(super) fn settings(self, find: FindKey<'_>) -> Result<Embeddings, ModelError> {
        let own = self.workspace.into_iter().map(|(id, table)| {
            let place = format!("embeddings.workspace.{id}");
            Ok((id, table.settings(&place, find)?))
        });
        Ok(Embeddings {
            own: own.collect::<Result<_, ModelError>>()?,
            default: self.default.map(|table| table.settings("embeddings.default", find)).transpose()?,
        })
    }
}

impl Table {
    fn settings(self, place: &str, find: FindKey<'_>) -> Result<EmbeddingSettings, ModelError> {
        let plain = EmbeddingSettings::new(&url_of(place, &self.base_url)?, &self.model);
        let deadline = self.deadline_seconds.unwrap_or(plain.limits.deadline.as_secs_f64());
        if !(deadline > 0.0 && deadline <= 3_600.0) {
            let found = format!("expected more than 0 and at most 3600 seconds, found {deadline}");
            return Err(ModelError::Value { place: format!("[{place}] deadline_seconds"), found });
        }
        Ok(EmbeddingSettings {
            api: self.azure_api_version.map_or(Api::OpenAi, |version| Api::Azure { version }),
            key: key_of(place, self.api_key_env.as_deref(), self.api_key_file.as_deref(), find)?,
            dimensions: self.dimensions,
            query_prefix: self.query_prefix.unwrap_or_default(),
            passage_prefix: self.passage_prefix.unwrap_or_default(),
            batch: self.batch.unwrap_or(plain.batch).clamp(1, 2_048),
            search: self.search_ms.map_or(plain.search, Duration::from_millis),
            limits: Limits {
                deadline: Duration::from_secs_f64(deadline),
                concurrency: self.concurrency.unwrap_or(plain.limits.concurrency).max(1),
                ..plain.limits.clone()
            },
            ..plain
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{KeyPlace, Models};

    fn parse(text: &str) -> Result<Models, ModelError> {
        Models::parse(text, &|place| match place {
            KeyPlace::Variable("SHOP_KEY") => Ok("sk-shop\n".to_owned()),
            other => Err(format!("nothing at {other:?}")),
        })
    }

    #[test]
    fn the_file_names_an_embedder_for_all_and_another_for_one() {
        let models = parse(
            r#"
            [embeddings.default]
            base_url = "https://llm.example/v1/"
            model = "small"
            api_key_env = "SHOP_KEY"
            query_prefix = "query: "
            search_ms = 150
            [embeddings.workspace.hanauta]
            base_url = "http://127.0.0.1:8080/v1"
            model = "own"
            "#,
        )
        .unwrap();
        let default = models.embeddings.default.unwrap();
        assert_eq!((default.base_url.as_str(), default.key), ("https://llm.example/v1", Some(Secret::new("sk-shop"))));
        assert_eq!((default.query_prefix.as_str(), default.search.as_millis()), ("query: ", 150));
        let own = &models.embeddings.own[&WorkspaceId::parse("hanauta").unwrap()];
        assert_eq!((own.model.as_str(), &own.key, own.search.as_millis()), ("own", &None, 300));
        assert!(models.default.is_none(), "no model drafts for that");
    }

    #[test]
    fn what_makes_no_sense_is_told_with_its_place() {
        let told = |text: &str| parse(text).unwrap_err().to_string();
        assert!(
            told("[embeddings.default]\nbase_url = \"llm\"\nmodel = \"m\"").contains("[embeddings.default] base_url")
        );
        let key = "[embeddings.default]\nbase_url = \"http://x\"\nmodel = \"m\"\napi_key_env = \"NONE\"";
        assert!(told(key).contains("api_key_env"));
        assert!(told("[embeddings.default]\nmodle = \"m\"").contains("modle"));
    }
}
