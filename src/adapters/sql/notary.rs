//! Signs what a log holds. Before it signs it looks at the last checkpoint that was kept beside the store: a log that does
//! not extend it was cut, written anew or brought back from an old backup, and is not signed.

use std::sync::Arc;

use super::{
    conn::Conn,
    db::{Row, values_of},
    fault::{Fault, unreadable},
};
use crate::{
    audit::{self, BLOCK, Checkpoint, Edge, Hash, Signer, Whole},
    domain::{Timestamp, WorkspaceId},
    ports::{Anchors, Conflict, Signed},
};

/// How many events are read at a time.
const PAGE: u64 = 1_000;

/// The key, and where checkpoints are kept.
#[derive(Clone)]
pub struct Notary {
    signer: Arc<Signer>,
    anchors: Arc<dyn Anchors>,
}

/// Where a log stands.
struct Standing {
    sequence: u64,
    edge: Edge,
    first: String,
    epoch: u64,
}

impl Notary {
    /// Signs with a key made of these secret bytes.
    pub fn new(seed: &[u8; 32], anchors: Arc<dyn Anchors>) -> Self {
        Self { signer: Arc::new(Signer::from_seed(seed)), anchors }
    }

    /// The public key.
    pub fn key(&self) -> String {
        self.signer.key()
    }

    /// The last checkpoint kept beside the store.
    pub fn kept(&self, workspace: &WorkspaceId) -> Result<Option<String>, Fault> {
        self.anchors.last(workspace).map_err(Fault::Failed)
    }

    /// Puts the checkpoints of a log that was lost out of the way.
    pub fn set_aside(&self, workspace: &WorkspaceId) -> Result<(), Fault> {
        self.anchors.set_aside(workspace).map_err(Fault::Failed)
    }

    /// The checkpoint over all that is written, signed and kept if it was not. `None` where there is no log.
    pub async fn sign(
        &self,
        conn: &mut Conn,
        workspace: &WorkspaceId,
        at: Option<Timestamp>,
    ) -> Result<Option<Signed>, Fault> {
        let Some(log) = standing(conn, workspace).await? else { return Ok(None) };
        if log.sequence == 0 {
            return Ok(None);
        }
        let origin = audit::origin(workspace.as_str(), &log.first, log.epoch);
        let kept = self.kept(workspace)?;
        if let Some(kept) = &kept {
            extends(conn, workspace, &log, &origin, kept).await?;
        }
        let checkpoint = Checkpoint { origin, size: log.sequence, root: log.edge.root() };
        let note = self.signer.sign(&checkpoint);
        let at = match at {
            Some(at) => at,
            None => last_written(conn, workspace, log.sequence).await?,
        };
        let values = values_of![workspace.as_str(), log.sequence, note.as_str(), at.0];
        let sql = "INSERT INTO checkpoint (workspace, size, note, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        conn.execute(sql, values).await?;
        // First the store, then beside it: a kill in between leaves an older checkpoint kept, and the log extends that.
        if kept.as_ref() != Some(&note) {
            self.anchors.keep(workspace, &note).map_err(Fault::Failed)?;
        }
        Ok(Some(Signed { size: log.sequence, note, at }))
    }
}

async fn standing(conn: &mut Conn, workspace: &WorkspaceId) -> Result<Option<Standing>, Fault> {
    let sql = "SELECT sequence, edge, first, epoch FROM log_head WHERE workspace = $1";
    let Some(row) = conn.row(sql, values_of![workspace.as_str()]).await? else { return Ok(None) };
    let (sequence, edge) = (whole(&row, 0)?, Edge::parse(&row.text(1)?).ok_or_else(|| unreadable("log_head.edge"))?);
    let (first, epoch) = (row.text(2)?, whole(&row, 3)?);
    if edge.size() == sequence {
        return Ok(Some(Standing { sequence, edge, first, epoch }));
    }
    let (edge, first) = level(conn, workspace.as_str(), edge, sequence).await?;
    let values = values_of![workspace.as_str(), edge.write(), first.as_str()];
    conn.execute("UPDATE log_head SET edge = $2, first = $3 WHERE workspace = $1", values).await?;
    Ok(Some(Standing { sequence, edge, first, epoch }))
}

/// Takes in the events of a log from before there was a tree, and stores its finished subtrees.
pub async fn level(conn: &mut Conn, workspace: &str, mut edge: Edge, sequence: u64) -> Result<(Edge, String), Fault> {
    while edge.size() < sequence {
        let sql = "SELECT content FROM event WHERE workspace = $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence LIMIT $4";
        let rows = conn.rows(sql, values_of![workspace, edge.size(), sequence, PAGE]).await?;
        if rows.is_empty() {
            return Err(unreadable("log_head.sequence"));
        }
        for row in &rows {
            for made in edge.push(audit::leaf(&row.text(0)?)) {
                put(conn, workspace, made);
            }
        }
        conn.flush().await?;
    }
    let sql = "SELECT hash FROM event WHERE workspace = $1 AND sequence = 1";
    let first = conn.row(sql, values_of![workspace]).await?.map(|row| row.text(0)).transpose()?;
    Ok((edge, first.unwrap_or_default()))
}

/// Stores a finished subtree.
pub fn put(conn: &mut Conn, workspace: &str, Whole { height, place, hash }: Whole) {
    let values = values_of![workspace, u64::from(height), place, hex::encode(hash)];
    conn.put_off(
        "INSERT INTO tree_node (workspace, height, place, hash) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        values,
    );
}

/// Whether a log extends a checkpoint that was kept.
async fn extends(
    conn: &mut Conn,
    workspace: &WorkspaceId,
    log: &Standing,
    origin: &str,
    kept: &str,
) -> Result<(), Fault> {
    let kept =
        Checkpoint::of_note(kept).ok_or_else(|| Fault::Failed("the kept checkpoint is unreadable".to_owned()))?;
    let forked = Err(Fault::Conflict(Conflict::Forked { kept: kept.size, found: log.sequence }));
    if kept.origin != origin || kept.size > log.sequence {
        return forked;
    }
    let root = if kept.size == log.sequence { log.edge.root() } else { root_at(conn, workspace, kept.size).await? };
    if root == kept.root { Ok(()) } else { forked }
}

/// The root that the log had at a size: from stored subtrees, and the leaves of the last block.
async fn root_at(conn: &mut Conn, workspace: &WorkspaceId, size: u64) -> Result<Hash, Fault> {
    let mut edge = Edge::default();
    for height in [16u32, 8] {
        let sql = "SELECT hash FROM tree_node WHERE workspace = $1 AND height = $2 AND place >= $3 AND place < $4 ORDER BY place";
        let (from, to) = (edge.size() >> height, size >> height);
        for row in conn.rows(sql, values_of![workspace.as_str(), u64::from(height), from, to]).await? {
            let hash = hex::decode(row.text(0)?).ok().and_then(|hash| hash.try_into().ok());
            edge.push_whole(height, hash.ok_or_else(|| unreadable("tree_node.hash"))?);
        }
    }
    let sql = "SELECT content FROM event WHERE workspace = $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence";
    for row in conn.rows(sql, values_of![workspace.as_str(), size / BLOCK * BLOCK, size]).await? {
        edge.push(audit::leaf(&row.text(0)?));
    }
    Ok(edge.root())
}

async fn last_written(conn: &mut Conn, workspace: &WorkspaceId, sequence: u64) -> Result<Timestamp, Fault> {
    let sql = "SELECT at FROM event WHERE workspace = $1 AND sequence = $2";
    let row = conn.row(sql, values_of![workspace.as_str(), sequence]).await?;
    Ok(Timestamp(row.ok_or_else(|| unreadable("log_head.sequence"))?.int(0)?))
}

fn whole(row: &Row, at: usize) -> Result<u64, Fault> {
    u64::try_from(row.int(at)?).map_err(|_| unreadable("log_head"))
}
