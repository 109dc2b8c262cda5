//! QA's day through the front door: findings looked through and ruled on, words waived, rules judged, vendors watched.

mod support;

use aizuchi::domain::Role;
use serde_json::{Value, json};
use support::{Client, TestServer};

const GUIDE: &str = "version: 2
brand: {id: shop, name: ことり書房}
rules:
  ng_word: {clause: 使わない言葉。, words: [{any: [クレーム], use: [ご意見]}, {any: [解約], use: [停止]}]}
";

async fn shop() -> TestServer {
    TestServer::holding(&[("guide.yaml", GUIDE)], |_| ()).await
}

async fn report(client: &Client, text: &str, vendor: &str, sent_at: &str) -> Value {
    let reply = json!({
        "workspace": "small", "channel": "email", "text": text, "author": "suzuki", "team": "夜間", "vendor": vendor,
        "sent_at": sent_at,
    });
    let made = client.post("/v1/replies", &reply).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json
}

#[tokio::test]
async fn findings_are_filtered_ruled_on_and_counted_rule_by_rule() {
    let server = shop().await;
    let qa = server.as_key("small", Role::Qa).await;
    report(&qa, "クレームの件、解約いたします。", "外部A", "2026-11-01").await;
    report(&qa, "解約の件です。", "外部B", "2026-11-02").await;

    let list = |query: &str| {
        let (qa, path) = (&qa, format!("/v1/findings?workspace=small{query}"));
        async move { qa.get(&path).await.json }
    };
    let all = list("").await;
    let rules: Vec<_> = all["items"].as_array().unwrap().iter().map(|item| item["rule"].clone()).collect();
    assert_eq!(rules.len(), 3);
    assert_eq!(all["items"][0]["vendor"], "外部B", "the latest first");
    assert_eq!(all["items"][0]["text"], "解約の件です。");
    assert_eq!((&all["items"][0]["draft"], &all["items"][0]["state"]), (&Value::Null, &json!("open")));
    for (query, count) in [
        ("&vendor=%E5%A4%96%E9%83%A8A", 2),
        ("&rule=ng_word:%E8%A7%A3%E7%B4%84", 2),
        ("&category=ng_word&team=%E5%A4%9C%E9%96%93&person=suzuki&sent=true&state=open", 3),
        ("&from=2026-11-02&until=2026-11-03", 1),
        ("&state=dismissed", 0),
        ("&sent=false", 0),
    ] {
        assert_eq!(list(query).await["items"].as_array().unwrap().len(), count, "{query}");
    }
    let page = list("&limit=2").await;
    let rest = list(&format!("&limit=2&cursor={}", page["next"].as_str().unwrap())).await;
    assert_eq!((page["items"].as_array().unwrap().len(), rest["items"].as_array().unwrap().len()), (2, 1));
    assert!(rest["next"].is_null());

    for (item, verdict) in [(0, "confirmed"), (1, "dismissed"), (2, "confirmed")] {
        let path = format!("/v1/findings/{}/ruling", all["items"][item]["id"].as_str().unwrap());
        let made = qa.post(&path, &json!({"verdict": verdict, "fault": "operator"})).await;
        assert_eq!(made.status, 201, "{}", made.text);
    }
    let read = qa.get(&format!("/v1/findings/{}", all["items"][1]["id"].as_str().unwrap())).await.json;
    assert_eq!((&read["state"], &read["rulings"][0]["verdict"]), (&json!("dismissed"), &json!("dismissed")));
    let judged = qa.get("/v1/quality/rules?workspace=small").await.json;
    let figures: Vec<_> = judged["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| {
            json!([rule["rule"], rule["confirmed"], rule["dismissed"], rule["precision"], rule["faults"]["operator"]])
        })
        .collect();
    assert_eq!(figures, [json!(["ng_word:クレーム", 1, 0, 1.0, 1]), json!(["ng_word:解約", 1, 1, 0.5, 2])]);
}

#[tokio::test]
async fn words_that_are_waived_pass_until_the_day_and_other_words_do_not() {
    let server = shop().await;
    let qa = server.as_key("small", Role::Qa).await;
    let reply = report(&qa, "クレームブリュレをお届けします。", "外部A", "2026-11-01").await;
    // The built-in senses know this dish; a shop's own name they do not.
    assert_eq!(reply["findings"], json!([]));
    let reply = report(&qa, "クレーム通信をお届けします。", "外部A", "2026-11-01").await;
    let finding = reply["findings"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/findings/{finding}/ruling");

    let refused = |body: Value| {
        let (qa, path) = (&qa, path.clone());
        async move { qa.post(&path, &body).await.problem() }
    };
    assert_eq!(refused(json!({"verdict": "dismissed", "until": "2027-03-31"})).await, "ruling-invalid");
    assert_eq!(refused(json!({"verdict": "waived", "phrase": "クレーム通信"})).await, "ruling-invalid");
    assert_eq!(
        refused(json!({"verdict": "waived", "phrase": "お届け", "until": "2027-03-31"})).await,
        "ruling-invalid"
    );
    assert_eq!(refused(json!({"verdict": "waived", "until": "2020-01-01"})).await, "ruling-invalid");
    assert_eq!(refused(json!({"verdict": "waived", "until": "いつか"})).await, "body-invalid");

    let body = json!({"verdict": "waived", "phrase": "クレーム通信", "until": "2099-03-31", "reason": "会報の名", "fault": "guide"});
    let made = qa.post(&path, &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.json["waiver"]["phrase"], "クレーム通信");
    let waivers = qa.get("/v1/waivers?workspace=small").await.json;
    assert_eq!(waivers["items"], json!([made.json["waiver"]]));

    let again = report(&qa, "クレーム通信の件、クレームを承りました。", "外部A", "2026-11-02").await;
    let waived: Vec<_> = again["findings"].as_array().unwrap().iter().map(|found| found["waived_by"].clone()).collect();
    assert_eq!(waived, [made.json["waiver"]["id"].clone(), Value::Null]);
    let judged = qa.get("/v1/quality/rules?workspace=small").await.json;
    assert_eq!((&judged["items"][0]["waived"], &judged["items"][0]["open"]), (&json!(1), &json!(1)), "{judged}");
    let open = qa.get("/v1/findings?workspace=small&state=open").await.json;
    assert_eq!(open["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_vendor_that_departs_more_often_than_before_raises_an_alarm() {
    let server = shop().await;
    let qa = server.as_key("small", Role::Qa).await;
    let day = |day: usize| format!("2026-{:02}-{:02}T10:00:00+09:00", 6 + day / 28, 1 + day % 28);
    // Two vendors, 10 replies a day each; every tenth has a finding, and of one vendor every second from the 50th day on.
    for at in 0..56 {
        for reply in 0..20 {
            let (vendor, late) = (if reply < 10 { "外部A" } else { "外部B" }, at >= 50);
            let bad = reply % 10 == 0 || vendor == "外部B" && late && reply % 2 == 0;
            report(&qa, if bad { "解約の件です。" } else { "停止の件です。" }, vendor, &day(at)).await;
        }
    }
    let charts = qa.get("/v1/quality/drift?workspace=small&from=2026-06-01&until=2026-08-31").await.json;
    let items = charts["items"].as_array().unwrap();
    let names: Vec<_> = items.iter().map(|chart| chart["group"].as_str().unwrap()).collect();
    assert_eq!(names, ["外部A", "外部B"]);
    assert_eq!(items[0]["alarms"], json!([]));
    assert_eq!(items[1]["alarms"][0]["since"], "2026-07-23");
    assert_eq!(items[1]["baseline"]["mean"], 0.1);
    let teams = qa.get("/v1/quality/drift?workspace=small&by=team&from=2026-06-01&until=2026-08-31").await.json;
    assert_eq!(teams["items"][0]["replies"], 1_120);
}

#[tokio::test]
async fn who_may_look_and_who_may_rule() {
    let server = shop().await;
    report(&server.local(), "解約の件です。", "外部A", "2026-11-01").await;
    let finding = server.local().get("/v1/findings?workspace=small").await.json["items"][0]["id"].clone();
    for (role, looks, rules) in
        [(Role::Qa, 200, 201), (Role::Auditor, 200, 403), (Role::Operator, 403, 403), (Role::Chatbot, 403, 403)]
    {
        let client = server.as_key("small", role).await;
        for path in ["/v1/findings", "/v1/waivers", "/v1/quality/rules", "/v1/quality/drift"] {
            assert_eq!(client.get(&format!("{path}?workspace=small")).await.status, looks, "{role:?} {path}");
        }
        let path = format!("/v1/findings/{}", finding.as_str().unwrap());
        assert_eq!(client.get(&path).await.status, looks, "{role:?}");
        let ruling = client.post(&format!("{path}/ruling"), &json!({"verdict": "confirmed"})).await;
        assert_eq!(ruling.status, rules, "{role:?}");
    }
    let bad = server.as_key("small", Role::Qa).await;
    for query in ["&category=rude", "&from=yesterday", "&cursor=x", "&revision=x", "&colour=red"] {
        assert_eq!(
            bad.get(&format!("/v1/findings?workspace=small{query}")).await.problem(),
            "query-invalid",
            "{query}"
        );
    }
}
