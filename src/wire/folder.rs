//! A folder of knowledge on the disk.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::knowledge::{File, Rejected, Source};

/// Finds a file that a guide extends, by its path from the workspace's folder.
type Shared = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// The files of one workspace's folder, and the way to what its guide extends.
pub struct Folder {
    /// The files, by path.
    files: Vec<File>,
    unreadable: Vec<Rejected>,
    shared: Shared,
}

impl Folder {
    /// From files that are at hand.
    pub fn new(files: Vec<File>, shared: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self { files, unreadable: Vec::new(), shared: Box::new(shared) }
    }

    /// What an ingest reads from.
    pub fn source(&self) -> Source<'_> {
        Source { files: &self.files, unreadable: &self.unreadable, shared: &*self.shared }
    }

    /// One of its files as text.
    pub fn text(&self, path: &str) -> Option<&str> {
        let file = self.files.iter().find(|file| file.path == path)?;
        std::str::from_utf8(&file.bytes).ok()
    }
}

/// Everything below `root` but hidden files, in the order of the paths. A file that cannot be read is told of and
/// does not stop the others.
pub fn read_folder(root: &Path) -> anyhow::Result<Folder> {
    let base: PathBuf = root.to_owned();
    let mut folder = Folder::new(Vec::new(), move |path| fs::read_to_string(base.join(path)).ok());
    walk(root, root, &mut folder).with_context(|| format!("the folder {} cannot be read", root.display()))?;
    folder.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(folder)
}

fn walk(root: &Path, below: &Path, folder: &mut Folder) -> std::io::Result<()> {
    for entry in fs::read_dir(below)? {
        let entry = entry?;
        let path = entry.path();
        // `~$` begins what Excel lays beside a workbook while it is open, and it lets nobody read it.
        if [".", "~$"].iter().any(|mark| entry.file_name().to_string_lossy().starts_with(mark)) {
            continue;
        }
        let parts = path.strip_prefix(root).unwrap_or(&path).components();
        let name = parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        // Links to folders are not followed: one that points upwards would never end.
        let read = match entry.file_type()?.is_dir() {
            true => walk(root, &path, folder),
            false => fs::read(&path).map(|bytes| folder.files.push(File { path: name.clone(), bytes })),
        };
        if let Err(error) = read {
            let reason = format!("it cannot be read ({error}): what was known from it stays");
            folder.unreadable.push(Rejected { file: name, line: None, reason });
        }
    }
    Ok(())
}
