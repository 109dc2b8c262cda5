//! Before a verb does anything: who may, on which desk, and whether the same request came before.

use std::time::Duration;

use super::{App, AppError};
use crate::{
    domain::{Change, Id, Idempotency, Inquiry, Named, NewInquiry, Principal, Suggestion, What, WorkspaceId, name},
    identity::{Act, Secret, may},
    pipeline::{desk::Desk, receive},
    ports::{Conflict, StoreError},
};

/// A key that makes a repeated request harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// What the caller sent in `Idempotency-Key`.
    pub key: String,
    /// SHA-256 of the request, hexadecimal.
    pub request_hash: String,
}

/// How long a twin waits for the suggestion that the first request is making.
const TWIN_WAITS: Duration = Duration::from_secs(5);
/// How often it looks.
const TWIN_LOOKS: Duration = Duration::from_millis(50);

impl App {
    /// Who holds this secret; `None` when nobody does.
    pub async fn authenticate(&self, secret: &Secret) -> Result<Option<Principal>, AppError> {
        let key = self.world.doors.key(&secret.hash()).await?;
        Ok(key
            .map(|key| Principal { id: key.id.to_string(), reach: crate::domain::Reach::One(key.workspace, key.role) }))
    }

    /// A workspace in which the principal has no place does not exist for it.
    pub(super) fn permit(&self, who: &Principal, workspace: &WorkspaceId, act: Act) -> Result<(), AppError> {
        let role = who.role_in(workspace).ok_or_else(|| no_workspace(workspace))?;
        if may(role, act) { Ok(()) } else { Err(AppError::Forbidden { role, act }) }
    }

    /// The workspace in which something stands, if the principal may do this there.
    pub(super) async fn permit_on<T: Named>(
        &self,
        who: &Principal,
        what: &'static str,
        id: &Id<T>,
        act: Act,
    ) -> Result<WorkspaceId, AppError> {
        let unknown = || AppError::NoSuch { what, id: id.to_string() };
        let workspace = self.world.cases.workspace_of(id.as_str()).await?.ok_or_else(unknown)?;
        if who.role_in(&workspace).is_none() {
            return Err(unknown());
        }
        self.permit(who, &workspace, act)?;
        Ok(workspace)
    }

    pub(super) async fn desk(&self, workspace: &WorkspaceId) -> Result<std::sync::Arc<Desk>, AppError> {
        let desk = self.desks.desk(&self.world, workspace).await?;
        desk.ok_or_else(|| no_workspace(workspace))
    }

    /// Records the inquiry; or finds the one that the same request made before, with its suggestion.
    pub(super) async fn receive(
        &self,
        who: &Principal,
        desk: &Desk,
        new: NewInquiry,
        once: Option<Once>,
    ) -> Result<(Inquiry, Option<Suggestion>), AppError> {
        let workspace = new.workspace.clone();
        if let Some(made) = self.made_before(who, &workspace, once.as_ref()).await? {
            return self.resume(&workspace, &made).await;
        }
        let (inquiry, joined) = receive::receive(&self.world, desk, new, self.settings.join).await?;
        let what = What::InquiryReceived { inquiry: Box::new(inquiry.clone()), joined };
        match self.record_once(who, &workspace, what, once.as_ref(), inquiry.id.as_str()).await {
            Err(AppError::Store(StoreError::Conflict(Conflict::Repeated))) => {
                let made = self.made_before(who, &workspace, once.as_ref()).await?;
                self.resume(&workspace, &made.unwrap_or_default()).await
            }
            recorded => recorded.map(|()| (inquiry, None)),
        }
    }

    /// Waits for a twin to finish; if it never does, its inquiry is taken up where it was left.
    async fn resume(&self, workspace: &WorkspaceId, made: &str) -> Result<(Inquiry, Option<Suggestion>), AppError> {
        let unknown = || AppError::NoSuch { what: "inquiry", id: made.to_owned() };
        let id = Id::<name::Inquiry>::parse(made).map_err(|_| unknown())?;
        let mut waited = Duration::ZERO;
        loop {
            if let Some(suggestion) = self.world.cases.suggestion_for(workspace, &id).await? {
                return Ok((suggestion.inquiry.clone(), Some(suggestion)));
            }
            if waited >= TWIN_WAITS {
                let inquiry = self.world.cases.inquiry(workspace, &id).await?;
                return inquiry.map(|inquiry| (inquiry, None)).ok_or_else(unknown);
            }
            tokio::time::sleep(TWIN_LOOKS).await;
            waited += TWIN_LOOKS;
        }
    }

    /// The id of what the same request of the same principal made before.
    pub(super) async fn made_before(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        once: Option<&Once>,
    ) -> Result<Option<String>, AppError> {
        let Some(once) = once else { return Ok(None) };
        match self.world.doors.repeated(workspace, who, &once.key).await? {
            Some(before) if before.request_hash != once.request_hash => Err(AppError::KeyReused),
            before => Ok(before.map(|before| before.made)),
        }
    }

    pub(super) async fn record(&self, who: &Principal, workspace: &WorkspaceId, what: What) -> Result<(), AppError> {
        self.record_once(who, workspace, what, None, "").await
    }

    pub(super) async fn record_once(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        what: What,
        once: Option<&Once>,
        made: &str,
    ) -> Result<(), AppError> {
        let idempotency = once.map(|once| Idempotency {
            key: once.key.clone(),
            request_hash: once.request_hash.clone(),
            made: made.to_owned(),
        });
        let change = Change {
            workspace: workspace.clone(),
            principal: who.clone(),
            at: self.world.clock.now(),
            what,
            idempotency,
        };
        self.world.store.apply(change).await?;
        Ok(())
    }
}

fn no_workspace(workspace: &WorkspaceId) -> AppError {
    AppError::NoSuchWorkspace { id: workspace.to_string() }
}
