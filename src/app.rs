//! The verbs that every face calls: HTTP, command line, and those to come.
//!
//! Each verb says first what it needs to be allowed, so that no face can forget it. `suggest` is the journey of
//! an inquiry; read it first.

mod access;
mod closing;
mod errors;
mod keeping;
mod loose;
mod reading;
mod visible;

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt as _;

pub use self::{
    access::Once,
    closing::{Byline, CheckedReply, Decided, NewContactOutcome, NewRuling, Reported},
    errors::AppError,
    keeping::NewKey,
    loose::{GuideErrors, Guides, Pair, ground_loose, verify_log},
    reading::Readiness,
};
use crate::{
    config::Settings,
    domain::{
        Checks, Draft, Drafter, Evidence, HandoffReason, Id, Inquiry, NewInquiry, Principal, Span, Suggestion, Verdict,
        What, name,
    },
    drafting::Letter,
    identity::Act,
    pipeline::{
        World,
        check::{self, Checked},
        compose::compose,
        desk::{Desk, Desks},
        plan::{self, Plan},
        retrieve::retrieve,
        understand::{Understood, understand},
    },
};

/// Aizuchi without a face. Cheap to clone.
#[derive(Clone)]
pub struct App {
    world: World,
    desks: Arc<Desks>,
    settings: Arc<Settings>,
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

/// Sees the steps; never stops them.
pub type Watch<'a> = &'a (dyn Fn(Step) + Send + Sync);

impl App {
    /// Over a world and its settings.
    pub fn new(world: World, settings: Settings) -> Self {
        Self { world, desks: Arc::default(), settings: Arc::new(settings) }
    }

    /// How this process runs.
    pub fn settings(&self) -> &Settings {
        &self.settings
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
        let (inquiry, made_before) = self.receive(who, &desk, new, once).await?;
        if let Some(suggestion) = made_before {
            let suggestion = self.visible(who, suggestion);
            see(watch, || Step::Completed(Box::new(suggestion.clone())));
            return Ok(suggestion);
        }
        let draft = self.begin(who, &inquiry, watch).await?;
        let mut shown = String::new();
        // A panic is a failed draft like any other: what was shown of it is recorded.
        let making = AssertUnwindSafe(self.make(who, &desk, &inquiry, draft.clone(), watch, &mut shown)).catch_unwind();
        let recorded = match making.await.unwrap_or(Err(AppError::Panicked)) {
            Ok(suggestion) => {
                let what = What::Suggested(Box::new(suggestion.clone()));
                self.record(who, &inquiry.workspace, what).await.map(|()| suggestion)
            }
            Err(error) => Err(error),
        };
        match &recorded {
            Ok(suggestion) => see(watch, || Step::Completed(Box::new(suggestion.clone()))),
            Err(error) => self.give_up(who, &inquiry, draft, watch, shown, error).await,
        }
        recorded
    }

    /// From evidence to a checked suggestion; nothing is recorded here.
    async fn make(
        &self,
        who: &Principal,
        desk: &Desk,
        inquiry: &Inquiry,
        draft: Id<name::Draft>,
        watch: Option<Watch<'_>>,
        shown: &mut String,
    ) -> Result<Suggestion, AppError> {
        let understood = understand(inquiry);
        // Nobody gets an answer out of passages that they may not read.
        let internal = self.reads_internal(who, &inquiry.workspace);
        let evidence = retrieve(&self.world, desk.vocabulary, &understood, internal).await?;
        see(watch, || Step::Retrieved(evidence.clone()));

        let mut plan = plan::plan(&understood, &evidence);
        let mut letter = compose(desk, &understood, &evidence, &plan);
        if letter.is_none() && matches!(plan, Plan::Draft(_)) {
            plan = Plan::Handoff(HandoffReason::NoEvidence);
        }
        let mut checks =
            letter.as_ref().map(|letter| self.check(desk, &understood, &evidence, letter)).unwrap_or_default();
        if checks.has(Verdict::Contradicted) {
            // Two of our own texts disagree on what would be said: a person has to look, and is shown both.
            plan = Plan::Handoff(HandoffReason::Contradicted);
            (letter, checks) = (None, Checks::default());
        }
        if let (Some(watch), Some(letter)) = (watch, &letter) {
            show(watch, letter, shown);
        }
        see(watch, || Step::Checked(checks.clone()));

        let outcome = plan::outcome(&plan, &understood, &evidence);
        let draft =
            letter.map(|Letter { text, sentences }| Draft { id: draft, text, drafter: Drafter::Extractive, sentences });
        Ok(Suggestion {
            id: self.world.id(),
            inquiry: inquiry.clone(),
            outcome,
            draft,
            checks,
            evidence,
            guide: desk.guide.clone(),
            created_at: self.world.clock.now(),
        })
    }

    fn check(&self, desk: &Desk, understood: &Understood<'_>, evidence: &Evidence, letter: &Letter) -> Checks {
        let inquiry = understood.inquiry;
        let checked = Checked {
            inquiry: inquiry.text.as_str(),
            channel: inquiry.channel,
            situation: Some(&inquiry.situations.primary),
            text: &letter.text,
            evidence: &evidence.items,
            now: inquiry.received_at,
        };
        check::check(&self.world, desk, &checked)
    }

    /// A watched draft is recorded before its first word is shown.
    async fn begin(
        &self,
        who: &Principal,
        inquiry: &Inquiry,
        watch: Option<Watch<'_>>,
    ) -> Result<Id<name::Draft>, AppError> {
        let draft = self.world.id();
        if watch.is_some() {
            let what = What::DraftCreated { draft: draft.clone(), inquiry: inquiry.id.clone() };
            self.record(who, &inquiry.workspace, what).await?;
            see(watch, || Step::Created { draft: draft.clone(), inquiry: Box::new(inquiry.clone()) });
        }
        Ok(draft)
    }

    /// Records that a watched draft did not come to be.
    async fn give_up(
        &self,
        who: &Principal,
        inquiry: &Inquiry,
        draft: Id<name::Draft>,
        watch: Option<Watch<'_>>,
        streamed: String,
        error: &AppError,
    ) {
        if watch.is_none() {
            return;
        }
        let code = error.code();
        let what = What::DraftFailed { draft, inquiry: inquiry.id.clone(), streamed, code: code.to_owned() };
        if let Err(error) = self.record(who, &inquiry.workspace, what).await {
            tracing::error!(inquiry.id = %inquiry.id, %error, "a failed draft could not be recorded");
        }
        see(watch, || Step::Failed { code });
    }
}

fn see(watch: Option<Watch<'_>>, step: impl FnOnce() -> Step) {
    if let Some(watch) = watch {
        watch(step());
    }
}

/// The letter in pieces, each a sentence with the space before it, so that the pieces join to the whole.
fn show(watch: Watch<'_>, letter: &Letter, shown: &mut String) {
    let mut from = 0;
    for sentence in &letter.sentences {
        let piece = Span::new(from, sentence.end).of(&letter.text);
        shown.push_str(piece);
        watch(Step::Delta(piece.to_owned()));
        from = sentence.end;
    }
}
