//! How bright pages are: as the reader's system says, or as they chose.

use axum::{Router, http::HeaderMap, response::Response, routing::post};
use serde::Deserialize;

use super::{
    form::Sent,
    lang::Lang,
    viewer::{cookie, remembering},
};
use crate::http::Face;

/// The cookie that keeps the choice.
const COOKIE: &str = "aizuchi_theme";

/// How bright a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// Where the choice is made.
pub fn routes() -> Router<Face> {
    Router::new().route("/theme", post(choose))
}

#[derive(Deserialize)]
struct Choice {
    theme: String,
    back: String,
}

async fn choose(Sent(choice): Sent<Choice>) -> Response {
    remembering(&choice.back, COOKIE, Theme::named(&choice.theme).code())
}

impl Theme {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// What the reader chose.
    pub fn of(headers: &HeaderMap) -> Self {
        Self::named(cookie(headers, COOKIE).unwrap_or_default())
    }

    fn named(code: &str) -> Self {
        Self::ALL.into_iter().find(|one| one.code() == code).unwrap_or_default()
    }

    /// For `data-theme` in HTML.
    pub fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// 自動.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::System => lang.say("自動", "Auto"),
            Self::Light => lang.say("ライト", "Light"),
            Self::Dark => lang.say("ダーク", "Dark"),
        }
    }
}
