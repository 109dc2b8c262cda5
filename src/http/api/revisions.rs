//! `/v1/revisions`: the text that a citation points into, as it was and stays.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    checks::SpanBody,
    words::{AppliesBy, Audience, Kind},
};
use crate::{
    app::App,
    domain::{Passage, Revision, name},
    http::{caller::Caller, parsed::At, problem::Problem},
};

/// One text of a document; never changed, only ended.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Revision)]
pub struct RevisionBody {
    /// Its id.
    #[schema(example = "rev_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    id: String,
    /// The source's own id of the document.
    key: String,
    /// What kind of document.
    kind: Kind,
    /// The question, the page's title, or what a past reply was about.
    title: String,
    /// Where customers can read it.
    url: Option<String>,
    /// Who may read the text.
    audience: Audience,
    /// First day on which the rule holds.
    valid_from: Option<String>,
    /// Last day.
    valid_until: Option<String>,
    /// Which day decides.
    applies_by: AppliesBy,
    /// The words.
    text: String,
    /// Internal, never quoted.
    note: Option<String>,
    /// What was cut from the text.
    passages: Vec<PassageBody>,
    /// Since when we knew it.
    recorded_from: String,
    /// Until when we held it true; null while we do.
    recorded_until: Option<String>,
}

/// The unit that is indexed and cited.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Passage)]
pub struct PassageBody {
    /// Its id.
    id: String,
    /// Where it stands in the revision's text. A citation's `quote_span` counts from its start.
    span: SpanBody,
    /// The heading it stands under.
    heading: Option<String>,
}

impl From<Revision> for RevisionBody {
    fn from(revision: Revision) -> Self {
        let content = revision.content;
        Self {
            id: revision.id.to_string(),
            key: content.key,
            kind: content.kind.into(),
            title: content.title,
            url: content.url,
            audience: content.audience.into(),
            valid_from: content.validity.from.map(|day| day.to_string()),
            valid_until: content.validity.until.map(|day| day.to_string()),
            applies_by: content.validity.by.into(),
            text: content.body,
            note: content.note,
            passages: revision.passages.into_iter().map(PassageBody::from).collect(),
            recorded_from: revision.recorded_from.to_string(),
            recorded_until: revision.recorded_until.map(|moment| moment.to_string()),
        }
    }
}

impl From<Passage> for PassageBody {
    fn from(passage: Passage) -> Self {
        Self { id: passage.id.to_string(), span: passage.span.into(), heading: passage.heading }
    }
}

/// A revision, ended or not, so that a citation can be read in its place years later.
#[utoipa::path(
    get, path = "/v1/revisions/{id}", tag = "knowledge", operation_id = "read_revision",
    params(("id" = String, Path, description = "`rev_...`")),
    responses((status = 200, body = RevisionBody))
)]
pub async fn read(
    Caller(who): Caller,
    State(app): State<App>,
    At(id): At<name::Revision>,
) -> Result<Json<RevisionBody>, Problem> {
    Ok(Json(app.revision(&who, &id).await?.into()))
}
