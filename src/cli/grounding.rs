//! `grounding check`. The field names of its lines are the scorer's and exist here alone.

use std::{
    io::{stdin, stdout},
    process::ExitCode,
};

use clap::Subcommand;
use serde::{Deserialize, Serialize};

use super::lines::answer_each;
use crate::{app::ground_loose, domain::Timestamp};

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
