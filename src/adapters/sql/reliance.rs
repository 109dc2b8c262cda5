//! Who was told what by which revision, read back.

use async_trait::async_trait;

use super::{
    SqlStore,
    db::{Row, values_of},
    failed,
    fault::Fault,
    keep::{self, CheckedReply, Keep},
    shelf,
};
use crate::{
    domain::{Id, Inquiry, Revision, Timestamp, WorkspaceId, name},
    ports::{Reliances, Relying, StoreError},
};

#[async_trait]
impl Reliances for SqlStore {
    async fn relying_on(
        &self,
        workspace: &WorkspaceId,
        revision: &Id<name::Revision>,
        behind: Option<&Id<name::Reply>>,
        limit: usize,
    ) -> Result<Vec<Relying>, StoreError> {
        // A correction is the first later reply of the conversation that stands on what is held now.
        let sql = "SELECT t.body, u.body, (
                       SELECT MIN(c.sent_at) FROM inquiry ci
                       JOIN reply c ON c.workspace = ci.workspace AND c.inquiry = ci.id
                       JOIN reliance cn ON cn.workspace = c.workspace AND cn.reply = c.id
                       JOIN revision v ON v.workspace = cn.workspace AND v.id = cn.revision
                       WHERE ci.workspace = i.workspace AND ci.conversation = i.conversation
                       AND v.document = o.document AND v.ended_sequence IS NULL
                       AND c.sent_at > r.sent_at AND c.sent_at >= o.recorded_until
                   ) FROM reliance n
                   JOIN revision o ON o.workspace = n.workspace AND o.id = n.revision
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
    let corrected_at = row.maybe_int(2)?.map(Timestamp);
    Ok(Relying { reply, checks, asked: inquiry.map(|inquiry| inquiry.text), corrected_at })
}
