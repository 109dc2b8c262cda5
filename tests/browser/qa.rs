//! A QA person's day, from signing in to signing out, by keyboard.

use aizuchi::{
    app::NewPerson,
    domain::{Login, Principal, Role, WorkspaceId},
};

use crate::tour::{Desk, SHOP};

#[tokio::test]
async fn a_qa_person_signs_in_rules_one_after_the_other_and_sees_where_it_goes() {
    let Some(desk) = Desk::open("a_qa_person_signs_in_rules_one_after_the_other_and_sees_where_it_goes").await else {
        return;
    };
    let (page, app, shop) = (&desk.browser, &desk.server.app, WorkspaceId::parse(SHOP).unwrap());
    let (login, name) = (Login::parse("matsu").unwrap(), "松本".to_owned());
    let new = NewPerson { login, name, team: None, vendor: None };
    let matsu = app.place_person(&Principal::system(), &shop, new, Role::Qa).await.unwrap();
    let link = app.link_for(&Principal::system(), &shop, &matsu.id).await.unwrap();
    page.open(&format!("/sign-in/link?link={link}")).await;
    page.write("input[name=password]", "机と椅子とコピー用紙").await;
    page.follow("button.filled").await;

    // The day begins where QA's work is, and shows no page of another role.
    assert_eq!((page.path().await.as_str(), page.words("h1").await.as_str()), ("/w/officelink/qa", "QA"));
    assert!(page.seek(".rail-place[href$='/people']").await.is_none());
    page.leave(page.press(&["n"])).await;
    let first = page.path().await;
    assert!(first.contains("/qa/findings/fnd_"), "{first}");

    // Nothing is chosen before somebody chooses; the keys choose, and Ctrl+Enter goes on to the next.
    let chosen = "return document.querySelectorAll('input[type=radio]:checked').length";
    assert_eq!(page.eval(chosen).await, 0);
    page.press(&["1"]).await;
    page.press(&["4"]).await;
    assert_eq!(page.eval(chosen).await, 2);
    page.leave(page.press(&["Control", "Enter"])).await;
    let second = page.path().await;
    assert!(second.contains("/qa/findings/fnd_") && second != first, "{second}");

    page.press(&["2"]).await;
    page.press(&["5"]).await;
    page.leave(page.press(&["Control", "Enter"])).await;

    page.open("/w/officelink/qa").await;
    assert!(page.words("main").await.contains("指摘 4"), "two of six are ruled on: {}", page.words("main").await);
    page.open("/w/officelink/qa/trends").await;
    assert!(page.words("main").await.contains("規則ごとの的中率"));

    page.click(".rail-shop summary").await;
    page.follow(".menu form[action='/sign-out'] button").await;
    assert!(page.path().await.starts_with("/sign-in"));
    page.open("/w/officelink/qa").await;
    assert!(page.path().await.starts_with("/sign-in"), "who signed out is out");
    assert_eq!(page.troubles().await, [""; 0]);
}
