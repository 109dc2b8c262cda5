//! A workspace made ready to work: its guide compiled, its words for situations.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError, RwLock},
};

use super::World;
use crate::{
    domain::{Brand, Formulas, Guide, Id, Revision, Workspace, WorkspaceId, name},
    drafting::prompted::Instructions,
    grounding::SetPhrases,
    language::situation::Vocabulary,
    ports::StoreError,
    tone::Checker,
};

/// What the stages need to know of a workspace.
pub struct Desk {
    /// Whose desk.
    pub workspace: Workspace,
    /// The guide, compiled.
    pub tone: Checker,
    /// Its set phrases, compiled.
    pub formulas: SetPhrases,
    /// What a model is told for this brand, made once for each kind of inquiry.
    pub instructions: Instructions,
    /// The guide's revision; `None` while there is no guide.
    pub guide: Option<Id<name::Revision>>,
    /// The words for situations.
    pub vocabulary: &'static Vocabulary,
    /// The change of documents that this was made from.
    sequence: u64,
}

/// Desks that were made ready once. A change of documents makes a desk anew when it is next asked for, on
/// whichever node the change was made.
#[derive(Default)]
pub struct Desks {
    ready: RwLock<HashMap<WorkspaceId, Arc<Desk>>>,
}

impl Desks {
    /// The desk of a workspace, level with the store; `None` when there is no such workspace.
    pub async fn desk(&self, world: &World, id: &WorkspaceId) -> Result<Option<Arc<Desk>>, StoreError> {
        let sequence = world.shelf.last_changed(id).await?;
        if let Some(desk) = self.ready.read().unwrap_or_else(PoisonError::into_inner).get(id)
            && desk.sequence == sequence
        {
            return Ok(Some(Arc::clone(desk)));
        }
        let Some(workspace) = world.doors.workspaces().await?.into_iter().find(|workspace| workspace.id == *id) else {
            return Ok(None);
        };
        let desk = Arc::new(open(world, workspace, sequence).await?);
        self.ready.write().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), Arc::clone(&desk));
        Ok(Some(desk))
    }
}

async fn open(world: &World, workspace: Workspace, sequence: u64) -> Result<Desk, StoreError> {
    let guide = world.shelf.guide(&workspace.id).await?;
    made(workspace, guide, sequence)
}

/// The desk with a guide as it was once; `None` when there is no such workspace.
pub async fn with_guide(
    world: &World,
    id: &WorkspaceId,
    guide: Option<&Id<name::Revision>>,
) -> Result<Option<Desk>, StoreError> {
    let Some(workspace) = world.doors.workspaces().await?.into_iter().find(|workspace| workspace.id == *id) else {
        return Ok(None);
    };
    let revision = match guide {
        Some(guide) => {
            let missing = || StoreError::Failed(format!("no guide {guide}"));
            Some(world.shelf.revision(id, guide).await?.ok_or_else(missing)?)
        }
        None => None,
    };
    made(workspace, revision, 0).map(Some)
}

fn made(workspace: Workspace, revision: Option<Revision>, sequence: u64) -> Result<Desk, StoreError> {
    let written = revision.as_ref().and_then(|revision| revision.content.note.as_deref());
    let guide = match written {
        Some(json) => serde_json::from_str(json).map_err(|error| StoreError::Failed(format!("guide: {error}")))?,
        None => no_guide(&workspace),
    };
    Ok(Desk {
        workspace,
        formulas: SetPhrases::of(&guide.brand.formulas),
        instructions: Instructions::default(),
        tone: Checker::new(guide),
        guide: revision.map(|revision| revision.id),
        vocabulary: Vocabulary::builtin(),
        sequence,
    })
}

/// A shop that has no guide yet is answered in the neutral voice, and nothing is checked.
fn no_guide(workspace: &Workspace) -> Guide {
    let brand = Brand {
        id: workspace.id.to_string(),
        name: workspace.name.clone(),
        business: String::new(),
        channels: Vec::new(),
        voice: String::new(),
        formulas: Formulas::default(),
    };
    Guide { brand, formal_ok: Vec::new(), terms: Vec::new(), rules: BTreeMap::new() }
}
