//! What drafts are made with beside the documents: build, words of files, settings of models. It is recorded when a workspace
//! first uses it, and every suggestion names it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{PoisonError, RwLock},
};

use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;

use super::World;
use crate::{
    audit::canonical,
    domain::{Change, Configuration, Configured, Principal, What, WorkspaceId},
    language::synonyms::Synonyms,
    ports::StoreError,
};

/// This build: its version, and the first 16 digits of the SHA-256 of its sources.
pub const BUILD: &str = concat!(env!("CARGO_PKG_VERSION"), "+", env!("AIZUCHI_SOURCES"));

/// Where the words of the synonyms stand among the files.
pub const SYNONYMS: &str = "synonyms.yaml";

/// What models do for a workspace, as the record names it.
pub const DRAFTER: &str = "drafter";
/// Judges tone.
pub const JUDGE: &str = "judge";
/// Reads what facts leave open.
pub const ENTAIL: &str = "entail";
/// Finds by meaning.
pub const EMBEDDER: &str = "embedder";

/// The configuration that each workspace uses, once it is recorded.
#[derive(Default)]
pub struct Configurations {
    recorded: RwLock<HashMap<WorkspaceId, String>>,
    /// Held while one is recorded: it becomes one event, and nobody who has his waits for it.
    recording: Mutex<()>,
}

impl Configurations {
    /// The hash of what a workspace uses; recorded before it is answered for the first time.
    pub async fn of(&self, world: &World, workspace: &WorkspaceId) -> Result<String, StoreError> {
        if let Some(hash) = self.known(workspace) {
            return Ok(hash);
        }
        let _one_at_a_time = self.recording.lock().await;
        if let Some(hash) = self.known(workspace) {
            return Ok(hash);
        }
        let configured = in_use(world, workspace);
        let hash = configured.hash.clone();
        if world.trail.configured(workspace, &hash).await?.is_none() {
            let change = Change {
                workspace: workspace.clone(),
                principal: Principal::system(),
                at: world.clock.now(),
                what: What::Configured(Box::new(configured)),
                idempotency: None,
            };
            world.store.apply(change).await?;
        }
        self.recorded.write().unwrap_or_else(PoisonError::into_inner).insert(workspace.clone(), hash.clone());
        Ok(hash)
    }

    fn known(&self, workspace: &WorkspaceId) -> Option<String> {
        self.recorded.read().unwrap_or_else(PoisonError::into_inner).get(workspace).cloned()
    }
}

/// What a workspace uses now.
pub fn in_use(world: &World, workspace: &WorkspaceId) -> Configured {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    texts.extend(world.templates.texts());
    texts.extend(world.judge_files.texts());
    texts.extend(world.entail_files.texts());
    texts.insert(SYNONYMS.to_owned(), Synonyms::in_use().yaml().to_owned());
    let models = &world.models;
    let seats = [
        (DRAFTER, models.of(workspace).map(|seat| seat.settings.described())),
        (JUDGE, models.judge.as_ref().map(|seat| seat.settings.described())),
        (ENTAIL, models.entail.as_ref().map(|seat| seat.settings.described())),
        (EMBEDDER, world.near.embedder(workspace).map(|seat| seat.settings.described())),
    ];
    let models = seats.into_iter().filter_map(|(role, described)| Some((role.to_owned(), described?)));
    let files = texts.iter().map(|(name, text)| (name.clone(), hex::encode(Sha256::digest(text))));
    let configuration = Configuration { build: BUILD.to_owned(), files: files.collect(), models: models.collect() };
    let hash = hex::encode(Sha256::digest(canonical(&serde_json::json!(configuration))));
    Configured { hash, configuration, texts }
}
