//! An operator's day, from the first page to the empty inbox.

use crate::tour::{Desk, inbox};

/// Counts whatever a key could have pressed on the page that is open.
pub const WATCH: &str = "window.pressed = []; for (const kind of ['click', 'submit', 'toggle'])
    document.addEventListener(kind, (event) => window.pressed.push(kind + ' ' + event.target.outerHTML.slice(0, 80)), true);";

#[tokio::test]
async fn an_operator_takes_mends_accepts_and_comes_to_the_empty_inbox() {
    let Some(desk) = Desk::open("an_operator_takes_mends_accepts_and_comes_to_the_empty_inbox").await else { return };
    let page = &desk.browser;
    page.open("/").await;
    assert_eq!((page.words("h1").await.as_str(), page.path().await.as_str()), ("受信箱", "/w/hanauta/inbox"));
    assert!(page.words(".list").await.contains("小川さやか"));

    // What waits the longest time comes first; it cannot be accepted as it is.
    page.leave(page.press(&["n"])).await;
    assert_eq!(page.path().await, desk.path("blocked"));
    assert!(page.words(".strip").await.starts_with("採用の前に"), "{}", page.words(".strip").await);
    page.follow("[data-take] button").await;
    assert!(page.words(".lease").await.contains("あなたが対応中"));

    // It is mended in place, and what was written is kept beside the draft.
    page.leave(page.press(&["e"])).await;
    page.write("#text", desk.text("fallback")).await;
    page.leave(page.press(&["Control", "Enter"])).await;
    assert!(page.words(".draft").await.contains("直して採用しました"));
    page.click(".difference summary").await;
    let difference = page
        .eval("return [...document.querySelectorAll('.difference del')].map((it) => it.textContent).join('')")
        .await;
    assert!(difference.as_str().unwrap().contains('倉'), "what the draft said is still to be seen: {difference}");
    assert_eq!(desk.state("blocked").await, "decided");

    // The next one is accepted as it is; then that shop has nothing left, and the other one is a click away.
    page.leave(page.press(&["n"])).await;
    assert_eq!(page.path().await, desk.path("fallback"));
    assert_eq!(page.words(".strip strong").await, "そのまま採用できます");
    page.leave(page.press(&["a"])).await;
    assert!(page.words(".draft").await.contains("記録しました"));
    page.leave(page.press(&["n"])).await;
    assert!(page.words(".empty").await.contains("2件を完了しました"), "{}", page.words(".empty").await);
    page.click(".rail-shop summary").await;
    page.follow(".menu a[href='/w/officelink/inbox']").await;
    page.leave(page.press(&["n"])).await;
    assert_eq!(page.path().await, desk.path("ready"));
    page.leave(page.press(&["a"])).await;
    assert_eq!(desk.state("ready").await, "decided");

    // A draft that nobody wants is answered by hand.
    page.leave(page.press(&["n"])).await;
    assert_eq!(page.path().await, desk.path("rejected"));
    page.write("#text", desk.text("rejected")).await;
    page.follow(".editor .filled").await;

    // What somebody else has is passed over; a person answers the last one.
    page.open(&inbox("")).await;
    page.leave(page.press(&["n"])).await;
    assert_eq!(page.path().await, desk.path("handoff"));
    page.write("#text", "お電話の件、承知いたしました。担当よりご連絡いたします。").await;
    page.follow(".editor .filled").await;
    page.open(&inbox("")).await;
    page.leave(page.press(&["n"])).await;
    assert_eq!(page.path().await, inbox(""));
    page.open(&inbox("?view=mine")).await;
    assert!(page.words(".empty").await.contains("5件を完了しました"), "{}", page.words(".empty").await);
    assert_eq!(page.troubles().await, [""; 0]);
}

#[tokio::test]
async fn no_key_fires_while_japanese_is_being_composed() {
    let Some(desk) = Desk::open("no_key_fires_while_japanese_is_being_composed").await else { return };
    let page = &desk.browser;
    page.open(&format!("{}?edit=1", desk.path("ready"))).await;
    let editing = page.path().await;
    page.run("const field = document.querySelector('#text'); field.focus(); field.setSelectionRange(0, 0);").await;
    page.run(WATCH).await;

    // A real composition in the field: every key that means something belongs to the input method.
    page.compose("へんぴん").await;
    for (place, code) in [("KeyA", 229), ("Enter", 229), ("Escape", 229), ("KeyU", 229), ("Slash", 229)] {
        page.press_at(place, "Process", code).await;
    }
    for (key, place, code, modifier) in
        [("Enter", "Enter", 13, "ctrlKey"), ("Escape", "Escape", 27, "altGraphKey"), ("a", "KeyA", 65, "")]
    {
        // As browsers send it that keep the key's own code while composing.
        page.run(&send("#text", key, place, code, modifier, true)).await;
    }
    page.compose("返品").await;
    page.commit("返品").await;
    // Safari sends the Enter that ends a conversion after `compositionend`, as if nobody composed.
    page.run(&send("#text", "Enter", "Enter", 13, "ctrlKey", false)).await;
    let field = page.eval("return document.querySelector('#text').value").await;
    assert!(
        field.as_str().unwrap().starts_with("返品平素より"),
        "the composed word stands where it was typed: {field}"
    );
    assert_eq!(page.eval("return window.pressed").await, serde_json::json!([]));
    assert_eq!((page.path().await, desk.state("ready").await), (editing.clone(), "current".to_owned()));

    // Outside of fields an input method can be open too.
    page.open(&desk.path("ready")).await;
    page.run(WATCH).await;
    page.run("document.body.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }))").await;
    for (key, place, code) in [("a", "KeyA", 65), ("x", "KeyX", 88), ("u", "KeyU", 85), ("Enter", "Enter", 13)] {
        page.run(&send("body", key, place, code, "", true)).await;
        page.press_at(place, "Process", 229).await;
    }
    assert_eq!(page.eval("return window.pressed").await, serde_json::json!([]));
    assert_eq!(desk.state("ready").await, "current");

    // The same keys mean something when nobody composes: the test could fail.
    page.open(&editing).await;
    page.run(WATCH).await;
    tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    page.leave(async { page.run(&send("#text", "Enter", "Enter", 13, "ctrlKey", false)).await }).await;
    assert_eq!(desk.state("ready").await, "decided");
    assert_eq!(page.troubles().await, [""; 0]);
}

/// The statement that sends a key to what a selector names.
fn send(selector: &str, key: &str, place: &str, code: u32, modifier: &str, composing: bool) -> String {
    let modifier = if modifier.is_empty() { String::new() } else { format!("{modifier}: true,") };
    format!(
        "document.querySelector('{selector}').dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', code: '{place}',
         keyCode: {code}, {modifier} isComposing: {composing}, bubbles: true, cancelable: true }}))"
    )
}
