//! From files to documents to passages, and what changed since last time.
//!
//! Pure: bytes come in, values go out. Walking folders, watching them, ids and the clock are the caller's;
//! so is writing what [`difference`] finds. A new format is one file here, its `mod` line and its line of
//! `format::FORMATS`; `jsonl.rs` is the shortest example.

mod catalogue;
mod cell;
mod charset;
mod csv;
mod difference;
mod document;
mod eml;
mod flow;
mod format;
mod guide;
mod html;
mod jsonl;
mod markdown;
mod markup;
mod page;
mod passages;
mod plain;
mod quoted;
mod replies;
mod table;
mod tabular;
mod walk;
mod xlsx;

pub use difference::{Difference, Report, difference};
pub use guide::{GUIDE_KEY, clauses};
pub use passages::{Cut, MAX_PASSAGE_CHARS, cut};

use catalogue::Catalogue;
use format::{Fault, Shelf};

use crate::domain::{Kind, NewRevision};

/// A file of the workspace's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Below the workspace's folder, `/`-separated, e.g. `faq/returns.md`.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// What one ingest reads from.
pub struct Source<'a> {
    /// The files that could be read.
    pub files: &'a [File],
    /// Those that could not: what they held before stays.
    pub unreadable: &'a [Rejected],
    /// Finds a file that a guide extends, by its path from the workspace's folder.
    pub shared: &'a (dyn Fn(&str) -> Option<String> + Sync),
}

/// A file, or one line of it, that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Which file.
    pub file: String,
    /// Which line, from 1; `None` where it is about the file as a whole.
    pub line: Option<usize>,
    /// What was expected, what was found, what to try.
    pub reason: String,
}

impl std::fmt::Display for Rejected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.reason),
            None => write!(f, "{}: {}", self.file, self.reason),
        }
    }
}

/// What the files of a workspace say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Read {
    /// The good entries, in the order of paths and lines.
    pub revisions: Vec<NewRevision>,
    /// What was left out, in the same order.
    pub rejected: Vec<Rejected>,
}

/// Reads the folders `faq/`, `policy/` and `replies/`; files elsewhere and hidden files are none of its business.
/// A bad line or file never stops the good ones. The answer does not depend on the order of `files`.
pub fn read(files: &[File]) -> Read {
    let mut files: Vec<&File> = files.iter().filter(|file| !is_hidden(&file.path)).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut catalogue = Catalogue::default();
    let mut rejected = Vec::new();
    for file in files {
        let Some(shelf) = Shelf::of(&file.path) else { continue };
        for entry in format::entries(file, shelf) {
            let accepted = entry.and_then(|entry| {
                let revision = (shelf.revision)(&entry, shelf.kind, &file.path);
                let taken = revision.and_then(|revision| catalogue.add(revision, &entry));
                taken.map_err(|fault| fault.within(entry.part.as_deref()))
            });
            if let Err(Fault { line, reason }) = accepted {
                rejected.push(Rejected { file: file.path.clone(), line, reason });
            }
        }
    }
    Read { revisions: catalogue.into_revisions(), rejected }
}

/// Also what Excel lays beside a workbook while somebody has it open: `~$faq.xlsx`.
/// A document that somebody writes by hand, under the same rules as an entry of a file: fields by name, and what is wrong with
/// one by its name.
pub fn written(kind: Kind, fields: &[(&str, &str)]) -> Result<NewRevision, (String, String)> {
    let mut entry = format::Entry::at(None);
    fields.iter().for_each(|(name, text)| entry.put(name, text, None));
    let of = |fault: Fault| {
        // Every message begins with the field that it is about.
        let name = fields.iter().map(|(name, _)| *name).find(|name| fault.reason.starts_with(name));
        (name.unwrap_or("answer").to_owned(), fault.reason)
    };
    document::revision(&entry, kind, "").map(|revision| NewRevision { source: None, ..revision }).map_err(of)
}

fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.') || part.starts_with("~$"))
}

#[cfg(test)]
mod tests;
