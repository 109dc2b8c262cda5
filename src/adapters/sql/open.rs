//! Opens a database: which one, with which promises, and alone.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    db::{Db, sqlite_path},
    fault::Fault,
    keep::Keep,
    scrub, seal,
};
use crate::{domain::Timestamp, ports::StoreError};

/// Versions before it can lose committed rows when two connections race to reset the write-ahead log.
const SQLITE_AT_LEAST: [u32; 3] = [3, 51, 3];
/// A reader of a file keeps a processor busy; a reader of a server mostly waits.
const SQLITE_READERS: u32 = 4;
const PG_READERS: u32 = 9;
const WAIT: Duration = Duration::from_secs(5);

/// Why a store cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The URL names no database we know. The URL itself may hold a password.
    #[error("expected `sqlite:PATH` or `postgres://…` as the database, found the scheme {found:?}")]
    Url {
        /// What stood before the colon.
        found: String,
    },
    /// Another process has the file.
    #[error("{path} is in use by another process: one file serves one server; stop it, or give another --data")]
    InUse {
        /// The database file.
        path: PathBuf,
    },
    /// The file cannot be made or locked.
    #[error("{path} cannot be opened: {cause}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// The SQLite in this process can lose what was committed.
    #[error("SQLite {found} can lose committed data; at least 3.51.3 is needed")]
    OldSqlite {
        /// What it says of itself.
        found: String,
    },
    /// A newer binary was here.
    #[error("the schema has version {found}, this binary knows up to {known}: run the newer binary")]
    NewerSchema {
        /// The version in the database.
        found: i64,
        /// The last version we have.
        known: i64,
    },
    /// A migration that was applied is not the one we have.
    #[error("migration {version} `{name}` was applied with another text: this binary and the database do not fit")]
    ChangedMigration {
        /// Which one.
        version: i64,
        /// Its name here.
        name: &'static str,
    },
    /// The database failed.
    #[error("the database cannot be opened: {0}")]
    Failed(String),
}

impl From<sqlx::Error> for OpenError {
    fn from(error: sqlx::Error) -> Self {
        Fault::from(error).into()
    }
}

impl From<Fault> for OpenError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Full => Self::Failed("the disk is full".to_owned()),
            Fault::Erased => Self::Failed(StoreError::Erased.to_string()),
            Fault::Conflict(conflict) => Self::Failed(conflict.to_string()),
            Fault::Broken(cause) | Fault::Failed(cause) => Self::Failed(cause),
        }
    }
}

/// Connects; with the lock that keeps other processes away from a file.
pub async fn connect(url: &str) -> Result<(Db, Option<File>), OpenError> {
    if let Some(path) = sqlite_path(url) {
        let lock = lock(&path)?;
        return Ok((sqlite(&path).await?, Some(lock)));
    }
    match url.split_once(':') {
        Some(("postgres" | "postgresql", _)) => Ok((postgres(url).await?, None)),
        Some((scheme, _)) => Err(OpenError::Url { found: scheme.chars().take(20).collect() }),
        None => Err(OpenError::Url { found: String::new() }),
    }
}

async fn sqlite(path: &Path) -> Result<Db, OpenError> {
    create_private(path)?;
    let options = SqliteConnectOptions::new().filename(path).foreign_keys(true).busy_timeout(WAIT);
    let writing = options
        .clone()
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        // SQLite keeps an I/O error of its own checkpoint to itself; ours are run by the writer, who sees them.
        .pragma("wal_autocheckpoint", "0")
        // The pages that a savepoint could take back are kept in memory and not in a file of their own.
        .pragma("temp_store", "MEMORY")
        // What is deleted is written over, so that no free page remembers it.
        .pragma("secure_delete", "ON");
    let pool = |most| SqlitePoolOptions::new().max_connections(most).test_before_acquire(false);
    let write = pool(1).connect_with(writing).await?;
    let found: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&write).await?;
    if !is_safe(&found) {
        return Err(OpenError::OldSqlite { found });
    }
    let read = pool(SQLITE_READERS).connect_lazy_with(options.pragma("query_only", "ON"));
    Ok(Db::Lite { write, read })
}

async fn postgres(url: &str) -> Result<Db, OpenError> {
    let pool = |most| PgPoolOptions::new().max_connections(most).acquire_timeout(WAIT);
    let write = pool(1).connect(url).await?;
    let read = pool(PG_READERS).connect_lazy(url)?;
    Ok(Db::Pg { write, read })
}

/// Seals what an earlier version wrote in the clear, and leaves no trace of it in the log beside the file or on free pages.
/// What somebody still reads there is left for later.
pub async fn seal_what_is_plain(db: &Db, keep: &Keep, now: Timestamp) -> Result<(), OpenError> {
    let mut conn = db.writer().await?;
    if seal::seal_plain(&mut conn, keep, now.0).await? {
        tracing::info!("texts of an earlier version were sealed");
        let scrubbed = match scrub::due(&mut conn).await {
            Ok(marks) => scrub::scrub(&mut conn, &marks).await,
            Err(fault) => Err(fault),
        };
        if let Err(fault) = scrubbed {
            tracing::warn!(cause = ?fault, "what was in the clear is sealed, but its traces are still on the disk");
        }
        return Ok(());
    }
    if db.has_one_owner() {
        // A process that was killed may have left in it what was erased since.
        scrub::empty_log(&mut conn).await?;
    }
    Ok(())
}

/// Whether a version of SQLite keeps what it committed.
fn is_safe(version: &str) -> bool {
    let parts: Option<Vec<u32>> = version.trim().split('.').map(|part| part.parse().ok()).collect();
    parts.is_some_and(|parts| parts.len() >= 3 && parts[..] >= SQLITE_AT_LEAST[..])
}

/// Customers' words are for the server's own account; SQLite gives its side files the same mode.
fn create_private(path: &Path) -> Result<(), OpenError> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| failed(path, &error))
}

fn lock(database: &Path) -> Result<File, OpenError> {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    let path = PathBuf::from(name);
    let file = OpenOptions::new().create(true).append(true).open(&path).map_err(|error| failed(&path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: database.to_owned() }),
        Err(TryLockError::Error(error)) => Err(failed(&path, &error)),
    }
}

fn failed(path: &Path, error: &std::io::Error) -> OpenError {
    OpenError::File { path: path.to_owned(), cause: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sqlite_that_can_lose_committed_rows_is_refused() {
        for old in ["3.51.2", "3.40.1", "3.9.99", "2.99.99", "3.51", "", "three"] {
            assert!(!is_safe(old), "{old}");
        }
        for safe in ["3.51.3", "3.51.10", "3.52.0", "4.0.0"] {
            assert!(is_safe(safe), "{safe}");
        }
    }

    #[tokio::test]
    async fn an_unknown_url_is_refused_without_repeating_it() {
        let error = connect("mysql://root:hunter2@db/shop").await.unwrap_err();
        assert!(error.to_string().contains("mysql") && !error.to_string().contains("hunter2"), "{error}");
        assert!(matches!(connect("shop.db").await, Err(OpenError::Url { .. })));
    }
}
