//! The console: pages from the same binary, for operators, QA, those who keep the knowledge, and auditors.
//!
//! A page is read by whoever [`viewer`] lets in, drawn by a template of `templates/` inside the [`frame`], and works
//! without scripts; what they add (keys, live updates, marks while one types) stands in `assets/js/`. Each place has its
//! folder or file and its own routes; handlers decode, call one verb of [`crate::app::App`], and encode.

mod asking;
mod assets;
mod audit;
mod card;
mod colleagues;
mod decision;
mod editing;
mod form;
mod frame;
mod home;
mod inbox;
mod inquiry;
mod knowledge;
mod lang;
mod lease;
mod letter;
mod line;
mod lookup;
mod making;
mod middle;
mod people;
mod qa;
mod refusal;
mod rules;
mod sign_in;
mod single_sign_on;
mod snippets;
mod theme;
mod timings;
mod trail;
mod tries;
mod viewer;

use axum::{
    Router,
    http::{HeaderName, HeaderValue, header},
    middleware::{from_fn_with_state, map_response},
    response::Response,
    routing::get,
};

pub use self::tries::Tries;
use super::{Face, request, unkept};

/// Nothing but what this server itself sends is shown, run or asked for, and nobody may frame a page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Every page, and what each answer carries.
pub fn pages(face: &Face) -> Router<Face> {
    let pages = Router::new()
        .route("/", get(viewer::to_first_place))
        .merge(lang::routes())
        .merge(theme::routes())
        .merge(home::routes())
        .merge(inbox::routes())
        .merge(inquiry::routes())
        .merge(colleagues::routes())
        .merge(trail::routes())
        .merge(audit::routes())
        .merge(knowledge::routes())
        .merge(decision::routes())
        .merge(editing::routes())
        .merge(making::routes())
        .merge(lease::routes())
        .merge(people::routes())
        .merge(sign_in::routes())
        .merge(single_sign_on::routes())
        .merge(snippets::routes())
        .merge(qa::routes())
        .layer(from_fn_with_state(face.room(), request::with_room))
        .layer(map_response(unkept));
    pages.merge(assets::routes()).layer(map_response(guarded))
}

async fn guarded(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    response
}
