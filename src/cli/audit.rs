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
    let app = wire::open(place.settings(data)).await?;
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
    for (at, line) in BufReader::new(opened).lines().enumerate() {
        let line = line.with_context(|| format!("line {} cannot be read", at + 1))?;
        match serde_json::from_str(&line) {
            Ok(event) => events.push(event),
            Err(error) => {
                // Lines are events in order from 1, so a line that is none names the first bad sequence.
                println!("{}", at + 1);
                eprintln!("line {} is not an event: {error}", at + 1);
                return Ok(ExitCode::from(2));
            }
        }
    }
    match verify_log(events) {
        Ok(verified) => {
            println!("intact: {} events", verified.head.sequence);
            Ok(ExitCode::SUCCESS)
        }
        Err(broken) => {
            println!("{}", broken.sequence);
            eprintln!("{broken}");
            Ok(ExitCode::from(2))
        }
    }
}
