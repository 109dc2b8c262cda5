//! Documents by hand: written, replaced and retired by those who keep the knowledge; proposed by everybody else who
//! works here, and then approved or refused.

use super::{App, AppError, Once};
use crate::{
    domain::{Id, Kind, NewRevision, Principal, Proposal, Revision, What, Wish, WorkspaceId, name},
    identity::{Act, may},
    knowledge,
    pipeline::{ingest, level},
    ports::{Conflict, StoreError},
};

/// How often a change is worked out anew because another one came between.
const OVERTAKEN_AT_MOST: usize = 20;

/// What a refusal made: nothing that has an id.
const REFUSED: &str = "refused";

/// What became of a wish.
#[derive(Debug, Clone)]
pub enum Fulfilled {
    /// It is so now, and searched. The new text, unless a document was retired.
    Done(Option<Box<Revision>>),
    /// It waits for approval.
    Waiting(Box<Proposal>),
}

/// A document as somebody writes it: fields by name, under the rules of a knowledge file. What is wrong with a field comes with
/// its name.
pub fn document(kind: Kind, fields: &[(&str, &str)]) -> Result<NewRevision, (String, String)> {
    knowledge::written(kind, fields)
}

impl App {
    /// Changes a document, or proposes the change where the role may not make it.
    pub async fn wish(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        wish: Wish,
        once: Option<&Once>,
    ) -> Result<Fulfilled, AppError> {
        self.permit(who, workspace, Act::Propose)?;
        self.desk(workspace).await?;
        if let Some(made) = self.made_before(who, workspace, once).await? {
            return self.wished_before(workspace, &made).await;
        }
        let keeps = who.role_in(workspace).is_some_and(|role| may(role, Act::KeepKnowledge));
        if keeps {
            return self.fulfil(who, workspace, &wish, None, once).await;
        }
        // What cannot be done today is said today, not when somebody approves it.
        ingest::fulfil(&self.world, workspace, &wish).await??;
        let proposal = Proposal { id: self.world.id(), wish, by: who.id.clone(), at: self.world.clock.now() };
        let what = What::Proposed(Box::new(proposal.clone()));
        self.record_once(who, workspace, what, once, proposal.id.as_str()).await?;
        Ok(Fulfilled::Waiting(Box::new(proposal)))
    }

    /// Approves a proposal, as the documents are now, or refuses it. A no needs a reason, and so does a yes that
    /// contradicts other documents.
    pub async fn decide_proposal(
        &self,
        who: &Principal,
        id: &Id<name::Proposal>,
        approve: bool,
        reason: Option<String>,
        once: Option<&Once>,
    ) -> Result<Fulfilled, AppError> {
        let workspace = self.permit_on(who, "proposal", id, Act::KeepKnowledge).await?;
        if let Some(made) = self.made_before(who, &workspace, once).await? {
            return self.wished_before(&workspace, &made).await;
        }
        let waiting = self.world.shelf.proposals(&workspace).await?;
        let proposal = waiting.into_iter().find(|proposal| proposal.id == *id).ok_or(AppError::ProposalDecided)?;
        if reason.is_none() {
            self.needs_no_reason(who, &workspace, &proposal.wish, approve).await?;
        }
        if approve {
            return self.fulfil(who, &workspace, &proposal.wish, Some((id, reason)), once).await;
        }
        let what = What::ProposalDecided { proposal: id.clone(), change: None, reason };
        self.record_once(who, &workspace, what, once, REFUSED).await.map_err(decided)?;
        Ok(Fulfilled::Done(None))
    }

    async fn needs_no_reason(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        wish: &Wish,
        approve: bool,
    ) -> Result<(), AppError> {
        if !approve {
            return Err(AppError::ReasonMissing("a proposal is refused with a reason: whoever made it reads why"));
        }
        match self.preview(who, workspace, wish).await?.contradictions() {
            0 => Ok(()),
            _ => Err(AppError::ReasonMissing(
                "other documents say otherwise (GET /v1/overlaps lists what stands now): mend them first, or say why this may stand beside them",
            )),
        }
    }

    /// The proposals that wait.
    pub async fn proposals(&self, who: &Principal, workspace: &WorkspaceId) -> Result<Vec<Proposal>, AppError> {
        self.permit(who, workspace, Act::ReadInternal)?;
        self.desk(workspace).await?;
        Ok(self.world.shelf.proposals(workspace).await?)
    }

    /// The documents that are held true, in the order of their keys; of one key all its revisions.
    pub async fn documents(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        key: Option<&str>,
    ) -> Result<Vec<Revision>, AppError> {
        self.permit(who, workspace, Act::ReadInternal)?;
        self.desk(workspace).await?;
        let mut held = match key {
            Some(key) => self.world.shelf.document(workspace, key).await?,
            None => self.world.shelf.revisions(workspace).await?,
        };
        let order = |revision: &Revision| {
            let NewRevision { key, validity, .. } = &revision.content;
            (key.clone(), validity.from, revision.id.clone())
        };
        held.sort_by_cached_key(order);
        Ok(held)
    }

    async fn fulfil(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        wish: &Wish,
        approval: Option<(&Id<name::Proposal>, Option<String>)>,
        once: Option<&Once>,
    ) -> Result<Fulfilled, AppError> {
        let mut overtaken = 0;
        loop {
            let change = ingest::fulfil(&self.world, workspace, wish).await??;
            let revision = change.added.first().cloned();
            let made = revision.as_ref().map_or_else(|| wish.key().to_owned(), |revision| revision.id.to_string());
            let what = match &approval {
                None => What::KnowledgeChanged(change),
                Some((proposal, reason)) => What::ProposalDecided {
                    proposal: (*proposal).clone(),
                    change: Some(change),
                    reason: reason.clone(),
                },
            };
            match self.record_once(who, workspace, what, once, &made).await {
                Err(AppError::Store(StoreError::Conflict(Conflict::Overtaken))) if overtaken < OVERTAKEN_AT_MOST => {
                    overtaken += 1;
                }
                Err(error) if approval.is_some() => return Err(decided(error)),
                recorded => {
                    recorded?;
                    // It is recorded: a search that cannot follow says so by itself.
                    let _behind = level::within(&self.world, workspace).await;
                    return Ok(Fulfilled::Done(revision.map(Box::new)));
                }
            }
        }
    }

    /// What the same request made before.
    async fn wished_before(&self, workspace: &WorkspaceId, made: &str) -> Result<Fulfilled, AppError> {
        if let Ok(id) = Id::<name::Revision>::parse(made) {
            let revision = self.world.shelf.revision(workspace, &id).await?;
            return Ok(Fulfilled::Done(revision.map(Box::new)));
        }
        if made == REFUSED {
            return Ok(Fulfilled::Done(None));
        }
        let waiting = self.world.shelf.proposals(workspace).await?;
        let proposal = waiting.into_iter().find(|proposal| proposal.id.as_str() == made);
        proposal.map(|proposal| Fulfilled::Waiting(Box::new(proposal))).ok_or(AppError::ProposalDecided)
    }
}

/// A proposal that no longer waits was decided by somebody else meanwhile.
fn decided(error: AppError) -> AppError {
    match error {
        AppError::Store(StoreError::Conflict(Conflict::Missing)) => AppError::ProposalDecided,
        other => other,
    }
}
