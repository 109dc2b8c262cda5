//! The hashes that show one event to be in a signed log, from stored subtrees and the leaves of two blocks.

use super::{
    conn::Conn,
    db::values_of,
    fault::{Fault, unreadable},
};
use crate::{
    audit::{self, BLOCK, Known, Whole},
    domain::WorkspaceId,
    ports::{Proof, Signed},
};

/// Shows that the event with this number is in the log that was signed; `None` where it has no such event.
pub async fn prove(
    conn: &mut Conn,
    workspace: &WorkspaceId,
    sequence: u64,
    signed: &Signed,
) -> Result<Option<Proof>, Fault> {
    if sequence == 0 || sequence > signed.size {
        return Ok(None);
    }
    let (mut known, mut content) = (Known::default(), None);
    let sql = "SELECT height, place, hash FROM tree_node WHERE workspace = $1";
    for row in conn.rows(sql, values_of![workspace.as_str()]).await? {
        let height = u32::try_from(row.int(0)?).map_err(|_| unreadable("tree_node.height"))?;
        let place = u64::try_from(row.int(1)?).map_err(|_| unreadable("tree_node.place"))?;
        let hash = hex::decode(row.text(2)?).ok().and_then(|hash| hash.try_into().ok());
        known.add(Whole { height, place, hash: hash.ok_or_else(|| unreadable("tree_node.hash"))? });
    }
    let index = sequence - 1;
    for block in [index / BLOCK, (signed.size - 1) / BLOCK] {
        let (from, to) = (block * BLOCK, ((block + 1) * BLOCK).min(signed.size));
        let sql =
            "SELECT content FROM event WHERE workspace = $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence";
        let rows = conn.rows(sql, values_of![workspace.as_str(), from, to]).await?;
        for (place, row) in (from..).zip(&rows) {
            let text = row.text(0)?;
            known.add(Whole { height: 0, place, hash: audit::leaf(&text) });
            content = content.or_else(|| (place == index).then_some(text));
        }
    }
    let path = known.path(index, signed.size).ok_or_else(|| unreadable("tree_node"))?;
    let path = path.iter().map(hex::encode).collect();
    Ok(content.map(|content| Proof { sequence, content, path, checkpoint: signed.note.clone() }))
}
