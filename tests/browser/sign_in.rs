//! Coming in by an account elsewhere, as a browser really goes there and back.

use std::{fs, path::Path};

use aizuchi::{
    app::NewPerson,
    domain::{Login, Principal, Role, WorkspaceId},
};
use serde_json::json;

use crate::support::{TestServer, driver::Driver, provider::Provider};

#[tokio::test]
async fn an_account_elsewhere_opens_the_page_that_was_wanted() {
    let Some(driver) = Driver::start("an_account_elsewhere_opens_the_page_that_was_wanted") else { return };
    let provider = Provider::start("id-1", json!({ "email": "sato@example.jp", "email_verified": true })).await;
    let server = TestServer::small_with(|settings| provider.used_by(settings)).await;
    provider.leads_back_to(server.base());
    let (system, small) = (Principal::system(), WorkspaceId::parse("small").unwrap());
    let (login, name) = (Login::parse("sato@example.jp").unwrap(), "佐藤 花".to_owned());
    let new = NewPerson { login, name, team: None, vendor: None };
    server.app.place_person(&system, &small, new, Role::Operator).await.unwrap();
    let page = driver.browser(server.base()).await;
    page.open("/w/small/inbox?view=mine").await;
    page.until("document.querySelector('a.filled')?.textContent.includes('社内アカウントでサインイン')").await;
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
    fs::create_dir_all(&pictures).unwrap();
    fs::write(pictures.join("sign-in-provider.png"), page.screenshot().await).unwrap();
    page.follow("a.filled").await;
    assert_eq!(page.path().await, "/w/small/inbox?view=mine");
    page.until("document.querySelector('.rail').textContent.includes('佐藤 花')").await;
    let troubles = page.troubles().await;
    let [only] = &troubles[..] else { panic!("{troubles:?}") };
    assert!(only.contains("/authorize?response_type=code"), "nobody else was asked for anything: {only}");
}
