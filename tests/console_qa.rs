//! QA's place in the console through the front door: the queue and its filters, rulings one after another, samples, second
//! rulings, disputes, trends, and from a ruling to a changed rule.

mod support;

use aizuchi::{
    app::{App, NewRuling},
    domain::{Id, Principal, Reach, Role, RulingVerdict, WorkspaceId, name},
};
use reqwest::{Method, header::CONTENT_TYPE};
use serde_json::{Value, json};
use support::{Answer, Client, TestServer};

const GUIDE: &str = "version: 2
brand: {id: shop, name: ことり書房}
rules:
  ng_word: {clause: 使わない言葉。, words: [{any: [クレーム], use: [ご意見]}, {any: [解約], use: [停止]}]}
";

async fn shop() -> TestServer {
    TestServer::holding(&[("guide.yaml", GUIDE)], |_| ()).await
}

async fn report(client: &Client, text: &str, vendor: Option<&str>, author: &str, sent_at: Option<&str>) -> Value {
    let reply = json!({
        "workspace": "small", "channel": "email", "text": text, "author": author, "vendor": vendor, "sent_at": sent_at,
    });
    let made = client.post("/v1/replies", &reply).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json
}

/// Sends a form of a page, and gives what it leads to.
async fn send(client: &Client, from: &str, to: &str, fields: &[(&str, &str)]) -> Answer {
    let page = client.get(from).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let token = page.text.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let mut all = vec![("token", token)];
    all.extend_from_slice(fields);
    let body = serde_urlencoded::to_string(all).unwrap();
    let form = client.request(Method::POST, to).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
    Answer::of(form).await
}

fn finding(reply: &Value, at: usize) -> Id<name::Finding> {
    Id::parse(reply["findings"][at]["id"].as_str().unwrap()).unwrap()
}

fn somebody(id: &str, role: Role) -> Principal {
    Principal { id: id.to_owned(), reach: Reach::Everywhere(role) }
}

fn small() -> WorkspaceId {
    WorkspaceId::parse("small").unwrap()
}

async fn ruled(app: &App, who: &Principal, finding: &Id<name::Finding>, verdict: RulingVerdict, reason: &str) {
    let reason = Some(reason.to_owned());
    let new = NewRuling { verdict, fault: None, reason, until: None, phrase: None };
    app.rule(who, finding, new, None).await.unwrap();
}

#[tokio::test]
async fn the_queue_shows_weight_rule_and_words_and_a_filter_is_kept_for_whoever_keeps_it() {
    let server = shop().await;
    let local = server.local();
    report(&local, "お世話になります。クレームの件です。", Some("外部A"), "岸", None).await;
    report(&local, "<b>解約</b>の件です。", None, "大野", None).await;

    let page = local.get("/w/small/qa").await.text;
    for words in ["外部A", "岸", "自社", "NG語「クレーム」", "判定なし", "判定を始める"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(page.contains(r#"<span class="under must">クレーム</span>の件です。"#), "the words are underlined: {page}");
    assert!(!page.contains("お世話になります"), "one sentence is enough: {page}");
    assert!(page.contains("&#60;b&#62;") && !page.contains("<b>"), "a reply is words: {page}");

    let own = local.get("/w/small/qa?vendor=-").await.text;
    assert!(own.contains("大野") && !own.contains("岸"), "{own}");
    let none = local.get("/w/small/qa?severity=info").await.text;
    assert!(none.contains("ここに指摘はありません"), "{none}");

    let kept = [("name", "自社だけ"), ("query", "vendor=-&junk=1")];
    let page = send(&local, "/w/small/qa", "/w/small/qa/filters", &kept).await;
    assert!(page.text.contains("自社だけ") && page.text.contains("/w/small/qa?vendor=-\""), "{}", page.text);
    let others = server.app.queue(&somebody("ann", Role::Qa), &small(), &Default::default(), None).await.unwrap();
    assert!(others.filters.is_empty(), "they are one person's own");
    let remove = page.text.split("/w/small/qa/filters/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert!(remove.starts_with("flt_") && remove.ends_with("/remove"), "{remove}");
    let page = send(&local, "/w/small/qa", &format!("/w/small/qa/filters/{remove}"), &[]).await;
    assert!(!page.text.contains("自社だけ"), "{}", page.text);
    let unnamed = send(&local, "/w/small/qa", "/w/small/qa/filters", &[("name", " "), ("query", "")]).await;
    assert_eq!(unnamed.status, 422, "{}", unnamed.text);
}

#[tokio::test]
async fn a_ruling_leads_to_the_next_finding_of_the_same_list() {
    let server = shop().await;
    let local = server.local();
    let last = report(&local, "クレームの件です。", Some("外部A"), "岸", Some("2026-11-03")).await;
    report(&local, "解約の件です。", Some("外部B"), "原", Some("2026-11-02")).await;
    let first = report(&local, "クレームを承りました。", Some("外部A"), "岸", Some("2026-11-01")).await;
    let query = "vendor=%E5%A4%96%E9%83%A8A";
    let here = format!("/w/small/qa/findings/{}", finding(&last, 0));

    let page = local.get(&format!("{here}?{query}")).await.text;
    for words in
        ["1 / 2", "<span class=\"under meant\" title=\"使わない言葉。\">クレーム</span>の件です。", "文体ガイド 第1版"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(page.contains("<del>クレーム</del><ins>ご意見</ins>の件です。"), "only what differs: {page}");
    assert!(page.contains("data-rule") && page.contains(r#"data-key="1""#), "{page}");
    let form = page.split("qa-form").nth(1).and_then(|rest| rest.split("</form>").next()).unwrap();
    assert!(!form.contains("checked") && !form.contains("selected"), "nothing is chosen for whoever rules: {form}");

    let nothing = send(&local, &here, &here, &[("query", query)]).await;
    assert_eq!(nothing.status, 422);
    assert!(nothing.text.contains("判定を選んでください"), "{}", nothing.text);

    let fields = [("verdict", "confirmed"), ("fault", "operator"), ("reason", "言い換えます。"), ("query", query)];
    let next = send(&local, &here, &here, &fields).await;
    assert!(next.text.contains("クレーム</span>を承りました。"), "the next one of vendor A: {}", next.text);
    assert!(
        next.text.contains("言い換えます。") && next.text.contains("100%"),
        "past rulings and precision: {}",
        next.text
    );
    let here = format!("/w/small/qa/findings/{}", finding(&first, 0));
    let done = send(&local, &here, &here, &[("verdict", "dismissed"), ("query", query)]).await;
    assert!(done.text.contains("すべて判定しました"), "{}", done.text);
    let today = local.get("/w/small/qa?view=ruled").await.text;
    assert!(today.contains("妥当") && today.contains("誤検出") && !today.contains("原</span>"), "{today}");
}

#[tokio::test]
async fn an_auditor_reads_and_changes_nothing() {
    let server = shop().await;
    let reply = report(&server.local(), "クレームの件です。", None, "岸", None).await;
    let (app, auditor) = (&server.app, somebody("eve", Role::Auditor));
    let id = finding(&reply, 0);
    assert!(app.open_finding(&auditor, &id, &Default::default()).await.is_ok());
    assert!(app.trends(&auditor, &small()).await.is_ok() && app.samples(&auditor, &small()).await.is_ok());
    let new = NewRuling { verdict: RulingVerdict::Confirmed, fault: None, reason: None, until: None, phrase: None };
    let refused = [
        app.rule(&auditor, &id, new, None).await.map(|_| ()).unwrap_err(),
        app.rule_again(&auditor, &id, RulingVerdict::Confirmed, None).await.unwrap_err(),
        app.save_filter(&auditor, &small(), "mine", "").await.map(|_| ()).unwrap_err(),
        app.answer_dispute(&auditor, &id, true, "why").await.unwrap_err(),
        app.dispute(&auditor, &id, "why").await.unwrap_err(),
        app.judge_sample(&auditor, &Id::parse(reply["id"].as_str().unwrap()).unwrap(), None).await.unwrap_err(),
    ];
    for error in refused {
        assert_eq!(error.code(), "role-not-allowed", "{error}");
    }
    let operator = somebody("bob", Role::Operator);
    assert_eq!(app.queue(&operator, &small(), &Default::default(), None).await.unwrap_err().code(), "role-not-allowed");
}

#[tokio::test]
async fn replies_without_findings_are_sampled_and_what_was_missed_is_counted() {
    let server = shop().await;
    let local = server.local();
    report(&local, "クレームの件です。", None, "岸", None).await;
    let mut clean = Vec::new();
    for n in 0..15 {
        clean.push(report(&local, &format!("本日{n}件目の返信です。"), Some("外部A"), "岸", None).await);
    }
    let list = local.get("/w/small/qa/samples").await.text;
    assert_eq!(list.matches("未確認").count(), 12, "twelve a week: {list}");
    assert_eq!(list, local.get("/w/small/qa/samples").await.text, "the same ones for everybody");
    let first = list.split("/w/small/qa/samples/").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let here = format!("/w/small/qa/samples/{first}");
    let missed = |words: &'static str| [("judged", "missed"), ("category", "cold_stiff"), ("words", words)];
    assert_eq!(send(&local, &here, &here, &missed("どこにもない言葉")).await.status, 422);
    let next = send(&local, &here, &here, &missed("返信です")).await;
    assert!(next.text.contains("指摘のない返信") && next.text.contains("残り 11件"), "{}", next.text);
    let again = send(&local, &here, &here, &[("judged", "fine")]).await;
    assert_eq!(again.status, 409, "a reply is looked through once: {}", again.text);
    let list = local.get("/w/small/qa/samples").await.text;
    assert!(list.contains("見逃しあり") && list.contains("見逃しは100%です"), "{list}");
    let event = local.get("/v1/audit/events?workspace=small&type=reply.sampled").await.text;
    assert!(event.contains("cold_stiff") && !event.contains("返信です"), "the words are sealed: {event}");
}

#[tokio::test]
async fn a_second_person_rules_without_seeing_the_first_ruling_and_agreement_is_told() {
    let server = shop().await;
    let (local, ann) = (server.local(), somebody("ann", Role::Qa));
    let mut findings = Vec::new();
    for n in 0..4 {
        let reply = report(&local, &format!("クレーム{n}番です。"), None, "岸", None).await;
        findings.push(finding(&reply, 0));
    }
    use RulingVerdict::{Confirmed, Dismissed};
    for (id, verdict) in findings.iter().zip([Confirmed, Confirmed, Dismissed, Dismissed]) {
        ruled(&server.app, &ann, id, verdict, "最初の理由").await;
    }
    assert!(server.app.to_rule_again(&ann, &small()).await.unwrap().is_empty(), "nobody is second to themselves");
    let own = server.app.rule_again(&ann, &findings[0], Confirmed, None).await.unwrap_err();
    assert_eq!(own.code(), "not-found");
    let blind = local.get("/w/small/qa/again").await.text;
    assert!(blind.contains("残り 4件") && !blind.contains("最初の理由") && !blind.contains("過去の判定"), "{blind}");
    // Three of four alike: 0.75 observed, 0.5 by chance.
    for (id, verdict) in findings.iter().zip(["confirmed", "dismissed", "dismissed", "dismissed"]) {
        let here = format!("/w/small/qa/again/{id}");
        assert_eq!(send(&local, &here, &here, &[("verdict", verdict)]).await.status, 200);
    }
    let trends = local.get("/w/small/qa/trends").await.text;
    assert!(trends.contains("κ 0.50") && trends.contains("再判定 4件。不一致 1件"), "{trends}");
    assert!(local.get("/w/small/qa/again").await.text.contains("再判定する指摘はありません"));
}

#[tokio::test]
async fn the_author_disputes_a_ruling_and_qa_answers() {
    let server = shop().await;
    let (local, ann) = (server.local(), somebody("ann", Role::Qa));
    let reply = report(&local, "クレーム通信をお届けします。", None, "local", None).await;
    let id = finding(&reply, 0);
    let early = server.app.dispute(&Principal::local(), &id, "早すぎます").await.unwrap_err();
    assert_eq!(early.code(), "ruling-invalid");
    ruled(&server.app, &ann, &id, RulingVerdict::Confirmed, "言い換えが要ります").await;
    let mine = local.get("/w/small/qa/mine").await.text;
    assert!(mine.contains("言い換えが要ります") && mine.contains("異議を出す"), "{mine}");
    let said = [("reason", "会報の名前です。")];
    let mine = send(&local, "/w/small/qa/mine", &format!("/w/small/qa/mine/{id}"), &said).await.text;
    assert!(mine.contains("会報の名前です。") && !mine.contains("異議を出す"), "{mine}");
    let waiting = local.get("/w/small/qa/disputes").await.text;
    assert!(waiting.contains("認めない") && waiting.contains("異議 <span class=\"number\">1</span>"), "{waiting}");
    let answer = [("action", "grant"), ("reason", "そのとおりです。")];
    let to = format!("/w/small/qa/disputes/{id}");
    let page = send(&local, "/w/small/qa/disputes", &to, &answer).await.text;
    assert!(page.contains("認めました（誤検出）") && page.contains("そのとおりです。"), "{page}");
    let read = local.get(&format!("/v1/findings/{id}")).await.json;
    assert_eq!(read["state"], "dismissed", "one record says both: {read}");
    let twice = server.app.answer_dispute(&Principal::local(), &id, false, "二度目").await.unwrap_err();
    assert_eq!(twice.code(), "not-found");
    assert!(local.get("/w/small/qa/mine").await.text.contains("そのとおりです。"), "the author reads the answer");
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the pages look back from today")]
async fn a_vendor_out_of_limits_is_a_diamond_and_the_title_says_so() {
    let server = shop().await;
    let local = server.local();
    let today = jiff::Timestamp::now();
    let day = |back: i64| (today - jiff::SignedDuration::from_hours(24 * back)).to_string();
    for back in (0..56_i64).rev() {
        for k in 0..8 {
            let every = if back < 10 { 2 } else { 8 };
            let text =
                if (back + k) % every == 0 { "クレームの件です。" } else { "承知いたしました。" };
            report(&local, text, Some("外部A"), "岸", Some(&day(back))).await;
        }
    }
    let page = local.get("/w/small/qa/trends").await.text;
    // On a Monday the week that began today is still too short to be out of limits: then the alarm says it.
    let said = page.contains("上限を超えました") || page.contains("ごろから増えています");
    assert!(page.contains("外部Aの指摘が") && said, "{page}");
    assert!(page.contains("class=\"chart-out\"") && page.contains("上限 ") && page.contains("平均 "), "{page}");
    assert!(!page.contains("style="), "the policy forbids it: {page}");
    assert!(page.contains("外部Aで増えた規則"), "{page}");
    let queue = local.get("/w/small/qa").await.text;
    assert!(queue.contains("上限を超えています"), "the vendor has a diamond in the list: {queue}");
}

#[tokio::test]
async fn from_a_ruling_to_the_rule_with_a_preview_on_what_was_sent() {
    let server = shop().await;
    let local = server.local();
    let reply = report(&local, "クレーム通信をお届けします。", None, "岸", None).await;
    report(&local, "クレームの件です。", None, "岸", None).await;
    ruled(&server.app, &Principal::local(), &finding(&reply, 0), RulingVerdict::Confirmed, "見本").await;
    let rule = serde_urlencoded::to_string([("rule", "ng_word:クレーム")]).unwrap();
    let page = local.get(&format!("/w/small/qa/rules?{rule}")).await.text;
    assert!(page.contains("使わない言葉。") && page.contains("クレーム") && page.contains("試す"), "{page}");
    let fields = [
        ("rule", "ng_word:クレーム"),
        ("preview", "1"),
        ("clause", "使わない言葉。"),
        ("severity", "error"),
        ("except", "クレーム通信"),
    ];
    let query = serde_urlencoded::to_string(fields).unwrap();
    let path = format!("/w/small/qa/rules?{query}");
    let page = local.get(&path).await.text;
    assert!(page.contains("直近 2通の返信で、指摘が 1件消え、0件現れます"), "{page}");
    assert!(page.contains("1件は、妥当と判定されています"), "what was held right would be lost: {page}");
    let before = report(&local, "クレーム通信です。", None, "岸", None).await;
    assert_eq!(before["findings"].as_array().unwrap().len(), 1, "a preview changes nothing");

    let qa = somebody("ann", Role::Qa);
    let change = aizuchi::app::RuleChange {
        category: aizuchi::domain::Category::NgWord,
        clause: "使わない言葉。".to_owned(),
        severity: None,
        off: false,
        except: vec!["クレーム通信".to_owned()],
        dropped: Vec::new(),
    };
    let made = server.app.propose_rule(&qa, &small(), &change).await.unwrap();
    assert!(matches!(made, aizuchi::app::Fulfilled::Waiting(_)), "QA proposes");
    let done = send(&local, &path, "/w/small/qa/rules", &fields).await.text;
    assert!(done.contains("ガイドを改めました"), "who keeps the knowledge changes it: {done}");
    let after = report(&local, "クレーム通信です。", None, "岸", None).await;
    assert_eq!(after["findings"], json!([]));
    assert!(local.get("/w/small/qa").await.text.contains("クレーム"), "what was found before stays");
}
