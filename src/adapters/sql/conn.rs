//! One connection: statements that run at once, and statements that wait for the next one to go with.
//!
//! A connection to SQLite is a thread of its own, and each statement a trip to it and back that costs more than most
//! statements do. What nobody waits for, such as an insert, is put off and goes along with what somebody does wait for:
//! a change takes four trips in place of a dozen. PostgreSQL gets the same statements in the same order, one by one.

use sqlx::{AssertSqlSafe, pool::PoolConnection, postgres::Postgres, sqlite::Sqlite};

use super::db::{Row, Value};

/// One connection, held until dropped.
pub struct Conn {
    on: On,
    /// Statements that begin and end transactions and savepoints.
    frame: Vec<&'static str>,
    /// Statements of the change under way; they come after the frame.
    put_off: Vec<(String, Vec<Value>)>,
}

enum On {
    Lite(PoolConnection<Sqlite>),
    Pg(PoolConnection<Postgres>),
}

/// The same code on either database.
macro_rules! each {
    ($on:expr, $conn:ident => $body:expr) => {
        match $on {
            On::Lite($conn) => $body,
            On::Pg($conn) => $body,
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
    /// To SQLite.
    pub fn lite(conn: PoolConnection<Sqlite>) -> Self {
        Self { on: On::Lite(conn), frame: Vec::new(), put_off: Vec::new() }
    }

    /// To PostgreSQL.
    pub fn pg(conn: PoolConnection<Postgres>) -> Self {
        Self { on: On::Pg(conn), frame: Vec::new(), put_off: Vec::new() }
    }

    /// Whether it is one to PostgreSQL.
    pub fn is_pg(&self) -> bool {
        matches!(self.on, On::Pg(_))
    }

    /// Runs one statement and says how many rows it touched.
    pub async fn execute(&mut self, sql: &'static str, values: Vec<Value>) -> Result<u64, sqlx::Error> {
        self.flush().await?;
        each!(&mut self.on, conn => Ok(bound!(sql, values).execute(&mut **conn).await?.rows_affected()))
    }

    /// Runs one statement and returns its rows.
    pub async fn rows(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, sqlx::Error> {
        if self.is_pg() {
            self.flush().await?;
        }
        if self.frame.is_empty() && self.put_off.is_empty() {
            return Ok(match &mut self.on {
                On::Lite(conn) => {
                    let rows = bound!(sql, values).fetch_all(&mut **conn).await?;
                    rows.into_iter().map(Row::Lite).collect()
                }
                On::Pg(conn) => {
                    let rows = bound!(sql, values).fetch_all(&mut **conn).await?;
                    rows.into_iter().map(Row::Pg).collect()
                }
            });
        }
        // No statement that was put off returns rows: all that come are those of the last one.
        self.put_off(sql, values);
        let (sql, values) = self.together();
        let On::Lite(conn) = &mut self.on else { return Ok(Vec::new()) };
        let rows = bound!(AssertSqlSafe(sql), values).fetch_all(&mut **conn).await?;
        Ok(rows.into_iter().map(Row::Lite).collect())
    }

    /// Runs one statement that returns at most one row.
    pub async fn row(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Option<Row>, sqlx::Error> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Puts a statement off that returns no rows. It runs before whatever is asked next, and [`Self::flush`] runs it
    /// at the latest; what is wrong with it is said then.
    pub fn put_off(&mut self, sql: impl Into<String>, values: Vec<Value>) {
        self.put_off.push((sql.into(), values));
    }

    /// Runs what was put off.
    pub async fn flush(&mut self) -> Result<(), sqlx::Error> {
        if self.frame.is_empty() && self.put_off.is_empty() {
            return Ok(());
        }
        if self.is_pg() {
            let (frame, put_off) = (std::mem::take(&mut self.frame), std::mem::take(&mut self.put_off));
            if !frame.is_empty() {
                self.run(frame.join("; ")).await?;
            }
            let On::Pg(conn) = &mut self.on else { return Ok(()) };
            for (sql, values) in put_off {
                bound!(AssertSqlSafe(sql), values).execute(&mut **conn).await?;
            }
            return Ok(());
        }
        let (sql, values) = self.together();
        let On::Lite(conn) = &mut self.on else { return Ok(()) };
        bound!(AssertSqlSafe(sql), values).execute(&mut **conn).await?;
        Ok(())
    }

    /// All that waits as one text, the placeholders counted through; composed of constants and placeholders alone.
    fn together(&mut self) -> (String, Vec<Value>) {
        let (mut sql, mut all) = (self.frame.join("; "), Vec::new());
        self.frame.clear();
        for (statement, values) in self.put_off.drain(..) {
            if !sql.is_empty() {
                sql.push_str("; ");
            }
            count_on(&statement, all.len(), &mut sql);
            all.extend(values);
        }
        (sql, all)
    }

    /// Inserts many rows of `width` values each: `head` ends with `VALUES`, `tail` may say what to do on conflict.
    /// Dozens of rows share a statement, which is what makes reading in a whole shop quick (hundreds would not: sqlx asks SQLite
    /// for the name of every placeholder, and each answer takes longer the more there are); few rows are put off.
    pub async fn insert_all(
        &mut self,
        head: &'static str,
        width: usize,
        values: Vec<Value>,
        tail: &'static str,
    ) -> Result<(), sqlx::Error> {
        const ROWS: usize = 40;
        const FEW: usize = 20;
        for chunk in values.chunks(width * ROWS) {
            let rows = chunk.len() / width;
            let row = |row: usize| {
                let places: Vec<_> = (1..=width).map(|column| format!("${}", row * width + column)).collect();
                format!("({})", places.join(", "))
            };
            let places = (0..rows).map(row).collect::<Vec<_>>().join(", ");
            let sql = format!("{head} {places} {tail}");
            if values.len() <= width * FEW {
                self.put_off(sql, values);
                return Ok(());
            }
            self.flush().await?;
            // Composed of constants and placeholders alone.
            each!(&mut self.on, conn => {
                bound!(AssertSqlSafe(sql), chunk.iter().cloned()).persistent(rows == ROWS).execute(&mut **conn).await?;
            });
        }
        Ok(())
    }

    /// Runs statements without values, several at once if need be, apart from what was put off.
    pub async fn run(&mut self, sql: impl Into<String>) -> Result<(), sqlx::Error> {
        each!(&mut self.on, conn => { sqlx::raw_sql(AssertSqlSafe(sql.into())).execute(&mut **conn).await?; });
        Ok(())
    }

    /// Opens a transaction that means to write, with the next statement. It is ended by hand and never by a drop: the
    /// writer task runs to its end whatever happens to the request.
    pub fn begin(&mut self) {
        // DEFERRED would fail halfway where IMMEDIATE waits at the start.
        self.frame(if self.is_pg() { "BEGIN" } else { "BEGIN IMMEDIATE" });
    }

    /// Says with the next statement where a change begins or ends.
    pub fn frame(&mut self, sql: &'static str) {
        self.frame.push(sql);
    }

    /// Forgets what was put off of a change that did not fit.
    pub fn forget(&mut self) {
        self.put_off.clear();
    }

    /// Takes a transaction back. A connection that cannot even do that is not used again.
    pub async fn roll_back(&mut self) {
        self.frame.clear();
        self.forget();
        match self.run("ROLLBACK").await {
            Ok(()) => {}
            // A full disk makes SQLite roll back by itself: the connection is as good as before.
            Err(sqlx::Error::Database(cause)) if cause.message().contains("no transaction is active") => {}
            Err(_) => each!(&mut self.on, conn => conn.close_on_drop()),
        }
    }
}

/// Writes a statement whose placeholders begin after so many others.
fn count_on(statement: &str, before: usize, out: &mut String) {
    let mut pieces = statement.split('$');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let digits = piece.len() - piece.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number: usize = piece[..digits].parse().unwrap_or_default();
        out.push_str(&format!("${}{}", number + before, &piece[digits..]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_counted_on() {
        let mut sql = String::new();
        count_on("UPDATE a SET b = $2, c = $12 WHERE d = $1", 9, &mut sql);
        assert_eq!(sql, "UPDATE a SET b = $11, c = $21 WHERE d = $10");
    }
}
