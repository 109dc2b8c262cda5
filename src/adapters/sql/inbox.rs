//! The inbox read back: what nobody answered yet, how its draft stands, who works on it.

use async_trait::async_trait;

use super::{
    SqlStore, conversation,
    db::{Row, Value, values_of},
    failed,
    fault::{Fault, unreadable},
    keep::{self, Keep},
};
use crate::{
    domain::{
        Counts, DraftStanding, DraftState, Drafter, Id, InboxQuery, Inquiry, InquiryState, Lease, Note, Place, Tally,
        Timestamp, Turn, View, Waiting, WorkspaceId, name,
    },
    ports::{Inboxes, StoreError},
};

/// What nobody answered. The states are named, because only what is named is found by an index: answered inquiries are many.
macro_rules! waits {
    () => {
        "i.state IN ('new', 'assigned', 'waiting')"
    };
}

/// Whether the last suggestion handed it to a person.
macro_rules! handed_over {
    () => {
        "(SELECT x.outcome FROM suggestion x WHERE x.workspace = i.workspace AND x.inquiry = i.id
          ORDER BY x.created_at DESC, x.id DESC LIMIT 1) = 'handoff'"
    };
}

/// Which inquiries belong to which part; `$2` to `$5` are who reads, now, and when overdue and today begin.
macro_rules! parts {
    (open) => {
        waits!()
    };
    (mine) => {
        concat!(
            waits!(),
            " AND i.id IN (SELECT h.inquiry FROM lease h WHERE h.workspace = $1 AND h.principal = $2 AND h.until > $3)"
        )
    };
    (overdue) => {
        concat!(waits!(), " AND i.received_at < $4")
    };
    (handoff) => {
        concat!(waits!(), " AND ", handed_over!())
    };
    (answered) => {
        "i.state = 'answered'
         AND i.id IN (SELECT r.inquiry FROM reply r WHERE r.workspace = $1 AND r.sent_at >= $5)"
    };
}

/// What was not erased, in a workspace.
macro_rules! kept {
    () => {
        "i.workspace = $1 AND EXISTS (
            SELECT 1 FROM person_text k WHERE k.workspace = i.workspace AND k.id = i.text AND k.body <> '') AND "
    };
}

/// The lines are chosen first and then dressed, so that what stands beside a line is read for these lines alone.
macro_rules! list_sql {
    ($part:ident, $behind:literal, $order:literal) => {
        concat!(
            "SELECT t.body, i.state, s.outcome, d.state, d.drafter, d.contradicted, d.unsupported, d.weak, d.errors,
             l.principal, l.since, l.until FROM (
                SELECT i.workspace, i.id, i.text, i.state, i.received_at FROM inquiry i WHERE ",
            kept!(),
            parts!($part),
            " AND ($6 IS NULL OR i.situation = $6) AND ($7 IS NULL OR (i.received_at, i.id) ",
            $behind,
            " (SELECT c.received_at, c.id FROM inquiry c WHERE c.workspace = $1 AND c.id = $7))
             AND $2 = $2 AND $3 = $3 AND $4 = $4 AND $5 = $5 ORDER BY i.received_at ",
            $order,
            ", i.id ",
            $order,
            " LIMIT $8) i
             LEFT JOIN suggestion s ON s.workspace = i.workspace AND s.id = (
                SELECT x.id FROM suggestion x WHERE x.workspace = i.workspace AND x.inquiry = i.id
                ORDER BY x.created_at DESC, x.id DESC LIMIT 1)
             LEFT JOIN lease l ON l.workspace = i.workspace AND l.inquiry = i.id AND l.until > $3
             LEFT JOIN draft d ON d.workspace = i.workspace AND d.inquiry = i.id AND d.suggestion = s.id
             JOIN person_body t ON t.workspace = i.workspace AND t.id = i.text
             WHERE t.body IS NOT NULL ORDER BY i.received_at ",
            $order,
            ", i.id ",
            $order
        )
    };
}

const COUNTS: &str = concat!(
    "SELECT COUNT(*), (SELECT COUNT(*) FROM inquiry i WHERE ",
    kept!(),
    parts!(mine),
    "), COUNT(CASE WHEN i.received_at < $4 THEN 1 END), COUNT(CASE WHEN ",
    handed_over!(),
    " THEN 1 END), (SELECT COUNT(*) FROM inquiry i WHERE ",
    kept!(),
    parts!(answered),
    ") FROM inquiry i WHERE ",
    kept!(),
    waits!(),
);

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

/// Of an open inquiry: how many wait longer, the last of them, and the first that does not.
const PLACE: &str = concat!(
    "SELECT
        (SELECT COUNT(*) FROM inquiry i WHERE i.workspace = n.workspace AND ",
    waits!(),
    " AND (i.received_at, i.id) < (n.received_at, n.id)),
        (SELECT i.id FROM inquiry i WHERE i.workspace = n.workspace AND ",
    waits!(),
    " AND (i.received_at, i.id) < (n.received_at, n.id) ORDER BY i.received_at DESC, i.id DESC LIMIT 1),
        (SELECT i.id FROM inquiry i WHERE i.workspace = n.workspace AND ",
    waits!(),
    " AND (i.received_at, i.id) > (n.received_at, n.id) ORDER BY i.received_at, i.id LIMIT 1)
    FROM inquiry n WHERE n.workspace = $1 AND n.id = $2 AND n.state IN ('new', 'assigned', 'waiting')"
);

#[async_trait]
impl Inboxes for SqlStore {
    async fn waiting(&self, workspace: &WorkspaceId, query: &InboxQuery<'_>) -> Result<Vec<Waiting>, StoreError> {
        let sql = match query.sought.view {
            View::Open => list_sql!(open, ">", "ASC"),
            View::Mine => list_sql!(mine, ">", "ASC"),
            View::Overdue => list_sql!(overdue, ">", "ASC"),
            View::Handoff => list_sql!(handoff, ">", "ASC"),
            View::Answered => list_sql!(answered, "<", "DESC"),
        };
        let mut values = read_by(workspace, query);
        let behind = query.sought.behind.as_ref().map(Id::as_str);
        values.extend(values_of![query.sought.situation.as_deref(), behind, query.limit]);
        let rows = self.reader().await?.rows(sql, values).await.map_err(failed)?;
        rows.iter().map(|row| waiting(&self.keep, row).map_err(failed)).collect()
    }

    async fn counts(&self, workspace: &WorkspaceId, query: &InboxQuery<'_>) -> Result<Counts, StoreError> {
        let row = self.reader().await?.row(COUNTS, read_by(workspace, query)).await.map_err(failed)?;
        let row = row.ok_or_else(|| failed(unreadable("inquiry")))?;
        let mut counts = Counts::default();
        for (at, count) in counts.iter_mut().enumerate() {
            *count = counted(row.int(at).map_err(failed)?);
        }
        Ok(counts)
    }

    async fn arrived(&self, workspace: &WorkspaceId, since: Timestamp) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(*) FROM inquiry i WHERE i.workspace = $1 AND i.received_at > $2
                   AND i.state NOT IN ('answered', 'closed')";
        let row = self.reader().await?.row(sql, values_of![workspace.as_str(), since.0]).await.map_err(failed)?;
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

    async fn place(&self, workspace: &WorkspaceId, inquiry: &Id<name::Inquiry>) -> Result<Option<Place>, StoreError> {
        let values = values_of![workspace.as_str(), inquiry.as_str()];
        let row = self.reader().await?.row(PLACE, values).await.map_err(failed)?;
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
    values_of![workspace.as_str(), query.principal, query.now.0, query.overdue.0, query.today.0]
}

fn waiting(keep: &Keep, row: &Row) -> Result<Waiting, Fault> {
    let inquiry: Inquiry = keep::read(&keep.open(row, 0)?)?;
    Ok(Waiting {
        state: InquiryState::parse(&row.text(1)?).ok_or_else(|| unreadable("inquiry.state"))?,
        outcome: row.maybe_text(2)?,
        draft: standing(row)?,
        lease: lease(row, 9, &inquiry.id)?,
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
    let id = |text: Option<String>| text.map(|text| Id::parse(&text)).transpose().map_err(|_| unreadable("inquiry.id"));
    Ok(Place { rank: counted(row.int(0)?) + 1, before: id(row.maybe_text(1)?)?, after: id(row.maybe_text(2)?)? })
}

fn counted(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}
