//! Inquiries and what became of them, read back as they were recorded.

use async_trait::async_trait;

use super::{
    SqlStore, conversation,
    db::{Row, Value, values_of},
    doors::workspace_id,
    failed,
    fault::{Fault, unreadable},
    keep::{self, CheckedReply, Keep, Streamed},
    review::{ruling, ruling_sql},
    undo,
};
use crate::{
    domain::{
        Checks, ContactOutcome, Decision, DraftState, FailedDraft, Id, Inquiry, Reply, Ruling, Suggestion, Timestamp,
        Turn, UndoneDecision, WorkspaceId, name,
    },
    ports::{Cases, StoreError},
};

/// Where an id of each prefix is looked for. Ids are our own and never come twice; a conversation's may come from a
/// caller, so that no workspace can be told from it.
const WHERE_IDS_STAND: [(&str, &str); 7] = [
    ("drf_", "SELECT workspace FROM draft WHERE id = $1 ORDER BY workspace LIMIT 1"),
    ("fnd_", "SELECT workspace FROM finding WHERE id = $1 ORDER BY workspace LIMIT 1"),
    ("inq_", "SELECT workspace FROM inquiry WHERE id = $1 ORDER BY workspace LIMIT 1"),
    ("prp_", "SELECT workspace FROM proposal WHERE id = $1 ORDER BY workspace LIMIT 1"),
    ("rev_", "SELECT workspace FROM revision WHERE id = $1 ORDER BY workspace LIMIT 1"),
    ("rpl_", "SELECT workspace FROM reply WHERE id = $1 ORDER BY workspace LIMIT 1"),
    ("sug_", "SELECT workspace FROM suggestion WHERE id = $1 ORDER BY workspace LIMIT 1"),
];

/// The body of the latest inquiry of a conversation that nobody answered. Who writes asks again in the transaction what who
/// reads was told.
pub const OPEN_INQUIRY: &str = "SELECT t.body FROM inquiry i
    JOIN person_body t ON t.workspace = i.workspace AND t.id = i.text
    WHERE i.workspace = $1 AND i.conversation = $2 AND i.state NOT IN ('answered', 'closed') AND t.body IS NOT NULL
    ORDER BY i.received_at DESC, i.id DESC LIMIT 1";

/// The last words of a conversation beside one inquiry, of the customer and to the customer, newest first. Whose reply it is
/// tells the inquiry alone: with its words it is left out too.
const TURNS: &str = "SELECT t.body, x.reply, x.open FROM (
        SELECT i.text AS text, i.workspace AS workspace, i.received_at AS at, CAST(NULL AS TEXT) AS reply,
            CAST(CASE WHEN i.state IN ('answered', 'closed') THEN 0 ELSE 1 END AS BIGINT) AS open
        FROM inquiry i WHERE i.workspace = $1 AND i.conversation = $2 AND i.id <> $3
        UNION ALL
        SELECT r.text, r.workspace, r.sent_at, r.inquiry, 0 FROM inquiry i
        JOIN reply r ON r.workspace = i.workspace AND r.inquiry = i.id
        JOIN person_text p ON p.workspace = i.workspace AND p.id = i.text AND p.body <> ''
        WHERE i.workspace = $1 AND i.conversation = $2
    ) x JOIN person_body t ON t.workspace = x.workspace AND t.id = x.text
    WHERE t.body IS NOT NULL ORDER BY x.at DESC, x.reply LIMIT $4";

/// A decision with the reply it led to.
macro_rules! decision_sql {
    ($which:literal) => {
        concat!(
            "SELECT t.body, u.body, r.id FROM decision d
             JOIN person_body t ON t.workspace = d.workspace AND t.id = d.text
             LEFT JOIN reply r ON r.workspace = d.workspace AND r.decision = d.id
             LEFT JOIN person_body u ON u.workspace = r.workspace AND u.id = r.text
             WHERE d.workspace = $1 AND ",
            $which
        )
    };
}

#[async_trait]
impl Cases for SqlStore {
    async fn workspace_of(&self, id: &str) -> Result<Option<WorkspaceId>, StoreError> {
        let Some((_, sql)) = WHERE_IDS_STAND.into_iter().find(|(prefix, _)| id.starts_with(prefix)) else {
            return Ok(None);
        };
        let row = self.reader().await?.row(sql, values_of![id]).await.map_err(failed)?;
        row.map(|row| workspace_id(&row, 0).map_err(failed)).transpose()
    }

    async fn inquiry(&self, workspace: &WorkspaceId, id: &Id<name::Inquiry>) -> Result<Option<Inquiry>, StoreError> {
        let sql = "SELECT t.body FROM inquiry i JOIN person_body t ON t.workspace = i.workspace AND t.id = i.text
                   WHERE i.workspace = $1 AND i.id = $2";
        let body = self.body(sql, values_of![workspace.as_str(), id.as_str()]).await?;
        body.map(|body| keep::read(&body).map_err(failed)).transpose()
    }

    async fn open_inquiry(
        &self,
        workspace: &WorkspaceId,
        conversation: &Id<name::Conversation>,
    ) -> Result<Option<Inquiry>, StoreError> {
        let body = self.body(OPEN_INQUIRY, values_of![workspace.as_str(), conversation.as_str()]).await?;
        body.map(|body| keep::read(&body).map_err(failed)).transpose()
    }

    async fn turns(&self, workspace: &WorkspaceId, inquiry: &Inquiry, limit: usize) -> Result<Vec<Turn>, StoreError> {
        let values = values_of![workspace.as_str(), inquiry.conversation.as_str(), inquiry.id.as_str(), limit];
        let mut conn = self.reader().await?;
        let rows = conn.rows(TURNS, values).await.map_err(failed)?;
        conversation::turns(&self.keep, &rows, inquiry).map_err(failed)
    }

    async fn suggestion(
        &self,
        workspace: &WorkspaceId,
        id: &Id<name::Suggestion>,
    ) -> Result<Option<Suggestion>, StoreError> {
        let sql = "SELECT t.body FROM suggestion s JOIN person_body t ON t.workspace = s.workspace AND t.id = s.text
                   WHERE s.workspace = $1 AND s.id = $2";
        let body = self.body(sql, values_of![workspace.as_str(), id.as_str()]).await?;
        body.map(|body| keep::read_suggestion(&body).map_err(failed)).transpose()
    }

    async fn suggestion_for(
        &self,
        workspace: &WorkspaceId,
        inquiry: &Id<name::Inquiry>,
    ) -> Result<Option<Suggestion>, StoreError> {
        let sql = "SELECT t.body FROM suggestion s JOIN person_body t ON t.workspace = s.workspace AND t.id = s.text
                   WHERE s.workspace = $1 AND s.inquiry = $2 AND t.body IS NOT NULL
                   ORDER BY s.created_at DESC, s.id DESC LIMIT 1";
        let body = self.body(sql, values_of![workspace.as_str(), inquiry.as_str()]).await?;
        body.map(|body| keep::read_suggestion(&body).map_err(failed)).transpose()
    }

    async fn suggestions_for(
        &self,
        workspace: &WorkspaceId,
        inquiry: &Id<name::Inquiry>,
    ) -> Result<Vec<Suggestion>, StoreError> {
        let sql = "SELECT t.body FROM suggestion s JOIN person_body t ON t.workspace = s.workspace AND t.id = s.text
                   WHERE s.workspace = $1 AND s.inquiry = $2 AND t.body IS NOT NULL ORDER BY s.created_at, s.id";
        let rows = self.reader().await?.rows(sql, values_of![workspace.as_str(), inquiry.as_str()]).await;
        let read = |row: &Row| keep::read_suggestion(&self.keep.open(row, 0)?);
        rows.map_err(failed)?.iter().map(|row| read(row).map_err(failed)).collect()
    }

    async fn suggestion_of(
        &self,
        workspace: &WorkspaceId,
        draft: &Id<name::Draft>,
    ) -> Result<Option<(Suggestion, DraftState)>, StoreError> {
        let sql = "SELECT t.body, d.state FROM draft d
                   JOIN suggestion s ON s.workspace = d.workspace AND s.id = d.suggestion
                   JOIN person_body t ON t.workspace = s.workspace AND t.id = s.text
                   WHERE d.workspace = $1 AND d.id = $2";
        let values = values_of![workspace.as_str(), draft.as_str()];
        let Some(row) = self.reader().await?.row(sql, values).await.map_err(failed)? else { return Ok(None) };
        let state = row.text(1).map_err(failed)?;
        let state = DraftState::parse(&state).ok_or_else(|| failed(unreadable("draft.state")))?;
        let suggestion = keep::read_suggestion(&self.keep.open(&row, 0).map_err(failed)?).map_err(failed)?;
        Ok(Some((suggestion, state)))
    }

    async fn failed_draft(
        &self,
        workspace: &WorkspaceId,
        draft: &Id<name::Draft>,
    ) -> Result<Option<FailedDraft>, StoreError> {
        let sql = "SELECT t.body, d.inquiry, d.code FROM draft d
                   JOIN person_body t ON t.workspace = d.workspace AND t.id = d.streamed
                   WHERE d.workspace = $1 AND d.id = $2";
        let values = values_of![workspace.as_str(), draft.as_str()];
        let row = self.reader().await?.row(sql, values).await.map_err(failed)?;
        row.map(|row| failed_draft(&self.keep, &row).map_err(failed)).transpose()
    }

    async fn reply(
        &self,
        workspace: &WorkspaceId,
        id: &Id<name::Reply>,
    ) -> Result<Option<(Reply, Checks)>, StoreError> {
        let sql = "SELECT t.body FROM reply r JOIN person_body t ON t.workspace = r.workspace AND t.id = r.text
                   WHERE r.workspace = $1 AND r.id = $2";
        let body = self.body(sql, values_of![workspace.as_str(), id.as_str()]).await?;
        body.map(|body| checked_reply(&body).map_err(failed)).transpose()
    }

    async fn decision(
        &self,
        workspace: &WorkspaceId,
        id: &Id<name::Decision>,
    ) -> Result<Option<(Decision, Option<(Reply, Checks)>)>, StoreError> {
        let values = values_of![workspace.as_str(), id.as_str()];
        let row = self.reader().await?.row(decision_sql!("d.id = $2"), values).await.map_err(failed)?;
        row.map(|row| decision(&self.keep, &row).map_err(failed)).transpose()
    }

    async fn decision_on(
        &self,
        workspace: &WorkspaceId,
        draft: &Id<name::Draft>,
    ) -> Result<Option<(Decision, Option<(Reply, Checks)>)>, StoreError> {
        let values = values_of![workspace.as_str(), draft.as_str()];
        let row = self.reader().await?.row(decision_sql!("d.draft = $2"), values).await.map_err(failed)?;
        row.map(|row| decision(&self.keep, &row).map_err(failed)).transpose()
    }

    async fn decided_by(
        &self,
        workspace: &WorkspaceId,
        decision: &Id<name::Decision>,
    ) -> Result<Option<String>, StoreError> {
        let sql = "SELECT principal FROM decision WHERE workspace = $1 AND id = $2";
        let values = values_of![workspace.as_str(), decision.as_str()];
        let row = self.reader().await?.row(sql, values).await.map_err(failed)?;
        row.map(|row| row.text(0).map_err(failed)).transpose()
    }

    async fn undone(
        &self,
        workspace: &WorkspaceId,
        draft: &Id<name::Draft>,
    ) -> Result<Vec<UndoneDecision>, StoreError> {
        undo::undone(&mut self.reader().await?, &self.keep, workspace, draft).await.map_err(failed)
    }

    async fn ruling(&self, workspace: &WorkspaceId, id: &Id<name::Ruling>) -> Result<Option<Ruling>, StoreError> {
        let sql = ruling_sql!(" WHERE r.workspace = $1 AND r.id = $2");
        let row = self.reader().await?.row(sql, values_of![workspace.as_str(), id.as_str()]).await.map_err(failed)?;
        row.map(|row| ruling(&self.keep, &row).map_err(failed)).transpose()
    }

    async fn contact_outcome(
        &self,
        workspace: &WorkspaceId,
        id: &Id<name::ContactOutcome>,
    ) -> Result<Option<ContactOutcome>, StoreError> {
        let sql = "SELECT id, reply, reopened, contacted_again, rating, at FROM contact_outcome
                   WHERE workspace = $1 AND id = $2";
        let row = self.reader().await?.row(sql, values_of![workspace.as_str(), id.as_str()]).await.map_err(failed)?;
        row.map(|row| contact_outcome(&row).map_err(failed)).transpose()
    }
}

impl SqlStore {
    /// The one text that a statement finds.
    async fn body(&self, sql: &'static str, values: Vec<Value>) -> Result<Option<String>, StoreError> {
        let row = self.reader().await?.row(sql, values).await.map_err(failed)?;
        row.map(|row| self.keep.open(&row, 0).map_err(failed)).transpose()
    }
}

fn failed_draft(keep: &Keep, row: &Row) -> Result<FailedDraft, Fault> {
    let Streamed { streamed, asked } = keep::read(&keep.open(row, 0)?)?;
    let inquiry = Id::parse(&row.text(1)?).map_err(|_| unreadable("draft.inquiry"))?;
    Ok(FailedDraft { inquiry, streamed: streamed.into_owned(), asked: asked.into_owned(), code: row.text(2)? })
}

fn checked_reply(body: &str) -> Result<(Reply, Checks), Fault> {
    let CheckedReply { reply, checks } = keep::read(body)?;
    Ok((reply, checks))
}

fn decision(keep: &Keep, row: &Row) -> Result<(Decision, Option<(Reply, Checks)>), Fault> {
    let reply = match row.maybe_text(2)? {
        Some(_) => Some(checked_reply(&keep.open(row, 1)?)?),
        None => None,
    };
    Ok((keep::read(&keep.open(row, 0)?)?, reply))
}

fn contact_outcome(row: &Row) -> Result<ContactOutcome, Fault> {
    let rating = row.maybe_int(4)?.map(u8::try_from).transpose().map_err(|_| unreadable("contact_outcome.rating"))?;
    Ok(ContactOutcome {
        id: Id::parse(&row.text(0)?).map_err(|_| unreadable("contact_outcome.id"))?,
        reply: Id::parse(&row.text(1)?).map_err(|_| unreadable("contact_outcome.reply"))?,
        reopened: row.maybe_int(2)?.map(|truth| truth != 0),
        contacted_again: row.maybe_int(3)?.map(|truth| truth != 0),
        rating,
        at: Timestamp(row.int(5)?),
    })
}
