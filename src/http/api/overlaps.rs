//! `/v1/overlaps`: documents that say the same, or contradict each other.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    checks::SpanBody,
    texts,
    words::{Audience, Kind, Measure, OverlapKind},
};
use crate::{
    app::App,
    domain::{Difference, Overlap, Side},
    http::{caller::Caller, parsed::Asked, problem::Problem},
};

/// Whose documents.
#[derive(Debug, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OverlapsQuery {
    /// Whose documents.
    #[param(example = "officelink")]
    workspace: String,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Overlaps)]
pub struct OverlapsBody {
    /// Contradictions first, then by key.
    items: Vec<OverlapBody>,
}

/// Two documents that speak of one matter.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Overlap)]
pub struct OverlapBody {
    /// Whether they contradict each other or say the same.
    kind: OverlapKind,
    /// The two documents, each with the sentence that is meant.
    sides: [SideBody; 2],
    /// In what they differ; empty for a duplicate.
    differences: Vec<DifferenceBody>,
}

/// One of the two documents.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Side)]
pub struct SideBody {
    /// The source's own id of the document.
    key: String,
    /// The revision that is held true now, `rev_...`.
    revision: String,
    /// What kind of document.
    kind: Kind,
    /// Who may read it.
    audience: Audience,
    /// The question, or the page's title.
    title: String,
    /// Where the sentence stands in the revision's text.
    span: SpanBody,
    /// Its words.
    #[schema(example = "返品の送料は、1箱880円です。")]
    quote: String,
}

/// One thing that the two sentences tell differently.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Difference)]
pub struct DifferenceBody {
    /// What differs.
    measure: Measure,
    /// The words of each side, in the order of `sides`.
    #[schema(example = json!(["880円", "770円"]))]
    words: [String; 2],
}

impl From<Overlap> for OverlapBody {
    fn from(overlap: Overlap) -> Self {
        Self {
            kind: overlap.kind().into(),
            sides: overlap.sides.map(SideBody::from),
            differences: overlap.differences.into_iter().map(DifferenceBody::from).collect(),
        }
    }
}

impl From<Side> for SideBody {
    fn from(side: Side) -> Self {
        Self {
            key: side.key,
            revision: side.revision.to_string(),
            kind: side.kind.into(),
            audience: side.audience.into(),
            title: side.title,
            span: side.span.into(),
            quote: side.quote,
        }
    }
}

impl From<Difference> for DifferenceBody {
    fn from(difference: Difference) -> Self {
        Self { measure: difference.measure.into(), words: difference.words }
    }
}

/// Documents that contradict each other or say the same: what holds today, public and internal.
#[utoipa::path(
    get, path = "/v1/overlaps", tag = "knowledge", operation_id = "read_overlaps", params(OverlapsQuery),
    responses((status = 200, body = OverlapsBody))
)]
pub async fn read(
    Caller(who): Caller,
    State(app): State<App>,
    Asked(query): Asked<OverlapsQuery>,
) -> Result<Json<OverlapsBody>, Problem> {
    let workspace = texts::workspace(&query.workspace)?;
    let items = app.overlaps(&who, &workspace).await?.into_iter().map(OverlapBody::from);
    Ok(Json(OverlapsBody { items: items.collect() }))
}
