//! A page that is one entry, as Markdown and HTML write it: its first heading the title, its text the answer, a
//! trailing 「社内メモ」 the note. How a page is taken apart into blocks is the format's business.

use super::{
    format::{Entry, Fault},
    plain::Block,
};

/// What a page may say about itself; the answer and the note are the page.
pub const KEYS: &[&str] = &["key", "title", "url", "audience", "valid_from", "valid_until", "applies_by"];

/// How the heading of the internal note begins. Wider than what we tell people to write: a note that is taken for
/// public text would end in a customer's letter.
const NOTE_BEGINS: &[&str] = &["社内メモ", "社内用", "社内向け", "社内限", "社外秘", "内部メモ", "部外秘"];

/// Refuses what nobody would read.
pub fn check_key(name: &str) -> Result<(), String> {
    if KEYS.contains(&name) {
        return Ok(());
    }
    Err(format!("the key {name:?} is not known here: use {}, or take it out", KEYS.join(", ")))
}

/// The key of a page that does not name one: the file's name without its ending.
pub fn put_key(entry: &mut Entry, path: &str) {
    if entry.get("key").is_none() {
        let name = path.rsplit('/').next().unwrap_or(path);
        entry.put("key", name.rsplit_once('.').map_or(name, |(stem, _)| stem), None);
    }
}

/// Puts the page into the entry that names its title.
pub fn put_text(entry: &mut Entry, blocks: &[Block], note: &[Block]) -> Result<(), Fault> {
    if blocks.is_empty() {
        return Err(Fault::file("there is no text that customers may read: write it above the internal note"));
    }
    for (name, blocks) in [("answer", blocks), ("note", note)] {
        let text: Vec<_> = blocks.iter().map(Block::to_body).collect();
        entry.put(name, &text.join("\n\n"), blocks.first().and_then(|block| block.line));
    }
    Ok(())
}

/// Takes the note off the end. Text below it under a heading of the same rank could be meant for anyone, so nobody
/// guesses.
pub fn split_note(blocks: &mut Vec<Block>) -> Result<Vec<Block>, Fault> {
    let Some(at) = blocks.iter().position(is_note) else { return Ok(Vec::new()) };
    let note = blocks.split_off(at);
    let rank = note[0].level;
    if let Some(next) = note[1..].iter().find(|block| block.level.is_some() && block.level <= rank && !is_note(block)) {
        let reason = format!(
            "「{}」 stands below the internal note 「{}」: the note has to be the last section; move it to the end, or \
             make the heading one level deeper if it belongs to the note",
            next.text, note[0].text
        );
        return Err(Fault { line: next.line, reason });
    }
    Ok(note.into_iter().filter(|block| !is_note(block)).collect())
}

fn is_note(block: &Block) -> bool {
    let Some(_) = block.level else { return false };
    let text = block.text.trim_start_matches(['【', '[', '［', '(', '（', '■']).trim();
    NOTE_BEGINS.iter().any(|begin| text.starts_with(begin))
        || matches!(text.to_lowercase().as_str(), "note" | "internal note")
}
