//! Signing in and out, and the links with which a password is chosen.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;

use super::{
    form::{Guest, Sent},
    frame::page,
    lang::Lang,
    refusal::Refused,
    viewer::{SESSION_COOKIE, SignedIn, own_path},
};
use crate::{
    app::{App, AppError, NewPerson},
    config::PublicUrl,
    domain::{Login, Person},
    http::Face,
    identity::Password,
};

/// The way in and out.
pub fn routes() -> Router<Face> {
    Router::new()
        .route("/sign-in", get(ask).post(sign_in))
        .route("/sign-in/first", get(ask_first).post(set_up))
        .route("/sign-in/link", get(ask_password).post(set_password))
        .route("/sign-out", post(sign_out))
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Page {
    lang: Lang,
    kind: Kind,
    /// The link that the page was opened with, or where to go then.
    carried: String,
    /// What was typed before.
    login: String,
    name: String,
    wrong: Option<String>,
    /// What the button to the provider of single sign-on says, where there is one.
    provider: Option<String>,
    /// Whether a password signs anybody in.
    passwords: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    SignIn,
    First,
    Link,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    next: String,
    link: String,
}

#[derive(Deserialize)]
struct Known {
    login: String,
    password: String,
    #[serde(default)]
    carried: String,
}

#[derive(Deserialize)]
struct Chosen {
    #[serde(default)]
    login: String,
    #[serde(default)]
    name: String,
    password: String,
    carried: String,
}

async fn ask(headers: HeaderMap, State(face): State<Face>, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    let lang = Lang::of(&headers);
    let here = SignedIn::of(&headers, &face).await.map_err(|error| Refused::of(lang, error))?;
    match here {
        Some(_) => Ok(Redirect::to(own_path(&asked.next)).into_response()),
        None => Ok(page(&blank(face.app(), lang, Kind::SignIn, &asked.next))),
    }
}

async fn sign_in(
    headers: HeaderMap,
    State(face): State<Face>,
    Guest(known): Guest<Known>,
) -> Result<Response, Refused> {
    let (lang, app) = (Lang::of(&headers), face.app());
    let again = |status: StatusCode, wrong: &str| {
        let (login, wrong) = (known.login.clone(), Some(wrong.to_owned()));
        let form = Page { login, wrong, ..blank(app, lang, Kind::SignIn, &known.carried) };
        Ok((status, page(&form)).into_response())
    };
    if !app.takes_passwords() {
        return again(
            StatusCode::FORBIDDEN,
            lang.say(
                "パスワードではサインインできません。上のボタンからお進みください。",
                "Passwords are not taken here: use the button above.",
            ),
        );
    }
    if !face.tries().may(&known.login) {
        return again(
            StatusCode::TOO_MANY_REQUESTS,
            lang.say(
                "失敗が続いたため、15分ほど待ってからお試しください。",
                "Too many failures: wait about 15 minutes.",
            ),
        );
    }
    let ticket = app.sign_in(&known.login, known.password.clone()).await;
    match ticket.map_err(|error| Refused::of(lang, error))? {
        Some(ticket) => {
            face.tries().forget(&known.login);
            Ok(with_ticket(app, &headers, &ticket, own_path(&known.carried)))
        }
        None => {
            face.tries().failed(&known.login);
            tracing::info!("a sign-in failed");
            again(
                StatusCode::UNPROCESSABLE_ENTITY,
                lang.say("名前かパスワードが違います。", "The name or the password is wrong."),
            )
        }
    }
}

async fn ask_first(
    headers: HeaderMap,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let lang = Lang::of(&headers);
    match app.is_first_link(&asked.link).await.map_err(|error| Refused::of(lang, error))? {
        true => Ok(page(&blank(&app, lang, Kind::First, &asked.link))),
        false => Err(void(lang)),
    }
}

async fn set_up(headers: HeaderMap, State(app): State<App>, Guest(chosen): Guest<Chosen>) -> Result<Response, Refused> {
    let lang = Lang::of(&headers);
    let again = |wrong: &str| {
        let (login, name) = (chosen.login.clone(), chosen.name.clone());
        Ok(unprocessable(&Page {
            login,
            name,
            wrong: Some(wrong.to_owned()),
            ..blank(&app, lang, Kind::First, &chosen.carried)
        }))
    };
    let Ok(login) = Login::parse(&chosen.login) else {
        return again(
            lang.say("名前は空白を入れずに100文字以内で決めてください。", "A name to sign in with has no spaces."),
        );
    };
    let Ok(password) = Password::parse(&chosen.password) else { return again(too_short(lang)) };
    let name = if chosen.name.trim().is_empty() { login.as_str().to_owned() } else { called(&chosen.name) };
    let new = NewPerson { login, name, team: None, vendor: None };
    match app.set_up(&chosen.carried, new, password).await {
        Ok(Some(ticket)) => Ok(with_ticket(&app, &headers, &ticket, "/")),
        Ok(None) => Err(void(lang)),
        Err(AppError::NoSuchWorkspace { .. }) => Err(Refused::no_workspace(lang)),
        Err(error) => Err(Refused::of(lang, error)),
    }
}

async fn ask_password(
    headers: HeaderMap,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let lang = Lang::of(&headers);
    let person: Option<Person> = app.linked(&asked.link).await.map_err(|error| Refused::of(lang, error))?;
    let Some(person) = person else { return Err(void(lang)) };
    let login = person.login.as_str().to_owned();
    Ok(page(&Page { login, name: person.name, ..blank(&app, lang, Kind::Link, &asked.link) }))
}

async fn set_password(
    headers: HeaderMap,
    State(app): State<App>,
    Guest(chosen): Guest<Chosen>,
) -> Result<Response, Refused> {
    let lang = Lang::of(&headers);
    let Ok(password) = Password::parse(&chosen.password) else {
        let form = Page { wrong: Some(too_short(lang).to_owned()), ..blank(&app, lang, Kind::Link, &chosen.carried) };
        return Ok(unprocessable(&form));
    };
    let ticket = app.set_password(&chosen.carried, password).await.map_err(|error| Refused::of(lang, error))?;
    ticket.map(|ticket| with_ticket(&app, &headers, &ticket, "/")).ok_or_else(|| void(lang))
}

#[derive(Deserialize)]
struct Leaving {
    /// Whether on every machine.
    #[serde(default)]
    everywhere: String,
}

async fn sign_out(
    headers: HeaderMap,
    signed_in: SignedIn,
    State(app): State<App>,
    Sent(leaving): Sent<Leaving>,
) -> Result<Response, Refused> {
    if let (Some(person), false) = (&signed_in.person, leaving.everywhere.is_empty()) {
        app.sign_out_everywhere(person).await.map_err(|error| Refused::of(Lang::of(&headers), error))?;
    }
    let mut response = Redirect::to("/sign-in").into_response();
    let gone = format!("{SESSION_COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    if let Ok(gone) = HeaderValue::from_str(&gone) {
        response.headers_mut().append(header::SET_COOKIE, gone);
    }
    Ok(response)
}

fn blank(app: &App, lang: Lang, kind: Kind, carried: &str) -> Page {
    let (login, name, passwords) = (String::new(), String::new(), app.takes_passwords());
    let provider = app.single_sign_on().map(|settings| {
        let name = settings.name.as_deref().unwrap_or(lang.say("シングルサインオン", "single sign-on"));
        match lang {
            Lang::Ja => format!("{name}でサインイン"),
            Lang::En => format!("Sign in with {name}"),
        }
    });
    Page { lang, kind, carried: carried.to_owned(), login, name, wrong: None, provider, passwords }
}

/// The page to sign in by, once more.
pub fn asked_again(app: &App, lang: Lang, status: StatusCode, wrong: &str) -> Response {
    (status, page(&Page { wrong: Some(wrong.to_owned()), ..blank(app, lang, Kind::SignIn, "") })).into_response()
}

fn unprocessable(form: &Page) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, page(form)).into_response()
}

fn too_short(lang: Lang) -> &'static str {
    lang.say("パスワードは10文字以上200文字以内にしてください。", "A password has 10 to 200 characters.")
}

fn void(lang: Lang) -> Refused {
    Refused::form(
        lang,
        "このリンクは使われたか、期限が切れています。管理者に新しいリンクを頼んでください。",
        "This link was used, or its time is over. Ask an admin for a new one.",
    )
}

/// A name as people are called, on one line.
pub fn called(name: &str) -> String {
    let line: String = name.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|c| !c.is_control()).take(60).collect()
}

/// Where browsers come by TLS, cookies are sent by no other way.
pub fn secure(app: &App, headers: &HeaderMap) -> &'static str {
    let forwarded = headers.get("x-forwarded-proto").is_some_and(|proto| proto == "https");
    let tls = forwarded || app.settings().public_url.as_ref().is_some_and(PublicUrl::is_tls);
    if tls { "; Secure" } else { "" }
}

/// Carries the ticket from now on.
pub fn with_ticket(app: &App, headers: &HeaderMap, ticket: &str, to: &str) -> Response {
    let secure = secure(app, headers);
    let age = App::SESSION_TIME.as_secs();
    let kept = format!("{SESSION_COOKIE}={ticket}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}");
    let mut response = Redirect::to(to).into_response();
    if let Ok(kept) = HeaderValue::from_str(&kept) {
        response.headers_mut().append(header::SET_COOKIE, kept);
    }
    response
}
