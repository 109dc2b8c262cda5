//! Seats the models of the settings: one client a model, one guard a server, one tokenizer a vocabulary.

use std::{collections::HashMap, sync::Arc};

use anyhow::Context as _;

use crate::{
    adapters::{openai::OpenAiModel, tiktoken::Tiktoken},
    asking::{Guard, Seat},
    config::{self, Encoding, ModelSettings},
    pipeline::Models,
};

/// Opens no connection: a model that cannot be reached is told by its first draft.
pub fn open(settings: &config::Models) -> anyhow::Result<Models> {
    let mut opening = Opening::default();
    let default = settings.default.as_ref().map(|model| opening.seat(model)).transpose()?;
    let mut own = HashMap::new();
    for (workspace, model) in &settings.own {
        own.insert(workspace.clone(), opening.seat(model).with_context(|| format!("the model of {workspace}"))?);
    }
    Ok(Models { default, own })
}

#[derive(Default)]
struct Opening {
    guards: HashMap<String, Arc<Guard>>,
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
}
