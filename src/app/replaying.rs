//! A draft made again as it was made once: the documents, the guide, the prompts and the synonyms of then, and what the model
//! said then. What comes of it is compared with the record, byte for byte.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::runtime::Handle;

use super::{
    App, AppError,
    crafting::{Circumstances, Progress, Sheet},
};
use crate::{
    asking::{Seat, Tape},
    audit::{Difference, canonical, differences},
    config::ModelSettings,
    domain::{
        Asked, Configured, EventFilter, Id, Making, Principal, Suggestion, Timestamp, Waiver, What, WorkspaceId, name,
    },
    drafting::prompted::Templates,
    entailing::EntailFiles,
    identity::Act,
    judging::JudgeFiles,
    language::synonyms::Synonyms,
    pipeline::{
        Models, World,
        configuration::{BUILD, DRAFTER, ENTAIL, JUDGE, SYNONYMS},
        desk::{self, Desk},
        level,
        retrieve::{Gathered, retrieve},
        understand::understand,
    },
    ports::{IndexError, Near, StoreError},
};

/// How many events are read at a time.
const PAGE: usize = 500;

/// How often a state of the documents is made again that others pushed out.
const LOOKS: usize = 3;

/// What came of a replay.
#[derive(Debug)]
pub struct Replay {
    /// The suggestion as it was recorded.
    pub recorded: Suggestion,
    /// The same made again.
    pub replayed: Suggestion,
    /// Where they differ; empty when they are the same, byte for byte.
    pub differences: Vec<Difference>,
    /// The build that made the one.
    pub build_then: String,
    /// The build that made the other.
    pub build_now: &'static str,
}

/// Everything as it was then.
struct Then {
    recorded: Suggestion,
    draft: Id<name::Draft>,
    desk: Desk,
    waivers: Vec<Waiver>,
    synonyms: &'static Synonyms,
}

impl App {
    /// Makes a draft again with what its model said then.
    pub async fn replay(&self, who: &Principal, draft: &Id<name::Draft>) -> Result<Replay, AppError> {
        let (workspace, recorded, configured) = self.to_replay(who, draft).await?;
        let world = taped(&self.world, &recorded, &configured)?;
        let replayed = self.remade(world, &workspace, draft, &recorded, &configured).await?;
        // What a watcher was shown on the way is no part of what is made again.
        let asked = Asked { deltas: recorded.asked.deltas, ..replayed.asked.clone() };
        Ok(compared(recorded, Suggestion { asked, ..replayed }, configured))
    }

    /// Makes a draft again and asks the models that are there now: what would be said today from the same ground. That a
    /// model was asked is recorded; a decision cannot be made on what it says.
    pub async fn replay_live(&self, who: &Principal, draft: &Id<name::Draft>) -> Result<Replay, AppError> {
        let (workspace, recorded, configured) = self.to_replay(who, draft).await?;
        let world = World { models: Arc::clone(&self.world.models), ..of_then(&self.world, &configured)? };
        let replayed = self.remade(world, &workspace, draft, &recorded, &configured).await?;
        let Suggestion { asked, judged, entailed, .. } = &replayed;
        let asked = [asked, judged, entailed].map(Clone::clone);
        self.record(who, &workspace, What::ReplayedLive { draft: draft.clone(), asked: Box::new(asked) }).await?;
        let mut replay = compared(recorded, replayed, configured);
        // What was asked, and how long it took, differs each time.
        let is_asking = |place: &str| ["/asked", "/judged", "/entailed"].iter().any(|part| place.starts_with(part));
        replay.differences.retain(|difference| !is_asking(&difference.pointer));
        Ok(replay)
    }

    /// Every draft that a suggestion of a workspace made, in the order of the log.
    pub async fn drafts(&self, who: &Principal, workspace: &WorkspaceId) -> Result<Vec<Id<name::Draft>>, AppError> {
        self.permit(who, workspace, Act::Audit)?;
        self.desk(workspace).await?;
        let filter = EventFilter { of: Some("draft.suggested".to_owned()), ..EventFilter::default() };
        let (mut drafts, mut after) = (Vec::new(), 0);
        loop {
            let events = self.world.trail.events(workspace, &filter, after, PAGE).await?;
            let Some(last) = events.last() else { return Ok(drafts) };
            after = last.sequence;
            drafts.extend(events.iter().filter_map(|event| drafted(&event.content)));
        }
    }

    async fn to_replay(
        &self,
        who: &Principal,
        draft: &Id<name::Draft>,
    ) -> Result<(WorkspaceId, Suggestion, Configured), AppError> {
        let workspace = self.permit_on(who, "draft", draft, Act::Audit).await?;
        let found = self.world.cases.suggestion_of(&workspace, draft).await?;
        let (recorded, _) = found.ok_or_else(|| AppError::NoSuch { what: "draft", id: draft.to_string() })?;
        let configured = self.world.trail.configured(&workspace, &recorded.making.configuration).await?;
        let unknown = AppError::Unreplayable("it was made before its configuration was recorded");
        Ok((workspace, recorded, configured.ok_or(unknown)?))
    }

    /// The waivers that held, whatever became of them since.
    async fn waivers_of(&self, workspace: &WorkspaceId, recorded: &Suggestion) -> Result<Vec<Waiver>, AppError> {
        let named = &recorded.making.waivers;
        let mut waivers = self.world.review.waivers(workspace, Timestamp(0).day()).await?;
        waivers.retain(|waiver| named.contains(&waiver.id));
        match waivers.len() == named.len() {
            true => Ok(waivers),
            false => Err(AppError::Unreplayable("the words of a waiver that held were erased")),
        }
    }

    /// The suggestion made again in a world, with the ids and the moment of the record.
    async fn remade(
        &self,
        world: World,
        workspace: &WorkspaceId,
        draft: &Id<name::Draft>,
        recorded: &Suggestion,
        configured: &Configured,
    ) -> Result<Suggestion, AppError> {
        let words = configured.texts.get(SYNONYMS).map(|yaml| Synonyms::recorded(yaml));
        let words = words.ok_or(AppError::Unreplayable("its synonyms were not recorded"))?;
        let synonyms = words.map_err(|_| AppError::Unreplayable("this build cannot read its synonyms"))?;
        let desk = desk::with_guide(&self.world, workspace, recorded.guide.as_ref()).await?;
        let desk = desk.ok_or_else(|| AppError::NoSuchWorkspace { id: workspace.to_string() })?;
        let waivers = self.waivers_of(workspace, recorded).await?;
        let app = Self { world, ..self.clone() };
        let then = Then { recorded: recorded.clone(), draft: draft.clone(), desk, waivers, synonyms };
        let then = Arc::new((app, then));
        let mut looks = 1;
        loop {
            level::at_state(&self.world, workspace, recorded.evidence.index_sequence, synonyms).await?;
            let (runtime, then) = (Handle::current(), Arc::clone(&then));
            let making = move || then.1.synonyms.within(|| runtime.block_on(then.1.make(&then.0)));
            match tokio::task::spawn_blocking(making).await.map_err(|_| AppError::Panicked)? {
                // Others looked into other states meanwhile, and this one made room for them.
                Err(AppError::Index(IndexError::Forgotten)) if looks < LOOKS => looks += 1,
                made => return made,
            }
        }
    }
}

impl Then {
    /// The way of a draft, from the same ground. Stays on one thread, which reads with the synonyms of then.
    async fn make(&self, app: &App) -> Result<Suggestion, AppError> {
        let Self { recorded, draft, desk, waivers, .. } = self;
        let making = &recorded.making;
        let understood = understand(&recorded.inquiry, making.turns.clone());
        let gathered = Gathered {
            near: making.searches.iter().map(|search| search.near.iter().map(Near::of_record).collect()).collect(),
            state: Some(recorded.evidence.index_sequence),
            stale: recorded.evidence.stale,
        };
        let asked = (&understood, recorded.hint.as_ref());
        let (evidence, searches) = retrieve(&app.world, desk.vocabulary, asked, &gathered, making.internal)?;
        let making = Making { searches, order_date: understood.ordered, ..making.clone() };
        let sheet = Sheet {
            desk,
            understood: &understood,
            hint: recorded.hint.as_ref(),
            draft: draft.clone(),
            evidence,
            circumstances: Circumstances { making, waivers: waivers.clone() },
        };
        let made = app.craft(sheet, None, &mut Progress::default()).await?;
        Ok(named_as(recorded, made))
    }
}

/// The draft that an event speaks of, if there is one.
fn drafted(content: &str) -> Option<Id<name::Draft>> {
    let content: Value = serde_json::from_str(content).ok()?;
    Id::parse(content.pointer("/refs/draft")?.as_str()?).ok()
}

/// Ids, the moment, and how long it took are given, not made: they are taken from the record.
fn named_as(recorded: &Suggestion, made: Suggestion) -> Suggestion {
    let Suggestion { id, created_at, timings, .. } = recorded;
    let mut named = Suggestion { id: id.clone(), created_at: *created_at, timings: *timings, ..made };
    for (finding, known) in named.checks.findings.iter_mut().zip(&recorded.checks.findings) {
        finding.id = known.id.clone();
    }
    named
}

fn compared(recorded: Suggestion, replayed: Suggestion, configured: Configured) -> Replay {
    let (then, now) = (json!(recorded), json!(replayed));
    // Equal bytes are equal; where they are not, the places are looked for.
    let differences = if canonical(&then) == canonical(&now) { Vec::new() } else { differences(&then, &now) };
    Replay { recorded, replayed, differences, build_then: configured.configuration.build, build_now: BUILD }
}

/// The prompts of then.
fn of_then(world: &World, configured: &Configured) -> Result<World, AppError> {
    let unreadable = |_| AppError::Unreplayable("this build cannot read its prompts");
    let texts = &configured.texts;
    Ok(World {
        templates: Arc::new(Templates::recorded(texts).map_err(unreadable)?),
        judge_files: Arc::new(JudgeFiles::recorded(texts).map_err(unreadable)?),
        entail_files: Arc::new(EntailFiles::recorded(texts).map_err(unreadable)?),
        ..world.clone()
    })
}

/// The prompts of then, and models that say what they said then.
fn taped(world: &World, recorded: &Suggestion, configured: &Configured) -> Result<World, AppError> {
    let seat = |role: &str, asked: &Asked| {
        let described = configured.configuration.models.get(role);
        described.map(|described| tape_of(world, described, asked)).transpose()
    };
    let models = Models {
        default: seat(DRAFTER, &recorded.asked)?,
        judge: seat(JUDGE, &recorded.judged)?,
        entail: seat(ENTAIL, &recorded.entailed)?,
        ..Models::default()
    };
    Ok(World { models: Arc::new(models), ..of_then(world, configured)? })
}

fn tape_of(world: &World, described: &Value, asked: &Asked) -> Result<Arc<Seat>, AppError> {
    let unreadable = || StoreError::Failed("the settings of a model cannot be read".to_owned());
    let word = |key: &str| described.get(key).and_then(Value::as_str).ok_or_else(unreadable);
    let prompt_tokens = described.get("prompt_tokens").and_then(Value::as_u64).ok_or_else(unreadable)?;
    let vocabulary = world.playback.tokenizer(word("encoding")?);
    let tokenizer = vocabulary.ok_or(AppError::Unreplayable("this build does not know its tokenizer"))?;
    let settings = ModelSettings {
        prompt_tokens: usize::try_from(prompt_tokens).map_err(|_| unreadable())?,
        ..ModelSettings::new("", word("model")?)
    };
    let said = asked.attempts.last().filter(|attempt| attempt.heard).and_then(|last| world.playback.said(last));
    Ok(Arc::new(Seat::taped(settings, tokenizer, Tape::new(asked.clone(), said))))
}
