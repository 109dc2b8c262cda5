//! Words that go: of a person, of a document, of a class whose time is over. Rows stay where facts stand in them; a text
//! becomes empty, and the key of a subject of whom nothing is left is destroyed.

use super::{
    apply::Writing,
    conn::Conn,
    db::{Value, values_of},
    fault::{Fault, unreadable},
    keep::Keep,
    knowledge, scrub,
};
use crate::{
    domain::{Erasure, KnowledgeChange, Retention, TextClass, Timestamp, Traces, Whose},
    ports::Conflict,
};

/// So long a request is known again; its hash stands for words that could be guessed.
const REMEMBERED_MS: i64 = 72 * 3_600 * 1_000;

/// The texts of target `$2`: a customer's own and those of the conversations that the customer wrote in before the reference
/// was known; a conversation's own and all that hangs on its inquiries; a reply that stands for itself. The three never look
/// alike. Where two customers share a conversation, what was written in it without a reference may be either's.
macro_rules! theirs {
    () => {
        "p.workspace = $1 AND (p.subject = $2
         OR p.subject IN (SELECT i.conversation FROM inquiry i WHERE i.workspace = $1 AND i.subject = $2)
         OR p.inquiry IN (SELECT i.id FROM inquiry i WHERE i.workspace = $1 AND i.conversation = $2))"
    };
}

/// Hashes of the texts that document `$2` still says or said; what was erased of it may be another one's words today.
macro_rules! its_hashes {
    () => {
        "(SELECT r.text_hash FROM revision r WHERE r.workspace = $1 AND r.document = $2 AND r.erased = 0)"
    };
}

/// Columns of the first `$4` texts of class `$2` that were recorded before `$3`.
macro_rules! oldest {
    ($columns:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM person_text p WHERE p.workspace = $1 AND p.class = $2 AND p.at < $3 AND p.body <> ''
             ORDER BY p.at, p.id LIMIT $4"
        )
    };
}

/// What there is of somebody or of a document.
pub async fn traces(conn: &mut Conn, keep: &Keep, workspace: &str, whose: &Whose) -> Result<Traces, Fault> {
    let target = match whose {
        Whose::Customer(reference) => keep.customer(workspace, reference),
        Whose::Conversation(id) => id.to_string(),
        Whose::Reply(id) => id.to_string(),
        Whose::Document(key) => return of_document(conn, keep, workspace, key).await,
    };
    let sql = concat!(
        "SELECT p.subject, COUNT(*) FROM person_text p WHERE p.body <> '' AND ",
        theirs!(),
        " GROUP BY p.subject ORDER BY p.subject"
    );
    let (mut subjects, mut texts) = (Vec::new(), 0);
    for row in conn.rows(sql, values_of![workspace, target.as_str()]).await? {
        subjects.push(row.text(0)?);
        texts += u64::try_from(row.int(1)?).map_err(|_| unreadable("count"))?;
    }
    Ok(Traces { target, subjects, texts, shared_with: None })
}

async fn of_document(conn: &mut Conn, keep: &Keep, workspace: &str, key: &str) -> Result<Traces, Fault> {
    let target = keep.document(workspace, key);
    let sql = concat!(
        "SELECT COUNT(*), (SELECT MIN(o.document) FROM revision o WHERE o.workspace = $1 AND o.document <> $2
                           AND o.ended_sequence IS NULL AND o.erased = 0 AND o.text_hash IN ",
        its_hashes!(),
        ") FROM revision r WHERE r.workspace = $1 AND r.document = $2 AND (r.erased = 0 OR r.title <> '')"
    );
    let row = conn.row(sql, values_of![workspace, key]).await?.ok_or_else(|| unreadable("count"))?;
    let texts = u64::try_from(row.int(0)?).map_err(|_| unreadable("count"))?;
    Ok(Traces { target, subjects: Vec::new(), texts, shared_with: row.maybe_text(1)? })
}

/// Somebody's words go.
pub async fn subject(
    writing: &mut Writing<'_>,
    erasure: &Erasure,
    whose: &Whose,
    traces: &Traces,
) -> Result<(), Fault> {
    as_it_was(writing, whose, traces).await?;
    let values = || values_of![writing.change.workspace.as_str(), traces.target.as_str()];
    writing.conn.put_off(
        concat!(
            "WITH theirs AS (SELECT p.id AS id, p.inquiry AS inquiry FROM person_text p WHERE ",
            theirs!(),
            ") DELETE FROM idempotency WHERE workspace = $1 AND substr(made, 1, 40) IN (
                SELECT t.inquiry FROM theirs t WHERE t.inquiry IS NOT NULL
                UNION ALL SELECT s.id FROM suggestion s JOIN theirs t ON t.id = s.text WHERE s.workspace = $1
                UNION ALL SELECT d.id FROM decision d JOIN theirs t ON t.id = d.text WHERE d.workspace = $1
                UNION ALL SELECT u.id FROM undone_decision u JOIN theirs t ON t.id = u.text WHERE u.workspace = $1
                UNION ALL SELECT r.id FROM reply r JOIN theirs t ON t.id = r.text WHERE r.workspace = $1
                UNION ALL SELECT l.id FROM ruling l JOIN theirs t ON t.id = l.text WHERE l.workspace = $1
                UNION ALL SELECT w.ruling FROM waiver w JOIN theirs t ON t.id = w.phrase WHERE w.workspace = $1)"
        ),
        values(),
    );
    // Nobody can answer what nobody can read.
    let sql = concat!(
        "UPDATE inquiry SET state = 'closed' WHERE workspace = $1 AND (id, text) IN (
             SELECT p.inquiry, p.id FROM person_text p WHERE p.body <> '' AND ",
        theirs!(),
        ")"
    );
    writing.conn.put_off(sql, values());
    let sql = concat!("UPDATE person_text AS p SET body = '' WHERE p.body <> '' AND ", theirs!());
    writing.conn.put_off(sql, values());
    mark(writing);
    for subject in &traces.subjects {
        destroy_key(writing, subject);
    }
    keep_erasure(writing, erasure, traces);
    Ok(())
}

/// A document's words go, in all its revisions and proposals; what is held of it ends. A text is stored once: what another
/// document said in the same words and no longer says goes with it.
pub async fn document(
    writing: &mut Writing<'_>,
    erasure: &Erasure,
    whose: &Whose,
    traces: &Traces,
    change: &KnowledgeChange,
) -> Result<(), Fault> {
    as_it_was(writing, whose, traces).await?;
    let Whose::Document(key) = whose else { return Err(Fault::Conflict(Conflict::Missing)) };
    knowledge::write(writing, change).await?;
    let values = values_of![writing.workspace()];
    writing.conn.put_off("UPDATE log_head SET erased_sequence = sequence WHERE workspace = $1", values);
    let values = || values_of![writing.change.workspace.as_str(), key.as_str()];
    let (principal, at) = (writing.change.principal.id.as_str(), writing.change.at.0);
    let sql = "DELETE FROM idempotency WHERE workspace = $1 AND (made = $2
               OR made IN (SELECT r.id FROM revision r WHERE r.workspace = $1 AND r.document = $2)
               OR made IN (SELECT p.id FROM proposal p WHERE p.workspace = $1 AND p.document = $2))";
    writing.conn.put_off(sql, values());
    let sql = concat!(
        "UPDATE revision_text SET body = '', note = NULL, erased = 1 WHERE workspace = $1 AND hash IN ",
        its_hashes!()
    );
    writing.conn.put_off(sql, values());
    let sql = concat!("UPDATE revision SET erased = 1 WHERE workspace = $1 AND text_hash IN ", its_hashes!());
    writing.conn.put_off(sql, values());
    let sql = "UPDATE passage SET heading = NULL WHERE workspace = $1
               AND revision IN (SELECT r.id FROM revision r WHERE r.workspace = $1 AND r.document = $2)";
    writing.conn.put_off(sql, values());
    let sql = "UPDATE revision SET title = '', url = NULL, past_reply = NULL, source = NULL
               WHERE workspace = $1 AND document = $2";
    writing.conn.put_off(sql, values());
    let sql = "UPDATE proposal SET state = 'refused', decided_by = $3, decided_at = $4
               WHERE workspace = $1 AND document = $2 AND state = 'waiting'";
    let mut refused: Vec<Value> = values();
    refused.extend(values_of![principal, at]);
    writing.conn.put_off(sql, refused);
    let sql = "UPDATE proposal SET wish = '', reason = NULL WHERE workspace = $1 AND document = $2";
    writing.conn.put_off(sql, values());
    mark(writing);
    keep_erasure(writing, erasure, traces);
    Ok(())
}

/// The first `texts` of a class that were recorded before a moment go.
pub async fn expire(writing: &mut Writing<'_>, class: TextClass, until: Timestamp, texts: u64) -> Result<(), Fault> {
    let values = values_of![writing.workspace(), class.as_str(), until.0, texts];
    let sql = concat!(
        "UPDATE inquiry SET state = 'closed' WHERE workspace = $1 AND (id, text) IN (",
        oldest!("p.inquiry, p.id"),
        ")"
    );
    writing.conn.put_off(sql, values.clone());
    let sql = concat!(
        "UPDATE person_text SET body = '' WHERE workspace = $1 AND id IN (",
        oldest!("p.id"),
        ") RETURNING subject"
    );
    let rows = writing.conn.rows(sql, values).await?;
    if rows.len() as u64 != texts {
        return Err(Fault::Conflict(Conflict::Overtaken));
    }
    let mut subjects: Vec<String> = rows.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?;
    subjects.sort_unstable();
    subjects.dedup();
    mark(writing);
    for subject in &subjects {
        destroy_key(writing, subject);
    }
    forget_requests(writing);
    Ok(())
}

/// How long texts are kept from now on.
pub fn retain(writing: &mut Writing<'_>, retention: &Retention) {
    writing.conn.put_off("DELETE FROM retention WHERE workspace = $1", values_of![writing.workspace()]);
    for (class, days) in retention.days() {
        let values = values_of![writing.workspace(), class.as_str(), i64::from(days)];
        writing.conn.put_off("INSERT INTO retention (workspace, class, days) VALUES ($1, $2, $3)", values);
    }
}

/// What is erased is what its event tells: nothing came or went since it was looked up.
async fn as_it_was(writing: &mut Writing<'_>, whose: &Whose, seen: &Traces) -> Result<(), Fault> {
    match traces(writing.conn, writing.keep, writing.change.workspace.as_str(), whose).await? == *seen {
        true => Ok(()),
        false => Err(Fault::Conflict(Conflict::Overtaken)),
    }
}

/// The traces of what this change deletes are to be taken away.
fn mark(writing: &mut Writing<'_>) {
    let id = mark_id(writing);
    scrub::mark(writing.conn, &id, false);
}

fn mark_id(writing: &Writing<'_>) -> String {
    format!("{}/{}", writing.workspace(), writing.sequence)
}

/// Unless something is left that it opens: then it opens what this change deletes, too, as long as its bytes are there.
fn destroy_key(writing: &mut Writing<'_>, subject: &str) {
    let values = values_of![writing.workspace(), subject];
    writing.conn.put_off(
        "DELETE FROM subject_key WHERE workspace = $1 AND subject = $2 AND NOT EXISTS (
             SELECT 1 FROM person_text p WHERE p.workspace = $1 AND p.subject = $2 AND p.body <> '')",
        values,
    );
    let values = values_of![writing.workspace(), subject, mark_id(writing)];
    writing.conn.put_off(
        "UPDATE unscrubbed SET openable = 1 WHERE id = $3 AND EXISTS (
             SELECT 1 FROM subject_key k WHERE k.workspace = $1 AND k.subject = $2)",
        values,
    );
}

fn keep_erasure(writing: &mut Writing<'_>, erasure: &Erasure, traces: &Traces) {
    forget_requests(writing);
    let Erasure { id, texts, at } = erasure;
    let values = values_of![writing.workspace(), id.as_str(), traces.target.as_str(), *texts, at.0];
    writing.conn.put_off("INSERT INTO erasure (workspace, id, target, texts, at) VALUES ($1, $2, $3, $4, $5)", values);
}

fn forget_requests(writing: &mut Writing<'_>) {
    let values = values_of![writing.workspace(), writing.change.at.0 - REMEMBERED_MS];
    writing.conn.put_off("DELETE FROM idempotency WHERE workspace = $1 AND at < $2", values);
}
