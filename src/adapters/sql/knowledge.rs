//! Documents as rows: a revision is written once and ended once; its text is stored once however often it comes.

use super::{
    apply::Writing,
    db::{Value, values_of},
    fault::Fault,
    keep,
};
use crate::domain::{KnowledgeChange, Revision};

/// Writes what came and ends what went.
pub async fn write(writing: &mut Writing<'_>, change: &KnowledgeChange) -> Result<(), Fault> {
    end(writing, change).await?;
    add(writing, &change.added).await?;
    let values = values_of![writing.workspace()];
    writing.conn.put_off("UPDATE log_head SET knowledge_sequence = sequence WHERE workspace = $1", values);
    Ok(())
}

async fn end(writing: &mut Writing<'_>, change: &KnowledgeChange) -> Result<(), Fault> {
    for retired in &change.retired {
        let at = writing.change.at.0;
        let values = values_of![writing.workspace(), retired.as_str(), at, writing.sequence];
        writing
            .must_find(
                "UPDATE revision SET recorded_until = $3, ended_sequence = $4
                 WHERE workspace = $1 AND id = $2 AND ended_sequence IS NULL",
                values,
            )
            .await?;
    }
    Ok(())
}

async fn add(writing: &mut Writing<'_>, added: &[Revision]) -> Result<(), Fault> {
    let (mut documents, mut texts, mut revisions, mut passages) = (vec![], vec![], vec![], vec![]);
    for revision in added {
        let content = &revision.content;
        let hash = writing.keep.text_hash(writing.workspace(), content);
        let workspace = writing.workspace();
        documents.extend(values_of![workspace, content.key.as_str(), revision.recorded_from.0]);
        texts.extend(values_of![workspace, hash.as_str(), content.body.as_str(), content.note.as_deref()]);
        revisions.extend(revision_values(writing, revision, hash)?);
        for (place, passage) in revision.passages.iter().enumerate() {
            let (id, of, span) = (passage.id.as_str(), revision.id.as_str(), passage.span);
            passages.extend(values_of![workspace, id, of, place, span.start, span.end, passage.heading.as_deref()]);
        }
    }
    let (conn, once) = (&mut *writing.conn, "ON CONFLICT DO NOTHING");
    conn.insert_all("INSERT INTO document (workspace, key, recorded_from) VALUES", 3, documents, once).await?;
    conn.insert_all("INSERT INTO revision_text (workspace, hash, body, note) VALUES", 4, texts, once).await?;
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
