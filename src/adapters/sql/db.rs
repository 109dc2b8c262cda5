//! Two databases behind one SQL text: pools, values and rows. The text uses `$1` placeholders and knows two kinds of
//! value, TEXT and BIGINT; what differs between the databases stands here and in `conn`, and nowhere else.

use std::path::PathBuf;

use sqlx::{PgPool, Row as _, SqlitePool, postgres::PgRow, sqlite::SqliteRow};

use super::conn::Conn;

/// Where rows are kept.
#[derive(Debug, Clone)]
pub enum Db {
    /// A file: one connection that writes and several that read.
    Lite {
        /// Exactly one connection.
        write: SqlitePool,
        /// Connections that refuse to write.
        read: SqlitePool,
    },
    /// A server: the writer has a connection that no number of readers can take from it.
    Pg {
        /// Exactly one connection.
        write: PgPool,
        /// Connections to read with.
        read: PgPool,
    },
}

impl Db {
    /// A connection to read with.
    pub async fn reader(&self) -> Result<Conn, sqlx::Error> {
        Ok(match self {
            Self::Lite { read, .. } => Conn::lite(read.acquire().await?),
            Self::Pg { read, .. } => Conn::pg(read.acquire().await?),
        })
    }

    /// A connection to write with. Only the migrator and the writer task ask for it.
    pub async fn writer(&self) -> Result<Conn, sqlx::Error> {
        Ok(match self {
            Self::Lite { write, .. } => Conn::lite(write.acquire().await?),
            Self::Pg { write, .. } => Conn::pg(write.acquire().await?),
        })
    }

    /// Whether nobody else writes: a file is locked for the process that opened it.
    pub fn has_one_owner(&self) -> bool {
        matches!(self, Self::Lite { .. })
    }

    /// Closes every connection; the writer last, so that it leaves a tidy file.
    pub async fn close(&self) {
        match self {
            Self::Lite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Self::Pg { write, read } => {
                read.close().await;
                write.close().await;
            }
        }
    }
}

/// What a placeholder stands for. A NULL has a kind too: PostgreSQL asks for it.
#[derive(Debug, Clone)]
pub enum Value {
    /// TEXT.
    Text(Option<String>),
    /// BIGINT.
    Int(Option<i64>),
}

macro_rules! values {
    ($($from:ty => |$it:ident| $value:expr;)*) => {$(
        impl From<$from> for Value { fn from($it: $from) -> Self { $value } }
    )*};
}

values! {
    &str => |it| Self::Text(Some(it.to_owned()));
    String => |it| Self::Text(Some(it));
    Option<&str> => |it| Self::Text(it.map(str::to_owned));
    Option<String> => |it| Self::Text(it);
    i64 => |it| Self::Int(Some(it));
    Option<i64> => |it| Self::Int(it);
    Option<bool> => |it| Self::Int(it.map(i64::from));
}

impl From<u64> for Value {
    /// Sequence numbers: a log that outgrows 63 bits finds nothing beyond.
    fn from(number: u64) -> Self {
        Self::Int(Some(i64::try_from(number).unwrap_or(i64::MAX)))
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::from(number as u64)
    }
}

/// The values of one statement, in the order of their placeholders.
macro_rules! values_of {
    ($($value:expr),* $(,)?) => { vec![$($crate::adapters::sql::db::Value::from($value)),*] };
}
pub(super) use values_of;

/// One row; columns are counted from 0.
pub enum Row {
    /// From SQLite.
    Lite(SqliteRow),
    /// From PostgreSQL.
    Pg(PgRow),
}

macro_rules! column {
    ($row:expr, $column:expr) => {
        match $row {
            Row::Lite(row) => row.try_get($column),
            Row::Pg(row) => row.try_get($column),
        }
    };
}

impl Row {
    /// A TEXT that is never NULL.
    pub fn text(&self, column: usize) -> Result<String, sqlx::Error> {
        column!(self, column)
    }

    /// A TEXT or NULL.
    pub fn maybe_text(&self, column: usize) -> Result<Option<String>, sqlx::Error> {
        column!(self, column)
    }

    /// A BIGINT that is never NULL.
    pub fn int(&self, column: usize) -> Result<i64, sqlx::Error> {
        column!(self, column)
    }

    /// A BIGINT or NULL.
    pub fn maybe_int(&self, column: usize) -> Result<Option<i64>, sqlx::Error> {
        column!(self, column)
    }
}

/// The file behind `sqlite:PATH`, or `None` for another scheme.
pub fn sqlite_path(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    Some(PathBuf::from(rest.strip_prefix("//").unwrap_or(rest)))
}
