//! What moves on a page that is open: checks while somebody types, and a draft as it comes over a line that breaks.

use std::time::Duration;

use serde_json::json;

use crate::{support::model::Turn, tour::Desk};

#[tokio::test]
async fn a_text_is_checked_after_a_pause_and_never_while_it_is_composed() {
    let Some(desk) = Desk::open("a_text_is_checked_after_a_pause_and_never_while_it_is_composed").await else { return };
    let page = &desk.browser;
    page.open(&format!("{}?edit=1", desk.path("ready"))).await;
    page.until("document.querySelector('#typing').textContent.includes('照合しました')").await;
    page.until("document.querySelector('#lease').textContent.includes('あなたが対応中')").await;
    assert!(page.words("#strip").await.contains("確認が必要なところはありません"));
    page.write("#text", "返品は、到着後99日以内であればいつでも承ります。送料は無料です。").await;
    page.until("document.querySelector('#strip').textContent.includes('確認 ')").await;

    // Marks lie under the same characters, also on the second line.
    let apart = "const text = document.querySelector('#text'), mirror = document.querySelector('#mirror');
        return [text.clientWidth - mirror.clientWidth, Math.abs(text.scrollHeight - mirror.scrollHeight) > 4 ? 1 : 0]";
    assert_eq!(page.eval(apart).await, json!([0, 0]));

    // While a word is being composed nothing is asked; afterwards it is.
    page.run("window.asked = 0; const own = window.fetch; window.fetch = (...it) => { window.asked += 1; return own(...it); }").await;
    page.run("const field = document.querySelector('#text'); field.focus(); field.setSelectionRange(0, 0);").await;
    page.compose("へんぴん").await;
    tokio::time::sleep(Duration::from_millis(900)).await;
    assert_eq!(page.eval("return window.asked").await, 0);
    page.commit("返品").await;
    page.until("window.asked > 0").await;
    // Who leaves with something unsaved is asked first; the words stay theirs.
    assert!(page.eval("return document.querySelector('#text').value").await.as_str().unwrap().starts_with("返品"));
    assert_eq!(page.troubles().await, [""; 0]);
}

#[tokio::test]
async fn a_draft_comes_in_without_moving_anything_and_survives_a_broken_line() {
    let Some(desk) = Desk::open("a_draft_comes_in_without_moving_anything_and_survives_a_broken_line").await else {
        return;
    };
    let page = &desk.browser;
    let letter = "こんにちは、ハナウタ サポートです。\nお問い合わせをくださり、ありがとうございます。\n".repeat(3);
    desk.model.reply_with(move |_| Turn::says(&letter).in_pieces_of(6).pausing(Duration::from_millis(150)));
    page.open(&desk.path("blocked")).await;
    page.press(&["r"]).await;
    page.follow(".way[open] .way-form button").await;
    page.until("document.querySelector('#streamed')?.textContent.length > 5").await;
    page.run("window.moved = []; new PerformanceObserver((list) => { for (const one of list.getEntries()) window.moved.push(one.value); })
        .observe({ type: 'layout-shift' });").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(page.eval("return window.moved").await, json!([]), "nothing moves while text comes");

    let before = page.eval("return document.querySelector('#streamed').textContent").await;
    let offline = |off: bool| json!({"offline": off, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
    page.devtools("Network.emulateNetworkConditions", offline(true)).await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    page.devtools("Network.emulateNetworkConditions", offline(false)).await;
    assert!(before.as_str().unwrap().starts_with("こんにちは"), "{before}");
    // The line is taken up; when the draft is complete, the page of what was recorded is there.
    page.until("!document.querySelector('#making') && document.querySelector('#letter')").await;
    assert!(page.words(".draft").await.contains("作成"), "{}", page.words(".draft").await);
}

#[tokio::test]
async fn who_has_a_page_open_is_told_that_the_customer_wrote_again() {
    let Some(desk) = Desk::open("who_has_a_page_open_is_told_that_the_customer_wrote_again").await else { return };
    let page = &desk.browser;
    page.open(&desk.path("ready")).await;
    let again = json!({
        "workspace": "officelink", "channel": "email", "customer": "田辺工務店",
        "conversation": desk.case("ready")["conversation"], "text": "開封していても返品できますか。",
    });
    assert_eq!(desk.server.local().post("/v1/inquiries", &again).await.status, 201);
    page.run("htmx.ajax('GET', document.querySelector('#news').dataset.hxGet, { target: '#news' })").await;
    page.until("document.querySelector('#news').textContent.includes('新しい下書き')").await;
    page.leave(page.press(&["g"])).await;
    assert_eq!(page.words(".strip strong").await, "そのまま採用できます");
    assert_eq!(page.troubles().await, [""; 0]);
}
