//! What may be erased, what was, and for how long texts are kept, read.

use async_trait::async_trait;
use tokio::sync::oneshot;

use super::{
    SqlStore,
    db::{Row, values_of},
    erase, failed,
    fault::{Fault, unreadable},
    scrub, stopped,
    writer::Job,
};
use crate::{
    domain::{Erasure, Id, Retention, TextClass, Timestamp, Traces, Whose, WorkspaceId, name},
    ports::{Erasing, StoreError},
};

#[async_trait]
impl Erasing for SqlStore {
    async fn traces(&self, workspace: &WorkspaceId, whose: &Whose) -> Result<Traces, StoreError> {
        erase::traces(&mut self.reader().await?, &self.keep, workspace.as_str(), whose).await.map_err(failed)
    }

    async fn erasure(&self, workspace: &WorkspaceId, id: &Id<name::Erasure>) -> Result<Option<Erasure>, StoreError> {
        let sql = "SELECT id, texts, at FROM erasure WHERE workspace = $1 AND id = $2";
        let row = self.reader().await?.row(sql, values_of![workspace.as_str(), id.as_str()]).await.map_err(failed)?;
        row.map(|row| erasure(&row).map_err(failed)).transpose()
    }

    async fn last_erasure(&self, workspace: &WorkspaceId, target: &str) -> Result<Option<Erasure>, StoreError> {
        let sql = "SELECT id, texts, at FROM erasure WHERE workspace = $1 AND target = $2
                   ORDER BY at DESC, id DESC LIMIT 1";
        let row = self.reader().await?.row(sql, values_of![workspace.as_str(), target]).await.map_err(failed)?;
        row.map(|row| erasure(&row).map_err(failed)).transpose()
    }

    async fn subject_of(
        &self,
        workspace: &WorkspaceId,
        inquiry: &Id<name::Inquiry>,
    ) -> Result<Option<String>, StoreError> {
        let sql = "SELECT subject FROM inquiry WHERE workspace = $1 AND id = $2";
        let values = values_of![workspace.as_str(), inquiry.as_str()];
        let row = self.reader().await?.row(sql, values).await.map_err(failed)?;
        row.map(|row| row.text(0).map_err(failed)).transpose()
    }

    async fn retention(&self, workspace: &WorkspaceId) -> Result<Retention, StoreError> {
        let sql = "SELECT class, days FROM retention WHERE workspace = $1";
        let rows = self.reader().await?.rows(sql, values_of![workspace.as_str()]).await.map_err(failed)?;
        let days: Vec<_> = rows.iter().map(days).collect::<Result<_, _>>().map_err(failed)?;
        Retention::new(days).map_err(|_| failed(unreadable("retention.days")))
    }

    async fn expired(
        &self,
        workspace: &WorkspaceId,
        class: TextClass,
        until: Timestamp,
        limit: u64,
    ) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(*) FROM (SELECT p.id FROM person_text p
                   WHERE p.workspace = $1 AND p.class = $2 AND p.at < $3 AND p.body <> '' LIMIT $4) AS expired";
        let values = values_of![workspace.as_str(), class.as_str(), until.0, limit];
        let row = self.reader().await?.row(sql, values).await.map_err(failed)?;
        let count = row.map_or(Ok(0), |row| row.int(0)).map_err(failed)?;
        u64::try_from(count).map_err(|_| failed(unreadable("count")))
    }

    async fn scrub(&self) -> Result<(), StoreError> {
        // Whatever waits for others waits here, and not where everybody's changes are written.
        let marks = scrub::due(&mut self.reader().await?).await.map_err(failed)?;
        if marks.is_empty() {
            return Ok(());
        }
        let (answer, answered) = oneshot::channel();
        self.writer.send(Job::Scrub(marks, answer)).await.map_err(|_| stopped())?;
        Ok(answered.await.map_err(|_| stopped())??)
    }
}

fn erasure(row: &Row) -> Result<Erasure, Fault> {
    Ok(Erasure {
        id: Id::parse(&row.text(0)?).map_err(|_| unreadable("erasure.id"))?,
        texts: u64::try_from(row.int(1)?).map_err(|_| unreadable("erasure.texts"))?,
        at: Timestamp(row.int(2)?),
    })
}

fn days(row: &Row) -> Result<(TextClass, u32), Fault> {
    let class = TextClass::parse(&row.text(0)?).ok_or_else(|| unreadable("retention.class"))?;
    Ok((class, u32::try_from(row.int(1)?).map_err(|_| unreadable("retention.days"))?))
}
