//! Brings an index level with the store: what is missing is taken in, what cannot be read is built anew.

use std::{sync::Arc, time::Duration};

use super::World;
use crate::{
    domain::{Timestamp, WorkspaceId},
    language::synonyms::Synonyms,
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

/// How long whoever asks waits for an index that is behind; a rebuild of ten thousand passages takes longer.
const PATIENCE: Duration = Duration::from_secs(2);

/// As [`level`], but no longer than is bearable; it goes on beside where that was not enough. `false`: what is searched now may
/// be older than the last change that was acknowledged.
pub async fn within(world: &World, workspace: &WorkspaceId) -> Result<bool, LevelError> {
    let last = world.shelf.last_changed(workspace).await?;
    if matches!(world.index.sequence(workspace), Ok(Some(at)) if at == last) {
        return Ok(true);
    }
    // A task of its own: one that is dropped halfway would let another begin beside its indexing thread.
    let (own, id) = (world.clone(), workspace.clone());
    let leveling = tokio::spawn(async move { level(&own, &id).await });
    match tokio::time::timeout(PATIENCE, leveling).await {
        Ok(Ok(leveled)) => leveled.map(|()| true),
        Ok(Err(panic)) => Err(StoreError::Failed(format!("indexing stopped: {panic}")).into()),
        Err(_) => Ok(false),
    }
}

/// Makes the documents as they were at a moment searchable, and names that state.
pub async fn as_known(world: &World, workspace: &WorkspaceId, at: Timestamp) -> Result<u64, LevelError> {
    let state = world.shelf.state_at(workspace, at).await?;
    at_state(world, workspace, state, Synonyms::in_use()).await?;
    Ok(state)
}

/// Makes a state of the documents searchable for whoever reads with these synonyms.
pub async fn at_state(
    world: &World,
    workspace: &WorkspaceId,
    state: u64,
    synonyms: &'static Synonyms,
) -> Result<(), LevelError> {
    loop {
        let erased = without_erased(world, workspace).await?;
        if synonyms.within(|| world.index.has_state(workspace, state)) {
            return Ok(());
        }
        let delta = world.shelf.held_after(workspace, state).await?;
        let (index, of) = (Arc::clone(&world.index), workspace.clone());
        let keep = move || synonyms.within(|| index.keep_state(&of, &delta));
        let kept = tokio::task::spawn_blocking(keep).await;
        kept.map_err(|panic| StoreError::Failed(format!("indexing stopped: {panic}")))??;
        if world.shelf.last_erased(workspace).await? == erased {
            return Ok(());
        }
        // It was read before and is kept after.
        anew(world, workspace).await?;
    }
}

/// Lets everything go that was made of documents before one of them was erased, by whatever process; when that was.
pub async fn without_erased(world: &World, workspace: &WorkspaceId) -> Result<u64, LevelError> {
    let erased = world.shelf.last_erased(workspace).await?;
    if erased > 0 && !matches!(world.index.sequence(workspace), Ok(Some(at)) if at >= erased) {
        level(world, workspace).await?;
    }
    Ok(erased)
}

/// After it, a search sees every change that was acknowledged before the call.
pub async fn level(world: &World, workspace: &WorkspaceId) -> Result<(), LevelError> {
    let last = world.shelf.last_changed(workspace).await?;
    if matches!(world.index.sequence(workspace), Ok(Some(at)) if at == last) {
        return Ok(());
    }
    // One at a time: a delta that was read before another was applied would bring back what that one took out.
    let _alone = world.leveling.lock().await;
    let at = world.index.sequence(workspace);
    let erased = world.shelf.last_erased(workspace).await?;
    if erased > 0 && !matches!(at, Ok(Some(at)) if at >= erased) {
        // Segments, earlier states and vectors may still hold what was erased; nothing that is built from now on does.
        world.near.forget(workspace).await?;
        return take_in(world, workspace, 0).await;
    }
    let from = match at {
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

/// Builds the index anew and lets every vector go: nothing is left in them of what is no longer held.
pub async fn anew(world: &World, workspace: &WorkspaceId) -> Result<(), LevelError> {
    let _alone = world.leveling.lock().await;
    world.near.forget(workspace).await?;
    take_in(world, workspace, 0).await
}

fn rebuilding(error: &IndexError) -> u64 {
    tracing::warn!(%error, "the index is rebuilt from the store");
    0
}

/// Takes in what changed after a sequence; from 0 the index is built anew.
async fn take_in(world: &World, workspace: &WorkspaceId, from: u64) -> Result<(), LevelError> {
    let delta = world.shelf.changed_since(workspace, from).await?;
    let (index, taken_in, workspace) = (Arc::clone(&world.index), workspace.clone(), workspace.clone());
    let write = move || match from {
        0 => index.rebuild(&workspace, &delta),
        _ => index.update(&workspace, &delta),
    };
    let written = tokio::task::spawn_blocking(write).await;
    written.map_err(|panic| StoreError::Failed(format!("indexing stopped: {panic}")))??;
    world.near.changed(&taken_in);
    Ok(())
}
