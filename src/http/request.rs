//! What happens to every request: an id, one span, the own names, room to work in, and a problem's last words.

use std::{any::Any, sync::Arc};

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};
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

/// A request's place in the room, free again when the last copy is gone. Work that outlives its request takes one along.
#[derive(Debug, Clone)]
pub struct Place(#[expect(dead_code, reason = "held until it is dropped")] Arc<OwnedSemaphorePermit>);

impl Place {
    /// The next place, if one is free.
    pub fn take(room: &Arc<Semaphore>) -> Option<Self> {
        Arc::clone(room).try_acquire_owned().ok().map(|permit| Self(Arc::new(permit)))
    }
}

/// So many requests are worked on at once; the next one is told to come back rather than left waiting.
pub async fn with_room(State(room): State<Arc<Semaphore>>, mut request: Request, next: Next) -> Response {
    let Some(place) = Place::take(&room) else {
        return Problem::new(Code::TooManyRequests, "the server is busy: try again in a moment").into_response();
    };
    request.extensions_mut().insert(place.clone());
    let response = next.run(request).await;
    drop(place);
    response
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
    use axum::{Extension, Router, http::StatusCode, middleware::from_fn_with_state, routing::get};
    use tokio::sync::Notify;
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
    #[tokio::test]
    async fn a_client_that_leaves_frees_no_place_while_its_work_goes_on() {
        let (room, finish) = (Arc::new(Semaphore::new(1)), Arc::new(Notify::new()));
        let finished = Arc::clone(&finish);
        let works = async move |Extension(place): Extension<Place>| {
            tokio::spawn(async move {
                finished.notified().await;
                drop(place);
            });
        };
        let router = Router::new().route("/", get(works)).layer(from_fn_with_state(Arc::clone(&room), with_room));
        let ask = async || {
            let request = Request::builder().uri("/").body(Body::empty()).unwrap();
            router.clone().oneshot(request).await.unwrap().status()
        };
        assert_eq!(ask().await, StatusCode::OK);
        assert_eq!(ask().await, StatusCode::TOO_MANY_REQUESTS, "the first one's work is under way");
        finish.notify_one();
        let _free = room.acquire().await.unwrap();
    }
}
