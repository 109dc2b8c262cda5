//! Serving until stopped.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::Context as _;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use super::Place;
use crate::{app::App, http, wire};

/// An installation of one's own: nothing is loaded but the folder of knowledge, where one is named; that is watched.
pub(super) async fn run(place: &Place) -> anyhow::Result<()> {
    let data = place.data.clone().unwrap_or_else(|| PathBuf::from("data"));
    let app = wire::open(place.settings(data)?).await?;
    if let Some(knowledge) = app.settings().knowledge.clone() {
        wire::watch(app.clone(), knowledge).await?;
    }
    let (listener, address) = bind(place.listen).await?;
    println!("listening on http://{address}");
    if let Some(link) = app.first_link().await? {
        let path = format!("/sign-in/first?link={link}");
        // The port is known by now, also where any free one was asked for.
        let page = app.settings().public_url.as_ref().map_or(format!("http://{address}{path}"), |url| url.at(&path));
        println!("nobody signs in yet; the first admin does, once, at {page}");
    }
    until_stopped(app, listener).await
}

/// Opens the port, or says what to do when another process has it.
pub(super) async fn bind(address: SocketAddr) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("{address} cannot be listened on: choose another address"))?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves until SIGINT or SIGTERM, then finishes what is under way.
pub(super) async fn until_stopped(app: App, listener: TcpListener) -> anyhow::Result<()> {
    http::hush_panics();
    tokio::spawn(http::metrics::tidy(app.clone()));
    tokio::spawn(app.clone().keep_expiring());
    if let Some(address) = app.settings().metrics_listen {
        let (listener, address) = bind(address).await?;
        tracing::info!(%address, "metrics are served");
        tokio::spawn(http::metrics::serve(app.clone(), listener));
    }
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let stop = async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    };
    http::serve(app, listener, stop).await
}
