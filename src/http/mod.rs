//! Aizuchi over HTTP: decode, call one verb of [`App`], encode. Nothing is decided here.
//!
//! The router and its layers read from top to bottom in [`Face::router`]; a resource has its file in `api/`, its
//! bodies beside it; every failure goes through the table in `problem.rs`.

pub mod api;
mod caller;
mod console;
mod docs;
mod fits;
mod health;
mod hosts;
pub mod metrics;
mod parsed;
mod problem;
mod request;
mod server;
mod stream;
mod strict;

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use axum::{
    Router,
    extract::FromRef,
    http::{HeaderValue, header},
    middleware::{from_fn_with_state, map_response},
    response::Response,
    routing::get,
};
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::{router::OpenApiRouter, routes};

use self::{caller::Gate, stream::Hub};
pub use self::{
    problem::{Code, problem_table},
    server::{hush_panics, serve},
};
use crate::app::App;

/// So many requests are worked on at once, those among them whose client has left.
const ROOM: usize = 256;

/// What the handlers share. Cheap to clone.
#[derive(Clone)]
pub struct Face(Arc<Parts>);

struct Parts {
    app: App,
    hub: Hub,
    gate: Gate,
    room: Arc<Semaphore>,
    document: String,
    stopping: AtomicBool,
    boot: String,
    tries: console::Tries,
    requests: AtomicU64,
}

impl FromRef<Face> for App {
    fn from_ref(face: &Face) -> Self {
        face.0.app.clone()
    }
}

impl Face {
    /// `loopback`: only this machine can reach the listener, so that a server without keys needs none.
    pub fn new(app: App, loopback: bool) -> serde_json::Result<Self> {
        let id = app.record_id().to_string();
        let parts = Parts {
            hub: Hub::default(),
            gate: Gate::new(loopback),
            room: Arc::new(Semaphore::new(ROOM)),
            document: openapi_json()?,
            stopping: AtomicBool::new(false),
            boot: id[id.len() - 8..].to_owned(),
            requests: AtomicU64::new(0),
            tries: console::Tries::default(),
            app,
        };
        Ok(Self(Arc::new(parts)))
    }

    /// Everything that is answered, and what every request passes on its way: the last layer is met first.
    pub fn router(&self) -> Router {
        let (api, _) = api().split_for_parts();
        let api = api.layer(from_fn_with_state(self.room(), request::with_room)).layer(map_response(unkept));
        let (health, _) = health().split_for_parts();
        api.merge(health)
            .merge(console::pages(self))
            .route("/metrics", get(metrics::read))
            .route("/openapi.json", get(docs::document))
            .route("/docs", get(docs::to_docs))
            .route("/docs/", get(docs::index))
            .route("/docs/{*path}", get(docs::page))
            .fallback(request::no_route)
            .method_not_allowed_fallback(request::no_method)
            .layer(from_fn_with_state(self.clone(), request::by_own_name))
            .layer(CatchPanicLayer::custom(request::panicked))
            .layer(map_response(unsniffed))
            .layer(from_fn_with_state(self.clone(), request::identified))
            .with_state(self.clone())
    }

    fn app(&self) -> &App {
        &self.0.app
    }

    fn hub(&self) -> &Hub {
        &self.0.hub
    }

    fn gate(&self) -> &Gate {
        &self.0.gate
    }

    /// Where requests are worked on.
    fn room(&self) -> Arc<Semaphore> {
        Arc::clone(&self.0.room)
    }

    fn tries(&self) -> &console::Tries {
        &self.0.tries
    }

    fn document(&self) -> &str {
        &self.0.document
    }

    /// From now on `/readyz` sends callers elsewhere.
    fn stop(&self) {
        self.0.stopping.store(true, Ordering::Relaxed);
    }

    fn is_stopping(&self) -> bool {
        self.0.stopping.load(Ordering::Relaxed)
    }

    fn next_request_id(&self) -> String {
        format!("req_{}_{}", self.0.boot, self.0.requests.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// The OpenAPI 3.1 document of this face, as JSON.
pub fn openapi_json() -> serde_json::Result<String> {
    let mut document = OpenApiRouter::<Face>::with_openapi(docs::blank()).merge(api()).merge(health()).into_openapi();
    docs::complete(&mut document);
    document.to_pretty_json()
}

fn api() -> OpenApiRouter<Face> {
    use api::{
        affected, attempts, audit, documents, drafts, erasures, export, findings, inquiries, keys, overlaps, quality,
        rechecks, records, replays, replies, retention, revisions, search, suggestions, workspaces,
    };
    OpenApiRouter::new()
        .routes(routes!(inquiries::suggest))
        .routes(routes!(inquiries::read))
        .routes(routes!(drafts::regenerate))
        .routes(routes!(suggestions::read))
        .routes(routes!(attempts::read))
        .routes(routes!(drafts::read))
        .routes(routes!(drafts::events))
        .routes(routes!(drafts::decide, drafts::undo))
        .routes(routes!(rechecks::recheck))
        .routes(routes!(replies::report))
        .routes(routes!(replies::read))
        .routes(routes!(replies::report_contact))
        .routes(routes!(findings::list))
        .routes(routes!(findings::read))
        .routes(routes!(findings::rule))
        .routes(routes!(quality::waivers))
        .routes(routes!(quality::precision))
        .routes(routes!(quality::drift))
        .routes(routes!(search::search))
        .routes(routes!(documents::list, documents::create))
        .routes(routes!(documents::read, documents::replace, documents::retire))
        .routes(routes!(documents::proposals))
        .routes(routes!(documents::decide))
        .routes(routes!(revisions::read))
        .routes(routes!(affected::replies))
        .routes(routes!(affected::correction))
        .routes(routes!(affected::history))
        .routes(routes!(overlaps::read))
        .routes(routes!(workspaces::list))
        .routes(routes!(retention::read, retention::set))
        .routes(routes!(erasures::create))
        .routes(routes!(audit::events))
        .routes(routes!(audit::checkpoints))
        .routes(routes!(records::read))
        .routes(routes!(replays::read))
        .routes(routes!(audit::proof))
        .routes(routes!(export::export))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::revoke))
}

fn health() -> OpenApiRouter<Face> {
    OpenApiRouter::new().routes(routes!(health::healthz)).routes(routes!(health::readyz))
}

/// Answers about customers are kept by nobody on the way.
async fn unkept(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What we call JSON is never taken for a page.
async fn unsniffed(mut response: Response) -> Response {
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
