//! The passage index on tantivy: one folder a workspace, a cache of the store.
//!
//! The commit payload names the last audit sequence that was taken in, so a restart knows what is missing.
//! A folder that does not open, or whose checksums are wrong, is reported as unreadable and rebuilt from the
//! store by the caller; nothing here tries to repair it.

mod explain;
mod gains;
mod schema;
mod search;

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use tantivy::{Index, IndexReader, ReloadPolicy, TantivyError, Term};

use self::{gains::Gains, schema::Fields};
use crate::{
    domain::{Evidence, Explanation, Revision, WorkspaceId},
    ports::{Delta, IndexError, PassageIndex, Query},
};

/// Memory for indexing before a segment is written, in bytes. One thread: a delta is small, and a rebuild
/// of ten thousand passages takes seconds.
const WRITER_BYTES: usize = 50_000_000;

/// All indexes below one folder.
pub struct TantivyIndex {
    folder: PathBuf,
    open: RwLock<HashMap<WorkspaceId, Arc<Shard>>>,
    /// One writer at a time: deltas come in the order of the log.
    writing: Mutex<()>,
}

/// The index of one workspace.
struct Shard {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    /// The state that is searched; what comes later makes another shard.
    gains: Gains,
    sequence: u64,
}

impl TantivyIndex {
    /// Indexes are opened when first asked for.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, open: RwLock::default(), writing: Mutex::default() }
    }

    fn path(&self, workspace: &WorkspaceId) -> PathBuf {
        self.folder.join(workspace.as_str())
    }

    fn shard(&self, workspace: &WorkspaceId) -> Result<Option<Arc<Shard>>, IndexError> {
        if let Some(shard) = self.open.read().unwrap_or_else(PoisonError::into_inner).get(workspace) {
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
        match self.shard(workspace)? {
            Some(shard) => search::search(&shard, query).map_err(|cause| failure(workspace, &cause)),
            None => Ok(Evidence::default()),
        }
    }

    fn explain(&self, workspace: &WorkspaceId, query: &Query<'_>) -> Result<Explanation, IndexError> {
        match self.shard(workspace)? {
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

    fn rebuild(&self, workspace: &WorkspaceId, delta: &Delta) -> Result<(), IndexError> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
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
            Shard::of(index)?.with(delta)?;
            let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
            remove(&path)?;
            fs::rename(&beside, &path)?;
            open.insert(workspace.clone(), Arc::new(Shard::open(&path)?));
            Ok(())
        };
        build().map_err(|cause| failure(workspace, &cause))
    }
}

impl Shard {
    fn open(path: &Path) -> tantivy::Result<Self> {
        let index = Index::open_in_dir(path)?;
        let damaged = index.validate_checksum()?;
        if let Some(file) = damaged.iter().next() {
            return Err(TantivyError::InternalError(format!("{} has a wrong checksum", file.display())));
        }
        Self::of(index)
    }

    fn of(index: Index) -> tantivy::Result<Self> {
        let (expected, fields) = schema::build();
        if index.schema() != expected {
            return Err(TantivyError::SchemaError("the index was made by another version".to_owned()));
        }
        let payload = index.load_metas()?.payload;
        let sequence = payload.and_then(|text| text.parse().ok()).unwrap_or(0);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let gains = Gains::of(reader.searcher(), &fields)?;
        Ok(Self { index, reader, fields, gains, sequence })
    }

    /// The same index after `delta`, searchable.
    fn with(&self, delta: &Delta) -> tantivy::Result<Self> {
        let mut writer = self.index.writer_with_num_threads(1, WRITER_BYTES)?;
        for id in &delta.retired {
            writer.delete_term(Term::from_field_text(self.fields.revision, id.as_str()));
        }
        for revision in &delta.added {
            // A delta may come twice after a crash: what is already there is taken out first.
            writer.delete_term(Term::from_field_text(self.fields.revision, revision.id.as_str()));
            self.add(&writer, revision)?;
        }
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(&delta.sequence.to_string());
        commit.commit()?;
        writer.wait_merging_threads()?;
        self.reader.reload()?;
        Ok(Self {
            index: self.index.clone(),
            reader: self.reader.clone(),
            fields: self.fields,
            gains: Gains::of(self.reader.searcher(), &self.fields)?,
            sequence: delta.sequence,
        })
    }

    fn add(&self, writer: &tantivy::IndexWriter, revision: &Revision) -> tantivy::Result<()> {
        for passage in &revision.passages {
            writer.add_document(schema::document(&self.fields, revision, passage)?)?;
        }
        Ok(())
    }
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
