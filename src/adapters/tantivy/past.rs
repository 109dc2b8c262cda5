//! Indexes of earlier states of the documents, built when somebody asks what was known then.
//!
//! A revision that is no longer held true is nowhere in the current index, so that it can never be found by mistake. What was
//! found at an earlier time is found again in an index of its own, which knows just what was known: its scores are those of
//! that time too. The last few are kept. Who asks with other synonyms, as a replay may, has an index of those.

use std::{
    collections::VecDeque,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use tantivy::Index;

use super::{schema, shard::Shard};
use crate::{domain::WorkspaceId, language::synonyms::Synonyms, ports::Delta};

/// So many are kept: who looks into the past looks at one or two days of it.
const KEPT: usize = 4;
/// Between a workspace's id, which has no dot, and the state.
const MARK: &str = ".past-";

/// The earlier states that can be searched.
#[derive(Default)]
pub struct Past {
    states: Mutex<VecDeque<State>>,
    /// Held while a state is built: who comes meanwhile finds it.
    building: Mutex<()>,
}

struct State {
    workspace: WorkspaceId,
    /// Dropped before its folder goes.
    shard: Arc<Shard>,
    _folder: Folder,
}

/// A folder that goes with its owner.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left is taken away at the next start.
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Past {
    /// Takes away what an earlier process left below the folder.
    pub fn tidy(folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().contains(MARK) {
                fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }

    /// A state, if it is kept.
    pub fn shard(&self, workspace: &WorkspaceId, sequence: u64) -> Option<Arc<Shard>> {
        let states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        let synonyms = Synonyms::in_use().fingerprint();
        let is_asked = |shard: &Shard| shard.sequence == sequence && shard.synonyms == synonyms;
        let state = states.iter().find(|state| state.workspace == *workspace && is_asked(&state.shard))?;
        Some(Arc::clone(&state.shard))
    }

    /// Lets the states of a workspace go.
    pub fn forget(&self, workspace: &WorkspaceId) {
        self.states.lock().unwrap_or_else(PoisonError::into_inner).retain(|state| state.workspace != *workspace);
    }

    /// Builds a state below the folder and keeps it; the oldest goes.
    pub fn keep(&self, below: &Path, workspace: &WorkspaceId, delta: &Delta) -> tantivy::Result<()> {
        let _one_at_a_time = self.building.lock().unwrap_or_else(PoisonError::into_inner);
        if self.shard(workspace, delta.sequence).is_some() {
            return Ok(());
        }
        let path = below.join(format!("{workspace}{MARK}{}-{}", delta.sequence, Synonyms::in_use().fingerprint()));
        let folder = Folder(path.clone());
        super::remove(&path)?;
        fs::create_dir_all(&path)?;
        let (schema, _) = schema::build();
        let shard = Shard::of(Index::create_in_dir(&path, schema)?, &path)?.with(delta)?;
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        states.push_back(State { workspace: workspace.clone(), shard: Arc::new(shard), _folder: folder });
        while states.len() > KEPT {
            states.pop_front();
        }
        Ok(())
    }
}
