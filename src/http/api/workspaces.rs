//! `/v1/workspaces`: the desks in which the caller has a place.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    domain::Workspace,
    http::{caller::Caller, problem::Problem},
};

/// One brand's desk.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Workspace)]
pub struct WorkspaceBody {
    /// Its id.
    #[schema(example = "officelink")]
    id: String,
    /// The brand's name as people read it.
    #[schema(example = "ことり書房")]
    name: String,
}

/// The desks in which the caller has a place.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Workspaces)]
pub struct WorkspacesBody {
    /// By id.
    items: Vec<WorkspaceBody>,
}

impl From<Workspace> for WorkspaceBody {
    fn from(workspace: Workspace) -> Self {
        Self { id: workspace.id.to_string(), name: workspace.name }
    }
}

/// The workspaces in which you have a place.
#[utoipa::path(
    get, path = "/v1/workspaces", tag = "workspaces", operation_id = "list_workspaces",
    responses((status = 200, body = WorkspacesBody))
)]
pub async fn list(Caller(who): Caller, State(app): State<App>) -> Result<Json<WorkspacesBody>, Problem> {
    let items = app.workspaces(&who).await?.into_iter().map(WorkspaceBody::from).collect();
    Ok(Json(WorkspacesBody { items }))
}
