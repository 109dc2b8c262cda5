//! The documents as a list: lines without their texts, so that ten thousand of them are looked through at once.

use super::{
    conn::Conn,
    db::{Row, values_of},
    fault::{Fault, unreadable},
    shelf,
};
use crate::domain::{Audience, Id, Kind, Listed, Listing, Timestamp, WorkspaceId};

const LISTED: &str = "SELECT r.id, r.document, r.kind, r.title, r.audience, r.valid_from, r.valid_until, r.applies_by,
        r.recorded_from, (SELECT COUNT(*) FROM revision o WHERE o.workspace = r.workspace AND o.document = r.document
            AND o.erased = 0 AND (o.recorded_sequence, o.id) <= (r.recorded_sequence, r.id))
    FROM revision r JOIN revision_text t ON t.workspace = r.workspace AND t.hash = r.text_hash
    WHERE r.workspace = $1 AND r.ended_sequence IS NULL AND r.erased = 0 AND ($2 IS NULL OR r.kind = $2)
    AND lower(r.title || ' ' || r.document || ' ' || t.body) LIKE $3 ESCAPE '!'
    AND lower(r.title || ' ' || r.document || ' ' || t.body) LIKE $4 ESCAPE '!'
    AND lower(r.title || ' ' || r.document || ' ' || t.body) LIKE $5 ESCAPE '!'
    AND ($6 IS NULL OR EXISTS (SELECT 1 FROM revision c WHERE c.workspace = $1 AND c.id = $6
        AND (r.recorded_sequence < c.recorded_sequence
            OR (r.recorded_sequence = c.recorded_sequence AND (r.document, r.id) > (c.document, c.id)))))
    ORDER BY r.recorded_sequence DESC, r.document, r.id LIMIT $7";

/// One part of what is held true.
pub async fn listed(conn: &mut Conn, workspace: &WorkspaceId, listing: &Listing) -> Result<Vec<Listed>, Fault> {
    let pattern = |at: usize| listing.words.get(at).map_or_else(|| "%".to_owned(), |word| holding(word));
    let (kind, behind) = (listing.kind.map(Kind::as_str), listing.behind.as_ref().map(Id::as_str));
    let values = values_of![workspace.as_str(), kind, pattern(0), pattern(1), pattern(2), behind, listing.limit];
    conn.rows(LISTED, values).await?.iter().map(line).collect()
}

/// How many of each kind are held true.
pub async fn kinds(conn: &mut Conn, workspace: &WorkspaceId) -> Result<[u64; Kind::ALL.len()], Fault> {
    let sql = "SELECT kind, COUNT(*) FROM revision WHERE workspace = $1 AND ended_sequence IS NULL AND erased = 0
               GROUP BY kind";
    let mut counts = [0; Kind::ALL.len()];
    for row in conn.rows(sql, values_of![workspace.as_str()]).await? {
        let kind = Kind::parse(&row.text(0)?).ok_or_else(|| unreadable("revision.kind"))?;
        if let Some(at) = Kind::ALL.iter().position(|one| *one == kind) {
            counts[at] = u64::try_from(row.int(1)?).map_err(|_| unreadable("count"))?;
        }
    }
    Ok(counts)
}

/// What holds these letters, whatever they mean in a pattern.
fn holding(word: &str) -> String {
    let mut pattern = "%".to_owned();
    for c in word.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

fn line(row: &Row) -> Result<Listed, Fault> {
    Ok(Listed {
        revision: shelf::id(row, 0)?,
        key: row.text(1)?,
        kind: Kind::parse(&row.text(2)?).ok_or_else(|| unreadable("revision.kind"))?,
        title: row.text(3)?,
        audience: Audience::parse(&row.text(4)?).ok_or_else(|| unreadable("revision.audience"))?,
        validity: shelf::validity(row, 5)?,
        recorded_from: Timestamp(row.int(8)?),
        number: u64::try_from(row.int(9)?).map_err(|_| unreadable("count"))?,
    })
}
