//! Who reads a page, and in which workspace. A page that takes a [`Viewer`] is reached by nobody else.

use axum::{
    extract::{FromRequestParts, RawPathParams, State},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse as _, Redirect, Response},
};

use super::{lang::Lang, refusal::Refused, theme::Theme};
use crate::{
    app::{AppError, Byline},
    domain::{Id, Named, Person, Principal, Role, Workspace, WorkspaceId},
    http::Face,
    identity::{Act, may},
};

/// The cookie that carries a ticket.
pub const SESSION_COOKIE: &str = "aizuchi_session";

/// Somebody who may read pages.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who acts.
    pub who: Principal,
    /// Who that is; `None` for whoever sits at this machine while nobody needs to sign in.
    pub person: Option<Person>,
    /// What a form of theirs has to carry: a page of another site cannot know it.
    pub token: String,
}

/// Somebody at the desk of one workspace.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// Who acts.
    pub who: Principal,
    /// Who that is; `None` for whoever sits at this machine while nobody needs to sign in.
    pub person: Option<Person>,
    /// What a form of theirs has to carry.
    pub token: String,
    /// Where they are.
    pub workspace: Workspace,
    /// What they are there.
    pub role: Role,
    /// Where else they could be.
    pub workspaces: Vec<Workspace>,
    /// What they read.
    pub lang: Lang,
    /// How bright their pages are.
    pub theme: Theme,
}

impl SignedIn {
    /// Who holds the session, or whoever sits at this machine while nobody needs a key.
    pub async fn of(headers: &HeaderMap, face: &Face) -> Result<Option<Self>, AppError> {
        let app = face.app();
        let person = match cookie(headers, SESSION_COOKIE) {
            Some(ticket) => app.signed_in(ticket).await?,
            None => None,
        };
        let who = match &person {
            Some(person) => person.principal(),
            None if face.gate().is_open(app).await? => Principal::local(),
            None => return Ok(None),
        };
        let token = app.sessions().form_token(&who.id);
        Ok(Some(Self { who, person, token }))
    }
}

impl FromRequestParts<Face> for SignedIn {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, face: &Face) -> Result<Self, Refused> {
        let lang = Lang::of(&parts.headers);
        let signed_in = Self::of(&parts.headers, face).await.map_err(|error| Refused::of(lang, error))?;
        signed_in.ok_or_else(|| Refused::signed_out(lang, &parts.uri))
    }
}

impl FromRequestParts<Face> for Viewer {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, face: &Face) -> Result<Self, Refused> {
        let lang = Lang::of(&parts.headers);
        let SignedIn { who, person, token } = SignedIn::from_request_parts(parts, face).await?;
        let asked = RawPathParams::from_request_parts(parts, face).await.ok();
        let asked = asked.iter().flatten().find(|(key, _)| *key == "workspace");
        let asked = asked.and_then(|(_, value)| WorkspaceId::parse(value).ok());
        let workspaces = face.app().workspaces(&who).await.map_err(|error| Refused::of(lang, error))?;
        let found = workspaces.iter().find(|one| Some(&one.id) == asked.as_ref()).cloned();
        let (Some(workspace), Some(role)) = (found, asked.as_ref().and_then(|id| who.role_in(id))) else {
            return Err(Refused::nothing_here(lang));
        };
        let theme = Theme::of(&parts.headers);
        Ok(Self { who, person, token, workspace, role, workspaces, lang, theme })
    }
}

impl Viewer {
    /// Whether their role may do it.
    pub fn may(&self, act: Act) -> bool {
        may(self.role, act)
    }

    /// How they are called; empty where nobody signs in.
    pub fn name(&self) -> &str {
        self.person.as_ref().map_or("", |person| &person.name)
    }

    /// As whom they answer customers.
    pub fn byline(&self) -> Byline {
        match &self.person {
            Some(person) => {
                let (team, vendor) = (person.team.clone(), person.vendor.clone());
                Byline { author: Some(person.name.clone()), team, vendor }
            }
            None => Byline::default(),
        }
    }

    /// The address of something in their workspace.
    pub fn at(&self, path: &str) -> String {
        format!("/w/{}/{path}", self.workspace.id)
    }

    /// The id that an address or a form names; of what is none nothing is here.
    pub fn id<T: Named>(&self, text: &str) -> Result<Id<T>, Refused> {
        Id::parse(text).map_err(|_| Refused::nothing_here(self.lang))
    }

    /// A page that their role has no use for does not exist for them.
    pub fn must(&self, act: Act) -> Result<(), Refused> {
        if self.may(act) { Ok(()) } else { Err(Refused::nothing_here(self.lang)) }
    }

    /// What went wrong, in their language.
    pub fn refused(&self, error: impl Into<AppError>) -> Refused {
        Refused::of(self.lang, error.into())
    }
}

/// From `/` to where the reader's work begins.
pub async fn to_first_place(
    signed_in: SignedIn,
    State(face): State<Face>,
    headers: HeaderMap,
) -> Result<Redirect, Refused> {
    let lang = Lang::of(&headers);
    let workspaces = face.app().workspaces(&signed_in.who).await.map_err(|error| Refused::of(lang, error))?;
    let Some(first) = workspaces.first() else { return Err(Refused::no_workspace(lang)) };
    let role = signed_in.who.role_in(&first.id).unwrap_or(Role::Auditor);
    let place = super::frame::Place::first_of(role);
    Ok(Redirect::to(&format!("/w/{}/{}", first.id, place.path())))
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    sent.flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name))
        .map(|(_, value)| value)
}

/// Back to where a form came from, with what its sender chose kept for a year.
pub fn remembering(back: &str, cookie: &str, chosen: &str) -> Response {
    let mut response = Redirect::to(own_path(back)).into_response();
    let kept = format!("{cookie}={chosen}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
    if let Ok(kept) = HeaderValue::from_str(&kept) {
        response.headers_mut().append(header::SET_COOKIE, kept);
    }
    response
}

/// Where a form says to go on: a path of this server, never another site. Browsers read `\` as `/`, and leave tabs and
/// line breaks out before they look.
pub fn own_path(next: &str) -> &str {
    let plain = !next.contains(|c: char| c == '\\' || c.is_control());
    if plain && next.starts_with('/') && !next.starts_with("//") { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_to_another_site() {
        assert_eq!(own_path("/w/small/inbox?view=mine"), "/w/small/inbox?view=mine");
        for away in
            ["//evil.example", "/\t/evil.example", "/\n/evil.example", "/\\evil.example", "https://evil.example", ""]
        {
            assert_eq!(own_path(away), "/", "{away:?}");
        }
    }
}
