//! Words that are erased for good: of a customer, of a conversation, of a document. The log keeps that it was so, and stays
//! valid: it never held them.

use super::{App, AppError, Once};
use crate::{
    domain::{Erasure, Id, KnowledgeChange, Principal, Traces, What, Whose, WorkspaceId, name},
    identity::Act,
    pipeline::level,
    ports::{Conflict, StoreError},
};

/// How often it is worked out anew because words came between.
const OVERTAKEN_AT_MOST: usize = 20;

impl App {
    /// Erases somebody's words, or a document's. What was erased before is told again; nothing of it is left in logs, on free
    /// pages or in indexes when this returns. [`AppError::Unscrubbed`]: it is erased, but that is still to be done.
    pub async fn erase(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        whose: &Whose,
        once: Option<&Once>,
    ) -> Result<Erasure, AppError> {
        self.permit(who, workspace, Act::Administer)?;
        self.desk(workspace).await?;
        let erasure = self.erase_once(who, workspace, whose, once).await?;
        if matches!(whose, Whose::Document(_)) {
            // Nothing that customers wrote is ever indexed.
            level::anew(&self.world, workspace).await?;
        }
        // Also where it was erased before: what came after it may have been cut short.
        match self.world.erasing.scrub().await {
            Ok(()) => Ok(erasure),
            Err(error) => {
                tracing::warn!(%error, "what was erased is not gone from every page and log yet");
                Err(AppError::Unscrubbed)
            }
        }
    }

    async fn erase_once(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        whose: &Whose,
        once: Option<&Once>,
    ) -> Result<Erasure, AppError> {
        let mut overtaken = 0;
        loop {
            if let Some(made) = self.made_before(who, workspace, once).await? {
                let unknown = || AppError::NoSuch { what: "erasure", id: made.clone() };
                let id = Id::<name::Erasure>::parse(&made).map_err(|_| unknown())?;
                return self.world.erasing.erasure(workspace, &id).await?.ok_or_else(unknown);
            }
            let traces = self.world.erasing.traces(workspace, whose).await?;
            if traces.texts == 0 {
                let before = self.world.erasing.last_erasure(workspace, &traces.target).await?;
                return before.ok_or(AppError::NothingToErase(whose.as_str()));
            }
            let (id, texts, at) = (self.world.id(), traces.texts, self.world.clock.now());
            let erasure = Erasure { id, texts, at };
            let what = self.what_goes(workspace, whose, &erasure, traces).await?;
            match self.record_once(who, workspace, what, once, erasure.id.as_str()).await {
                Err(AppError::Store(StoreError::Conflict(Conflict::Overtaken | Conflict::Repeated)))
                    if overtaken < OVERTAKEN_AT_MOST =>
                {
                    overtaken += 1;
                }
                recorded => return recorded.map(|()| erasure),
            }
        }
    }

    async fn what_goes(
        &self,
        workspace: &WorkspaceId,
        whose: &Whose,
        erasure: &Erasure,
        traces: Traces,
    ) -> Result<What, AppError> {
        let (erasure, whose) = (erasure.clone(), whose.clone());
        let Whose::Document(key) = &whose else { return Ok(What::SubjectErased { erasure, whose, traces }) };
        if traces.shared_with.is_some() {
            return Err(AppError::Shared);
        }
        let since = self.world.shelf.last_changed(workspace).await?;
        let held = self.world.shelf.document(workspace, key).await?;
        let retired = held.into_iter().map(|revision| revision.id).collect();
        let change = KnowledgeChange { added: Vec::new(), retired, by_hand: true, since: Some(since) };
        Ok(What::DocumentErased { erasure, whose, traces, change })
    }
}
