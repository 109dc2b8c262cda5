//! The audit of the console and the page that tells how a draft was made, read as an auditor reads them.

mod support;

use aizuchi::verifier::{Pins, verify};
use reqwest::{Method, header};
use serde_json::{Value, json};
use sqlx::Connection as _;
use support::{Answer, Client, SMALL_FAQ, TestServer, failed::fail_a_draft, inquiry};

const AUDIT: &str = "/w/small/audit";

async fn page(client: &Client, path: &str) -> String {
    let answer = client.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.text
}

async fn in_english(client: &Client, path: &str) -> String {
    let asked = client.request(Method::GET, path).header(header::COOKIE, "aizuchi_lang=en");
    Answer::of(asked).await.text
}

fn id(of: &Value) -> &str {
    of.as_str().or(of["id"].as_str()).unwrap()
}

async fn decided(client: &Client, made: &Value, decision: &Value) {
    let answer = client.post(&format!("/v1/drafts/{}/decision", id(&made["draft"])), decision).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
}

fn record(made: &Value) -> String {
    format!("{AUDIT}/drafts/{}", id(&made["draft"]))
}

#[tokio::test]
async fn a_record_is_found_by_whatever_id_is_at_hand() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let made = client.draft("small").await;
    for id in [id(&made["draft"]), id(&made["inquiry"]), id(&made)] {
        let found = page(&client, &format!("{AUDIT}?q={id}")).await;
        assert!(found.contains("できごと") && found.contains("まだだれも判断していません"), "{id}: {found}");
    }
    let none = page(&client, &format!("{AUDIT}?q=drf_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")).await;
    assert!(none.contains("この番号の記録は、このショップにはありません"), "{none}");
    let pattern = page(&client, &format!("{AUDIT}?q=%25")).await;
    assert!(!pattern.contains("お問い合わせが届きました"), "a pattern is no id: {pattern}");
    let unknown = client.get(&format!("{AUDIT}/drafts/drf_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")).await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn the_last_events_are_told_in_plain_words_and_narrowed_down() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let (first, second) = (client.draft("small").await, client.draft("small").await);
    decided(&client, &first, &json!({"action": "accept"})).await;
    decided(&client, &second, &json!({"action": "reject", "reason": "outdated"})).await;
    let all = page(&client, AUDIT).await;
    for said in [
        "この端末の管理者が下書きをそのまま採用しました。",
        "この端末の管理者が下書きを使わないと決めました。",
        "お問い合わせが届きました（メール）。",
        "ショップを開きました。",
        "先日注文した商品を返品したいのですが",
    ] {
        assert!(all.contains(said), "{said}: {all}");
    }
    let newest = all.find("使わないと決めました").unwrap();
    assert!(newest < all.find("ショップを開きました").unwrap(), "the last one first");
    let drafts = page(&client, &format!("{AUDIT}?kind=draft")).await;
    assert!(drafts.contains("採用しました") && !drafts.contains("お問い合わせが届きました（"), "{drafts}");
    let system = page(&client, &format!("{AUDIT}?by=system")).await;
    assert!(system.contains("ナレッジを変えました（追加") && !system.contains("採用しました"), "{system}");
    let before = page(&client, &format!("{AUDIT}?day=2020-01-01")).await;
    assert!(before.contains("あてはまるできごとはありません"), "{before}");
    let second = page(&client, &format!("{AUDIT}?q=2")).await;
    assert!(second.contains("ナレッジを変えました") && !second.contains("採用しました"), "up to a number: {second}");
    let english = in_english(&client, AUDIT).await;
    assert!(english.contains("accepted a draft as it was.") && !english.contains("採用しました"), "{english}");
}

#[tokio::test]
async fn a_long_log_is_read_page_by_page() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    for n in 0..27 {
        let answer =
            client.post("/v1/inquiries", &inquiry("small", &format!("{n}番です。領収書はいつ届きますか。"))).await;
        assert_eq!(answer.status, 201);
    }
    let first = page(&client, &format!("{AUDIT}?kind=inquiry")).await;
    assert!(!first.contains("さらに前を見る"), "27 fit");
    let first = page(&client, AUDIT).await;
    let more = first.split("before=").nth(1).expect("more than fit").split('"').next().unwrap();
    let next = page(&client, &format!("{AUDIT}?before={more}")).await;
    assert!(next.contains("ショップを開きました") && !first.contains("ショップを開きました"), "{next}");
}

#[tokio::test]
async fn a_record_says_what_happened_and_what_was_changed() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let made = client.draft("small").await;
    let text = made["draft"]["text"].as_str().unwrap();
    let edited = text.replacen("どうぞよろしく", "よろしく", 1);
    assert_ne!(text, edited);
    decided(&client, &made, &json!({"action": "edit", "text": edited, "reason": "短くしました"})).await;
    let read = page(&client, &record(&made)).await;
    for said in [
        "この端末の管理者が1か所直して",
        "FAQ",
        "記録に改ざんはありません",
        "理由：「短くしました」。",
        "<del>どうぞ</del>よろしく",
        "抜き書き（モデルは使っていません）",
        "採用した文面と、その根拠",
        "技術者向けの詳細",
    ] {
        assert!(read.contains(said), "{said}: {read}");
    }
    let technical = read.find("技術者向けの詳細").unwrap();
    let revision = made["citations"][0]["revision"].as_str().unwrap();
    assert!(read.find(revision).unwrap() > technical, "ids stand where those look who need them");
    let english = in_english(&client, &record(&made)).await;
    assert!(english.contains("changed 1 place and accepted it"), "{english}");
}

#[tokio::test]
async fn a_record_that_was_changed_behind_our_back_is_called_so() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let made = client.draft("small").await;
    let whole = page(&client, &format!("{AUDIT}/verify")).await;
    assert!(whole.contains("記録に改ざんはありません") && whole.contains("抜けも書き換えもありません"), "{whole}");

    let mut store = sqlx::SqliteConnection::connect(&server.app.settings().store_url()).await.unwrap();
    let forge = "DROP TRIGGER event_never_changes;
                 UPDATE event SET content = replace(content, 'extractive', 'prompted') WHERE type = 'draft.suggested'";
    sqlx::raw_sql(forge).execute(&mut store).await.unwrap();
    let broken = page(&client, &format!("{AUDIT}/verify")).await;
    assert!(broken.contains("から先の記録は、書かれたときのままではありません"), "{broken}");
    assert!(broken.contains("あとから書き換えられています"), "{broken}");
    let read = page(&client, &record(&made)).await;
    assert!(read.contains("記録が、書かれたときのままではありません"), "{read}");
}

#[tokio::test]
async fn a_replay_says_whether_the_same_comes_of_it() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let made = client.draft("small").await;
    let read = page(&client, &record(&made)).await;
    assert!(!read.contains("もう一度できました"), "nothing is made again unasked");
    let again = page(&client, &format!("{}?replay=1", record(&made))).await;
    assert!(again.contains("同じ下書きが、もう一度できました"), "{again}");
}

#[tokio::test]
async fn the_log_and_a_proof_are_taken_out_of_the_house() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let made = client.draft("small").await;
    let whole = client.get(&format!("{AUDIT}/export?format=jsonl")).await;
    assert_eq!(whole.header("content-disposition"), "attachment; filename=\"audit-small.jsonl\"");
    assert!(verify(whole.text.as_bytes(), &Pins::default()).unwrap().events > 3);
    let table = client.get(&format!("{AUDIT}/export?kind=draft&format=csv")).await;
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    assert!(table.text.contains("draft.suggested") && !table.text.contains("inquiry.received"), "{}", table.text);
    let proof = client.get(&format!("{}/proof", record(&made))).await;
    assert!(proof.json["items"][0]["path"].is_array(), "{}", proof.text);
    assert!(!proof.text.contains("返品"), "a proof shows nobody's words");
}

#[tokio::test]
async fn what_a_customer_writes_is_never_markup() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let words = "返品の期限を教えてください<img src=x onerror=alert(1)>。";
    let made = client.post("/v1/inquiries", &inquiry("small", words)).await.json;
    let trail = format!("/w/small/inquiries/{}/trail", id(&made["inquiry"]));
    for path in [AUDIT.to_owned(), record(&made), trail.clone(), format!("{trail}?part=search")] {
        let answer = client.get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.text.contains("<img"), "{path}: {}", answer.text);
        assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{path}");
    }
}

#[tokio::test]
async fn how_a_draft_was_made_is_told_step_by_step() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let words = "返品の期限を教えてください。電話は 090-1234-5678 です。";
    let made = client.post("/v1/inquiries", &inquiry("small", words)).await.json;
    let here = format!("/w/small/inquiries/{}", id(&made["inquiry"]));
    let case = page(&client, &here).await;
    assert!(case.contains(&format!("{here}/trail")) && case.contains("data-key=\"i\""), "{case}");
    let steps = page(&client, &format!("{here}/trail")).await;
    for said in
        ["個人情報1か所を伏せ字にしました", "根拠を探しました", "モデルは使っていません", "事実を述べた", "監査番号"]
    {
        assert!(steps.contains(said), "{said}: {steps}");
    }
    assert!(!steps.contains("090-1234-5678"), "{steps}");
    let events = client.get("/v1/audit/events?workspace=small&type=draft.suggested").await;
    let number = events.json["items"][0]["sequence"].as_u64().unwrap();
    assert!(steps.contains(&format!("監査番号 {number}。")), "{number}: {steps}");
    let prompt = page(&client, &format!("{here}/trail?part=prompt")).await;
    assert!(prompt.contains("モデルは使っていません"), "{prompt}");
    let search = page(&client, &format!("{here}/trail?part=search")).await;
    assert!(search.contains("返品の期限を教えてください。") && search.contains("下書きの文の裏づけです"), "{search}");
    let english = in_english(&client, &format!("{here}/trail")).await;
    assert!(english.contains("Sources were looked for") && english.contains("Audit number"), "{english}");
}

#[tokio::test]
async fn how_long_each_stage_took_is_shown_where_it_was_measured() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let made = client.draft("small").await;
    let trail = format!("/w/small/inquiries/{}/trail", id(&made["inquiry"]));
    for path in [trail.clone(), record(&made)] {
        let read = page(&client, &path).await;
        for said in ["かかった時間は合わせて", "根拠を探す", "下書きを作る", "照合と表現の確認", "秒</dd>"]
        {
            assert!(read.contains(said), "{path} {said}: {read}");
        }
        assert_eq!(read.matches("class=\"timings-part\"").count(), 3, "{path}: {read}");
    }
    let english = in_english(&client, &trail).await;
    assert!(english.contains("It took") && english.contains("Finding sources"), "{english}");
    // Nobody drafted: what did not take place has no bar.
    let asked = inquiry("small", "電話で話したいので、担当の方につないでください。");
    let handoff = client.post("/v1/inquiries", &asked).await.json;
    assert_eq!(handoff["outcome"]["kind"], "handoff");
    let steps = page(&client, &format!("/w/small/inquiries/{}/trail", id(&handoff["inquiry"]))).await;
    assert!(steps.matches("class=\"timings-part\"").count() == 1 && !steps.contains("下書きを作る"), "{steps}");
}

#[tokio::test]
async fn what_the_draft_does_not_stand_on_says_why_on_both_pages() {
    let old = r#"{"key": "fee", "title": "返品の送料はいくらですか。", "answer": "返品の送料は、税込660円をご負担いただきます。", "valid_until": "2026-03-31", "applies_by": "order_date"}"#;
    let new = r#"{"key": "fee", "title": "返品の送料はいくらですか。", "answer": "返品の送料は、税込880円をご負担いただきます。", "valid_from": "2026-04-01", "applies_by": "order_date"}"#;
    let policy = "---\nkey: desk\ntitle: 返品の例外\naudience: internal\n---\n\n## 返品の送料\n\n返品の送料は、リーダーの判断で免除できる。\n";
    let reply = r#"{"key": "reply-1", "date": "2026-01-05", "channel": "email", "situation": "return_request", "author": "佐藤", "team": "一次", "vendor": "外部", "inquiry": "返品の送料はいくらですか。", "reply": "返品のご連絡をいただき、ありがとうございます。\n送料はお客様にご負担いただいております。"}"#;
    let faq = format!("{SMALL_FAQ}{old}\n{new}\n");
    let files = [("faq/all.jsonl", faq.as_str()), ("policy/desk.md", policy), ("replies/2026.jsonl", reply)];
    let server = TestServer::holding(&files, |_| {}).await;
    let client = server.local();
    let mut asked = inquiry("small", "返品の送料はいくらですか。");
    asked["records"] = json!([{"name": "注文日", "value": "2026-05-10", "source": "order-system"}]);
    let made = client.post("/v1/inquiries", &asked).await.json;
    assert_eq!(made["outcome"]["kind"], "answer", "{made}");
    let case = page(&client, &format!("/w/small/inquiries/{}", id(&made["inquiry"]))).await;
    let (_, left) = case.split_once("class=\"unused\"").expect("something is left aside");
    let left = left.split_once("</section>").unwrap().0;
    let reasons = [
        "この注文日（2026/05/10）には有効でない版です",
        "社内向けのため、お客様への文には引用しません",
        "言い回しの手本にとどめました",
        "この件の記録ですが、どの文も触れていません",
    ];
    for said in reasons {
        assert!(left.contains(said), "{said}: {left}");
    }
    assert!(left.starts_with("><summary>使わなかった "), "closed, where the draft stands on something: {left}");
    let search = page(&client, &format!("/w/small/inquiries/{}/trail?part=search", id(&made["inquiry"]))).await;
    for said in reasons {
        assert!(search.contains(said), "{said}: {search}");
    }
}

#[tokio::test]
async fn a_draft_that_failed_tells_what_had_been_shown_and_what_came_after() {
    let server = TestServer::small_with(|_| {}).await;
    let made = server.local().draft("small").await;
    let resting = server.rested().await;
    let failed = fail_a_draft(&resting.settings, "small", id(&made["inquiry"]), "返品のご連絡を<b>いただき").await;
    let server = resting.serving(None).await;
    let client = server.local();
    let read = page(&client, &format!("{AUDIT}/drafts/{failed}")).await;
    for said in [
        "この下書きは、できあがりませんでした（プログラムの誤りです）",
        "返品のご連絡を&#60;b&#62;いただき",
        "お客様には送られていません",
        "記録に改ざんはありません",
        "同じ問い合わせの、別の下書きです",
        &record(&made),
        "残っているハッシュ",
    ] {
        assert!(read.contains(said), "{said}: {read}");
    }
    let log = page(&client, AUDIT).await;
    assert!(log.contains(&format!("{AUDIT}/drafts/{failed}")), "the log leads there: {log}");
    let whole = page(&client, &record(&made)).await;
    assert!(whole.contains(&format!("{AUDIT}/drafts/{failed}")), "and so does the other draft's record: {whole}");
    assert_eq!(client.get(&format!("{AUDIT}/drafts/{failed}/proof")).await.status, 200);
    let english = in_english(&client, &format!("{AUDIT}/drafts/{failed}")).await;
    assert!(english.contains("This draft did not come to be (a mistake in the program)."), "{english}");
}

#[tokio::test]
async fn a_draft_whose_words_were_erased_still_tells_who_did_what_when() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let mut asked = inquiry("small", "返品の期限を教えてください。");
    asked["customer"] = json!("C-1");
    let made = client.post("/v1/inquiries", &asked).await.json;
    decided(&client, &made, &json!({"action": "accept"})).await;
    let whose = json!({"workspace": "small", "customer": "C-1"});
    assert_eq!(client.post("/v1/erasures", &whose).await.status, 201);
    let read = page(&client, &record(&made)).await;
    for said in [
        "この下書きの文面は、もう読めません",
        "この端末の管理者が、お客様の文面を消去しました",
        "お問い合わせが届きました",
        "この端末の管理者が下書きをそのまま採用しました",
        "記録に改ざんはありません",
        "残っているハッシュ",
    ] {
        assert!(read.contains(said), "{said}: {read}");
    }
    assert!(!read.contains("返品の期限"), "{read}");
    let found = page(&client, &format!("{AUDIT}?q={}", id(&made))).await;
    assert!(found.contains("下書きを作り、根拠と照らし合わせました"), "by the suggestion's id: {found}");
    let refused = client.get(&format!("/v1/audit/drafts/{}", id(&made["draft"]))).await;
    assert_eq!((refused.status, refused.problem().as_str()), (410, "erased"));
}
