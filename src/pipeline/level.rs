//! Brings an index level with the store: what is missing is taken in, what cannot be read is built anew.

use std::sync::Arc;

use super::World;
use crate::{
    domain::WorkspaceId,
    ports::{IndexError, StoreError},
};

/// Why an index could not be brought level.
#[derive(Debug, thiserror::Error)]
pub enum LevelError {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index could not be written.
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// After it, a search sees every change that was acknowledged before the call.
pub async fn level(world: &World, workspace: &WorkspaceId) -> Result<(), LevelError> {
    let last = world.shelf.last_changed(workspace).await?;
    if matches!(world.index.sequence(workspace), Ok(Some(at)) if at == last) {
        return Ok(());
    }
    // One at a time: a delta that was read before another was applied would bring back what that one took out.
    let _alone = world.leveling.lock().await;
    let from = match world.index.sequence(workspace) {
        // An index ahead of the store belongs to another store, or the store was restored from an old backup.
        Ok(Some(at)) if at == last => return Ok(()),
        Ok(Some(at)) if at < last => at,
        Ok(None) if last == 0 => return Ok(()),
        Ok(_) => 0,
        Err(unreadable @ IndexError::Unreadable { .. }) => rebuilding(&unreadable),
        Err(full) => return Err(full.into()),
    };
    match take_in(world, workspace, from).await {
        // Damaged while it was open: what is held in memory cannot be added to any more.
        Err(LevelError::Index(unreadable @ IndexError::Unreadable { .. })) if from > 0 => {
            take_in(world, workspace, rebuilding(&unreadable)).await
        }
        taken => taken,
    }
}

fn rebuilding(error: &IndexError) -> u64 {
    tracing::warn!(%error, "the index is rebuilt from the store");
    0
}

/// Takes in what changed after a sequence; from 0 the index is built anew.
async fn take_in(world: &World, workspace: &WorkspaceId, from: u64) -> Result<(), LevelError> {
    let delta = world.shelf.changed_since(workspace, from).await?;
    let (index, workspace) = (Arc::clone(&world.index), workspace.clone());
    let write = move || match from {
        0 => index.rebuild(&workspace, &delta),
        _ => index.update(&workspace, &delta),
    };
    let written = tokio::task::spawn_blocking(write).await;
    written.map_err(|panic| StoreError::Failed(format!("indexing stopped: {panic}")))??;
    Ok(())
}
