//! The lines of an export, and the content of an event, read strictly: one value has one spelling.

use std::io::BufRead;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What an export holds.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HeadLine {
    pub format: u64,
    pub key: String,
    pub events: u64,
    pub checkpoints: u64,
    pub checkpoint: String,
}

/// One event.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct EventLine {
    pub sequence: u64,
    pub content: String,
    pub previous: String,
    pub hash: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct CheckpointLine {
    checkpoint: String,
}

/// One line.
pub enum Line {
    Head(HeadLine),
    Event(EventLine),
    Checkpoint(String),
}

/// All lines, or what is wrong with one.
pub fn lines(mut export: impl BufRead) -> impl Iterator<Item = Result<Line, String>> {
    std::iter::from_fn(move || {
        let mut bytes = Vec::new();
        match export.read_until(b'\n', &mut bytes) {
            Ok(0) => None,
            Ok(_) => Some(line(&bytes)),
            Err(error) => Some(Err(error.to_string())),
        }
    })
}

fn line(bytes: &[u8]) -> Result<Line, String> {
    let bytes = bytes.strip_suffix(b"\n").ok_or("it has no end")?;
    // Each kind has a field that the others have not: the first that reads is the one.
    if let Some(CheckpointLine { checkpoint }) = strictly(bytes) {
        return Ok(Line::Checkpoint(checkpoint));
    }
    if let Some(event) = strictly::<EventLine>(bytes) {
        return Ok(Line::Event(event));
    }
    match strictly(bytes) {
        Some(head) => Ok(Line::Head(head)),
        None => Err("it is no JSON of a known kind in its shortest form".to_owned()),
    }
}

/// The value, if these are the bytes that it is written in.
fn strictly<'b, T: Deserialize<'b> + Serialize>(bytes: &'b [u8]) -> Option<T> {
    let value: T = serde_json::from_slice(bytes).ok()?;
    (serde_json::to_vec(&value).ok()? == bytes).then_some(value)
}

/// Workspace and type of an event whose content is JSON with sorted keys and no white space.
pub fn content(text: &str) -> Option<(String, String)> {
    let value: Value = serde_json::from_str(text).ok()?;
    let mut written = String::new();
    spell(&value, &mut written);
    let word = |name: &str| value.get(name)?.as_str().map(str::to_owned);
    (written == text).then(|| Some((word("workspace")?, word("type").unwrap_or_default())))?
}

fn spell(value: &Value, out: &mut String) {
    let between = |at: usize, out: &mut String| {
        if at > 0 {
            out.push(',')
        }
    };
    match value {
        Value::Array(items) => {
            out.push('[');
            items.iter().enumerate().for_each(|(at, item)| {
                between(at, out);
                spell(item, out);
            });
            out.push(']');
        }
        Value::Object(fields) => {
            let mut keys: Vec<&String> = fields.keys().collect();
            keys.sort();
            out.push('{');
            for (at, key) in keys.into_iter().enumerate() {
                between(at, out);
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                spell(&fields[key], out);
            }
            out.push('}');
        }
        plain => out.push_str(&plain.to_string()),
    }
}
