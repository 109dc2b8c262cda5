//! Without scripts, and without anything to show.

use crate::{
    support::{TestServer, driver::Driver},
    tour::{Desk, inbox},
};

#[tokio::test]
async fn the_work_is_done_by_plain_forms_where_scripts_do_not_run() {
    let Some(desk) = Desk::open("the_work_is_done_by_plain_forms_where_scripts_do_not_run").await else { return };
    let page = &desk.browser;
    page.scripts(false).await;
    page.open(&inbox("")).await;
    assert_eq!(page.eval("return document.documentElement.className").await, "", "no script ran");
    assert!(!page.words("body").await.contains("キーの一覧"), "what needs scripts is not shown");

    // Opened from the list, taken, accepted.
    page.follow(&format!("a[href='{}']", desk.path("ready"))).await;
    page.follow("[data-take] button").await;
    assert!(page.words(".lease").await.contains("あなたが対応中"));
    page.follow("[data-accept]").await;
    assert!(page.words(".draft").await.contains("記録しました"));
    assert_eq!(desk.state("ready").await, "decided");
    page.follow("#undo button").await;
    assert_eq!(desk.state("ready").await, "current");
    page.follow("[data-accept]").await;
    assert_eq!(desk.state("ready").await, "decided");

    // Not used, with a reason.
    page.open(&desk.path("fallback")).await;
    page.click("summary[data-key='x']").await;
    page.click("input[value='outdated']").await;
    page.follow(".way[open] .filled").await;
    assert!(page.words(".draft").await.contains("この下書きは使いません"));
    assert!(page.words(".reason").await.contains("古い"), "{}", page.words(".reason").await);

    // Edited and accepted.
    page.open(&desk.path("blocked")).await;
    page.follow("[data-key='e']").await;
    page.write("#text", desk.text("ready")).await;
    page.follow("[data-accept-edit]").await;
    assert!(page.words(".draft").await.contains("直して採用しました"));

    // A new message by hand, and another draft of it.
    page.open(&inbox("")).await;
    page.click(".new-case summary").await;
    page.write(".new-case textarea", "注文した商品はいつ届きますか。").await;
    page.follow(".new-case-form .filled").await;
    assert!(page.path().await.contains("/inquiries/inq_"));
    page.click("summary[data-key='r']").await;
    page.write("input[name='hint']", "送料にも触れて").await;
    page.follow(".way[open] .filled").await;
    assert!(page.words(".strip").await.contains("採用"));

    // The other language.
    page.click(".rail-shop summary").await;
    page.follow("button[name='lang']").await;
    assert_eq!(page.eval("return document.documentElement.lang").await, "en");
    assert_eq!(page.troubles().await, [""; 0]);
}

#[tokio::test]
async fn a_system_with_nothing_in_it_says_what_to_do() {
    let Some(driver) = Driver::start("a_system_with_nothing_in_it_says_what_to_do") else { return };
    let server = TestServer::empty(|_| {}).await;
    let page = driver.browser(server.base()).await;
    page.open("/").await;
    assert_eq!(page.words("h1").await, "ショップがまだありません");
    assert!(page.words("main").await.contains("aizuchi ingest"));

    server.open_small("小さな店").await;
    page.open("/w/small/inbox").await;
    assert!(page.words(".empty").await.contains("未対応の問い合わせはありません"));
    page.leave(page.press(&["n"])).await;
    assert_eq!(page.path().await, "/w/small/inbox");
    // A shop that knows nothing hands its first inquiry over.
    page.click(".new-case summary").await;
    page.write(".new-case textarea", "この商品は冷蔵庫で保管できますか。").await;
    page.follow(".new-case-form .filled").await;
    assert!(page.words(".draft").await.contains("下書き"));
    assert_eq!(page.troubles().await, [""; 0]);
}
