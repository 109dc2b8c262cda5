//! Whether the files of an index are what was written: their checksums, read through.

use std::{
    fs,
    path::Path,
    sync::{Arc, OnceLock},
    thread,
};

use tantivy::{Index, TantivyError};

use super::lists;

/// What is no larger is read through before it is used, in bytes; a tenth of a second. The rest is searched at once and read through beside.
const READ_AT_ONCE: u64 = 256 << 20;

/// What was found out about the files of an index so far.
#[derive(Clone, Default)]
pub struct Soundness(Arc<OnceLock<String>>);

impl Soundness {
    /// Reads the files of a folder through, at once or beside.
    pub fn of(folder: &Path) -> tantivy::Result<Self> {
        let soundness = Self::default();
        if size(folder)? <= READ_AT_ONCE {
            read_through(folder)?;
            return Ok(soundness);
        }
        let (folder, found) = (folder.to_owned(), soundness.clone());
        thread::spawn(move || {
            if let Err(error) = read_through(&folder) {
                // Nobody else writes it.
                let _ = found.0.set(error.to_string());
            }
        });
        Ok(soundness)
    }

    /// What is wrong, if anything is.
    pub fn check(&self) -> tantivy::Result<()> {
        self.0.get().map_or(Ok(()), |cause| Err(TantivyError::InternalError(cause.clone())))
    }
}

fn read_through(folder: &Path) -> tantivy::Result<()> {
    let damaged = Index::open_in_dir(folder)?.validate_checksum()?;
    let damaged = match damaged.into_iter().next() {
        Some(file) => Some(file),
        None => lists::damaged(folder)?,
    };
    match damaged {
        None => Ok(()),
        Some(file) => Err(TantivyError::InternalError(format!("{} has a wrong checksum", file.display()))),
    }
}

fn size(folder: &Path) -> tantivy::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(bytes)
}
