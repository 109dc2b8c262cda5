//! Spans to an OpenTelemetry collector, by OTLP over HTTP.

use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::{
    Resource, runtime,
    trace::{SdkTracerProvider, span_processor_with_async_runtime::BatchSpanProcessor},
};
use tracing::{Level, Subscriber};
use tracing_subscriber::{
    Layer,
    filter::{FilterFn, filter_fn},
    registry::LookupSpan,
};

/// A collector that does not answer in this time has lost what it was sent.
const PATIENCE: Duration = Duration::from_secs(5);

/// Sends spans until it is closed.
pub struct Otlp(SdkTracerProvider);

/// Why nothing can be sent.
#[derive(Debug, thiserror::Error)]
#[error("traces cannot be sent to {endpoint}: {cause}")]
pub struct OtlpError {
    endpoint: String,
    cause: String,
}

impl Otlp {
    /// To a collector's base address, e.g. `http://127.0.0.1:4318`. Needs a runtime; connects when there is something
    /// to send.
    pub fn sending(endpoint: &str) -> Result<Self, OtlpError> {
        let wrong = |cause: String| OtlpError { endpoint: endpoint.to_owned(), cause };
        let http = super::http().timeout(PATIENCE).build().map_err(|error| wrong(error.to_string()))?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(http)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
            .with_timeout(PATIENCE)
            .build()
            .map_err(|error| wrong(error.to_string()))?;
        let batches = BatchSpanProcessor::builder(exporter, runtime::Tokio).build();
        let resource = Resource::builder().with_service_name("aizuchi").build();
        Ok(Self(SdkTracerProvider::builder().with_span_processor(batches).with_resource(resource).build()))
    }

    /// The layer that turns our spans into theirs: those of this crate and no other.
    pub fn layer<S: Subscriber + for<'a> LookupSpan<'a>>(&self) -> impl Layer<S> + use<S> {
        let ours: FilterFn = filter_fn(|about| {
            about.is_span() && about.target().starts_with("aizuchi") && *about.level() <= Level::DEBUG
        });
        tracing_opentelemetry::layer().with_tracer(self.0.tracer("aizuchi")).with_filter(ours)
    }

    /// Sends what is left.
    pub async fn close(self) {
        // It waits for the runtime's own tasks, and so must not hold one of its threads.
        let closed = tokio::task::spawn_blocking(move || self.0.shutdown()).await;
        if !matches!(closed, Ok(Ok(()))) {
            tracing::warn!("the last traces could not be sent");
        }
    }
}
