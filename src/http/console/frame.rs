//! What is around every page: the rail with the workspace and its places, the title, the language.

use askama::Template;
use axum::response::{Html, IntoResponse as _, Response};

use super::{lang::Lang, refusal::Refused, theme::Theme, viewer::Viewer};
use crate::{
    app::App,
    domain::{Counts, Role, View, Workspace},
    identity::{Act, may},
};

/// A place of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// How the day goes.
    Home,
    /// What waits for an answer.
    Inbox,
    /// What waits for a ruling, and where the quality goes.
    Qa,
    /// What the shop knows.
    Knowledge,
    /// What happened, and whether the record is whole.
    Audit,
    /// Who works here.
    People,
}

impl Place {
    /// All of them, in the order of the rail.
    pub const ALL: [Self; 6] = [Self::Home, Self::Inbox, Self::Qa, Self::Knowledge, Self::Audit, Self::People];

    /// Its path in a workspace, which names its icon too.
    pub fn path(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Inbox => "inbox",
            Self::Qa => "qa",
            Self::Audit => "audit",
            Self::People => "people",
            Self::Knowledge => "knowledge",
        }
    }

    fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Home => lang.say("ホーム", "Home"),
            Self::Inbox => lang.say("受信箱", "Inbox"),
            Self::Qa => "QA",
            Self::People => lang.say("メンバー", "People"),
            Self::Audit => lang.say("監査", "Audit"),
            Self::Knowledge => lang.say("ナレッジ", "Knowledge"),
        }
    }

    /// Whether a role has business there.
    fn is_for(self, role: Role) -> bool {
        match self {
            Self::People => may(role, Act::Administer),
            Self::Home | Self::Inbox => may(role, Act::Read) && role != Role::Chatbot,
            // Who answers customers reads there what was ruled on their replies.
            Self::Qa => may(role, Act::Review) || may(role, Act::Decide),
            Self::Audit => may(role, Act::Audit),
            Self::Knowledge => may(role, Act::ReadInternal),
        }
    }

    /// Where a role's day begins.
    pub fn first_of(role: Role) -> Self {
        match role {
            Role::Auditor => Self::Home,
            Role::Qa => Self::Qa,
            Role::Knowledge => Self::Knowledge,
            _ => Self::Inbox,
        }
    }
}

/// One entry of the rail.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its address.
    pub href: String,
    /// Its icon's name.
    pub icon: &'static str,
    /// Its word.
    pub label: &'static str,
    /// Whether the reader is there.
    pub here: bool,
    /// What waits there; 0 shows nothing.
    pub badge: u64,
}

/// What is around a page.
#[derive(Debug, Clone)]
pub struct Frame {
    /// What it is about.
    pub title: String,
    /// What its reader reads.
    pub lang: Lang,
    /// How bright it is.
    pub theme: Theme,
    /// Whose desk.
    pub workspace: Workspace,
    /// Where else the reader could be.
    pub others: Vec<Workspace>,
    /// The places.
    pub entries: Vec<Entry>,
    /// What a form has to carry.
    pub token: String,
    /// How the reader is called; empty where nobody signs in.
    pub name: String,
    /// The path of the page, to come back to.
    pub path: String,
    /// How many inquiries each part of the inbox holds: counted once a page.
    pub counts: Counts,
}

impl Frame {
    /// Around a page of a place; `path` is where the page is.
    pub async fn of(app: &App, viewer: &Viewer, place: Place, title: &str, path: &str) -> Result<Self, Refused> {
        let workspace = &viewer.workspace;
        let counts = app.inbox_counts(&viewer.who, &workspace.id).await.map_err(|error| viewer.refused(error))?;
        let entry = |one: Place| Entry {
            href: viewer.at(one.path()),
            icon: one.path(),
            label: one.label(viewer.lang),
            here: one == place,
            badge: if one == Place::Inbox { View::Overdue.count(&counts) } else { 0 },
        };
        Ok(Self {
            title: title.to_owned(),
            lang: viewer.lang,
            theme: viewer.theme,
            workspace: workspace.clone(),
            others: viewer.workspaces.iter().filter(|one| one.id != workspace.id).cloned().collect(),
            entries: Place::ALL.into_iter().filter(|one| one.is_for(viewer.role)).map(entry).collect(),
            token: viewer.token.clone(),
            name: viewer.name().to_owned(),
            path: viewer.at(path),
            counts,
        })
    }

    /// The words of the reader's language.
    pub fn say<'a>(&self, ja: &'a str, en: &'a str) -> &'a str {
        self.lang.say(ja, en)
    }

    /// How bright it could be: code, word, and whether it is so now.
    pub fn themes(&self) -> [(&'static str, &'static str, bool); 3] {
        Theme::ALL.map(|theme| (theme.code(), theme.label(self.lang), theme == self.theme))
    }

    /// The first character of the brand's name, for its tile.
    pub fn initial(&self) -> String {
        self.workspace.name.chars().next().map(String::from).unwrap_or_default()
    }

    /// The first character of the reader's name.
    pub fn own_initial(&self) -> String {
        self.name.chars().next().map(String::from).unwrap_or_default()
    }

    /// One of the eight colours of a tile, the same for a workspace on every day.
    pub fn hue(&self) -> usize {
        self.workspace.id.as_str().bytes().fold(7_usize, |sum, byte| sum.wrapping_mul(31) + usize::from(byte)) % 8
    }
}

/// A page as HTML.
pub fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => Html(html).into_response(),
        // A template that compiled fails only when memory does.
        Err(_) => axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
