//! The audit: finding what happened, reading the whole record of a draft, and knowing whether the log is what was written.

mod record;
mod remains;
mod replay;
mod standing;
mod start;
pub mod steps;
mod taking;
mod verify;
pub mod words;

use axum::{Router, routing::get};

use crate::http::Face;

/// The log, a draft's record, and what can be taken out of the house.
pub fn routes() -> Router<Face> {
    Router::new()
        .route("/w/{workspace}/audit", get(start::list))
        .route("/w/{workspace}/audit/verify", get(verify::check))
        .route("/w/{workspace}/audit/export", get(taking::export))
        .route("/w/{workspace}/audit/drafts/{id}", get(record::read))
        .route("/w/{workspace}/audit/drafts/{id}/proof", get(taking::proof))
}
