//! `aizuchi affected`: who was told by words that have changed.

use std::{io::Write as _, process::ExitCode};

use clap::Args;
use serde_json::json;

use super::{Place, desk::Desk};
use crate::domain::{Affected as Reply, Correction, Id, Principal, Verdict, WorkspaceId, name};

/// `aizuchi affected`
#[derive(Args)]
pub(super) struct Affected {
    /// The revision that is no longer held true (rev_...)
    #[arg(value_parser = Id::<name::Revision>::parse, required_unless_present = "document")]
    revision: Option<Id<name::Revision>>,
    /// The last change of this document instead
    #[arg(long, requires = "workspace", conflicts_with = "revision")]
    document: Option<String>,
    /// Of which workspace
    #[arg(long, value_parser = WorkspaceId::parse)]
    workspace: Option<WorkspaceId>,
}

impl Affected {
    /// One JSON line for each sent reply with a claim that the document says otherwise now, or says no more; the sum on standard
    /// error. 1 while somebody was told what is contradicted now, and nothing since.
    pub(super) async fn run(self, place: &Place) -> anyhow::Result<ExitCode> {
        let desk = Desk::open(place).await?;
        let who = Principal::system();
        let revision = match (self.revision, self.document, self.workspace) {
            (Some(revision), ..) => revision,
            (None, Some(key), Some(workspace)) => {
                let history = desk.app.history(&who, &workspace, &key).await?;
                let ended = history.into_iter().find(|revision| revision.recorded_until.is_some());
                ended.ok_or_else(|| anyhow::anyhow!("the document {key} has not changed"))?.id
            }
            _ => anyhow::bail!("say which revision, or which document of which workspace"),
        };
        let sum = desk.app.correction(&who, &revision, print).await?;
        eprintln!("{}", summary(&sum));
        Ok(if sum.open() > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
    }
}

fn print(reply: &Reply) {
    let of_note: Vec<_> = reply.claims.iter().filter(|claim| claim.verdict != Verdict::Supported).collect();
    if of_note.is_empty() {
        return;
    }
    let claims: Vec<_> = of_note
        .into_iter()
        .map(|claim| {
            json!({ "start": claim.span.start, "end": claim.span.end, "text": claim.text, "verdict": claim.verdict,
                "then": claim.then, "now": claim.now })
        })
        .collect();
    let line = json!({ "reply": reply.reply, "inquiry": reply.inquiry, "channel": reply.channel, "sent_at": reply.sent_at,
        "corrected_at": reply.corrected_at, "claims": claims });
    // A reader that has seen enough closes its end.
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn summary(sum: &Correction) -> String {
    let Correction { relied, contradicted, unsupported, lead_times, .. } = sum;
    let hours = |milliseconds: u64| milliseconds as f64 / 3_600_000.0;
    let times = sum.lead_time(50).zip(sum.lead_time(100)).map_or(String::new(), |(half, longest)| {
        format!(", within {:.1} hours (half of them) to {:.1} (the longest)", hours(half), hours(longest))
    });
    format!(
        "{relied} sent replies stand on it: {contradicted} say what is contradicted now, {unsupported} what nothing says any \
         more; {} were set right{times}, {} were not",
        lead_times.len(),
        sum.open()
    )
}
