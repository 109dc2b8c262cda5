//! Reads who works here.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::{Account, Id, Login, Person, WorkspaceId, name};

/// Reads people.
#[async_trait]
pub trait People: Send + Sync {
    /// The person with this id.
    async fn person(&self, id: &Id<name::Person>) -> Result<Option<Person>, StoreError>;
    /// The person who signs in with this name.
    async fn person_called(&self, login: &Login) -> Result<Option<Person>, StoreError>;
    /// The person who signs in by this account.
    async fn person_with(&self, account: &Account) -> Result<Option<Person>, StoreError>;
    /// Those who have a place in a workspace, by their names.
    async fn people(&self, workspace: &WorkspaceId) -> Result<Vec<Person>, StoreError>;
    /// What everybody is called who ever worked here, by id: also of those who are gone.
    async fn all_names(&self) -> Result<Vec<(String, String)>, StoreError>;
    /// Whether anybody ever worked here.
    async fn ever_had_people(&self) -> Result<bool, StoreError>;
}
