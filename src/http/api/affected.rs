//! `/v1/revisions/{id}/replies` and `/correction`: who was told by words that have changed, and how long it took to set right.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    checks::SpanBody,
    documents::{DocumentsBody, WorkspaceQuery},
    texts,
    words::{Channel, Verdict},
};
use crate::{
    app::{AffectedPage, App, AppError},
    domain::{Affected, AffectedClaim, Correction, Id, WishError, name},
    http::{
        caller::Caller,
        parsed::{Asked, At, Keyed},
        problem::{Code, Problem},
    },
};

/// How many replies a page has unless more are asked for.
const DEFAULT_LIMIT: usize = 100;

/// Which page.
#[derive(Debug, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AffectedQuery {
    /// `next` of the page before; the first page without.
    #[param(example = "rpl_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    cursor: Option<String>,
    /// At most so many; 100 if not said.
    #[param(minimum = 1, maximum = 1_000)]
    #[schema(minimum = 1, maximum = 1_000)]
    limit: Option<usize>,
}

/// Replies that stand on a revision.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AffectedReplies)]
pub struct AffectedRepliesBody {
    /// The revisions of the document that hold in its place now; empty where it was retired.
    successors: Vec<String>,
    /// In the order of their ids.
    items: Vec<AffectedBody>,
    /// The `cursor` of the next page; null at the end.
    next: Option<String>,
}

/// A sent reply with claims that stand on the revision.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AffectedReply)]
pub struct AffectedBody {
    /// The reply.
    #[schema(example = "rpl_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    reply: String,
    /// What it answered.
    inquiry: Option<String>,
    /// How it went.
    channel: Channel,
    /// When it was sent.
    sent_at: String,
    /// The claims that stand on the revision.
    claims: Vec<AffectedClaimBody>,
    /// When the same customer was told by what holds now; null where that has not happened.
    corrected_at: Option<String>,
}

/// A claim, compared with the document as it is now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AffectedClaim)]
pub struct AffectedClaimBody {
    /// Where it stands in the reply.
    span: SpanBody,
    /// Its words.
    text: String,
    /// The words that it stood on.
    then: String,
    /// What the document says of it now: `supported`, `contradicted`, or `unsupported` where it says nothing any more.
    verdict: Verdict,
    /// The words of the document now, where it speaks of it.
    now: Option<String>,
}

/// What the change of a revision came to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Correction)]
pub struct CorrectionBody {
    /// When the revision was no longer held true; null while it is.
    changed_at: Option<String>,
    /// How many sent replies stand on it.
    relied: usize,
    /// How many of them have a claim that the document contradicts now.
    contradicted: usize,
    /// How many more have a claim of which it says nothing any more.
    unsupported: usize,
    /// How many of those that are contradicted were set right: the conversation was told by what holds now.
    corrected: usize,
    /// How many were not, so far.
    open: usize,
    /// 訂正リードタイム: from the change to the correction, in milliseconds; null where nothing was set right.
    lead_time_ms: Option<LeadTimeBody>,
}

/// Lead times of the corrections that were made, in milliseconds (nearest rank).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LeadTime)]
pub struct LeadTimeBody {
    /// Half of them took no longer.
    p50: u64,
    /// Nine of ten.
    p90: u64,
    /// The longest.
    max: u64,
}

impl From<AffectedPage> for AffectedRepliesBody {
    fn from(page: AffectedPage) -> Self {
        Self {
            successors: page.successors.iter().map(ToString::to_string).collect(),
            items: page.items.into_iter().map(AffectedBody::from).collect(),
            next: page.next.map(|reply| reply.to_string()),
        }
    }
}

impl From<Affected> for AffectedBody {
    fn from(affected: Affected) -> Self {
        Self {
            reply: affected.reply.to_string(),
            inquiry: affected.inquiry.map(|inquiry| inquiry.to_string()),
            channel: affected.channel.into(),
            sent_at: affected.sent_at.to_string(),
            claims: affected.claims.into_iter().map(AffectedClaimBody::from).collect(),
            corrected_at: affected.corrected_at.map(|at| at.to_string()),
        }
    }
}

impl From<AffectedClaim> for AffectedClaimBody {
    fn from(AffectedClaim { span, text, then, verdict, now }: AffectedClaim) -> Self {
        Self { span: span.into(), text, then, verdict: verdict.into(), now }
    }
}

impl From<&Correction> for CorrectionBody {
    fn from(sum: &Correction) -> Self {
        let times = sum.lead_time(50).zip(sum.lead_time(90)).zip(sum.lead_time(100));
        Self {
            changed_at: sum.changed_at.map(|at| at.to_string()),
            relied: sum.relied,
            contradicted: sum.contradicted,
            unsupported: sum.unsupported,
            corrected: sum.lead_times.len(),
            open: sum.open(),
            lead_time_ms: times.map(|((p50, p90), max)| LeadTimeBody { p50, p90, max }),
        }
    }
}

/// List the sent replies that stand on a revision, each claim compared with the document as it is now.
#[utoipa::path(
    get, path = "/v1/revisions/{id}/replies", tag = "knowledge", operation_id = "list_affected_replies",
    params(("id" = String, Path, description = "`rev_...`"), AffectedQuery),
    responses((status = 200, body = AffectedRepliesBody))
)]
pub async fn replies(
    Caller(who): Caller,
    State(app): State<App>,
    At(id): At<name::Revision>,
    Asked(query): Asked<AffectedQuery>,
) -> Result<Json<AffectedRepliesBody>, Problem> {
    let cursor = query.cursor.as_deref().map(Id::<name::Reply>::parse).transpose();
    let cursor = cursor.map_err(|error| Problem::at("/cursor", error.to_string()).with_code(Code::QueryInvalid))?;
    let page = app.affected(&who, &id, cursor.as_ref(), query.limit.unwrap_or(DEFAULT_LIMIT)).await?;
    Ok(Json(page.into()))
}

/// Sum up what the change of a revision came to, with the lead time of its corrections.
#[utoipa::path(
    get, path = "/v1/revisions/{id}/correction", tag = "knowledge", operation_id = "read_correction",
    params(("id" = String, Path, description = "`rev_...`")),
    responses((status = 200, body = CorrectionBody))
)]
pub async fn correction(
    Caller(who): Caller,
    State(app): State<App>,
    At(id): At<name::Revision>,
) -> Result<Json<CorrectionBody>, Problem> {
    let sum = app.correction(&who, &id, |_| {}).await?;
    Ok(Json(CorrectionBody::from(&sum)))
}

/// List the revisions of a document, the newest first, those among them that are no longer held true.
#[utoipa::path(
    get, path = "/v1/documents/{key}/revisions", tag = "knowledge", operation_id = "list_revisions",
    params(("key" = String, Path, description = "The document's key"), WorkspaceQuery),
    responses((status = 200, body = DocumentsBody))
)]
pub async fn history(
    Caller(who): Caller,
    State(app): State<App>,
    Keyed(key): Keyed,
    Asked(query): Asked<WorkspaceQuery>,
) -> Result<Json<DocumentsBody>, Problem> {
    let all = app.history(&who, &texts::workspace(&query.workspace)?, &key).await?;
    if all.is_empty() {
        return Err(AppError::from(WishError::Missing).into());
    }
    Ok(Json(DocumentsBody::from(all)))
}
