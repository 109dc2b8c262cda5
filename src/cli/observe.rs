//! Who listens to the work: the log on standard error always, a collector of traces where one is named.

use clap::Args;
use tracing_subscriber::{EnvFilter, Layer as _, Registry, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::{
    telemetry,
    wire::{self, Otlp},
};

/// Where traces go.
#[derive(Args, Clone)]
pub(super) struct Observed {
    /// OpenTelemetry collector to send traces to, by OTLP over HTTP, e.g. http://127.0.0.1:4318
    #[arg(long, env = "AIZUCHI_OTLP_ENDPOINT", global = true)]
    otlp_endpoint: Option<String>,
    /// Send prompts and answers with the traces: they hold what customers wrote
    #[arg(long, env = "AIZUCHI_OTLP_CONTENT", global = true)]
    otlp_content: bool,
}

impl Observed {
    /// Sets up the log, for what `AIZUCHI_LOG` asks (warnings and our own news, if nothing), as JSON where
    /// `AIZUCHI_LOG_FORMAT=json`; and the traces. What is returned has to be closed at the end.
    pub(super) fn begin(&self) -> anyhow::Result<Option<Otlp>> {
        let filter = EnvFilter::try_from_env("AIZUCHI_LOG").unwrap_or_else(|_| EnvFilter::new("warn,aizuchi=info"));
        // It logs answers that it cannot read, and they may repeat a customer's words.
        let filter = filter.add_directive("async_openai=off".parse()?);
        let json = std::env::var("AIZUCHI_LOG_FORMAT").is_ok_and(|format| format == "json");
        let log = tracing_subscriber::fmt::layer::<Registry>().with_writer(std::io::stderr);
        let log = if json { log.json().with_filter(filter).boxed() } else { log.with_filter(filter).boxed() };
        let endpoint = self.otlp_endpoint.as_deref().filter(|endpoint| !endpoint.trim().is_empty());
        let otlp = endpoint.map(wire::traces_to).transpose()?;
        telemetry::show_content(self.otlp_content);
        // A log that was already set up, as in tests, stays.
        let _ = tracing_subscriber::registry().with(log).with(otlp.as_ref().map(Otlp::layer)).try_init();
        Ok(otlp)
    }
}
