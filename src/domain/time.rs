//! Moments and days. The moment comes in from the `Clock` port; nothing here reads a clock.

use std::fmt;

use jiff::{civil, tz::TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment in milliseconds since 1970-01-01T00:00Z; RFC 3339 in JSON, BIGINT in tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

/// The shops' days are Japanese days.
pub const ZONE: &str = "Asia/Tokyo";

fn tokyo() -> TimeZone {
    TimeZone::get(ZONE).unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(9)))
}

impl Timestamp {
    /// Reads an RFC 3339 date-time, or a date, which means its first moment in Tokyo.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        if let Ok(moment) = text.parse::<jiff::Timestamp>() {
            return Ok(Self(moment.as_millisecond()));
        }
        Day::parse(text).map(Day::start).map_err(|_| TimeError::Moment { found: text.chars().take(40).collect() })
    }

    /// The Japanese day it falls on.
    pub fn day(self) -> Day {
        let moment = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        Day(moment.to_zoned(tokyo()).date())
    }

    /// The Japanese hour and minute.
    pub fn time_of_day(self) -> (u8, u8) {
        let moment = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let time = moment.to_zoned(tokyo()).time();
        (time.hour().unsigned_abs(), time.minute().unsigned_abs())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(moment) => write!(f, "{moment:.3}"),
            Err(_) => write!(f, "{}ms", self.0),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// A calendar day in Japan; `2026-11-23` in JSON and files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub civil::Date);

impl Day {
    /// Reads `2026-11-23`.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let date = text.trim().parse::<civil::Date>();
        date.map(Self).map_err(|_| TimeError::Day { found: text.chars().take(40).collect() })
    }

    /// Its first moment in Tokyo.
    pub fn start(self) -> Timestamp {
        let zoned = self.0.to_zoned(tokyo());
        Timestamp(zoned.map_or(0, |zoned| zoned.timestamp().as_millisecond()))
    }

    /// The day after it.
    pub fn next(self) -> Self {
        Self(self.0.tomorrow().unwrap_or(self.0))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// Why a text is not a moment or a day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not RFC 3339 and not a date.
    #[error("expected a moment like 2026-11-23T09:31:00+09:00 or a date like 2026-11-23, found {found:?}")]
    Moment {
        /// What stood there, cut.
        found: String,
    },
    /// Not a date.
    #[error("expected a date like 2026-11-23, found {found:?}")]
    Day {
        /// What stood there, cut.
        found: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_tokyo() {
        let day = Day::parse("2026-11-23").unwrap();
        assert_eq!(day.start().to_string(), "2026-11-22T15:00:00.000Z");
        assert_eq!(Timestamp::parse("2026-11-23T00:30:00+09:00").unwrap().day(), day);
        assert_eq!(Timestamp::parse("2026-11-23").unwrap(), day.start());
    }

    #[test]
    fn a_wrong_date_says_what_was_expected() {
        let error = Day::parse("2026/11/23").unwrap_err().to_string();
        assert!(error.contains("2026-11-23") && error.contains("2026/11/23"), "{error}");
    }
}
