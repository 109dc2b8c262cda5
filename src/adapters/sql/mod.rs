//! The store: SQLite or PostgreSQL behind one SQL text. Everything that is written goes through `apply`, which queues
//! it for the one writer task; everything that is read takes a connection of its own. What a change means as rows is
//! said in `apply` and the files it calls; what an event says of it, in `audit/`.

mod aftermath;
mod apply;
mod cases;
mod configuration;
mod conn;
mod conversation;
mod db;
mod doors;
mod erase;
mod fault;
mod figures;
mod findings;
mod inbox;
mod journey;
mod keep;
mod knowledge;
mod lease;
mod listing;
mod lookup;
mod migrate;
mod notary;
mod open;
mod parts;
mod people;
mod proof;
mod quality;
mod queue;
mod reliance;
mod review;
mod scrub;
mod seal;
mod shelf;
mod traces;
mod trail;
mod undo;
mod unsigned;
mod writer;

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::{mpsc, oneshot};

use self::{conn::Conn, db::Db, keep::Keep, notary::Notary, shelf::Latest, writer::Job};
use crate::{
    domain::Change,
    ports::{Anchors, Applied, Clock, Ids, Store, StoreError},
};

pub use self::open::OpenError;

/// A store that is open. Clones share it.
#[derive(Clone)]
pub struct SqlStore {
    db: Db,
    writer: mpsc::Sender<Job>,
    keep: Keep,
    latest: Latest,
    notary: Notary,
}

impl SqlStore {
    /// Opens `sqlite:PATH` or `postgres://…` and brings its schema forward. `secret` keys the hashes that stand for
    /// texts, and makes the key that signs the audit log: it must stay the same as long as the database lives. `anchors` keep
    /// the signed checkpoints beside it.
    pub async fn open(
        url: &str,
        secret: &[u8; 32],
        clock: &dyn Clock,
        ids: Arc<dyn Ids>,
        anchors: Arc<dyn Anchors>,
    ) -> Result<Self, OpenError> {
        let (db, lock) = open::connect(url).await?;
        migrate::migrate(&db, clock.now()).await?;
        let latest = Latest::default();
        let keep = Keep::new(secret, ids);
        open::seal_what_is_plain(&db, &keep, clock.now()).await?;
        let notary = Notary::new(&keep.signing_seed(), anchors);
        let writer = writer::start(db.clone(), keep.clone(), latest.clone(), notary.clone(), lock);
        Ok(Self { db, writer, keep, latest, notary })
    }

    /// Writes what is queued, closes every connection and lets another process have the file. Later calls on any
    /// clone fail. A store that is dropped without it closes soon after.
    pub async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.writer.send(Job::Close(done)).await.is_ok() {
            // An error means that the task ended before it came to this: closed as well.
            let _ = closed.await;
        }
    }

    async fn reader(&self) -> Result<Conn, StoreError> {
        self.db.reader().await.map_err(failed)
    }
}

#[async_trait]
impl Store for SqlStore {
    async fn apply(&self, change: Change) -> Result<Applied, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.writer.send(Job::Apply(Box::new(change), answer)).await.map_err(|_| stopped())?;
        Ok(answered.await.map_err(|_| stopped())??)
    }
}

fn stopped() -> StoreError {
    StoreError::Failed("the store was closed, or stopped after an I/O error".to_owned())
}

/// Any failure on the reading side.
fn failed(fault: impl Into<fault::Fault>) -> StoreError {
    fault.into().into()
}
