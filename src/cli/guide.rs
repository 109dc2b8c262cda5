//! `aizuchi guide ...`: a brand owner checks the guide, sees what a change of it would do, and brings word lists along.

use std::{fs, path::PathBuf, process::ExitCode};

use clap::{Subcommand, ValueEnum};

use crate::{
    app::{ExampleFailure, Guides},
    wire,
};

mod import;
mod preview;

/// `aizuchi guide ...`
#[derive(Subcommand)]
pub(super) enum Guide {
    /// Read a guide and run its own examples
    Check {
        /// The guide
        file: PathBuf,
    },
    /// Which findings appear and which disappear on recent replies, before a changed guide is published
    Preview {
        /// The guide in force
        old: PathBuf,
        /// The changed one
        new: PathBuf,
        /// JSON Lines {"id"?,"channel"?,"situation"?,"inquiry"?,"reply"}
        #[arg(long)]
        replies: PathBuf,
        /// How it is written
        #[arg(long, value_enum, default_value_t = Form::Text)]
        format: Form,
    },
    /// Turn a word list into the `words` of a rule: prh.yml, or a table of two columns, from and to
    Import {
        /// The list
        file: PathBuf,
        /// The rule that gets the words
        #[arg(long, default_value = "ng_word")]
        rule: String,
    },
}

/// What reads a preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// Lines for people, `+` for what appears
    Text,
    /// One JSON document
    Json,
}

impl Guide {
    /// 0 when done, 2 for a guide or a list that cannot be used.
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Check { file } => check(&file),
            Self::Preview { old, new, replies, format } => preview::run(&old, &new, &replies, format),
            Self::Import { file, rule } => import::run(&file, &rule),
        }
    }
}

/// Prints what is wrong with its place.
fn check(file: &PathBuf) -> anyhow::Result<ExitCode> {
    let mut guides = Guides::default();
    if let Err(errors) = wire::add_guide(&mut guides, file)? {
        println!("{errors}");
        return Ok(ExitCode::from(2));
    }
    let failures = guides.example_failures();
    let source = fs::read_to_string(file)?;
    for failure in &failures {
        let place = place(&source, failure).map(|(line, column)| format!("{}:{line}:{column}: ", file.display()));
        println!("{}{failure}", place.unwrap_or_default());
        println!("  hint: {}", hint(failure));
    }
    if failures.is_empty() {
        println!("{}: the guide is sound and its examples hold", file.display());
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::from(2))
}

/// Where the example stands in the file itself; an example of a guide that it extends has no place there.
fn place(source: &str, failure: &ExampleFailure) -> Option<(usize, usize)> {
    let at = source.find(&failure.example)?;
    let line = source[..at].matches('\n').count() + 1;
    let column = source[..at].rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Some((line, column))
}

fn hint(failure: &ExampleFailure) -> &'static str {
    if failure.flagged {
        "name the expression under `except` or `allow`, or take the sentence out of `good`"
    } else {
        "write what the rule should find under `words`, or take the sentence out of `bad`"
    }
}
