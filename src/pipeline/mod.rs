//! The stages of an inquiry's journey, a verb a file; `app.rs` calls them in their order.

pub mod check;
pub mod compose;
pub mod desk;
pub mod ingest;
pub mod level;
pub mod plan;
pub mod receive;
pub mod retrieve;
pub mod understand;

use std::sync::Arc;

use crate::{
    domain::{Id, Named},
    ports::{Cases, Clock, Doors, Ids, PassageIndex, Shelf, Store, Trail},
};

/// What every stage may ask of the world.
#[derive(Clone)]
pub struct World {
    /// The one way to write.
    pub store: Arc<dyn Store>,
    /// Workspaces and keys.
    pub doors: Arc<dyn Doors>,
    /// Documents.
    pub shelf: Arc<dyn Shelf>,
    /// Inquiries and what became of them.
    pub cases: Arc<dyn Cases>,
    /// The audit log.
    pub trail: Arc<dyn Trail>,
    /// Finds passages.
    pub index: Arc<dyn PassageIndex>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// Held while an index of this process is brought level with the store.
    pub leveling: Arc<tokio::sync::Mutex<()>>,
}

impl World {
    /// A fresh id.
    pub fn id<T: Named>(&self) -> Id<T> {
        Id::from_uuid(self.ids.uuid())
    }
}
