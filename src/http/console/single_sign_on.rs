//! The way to a provider of single sign-on and back.

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use serde::Deserialize;

use super::{
    lang::Lang,
    refusal::Refused,
    sign_in::{asked_again, secure, with_ticket},
    viewer::{cookie, own_path},
};
use crate::{
    app::{App, SignOnFailure},
    http::Face,
};

/// The cookie that ties the way out to the way back. The page that the provider leads back to reads it, and nobody else.
const ROUND_COOKIE: &str = "aizuchi_round";
const BACK: &str = "/sign-in/oidc/back";

/// Out and back.
pub fn routes() -> Router<Face> {
    Router::new().route("/sign-in/oidc", get(set_out)).route(BACK, get(come_back))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    next: String,
}

/// What a provider sends back with the browser (OpenID Connect Core 1.0, 3.1.2.5 and 3.1.2.6).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Back {
    code: String,
    state: String,
    error: String,
}

async fn set_out(headers: HeaderMap, State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    match app.set_out(own_path(&asked.next)).await {
        Ok((address, round)) => {
            let mut response = Redirect::to(&address).into_response();
            keep(&app, &headers, &mut response, &round, App::ROUND_TIME.as_secs());
            Ok(response)
        }
        Err(failure) => not_signed_in(&app, &headers, failure),
    }
}

async fn come_back(headers: HeaderMap, State(app): State<App>, Query(back): Query<Back>) -> Result<Response, Refused> {
    let round = cookie(&headers, ROUND_COOKIE).unwrap_or_default();
    // The provider's own words come by the browser and can be anybody's: only that it was so is told.
    let code = back.error.is_empty().then_some(back.code.as_str());
    let done = app.come_back(round, &back.state, code).await;
    // Another tab may be on its way still.
    let is_over = !matches!(done, Err(SignOnFailure::Stale));
    let mut response = match done {
        Ok(signed_on) => with_ticket(&app, &headers, &signed_on.ticket, own_path(&signed_on.next)),
        Err(failure) => not_signed_in(&app, &headers, failure)?,
    };
    if is_over {
        keep(&app, &headers, &mut response, "", 0);
    }
    Ok(response)
}

fn keep(app: &App, headers: &HeaderMap, response: &mut Response, round: &str, seconds: u64) {
    let secure = secure(app, headers);
    let kept = format!("{ROUND_COOKIE}={round}; Path={BACK}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(kept) = HeaderValue::from_str(&kept) {
        response.headers_mut().append(header::SET_COOKIE, kept);
    }
}

/// The page to sign in by, with what was not done and the next step.
fn not_signed_in(app: &App, headers: &HeaderMap, failure: SignOnFailure) -> Result<Response, Refused> {
    let lang = Lang::of(headers);
    let again = |status, ja: &str, en: &str| Ok(asked_again(app, lang, status, lang.say(ja, en)));
    match failure {
        SignOnFailure::Off => Err(Refused::nothing_here(lang)),
        SignOnFailure::App(error) => Err(Refused::of(lang, error)),
        SignOnFailure::Stale => again(
            StatusCode::UNPROCESSABLE_ENTITY,
            "サインインの途中で時間がたったか、別の画面で始めたサインインです。もう一度お試しください。",
            "This took too long, or began on another page. Try once more.",
        ),
        SignOnFailure::Refused => again(
            StatusCode::UNPROCESSABLE_ENTITY,
            "サインインがキャンセルされたか、許可されていません。繰り返すときは管理者に連絡してください。",
            "It was cancelled there, or your account is not allowed in. If it goes on, tell an admin.",
        ),
        SignOnFailure::Provider(error) => {
            tracing::warn!(%error, "a single sign-on failed");
            again(
                StatusCode::BAD_GATEWAY,
                "アカウントの提供元に確認できませんでした。少し待ってからもう一度お試しください。繰り返すときは管理者に連絡してください。",
                "The provider of your account could not confirm it. Try again a little later; if it goes on, tell an admin.",
            )
        }
        SignOnFailure::Unknown { login } => {
            tracing::info!("a single sign-on met nobody who works here");
            let said = match (login, lang) {
                (Some(login), Lang::Ja) => {
                    format!("「{login}」はまだ登録されていません。管理者に、この名前での登録を頼んでください。")
                }
                (Some(login), Lang::En) => format!("{login} has no place here yet. Ask an admin to add this name."),
                (None, _) => lang
                    .say(
                        "提供元から、サインイン名にあたる情報（確認済みのメールアドレスなど）を受け取れませんでした。管理者に連絡してください。",
                        "The provider sent no name to compare, such as a verified mail address. Tell an admin.",
                    )
                    .to_owned(),
            };
            Ok(asked_again(app, lang, StatusCode::FORBIDDEN, &said))
        }
        SignOnFailure::Displaced => again(
            StatusCode::FORBIDDEN,
            "このアカウントの役割は外されています。必要なときは管理者に連絡してください。",
            "This account has no role here any more. Ask an admin if you need one.",
        ),
        SignOnFailure::OtherAccount => again(
            StatusCode::FORBIDDEN,
            "この名前は、提供元の別のアカウントと連携しています。管理者に連携を外してもらってください。",
            "This name belongs to another account of the provider. Ask an admin to unlink that one.",
        ),
    }
}
