//! A folder of knowledge on the disk.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::knowledge::File;

/// The files of one workspace's folder, and the way to what its guide extends.
pub struct Folder {
    /// The files, by path.
    pub files: Vec<File>,
    root: PathBuf,
}

impl Folder {
    /// A file that a guide extends, by its path from the folder; `None` when it cannot be read.
    pub fn shared(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.root.join(path)).ok()
    }
}

/// Everything below `root` but hidden files, in the order of the paths.
pub fn read_folder(root: &Path) -> anyhow::Result<Folder> {
    let mut files = Vec::new();
    walk(root, root, &mut files).with_context(|| format!("the folder {} cannot be read", root.display()))?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Folder { files, root: root.to_owned() })
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<File>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if path.is_dir() {
            walk(root, &path, files)?;
            continue;
        }
        let below = path.strip_prefix(root).unwrap_or(&path);
        let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        files.push(File { path: parts.join("/"), bytes: fs::read(&path)? });
    }
    Ok(())
}
