//! `/v1/audit`: the append-only log, page by page, as the bytes that were hashed.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::texts;
use crate::{
    app::App,
    http::{caller::Caller, parsed::Asked, problem::Problem},
};

/// How many events a page has unless more are asked for.
const DEFAULT_LIMIT: usize = 100;

/// Which page.
#[derive(Debug, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// Whose log.
    #[param(example = "officelink")]
    workspace: String,
    /// `next` of the page before; the first page without.
    #[param(minimum = 0)]
    cursor: Option<u64>,
    /// At most so many; 100 if not said.
    #[param(minimum = 1, maximum = 1_000)]
    #[schema(minimum = 1, maximum = 1_000)]
    limit: Option<usize>,
}

/// One line of the log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Event)]
pub struct EventBody {
    /// Its place, from 1, without gaps.
    sequence: u64,
    /// The event as canonical JSON: the very bytes that were hashed.
    content: String,
    /// The hash of the event before it, hexadecimal; 64 zeros for the first.
    previous: String,
    /// SHA-256 over sequence, previous hash and content, hexadecimal.
    hash: String,
}

/// A page of the log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Events)]
pub struct EventsBody {
    /// In order.
    items: Vec<EventBody>,
    /// The `cursor` of the next page; null at the end.
    next: Option<u64>,
}

/// Read the audit log of a workspace, oldest first.
#[utoipa::path(
    get, path = "/v1/audit/events", tag = "audit", operation_id = "list_events", params(EventsQuery),
    responses((status = 200, body = EventsBody))
)]
pub async fn events(
    Caller(who): Caller,
    State(app): State<App>,
    Asked(query): Asked<EventsQuery>,
) -> Result<Json<EventsBody>, Problem> {
    let workspace = texts::workspace(&query.workspace)?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    // One more than asked for tells whether there is a next page.
    let mut events = app.events(&who, &workspace, query.cursor.unwrap_or(0), limit + 1).await?;
    let more = events.len() > limit;
    events.truncate(limit);
    let next = events.last().filter(|_| more).map(|event| event.sequence);
    let items = events.into_iter().map(|event| EventBody {
        sequence: event.sequence,
        content: event.content,
        previous: event.previous,
        hash: event.hash,
    });
    Ok(Json(EventsBody { items: items.collect(), next }))
}
