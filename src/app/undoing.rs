//! Taking a decision back shortly after it was made.

use std::time::Duration;

use super::{App, AppError};
use crate::{
    domain::{Decision, Id, Principal, Timestamp, Undo, What, WorkspaceId, name},
    identity::{Act, may},
    ports::{Conflict, StoreError},
    telemetry,
};

impl App {
    /// So long a decision can be taken back. Nothing is sent from here: the time is meant for a slip that is seen at once, and
    /// short enough that the reply is hardly with the customer.
    pub const UNDO_TIME: Duration = Duration::from_secs(60);

    /// Takes the decision on a draft back, as if it had not been made: the draft can be decided on again. Whoever made it may,
    /// or an admin, while the time lasts and nothing stands on it.
    pub async fn undo(&self, who: &Principal, draft: &Id<name::Draft>) -> Result<(), AppError> {
        let workspace = self.permit_on(who, "draft", draft, Act::Decide).await?;
        let cases = &self.world.cases;
        let found = cases.suggestion_of(&workspace, draft).await?;
        let (suggestion, _) = found.ok_or_else(|| AppError::NoSuch { what: "draft", id: draft.to_string() })?;
        let (decision, reply) = cases.decision_on(&workspace, draft).await?.ok_or(AppError::Undecided)?;
        let decided_by = cases.decided_by(&workspace, &decision.id).await?.ok_or(AppError::Undecided)?;
        if !is_theirs(who, &workspace, &decided_by) {
            return Err(AppError::NotTheirs);
        }
        if self.world.clock.now() > undo_until(&decision) {
            return Err(AppError::UndoTooLate);
        }
        let (inquiry, reply) = (suggestion.inquiry.id.clone(), reply.map(|(reply, _)| reply.id));
        let verb = decision.verb.clone();
        let what = What::Undone(Box::new(Undo { decision, decided_by, inquiry, reply }));
        match self.record(who, &workspace, what).await {
            // Somebody else was faster.
            Err(AppError::Store(StoreError::Conflict(Conflict::Missing))) => Err(AppError::Undecided),
            done => done.inspect(|()| telemetry::undone(&suggestion, &verb)),
        }
    }

    /// Until when whoever asks may take a decision back; `None` where they may not any more. What may stand on it is left to
    /// [`App::undo`].
    pub(super) async fn undoable(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        decision: &Decision,
    ) -> Result<Option<Timestamp>, AppError> {
        let until = undo_until(decision);
        let deciding = who.role_in(workspace).is_some_and(|role| may(role, Act::Decide));
        if !deciding || self.world.clock.now() > until {
            return Ok(None);
        }
        let by = self.world.cases.decided_by(workspace, &decision.id).await?;
        Ok(by.filter(|by| is_theirs(who, workspace, by)).map(|_| until))
    }
}

fn is_theirs(who: &Principal, workspace: &WorkspaceId, decided_by: &str) -> bool {
    who.id == decided_by || who.role_in(workspace).is_some_and(|role| may(role, Act::Administer))
}

fn undo_until(decision: &Decision) -> Timestamp {
    let time = i64::try_from(App::UNDO_TIME.as_millis()).unwrap_or(i64::MAX);
    Timestamp(decision.at.0.saturating_add(time))
}
