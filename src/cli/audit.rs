//! `aizuchi audit`: out of the house, verified, taken up again.

mod replay;

use std::{
    fs::{self, File},
    io::{BufReader, Write as _, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, anyhow};
use clap::Subcommand;
use serde::{Deserialize, Serialize};

use super::Place;
use crate::{
    app::{App, Pins, Proof, VerifierKey, included, verify_log},
    domain::{Id, Principal, WorkspaceId, name},
    wire,
};

/// `aizuchi audit ...`
#[derive(Subcommand)]
pub(super) enum Audit {
    /// Write a workspace's log with its signed checkpoints to standard output as JSON Lines
    Export {
        /// Which workspace
        #[arg(long, value_parser = WorkspaceId::parse)]
        workspace: WorkspaceId,
    },
    /// Check that an exported log is whole: 0 when it is, else the first bad sequence number
    Verify {
        /// The export
        file: PathBuf,
        /// The public key that `audit key` showed; without it the export's own is believed
        #[arg(long)]
        key: Option<String>,
        /// Checkpoints that were kept elsewhere: a file of lines {"checkpoint":...}
        #[arg(long)]
        checkpoints: Option<PathBuf>,
    },
    /// Print, for each event that names a draft, what shows that it is in the signed log, and nothing else of the log
    Prove {
        /// Which workspace
        #[arg(long, value_parser = WorkspaceId::parse)]
        workspace: WorkspaceId,
        /// The draft (drf_...)
        #[arg(long, value_parser = Id::<name::Draft>::parse)]
        draft: Id<name::Draft>,
    },
    /// Check what `audit prove` printed: 0 when each event is in a log that the key signed
    VerifyProof {
        /// What it printed
        file: PathBuf,
        /// The public key that `audit key` showed
        #[arg(long)]
        key: String,
    },
    /// Make drafts again as they were made once and compare them with the record: a line each, 0 when all are the same
    Replay {
        /// The drafts (drf_...)
        #[arg(value_parser = Id::<name::Draft>::parse, required_unless_present = "workspace")]
        drafts: Vec<Id<name::Draft>>,
        /// Every draft of a workspace instead
        #[arg(long, value_parser = WorkspaceId::parse, conflicts_with = "drafts")]
        workspace: Option<WorkspaceId>,
        /// Ask the models that are there now, and show what they would say today; that is recorded
        #[arg(long)]
        live: bool,
    },
    /// Print the public key that signs this installation's checkpoints
    Key,
    /// Go on signing a log that does not extend the checkpoint kept beside the store: an old backup was restored
    Resume {
        /// Which workspace
        #[arg(long, value_parser = WorkspaceId::parse)]
        workspace: WorkspaceId,
    },
}

impl Audit {
    /// Does it.
    pub(super) async fn run(self, place: &Place) -> anyhow::Result<ExitCode> {
        match self {
            Self::Export { workspace } => export(place, &workspace).await,
            Self::Verify { file, key, checkpoints } => verify(&file, key.as_deref(), checkpoints.as_deref()),
            Self::Prove { workspace, draft } => prove(place, &workspace, &draft).await,
            Self::VerifyProof { file, key } => verify_proof(&file, &key),
            Self::Replay { drafts, workspace, live } => replay::run(&open(place).await?, drafts, workspace, live).await,
            Self::Key => {
                println!("{}", open(place).await?.audit_key());
                Ok(ExitCode::SUCCESS)
            }
            Self::Resume { workspace } => resume(place, &workspace).await,
        }
    }
}

async fn open(place: &Place) -> anyhow::Result<App> {
    let data = place.data.clone().context("say where the installation is: --data DIR")?;
    wire::open(place.settings(data)?).await
}

async fn export(place: &Place, workspace: &WorkspaceId) -> anyhow::Result<ExitCode> {
    let app = open(place).await?;
    let mut export = app.export(&Principal::system(), workspace).await?;
    let mut out = stdout().lock();
    writeln!(out, "{}", export.head)?;
    loop {
        let lines = export.next().await?;
        if lines.is_empty() {
            return Ok(ExitCode::SUCCESS);
        }
        for line in lines {
            writeln!(out, "{line}")?;
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    checkpoint: String,
}

fn verify(file: &Path, key: Option<&str>, kept: Option<&Path>) -> anyhow::Result<ExitCode> {
    let opened = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let read = |key: &str| {
        VerifierKey::parse(key).ok_or_else(|| anyhow!("expected a key as `audit key` prints it: name+id+key"))
    };
    let pins =
        Pins { key: key.map(read).transpose()?, checkpoints: kept.map(checkpoints).transpose()?.unwrap_or_default() };
    match verify_log(BufReader::new(opened), &pins) {
        Ok(verified) => {
            println!("intact: {} events of {}, signed by {}", verified.events, verified.workspace, verified.key);
            if pins.key.is_none() {
                eprintln!("the key is the export's own: compare it with the one that the server's keeper gave you");
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(broken) => {
            println!("{}", broken.sequence);
            eprintln!("{broken}");
            Ok(ExitCode::from(2))
        }
    }
}

/// The checkpoints of a file; a last line that was cut short by a kill is none.
fn checkpoints(file: &Path) -> anyhow::Result<Vec<String>> {
    let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let whole = text.split_inclusive('\n').filter(|line| line.ends_with('\n')).enumerate();
    let read = |(at, line): (usize, &str)| {
        let kept = serde_json::from_str::<Kept>(line).with_context(|| format!("{} line {}", file.display(), at + 1));
        kept.map(|kept| kept.checkpoint)
    };
    whole.map(read).collect()
}

/// What `audit prove` prints, and `GET /v1/audit/drafts/{id}/proof` answers.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Proofs {
    items: Vec<Proof>,
}

async fn prove(place: &Place, workspace: &WorkspaceId, draft: &Id<name::Draft>) -> anyhow::Result<ExitCode> {
    let items = open(place).await?.prove(&Principal::system(), workspace, draft).await?;
    writeln!(stdout(), "{}", serde_json::to_string_pretty(&Proofs { items })?)?;
    Ok(ExitCode::SUCCESS)
}

fn verify_proof(file: &Path, key: &str) -> anyhow::Result<ExitCode> {
    let key = VerifierKey::parse(key).ok_or_else(|| anyhow!("expected a key as `audit key` prints it: name+id+key"))?;
    let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let proofs: Proofs = serde_json::from_str(&text).with_context(|| format!("{} is no proof", file.display()))?;
    anyhow::ensure!(!proofs.items.is_empty(), "{} holds no proof", file.display());
    for proof in proofs.items {
        let place = || format!("{} event {}", file.display(), proof.sequence);
        let index = proof.sequence.checked_sub(1).with_context(place)?;
        let proven = included(&proof.content, index, &proof.path, &proof.checkpoint, &key);
        proven.map_err(|said| anyhow!(said)).with_context(place)?;
        println!("proven: event {} of {}", proof.sequence, proof.checkpoint.lines().next().unwrap_or_default());
    }
    Ok(ExitCode::SUCCESS)
}

async fn resume(place: &Place, workspace: &WorkspaceId) -> anyhow::Result<ExitCode> {
    match open(place).await?.resume_log(&Principal::system(), workspace).await? {
        Some(kept) => {
            println!("resumed: checkpoints up to event {kept} were of a log that is lost, and are kept aside")
        }
        None => println!("nothing to resume: the log extends the checkpoint that was kept"),
    }
    Ok(ExitCode::SUCCESS)
}
