//! Who was told by words that have changed: every sent reply that stands on a revision, what the document says of it now, and
//! how long the corrections took.

use std::{sync::Arc, thread};

use futures_util::future::try_join_all;

use super::{App, AppError};
use crate::{
    domain::{Affected, Correction, Id, Principal, Revision, WorkspaceId, name},
    identity::Act,
    pipeline::affected::{Changed, successors},
    ports::Relying,
};

/// How many replies are read at a time when all of them are looked at.
const PAGE: usize = 1_000;

/// Some of the replies that stand on a revision.
#[derive(Debug)]
pub struct AffectedPage {
    /// What holds in its place now; empty where the document was retired.
    pub successors: Vec<Id<name::Revision>>,
    /// The replies, by their ids.
    pub items: Vec<Affected>,
    /// The last of them, where there are more.
    pub next: Option<Id<name::Reply>>,
}

impl App {
    /// All revisions of a document, the newest first.
    pub async fn history(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        key: &str,
    ) -> Result<Vec<Revision>, AppError> {
        self.permit(who, workspace, Act::ReadInternal)?;
        self.desk(workspace).await?;
        Ok(self.world.reliances.history(workspace, key).await?)
    }

    /// Sent replies that stand on a revision, those behind one, each claim compared with the document as it is now.
    pub async fn affected(
        &self,
        who: &Principal,
        revision: &Id<name::Revision>,
        behind: Option<&Id<name::Reply>>,
        limit: usize,
    ) -> Result<AffectedPage, AppError> {
        let (workspace, _, changed, successors) = self.change_of(who, revision).await?;
        let mut relying = self.world.reliances.relying_on(&workspace, revision, behind, limit + 1).await?;
        let more = relying.len() > limit;
        relying.truncate(limit);
        let items = self.compared(&Arc::new(changed), relying).await?;
        let next = items.last().filter(|_| more).map(|affected| affected.reply.clone());
        Ok(AffectedPage { successors, items, next })
    }

    /// What the change of a revision came to: how many were told by it, how many of them wrongly as it stands now, and how
    /// long the corrections took. `see` gets each reply on the way.
    pub async fn correction(
        &self,
        who: &Principal,
        revision: &Id<name::Revision>,
        mut see: impl FnMut(&Affected) + Send,
    ) -> Result<Correction, AppError> {
        let (workspace, old, changed, _) = self.change_of(who, revision).await?;
        let changed = Arc::new(changed);
        let mut sum = Correction { changed_at: old.recorded_until, ..Correction::default() };
        let mut behind: Option<Id<name::Reply>> = None;
        loop {
            let relying = self.world.reliances.relying_on(&workspace, revision, behind.as_ref(), PAGE).await?;
            let Some(last) = relying.last().map(|relying| relying.reply.id.clone()) else { return Ok(sum) };
            behind = Some(last);
            for affected in self.compared(&changed, relying).await? {
                sum.add(&affected);
                see(&affected);
            }
        }
    }

    async fn change_of(
        &self,
        who: &Principal,
        id: &Id<name::Revision>,
    ) -> Result<(WorkspaceId, Revision, Changed, Vec<Id<name::Revision>>), AppError> {
        let workspace = self.permit_on(who, "revision", id, Act::ReadInternal).await?;
        let found = self.world.shelf.revision(&workspace, id).await?;
        let old = found.ok_or_else(|| AppError::NoSuch { what: "revision", id: id.to_string() })?;
        let history = self.world.reliances.history(&workspace, &old.content.key).await?;
        let successors = successors(&old, &history);
        let told = self.world.reliances.told_since(&workspace, id).await?;
        let changed = Changed::new(&old, &successors, told);
        let successors = successors.into_iter().map(|revision| revision.id.clone()).collect();
        Ok((workspace, old, changed, successors))
    }

    /// Side by side on all cores: comparing is all the work there is.
    pub(super) async fn compared(
        &self,
        changed: &Arc<Changed>,
        mut relying: Vec<Relying>,
    ) -> Result<Vec<Affected>, AppError> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let share = relying.len().div_ceil(cores).max(1);
        let mut parts = Vec::new();
        while !relying.is_empty() {
            let rest = relying.split_off(share.min(relying.len()));
            let (part, changed) = (std::mem::replace(&mut relying, rest), Arc::clone(changed));
            let compare = move || part.iter().map(|relying| changed.affects(relying)).collect::<Vec<_>>();
            parts.push(tokio::task::spawn_blocking(compare));
        }
        let compared = try_join_all(parts).await.map_err(|_| AppError::Panicked)?;
        Ok(compared.into_iter().flatten().collect())
    }
}
