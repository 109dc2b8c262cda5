//! Documents, read as they stood at one audit sequence. A revision's row only ever gains an end, so two statements
//! that name the same sequence see the same shelf without a transaction around them.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use async_trait::async_trait;

use super::{
    SqlStore,
    conn::Conn,
    db::{Row, Value, values_of},
    failed,
    fault::{Fault, unreadable},
    keep, listing,
};
use crate::{
    domain::{
        AppliesBy, Audience, Day, Id, Kind, Listed, Listing, NewRevision, Passage, Proposal, Revision, Span, Timestamp,
        Validity, WorkspaceId, name,
    },
    ports::{Delta, Shelf, StoreError},
};

/// When the documents of each workspace last changed, so far as it was asked for. Only the owner of a file can know it
/// without asking: whoever shares a server asks each time.
#[derive(Clone, Default)]
pub struct Latest(Arc<RwLock<HashMap<WorkspaceId, u64>>>);

impl Latest {
    fn of(&self, workspace: &WorkspaceId) -> Option<u64> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(workspace).copied()
    }

    /// Sequences only grow: whoever read an earlier one a moment ago changes nothing.
    pub fn raise(&self, workspace: &WorkspaceId, sequence: u64) {
        let mut latest = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let known = latest.entry(workspace.clone()).or_default();
        *known = sequence.max(*known);
    }
}

macro_rules! revisions_where {
    ($($condition:literal),+) => {
        concat!(
            "SELECT r.id, r.document, r.kind, r.title, r.url, r.audience, r.valid_from, r.valid_until, r.applies_by,
             t.body, t.note, r.past_reply, r.source, r.recorded_from, r.recorded_until, r.erased
             FROM revision r JOIN revision_text t ON t.workspace = r.workspace AND t.hash = r.text_hash
             WHERE r.workspace = $1 AND ",
            $($condition,)+
            " ORDER BY r.recorded_sequence, r.id"
        )
    };
}

macro_rules! passages_where {
    ($($condition:literal),+) => {
        concat!(
            "SELECT p.revision, p.id, p.span_start, p.span_end, p.heading
             FROM passage p JOIN revision r ON r.workspace = p.workspace AND r.id = p.revision
             WHERE r.workspace = $1 AND ",
            $($condition,)+
            " ORDER BY p.revision, p.place"
        )
    };
}

/// Came after $2, at the latest at $3, and had not gone by then.
macro_rules! held {
    ($part:ident) => {
        $part!(
            "r.recorded_sequence > $2 AND r.recorded_sequence <= $3
             AND (r.ended_sequence IS NULL OR r.ended_sequence > $3)"
        )
    };
}

/// Held now, of those that fit.
macro_rules! held_of {
    ($part:ident, $condition:literal) => {
        $part!($condition, " AND r.ended_sequence IS NULL")
    };
}

/// Retired by hand, and no later revision has the same key.
macro_rules! by_hand {
    ($part:ident) => {
        $part!(
            "r.ended_by_hand = 1 AND NOT EXISTS (SELECT 1 FROM revision n WHERE n.workspace = r.workspace
             AND n.document = r.document AND n.recorded_sequence > r.ended_sequence)"
        )
    };
}

/// Every revision of a document, held or not, in the order in which they were recorded.
pub async fn of_document(conn: &mut Conn, workspace: &WorkspaceId, key: &str) -> Result<Vec<Revision>, Fault> {
    let sql = (revisions_where!("r.document = $2"), passages_where!("r.document = $2"));
    read(conn, sql, values_of![workspace.as_str(), key]).await
}

#[async_trait]
impl Shelf for SqlStore {
    async fn revisions(&self, workspace: &WorkspaceId) -> Result<Vec<Revision>, StoreError> {
        Ok(self.changed_since(workspace, 0).await?.added)
    }

    async fn document(&self, workspace: &WorkspaceId, key: &str) -> Result<Vec<Revision>, StoreError> {
        let mut conn = self.reader().await?;
        let sql = (held_of!(revisions_where, "r.document = $2"), held_of!(passages_where, "r.document = $2"));
        read(&mut conn, sql, values_of![workspace.as_str(), key]).await.map_err(failed)
    }

    async fn guide(&self, workspace: &WorkspaceId) -> Result<Option<Revision>, StoreError> {
        let mut conn = self.reader().await?;
        let sql = (held_of!(revisions_where, "r.kind = $2"), held_of!(passages_where, "r.kind = $2"));
        Ok(read(&mut conn, sql, values_of![workspace.as_str(), Kind::Guide.as_str()]).await.map_err(failed)?.pop())
    }

    async fn revision(&self, workspace: &WorkspaceId, id: &Id<name::Revision>) -> Result<Option<Revision>, StoreError> {
        let mut conn = self.reader().await?;
        let values = values_of![workspace.as_str(), id.as_str()];
        let sql = (revisions_where!("r.id = $2"), passages_where!("r.id = $2"));
        if let Some(revision) = read(&mut conn, sql, values.clone()).await.map_err(failed)?.pop() {
            return Ok(Some(revision));
        }
        let left_out = conn.row("SELECT id FROM revision WHERE workspace = $1 AND id = $2", values).await;
        if left_out.map_err(failed)?.is_some() { Err(StoreError::Erased) } else { Ok(None) }
    }

    async fn retired_by_hand(&self, workspace: &WorkspaceId) -> Result<Vec<Revision>, StoreError> {
        let mut conn = self.reader().await?;
        let sql = (by_hand!(revisions_where), by_hand!(passages_where));
        read(&mut conn, sql, values_of![workspace.as_str()]).await.map_err(failed)
    }

    async fn state_at(&self, workspace: &WorkspaceId, at: Timestamp) -> Result<u64, StoreError> {
        let sql = "SELECT COALESCE(MAX(sequence), 0) FROM (
                       SELECT MAX(recorded_sequence) AS sequence FROM revision WHERE workspace = $1 AND recorded_from <= $2
                       UNION ALL
                       SELECT MAX(ended_sequence) FROM revision WHERE workspace = $1 AND recorded_until <= $2) AS states";
        let mut conn = self.reader().await?;
        let row = conn.row(sql, values_of![workspace.as_str(), at.0]).await.map_err(failed)?;
        let sequence = row.map_or(Ok(0), |row| row.int(0)).map_err(failed)?;
        u64::try_from(sequence).map_err(|_| failed(unreadable("revision.recorded_sequence")))
    }

    async fn held_after(&self, workspace: &WorkspaceId, sequence: u64) -> Result<Delta, StoreError> {
        let mut conn = self.reader().await?;
        let values = values_of![workspace.as_str(), 0_u64, sequence];
        let added = read(&mut conn, (held!(revisions_where), held!(passages_where)), values).await.map_err(failed)?;
        Ok(Delta { added, retired: Vec::new(), sequence })
    }

    async fn listed(&self, workspace: &WorkspaceId, listing: &Listing) -> Result<Vec<Listed>, StoreError> {
        listing::listed(&mut self.reader().await?, workspace, listing).await.map_err(failed)
    }

    async fn kinds(&self, workspace: &WorkspaceId) -> Result<[u64; Kind::ALL.len()], StoreError> {
        listing::kinds(&mut self.reader().await?, workspace).await.map_err(failed)
    }

    async fn proposals(&self, workspace: &WorkspaceId) -> Result<Vec<Proposal>, StoreError> {
        let sql =
            "SELECT id, wish, principal, at FROM proposal WHERE workspace = $1 AND state = 'waiting' ORDER BY at, id";
        let mut conn = self.reader().await?;
        let rows = conn.rows(sql, values_of![workspace.as_str()]).await.map_err(failed)?;
        rows.iter().map(proposal).collect::<Result<_, _>>().map_err(failed)
    }

    async fn changed_since(&self, workspace: &WorkspaceId, sequence: u64) -> Result<Delta, StoreError> {
        let mut conn = self.reader().await?;
        delta(&mut conn, workspace, sequence).await.map_err(failed)
    }

    async fn last_changed(&self, workspace: &WorkspaceId) -> Result<u64, StoreError> {
        let latest = self.db.has_one_owner().then_some(&self.latest);
        if let Some(sequence) = latest.and_then(|latest| latest.of(workspace)) {
            return Ok(sequence);
        }
        let sequence = last_changed(&mut self.reader().await?, workspace).await.map_err(failed)?;
        // Where there is no such workspace nothing is kept: its name is anybody's.
        if let Some(latest) = latest.filter(|_| sequence > 0) {
            latest.raise(workspace, sequence);
        }
        Ok(sequence)
    }

    async fn last_erased(&self, workspace: &WorkspaceId) -> Result<u64, StoreError> {
        let sql = "SELECT erased_sequence FROM log_head WHERE workspace = $1";
        let row = self.reader().await?.row(sql, values_of![workspace.as_str()]).await.map_err(failed)?;
        let sequence = row.map_or(Ok(0), |row| row.int(0)).map_err(failed)?;
        u64::try_from(sequence).map_err(|_| failed(unreadable("log_head.erased_sequence")))
    }
}

async fn last_changed(conn: &mut Conn, workspace: &WorkspaceId) -> Result<u64, Fault> {
    let sql = "SELECT knowledge_sequence FROM log_head WHERE workspace = $1";
    let row = conn.row(sql, values_of![workspace.as_str()]).await?;
    row.map_or(Ok(0), |row| u64::try_from(row.int(0)?).map_err(|_| unreadable("log_head.knowledge_sequence")))
}

async fn delta(conn: &mut Conn, workspace: &WorkspaceId, since: u64) -> Result<Delta, Fault> {
    let until = last_changed(conn, workspace).await?;
    if until <= since {
        return Ok(Delta { sequence: since, ..Delta::default() });
    }
    let values = values_of![workspace.as_str(), since, until];
    let added = read(conn, (held!(revisions_where), held!(passages_where)), values.clone()).await?;
    // What came and went after `since` was never in the index: it is neither added nor retired.
    let sql = "SELECT id FROM revision WHERE workspace = $1 AND recorded_sequence <= $2
               AND ended_sequence > $2 AND ended_sequence <= $3 ORDER BY ended_sequence, id";
    let retired = conn.rows(sql, values).await?.iter().map(|row| id(row, 0)).collect::<Result<_, _>>()?;
    Ok(Delta { added, retired, sequence: until })
}

fn proposal(row: &Row) -> Result<Proposal, Fault> {
    Ok(Proposal { id: id(row, 0)?, wish: keep::read(&row.text(1)?)?, by: row.text(2)?, at: Timestamp(row.int(3)?) })
}

/// Revisions with their passages; both statements have the same condition. One whose words were erased is left out.
async fn read(conn: &mut Conn, sql: (&'static str, &'static str), values: Vec<Value>) -> Result<Vec<Revision>, Fault> {
    let rows = conn.rows(sql.0, values.clone()).await?;
    let mut passages: HashMap<String, Vec<Passage>> = HashMap::new();
    for row in conn.rows(sql.1, values).await? {
        passages.entry(row.text(0)?).or_default().push(passage(&row)?);
    }
    let mut revisions = Vec::with_capacity(rows.len());
    for row in &rows {
        if row.int(15)? != 0 {
            continue;
        }
        let own = passages.remove(&row.text(0)?).unwrap_or_default();
        revisions.push(revision(row, own)?);
    }
    Ok(revisions)
}

fn revision(row: &Row, passages: Vec<Passage>) -> Result<Revision, Fault> {
    let content = NewRevision {
        key: row.text(1)?,
        kind: Kind::parse(&row.text(2)?).ok_or_else(|| unreadable("revision.kind"))?,
        title: row.text(3)?,
        url: row.maybe_text(4)?,
        audience: Audience::parse(&row.text(5)?).ok_or_else(|| unreadable("revision.audience"))?,
        validity: validity(row, 6)?,
        body: row.text(9)?,
        note: row.maybe_text(10)?,
        past_reply: row.maybe_text(11)?.as_deref().map(keep::read).transpose()?,
        source: row.maybe_text(12)?,
    };
    let (recorded_from, recorded_until) = (Timestamp(row.int(13)?), row.maybe_int(14)?.map(Timestamp));
    Ok(Revision { id: id(row, 0)?, content, recorded_from, recorded_until, passages })
}

fn passage(row: &Row) -> Result<Passage, Fault> {
    let offset = |column| usize::try_from(row.int(column)?).map_err(|_| unreadable("passage.span"));
    Ok(Passage { id: id(row, 1)?, span: Span { start: offset(2)?, end: offset(3)? }, heading: row.maybe_text(4)? })
}

/// From `column` and the two after it.
pub fn validity(row: &Row, column: usize) -> Result<Validity, Fault> {
    Ok(Validity {
        from: day(row, column)?,
        until: day(row, column + 1)?,
        by: AppliesBy::parse(&row.text(column + 2)?).ok_or_else(|| unreadable("revision.applies_by"))?,
    })
}

fn day(row: &Row, column: usize) -> Result<Option<Day>, Fault> {
    row.maybe_text(column)?.map(|day| Day::parse(&day).map_err(|_| unreadable("revision.valid"))).transpose()
}

/// The id in a column.
pub fn id<T: crate::domain::Named>(row: &Row, column: usize) -> Result<Id<T>, Fault> {
    Id::parse(&row.text(column)?).map_err(|_| unreadable("id"))
}
