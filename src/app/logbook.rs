//! The audit log as people read it: the last events first, one draft's from the first to the last, and whether they are
//! what was written.

use std::{
    collections::{BTreeSet, HashMap},
    io::BufReader,
};

use serde_json::Value;

use super::{App, AppError, DraftRecord, inbox::title, sources::Source};
use crate::{
    audit::Checkpoint,
    domain::{EventFilter, Id, Principal, Revision, Timestamp, WorkspaceId, name},
    identity::Act,
    ports::{Conflict, Event, StoreError},
    verifier::{Broken, Pins, VerifierKey, included, verify},
};

/// An event as it was written, taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its place in the log.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// What happened, e.g. `draft.suggested`.
    pub kind: String,
    /// Who did it.
    pub principal: String,
    /// Ids, counts and stable words.
    pub refs: Value,
    /// The event itself.
    pub event: Event,
}

/// The whole record of a draft, with what shows that it is the one that was written.
#[derive(Debug)]
pub struct ReadRecord {
    /// The first sentence of the inquiry that says something.
    pub title: String,
    /// What was recorded.
    pub record: DraftRecord,
    /// Its events, taken apart.
    pub entries: Vec<Entry>,
    /// What its evidence was cut from, as far as it is kept.
    pub sources: Vec<Source>,
    /// The guide of then, as far as it is kept.
    pub guide: Option<Revision>,
    /// Whether the log vouches for it.
    pub vouched: Vouched,
    /// When it was read.
    pub now: Timestamp,
}

/// What the signed log says of a draft's events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vouched {
    /// So many of them are in it as they are shown, and it has so many events.
    Yes {
        /// Of the draft.
        events: usize,
        /// Of the log.
        of: u64,
    },
    /// This one is not in it as it is shown.
    No(u64),
    /// The log itself does not extend the checkpoint that was kept.
    Forked,
}

/// Whether the whole log is what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogCheck {
    /// Every event, from the first to the last, agrees with its neighbours and every signature.
    Whole {
        /// How many events.
        events: u64,
        /// How many signed checkpoints.
        checkpoints: u64,
        /// Whether a checkpoint that was kept outside the store agrees with it.
        kept: bool,
    },
    /// This is the first place where it is not.
    Broken(Broken),
    /// It does not extend the checkpoint that was kept outside the store.
    Forked,
}

impl Entry {
    pub(super) fn read(event: Event) -> Self {
        let mut content: Value = serde_json::from_str(&event.content).unwrap_or_default();
        let text = |pointer: &str| content.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (at, kind, principal) = (text("/at"), text("/type"), text("/principal/id"));
        let at = Timestamp::parse(&at).unwrap_or(Timestamp(0));
        Self { sequence: event.sequence, at, kind, principal, refs: content["refs"].take(), event }
    }

    /// A word or an id that it says.
    pub fn word(&self, key: &str) -> Option<&str> {
        self.refs.get(key).and_then(Value::as_str)
    }

    /// A number that it says.
    pub fn number(&self, pointer: &str) -> u64 {
        self.refs.pointer(pointer).and_then(Value::as_u64).unwrap_or_default()
    }

    /// The inquiry that it names.
    pub fn inquiry(&self) -> Option<&str> {
        let replied = self.refs.pointer("/reply/inquiry").and_then(Value::as_str);
        self.word("inquiry").or(replied)
    }

    /// How many things it lists.
    pub fn count(&self, pointer: &str) -> usize {
        self.refs.pointer(pointer).and_then(Value::as_array).map_or(0, Vec::len)
    }
}

impl App {
    /// The last events of the log that fit a filter, the last first; before a sequence number, if one is named.
    pub async fn last_events(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        filter: &EventFilter,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Entry>, AppError> {
        self.permit(who, workspace, Act::Audit)?;
        self.desk(workspace).await?;
        let events = self.world.trail.last_events(workspace, filter, before, limit).await?;
        Ok(events.into_iter().map(Entry::read).collect())
    }

    /// Everybody who ever did something that the log tells, by their ids.
    pub async fn principals(&self, who: &Principal, workspace: &WorkspaceId) -> Result<Vec<String>, AppError> {
        self.permit(who, workspace, Act::Audit)?;
        Ok(self.world.trail.principals(workspace).await?)
    }

    /// What the inquiries are about that events name, by the numbers of the events; of erased ones nothing.
    pub async fn matters(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        entries: &[Entry],
    ) -> Result<HashMap<u64, String>, AppError> {
        self.permit(who, workspace, Act::Audit)?;
        // A draft that was not used led to no reply: its own suggestion names the inquiry.
        let named = |entry: &'_ Entry| entry.inquiry().or(entry.word("draft")).map(str::to_owned);
        let all: BTreeSet<String> = entries.iter().filter_map(named).collect();
        let mut known = HashMap::new();
        for id in all {
            let matter = self.matter(workspace, &id).await?;
            known.extend(matter.map(|matter| (id, matter)));
        }
        let of = |entry: &Entry| Some((entry.sequence, known.get(&named(entry)?)?.clone()));
        Ok(entries.iter().filter_map(of).collect())
    }

    /// What an inquiry, or the one of a draft, is about.
    async fn matter(&self, workspace: &WorkspaceId, named: &str) -> Result<Option<String>, AppError> {
        let cases = &self.world.cases;
        let found = match (Id::<name::Inquiry>::parse(named), Id::<name::Draft>::parse(named)) {
            (Ok(inquiry), _) => cases.inquiry(workspace, &inquiry).await,
            (_, Ok(draft)) => {
                cases.suggestion_of(workspace, &draft).await.map(|found| found.map(|(made, _)| made.inquiry))
            }
            _ => return Ok(None),
        };
        match found {
            Err(StoreError::Erased) => Ok(None),
            found => Ok(found?.map(|inquiry| title(inquiry.text.as_str()).0)),
        }
    }

    /// The draft that an id leads to: its own, or the last of an inquiry or a suggestion.
    pub async fn draft_of(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        id: &str,
    ) -> Result<Option<Id<name::Draft>>, AppError> {
        self.permit(who, workspace, Act::Audit)?;
        if self.world.cases.workspace_of(id).await?.as_ref() != Some(workspace) {
            return Ok(None);
        }
        if let Ok(draft) = Id::<name::Draft>::parse(id) {
            return Ok(Some(draft));
        }
        let found = match (Id::<name::Inquiry>::parse(id), Id::<name::Suggestion>::parse(id)) {
            (Ok(inquiry), _) => self.world.cases.suggestion_for(workspace, &inquiry).await,
            (_, Ok(suggestion)) => self.world.cases.suggestion(workspace, &suggestion).await,
            _ => Ok(None),
        };
        // The events that name it are there all the same.
        let found = if let Err(StoreError::Erased) = found { None } else { found? };
        Ok(found.and_then(|suggestion| suggestion.draft).map(|draft| draft.id))
    }

    /// The whole record of a draft, for people.
    pub(super) async fn whole_record(&self, who: &Principal, draft: &Id<name::Draft>) -> Result<ReadRecord, AppError> {
        let mut record = self.draft_record(who, draft).await?;
        let workspace = record.suggestion.inquiry.workspace.clone();
        let vouched = self.vouched(who, &workspace, draft).await?;
        let guide = match &record.suggestion.guide {
            Some(guide) => self.kept_revision(&workspace, guide).await?,
            None => None,
        };
        Ok(ReadRecord {
            title: title(record.suggestion.inquiry.text.as_str()).0,
            entries: std::mem::take(&mut record.events).into_iter().map(Entry::read).collect(),
            sources: self.sources(&workspace, &record.suggestion).await?,
            now: self.world.clock.now(),
            guide,
            vouched,
            record,
        })
    }

    pub(super) async fn vouched(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        draft: &Id<name::Draft>,
    ) -> Result<Vouched, AppError> {
        let proofs = match self.prove(who, workspace, draft).await {
            Ok(proofs) => proofs,
            Err(AppError::Store(StoreError::Conflict(Conflict::Forked { .. }))) => return Ok(Vouched::Forked),
            Err(error) => return Err(error),
        };
        let Some(key) = VerifierKey::parse(&self.audit_key()) else { return Ok(Vouched::Forked) };
        let is_bad = |proof: &&super::Proof| {
            included(&proof.content, proof.sequence.saturating_sub(1), &proof.path, &proof.checkpoint, &key).is_err()
        };
        if let Some(bad) = proofs.iter().find(is_bad) {
            return Ok(Vouched::No(bad.sequence));
        }
        let of = proofs.last().and_then(|proof| Checkpoint::of_note(&proof.checkpoint)).map_or(0, |signed| signed.size);
        Ok(Vouched::Yes { events: proofs.len(), of })
    }

    /// Whether the log is what was written, event by event: chain, signed checkpoints, and the one that was kept outside.
    pub async fn verify(&self, who: &Principal, workspace: &WorkspaceId) -> Result<LogCheck, AppError> {
        let mut export = match self.export(who, workspace).await {
            Ok(export) => export,
            Err(AppError::Store(StoreError::Conflict(Conflict::Forked { .. }))) => return Ok(LogCheck::Forked),
            Err(error) => return Err(error),
        };
        let kept = self.world.trail.kept(workspace).await?;
        let pins = Pins { key: VerifierKey::parse(&self.audit_key()), checkpoints: kept.into_iter().collect() };
        let (mut lines, mut checkpoints) = (export.head.clone().into_bytes(), 0);
        lines.push(b'\n');
        loop {
            let page = export.next().await?;
            if page.is_empty() {
                break;
            }
            for line in page {
                checkpoints += u64::from(line.starts_with("{\"checkpoint\""));
                lines.extend_from_slice(line.as_bytes());
                lines.push(b'\n');
            }
        }
        // A long log is a second of hashing: other requests go on meanwhile.
        let verifying = tokio::task::spawn_blocking(move || verify(BufReader::new(lines.as_slice()), &pins));
        Ok(match verifying.await.map_err(|_| AppError::Panicked)? {
            Ok(whole) => LogCheck::Whole { events: whole.events, checkpoints, kept: whole.kept > 0 },
            Err(broken) => LogCheck::Broken(broken),
        })
    }

    /// Under which number a suggestion stands in the audit log. The number is no secret: it says nothing.
    pub async fn recorded_as(&self, who: &Principal, id: &Id<name::Suggestion>) -> Result<Option<u64>, AppError> {
        let workspace = self.permit_on(who, "suggestion", id, Act::Read).await?;
        let filter = EventFilter {
            of: Some("draft.suggested".to_owned()),
            naming: Some(id.to_string()),
            ..EventFilter::default()
        };
        let events = self.world.trail.last_events(&workspace, &filter, None, 1).await?;
        Ok(events.first().map(|event| event.sequence))
    }

    /// A revision; `None` also where its words were erased.
    async fn kept_revision(
        &self,
        workspace: &WorkspaceId,
        id: &Id<name::Revision>,
    ) -> Result<Option<Revision>, AppError> {
        match self.world.shelf.revision(workspace, id).await {
            Err(StoreError::Erased) => Ok(None),
            found => Ok(found?),
        }
    }
}
