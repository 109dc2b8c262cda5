//! A draft that was shown in part, and then failed.

use std::{fs, sync::Arc, time::Duration};

use aizuchi::{
    adapters::{
        anchors::FileAnchors,
        sql::{OpenError, SqlStore},
        system::{SystemClock, SystemIds},
    },
    config::Settings,
    domain::{Asked, Change, Id, Principal, What, WorkspaceId, name},
    ports::{Clock, Ids, Store},
};

/// Writes it past the server, whose models do not fail so; its id.
pub async fn fail_a_draft(settings: &Settings, workspace: &str, inquiry: &str, streamed: &str) -> Id<name::Draft> {
    let secret = fs::read(settings.data.join("secret.key")).unwrap().try_into().unwrap();
    let store = loop {
        let anchors = Arc::new(FileAnchors::new(settings.data.join("checkpoints-of-test")));
        match SqlStore::open(&settings.store_url(), &secret, &SystemClock, Arc::new(SystemIds), anchors).await {
            // The last server's writer has not ended yet.
            Err(OpenError::InUse { .. }) => tokio::time::sleep(Duration::from_millis(10)).await,
            opened => break opened.unwrap(),
        }
    };
    let (draft, inquiry) = (Id::<name::Draft>::from_uuid(SystemIds.uuid()), Id::parse(inquiry).unwrap());
    let failed = What::DraftFailed {
        draft: draft.clone(),
        inquiry: inquiry.clone(),
        streamed: streamed.to_owned(),
        asked: Box::new(Asked::default()),
        code: "internal".to_owned(),
    };
    for what in [What::DraftCreated { draft: draft.clone(), inquiry }, failed] {
        let workspace = WorkspaceId::parse(workspace).unwrap();
        let (principal, at) = (Principal::system(), SystemClock.now());
        store.apply(Change { workspace, principal, at, what, idempotency: None }).await.unwrap();
    }
    store.close().await;
    draft
}
