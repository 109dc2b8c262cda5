//! `/v1/audit`: the append-only log, page by page, as the bytes that were hashed; its signed checkpoints; and what
//! shows one draft's events to be in it.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::texts;
use crate::{
    app::{App, Event},
    domain::{EVENT_TYPES, EventFilter, name},
    http::{
        caller::Caller,
        parsed::{Asked, At},
        problem::{Code, Problem},
    },
};

/// How many events or checkpoints a page has unless more are asked for.
const DEFAULT_LIMIT: usize = 100;

/// Which events, and which page of them; each condition narrows them down.
#[derive(Debug, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// Whose log.
    #[param(example = "officelink")]
    workspace: String,
    /// Of this type, `draft.suggested`, or of all types of a subject, `draft`.
    #[serde(rename = "type")]
    #[param(example = "draft")]
    of: Option<String>,
    /// By this principal: a key's id, or `local` or `system`.
    principal: Option<String>,
    /// That name the thing with this id: an inquiry, a draft, a passage, a revision, a reply, a finding.
    #[param(example = "drf_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    naming: Option<String>,
    /// Not before: RFC 3339, or a date.
    from: Option<String>,
    /// Before: RFC 3339, or a date.
    until: Option<String>,
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

/// Which checkpoints.
#[derive(Debug, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CheckpointsQuery {
    /// Of whose log.
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

/// A signed checkpoint.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Checkpoint)]
pub struct CheckpointBody {
    /// How many events it is over.
    size: u64,
    /// The signed note: origin, size and root as C2SP's tlog-checkpoint writes them, and an Ed25519 signature.
    note: String,
    /// When the last of those events was written.
    at: String,
}

/// A page of checkpoints.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Checkpoints)]
pub struct CheckpointsBody {
    /// The public key that signs them. Believe it only where it came another way too.
    key: String,
    /// In order.
    items: Vec<CheckpointBody>,
    /// The `cursor` of the next page; null at the end.
    next: Option<u64>,
}

/// Whose log.
#[derive(Debug, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProofQuery {
    /// In whose log the draft is.
    #[param(example = "officelink")]
    workspace: String,
}

/// One event, and what shows that it is in a signed log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InclusionProof)]
pub struct ProofBody {
    /// Its place in the log, from 1.
    sequence: u64,
    /// The event as canonical JSON: the very bytes that were hashed.
    content: String,
    /// The hashes from it to the root, the lowest first, hexadecimal (RFC 6962, section 2.1.1).
    path: Vec<String>,
    /// The signed checkpoint that holds the root.
    checkpoint: String,
}

/// The events of a draft, each with its proof.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InclusionProofs)]
pub struct ProofsBody {
    /// In order.
    items: Vec<ProofBody>,
}

impl From<Event> for EventBody {
    fn from(Event { sequence, content, previous, hash }: Event) -> Self {
        Self { sequence, content, previous, hash }
    }
}

/// The conditions on events as a query says them.
pub(super) struct Conditions<'a> {
    pub(super) of: Option<&'a str>,
    pub(super) principal: Option<&'a str>,
    pub(super) naming: Option<&'a str>,
    pub(super) from: Option<&'a str>,
    pub(super) until: Option<&'a str>,
}

impl Conditions<'_> {
    /// Reads them. A type or an id that nothing can have is refused: an empty page would say that nothing happened.
    pub(super) fn filter(&self) -> Result<EventFilter, Problem> {
        let refuse = |pointer: &str, detail: String| Problem::at(pointer, detail).with_code(Code::QueryInvalid);
        if self.of.is_some_and(|of| !EventFilter::is_known(of)) {
            return Err(refuse(
                "/type",
                format!("expected one of {}, or what stands before a dot", EVENT_TYPES.join(", ")),
            ));
        }
        if self.naming.is_some_and(|id| !looks_like_an_id(id)) {
            return Err(refuse("/naming", "expected an id like drf_0192f0c1-...".to_owned()));
        }
        let in_query = |problem: Problem| problem.with_code(Code::QueryInvalid);
        Ok(EventFilter {
            of: self.of.map(str::to_owned),
            principal: self.principal.map(str::to_owned),
            naming: self.naming.map(str::to_owned),
            from: texts::moment("/from", self.from).map_err(in_query)?,
            until: texts::moment("/until", self.until).map_err(in_query)?,
        })
    }
}

/// Three letters, `_`, and a UUID as ours are written.
fn looks_like_an_id(text: &str) -> bool {
    let Some((prefix, uuid)) = text.split_once('_') else { return false };
    let groups: Vec<&str> = uuid.split('-').collect();
    let is_hex = |group: &&str| group.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    prefix.len() == 3
        && prefix.bytes().all(|byte| byte.is_ascii_lowercase())
        && groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(is_hex)
}

/// Read the audit log of a workspace, oldest first, whole or narrowed down.
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
    let conditions = Conditions {
        of: query.of.as_deref(),
        principal: query.principal.as_deref(),
        naming: query.naming.as_deref(),
        from: query.from.as_deref(),
        until: query.until.as_deref(),
    };
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    // One more than asked for tells whether there is a next page.
    let after = query.cursor.unwrap_or(0);
    let mut events = app.events(&who, &workspace, &conditions.filter()?, after, limit + 1).await?;
    let more = events.len() > limit;
    events.truncate(limit);
    let next = events.last().filter(|_| more).map(|event| event.sequence);
    Ok(Json(EventsBody { items: events.into_iter().map(EventBody::from).collect(), next }))
}

/// List the signed checkpoints of a log, to be kept where its keeper does not reach.
#[utoipa::path(
    get, path = "/v1/audit/checkpoints", tag = "audit", operation_id = "list_checkpoints", params(CheckpointsQuery),
    responses((status = 200, body = CheckpointsBody))
)]
pub async fn checkpoints(
    Caller(who): Caller,
    State(app): State<App>,
    Asked(query): Asked<CheckpointsQuery>,
) -> Result<Json<CheckpointsBody>, Problem> {
    let workspace = texts::workspace(&query.workspace)?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let mut signed = app.checkpoints(&who, &workspace, query.cursor.unwrap_or(0), limit + 1).await?;
    let more = signed.len() > limit;
    signed.truncate(limit);
    let next = signed.last().filter(|_| more).map(|signed| signed.size);
    let items = signed.into_iter().map(|signed| CheckpointBody {
        size: signed.size,
        note: signed.note,
        at: signed.at.to_string(),
    });
    Ok(Json(CheckpointsBody { key: app.audit_key(), items: items.collect(), next }))
}

/// Prove that a draft's events are in the signed log, without showing another.
///
/// The answer can be given to whoever was told what the draft says: `aizuchi audit verify-proof`, or any reader of
/// C2SP checkpoints, checks it with the public key alone.
#[utoipa::path(
    get, path = "/v1/audit/drafts/{id}/proof", tag = "audit", operation_id = "prove_draft",
    params(("id" = String, Path, description = "`drf_...`"), ProofQuery),
    responses((status = 200, body = ProofsBody))
)]
pub async fn proof(
    Caller(who): Caller,
    State(app): State<App>,
    At(id): At<name::Draft>,
    Asked(query): Asked<ProofQuery>,
) -> Result<Json<ProofsBody>, Problem> {
    let workspace = texts::workspace(&query.workspace)?;
    let items = app.prove(&who, &workspace, &id).await?.into_iter().map(|proof| ProofBody {
        sequence: proof.sequence,
        content: proof.content,
        path: proof.path,
        checkpoint: proof.checkpoint,
    });
    Ok(Json(ProofsBody { items: items.collect() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_any_kind_is_one_and_a_pattern_is_none() {
        assert!(looks_like_an_id("drf_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10"));
        for text in
            ["", "drf_", "drf_%", "0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10", "drf_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a1%"]
        {
            assert!(!looks_like_an_id(text), "{text}");
        }
    }
}
