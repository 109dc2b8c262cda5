//! The story of an inquiry through the front door: asked, drafted, decided, ruled on, followed up, audited.

mod support;

use aizuchi::domain::Role;
use serde_json::{Value, json};
use support::{RETURNS, TestServer, at, events, inquiry};

#[tokio::test]
async fn an_inquiry_gets_a_draft_that_shows_its_ground() {
    let server = TestServer::start().await;
    let client = server.local();
    let listed = client.get("/v1/workspaces").await;
    let workspace = listed.json["items"][0]["id"].as_str().unwrap().to_owned();
    let text = format!("{RETURNS}また、注文した商品はいつ届きますか。");
    let mut asked = inquiry(&workspace, &text);
    asked["order"] = json!("48120");
    asked["customer"] = json!("C-7");
    asked["records"] = json!([
        {"name": "お届け予定日", "value": "11月25日", "source": "order-system", "as_of": "2026-11-23T09:00:00+09:00"}
    ]);
    let made = client.post("/v1/inquiries", &asked).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.header("cache-control"), "no-store");
    let suggestion = made.json;
    assert_eq!(suggestion["outcome"], json!({"kind": "answer"}));
    let fields: Vec<&String> = suggestion.as_object().unwrap().keys().collect();
    let mut wanted = [
        "id",
        "outcome",
        "inquiry",
        "conversation",
        "situation",
        "draft",
        "citations",
        "verdicts",
        "findings",
        "intents",
        "evidence",
    ];
    wanted.sort_unstable();
    assert_eq!(fields, wanted);

    let evidence = suggestion["evidence"].as_array().unwrap();
    assert_eq!((&evidence[0]["kind"], &evidence[0]["key"]), (&json!("record"), &json!("お届け予定日")));
    assert!(evidence.iter().enumerate().all(|(place, item)| item["rank"] == place + 1));

    let letter = suggestion["draft"]["text"].as_str().unwrap();
    let sentences = suggestion["draft"]["sentences"].as_array().unwrap();
    let joined: String = sentences.iter().map(|span| at(letter, span)).collect();
    let without_space = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    assert_eq!(without_space(&joined), without_space(letter), "the sentences join to the letter");

    let citations = suggestion["citations"].as_array().unwrap();
    assert!(!citations.is_empty());
    let mut from_revisions = 0;
    for citation in citations {
        let item = evidence.iter().find(|item| item["passage"] == citation["passage"]).unwrap();
        assert_eq!(citation["key"], item["key"]);
        assert!(sentences.contains(&citation["draft_span"]));
        assert_eq!(at(item["text"].as_str().unwrap(), &citation["quote_span"]), citation["quote"].as_str().unwrap());
        if item["kind"] == "record" {
            assert!(citation["revision"].is_null() && citation["url"].is_null());
            continue;
        }
        from_revisions += 1;
        let revision = client.get(&format!("/v1/revisions/{}", citation["revision"].as_str().unwrap())).await.json;
        let passages = revision["passages"].as_array().unwrap();
        let passage = passages.iter().find(|passage| passage["id"] == citation["passage"]).unwrap();
        let text = at(revision["text"].as_str().unwrap(), &passage["span"]);
        assert_eq!(at(&text, &citation["quote_span"]), citation["quote"].as_str().unwrap());
        assert_eq!(revision["key"], citation["key"]);
    }
    assert!(from_revisions > 0);
    let verdicts = suggestion["verdicts"].as_array().unwrap();
    assert_eq!(verdicts.len(), sentences.len());
    for verdict in verdicts {
        let cited = verdict["citations"].as_array().unwrap();
        assert!(cited.iter().all(|index| (index.as_u64().unwrap() as usize) < citations.len()));
        assert_eq!(verdict["verdict"] == "supported", !cited.is_empty(), "{verdict}");
    }

    let read = |path: &str, id: &Value| format!("{path}/{}", id.as_str().unwrap());
    assert_eq!(client.get(&read("/v1/suggestions", &suggestion["id"])).await.json, suggestion);
    let mut standing = client.get(&read("/v1/drafts", &suggestion["draft"]["id"])).await.json;
    assert_eq!(standing.as_object_mut().unwrap().remove("state"), Some(json!("current")));
    assert_eq!(standing, suggestion);
    let stored = client.get(&read("/v1/inquiries", &suggestion["inquiry"])).await.json;
    assert_eq!((&stored["text"], &stored["order"]), (&json!(text), &json!("48120")));
    assert_eq!(stored["records"][0]["id"], evidence[0]["passage"]);
    assert_eq!(stored["records"][0]["as_of"], "2026-11-23T00:00:00.000Z");
}

#[tokio::test]
async fn a_decision_a_ruling_and_a_contact_outcome_close_the_circle() {
    let server = TestServer::start().await;
    let client = server.local();
    let workspace = server.shops().await.remove(0);
    let suggestion = client.draft(&workspace).await;
    let draft = suggestion["draft"]["id"].as_str().unwrap();
    let decide = format!("/v1/drafts/{draft}/decision");

    let sent = "了解しました！！返品できるかもしれません。";
    let edit =
        json!({"action": "edit", "text": sent, "reason": "短く", "author": "suzuki", "team": "一次", "vendor": "外部"});
    let decided = client.post_once(&decide, "decide-1", &edit).await;
    assert_eq!(decided.status, 201, "{}", decided.text);
    assert_eq!((&decided.json["action"], &decided.json["draft"]), (&json!("edit"), &json!(draft)));
    let reply = &decided.json["reply"];
    assert_eq!(reply["text"], sent);
    let finding = reply["findings"].as_array().unwrap().iter().find(|finding| !finding["span"].is_null()).unwrap();
    assert!(!at(sent, &finding["span"]).is_empty());
    assert_eq!(client.post_once(&decide, "decide-1", &edit).await.json, decided.json, "a repetition changes nothing");
    let again = client.post(&decide, &json!({"action": "reject"})).await;
    assert_eq!((again.status, again.problem().as_str()), (409, "draft-already-decided"));
    assert_eq!(client.get(&format!("/v1/drafts/{draft}")).await.json["state"], "decided");

    let stored = client.get(&format!("/v1/replies/{}", reply["id"].as_str().unwrap())).await.json;
    assert_eq!(
        (&stored["text"], &stored["author"], &stored["vendor"]),
        (&json!(sent), &json!("suzuki"), &json!("外部"))
    );
    assert_eq!(decided.json["reason"], "短く");
    assert_eq!((&stored["decision"], &stored["inquiry"]), (&decided.json["id"], &suggestion["inquiry"]));
    assert_eq!((&stored["findings"], &stored["verdicts"]), (&reply["findings"], &reply["verdicts"]));

    let ruling = format!("/v1/findings/{}/ruling", finding["id"].as_str().unwrap());
    let ruled = client.post(&ruling, &json!({"verdict": "dismissed", "fault": "rule", "reason": "引用"})).await;
    assert_eq!(ruled.status, 201, "{}", ruled.text);
    assert_eq!((&ruled.json["finding"], &ruled.json["fault"]), (&finding["id"], &json!("rule")));

    let contact = format!("/v1/replies/{}/contact-outcome", reply["id"].as_str().unwrap());
    let heard = client.post(&contact, &json!({"reopened": false, "rating": 5})).await;
    assert_eq!(heard.status, 201, "{}", heard.text);
    assert_eq!((&heard.json["rating"], &heard.json["contacted_again"]), (&json!(5), &Value::Null));

    let rejected = client.draft(&workspace).await["draft"]["id"].as_str().unwrap().to_owned();
    let rejected = client.post(&format!("/v1/drafts/{rejected}/decision"), &json!({"action": "reject"})).await;
    assert_eq!((rejected.status, &rejected.json["reply"], &rejected.json["reason"]), (201, &Value::Null, &Value::Null));
}

#[tokio::test]
async fn a_draft_is_checked_again_while_somebody_works_on_it() {
    let server = TestServer::start().await;
    let client = server.local();
    let workspace = server.shops().await.remove(0);
    let suggestion = client.draft(&workspace).await;
    let recheck = format!("/v1/drafts/{}/recheck", suggestion["draft"]["id"].as_str().unwrap());
    let as_it_is = client.post(&recheck, &json!({})).await;
    assert_eq!((as_it_is.status, &as_it_is.json["text"]), (200, &suggestion["draft"]["text"]), "{}", as_it_is.text);
    assert_eq!(as_it_is.json["verdicts"].as_array().unwrap().len(), suggestion["verdicts"].as_array().unwrap().len());

    let edited = "了解しました。返品は到着後99日以内で、画面から見れます。";
    let seen = client.post(&recheck, &json!({"text": edited})).await.json;
    let finding = |seen: &Value, category: &str| {
        seen["findings"].as_array().unwrap().iter().find(|finding| finding["category"] == category).cloned()
    };
    let found = finding(&seen, "ra_nuki").unwrap();
    assert_eq!((&found["rewrite"], &found["one_click"]), (&json!("見られます"), &json!(true)));
    assert!(found["message"].as_str().unwrap().starts_with("「見れます」: "), "{found}");
    assert!(found["revision"].as_str().unwrap().starts_with("rev_"), "{found}");
    let fixed = client.post(&recheck, &json!({"text": edited, "fix": true})).await.json;
    assert!(fixed["text"].as_str().unwrap().contains("99日以内で、画面から見られます。"), "{fixed}");
    assert_eq!(finding(&fixed, "ra_nuki"), None);
    let verdicts = |seen: &Value| {
        seen["verdicts"].as_array().unwrap().iter().map(|one| one["verdict"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(verdicts(&fixed), verdicts(&seen), "grounding ran again, and says the same of the same facts");
    assert_eq!(client.post(&recheck, &json!({"text": " "})).await.status, 422);
}

#[tokio::test]
async fn a_reply_from_another_system_is_checked_like_a_draft() {
    let server = TestServer::start().await;
    let client = server.local();
    let workspace = server.shops().await.remove(0);
    let suggestion = client.draft(&workspace).await;
    let body = json!({
        "workspace": workspace, "channel": "email", "text": suggestion["draft"]["text"], "inquiry": suggestion["inquiry"],
        "author": "tanaka", "sent_at": "2026-11-23T10:00:00+09:00"
    });
    let reported = client.post_once("/v1/replies", "reply-1", &body).await;
    assert_eq!(reported.status, 201, "{}", reported.text);
    assert_eq!(reported.json["sent_at"], "2026-11-23T01:00:00.000Z");
    assert!(reported.json["verdicts"].as_array().unwrap().iter().any(|one| one["verdict"] == "supported"));
    assert!(reported.json["decision"].is_null());
    assert_eq!(client.get(reported.header("location")).await.json, reported.json);
    assert_eq!(client.post_once("/v1/replies", "reply-1", &body).await.json, reported.json);
    let mut other = body;
    other["text"] = json!("別の返信です。");
    let refused = client.post_once("/v1/replies", "reply-1", &other).await;
    assert_eq!((refused.status, refused.problem().as_str()), (422, "idempotency-key-reused"));
}

#[tokio::test]
async fn the_same_request_twice_makes_one_inquiry_even_at_the_same_time() {
    let server = TestServer::start().await;
    let workspace = server.shops().await.remove(0);
    let asked = inquiry(&workspace, RETURNS);
    let twin = |number: usize| {
        let (client, asked) = (server.local(), asked.clone());
        let key = if number < 4 { "twin" } else { "single" };
        tokio::spawn(async move { client.post_once("/v1/inquiries", key, &asked).await })
    };
    let mut answers = Vec::new();
    for task in (0..5).map(twin).collect::<Vec<_>>() {
        answers.push(task.await.unwrap());
    }
    for answer in &answers {
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
    let (twins, single) = answers.split_at(4);
    assert!(twins.iter().all(|answer| answer.json == twins[0].json));
    assert_ne!(single[0].json["inquiry"], twins[0].json["inquiry"]);

    let client = server.local();
    let other = client.post_once("/v1/inquiries", "twin", &inquiry(&workspace, "別の質問です。")).await;
    assert_eq!((other.status, other.problem().as_str()), (422, "idempotency-key-reused"));
    let later = client.post_once("/v1/inquiries", "twin", &asked).await;
    assert_eq!((later.status, &later.json), (201, &twins[0].json));
}

#[tokio::test]
async fn a_handoff_has_no_draft_but_all_that_the_next_person_needs() {
    let server = TestServer::start().await;
    let client = server.local();
    let text = "注文番号48120の件です。担当者の方と直接お話ししたいので、人に代わってください。";
    let mut asked = inquiry(&server.shops().await[0], text);
    let suggestion = client.post("/v1/inquiries", &asked).await.json;
    assert_eq!(
        (&suggestion["outcome"]["kind"], &suggestion["draft"]),
        (&json!("handoff"), &Value::Null),
        "{suggestion}"
    );
    assert_eq!(suggestion["outcome"]["reason"], "person_requested");
    let packet = &suggestion["outcome"]["packet"];
    assert!(packet["summary"].as_str().is_some_and(|summary| !summary.is_empty()));
    assert!(packet["given"].as_array().unwrap().iter().any(|given| given["value"].as_str().unwrap().contains("48120")));
    asked["stream"] = json!(true);
    let seen = events(&client.post("/v1/inquiries", &asked).await.text);
    let names: Vec<&str> = seen.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names, ["draft.created", "retrieval.completed", "check.completed", "draft.completed"]);
}

#[tokio::test]
async fn the_audit_log_is_read_page_by_page_without_gaps() {
    let server = TestServer::start().await;
    let client = server.local();
    let workspace = server.shops().await.remove(0);
    client.draft(&workspace).await;
    let (mut cursor, mut sequences, mut previous) = (String::new(), Vec::new(), "0".repeat(64));
    loop {
        let page = client.get(&format!("/v1/audit/events?workspace={workspace}&limit=2{cursor}")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let items = page.json["items"].as_array().unwrap();
        assert!(!items.is_empty() && items.len() <= 2);
        for item in items {
            assert_eq!(item["previous"], previous);
            item["hash"].as_str().unwrap().clone_into(&mut previous);
            assert!(serde_json::from_str::<Value>(item["content"].as_str().unwrap()).unwrap().is_object());
            sequences.push(item["sequence"].as_u64().unwrap());
        }
        match page.json["next"].as_u64() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert!(sequences.len() > 3);
    assert_eq!(sequences, (1..=sequences.len() as u64).collect::<Vec<_>>());
}

#[tokio::test]
async fn search_finds_passages_of_one_shop() {
    let server = TestServer::start().await;
    let workspace = server.shops().await.remove(0);
    // 返品
    let found = server.local().get(&format!("/v1/search?workspace={workspace}&q=%E8%BF%94%E5%93%81&limit=3")).await;
    assert_eq!(found.status, 200, "{}", found.text);
    let items = found.json["items"].as_array().unwrap();
    assert!((1..=3).contains(&items.len()));
    assert!(items.iter().all(|item| item["passage"].as_str().unwrap().starts_with("psg_")));
}

#[tokio::test]
async fn a_search_says_why_to_those_who_may_read_everything() {
    let server = TestServer::start().await;
    let workspace = server.shops().await.remove(0);
    // 返品
    let path = format!("/v1/search?workspace={workspace}&q=%E8%BF%94%E5%93%81&limit=3&explain=true");
    let found = server.local().get(&path).await;
    assert_eq!(found.status, 200, "{}", found.text);
    let explanation = &found.json["explanation"];
    assert_eq!(explanation["searched"], "返品");
    let passages = explanation["passages"].as_array().unwrap();
    let standing = |word: &str| passages.iter().filter(|passage| passage["standing"] == word).count();
    assert_eq!(standing("found"), found.json["items"].as_array().unwrap().len());
    assert!(standing("beyond_limit") > 0 && standing("not_valid") > 0, "{explanation}");
    let first = passages.iter().find(|passage| passage["rank"] == 1).unwrap();
    assert_eq!(first["passage"], found.json["items"][0]["passage"]);
    assert_eq!(first["score"], found.json["items"][0]["score"]);
    let product =
        ["lexical", "kind_weight", "audience_weight", "matter_weight"].map(|part| first[part].as_f64().unwrap());
    assert!((product.iter().product::<f64>() - first["score"].as_f64().unwrap()).abs() < 1e-3, "{first}");
    let admin = server.as_key(&workspace, Role::Admin).await;
    assert_eq!(admin.get(&path).await.status, 200);
    let chatbot = server.as_key(&workspace, Role::Chatbot).await;
    assert_eq!(chatbot.get(&path).await.status, 403);
    assert!(chatbot.get(&path.replace("&explain=true", "")).await.json.get("explanation").is_none());
}

#[tokio::test]
async fn health_and_documents_are_served_to_anyone() {
    let server = TestServer::start().await;
    let workspace = server.shops().await.remove(0);
    let admin = server.as_key(&workspace, Role::Admin).await;
    assert_eq!(admin.get("/v1/workspaces").await.status, 200);
    let client = server.local();
    assert_eq!(client.get("/healthz").await.json, json!({"status": "alive"}));
    let ready = client.get("/readyz").await;
    assert_eq!((ready.status, &ready.json["ready"], &ready.json["problems"]), (200, &json!(true), &json!([])));
    let document = client.get("/openapi.json").await.json;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let page = client.get("/docs").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html") && page.text.contains("swagger-ui"));
    assert!(client.get("/docs/swagger-initializer.js").await.text.contains("/openapi.json"));
    assert!(!client.get("/docs/swagger-ui-bundle.js").await.text.is_empty());
}
