//! What is wrong with a guide, for its owner: where it stands, what was expected, what was probably meant.

use std::fmt;

use super::tree::Place;

/// One problem of a guide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideError {
    /// The file it stands in.
    pub file: String,
    /// Line, from 1; 0 when it is about the whole file.
    pub line: u64,
    /// Column in characters, from 1; 0 when it is about the whole file.
    pub column: u64,
    /// What is wrong.
    pub message: String,
    /// What to try.
    pub hint: Option<String>,
}

impl fmt::Display for GuideError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.message)?,
            line => write!(f, "{}:{line}:{}: {}", self.file, self.column, self.message)?,
        }
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

/// Everything that is wrong with a guide, in the order of its files and lines.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", listed(.0))]
pub struct GuideErrors(pub Vec<GuideError>);

fn listed(errors: &[GuideError]) -> String {
    errors.iter().map(GuideError::to_string).collect::<Vec<_>>().join("\n")
}

/// Problems as they are met, each with the file that is being read.
#[derive(Debug, Default)]
pub(super) struct Problems {
    file: String,
    found: Vec<GuideError>,
}

impl Problems {
    /// From now on problems belong to this file.
    pub(super) fn enter(&mut self, file: &str) {
        file.clone_into(&mut self.file);
    }

    pub(super) fn add(&mut self, place: Place, message: String, hint: Option<String>) {
        let (file, Place { line, column }) = (self.file.clone(), place);
        self.found.push(GuideError { file, line, column, message, hint });
    }

    /// A word that is none of those that may stand here.
    pub(super) fn unknown(&mut self, place: Place, what: &str, found: &str, known: &[&str]) {
        let hint = match nearest(found, known) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("known here: {}", known.join(", ")),
        };
        self.add(place, format!("unknown {what} \"{found}\""), Some(hint));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(super) fn into_errors(self) -> GuideErrors {
        let mut found = self.found;
        let mut files: Vec<String> = Vec::new();
        for error in &found {
            if !files.contains(&error.file) {
                files.push(error.file.clone());
            }
        }
        let file = |name: &str| files.iter().position(|f| f == name);
        found.sort_by_key(|error| (file(&error.file), error.line, error.column));
        GuideErrors(found)
    }
}

/// The known word that a slip of the hand separates from `found`.
fn nearest<'a>(found: &str, known: &[&'a str]) -> Option<&'a str> {
    let found = found.trim().to_lowercase().replace('-', "_");
    let slips = |word: &&&str| distance(&found, word);
    let near = known.iter().min_by_key(slips)?;
    let allowed = (near.chars().count() / 3).max(1);
    (distance(&found, near) <= allowed).then_some(*near)
}

/// Levenshtein distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
