//! Seats the models of the settings: one client a model, one guard a server, one tokenizer a vocabulary. Embedders have
//! guards of their own: a server that drafts well may not embed at all.

use std::{collections::HashMap, sync::Arc};

use anyhow::Context as _;

use crate::{
    adapters::{
        openai::{OpenAiEmbedder, OpenAiModel},
        tiktoken::Tiktoken,
    },
    asking::{EmbedderGuards, EmbedderSeat, Guard, Seat},
    config::{self, EmbeddingSettings, Encoding, ModelSettings},
    pipeline::{Models, near::Seats},
};

/// Opens no connection: a model that cannot be reached is told by its first draft.
pub fn open(settings: &config::Models) -> anyhow::Result<Models> {
    let mut opening = Opening::default();
    let default = settings.default.as_ref().map(|model| opening.seat(model)).transpose()?;
    let mut own = HashMap::new();
    for (workspace, model) in &settings.own {
        own.insert(workspace.clone(), opening.seat(model).with_context(|| format!("the model of {workspace}"))?);
    }
    let judge = settings.judge.as_ref().map(|model| opening.seat(model)).transpose().context("the judge's model")?;
    let entail =
        settings.entail.as_ref().map(|model| opening.seat(model)).transpose().context("the second reader's model")?;
    Ok(Models { default, own, judge, entail })
}

/// The same for what turns texts into vectors.
pub fn embedders(settings: &config::Embeddings) -> anyhow::Result<Seats> {
    let mut opening = Opening::default();
    let default = settings.default.as_ref().map(|model| opening.embedder(model)).transpose()?;
    let mut own = HashMap::new();
    for (workspace, model) in &settings.own {
        let seat = opening.embedder(model).with_context(|| format!("the embedder of {workspace}"))?;
        own.insert(workspace.clone(), seat);
    }
    Ok(Seats { default, own })
}

#[derive(Default)]
struct Opening {
    guards: HashMap<String, Arc<Guard>>,
    embedder_guards: HashMap<String, Arc<EmbedderGuards>>,
    tokenizers: HashMap<Encoding, Arc<Tiktoken>>,
}

impl Opening {
    fn seat(&mut self, settings: &ModelSettings) -> anyhow::Result<Arc<Seat>> {
        let model = OpenAiModel::new(settings)?;
        let host = model.host().to_owned();
        // Trouble is a server's, not a model's name's.
        let guard =
            self.guards.entry(host.clone()).or_insert_with(|| Arc::new(Guard::new(settings.limits.concurrency)));
        let tokenizer = self.tokenizers.entry(settings.encoding);
        let tokenizer = tokenizer.or_insert_with(|| Arc::new(Tiktoken::loading(settings.encoding)));
        Ok(Arc::new(Seat::new(settings.clone(), &host, Arc::new(model), tokenizer.clone(), guard.clone())))
    }

    fn embedder(&mut self, settings: &EmbeddingSettings) -> anyhow::Result<Arc<EmbedderSeat>> {
        let embedder = OpenAiEmbedder::new(settings)?;
        let guards = self.embedder_guards.entry(embedder.host().to_owned());
        let guards = guards.or_insert_with(|| Arc::new(EmbedderGuards::new(settings.limits.concurrency)));
        Ok(Arc::new(EmbedderSeat::new(settings.clone(), Arc::new(embedder), guards.clone())))
    }
}
