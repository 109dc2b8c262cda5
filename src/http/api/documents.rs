//! `/v1/documents` and `/v1/proposals`: what the shop knows, written by hand.
//!
//! Who keeps the knowledge changes a document at once; what everybody else who may propose writes waits for approval.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    revisions::RevisionBody,
    texts,
    words::{AppliesBy, Audience, DocumentKind, WishKind},
};
use crate::{
    app::{App, AppError, Fulfilled, document},
    domain::{self, Kind, NewRevision, Proposal, Revision, Wish, WishError, name},
    http::{
        caller::Caller,
        parsed::{Asked, At, Keyed, Parsed},
        problem::Problem,
    },
};

/// Which workspace.
#[derive(Debug, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WorkspaceQuery {
    /// Whose documents.
    #[param(example = "officelink")]
    pub(super) workspace: String,
}

/// A document as somebody writes it. The rules are those of an entry of a knowledge file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewDocument, example = json!({
    "workspace": "officelink", "key": "faq-gift-wrap", "kind": "faq",
    "title": "ギフト包装はできますか。", "answer": "ギフト包装は、1点330円で承ります。"
}))]
pub struct NewDocumentBody {
    /// The workspace it belongs to.
    workspace: String,
    /// Your own id for it, unique in the workspace; two rules for different days share it.
    #[schema(min_length = 1, max_length = 300)]
    key: String,
    /// `faq` or `policy`.
    kind: DocumentKind,
    /// The question or the page's title.
    #[schema(min_length = 1, max_length = 300)]
    title: String,
    /// Words that a customer may read.
    #[schema(min_length = 1, max_length = 20_000)]
    answer: String,
    /// Internal, never quoted.
    note: Option<String>,
    /// Where customers can read it.
    url: Option<String>,
    /// Who may read the answer; `public` unless said.
    audience: Option<Audience>,
    /// First day on which the rule holds.
    #[schema(example = "2026-10-01")]
    valid_from: Option<String>,
    /// Last day.
    valid_until: Option<String>,
    /// Which day decides: `now` unless said.
    applies_by: Option<AppliesBy>,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Fulfilled)]
pub struct FulfilledBody {
    /// `done`, or `waiting` for approval.
    #[schema(value_type = String, example = "done")]
    state: &'static str,
    /// The text as it is recorded; null when a document was retired, or while it waits.
    revision: Option<RevisionBody>,
    /// What waits for approval; null when it is done.
    proposal: Option<ProposalBody>,
}

/// A change of documents that waits.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Proposal)]
pub struct ProposalBody {
    /// Its id.
    #[schema(example = "prp_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    id: String,
    /// What is wanted.
    wish: WishKind,
    /// The document's key.
    key: String,
    /// The title that is wanted; null to retire.
    title: Option<String>,
    /// The words that are wanted; null to retire.
    answer: Option<String>,
    /// Whose wish it is.
    by: String,
    /// Since when.
    at: String,
}

/// The documents of a workspace.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Documents)]
pub struct DocumentsBody {
    /// What is held true, in the order of the keys.
    items: Vec<RevisionBody>,
}

/// The proposals of a workspace.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Proposals)]
pub struct ProposalsBody {
    /// Those that wait, the oldest first.
    items: Vec<ProposalBody>,
}

/// A yes or no.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProposalDecision, example = json!({"approve": true}))]
pub struct ProposalDecisionBody {
    /// Whether the documents are to say it from now on.
    approve: bool,
    /// Why.
    reason: Option<String>,
}

impl NewDocumentBody {
    fn content(&self) -> Result<NewRevision, Problem> {
        let kind = Kind::from(self.kind);
        let audience = self.audience.map(|word| domain::Audience::from(word).as_str());
        let by = self.applies_by.map(|word| domain::AppliesBy::from(word).as_str());
        let fields = [
            ("key", Some(self.key.as_str())),
            ("title", Some(self.title.as_str())),
            ("answer", Some(self.answer.as_str())),
            ("note", self.note.as_deref()),
            ("url", self.url.as_deref()),
            ("audience", audience),
            ("valid_from", self.valid_from.as_deref()),
            ("valid_until", self.valid_until.as_deref()),
            ("applies_by", by),
        ];
        let given: Vec<(&str, &str)> = fields.into_iter().filter_map(|(name, text)| Some((name, text?))).collect();
        document(kind, &given).map_err(|(field, reason)| Problem::at(format!("/{field}"), reason))
    }
}

impl From<&Proposal> for ProposalBody {
    fn from(proposal: &Proposal) -> Self {
        let content = proposal.wish.content();
        Self {
            id: proposal.id.to_string(),
            wish: WishKind::of(&proposal.wish),
            key: proposal.wish.key().to_owned(),
            title: content.map(|content| content.title.clone()),
            answer: content.map(|content| content.body.clone()),
            by: proposal.by.clone(),
            at: proposal.at.to_string(),
        }
    }
}

impl FulfilledBody {
    fn respond(fulfilled: Fulfilled, done: StatusCode) -> Response {
        match fulfilled {
            Fulfilled::Done(revision) => {
                let revision = revision.map(|revision| RevisionBody::from(*revision));
                (done, Json(Self { state: "done", revision, proposal: None })).into_response()
            }
            Fulfilled::Waiting(proposal) => {
                let proposal = Some(ProposalBody::from(&*proposal));
                (StatusCode::ACCEPTED, Json(Self { state: "waiting", revision: None, proposal })).into_response()
            }
        }
    }
}

impl From<Vec<Revision>> for DocumentsBody {
    fn from(revisions: Vec<Revision>) -> Self {
        Self { items: revisions.into_iter().map(RevisionBody::from).collect() }
    }
}

/// What the shop knows: FAQs, policies, clauses of the guide, past replies.
#[utoipa::path(
    get, path = "/v1/documents", tag = "knowledge", operation_id = "list_documents", params(WorkspaceQuery),
    responses((status = 200, body = DocumentsBody))
)]
pub async fn list(
    Caller(who): Caller,
    State(app): State<App>,
    Asked(query): Asked<WorkspaceQuery>,
) -> Result<Json<DocumentsBody>, Problem> {
    let held = app.documents(&who, &texts::workspace(&query.workspace)?, None).await?;
    Ok(Json(DocumentsBody::from(held)))
}

/// The revisions of one document that are held true: several where its rules hold on different days.
#[utoipa::path(
    get, path = "/v1/documents/{key}", tag = "knowledge", operation_id = "read_document",
    params(("key" = String, Path, description = "The document's key"), WorkspaceQuery),
    responses((status = 200, body = DocumentsBody))
)]
pub async fn read(
    Caller(who): Caller,
    State(app): State<App>,
    Keyed(key): Keyed,
    Asked(query): Asked<WorkspaceQuery>,
) -> Result<Json<DocumentsBody>, Problem> {
    let held = app.documents(&who, &texts::workspace(&query.workspace)?, Some(&key)).await?;
    if held.is_empty() {
        return Err(AppError::from(WishError::Missing).into());
    }
    Ok(Json(DocumentsBody::from(held)))
}

/// Write a document that is not there yet. 202 when it waits for approval.
#[utoipa::path(
    post, path = "/v1/documents", tag = "knowledge", operation_id = "create_document", request_body = NewDocumentBody,
    responses(
        (status = 201, description = "It is so now, and the next search finds it", body = FulfilledBody),
        (status = 202, description = "It waits for approval", body = FulfilledBody)
    )
)]
pub async fn create(
    Caller(who): Caller,
    State(app): State<App>,
    Parsed { body, once }: Parsed<NewDocumentBody>,
) -> Result<Response, Problem> {
    let (workspace, wish) = (texts::workspace(&body.workspace)?, Wish::Create(body.content()?));
    Ok(FulfilledBody::respond(app.wish(&who, &workspace, wish, once.as_ref()).await?, StatusCode::CREATED))
}

/// Give a document other words. The old ones stay readable under their revision.
#[utoipa::path(
    put, path = "/v1/documents/{key}", tag = "knowledge", operation_id = "replace_document",
    params(("key" = String, Path, description = "The document's key")), request_body = NewDocumentBody,
    responses(
        (status = 200, description = "It is so now, and the next search finds it", body = FulfilledBody),
        (status = 202, description = "It waits for approval", body = FulfilledBody)
    )
)]
pub async fn replace(
    Caller(who): Caller,
    State(app): State<App>,
    Keyed(key): Keyed,
    Parsed { body, .. }: Parsed<NewDocumentBody>,
) -> Result<Response, Problem> {
    if body.key != key {
        return Err(Problem::at("/key", "expected the key of the path: a document keeps its key"));
    }
    let (workspace, wish) = (texts::workspace(&body.workspace)?, Wish::Replace(body.content()?));
    Ok(FulfilledBody::respond(app.wish(&who, &workspace, wish, None).await?, StatusCode::OK))
}

/// Retire a document that is no longer true. A file that says the same still does not bring it back.
#[utoipa::path(
    delete, path = "/v1/documents/{key}", tag = "knowledge", operation_id = "retire_document",
    params(("key" = String, Path, description = "The document's key"), WorkspaceQuery),
    responses(
        (status = 200, description = "It is never found again", body = FulfilledBody),
        (status = 202, description = "It waits for approval", body = FulfilledBody)
    )
)]
pub async fn retire(
    Caller(who): Caller,
    State(app): State<App>,
    Keyed(key): Keyed,
    Asked(query): Asked<WorkspaceQuery>,
) -> Result<Response, Problem> {
    let workspace = texts::workspace(&query.workspace)?;
    Ok(FulfilledBody::respond(app.wish(&who, &workspace, Wish::Retire(key), None).await?, StatusCode::OK))
}

/// What waits for approval.
#[utoipa::path(
    get, path = "/v1/proposals", tag = "knowledge", operation_id = "list_proposals", params(WorkspaceQuery),
    responses((status = 200, body = ProposalsBody))
)]
pub async fn proposals(
    Caller(who): Caller,
    State(app): State<App>,
    Asked(query): Asked<WorkspaceQuery>,
) -> Result<Json<ProposalsBody>, Problem> {
    let waiting = app.proposals(&who, &texts::workspace(&query.workspace)?).await?;
    Ok(Json(ProposalsBody { items: waiting.iter().map(ProposalBody::from).collect() }))
}

/// Approve a proposal, as the documents are now, or refuse it.
#[utoipa::path(
    post, path = "/v1/proposals/{id}/decision", tag = "knowledge", operation_id = "decide_proposal",
    params(("id" = String, Path, description = "`prp_...`")), request_body = ProposalDecisionBody,
    responses((status = 201, description = "It is decided; what follows from a yes is searched", body = FulfilledBody))
)]
pub async fn decide(
    Caller(who): Caller,
    State(app): State<App>,
    At(id): At<name::Proposal>,
    Parsed { body, once }: Parsed<ProposalDecisionBody>,
) -> Result<Response, Problem> {
    let reason = texts::note("/reason", body.reason)?;
    let decided = app.decide_proposal(&who, &id, body.approve, reason, once.as_ref()).await?;
    Ok(FulfilledBody::respond(decided, StatusCode::CREATED))
}
