//! Which folders and which file formats are known, and what a format hands over: entries with named fields.
//! What the fields have to say is the shelf's business (`document.rs`, `replies.rs`), not the format's.

use std::collections::BTreeMap;

use super::{File, csv, document, eml, html, jsonl, markdown, replies, xlsx};
use crate::domain::{Kind, NewRevision};

/// All formats. To add one: a file with a `FORMAT`, and its line here.
pub const FORMATS: &[Format] = &[markdown::FORMAT, csv::FORMAT, jsonl::FORMAT, xlsx::FORMAT, html::FORMAT, eml::FORMAT];

/// All folders that hold documents.
pub const SHELVES: &[Shelf] = &[
    Shelf {
        folder: "faq",
        kind: Kind::Faq,
        fields: document::FIELDS,
        required: document::REQUIRED,
        revision: document::revision,
    },
    Shelf {
        folder: "policy",
        kind: Kind::Policy,
        fields: document::FIELDS,
        required: document::REQUIRED,
        revision: document::revision,
    },
    Shelf {
        folder: "replies",
        kind: Kind::PastReply,
        fields: replies::FIELDS,
        required: replies::REQUIRED,
        revision: replies::revision,
    },
];

/// A file larger than this was put there by mistake.
pub const MAX_FILE_BYTES: usize = 10 * 1024 * 1024;

/// A way to write entries into a file.
pub struct Format {
    /// How its files end, in lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// The kinds of documents it can say.
    pub kinds: &'static [Kind],
    /// Takes a file apart. One bad entry leaves the others alone.
    pub entries: fn(&File, &Shelf) -> Vec<Result<Entry, Fault>>,
}

/// A folder whose files hold one kind of document.
pub struct Shelf {
    /// Its name.
    pub folder: &'static str,
    /// What its files hold.
    pub kind: Kind,
    /// The fields an entry may have.
    pub fields: &'static [&'static str],
    /// The fields an entry must have.
    pub required: &'static [&'static str],
    /// Reads the fields of one entry of the file at the path.
    pub revision: fn(&Entry, Kind, &str) -> Result<NewRevision, Fault>,
}

impl Shelf {
    /// The shelf a file stands on.
    pub fn of(path: &str) -> Option<&'static Self> {
        let (folder, _) = path.split_once('/')?;
        SHELVES.iter().find(|shelf| shelf.folder == folder)
    }

    /// Refuses a field that nobody would read: a misspelt `valid_until` must not make a rule hold for ever.
    pub fn check_field(&self, name: &str, what: &str) -> Result<(), String> {
        if self.fields.contains(&name) {
            return Ok(());
        }
        let known = self.fields.join(", ");
        Err(format!("the {what} {name:?} is not known here: use {known}, or take it out"))
    }
}

/// Why an entry or a file was left out, before its file is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which line, from 1.
    pub line: Option<usize>,
    /// What was expected, what was found, what to try.
    pub reason: String,
}

impl Fault {
    /// About the file as a whole.
    pub fn file(reason: impl Into<String>) -> Self {
        Self { line: None, reason: reason.into() }
    }

    /// About one line.
    pub fn line(line: usize, reason: impl Into<String>) -> Self {
        Self { line: Some(line), reason: reason.into() }
    }

    /// The same, where a line's number alone does not say where it stands.
    pub fn within(self, part: Option<&str>) -> Self {
        let Some(part) = part else { return self };
        Self { line: self.line, reason: format!("{part}: {}", self.reason) }
    }
}

/// One entry as it stands in the file: fields by name, empty ones left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// Where it begins; `None` where the file is one entry.
    pub line: Option<usize>,
    /// Which part of the file its line is counted in, where there are several: a sheet of a workbook.
    pub part: Option<String>,
    fields: BTreeMap<String, (String, Option<usize>)>,
}

impl Entry {
    /// Nothing yet.
    pub fn at(line: Option<usize>) -> Self {
        Self { line, ..Self::default() }
    }

    /// Keeps a field unless it is empty. Line ends become `\n`.
    pub fn put(&mut self, name: &str, text: &str, line: Option<usize>) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let text = text.trim();
        if !text.is_empty() {
            self.fields.insert(name.to_owned(), (text.to_owned(), line.or(self.line)));
        }
    }

    /// The field, trimmed and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(|(text, _)| text.as_str())
    }

    /// The field, or a reason that names it.
    pub fn required(&self, name: &str) -> Result<&str, Fault> {
        self.get(name).ok_or_else(|| self.fault(name, format!("{name} is empty: every entry needs one")))
    }

    /// A short field as it came: one line, no more than a screen's width or two.
    pub fn short(&self, name: &str) -> Result<Option<&str>, Fault> {
        const MAX_CHARS: usize = 300;
        let Some(text) = self.get(name) else { return Ok(None) };
        if text.chars().any(char::is_control) {
            return Err(self.fault(name, format!("{name} has a line break or a control character: write one line")));
        }
        let chars = text.chars().count();
        if chars > MAX_CHARS {
            return Err(self.fault(name, format!("{name} has {chars} characters: shorten it to {MAX_CHARS}")));
        }
        Ok(Some(text))
    }

    /// A text of paragraphs, within `max` characters.
    pub fn long(&self, name: &str, max: usize) -> Result<Option<&str>, Fault> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let chars = text.chars().count();
        if chars > max {
            let reason =
                format!("{name} has {chars} characters, at most {max} are taken: split it into several entries");
            return Err(self.fault(name, reason));
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(self.fault(name, format!("{name} has a control character: paste it again as plain text")));
        }
        Ok(Some(text))
    }

    /// Parses a field if it is there.
    pub fn parsed<T, E: ToString>(&self, name: &str, parse: impl Fn(&str) -> Result<T, E>) -> Result<Option<T>, Fault> {
        let Some(text) = self.get(name) else { return Ok(None) };
        parse(text).map(Some).map_err(|error| self.fault(name, format!("{name}: {}", error.to_string())))
    }

    /// A fault at the field's own line.
    pub fn fault(&self, name: &str, reason: impl Into<String>) -> Fault {
        let line = self.fields.get(name).and_then(|(_, line)| *line).or(self.line);
        Fault { line, reason: reason.into() }
    }
}

/// The entries of a file, by the format that its name ends with.
pub fn entries(file: &File, shelf: &Shelf) -> Vec<Result<Entry, Fault>> {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default();
    let known = || FORMATS.iter().filter(|format| format.kinds.contains(&shelf.kind));
    let Some(format) = known().find(|format| format.extensions.contains(&extension.as_str())) else {
        let known: Vec<_> =
            known().flat_map(|format| format.extensions).map(|extension| format!(".{extension}")).collect();
        let known = known.join(", ");
        let reason = format!("{}/ takes {known}, found {name:?}: save it as one of these, or move it", shelf.folder);
        return vec![Err(Fault::file(reason))];
    };
    if file.bytes.len() > MAX_FILE_BYTES {
        let found = file.bytes.len().div_ceil(1024 * 1024);
        let reason = format!("the file has {found} MiB, at most 10 MiB are taken: split it into several files");
        return vec![Err(Fault::file(reason))];
    }
    (format.entries)(file, shelf)
}

/// The text of a file in UTF-8, without byte order mark, lines ended by `\n`.
pub fn text(file: &File) -> Result<String, Fault> {
    match std::str::from_utf8(&file.bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n")),
        Err(error) => {
            let line = file.bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            let reason = "the file is not in UTF-8 (Shift_JIS, perhaps): save it as UTF-8 and try again; \
                          in Excel choose \"CSV UTF-8\"";
            Err(Fault::line(line, reason))
        }
    }
}
