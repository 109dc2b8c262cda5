//! A server of embeddings for tests: words that mean the same have one dimension, so that synonyms meet which no list of
//! ours knows; everything else is spread over a few more by its letters. The same text always gives the same vector.
#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(missing_docs)]

use std::collections::BTreeSet;

use aizuchi::config::{EmbeddingSettings, Settings};
use serde_json::{Value, json};

use super::model::{ScriptedServer, Turn};

/// Each group is a thing with the names that people have for it.
const MEANINGS: [&[&str]; 4] =
    [&["モコルン", "ひつじちゃん"], &["洗濯", "ぴかぴか"], &["領収書", "お金を払った紙"], &["返品", "サヨナラしたい"]];
/// Letters are spread over so many dimensions.
const LETTERS: usize = 60;
/// What a meaning weighs beside all letters together.
const MEANING: f64 = 1.0;

pub struct Embedder {
    pub server: ScriptedServer,
}

impl Embedder {
    /// Answers as it should.
    pub async fn start() -> Self {
        let this = Self { server: ScriptedServer::start(vec![Turn::unavailable()]).await };
        this.works();
        this
    }

    /// Says 503 until told to work.
    pub async fn down() -> Self {
        Self { server: ScriptedServer::start(vec![Turn::unavailable()]).await }
    }

    pub fn works(&self) {
        self.server.reply_with(|asked| Turn::status(200).body(answer(asked)));
    }

    /// For every workspace, under this model's name.
    pub fn settings(&self, model: &str) -> EmbeddingSettings {
        let plain = EmbeddingSettings::new(&self.server.base(), model);
        EmbeddingSettings { search: std::time::Duration::from_millis(1_500), ..plain }
    }

    pub fn used_by(&self, settings: &mut Settings) {
        settings.models.embeddings.default = Some(self.settings("meanings"));
    }

    /// The texts of every request so far.
    pub fn requests(&self) -> Vec<Vec<String>> {
        let texts = |body: &Value| {
            body["input"].as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
        };
        self.server.asked().iter().map(|asked| texts(&asked.body)).collect()
    }

    /// How often a text that holds these words was sent.
    pub fn sent(&self, words: &str) -> usize {
        self.requests().iter().flatten().filter(|text| text.contains(words)).count()
    }
}

/// A whole answer, last text first: the index says whose a vector is.
pub fn answer(asked: &Value) -> Value {
    let texts = asked["input"].as_array().unwrap();
    let items = texts.iter().enumerate().rev().map(
        |(index, text)| json!({"object": "embedding", "index": index, "embedding": vector(text.as_str().unwrap())}),
    );
    let usage = json!({"prompt_tokens": 9, "total_tokens": 9});
    json!({"object": "list", "data": items.collect::<Vec<_>>(), "model": asked["model"], "usage": usage})
}

/// The vector of a text.
pub fn vector(text: &str) -> Vec<f64> {
    let mut vector = vec![0.0; MEANINGS.len() + LETTERS];
    for (at, names) in MEANINGS.iter().enumerate() {
        vector[at] = if names.iter().any(|name| text.contains(name)) { MEANING } else { 0.0 };
    }
    let letters: BTreeSet<char> = text.chars().filter(|c| ('一'..='龠').contains(c)).collect();
    let share = 0.5 / (letters.len() as f64).max(1.0).sqrt();
    letters.iter().for_each(|letter| vector[MEANINGS.len() + *letter as usize * 31 % LETTERS] += share);
    vector[MEANINGS.len()] += 1e-3;
    vector
}
