//! From evidence to a checked suggestion. A draft that is made and one that is replayed take the same way through here: what
//! it stands on is given, and nothing is recorded.

use super::{App, AppError, Step, Watch};
use crate::{
    domain::{
        Asked, Checks, Draft, Drafter, Evidence, Failure, Flag, Grounding, HandoffReason, Hint, Id, Making, Span,
        Suggestion, Timings, Verdict, Waiver, name,
    },
    drafting::Letter,
    pipeline::{
        check::{self, Checked},
        compose::{Composed, Material, compose, extract},
        desk::Desk,
        entail::{DoubtedLetter, entail},
        judge::{JudgedLetter, judge},
        plan::{self, Plan},
        understand::Understood,
    },
    ports::Hear,
    telemetry::Stage,
};

/// What of a draft came to be, known also when the rest does not.
#[derive(Default)]
pub(super) struct Progress {
    /// What a watcher was shown.
    pub(super) shown: String,
    /// What a model was asked, and what it answered.
    pub(super) asked: Asked,
    /// How long the stages took so far.
    pub(super) timings: Timings,
}

/// What a draft is made under beside its evidence.
pub(super) struct Circumstances {
    /// As it is recorded.
    pub(super) making: Making,
    /// The waivers that hold.
    pub(super) waivers: Vec<Waiver>,
}

/// All that a draft is crafted from.
pub(super) struct Sheet<'a> {
    pub(super) desk: &'a Desk,
    pub(super) understood: &'a Understood<'a>,
    /// What the operator wants.
    pub(super) hint: Option<&'a Hint>,
    /// The id that the draft will have.
    pub(super) draft: Id<name::Draft>,
    pub(super) evidence: Evidence,
    pub(super) circumstances: Circumstances,
}

impl App {
    /// From evidence to a checked suggestion; nothing is recorded here, and nothing read but what models say.
    pub(super) async fn craft(
        &self,
        sheet: Sheet<'_>,
        watch: Option<Watch<'_>>,
        progress: &mut Progress,
    ) -> Result<Suggestion, AppError> {
        let Sheet { desk, understood, hint, draft, evidence, circumstances } = sheet;
        let Circumstances { making, waivers } = circumstances;
        see(watch, || Step::Retrieved(evidence.clone()));
        let mut plan = plan::plan(understood, &evidence);
        let material = |task| Material { desk, understood, evidence: &evidence, task, hint, waivers: &waivers };
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
            let doubted = DoubtedLetter { understood, draft: &draft, text, evidence: &evidence.items };
            let letter = JudgedLetter { understood, draft: &draft, text, found: &checks.findings };
            let more = if self.world.models.reread() {
                let entailing = entail(&self.world, desk, &doubted, &mut checks.grounding, &mut entailed);
                let rereading = async { tokio::join!(entailing, judge(&self.world, desk, &letter, &mut judged)) };
                let (((), more), took) = Stage::Reread.timed(rereading).await;
                Timings::add(&mut progress.timings.checks, took);
                more
            } else {
                Vec::new()
            };
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
            outcome: plan::outcome(&plan, understood, &evidence),
            draft: composed.map(|composed| of_letter(draft, composed, binding.unwrap_or_default())),
            checks,
            asked: std::mem::take(&mut progress.asked),
            judged,
            entailed,
            making,
            timings: progress.timings,
            hint: hint.cloned(),
            guide: desk.guide.clone(),
            created_at: self.world.clock.now(),
            evidence,
            inquiry: understood.inquiry.clone(),
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
        let Progress { shown, asked, timings } = progress;
        let mut hear = watch.map(|watch| {
            |piece: &str| {
                shown.push_str(piece);
                watch(Step::Delta(piece.to_owned()));
            }
        });
        let onlooker = hear.as_mut().map(|hear| hear as Hear<'_>);
        let (mut composed, took) = Stage::Draft.timed(compose(&self.world, material, draft, asked, onlooker)).await;
        Timings::add(&mut timings.drafting, took);
        let mut checks = composed.as_mut().map(|composed| self.check(material, composed, timings)).transpose();
        if let Err(failure) = checks {
            if let Some(last) = asked.attempts.last_mut() {
                last.failure = Some(failure);
            }
            let took;
            (composed, took) = Stage::Draft.timed_now(|| extract(material, Some(failure)));
            Timings::add(&mut timings.drafting, took);
            checks = composed.as_mut().map(|composed| self.check(material, composed, timings)).transpose();
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
    fn check(
        &self,
        material: &Material<'_>,
        composed: &mut Composed,
        timings: &mut Timings,
    ) -> Result<Checks, Failure> {
        let (checks, took) = Stage::Check.timed_now(|| {
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
        });
        Timings::add(&mut timings.checks, took);
        checks
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

pub(super) fn see(watch: Option<Watch<'_>>, step: impl FnOnce() -> Step) {
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
