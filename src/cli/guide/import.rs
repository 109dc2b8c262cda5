//! Word lists of others as `words` of a rule: prh.yml (the dictionaries of textlint's prh), or two columns of CSV.

use std::{fs, path::Path, process::ExitCode};

use anyhow::{Context as _, bail};
use serde::Deserialize;

use crate::domain::Category;

/// Words and what is written in their place.
#[derive(Debug, Default, PartialEq, Eq)]
struct Entry {
    any: Vec<String>,
    to: String,
}

/// What a list holds, and what of it has no place in a guide, in the reader's words.
#[derive(Debug, Default, PartialEq, Eq)]
struct List {
    entries: Vec<Entry>,
    /// Sentences or words that have to be found, and those that have to be left alone.
    bad: Vec<String>,
    good: Vec<String>,
    left_out: Vec<String>,
}

/// Prints the rule for a guide on standard output, what was left out on standard error.
pub(super) fn run(file: &Path, rule: &str) -> anyhow::Result<ExitCode> {
    if Category::parse(rule).is_none() {
        let known: Vec<&str> = Category::ALL.iter().map(|category| category.as_str()).collect();
        bail!("there is no rule {rule:?}; there are {}", known.join(", "));
    }
    let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let is_yaml = file.extension().is_some_and(|end| end == "yml" || end == "yaml");
    let text = decoded(&bytes);
    let list = if is_yaml { prh(&text) } else { table(&text) };
    let list = list.with_context(|| file.display().to_string())?;
    if list.entries.is_empty() {
        bail!("{}: there is no word to take in", file.display());
    }
    list.left_out.iter().for_each(|reason| eprintln!("aizuchi: {}: {reason}", file.display()));
    print!("{}", written(&list, rule));
    Ok(ExitCode::SUCCESS)
}

/// UTF-8, else what Excel writes in Japan.
fn decoded(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::SHIFT_JIS.decode(bytes).0.into_owned(),
    }
}

#[derive(Deserialize)]
struct Prh {
    #[serde(default)]
    rules: Vec<PrhRule>,
}

#[derive(Deserialize)]
struct PrhRule {
    expected: String,
    pattern: Option<Patterns>,
    #[serde(default)]
    patterns: Vec<String>,
    #[serde(default)]
    specs: Vec<Spec>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Patterns {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
struct Spec {
    from: String,
    to: String,
}

fn prh(text: &str) -> anyhow::Result<List> {
    let prh: Prh = serde_saphyr::from_str(text).context("this is no prh.yml")?;
    let mut list = List::default();
    for rule in prh.rules {
        let patterns = match rule.pattern {
            Some(Patterns::One(one)) => vec![one],
            Some(Patterns::Many(many)) => many,
            None => Vec::new(),
        };
        let (expressions, words): (Vec<_>, Vec<_>) =
            patterns.into_iter().chain(rule.patterns).partition(|word| word.starts_with('/'));
        for expression in expressions {
            list.left_out.push(format!("{expression} is a regular expression; write the words that it means"));
        }
        if words.is_empty() {
            continue;
        }
        // An example holds where one of the words that were taken stands in it.
        for spec in rule.specs.into_iter().filter(|spec| words.iter().any(|word| spec.from.contains(word.as_str()))) {
            list.bad.push(spec.from);
            list.good.push(spec.to);
        }
        list.add(words, rule.expected);
    }
    Ok(list)
}

fn table(text: &str) -> anyhow::Result<List> {
    let mut list = List::default();
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    for (at, row) in rows.records().enumerate() {
        let row = row.with_context(|| format!("line {}", at + 1))?;
        let cells: Vec<&str> = row.iter().map(str::trim).collect();
        match cells[..] {
            [] | [""] => {}
            ["from" | "変換前" | "誤" | "NG", ..] if at == 0 => {}
            [from, to] | [from, to, ..] if !from.is_empty() => list.add(vec![from.to_owned()], to.to_owned()),
            _ => bail!("line {}: write two columns, the word and what is written in its place", at + 1),
        }
    }
    Ok(list)
}

impl List {
    /// Words with one replacement are one entry.
    fn add(&mut self, words: Vec<String>, to: String) {
        match self.entries.iter_mut().find(|entry| entry.to == to) {
            Some(entry) => entry.any.extend(words),
            None => self.entries.push(Entry { any: words, to }),
        }
    }
}

/// The rule in the guide's form. A word that stands in its own replacement (会員 in 特別会員) is left alone there.
fn written(list: &List, rule: &str) -> String {
    let mut out = format!("rules:\n  {rule}:\n    clause: 次の言葉は決めた言い方に直す。\n    words:\n");
    for entry in &list.entries {
        let to = if entry.to.is_empty() { String::new() } else { quoted(&entry.to) };
        out += &format!("      - {{any: [{}], use: [{to}]}}\n", joined(&entry.any));
    }
    let holds = |entry: &&Entry| entry.any.iter().any(|word| entry.to.contains(word.as_str()));
    let except: Vec<String> = list.entries.iter().filter(holds).map(|entry| entry.to.clone()).collect();
    for (key, values) in [("except", &except), ("bad", &list.bad), ("good", &list.good)] {
        if !values.is_empty() {
            out += &format!("    {key}: [{}]\n", joined(values));
        }
    }
    out
}

fn joined(words: &[String]) -> String {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", ")
}

/// Double quotes hold any text in YAML as they do in JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prh_list_becomes_words_examples_and_exceptions() {
        let text = "version: 1\nrules:\n  - expected: ハードウェア\n    patterns: [ハードウエア, /ハ.ド/]\n    specs:\n      - {from: ハードウエアの, to: ハードウェアの}\n  - expected: リンクプラス会員\n    pattern: プラス会員\n";
        let list = prh(text).unwrap();
        assert_eq!(list.left_out.len(), 1);
        let yaml = written(&list, "brand_term");
        assert!(yaml.contains("- {any: [\"ハードウエア\"], use: [\"ハードウェア\"]}"), "{yaml}");
        assert!(
            yaml.contains("except: [\"リンクプラス会員\"]") && yaml.contains("bad: [\"ハードウエアの\"]"),
            "{yaml}"
        );
    }

    #[test]
    fn a_table_of_two_columns_groups_by_what_is_written_in_their_place() {
        let list = table("誤,正\n了解です,承知しました\n了解,承知しました\nとりあえず,\n").unwrap();
        assert_eq!(list.entries.len(), 2);
        assert_eq!(list.entries[0].any, ["了解です", "了解"]);
        assert!(written(&list, "ng_word").contains("{any: [\"とりあえず\"], use: []}"));
        assert!(table("a\n").unwrap_err().to_string().contains("line 1"));
        assert_eq!(decoded(&encoding_rs::SHIFT_JIS.encode("了解").0), "了解");
    }
}
