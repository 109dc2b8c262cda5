//! The audit log: read, signed, taken out of the house, and taken up again after a loss.

use serde::Serialize;

use super::{App, AppError};
use crate::{
    audit::Checkpoint,
    domain::{EventFilter, Id, Principal, What, WorkspaceId, name},
    identity::Act,
    ports::{Conflict, Signed, StoreError},
    verifier,
};

pub use crate::{
    ports::{Event, Proof},
    verifier::{Broken, Pins, Verified, VerifierKey, included},
};

/// How many events an export reads at a time.
const PAGE: usize = 500;
/// More events than this do not name one draft.
const MAX_OF_DRAFT: usize = 100;

/// A log on its way out, as the lines that `verifier/` describes.
pub struct Export {
    app: App,
    workspace: WorkspaceId,
    /// The first line.
    pub head: String,
    end: u64,
    after: u64,
}

#[derive(Serialize)]
struct Head<'a> {
    format: u64,
    key: &'a str,
    events: u64,
    checkpoints: u64,
    checkpoint: &'a str,
}

#[derive(Serialize)]
struct Line<'a> {
    checkpoint: &'a str,
}

impl App {
    /// Events of the log after a sequence number, as far as they fit a filter.
    pub async fn events(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        filter: &EventFilter,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Event>, AppError> {
        self.permit(who, workspace, Act::Audit)?;
        self.desk(workspace).await?;
        Ok(self.world.trail.events(workspace, filter, after, limit).await?)
    }

    /// The public key that signs checkpoints.
    pub fn audit_key(&self) -> String {
        self.world.trail.signing_key()
    }

    /// The checkpoint over all that the log holds now.
    pub async fn checkpoint(&self, who: &Principal, workspace: &WorkspaceId) -> Result<Option<Signed>, AppError> {
        self.permit(who, workspace, Act::Audit)?;
        self.desk(workspace).await?;
        Ok(self.world.trail.checkpoint(workspace).await?)
    }

    /// The signed checkpoints of a log, in pages.
    pub async fn checkpoints(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Signed>, AppError> {
        self.permit(who, workspace, Act::Audit)?;
        self.desk(workspace).await?;
        Ok(self.world.trail.checkpoints(workspace, after, limit).await?)
    }

    /// The whole log as it is now, for whoever verifies it elsewhere.
    pub async fn export(&self, who: &Principal, workspace: &WorkspaceId) -> Result<Export, AppError> {
        let signed = self.checkpoint(who, workspace).await?;
        let nothing = || AppError::NoSuchWorkspace { id: workspace.to_string() };
        let Signed { size, note, .. } = signed.ok_or_else(nothing)?;
        let checkpoints = self.world.trail.count_checkpoints(workspace, size).await?;
        let key = self.audit_key();
        let head = json(&Head { format: 1, key: &key, events: size, checkpoints, checkpoint: &note });
        Ok(Export { app: self.clone(), workspace: workspace.clone(), head, end: size, after: 0 })
    }

    /// For each event that names a draft, what shows that it is in the signed log: it can be given to a client without
    /// showing anything else.
    pub async fn prove(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        draft: &Id<name::Draft>,
    ) -> Result<Vec<Proof>, AppError> {
        self.permit(who, workspace, Act::Audit)?;
        self.desk(workspace).await?;
        let mut proofs = Vec::new();
        let filter =
            EventFilter { of: Some("draft".to_owned()), naming: Some(draft.to_string()), ..EventFilter::default() };
        for event in self.world.trail.events(workspace, &filter, 0, MAX_OF_DRAFT).await? {
            proofs.extend(self.world.trail.proof(workspace, event.sequence).await?);
        }
        match proofs.is_empty() {
            true => Err(AppError::NoSuch { what: "draft", id: draft.to_string() }),
            false => Ok(proofs),
        }
    }

    /// Goes on signing a log that does not extend the checkpoint that was kept: somebody knows that an old backup was
    /// restored. The loss becomes an event; the checkpoints of what was lost stay, out of the way. How many events it was.
    pub async fn resume_log(&self, who: &Principal, workspace: &WorkspaceId) -> Result<Option<u64>, AppError> {
        self.permit(who, workspace, Act::Administer)?;
        self.desk(workspace).await?;
        match self.world.trail.checkpoint(workspace).await {
            Ok(_) => return Ok(None),
            Err(StoreError::Conflict(Conflict::Forked { .. })) => {}
            Err(error) => return Err(error.into()),
        }
        let note = self.world.trail.kept(workspace).await?.unwrap_or_default();
        let kept = Checkpoint::of_note(&note).map_or(0, |kept| kept.size);
        self.record(who, workspace, What::LogResumed { kept, note }).await?;
        self.world.trail.checkpoint(workspace).await?;
        Ok(Some(kept))
    }
}

impl Export {
    /// The next lines; empty at the end.
    pub async fn next(&mut self) -> Result<Vec<String>, AppError> {
        let trail = &self.app.world.trail;
        let mut events = trail.events(&self.workspace, &EventFilter::default(), self.after, PAGE).await?;
        events.retain(|event| event.sequence <= self.end);
        let Some(last) = events.last().map(|event| event.sequence) else { return Ok(Vec::new()) };
        let mut checkpoints = trail.checkpoints(&self.workspace, self.after, PAGE).await?.into_iter().peekable();
        let mut lines = Vec::with_capacity(events.len());
        for event in &events {
            lines.push(json(event));
            while let Some(signed) = checkpoints.next_if(|signed| signed.size == event.sequence) {
                lines.push(json(&Line { checkpoint: &signed.note }));
            }
        }
        self.after = last;
        Ok(lines)
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("a line of an export is JSON")
}

/// Whether an exported log is whole.
pub fn verify_log(export: impl std::io::BufRead, pins: &Pins) -> Result<Verified, Broken> {
    verifier::verify(export, pins)
}
