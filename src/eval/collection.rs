//! A test collection, whose documents become FAQs.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

use anyhow::Context as _;
use serde_json::json;

use crate::knowledge::File;

/// Below the limit of a knowledge file, in bytes.
const FILE_BYTES: usize = 4 << 20;

/// Documents, queries and which document is right for which query.
pub struct Collection {
    /// Id and text.
    pub corpus: Vec<(String, String)>,
    /// Id and text.
    pub queries: Vec<(String, String)>,
    /// Query to its documents with their relevance.
    pub relevant: HashMap<String, BTreeMap<String, u32>>,
}

impl Collection {
    /// Reads `corpus.tsv`, `queries.tsv` and `qrels.tsv`.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let mut relevant: HashMap<String, BTreeMap<String, u32>> = HashMap::new();
        for line in text(&folder.join("qrels.tsv"))?.lines() {
            let [query, document, relevance] = line.split('\t').collect::<Vec<_>>()[..] else {
                anyhow::bail!("qrels.tsv: expected query, document and relevance, found {line:?}");
            };
            let relevance: u32 = relevance.trim().parse().with_context(|| format!("qrels.tsv: {line:?}"))?;
            if relevance > 0 {
                relevant.entry(query.to_owned()).or_default().insert(document.to_owned(), relevance);
            }
        }
        let (corpus, queries) = (pairs(&folder.join("corpus.tsv"))?, pairs(&folder.join("queries.tsv"))?);
        Ok(Self { corpus, queries, relevant })
    }

    /// The documents as knowledge files: an encyclopedia's paragraph begins with its title and a space.
    pub fn files(&self) -> anyhow::Result<Vec<File>> {
        let mut files: Vec<File> = Vec::new();
        for (id, text) in &self.corpus {
            let (title, answer) = match text.split_once(' ') {
                Some((title, rest)) if title.chars().count() <= 60 && !rest.trim().is_empty() => {
                    (title.to_owned(), rest)
                }
                _ => (text.chars().take(20).collect(), text.as_str()),
            };
            let line = serde_json::to_string(&json!({ "key": id, "title": title, "answer": answer }))?;
            let number = files.len();
            match files.last_mut() {
                Some(file) if file.bytes.len() + line.len() < FILE_BYTES => {
                    file.bytes.push(b'\n');
                    file.bytes.extend_from_slice(line.as_bytes());
                }
                _ => files.push(File { path: format!("faq/{number:04}.jsonl"), bytes: line.into_bytes() }),
            }
        }
        Ok(files)
    }
}

fn text(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn pairs(path: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let text = text(path)?;
    let pair = |line: &str| {
        let (id, text) = line.split_once('\t').with_context(|| format!("{}: no tab in {line:?}", path.display()))?;
        Ok((id.to_owned(), text.to_owned()))
    };
    text.lines().map(pair).collect()
}
