//! `aizuchi overlaps`: documents that contradict each other or say the same, for a terminal or a knowledge repository's CI.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;

use super::{Place, desk::Desk};
use crate::{
    app::App,
    domain::{Overlap, OverlapKind, Principal, Workspace, WorkspaceId},
    wire,
};

/// `aizuchi overlaps`
#[derive(Args)]
pub(super) struct Overlaps {
    /// Which workspace
    #[arg(long, value_parser = WorkspaceId::parse, default_value = "officelink")]
    workspace: WorkspaceId,
    /// Exit with 1 when two documents contradict each other
    #[arg(long)]
    fail_on_contradiction: bool,
    /// Look at this folder of knowledge in place of an installation
    folder: Option<PathBuf>,
}

impl Overlaps {
    /// Prints each pair with its two sentences; 2 where a part of the folder could not be read.
    pub(super) async fn run(self, place: &Place) -> anyhow::Result<ExitCode> {
        let (desk, whole) = match &self.folder {
            Some(folder) => {
                let desk = Desk::throw_away(place).await?;
                let whole = self.take_in(&desk.app, folder).await?;
                (desk, whole)
            }
            None => (Desk::open(place).await?, true),
        };
        let found = desk.app.overlaps(&Principal::system(), &self.workspace).await?;
        found.iter().for_each(print);
        let contradictions = found.iter().filter(|overlap| overlap.kind() == OverlapKind::Contradiction).count();
        println!("contradictions {contradictions}, duplicates {}", found.len() - contradictions);
        Ok(match (whole, self.fail_on_contradiction && contradictions > 0) {
            (false, _) => ExitCode::from(2),
            (true, true) => ExitCode::from(1),
            (true, false) => ExitCode::SUCCESS,
        })
    }

    async fn take_in(&self, app: &App, folder: &std::path::Path) -> anyhow::Result<bool> {
        let who = Principal::system();
        app.open(&who, Workspace { id: self.workspace.clone(), name: self.workspace.to_string() }).await?;
        let report = app.ingest(&who, &self.workspace, &wire::read_folder(folder)?.source()).await?;
        report.rejected.iter().for_each(|rejected| eprintln!("{rejected}"));
        Ok(report.rejected.is_empty())
    }
}

fn print(overlap: &Overlap) {
    let differences = overlap.differences.iter().map(|difference| {
        let [one, other] = &difference.words;
        format!("  {}: {one} / {other}", difference.measure.as_str())
    });
    println!("{}{}", overlap.kind().as_str(), differences.collect::<String>());
    for side in &overlap.sides {
        println!("    {:<28}  {}", side.key, side.quote.replace('\n', " "));
    }
}
