//! Two databases behind one SQL text: pools, connections, values and rows. The text uses `$1` placeholders and
//! knows two kinds of value, TEXT and BIGINT; what differs between the databases stands here and nowhere else.

use std::path::PathBuf;

use sqlx::{
    AssertSqlSafe, PgPool, Row as _, SqlitePool,
    pool::PoolConnection,
    postgres::{PgRow, Postgres},
    sqlite::{Sqlite, SqliteRow},
};

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
            Self::Lite { read, .. } => Conn::Lite(read.acquire().await?),
            Self::Pg { read, .. } => Conn::Pg(read.acquire().await?),
        })
    }

    /// A connection to write with. Only the migrator and the writer task ask for it.
    pub async fn writer(&self) -> Result<Conn, sqlx::Error> {
        Ok(match self {
            Self::Lite { write, .. } => Conn::Lite(write.acquire().await?),
            Self::Pg { write, .. } => Conn::Pg(write.acquire().await?),
        })
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

/// One connection, held until dropped.
pub enum Conn {
    /// To SQLite.
    Lite(PoolConnection<Sqlite>),
    /// To PostgreSQL.
    Pg(PoolConnection<Postgres>),
}

/// The same code on either database.
macro_rules! each {
    ($on:expr, $conn:ident => $body:expr) => {
        match $on {
            Conn::Lite($conn) => $body,
            Conn::Pg($conn) => $body,
        }
    };
}

macro_rules! bound {
    ($sql:expr, $values:expr) => {{
        let mut query = sqlx::query($sql);
        for value in $values {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Int(number) => query.bind(number),
            };
        }
        query
    }};
}

impl Conn {
    /// Runs one statement and says how many rows it touched.
    pub async fn execute(&mut self, sql: &'static str, values: Vec<Value>) -> Result<u64, sqlx::Error> {
        each!(self, conn => Ok(bound!(sql, values).execute(&mut **conn).await?.rows_affected()))
    }

    /// Runs one statement and returns its rows.
    pub async fn rows(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, sqlx::Error> {
        Ok(match self {
            Self::Lite(conn) => {
                let rows = bound!(sql, values).fetch_all(&mut **conn).await?;
                rows.into_iter().map(Row::Lite).collect()
            }
            Self::Pg(conn) => {
                let rows = bound!(sql, values).fetch_all(&mut **conn).await?;
                rows.into_iter().map(Row::Pg).collect()
            }
        })
    }

    /// Runs one statement that returns at most one row.
    pub async fn row(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Option<Row>, sqlx::Error> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Inserts many rows of `width` values each: `head` ends with `VALUES`, `tail` may say what to do on conflict.
    /// Hundreds of rows share a statement, which is what makes reading in a whole shop quick.
    pub async fn insert_all(
        &mut self,
        head: &'static str,
        width: usize,
        values: Vec<Value>,
        tail: &'static str,
    ) -> Result<(), sqlx::Error> {
        const ROWS: usize = 200;
        for chunk in values.chunks(width * ROWS) {
            let rows = chunk.len() / width;
            let row = |row: usize| {
                let places: Vec<_> = (1..=width).map(|column| format!("${}", row * width + column)).collect();
                format!("({})", places.join(", "))
            };
            let places = (0..rows).map(row).collect::<Vec<_>>().join(", ");
            let sql = format!("{head} {places} {tail}");
            // Composed of constants and placeholders alone.
            each!(&mut *self, conn => {
                bound!(AssertSqlSafe(sql), chunk.iter().cloned()).persistent(rows == ROWS).execute(&mut **conn).await?;
            });
        }
        Ok(())
    }

    /// Runs statements without values, several at once if need be.
    pub async fn run(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        each!(self, conn => { sqlx::raw_sql(sql).execute(&mut **conn).await?; });
        Ok(())
    }

    /// Opens a transaction that means to write. It is ended by hand and never by a drop: the writer task runs
    /// to its end whatever happens to the request.
    pub async fn begin(&mut self) -> Result<(), sqlx::Error> {
        match self {
            // DEFERRED would fail halfway where IMMEDIATE waits at the start.
            Self::Lite(_) => self.run("BEGIN IMMEDIATE").await,
            Self::Pg(_) => self.run("BEGIN").await,
        }
    }

    /// Takes a transaction back. A connection that cannot even do that is not used again.
    pub async fn roll_back(&mut self) {
        match self.run("ROLLBACK").await {
            Ok(()) => {}
            // A full disk makes SQLite roll back by itself: the connection is as good as before.
            Err(sqlx::Error::Database(cause)) if cause.message().contains("no transaction is active") => {}
            Err(_) => each!(self, conn => conn.close_on_drop()),
        }
    }
}

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
