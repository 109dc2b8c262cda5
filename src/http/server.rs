//! The listener: connections with limits on their number and on their patience, and a way to stop that lets
//! drafts under way come to their end.
//!
//! An accept loop of our own, because `axum::serve` gives a client all the time in the world to send its headers.

use std::{pin::pin, sync::Arc, time::Duration};

use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};

use super::Face;
use crate::app::App;

/// A client has so long to send its headers, and may stay idle so long.
const HEADER_TIME: Duration = Duration::from_secs(10);
/// So many connections are held; more wait in the kernel's queue.
const MAX_CONNECTIONS: usize = 1_024;
/// After a failed accept (no file descriptors left) the loop takes a breath.
const BREATH: Duration = Duration::from_millis(100);
/// This part of the drain time goes by before the listener closes, so that who watches `/readyz` goes elsewhere.
const NOTICE_PART: u32 = 25;

/// Answers until `stop`, then finishes what is under way within `Settings::drain`.
pub async fn serve(app: App, listener: TcpListener, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    let drain = app.settings().drain;
    let notice = drain / NOTICE_PART;
    let face = Face::new(app, listener.local_addr()?.ip().is_loopback())?;
    let service = TowerToHyperService::new(face.router());
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER_TIME);
    let connections = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));

    let stopped = async {
        stop.await;
        face.stop();
        tracing::info!("stopping: what is under way is finished first");
        sleep(notice).await;
    };
    let mut stopped = pin!(stopped);
    loop {
        let (place, stream) = tokio::select! {
            biased;
            () = &mut stopped => break,
            next = accept(&listener, &places) => next?,
        };
        let connection = connections.watch(http.serve_connection(TokioIo::new(stream), service.clone()));
        tokio::spawn(async move {
            // A client that goes away mid-sentence is no event.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke");
            }
            drop(place);
        });
    }
    drop(listener);
    let finished = timeout(drain.saturating_sub(notice), async {
        connections.shutdown().await;
        face.hub().idle().await;
    });
    match finished.await {
        Ok(()) => tracing::info!("stopped: nothing was left under way"),
        Err(_) => tracing::warn!("stopped with work under way: it took longer than the drain time"),
    }
    Ok(())
}

/// The next connection, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> anyhow::Result<(tokio::sync::OwnedSemaphorePermit, TcpStream)> {
    let place = Arc::clone(places).acquire_owned().await?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Small answers leave at once.
                let _ = stream.set_nodelay(true);
                return Ok((place, stream));
            }
            Err(error) => {
                tracing::warn!(%error, "no connection could be accepted");
                sleep(BREATH).await;
            }
        }
    }
}

/// A panic's message can quote the text it was working on: from now on only its place is written, to the log.
///
/// For the process that serves; tests want to read the message.
pub fn hush_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panicked");
    }));
}
