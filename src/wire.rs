//! The only place that picks adapters.

mod folder;
mod guides;
mod models;
mod samples;
mod watch;

use std::{fs, io::Write as _, path::Path, sync::Arc};

use anyhow::{Context as _, anyhow};
use sha2::{Digest as _, Sha256};

pub use self::{
    folder::{Folder, read_folder},
    guides::{add_guide, read_guides},
    samples::{load_inquiries, load_samples},
    watch::watch,
};
use crate::{
    adapters::{
        anchors::FileAnchors,
        oidc::OidcProvider,
        playback::RecordedAnswers,
        prometheus::Prometheus,
        sql::SqlStore,
        system::{FixedClock, SystemClock, SystemIds},
        tantivy::TantivyIndex,
        vectors::FileVectors,
    },
    app::App,
    config::Settings,
    domain::Timestamp,
    drafting::prompted::Templates,
    entailing::EntailFiles,
    identity::SessionKey,
    judging::JudgeFiles,
    language::synonyms::Synonyms,
    pipeline::{World, near::Nearness},
    ports::{Clock, Ids as _, SignOn},
};

pub use crate::adapters::otlp::Otlp;

/// Sends traces to a collector from now on.
pub fn traces_to(endpoint: &str) -> anyhow::Result<Otlp> {
    Ok(Otlp::sending(endpoint)?)
}

/// Reads with the synonyms of this file from now on; before anything was read with others.
pub fn use_synonyms(file: &Path) -> anyhow::Result<()> {
    let read = fs::read_to_string(file).map_err(|error| error.to_string());
    let used = read.and_then(|yaml| Synonyms::install(&yaml));
    used.map_err(|error| anyhow!("{}: {error}", file.display()))
}

/// Opens store and index and brings them level.
pub async fn open(settings: Settings) -> anyhow::Result<App> {
    open_with(settings, Arc::new(SystemClock)).await
}

/// The same in a world whose clock stands still, for measuring.
pub async fn open_at(settings: Settings, now: Timestamp) -> anyhow::Result<App> {
    open_with(settings, Arc::new(FixedClock(now))).await
}

async fn open_with(settings: Settings, clock: Arc<dyn Clock>) -> anyhow::Result<App> {
    fs::create_dir_all(&settings.data)
        .with_context(|| format!("the data folder {} cannot be made", settings.data.display()))?;
    let secret = secret(&settings.data.join("secret.key"))?;
    let ids = Arc::new(SystemIds);
    // Each is of one store.
    let folder = |of: &str| settings.data.join(format!("{of}{}", of_store(&settings)));
    let anchors = FileAnchors::new(settings.checkpoints.clone().unwrap_or_else(|| folder("checkpoints")));
    let url = settings.store_url();
    let opening = SqlStore::open(&url, &secret, clock.as_ref(), ids.clone(), Arc::new(anchors));
    let store = Arc::new(opening.await?);
    let vectors = Arc::new(FileVectors::new(folder("embeddings")));
    let seats = models::embedders(&settings.models.embeddings)?;
    let near = Nearness::start(seats, vectors, store.clone(), ids.clone());
    let sign_on = settings.single_sign_on.clone().map(OidcProvider::new).transpose()?;
    let sign_on = sign_on.map(|provider| Arc::new(provider) as Arc<dyn SignOn>);
    let world = World {
        store: store.clone(),
        doors: store.clone(),
        people: store.clone(),
        shelf: store.clone(),
        cases: store.clone(),
        inboxes: store.clone(),
        figures: store.clone(),
        reliances: store.clone(),
        review: store.clone(),
        quality: store.clone(),
        erasing: store.clone(),
        trail: store,
        near: Arc::new(near),
        models: Arc::new(models::open(&settings.models)?),
        templates: Arc::new(templates(&settings)?),
        judge_files: Arc::new(judge_files(&settings)?),
        entail_files: Arc::new(entail_files(&settings)?),
        index: Arc::new(TantivyIndex::new(folder("index"))),
        playback: Arc::new(RecordedAnswers),
        meters: Arc::new(Prometheus::counting()),
        clock,
        ids,
        sign_on,
        sessions: SessionKey::of(&secret),
        leveling: Arc::default(),
    };
    let (near, doors) = (Arc::clone(&world.near), Arc::clone(&world.doors));
    let app = App::new(world, settings);
    for problem in app.readiness().await.problems {
        tracing::warn!(problem, "not everything can be searched yet");
    }
    // What was left undone when the last process ended.
    for workspace in doors.workspaces().await.unwrap_or_default() {
        near.changed(&workspace.id);
    }
    Ok(app)
}

/// The prompts of the settings' folder, else of the binary.
fn templates(settings: &Settings) -> anyhow::Result<Templates> {
    match &settings.prompts {
        Some(folder) => Templates::read(folder).with_context(|| format!("the prompts of {}", folder.display())),
        None => Ok(Templates::builtin()),
    }
}

fn judge_files(settings: &Settings) -> anyhow::Result<JudgeFiles> {
    match &settings.prompts {
        Some(folder) => JudgeFiles::read(folder).with_context(|| format!("the prompts of {}", folder.display())),
        None => Ok(JudgeFiles::builtin()),
    }
}

fn entail_files(settings: &Settings) -> anyhow::Result<EntailFiles> {
    match &settings.prompts {
        Some(folder) => EntailFiles::read(folder).with_context(|| format!("the prompts of {}", folder.display())),
        None => Ok(EntailFiles::builtin()),
    }
}

/// An index belongs to one store: two databases used with one data folder have an index each.
fn of_store(settings: &Settings) -> String {
    match &settings.database_url {
        None => String::new(),
        Some(url) => format!("-{}", &hex::encode(Sha256::digest(url.as_bytes()))[..12]),
    }
}

/// The key of keyed hashes: made once, readable by its owner alone. Without it a hash in the store cannot be
/// compared with a guessed text.
fn secret(path: &Path) -> anyhow::Result<[u8; 32]> {
    match fs::read(path) {
        Ok(bytes) => bytes.try_into().map_err(|_| anyhow::anyhow!("{} should hold 32 bytes", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let secret = SystemIds.secret().map_err(anyhow::Error::msg)?;
            // Written beside and renamed: a kill in between leaves no half a key behind.
            let beside = path.with_extension("new");
            let mut options = fs::OpenOptions::new();
            options.write(true).create(true).truncate(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&beside).with_context(|| format!("{} cannot be written", beside.display()))?;
            file.write_all(&secret)?;
            file.sync_all()?;
            fs::rename(&beside, path)?;
            if let Some(folder) = path.parent() {
                fs::File::open(folder)?.sync_all()?;
            }
            Ok(secret)
        }
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}
