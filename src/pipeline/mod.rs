//! The stages of an inquiry's journey, a verb a file; `app.rs` calls them in their order.

pub mod affected;
pub mod catch_up;
pub mod check;
mod companions;
pub mod compose;
pub mod configuration;
pub mod desk;
pub mod entail;
pub mod ingest;
pub mod intents;
pub mod judge;
pub mod level;
pub mod near;
pub mod plan;
pub mod receive;
pub mod retrieve;
pub mod understand;

use std::{collections::HashMap, sync::Arc};

use self::near::Nearness;
use crate::{
    asking::{Seat, Source},
    domain::{Id, Named, WorkspaceId},
    drafting::prompted::Templates,
    entailing::EntailFiles,
    identity::SessionKey,
    judging::JudgeFiles,
    ports::{
        Cases, Clock, Doors, Erasing, Figures, Ids, Inboxes, Meters, PassageIndex, People, Playback, Quality,
        Reliances, Review, Shelf, SignOn, Store, Trail,
    },
};

/// What every stage may ask of the world.
#[derive(Clone)]
pub struct World {
    /// The one way to write.
    pub store: Arc<dyn Store>,
    /// Workspaces and keys.
    pub doors: Arc<dyn Doors>,
    /// Who works here.
    pub people: Arc<dyn People>,
    /// Documents.
    pub shelf: Arc<dyn Shelf>,
    /// Inquiries and what became of them.
    pub cases: Arc<dyn Cases>,
    /// What waits for an answer.
    pub inboxes: Arc<dyn Inboxes>,
    /// What came and what became of it, counted.
    pub figures: Arc<dyn Figures>,
    /// Who was told what by which revision.
    pub reliances: Arc<dyn Reliances>,
    /// Findings and rulings.
    pub review: Arc<dyn Review>,
    /// What QA does beside ruling.
    pub quality: Arc<dyn Quality>,
    /// What may be erased and what was.
    pub erasing: Arc<dyn Erasing>,
    /// The audit log.
    pub trail: Arc<dyn Trail>,
    /// Finds passages.
    pub index: Arc<dyn PassageIndex>,
    /// Finds them by what they mean.
    pub near: Arc<Nearness>,
    /// Which models draft.
    pub models: Arc<Models>,
    /// What they are asked with.
    pub templates: Arc<Templates>,
    /// What a judge is asked with.
    pub judge_files: Arc<JudgeFiles>,
    /// What a second reader of grounding is asked with.
    pub entail_files: Arc<EntailFiles>,
    /// Reads what models said once.
    pub playback: Arc<dyn Playback>,
    /// What was counted.
    pub meters: Arc<dyn Meters>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// Who else says who somebody is.
    pub sign_on: Option<Arc<dyn SignOn>>,
    /// What the tickets of browsers stand under.
    pub sessions: SessionKey,
    /// Held while an index of this process is brought level with the store.
    pub leveling: Arc<tokio::sync::Mutex<()>>,
}

/// The models of an installation, each with what protects from it.
#[derive(Default)]
pub struct Models {
    /// For every workspace that has none of its own.
    pub default: Option<Arc<Seat>>,
    /// By workspace.
    pub own: HashMap<WorkspaceId, Arc<Seat>>,
    /// Judges the tone of drafts, for all workspaces.
    pub judge: Option<Arc<Seat>>,
    /// Reads what facts leave open, for all workspaces.
    pub entail: Option<Arc<Seat>>,
}

impl Models {
    /// The model that drafts for a workspace, if one does.
    pub fn of(&self, workspace: &WorkspaceId) -> Option<&Seat> {
        self.own.get(workspace).or(self.default.as_ref()).map(AsRef::as_ref)
    }

    /// Whether some model reads a draft once more.
    pub fn reread(&self) -> bool {
        self.judge.is_some() || self.entail.is_some()
    }
}

impl World {
    /// Where time and chance come from when a model is asked.
    pub fn source(&self) -> Source<'_> {
        Source { clock: self.clock.as_ref(), ids: self.ids.as_ref() }
    }

    /// A fresh id.
    pub fn id<T: Named>(&self) -> Id<T> {
        Id::from_uuid(self.ids.uuid())
    }
}
