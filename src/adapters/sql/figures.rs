//! Figures of a workspace, counted where they are kept.

use async_trait::async_trait;

use super::{
    SqlStore,
    db::{Row, values_of},
    failed,
    fault::Fault,
};
use crate::{
    domain::{DecidedCount, HourCount, Timestamp, WorkspaceId},
    ports::{Figures, StoreError},
};

const HOUR: i64 = 3_600_000;

/// Days are Tokyo's, nine hours ahead.
const DECIDED: &str = "SELECT (at + 32400000) / 86400000, action, COUNT(*) FROM decision
    WHERE workspace = $1 AND at >= $2 GROUP BY (at + 32400000) / 86400000, action ORDER BY 1, 2";

const UNANSWERED: &str = "SELECT i.received_at FROM inquiry i
    WHERE i.workspace = $1 AND i.state IN ('new', 'assigned', 'waiting') AND NOT (i.chatbot = 1 AND i.received_at >= $2)
    ORDER BY i.received_at";

const FIRST_REPLIES: &str = "SELECT r.sent_at - i.received_at FROM reply r
    JOIN inquiry i ON i.workspace = r.workspace AND i.id = r.inquiry
    WHERE r.workspace = $1 AND r.sent_at >= $2 AND NOT EXISTS (SELECT 1 FROM reply e
        WHERE e.workspace = r.workspace AND e.inquiry = r.inquiry AND (e.sent_at, e.id) < (r.sent_at, r.id))";

#[async_trait]
impl Figures for SqlStore {
    async fn received(&self, workspace: &WorkspaceId, since: Timestamp) -> Result<Vec<HourCount>, StoreError> {
        let sql = "SELECT received_at / 3600000, COUNT(*) FROM inquiry WHERE workspace = $1 AND received_at >= $2
                   GROUP BY received_at / 3600000 ORDER BY 1";
        let rows = self.reader().await?.rows(sql, values_of![workspace.as_str(), since.0]).await.map_err(failed)?;
        rows.iter().map(|row| hour(row).map_err(failed)).collect()
    }

    async fn unanswered(
        &self,
        workspace: &WorkspaceId,
        chatbots_since: Timestamp,
    ) -> Result<Vec<Timestamp>, StoreError> {
        let values = values_of![workspace.as_str(), chatbots_since.0];
        let rows = self.reader().await?.rows(UNANSWERED, values).await.map_err(failed)?;
        rows.iter().map(|row| Ok(Timestamp(row.int(0).map_err(failed)?))).collect()
    }

    async fn decided(&self, workspace: &WorkspaceId, since: Timestamp) -> Result<Vec<DecidedCount>, StoreError> {
        let rows = self.reader().await?.rows(DECIDED, values_of![workspace.as_str(), since.0]).await.map_err(failed)?;
        rows.iter().map(|row| decided(row).map_err(failed)).collect()
    }

    async fn first_replies(&self, workspace: &WorkspaceId, since: Timestamp) -> Result<Vec<i64>, StoreError> {
        let values = values_of![workspace.as_str(), since.0];
        let rows = self.reader().await?.rows(FIRST_REPLIES, values).await.map_err(failed)?;
        rows.iter().map(|row| row.int(0).map_err(failed)).collect()
    }
}

fn hour(row: &Row) -> Result<HourCount, Fault> {
    Ok(HourCount { at: Timestamp(row.int(0)? * HOUR), inquiries: counted(row.int(1)?) })
}

fn decided(row: &Row) -> Result<DecidedCount, Fault> {
    let day = Timestamp(row.int(0)? * 24 * HOUR).day();
    Ok(DecidedCount { day, action: row.text(1)?, drafts: counted(row.int(2)?) })
}

fn counted(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}
