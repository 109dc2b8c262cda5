//! For how long words are kept, and that they go when it is over.

use std::time::Duration;

use super::{App, AppError};
use crate::{
    domain::{Principal, Retention, TextClass, Timestamp, What, WorkspaceId},
    identity::Act,
    pipeline::level,
    ports::{Conflict, StoreError},
};

/// How often the serving process looks for what has been kept long enough.
const EVERY: Duration = Duration::from_secs(3_600);
/// So many texts go in one transaction.
const BATCH: u64 = 200;
/// How often it is looked again because others let texts go meanwhile.
const OVERTAKEN_AT_MOST: usize = 20;
const DAY_MS: i64 = 24 * 3_600 * 1_000;

impl App {
    /// For how long the texts of a workspace are kept.
    pub async fn retention(&self, who: &Principal, workspace: &WorkspaceId) -> Result<Retention, AppError> {
        self.permit(who, workspace, Act::Administer)?;
        self.desk(workspace).await?;
        Ok(self.world.erasing.retention(workspace).await?)
    }

    /// Keeps them for so long from now on.
    pub async fn retain(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        retention: Retention,
    ) -> Result<Retention, AppError> {
        if self.retention(who, workspace).await? != retention {
            self.record(who, workspace, What::RetentionSet(retention.clone())).await?;
        }
        Ok(retention)
    }

    /// Lets go, in every workspace, what has been kept for its time; how many texts. A day counts from its first moment, so
    /// that what goes goes once a day.
    pub async fn expire(&self) -> Result<u64, AppError> {
        let expired = self.expire_everywhere().await;
        // However far it came; and what an earlier run, an erasure or another process could not finish.
        self.world.erasing.scrub().await?;
        expired
    }

    async fn expire_everywhere(&self) -> Result<u64, AppError> {
        let today = self.world.clock.now().day().start();
        let mut gone = 0;
        for workspace in self.world.doors.workspaces().await? {
            for (class, days) in self.world.erasing.retention(&workspace.id).await?.days() {
                let until = Timestamp(today.0 - i64::from(days) * DAY_MS);
                gone += self.expire_class(&workspace.id, class, until).await?;
            }
        }
        Ok(gone)
    }

    async fn expire_class(&self, workspace: &WorkspaceId, class: TextClass, until: Timestamp) -> Result<u64, AppError> {
        let (mut gone, mut overtaken) = (0, 0);
        loop {
            let texts = self.world.erasing.expired(workspace, class, until, BATCH).await?;
            if texts == 0 {
                return Ok(gone);
            }
            match self.record(&Principal::system(), workspace, What::TextsExpired { class, until, texts }).await {
                Ok(()) => gone += texts,
                // Another server lets them go too, or somebody was erased.
                Err(AppError::Store(StoreError::Conflict(Conflict::Overtaken))) if overtaken < OVERTAKEN_AT_MOST => {
                    overtaken += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// What this process made of documents that another one erased since.
    async fn let_go_of_erased(&self) -> Result<(), AppError> {
        for workspace in self.world.doors.workspaces().await? {
            level::without_erased(&self.world, &workspace.id).await?;
        }
        Ok(())
    }

    /// Does so now and every hour, until the process ends: also what is left to do of an erasure.
    pub async fn keep_expiring(self) {
        loop {
            match self.expire().await {
                Ok(0) => {}
                Ok(texts) => tracing::info!(text.count = texts, "texts were kept for their time and are gone"),
                // In an hour it is looked at again.
                Err(error) => tracing::warn!(%error, "texts whose time is over could not be let go"),
            }
            if let Err(error) = self.let_go_of_erased().await {
                tracing::warn!(%error, "an index may still hold a document that was erased");
            }
            tokio::time::sleep(EVERY).await;
        }
    }
}
