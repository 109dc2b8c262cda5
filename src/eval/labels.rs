//! Labelled inquiries: what a customer wrote, and what a good reply to it would be.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use serde::Deserialize;

use crate::domain::{Channel, Id, InquiryText, NewInquiry, Record, Timestamp, WorkspaceId};

/// One line of a set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Labelled {
    /// Unique in its set.
    pub id: String,
    /// How it is written: keyword, sentence, email, line, kana, english or typo.
    pub form: String,
    /// What else is true of it: two, angry, quoted, near_miss...
    #[serde(default)]
    pub traits: Vec<String>,
    /// Where it came in.
    pub channel: String,
    /// The customer's words.
    pub text: String,
    /// What it is about.
    pub situation: String,
    /// What it should lead to.
    pub outcome: String,
    /// Why a person should take over, where one should.
    #[serde(default)]
    pub reason: Option<String>,
    /// Documents by key: 2 answers it, 1 helps.
    #[serde(default)]
    pub relevant: BTreeMap<String, u32>,
    /// For each question asked the documents of which one has to be cited.
    #[serde(default)]
    pub must_cite: Vec<Vec<String>>,
    /// Words that would be wrong in the reply.
    #[serde(default)]
    pub must_not_say: Vec<String>,
    /// Facts of the case that come with it.
    #[serde(default)]
    pub records: Vec<LabelledRecord>,
    /// Why it is labelled so, for people.
    #[serde(default)]
    #[expect(dead_code, reason = "for those who read the set")]
    note: Option<String>,
}

/// A fact of the case.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LabelledRecord {
    name: String,
    value: String,
    source: Option<String>,
    as_of: Option<Timestamp>,
}

/// The labelled inquiries to one shop.
pub(super) struct Set {
    /// Whose.
    pub workspace: WorkspaceId,
    /// In the order of the file.
    pub inquiries: Vec<Labelled>,
}

impl Set {
    /// Every `<workspace>.jsonl` in a folder, by name.
    pub fn read_all(folder: &Path) -> anyhow::Result<Vec<Self>> {
        let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
        paths.sort();
        anyhow::ensure!(!paths.is_empty(), "{} holds no <workspace>.jsonl", folder.display());
        paths.iter().map(|path| Self::read(path)).collect()
    }

    fn read(path: &Path) -> anyhow::Result<Self> {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let workspace = WorkspaceId::parse(&name)?;
        let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let read = |(at, line): (usize, &str)| {
            let labelled: Labelled = serde_json::from_str(line)?;
            labelled.is_sound()?;
            anyhow::Ok(labelled).with_context(|| format!("line {}", at + 1))
        };
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let inquiries = lines.map(read).collect::<anyhow::Result<Vec<_>>>();
        Ok(Self { workspace, inquiries: inquiries.with_context(|| path.display().to_string())? })
    }
}

impl Labelled {
    /// Labels that contradict each other would be scored, and mean nothing.
    fn is_sound(&self) -> anyhow::Result<()> {
        let id = &self.id;
        let answer = self.outcome == "answer";
        let known = ["answer", "acknowledge", "clarify", "handoff"].contains(&self.outcome.as_str());
        anyhow::ensure!(known, "{id}: no outcome {:?}", self.outcome);
        anyhow::ensure!(
            (self.outcome == "handoff") == self.reason.is_some(),
            "{id}: a handoff, and only it, has a reason"
        );
        anyhow::ensure!(answer != self.must_cite.is_empty(), "{id}: an answer, and only it, cites");
        anyhow::ensure!(self.must_cite.iter().all(|group| !group.is_empty()), "{id}: an empty group of must_cite");
        Ok(())
    }

    /// As a caller would hand it in.
    pub fn asked(&self, workspace: &WorkspaceId) -> anyhow::Result<NewInquiry> {
        let record = |(at, record): (usize, &LabelledRecord)| Record {
            id: Id::from_uuid(uuid::Uuid::from_u128(at as u128)),
            name: record.name.clone(),
            value: record.value.clone(),
            source: record.source.clone(),
            as_of: record.as_of,
        };
        Ok(NewInquiry {
            workspace: workspace.clone(),
            channel: Channel::parse(&self.channel)
                .with_context(|| format!("{}: no channel {}", self.id, self.channel))?,
            text: InquiryText::parse(&self.text)?,
            conversation: None,
            customer: None,
            order: None,
            records: self.records.iter().enumerate().map(record).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(line: &str) -> Result<(), String> {
        let labelled: Labelled = serde_json::from_str(line).map_err(|error| error.to_string())?;
        labelled.is_sound().map_err(|error| error.to_string())
    }

    #[test]
    fn labels_that_contradict_each_other_are_refused() {
        let line = |rest: &str| {
            format!(r#"{{"id":"a","form":"keyword","channel":"chat","text":"送料","situation":"other",{rest}}}"#)
        };
        assert_eq!(sound(&line(r#""outcome":"answer","must_cite":[["faq-a"]]"#)), Ok(()));
        assert!(sound(&line(r#""outcome":"answer""#)).unwrap_err().contains("cites"));
        assert!(sound(&line(r#""outcome":"handoff""#)).unwrap_err().contains("reason"));
        assert!(sound(&line(r#""outcome":"reply""#)).unwrap_err().contains("reply"));
        assert!(sound(&line(r#""outcome":"answer","must_cite":[[]]"#)).unwrap_err().contains("empty"));
        assert!(sound(&line(r#""outcome":"clarify","keys":[]"#)).unwrap_err().contains("keys"));
    }
}
