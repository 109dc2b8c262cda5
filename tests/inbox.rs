//! How long the inbox takes that nobody emptied for months: the figure of `eval/README.md`. It holds nothing, so it runs
//! with the feature `measure` alone.
#![cfg(feature = "measure")]

mod support;

use std::time::{Duration, Instant};

use aizuchi::{
    app::NewDecision,
    domain::{Channel, Id, InquiryText, NewInquiry, Principal, Reference, Verb, WorkspaceId},
};
use futures_util::{StreamExt as _, stream};
use sqlx::{Connection as _, PgConnection};
use support::TestServer;

const INQUIRIES: usize = 10_000;
/// So many are answered today, held by others, and about a customer who writes again and again.
const ANSWERED: usize = 500;
const ROUNDS: usize = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_inbox_of_ten_thousand_inquiries() {
    measure("SQLite", None).await;
    let Ok(server) = std::env::var("AIZUCHI_TEST_POSTGRES_URL") else { return println!("no PostgreSQL") };
    let schema = format!("inbox_{}", std::process::id());
    let mut admin = PgConnection::connect(&server).await.unwrap();
    let create = format!("CREATE SCHEMA {schema}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(create)).execute(&mut admin).await.unwrap();
    let joint = if server.contains('?') { '&' } else { '?' };
    measure("PostgreSQL", Some(format!("{server}{joint}options[search_path]={schema}"))).await;
}

async fn measure(name: &str, database: Option<String>) {
    let server = TestServer::small_with(|settings| {
        settings.database_url = database;
        settings.reply_within = Duration::from_secs(60);
    })
    .await;
    let (app, who) = (server.app.clone(), Principal::local());
    let message = |number: usize| NewInquiry {
        workspace: WorkspaceId::parse("small").unwrap(),
        channel: Channel::Email,
        text: InquiryText::parse(&format!("{number}番です。返品の期限を教えてください。商品はまだ開けていません。"))
            .unwrap(),
        conversation: None,
        customer: Some(Reference::parse(&format!("customer-{}", number % 3_000)).unwrap()),
        order: None,
        records: Vec::new(),
    };
    let begun = Instant::now();
    let asked = (0..INQUIRIES + ANSWERED).map(|number| {
        let (app, who, new) = (app.clone(), who.clone(), message(number));
        async move { app.suggest(&who, new, None, None).await.unwrap() }
    });
    let made: Vec<_> = stream::iter(asked).then(|asking| asking).collect().await;
    for suggestion in &made[..ANSWERED] {
        let draft = suggestion.draft.as_ref().unwrap().id.clone();
        app.decide(&who, &draft, NewDecision::new(Verb::Accept), None).await.unwrap();
    }
    for suggestion in &made[ANSWERED..2 * ANSWERED] {
        app.hold(&who, &suggestion.inquiry.id, false).await.unwrap();
    }
    println!("{name}: {INQUIRIES} wait, made in {:.0} s", begun.elapsed().as_secs_f64());

    let middle: Id<_> = made[INQUIRIES / 2].inquiry.id.clone();
    let client = server.local();
    for (what, path) in [
        ("the inbox", "inbox".to_owned()),
        ("from the middle on", format!("inbox?behind={middle}")),
        ("mine", "inbox?view=mine".to_owned()),
        ("overdue", "inbox?view=overdue".to_owned()),
        ("answered today", "inbox?view=answered".to_owned()),
        ("to the next", "inbox/next".to_owned()),
        ("one inquiry", format!("inquiries/{middle}")),
        ("search, one of all", format!("inbox/search?q={}", INQUIRIES / 2)),
        ("search, all of them", "inbox/search?q=%E8%BF%94%E5%93%81".to_owned()),
    ] {
        let path = format!("/w/small/{path}");
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            let page = client.get(&path).await;
            times.push(begun.elapsed());
            assert_eq!(page.status, 200, "{}", page.text);
            let found_all = !path.contains("search") || page.text.contains("10,000件の問い合わせを調べました");
            assert!(found_all && (!path.contains("search") || page.text.contains("older=")), "{}", page.text);
        }
        times.sort();
        let (half, most) = (times[ROUNDS / 2], times[ROUNDS * 99 / 100]);
        println!("{name}, {what}: p50 {:.1} ms, p99 {:.1} ms", half.as_secs_f64() * 1e3, most.as_secs_f64() * 1e3);
    }
}
