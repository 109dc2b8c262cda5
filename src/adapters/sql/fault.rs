//! What can go wrong with a statement, sorted by what follows from it. Messages never repeat a value: a value may
//! be a customer's words.

use crate::ports::{Conflict, StoreError};

/// Why a statement or a change failed.
#[derive(Debug, Clone)]
pub enum Fault {
    /// The change does not fit what is there: it alone is refused.
    Conflict(Conflict),
    /// There is no room: later changes may fit again.
    Full,
    /// The words are gone for good.
    Erased,
    /// The file could not be read or written: what is durable is no longer known, so nothing more may be
    /// acknowledged until the process started anew.
    Broken(String),
    /// Anything else.
    Failed(String),
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Conflict(conflict) => Self::Conflict(conflict),
            Fault::Full => Self::Full,
            Fault::Erased => Self::Erased,
            Fault::Broken(cause) | Fault::Failed(cause) => Self::Failed(cause),
        }
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(cause) if cause.is_unique_violation() => Self::Conflict(Conflict::Repeated),
            sqlx::Error::Database(cause) if cause.is_foreign_key_violation() => Self::Conflict(Conflict::Missing),
            sqlx::Error::Database(cause) => of_code(&cause.code().unwrap_or_default(), cause.message()),
            sqlx::Error::Io(cause) if cause.kind() == std::io::ErrorKind::StorageFull => Self::Full,
            sqlx::Error::ColumnDecode { index, .. } => Self::Failed(format!("column {index} holds another kind")),
            _ => Self::Failed(error.to_string()),
        }
    }
}

/// SQLite's codes are numbers whose low byte is the family, PostgreSQL's have five characters.
fn of_code(code: &str, message: &str) -> Fault {
    const SQLITE_IOERR: u32 = 10;
    const SQLITE_FULL: u32 = 13;
    // The shared memory beside the write-ahead log could not grow.
    const SQLITE_IOERR_SHMSIZE: u32 = 4874;
    const PG_DISK_FULL: &str = "53100";
    // Data exceptions: their messages quote the value.
    const PG_DATA: &str = "22";

    if code.len() == 5 {
        return match code {
            PG_DISK_FULL => Fault::Full,
            _ if code.starts_with(PG_DATA) => Fault::Failed(format!("the database refused a value (code {code})")),
            _ => Fault::Failed(format!("{message} (code {code})")),
        };
    }
    match code.parse::<u32>() {
        Ok(SQLITE_IOERR_SHMSIZE) => Fault::Full,
        Ok(code) if code & 0xff == SQLITE_FULL => Fault::Full,
        Ok(code) if code & 0xff == SQLITE_IOERR => Fault::Broken(format!("{message} (code {code})")),
        _ => Fault::Failed(format!("{message} (code {code})")),
    }
}

/// What is stored is not what this binary writes. The cause names a place, not the words that stand there.
impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::Failed(format!("JSON cannot be read or written: {:?} at column {}", error.classify(), error.column()))
    }
}

/// A column that does not hold one of the words it may hold.
pub fn unreadable(column: &str) -> Fault {
    Fault::Failed(format!("the column `{column}` holds what this version cannot read"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_apart_from_a_broken_one() {
        for full in ["13", "4874", "53100"] {
            assert!(matches!(of_code(full, ""), Fault::Full), "{full}");
        }
        // SQLITE_IOERR, SQLITE_IOERR_FSYNC, SQLITE_IOERR_WRITE.
        for broken in ["10", "1034", "778"] {
            assert!(matches!(of_code(broken, ""), Fault::Broken(_)), "{broken}");
        }
        assert!(matches!(of_code("1", "no such table"), Fault::Failed(_)));
    }

    #[test]
    fn a_message_that_could_quote_a_value_is_not_passed_on() {
        let Fault::Failed(told) = of_code("22P02", r#"invalid input syntax: "山田太郎""#) else { panic!() };
        assert!(!told.contains("山田") && told.contains("22P02"), "{told}");
        let wrong = serde_json::from_str::<crate::domain::Reply>(r#""山田太郎""#).unwrap_err();
        let Fault::Failed(told) = Fault::from(wrong) else { panic!() };
        assert!(!told.contains("山田"), "{told}");
    }
}
