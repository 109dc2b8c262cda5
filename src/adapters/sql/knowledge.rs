//! Documents as rows: a revision is written once and ended once; its text is stored once however often it comes.

use std::collections::HashSet;

use super::{
    apply::Writing,
    db::{Value, values_of},
    fault::Fault,
    keep,
};
use crate::{
    domain::{Id, KnowledgeChange, Proposal, Revision, name},
    ports::Conflict,
};

/// Writes what came and ends what went.
pub async fn write(writing: &mut Writing<'_>, change: &KnowledgeChange) -> Result<(), Fault> {
    if let Some(since) = change.since {
        let sql = "SELECT knowledge_sequence FROM log_head WHERE workspace = $1";
        let row = writing.conn.row(sql, values_of![writing.workspace()]).await?;
        let last = row.map(|row| row.int(0)).transpose()?;
        if last.is_none_or(|last| u64::try_from(last).ok() != Some(since)) {
            return Err(Fault::Conflict(Conflict::Overtaken));
        }
    }
    end(writing, change).await?;
    add(writing, &change.added).await?;
    let values = values_of![writing.workspace()];
    writing.conn.put_off("UPDATE log_head SET knowledge_sequence = sequence WHERE workspace = $1", values);
    Ok(())
}

async fn end(writing: &mut Writing<'_>, change: &KnowledgeChange) -> Result<(), Fault> {
    for retired in &change.retired {
        let at = writing.change.at.0;
        let by_hand = i64::from(change.by_hand);
        let values = values_of![writing.workspace(), retired.as_str(), at, writing.sequence, by_hand];
        writing
            .must_find(
                "UPDATE revision SET recorded_until = $3, ended_sequence = $4, ended_by_hand = $5
                 WHERE workspace = $1 AND id = $2 AND ended_sequence IS NULL",
                values,
            )
            .await?;
    }
    Ok(())
}

/// Keeps a proposal for whoever decides on it.
pub fn propose(writing: &mut Writing<'_>, proposal: &Proposal) -> Result<(), Fault> {
    let (id, document, wish) = (proposal.id.as_str(), proposal.wish.key(), keep::write(&proposal.wish)?);
    let values = values_of![writing.workspace(), id, document, wish, proposal.by.as_str(), proposal.at.0];
    writing.conn.put_off(
        "INSERT INTO proposal (workspace, id, document, wish, principal, at, state)
         VALUES ($1, $2, $3, $4, $5, $6, 'waiting')",
        values,
    );
    Ok(())
}

/// Ends a proposal that waits, with what follows from a yes.
pub async fn decide(
    writing: &mut Writing<'_>,
    proposal: &Id<name::Proposal>,
    change: Option<&KnowledgeChange>,
    reason: Option<&str>,
) -> Result<(), Fault> {
    let state = if change.is_some() { "approved" } else { "refused" };
    let (principal, at) = (writing.change.principal.id.as_str(), writing.change.at.0);
    let values = values_of![writing.workspace(), proposal.as_str(), state, principal, at, reason];
    writing
        .must_find(
            "UPDATE proposal SET state = $3, decided_by = $4, decided_at = $5, reason = $6
             WHERE workspace = $1 AND id = $2 AND state = 'waiting'",
            values,
        )
        .await?;
    match change {
        Some(change) => write(writing, change).await,
        None => Ok(()),
    }
}

async fn add(writing: &mut Writing<'_>, added: &[Revision]) -> Result<(), Fault> {
    let (mut documents, mut texts, mut revisions, mut passages) = (vec![], vec![], vec![], vec![]);
    let mut put = HashSet::new();
    for revision in added {
        let content = &revision.content;
        let hash = writing.keep.text_hash(writing.workspace(), content);
        let workspace = writing.workspace();
        documents.extend(values_of![workspace, content.key.as_str(), revision.recorded_from.0]);
        if put.insert(hash.clone()) {
            texts.extend(values_of![workspace, hash.as_str(), content.body.as_str(), content.note.as_deref()]);
        }
        revisions.extend(revision_values(writing, revision, hash)?);
        for (place, passage) in revision.passages.iter().enumerate() {
            let (id, of, span) = (passage.id.as_str(), revision.id.as_str(), passage.span);
            passages.extend(values_of![workspace, id, of, place, span.start, span.end, passage.heading.as_deref()]);
        }
    }
    let (conn, once) = (&mut *writing.conn, "ON CONFLICT DO NOTHING");
    conn.insert_all("INSERT INTO document (workspace, key, recorded_from) VALUES", 3, documents, once).await?;
    // Words that were erased may be said again: by this revision, not by those that said them before.
    let again = "ON CONFLICT (workspace, hash) DO UPDATE SET body = excluded.body, note = excluded.note, erased = 0
                 WHERE revision_text.erased = 1";
    conn.insert_all("INSERT INTO revision_text (workspace, hash, body, note) VALUES", 4, texts, again).await?;
    conn.insert_all(
        "INSERT INTO revision (workspace, id, document, kind, title, url, audience, valid_from, valid_until,
         applies_by, text_hash, past_reply, source, recorded_from, recorded_until, recorded_sequence) VALUES",
        16,
        revisions,
        "",
    )
    .await?;
    conn.insert_all(
        "INSERT INTO passage (workspace, id, revision, place, span_start, span_end, heading) VALUES",
        7,
        passages,
        "",
    )
    .await?;
    Ok(())
}

fn revision_values(writing: &Writing<'_>, revision: &Revision, hash: String) -> Result<Vec<Value>, Fault> {
    let content = &revision.content;
    let validity = content.validity;
    Ok(values_of![
        writing.workspace(),
        revision.id.as_str(),
        content.key.as_str(),
        content.kind.as_str(),
        content.title.as_str(),
        content.url.as_deref(),
        content.audience.as_str(),
        validity.from.map(|day| day.to_string()),
        validity.until.map(|day| day.to_string()),
        validity.by.as_str(),
        hash,
        content.past_reply.as_ref().map(keep::write).transpose()?,
        content.source.as_deref(),
        revision.recorded_from.0,
        revision.recorded_until.map(|at| at.0),
        writing.sequence,
    ])
}
