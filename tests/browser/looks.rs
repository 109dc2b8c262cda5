//! Every page as people with other eyes, hands and screens have it: WCAG 2.2 AA by axe-core, nothing that moves, nothing
//! that sticks out, and a picture of each in `target/screenshots/`.

use std::{fs, path::Path};

use serde_json::json;

use crate::{
    support::{browser::Browser, driver::skipped},
    tour::{Desk, SHOP, ask},
};

const SHAPES: [(u32, u32); 2] = [(1366, 768), (390, 844)];

/// What still moves once a page is there and drawn. Before that a browser may draw the half that it has read.
const MOVES: &str = "const drawn = () => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
    await document.fonts.ready; await drawn(); const shifts = [];
    new PerformanceObserver((list) => { for (const shift of list.getEntries())
        shifts.push(shift.value + ' ' + shift.sources.map((it) => it.node?.outerHTML?.slice(0, 80)).join(' | ')); })
        .observe({ type: 'layout-shift' });
    await new Promise((go) => setTimeout(go, 250)); await drawn(); return shifts;";

/// What sticks out of the window to the right and cannot be scrolled to.
const OUTSIDE: &str = "const kept = (at) => { for (let up = at.parentElement; up; up = up.parentElement)
        if (getComputedStyle(up).overflowX !== 'visible') return true; return false; };
    return [...document.querySelectorAll('body *')].filter((at) => at.checkVisibility()
        && at.getBoundingClientRect().right > innerWidth + 1 && !kept(at)).map((at) => at.outerHTML.slice(0, 120));";

/// Words of the page itself that are not English: what stands on a button, heads a part or names a field. What a shop or a
/// customer wrote stays as it is.
const JAPANESE: &str = "const own = 'button, label, legend, th, dt, .button, .link, .tab, .rail-label, .rail-help, \
        .list-head, .group, .back, nav a, summary';
    const theirs = '[lang=ja], .rail-shop, .given, .turn, .view, .k-fields, .k-rule';
    return [...document.querySelectorAll(own)].filter((at) => at.checkVisibility() && !at.closest(theirs) && !at.querySelector('select')
        && /[\\u3040-\\u30ff\\u4e00-\\u9fff]/.test(at.innerText)).map((at) => at.innerText.trim());";

const AXE: &str = "const found = await axe.run(document, { resultTypes: ['violations'],
        // What is opened lies over what stands below it, until it is closed again.
        rules: { 'target-size': { enabled: !document.querySelector('details[open]') } },
        runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] } });
    return found.violations.filter((it) => ['serious', 'critical'].includes(it.impact))
        .flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.target.join(' ')} ${node.failureSummary.split('\\n')[1]}`));";

async fn lines(page: &Browser, body: &str) -> Vec<String> {
    let found = page.eval(body).await;
    found.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn axe_finds_nothing_serious_on_any_page_in_light_and_dark_wide_and_narrow() {
    const NAME: &str = "axe_finds_nothing_serious_on_any_page_in_light_and_dark_wide_and_narrow";
    let Some(axe) = std::env::var("AIZUCHI_AXE").ok().and_then(|path| fs::read_to_string(path).ok()) else {
        return skipped(NAME);
    };
    let Some(desk) = Desk::open_whole(NAME).await else { return };
    let page = &desk.browser;
    let mut found = Vec::new();
    for (name, path) in desk.pages() {
        for (width, height) in SHAPES {
            page.resize(width, height).await;
            page.open(&path).await;
            page.run(&axe).await;
            // As it comes, and with everything open that opens.
            for open in [false, true] {
                if open {
                    page.run("for (const it of document.querySelectorAll('details')) it.open = true;").await;
                }
                for theme in ["light", "dark"] {
                    page.theme(theme).await;
                    let violations = page.awaited(AXE).await;
                    let all =
                        violations.as_array().unwrap().iter().map(|it| format!("{name} {width} {theme} {open}: {it}"));
                    found.extend(all);
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[tokio::test]
async fn english_pages_pass_axe_fit_and_speak_english() {
    const NAME: &str = "english_pages_pass_axe_fit_and_speak_english";
    let Some(axe) = std::env::var("AIZUCHI_AXE").ok().and_then(|path| fs::read_to_string(path).ok()) else {
        return skipped(NAME);
    };
    let Some(desk) = Desk::open_whole(NAME).await else { return };
    let page = &desk.browser;
    let (width, height) = SHAPES[0];
    page.resize(width, height).await;
    page.open(&desk.pages()[0].1).await;
    page.click(".rail-shop summary").await;
    page.follow("button[name=lang][value=en]").await;
    let mut found = Vec::new();
    for (name, path) in desk.pages() {
        page.open(&path).await;
        page.run(&axe).await;
        page.run("for (const it of document.querySelectorAll('details')) it.open = true;").await;
        let violations = page.awaited(AXE).await;
        found.extend(violations.as_array().unwrap().iter().map(|it| format!("{name}: {it}")));
        page.run("for (const it of document.querySelectorAll('details')) it.open = false;").await;
        found.extend(lines(page, OUTSIDE).await.iter().map(|it| format!("{name} sticks out: {it}")));
        found.extend(lines(page, JAPANESE).await.iter().map(|it| format!("{name} says in Japanese: {it}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[tokio::test]
async fn every_page_is_still_fits_and_asks_nobody_else() {
    let Some(desk) = Desk::open_whole("every_page_is_still_fits_and_asks_nobody_else").await else { return };
    let page = &desk.browser;
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
    fs::create_dir_all(&pictures).unwrap();
    for (name, path) in desk.pages() {
        for (width, height) in SHAPES {
            page.resize(width, height).await;
            for theme in ["light", "dark"] {
                page.theme(theme).await;
                page.open(&path).await;
                let moved = page.awaited(MOVES).await;
                fs::write(pictures.join(format!("{name}-{width}-{theme}.png")), page.screenshot().await).unwrap();
                let whole = format!("{name} {width} {theme}");
                assert_eq!(moved, json!([]), "{whole} moves");
                assert_eq!(lines(page, OUTSIDE).await, [""; 0], "{whole} sticks out");
                assert_eq!(page.troubles().await, [""; 0], "{whole}");
            }
        }
    }
}

#[tokio::test]
async fn what_decides_is_in_sight_on_a_laptop() {
    let Some(desk) = Desk::open("what_decides_is_in_sight_on_a_laptop").await else { return };
    let page = &desk.browser;
    page.resize(1366, 650).await;
    for what in ["ready", "blocked", "held", "handoff", "accepted"] {
        page.open(&desk.path(what)).await;
        let end = page.eval("return document.querySelector('.bar').getBoundingClientRect().bottom").await;
        assert!(end.as_f64().unwrap() <= 650.0, "{what}: the actions end at {end}");
        assert_eq!(page.eval("return document.documentElement.scrollHeight").await, 650, "{what}: the page scrolls");
        for part in [".talk", ".draft", ".evidence"] {
            let width =
                page.eval(&format!("return document.querySelector('{part}').getBoundingClientRect().width")).await;
            assert!(width.as_f64().unwrap() > 250.0, "{what}: {part} is {width} wide");
        }
    }
}

#[tokio::test]
async fn long_words_and_emoji_stay_in_their_places() {
    let Some(desk) = Desk::open("long_words_and_emoji_stay_in_their_places").await else { return };
    let page = &desk.browser;
    let (latin, kana) = ("Donaudampfschifffahrt".repeat(30), "ながいことば".repeat(60));
    let emoji = "👨‍👩‍👧‍👦🏳️‍🌈🎁👩🏽‍💻🇯🇵".repeat(30);
    let text = format!("{latin}{kana}{emoji}の返品の期限を教えてください。https://example.com/{latin}?{latin}");
    let customer: String = format!("👨‍👩‍👧‍👦{latin}").chars().take(200).collect();
    let case = ask(&desk.server.local(), SHOP, &text, &customer).await;
    let path = format!("/w/officelink/inquiries/{}", case["inquiry"].as_str().unwrap());
    for (width, height) in SHAPES {
        page.resize(width, height).await;
        for path in ["/w/officelink/inbox", &path, &format!("{path}?edit=1")] {
            page.open(path).await;
            assert_eq!(lines(page, OUTSIDE).await, [""; 0], "{path} at {width}");
            let wider = page.eval("return document.documentElement.scrollWidth - innerWidth").await;
            assert!(wider.as_i64().unwrap() <= 0, "{path} at {width} scrolls sideways");
            assert_eq!(page.awaited(MOVES).await, json!([]), "{path} at {width} moves");
        }
    }
    page.open(&path).await;
    assert!(
        page.eval("return document.querySelector('.message').textContent")
            .await
            .as_str()
            .unwrap()
            .contains("👨‍👩‍👧‍👦🏳️‍🌈🎁👩🏽‍💻🇯🇵"),
        "emoji of many parts stay whole"
    );
    assert_eq!(page.troubles().await, [""; 0]);
}
