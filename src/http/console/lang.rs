//! The language of a page: Japanese, or English for who asks for it. Both words stand side by side where they are used, so
//! that neither is forgotten.

use axum::{Router, http::HeaderMap, response::Response, routing::post};
use serde::Deserialize;

use super::{
    form::Sent,
    viewer::{cookie, remembering},
};
use crate::{
    domain::{Channel, Day, Timestamp},
    http::Face,
};

/// The cookie that keeps the choice.
const COOKIE: &str = "aizuchi_lang";

/// Which language a page speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// 日本語。
    #[default]
    Ja,
    /// English.
    En,
}

/// Where the switch is made.
pub fn routes() -> Router<Face> {
    Router::new().route("/language", post(switch))
}

#[derive(Deserialize)]
struct Choice {
    lang: String,
    back: String,
}

async fn switch(Sent(choice): Sent<Choice>) -> Response {
    remembering(&choice.back, COOKIE, if choice.lang == "en" { "en" } else { "ja" })
}

impl Lang {
    /// What the reader chose.
    pub fn of(headers: &HeaderMap) -> Self {
        match cookie(headers, COOKIE) {
            Some("en") => Self::En,
            _ => Self::Ja,
        }
    }

    /// The word of the language.
    pub fn say<'a>(&self, ja: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Ja => ja,
            Self::En => en,
        }
    }

    /// For `lang` in HTML.
    pub fn code(&self) -> &'static str {
        self.say("ja", "en")
    }

    /// 3件, 3.
    pub fn count(&self, number: impl std::fmt::Display) -> String {
        match self {
            Self::Ja => format!("{number}件"),
            Self::En => number.to_string(),
        }
    }

    /// メール, E-mail.
    pub fn channel(&self, channel: Channel) -> &'static str {
        match channel {
            Channel::Email => self.say("メール", "E-mail"),
            Channel::Chat => self.say("チャット", "Chat"),
            Channel::Line => "LINE",
            Channel::PhoneNote => self.say("電話メモ", "Phone note"),
            Channel::Form => self.say("フォーム", "Form"),
        }
    }

    /// 返品の希望, Return request: in English its id says what an inquiry is about.
    pub fn topic(&self, ja: &str, id: &str) -> String {
        let mut words = id.chars().map(|c| if c == '_' { ' ' } else { c });
        match (self, words.next()) {
            (Self::En, Some(first)) => first.to_uppercase().chain(words).collect(),
            _ => ja.to_owned(),
        }
    }

    /// 9:31.
    pub fn time(&self, at: Timestamp) -> String {
        let (hour, minute) = at.time_of_day();
        format!("{hour}:{minute:02}")
    }

    /// 11月24日（火）, 24 Nov (Tue).
    pub fn day(&self, day: Day) -> String {
        let date = day.0;
        let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        match self {
            Self::Ja => {
                let weekday = ["月", "火", "水", "木", "金", "土", "日"][weekday];
                format!("{}月{}日（{weekday}）", date.month(), date.day())
            }
            Self::En => {
                let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][weekday];
                let month = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
                format!("{} {month} ({weekday})", date.day())
            }
        }
    }

    /// The time of a moment today, its day before that.
    pub fn moment(&self, at: Timestamp, now: Timestamp) -> String {
        let (day, today) = (at.day(), now.day());
        if day == today {
            return self.time(at);
        }
        let date = day.0;
        match date.year() == today.0.year() {
            true => format!("{}/{} {}", date.month(), date.day(), self.time(at)),
            false => format!("{}/{}/{}", date.year(), date.month(), date.day()),
        }
    }

    /// 49分, 1時間21分, 3日: how long something takes, in its two largest units.
    pub fn span(&self, millis: i64) -> String {
        let minutes = millis.unsigned_abs() / 60_000;
        let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
        let two = |first: u64, unit: &str, second: u64, smaller: &str| match second {
            0 => format!("{first}{unit}"),
            _ => format!("{first}{unit}{second}{smaller}"),
        };
        match (self, days, hours) {
            (Self::Ja, 0, 0) => format!("{minutes}分"),
            (Self::Ja, 0, _) => two(hours, "時間", minutes, "分"),
            (Self::Ja, ..) => two(days, "日", hours, "時間"),
            (Self::En, 0, 0) => format!("{minutes} min"),
            (Self::En, 0, _) => two(hours, " h ", minutes, " min"),
            (Self::En, ..) => two(days, " d ", hours, " h"),
        }
    }
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_write_them() {
        let (ja, en) = (Lang::Ja, Lang::En);
        let at = Timestamp::parse("2026-11-24T09:31:00+09:00").unwrap();
        assert_eq!((ja.time(at).as_str(), ja.day(at.day()).as_str()), ("9:31", "11月24日（火）"));
        assert_eq!(en.day(at.day()), "24 Nov (Tue)");
        assert_eq!(ja.moment(at, at), "9:31");
        assert_eq!(ja.moment(at, Timestamp(at.0 + 86_400_000)), "11/24 9:31");
        assert_eq!(ja.span(49 * 60_000), "49分");
        assert_eq!(ja.span(-81 * 60_000), "1時間21分");
        assert_eq!(ja.span(120 * 60_000), "2時間");
        assert_eq!(en.span(26 * 3_600_000), "1 d 2 h");
        assert_eq!(ja.topic("返品の希望", "return_request"), "返品の希望");
        assert_eq!(en.topic("返品の希望", "return_request"), "Return request");
    }
}
