//! `grounding check` and `guide check`. The field names of the first's lines are the scorer's and exist here alone.

use std::{
    io::{stdin, stdout},
    path::PathBuf,
    process::ExitCode,
};

use clap::Subcommand;
use serde::{Deserialize, Serialize};

use super::lines::answer_each;
use crate::{
    app::{Guides, ground_loose},
    domain::Timestamp,
    wire,
};

/// `aizuchi grounding ...`
#[derive(Subcommand)]
pub(super) enum Grounding {
    /// Check JSON Lines {"id","passages":[{"id","text"}],"inquiry","draft","now"?} from standard input
    Check,
}

#[derive(Deserialize)]
struct GroundingLine {
    id: String,
    passages: Vec<LoosePassage>,
    #[serde(default)]
    inquiry: String,
    draft: String,
    now: Option<String>,
}

#[derive(Deserialize)]
struct LoosePassage {
    id: String,
    text: String,
}

#[derive(Serialize)]
struct GroundingAnswer {
    id: String,
    sentences: Vec<Labelled>,
}

#[derive(Serialize)]
struct Labelled {
    start: usize,
    end: usize,
    label: &'static str,
    cites: Vec<String>,
}

impl Grounding {
    /// One answer a line.
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        answer_each(stdin().lock(), stdout().lock(), |line: GroundingLine| {
            let now = line.now.as_deref().map(Timestamp::parse).transpose().map_err(|error| error.to_string())?;
            let texts: Vec<&str> = line.passages.iter().map(|passage| passage.text.as_str()).collect();
            let (_, grounding) = ground_loose(&texts, &line.inquiry, &line.draft, now);
            let labelled = grounding.verdicts.iter().map(|verdict| {
                let mut cites: Vec<String> = Vec::new();
                for at in &verdict.citations {
                    let id = &line.passages[grounding.citations[*at].evidence].id;
                    if !cites.contains(id) {
                        cites.push(id.clone());
                    }
                }
                let label = verdict.verdict.as_str();
                Labelled { start: verdict.span.start, end: verdict.span.end, label, cites }
            });
            Ok((GroundingAnswer { id: line.id, sentences: labelled.collect() }, false))
        })
    }
}

/// `aizuchi guide ...`
#[derive(Subcommand)]
pub(super) enum GuideCommand {
    /// Read a guide and run its own examples
    Check {
        /// The guide
        file: PathBuf,
    },
}

impl GuideCommand {
    /// Prints what is wrong with its place; 0 when nothing is, 2 otherwise.
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let Self::Check { file } = self;
        let mut guides = Guides::default();
        if let Err(errors) = wire::add_guide(&mut guides, &file)? {
            println!("{errors}");
            return Ok(ExitCode::from(2));
        }
        let failures = guides.example_failures();
        for failure in &failures {
            println!("{failure}");
        }
        if failures.is_empty() {
            println!("{}: the guide is sound and its examples hold", file.display());
            return Ok(ExitCode::SUCCESS);
        }
        Ok(ExitCode::from(2))
    }
}
