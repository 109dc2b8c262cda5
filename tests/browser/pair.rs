//! Two operators at once: nobody answers what somebody else has, unless they say so.

use aizuchi::{
    app::NewDecision,
    domain::{Id, Verb},
};

use crate::tour::{Desk, inbox, somebody_else};

#[tokio::test]
async fn what_somebody_else_has_is_read_and_taken_over_only_by_saying_so() {
    let Some(desk) = Desk::open("what_somebody_else_has_is_read_and_taken_over_only_by_saying_so").await else {
        return;
    };
    let page = &desk.browser;
    page.open(&inbox("")).await;
    assert!(page.words(".list").await.contains("佐藤が対応中"), "the inbox says who has it");

    page.open(&desk.path("held")).await;
    assert!(page.words(".lease").await.contains("佐藤が対応中"));
    assert!(page.words(".bar").await.contains("ほかの人が対応中です"));
    assert!(page.seek("[data-accept]").await.is_none(), "there is no button to accept with");
    page.press(&["a"]).await;
    page.press(&["e"]).await;
    assert_eq!((page.path().await, desk.state("held").await), (desk.path("held"), "current".to_owned()));

    // Taken over, and the other one is refused.
    page.leave(page.press(&["Shift", "o"])).await;
    assert!(page.words(".lease").await.contains("あなたが対応中"));
    let draft = Id::parse(desk.case("held")["draft"]["id"].as_str().unwrap()).unwrap();
    let refused = desk.server.app.decide(&somebody_else(), &draft, NewDecision::new(Verb::Accept), None).await;
    assert!(format!("{refused:?}").contains("Held"), "{refused:?}");
    assert_eq!(desk.state("held").await, "current");
    page.leave(page.press(&["a"])).await;
    assert_eq!(desk.state("held").await, "decided");
    assert_eq!(page.troubles().await, [""; 0]);
}

#[tokio::test]
async fn a_page_from_before_somebody_took_it_accepts_nothing() {
    let Some(desk) = Desk::open("a_page_from_before_somebody_took_it_accepts_nothing").await else { return };
    let page = &desk.browser;
    page.open(&desk.path("ready")).await;
    desk.server.app.hold(&somebody_else(), &desk.id("ready"), false).await.unwrap();
    page.leave(page.press(&["a"])).await;
    assert_eq!(page.words("h1").await, "ほかの人が対応中です");
    assert!(page.words("main").await.contains("何も変えていません"));
    assert_eq!(desk.state("ready").await, "current");
    assert_eq!(page.troubles().await, [""; 0]);
}

#[tokio::test]
async fn two_windows_accept_the_same_draft_once() {
    let Some(desk) = Desk::open("two_windows_accept_the_same_draft_once").await else { return };
    let other = desk.driver.browser(desk.server.base()).await;
    for page in [&desk.browser, &other] {
        page.open(&desk.path("ready")).await;
    }
    desk.browser.leave(desk.browser.press(&["a"])).await;
    assert!(desk.browser.words(".draft").await.contains("記録しました"));
    other.leave(other.press(&["a"])).await;
    assert_eq!(other.words("h1").await, "この問い合わせは、すでに対応されています");
    // The way back shows what was sent.
    other.open(&desk.path("ready")).await;
    assert!(other.words(".draft").await.contains("そのまま採用しました"));
    assert_eq!((desk.browser.troubles().await, other.troubles().await), (Vec::new(), Vec::new()));
}
