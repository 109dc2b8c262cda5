//! `tone check`, `grounding check` and `guide check`. The field names of their lines are the scorer's and exist
//! here alone.

use std::{
    fs,
    io::{stdin, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};

use super::lines::answer_each;
use crate::{
    app::{Guides, Pair, ground_loose},
    domain::{Channel, Severity, Situation, Timestamp},
};

/// `aizuchi tone ...`
#[derive(Subcommand)]
pub(super) enum Tone {
    /// Check JSON Lines {"id","brand","channel","situation"?,"inquiry","reply"} from standard input
    Check(ToneCheck),
}

/// `aizuchi tone check`
#[derive(Args)]
pub(super) struct ToneCheck {
    /// A guide; may come several times, `brand` picks one by its brand.id
    #[arg(long = "guide", required = true)]
    guides: Vec<PathBuf>,
    /// Exit 1 when a finding is at or above this: info, warning or error
    #[arg(long, value_parser = severity)]
    fail_on: Option<Severity>,
}

fn severity(text: &str) -> Result<Severity, String> {
    Severity::parse(text).ok_or_else(|| "expected info, warning or error".to_owned())
}

#[derive(Deserialize)]
struct ToneLine {
    id: String,
    brand: String,
    channel: Option<String>,
    situation: Option<String>,
    #[serde(default)]
    inquiry: String,
    reply: String,
}

#[derive(Serialize)]
struct ToneAnswer {
    id: String,
    flags: Vec<Flag>,
}

#[derive(Serialize)]
struct Flag {
    start: usize,
    end: usize,
    category: &'static str,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<String>,
}

impl Tone {
    /// One answer a line.
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let Self::Check(check) = self;
        let guides = read_guides(&check.guides)?;
        answer_each(stdin().lock(), stdout().lock(), |line: ToneLine| {
            let situation = line.situation.as_deref().map(Situation::new);
            let pair = Pair {
                brand: &line.brand,
                channel: line.channel.as_deref().and_then(Channel::parse),
                situation: situation.as_ref(),
                inquiry: &line.inquiry,
                reply: &line.reply,
            };
            let Some(findings) = guides.check(&pair) else {
                let known: Vec<&str> = guides.brands().collect();
                return Err(format!("no guide of the brand {:?}; there are {}", line.brand, known.join(", ")));
            };
            let fails = check.fail_on.is_some_and(|at| findings.iter().any(|finding| finding.severity >= at));
            let flags = findings.into_iter().map(|finding| {
                let (start, end) = finding.span.map_or((0, 0), |span| (span.start, span.end));
                Flag {
                    start,
                    end,
                    category: finding.category.as_str(),
                    severity: finding.severity.as_str(),
                    suggestion: finding.rewrite,
                }
            });
            Ok((ToneAnswer { id: line.id, flags: flags.collect() }, fails))
        })
    }
}

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
        if let Err(errors) = add(&mut guides, &file)? {
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

fn read_guides(files: &[PathBuf]) -> anyhow::Result<Guides> {
    let mut guides = Guides::default();
    for file in files {
        add(&mut guides, file)?.map_err(|errors| anyhow::anyhow!("{errors}"))?;
    }
    Ok(guides)
}

/// The outer error: the file cannot be read. The inner: the guide is wrong.
fn add(guides: &mut Guides, file: &Path) -> anyhow::Result<Result<(), crate::app::GuideErrors>> {
    let source = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let load = |path: &str| fs::read_to_string(folder.join(path)).ok();
    Ok(guides.add(&file.display().to_string(), &source, &load))
}
