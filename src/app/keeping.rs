//! What keeps a workspace going: opening it, taking in its knowledge, its keys.

use super::{App, AppError};
use crate::{
    domain::{Id, Key, Principal, Role, What, Workspace, WorkspaceId, name},
    identity::{Act, Secret},
    knowledge::{Report, Source},
    pipeline::{ingest, level},
    ports::{Conflict, StoreError},
};

/// A key that was just made; its secret is never shown again.
#[derive(Debug)]
pub struct NewKey {
    /// The key as it is stored.
    pub key: Key,
    /// What its holder sends.
    pub secret: Secret,
}

impl App {
    /// Makes sure that a workspace exists; its name is that of the first call.
    pub async fn open(&self, who: &Principal, workspace: Workspace) -> Result<(), AppError> {
        self.permit(who, &workspace.id, Act::Administer)?;
        if self.world.doors.workspaces().await?.iter().any(|known| known.id == workspace.id) {
            return Ok(());
        }
        let id = workspace.id.clone();
        self.record(who, &id, What::WorkspaceOpened(workspace)).await
    }

    /// Takes in the files of a workspace: what is new, what changed, what is gone. Searchable on return.
    pub async fn ingest(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        source: &Source<'_>,
    ) -> Result<Report, AppError> {
        self.permit(who, workspace, Act::KeepKnowledge)?;
        let intake = ingest::intake(&self.world, workspace, source).await?;
        if !intake.change.is_empty() {
            self.record(who, workspace, What::KnowledgeChanged(intake.change)).await?;
        }
        level::level(&self.world, workspace).await?;
        self.desk(workspace).await?;
        Ok(intake.report)
    }

    /// Makes a key for a role in a workspace.
    pub async fn create_key(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        role: Role,
        label: &str,
    ) -> Result<NewKey, AppError> {
        self.permit(who, workspace, Act::Administer)?;
        let secret = Secret::from_random(self.world.ids.secret().map_err(AppError::NoRandomness)?);
        let key = Key {
            id: self.world.id(),
            workspace: workspace.clone(),
            role,
            label: label.to_owned(),
            secret_hash: secret.hash(),
        };
        self.record(who, workspace, What::KeyCreated(key.clone())).await?;
        Ok(NewKey { key, secret })
    }

    /// Ends a key at once.
    pub async fn revoke_key(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        key: &Id<name::Key>,
    ) -> Result<(), AppError> {
        self.permit(who, workspace, Act::Administer)?;
        match self.record(who, workspace, What::KeyRevoked(key.clone())).await {
            Err(AppError::Store(StoreError::Conflict(Conflict::Missing))) => {
                Err(AppError::NoSuch { what: "key", id: key.to_string() })
            }
            recorded => recorded,
        }
    }

    /// The keys that open a workspace.
    pub async fn keys(&self, who: &Principal, workspace: &WorkspaceId) -> Result<Vec<Key>, AppError> {
        self.permit(who, workspace, Act::Administer)?;
        self.desk(workspace).await?;
        Ok(self.world.doors.keys(workspace).await?)
    }

    /// Whether there ever was a key or a person: then nobody is `local` any more, even when all of them are gone.
    pub async fn is_guarded(&self) -> Result<bool, AppError> {
        Ok(self.world.doors.ever_had_keys().await? || self.world.people.ever_had_people().await?)
    }
}
