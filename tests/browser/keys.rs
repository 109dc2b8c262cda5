//! Everything by keyboard: each key of the list does what the list says, by its place where the layout gives kana, and not
//! at all for those who switched single keys off.

use serde_json::json;

use crate::{
    day::WATCH,
    support::browser::Browser,
    tour::{Desk, inbox},
};

/// The keys that a page's `?` lists.
async fn listed(page: &Browser) -> Vec<String> {
    page.press(&["?"]).await;
    page.until("document.querySelector('#help').open").await;
    let keys =
        page.eval("return [...document.querySelectorAll('#help .keys dt')].map((it) => it.textContent.trim())").await;
    page.press(&["Escape"]).await;
    page.until("!document.querySelector('#help').open").await;
    keys.as_array().unwrap().iter().map(|key| key.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn each_listed_key_of_an_inquiry_does_what_the_list_says() {
    let Some(desk) = Desk::open("each_listed_key_of_an_inquiry_does_what_the_list_says").await else { return };
    let page = &desk.browser;
    let (ready, blocked) = (desk.path("ready"), desk.path("blocked"));
    page.open(&ready).await;
    let keys = listed(page).await;
    assert!(keys.len() > 10, "{keys:?}");
    // What decides comes last.
    let decides = |key: &&String| matches!(key.as_str(), "A" | "Ctrl+↵" | "Z");
    for key in keys.iter().filter(|key| !decides(key)).chain(keys.iter().filter(decides)) {
        let of_blocked = matches!(key.as_str(), "T" | "F");
        page.open(if of_blocked { &blocked } else { &ready }).await;
        match key.as_str() {
            "A" => {
                page.leave(page.press(&["a"])).await;
                assert_eq!(desk.state("ready").await, "decided");
            }
            "E" => {
                page.leave(page.press(&["e"])).await;
                assert_eq!(page.path().await, format!("{ready}?edit=1"));
                page.run("document.querySelector('#text').focus()").await;
                page.leave(page.press(&["Escape"])).await;
                assert_eq!(page.path().await, ready);
            }
            "R" => {
                page.press(&["r"]).await;
                page.until("document.querySelector('.way[open] input[name=hint]')").await;
                page.press(&["Escape"]).await;
                page.until("!document.querySelector('.way[open]')").await;
            }
            "X" => {
                page.press(&["x"]).await;
                page.until("document.querySelector('.way[open] input[value=incorrect]')").await;
            }
            "C" => {
                page.devtools(
                    "Browser.grantPermissions",
                    json!({"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}),
                )
                .await;
                page.press(&["c"]).await;
                page.until("!document.querySelector('#toast').hidden").await;
                assert_eq!(page.words("#toast").await, "コピーしました。");
                let kept = page.awaited("return await navigator.clipboard.readText()").await;
                assert_eq!(kept.as_str().unwrap().replace("\r\n", "\n"), desk.text("ready"));
            }
            "T" => {
                for number in ["1", "2"] {
                    page.press(&["t"]).await;
                    page.until(&format!("location.hash === '#check-{number}'")).await;
                    page.until(&format!("document.querySelector('#check-{number}').checkVisibility()")).await;
                }
                page.press(&["Shift", "t"]).await;
                page.until("location.hash === '#check-1'").await;
            }
            "F" => {
                // To the check that can be mended by itself.
                while page.eval("return !document.querySelector('.check:target [data-fix]')").await == json!(true) {
                    page.press(&["t"]).await;
                }
                page.leave(page.press(&["f"])).await;
                let field = page.eval("return document.querySelector('#text').value").await;
                assert!(
                    !field.as_str().unwrap().contains("解約") || !field.as_str().unwrap().contains("当店"),
                    "the fix is made: {field}"
                );
            }
            "1-9" => {
                for number in ["1", "2"] {
                    page.press(&[number]).await;
                    page.until(&format!("location.hash === '#evidence-{number}'")).await;
                }
            }
            "J K" => {
                page.leave(page.press(&["j"])).await;
                assert_ne!(page.path().await, ready);
                page.leave(page.press(&["k"])).await;
                assert_eq!(page.path().await, ready);
            }
            "I" => {
                page.leave(page.press(&["i"])).await;
                assert_eq!(page.path().await, format!("{ready}/trail"));
            }
            "U" => {
                page.leave(page.press(&["u"])).await;
                assert_eq!(page.path().await, inbox(""));
            }
            "N" => {
                page.open(&desk.path("rejected")).await;
                page.leave(page.press(&["n"])).await;
                assert_eq!(page.path().await, ready);
            }
            "/" => {
                page.leave(page.press(&["/"])).await;
                assert_eq!(page.path().await, inbox("/search"));
                page.until("document.activeElement.id === 'q' && document.activeElement.value === ''").await;
            }
            "Ctrl+↵" => {
                page.open(&format!("{}?edit=1", desk.path("fallback"))).await;
                page.write("#text", desk.text("fallback")).await;
                page.leave(page.press(&["Control", "Enter"])).await;
                assert_eq!(desk.state("fallback").await, "decided");
            }
            "Z" => {
                page.open(&desk.path("blocked")).await;
                page.press(&["x"]).await;
                page.click(".way[open] input[value=incorrect]").await;
                page.follow(".way[open] .filled").await;
                assert_eq!(desk.state("blocked").await, "decided");
                page.leave(page.press(&["z"])).await;
                assert_eq!(desk.state("blocked").await, "current");
            }
            "?" => {
                page.press(&["?"]).await;
                page.until("document.querySelector('#help').open").await;
            }
            unknown => panic!("{unknown} stands in the list and nothing here tries it"),
        }
    }
    assert_eq!(page.troubles().await, [""; 0]);
}

#[tokio::test]
async fn each_listed_key_of_the_inbox_does_what_the_list_says() {
    let Some(desk) = Desk::open("each_listed_key_of_the_inbox_does_what_the_list_says").await else { return };
    let page = &desk.browser;
    page.open(&inbox("")).await;
    let keys = listed(page).await;
    assert_eq!(keys, ["L", "/", "N", "?"]);
    for key in &keys {
        page.open(&inbox("")).await;
        match key.as_str() {
            "/" => {
                page.press(&["/"]).await;
                page.until("document.activeElement.id === 'q' && document.activeElement.value === ''").await;
                page.write("#q", "返品").await;
                page.leave(page.press(&["Enter"])).await;
                page.until("document.querySelectorAll('.line mark').length > 0").await;
                page.leave(page.press_at("KeyU", "な", 85)).await;
                assert_eq!(page.path().await, inbox(""));
            }
            "L" => {
                page.press(&["l"]).await;
                page.until("document.querySelector('.inbox-narrow[open] select[name=situation]').checkVisibility()")
                    .await;
                page.press(&["Escape"]).await;
                page.until("!document.querySelector('.inbox-narrow[open]')").await;
            }
            "N" => {
                page.leave(page.press(&["n"])).await;
                assert_eq!(page.path().await, desk.path("ready"));
            }
            "?" => {
                page.press(&["?"]).await;
                page.until("document.querySelector('#help').open").await;
            }
            unknown => panic!("{unknown} stands in the list and nothing here tries it"),
        }
    }
    assert_eq!(page.troubles().await, [""; 0]);
}

#[tokio::test]
async fn a_key_that_would_accept_what_is_blocked_goes_to_the_first_check() {
    let Some(desk) = Desk::open("a_key_that_would_accept_what_is_blocked_goes_to_the_first_check").await else {
        return;
    };
    let page = &desk.browser;
    page.open(&desk.path("blocked")).await;
    page.press(&["a"]).await;
    page.until("location.hash === '#check-1'").await;
    assert_eq!(
        page.eval("return [...document.querySelectorAll('.check')].filter((it) => it.checkVisibility()).length").await,
        1
    );
    assert_eq!(desk.state("blocked").await, "current");
}

#[tokio::test]
async fn a_layout_that_gives_kana_presses_the_key_in_that_place() {
    let Some(desk) = Desk::open("a_layout_that_gives_kana_presses_the_key_in_that_place").await else { return };
    let page = &desk.browser;
    page.open(&desk.path("ready")).await;
    page.leave(page.press_at("KeyE", "い", 69)).await;
    assert!(page.path().await.ends_with("?edit=1"));
    // In the field it is a letter.
    page.run("document.querySelector('#text').focus()").await;
    page.run(WATCH).await;
    page.press_at("KeyU", "な", 85).await;
    assert_eq!(page.eval("return window.pressed").await, json!([]));
    assert!(page.path().await.ends_with("?edit=1"));
}

#[tokio::test]
async fn single_keys_can_be_switched_off_and_on_again() {
    let Some(desk) = Desk::open("single_keys_can_be_switched_off_and_on_again").await else { return };
    let page = &desk.browser;
    let switch = || async {
        page.click("[data-help]").await;
        page.click("[data-single-keys]").await;
        page.press(&["Escape"]).await;
        page.until("!document.querySelector('#help').open").await;
    };
    page.open(&desk.path("ready")).await;
    // What belongs to the browser is left to it.
    page.run(WATCH).await;
    page.press(&["Control", "a"]).await;
    assert_eq!(page.eval("return window.pressed").await, json!([]));
    switch().await;
    page.open(&desk.path("ready")).await;
    page.run(WATCH).await;
    for key in ["a", "e", "x", "u", "j", "n", "1", "?"] {
        page.press(&[key]).await;
    }
    assert_eq!(page.eval("return window.pressed").await, json!([]));
    assert_eq!((page.path().await, desk.state("ready").await), (desk.path("ready"), "current".to_owned()));
    switch().await;
    page.leave(page.press(&["e"])).await;
    assert!(page.path().await.ends_with("?edit=1"));
    assert_eq!(page.troubles().await, [""; 0]);
}

#[tokio::test]
async fn tab_goes_from_the_head_over_draft_and_actions_to_the_evidence() {
    let Some(desk) = Desk::open("tab_goes_from_the_head_over_draft_and_actions_to_the_evidence").await else { return };
    let page = &desk.browser;
    page.open(&desk.path("blocked")).await;
    let mut way: Vec<String> = Vec::new();
    for _ in 0..80 {
        page.press(&["Tab"]).await;
        let at = page
            .eval(
                "const at = document.activeElement; if (at === document.body) return '';
                 const style = getComputedStyle(at); const box = at.getBoundingClientRect();
                 const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 0;
                 if (!seen) return 'unseen: ' + at.outerHTML.slice(0, 120);
                 for (const part of ['.skip', '.rail', '.case-head', '.strip', '.letter', '.bar', '.talk', '.evidence', '.draft'])
                     if (at.closest(part)) return part;
                 return at.outerHTML.slice(0, 120);",
            )
            .await;
        let at = at.as_str().unwrap().to_owned();
        if at.is_empty() || (at == ".skip" && way.len() > 1) {
            break;
        }
        if way.last() != Some(&at) {
            way.push(at);
        }
    }
    assert_eq!(way, [".skip", ".rail", ".case-head", ".draft", ".strip", ".letter", ".bar", ".talk", ".evidence"]);
}
