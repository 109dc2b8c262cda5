//! The audit log, read as it was written.

use async_trait::async_trait;

use super::{
    SqlStore,
    db::{Row, values_of},
    failed,
    fault::{Fault, unreadable},
};
use crate::{
    audit::Head,
    domain::WorkspaceId,
    ports::{Event, StoreError, Trail},
};

#[async_trait]
impl Trail for SqlStore {
    async fn events(&self, workspace: &WorkspaceId, after: u64, limit: usize) -> Result<Vec<Event>, StoreError> {
        let sql = "SELECT sequence, content, previous, hash FROM event
                   WHERE workspace = $1 AND sequence > $2 ORDER BY sequence LIMIT $3";
        let values = values_of![workspace.as_str(), after, limit];
        let rows = self.reader().await?.rows(sql, values).await.map_err(failed)?;
        rows.iter().map(|row| event(row).map_err(failed)).collect()
    }
}

impl SqlStore {
    /// Where the log of a workspace ends; `None` when there is no such workspace. Written down elsewhere, it shows
    /// later whether the log was cut or written anew.
    pub async fn head(&self, workspace: &WorkspaceId) -> Result<Option<Head>, StoreError> {
        let sql = "SELECT sequence, hash FROM log_head WHERE workspace = $1";
        let row = self.reader().await?.row(sql, values_of![workspace.as_str()]).await.map_err(failed)?;
        row.map(|row| head(&row).map_err(failed)).transpose()
    }
}

fn event(row: &Row) -> Result<Event, Fault> {
    Ok(Event { sequence: sequence(row)?, content: row.text(1)?, previous: row.text(2)?, hash: row.text(3)? })
}

fn head(row: &Row) -> Result<Head, Fault> {
    Ok(Head { sequence: sequence(row)?, hash: row.text(1)? })
}

fn sequence(row: &Row) -> Result<u64, Fault> {
    u64::try_from(row.int(0)?).map_err(|_| unreadable("sequence"))
}
