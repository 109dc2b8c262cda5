//! The inbox read back: what nobody answered yet, how its draft stands, who works on it.

use async_trait::async_trait;

use super::{
    SqlStore, conversation,
    db::{Row, Value, values_of},
    failed,
    fault::{Fault, unreadable},
    keep::{self, Keep},
    parts,
};
use crate::{
    domain::{
        Channel, Counts, DraftStanding, DraftState, Drafter, Found, Id, InboxQuery, Inquiry, InquiryState, Lease, Note,
        Place, Sought, Tally, Timestamp, Turn, Waiting, WorkspaceId, name,
    },
    ports::{Inboxes, StoreError},
};

/// What one customer wrote and was told in other conversations, newest first.
const ELSEWHERE: &str = "SELECT t.body, x.reply, x.open FROM (
        SELECT i.text AS text, i.workspace AS workspace, i.received_at AS at, CAST(NULL AS TEXT) AS reply,
            CAST(CASE WHEN i.state IN ('answered', 'closed') THEN 0 ELSE 1 END AS BIGINT) AS open
        FROM inquiry i JOIN inquiry now ON now.workspace = i.workspace AND now.subject = i.subject
        WHERE now.workspace = $1 AND now.id = $2 AND i.conversation <> now.conversation
        UNION ALL
        SELECT r.text, r.workspace, r.sent_at, r.inquiry, 0 FROM inquiry i
        JOIN inquiry now ON now.workspace = i.workspace AND now.subject = i.subject
        JOIN reply r ON r.workspace = i.workspace AND r.inquiry = i.id
        WHERE now.workspace = $1 AND now.id = $2 AND i.conversation <> now.conversation
    ) x JOIN person_body t ON t.workspace = x.workspace AND t.id = x.text
    WHERE t.body IS NOT NULL ORDER BY x.at DESC, x.reply LIMIT $3";

#[async_trait]
impl Inboxes for SqlStore {
    async fn waiting(&self, workspace: &WorkspaceId, query: &InboxQuery<'_>) -> Result<Vec<Waiting>, StoreError> {
        let sql = parts::list(query.sought.view);
        let mut values = read_by(workspace, query);
        let behind = query.sought.behind.as_ref().map(Id::as_str);
        let Sought { situation, channel, .. } = query.sought;
        let channel = channel.map(Channel::as_str);
        values.extend(values_of![situation.as_deref(), channel, behind, query.limit]);
        let rows = self.reader().await?.rows(sql, values).await.map_err(failed)?;
        rows.iter().map(|row| waiting(&self.keep, row).map_err(failed)).collect()
    }

    async fn lines(
        &self,
        workspace: &WorkspaceId,
        query: &InboxQuery<'_>,
        inquiries: &[&Id<name::Inquiry>],
    ) -> Result<Vec<Waiting>, StoreError> {
        let mut conn = self.reader().await?;
        let mut lines = Vec::new();
        // Each is a search for one key; neither database takes a list of any length as one value of one SQL text.
        for inquiry in inquiries {
            let mut values = read_by(workspace, query);
            values.extend(values_of![inquiry.as_str()]);
            let row = conn.row(parts::LINE, values).await.map_err(failed)?;
            lines.extend(row.map(|row| waiting(&self.keep, &row).map_err(failed)).transpose()?);
        }
        Ok(lines)
    }

    async fn find(
        &self,
        workspace: &WorkspaceId,
        words: &str,
        older: Option<&Id<name::Inquiry>>,
    ) -> Result<Found, StoreError> {
        self.look_up(workspace, words, older).await
    }

    async fn counts(&self, workspace: &WorkspaceId, query: &InboxQuery<'_>) -> Result<Counts, StoreError> {
        let row = self.reader().await?.row(parts::COUNTS, read_by(workspace, query)).await.map_err(failed)?;
        let row = row.ok_or_else(|| failed(unreadable("inquiry")))?;
        let mut counts = Counts::default();
        for (at, count) in counts.iter_mut().enumerate() {
            *count = counted(row.int(at).map_err(failed)?);
        }
        Ok(counts)
    }

    async fn next(
        &self,
        workspace: &WorkspaceId,
        query: &InboxQuery<'_>,
    ) -> Result<Option<Id<name::Inquiry>>, StoreError> {
        let row = self.reader().await?.row(parts::NEXT, read_by(workspace, query)).await.map_err(failed)?;
        let id = row.map(|row| row.text(0)).transpose().map_err(failed)?;
        inquiry_id(id).map_err(failed)
    }

    async fn arrived(
        &self,
        workspace: &WorkspaceId,
        since: Timestamp,
        chatbots_since: Timestamp,
    ) -> Result<u64, StoreError> {
        let values = values_of![workspace.as_str(), since.0, chatbots_since.0];
        let row = self.reader().await?.row(parts::ARRIVED, values).await.map_err(failed)?;
        row.map_or(Ok(0), |row| row.int(0).map(counted).map_err(failed))
    }

    async fn elsewhere(
        &self,
        workspace: &WorkspaceId,
        inquiry: &Inquiry,
        limit: usize,
    ) -> Result<Vec<Turn>, StoreError> {
        let values = values_of![workspace.as_str(), inquiry.id.as_str(), limit];
        let rows = self.reader().await?.rows(ELSEWHERE, values).await.map_err(failed)?;
        conversation::turns(&self.keep, &rows, inquiry).map_err(failed)
    }

    async fn notes(&self, workspace: &WorkspaceId, inquiry: &Id<name::Inquiry>) -> Result<Vec<Note>, StoreError> {
        let sql = "SELECT t.body FROM note n JOIN person_body t ON t.workspace = n.workspace AND t.id = n.text
                   WHERE n.workspace = $1 AND n.inquiry = $2 AND t.body IS NOT NULL ORDER BY n.at, n.id";
        let rows = self.reader().await?.rows(sql, values_of![workspace.as_str(), inquiry.as_str()]).await;
        let read = |row: &Row| keep::read(&self.keep.open(row, 0)?);
        rows.map_err(failed)?.iter().map(|row| read(row).map_err(failed)).collect()
    }

    async fn place(
        &self,
        workspace: &WorkspaceId,
        inquiry: &Id<name::Inquiry>,
        chatbots_since: Timestamp,
    ) -> Result<Option<Place>, StoreError> {
        let values = values_of![workspace.as_str(), inquiry.as_str(), chatbots_since.0];
        let row = self.reader().await?.row(parts::PLACE, values).await.map_err(failed)?;
        row.map(|row| place(&row).map_err(failed)).transpose()
    }

    async fn lease(
        &self,
        workspace: &WorkspaceId,
        inquiry: &Id<name::Inquiry>,
        now: Timestamp,
    ) -> Result<Option<Lease>, StoreError> {
        let sql = "SELECT principal, since, until FROM lease WHERE workspace = $1 AND inquiry = $2 AND until > $3";
        let values = values_of![workspace.as_str(), inquiry.as_str(), now.0];
        let row = self.reader().await?.row(sql, values).await.map_err(failed)?;
        Ok(row.map(|row| lease(&row, 0, inquiry).map_err(failed)).transpose()?.flatten())
    }
}

fn read_by(workspace: &WorkspaceId, query: &InboxQuery<'_>) -> Vec<Value> {
    let InboxQuery { principal, now, overdue, today, chatbots_since, .. } = *query;
    values_of![workspace.as_str(), principal, now.0, overdue.0, today.0, chatbots_since.0]
}

fn waiting(keep: &Keep, row: &Row) -> Result<Waiting, Fault> {
    let inquiry: Inquiry = keep::read(&keep.open(row, 0)?)?;
    Ok(Waiting {
        state: InquiryState::parse(&row.text(1)?).ok_or_else(|| unreadable("inquiry.state"))?,
        outcome: row.maybe_text(2)?,
        draft: standing(row)?,
        lease: lease(row, 9, &inquiry.id)?,
        with_chatbot: row.int(12)? != 0,
        inquiry,
    })
}

/// From the columns 3 to 8.
fn standing(row: &Row) -> Result<Option<DraftStanding>, Fault> {
    let Some(state) = row.maybe_text(3)? else { return Ok(None) };
    let tally = match (row.maybe_int(5)?, row.maybe_int(6)?, row.maybe_int(7)?, row.maybe_int(8)?) {
        (Some(contradicted), Some(unsupported), Some(weak), Some(errors)) => Some(Tally {
            contradicted: counted(contradicted),
            unsupported: counted(unsupported),
            weak: counted(weak),
            errors: counted(errors),
        }),
        _ => None,
    };
    Ok(Some(DraftStanding {
        state: DraftState::parse(&state).ok_or_else(|| unreadable("draft.state"))?,
        drafter: row.maybe_text(4)?.and_then(|drafter| Drafter::parse(&drafter)),
        tally,
    }))
}

/// From `column` and the two after it.
fn lease(row: &Row, column: usize, inquiry: &Id<name::Inquiry>) -> Result<Option<Lease>, Fault> {
    let Some(principal) = row.maybe_text(column)? else { return Ok(None) };
    let (since, until) = (Timestamp(row.int(column + 1)?), Timestamp(row.int(column + 2)?));
    Ok(Some(Lease { inquiry: inquiry.clone(), principal, since, until }))
}

fn place(row: &Row) -> Result<Place, Fault> {
    Ok(Place {
        rank: counted(row.int(0)?) + 1,
        before: inquiry_id(row.maybe_text(1)?)?,
        after: inquiry_id(row.maybe_text(2)?)?,
        with_chatbot: row.int(3)? != 0,
    })
}

/// The id in a column.
pub fn inquiry_id(text: Option<String>) -> Result<Option<Id<name::Inquiry>>, Fault> {
    text.map(|text| Id::parse(&text)).transpose().map_err(|_| unreadable("inquiry.id"))
}

fn counted(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}
