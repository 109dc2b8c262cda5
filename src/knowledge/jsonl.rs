//! JSON Lines: one object a line, its members the fields.

use serde_json::Value;

use super::{
    File,
    format::{self, Entry, Fault, Format, Shelf},
};
use crate::domain::Kind;

/// `.jsonl`.
pub const FORMAT: Format =
    Format { extensions: &["jsonl"], kinds: &[Kind::Faq, Kind::Policy, Kind::PastReply], entries };

fn entries(file: &File, shelf: &Shelf) -> Vec<Result<Entry, Fault>> {
    let text = match format::text(file) {
        Ok(text) => text,
        Err(fault) => return vec![Err(fault)],
    };
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    lines.map(|(line, number)| entry(line, number, shelf)).collect()
}

fn entry(line: &str, number: usize, shelf: &Shelf) -> Result<Entry, Fault> {
    let refuse = |reason: String| Fault::line(number, reason);
    let value: Value = serde_json::from_str(line).map_err(|error| {
        // The reader counts lines from the start of what it was given, which is always this one line.
        let cause = error.to_string();
        let cause = cause.split(" at line ").next().unwrap_or_default();
        refuse(format!("the line is not one JSON object: {cause}, at character {} of the line", error.column()))
    })?;
    let Value::Object(members) = value else {
        return Err(refuse(r#"expected one object a line, like {"key": "...", ...}"#.to_owned()));
    };
    let mut entry = Entry::at(Some(number));
    for (name, value) in &members {
        shelf.check_field(name, "member").map_err(refuse)?;
        match value {
            Value::Null => {}
            Value::String(text) => entry.put(name, text, None),
            // A key such as 1024 is often written without quotes and means the same.
            Value::Number(number) => entry.put(name, &number.to_string(), None),
            _ => return Err(refuse(format!("{name}: expected a text in quotes"))),
        }
    }
    Ok(entry)
}
