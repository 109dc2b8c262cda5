//! How those are called who act here.

use std::collections::HashMap;

use super::{App, AppError};
use crate::domain::WorkspaceId;

/// What principals are called.
#[derive(Debug, Clone, Default)]
pub struct Names(HashMap<String, String>);

impl Names {
    /// Their name; of somebody who is gone, or who needs none, the id.
    pub fn of<'a>(&'a self, principal: &'a str) -> &'a str {
        self.0.get(principal).map_or(principal, String::as_str)
    }
}

impl App {
    /// What those are called who act in a workspace.
    pub async fn names(&self, workspace: &WorkspaceId) -> Result<Names, AppError> {
        let keys = self.world.doors.keys(workspace).await?;
        let named = keys.into_iter().filter(|key| !key.label.is_empty());
        Ok(Names(named.map(|key| (key.id.to_string(), key.label)).collect()))
    }
}
