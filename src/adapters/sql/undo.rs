//! A decision that is taken back, as rows: what followed from it leaves the tables that are read, and the draft can be decided
//! on again. What was decided stands in `undone_decision` from then on, for the record alone.

use super::{
    apply::Writing,
    conn::Conn,
    db::{Row, values_of},
    fault::Fault,
    keep::{self, CheckedReply, Keep},
};
use crate::{
    domain::{
        BuiltOn, DraftState, Id, Inquiry, InquiryState, Lease, Timestamp, Undo, UndoneDecision, WorkspaceId, name,
    },
    ports::Conflict,
};

/// What stands on a decision: a ruling, a contact outcome and a sample on its reply, and whatever the conversation went on with.
/// Then, for who has to compare them, the words of the inquiry as they are now and as the draft answers them.
const STANDS: &str = "SELECT
    CASE WHEN EXISTS (SELECT 1 FROM finding f WHERE f.workspace = c.workspace AND f.reply = r.id AND (
        EXISTS (SELECT 1 FROM ruling l WHERE l.workspace = f.workspace AND l.finding = f.id AND l.at >= c.at)
        OR EXISTS (SELECT 1 FROM second_ruling l WHERE l.workspace = f.workspace AND l.finding = f.id AND l.at >= c.at)
        OR EXISTS (SELECT 1 FROM dispute l WHERE l.workspace = f.workspace AND l.finding = f.id AND l.at >= c.at)))
        THEN 'ruling'
    WHEN EXISTS (SELECT 1 FROM contact_outcome o WHERE o.workspace = r.workspace AND o.reply = r.id) THEN 'contact_outcome'
    WHEN EXISTS (SELECT 1 FROM sample p WHERE p.workspace = r.workspace AND p.reply = r.id) THEN 'sample'
    WHEN (r.id IS NULL AND i.state IN ('answered', 'closed')) OR COALESCE(i.answered_by, '') <> COALESCE(r.id, i.answered_by, '')
        OR EXISTS (SELECT 1 FROM suggestion o WHERE o.workspace = s.workspace AND o.inquiry = s.inquiry
            AND (o.created_at, o.id) > (s.created_at, s.id))
        OR EXISTS (SELECT 1 FROM draft o WHERE o.workspace = d.workspace AND o.inquiry = d.inquiry AND o.state = 'current')
        OR EXISTS (SELECT 1 FROM inquiry o WHERE o.workspace = i.workspace AND o.conversation = i.conversation
            AND (o.received_at, o.id) > (i.received_at, i.id)
            AND (o.subject = i.subject OR i.conversation IN (o.subject, i.subject))) THEN 'conversation'
    END, t.body, u.body
    FROM decision c
    JOIN draft d ON d.workspace = c.workspace AND d.id = c.draft
    JOIN suggestion s ON s.workspace = d.workspace AND s.id = d.suggestion
    JOIN inquiry i ON i.workspace = d.workspace AND i.id = d.inquiry
    JOIN person_body t ON t.workspace = i.workspace AND t.id = i.text
    JOIN person_body u ON u.workspace = s.workspace AND u.id = s.text
    LEFT JOIN reply r ON r.workspace = c.workspace AND r.decision = c.id
    WHERE c.workspace = $1 AND c.id = $2";

/// Takes a decision back, unless something stands on it or somebody else works on the inquiry by now.
pub async fn undo(writing: &mut Writing<'_>, undo: &Undo) -> Result<(), Fault> {
    refuse_built_on(writing, undo).await?;
    refuse_held(writing, undo).await?;
    set_aside(writing, undo);
    let values = values_of![writing.workspace(), undo.decision.draft.as_str(), DraftState::Current.as_str()];
    writing.must_find("UPDATE draft SET state = $3 WHERE workspace = $1 AND id = $2", values).await?;
    reopen(writing, undo).await
}

async fn refuse_built_on(writing: &mut Writing<'_>, undo: &Undo) -> Result<(), Fault> {
    let values = values_of![writing.workspace(), undo.decision.id.as_str()];
    let row = writing.conn.row(STANDS, values).await?.ok_or(Fault::Conflict(Conflict::Missing))?;
    let refuse = |by| Err(Fault::Conflict(Conflict::BuiltOn(by)));
    match row.maybe_text(0)?.as_deref() {
        Some("ruling") => return refuse(BuiltOn::Ruling),
        Some("contact_outcome") => return refuse(BuiltOn::ContactOutcome),
        Some("sample") => return refuse(BuiltOn::Sample),
        Some(_) => return refuse(BuiltOn::Conversation),
        None => {}
    }
    let now: Inquiry = keep::read(&writing.keep.open(&row, 1)?)?;
    let then = keep::read_suggestion(&writing.keep.open(&row, 2)?)?.inquiry;
    match now.text == then.text {
        true => Ok(()),
        // More words joined, and their draft is still being made.
        false => refuse(BuiltOn::Conversation),
    }
}

/// After a rejection somebody else may have taken the inquiry.
async fn refuse_held(writing: &mut Writing<'_>, undo: &Undo) -> Result<(), Fault> {
    let change = writing.change;
    let (who, now) = (change.principal.id.as_str(), change.at.0);
    let sql = "SELECT principal FROM lease WHERE workspace = $1 AND inquiry = $2 AND until > $3
               AND principal NOT IN ($4, $5)";
    let values = values_of![writing.workspace(), undo.inquiry.as_str(), now, undo.decided_by.as_str(), who];
    match writing.conn.row(sql, values).await? {
        Some(_) => Err(Fault::Conflict(Conflict::Held)),
        None => Ok(()),
    }
}

/// The decision and all that followed from it leave their tables. A table that refers to one of these by a foreign key and is
/// not named here makes this fail, so that none is forgotten.
fn set_aside(writing: &mut Writing<'_>, undo: &Undo) {
    let (workspace, decision) = (writing.change.workspace.as_str(), undo.decision.id.as_str());
    let (draft, reply) = (undo.decision.draft.as_str(), undo.reply.as_ref().map(Id::as_str));
    let (by, at) = (writing.change.principal.id.as_str(), writing.change.at.0);
    writing.conn.put_off(
        "INSERT INTO undone_decision (workspace, id, draft, action, principal, text, at, reply, reply_text, undone_by, undone_at)
         SELECT c.workspace, c.id, c.draft, c.action, c.principal, c.text, c.at, r.id, r.text, $3, $4
         FROM decision c LEFT JOIN reply r ON r.workspace = c.workspace AND r.decision = c.id
         WHERE c.workspace = $1 AND c.id = $2",
        values_of![workspace, decision, by, at],
    );
    // An accepted draft's findings are its own again.
    writing.conn.put_off(
        "UPDATE finding SET reply = NULL, person = NULL, team = NULL, vendor = NULL, at = (
             SELECT s.created_at FROM draft d JOIN suggestion s ON s.workspace = d.workspace AND s.id = d.suggestion
             WHERE d.workspace = $1 AND d.id = $2)
         WHERE workspace = $1 AND checked = $2",
        values_of![workspace, draft],
    );
    for sql in [
        "DELETE FROM finding WHERE workspace = $1 AND checked = $2",
        "DELETE FROM reliance WHERE workspace = $1 AND reply = $2",
        "DELETE FROM reply WHERE workspace = $1 AND id = $2",
    ] {
        writing.conn.put_off(sql, values_of![workspace, reply]);
    }
    writing.conn.put_off("DELETE FROM decision WHERE workspace = $1 AND id = $2", values_of![workspace, decision]);
}

/// What the reply answered has the state that it had, and whoever decided works on the inquiry again. One that another reply
/// had answered before stays answered.
async fn reopen(writing: &mut Writing<'_>, undo: &Undo) -> Result<(), Fault> {
    let inquiry = undo.inquiry.as_str();
    writing.conn.put_off(
        "UPDATE inquiry SET state = state_before, answered_by = NULL, state_before = NULL
         WHERE workspace = $1 AND answered_by = $2 AND state = 'answered'",
        values_of![writing.change.workspace.as_str(), undo.reply.as_ref().map(Id::as_str)],
    );
    let values = values_of![writing.workspace(), inquiry, InquiryState::Assigned.as_str()];
    // Somebody judged it: what a chatbot was to pass on is the people's now.
    let sql = "UPDATE inquiry SET state = $3, chatbot = 0 WHERE workspace = $1 AND id = $2 AND state NOT IN ('answered', 'closed')";
    if writing.conn.execute(sql, values).await? == 0 {
        return Ok(());
    }
    let since = writing.change.at;
    let until = since.0.saturating_add(i64::try_from(Lease::TIME.as_millis()).unwrap_or(i64::MAX));
    let values = values_of![writing.workspace(), inquiry, undo.decided_by.as_str(), since.0, until];
    // Whoever takes it back for somebody else, and has it themselves, keeps it.
    writing.conn.put_off(
        "INSERT INTO lease (workspace, inquiry, principal, since, until) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (workspace, inquiry) DO UPDATE SET
             since = CASE WHEN lease.principal = excluded.principal AND lease.until > excluded.since
                     THEN lease.since ELSE excluded.since END,
             principal = excluded.principal, until = excluded.until
         WHERE lease.principal = excluded.principal OR lease.until <= excluded.since",
        values,
    );
    Ok(())
}

/// The decisions on a draft that were taken back, the first first.
pub async fn undone(
    conn: &mut Conn,
    keep: &Keep,
    workspace: &WorkspaceId,
    draft: &Id<name::Draft>,
) -> Result<Vec<UndoneDecision>, Fault> {
    let sql = "SELECT t.body, c.principal, u.body, c.undone_by, c.undone_at FROM undone_decision c
               JOIN person_body t ON t.workspace = c.workspace AND t.id = c.text
               LEFT JOIN person_body u ON u.workspace = c.workspace AND u.id = c.reply_text
               WHERE c.workspace = $1 AND c.draft = $2 AND t.body IS NOT NULL ORDER BY c.undone_at, c.id";
    let rows = conn.rows(sql, values_of![workspace.as_str(), draft.as_str()]).await?;
    rows.iter().map(|row| one(keep, row)).collect()
}

fn one(keep: &Keep, row: &Row) -> Result<UndoneDecision, Fault> {
    let reply = keep.open_if_there(row, 2)?.map(|body| keep::read::<CheckedReply>(&body)).transpose()?;
    Ok(UndoneDecision {
        decision: keep::read(&keep.open(row, 0)?)?,
        decided_by: row.text(1)?,
        reply: reply.map(|CheckedReply { reply, checks }| (reply, checks)),
        undone_by: row.text(3)?,
        undone_at: Timestamp(row.int(4)?),
    })
}
