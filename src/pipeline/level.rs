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
    let from = match world.index.sequence(workspace) {
        // An index ahead of the store belongs to another store, or the store was restored from an old backup.
        Ok(Some(at)) if at == last => return Ok(()),
        Ok(Some(at)) if at < last => at,
        Ok(None) if last == 0 => return Ok(()),
        Ok(_) => 0,
        Err(IndexError::Unreadable { workspace, cause }) => {
            tracing::warn!(workspace = %workspace, cause, "the index cannot be read and is rebuilt from the store");
            0
        }
        Err(full) => return Err(full.into()),
    };
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
