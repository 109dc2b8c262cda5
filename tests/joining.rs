//! Messages that come in quick succession, and requests that come twice, through the door that every face uses.

use std::sync::Mutex;

use aizuchi::{
    adapters::system::SystemIds,
    app::{App, AppError, Byline, NewContactOutcome, NewDecision, NewRuling, Once, Reported, Step},
    config::Settings,
    domain::{
        Channel, DraftState, Id, InquiryText, NewInquiry, Outcome, Principal, Record, Reference, RulingVerdict,
        Suggestion, Verb, WorkspaceId, name,
    },
    ports::Ids as _,
    wire,
};

async fn open() -> (App, tempfile::TempDir) {
    let data = tempfile::tempdir().unwrap();
    let app = wire::open(Settings::new(data.path().to_owned())).await.unwrap();
    wire::load_samples(&app).await.unwrap();
    (app, data)
}

fn shop() -> WorkspaceId {
    WorkspaceId::parse("officelink").unwrap()
}

/// Of several that are recorded beside each other no draft overtakes its own inquiry, also where the queue of the store is full.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_customers_who_write_at_once_all_get_their_drafts() {
    let (app, _data) = open().await;
    let (conversation, who) = (fresh(), Principal::local());
    let asking = (0..200).map(|number| {
        let customer = Some(Reference::parse(&format!("customer-{number}")).unwrap());
        let new = NewInquiry {
            conversation: None, customer, ..message(&conversation, "返品の期限を教えてください。")
        };
        app.suggest(&who, new, None, None)
    });
    let made = futures_util::future::join_all(asking).await;
    let failed: Vec<String> = made.into_iter().filter_map(|made| made.err().map(|error| error.to_string())).collect();
    assert_eq!(failed, [""; 0]);
}

fn fresh<T: aizuchi::domain::Named>() -> Id<T> {
    Id::from_uuid(SystemIds.uuid())
}

fn message(conversation: &Id<name::Conversation>, words: &str) -> NewInquiry {
    NewInquiry {
        workspace: shop(),
        channel: Channel::Chat,
        text: InquiryText::parse(words).unwrap(),
        conversation: Some(conversation.clone()),
        customer: None,
        order: None,
        records: Vec::new(),
    }
}

fn once(key: &str) -> Option<Once> {
    Some(Once { key: key.to_owned(), request_hash: "00".repeat(32) })
}

async fn suggest(app: &App, new: NewInquiry, once: Option<Once>) -> Suggestion {
    app.suggest(&Principal::local(), new, once, None).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_messages_that_come_at_once_none_is_lost() {
    let (app, _data) = open().await;
    let conversation = fresh();
    let words = ["返品したいです", "箱は開けました", "先週届きました", "注文は二つです", "急いでいます"];
    let asked = words.map(|words| {
        let (app, new) = (app.clone(), message(&conversation, words));
        tokio::spawn(async move { suggest(&app, new, None).await })
    });
    let mut inquiries = Vec::new();
    for (asked, words) in asked.into_iter().zip(words) {
        let suggestion = asked.await.unwrap();
        assert!(suggestion.inquiry.text.as_str().contains(words), "each is answered with its own words");
        inquiries.push(suggestion.inquiry.id);
    }
    inquiries.dedup();
    assert_eq!(inquiries.len(), 1, "one conversation has one open inquiry");
    let inquiry = app.inquiry(&Principal::local(), &inquiries[0]).await.unwrap();
    for words in words {
        assert_eq!(inquiry.text.as_str().matches(words).count(), 1, "{words}");
    }
}

#[tokio::test]
async fn two_customers_do_not_share_an_inquiry() {
    let (app, _data) = open().await;
    let conversation = fresh();
    let from = |customer: &str, words: &str| {
        let customer = Some(Reference::parse(customer).unwrap());
        NewInquiry { customer, ..message(&conversation, words) }
    };
    let (name, value) = ("お届け予定日".to_owned(), "11月25日".to_owned());
    let record = Record { id: fresh(), name, value, source: None, as_of: None };
    let one = suggest(&app, NewInquiry { records: vec![record], ..from("C-1", "いつ届きますか") }, None).await;
    let two = suggest(&app, from("C-2", "いつ届きますか"), None).await;
    assert_ne!(one.inquiry.id, two.inquiry.id);
    assert!(two.inquiry.records.is_empty(), "records of one customer are never shown for another");
    let nameless = suggest(&app, message(&conversation, "まだですか"), None).await;
    assert_eq!(nameless.inquiry.id, two.inquiry.id, "who names nobody joins what is open");
}

#[tokio::test]
async fn a_repeated_request_gets_what_it_made_and_not_what_came_later() {
    let (app, _data) = open().await;
    let conversation = fresh();
    let first = || message(&conversation, "返品の期限を教えてください");
    let made = suggest(&app, first(), once("first")).await;
    let later = suggest(&app, message(&conversation, "開封済みです"), once("later")).await;
    assert_eq!(later.inquiry.id, made.inquiry.id);
    assert_eq!(suggest(&app, first(), once("first")).await, made);
    assert_eq!(suggest(&app, message(&conversation, "開封済みです"), once("later")).await, later);
}

#[tokio::test]
async fn a_message_whose_answer_was_cut_off_is_answered_with_its_own_words() {
    let (app, _data) = open().await;
    let conversation = fresh();
    suggest(&app, message(&conversation, "返品の期限を教えてください"), None).await;
    let cut_off = {
        let (app, new) = (app.clone(), message(&conversation, "開封済みです"));
        tokio::spawn(async move {
            let die = |_: Step| panic!("the process is killed once the message is recorded");
            app.suggest(&Principal::local(), new, once("joined"), Some(&die)).await
        })
    };
    assert!(cut_off.await.unwrap_err().is_panic());
    let again = suggest(&app, message(&conversation, "開封済みです"), once("joined")).await;
    assert!(again.inquiry.text.as_str().ends_with("開封済みです"), "{}", again.inquiry.text.as_str());
    assert_eq!(suggest(&app, message(&conversation, "開封済みです"), once("joined")).await, again);
}

#[tokio::test]
async fn a_streamed_handoff_can_be_looked_up_and_decided_but_not_accepted() {
    let (app, _data) = open().await;
    let who = Principal::local();
    let created = Mutex::new(None);
    let watch = |step: Step| {
        if let Step::Created { draft, .. } = step {
            *created.lock().unwrap() = Some(draft);
        }
    };
    let new = message(&fresh(), "ロボットではなく責任者の方とお話しさせてください。");
    let suggestion = app.suggest(&who, new, None, Some(&watch)).await.unwrap();
    assert!(matches!(suggestion.outcome, Outcome::Handoff { .. }));
    let draft = created.lock().unwrap().clone().unwrap();
    assert_eq!(app.suggestion_of(&who, &draft).await.unwrap(), (suggestion, DraftState::Current));
    let accepted = app.decide(&who, &draft, NewDecision::new(Verb::Accept), None).await;
    assert!(matches!(accepted, Err(AppError::Undecidable(_))), "{accepted:?}");
    let edit = Verb::Edit { text: "責任者の佐藤よりお電話いたします。".to_owned() };
    app.decide(&who, &draft, NewDecision::new(edit), None).await.unwrap();
    assert_eq!(app.suggestion_of(&who, &draft).await.unwrap().1, DraftState::Decided);
}

#[tokio::test]
async fn an_accepted_draft_keeps_its_findings() {
    let (app, _data) = open().await;
    let made = suggest(&app, message(&fresh(), "返品の期限を教えてください"), None).await;
    let draft = made.draft.clone().unwrap().id;
    let decided = app.decide(&Principal::local(), &draft, NewDecision::new(Verb::Accept), None).await.unwrap();
    assert_eq!(decided.reply.unwrap().checks, made.checks);
}

#[tokio::test]
async fn a_repeated_ruling_or_contact_outcome_reads_as_it_was_recorded() {
    let (app, _data) = open().await;
    let who = Principal::local();
    let reported = Reported {
        workspace: shop(),
        inquiry: None,
        channel: Channel::Email,
        text: "とりあえず絶対大丈夫です！！！".to_owned(),
        byline: Byline::default(),
        sent_at: None,
    };
    let reply = app.report_reply(&who, reported, None).await.unwrap();
    let finding = reply.checks.findings[0].id.clone();
    let ruling = || {
        let new = NewRuling {
            verdict: RulingVerdict::Waived,
            fault: None,
            reason: Some("電話で済んだ".to_owned()),
            until: None,
            phrase: None,
        };
        app.rule(&who, &finding, new, once("ruling"))
    };
    let outcome = || {
        let new = NewContactOutcome { reopened: Some(false), contacted_again: None, rating: Some(5) };
        app.report_contact(&who, &reply.reply.id, new, once("contact"))
    };
    let first = (ruling().await.unwrap(), outcome().await.unwrap());
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    assert_eq!((ruling().await.unwrap(), outcome().await.unwrap()), first);
}
