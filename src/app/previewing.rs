//! What a change of documents would do before it is made: what it changes, who was told what would no longer be so, and which
//! other documents would say otherwise.

use std::{collections::HashMap, sync::Arc};

use super::{App, AppError, Fulfilled};
use crate::{
    domain::{
        Affected, Id, Inquiry, NewRevision, Overlap, OverlapKind, Principal, Proposal, Revision, Timestamp, Verdict,
        Wish, WorkspaceId, name,
    },
    grounding,
    identity::Act,
    pipeline::{affected::Changed, ingest},
};

/// What a change would do.
#[derive(Debug)]
pub struct Preview {
    /// The revisions that would end.
    pub old: Vec<Revision>,
    /// The words that would hold; `None` where a document is retired.
    pub new: Option<NewRevision>,
    /// What the replies of the last [`App::LOOKED_BACK_DAYS`] days would be.
    pub told: Told,
    /// Where other documents would say otherwise, or the same.
    pub overlaps: Vec<Overlap>,
    /// When it was looked at.
    pub now: Timestamp,
}

/// Replies that stand on what would end.
#[derive(Debug, Default)]
pub struct Told {
    /// Their claims are still so.
    pub still: usize,
    /// A claim of theirs is said nowhere any more.
    pub unsaid: usize,
    /// A claim of theirs would be false.
    pub wrong: usize,
    /// The last of those that would be false, then of those that are said nowhere.
    pub first: Vec<(Affected, Option<Inquiry>)>,
}

/// What became of a change that was looked at before.
#[derive(Debug)]
pub enum Saved {
    /// It is so, or it waits.
    Done(Fulfilled),
    /// Nothing was done: the document has other words than those that were looked at.
    Overtaken,
}

impl Preview {
    /// Names the words that would end, so that one can tell whether they are still the same.
    pub fn seen(&self) -> String {
        seen(self.old.iter().map(|old| &old.id))
    }

    /// How many times another document would say otherwise.
    pub fn contradictions(&self) -> usize {
        self.overlaps.iter().filter(|overlap| overlap.kind() == OverlapKind::Contradiction).count()
    }
}

impl Told {
    /// How many stand on what would end.
    pub fn all(&self) -> usize {
        self.still + self.unsaid + self.wrong
    }
}

/// How many replies are read at a time.
const PAGE: usize = 1_000;
/// So many replies are shown one by one.
const SHOWN: usize = 3;

impl App {
    /// So far back one looks for replies: what was said before concerns hardly anybody.
    pub const LOOKED_BACK_DAYS: i64 = 90;

    /// What a change would do, as the documents are now.
    pub async fn preview(&self, who: &Principal, workspace: &WorkspaceId, wish: &Wish) -> Result<Preview, AppError> {
        self.permit(who, workspace, Act::ReadInternal)?;
        self.desk(workspace).await?;
        let change = ingest::fulfil(&self.world, workspace, wish).await??;
        let mut held = self.world.shelf.revisions(workspace).await?;
        let (old, rest): (Vec<_>, Vec<_>) = held.drain(..).partition(|one| change.retired.contains(&one.id));
        let (new, now) = (change.added.into_iter().next(), self.world.clock.now());
        let told = self.told(workspace, &old, new.as_ref(), now).await?;
        let overlaps = match new.clone() {
            Some(new) => overlaps_with(rest, new, now).await?,
            None => Vec::new(),
        };
        Ok(Preview { old, new: new.map(|new| new.content), told, overlaps, now })
    }

    /// A proposal that waits, with what a yes would do; the preview is missing where it cannot be made any more.
    pub async fn proposal(
        &self,
        who: &Principal,
        id: &Id<name::Proposal>,
    ) -> Result<(Proposal, Result<Preview, AppError>), AppError> {
        let workspace = self.permit_on(who, "proposal", id, Act::ReadInternal).await?;
        let waiting = self.world.shelf.proposals(&workspace).await?;
        let proposal = waiting.into_iter().find(|proposal| proposal.id == *id).ok_or(AppError::ProposalDecided)?;
        let preview = self.preview(who, &workspace, &proposal.wish).await;
        match preview {
            Err(error) if !matches!(error, AppError::Wish(_)) => Err(error),
            preview => Ok((proposal, preview)),
        }
    }

    /// Makes a change that was looked at, or proposes it, unless somebody changed the document since: `looked_at` is what
    /// [`Preview::seen`] said.
    pub async fn save(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        wish: Wish,
        looked_at: &str,
    ) -> Result<Saved, AppError> {
        self.permit(who, workspace, Act::Propose)?;
        self.desk(workspace).await?;
        let change = ingest::fulfil(&self.world, workspace, &wish).await??;
        if seen(change.retired.iter()) != looked_at {
            return Ok(Saved::Overtaken);
        }
        Ok(Saved::Done(self.wish(who, workspace, wish, None).await?))
    }

    async fn told(
        &self,
        workspace: &WorkspaceId,
        old: &[Revision],
        new: Option<&Revision>,
        now: Timestamp,
    ) -> Result<Told, AppError> {
        let successors: Vec<&Revision> = new.into_iter().collect();
        let (mut told, mut wrong, mut unsaid) = (Told::default(), Vec::new(), Vec::new());
        for revision in old {
            let changed = Arc::new(Changed::new(revision, &successors, HashMap::new()));
            let mut behind = Some(before(now));
            loop {
                let relying = self.world.reliances.relying_on(workspace, &revision.id, behind.as_ref(), PAGE).await?;
                let Some(last) = relying.last() else { break };
                behind = Some(last.reply.id.clone());
                for affected in self.compared(&changed, relying).await? {
                    if affected.has(Verdict::Contradicted) {
                        told.wrong += 1;
                        wrong.push(affected);
                    } else if affected.has(Verdict::Unsupported) {
                        told.unsaid += 1;
                        unsaid.push(affected);
                    } else {
                        told.still += 1;
                    }
                }
            }
        }
        for affected in wrong.into_iter().rev().chain(unsaid.into_iter().rev()).take(SHOWN) {
            let inquiry = match &affected.inquiry {
                Some(inquiry) => self.world.cases.inquiry(workspace, inquiry).await?,
                None => None,
            };
            told.first.push((affected, inquiry));
        }
        Ok(told)
    }
}

fn seen<'a>(ends: impl Iterator<Item = &'a Id<name::Revision>>) -> String {
    let mut ends: Vec<&str> = ends.map(Id::as_str).collect();
    ends.sort_unstable();
    ends.join(",")
}

/// The id behind which the replies stand that were recorded in the days one looks back: ids begin with their moment.
fn before(now: Timestamp) -> Id<name::Reply> {
    let millis = now.0.saturating_sub(App::LOOKED_BACK_DAYS * 86_400_000);
    Id::from_uuid(uuid::Uuid::from_u128(u128::from(millis.unsigned_abs()) << 80))
}

async fn overlaps_with(mut held: Vec<Revision>, new: Revision, now: Timestamp) -> Result<Vec<Overlap>, AppError> {
    let id = new.id.clone();
    held.push(new);
    // Seconds for ten thousand documents: other requests go on meanwhile.
    let found = tokio::task::spawn_blocking(move || grounding::overlaps(&held, now.day())).await;
    let mut found = found.map_err(|_| AppError::Panicked)?;
    found.retain(|overlap| overlap.sides.iter().any(|side| side.revision == id));
    Ok(found)
}
