//! `audit export` and `audit verify`.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Write as _, stdout},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Subcommand;

use super::Place;
use crate::{
    app::verify_log,
    domain::{Principal, WorkspaceId},
    wire,
};

/// How many events are read at a time.
const PAGE: usize = 500;

/// `aizuchi audit ...`
#[derive(Subcommand)]
pub(super) enum Audit {
    /// Write a workspace's log to standard output as JSON Lines
    Export {
        /// Which workspace
        #[arg(long, value_parser = WorkspaceId::parse)]
        workspace: WorkspaceId,
    },
    /// Check that an exported log is whole: 0 when it is, else the first bad sequence number
    Verify {
        /// The export
        file: PathBuf,
    },
}

impl Audit {
    /// Exports or verifies.
    pub(super) async fn run(self, place: &Place) -> anyhow::Result<ExitCode> {
        match self {
            Self::Export { workspace } => export(place, &workspace).await,
            Self::Verify { file } => verify(&file),
        }
    }
}

async fn export(place: &Place, workspace: &WorkspaceId) -> anyhow::Result<ExitCode> {
    let data = place.data.clone().context("say where the installation is: --data DIR")?;
    let app = wire::open(place.settings(data)?).await?;
    let (mut after, mut out) = (0, stdout().lock());
    loop {
        let page = app.events(&Principal::system(), workspace, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.sequence;
        for event in &page {
            serde_json::to_writer(&mut out, event)?;
            out.write_all(b"\n")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn verify(file: &std::path::Path) -> anyhow::Result<ExitCode> {
    let opened = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let mut events = Vec::new();
    let mut unreadable = None;
    for line in BufReader::new(opened).split(b'\n') {
        let line = line.with_context(|| format!("{} cannot be read", file.display()))?;
        match serde_json::from_slice(&line) {
            Ok(event) => events.push(event),
            Err(error) => {
                unreadable = Some(error.to_string());
                break;
            }
        }
    }
    let read = events.len() as u64;
    // What stands before an unreadable line is verified first: the first bad sequence is the answer.
    let (sequence, reason) = match (verify_log(events), unreadable) {
        (Err(broken), _) => (broken.sequence, broken.to_string()),
        (Ok(_), Some(error)) => (read + 1, format!("the line is not an event: {error}")),
        (Ok(verified), None) => {
            println!("intact: {} events", verified.head.sequence);
            return Ok(ExitCode::SUCCESS);
        }
    };
    println!("{sequence}");
    eprintln!("{reason}");
    Ok(ExitCode::from(2))
}
