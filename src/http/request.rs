//! What happens to every request: an id, one span, the own names, room to work in, and a problem's last words.

use std::any::Any;

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tokio::time::Instant;
use tracing::Instrument as _;

use super::{
    Face, hosts,
    problem::{Code, Problem},
};

/// Outermost: gives the request its id and its span, and writes the body of a problem with that id.
///
/// The span has the path as it was registered, never as it was sent: no ids, no query.
pub async fn identified(State(face): State<Face>, request: Request, next: Next) -> Response {
    let id = face.next_request_id();
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let span = tracing::info_span!(
        "request",
        request.id = id,
        http.method = %request.method(),
        http.path = path,
        http.status = tracing::field::Empty,
        duration_ms = tracing::field::Empty,
    );
    let begun = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let body = serde_json::to_vec(&problem.body(&id)).unwrap_or_default();
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        *response.body_mut() = Body::from(body);
        span.in_scope(|| tracing::info!(code = problem.code().as_str(), "refused"));
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    span.record("http.status", response.status().as_u16());
    span.record("duration_ms", u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX));
    span.in_scope(|| tracing::info!("answered"));
    response
}

/// Only requests by our own name and from our own site go on.
pub async fn by_own_name(State(face): State<Face>, request: Request, next: Next) -> Response {
    match hosts::admit(request.uri(), request.headers(), &face.app().settings().hosts) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// So many requests are worked on at once; the next one is told to come back rather than left waiting.
pub async fn with_room(State(face): State<Face>, request: Request, next: Next) -> Response {
    match face.room().try_acquire() {
        Ok(_held) => next.run(request).await,
        Err(_) => Problem::new(Code::TooManyRequests, "the server is busy: try again in a moment").into_response(),
    }
}

/// A handler that panics costs its own request alone. What it said may hold a customer's words and is not logged.
pub fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    Problem::internal().into_response()
}

/// Nothing is registered at this path.
pub async fn no_route() -> Problem {
    Problem::new(Code::RouteNotFound, "the paths are listed at /docs")
}

/// Something is, but not for this method.
pub async fn no_method() -> Problem {
    Problem::new(Code::MethodNotAllowed, "the header Allow lists the methods of this path")
}

#[cfg(test)]
mod tests {
    use axum::{Router, http::StatusCode, routing::get};
    use tower::ServiceExt as _;
    use tower_http::catch_panic::CatchPanicLayer;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_problem_that_does_not_repeat_its_message() {
        async fn breaks() -> &'static str {
            panic!("at 山田太郎")
        }
        let router = Router::new().route("/", get(breaks)).layer(CatchPanicLayer::custom(panicked));
        let request = Request::builder().uri("/").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let problem = response.extensions().get::<Problem>().unwrap();
        assert_eq!(problem.code(), Code::Internal);
        assert!(!problem.detail().contains("山田"));
    }
}
