//! From an inquiry to a recorded suggestion: retrieved, drafted, checked, recorded, shown.

use std::{panic::AssertUnwindSafe, pin::pin, time::Duration};

use futures_util::FutureExt as _;
use tokio::time::timeout;

use super::{App, AppError, Asking, Once, Step, Watch, access::Receipt};
use crate::{
    domain::{
        Asked, Checks, Draft, Drafter, Failure, Flag, Grounding, HandoffReason, Id, Inquiry, Principal, Span,
        Suggestion, Verdict, What, name,
    },
    drafting::Letter,
    pipeline::{
        check::{self, Checked},
        compose::{Composed, Material, compose, extract},
        desk::Desk,
        entail::{DoubtedLetter, entail},
        judge::{JudgedLetter, judge},
        plan::{self, Plan},
        retrieve::retrieve,
        understand::{Understood, understand},
    },
    ports::Hear,
    telemetry::{self, Stage},
};

/// A draft that is made in this time is recorded together with its inquiry.
const A_MOMENT: Duration = Duration::from_millis(20);

/// What of a draft came to be, known also when the rest does not.
#[derive(Default)]
struct Progress {
    /// What a watcher was shown.
    shown: String,
    /// What a model was asked, and what it answered.
    asked: Asked,
}

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
                // Queued one behind the other, they share a flush.
                let (received, made) = tokio::join!(receiving, Stage::Record.of(recording));
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

    /// From evidence to a checked suggestion; nothing is recorded here.
    async fn make(
        &self,
        who: &Principal,
        desk: &Desk,
        Asking { inquiry, turns, hint, .. }: Asking,
        draft: Id<name::Draft>,
        watch: Option<Watch<'_>>,
        progress: &mut Progress,
    ) -> Result<Suggestion, AppError> {
        let understood = understand(&inquiry, turns);
        // Nobody gets an answer out of passages that they may not read.
        let internal = self.reads_internal(who, &inquiry.workspace);
        let retrieving = retrieve(&self.world, desk.vocabulary, &understood, hint.as_ref(), internal);
        let evidence = Stage::Retrieve.of(retrieving).await?;
        see(watch, || Step::Retrieved(evidence.clone()));

        let waivers = self.world.review.waivers(&inquiry.workspace, self.world.clock.now().day()).await?;
        let mut plan = plan::plan(&understood, &evidence);
        let material = |task| Material {
            desk,
            understood: &understood,
            evidence: &evidence,
            task,
            hint: hint.as_ref(),
            waivers: &waivers,
        };
        let mut written = None;
        if let Plan::Draft(task) = plan {
            written = self.write(&material(task), &draft, watch, progress).await;
            plan = if written.is_some() { plan } else { Plan::Handoff(HandoffReason::NoEvidence) };
        }
        if written.as_ref().is_some_and(|(_, checks)| checks.has(Verdict::Contradicted)) {
            // Two of our own texts disagree on what would be said: a person has to look, and is shown both.
            (plan, written) = (Plan::Handoff(HandoffReason::Contradicted), None);
        }
        let (composed, checks) = written.unzip();
        let mut checks = checks.unwrap_or_default();
        let (mut judged, mut entailed) = (Asked::default(), Asked::default());
        // A model's word lets nothing that binds the shop go out on a nod.
        let binding = composed.as_ref().map(|it| check::unsupported_policy(&it.letter.text, &checks.grounding));
        if let Some(composed) = &composed {
            let text = composed.letter.text.as_str();
            let doubted = DoubtedLetter { understood: &understood, draft: &draft, text, evidence: &evidence.items };
            let letter = JudgedLetter { understood: &understood, draft: &draft, text, found: &checks.findings };
            let entailing = entail(&self.world, desk, &doubted, &mut checks.grounding, &mut entailed);
            let ((), more) = tokio::join!(entailing, judge(&self.world, desk, &letter, &mut judged));
            checks.findings.extend(check::recorded(&self.world, desk, &waivers, text, more));
            checks.findings.sort_by_key(|finding| (finding.seen.span, finding.seen.category));
        }
        if let (Some(watch), Some(composed)) = (watch, &composed) {
            // What a model said was shown as it came.
            if composed.drafter == Drafter::Extractive || progress.asked.deltas == 0 {
                show(watch, &composed.letter, &mut progress.shown);
            }
        }
        see(watch, || Step::Checked(checks.clone()));
        Ok(Suggestion {
            id: self.world.id(),
            outcome: plan::outcome(&plan, &understood, &evidence),
            draft: composed.map(|composed| of_letter(draft, composed, binding.unwrap_or_default())),
            checks,
            asked: std::mem::take(&mut progress.asked),
            judged,
            entailed,
            hint,
            guide: desk.guide.clone(),
            created_at: self.world.clock.now(),
            evidence,
            inquiry: inquiry.clone(),
        })
    }

    /// A checked letter. What a model wrote against the evidence, or beside it, is not shown: the extractive drafter
    /// stands in.
    async fn write(
        &self,
        material: &Material<'_>,
        draft: &Id<name::Draft>,
        watch: Option<Watch<'_>>,
        progress: &mut Progress,
    ) -> Option<(Composed, Checks)> {
        let Progress { shown, asked } = progress;
        let mut hear = watch.map(|watch| {
            |piece: &str| {
                shown.push_str(piece);
                watch(Step::Delta(piece.to_owned()));
            }
        });
        let onlooker = hear.as_mut().map(|hear| hear as Hear<'_>);
        let mut composed = Stage::Draft.of(compose(&self.world, material, draft, asked, onlooker)).await;
        let mut checks = composed.as_mut().map(|composed| self.check(material, composed)).transpose();
        if let Err(failure) = checks {
            if let Some(last) = asked.attempts.last_mut() {
                last.failure = Some(failure);
            }
            composed = extract(material, Some(failure));
            checks = composed.as_mut().map(|composed| self.check(material, composed)).transpose();
        }
        let failed = composed.as_ref().and_then(|composed| composed.fallback);
        if let (true, Some(watch)) = (asked.deltas > 0, watch)
            && composed.as_ref().is_none_or(|composed| composed.drafter == Drafter::Extractive)
        {
            shown.push('\n');
            watch(Step::Restarted(failed.unwrap_or(Failure::Empty)));
        }
        composed.zip(checks.ok().flatten())
    }

    /// Verdicts and findings of a letter; the failure of one that cannot be used, whose tone is nobody's matter any more.
    fn check(&self, material: &Material<'_>, composed: &mut Composed) -> Result<Checks, Failure> {
        Stage::Check.of_now(|| {
            let asked = composed.findings.take();
            let Understood { inquiry, .. } = material.understood;
            let checked = Checked {
                inquiry: inquiry.text.as_str(),
                channel: inquiry.channel,
                situation: Some(&inquiry.situations.primary),
                text: &composed.letter.text,
                evidence: &material.evidence.items,
                pointed: &composed.pointed,
                waivers: material.waivers,
                now: inquiry.received_at,
            };
            let grounding = check::ground(material.desk, &checked);
            if let Some(failure) = unusable(composed.drafter, &grounding) {
                return Err(failure);
            }
            let seen = asked.unwrap_or_else(|| check::tone(material.desk, &checked));
            Ok(Checks {
                grounding,
                findings: check::recorded(&self.world, material.desk, checked.waivers, checked.text, seen),
            })
        })
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
        let Progress { shown, asked } = progress;
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

/// Why a model's letter is no answer: it contradicts what we know, or no sentence of it stands on anything.
fn unusable(drafter: Drafter, grounding: &Grounding) -> Option<Failure> {
    match drafter {
        Drafter::Prompted if grounding.count(Verdict::Contradicted) > 0 => Some(Failure::Contradicted),
        Drafter::Prompted if grounding.count(Verdict::Supported) == 0 => Some(Failure::Ungrounded),
        _ => None,
    }
}

fn of_letter(id: Id<name::Draft>, composed: Composed, binding: Vec<Flag>) -> Draft {
    let Composed { letter: Letter { text, sentences }, drafter, fallback, mut flags, .. } = composed;
    flags.extend(binding);
    flags.sort_by_key(|flag| (flag.span, flag.kind));
    Draft { id, text, drafter, sentences, fallback, flags }
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
