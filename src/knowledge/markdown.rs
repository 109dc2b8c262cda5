//! Markdown with YAML front matter: one entry a file, its body the answer, a trailing 「社内メモ」 the note.

use std::collections::BTreeMap;

use serde_saphyr::Spanned;

use super::{
    File,
    format::{self, Entry, Fault, Format, Shelf},
    plain::{self, Block},
};
use crate::domain::Kind;

/// `.md`.
pub const FORMAT: Format = Format { extensions: &["md"], kinds: &[Kind::Faq, Kind::Policy], entries };

/// What the front matter may say; the answer and the note are the page itself.
const KEYS: &[&str] = &["key", "title", "url", "audience", "valid_from", "valid_until", "applies_by"];

/// How the heading of the internal note begins. Wider than what we tell people to write: a note that is taken for
/// public text would end in a customer's letter.
const NOTE_BEGINS: &[&str] = &["社内メモ", "社内用", "社内向け", "社内限", "社外秘", "内部メモ", "部外秘"];

fn entries(file: &File, _: &Shelf) -> Vec<Result<Entry, Fault>> {
    vec![format::text(file).and_then(|text| entry(&file.path, &text))]
}

fn entry(path: &str, text: &str) -> Result<Entry, Fault> {
    let (front, page, offset) = split(text)?;
    let mut entry = front_matter(front)?;
    let mut blocks = plain::blocks(page);
    for block in &mut blocks {
        block.line += offset;
    }
    let note = split_note(&mut blocks)?;
    let first = blocks.first().filter(|block| block.level == Some(1));
    if let Some(first) = first.filter(|first| entry.get("title").is_none_or(|title| title == first.text)) {
        entry.put("title", &first.text, Some(first.line));
        blocks.remove(0);
    }
    if entry.get("key").is_none() {
        let name = path.rsplit('/').next().unwrap_or(path);
        entry.put("key", name.rsplit_once('.').map_or(name, |(stem, _)| stem), None);
    }
    if entry.get("title").is_none() {
        return Err(Fault::line(1, "there is no title: write `title:` in the front matter or begin with `# ...`"));
    }
    if blocks.is_empty() {
        return Err(Fault::file("there is no text that customers may read: write it above the internal note"));
    }
    let put = |entry: &mut Entry, name, blocks: &[Block]| {
        let text: Vec<_> = blocks.iter().map(Block::to_body).collect();
        entry.put(name, &text.join("\n\n"), blocks.first().map(|block| block.line));
    };
    put(&mut entry, "answer", &blocks);
    put(&mut entry, "note", &note);
    Ok(entry)
}

/// Front matter, page, and how many lines stand before the page.
fn split(text: &str) -> Result<(&str, &str, usize), Fault> {
    let fence = |line: &str| line.trim_end() == "---";
    let mut lines = text.split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| fence(line)) else { return Ok(("", text, 0)) };
    let mut end = first.len();
    for (line, count) in lines.zip(2..) {
        if fence(line) {
            return Ok((&text[first.len()..end], &text[end + line.len()..], count));
        }
        end += line.len();
    }
    Err(Fault::line(1, "the front matter is not closed: write a second line of --- below it"))
}

fn front_matter(yaml: &str) -> Result<Entry, Fault> {
    // The file's first line is the fence.
    let line_of = |line: u64| usize::try_from(line).unwrap_or(0) + 1;
    let mut entry = Entry::default();
    if yaml.trim().is_empty() {
        return Ok(entry);
    }
    let members: BTreeMap<String, Spanned<Option<String>>> = serde_saphyr::from_str(yaml).map_err(|error| {
        let line = error.location().map(|location| line_of(location.line()));
        // What follows the cause counts lines from the fence, or speaks to programmers.
        let cause = error.without_snippet().to_string();
        let cause = cause.split(" at line ").next().and_then(|cause| cause.split(", set ").next()).unwrap_or_default();
        let reason = format!(
            "the front matter cannot be read ({cause}): write lines like `title: ...`, each name once, and put a value \
             that has a colon or # in double quotes"
        );
        Fault { line, reason }
    })?;
    for (name, value) in members {
        let line = line_of(value.defined.line());
        if !KEYS.contains(&name.as_str()) {
            let known = KEYS.join(", ");
            let reason = format!("the key {name:?} is not known here: use {known}, or take it out");
            return Err(Fault::line(line, reason));
        }
        entry.put(&name, &value.value.unwrap_or_default(), Some(line));
    }
    Ok(entry)
}

/// Takes the note off the end. Text below it under a heading of the same rank could be meant for anyone, so nobody
/// guesses.
fn split_note(blocks: &mut Vec<Block>) -> Result<Vec<Block>, Fault> {
    let Some(at) = blocks.iter().position(is_note) else { return Ok(Vec::new()) };
    let note = blocks.split_off(at);
    let rank = note[0].level;
    if let Some(next) = note[1..].iter().find(|block| block.level.is_some() && block.level <= rank && !is_note(block)) {
        let reason = format!(
            "「{}」 stands below the internal note 「{}」: the note has to be the last section; move it to the end, or \
             make the heading one level deeper if it belongs to the note",
            next.text, note[0].text
        );
        return Err(Fault::line(next.line, reason));
    }
    Ok(note.into_iter().filter(|block| !is_note(block)).collect())
}

fn is_note(block: &Block) -> bool {
    let Some(_) = block.level else { return false };
    let text = block.text.trim_start_matches(['【', '[', '［', '(', '（', '■']).trim();
    NOTE_BEGINS.iter().any(|begin| text.starts_with(begin))
        || matches!(text.to_lowercase().as_str(), "note" | "internal note")
}
