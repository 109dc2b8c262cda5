//! Before a verb does anything: who may, on which desk, and whether the same request came before.

use std::{fmt, time::Duration};

use super::{App, AppError};
use crate::{
    domain::{
        Change, Id, Idempotency, Inquiry, Named, NewInquiry, Open, Principal, Suggestion, What, WorkspaceId, name,
    },
    identity::{Act, Secret, may},
    pipeline::{desk::Desk, receive},
    ports::{Conflict, StoreError},
    telemetry::Stage,
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
/// How often a message looks again for what is open. Of several that come at once one gets in every time.
const OVERTAKEN_AT_MOST: usize = 100;

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
        let mut overtaken = 0;
        loop {
            let (inquiry, open) = receive::receive(&self.world, desk, new.clone(), self.settings.join).await?;
            let what = What::InquiryReceived { inquiry: Box::new(inquiry.clone()), open };
            match self.record_once(who, &workspace, what, once.as_ref(), &Message::of(&inquiry).to_string()).await {
                Err(AppError::Store(StoreError::Conflict(Conflict::Overtaken))) if overtaken < OVERTAKEN_AT_MOST => {
                    overtaken += 1;
                }
                Err(AppError::Store(StoreError::Conflict(Conflict::Repeated))) => {
                    let made = self.made_before(who, &workspace, once.as_ref()).await?;
                    return self.resume(&workspace, &made.unwrap_or_default()).await;
                }
                recorded => return recorded.map(|()| (inquiry, None)),
            }
        }
    }

    /// The same for a message that begins a conversation, which nobody can overtake: its record is still to be made.
    pub(super) async fn receive_aside(
        &self,
        desk: &Desk,
        new: NewInquiry,
        once: Option<Once>,
    ) -> Result<Receipt, AppError> {
        let (inquiry, open) = receive::receive(&self.world, desk, new, self.settings.join).await?;
        Ok(Receipt { inquiry, open, once })
    }

    /// Records an inquiry that was received aside.
    pub(super) async fn record_receipt(&self, who: &Principal, receipt: Receipt) -> Result<(), AppError> {
        let Receipt { inquiry, open, once } = receipt;
        let (workspace, made) = (inquiry.workspace.clone(), Message::of(&inquiry).to_string());
        let what = What::InquiryReceived { inquiry: Box::new(inquiry), open };
        Stage::Receive.of(self.record_once(who, &workspace, what, once.as_ref(), &made)).await
    }

    /// The inquiry of a twin of this request whose record came first, with what it made; without that where it never
    /// came to its end.
    pub(super) async fn twin(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        once: Option<&Once>,
    ) -> Result<Option<(Inquiry, Option<Suggestion>)>, AppError> {
        match self.made_before(who, workspace, once).await? {
            Some(made) => self.resume(workspace, &made).await.map(Some),
            None => Ok(None),
        }
    }

    /// Waits for a twin to finish. If it never does, a later suggestion that answers its words as well stands in;
    /// and if there is none, the inquiry is taken up where it was left.
    async fn resume(&self, workspace: &WorkspaceId, made: &str) -> Result<(Inquiry, Option<Suggestion>), AppError> {
        let unknown = || AppError::NoSuch { what: "inquiry", id: made.to_owned() };
        let message = Message::parse(made).ok_or_else(unknown)?;
        // A model may take its time.
        let model = self.world.models.of(workspace).map_or(Duration::ZERO, |seat| seat.settings.limits.deadline);
        let mut waited = Duration::ZERO;
        loop {
            let mut suggestions = self.world.cases.suggestions_for(workspace, &message.inquiry).await?;
            let chars = |suggestion: &Suggestion| Message::of(&suggestion.inquiry).chars;
            let own = suggestions.iter().position(|suggestion| chars(suggestion) == message.chars);
            let late = waited >= TWIN_WAITS + model;
            let found = own.or_else(|| suggestions.iter().rposition(|it| late && chars(it) > message.chars));
            if let Some(found) = found {
                let suggestion = suggestions.swap_remove(found);
                return Ok((suggestion.inquiry.clone(), Some(suggestion)));
            }
            if late {
                let inquiry = self.world.cases.inquiry(workspace, &message.inquiry).await?;
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
        match self.world.doors.repeated(workspace, who, &once.key, &once.request_hash).await? {
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

/// An inquiry whose record is still to be made.
pub(super) struct Receipt {
    pub(super) inquiry: Inquiry,
    open: Option<Open>,
    once: Option<Once>,
}

/// One message, told by the inquiry that it opened or joined and by how many code points that had then: the words of
/// an inquiry only grow.
struct Message {
    inquiry: Id<name::Inquiry>,
    chars: usize,
}

impl Message {
    fn of(inquiry: &Inquiry) -> Self {
        Self { inquiry: inquiry.id.clone(), chars: inquiry.text.as_str().chars().count() }
    }

    /// Reads what its `Display` writes.
    fn parse(made: &str) -> Option<Self> {
        let (inquiry, chars) = made.split_once(':')?;
        Some(Self { inquiry: Id::parse(inquiry).ok()?, chars: chars.parse().ok()? })
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.inquiry, self.chars)
    }
}

fn no_workspace(workspace: &WorkspaceId) -> AppError {
    AppError::NoSuchWorkspace { id: workspace.to_string() }
}
