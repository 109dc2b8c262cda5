//! A slip is taken back: by the key, by the toast's button, and not when the time for it is over.

use crate::tour::Desk;

const TOAST: &str = "!document.querySelector('#toast').hidden";

#[tokio::test]
async fn what_was_accepted_by_a_slip_is_taken_back_by_key_and_by_the_toast() {
    let Some(desk) = Desk::open("what_was_accepted_by_a_slip_is_taken_back_by_key_and_by_the_toast").await else {
        return;
    };
    let page = &desk.browser;
    page.open(&desk.path("ready")).await;
    page.press(&["z"]).await;
    assert_eq!(desk.state("ready").await, "current", "there is nothing to take back");

    page.leave(page.press(&["a"])).await;
    assert_eq!(desk.state("ready").await, "decided");
    page.until(TOAST).await;
    assert!(page.words("#toast").await.starts_with("採用しました。"), "{}", page.words("#toast").await);
    page.leave(page.press(&["z"])).await;
    assert_eq!(desk.state("ready").await, "current");
    page.until(TOAST).await;
    assert_eq!(page.words("#toast").await, "取り消しました。もう一度判断できます。");
    assert!(page.words(".lease").await.contains("あなたが対応中"));

    // Accepted again, and taken back where the pointer is.
    page.leave(page.press(&["a"])).await;
    page.until(TOAST).await;
    page.follow("#toast button").await;
    assert_eq!(desk.state("ready").await, "current");

    // The third time it is meant.
    page.leave(page.press(&["a"])).await;
    assert_eq!(desk.state("ready").await, "decided");
    assert!(page.words(".draft").await.contains("記録しました"));
    assert_eq!(page.troubles().await, [""; 0]);
}

#[tokio::test]
async fn the_toast_stays_while_it_is_read_and_the_button_goes_with_the_time() {
    let Some(desk) = Desk::open("the_toast_stays_while_it_is_read_and_the_button_goes_with_the_time").await else {
        return;
    };
    let page = &desk.browser;
    // Time that a test can let pass.
    let clock = "window.timers = []; window.setTimeout = (run, after) => window.timers.push({ run, after });
                 window.clearTimeout = () => {};";
    page.devtools("Page.addScriptToEvaluateOnNewDocument", serde_json::json!({"source": clock})).await;
    page.open(&desk.path("ready")).await;
    page.leave(page.press(&["a"])).await;
    page.until(TOAST).await;
    let pass = |after: &str| {
        format!(
            "for (const it of window.timers.splice(0)) if (it.after {after}) it.run(); else window.timers.push(it);"
        )
    };
    page.run("document.querySelector('#toast button').focus()").await;
    page.run(&pass("=== 8000")).await;
    assert_eq!(page.eval(&format!("return {TOAST}")).await, true, "it is held by the focus");
    page.run("document.activeElement.blur()").await;
    page.run(&pass("=== 8000")).await;
    assert_eq!(page.eval(&format!("return {TOAST}")).await, false);

    let height = "return document.querySelector('#undo').getBoundingClientRect().height";
    let before = page.eval(height).await;
    page.run(&pass("> 8000")).await;
    assert!(page.seek("#undo button").await.is_none());
    assert_eq!(page.words("#undo").await, "取り消せる時間は過ぎました。");
    assert_eq!(page.eval(height).await, before, "nothing moves");
    page.press(&["z"]).await;
    assert_eq!(desk.state("ready").await, "decided");
    assert_eq!(page.troubles().await, [""; 0]);
}
