//! Serving until stopped.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::Context as _;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tracing_subscriber::EnvFilter;

use super::Place;
use crate::{app::App, http, wire};

/// Logs go to standard error: JSON where `AIZUCHI_LOG_FORMAT=json`, what `AIZUCHI_LOG` asks for, warnings else.
pub(super) fn log() {
    let filter = EnvFilter::try_from_env("AIZUCHI_LOG").unwrap_or_else(|_| EnvFilter::new("warn,aizuchi=info"));
    // It logs answers that it cannot read, and they may repeat a customer's words.
    let filter = filter.add_directive("async_openai=off".parse().expect("a constant directive"));
    let json = std::env::var("AIZUCHI_LOG_FORMAT").is_ok_and(|format| format == "json");
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A log that was already set up, as in tests, stays.
    let _ = if json { log.json().try_init() } else { log.try_init() };
}

/// An installation of one's own: nothing is loaded.
pub(super) async fn run(place: &Place) -> anyhow::Result<()> {
    let data = place.data.clone().unwrap_or_else(|| PathBuf::from("data"));
    let app = wire::open(place.settings(data)?).await?;
    let (listener, address) = bind(place.listen).await?;
    println!("listening on http://{address}");
    until_stopped(app, listener).await
}

/// Opens the port, or says what to do when another process has it.
pub(super) async fn bind(address: SocketAddr) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("{address} cannot be listened on: choose another with --listen"))?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves until SIGINT or SIGTERM, then finishes what is under way.
pub(super) async fn until_stopped(app: App, listener: TcpListener) -> anyhow::Result<()> {
    http::hush_panics();
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let stop = async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    };
    http::serve(app, listener, stop).await
}
