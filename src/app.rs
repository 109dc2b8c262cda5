//! The verbs that every face calls: HTTP, command line, and those to come.
//!
//! Each verb says first what it needs to be allowed, so that no face can forget it. `suggest` is the journey of
//! an inquiry; read it first.

mod access;
mod affecting;
mod agreeing;
mod auditing;
mod browsing;
mod closing;
mod colleagues;
mod crafting;
mod documents;
mod erasing;
mod errors;
mod figures;
mod inbox;
mod keeping;
mod logbook;
mod lookup;
mod loose;
mod making;
mod mending;
mod people;
mod previewing;
mod queueing;
mod reading;
mod rechecking;
mod record;
mod remains;
mod replaying;
mod retaining;
mod reviewing;
mod sampling;
mod single_sign_on;
mod sources;
mod trending;
mod undoing;
mod visible;

use std::sync::Arc;

use tokio::sync::Semaphore;

use self::access::Receipt;
pub use self::{
    access::Once,
    affecting::AffectedPage,
    auditing::{Broken, Event, Export, Pins, Proof, Verified, VerifierKey, included, verify_log},
    browsing::{CheckedGuide, Documents, Known},
    closing::{Byline, CheckedReply, Decided, NewContactOutcome, NewDecision, Reported},
    documents::{Fulfilled, document},
    errors::AppError,
    figures::Today,
    inbox::{Inbox, InboxLine, Opened},
    keeping::NewKey,
    logbook::{Entry, LogCheck, ReadRecord, Vouched},
    lookup::{LookedUp, Lookup},
    loose::{ExampleFailure, GuideErrors, Guides, Pair, features_loose, ground_loose, is_policy, read_situation},
    mending::{GuidePreview, Previewed, RuleChange},
    people::{Names, NewPerson},
    previewing::{Preview, Saved, Told},
    queueing::{OpenFinding, Queue, QueueLine, WaitingForQa},
    reading::{LookedFor, Readiness, When},
    record::DraftRecord,
    remains::{Gone, Recorded, Remains},
    replaying::Replay,
    reviewing::{NewRuling, RulePrecision},
    sampling::{Sample, Samples},
    single_sign_on::{SignOnFailure, SignedOn},
    sources::Source,
    trending::{Trend, Trends},
};
pub use crate::audit::Difference;
pub use crate::quality::{
    agreement::Agreement,
    drift::{Alarm, Chart, Point},
    precision::Share,
    weeks::Week,
};
pub use crate::verifier::Reason;
use crate::{
    config::Settings,
    domain::{
        Checks, Evidence, Failure, Hint, Id, Inquiry, NewInquiry, Principal, Suggestion, Turn, WorkspaceId, name,
    },
    identity::{Act, SessionKey},
    pipeline::{
        World,
        configuration::Configurations,
        desk::{Desk, Desks},
    },
    ports::{Conflict, StoreError},
    telemetry::Stage,
};

/// Aizuchi without a face. Cheap to clone.
#[derive(Clone)]
pub struct App {
    world: World,
    desks: Arc<Desks>,
    configurations: Arc<Configurations>,
    settings: Arc<Settings>,
    /// Who looks an inquiry up opens thousands of letters: so many at once, and the others wait.
    lookups: Arc<Semaphore>,
}

/// What happens on the way to a suggestion, for those who watch. Everything before `Completed` is provisional.
#[derive(Debug, Clone)]
pub enum Step {
    /// The draft has an id and is recorded as begun.
    Created {
        /// The draft to come.
        draft: Id<name::Draft>,
        /// What it answers.
        inquiry: Box<Inquiry>,
    },
    /// This is what it may use.
    Retrieved(Evidence),
    /// More of its text.
    Delta(String),
    /// What was shown of the text is void: another drafter begins anew.
    Restarted(Failure),
    /// The whole text met evidence and guide.
    Checked(Checks),
    /// It is recorded and can be decided on.
    Completed(Box<Suggestion>),
    /// It did not come to be.
    Failed {
        /// The problem's stable code.
        code: &'static str,
    },
}

/// So many turns of a conversation are looked back on.
const TURNS: usize = 12;

/// What a draft is made for.
struct Asking {
    inquiry: Inquiry,
    /// What was said before.
    turns: Vec<Turn>,
    /// What the operator wants.
    hint: Option<Hint>,
    /// The inquiry's own record, where that is still to be made.
    receipt: Option<Receipt>,
}

/// Sees the steps; never stops them.
pub type Watch<'a> = &'a (dyn Fn(Step) + Send + Sync);

impl App {
    /// Over a world and its settings.
    pub fn new(world: World, settings: Settings) -> Self {
        let (settings, lookups) = (Arc::new(settings), Arc::new(Semaphore::new(Self::LOOKUPS)));
        Self { world, desks: Arc::default(), configurations: Arc::default(), settings, lookups }
    }

    /// How this process runs.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What the tickets of browsers stand under.
    pub fn sessions(&self) -> &SessionKey {
        &self.world.sessions
    }

    /// The journey of an inquiry: received, retrieved, drafted, checked, recorded, shown.
    ///
    /// What could not be recorded is not returned. A repeated request gets what the first one made.
    pub async fn suggest(
        &self,
        who: &Principal,
        new: NewInquiry,
        once: Option<Once>,
        watch: Option<Watch<'_>>,
    ) -> Result<Suggestion, AppError> {
        self.permit(who, &new.workspace, Act::Ask)?;
        let desk = self.desk(&new.workspace).await?;
        if new.conversation.is_none() && watch.is_none() {
            return self.suggest_aside(who, &desk, new, once).await;
        }
        let in_thread = new.conversation.is_some();
        let (inquiry, made_before) = Stage::Receive.of(self.receive(who, &desk, new, once)).await?;
        if let Some(suggestion) = made_before {
            return Ok(self.again(who, suggestion, watch));
        }
        let turns = if in_thread { self.turns(&inquiry).await? } else { Vec::new() };
        self.journey(who, &desk, Asking { inquiry, turns, hint: None, receipt: None }, None, watch).await
    }

    /// The journey of a first message that nobody watches: nothing of it is shown before the end, so that its draft is
    /// begun before it is recorded.
    async fn suggest_aside(
        &self,
        who: &Principal,
        desk: &Desk,
        new: NewInquiry,
        once: Option<Once>,
    ) -> Result<Suggestion, AppError> {
        let workspace = new.workspace.clone();
        if let Some(twin) = self.twin(who, &workspace, once.as_ref()).await? {
            return self.take_up(who, desk, twin).await;
        }
        let receipt = self.receive_aside(desk, new, once.clone()).await?;
        let inquiry = receipt.inquiry.clone();
        let asking = Asking { inquiry, turns: Vec::new(), hint: None, receipt: Some(receipt) };
        match self.journey(who, desk, asking, None, None).await {
            Err(AppError::Store(StoreError::Conflict(Conflict::Repeated))) => {
                let twin = self.twin(who, &workspace, once.as_ref()).await?;
                self.take_up(who, desk, twin.ok_or(StoreError::Conflict(Conflict::Repeated))?).await
            }
            made => made,
        }
    }

    /// What an earlier request made; where it never came to its end, its inquiry is taken up where it was left.
    async fn take_up(
        &self,
        who: &Principal,
        desk: &Desk,
        (inquiry, made): (Inquiry, Option<Suggestion>),
    ) -> Result<Suggestion, AppError> {
        match made {
            Some(suggestion) => Ok(self.again(who, suggestion, None)),
            None => {
                let asking = Asking { inquiry, turns: Vec::new(), hint: None, receipt: None };
                self.journey(who, desk, asking, None, None).await
            }
        }
    }

    /// Another draft for an inquiry that nobody answered yet, by an operator's wish or without one.
    pub async fn regenerate(
        &self,
        who: &Principal,
        inquiry: &Id<name::Inquiry>,
        hint: Option<Hint>,
        once: Option<Once>,
        watch: Option<Watch<'_>>,
    ) -> Result<Suggestion, AppError> {
        let workspace = self.permit_on(who, "inquiry", inquiry, Act::Decide).await?;
        let desk = self.desk(&workspace).await?;
        if let Some(made) = self.made_before(who, &workspace, once.as_ref()).await? {
            return self.made_again(who, &workspace, &made, watch).await;
        }
        let inquiry = self.still_open(&workspace, inquiry).await?;
        let turns = self.turns(&inquiry).await?;
        let made = self.journey(who, &desk, Asking { inquiry, turns, hint, receipt: None }, once.as_ref(), watch).await;
        match (&made, &once) {
            (Err(AppError::Store(StoreError::Conflict(Conflict::Repeated))), Some(_)) => {
                let twin = self.made_before(who, &workspace, once.as_ref()).await?;
                self.made_again(who, &workspace, &twin.unwrap_or_default(), None).await
            }
            _ => made,
        }
    }

    /// The inquiry, if it is what its conversation waits for.
    async fn still_open(&self, workspace: &WorkspaceId, id: &Id<name::Inquiry>) -> Result<Inquiry, AppError> {
        let found = self.world.cases.inquiry(workspace, id).await?;
        let inquiry = found.ok_or_else(|| AppError::NoSuch { what: "inquiry", id: id.to_string() })?;
        match self.world.cases.open_inquiry(workspace, &inquiry.conversation).await? {
            Some(open) if open.id == *id => Ok(open),
            Some(_) => Err(StoreError::Conflict(Conflict::Superseded).into()),
            None => Err(StoreError::Conflict(Conflict::AlreadyDecided).into()),
        }
    }

    async fn turns(&self, inquiry: &Inquiry) -> Result<Vec<Turn>, AppError> {
        Ok(self.world.cases.turns(&inquiry.workspace, inquiry, TURNS).await?)
    }

    async fn made_again(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        made: &str,
        watch: Option<Watch<'_>>,
    ) -> Result<Suggestion, AppError> {
        let unknown = || AppError::NoSuch { what: "suggestion", id: made.to_owned() };
        let id = Id::parse(made).map_err(|_| unknown())?;
        let suggestion = self.world.cases.suggestion(workspace, &id).await?.ok_or_else(unknown)?;
        Ok(self.again(who, suggestion, watch))
    }

    /// What an earlier request made, for the eyes of this one.
    fn again(&self, who: &Principal, suggestion: Suggestion, watch: Option<Watch<'_>>) -> Suggestion {
        let suggestion = self.visible(who, suggestion);
        if let Some(watch) = watch {
            watch(Step::Completed(Box::new(suggestion.clone())));
        }
        suggestion
    }
}
