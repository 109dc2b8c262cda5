//! What is left of deleted rows is taken away: in the write-ahead log, on free pages, in the gaps between rows.

use std::time::Duration;

use super::{conn::Conn, db::values_of, fault::Fault};

/// How often it is tried to empty the write-ahead log while readers are in it, and how long it waits between.
const TRIES: u32 = 20;
const WAIT: Duration = Duration::from_millis(100);

/// Writes everything anew that held what was deleted; `sealed`: whether all that was in `person_text` was. Nothing else is
/// written meanwhile.
pub async fn scrub(conn: &mut Conn, sealed: bool) -> Result<(), Fault> {
    if conn.is_pg() {
        // A plain VACUUM leaves the bytes of dead rows on their pages. Sealed words are nothing without their keys, so that
        // their table, the large one, does not have to be locked and written anew.
        for table in ["subject_key", "idempotency", "revision_text", "revision", "passage", "proposal"] {
            conn.run(format!("VACUUM FULL {table}")).await?;
        }
        conn.run(if sealed { "VACUUM person_text" } else { "VACUUM FULL person_text" }).await?;
        return Ok(());
    }
    // Deleted cells are written over, but rows that moved on a page may have left a copy. The copy of the whole database that
    // this takes is made in a file and not in memory.
    conn.run("PRAGMA temp_store = FILE").await?;
    let vacuumed = conn.run("VACUUM").await;
    conn.run("PRAGMA temp_store = MEMORY").await?;
    vacuumed?;
    empty_log(conn).await
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
