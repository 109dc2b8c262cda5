//! How a suggestion came to be, beyond what it shows: with it the same is made again years later.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Day, Id, Turn, name};

/// What a suggestion was made under.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Making {
    /// SHA-256 of the [`Configuration`], hexadecimal; empty where none was recorded yet.
    pub configuration: String,
    /// Whether internal passages could be found: whoever asked may read them.
    pub internal: bool,
    /// What had been said before in the conversation, oldest first.
    pub turns: Vec<Turn>,
    /// The day of the order, for rules that hold by it.
    pub order_date: Option<Day>,
    /// What was looked for: the whole first, then each of several questions.
    pub searches: Vec<Search>,
    /// The waivers that held.
    pub waivers: Vec<Id<name::Waiver>>,
}

/// One search for passages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// The customer's words, masked, without greeting and signature.
    pub text: String,
    /// The shop's words for the matter.
    pub matter: String,
    /// What an embedder said is near; empty where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub near: Vec<Nearby>,
}

/// A passage that an embedder said is near.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nearby {
    /// The revision it was cut from.
    pub revision: Id<name::Revision>,
    /// The passage.
    pub passage: Id<name::Passage>,
    /// How near, in hundred-thousandths.
    pub similarity: u32,
}

/// What a workspace's drafts are made with beside its documents: recorded when it is first used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// Version of the program, and the first 16 digits of the SHA-256 of its sources.
    pub build: String,
    /// SHA-256 of each file of words, by its name: synonyms and prompts.
    pub files: BTreeMap<String, String>,
    /// The settings of each model, by what it does; never a key.
    pub models: BTreeMap<String, Value>,
}

/// A configuration with its name and the words of its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configured {
    /// SHA-256 of the configuration as canonical JSON, hexadecimal.
    pub hash: String,
    /// The configuration.
    pub configuration: Configuration,
    /// The words of each file, by its name.
    pub texts: BTreeMap<String, String>,
}
