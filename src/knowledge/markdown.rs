//! Markdown with YAML front matter: one entry a file, its body the answer, a trailing 「社内メモ」 the note.

use std::collections::BTreeMap;

use serde_saphyr::Spanned;

use super::{
    File,
    format::{self, Entry, Fault, Format, Shelf},
    page, plain,
};
use crate::domain::Kind;

/// `.md`.
pub const FORMAT: Format = Format { extensions: &["md"], kinds: &[Kind::Faq, Kind::Policy], entries };

fn entries(file: &File, _: &Shelf) -> Vec<Result<Entry, Fault>> {
    vec![format::text(file).and_then(|text| entry(&file.path, &text))]
}

fn entry(path: &str, text: &str) -> Result<Entry, Fault> {
    let (front, text, offset) = split(text)?;
    let mut entry = front_matter(front)?;
    let mut blocks = plain::blocks(text);
    for line in blocks.iter_mut().filter_map(|block| block.line.as_mut()) {
        *line += offset;
    }
    let note = page::split_note(&mut blocks)?;
    let first = blocks.first().filter(|block| block.level == Some(1));
    if let Some(first) = first.filter(|first| entry.get("title").is_none_or(|title| title == first.text)) {
        entry.put("title", &first.text, first.line);
        blocks.remove(0);
    }
    page::put_key(&mut entry, path);
    if entry.get("title").is_none() {
        return Err(Fault::line(1, "there is no title: write `title:` in the front matter or begin with `# ...`"));
    }
    page::put_text(&mut entry, &blocks, &note)?;
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
        page::check_key(&name).map_err(|reason| Fault::line(line, reason))?;
        entry.put(&name, &value.value.unwrap_or_default(), Some(line));
    }
    Ok(entry)
}
