//! What is left of deleted rows is taken away: in the write-ahead log, on free pages, in the gaps between rows. Every change
//! that deletes words leaves a mark, in its own transaction; a mark goes when that was done, however often it takes.

use std::{collections::HashSet, time::Duration};

use super::{
    conn::Conn,
    db::values_of,
    fault::{Fault, unreadable},
};

/// How often it is tried to empty the write-ahead log while readers are in it. SQLite itself waits for them each time.
const TRIES: u32 = 2;
/// How often it is looked whether PostgreSQL's older transactions are over.
const LOOKS: u32 = 50;
const WAIT: Duration = Duration::from_millis(100);

/// What is still to be scrubbed.
pub struct Marks {
    ids: Vec<String>,
    /// Sealed words went whose key stays: their bytes can still be opened.
    openable: bool,
}

impl Marks {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

/// Says, with the change that deletes, that its traces are to be taken away.
pub fn mark(conn: &mut Conn, id: &str, openable: bool) {
    let values = values_of![id, i64::from(openable)];
    conn.put_off("INSERT INTO unscrubbed (id, openable) VALUES ($1, $2)", values);
}

/// What is to be done, once nobody can see it any more: PostgreSQL keeps a deleted row for transactions that began before.
pub async fn due(conn: &mut Conn) -> Result<Marks, Fault> {
    let mut marks = Marks { ids: Vec::new(), openable: false };
    for row in conn.rows("SELECT id, openable FROM unscrubbed ORDER BY id", values_of![]).await? {
        marks.ids.push(row.text(0)?);
        marks.openable |= row.int(1)? != 0;
    }
    if conn.is_pg() && !marks.is_empty() {
        older_are_over(conn).await?;
    }
    Ok(marks)
}

async fn older_are_over(conn: &mut Conn) -> Result<(), Fault> {
    let next = "SELECT CAST(mod(txid_snapshot_xmax(txid_current_snapshot()), 4294967296) AS TEXT)";
    let next = conn.row(next, values_of![]).await?.ok_or_else(|| unreadable("txid"))?.text(0)?;
    for _ in 0..LOOKS {
        let older = "SELECT COUNT(*) FROM (
                SELECT backend_xid AS id FROM pg_stat_activity
                WHERE pid <> pg_backend_pid() AND (datname IS NULL OR datname = current_database())
                UNION ALL SELECT backend_xmin FROM pg_stat_activity
                WHERE pid <> pg_backend_pid() AND (datname IS NULL OR datname = current_database())
                UNION ALL SELECT transaction FROM pg_prepared_xacts WHERE database = current_database()
                UNION ALL SELECT xmin FROM pg_replication_slots
            ) AS others WHERE age(id) > age(CAST($1 AS xid))";
        let row = conn.row(older, values_of![next.as_str()]).await?;
        if row.map(|row| row.int(0)).transpose()? == Some(0) {
            return Ok(());
        }
        tokio::time::sleep(WAIT).await;
    }
    Err(Fault::Failed(
        "transactions that began earlier can still see what was deleted: `backend_xmin` in pg_stat_activity says whose"
            .to_owned(),
    ))
}

/// Writes everything anew that held what was deleted. Nothing else is written meanwhile.
pub async fn scrub(conn: &mut Conn, marks: &Marks) -> Result<(), Fault> {
    let still = conn.rows("SELECT id FROM unscrubbed", values_of![]).await?;
    let still: HashSet<String> = still.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?;
    if !marks.ids.iter().any(|id| still.contains(id)) {
        // Somebody else did it meanwhile.
        return Ok(());
    }
    if conn.is_pg() {
        // Whoever waits to lock a table makes all others wait: not for somebody who holds it and is idle.
        conn.run("SET lock_timeout = '5s'").await?;
        let written = write_tables(conn, marks).await;
        conn.run("RESET lock_timeout").await?;
        written?;
    } else {
        // Deleted cells are written over, but rows that moved on a page may have left a copy. The copy of the whole database
        // that this takes is made in a file and not in memory.
        conn.run("PRAGMA temp_store = FILE").await?;
        let vacuumed = conn.run("VACUUM").await;
        conn.run("PRAGMA temp_store = MEMORY").await?;
        vacuumed?;
        empty_log(conn).await?;
    }
    for id in &marks.ids {
        conn.execute("DELETE FROM unscrubbed WHERE id = $1", values_of![id.as_str()]).await?;
    }
    Ok(())
}

/// PostgreSQL's tables, written anew.
async fn write_tables(conn: &mut Conn, marks: &Marks) -> Result<(), Fault> {
    // A plain VACUUM leaves the bytes of dead rows on their pages. Sealed words are nothing without their key: where that went
    // too, their table, the large one, does not have to be locked and written anew.
    for table in ["subject_key", "idempotency", "revision_text", "revision", "passage", "proposal"] {
        conn.run(format!("VACUUM FULL {table}")).await?;
    }
    Ok(conn.run(if marks.openable { "VACUUM FULL person_text" } else { "VACUUM person_text" }).await?)
}

/// Moves the write-ahead log of a file into it and cuts it to nothing.
pub async fn empty_log(conn: &mut Conn) -> Result<(), Fault> {
    for _ in 0..TRIES {
        let row = conn.row("PRAGMA wal_checkpoint(TRUNCATE)", values_of![]).await?;
        if row.map(|row| row.int(0)).transpose()? == Some(0) {
            return Ok(());
        }
        tokio::time::sleep(WAIT).await;
    }
    Err(Fault::Failed("readers kept the write-ahead log in use: ask again".to_owned()))
}
