//! A station that breaks: nothing of the inquiry is lost, and the log says what became of the draft.

use std::sync::{Arc, Mutex};

use aizuchi::{
    adapters::{
        anchors::FileAnchors,
        sql::SqlStore,
        system::{SystemClock, SystemIds},
    },
    app::{App, Step},
    config::Settings,
    domain::{Channel, EventFilter, Evidence, Explanation, InquiryText, NewInquiry, Principal, Workspace, WorkspaceId},
    pipeline::World,
    ports::{Delta, IndexError, PassageIndex, Query},
};

/// An index with a mistake in it.
struct Broken;

impl PassageIndex for Broken {
    fn search(&self, _: &WorkspaceId, _: &Query<'_>) -> Result<Evidence, IndexError> {
        panic!("a mistake of ours");
    }
    fn explain(&self, _: &WorkspaceId, _: &Query<'_>) -> Result<Explanation, IndexError> {
        panic!("a mistake of ours");
    }
    fn has_state(&self, _: &WorkspaceId, _: u64) -> bool {
        false
    }

    fn keep_state(&self, _: &WorkspaceId, _: &Delta) -> Result<(), IndexError> {
        Ok(())
    }

    fn sequence(&self, _: &WorkspaceId) -> Result<Option<u64>, IndexError> {
        Ok(Some(0))
    }
    fn update(&self, _: &WorkspaceId, _: &Delta) -> Result<(), IndexError> {
        Ok(())
    }
    fn rebuild(&self, _: &WorkspaceId, _: &Delta) -> Result<(), IndexError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_panic_on_the_way_is_a_recorded_failure() {
    let data = tempfile::tempdir().unwrap();
    let settings = Settings::new(data.path().to_owned());
    let ids = Arc::new(SystemIds);
    let anchors = Arc::new(FileAnchors::new(data.path().join("checkpoints")));
    let store =
        Arc::new(SqlStore::open(&settings.store_url(), &[7; 32], &SystemClock, ids.clone(), anchors).await.unwrap());
    let world = World {
        models: Arc::default(),
        near: Arc::default(),
        meters: Arc::new(aizuchi::adapters::prometheus::Prometheus::counting()),
        templates: Arc::new(aizuchi::drafting::prompted::Templates::builtin()),
        judge_files: Arc::new(aizuchi::judging::JudgeFiles::builtin()),
        entail_files: Arc::new(aizuchi::entailing::EntailFiles::builtin()),
        playback: Arc::new(aizuchi::adapters::playback::RecordedAnswers),
        store: store.clone(),
        doors: store.clone(),
        people: store.clone(),
        shelf: store.clone(),
        cases: store.clone(),
        inboxes: store.clone(),
        figures: store.clone(),
        reliances: store.clone(),
        erasing: store.clone(),
        review: store.clone(),
        quality: store.clone(),
        trail: store,
        index: Arc::new(Broken),
        clock: Arc::new(SystemClock),
        ids,
        sign_on: None,
        sessions: aizuchi::identity::SessionKey::of(&[0; 32]),
        leveling: Arc::default(),
    };
    let (app, who) = (App::new(world, settings), Principal::local());
    let workspace = WorkspaceId::parse("shop").unwrap();
    app.open(&who, Workspace { id: workspace.clone(), name: "店".to_owned() }).await.unwrap();
    let new = NewInquiry {
        workspace: workspace.clone(),
        channel: Channel::Email,
        text: InquiryText::parse("返品できますか。").unwrap(),
        conversation: None,
        customer: None,
        order: None,
        records: Vec::new(),
    };
    let steps = Mutex::new(Vec::new());
    let watch = |step: Step| steps.lock().unwrap().push(step);
    let failed = app.suggest(&who, new, None, Some(&watch)).await.unwrap_err();
    assert_eq!(failed.code(), "internal");
    let steps = steps.into_inner().unwrap();
    let [Step::Created { inquiry, .. }, Step::Failed { code: "internal" }] = &steps[..] else { panic!("{steps:?}") };
    assert_eq!(app.inquiry(&who, &inquiry.id).await.unwrap(), **inquiry, "the inquiry is there to be taken up");
    let log = app.events(&who, &workspace, &EventFilter::default(), 0, 10).await.unwrap();
    assert!(log.last().unwrap().content.contains("draft.failed"), "{:?}", log.last());
}
