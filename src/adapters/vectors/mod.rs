//! Vectors of passages, in files beside the index: one a workspace and model, read into memory when first asked for.
//!
//! A vector follows from a revision and a model, so it is a cache like the index and no change of state: it is in no audit
//! log, and a folder that is deleted is filled again. It stands in files and not in the database because a search reads
//! all of it: a table of rows would be copied out of the database at every start, at a third more for base64, and written
//! through the one queue that acknowledgements wait in. Nodes that share a database each keep their own.

mod file;
mod scan;
mod set;

use std::{
    collections::HashMap,
    fs, io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use sha2::{Digest as _, Sha256};

use self::set::FileSet;
use crate::{
    domain::WorkspaceId,
    ports::{VectorSet, Vectors, VectorsError},
};

/// All sets below one folder.
pub struct FileVectors {
    folder: PathBuf,
    open: Mutex<HashMap<PathBuf, Arc<FileSet>>>,
}

impl FileVectors {
    /// Sets are opened when first asked for.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, open: Mutex::default() }
    }
}

impl Vectors for FileVectors {
    fn of(&self, workspace: &WorkspaceId, model: &str) -> Result<Arc<dyn VectorSet>, VectorsError> {
        // A model's name may hold what no file's name can.
        let name = format!("{}.vectors", &hex::encode(Sha256::digest(model.as_bytes()))[..16]);
        let path = self.folder.join(workspace.as_str()).join(name);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(set) = open.get(&path) {
            return Ok(Arc::clone(set) as Arc<dyn VectorSet>);
        }
        let set = Arc::new(FileSet::open(&path)?);
        open.insert(path, Arc::clone(&set));
        Ok(set)
    }

    fn clear(&self, workspace: &WorkspaceId) -> Result<(), VectorsError> {
        let folder = self.folder.join(workspace.as_str());
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, set) in open.extract_if(|path, _| path.starts_with(&folder)) {
            set.throw_away();
        }
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(VectorsError::Failed(error.to_string())),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
