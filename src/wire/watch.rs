//! The knowledge folder while serving: what is saved there is searched a moment later.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context as _;
use notify::{EventKind, RecursiveMode, Watcher as _};
use tokio::{sync::mpsc, time::timeout};

use super::samples::{shops_below, take_in};
use crate::{app::App, domain::WorkspaceId, knowledge::Report};

/// So long nothing may happen before files are read: an editor that saves writes several times.
const QUIET: Duration = Duration::from_millis(300);

/// Takes in every shop below the folder now, and again whenever something in it changes, until the process ends. Files that
/// are wrong are told of in the log by their names and lines, and change nothing.
pub async fn watch(app: App, root: PathBuf) -> anyhow::Result<()> {
    let (seen, mut changes) = mpsc::channel(1);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // One that waits is enough, and reading is no change. An error is looked into like a change.
        if event.map_or(true, |event| !matches!(event.kind, EventKind::Access(_))) {
            let _ = seen.try_send(());
        }
    })?;
    // Before the first reading, so that nothing is missed between the two.
    watcher
        .watch(&root, RecursiveMode::Recursive)
        .with_context(|| format!("the folder {} cannot be watched", root.display()))?;
    read(&app, &root).await;
    tokio::spawn(async move {
        let _watching = watcher;
        while changes.recv().await.is_some() {
            while timeout(QUIET, changes.recv()).await.is_ok_and(|change| change.is_some()) {}
            read(&app, &root).await;
        }
    });
    Ok(())
}

/// Reads all shops; one that cannot be read does not stop the others.
async fn read(app: &App, root: &Path) {
    let shops = match shops_below(root) {
        Ok(shops) => shops,
        Err(error) => return tracing::warn!(folder = %root.display(), %error, "the knowledge folder cannot be read"),
    };
    for (workspace, shop) in shops {
        match take_in(app, &workspace, &shop).await {
            Ok(report) => tell(&workspace, &report),
            Err(error) => tracing::warn!(%workspace, %error, "the knowledge could not be taken in"),
        }
    }
}

fn tell(workspace: &WorkspaceId, report: &Report) {
    let Report { added, changed, retired, rejected, .. } = report;
    if added + changed + retired > 0 {
        tracing::info!(%workspace, added, changed, retired, "knowledge was taken in");
    }
    for rejected in rejected {
        tracing::warn!(%workspace, file = rejected.file, line = rejected.line, reason = rejected.reason, "left out");
    }
}
