//! The prompt files of `prompts/draft/`.

use std::{collections::BTreeMap, path::Path};

use serde::Serialize;

use super::material::rehearse;
use crate::prompts::{PromptFiles, TemplateError};

const FOLDER: &str = "draft";

/// The files by which a model is asked for a letter, every slot of them tried.
pub struct Templates(PromptFiles);

impl Templates {
    /// Those that the binary carries.
    pub fn builtin() -> Self {
        let system = include_str!("../../../prompts/draft/system.txt");
        let user = include_str!("../../../prompts/draft/user.txt");
        Self::new(system.to_owned(), user.to_owned()).expect("prompts/draft is tested")
    }

    /// Those of a folder that holds `draft/`.
    pub fn read(prompts: &Path) -> Result<Self, TemplateError> {
        Self::tried(PromptFiles::read(prompts, FOLDER)?)
    }

    /// Those of a record.
    pub fn recorded(texts: &BTreeMap<String, String>) -> Result<Self, TemplateError> {
        Self::tried(PromptFiles::recorded(texts, FOLDER)?)
    }

    /// Each file's words by its name, for the record.
    pub fn texts(&self) -> impl Iterator<Item = (String, String)> + '_ {
        self.0.texts()
    }

    fn new(system: String, user: String) -> Result<Self, TemplateError> {
        Self::tried(PromptFiles::new(FOLDER, system, user)?)
    }

    fn tried(files: PromptFiles) -> Result<Self, TemplateError> {
        let templates = Self(files);
        rehearse(&templates)?;
        Ok(templates)
    }

    /// SHA-256 of the files.
    pub fn hash(&self) -> &str {
        self.0.hash()
    }

    pub(super) fn system(&self, slots: &impl Serialize) -> Result<String, TemplateError> {
        self.0.system(slots)
    }

    pub(super) fn user(&self, slots: &impl Serialize) -> Result<String, TemplateError> {
        self.0.user(slots)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_that_does_not_exist_is_told_at_the_start_with_its_line() {
        let told = |system: &str| Templates::new(system.to_owned(), String::new()).map(|_| ()).unwrap_err().to_string();
        let error = told("一行目\n{{ nobody }}");
        assert!(error.contains("system.txt") && error.contains("line 2"), "{error}");
        assert!(told("{% if our_fault %}{{ nobody }}{% endif %}").contains("line 1"), "not only where it is used");
        assert!(matches!(Templates::new("{% if %}".to_owned(), String::new()), Err(TemplateError::Wrong { .. })));
    }
}
