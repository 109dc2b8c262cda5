//! A throw-away installation to measure on.

use std::{fs, path::PathBuf};

use super::collection::Collection;
use crate::{
    app::App,
    config::Settings,
    domain::{Principal, Timestamp, Workspace, WorkspaceId},
    knowledge::Report,
    wire::{self, Folder},
};

/// A throw-away installation.
pub struct Bench {
    /// The installation.
    pub app: App,
    folder: PathBuf,
}

impl Bench {
    /// With a collection in a workspace of its own, taken in as anybody's first `ingest` would.
    pub async fn collection(collection: &Collection) -> anyhow::Result<(Self, WorkspaceId)> {
        let folder = folder();
        let bench = Self { app: wire::open(Settings::new(folder.clone())).await?, folder };
        let (who, id) = (Principal::system(), WorkspaceId::parse("eval")?);
        bench.app.open(&who, Workspace { id: id.clone(), name: "eval".to_owned() }).await?;
        let documents = Folder::new(collection.files()?, |_| None);
        all_taken(&bench.app.ingest(&who, &id, &documents.source()).await?)?;
        Ok((bench, id))
    }

    /// With the sample shops, at a moment that does not pass: what holds today must not change what is measured.
    pub async fn samples(now: Timestamp, knowledge: Option<PathBuf>) -> anyhow::Result<Self> {
        let folder = folder();
        let settings = Settings { knowledge, ..Settings::new(folder.clone()) };
        let bench = Self { app: wire::open_at(settings, now).await?, folder };
        wire::load_samples(&bench.app).await?.iter().try_for_each(|(_, report)| all_taken(report))?;
        Ok(bench)
    }
}

fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("aizuchi-eval-{}", std::process::id()))
}

fn all_taken(report: &Report) -> anyhow::Result<()> {
    let rejected = &report.rejected;
    anyhow::ensure!(rejected.is_empty(), "{} documents were rejected: {}", rejected.len(), rejected[0]);
    Ok(())
}

impl Drop for Bench {
    fn drop(&mut self) {
        // Left behind it wastes room and nothing else.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
