//! The audit log and its checkpoints, read as they were written.

use async_trait::async_trait;
use tokio::sync::oneshot;

use super::{
    SqlStore, configuration,
    db::{Row, Value, values_of},
    failed,
    fault::{Fault, unreadable},
    proof, stopped,
    writer::Job,
};
use crate::{
    domain::{Configured, EventFilter, Timestamp, WorkspaceId},
    ports::{Event, Proof, Signed, StoreError, Trail},
};

/// Canonical JSON has one spelling, and an id no sign that LIKE would read otherwise but `_`, which fits itself.
macro_rules! events_sql {
    ($beyond:literal, $order:literal) => {
        concat!(
            "SELECT sequence, content, previous, hash FROM event
             WHERE workspace = $1 AND sequence ",
            $beyond,
            " $2 AND ($4 IS NULL OR type = $4 OR type LIKE $4 || '.%') AND ($5 IS NULL OR principal = $5)
             AND ($6 IS NULL OR content LIKE $6) AND ($7 IS NULL OR at >= $7) AND ($8 IS NULL OR at < $8)
             ORDER BY sequence ",
            $order,
            " LIMIT $3"
        )
    };
}

#[async_trait]
impl Trail for SqlStore {
    async fn events(
        &self,
        workspace: &WorkspaceId,
        filter: &EventFilter,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Event>, StoreError> {
        let values = sought(workspace, filter, after, limit);
        let rows = self.reader().await?.rows(events_sql!(">", "ASC"), values).await.map_err(failed)?;
        rows.iter().map(|row| event(row).map_err(failed)).collect()
    }

    async fn last_events(
        &self,
        workspace: &WorkspaceId,
        filter: &EventFilter,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Event>, StoreError> {
        let values = sought(workspace, filter, before.unwrap_or(u64::MAX), limit);
        let rows = self.reader().await?.rows(events_sql!("<", "DESC"), values).await.map_err(failed)?;
        rows.iter().map(|row| event(row).map_err(failed)).collect()
    }

    async fn principals(&self, workspace: &WorkspaceId) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT DISTINCT principal FROM event WHERE workspace = $1 ORDER BY principal";
        let rows = self.reader().await?.rows(sql, values_of![workspace.as_str()]).await.map_err(failed)?;
        rows.iter().map(|row| row.text(0).map_err(failed)).collect()
    }

    async fn checkpoints(&self, workspace: &WorkspaceId, after: u64, limit: usize) -> Result<Vec<Signed>, StoreError> {
        let sql = "SELECT size, note, at FROM checkpoint WHERE workspace = $1 AND size > $2 ORDER BY size LIMIT $3";
        let values = values_of![workspace.as_str(), after, limit];
        let rows = self.reader().await?.rows(sql, values).await.map_err(failed)?;
        rows.iter().map(|row| signed(row).map_err(failed)).collect()
    }

    async fn count_checkpoints(&self, workspace: &WorkspaceId, size: u64) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(*) FROM checkpoint WHERE workspace = $1 AND size <= $2";
        let row = self.reader().await?.row(sql, values_of![workspace.as_str(), size]).await.map_err(failed)?;
        row.map_or(Ok(0), |row| number(&row, 0).map_err(failed))
    }

    async fn checkpoint(&self, workspace: &WorkspaceId) -> Result<Option<Signed>, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.writer.send(Job::Sign(workspace.clone(), answer)).await.map_err(|_| stopped())?;
        Ok(answered.await.map_err(|_| stopped())??)
    }

    async fn proof(&self, workspace: &WorkspaceId, sequence: u64) -> Result<Option<Proof>, StoreError> {
        let Some(signed) = self.checkpoint(workspace).await? else { return Ok(None) };
        let mut conn = self.reader().await?;
        proof::prove(&mut conn, workspace, sequence, &signed).await.map_err(failed)
    }

    async fn kept(&self, workspace: &WorkspaceId) -> Result<Option<String>, StoreError> {
        self.notary.kept(workspace).map_err(failed)
    }

    async fn configured(&self, workspace: &WorkspaceId, hash: &str) -> Result<Option<Configured>, StoreError> {
        configuration::read(&mut self.reader().await?, workspace, hash).await.map_err(failed)
    }

    fn signing_key(&self) -> String {
        self.notary.key()
    }
}

fn sought(workspace: &WorkspaceId, filter: &EventFilter, bound: u64, limit: usize) -> Vec<Value> {
    let EventFilter { of, principal, naming, from, until } = filter;
    let naming = naming.as_deref().map(|id| format!("%\"{id}\"%"));
    let (from, until) = (from.map(|from| from.0), until.map(|until| until.0));
    let mut values = values_of![workspace.as_str(), bound, limit, of.as_deref(), principal.as_deref()];
    values.extend(values_of![naming.as_deref(), from, until]);
    values
}

fn event(row: &Row) -> Result<Event, Fault> {
    Ok(Event { sequence: number(row, 0)?, content: row.text(1)?, previous: row.text(2)?, hash: row.text(3)? })
}

fn signed(row: &Row) -> Result<Signed, Fault> {
    Ok(Signed { size: number(row, 0)?, note: row.text(1)?, at: Timestamp(row.int(2)?) })
}

fn number(row: &Row, at: usize) -> Result<u64, Fault> {
    u64::try_from(row.int(at)?).map_err(|_| unreadable("sequence"))
}
