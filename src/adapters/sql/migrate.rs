//! Brings the schema forward, one migration a transaction, and never back. What was applied is compared with what
//! this binary holds: a binary older than the schema, or one whose history reads otherwise, is refused.

use sha2::{Digest, Sha256};

use super::{
    conn::Conn,
    db::{Db, values_of},
    open::OpenError,
};
use crate::domain::Timestamp;

/// One step of the schema; its version is its place in the list, from 1.
#[derive(Debug, Clone, Copy)]
struct Migration {
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "journey",
        sqlite: include_str!("migrations/0001_journey.sql"),
        postgres: include_str!("migrations/0001_journey.sql"),
    },
    Migration {
        name: "append_only",
        sqlite: include_str!("migrations/0002_append_only.sqlite.sql"),
        postgres: include_str!("migrations/0002_append_only.postgres.sql"),
    },
    Migration {
        name: "conversation",
        sqlite: include_str!("migrations/0003_conversation.sql"),
        postgres: include_str!("migrations/0003_conversation.sql"),
    },
    Migration {
        name: "proposal",
        sqlite: include_str!("migrations/0004_proposal.sql"),
        postgres: include_str!("migrations/0004_proposal.sql"),
    },
    Migration {
        name: "held",
        sqlite: include_str!("migrations/0005_held.sql"),
        postgres: include_str!("migrations/0005_held.sql"),
    },
    Migration {
        name: "review",
        sqlite: include_str!("migrations/0006_review.sql"),
        postgres: include_str!("migrations/0006_review.sql"),
    },
    Migration {
        name: "checkpoint",
        sqlite: include_str!("migrations/0007_checkpoint.sql"),
        postgres: include_str!("migrations/0007_checkpoint.sql"),
    },
    Migration {
        name: "append_only_checkpoints",
        sqlite: include_str!("migrations/0008_append_only.sqlite.sql"),
        postgres: include_str!("migrations/0008_append_only.postgres.sql"),
    },
    Migration {
        name: "configuration",
        sqlite: include_str!("migrations/0009_configuration.sql"),
        postgres: include_str!("migrations/0009_configuration.sql"),
    },
    Migration {
        name: "reliance",
        sqlite: include_str!("migrations/0010_reliance.sql"),
        postgres: include_str!("migrations/0010_reliance.sql"),
    },
    Migration {
        name: "subject_key",
        sqlite: include_str!("migrations/0011_subject_key.sql"),
        postgres: include_str!("migrations/0011_subject_key.sql"),
    },
    Migration {
        name: "erased_revision",
        sqlite: include_str!("migrations/0012_erased_revision.sql"),
        postgres: include_str!("migrations/0012_erased_revision.sql"),
    },
    Migration {
        name: "unscrubbed",
        sqlite: include_str!("migrations/0013_unscrubbed.sql"),
        postgres: include_str!("migrations/0013_unscrubbed.sql"),
    },
    Migration {
        name: "held_since",
        sqlite: include_str!("migrations/0014_held_since.sql"),
        postgres: include_str!("migrations/0014_held_since.sql"),
    },
    Migration {
        name: "plain",
        sqlite: include_str!("migrations/0015_plain.sql"),
        postgres: include_str!("migrations/0015_plain.sql"),
    },
    Migration {
        name: "erased_sequence",
        sqlite: include_str!("migrations/0016_erased_sequence.sql"),
        postgres: include_str!("migrations/0016_erased_sequence.sql"),
    },
    Migration {
        name: "inbox",
        sqlite: include_str!("migrations/0017_inbox.sql"),
        postgres: include_str!("migrations/0017_inbox.sql"),
    },
    Migration {
        name: "person",
        sqlite: include_str!("migrations/0018_person.sql"),
        postgres: include_str!("migrations/0018_person.sql"),
    },
    Migration {
        name: "quality",
        sqlite: include_str!("migrations/0019_quality.sql"),
        postgres: include_str!("migrations/0019_quality.sql"),
    },
    Migration {
        name: "knowledge",
        sqlite: include_str!("migrations/0020_knowledge.sql"),
        postgres: include_str!("migrations/0020_knowledge.sql"),
    },
    Migration {
        name: "figures",
        sqlite: include_str!("migrations/0021_figures.sql"),
        postgres: include_str!("migrations/0021_figures.sql"),
    },
    Migration {
        name: "note",
        sqlite: include_str!("migrations/0022_note.sql"),
        postgres: include_str!("migrations/0022_note.sql"),
    },
    Migration {
        name: "account",
        sqlite: include_str!("migrations/0023_account.sql"),
        postgres: include_str!("migrations/0023_account.sql"),
    },
    Migration {
        name: "undo",
        sqlite: include_str!("migrations/0024_undo.sql"),
        postgres: include_str!("migrations/0024_undo.sql"),
    },
    Migration {
        name: "waiting",
        sqlite: include_str!("migrations/0025_waiting.sql"),
        postgres: include_str!("migrations/0025_waiting.sql"),
    },
];

/// Applies what is missing.
pub async fn migrate(db: &Db, now: Timestamp) -> Result<(), OpenError> {
    bring_forward(db, MIGRATIONS, now).await
}

async fn bring_forward(db: &Db, migrations: &[Migration], now: Timestamp) -> Result<(), OpenError> {
    let mut conn = db.writer().await?;
    loop {
        conn.begin();
        conn.flush().await?;
        match step(&mut conn, migrations, now).await {
            Ok(Step::Applied) => conn.run("COMMIT").await?,
            Ok(Step::Level) => return Ok(conn.run("COMMIT").await?),
            Err(error) => {
                conn.roll_back().await;
                return Err(error);
            }
        }
    }
}

enum Step {
    Applied,
    Level,
}

async fn step(conn: &mut Conn, migrations: &[Migration], now: Timestamp) -> Result<Step, OpenError> {
    if conn.is_pg() {
        // Two servers that start at once wait for each other; SQLite's write lock is held already.
        conn.run("SELECT pg_advisory_xact_lock(4182001)").await?;
    }
    conn.run(
        "CREATE TABLE IF NOT EXISTS migration
         (version BIGINT PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL)",
    )
    .await?;
    let applied = conn.rows("SELECT version, sha256 FROM migration ORDER BY version", values_of![]).await?;
    let known = migrations.len() as i64;
    for row in &applied {
        let version = row.int(0)?;
        let Some(migration) = usize::try_from(version - 1).ok().and_then(|place| migrations.get(place)) else {
            return Err(OpenError::NewerSchema { found: version, known });
        };
        if row.text(1)? != fingerprint(migration.sql(conn)) {
            return Err(OpenError::ChangedMigration { version, name: migration.name });
        }
    }
    let Some(next) = migrations.get(applied.len()) else { return Ok(Step::Level) };
    let sql = next.sql(conn);
    conn.run(sql).await?;
    conn.execute(
        "INSERT INTO migration (version, name, sha256, applied_at) VALUES ($1, $2, $3, $4)",
        values_of![applied.len() + 1, next.name, fingerprint(sql), now.0],
    )
    .await?;
    Ok(Step::Applied)
}

impl Migration {
    fn sql(&self, conn: &Conn) -> &'static str {
        if conn.is_pg() { self.postgres } else { self.sqlite }
    }
}

fn fingerprint(sql: &str) -> String {
    hex::encode(Sha256::digest(sql.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{super::open::connect, *};

    const NOTE: Migration = both("note", "CREATE TABLE note (id TEXT PRIMARY KEY)");
    const MORE: Migration = both("more", "CREATE TABLE more (id TEXT PRIMARY KEY); CREATE INDEX m ON more (id)");
    const NOW: Timestamp = Timestamp(0);

    const fn both(name: &'static str, sql: &'static str) -> Migration {
        Migration { name, sqlite: sql, postgres: sql }
    }

    async fn fresh() -> (tempfile::TempDir, Db) {
        let dir = tempfile::tempdir().unwrap();
        let (db, _) = connect(&format!("sqlite:{}", dir.path().join("a.db").display())).await.unwrap();
        (dir, db)
    }

    #[tokio::test]
    async fn an_older_binary_refuses_a_newer_schema() {
        let (_dir, db) = fresh().await;
        bring_forward(&db, &[NOTE], NOW).await.unwrap();
        bring_forward(&db, &[NOTE, MORE], NOW).await.unwrap();
        bring_forward(&db, &[NOTE, MORE], NOW).await.unwrap();
        let refused = bring_forward(&db, &[NOTE], NOW).await.unwrap_err();
        assert_eq!(refused, OpenError::NewerSchema { found: 2, known: 1 });
    }

    #[tokio::test]
    async fn a_migration_that_was_rewritten_after_it_was_applied_is_refused() {
        let (_dir, db) = fresh().await;
        bring_forward(&db, &[NOTE], NOW).await.unwrap();
        let rewritten = both("note", "CREATE TABLE note (id TEXT PRIMARY KEY, words TEXT)");
        let refused = bring_forward(&db, &[rewritten], NOW).await.unwrap_err();
        assert_eq!(refused, OpenError::ChangedMigration { version: 1, name: "note" });
    }

    #[tokio::test]
    async fn a_migration_that_fails_leaves_nothing_of_itself() {
        let (_dir, db) = fresh().await;
        let torn = both("torn", "CREATE TABLE half (id TEXT PRIMARY KEY); CREATE TABLE note (id TEXT PRIMARY KEY)");
        assert!(bring_forward(&db, &[NOTE, torn], NOW).await.is_err());
        let mut conn = db.reader().await.unwrap();
        let halves = conn.rows("SELECT name FROM sqlite_master WHERE name = 'half'", values_of![]).await.unwrap();
        assert!(halves.is_empty());
        drop(conn);
        bring_forward(&db, &[NOTE, MORE], NOW).await.unwrap();
    }
}
