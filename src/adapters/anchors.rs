//! Signed checkpoints in files, one a workspace, a line each, only ever added to. The folder is best one that the
//! database's keeper cannot write.

use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{domain::WorkspaceId, ports::Anchors};

/// A checkpoint has some 250 bytes; the last whole one stands within so many.
const TAIL: u64 = 8 * 1024;

/// A folder of them.
#[derive(Debug)]
pub struct FileAnchors {
    folder: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    checkpoint: String,
}

impl FileAnchors {
    /// In this folder, which is made when the first one comes.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn file(&self, workspace: &WorkspaceId) -> PathBuf {
        self.folder.join(format!("{}.jsonl", workspace.as_str()))
    }
}

impl Anchors for FileAnchors {
    fn last(&self, workspace: &WorkspaceId) -> Result<Option<String>, String> {
        let path = self.file(workspace);
        let told = |error: std::io::Error| format!("{} cannot be read: {error}", path.display());
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(told(error)),
        };
        let length = file.metadata().map_err(told)?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL))).map_err(told)?;
        let mut tail = Vec::new();
        file.read_to_end(&mut tail).map_err(told)?;
        // A line that a kill cut short has no end; the one before it was kept.
        let mut whole = tail.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
        match whole.next_back() {
            None if length == 0 => Ok(None),
            None => Err(format!("{} holds no whole checkpoint", path.display())),
            Some(line) => match serde_json::from_slice::<Kept>(line) {
                Ok(kept) => Ok(Some(kept.checkpoint)),
                Err(_) => Err(format!("the last line of {} is no checkpoint", path.display())),
            },
        }
    }

    fn keep(&self, workspace: &WorkspaceId, note: &str) -> Result<(), String> {
        let path = self.file(workspace);
        let kept = || -> std::io::Result<()> {
            let is_new = !path.exists();
            fs::create_dir_all(&self.folder)?;
            let mut options = OpenOptions::new();
            options.create(true).append(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
            let mut file = options.open(&path)?;
            let mut line = serde_json::to_vec(&Kept { checkpoint: note.to_owned() })?;
            line.push(b'\n');
            end_cut_line(&path, &mut file)?;
            file.write_all(&line)?;
            file.sync_data()?;
            if is_new { File::open(&self.folder)?.sync_all() } else { Ok(()) }
        };
        kept().map_err(|error| format!("{} cannot be written: {error}", path.display()))
    }

    fn set_aside(&self, workspace: &WorkspaceId) -> Result<(), String> {
        let path = self.file(workspace);
        if !path.exists() {
            return Ok(());
        }
        let aside = |n: u32| path.with_extension(format!("lost-{n}.jsonl"));
        let free = (1..).map(aside).find(|aside| !aside.exists()).unwrap_or_else(|| aside(0));
        fs::rename(&path, &free).map_err(|error| format!("{} cannot be renamed: {error}", path.display()))
    }
}

/// What a kill left of a line ends here, so that the next line is whole.
fn end_cut_line(path: &Path, file: &mut File) -> std::io::Result<()> {
    let mut reader = File::open(path)?;
    if reader.metadata()?.len() == 0 {
        return Ok(());
    }
    reader.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    reader.read_exact(&mut last)?;
    if last == *b"\n" { Ok(()) } else { file.write_all(b"\n") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shop() -> WorkspaceId {
        WorkspaceId::parse("shop").unwrap()
    }

    #[test]
    fn the_last_whole_checkpoint_is_the_one_that_counts() {
        let folder = tempfile::tempdir().unwrap();
        let anchors = FileAnchors::new(folder.path().join("kept"));
        assert_eq!(anchors.last(&shop()), Ok(None));
        for note in ["a\n1\n", "a\n2\n"] {
            anchors.keep(&shop(), note).unwrap();
            assert_eq!(anchors.last(&shop()).unwrap().as_deref(), Some(note));
        }
        let file = folder.path().join("kept/shop.jsonl");
        let mut cut = OpenOptions::new().append(true).open(&file).unwrap();
        cut.write_all(br#"{"checkpoi"#).unwrap();
        assert_eq!(anchors.last(&shop()).unwrap().as_deref(), Some("a\n2\n"), "what a kill cut short is not one");
        anchors.keep(&shop(), "a\n3\n").unwrap();
        assert_eq!(anchors.last(&shop()).unwrap().as_deref(), Some("a\n3\n"));
    }

    #[test]
    fn what_is_set_aside_is_kept_and_no_longer_counts() {
        let folder = tempfile::tempdir().unwrap();
        let anchors = FileAnchors::new(folder.path().to_owned());
        anchors.set_aside(&shop()).unwrap();
        for n in 1..=2 {
            anchors.keep(&shop(), "a\n1\n").unwrap();
            anchors.set_aside(&shop()).unwrap();
            assert!(folder.path().join(format!("shop.lost-{n}.jsonl")).exists());
            assert_eq!(anchors.last(&shop()), Ok(None));
        }
    }

    #[test]
    fn a_file_that_is_no_list_of_checkpoints_is_said() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("shop.jsonl"), "words\n").unwrap();
        assert!(FileAnchors::new(folder.path().to_owned()).last(&shop()).unwrap_err().contains("no checkpoint"));
    }
}
