//! Who was told what by which revision, read back.

use std::collections::HashMap;

use async_trait::async_trait;

use super::{
    SqlStore,
    db::{Row, values_of},
    failed,
    fault::{Fault, unreadable},
    keep::{self, CheckedReply, Keep},
    shelf,
};
use crate::{
    domain::{DraftState, Id, Inquiry, Relied, ReliedBy, Revision, Timestamp, WorkspaceId, name},
    ports::{Reliances, Relying, StoreError},
};

/// A draft whose reply stands on the same revision is told by its reply.
const RELIED: &str = "SELECT x.draft, x.reply, x.state, x.revision, x.at, t.body FROM (
        SELECT n.workspace AS workspace, n.draft AS draft, CAST(NULL AS TEXT) AS reply, d.state AS state,
            n.revision AS revision, d.created_at AS at, d.inquiry AS inquiry
        FROM revision v JOIN draft_reliance n ON n.workspace = v.workspace AND n.revision = v.id
        JOIN draft d ON d.workspace = n.workspace AND d.id = n.draft
        WHERE v.workspace = $1 AND v.document = $2 AND NOT EXISTS (
            SELECT 1 FROM decision c JOIN reply r ON r.workspace = c.workspace AND r.decision = c.id
            JOIN reliance m ON m.workspace = r.workspace AND m.reply = r.id AND m.revision = n.revision
            WHERE c.workspace = d.workspace AND c.draft = d.id)
        UNION ALL
        SELECT n.workspace, CAST(NULL AS TEXT), n.reply, CAST(NULL AS TEXT), n.revision, r.sent_at, r.inquiry
        FROM revision v JOIN reliance n ON n.workspace = v.workspace AND n.revision = v.id
        JOIN reply r ON r.workspace = n.workspace AND r.id = n.reply
        WHERE v.workspace = $1 AND v.document = $2
    ) x LEFT JOIN inquiry i ON i.workspace = x.workspace AND i.id = x.inquiry
    LEFT JOIN person_body t ON t.workspace = i.workspace AND t.id = i.text
    ORDER BY x.at DESC, x.draft, x.reply LIMIT $3";

#[async_trait]
impl Reliances for SqlStore {
    async fn relying_on(
        &self,
        workspace: &WorkspaceId,
        revision: &Id<name::Revision>,
        behind: Option<&Id<name::Reply>>,
        limit: usize,
    ) -> Result<Vec<Relying>, StoreError> {
        let sql = "SELECT t.body, u.body, i.conversation FROM reliance n
                   JOIN reply r ON r.workspace = n.workspace AND r.id = n.reply
                   JOIN person_body t ON t.workspace = r.workspace AND t.id = r.text
                   LEFT JOIN inquiry i ON i.workspace = r.workspace AND i.id = r.inquiry
                   LEFT JOIN person_body u ON u.workspace = i.workspace AND u.id = i.text
                   WHERE n.workspace = $1 AND n.revision = $2 AND t.body IS NOT NULL AND ($3 IS NULL OR n.reply > $3)
                   ORDER BY n.reply LIMIT $4";
        let values = values_of![workspace.as_str(), revision.as_str(), behind.map(Id::as_str), limit];
        let rows = self.reader().await?.rows(sql, values).await.map_err(failed)?;
        rows.iter().map(|row| relying(&self.keep, row).map_err(failed)).collect()
    }

    async fn told_since(
        &self,
        workspace: &WorkspaceId,
        ended: &Id<name::Revision>,
    ) -> Result<HashMap<Id<name::Conversation>, Vec<Timestamp>>, StoreError> {
        // From the few revisions of the document on: asked per reply, a conversation's replies were looked for among all.
        let sql = "SELECT i.conversation, r.sent_at FROM revision o
                   JOIN revision v ON v.workspace = o.workspace AND v.document = o.document AND v.ended_sequence IS NULL
                   JOIN reliance n ON n.workspace = v.workspace AND n.revision = v.id
                   JOIN reply r ON r.workspace = n.workspace AND r.id = n.reply
                   JOIN inquiry i ON i.workspace = r.workspace AND i.id = r.inquiry
                   WHERE o.workspace = $1 AND o.id = $2 AND o.recorded_until IS NOT NULL AND r.sent_at >= o.recorded_until
                   ORDER BY r.sent_at";
        let values = values_of![workspace.as_str(), ended.as_str()];
        let rows = self.reader().await?.rows(sql, values).await.map_err(failed)?;
        let mut told: HashMap<Id<name::Conversation>, Vec<Timestamp>> = HashMap::new();
        for row in &rows {
            let conversation = conversation(row, 0).map_err(failed)?.ok_or_else(|| failed(unreadable("inquiry")))?;
            told.entry(conversation).or_default().push(Timestamp(row.int(1).map_err(failed)?));
        }
        Ok(told)
    }

    async fn relied(&self, workspace: &WorkspaceId, key: &str, limit: usize) -> Result<Vec<Relied>, StoreError> {
        let rows = self.reader().await?.rows(RELIED, values_of![workspace.as_str(), key, limit]).await;
        rows.map_err(failed)?.iter().map(|row| relied(&self.keep, row).map_err(failed)).collect()
    }

    async fn history(&self, workspace: &WorkspaceId, key: &str) -> Result<Vec<Revision>, StoreError> {
        let mut conn = self.reader().await?;
        let mut all = shelf::of_document(&mut conn, workspace, key).await.map_err(failed)?;
        all.reverse();
        Ok(all)
    }
}

fn relying(keep: &Keep, row: &Row) -> Result<Relying, Fault> {
    let CheckedReply { reply, checks } = keep::read(&keep.open(row, 0)?)?;
    let inquiry: Option<Inquiry> = match row.maybe_text(1)? {
        Some(_) => Some(keep::read(&keep.open(row, 1)?)?),
        None => None,
    };
    let asked = inquiry.map(|inquiry| inquiry.text);
    Ok(Relying { reply, checks, asked, conversation: conversation(row, 2)? })
}

fn relied(keep: &Keep, row: &Row) -> Result<Relied, Fault> {
    let by = match (row.maybe_text(0)?, row.maybe_text(1)?, row.maybe_text(2)?) {
        (Some(_), _, Some(state)) => ReliedBy::Draft {
            id: shelf::id(row, 0)?,
            state: DraftState::parse(&state).ok_or_else(|| unreadable("draft.state"))?,
        },
        _ => ReliedBy::Reply { id: shelf::id(row, 1)? },
    };
    let inquiry = match row.maybe_text(5)? {
        Some(_) => Some(keep::read(&keep.open(row, 5)?)?),
        None => None,
    };
    Ok(Relied { by, inquiry, revision: shelf::id(row, 3)?, at: Timestamp(row.int(4)?) })
}

fn conversation(row: &Row, column: usize) -> Result<Option<Id<name::Conversation>>, Fault> {
    let id = row.maybe_text(column)?.map(|id| Id::parse(&id)).transpose();
    id.map_err(|_| unreadable("inquiry.conversation"))
}
