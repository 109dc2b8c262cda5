//! `aizuchi audit replay`: one line a draft.

use std::{
    io::{Write as _, stdout},
    process::ExitCode,
};

use serde::Serialize;
use serde_json::Value;

use crate::{
    app::{App, Difference, Replay},
    domain::{Id, Principal, WorkspaceId, name},
};

/// What is told of one draft and stops nothing.
const GOES_ON: [&str; 4] = ["draft-not-found", "draft-not-replayable", "erased", "index-unavailable"];

#[derive(Serialize)]
struct Line<'a> {
    draft: &'a Id<name::Draft>,
    identical: bool,
    build_then: &'a str,
    build_now: &'a str,
    differences: Vec<Place>,
}

#[derive(Serialize)]
struct Place {
    pointer: String,
    then: Option<Value>,
    now: Option<Value>,
}

#[derive(Serialize)]
struct Failed<'a> {
    draft: &'a Id<name::Draft>,
    error: String,
}

/// Replays the drafts in their order. 0: all are as they were; 1: some are not; 2: some could not be made again.
pub(super) async fn run(
    app: &App,
    drafts: Vec<Id<name::Draft>>,
    workspace: Option<WorkspaceId>,
    live: bool,
) -> anyhow::Result<ExitCode> {
    let who = Principal::system();
    let drafts = match workspace {
        Some(workspace) => app.drafts(&who, &workspace).await?,
        None => drafts,
    };
    let (mut same, mut failed) = (0, 0);
    for draft in &drafts {
        let replayed = match live {
            true => app.replay_live(&who, draft).await,
            false => app.replay(&who, draft).await,
        };
        let line = match replayed {
            Ok(replay) => {
                same += usize::from(replay.differences.is_empty());
                line(draft, replay)?
            }
            // One that cannot be made again does not keep the others back: its words may have been erased.
            Err(error) if GOES_ON.contains(&error.code()) => {
                failed += 1;
                serde_json::to_string(&Failed { draft, error: error.to_string() })?
            }
            Err(error) => return Err(error.into()),
        };
        writeln!(stdout(), "{line}")?;
    }
    eprintln!("{same} of {} are as they were", drafts.len());
    Ok(match (failed, same == drafts.len()) {
        (0, true) => ExitCode::SUCCESS,
        (0, false) => ExitCode::from(1),
        _ => ExitCode::from(2),
    })
}

fn line(draft: &Id<name::Draft>, replay: Replay) -> anyhow::Result<String> {
    let Replay { differences, build_then, build_now, .. } = replay;
    let place = |Difference { pointer, then, now }: Difference| Place { pointer, then, now };
    let differences: Vec<Place> = differences.into_iter().map(place).collect();
    let identical = differences.is_empty();
    Ok(serde_json::to_string(&Line { draft, identical, build_then: &build_then, build_now, differences })?)
}
