//! The one task that writes. Changes queue here and are written in groups, so that they share one flush; each
//! stands under a savepoint, so that one that does not fit is taken back alone. The task outlives the requests that
//! feed it: a caller who leaves never leaves half a change behind.

use std::fs::File;

use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

use super::{
    apply,
    conn::Conn,
    db::{Db, values_of},
    fault::Fault,
    keep::Keep,
    notary::Notary,
    scrub::{self, Marks},
    shelf::Latest,
    unsigned::{Unsigned, until},
};
use crate::{
    domain::{Asked, Change, Inquiry, What, WorkspaceId},
    ports::{Applied, Signed},
};

/// How many changes share a transaction at most.
const GROUP: usize = 64;
/// How many bytes count as one ordinary change.
const ORDINARY_BYTES: usize = 8 * 1024;
/// How many changes wait before callers have to.
const QUEUE: usize = 1024;
/// How many ordinary changes are written between two checkpoints, and share a transaction at most: a few megabytes of
/// write-ahead log.
const CHECKPOINT_EVERY: usize = 500;

/// What the task is asked.
pub enum Job {
    /// Write this.
    Apply(Box<Change>, oneshot::Sender<Result<Applied, Fault>>),
    /// Sign what a log holds.
    Sign(WorkspaceId, oneshot::Sender<Result<Option<Signed>, Fault>>),
    /// Leave nothing of what was deleted.
    Scrub(Marks, oneshot::Sender<Result<(), Fault>>),
    /// Write what came before, close the database and let others have the file.
    Close(oneshot::Sender<()>),
}

struct Queued {
    change: Box<Change>,
    answer: oneshot::Sender<Result<Applied, Fault>>,
}

/// Starts the task; it ends when asked to, when nobody can ask any more, or when the file is broken.
pub fn start(db: Db, keep: Keep, latest: Latest, notary: Notary, lock: Option<File>) -> mpsc::Sender<Job> {
    let (sender, jobs) = mpsc::channel(QUEUE);
    let unsigned = Unsigned::default();
    tokio::spawn(Writer { db, keep, latest, notary, unsigned, since_checkpoint: 0, _lock: lock }.run(jobs));
    sender
}

struct Writer {
    db: Db,
    keep: Keep,
    latest: Latest,
    notary: Notary,
    unsigned: Unsigned,
    since_checkpoint: usize,
    /// Let go when the task ends, after its connections.
    _lock: Option<File>,
}

impl Writer {
    async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut batch = Vec::with_capacity(GROUP);
        loop {
            let got = tokio::select! {
                got = jobs.recv_many(&mut batch, GROUP) => got,
                () = until(self.unsigned.next()) => {
                    self.sign_what_is_due().await;
                    continue;
                }
            };
            if got == 0 {
                break;
            }
            let mut closing = None;
            let (mut signing, mut scrubbing) = (Vec::new(), Vec::new());
            let mut queue = Vec::with_capacity(batch.len());
            for job in batch.drain(..) {
                match job {
                    Job::Apply(change, answer) => queue.push(Queued { change, answer }),
                    Job::Sign(workspace, answer) => signing.push((workspace, answer)),
                    Job::Scrub(marks, answer) => scrubbing.push((marks, answer)),
                    Job::Close(done) => closing = Some(done),
                }
            }
            let intact = self.write_all(queue).await;
            for (workspace, answer) in signing {
                let signed = self.sign(&workspace).await;
                // The caller may have left.
                let _ = answer.send(signed);
            }
            for (marks, answer) in scrubbing {
                let _ = answer.send(self.scrub(&marks).await);
            }
            if closing.is_none() && intact {
                continue;
            }
            jobs.close();
            self.sign_everything().await;
            self.db.close().await;
            drop(self);
            if let Some(done) = closing {
                // Whoever asked may have left; the work is done either way.
                let _ = done.send(());
            }
            return;
        }
        self.sign_everything().await;
        self.db.close().await;
    }

    /// Signs a log now.
    async fn sign(&mut self, workspace: &WorkspaceId) -> Result<Option<Signed>, Fault> {
        let at = self.unsigned.take(workspace);
        let mut conn = self.db.writer().await?;
        let signed = self.notary.sign(&mut conn, workspace, at).await;
        if let Err(fault) = &signed {
            conn.forget();
            // What the log says is written either way. Who asks for a checkpoint hears of it too.
            tracing::error!(workspace.id = %workspace, cause = ?fault, "the audit log was not signed");
        }
        signed
    }

    async fn sign_what_is_due(&mut self) {
        for workspace in self.unsigned.overdue(Instant::now()) {
            // Said in the log; the next event asks again.
            let _ = self.sign(&workspace).await;
        }
    }

    async fn sign_everything(&mut self) {
        for workspace in self.unsigned.all() {
            let _ = self.sign(&workspace).await;
        }
    }

    /// Writes and answers, in groups that are not too heavy; false when the file is broken. Whoever is not answered
    /// then learns that the store stopped.
    async fn write_all(&mut self, mut queue: Vec<Queued>) -> bool {
        // Two servers on one PostgreSQL lock the heads of their workspaces in the same order. The sort is stable:
        // within a workspace, first come stays first.
        queue.sort_by(|a, b| a.change.workspace.cmp(&b.change.workspace));
        while !queue.is_empty() {
            let later = queue.split_off(fitting(queue.iter().map(|queued| weight(&queued.change))));
            if !(self.write(queue).await && self.checkpoint().await) {
                return false;
            }
            queue = later;
            for workspace in self.unsigned.full(GROUP) {
                let _ = self.sign(&workspace).await;
            }
        }
        true
    }

    async fn write(&mut self, queue: Vec<Queued>) -> bool {
        let changes: Vec<&Change> = queue.iter().map(|queued| &*queued.change).collect();
        let mut results = self.group(&changes).await;
        if matches!(results, Err(Fault::Full)) && queue.len() > 1 {
            // One large change may have taken the room that the small ones still find.
            let mut alone = Vec::with_capacity(queue.len());
            for change in changes {
                alone.push(self.group(&[change]).await.and_then(|mut one| one.pop().unwrap_or(Err(Fault::Full))));
            }
            results = Ok(alone);
        }
        let mut intact = true;
        let results = results.unwrap_or_else(|fault| queue.iter().map(|_| Err(fault.clone())).collect());
        for (queued, result) in queue.into_iter().zip(results) {
            intact &= !is_broken(&result);
            if let Ok(applied) = &result {
                if queued.change.what.knowledge().is_some() {
                    self.latest.raise(&queued.change.workspace, applied.sequence);
                }
                self.written(&queued.change);
            }
            // The caller may have left; the change is durable all the same.
            let _ = queued.answer.send(result);
        }
        intact
    }

    /// An event more that nobody signed.
    fn written(&mut self, change: &Change) {
        self.unsigned.add(&change.workspace, change.at, Instant::now());
        if matches!(change.what, What::LogResumed { .. })
            && let Err(fault) = self.notary.set_aside(&change.workspace)
        {
            tracing::error!(workspace.id = %change.workspace, cause = ?fault, "old checkpoints were not set aside");
        }
    }

    /// One transaction. `Err` means that nothing of the group was written.
    async fn group(&mut self, changes: &[&Change]) -> Result<Vec<Result<Applied, Fault>>, Fault> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let mut conn = self.db.writer().await?;
        let results = transaction(&mut conn, &self.keep, changes).await;
        match &results {
            Ok(_) => self.since_checkpoint += changes.iter().map(|change| weight(change)).sum::<usize>(),
            Err(fault) => {
                tracing::warn!(change.count = changes.len(), cause = ?fault, "a group of changes was not written");
                conn.roll_back().await;
                if matches!(fault, Fault::Full) {
                    // A log that is moved into the file begins anew, and may leave room for what comes next.
                    self.since_checkpoint = CHECKPOINT_EVERY;
                }
            }
        }
        results
    }

    async fn scrub(&mut self, marks: &Marks) -> Result<(), Fault> {
        scrub::scrub(&mut self.db.writer().await?, marks).await
    }

    /// Moves the write-ahead log into the file now and then; false when that broke the file.
    async fn checkpoint(&mut self) -> bool {
        if self.since_checkpoint < CHECKPOINT_EVERY || !matches!(self.db, Db::Lite { .. }) {
            return true;
        }
        self.since_checkpoint = 0;
        let done: Result<(), Fault> = async {
            let mut conn = self.db.writer().await?;
            conn.rows("PRAGMA wal_checkpoint(PASSIVE)", values_of![]).await?;
            Ok(())
        }
        .await;
        !is_broken(&done)
    }
}

fn is_broken<T>(result: &Result<T, Fault>) -> bool {
    let Err(Fault::Broken(cause)) = result else { return false };
    tracing::error!(cause, "the database file is broken: nothing more is written until the server was restarted");
    true
}

async fn transaction(conn: &mut Conn, keep: &Keep, changes: &[&Change]) -> Result<Vec<Result<Applied, Fault>>, Fault> {
    conn.begin();
    let mut results = Vec::with_capacity(changes.len());
    for change in changes {
        conn.frame("SAVEPOINT change");
        let result = apply::apply(conn, keep, change).await;
        match &result {
            Ok(_) => {}
            // Neither leaves a transaction that could be trusted to go on.
            Err(fault @ (Fault::Full | Fault::Broken(_))) => return Err(fault.clone()),
            Err(Fault::Conflict(_) | Fault::Erased | Fault::Failed(_)) => {
                conn.forget();
                conn.frame("ROLLBACK TO SAVEPOINT change");
                conn.flush().await?;
            }
        }
        conn.frame("RELEASE SAVEPOINT change");
        results.push(result);
    }
    conn.frame("COMMIT");
    conn.flush().await?;
    Ok(results)
}

/// How many of the first changes make a group: one in any case, and more while they are not too heavy together.
fn fitting(weights: impl Iterator<Item = usize>) -> usize {
    let mut total = 0;
    let light = weights.take_while(|weight| {
        total += weight;
        total <= CHECKPOINT_EVERY
    });
    light.count().max(1)
}

/// How much a change fills the write-ahead log, roughly, in ordinary changes.
fn weight(change: &Change) -> usize {
    let of_inquiry = |inquiry: &Inquiry| {
        let records = inquiry.records.iter().map(|record| record.name.len() + record.value.len());
        inquiry.text.as_str().len() + records.sum::<usize>()
    };
    let of_asked = |asked: &Asked| {
        let prompts = asked.prompts.iter().flat_map(|prompt| &prompt.messages).map(|message| message.content.len());
        prompts.chain(asked.attempts.iter().map(|attempt| attempt.raw.len())).sum::<usize>()
    };
    let bytes = match &change.what {
        What::KnowledgeChanged(knowledge) => {
            let texts = knowledge.added.iter().map(|revision| &revision.content);
            let bytes = texts.map(|it| ORDINARY_BYTES + it.body.len() + it.note.as_ref().map_or(0, String::len));
            bytes.sum()
        }
        What::InquiryReceived { inquiry, .. } => of_inquiry(inquiry),
        What::Suggested(suggestion) => {
            let evidence = suggestion.evidence.items.iter().map(|item| item.text.len()).sum::<usize>();
            let draft = suggestion.draft.as_ref().map_or(0, |draft| draft.text.len());
            // Verdicts and citations quote the draft and the evidence.
            of_inquiry(&suggestion.inquiry) + 2 * (evidence + draft) + of_asked(&suggestion.asked)
        }
        What::Decided { reply: Some((reply, _)), .. } | What::Replied { reply, .. } => 3 * reply.text.len(),
        What::DraftFailed { streamed, asked, .. } => streamed.len() + of_asked(asked),
        _ => 0,
    };
    1 + bytes / ORDINARY_BYTES
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::SqlStore;
    use crate::{
        adapters::{
            anchors::FileAnchors,
            system::{SystemClock, SystemIds},
        },
        domain::{
            Change, Channel, EventFilter, Id, Inquiry, InquiryText, Principal, Situation, Situations, Timestamp, What,
            Workspace, WorkspaceId,
        },
        ports::{Anchors, Cases, Ids, Store, StoreError, Trail},
    };

    fn anchors(folder: &tempfile::TempDir) -> Arc<dyn Anchors> {
        Arc::new(FileAnchors::new(folder.path().join("checkpoints")))
    }

    fn shop() -> WorkspaceId {
        WorkspaceId::parse("shop").unwrap()
    }

    fn change(what: What) -> Change {
        Change { workspace: shop(), principal: Principal::system(), at: Timestamp(0), what, idempotency: None }
    }

    fn inquiry(chars: usize) -> Inquiry {
        Inquiry {
            id: Id::from_uuid(SystemIds.uuid()),
            workspace: shop(),
            conversation: Id::from_uuid(SystemIds.uuid()),
            channel: Channel::Chat,
            text: InquiryText::parse(&"長".repeat(chars)).unwrap(),
            customer: None,
            order: None,
            records: Vec::new(),
            situations: Situations::only(Situation::other()),
            received_at: Timestamp(0),
        }
    }

    async fn receive(store: &SqlStore, chars: usize) -> Result<Inquiry, StoreError> {
        let inquiry = inquiry(chars);
        let what = What::InquiryReceived { inquiry: Box::new(inquiry.clone()), open: None };
        store.apply(change(what)).await.map(|_| inquiry)
    }

    /// How many pages the file may have; SQLite answers what lies beyond as it answers a full disk.
    async fn allow(store: &SqlStore, more_pages: i64) {
        let mut conn = store.db.writer().await.unwrap();
        let pages = conn.row("PRAGMA page_count", vec![]).await.unwrap().unwrap().int(0).unwrap();
        let limit = String::leak(format!("PRAGMA max_page_count = {}", pages + more_pages));
        conn.rows(limit, vec![]).await.unwrap();
    }

    #[test]
    fn a_group_ends_before_it_is_too_heavy_and_is_never_empty() {
        let weigh =
            |chars| super::weight(&change(What::InquiryReceived { inquiry: inquiry(chars).into(), open: None }));
        assert_eq!((weigh(10), weigh(50_000)), (1, 1 + 150_000 / super::ORDINARY_BYTES));
        assert_eq!(super::fitting([1; 64].into_iter()), 64);
        let heavy = super::CHECKPOINT_EVERY / 2;
        assert_eq!(super::fitting([heavy, heavy, 1].into_iter()), 2);
        assert_eq!(super::fitting([3 * heavy, 1].into_iter()), 1);
    }

    #[tokio::test]
    async fn a_full_disk_refuses_what_does_not_fit_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("a.db").display());
        let store = SqlStore::open(&url, &[0; 32], &SystemClock, Arc::new(SystemIds), anchors(&folder)).await.unwrap();
        store.apply(change(What::WorkspaceOpened(Workspace { id: shop(), name: "店".into() }))).await.unwrap();
        let before = receive(&store, 10).await.unwrap();

        allow(&store, 8).await;
        let (large, small) = tokio::join!(receive(&store, 50_000), receive(&store, 20));
        assert!(matches!(large, Err(StoreError::Full)));
        let small = small.unwrap();
        for kept in [&before, &small] {
            assert_eq!(store.inquiry(&shop(), &kept.id).await.unwrap().as_ref(), Some(kept), "reading goes on");
        }
        let log = store.events(&shop(), &EventFilter::default(), 0, 100).await.unwrap();
        assert_eq!(log.len(), 3, "what was refused took no number");

        allow(&store, 1_000_000).await;
        receive(&store, 50_000).await.unwrap();
        store.close().await;
    }

    #[tokio::test]
    async fn a_file_is_free_for_the_next_once_it_is_closed_or_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("a.db").display());
        let open = || SqlStore::open(&url, &[0; 32], &SystemClock, Arc::new(SystemIds), anchors(&folder));
        let store = open().await.unwrap();
        assert!(matches!(open().await, Err(super::super::OpenError::InUse { .. })));
        store.close().await;
        drop(open().await.unwrap());
        for _ in 0..200 {
            if open().await.is_ok() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("a dropped store keeps its file");
    }
}
