//! Workspaces, keys and repeated requests.

use async_trait::async_trait;

use super::{
    SqlStore,
    db::{Row, values_of},
    failed,
    fault::{Fault, unreadable},
};
use crate::{
    domain::{Id, Idempotency, Key, Principal, Role, Workspace, WorkspaceId},
    ports::{Doors, StoreError},
};

#[async_trait]
impl Doors for SqlStore {
    async fn workspaces(&self) -> Result<Vec<Workspace>, StoreError> {
        let rows = self.reader().await?.rows("SELECT id, name FROM workspace ORDER BY id", values_of![]).await;
        rows.map_err(failed)?.iter().map(|row| workspace(row).map_err(failed)).collect()
    }

    async fn key(&self, secret_hash: &str) -> Result<Option<Key>, StoreError> {
        let sql = "SELECT id, workspace, role, label, secret_hash FROM api_key
                   WHERE secret_hash = $1 AND revoked_at IS NULL";
        let row = self.reader().await?.row(sql, values_of![secret_hash]).await.map_err(failed)?;
        row.map(|row| key(&row).map_err(failed)).transpose()
    }

    async fn keys(&self, workspace: &WorkspaceId) -> Result<Vec<Key>, StoreError> {
        let sql = "SELECT id, workspace, role, label, secret_hash FROM api_key
                   WHERE workspace = $1 AND revoked_at IS NULL ORDER BY id";
        let rows = self.reader().await?.rows(sql, values_of![workspace.as_str()]).await.map_err(failed)?;
        rows.iter().map(|row| key(row).map_err(failed)).collect()
    }

    async fn ever_had_keys(&self) -> Result<bool, StoreError> {
        let row = self.reader().await?.row("SELECT id FROM api_key LIMIT 1", values_of![]).await.map_err(failed)?;
        Ok(row.is_some())
    }

    async fn repeated(
        &self,
        workspace: &WorkspaceId,
        principal: &Principal,
        key: &str,
        request_hash: &str,
    ) -> Result<Option<Idempotency>, StoreError> {
        let sql = "SELECT key, request_hash, made FROM idempotency
                   WHERE workspace = $1 AND principal = $2 AND key = $3";
        let values = values_of![workspace.as_str(), principal.id.as_str(), key];
        let row = self.reader().await?.row(sql, values).await.map_err(failed)?;
        let Some(mut before) = row.map(|row| repeated(&row).map_err(failed)).transpose()? else { return Ok(None) };
        if before.request_hash == self.keep.request(workspace.as_str(), request_hash) {
            request_hash.clone_into(&mut before.request_hash);
        }
        Ok(Some(before))
    }
}

fn workspace(row: &Row) -> Result<Workspace, Fault> {
    Ok(Workspace { id: workspace_id(row, 0)?, name: row.text(1)? })
}

/// The workspace that a column names.
pub fn workspace_id(row: &Row, column: usize) -> Result<WorkspaceId, Fault> {
    WorkspaceId::parse(&row.text(column)?).map_err(|_| unreadable("workspace"))
}

fn key(row: &Row) -> Result<Key, Fault> {
    Ok(Key {
        id: Id::parse(&row.text(0)?).map_err(|_| unreadable("api_key.id"))?,
        workspace: workspace_id(row, 1)?,
        role: Role::parse(&row.text(2)?).ok_or_else(|| unreadable("api_key.role"))?,
        label: row.text(3)?,
        secret_hash: row.text(4)?,
    })
}

fn repeated(row: &Row) -> Result<Idempotency, Fault> {
    Ok(Idempotency { key: row.text(0)?, request_hash: row.text(1)?, made: row.text(2)? })
}
