//! The numbers of this process, for Prometheus.

use axum::{
    Router,
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
    routing::get,
};
use tokio::{
    net::TcpListener,
    time::{Duration, interval},
};

use super::{
    caller::Caller,
    problem::{Code, Problem},
};
use crate::{app::App, domain::Reach};

/// How often what was measured is folded.
const TIDY: Duration = Duration::from_secs(10);

/// `GET /metrics` beside the API: only where no keys exist, because a key opens one workspace and the numbers are of
/// all of them.
pub async fn read(Caller(who): Caller, State(app): State<App>) -> Result<Response, Problem> {
    match who.reach {
        Reach::Everywhere(_) => Ok(text(&app)),
        Reach::One(..) | Reach::Places(_) => Err(Problem::new(
            Code::RoleNotAllowed,
            "the numbers are of all workspaces: read them where --metrics-listen says",
        )),
    }
}

/// Answers `GET /metrics` at an address of its own, which the operator of the machine keeps to itself.
pub async fn serve(app: App, listener: TcpListener) {
    let router = Router::new().route("/metrics", get(async |State(app): State<App>| text(&app))).with_state(app);
    if let Err(error) = axum::serve(listener, router).await {
        tracing::error!(%error, "metrics are no longer served");
    }
}

/// Keeps what was measured small between two readings.
pub async fn tidy(app: App) {
    let mut often = interval(TIDY);
    loop {
        often.tick().await;
        app.tidy_metrics();
    }
}

fn text(app: &App) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics()).into_response()
}
