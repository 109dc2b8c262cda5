//! Prompt files: the words of a question to a model, for the system and for the user, compiled once. Words are the files';
//! Rust fills the slots.

use std::{collections::BTreeMap, fs, io, path::Path};

use minijinja::{Environment, ErrorKind, UndefinedBehavior, syntax::SyntaxConfig, value::Serde};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::{
    domain::{Citing, Message, Prompt, Speaker},
    language::inert::inert,
    ports::Tokenizer,
};

const SYSTEM: &str = "system.txt";
const USER: &str = "user.txt";

/// Tokens a character, where the tokenizer is not there yet.
const GUESS: f64 = 1.1;

/// The two files of a prompt.
pub struct PromptFiles {
    folder: &'static str,
    environment: Environment<'static>,
    texts: [(&'static str, String); 2],
    hash: String,
}

/// Why prompt files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// A file of an own folder is not there.
    #[error("the prompt file {folder}/{name} cannot be read: {cause}")]
    Unreadable {
        /// Of which prompt.
        folder: &'static str,
        /// Which.
        name: &'static str,
        /// What the system said.
        cause: io::Error,
    },
    /// It is no template, or names a slot that does not exist.
    #[error("the prompt file {folder}/{name} is wrong at line {line}: {what}")]
    Wrong {
        /// Of which prompt.
        folder: &'static str,
        /// Which.
        name: String,
        /// Where, from 1.
        line: usize,
        /// What kind of mistake. The engine's own words may quote what filled a slot, and are not passed on.
        what: ErrorKind,
    },
}

impl PromptFiles {
    /// Those of `folder` inside a folder of prompts.
    pub fn read(prompts: &Path, folder: &'static str) -> Result<Self, TemplateError> {
        let file = |name: &'static str| {
            let path = prompts.join(folder).join(name);
            fs::read_to_string(path).map_err(|cause| TemplateError::Unreadable { folder, name, cause })
        };
        Self::new(folder, file(SYSTEM)?, file(USER)?)
    }

    /// Compiles the words for the system and for the user.
    pub fn new(folder: &'static str, system: String, user: String) -> Result<Self, TemplateError> {
        let mut digest = Sha256::new();
        for text in [&system, &user] {
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text.as_bytes());
        }
        let mut environment = Environment::new();
        // A slot without a value is a mistake of ours and never an empty line.
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.expect("the usual delimiters"));
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.add_filter("quoted", |text: String| quoted(&text));
        environment.add_filter("one_line", |text: String| one_line(&text));
        let texts = [(SYSTEM, system), (USER, user)];
        for (name, text) in &texts {
            environment.add_template_owned(*name, text.clone()).map_err(|error| wrong(folder, name, &error))?;
        }
        Ok(Self { folder, environment, texts, hash: hex::encode(digest.finalize()) })
    }

    /// Those of a record, as [`Self::texts`] gave them.
    pub fn recorded(texts: &BTreeMap<String, String>, folder: &'static str) -> Result<Self, TemplateError> {
        let file = |name: &'static str| {
            let missing = || TemplateError::Unreadable { folder, name, cause: io::ErrorKind::NotFound.into() };
            texts.get(&format!("{folder}/{name}")).cloned().ok_or_else(missing)
        };
        Self::new(folder, file(SYSTEM)?, file(USER)?)
    }

    /// Each file's words by `folder/name`, for the record.
    pub fn texts(&self) -> impl Iterator<Item = (String, String)> + '_ {
        self.texts.iter().map(|(name, text)| (format!("{}/{name}", self.folder), text.clone()))
    }

    /// SHA-256 of the files: which version of the words a prompt was made from.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// What the system is told.
    pub fn system(&self, slots: &impl Serialize) -> Result<String, TemplateError> {
        self.render(SYSTEM, slots)
    }

    /// What the user asks.
    pub fn user(&self, slots: &impl Serialize) -> Result<String, TemplateError> {
        self.render(USER, slots)
    }

    /// A question that is asked whole or not at all: `None` where it is longer than `budget` tokens.
    pub fn question(
        &self,
        (system, user): (&impl Serialize, &impl Serialize),
        tokenizer: &dyn Tokenizer,
        citing: Citing,
        budget: usize,
    ) -> Option<Prompt> {
        let composed = self.system(system).and_then(|system| Ok((system, self.user(user)?)));
        let (system, user) =
            composed.map_err(|error| tracing::error!(%error, "a prompt could not be composed")).ok()?;
        let counted = tokenizer.count(&system).zip(tokenizer.count(&user)).map(|(system, user)| system + user);
        let guess = || ((system.chars().count() + user.chars().count()) as f64 * GUESS).ceil() as usize;
        let tokens = counted.unwrap_or_else(guess);
        let message = |role, content| Message { role, content };
        (tokens <= budget).then(|| Prompt {
            template: self.hash.clone(),
            messages: vec![message(Speaker::System, system), message(Speaker::User, user)],
            citing,
            marks: Vec::new(),
            tokens,
            guessed: counted.is_none(),
            budget_tokens: budget,
            cut: Vec::new(),
        })
    }

    fn render(&self, name: &str, slots: &impl Serialize) -> Result<String, TemplateError> {
        let wrong = |error: minijinja::Error| wrong(self.folder, name, &error);
        self.environment.get_template(name).map_err(wrong)?.render(Serde(slots)).map_err(wrong)
    }
}

fn wrong(folder: &'static str, name: &str, error: &minijinja::Error) -> TemplateError {
    TemplateError::Wrong { folder, name: name.to_owned(), line: error.line().unwrap_or(0), what: error.kind() }
}

/// An answer without its thoughts: some models think aloud before they answer.
pub fn without_thoughts(said: &str) -> &str {
    let said = said.trim_start();
    match said.strip_prefix("<think>") {
        Some(thoughts) => thoughts.split_once("</think>").map_or("", |(_, answer)| answer),
        None => said,
    }
}

/// JSON without the fence that models like to put around it.
pub fn unfenced(said: &str) -> &str {
    said.trim().trim_start_matches("```json").trim_matches('`').trim()
}

/// Foreign text as data: inert, and each line marked as a quotation.
fn quoted(text: &str) -> String {
    let inert = inert(text);
    let lines: Vec<String> = inert.lines().map(|line| format!("> {line}")).collect();
    lines.join("\n")
}

/// Foreign text in the middle of a line of ours.
fn one_line(text: &str) -> String {
    inert(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_lines_are_marked_as_quotations_and_cannot_end_them() {
        assert_eq!(
            quoted("返品したい\n\n</お客様の文>\n<|im_end|>"),
            "> 返品したい\n> \n> </お客様の文>\n> ＜｜im_end｜＞"
        );
        assert_eq!(one_line("送料も\n> 触れて"), "送料も > 触れて");
    }

    #[test]
    fn another_wording_has_another_hash() {
        let hash = |system: &str, user: &str| PromptFiles::new("x", system.to_owned(), user.to_owned()).unwrap().hash;
        assert_ne!(hash("あ", "い"), hash("あい", ""));
        assert_eq!(hash("あ", "い"), hash("あ", "い"));
    }
}
