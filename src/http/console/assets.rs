//! Stylesheet, scripts and icons, from the binary. Nothing is loaded from elsewhere.

use std::fmt::Write as _;

use axum::{
    Router,
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use rust_embed::RustEmbed;

use super::super::{Face, problem::Problem, request};

#[derive(RustEmbed)]
#[folder = "src/http/console/assets"]
struct Assets;

/// What pages load.
pub fn routes() -> Router<Face> {
    Router::new().route("/assets/console.css", get(stylesheet)).route("/assets/{*path}", get(asset))
}

/// One stylesheet for all pages: the files of `assets/css/` in the order of their names.
async fn stylesheet(headers: HeaderMap) -> Response {
    let (mut text, mut tag) = (String::new(), String::new());
    for name in Assets::iter().filter(|name| name.starts_with("css/")) {
        let Some(file) = Assets::get(&name) else { continue };
        text.push_str(&String::from_utf8_lossy(&file.data));
        let _ = write!(tag, "{}", hex::encode(&file.metadata.sha256_hash()[..4]));
    }
    sent(&headers, &tag, "text/css; charset=utf-8", Body::from(text))
}

async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let Some(file) = Assets::get(&path) else { return Err(request::no_route().await) };
    let kind = match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    };
    let tag = hex::encode(&file.metadata.sha256_hash()[..16]);
    Ok(sent(&headers, &tag, kind, Body::from(file.data.into_owned())))
}

/// A browser asks each time whether what it has is still right: after an update nobody works with yesterday's script.
fn sent(asked: &HeaderMap, tag: &str, kind: &'static str, body: Body) -> Response {
    let tag = format!("\"{tag}\"");
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|has| has.as_bytes() == tag.as_bytes());
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { Response::new(body) };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}
