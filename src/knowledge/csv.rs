//! CSV with a header line that names the fields, in any order. Line numbers are those of the file as an editor
//! shows it, also after fields that hold several lines.

use ::csv::{ReaderBuilder, StringRecord};

use super::{
    File,
    format::{self, Entry, Fault, Format, Shelf},
    table::Columns,
};
use crate::domain::Kind;

/// `.csv`.
pub const FORMAT: Format = Format { extensions: &["csv"], kinds: &[Kind::Faq, Kind::Policy, Kind::PastReply], entries };

fn entries(file: &File, shelf: &Shelf) -> Vec<Result<Entry, Fault>> {
    match format::text(file) {
        Ok(text) => records(&text, shelf).unwrap_or_else(|fault| vec![Err(fault)]),
        Err(fault) => vec![Err(fault)],
    }
}

fn records(text: &str, shelf: &Shelf) -> Result<Vec<Result<Entry, Fault>>, Fault> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let records = reader.records().collect::<Result<Vec<_>, _>>();
    let records = records.map_err(|error| Fault::file(format!("the file cannot be read: {error}")))?;
    let Some((first, rest)) = records.split_first() else {
        let fields = shelf.fields.join(",");
        return Err(Fault::file(format!("the file is empty: its first line names the fields {fields}")));
    };
    let columns = Columns::read(first.iter().enumerate(), line_of(first, text), shelf)?;
    let ends = rest.iter().skip(1).map(start_of).chain([text.len()]);
    Ok(rest.iter().zip(ends).map(|(record, end)| entry(record, text, end, first.len(), &columns)).collect())
}

fn entry(record: &StringRecord, text: &str, end: usize, fields: usize, columns: &Columns) -> Result<Entry, Fault> {
    let line = line_of(record, text);
    if !is_well_quoted(&text[start_of(record)..end]) {
        let reason = "a double quote in this record is not closed where its field ends, so that the lines below it \
                      could not be told apart: close it, and write a quote inside a field twice";
        return Err(Fault::line(line, reason));
    }
    if record.len() != fields {
        let reason = format!(
            "expected {fields} fields as in the first line, found {}: put a field that has a comma or a line break in \
             double quotes, and close each quote",
            record.len()
        );
        return Err(Fault::line(line, reason));
    }
    columns.entry(record.iter().enumerate(), line)
}

/// The reader takes an open quote without a word and makes whatever follows part of its field: the entries in it
/// would be gone. A quote inside a field that does not begin with one (5" pipes) is harmless.
fn is_well_quoted(record: &str) -> bool {
    let mut chars = record.chars().peekable();
    let mut at_start = true;
    while let Some(c) = chars.next() {
        if !(at_start && c == '"') {
            at_start = matches!(c, ',' | '\n');
            continue;
        }
        loop {
            match (chars.next(), chars.peek()) {
                (Some('"'), Some('"')) => drop(chars.next()),
                (Some('"'), None | Some(',' | '\n')) => break,
                (Some('"'), Some(_)) | (None, _) => return false,
                (Some(_), _) => {}
            }
        }
        at_start = false;
    }
    true
}

/// Where the reader began to look for the record.
fn start_of(record: &StringRecord) -> usize {
    record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0)
}

/// Empty lines before a record are skipped by the reader and counted by us.
fn line_of(record: &StringRecord, text: &str) -> usize {
    let skipped = text.as_bytes()[start_of(record)..].iter().take_while(|byte| **byte == b'\n').count();
    record.position().and_then(|position| usize::try_from(position.line()).ok()).unwrap_or(1) + skipped
}
