//! From an inquiry to a recorded suggestion: retrieved, crafted, recorded, shown.

use std::{panic::AssertUnwindSafe, pin::pin, time::Duration};

use futures_util::FutureExt as _;
use tokio::time::timeout;

use super::{
    App, AppError, Asking, Once, Step, Watch,
    access::Receipt,
    crafting::{Circumstances, Progress, Sheet, see},
};
use crate::{
    domain::{Evidence, Hint, Id, Inquiry, Making, Principal, Search, Suggestion, Timings, Turn, What, name},
    pipeline::{
        desk::Desk,
        retrieve::{gather, retrieve},
        understand::{Understood, understand},
    },
    telemetry::{self, Stage},
};

/// A draft that is made in this time is recorded together with its inquiry.
const A_MOMENT: Duration = Duration::from_millis(20);
/// How often it is looked at most: documents do not change so fast for long.
const LOOKS: usize = 5;

impl App {
    /// Makes and records a suggestion. One that could not be recorded is not returned.
    pub(super) async fn journey(
        &self,
        who: &Principal,
        desk: &Desk,
        mut asking: Asking,
        once: Option<&Once>,
        watch: Option<Watch<'_>>,
    ) -> Result<Suggestion, AppError> {
        let (inquiry, receipt) = (asking.inquiry.clone(), asking.receipt.take());
        let draft = self.begin(who, &inquiry, watch).await?;
        let mut progress = Progress::default();
        // A panic is a failed draft like any other: what was shown of it is recorded.
        let making = self.make(who, desk, asking, draft.clone(), watch, &mut progress);
        let making = AssertUnwindSafe(making).catch_unwind();
        let (made, receipt) = self.beside(who, receipt, making).await?;
        let receiving = async {
            match receipt {
                Some(receipt) => self.record_receipt(who, receipt).await,
                None => Ok(()),
            }
        };
        let recorded = match made.unwrap_or(Err(AppError::Panicked)) {
            Ok(suggestion) => {
                let what = What::Suggested(Box::new(suggestion.clone()));
                let recording = self.record_once(who, &inquiry.workspace, what, once, suggestion.id.as_str());
                // Queued one behind the other, they share a flush. Unless told to, `join` asks now the one first and now the
                // other: where the queue is full the draft would overtake its inquiry.
                let (received, made) = tokio::join!(biased; receiving, Stage::Record.of(recording));
                received.and(made).map(|()| suggestion)
            }
            Err(error) => receiving.await.and(Err(error)),
        };
        match &recorded {
            Ok(suggestion) => {
                telemetry::suggested(suggestion);
                see(watch, || Step::Completed(Box::new(suggestion.clone())));
            }
            Err(error) => self.give_up(who, &inquiry, draft, watch, progress, error).await,
        }
        recorded
    }

    /// Makes a draft while its inquiry is still to be recorded. One that is made in a moment is recorded together with
    /// its inquiry, which is then given back: nothing was acknowledged yet that could be lost. One that takes longer,
    /// as with a model, waits for nobody to be recorded.
    async fn beside<T>(
        &self,
        who: &Principal,
        receipt: Option<Receipt>,
        making: impl Future<Output = T>,
    ) -> Result<(T, Option<Receipt>), AppError> {
        let Some(receipt) = receipt else { return Ok((making.await, None)) };
        let mut making = pin!(making);
        if let Ok(made) = timeout(A_MOMENT, &mut making).await {
            return Ok((made, Some(receipt)));
        }
        let making = async { Ok::<T, AppError>(making.await) };
        let ((), made) = tokio::try_join!(self.record_receipt(who, receipt), making)?;
        Ok((made, None))
    }

    /// Gathers what the draft stands on, and crafts it; nothing is recorded here.
    async fn make(
        &self,
        who: &Principal,
        desk: &Desk,
        Asking { inquiry, turns, hint, .. }: Asking,
        draft: Id<name::Draft>,
        watch: Option<Watch<'_>>,
        progress: &mut Progress,
    ) -> Result<Suggestion, AppError> {
        let understood = understand(&inquiry, turns.clone());
        let (gathered, took) = Stage::Retrieve.timed(self.gather(who, desk, &understood, hint.as_ref(), turns)).await;
        Timings::add(&mut progress.timings.retrieval, took);
        let (evidence, circumstances) = gathered?;
        let sheet = Sheet { desk, understood: &understood, hint: hint.as_ref(), draft, evidence, circumstances };
        self.craft(sheet, watch, progress).await
    }

    /// The evidence, and all else that the draft is made under.
    async fn gather(
        &self,
        who: &Principal,
        desk: &Desk,
        understood: &Understood<'_>,
        hint: Option<&Hint>,
        turns: Vec<Turn>,
    ) -> Result<(Evidence, Circumstances), AppError> {
        let workspace = &understood.inquiry.workspace;
        let configuration = self.configurations.of(&self.world, workspace).await?;
        // Nobody gets an answer out of passages that they may not read.
        let internal = self.reads_internal(who, workspace);
        let (evidence, searches) = self.settled(desk, (understood, hint), internal).await?;
        let waivers = self.world.review.waivers(workspace, self.world.clock.now().day()).await?;
        let making = Making {
            configuration,
            internal,
            turns,
            order_date: understood.ordered,
            searches,
            waivers: waivers.iter().map(|waiver| waiver.id.clone()).collect(),
        };
        Ok((evidence, Circumstances { making, waivers }))
    }

    /// What was found in one state of the documents: where a change came in between, another look.
    async fn settled(
        &self,
        desk: &Desk,
        asked: (&Understood<'_>, Option<&Hint>),
        internal: bool,
    ) -> Result<(Evidence, Vec<Search>), AppError> {
        let workspace = &asked.0.inquiry.workspace;
        let mut looks = 0;
        loop {
            let gathered = gather(&self.world, asked.0, asked.1).await;
            let before = self.world.index.sequence(workspace)?;
            let found = retrieve(&self.world, desk.vocabulary, asked, &gathered, internal)?;
            looks += 1;
            if looks == LOOKS || self.world.index.sequence(workspace)? == before {
                return Ok(found);
            }
        }
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

    /// Records that a draft did not come to be, with what was shown of it and what a model was asked.
    async fn give_up(
        &self,
        who: &Principal,
        inquiry: &Inquiry,
        draft: Id<name::Draft>,
        watch: Option<Watch<'_>>,
        progress: Progress,
        error: &AppError,
    ) {
        let code = error.code();
        telemetry::failed(&inquiry.workspace, code, &progress.asked);
        if watch.is_none() && progress.asked.is_empty() {
            return;
        }
        let Progress { shown, asked, .. } = progress;
        let what = What::DraftFailed {
            draft,
            inquiry: inquiry.id.clone(),
            streamed: shown,
            asked: Box::new(asked),
            code: code.to_owned(),
        };
        if let Err(error) = self.record(who, &inquiry.workspace, what).await {
            tracing::error!(inquiry.id = %inquiry.id, %error, "a failed draft could not be recorded");
        }
        see(watch, || Step::Failed { code });
    }
}
