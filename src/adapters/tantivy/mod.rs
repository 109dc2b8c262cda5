//! The passage index on tantivy: one folder a workspace, a cache of the store.
//!
//! The commit payload names the last audit sequence that was taken in, so a restart knows what is missing.
//! A folder that does not open, or whose checksums are wrong, is reported as unreadable and rebuilt from the
//! store by the caller; nothing here tries to repair it.

mod explain;
mod impacts;
mod items;
mod lists;
mod near;
mod past;
mod scan;
mod schema;
mod search;
mod shard;
mod soundness;

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use tantivy::{Index, TantivyError};

use self::{past::Past, shard::Shard};
use crate::{
    domain::{Evidence, Explanation, WorkspaceId},
    language::synonyms::Synonyms,
    ports::{Delta, IndexError, PassageIndex, Query},
};

/// All indexes below one folder.
pub struct TantivyIndex {
    folder: PathBuf,
    open: RwLock<HashMap<WorkspaceId, Arc<Shard>>>,
    past: Past,
    /// One writer at a time: deltas come in the order of the log.
    writing: Mutex<()>,
}

impl TantivyIndex {
    /// Indexes are opened when first asked for.
    pub fn new(folder: PathBuf) -> Self {
        // Nothing to tidy where there is no folder yet; what cannot be tidied is only in nobody's way.
        let _ = Past::tidy(&folder);
        Self { folder, open: RwLock::default(), past: Past::default(), writing: Mutex::default() }
    }

    /// The shard of the state that a query asks for.
    fn asked(&self, workspace: &WorkspaceId, state: Option<u64>) -> Result<Option<Arc<Shard>>, IndexError> {
        let current = self.shard(workspace)?;
        match state {
            Some(state) if current.as_ref().is_none_or(|shard| !is_state(shard, state)) => {
                self.past.shard(workspace, state).map(Some).ok_or(IndexError::Forgotten)
            }
            _ => Ok(current),
        }
    }

    fn path(&self, workspace: &WorkspaceId) -> PathBuf {
        self.folder.join(workspace.as_str())
    }

    fn shard(&self, workspace: &WorkspaceId) -> Result<Option<Arc<Shard>>, IndexError> {
        if let Some(shard) = self.open.read().unwrap_or_else(PoisonError::into_inner).get(workspace) {
            shard.check().map_err(|cause| failure(workspace, &cause))?;
            return Ok(Some(Arc::clone(shard)));
        }
        // Opened under the lock that `replace` holds while it swaps folders: nobody finds the gap between them.
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let path = self.path(workspace);
        if !path.join("meta.json").exists() {
            return Ok(None);
        }
        let shard = Arc::new(Shard::open(&path).map_err(|cause| failure(workspace, &cause))?);
        open.insert(workspace.clone(), Arc::clone(&shard));
        Ok(Some(shard))
    }

    fn keep(&self, workspace: &WorkspaceId, shard: Arc<Shard>) {
        self.open.write().unwrap_or_else(PoisonError::into_inner).insert(workspace.clone(), shard);
    }
}

impl PassageIndex for TantivyIndex {
    fn search(&self, workspace: &WorkspaceId, query: &Query<'_>) -> Result<Evidence, IndexError> {
        match self.asked(workspace, query.state)? {
            Some(shard) => search::search(&shard, query).map_err(|cause| failure(workspace, &cause)),
            None => Ok(Evidence::default()),
        }
    }

    fn explain(&self, workspace: &WorkspaceId, query: &Query<'_>) -> Result<Explanation, IndexError> {
        match self.asked(workspace, query.state)? {
            Some(shard) => explain::explain(&shard, query).map_err(|cause| failure(workspace, &cause)),
            None => Ok(Explanation::default()),
        }
    }

    fn sequence(&self, workspace: &WorkspaceId) -> Result<Option<u64>, IndexError> {
        Ok(self.shard(workspace)?.map(|shard| shard.sequence))
    }

    fn update(&self, workspace: &WorkspaceId, delta: &Delta) -> Result<(), IndexError> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(shard) = self.shard(workspace)? else {
            return self.replace(workspace, delta);
        };
        if delta.sequence <= shard.sequence {
            return Ok(());
        }
        let next = shard.with(delta).map_err(|cause| failure(workspace, &cause))?;
        self.keep(workspace, Arc::new(next));
        Ok(())
    }

    fn has_state(&self, workspace: &WorkspaceId, sequence: u64) -> bool {
        self.asked(workspace, Some(sequence)).is_ok()
    }

    fn keep_state(&self, workspace: &WorkspaceId, delta: &Delta) -> Result<(), IndexError> {
        self.past.keep(&self.folder, workspace, delta).map_err(|cause| failure(workspace, &cause))
    }

    fn rebuild(&self, workspace: &WorkspaceId, delta: &Delta) -> Result<(), IndexError> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.past.forget(workspace);
        self.replace(workspace, delta)
    }
}

impl TantivyIndex {
    /// Builds beside the old folder and then takes its place; searches under way finish on the old files.
    fn replace(&self, workspace: &WorkspaceId, delta: &Delta) -> Result<(), IndexError> {
        let (path, beside) = (self.path(workspace), self.folder.join(format!("{workspace}.rebuild")));
        let build = || -> tantivy::Result<()> {
            remove(&beside)?;
            fs::create_dir_all(&beside)?;
            let (schema, _) = schema::build();
            let index = Index::create_in_dir(&beside, schema)?;
            drop(Shard::of(index, &beside)?.with(delta)?);
            let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
            remove(&path)?;
            fs::rename(&beside, &path)?;
            open.insert(workspace.clone(), Arc::new(Shard::open(&path)?));
            Ok(())
        };
        build().map_err(|cause| failure(workspace, &cause))
    }
}

/// Whether it holds that state, indexed with the synonyms that are asked with.
fn is_state(shard: &Shard, state: u64) -> bool {
    shard.sequence == state && shard.synonyms == Synonyms::in_use().fingerprint()
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn failure(workspace: &WorkspaceId, cause: &TantivyError) -> IndexError {
    let full = matches!(cause, TantivyError::IoError(io) if io.kind() == io::ErrorKind::StorageFull);
    match full {
        true => IndexError::Full,
        false => IndexError::Unreadable { workspace: workspace.clone(), cause: cause.to_string() },
    }
}

#[cfg(test)]
mod tests;
