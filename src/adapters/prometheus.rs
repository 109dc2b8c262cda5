//! The numbers of this process as Prometheus reads them.

use std::sync::OnceLock;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::{ports::Meters, telemetry};

/// Bounds of the histograms in seconds: from a cheap stage to a model's deadline.
const BOUNDS: [f64; 14] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0, 20.0, 45.0];

/// One for the process: numbers are counted by name, wherever they arise.
static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Where the numbers can be read.
pub struct Prometheus;

impl Prometheus {
    /// Begins to count, where that did not begin before.
    pub fn counting() -> Self {
        HANDLE.get_or_init(|| {
            let builder = PrometheusBuilder::new().set_buckets(&BOUNDS).ok()?;
            // Somebody else's recorder, as in an embedding process, keeps counting.
            let handle = builder.install_recorder().ok()?;
            telemetry::describe();
            Some(handle)
        });
        Self
    }
}

impl Meters for Prometheus {
    fn render(&self) -> String {
        HANDLE.get().and_then(Option::as_ref).map(PrometheusHandle::render).unwrap_or_default()
    }

    fn tidy(&self) {
        if let Some(handle) = HANDLE.get().and_then(Option::as_ref) {
            handle.run_upkeep();
        }
    }
}
