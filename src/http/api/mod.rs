//! The resources: one a file, its bodies beside it. Bodies are values of the wire; the types of `domain/` do not know
//! how they look here.

pub mod affected;
pub mod attempts;
pub mod audit;
pub mod checks;
pub mod documents;
pub mod drafts;
pub mod erasures;
pub mod events;
pub mod explanation;
pub mod export;
pub mod findings;
pub mod inquiries;
pub mod keys;
pub mod overlaps;
pub mod quality;
pub mod rechecks;
pub mod records;
pub mod replays;
pub mod replies;
pub mod retention;
pub mod revisions;
pub mod search;
pub mod suggestions;
mod texts;
pub mod words;
pub mod workspaces;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// Something was made, and can be read there, where there is a place to read it.
pub struct Created<T> {
    body: T,
    location: Option<String>,
}

impl<T> Created<T> {
    /// Made, with a place of its own.
    pub fn at(location: String, body: T) -> Self {
        Self { body, location: Some(location) }
    }

    /// Made; the answer is all there is to read.
    pub fn only(body: T) -> Self {
        Self { body, location: None }
    }
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let mut response = (StatusCode::CREATED, Json(self.body)).into_response();
        if let Some(Ok(location)) = self.location.map(|place| HeaderValue::from_str(&place)) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }
}
