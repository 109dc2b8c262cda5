//! One story of a store, told on SQLite always and on PostgreSQL when `AIZUCHI_TEST_POSTGRES_URL` names a server.
//! A new method of a reading port gets a new scene here.

use std::{
    slice::from_ref,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use aizuchi::{
    adapters::{
        anchors::FileAnchors,
        sql::{OpenError, SqlStore},
    },
    audit::GENESIS,
    domain::*,
    ports::*,
    verifier::{Pins, Reason, VerifierKey, included, verify},
};
use sqlx::{Connection, PgConnection, SqliteConnection};

const SECRET: [u8; 32] = [7; 32];

/// Ids that count up, and a clock that stands still.
struct Counting(AtomicU64);

impl Ids for Counting {
    fn uuid(&self) -> uuid::Uuid {
        uuid::Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
    }
    fn secret(&self) -> Result<[u8; 32], String> {
        Ok([0; 32])
    }
}

impl Clock for Counting {
    fn now(&self) -> Timestamp {
        Timestamp(1_795_000_000_000)
    }
}

/// Where the story is told.
struct Stage {
    url: String,
    ids: Arc<Counting>,
    kept: tempfile::TempDir,
    _folder: Option<tempfile::TempDir>,
}

impl Stage {
    fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("store.db").display());
        let kept = tempfile::tempdir().unwrap();
        Self { url, ids: Arc::new(Counting(AtomicU64::new(1))), kept, _folder: Some(folder) }
    }

    async fn postgres(server: &str) -> Self {
        let schema = format!("story_{}_{}", std::process::id(), Self::nanos());
        let mut admin = PgConnection::connect(server).await.unwrap();
        let create = format!("CREATE SCHEMA {schema}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(create)).execute(&mut admin).await.unwrap();
        let joint = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{joint}options[search_path]={schema}");
        let kept = tempfile::tempdir().unwrap();
        Self { url, ids: Arc::new(Counting(AtomicU64::new(1))), kept, _folder: None }
    }

    fn nanos() -> u128 {
        std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos()
    }

    async fn open(&self) -> Arc<SqlStore> {
        Arc::new(self.try_open().await.unwrap())
    }

    async fn try_open(&self) -> Result<SqlStore, OpenError> {
        let anchors = Arc::new(FileAnchors::new(self.kept.path().to_owned()));
        SqlStore::open(&self.url, &SECRET, &*self.ids, self.ids.clone(), anchors).await
    }

    fn id<T: Named>(&self) -> Id<T> {
        Id::from_uuid(self.ids.uuid())
    }

    /// A statement from outside, past the store.
    async fn meddle(&self, sql: &'static str) -> Result<(), sqlx::Error> {
        if self.url.starts_with("sqlite:") {
            let mut conn = SqliteConnection::connect(&self.url).await?;
            sqlx::raw_sql(sql).execute(&mut conn).await?;
        } else {
            let mut conn = PgConnection::connect(&self.url).await?;
            sqlx::raw_sql(sql).execute(&mut conn).await?;
        }
        Ok(())
    }

    async fn count(&self, sql: &'static str) -> i64 {
        if self.url.starts_with("sqlite:") {
            let mut conn = SqliteConnection::connect(&self.url).await.unwrap();
            return sqlx::query_scalar(sql).fetch_one(&mut conn).await.unwrap();
        }
        let mut conn = PgConnection::connect(&self.url).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut conn).await.unwrap()
    }

    fn revision(&self, key: &str, body: &str) -> Revision {
        let heading = Some("返品".to_owned());
        let passage = |span, heading| Passage { id: self.id(), span, heading };
        let chars = body.chars().count();
        let passages = vec![passage(Span::new(0, 2), heading), passage(Span::new(2, chars), None)];
        let content = NewRevision {
            key: key.to_owned(),
            kind: Kind::PastReply,
            title: "返品はできますか".to_owned(),
            url: Some("https://shop.example/returns".to_owned()),
            audience: Audience::Internal,
            validity: Validity { from: Some(Day::parse("2026-10-01").unwrap()), until: None, by: AppliesBy::OrderDate },
            body: body.to_owned(),
            note: Some("店長に確認".to_owned()),
            past_reply: Some(PastReply {
                date: Day::parse("2026-09-30").unwrap(),
                channel: "email".to_owned(),
                situation: None,
                author: None,
                team: Some("東京".to_owned()),
                vendor: None,
            }),
            source: None,
        };
        Revision { id: self.id(), content, recorded_from: Timestamp(5), recorded_until: None, passages }
    }

    fn inquiry(&self, words: &str, at: i64) -> Inquiry {
        Inquiry {
            id: self.id(),
            workspace: shop(),
            conversation: self.id(),
            channel: Channel::Form,
            text: InquiryText::parse(words).unwrap(),
            customer: Some(Reference::parse("C-1 山田").unwrap()),
            order: Some(Reference::parse("ORDER-48120").unwrap()),
            records: vec![Record {
                id: self.id(),
                name: "お届け予定日".to_owned(),
                value: "11月25日".to_owned(),
                source: Some("order-system".to_owned()),
                as_of: Some(Timestamp(3)),
            }],
            situations: Situations { primary: Situation::new("delivery_delay"), secondary: vec![Situation::other()] },
            received_at: Timestamp(at),
        }
    }

    fn suggestion(&self, inquiry: &Inquiry, text: &str) -> Suggestion {
        let mut item = EvidenceItem::of_record(&inquiry.records[0], 1);
        // Neither survives a careless way through decimal text.
        item.score = 0.1 + 0.2;
        let intent = Intent { text: "送料は？".to_owned(), items: vec![1], confidence: 94 };
        let tiny = EvidenceItem { score: f64::from_bits(0x3FB9_9999_9999_9999), rank: 2, ..item.clone() };
        let seen = NewFinding {
            rule: "ng_word:解約".to_owned(),
            category: Category::NgWord,
            span: Some(Span::new(0, 2)),
            severity: Severity::Error,
            clause: "解約と書かない".to_owned(),
            message: "「解約」: 解約と書かない".to_owned(),
            rewrite: Some(String::new()),
            one_click: false,
        };
        let whole = NewFinding { category: Category::MissingThanks, span: None, ..seen.clone() };
        let findings =
            [seen, whole].map(|seen| Finding { id: self.id(), seen, guide: Some(self.id()), waived_by: None }).to_vec();
        let sentences = vec![Span::new(0, text.chars().count())];
        Suggestion {
            id: self.id(),
            inquiry: inquiry.clone(),
            outcome: Outcome::Answer,
            draft: Some(Draft {
                id: self.id(),
                text: text.to_owned(),
                drafter: Drafter::Extractive,
                sentences,
                fallback: None,
                flags: Vec::new(),
            }),
            checks: Checks { grounding: Grounding::default(), findings },
            evidence: Evidence { items: vec![item, tiny], intents: vec![intent], index_sequence: 2, stale: false },
            asked: Asked::default(),
            judged: Asked::default(),
            entailed: Asked::default(),
            timings: Timings { retrieval: Some(Duration::from_micros(3_120)), ..Timings::default() },
            making: self.making(),
            hint: None,
            guide: None,
            created_at: Timestamp(20),
        }
    }

    fn making(&self) -> Making {
        let near = Nearby { revision: self.id(), passage: self.id(), similarity: 33_333 };
        Making {
            configuration: "c0ffee".to_owned(),
            internal: true,
            turns: vec![Turn { by: Party::Customer, text: "山田です。".to_owned(), at: Timestamp(5), open: true }],
            order_date: Some(Day::parse("2026-11-20").unwrap()),
            searches: vec![Search { text: "送料は？".to_owned(), matter: "送料".to_owned(), near: vec![near] }],
            waivers: vec![self.id()],
        }
    }

    fn decision(&self, draft: &Id<name::Draft>, verb: Verb) -> Decision {
        let shown = Some(Shown { open_ms: Some(41_200), ..Shown::default() });
        let screen = Screen { internal: true, evidence: vec!["rec_x".to_owned()], findings: vec![self.id()], shown };
        let reason = Some("急ぎ".to_owned());
        Decision { id: self.id(), draft: draft.clone(), verb, reason, screen, at: Timestamp(30) }
    }

    fn reply(&self, inquiry: Option<&Inquiry>, decision: Option<&Decision>) -> Reply {
        Reply {
            suggestion: None,
            id: self.id(),
            inquiry: inquiry.map(|inquiry| inquiry.id.clone()),
            decision: decision.map(|decision| decision.id.clone()),
            channel: Channel::Form,
            text: "山田様、25日にお届けします。".to_owned(),
            author: Some("佐藤".to_owned()),
            team: Some("東京".to_owned()),
            vendor: None,
            sent_at: Timestamp(31),
            stands_on: vec![Reliance { revision: self.id(), citations: vec![0, 2] }],
        }
    }
}

fn shop() -> WorkspaceId {
    WorkspaceId::parse("shop").unwrap()
}

fn other() -> WorkspaceId {
    WorkspaceId::parse("other").unwrap()
}

fn change(what: What) -> Change {
    Change { workspace: shop(), principal: Principal::local(), at: Timestamp(10), what, idempotency: None }
}

fn opening(id: WorkspaceId) -> Change {
    Change { workspace: id.clone(), ..change(What::WorkspaceOpened(Workspace { id, name: "お店".to_owned() })) }
}

fn receiving(inquiry: &Inquiry) -> Change {
    change(What::InquiryReceived { inquiry: Box::new(inquiry.clone()), open: None })
}

/// Words that join what was read as `open`.
fn joining(inquiry: &Inquiry, open: &Inquiry) -> Change {
    change(What::InquiryReceived { inquiry: Box::new(inquiry.clone()), open: Some(Open::of(open)) })
}

fn suggesting(suggestion: &Suggestion) -> Change {
    change(What::Suggested(Box::new(suggestion.clone())))
}

async fn conflict(store: &SqlStore, change: Change) -> Conflict {
    match store.apply(change).await {
        Err(StoreError::Conflict(conflict)) => conflict,
        otherwise => panic!("expected a conflict, found {otherwise:?}"),
    }
}

async fn log(store: &SqlStore, workspace: &WorkspaceId) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        let after = events.len() as u64;
        let page = store.events(workspace, &EventFilter::default(), after, 7).await.unwrap();
        if page.is_empty() {
            return events;
        }
        events.extend(page);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_of_a_store_on_sqlite() {
    let stage = Stage::sqlite();
    tell(&stage).await;

    let store = stage.open().await;
    assert!(matches!(stage.try_open().await, Err(OpenError::InUse { .. })), "one file serves one server");
    drop(store);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_of_a_store_on_postgresql() {
    let Ok(server) = std::env::var("AIZUCHI_TEST_POSTGRES_URL") else {
        println!("skipped: postgresql (AIZUCHI_TEST_POSTGRES_URL is not set)");
        if let Ok(file) = std::env::var("AIZUCHI_SKIPS") {
            std::fs::write(file, "postgresql\n").unwrap();
        }
        return;
    };
    let stage = Stage::postgres(&server).await;
    tell(&stage).await;
    two_servers_on_one_database(&stage).await;
}

async fn tell(stage: &Stage) {
    let store = stage.open().await;
    workspaces_are_opened_once(&store).await;
    documents_come_change_and_go(stage, &store).await;
    documents_are_proposed_and_retired_by_hand(stage, &store).await;
    let decided = an_inquiry_is_answered(stage, &store).await;
    a_second_message_joins(stage, &store).await;
    messages_that_come_at_once_all_join_once(stage, &store).await;
    the_inbox_tells_what_waits_and_who_has_it(stage, &store).await;
    a_chatbot_passes_its_answers_on(stage, &store).await;
    what_was_answered_is_found_again(stage, &store).await;
    people_have_places_and_lose_them(stage, &store).await;
    figures_are_counted_where_they_are_kept(stage, &store).await;
    documents_are_looked_through_with_what_stands_on_them(stage, &store).await;
    what_comes_after_a_decision_is_too_late(stage, &store).await;
    a_stream_ends_well_late_or_not_at_all(stage, &store).await;
    how_long_a_suggestion_took_is_kept_with_it(stage, &store).await;
    a_stream_that_opens_late_replaces_nothing(stage, &store).await;
    a_conversation_is_read_as_turns(stage, &store).await;
    a_person_takes_over(stage, &store).await;
    a_person_takes_over_a_stream(stage, &store).await;
    people_rule_reply_and_report(stage, &store, &decided).await;
    qa_looks_through_findings(stage, &store).await;
    qa_keeps_what_it_does_beside_ruling(stage, &store).await;
    a_decision_is_taken_back(stage, &store).await;
    nothing_is_taken_back_that_something_stands_on(stage, &store).await;
    keys_open_and_close(stage, &store).await;
    a_twin_of_a_request_changes_nothing(stage, &store).await;
    a_caller_who_leaves_leaves_nothing_half_done(stage, &store).await;
    many_callers_at_once_leave_no_gap(stage, &store).await;
    a_document_is_erased_and_its_words_are_said_again(stage, &store).await;
    the_foreign_workspace_sees_nothing(stage, &store, &decided).await;
    the_log_verifies_and_cannot_be_changed(stage, &store).await;
    personal_words_stand_in_one_table(stage).await;

    let before = (log(&store, &shop()).await, store.revisions(&shop()).await.unwrap());
    store.close().await;
    assert!(matches!(store.apply(opening(shop())).await, Err(StoreError::Failed(_))), "closed is closed");
    let store = stage.open().await;
    assert_eq!(log(&store, &shop()).await, before.0);
    assert_eq!(store.revisions(&shop()).await.unwrap(), before.1);
    assert_eq!(store.suggestion(&shop(), &decided.id).await.unwrap(), Some(decided));
    let applied = store.apply(receiving(&stage.inquiry("また来ました", 90))).await.unwrap();
    assert_eq!(applied.sequence, before.0.len() as u64 + 1);
    store.close().await;
}

async fn workspaces_are_opened_once(store: &SqlStore) {
    assert_eq!(store.workspaces().await.unwrap(), []);
    assert_eq!(
        conflict(store, change(What::KeyRevoked(Id::from_uuid(uuid::Uuid::nil())))).await,
        Conflict::NoWorkspace
    );
    assert_eq!(store.apply(opening(shop())).await.unwrap().sequence, 1);
    assert_eq!(store.apply(opening(other())).await.unwrap().sequence, 1, "each workspace has a log of its own");
    assert_eq!(conflict(store, opening(shop())).await, Conflict::Repeated);
    let names: Vec<_> = store.workspaces().await.unwrap().into_iter().map(|it| (it.id, it.name)).collect();
    assert_eq!(names, [(other(), "お店".to_owned()), (shop(), "お店".to_owned())]);
}

async fn documents_come_change_and_go(stage: &Stage, store: &SqlStore) {
    assert_eq!(store.last_changed(&shop()).await.unwrap(), 0);
    let knowledge = |added: &[Revision], retired: &[&Revision]| {
        let retired = retired.iter().map(|revision| revision.id.clone()).collect();
        change(What::KnowledgeChanged(KnowledgeChange { added: added.to_vec(), retired, ..KnowledgeChange::default() }))
    };
    let first = stage.revision("faq-returns", "返品は30日以内です。");
    let twin = stage.revision("faq-twin", "返品は30日以内です。");
    let one = store.apply(knowledge(&[first.clone(), twin.clone()], &[])).await.unwrap().sequence;
    assert_eq!(store.last_changed(&shop()).await.unwrap(), one);
    assert_eq!(stage.count("SELECT COUNT(*) FROM revision_text").await, 1, "the same text is stored once");

    let everything = store.changed_since(&shop(), 0).await.unwrap();
    assert_eq!(everything, Delta { added: vec![first.clone(), twin.clone()], retired: vec![], sequence: one });
    assert_eq!(store.revisions(&shop()).await.unwrap(), everything.added);
    assert_eq!(store.changed_since(&shop(), one).await.unwrap(), Delta { sequence: one, ..Delta::default() });

    // More rows than fit into one statement, among them one that goes again at once.
    let many: Vec<_> = (0..450).map(|n| stage.revision(&format!("bulk-{n}"), &format!("本文その{n}"))).collect();
    store.apply(knowledge(&many, &[&first])).await.unwrap();
    let two = store.apply(knowledge(&[], &[&many[0]])).await.unwrap().sequence;
    let delta = store.changed_since(&shop(), one).await.unwrap();
    assert_eq!(delta, Delta { added: many[1..].to_vec(), retired: vec![first.id.clone()], sequence: two });
    let again = conflict(store, knowledge(&[], &[&first])).await;
    assert_eq!(again, Conflict::Missing, "what went cannot go again");

    assert_eq!(store.document(&shop(), "faq-twin").await.unwrap(), [twin]);
    assert_eq!(store.document(&shop(), "faq-returns").await.unwrap(), [], "it went");
    assert_eq!(store.guide(&shop()).await.unwrap(), None);
    let guide = stage.revision("guide", "敬称は様です。");
    let guide = Revision { content: NewRevision { kind: Kind::Guide, ..guide.content }, ..guide };
    store.apply(knowledge(std::slice::from_ref(&guide), &[])).await.unwrap();
    assert_eq!(store.guide(&shop()).await.unwrap(), Some(guide));

    let ended = store.revision(&shop(), &first.id).await.unwrap().unwrap();
    assert_eq!(ended, Revision { recorded_until: Some(Timestamp(10)), ..first });
}

async fn a_document_is_erased_and_its_words_are_said_again(stage: &Stage, store: &SqlStore) {
    let knowledge = |added: &Revision| {
        change(What::KnowledgeChanged(KnowledgeChange { added: vec![added.clone()], ..KnowledgeChange::default() }))
    };
    let first = stage.revision("faq-erased", "消える文です。");
    store.apply(knowledge(&first)).await.unwrap();
    assert_eq!(store.last_erased(&shop()).await.unwrap(), 0);
    let whose = Whose::Document("faq-erased".to_owned());
    let traces = store.traces(&shop(), &whose).await.unwrap();
    assert_eq!((traces.texts, &traces.shared_with), (1, &None));
    let (erasure, target) = (Erasure { id: stage.id(), texts: 1, at: Timestamp(10) }, traces.target.clone());
    let retired = KnowledgeChange { retired: vec![first.id.clone()], by_hand: true, ..KnowledgeChange::default() };
    let gone = What::DocumentErased { erasure: erasure.clone(), whose: whose.clone(), traces, change: retired };
    let erased = store.apply(change(gone)).await.unwrap().sequence;
    assert_eq!(store.last_erased(&shop()).await.unwrap(), erased);
    assert_eq!(store.last_changed(&shop()).await.unwrap(), erased, "it is a change too");
    assert_eq!(store.last_erased(&other()).await.unwrap(), 0);
    assert_eq!(store.last_erasure(&shop(), &target).await.unwrap(), Some(erasure));
    assert_eq!(stage.count("SELECT COUNT(*) FROM unscrubbed").await, 1);
    store.scrub().await.unwrap();
    assert_eq!(stage.count("SELECT COUNT(*) FROM unscrubbed").await, 0);

    let again = stage.revision("faq-erased", "消える文です。");
    store.apply(knowledge(&again)).await.unwrap();
    assert_eq!(store.document(&shop(), "faq-erased").await.unwrap(), std::slice::from_ref(&again));
    assert!(matches!(store.revision(&shop(), &first.id).await, Err(StoreError::Erased)));
    assert_eq!(store.traces(&shop(), &whose).await.unwrap().texts, 1, "what was said since");
}

async fn documents_are_proposed_and_retired_by_hand(stage: &Stage, store: &SqlStore) {
    let last = store.last_changed(&shop()).await.unwrap();
    let text = stage.revision("faq-hand", "手で書いた文です。");
    let late = Timestamp(60);
    let text = Revision { recorded_from: late, ..text };
    let knowledge = |added: Vec<Revision>, retired: Vec<Id<name::Revision>>, since| KnowledgeChange {
        by_hand: added.is_empty(),
        added,
        retired,
        since,
    };
    let at = |what, at| Change { at, ..change(what) };
    let stale = knowledge(vec![text.clone()], vec![], Some(last - 1));
    assert_eq!(conflict(store, at(What::KnowledgeChanged(stale), late)).await, Conflict::Overtaken);

    let wish = Wish::Create(text.content.clone());
    let proposal = Proposal { id: stage.id(), wish, by: "key_1".to_owned(), at: late };
    store.apply(at(What::Proposed(Box::new(proposal.clone())), late)).await.unwrap();
    assert_eq!(store.proposals(&shop()).await.unwrap(), std::slice::from_ref(&proposal));
    assert_eq!(store.proposals(&other()).await.unwrap(), []);
    assert_eq!(store.workspace_of(proposal.id.as_str()).await.unwrap(), Some(shop()));
    let deciding = |change| What::ProposalDecided { proposal: proposal.id.clone(), change, reason: None };
    let yes = deciding(Some(knowledge(vec![text.clone()], vec![], Some(last))));
    let one = store.apply(at(yes, late)).await.unwrap().sequence;
    assert_eq!(store.proposals(&shop()).await.unwrap(), []);
    assert_eq!(store.last_changed(&shop()).await.unwrap(), one);
    assert_eq!(conflict(store, change(deciding(None))).await, Conflict::Missing, "it was decided");

    assert_eq!(store.retired_by_hand(&shop()).await.unwrap(), []);
    let gone = knowledge(vec![], vec![text.id.clone()], Some(one));
    let two = store.apply(at(What::KnowledgeChanged(gone), Timestamp(70))).await.unwrap().sequence;
    let by_hand = store.retired_by_hand(&shop()).await.unwrap();
    assert_eq!(by_hand.iter().map(|revision| &revision.id).collect::<Vec<_>>(), [&text.id]);
    let mut known = Vec::new();
    for at in [59, 60, 69, 70] {
        known.push(store.state_at(&shop(), Timestamp(at)).await.unwrap());
    }
    assert_eq!(known, [last, one, one, two]);
    let held = |delta: Delta| delta.added.iter().any(|revision| revision.id == text.id);
    assert!(
        held(store.held_after(&shop(), one).await.unwrap()) && !held(store.held_after(&shop(), two).await.unwrap())
    );
    assert_eq!(store.state_at(&other(), Timestamp(70)).await.unwrap(), 0);
    let again = Revision { id: stage.id(), passages: Vec::new(), recorded_from: Timestamp(80), ..text };
    let again = KnowledgeChange { added: vec![again], ..KnowledgeChange::default() };
    store.apply(at(What::KnowledgeChanged(again), Timestamp(80))).await.unwrap();
    assert_eq!(store.retired_by_hand(&shop()).await.unwrap(), [], "somebody wrote the document anew");
}

async fn an_inquiry_is_answered(stage: &Stage, store: &SqlStore) -> Suggestion {
    let inquiry = stage.inquiry("商品が届きません。\n🌸 \"引用\"", 11);
    store.apply(receiving(&inquiry)).await.unwrap();
    assert_eq!(store.inquiry(&shop(), &inquiry.id).await.unwrap(), Some(inquiry.clone()));
    assert_eq!(store.open_inquiry(&shop(), &inquiry.conversation).await.unwrap(), Some(inquiry.clone()));
    assert_eq!(store.suggestion_for(&shop(), &inquiry.id).await.unwrap(), None);

    let first = stage.suggestion(&inquiry, "解約の件です。");
    store.apply(suggesting(&first)).await.unwrap();
    let second = Suggestion { created_at: Timestamp(21), ..stage.suggestion(&inquiry, "お届けは25日です。") };
    store.apply(suggesting(&second)).await.unwrap();
    let draft = second.draft.clone().unwrap().id;
    let read = store.suggestion(&shop(), &second.id).await.unwrap().unwrap();
    assert_eq!(read, second);
    let bits = |it: &Suggestion| it.evidence.items.iter().map(|item| item.score.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&read), bits(&second));
    assert_eq!(store.suggestion_for(&shop(), &inquiry.id).await.unwrap(), Some(second.clone()));
    assert_eq!(store.suggestion_of(&shop(), &draft).await.unwrap(), Some((second.clone(), DraftState::Current)));
    let replaced = first.draft.clone().unwrap().id;
    assert_eq!(store.suggestion_of(&shop(), &replaced).await.unwrap(), Some((first, DraftState::Superseded)));

    let too_late = stage.decision(&replaced, Verb::Accept);
    assert_eq!(
        conflict(store, change(What::Decided { decision: too_late.into(), reply: None })).await,
        Conflict::Superseded
    );
    let decision = stage.decision(&draft, Verb::Edit { text: "山田様、25日にお届けします。".to_owned() });
    let sent = Some((stage.reply(Some(&inquiry), Some(&decision)), second.checks.clone()));
    let deciding = change(What::Decided { decision: decision.clone().into(), reply: sent.clone() });
    store.apply(deciding.clone()).await.unwrap();
    assert_eq!(store.reply(&shop(), &sent.as_ref().unwrap().0.id).await.unwrap(), sent);
    assert_eq!(store.decision(&shop(), &decision.id).await.unwrap(), Some((decision, sent)));
    assert_eq!(store.suggestion_of(&shop(), &draft).await.unwrap().unwrap().1, DraftState::Decided);
    assert_eq!(store.open_inquiry(&shop(), &inquiry.conversation).await.unwrap(), None);

    let again = stage.decision(&draft, Verb::Reject);
    assert_eq!(
        conflict(store, change(What::Decided { decision: again.into(), reply: None })).await,
        Conflict::AlreadyDecided
    );
    let nothing = stage.decision(&stage.id(), Verb::Reject);
    assert_eq!(
        conflict(store, change(What::Decided { decision: nothing.into(), reply: None })).await,
        Conflict::Missing
    );
    second
}

async fn a_second_message_joins(stage: &Stage, store: &SqlStore) {
    let inquiry = stage.inquiry("返品したい", 40);
    store.apply(receiving(&inquiry)).await.unwrap();
    let early = stage.suggestion(&inquiry, "返品を承ります。");
    store.apply(suggesting(&early)).await.unwrap();

    let text = inquiry.text.joined(&InquiryText::parse("開封済みです").unwrap()).unwrap();
    let joined = Inquiry { text, received_at: inquiry.received_at, ..inquiry.clone() };
    store.apply(joining(&joined, &inquiry)).await.unwrap();
    assert_eq!(store.open_inquiry(&shop(), &inquiry.conversation).await.unwrap(), Some(joined.clone()));
    let draft = early.draft.clone().unwrap().id;
    assert_eq!(store.suggestion_of(&shop(), &draft).await.unwrap(), Some((early, DraftState::Superseded)));

    let overtaken = stage.suggestion(&inquiry, "一通目だけを見た返事");
    store.apply(suggesting(&overtaken)).await.unwrap();
    let draft = overtaken.draft.unwrap().id;
    let state = store.suggestion_of(&shop(), &draft).await.unwrap().unwrap().1;
    assert_eq!(state, DraftState::Superseded, "it answers words that were joined by others meanwhile");

    let current = stage.suggestion(&joined, "開封後の返品は承れません。");
    store.apply(suggesting(&current)).await.unwrap();
    let rejected = stage.decision(&current.draft.clone().unwrap().id, Verb::Reject);
    store.apply(change(What::Decided { decision: rejected.clone().into(), reply: None })).await.unwrap();
    assert_eq!(store.decision(&shop(), &rejected.id).await.unwrap(), Some((rejected, None)));
    let open = store.open_inquiry(&shop(), &inquiry.conversation).await.unwrap();
    assert_eq!(open, Some(joined.clone()), "a draft that is not used answers nobody");

    let another = stage.suggestion(&joined, "開封後は、交換のみ承ります。");
    store.apply(suggesting(&another)).await.unwrap();
    let accepted = stage.decision(&another.draft.clone().unwrap().id, Verb::Accept);
    let sent = Some((stage.reply(Some(&joined), Some(&accepted)), another.checks));
    store.apply(change(What::Decided { decision: accepted.into(), reply: sent })).await.unwrap();
    let open = store.open_inquiry(&shop(), &inquiry.conversation).await.unwrap();
    assert_eq!(open, None, "somebody answered it");
    assert_eq!(conflict(store, joining(&joined, &joined)).await, Conflict::Overtaken, "and so nothing joins it");
    let unheard = stage.inquiry("だれも待っていない", 50);
    assert_eq!(conflict(store, joining(&unheard, &unheard)).await, Conflict::Overtaken);
}

async fn the_inbox_tells_what_waits_and_who_has_it(stage: &Stage, store: &SqlStore) {
    let listed = async |view, principal: &str, now| {
        let sought = Sought { view, ..Sought::default() };
        let (now, overdue) = (Timestamp(now), Timestamp(60));
        let query = query(&sought, principal, now, overdue);
        let counted = view.count(&store.counts(&shop(), &query).await.unwrap());
        let lines = store.waiting(&shop(), &query).await.unwrap();
        assert_eq!(lines.len() as u64, counted, "{view:?}");
        lines
    };
    let inquiry = stage.inquiry("椅子の脚が折れていました", 50);
    store.apply(receiving(&inquiry)).await.unwrap();
    let line = async |view, principal: &str, now| {
        listed(view, principal, now).await.into_iter().find(|line| line.inquiry.id == inquiry.id)
    };
    let arrived = async |since| store.arrived(&shop(), Timestamp(since), Timestamp(0)).await.unwrap();
    assert_eq!(arrived(49).await, 1 + arrived(50).await);
    let fresh = line(View::Open, "ann", 100).await.unwrap();
    assert_eq!((fresh.state, fresh.outcome, fresh.draft, fresh.lease), (InquiryState::New, None, None, None));
    let suggestion = stage.suggestion(&inquiry, "お詫びいたします。");
    store.apply(suggesting(&suggestion)).await.unwrap();
    let drafted = line(View::Overdue, "ann", 100).await.unwrap();
    let tally = Tally::of(suggestion.draft.as_ref().unwrap(), &suggestion.checks);
    assert_eq!(drafted.draft.unwrap().tally, Some(tally));

    let by = |who: &str, at, what| {
        let principal = Principal { id: who.to_owned(), ..Principal::local() };
        Change { principal, at: Timestamp(at), ..change(what) }
    };
    let held = |who: &str, since, until, over| {
        let (since, until) = (Timestamp(since), Timestamp(until));
        let lease = Lease { inquiry: inquiry.id.clone(), principal: who.to_owned(), since, until };
        by(who, since.0, What::Held { lease, over })
    };
    store.apply(held("ann", 100, 200, false)).await.unwrap();
    store.apply(held("ann", 150, 250, false)).await.unwrap();
    assert_eq!(conflict(store, held("bob", 160, 260, false)).await, Conflict::Held);
    let lease = store.lease(&shop(), &inquiry.id, Timestamp(160)).await.unwrap().unwrap();
    assert_eq!((lease.principal.as_str(), lease.since, lease.until), ("ann", Timestamp(100), Timestamp(250)));
    assert_eq!(line(View::Mine, "ann", 160).await.unwrap().state, InquiryState::Assigned);
    assert_eq!(line(View::Mine, "bob", 160).await, None);
    assert_eq!(store.lease(&shop(), &inquiry.id, Timestamp(250)).await.unwrap(), None, "left alone it ends by itself");

    let note = Note {
        id: stage.id(),
        inquiry: inquiry.id.clone(),
        by: "ann".to_owned(),
        to: Some("bob".to_owned()),
        text: "山田様は二度目です".to_owned(),
        at: Timestamp(165),
    };
    store.apply(by("ann", 165, What::Noted(note.clone()))).await.unwrap();
    assert_eq!(store.notes(&shop(), &inquiry.id).await.unwrap(), [note]);
    assert_eq!(store.notes(&other(), &inquiry.id).await.unwrap(), []);

    let decision = stage.decision(&suggestion.draft.clone().unwrap().id, Verb::Accept);
    let reply = Some((stage.reply(Some(&inquiry), Some(&decision)), suggestion.checks));
    let decided = |who, at| by(who, at, What::Decided { decision: decision.clone().into(), reply: reply.clone() });
    assert_eq!(conflict(store, decided("bob", 160)).await, Conflict::Held, "two people never answer the same inquiry");
    assert_eq!(conflict(store, by("bob", 160, What::Released(inquiry.id.clone()))).await, Conflict::Held);
    store.apply(held("bob", 170, 270, true)).await.unwrap();
    assert_eq!(conflict(store, decided("ann", 180)).await, Conflict::Held, "it was taken over");
    store.apply(by("bob", 190, What::Released(inquiry.id.clone()))).await.unwrap();
    assert_eq!(line(View::Open, "bob", 190).await.unwrap().state, InquiryState::New);
    let place = async || store.place(&shop(), &inquiry.id, Timestamp(0)).await.unwrap();
    assert!(place().await.unwrap().rank >= 1);
    store.apply(decided("bob", 195)).await.unwrap();
    assert_eq!(line(View::Open, "bob", 196).await, None);
    assert_eq!(place().await, None);
    assert_eq!(line(View::Answered, "bob", 196).await.unwrap().state, InquiryState::Answered);
    assert_eq!(conflict(store, held("ann", 200, 300, false)).await, Conflict::AlreadyDecided);
}

/// What is asked of the inbox; what a chatbot got since the moment 5,000 is the chatbot's.
fn query<'a>(sought: &'a Sought, principal: &'a str, now: Timestamp, overdue: Timestamp) -> InboxQuery<'a> {
    let (today, chatbots_since) = (Timestamp(0), Timestamp(5_000));
    InboxQuery { sought, principal, now, overdue, today, chatbots_since, limit: 100 }
}

async fn a_chatbot_passes_its_answers_on(stage: &Stage, store: &SqlStore) {
    let bot = Principal { id: "key_bot".to_owned(), reach: Reach::One(shop(), Role::Chatbot) };
    let by = |who: &Principal, what| Change { principal: who.clone(), at: Timestamp(6_100), ..change(what) };
    let ann = Principal { id: "ann".to_owned(), ..Principal::local() };
    let suggested = |inquiry: &Inquiry| What::Suggested(Box::new(stage.suggestion(inquiry, "承ります。")));
    let others = store.arrived(&shop(), Timestamp(5_999), Timestamp(0)).await.unwrap();
    // Which parts it is in, and whether its place says so too.
    let parts = async |inquiry: &Inquiry, chatbots_since: i64| {
        let (mut within, chatbots_since) = (Vec::new(), Timestamp(chatbots_since));
        for view in View::ALL {
            let sought = Sought { view, ..Sought::default() };
            let query = InboxQuery { chatbots_since, ..query(&sought, "ann", Timestamp(6_200), Timestamp(100)) };
            let lines = store.waiting(&shop(), &query).await.unwrap();
            assert_eq!(lines.len() as u64, view.count(&store.counts(&shop(), &query).await.unwrap()), "{view:?}");
            let line = lines.iter().find(|line| line.inquiry.id == inquiry.id);
            within.extend(line.map(|line| (view, line.with_chatbot)));
        }
        let place = store.place(&shop(), &inquiry.id, chatbots_since).await.unwrap();
        let arrived = store.arrived(&shop(), Timestamp(5_999), chatbots_since).await.unwrap();
        let open = within.contains(&(View::Open, false));
        assert_eq!(place.is_some_and(|place| !place.with_chatbot), open, "{within:?}");
        assert_eq!(arrived, others + u64::from(open), "{within:?}");
        assert_eq!(
            store.unanswered(&shop(), chatbots_since).await.unwrap().contains(&inquiry.received_at),
            open,
            "{within:?}"
        );
        within
    };
    let came = async |words: &str| {
        let inquiry = stage.inquiry(words, 6_000);
        let received = What::InquiryReceived { inquiry: Box::new(inquiry.clone()), open: None };
        store.apply(by(&bot, received)).await.unwrap();
        inquiry
    };
    let reported = async |inquiry: &Inquiry| {
        let what = What::Replied { reply: stage.reply(Some(inquiry), None), checks: Checks::default() };
        store.apply(by(&bot, what)).await.unwrap();
    };
    let (open, with_bot) = ([(View::Open, false)], [(View::Chatbot, true)]);

    let passed_on = came("返品できますか").await;
    assert_eq!(parts(&passed_on, 5_000).await, open, "there is nothing to pass on yet");
    store.apply(by(&bot, suggested(&passed_on))).await.unwrap();
    assert_eq!(parts(&passed_on, 5_000).await, with_bot);
    assert_eq!(parts(&passed_on, 6_001).await, open, "nobody reported anything in time");
    let text = passed_on.text.joined(&InquiryText::parse("開封済みです").unwrap()).unwrap();
    let joined = Inquiry { text, ..passed_on.clone() };
    store.apply(by(&bot, joining(&joined, &passed_on).what)).await.unwrap();
    assert_eq!(parts(&joined, 5_000).await, open, "its answer is to other words");
    store.apply(by(&bot, suggested(&passed_on))).await.unwrap();
    assert_eq!(parts(&joined, 5_000).await, open, "and so is one that comes late");
    store.apply(by(&bot, suggested(&joined))).await.unwrap();
    assert_eq!(parts(&joined, 5_000).await, with_bot);
    reported(&joined).await;
    assert_eq!(parts(&joined, 5_000).await, [(View::Answered, false)]);

    let taken = came("交換できますか").await;
    store.apply(by(&bot, suggested(&taken))).await.unwrap();
    let (since, until) = (Timestamp(6_100), Timestamp(6_500));
    let lease = Lease { inquiry: taken.id.clone(), principal: "ann".to_owned(), since, until };
    store.apply(by(&ann, What::Held { lease, over: false })).await.unwrap();
    assert_eq!(parts(&taken, 5_000).await, [(View::Open, false), (View::Mine, false)]);
    store.apply(by(&ann, What::Released(taken.id.clone()))).await.unwrap();
    assert_eq!(parts(&taken, 5_000).await, open, "who gave it back gave it back to the people");
    reported(&taken).await;

    let judged = came("送料はいくらですか").await;
    let suggestion = stage.suggestion(&judged, "無料です。");
    store.apply(by(&bot, What::Suggested(Box::new(suggestion.clone())))).await.unwrap();
    let rejected = stage.decision(&suggestion.draft.clone().unwrap().id, Verb::Reject);
    store.apply(by(&ann, What::Decided { decision: rejected.into(), reply: None })).await.unwrap();
    assert_eq!(parts(&judged, 5_000).await, open, "a person says that it must not be passed on");
    reported(&judged).await;

    let handed = came("店長をお願いします").await;
    let outcome = Outcome::Handoff { reason: HandoffReason::PersonRequested, packet: Packet::default() };
    let answer = stage.suggestion(&handed, "承ります。");
    let (id, created_at) = (stage.id(), Timestamp(25));
    let handoff = Suggestion { id, created_at, outcome, draft: None, checks: Checks::default(), ..answer.clone() };
    store.apply(by(&bot, What::Suggested(Box::new(handoff)))).await.unwrap();
    assert_eq!(parts(&handed, 5_000).await, [(View::Open, false), (View::Handoff, false)]);
    store.apply(by(&bot, What::Suggested(Box::new(answer)))).await.unwrap();
    assert_eq!(parts(&handed, 5_000).await, [(View::Open, false), (View::Handoff, false)], "it was made before");
    let sought = Sought::default();
    let next = async |who| store.next(&shop(), &query(&sought, who, Timestamp(6_200), Timestamp(0))).await.unwrap();
    let first = next("ann").await.unwrap();
    let lease = Lease { inquiry: first.clone(), principal: "ann".to_owned(), since, until };
    store.apply(by(&ann, What::Held { lease, over: false })).await.unwrap();
    assert_eq!(next("ann").await.unwrap(), first);
    assert_ne!(next("bob").await.unwrap(), first, "nobody is led to what somebody else holds");
    store.apply(by(&ann, What::Released(first))).await.unwrap();
    reported(&handed).await;
}

async fn what_was_answered_is_found_again(stage: &Stage, store: &SqlStore) {
    let reference = |text: &str| Some(Reference::parse(text).unwrap());
    let named = |words: &str, at, customer: &str, order: &str| Inquiry {
        customer: reference(customer),
        order: reference(order),
        ..stage.inquiry(words, at)
    };
    let chair = named("ｶﾞﾗｽの棚が割れていました\n交換してください", 7_000, "C-77 霧島", "ORD-5577");
    let table = named("机の脚が１２３ミリ足りません", 7_001, "C-78", "ORD-5578");
    for inquiry in [&chair, &table] {
        store.apply(receiving(inquiry)).await.unwrap();
    }
    let suggestion = stage.suggestion(&chair, "交換いたします。");
    store.apply(suggesting(&suggestion)).await.unwrap();
    let reply = Reply {
        text: "霧島様\n新しい扉を木曜日に発送します。".to_owned(), ..stage.reply(Some(&chair), None)
    };
    let reported = reply.id.clone();
    store.apply(change(What::Replied { reply, checks: Checks::default() })).await.unwrap();

    let found = async |words: &str| {
        let found = store.find(&shop(), words, None).await.unwrap();
        assert_eq!(found.rest, None, "this shop is small");
        found.hits.into_iter().map(|hit| hit.inquiry).collect::<Vec<_>>()
    };
    for words in ["ガラス", "ｶﾞﾗｽ 交換", "木曜日に発送", "C-77 霧島", "ｃ－７７", "ORD-5577", "割れ　木曜日"]
    {
        assert_eq!(found(words).await, from_ref(&chair.id), "{words}");
    }
    assert_eq!(found("123ミリ").await, from_ref(&table.id));
    assert_eq!(found("ORD-557").await, [table.id.clone(), chair.id.clone()], "the last one first");
    let draft = suggestion.draft.clone().unwrap().id;
    for id in [chair.id.as_str(), draft.as_str(), suggestion.id.as_str(), reported.as_str()] {
        assert_eq!(found(id).await, from_ref(&chair.id), "{id}");
    }
    for words in ["ガラスの机", "", "　", "inq_nobody"] {
        assert_eq!(found(words).await, [], "{words:?}");
    }
    let hits = store.find(&shop(), "木曜日", None).await.unwrap().hits;
    let excerpt = hits[0].excerpt.clone().unwrap();
    assert_eq!((excerpt.by, excerpt.text.as_str()), (Party::Desk, "霧島様 新しい扉を木曜日に発送します。"));
    assert_eq!(excerpt.marks.iter().map(|mark| mark.of(&excerpt.text)).collect::<Vec<_>>(), ["木曜日"]);
    let older = store.find(&shop(), "ORD-557", Some(&table.id)).await.unwrap();
    assert_eq!(older.hits.into_iter().map(|hit| hit.inquiry).collect::<Vec<_>>(), from_ref(&chair.id));
    assert_eq!(store.find(&other(), "ガラス", None).await.unwrap().hits, []);

    let sought = Sought::default();
    let query = query(&sought, "ann", Timestamp(7_100), Timestamp(0));
    let lines = store.lines(&shop(), &query, &[&table.id, &chair.id]).await.unwrap();
    let states: Vec<_> = lines.iter().map(|line| (line.inquiry.id.clone(), line.state)).collect();
    assert_eq!(states, [(table.id.clone(), InquiryState::New), (chair.id, InquiryState::Answered)]);
    let narrow = |situation: &str, channel| Sought {
        situation: Some(situation.to_owned()),
        channel: Some(channel),
        ..Sought::default()
    };
    for (sought, there) in [
        (narrow("delivery_delay", Channel::Form), true),
        (narrow("delivery_delay", Channel::Line), false),
        (narrow("refund", Channel::Form), false),
    ] {
        let lines = store.waiting(&shop(), &InboxQuery { sought: &sought, ..query.clone() }).await.unwrap();
        assert_eq!(lines.iter().any(|line| line.inquiry.id == table.id), there, "{sought:?}");
    }
}

async fn people_have_places_and_lose_them(stage: &Stage, store: &SqlStore) {
    assert!(!store.ever_had_people().await.unwrap());
    let person = |login: &str, everywhere| Person {
        id: stage.id(),
        login: Login::parse(login).unwrap(),
        name: format!("{login} さん"),
        team: Some("一次".to_owned()),
        vendor: None,
        stamp: "s1".to_owned(),
        password: None,
        account: None,
        everywhere,
        places: Vec::new(),
    };
    let (ann, bob) = (person("ann", None), person("bob", Some(Role::Admin)));
    let place = |person: &Person, role| change(What::PersonPlaced { person: Box::new(person.clone()), role });
    store.apply(place(&ann, Some(Role::Operator))).await.unwrap();
    store.apply(place(&ann, Some(Role::Qa))).await.unwrap();
    store.apply(place(&bob, Some(Role::Admin))).await.unwrap();
    assert!(store.ever_had_people().await.unwrap());
    let twin = person("ann", None);
    assert_eq!(conflict(store, place(&twin, Some(Role::Admin))).await, Conflict::Taken);
    let known = store.person_called(&ann.login).await.unwrap().unwrap();
    assert_eq!(known, Person { places: vec![(shop(), Role::Qa)], ..ann.clone() });
    let named = store.people(&shop()).await.unwrap().into_iter().map(|person| person.name).collect::<Vec<_>>();
    assert_eq!(named, ["ann さん", "bob さん"]);
    assert_eq!(store.people(&other()).await.unwrap().len(), 1, "who set it up is everywhere");

    let stamp = |old: &str, new: &str| {
        let stamps = [old.to_owned(), new.to_owned()];
        change(What::StampChanged { person: ann.id.clone(), stamps, password: Some("$argon2id$x".to_owned()) })
    };
    store.apply(stamp("s1", "s2")).await.unwrap();
    store.apply(stamp("s1", "s2")).await.unwrap();
    assert_eq!(conflict(store, stamp("s1", "s3")).await, Conflict::Missing, "a link works once");
    let known = store.person(&ann.id).await.unwrap().unwrap();
    assert_eq!((known.stamp.as_str(), known.password.as_deref()), ("s2", Some("$argon2id$x")));
    let account = |subject: &str| Account { issuer: "https://id.example".to_owned(), subject: subject.to_owned() };
    let linked = |person: &Person, account| change(What::AccountLinked { person: person.id.clone(), account });
    assert_eq!(store.person_with(&account("a1")).await.unwrap(), None);
    store.apply(linked(&ann, Some(account("a1")))).await.unwrap();
    assert_eq!(store.person_with(&account("a1")).await.unwrap().unwrap().account, Some(account("a1")));
    assert_eq!(conflict(store, linked(&bob, Some(account("a1")))).await, Conflict::Taken, "an account is one person's");
    assert_eq!(conflict(store, linked(&twin, Some(account("a2")))).await, Conflict::Missing);
    assert_eq!(conflict(store, linked(&ann, Some(account("a2")))).await, Conflict::Taken, "the first is theirs");
    store.apply(linked(&ann, Some(account("a1")))).await.unwrap();
    store.apply(linked(&ann, None)).await.unwrap();
    store.apply(linked(&bob, None)).await.unwrap();
    assert_eq!(store.person_with(&account("a1")).await.unwrap(), None);
    store.apply(place(&ann, None)).await.unwrap();
    assert_eq!(store.person(&ann.id).await.unwrap().unwrap().places, []);
    assert!(store.all_names().await.unwrap().contains(&(ann.id.to_string(), ann.name.clone())));
}

async fn figures_are_counted_where_they_are_kept(stage: &Stage, store: &SqlStore) {
    const HOUR: i64 = 3_600_000;
    let since = Timestamp(900 * HOUR);
    let inquiry = stage.inquiry("領収書をください", 900 * HOUR + 1);
    store.apply(receiving(&inquiry)).await.unwrap();
    store.apply(receiving(&stage.inquiry("返品したいです", 902 * HOUR))).await.unwrap();
    let count = |hour, inquiries| HourCount { at: Timestamp(hour * HOUR), inquiries };
    assert_eq!(store.received(&shop(), since).await.unwrap(), [count(900, 1), count(902, 1)]);
    let waiting = store.unanswered(&shop(), Timestamp(0)).await.unwrap();
    assert!(waiting.is_sorted() && waiting.contains(&inquiry.received_at), "{waiting:?}");

    let suggestion = stage.suggestion(&inquiry, "お送りします。");
    store.apply(suggesting(&suggestion)).await.unwrap();
    // A minute before midnight in Tokyo, and the reply at midnight.
    let (decided, sent) = (Timestamp(903 * HOUR - 60_000), Timestamp(903 * HOUR));
    let decision = Decision { at: decided, ..stage.decision(&suggestion.draft.clone().unwrap().id, Verb::Accept) };
    let reply = Reply { sent_at: sent, ..stage.reply(Some(&inquiry), Some(&decision)) };
    let what = What::Decided { decision: decision.into(), reply: Some((reply, suggestion.checks)) };
    store.apply(change(what)).await.unwrap();
    let again = Reply { sent_at: Timestamp(904 * HOUR), ..stage.reply(Some(&inquiry), None) };
    store.apply(change(What::Replied { reply: again, checks: Checks::default() })).await.unwrap();
    let accepted = DecidedCount { day: decided.day(), action: "accept".to_owned(), drafts: 1 };
    assert_ne!(decided.day(), sent.day(), "days are Tokyo's");
    assert_eq!(store.decided(&shop(), since).await.unwrap(), [accepted]);
    assert_eq!(store.first_replies(&shop(), since).await.unwrap(), [3 * HOUR - 1], "the second reply is no first one");
    assert!(!store.unanswered(&shop(), Timestamp(0)).await.unwrap().contains(&inquiry.received_at), "it was answered");
    assert_eq!(store.received(&other(), Timestamp(0)).await.unwrap(), [], "what comes to one shop came to no other");
}

async fn documents_are_looked_through_with_what_stands_on_them(stage: &Stage, store: &SqlStore) {
    let rule = |key: &str, body: &str| {
        let revision = stage.revision(key, body);
        let content = NewRevision { kind: Kind::Policy, title: "椅子の保証".to_owned(), ..revision.content };
        Revision { content, ..revision }
    };
    let (first, second) = (rule("chair", "Warranty: 3年_です。"), rule("chair", "Warranty: 5年です。"));
    let beside = rule("chair-b", "Warrantyは1年です。");
    let before = store.kinds(&shop()).await.unwrap();
    for (added, retired) in
        [(vec![first.clone(), beside.clone()], vec![]), (vec![second.clone()], vec![first.id.clone()])]
    {
        let knowledge = KnowledgeChange { added, retired, ..KnowledgeChange::default() };
        store.apply(change(What::KnowledgeChanged(knowledge))).await.unwrap();
    }
    assert_eq!(store.kinds(&shop()).await.unwrap()[1], before[1] + 2);
    let listed = async |words: &[&str], behind: Option<&Revision>, limit| {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        let behind = behind.map(|revision| revision.id.clone());
        let listing = Listing { kind: Some(Kind::Policy), words, behind, limit };
        store.listed(&shop(), &listing).await.unwrap()
    };
    let keys = |lines: &[Listed]| lines.iter().map(|line| line.key.clone()).collect::<Vec<_>>();
    let all = listed(&["WARRANTY", "椅子"], None, 9).await;
    assert_eq!(keys(&all), ["chair", "chair-b"], "what was recorded last comes first");
    assert_eq!((all[0].number, all[1].number, &all[0].revision), (2, 1, &second.id));
    assert_eq!((all[0].validity, all[0].audience), (second.content.validity, Audience::Internal));
    assert_eq!(keys(&listed(&[], Some(&second), 1).await), ["chair-b"]);
    assert_eq!(keys(&listed(&["年_で"], None, 9).await), Vec::<String>::new(), "a sign is a letter");
    assert_eq!(keys(&listed(&["chair-b", "1年"], None, 9).await), ["chair-b"]);
    assert_eq!(store.listed(&other(), &Listing { limit: 9, ..Listing::default() }).await.unwrap(), []);

    let inquiry = stage.inquiry("椅子の保証は何年ですか", 61);
    store.apply(receiving(&inquiry)).await.unwrap();
    let plain = stage.suggestion(&inquiry, "5年です。");
    let span = Span::new(0, 5);
    let quote = "5年です。".to_owned();
    let verdict =
        SentenceVerdict { span, verdict: Verdict::Supported, weak: false, by_model: false, citations: vec![0] };
    let grounding = Grounding {
        verdicts: vec![verdict],
        citations: vec![Citation { draft_span: span, evidence: 0, quote, quote_span: Span::new(10, 15) }],
    };
    let mut suggestion = Suggestion { checks: Checks { grounding, ..plain.checks.clone() }, ..plain };
    suggestion.evidence.items = vec![EvidenceItem::of_passage(&second, &second.passages[1])];
    store.apply(suggesting(&suggestion)).await.unwrap();
    let draft = suggestion.draft.clone().unwrap().id;
    let relied = store.relied(&shop(), "chair", 9).await.unwrap();
    let by = ReliedBy::Draft { id: draft.clone(), state: DraftState::Current };
    assert_eq!(relied.iter().map(|one| (&one.by, &one.revision)).collect::<Vec<_>>(), [(&by, &second.id)]);
    assert_eq!(relied[0].inquiry.as_ref(), Some(&inquiry));
    assert_eq!(store.relied(&other(), "chair", 9).await.unwrap(), []);

    let decision = stage.decision(&draft, Verb::Accept);
    let stands_on = vec![Reliance { revision: second.id.clone(), citations: vec![0] }];
    let reply = Reply { stands_on, ..stage.reply(Some(&inquiry), Some(&decision)) };
    let sent = Some((reply.clone(), suggestion.checks.clone()));
    store.apply(change(What::Decided { decision: decision.into(), reply: sent })).await.unwrap();
    let relied = store.relied(&shop(), "chair", 9).await.unwrap();
    let by: Vec<_> = relied.into_iter().map(|one| one.by).collect();
    assert_eq!(by, [ReliedBy::Reply { id: reply.id }], "the draft is told by the reply that it became");
}

async fn messages_that_come_at_once_all_join_once(stage: &Stage, store: &SqlStore) {
    let conversation = stage.id::<name::Conversation>();
    let words = ["一通目", "二通目", "三通目", "四通目", "五通目"];
    let senders = words.map(|words| {
        let alone = Inquiry { conversation: conversation.clone(), ..stage.inquiry(words, 40) };
        let store = store.clone();
        tokio::spawn(async move {
            loop {
                let open = store.open_inquiry(&shop(), &alone.conversation).await.unwrap();
                let change = match &open {
                    Some(open) => {
                        let text = open.text.joined(&alone.text).unwrap();
                        joining(&Inquiry { text, ..open.clone() }, open)
                    }
                    None => receiving(&alone),
                };
                match store.apply(change).await {
                    Ok(_) => break,
                    Err(StoreError::Conflict(Conflict::Overtaken)) => {}
                    otherwise => panic!("{otherwise:?}"),
                }
            }
        })
    });
    for sender in senders {
        sender.await.unwrap();
    }
    let open = store.open_inquiry(&shop(), &conversation).await.unwrap().unwrap();
    let mut joined: Vec<_> = open.text.as_str().split("\n\n").collect();
    joined.sort_unstable();
    let mut sent = words.to_vec();
    sent.sort_unstable();
    assert_eq!(joined, sent);
    let sql = format!("SELECT COUNT(*) FROM inquiry WHERE conversation = '{conversation}'");
    assert_eq!(stage.count(String::leak(sql)).await, 1, "two first messages do not make two inquiries");

    let first = stage.suggestion(&open, "最初の返事");
    let second = Suggestion { created_at: Timestamp(21), ..stage.suggestion(&open, "次の返事") };
    for suggestion in [&first, &second] {
        store.apply(suggesting(suggestion)).await.unwrap();
    }
    assert_eq!(store.suggestions_for(&shop(), &open.id).await.unwrap(), [first, second]);
    assert_eq!(store.suggestions_for(&other(), &open.id).await.unwrap(), []);

    let later = Inquiry { conversation, ..stage.inquiry("ずっと後で", 90_000) };
    let beside = change(What::InquiryReceived { inquiry: Box::new(later.clone()), open: Some(Open::of(&open)) });
    store.apply(beside).await.unwrap();
    assert_eq!(store.inquiry(&shop(), &open.id).await.unwrap(), Some(open), "what was not joined stays as it was");
    assert_eq!(store.open_inquiry(&shop(), &later.conversation).await.unwrap(), Some(later));
}

async fn what_comes_after_a_decision_is_too_late(stage: &Stage, store: &SqlStore) {
    let inquiry = stage.inquiry("領収書をください", 5);
    store.apply(receiving(&inquiry)).await.unwrap();
    let opened =
        |draft: &Id<name::Draft>| change(What::DraftCreated { draft: draft.clone(), inquiry: inquiry.id.clone() });
    let state = |draft: Id<name::Draft>| async move { store.suggestion_of(&shop(), &draft).await.unwrap().unwrap().1 };
    let decided = stage.suggestion(&inquiry, "同封いたします。");
    let [streamed, plain, opened_late] =
        ["流れていた返事", "遅れた返事", "後から開いた返事"].map(|it| stage.suggestion(&inquiry, it));
    let id = |suggestion: &Suggestion| suggestion.draft.clone().unwrap().id;
    store.apply(suggesting(&decided)).await.unwrap();
    store.apply(opened(&id(&streamed))).await.unwrap();
    assert_eq!(state(id(&decided)).await, DraftState::Current, "a stream that opens replaces nothing yet");
    let decision = stage.decision(&id(&decided), Verb::Accept);
    let reply = Some((stage.reply(Some(&inquiry), Some(&decision)), decided.checks.clone()));
    store.apply(change(What::Decided { decision: decision.into(), reply })).await.unwrap();
    store.apply(opened(&id(&opened_late))).await.unwrap();
    for late in [&streamed, &plain, &opened_late] {
        store.apply(suggesting(late)).await.unwrap();
        assert_eq!(state(id(late)).await, DraftState::Superseded);
        assert_eq!(
            store.suggestion(&shop(), &late.id).await.unwrap().as_ref(),
            Some(late),
            "it is recorded all the same"
        );
    }
    assert_eq!(state(id(&decided)).await, DraftState::Decided);

    let reported = stage.inquiry("電話で済みました", 5);
    store.apply(receiving(&reported)).await.unwrap();
    let reply = stage.reply(Some(&reported), None);
    store.apply(change(What::Replied { reply, checks: Checks::default() })).await.unwrap();
    let late = stage.suggestion(&reported, "遅れた返事");
    store.apply(suggesting(&late)).await.unwrap();
    assert_eq!(state(id(&late)).await, DraftState::Superseded, "another system answered");
}

/// The stream of the first message opens only after the second message joined.
async fn a_stream_that_opens_late_replaces_nothing(stage: &Stage, store: &SqlStore) {
    let inquiry = stage.inquiry("送料は", 5);
    store.apply(receiving(&inquiry)).await.unwrap();
    let text = inquiry.text.joined(&InquiryText::parse("沖縄です").unwrap()).unwrap();
    let joined = Inquiry { text, ..inquiry.clone() };
    store.apply(joining(&joined, &inquiry)).await.unwrap();
    let [old, new] = [stage.suggestion(&inquiry, "全国一律です。"), stage.suggestion(&joined, "沖縄は別料金です。")];
    let id = |suggestion: &Suggestion| suggestion.draft.clone().unwrap().id;
    for suggestion in [&new, &old] {
        let (draft, inquiry) = (id(suggestion), inquiry.id.clone());
        store.apply(change(What::DraftCreated { draft, inquiry })).await.unwrap();
    }
    for suggestion in [&new, &old] {
        store.apply(suggesting(suggestion)).await.unwrap();
    }
    for (suggestion, state) in [(&old, DraftState::Superseded), (&new, DraftState::Current)] {
        assert_eq!(store.suggestion_of(&shop(), &id(suggestion)).await.unwrap().unwrap().1, state);
    }
}

async fn a_stream_ends_well_late_or_not_at_all(stage: &Stage, store: &SqlStore) {
    let inquiry = stage.inquiry("請求書をください", 60);
    store.apply(receiving(&inquiry)).await.unwrap();
    let created =
        |draft: &Id<name::Draft>| change(What::DraftCreated { draft: draft.clone(), inquiry: inquiry.id.clone() });
    let suggestions = [stage.suggestion(&inquiry, "遅れた返事"), stage.suggestion(&inquiry, "間に合った返事")];
    let drafts = suggestions.clone().map(|suggestion| suggestion.draft.unwrap().id);
    store.apply(created(&drafts[0])).await.unwrap();
    let early = stage.decision(&drafts[0], Verb::Accept);
    let provisional = conflict(store, change(What::Decided { decision: early.into(), reply: None })).await;
    assert_eq!(provisional, Conflict::Missing, "what is still streamed cannot be decided on");
    store.apply(created(&drafts[1])).await.unwrap();
    for suggestion in &suggestions {
        store.apply(suggesting(suggestion)).await.unwrap();
    }
    let state = |draft| async move { store.suggestion_of(&shop(), draft).await.unwrap().unwrap().1 };
    assert_eq!((state(&drafts[0]).await, state(&drafts[1]).await), (DraftState::Superseded, DraftState::Current));
    let twin = Suggestion { id: stage.id(), ..suggestions[1].clone() };
    assert_eq!(conflict(store, suggesting(&twin)).await, Conflict::Repeated, "a draft is completed once");

    let broken = stage.id();
    store.apply(created(&broken)).await.unwrap();
    let failing = change(What::DraftFailed {
        draft: broken.clone(),
        inquiry: inquiry.id.clone(),
        streamed: "お問い合わせ\u{0}ありがと".to_owned(),
        asked: Box::default(),
        code: "model-timeout".to_owned(),
    });
    store.apply(failing).await.unwrap();
    assert_eq!(store.suggestion_of(&shop(), &broken).await.unwrap(), None);
    let failed = FailedDraft {
        inquiry: inquiry.id.clone(),
        streamed: "お問い合わせ\u{0}ありがと".to_owned(),
        asked: Asked::default(),
        code: "model-timeout".to_owned(),
    };
    assert_eq!(store.failed_draft(&shop(), &broken).await.unwrap(), Some(failed), "what somebody may have read");
    assert_eq!(store.failed_draft(&shop(), &drafts[0]).await.unwrap(), None, "one that came to be");
    assert_eq!(store.failed_draft(&other(), &broken).await.unwrap(), None);
    let whose = Whose::Customer(inquiry.customer.clone().unwrap());
    let subject = store.subject_of(&shop(), &inquiry.id).await.unwrap().unwrap();
    assert!(store.traces(&shop(), &whose).await.unwrap().subjects.contains(&subject), "an erasure names it so");
    assert_eq!(store.subject_of(&other(), &inquiry.id).await.unwrap(), None);
    assert_eq!(store.workspace_of(broken.as_str()).await.unwrap(), Some(shop()), "it is recorded all the same");
}

/// One that was made before anybody measured reads as one that nobody measured.
async fn how_long_a_suggestion_took_is_kept_with_it(stage: &Stage, store: &SqlStore) {
    let inquiry = stage.inquiry("いつ届きますか", 61);
    store.apply(receiving(&inquiry)).await.unwrap();
    let plain = stage.suggestion(&inquiry, "明日です。");
    let (drafting, checks) = (Some(Duration::from_micros(1_804_200)), Some(Duration::from_micros(7)));
    let timed = Suggestion { timings: Timings { drafting, checks, ..plain.timings }, ..plain };
    let old = Suggestion { timings: Timings::default(), ..stage.suggestion(&inquiry, "明後日です。") };
    for suggestion in [timed, old] {
        store.apply(suggesting(&suggestion)).await.unwrap();
        let read = store.suggestion(&shop(), &suggestion.id).await.unwrap().unwrap();
        assert_eq!(read.timings, suggestion.timings);
        assert_eq!(read, suggestion);
    }
}

async fn a_conversation_is_read_as_turns(stage: &Stage, store: &SqlStore) {
    let first = stage.inquiry("返品したいです", 100);
    let then = |words: &str, at| Inquiry { conversation: first.conversation.clone(), ..stage.inquiry(words, at) };
    let foreign = Inquiry { customer: Some(Reference::parse("C-2").unwrap()), ..then("人違いです", 105) };
    let (second, third) = (then("送料は", 120_000), then("まだですか", 240_000));
    store.apply(receiving(&first)).await.unwrap();
    let draft = stage.suggestion(&first, "承ります。");
    store.apply(suggesting(&draft)).await.unwrap();
    let after = |new: &Inquiry, open: &Inquiry| {
        change(What::InquiryReceived { inquiry: Box::new(new.clone()), open: Some(Open::of(open)) })
    };
    let state = |draft: &Suggestion| draft.draft.as_ref().unwrap().id.clone();
    store.apply(after(&foreign, &first)).await.unwrap();
    let standing = store.suggestion_of(&shop(), &state(&draft)).await.unwrap().unwrap().1;
    assert_eq!(standing, DraftState::Current, "another customer's words supersede nothing");
    store.apply(after(&second, &foreign)).await.unwrap();
    let reply =
        Reply { text: "880円です。".to_owned(), sent_at: Timestamp(130_000), ..stage.reply(Some(&second), None) };
    store.apply(change(What::Replied { reply, checks: Checks::default() })).await.unwrap();
    store.apply(after(&third, &foreign)).await.unwrap();

    let told = async |inquiry: &Inquiry, limit| {
        let turns = store.turns(&shop(), inquiry, limit).await.unwrap();
        turns.into_iter().map(|turn| (turn.text, turn.by, turn.open)).collect::<Vec<_>>()
    };
    let customer = |words: &str| (words.to_owned(), Party::Customer, false);
    let desk = |words: &str| (words.to_owned(), Party::Desk, false);
    let all = [customer("返品したいです"), customer("送料は"), desk("880円です。")];
    assert_eq!(told(&third, 12).await, all, "a reply answers what came before it too");
    assert_eq!(told(&third, 2).await, all[1..], "the last ones");
    assert_eq!(told(&second, 12).await, [all[0].clone(), all[2].clone()], "what came later is no turn before");
    assert_eq!(told(&foreign, 12).await, [("人違いです".to_owned(), Party::Customer, true)][1..], "nobody else's");
    assert_eq!(store.turns(&other(), &third, 12).await.unwrap(), []);
}

/// Rows of all that counts decisions, replies and findings, and what answers an inquiry.
const COUNTED: [&str; 6] = [
    "SELECT COUNT(*) FROM decision",
    "SELECT COUNT(*) FROM reply",
    "SELECT COUNT(*) FROM finding",
    "SELECT COUNT(*) FROM finding WHERE reply IS NOT NULL OR person IS NOT NULL OR team IS NOT NULL",
    "SELECT COUNT(*) FROM reliance",
    "SELECT COUNT(*) FROM inquiry WHERE state = 'answered'",
];

async fn counted(stage: &Stage) -> Vec<i64> {
    let mut counts = Vec::new();
    for sql in COUNTED {
        counts.push(stage.count(sql).await);
    }
    counts
}

fn by(who: &str, at: i64, what: What) -> Change {
    Change { principal: Principal { id: who.to_owned(), ..Principal::local() }, at: Timestamp(at), ..change(what) }
}

/// An inquiry with a draft, and a decision on it with what is sent.
fn to_undo(stage: &Stage, words: &str, verb: Verb) -> (Suggestion, Undo, Option<(Reply, Checks)>) {
    let inquiry = stage.inquiry(words, 400);
    let made = Suggestion { created_at: Timestamp(401), ..stage.suggestion(&inquiry, "明日お届けします。") };
    let decision = Decision { at: Timestamp(410), ..stage.decision(&made.draft.clone().unwrap().id, verb.clone()) };
    let own = Reply { sent_at: Timestamp(410), ..stage.reply(Some(&inquiry), Some(&decision)) };
    let sent = match verb {
        Verb::Accept => Some((own, made.checks.clone())),
        Verb::Edit { .. } => Some((own, stage.suggestion(&inquiry, "x").checks)),
        Verb::Reject => None,
    };
    let reply = sent.as_ref().map(|(reply, _)| reply.id.clone());
    (made, Undo { decision, decided_by: "ann".to_owned(), inquiry: inquiry.id, reply }, sent)
}

fn deciding(undo: &Undo, sent: &Option<(Reply, Checks)>) -> Change {
    by("ann", 410, What::Decided { decision: undo.decision.clone().into(), reply: sent.clone() })
}

fn undoing(undo: &Undo) -> Change {
    by("ann", 420, What::Undone(undo.clone().into()))
}

async fn a_decision_is_taken_back(stage: &Stage, store: &SqlStore) {
    for verb in [Verb::Accept, Verb::Edit { text: "山田様、明日です。".to_owned() }, Verb::Reject] {
        let (made, undo, sent) = to_undo(stage, "いつ届きますか", verb);
        let earlier = Inquiry { id: stage.id(), received_at: Timestamp(390), ..made.inquiry.clone() };
        let later =
            change(What::InquiryReceived { inquiry: made.inquiry.clone().into(), open: Some(Open::of(&earlier)) });
        store.apply(receiving(&earlier)).await.unwrap();
        store.apply(later).await.unwrap();
        store.apply(suggesting(&made)).await.unwrap();
        let (draft, before) = (&undo.decision.draft, counted(stage).await);
        let turns = store.turns(&shop(), &made.inquiry, 9).await.unwrap();
        store.apply(deciding(&undo, &sent)).await.unwrap();
        assert_ne!(counted(stage).await, before);
        assert_eq!(store.decided_by(&shop(), &undo.decision.id).await.unwrap().as_deref(), Some("ann"));
        assert_eq!(store.decided_by(&other(), &undo.decision.id).await.unwrap(), None);
        assert_eq!(store.undone(&shop(), draft).await.unwrap(), []);

        store.apply(undoing(&undo)).await.unwrap();
        assert_eq!(counted(stage).await, before, "it counts nowhere");
        assert_eq!(store.turns(&shop(), &made.inquiry, 9).await.unwrap(), turns);
        assert_eq!(store.suggestion_of(&shop(), draft).await.unwrap().unwrap().1, DraftState::Current);
        assert_eq!(store.decision_on(&shop(), draft).await.unwrap(), None);
        assert_eq!(store.decision(&shop(), &undo.decision.id).await.unwrap(), None);
        assert_eq!(store.decided_by(&shop(), &undo.decision.id).await.unwrap(), None);
        if let Some(reply) = &undo.reply {
            assert_eq!(store.reply(&shop(), reply).await.unwrap(), None);
            assert_eq!(store.workspace_of(reply.as_str()).await.unwrap(), None);
        }
        let at = store.finding(&shop(), &made.checks.findings[0].id).await.unwrap().unwrap().at;
        assert_eq!(at, made.created_at, "an accepted draft's findings are its own again");

        let lease = store.lease(&shop(), &undo.inquiry, Timestamp(420)).await.unwrap().unwrap();
        assert_eq!((lease.principal.as_str(), lease.since), ("ann", Timestamp(420)));
        let sought = Sought::default();
        let query = query(&sought, "ann", Timestamp(420), Timestamp(0));
        let waiting = store.waiting(&shop(), &query).await.unwrap();
        let state = |id: &Id<name::Inquiry>| waiting.iter().find(|line| line.inquiry.id == *id).map(|line| line.state);
        assert_eq!(state(&undo.inquiry), Some(InquiryState::Assigned));
        assert_eq!(state(&earlier.id), Some(InquiryState::New), "what was answered with it waits again");

        let kept = UndoneDecision {
            decision: undo.decision.clone(),
            decided_by: "ann".to_owned(),
            reply: sent.clone(),
            undone_by: "ann".to_owned(),
            undone_at: Timestamp(420),
        };
        assert_eq!(store.undone(&shop(), draft).await.unwrap(), std::slice::from_ref(&kept));
        assert_eq!(store.undone(&other(), draft).await.unwrap(), []);
        assert_eq!(conflict(store, undoing(&undo)).await, Conflict::Missing, "once");

        // A later decision is like any other, and is taken back like any other.
        let decision = Decision { id: stage.id(), ..undo.decision.clone() };
        let sent = sent.map(|(reply, checks)| {
            let findings = checks.findings.into_iter().map(|finding| Finding { id: stage.id(), ..finding }).collect();
            (Reply { id: stage.id(), decision: Some(decision.id.clone()), ..reply }, Checks { findings, ..checks })
        });
        let reply = sent.as_ref().map(|(reply, _)| reply.id.clone());
        let again = Undo { decision, reply, ..undo.clone() };
        store.apply(deciding(&again, &sent)).await.unwrap();
        assert_eq!(store.decision_on(&shop(), draft).await.unwrap(), Some((again.decision.clone(), sent.clone())));
        assert_eq!(store.undone(&shop(), draft).await.unwrap(), [kept]);
        store.apply(undoing(&again)).await.unwrap();
        assert_eq!(counted(stage).await, before);
        let undone = store.undone(&shop(), draft).await.unwrap();
        assert_eq!(
            undone.iter().map(|it| &it.decision.id).collect::<Vec<_>>(),
            [&undo.decision.id, &again.decision.id]
        );
    }
}

async fn nothing_is_taken_back_that_something_stands_on(stage: &Stage, store: &SqlStore) {
    let accepted = async |words: &str| {
        let (made, undo, sent) = to_undo(stage, words, Verb::Accept);
        store.apply(receiving(&made.inquiry)).await.unwrap();
        store.apply(suggesting(&made)).await.unwrap();
        store.apply(deciding(&undo, &sent)).await.unwrap();
        (made, undo)
    };
    let ruling = |finding: &Id<name::Finding>, at| Ruling {
        id: stage.id(),
        finding: finding.clone(),
        verdict: RulingVerdict::Confirmed,
        fault: None,
        reason: None,
        waiver: None,
        at: Timestamp(at),
    };
    let refused = async |undo: &Undo, by| {
        assert_eq!(conflict(store, undoing(undo)).await, Conflict::BuiltOn(by));
        let state = store.suggestion_of(&shop(), &undo.decision.draft).await.unwrap().unwrap().1;
        assert_eq!(state, DraftState::Decided, "{by:?}");
    };

    let (made, undo) = accepted("判定").await;
    store.apply(change(What::Ruled(ruling(&made.checks.findings[0].id, 412)))).await.unwrap();
    refused(&undo, BuiltOn::Ruling).await;

    // What was ruled on the draft before stands on no reply.
    let (made, undo, sent) = to_undo(stage, "先に判定", Verb::Accept);
    store.apply(receiving(&made.inquiry)).await.unwrap();
    store.apply(suggesting(&made)).await.unwrap();
    let finding = &made.checks.findings[0].id;
    store.apply(change(What::Ruled(ruling(finding, 405)))).await.unwrap();
    store.apply(deciding(&undo, &sent)).await.unwrap();
    store.apply(undoing(&undo)).await.unwrap();
    assert_eq!(store.finding(&shop(), finding).await.unwrap().unwrap().state, FindingState::Confirmed, "it stays");

    let (_, undo) = accepted("その後").await;
    let outcome = ContactOutcome {
        id: stage.id(),
        reply: undo.reply.clone().unwrap(),
        reopened: Some(true),
        contacted_again: None,
        rating: None,
        at: Timestamp(412),
    };
    store.apply(change(What::ContactReported(outcome))).await.unwrap();
    refused(&undo, BuiltOn::ContactOutcome).await;

    let (_, undo) = accepted("見本").await;
    let reply = undo.reply.clone().unwrap();
    let judged = SampleJudgement { reply, missed: None, at: Timestamp(412) };
    store.apply(change(What::SampleJudged(judged))).await.unwrap();
    refused(&undo, BuiltOn::Sample).await;

    // The customer wrote again; who is another customer, or wrote elsewhere, did not.
    let (made, undo) = accepted("まだですか").await;
    let again = Inquiry { id: stage.id(), received_at: Timestamp(415), ..made.inquiry.clone() };
    let foreign = Inquiry { id: stage.id(), customer: Some(Reference::parse("C-9").unwrap()), ..again.clone() };
    store.apply(receiving(&foreign)).await.unwrap();
    let elsewhere = Inquiry { id: stage.id(), conversation: stage.id(), ..again.clone() };
    store.apply(receiving(&elsewhere)).await.unwrap();
    store.apply(undoing(&undo)).await.unwrap();
    let (made, undo) = accepted("まだでしょうか").await;
    let again = Inquiry { id: stage.id(), received_at: Timestamp(415), ..made.inquiry.clone() };
    store.apply(receiving(&again)).await.unwrap();
    refused(&undo, BuiltOn::Conversation).await;

    // Another system answered it since.
    let (made, undo) = accepted("電話").await;
    let reply = Reply { sent_at: Timestamp(405), ..stage.reply(Some(&made.inquiry), None) };
    store.apply(change(What::Replied { reply, checks: Checks::default() })).await.unwrap();
    refused(&undo, BuiltOn::Conversation).await;

    // It had answered it before: then it stays answered.
    let (made, undo, sent) = to_undo(stage, "先に電話", Verb::Accept);
    store.apply(receiving(&made.inquiry)).await.unwrap();
    store.apply(suggesting(&made)).await.unwrap();
    let reply = stage.reply(Some(&made.inquiry), None);
    store.apply(change(What::Replied { reply, checks: Checks::default() })).await.unwrap();
    store.apply(deciding(&undo, &sent)).await.unwrap();
    store.apply(undoing(&undo)).await.unwrap();
    assert_eq!(store.open_inquiry(&shop(), &made.inquiry.conversation).await.unwrap(), None);
    assert_eq!(store.lease(&shop(), &undo.inquiry, Timestamp(420)).await.unwrap(), None);

    // After a rejection: more words, another draft, or somebody else who took it.
    let rejected = async |words: &str| {
        let (made, undo, sent) = to_undo(stage, words, Verb::Reject);
        store.apply(receiving(&made.inquiry)).await.unwrap();
        store.apply(suggesting(&made)).await.unwrap();
        store.apply(deciding(&undo, &sent)).await.unwrap();
        (made, undo)
    };
    let (made, undo) = rejected("追加").await;
    let text = InquiryText::parse("追加\n色も変えたいです").unwrap();
    let joined = Inquiry { text, received_at: Timestamp(415), ..made.inquiry.clone() };
    store.apply(joining(&joined, &made.inquiry)).await.unwrap();
    refused(&undo, BuiltOn::Conversation).await;
    let (made, undo) = rejected("作り直し").await;
    let another = Suggestion { created_at: Timestamp(415), ..stage.suggestion(&made.inquiry, "別の案です。") };
    store.apply(suggesting(&another)).await.unwrap();
    refused(&undo, BuiltOn::Conversation).await;
    let (made, undo) = rejected("引き取り").await;
    let (inquiry, since, until) = (made.inquiry.id.clone(), Timestamp(412), Timestamp(900));
    let lease = Lease { inquiry, principal: "bob".to_owned(), since, until };
    store.apply(by("bob", 412, What::Held { lease, over: false })).await.unwrap();
    assert_eq!(conflict(store, undoing(&undo)).await, Conflict::Held);
    // Unless it is they who take it back, as an admin may: it stays with them.
    store.apply(by("bob", 420, What::Undone(undo.clone().into()))).await.unwrap();
    let lease = store.lease(&shop(), &undo.inquiry, Timestamp(420)).await.unwrap().unwrap();
    assert_eq!(lease.principal, "bob");
}

async fn a_person_takes_over(stage: &Stage, store: &SqlStore) {
    let inquiry = stage.inquiry("店長を出してください", 70);
    store.apply(receiving(&inquiry)).await.unwrap();
    let draft = stage.suggestion(&inquiry, "申し訳ございません。");
    store.apply(suggesting(&draft)).await.unwrap();
    let outcome = Outcome::Handoff { reason: HandoffReason::PersonRequested, packet: Packet::default() };
    let handoff = Suggestion { id: stage.id(), outcome, draft: None, checks: Checks::default(), ..draft.clone() };
    store.apply(suggesting(&handoff)).await.unwrap();
    assert_eq!(store.suggestion(&shop(), &handoff.id).await.unwrap(), Some(handoff));
    let state = store.suggestion_of(&shop(), &draft.draft.unwrap().id).await.unwrap().unwrap().1;
    assert_eq!(state, DraftState::Superseded);
}

async fn a_person_takes_over_a_stream(stage: &Stage, store: &SqlStore) {
    let inquiry = stage.inquiry("責任者に代わってください", 5);
    store.apply(receiving(&inquiry)).await.unwrap();
    let drafts: [Id<name::Draft>; 2] = [stage.id(), stage.id()];
    let opened =
        |draft: &Id<name::Draft>| change(What::DraftCreated { draft: draft.clone(), inquiry: inquiry.id.clone() });
    let handoff = |inquiry: &Inquiry| {
        let outcome = Outcome::Handoff { reason: HandoffReason::PersonRequested, packet: Packet::default() };
        Suggestion { outcome, draft: None, checks: Checks::default(), ..stage.suggestion(inquiry, "x") }
    };
    store.apply(opened(&drafts[0])).await.unwrap();
    let text = inquiry.text.joined(&InquiryText::parse("急いでいます").unwrap()).unwrap();
    let joined = Inquiry { text, ..inquiry.clone() };
    store.apply(joining(&joined, &inquiry)).await.unwrap();
    store.apply(opened(&drafts[1])).await.unwrap();

    let [overtaken, current] = [handoff(&inquiry), handoff(&joined)];
    store.apply(suggesting(&overtaken)).await.unwrap();
    store.apply(suggesting(&current)).await.unwrap();
    let found = store.suggestion_of(&shop(), &drafts[0]).await.unwrap();
    assert_eq!(found, Some((overtaken, DraftState::Superseded)));
    let found = store.suggestion_of(&shop(), &drafts[1]).await.unwrap();
    assert_eq!(found, Some((current, DraftState::Current)));
    let decision = stage.decision(&drafts[1], Verb::Edit { text: "店長の佐藤です。".to_owned() });
    let sent = (stage.reply(Some(&joined), Some(&decision)), Checks::default());
    store.apply(change(What::Decided { decision: decision.clone().into(), reply: Some(sent.clone()) })).await.unwrap();
    assert_eq!(store.decision(&shop(), &decision.id).await.unwrap(), Some((decision, Some(sent))));
}

async fn people_rule_reply_and_report(stage: &Stage, store: &SqlStore, decided: &Suggestion) {
    let ruling = |finding: &Id<name::Finding>| Ruling {
        id: stage.id(),
        finding: finding.clone(),
        verdict: RulingVerdict::Dismissed,
        fault: Some(Fault::Rule),
        reason: Some("商品名なので".to_owned()),
        waiver: None,
        at: Timestamp(32),
    };
    let finding = &decided.checks.findings[0].id;
    for ruling in [ruling(finding), Ruling { reason: None, fault: None, ..ruling(finding) }] {
        store.apply(change(What::Ruled(ruling.clone()))).await.unwrap();
        assert_eq!(store.ruling(&other(), &ruling.id).await.unwrap(), None);
        assert_eq!(store.ruling(&shop(), &ruling.id).await.unwrap(), Some(ruling));
    }
    assert_eq!(stage.count("SELECT COUNT(*) FROM finding WHERE state = 'dismissed'").await, 1);
    assert_eq!(conflict(store, change(What::Ruled(ruling(&stage.id())))).await, Conflict::Missing);

    let inquiry = stage.inquiry("電話しました", 80);
    store.apply(receiving(&inquiry)).await.unwrap();
    let replies = [stage.reply(Some(&inquiry), None), stage.reply(None, None)];
    for reply in &replies {
        let checks = stage.suggestion(&inquiry, "x").checks;
        store.apply(change(What::Replied { reply: reply.clone(), checks: checks.clone() })).await.unwrap();
        assert_eq!(store.reply(&shop(), &reply.id).await.unwrap(), Some((reply.clone(), checks)));
    }
    assert_eq!(store.open_inquiry(&shop(), &inquiry.conversation).await.unwrap(), None);
    let outcome = |reply: &Id<name::Reply>| {
        let (reopened, contacted_again, rating) = (Some(true), None, Some(4));
        let at = Timestamp(99);
        ContactOutcome { id: stage.id(), reply: reply.clone(), reopened, contacted_again, rating, at }
    };
    let reported = outcome(&replies[1].id);
    store.apply(change(What::ContactReported(reported.clone()))).await.unwrap();
    assert_eq!(store.contact_outcome(&other(), &reported.id).await.unwrap(), None);
    assert_eq!(store.contact_outcome(&shop(), &reported.id).await.unwrap(), Some(reported));
    assert_eq!(stage.count("SELECT rating + reopened FROM contact_outcome").await, 5);
    assert_eq!(conflict(store, change(What::ContactReported(outcome(&stage.id())))).await, Conflict::Missing);
}

async fn qa_looks_through_findings(stage: &Stage, store: &SqlStore) {
    let sending = |vendor: &str, at: i64, accepted: bool| {
        let inquiry = stage.inquiry("届きません", at);
        let suggestion = stage.suggestion(&inquiry, "解約してください。");
        let decision =
            stage.decision(&suggestion.draft.as_ref().unwrap().id, if accepted { Verb::Accept } else { Verb::Reject });
        let reply = Reply {
            vendor: Some(vendor.to_owned()),
            team: Some("夜間".to_owned()),
            sent_at: Timestamp(at),
            ..stage.reply(Some(&inquiry), accepted.then_some(&decision))
        };
        (inquiry, suggestion, decision, reply)
    };
    // An accepted draft, and a reply from elsewhere whose findings are its own.
    let (inquiry, suggestion, decision, reply) = sending("外部A", 2_000, true);
    for change in [receiving(&inquiry), suggesting(&suggestion)] {
        store.apply(change).await.unwrap();
    }
    let sent = Some((reply.clone(), suggestion.checks.clone()));
    store.apply(change(What::Decided { decision: decision.into(), reply: sent })).await.unwrap();
    let (other_inquiry, checked, _, elsewhere) = sending("外部B", 3_000, false);
    store.apply(receiving(&other_inquiry)).await.unwrap();
    let (reported, checks) = (elsewhere.clone(), checked.checks.clone());
    store.apply(change(What::Replied { reply: reported, checks })).await.unwrap();

    let of = |vendor: &str| FindingFilter { vendor: Some(vendor.to_owned()), ..FindingFilter::default() };
    let found = store.findings(&shop(), &of("外部A"), None, 10).await.unwrap();
    assert_eq!(found.len(), 2);
    let filed = &found[0];
    assert_eq!((&filed.reply, &filed.inquiry), (&Some(reply.id.clone()), &Some(inquiry.id.clone())));
    assert_eq!(filed.checked, CheckedText::Draft(suggestion.draft.as_ref().unwrap().id.clone()));
    assert_eq!(
        (filed.text.as_str(), filed.state, filed.at),
        ("解約してください。", FindingState::Open, Timestamp(2_000))
    );
    assert_eq!((filed.person.as_deref(), filed.team.as_deref()), (Some("佐藤"), Some("夜間")));
    let found = store.findings(&shop(), &of("外部B"), None, 10).await.unwrap();
    assert_eq!((&found[0].checked, &found[0].text), (&CheckedText::Reply(elsewhere.id.clone()), &elsewhere.text));
    assert_eq!(found[0].situation.as_deref(), Some("delivery_delay"));
    assert!(store.findings(&other(), &of("外部A"), None, 10).await.unwrap().is_empty());

    // Every filter narrows, and the pages of a list join without a gap.
    let all = store.findings(&shop(), &FindingFilter::default(), None, 1_000).await.unwrap();
    let mut paged: Vec<FiledFinding> = Vec::new();
    loop {
        let behind = paged.last().map(|filed| filed.finding.id.clone());
        let page = store.findings(&shop(), &FindingFilter::default(), behind.as_ref(), 3).await.unwrap();
        if page.is_empty() {
            break;
        }
        paged.extend(page);
    }
    assert_eq!(paged, all);
    let first = all.iter().find(|filed| filed.vendor.as_deref() == Some("外部A")).unwrap();
    let narrow = [
        FindingFilter { category: Some(first.finding.seen.category), ..FindingFilter::default() },
        FindingFilter { situation: Some("delivery_delay".to_owned()), ..FindingFilter::default() },
        FindingFilter { person: Some("佐藤".to_owned()), ..FindingFilter::default() },
        FindingFilter { team: Some("夜間".to_owned()), ..FindingFilter::default() },
        FindingFilter { guide: first.finding.guide.clone(), ..FindingFilter::default() },
        FindingFilter { state: Some(FindingState::Open), ..FindingFilter::default() },
        FindingFilter { sent: Some(true), ..FindingFilter::default() },
        FindingFilter { from: Some(Timestamp(2_000)), until: Some(Timestamp(2_001)), ..FindingFilter::default() },
    ];
    for filter in narrow {
        let some = store.findings(&shop(), &filter, None, 1_000).await.unwrap();
        assert!(some.contains(first) && some.len() < all.len(), "{filter:?}: {} of {}", some.len(), all.len());
    }
    let none = FindingFilter { rule: Some("nobody".to_owned()), ..FindingFilter::default() };
    assert!(store.findings(&shop(), &none, None, 10).await.unwrap().is_empty());

    // A waiver is a ruling with words and a day.
    let waiver = Waiver {
        id: stage.id(),
        rule: first.finding.seen.rule.clone(),
        phrase: "解約".to_owned(),
        until: Day::parse("2026-12-31").unwrap(),
    };
    let ruling = Ruling {
        id: stage.id(),
        finding: first.finding.id.clone(),
        verdict: RulingVerdict::Waived,
        fault: Some(Fault::Guide),
        reason: None,
        waiver: Some(waiver.clone()),
        at: Timestamp(4_000),
    };
    store.apply(change(What::Ruled(ruling.clone()))).await.unwrap();
    assert_eq!(store.ruling(&shop(), &ruling.id).await.unwrap().as_ref(), Some(&ruling));
    let filed = store.finding(&shop(), &first.finding.id).await.unwrap().unwrap();
    assert_eq!((filed.state, &filed.rulings), (FindingState::Waived, &vec![ruling]));
    let on = |day: &str| Day::parse(day).unwrap();
    assert_eq!(store.waivers(&shop(), on("2026-12-31")).await.unwrap(), [waiver]);
    assert!(store.waivers(&shop(), on("2027-01-01")).await.unwrap().is_empty());
    assert!(store.waivers(&other(), on("2026-12-31")).await.unwrap().is_empty());

    let tallies = store.tallies(&shop(), &of("外部A")).await.unwrap();
    assert_eq!(
        tallies.iter().map(|tally| (tally.open, tally.waived, tally.fault_guide)).collect::<Vec<_>>(),
        [(1, 1, 1)]
    );
    let sent = store.sent(&shop(), GroupBy::Vendor, Timestamp(0), Timestamp(9_000)).await.unwrap();
    let counted: Vec<_> = sent.iter().map(|sent| (sent.group.as_str(), sent.sent_at.0, sent.findings)).collect();
    assert_eq!(counted, [("外部A", 2_000, 1), ("外部B", 3_000, 2)]);
    let teams = store.sent(&shop(), GroupBy::Team, Timestamp(2_000), Timestamp(3_000)).await.unwrap();
    assert_eq!(teams.iter().map(|sent| sent.group.as_str()).collect::<Vec<_>>(), ["夜間"]);
}

async fn qa_keeps_what_it_does_beside_ruling(stage: &Stage, store: &SqlStore) {
    let by = |who: &str, at, what| {
        let principal = Principal { id: who.to_owned(), ..Principal::local() };
        Change { principal, at: Timestamp(at), ..change(what) }
    };
    // Two findings in a reply, and a reply without.
    let inquiry = stage.inquiry("請求書が届きません", 5_000);
    store.apply(receiving(&inquiry)).await.unwrap();
    let replied = |text: &str, at, checks: Checks| {
        let reply =
            Reply { text: text.to_owned(), sent_at: Timestamp(at), vendor: None, ..stage.reply(Some(&inquiry), None) };
        (reply.clone(), change(What::Replied { reply, checks }))
    };
    let checks = stage.suggestion(&inquiry, "解約してください。").checks;
    let (reply, sending) = replied("解約してください。", 6_000, checks.clone());
    store.apply(sending).await.unwrap();
    let (clean, sending) = replied("承知いたしました。", 6_500, Checks::default());
    store.apply(sending).await.unwrap();
    let [first, second] = [&checks.findings[0], &checks.findings[1]].map(|finding| finding.id.clone());

    let (from, until) = (Some(Timestamp(6_000)), Some(Timestamp(7_000)));
    let of = FindingFilter { from, until, ..FindingFilter::default() };
    let found = store.findings(&shop(), &of, None, 10).await.unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].beside.len(), 1, "what else was found in the text");
    let of_vendor = FindingFilter { vendor: Some("外部A".to_owned()), ..of.clone() };
    assert!(store.findings(&shop(), &of_vendor, None, 10).await.unwrap().is_empty());
    let own = FindingFilter { own: true, ..of.clone() };
    assert_eq!(store.findings(&shop(), &own, None, 10).await.unwrap(), found);
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let weighing = FindingFilter { severity: Some(severity), ..of.clone() };
        let fit = found.iter().filter(|filed| filed.finding.seen.severity == severity).count();
        assert_eq!(store.findings(&shop(), &weighing, None, 10).await.unwrap().len(), fit, "{severity:?}");
    }

    // Their places, the latest first.
    let place = store.finding_place(&shop(), &of, &found[1].finding.id).await.unwrap();
    let before = Some(found[0].finding.id.clone());
    assert_eq!(place, FindingPlace { rank: 2, of: 2, before, after: None });
    let nowhere = store.finding_place(&other(), &of, &first).await.unwrap();
    assert_eq!(nowhere, FindingPlace { rank: 1, ..FindingPlace::default() });
    let waiting = store.queue_counts(&shop(), Timestamp(7_000)).await.unwrap();
    let own = waiting.vendors.first().filter(|(vendor, _)| vendor.is_none()).map(|(_, count)| *count);
    assert!(own >= Some(2) && waiting.open > own.unwrap(), "the shop itself first: {waiting:?}");

    // A ruling, seen by who asks for the rule, and by nobody who is to rule again.
    let confirmed = Ruling {
        id: stage.id(),
        finding: first.clone(),
        verdict: RulingVerdict::Confirmed,
        fault: Some(Fault::Operator),
        reason: Some("言い換える".to_owned()),
        waiver: None,
        at: Timestamp(7_000),
    };
    let disputed =
        |at| What::Disputed(Dispute { finding: first.clone(), reason: "会報の名".to_owned(), at: Timestamp(at) });
    assert_eq!(
        conflict(store, by("bob", 6_900, disputed(6_900))).await,
        Conflict::Missing,
        "nothing is held against bob"
    );
    store.apply(by("ann", 7_000, What::Ruled(confirmed))).await.unwrap();
    let counts = store.queue_counts(&shop(), Timestamp(7_000)).await.unwrap();
    assert_eq!((counts.ruled, counts.open), (1, waiting.open - 1));
    let ruled_since = FindingFilter { ruled_since: Some(Timestamp(7_000)), ..FindingFilter::default() };
    assert_eq!(store.findings(&shop(), &ruled_since, None, 10).await.unwrap().len(), 1);
    let past = store.ruled_by_rule(&shop(), &checks.findings[0].seen.rule, 1).await.unwrap();
    assert_eq!((past[0].principal.as_str(), past[0].reason.as_deref()), ("ann", Some("言い換える")));
    let again = async |who: &str| store.ruled_by_others(&shop(), who, Timestamp(7_000)).await.unwrap();
    assert_eq!((again("ann").await, again("cleo").await), (vec![], vec![first.clone()]));
    let ruled_again = |finding: &Id<name::Finding>, at| {
        let (finding, verdict) = (finding.clone(), RulingVerdict::Dismissed);
        What::RuledAgain(SecondRuling { finding, verdict, fault: None, at: Timestamp(at) })
    };
    assert_eq!(conflict(store, by("ann", 7_100, ruled_again(&first, 7_100))).await, Conflict::Missing);
    assert_eq!(conflict(store, by("cleo", 7_100, ruled_again(&second, 7_100))).await, Conflict::Missing);
    store.apply(by("cleo", 7_100, ruled_again(&first, 7_100))).await.unwrap();
    assert_eq!(conflict(store, by("dora", 7_200, ruled_again(&first, 7_200))).await, Conflict::Repeated);
    let twice = store.ruled_twice(&shop()).await.unwrap();
    assert_eq!((twice[0].first, twice[0].second), (RulingVerdict::Confirmed, RulingVerdict::Dismissed));
    assert_eq!(again("dora").await, []);

    // The author's side speaks once, and is answered once.
    store.apply(by("bob", 7_300, disputed(7_300))).await.unwrap();
    assert_eq!(conflict(store, by("bob", 7_400, disputed(7_400))).await, Conflict::Repeated);
    let filed = store.dispute(&shop(), &first).await.unwrap().unwrap();
    assert_eq!((filed.by.as_str(), filed.dispute.reason.as_str(), &filed.answer), ("bob", "会報の名", &None));
    let ruling = Ruling {
        id: stage.id(),
        finding: first.clone(),
        verdict: RulingVerdict::Dismissed,
        fault: None,
        reason: None,
        waiver: None,
        at: Timestamp(7_500),
    };
    let answer =
        DisputeAnswer {
            finding: first.clone(), granted: true, reason: "そのとおり".to_owned(), at: Timestamp(7_500)
        };
    let answered = What::DisputeAnswered { answer: answer.clone(), ruling: Some(ruling) };
    store.apply(by("ann", 7_500, answered.clone())).await.unwrap();
    assert_eq!(store.finding(&shop(), &first).await.unwrap().unwrap().state, FindingState::Dismissed);
    assert_eq!(store.disputes(&shop()).await.unwrap()[0].answer, Some((answer, "ann".to_owned())));
    assert_eq!(conflict(store, by("ann", 7_600, answered)).await, Conflict::Missing);
    assert_eq!(store.disputes(&other()).await.unwrap(), []);

    // A reply in which nothing was found is looked through once.
    let replies = async |until| store.clean_replies(&shop(), Timestamp(6_000), Timestamp(until)).await.unwrap();
    assert_eq!(replies(6_500).await, []);
    assert_eq!(
        replies(6_501).await.iter().map(|one| (&one.reply, one.judged)).collect::<Vec<_>>(),
        [(&clean.id, None)]
    );
    let missed = Some(Missed { category: Category::ColdStiff, words: "承知".to_owned() });
    let judged = What::SampleJudged(SampleJudgement { reply: clean.id.clone(), missed, at: Timestamp(7_700) });
    store.apply(by("ann", 7_700, judged.clone())).await.unwrap();
    assert_eq!(replies(6_501).await[0].judged, Some(true));
    assert_eq!(conflict(store, by("cleo", 7_800, judged)).await, Conflict::Repeated);

    // What somebody keeps is theirs alone.
    let filter = SavedFilter { id: stage.id(), name: "重い".to_owned(), query: "view=severe".to_owned() };
    store.apply(by("ann", 7_900, What::FilterSaved(filter.clone()))).await.unwrap();
    assert_eq!(store.filters(&shop(), "ann").await.unwrap(), std::slice::from_ref(&filter));
    assert_eq!(store.filters(&shop(), "bob").await.unwrap(), []);
    assert_eq!(conflict(store, by("bob", 8_000, What::FilterRemoved(filter.id.clone()))).await, Conflict::Missing);
    store.apply(by("ann", 8_000, What::FilterRemoved(filter.id))).await.unwrap();
    assert_eq!(store.filters(&shop(), "ann").await.unwrap(), []);

    let lately = store.sent_lately(&shop(), 1_000).await.unwrap();
    let at = |id: &Id<name::Reply>| lately.iter().position(|sent| sent.reply.id == *id).unwrap();
    assert!(at(&clean.id) < at(&reply.id), "the last first");
    assert_eq!(lately[at(&reply.id)].findings, checks.findings);
    assert_eq!(store.sent_lately(&shop(), 1).await.unwrap(), lately[..1]);
    assert_eq!(store.sent_lately(&other(), 10).await.unwrap(), []);
    let (guides, now) = (store.guides(&shop()).await.unwrap(), store.guide(&shop()).await.unwrap());
    assert_eq!(now.map(|guide| (guide.id, guide.recorded_from)).as_ref(), guides.last());
}

async fn keys_open_and_close(stage: &Stage, store: &SqlStore) {
    let key = Key {
        id: stage.id(),
        workspace: shop(),
        role: Role::Qa,
        label: "品質".to_owned(),
        secret_hash: "ab".repeat(32),
    };
    assert!(!store.ever_had_keys().await.unwrap());
    store.apply(change(What::KeyCreated(key.clone()))).await.unwrap();
    assert_eq!(store.key(&key.secret_hash).await.unwrap(), Some(key.clone()));
    assert_eq!(store.keys(&shop()).await.unwrap(), std::slice::from_ref(&key));
    assert_eq!(store.keys(&other()).await.unwrap(), []);
    let from_outside = Change { workspace: other(), ..change(What::KeyRevoked(key.id.clone())) };
    assert_eq!(conflict(store, from_outside).await, Conflict::Missing);
    store.apply(change(What::KeyRevoked(key.id.clone()))).await.unwrap();
    assert_eq!(store.key(&key.secret_hash).await.unwrap(), None);
    assert_eq!(store.keys(&shop()).await.unwrap(), []);
    assert_eq!(conflict(store, change(What::KeyRevoked(key.id))).await, Conflict::Missing);
    assert!(store.ever_had_keys().await.unwrap(), "a revoked key was a key");
}

async fn a_twin_of_a_request_changes_nothing(stage: &Stage, store: &SqlStore) {
    let inquiries: Vec<_> = (0..8).map(|n| stage.inquiry("二度押しました", 100 + n)).collect();
    let twins = inquiries.iter().map(|inquiry| {
        let (key, request_hash, made) = ("k-1".to_owned(), "00".repeat(32), inquiry.id.to_string());
        let idempotency = Some(Idempotency { key, request_hash, made });
        let (store, change) = (store.clone(), Change { idempotency, ..receiving(inquiry) });
        tokio::spawn(async move { store.apply(change).await })
    });
    let mut made = Vec::new();
    for (twin, inquiry) in twins.collect::<Vec<_>>().into_iter().zip(&inquiries) {
        match twin.await.unwrap() {
            Ok(_) => made.push(inquiry),
            Err(StoreError::Conflict(Conflict::Repeated)) => {
                assert_eq!(store.inquiry(&shop(), &inquiry.id).await.unwrap(), None, "nothing of it is written");
            }
            otherwise => panic!("{otherwise:?}"),
        }
    }
    assert_eq!(made.len(), 1);
    let principal = Principal::local();
    let sent = "00".repeat(32);
    let repeated = store.repeated(&shop(), &principal, "k-1", &sent).await.unwrap().unwrap();
    assert_eq!((&repeated.made, &repeated.request_hash), (&made[0].id.to_string(), &sent));
    let another = store.repeated(&shop(), &principal, "k-1", &"11".repeat(32)).await.unwrap().unwrap();
    assert!(another.request_hash != "11".repeat(32) && another.request_hash != sent, "the hash is kept under a key");
    assert_eq!(store.repeated(&other(), &principal, "k-1", &sent).await.unwrap(), None);
    assert_eq!(store.repeated(&shop(), &Principal::system(), "k-1", &sent).await.unwrap(), None);
}

async fn a_caller_who_leaves_leaves_nothing_half_done(stage: &Stage, store: &SqlStore) {
    let before = log(store, &shop()).await.len() as u64;
    let inquiry = stage.inquiry("返事を待たない", 150);
    // Asked once and dropped: even the shortest timer may let a quick disk finish first.
    tokio::select! {
        biased;
        applied = store.apply(receiving(&inquiry)) => panic!("nothing is durable at once: {applied:?}"),
        () = std::future::ready(()) => {}
    }
    let next = store.apply(receiving(&stage.inquiry("次の人", 151))).await.unwrap();
    assert_eq!(next.sequence, before + 2);
    assert_eq!(store.inquiry(&shop(), &inquiry.id).await.unwrap(), Some(inquiry));
}

async fn many_callers_at_once_leave_no_gap(stage: &Stage, store: &SqlStore) {
    let before = log(store, &shop()).await.len() as u64;
    let callers: Vec<_> = (0..200)
        .map(|n| {
            // Every fifth revokes a key that is not there: taken back alone, without a number of its own.
            let change = match n % 5 {
                0 => change(What::KeyRevoked(stage.id())),
                _ => receiving(&stage.inquiry("一斉に", 200 + n)),
            };
            let store = store.clone();
            tokio::spawn(async move { store.apply(change).await })
        })
        .collect();
    let mut sequences = Vec::new();
    for caller in callers {
        sequences.extend(caller.await.unwrap().ok().map(|applied| applied.sequence));
    }
    sequences.sort_unstable();
    assert_eq!(sequences, (before + 1..=before + 160).collect::<Vec<_>>());
}

async fn the_foreign_workspace_sees_nothing(stage: &Stage, store: &SqlStore, decided: &Suggestion) {
    let (inquiry, draft) = (&decided.inquiry, decided.draft.clone().unwrap().id);
    assert_eq!(store.inquiry(&other(), &inquiry.id).await.unwrap(), None);
    assert_eq!(store.suggestion(&other(), &decided.id).await.unwrap(), None);
    assert_eq!(store.suggestion_for(&other(), &inquiry.id).await.unwrap(), None);
    assert_eq!(store.suggestion_of(&other(), &draft).await.unwrap(), None);
    assert_eq!(store.revisions(&other()).await.unwrap(), []);
    assert_eq!(store.last_changed(&other()).await.unwrap(), 0);
    let revision = store.revisions(&shop()).await.unwrap().remove(0).id;
    assert_eq!(store.revision(&other(), &revision).await.unwrap(), None);
    let finding = &decided.checks.findings[0].id;
    for id in [inquiry.id.as_str(), decided.id.as_str(), draft.as_str(), finding.as_str(), revision.as_str()] {
        assert_eq!(store.workspace_of(id).await.unwrap(), Some(shop()), "{id}");
    }
    assert_eq!(store.workspace_of("inq_nothing").await.unwrap(), None);

    let decision = stage.decision(&draft, Verb::Reject);
    let stolen = Change { workspace: other(), ..change(What::Decided { decision: decision.into(), reply: None }) };
    assert_eq!(conflict(store, stolen).await, Conflict::Missing);
    let smuggled = Change { workspace: other(), ..receiving(&stage.inquiry("よその店へ", 1)) };
    assert_eq!(conflict(store, smuggled).await, Conflict::NoWorkspace);
    assert_eq!(log(store, &other()).await.len(), 1, "nothing but its opening");
}

/// The log as an export has it.
async fn exported(store: &SqlStore) -> String {
    let whole = store.checkpoint(&shop()).await.unwrap().unwrap();
    let signed = store.checkpoints(&shop(), 0, 100_000).await.unwrap();
    let (events, count) = (whole.size, signed.iter().filter(|signed| signed.size <= whole.size).count());
    let mut lines = vec![format!(
        r#"{{"format":1,"key":{},"events":{events},"checkpoints":{count},"checkpoint":{}}}"#,
        serde_json::to_string(&store.signing_key()).unwrap(),
        serde_json::to_string(&whole.note).unwrap()
    )];
    for event in log(store, &shop()).await.iter().filter(|event| event.sequence <= whole.size) {
        lines.push(serde_json::to_string(event).unwrap());
        for here in signed.iter().filter(|signed| signed.size == event.sequence) {
            lines.push(format!(r#"{{"checkpoint":{}}}"#, serde_json::to_string(&here.note).unwrap()));
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

async fn the_log_verifies_and_cannot_be_changed(stage: &Stage, store: &SqlStore) {
    let events = log(store, &shop()).await;
    let everything = EventFilter::default();
    let (last, before) = (events.len() as u64, events.len() - 1);
    let latest = store.last_events(&shop(), &everything, None, 2).await.unwrap();
    assert_eq!(latest, [events[before].clone(), events[before - 1].clone()], "the last one first");
    assert_eq!(store.last_events(&shop(), &everything, Some(last), 1).await.unwrap(), [events[before - 1].clone()]);
    let opened = EventFilter { of: Some("workspace".to_owned()), ..EventFilter::default() };
    assert_eq!(store.last_events(&shop(), &opened, None, 9).await.unwrap(), [events[0].clone()]);
    let principals = store.principals(&shop()).await.unwrap();
    assert!(["ann", "bob", "local"].iter().all(|who| principals.iter().any(|known| known == who)), "{principals:?}");
    assert_eq!((events[0].sequence, events[0].previous.as_str()), (1, GENESIS));
    let export = exported(store).await;
    let signed = store.checkpoints(&shop(), 0, 10_000).await.unwrap();
    assert_eq!(signed.len() as u64, store.count_checkpoints(&shop(), events.len() as u64).await.unwrap());
    assert_eq!(signed.last().unwrap().size, events.len() as u64);
    assert!(signed.windows(2).all(|pair| pair[1].size - pair[0].size <= 256), "no two are farther apart");
    assert_eq!(store.kept(&shop()).await.unwrap().as_ref(), signed.last().map(|signed| &signed.note));
    let pins = Pins { key: None, checkpoints: signed.into_iter().map(|signed| signed.note).collect() };
    let verified = verify(export.as_bytes(), &pins).unwrap();
    assert_eq!((verified.events, verified.kept), (events.len() as u64, pins.checkpoints.len()));
    assert_eq!((verified.workspace, verified.key), ("shop".to_owned(), store.signing_key()));
    let key = VerifierKey::parse(&store.signing_key()).unwrap();
    for sequence in [1, 2, events.len() as u64] {
        let proof = store.proof(&shop(), sequence).await.unwrap().unwrap();
        assert_eq!(proof.content, events[sequence as usize - 1].content);
        assert_eq!(included(&proof.content, sequence - 1, &proof.path, &proof.checkpoint, &key), Ok(()));
    }
    assert_eq!(store.proof(&shop(), events.len() as u64 + 1).await.unwrap(), None);
    let of_draft = |event: &Event| {
        let content: serde_json::Value = serde_json::from_str(&event.content).unwrap();
        content["refs"]["draft"].as_str().map(str::to_owned)
    };
    let draft = events.iter().find_map(of_draft).unwrap();
    let of_it: Vec<&Event> = events.iter().filter(|event| of_draft(event).as_ref() == Some(&draft)).collect();
    let naming = EventFilter { naming: Some(draft.clone()), ..EventFilter::default() };
    assert_eq!(store.events(&shop(), &naming, 0, 100).await.unwrap().iter().collect::<Vec<_>>(), of_it);
    events_are_asked_for_by_what_they_are(store, &events).await;
    let last = export.rfind("{\"sequence\"").unwrap();
    let cut = verify(&export.as_bytes()[..last], &pins).unwrap_err();
    assert_eq!((cut.sequence, cut.reason), (events.len() as u64, Reason::Truncated));
    for event in &events {
        assert!(event.content.is_ascii() && !event.content.contains("ORDER-"), "{}", event.content);
    }
    for meddling in [
        "UPDATE event SET content = '{}' WHERE sequence = 2",
        "DELETE FROM event WHERE sequence = 2",
        "DELETE FROM event",
        "UPDATE checkpoint SET note = ''",
        "DELETE FROM checkpoint",
    ] {
        let refused = stage.meddle(meddling).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{meddling}: {refused}");
    }
    let other_way = if stage.url.starts_with("sqlite:") {
        "INSERT OR REPLACE INTO event SELECT workspace, sequence, id, type, at, principal, '{}', previous, hash FROM event"
    } else {
        "TRUNCATE event"
    };
    let refused = stage.meddle(other_way).await.unwrap_err().to_string();
    assert!(refused.contains("append-only"), "{refused}");
    assert_eq!(log(store, &shop()).await, events);
}

/// Each condition lets through what an event says of itself, and all of them together what fits each.
async fn events_are_asked_for_by_what_they_are(store: &SqlStore, events: &[Event]) {
    let says = |event: &Event, pointer: &str| {
        let content: serde_json::Value = serde_json::from_str(&event.content).unwrap();
        content.pointer(pointer).unwrap().as_str().unwrap().to_owned()
    };
    let all = EventFilter::default();
    let of = |of: &str| EventFilter { of: Some(of.to_owned()), ..EventFilter::default() };
    let (noon, later) = (Timestamp(10), Timestamp(11));
    let by = EventFilter { principal: Some(Principal::local().id.to_string()), ..EventFilter::default() };
    let during = EventFilter { from: Some(noon), until: Some(later), ..of("inquiry") };
    type Fits<'a> = Box<dyn Fn(&Event) -> bool + 'a>;
    let cases: [(EventFilter, Fits<'_>); 6] = [
        (all, Box::new(|_| true)),
        (of("draft"), Box::new(|event| says(event, "/type").starts_with("draft."))),
        (of("draft.suggested"), Box::new(|event| says(event, "/type") == "draft.suggested")),
        (of("draf"), Box::new(|_| false)),
        (by, Box::new(|event| says(event, "/principal/id") == Principal::local().id.as_str())),
        (
            during,
            Box::new(|event| {
                let at = Timestamp::parse(&says(event, "/at")).unwrap();
                says(event, "/type").starts_with("inquiry.") && at >= noon && at < later
            }),
        ),
    ];
    for (filter, fits) in cases {
        let expected: Vec<&Event> = events.iter().filter(|event| fits(event)).collect();
        assert!(!expected.is_empty() || filter.of.as_deref() == Some("draf"), "{filter:?} is asked for nothing");
        let found = store.events(&shop(), &filter, 0, 1_000).await.unwrap();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{filter:?}");
        let behind = expected.first().map_or(0, |event| event.sequence);
        let found = store.events(&shop(), &filter, behind, 1).await.unwrap();
        assert_eq!(found.first(), expected.get(1).copied(), "{filter:?} a page later");
    }
}

/// Each word of the customer or of the answer is looked for in every other table's every column.
async fn personal_words_stand_in_one_table(stage: &Stage) {
    for (table, columns) in [
        ("inquiry", "id || conversation || channel || situation || state || subject || text"),
        ("suggestion", "id || inquiry || outcome || text"),
        ("draft", "id || inquiry || state || COALESCE(code, '') || COALESCE(streamed, '')"),
        ("decision", "id || draft || action || principal || text"),
        ("reply", "id || channel || subject || text || COALESCE(decision, '')"),
        ("ruling", "id || finding || verdict || COALESCE(text, '')"),
        ("undone_decision", "id || draft || action || principal || text || COALESCE(reply_text, '') || undone_by"),
        ("finding", "id || checked || subject"),
        ("event", "content"),
    ] {
        for word in ["山田", "佐藤", "C-1 ", "ORDER-", "届"] {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE {columns} LIKE '%{word}%'");
            assert_eq!(stage.count(String::leak(sql)).await, 0, "{word} in {table}");
        }
    }
    assert!(stage.count("SELECT COUNT(*) FROM person_text WHERE body <> ''").await > 0);
    assert_eq!(stage.count("SELECT COUNT(*) FROM person_text WHERE body LIKE '%山田%'").await, 0, "words are sealed");
    assert_eq!(stage.count("SELECT COUNT(*) FROM person_text WHERE body LIKE '{%'").await, 0, "words are sealed");
    let subjects = stage.count("SELECT COUNT(DISTINCT subject) FROM person_text WHERE subject LIKE 'rpl_%'").await;
    assert_eq!(subjects, 1, "only the reply that belongs to no inquiry stands for itself");
}

/// Both write to the same workspace; the head's row makes them take turns.
async fn two_servers_on_one_database(stage: &Stage) {
    let servers = [stage.open().await, stage.open().await];
    let before = log(&servers[0], &shop()).await.len() as u64;
    let mut callers = Vec::new();
    for n in 0..100 {
        let (store, change) = (servers[n % 2].clone(), receiving(&stage.inquiry("両方から", 500)));
        callers.push(tokio::spawn(async move { store.apply(change).await.unwrap() }));
    }
    for caller in callers {
        caller.await.unwrap();
    }
    for server in &servers {
        let verified = verify(exported(server).await.as_bytes(), &Pins::default()).unwrap();
        assert_eq!(verified.events, before + 100);
    }
    for server in servers {
        server.close().await;
    }
}
