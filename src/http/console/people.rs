//! The people of a workspace: who has which role, for admins.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;

use super::{
    form::Sent,
    frame::{Frame, Place, page},
    lang::Lang,
    refusal::Refused,
    sign_in::called,
    viewer::Viewer,
};
use crate::{
    app::{App, AppError, NewPerson},
    domain::{Login, Role, name},
    http::Face,
    identity::Act,
};

/// The list, and what changes it.
pub fn routes() -> Router<Face> {
    Router::new()
        .route("/w/{workspace}/people", get(list).post(place))
        .route("/w/{workspace}/people/{id}", post(change))
}

#[derive(Template)]
#[template(path = "people.html")]
struct Page {
    frame: Frame,
    people: Vec<Line>,
    roles: Vec<(&'static str, &'static str)>,
    link: Option<(String, String)>,
    /// Whether somebody signs in by a password, and by an account elsewhere.
    passwords: bool,
    single_sign_on: bool,
}

struct Line {
    id: String,
    name: String,
    login: String,
    team: String,
    role: &'static str,
    everywhere: bool,
    has_signed_in: bool,
    has_account: bool,
}

/// 担当者, Operator.
pub fn role_word(lang: Lang, role: Role) -> &'static str {
    match role {
        Role::Chatbot => lang.say("チャットボット", "Chatbot"),
        Role::Operator => lang.say("担当者", "Operator"),
        Role::Qa => lang.say("QA", "QA"),
        Role::Knowledge => lang.say("ナレッジ", "Knowledge"),
        Role::Auditor => lang.say("監査", "Auditor"),
        Role::Admin => lang.say("管理者", "Admin"),
    }
}

async fn list(viewer: Viewer, State(app): State<App>) -> Result<Response, Refused> {
    Ok(page(&listed(&viewer, &app, None).await?))
}

async fn listed(viewer: &Viewer, app: &App, link: Option<(String, String)>) -> Result<Page, Refused> {
    viewer.must(Act::Administer)?;
    let lang = viewer.lang;
    let people = app.people(&viewer.who, &viewer.workspace.id).await.map_err(|error| viewer.refused(error))?;
    let line = |person: crate::domain::Person| Line {
        role: person.principal().role_in(&viewer.workspace.id).map_or("", |role| role_word(lang, role)),
        id: person.id.to_string(),
        login: person.login.as_str().to_owned(),
        team: [person.team, person.vendor].into_iter().flatten().collect::<Vec<_>>().join(lang.say("・", ", ")),
        everywhere: person.everywhere.is_some(),
        has_signed_in: person.password.is_some() || person.account.is_some(),
        has_account: person.account.is_some(),
        name: person.name,
    };
    // A front-end holds a key, not a place.
    let roles = Role::ALL.into_iter().filter(|role| *role != Role::Chatbot);
    Ok(Page {
        frame: Frame::of(app, viewer, Place::People, lang.say("メンバー", "People"), "people").await?,
        people: people.into_iter().map(line).collect(),
        roles: roles.map(|role| (role.as_str(), role_word(lang, role))).collect(),
        link,
        passwords: app.takes_passwords(),
        single_sign_on: app.single_sign_on().is_some(),
    })
}

#[derive(Deserialize)]
struct Placing {
    login: String,
    name: String,
    role: String,
    #[serde(default)]
    team: String,
    #[serde(default)]
    vendor: String,
}

async fn place(viewer: Viewer, State(app): State<App>, Sent(placing): Sent<Placing>) -> Result<Response, Refused> {
    viewer.must(Act::Administer)?;
    let wrong = || {
        Refused::form(
            viewer.lang,
            "サインイン名（空白なし）、名前、役割を入れてください。",
            "Give a name to sign in with (no spaces), a name and a role.",
        )
    };
    let login = Login::parse(&placing.login).map_err(|_| wrong())?;
    let role = Role::parse(&placing.role).filter(|role| *role != Role::Chatbot).ok_or_else(wrong)?;
    let name = called(&placing.name);
    if name.is_empty() {
        return Err(wrong());
    }
    let some = |text: &str| Some(called(text)).filter(|text| !text.is_empty());
    let new = NewPerson { login, name, team: some(&placing.team), vendor: some(&placing.vendor) };
    let placed = app.place_person(&viewer.who, &viewer.workspace.id, new, role).await;
    let person = placed.map_err(|error| viewer.refused(error))?;
    // Who is known signs in as before; of somebody of another shop, who is not yet, that shop makes the link.
    if app.takes_passwords() && person.password.is_none() {
        match app.link_for(&viewer.who, &viewer.workspace.id, &person.id).await {
            Ok(link) => return shown(&viewer, &app, person.name, link).await,
            Err(AppError::NoSuch { .. }) => {}
            Err(error) => return Err(viewer.refused(error)),
        }
    }
    Ok(Redirect::to(&viewer.at("people")).into_response())
}

#[derive(Deserialize)]
struct Change {
    /// `link`, `unlink` or `remove`.
    action: String,
}

async fn change(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Sent(change): Sent<Change>,
) -> Result<Response, Refused> {
    viewer.must(Act::Administer)?;
    let id = viewer.id::<name::Person>(&id)?;
    let done = match change.action.as_str() {
        "link" if app.takes_passwords() => {
            let link = app.link_for(&viewer.who, &viewer.workspace.id, &id).await;
            return shown(&viewer, &app, String::new(), link.map_err(|error| viewer.refused(error))?).await;
        }
        "unlink" => app.unlink_account(&viewer.who, &viewer.workspace.id, &id).await,
        "remove" => app.displace_person(&viewer.who, &viewer.workspace.id, &id).await,
        _ => return Err(Refused::nothing_here(viewer.lang)),
    };
    done.map_err(|error| viewer.refused(error))?;
    Ok(Redirect::to(&viewer.at("people")).into_response())
}

/// The list with a fresh link on top: it is shown once.
async fn shown(viewer: &Viewer, app: &App, name: String, link: String) -> Result<Response, Refused> {
    let address = app.settings().page(&format!("/sign-in/link?link={link}"));
    Ok(page(&listed(viewer, app, Some((name, address))).await?))
}
