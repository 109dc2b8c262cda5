//! Inquiries found by words. Texts are sealed one by one for their customers, so that no index of words can stand beside them
//! and outlive an erasure: the texts are opened and read, the last received first, and no further than [`MOST`] at once.

use std::collections::HashMap;

use serde::Deserialize;

use super::{
    SqlStore,
    db::{Row, values_of},
    failed,
    fault::{Fault, unreadable},
    inbox::inquiry_id,
    keep::{self, Keep},
};
use crate::{
    domain::{Excerpt, Found, Hit, Id, Inquiry, Party, Reference, Span, Timestamp, WorkspaceId, name},
    language::{normal::Normalised, sought::SoughtWords},
    ports::StoreError,
};

/// So many inquiries are looked through at once.
pub const MOST: usize = 10_000;
/// So many are read together.
const BATCH: usize = 500;
/// So many characters of a text stand before what was found in it, and so many after its begin.
const BEFORE: usize = 16;
const AFTER: usize = 64;

/// Inquiries older than one moment and id, the last received first.
macro_rules! batch {
    () => {
        "(SELECT i.workspace, i.id, i.text, i.received_at FROM inquiry i
          WHERE i.workspace = $1 AND (i.received_at, i.id) < ($2, $3) ORDER BY i.received_at DESC, i.id DESC LIMIT $4) i"
    };
}

const INQUIRIES: &str = concat!(
    "SELECT i.id, i.received_at, t.body FROM ",
    batch!(),
    " LEFT JOIN person_body t ON t.workspace = i.workspace AND t.id = i.text ORDER BY i.received_at DESC, i.id DESC"
);

const REPLIES: &str = concat!(
    "SELECT r.inquiry, t.body FROM ",
    batch!(),
    " JOIN reply r ON r.workspace = i.workspace AND r.inquiry = i.id
      JOIN person_body t ON t.workspace = r.workspace AND t.id = r.text WHERE t.body IS NOT NULL ORDER BY r.sent_at, r.id"
);

/// By an id, or by the very reference of a customer: found however old it is.
const NAMED: &str = "SELECT i.id, i.received_at FROM (
        SELECT o.id AS id FROM inquiry o WHERE o.workspace = $1 AND o.subject = $3
        UNION SELECT o.id FROM inquiry o WHERE o.workspace = $1 AND o.id = $2
        UNION SELECT d.inquiry FROM draft d WHERE d.workspace = $1 AND d.id = $2
        UNION SELECT s.inquiry FROM suggestion s WHERE s.workspace = $1 AND s.id = $2
        UNION SELECT r.inquiry FROM reply r WHERE r.workspace = $1 AND r.id = $2
    ) n CROSS JOIN inquiry i JOIN person_text t ON t.workspace = i.workspace AND t.id = i.text AND t.body <> ''
    WHERE i.workspace = $1 AND i.id = n.id ORDER BY i.received_at DESC, i.id DESC LIMIT $4";

/// Of a reply that was sent, what was said; what it got is not read.
#[derive(Deserialize)]
struct Told {
    reply: Said,
}

#[derive(Deserialize)]
struct Said {
    text: String,
}

/// A place in the order of the inquiries.
struct At(Timestamp, String);

impl SqlStore {
    /// What is found of some words, older than one inquiry if that is named.
    pub(super) async fn look_up(
        &self,
        workspace: &WorkspaceId,
        words: &str,
        older: Option<&Id<name::Inquiry>>,
    ) -> Result<Found, StoreError> {
        let Some(sought) = SoughtWords::parse(words) else { return Ok(Found::default()) };
        let mut found = Found::default();
        let mut at = match older {
            Some(inquiry) => self.place_of(workspace, inquiry).await?,
            None => {
                found.hits = self.named(workspace, words.trim()).await?;
                At(Timestamp(i64::MAX), String::new())
            }
        };
        loop {
            let values = || values_of![workspace.as_str(), at.0.0, at.1.as_str(), BATCH];
            let mut conn = self.reader().await?;
            let rows = conn.rows(INQUIRIES, values()).await.map_err(failed)?;
            let replies = conn.rows(REPLIES, values()).await.map_err(failed)?;
            drop(conn);
            let read = rows.len();
            let Some(last) = rows.last() else { break };
            at = place(last).map_err(failed)?;
            found.looked += read as u64;
            let (keep, sought) = (self.keep.clone(), sought.clone());
            // Thousands of texts are opened: whoever else waits for a thread is not kept waiting for that.
            let reading = tokio::task::spawn_blocking(move || hits(&keep, &sought, &rows, &replies));
            let hits = reading.await.map_err(|_| StoreError::Failed("reading the texts panicked".to_owned()))?;
            found.hits.extend(hits.map_err(failed)?);
            if read < BATCH {
                break;
            }
            if found.looked >= MOST as u64 {
                found.rest = inquiry_id(Some(at.1)).map_err(failed)?;
                break;
            }
        }
        // What was named may have been found by its words too, then with what stands around them.
        let order = |hit: &Hit| (hit.at, hit.inquiry.to_string(), hit.excerpt.is_some());
        found.hits.sort_by_cached_key(|hit| std::cmp::Reverse(order(hit)));
        found.hits.dedup_by(|later, first| later.inquiry == first.inquiry);
        Ok(found)
    }

    async fn place_of(&self, workspace: &WorkspaceId, inquiry: &Id<name::Inquiry>) -> Result<At, StoreError> {
        let sql = "SELECT i.id, i.received_at FROM inquiry i WHERE i.workspace = $1 AND i.id = $2";
        let values = values_of![workspace.as_str(), inquiry.as_str()];
        let row = self.reader().await?.row(sql, values).await.map_err(failed)?;
        // Nothing is older than what never was.
        row.map_or(Ok(At(Timestamp(i64::MIN), String::new())), |row| place(&row).map_err(failed))
    }

    async fn named(&self, workspace: &WorkspaceId, words: &str) -> Result<Vec<Hit>, StoreError> {
        let customer = Reference::parse(words).ok().map(|customer| self.keep.customer(workspace.as_str(), &customer));
        let values = values_of![workspace.as_str(), words, customer, BATCH];
        let rows = self.reader().await?.rows(NAMED, values).await.map_err(failed)?;
        let hit = |row: &Row| {
            let At(at, id) = place(row)?;
            Ok(Hit { inquiry: id_of(id)?, at, excerpt: None })
        };
        rows.iter().map(|row| hit(row).map_err(|fault: Fault| failed(fault))).collect()
    }
}

fn place(row: &Row) -> Result<At, Fault> {
    Ok(At(Timestamp(row.int(1)?), row.text(0)?))
}

fn id_of(id: String) -> Result<Id<name::Inquiry>, Fault> {
    inquiry_id(Some(id))?.ok_or_else(|| unreadable("inquiry.id"))
}

/// What is found in a batch of inquiries and the replies to them.
fn hits(keep: &Keep, sought: &SoughtWords, inquiries: &[Row], replies: &[Row]) -> Result<Vec<Hit>, Fault> {
    let mut told: HashMap<String, Vec<&Row>> = HashMap::new();
    for row in replies {
        told.entry(row.text(0)?).or_default().push(row);
    }
    let mut hits = Vec::new();
    for row in inquiries {
        let Some(body) = keep.open_if_there(row, 2)? else { continue };
        let inquiry: Inquiry = keep::read(&body)?;
        let reply = |row: &&Row| Ok::<_, Fault>(keep::read::<Told>(&keep.open(row, 1)?)?.reply.text);
        let told = told.get(inquiry.id.as_str()).map_or(Ok(Vec::new()), |rows| rows.iter().map(reply).collect())?;
        if let Some(excerpt) = look(sought, &inquiry, &told) {
            hits.push(Hit { at: Timestamp(row.int(1)?), inquiry: inquiry.id, excerpt });
        }
    }
    Ok(hits)
}

/// Whether it is found, and what stands around the words.
fn look(sought: &SoughtWords, inquiry: &Inquiry, told: &[String]) -> Option<Option<Excerpt>> {
    let references = [inquiry.customer.as_ref(), inquiry.order.as_ref()].into_iter().flatten();
    let references: Vec<Normalised> = references.map(|reference| Normalised::of(reference.as_str())).collect();
    let said = std::iter::once((Party::Customer, inquiry.text.as_str()))
        .chain(told.iter().map(|text| (Party::Desk, text.as_str())));
    let said: Vec<_> = said.map(|(by, text)| (by, text, Normalised::of(text))).collect();
    let all: Vec<&Normalised> = references.iter().chain(said.iter().map(|(.., normal)| normal)).collect();
    sought.are_in(&all).then(|| said.iter().find_map(|(by, text, normal)| excerpt(*by, text, &sought.spans(normal))))
}

fn excerpt(by: Party, text: &str, spans: &[Span]) -> Option<Excerpt> {
    let first = spans.first()?;
    let start = first.start.saturating_sub(BEFORE);
    let part = Span::new(start, first.start + AFTER);
    let inside = spans.iter().filter(|span| span.start >= part.start && span.end <= part.end);
    let marks = inside.map(|span| Span::new(span.start - start, span.end - start)).collect();
    // It stands in one line; its characters stay as many as they were.
    let text = part.of(text).chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    Some(Excerpt { by, text, marks })
}
