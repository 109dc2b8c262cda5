//! The knowledge in the console: looked through, looked at before it is changed, and asked why it is found.

mod support;

use aizuchi::{
    app::{AppError, Fulfilled, document},
    domain::{Kind, Principal, Reach, Role, Wish, WorkspaceId},
};
use reqwest::Method;
use serde_json::json;
use support::{Answer, Client, RETURNS, SMALL_FAQ, TestServer, inquiry};

const AT: &str = "/w/small/knowledge";

async fn page(client: &Client, path: &str) -> String {
    let answer = client.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.text
}

/// Sends a form of one of our own pages, and reads where it leads.
async fn sent(client: &Client, path: &str, fields: &[(&str, &str)]) -> Answer {
    let shown = page(client, AT).await;
    let token =
        shown.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let mut all = vec![("token", token.as_str())];
    all.extend(fields);
    let body = serde_urlencoded::to_string(all).unwrap();
    let request = client.request(Method::POST, path).header("content-type", "application/x-www-form-urlencoded");
    Answer::of(request.body(body)).await
}

/// The words of a page, without its tags.
fn words(html: &str) -> String {
    let mut words = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => words.push(c),
            _ => {}
        }
    }
    words
}

fn returns(answer: &str) -> Vec<(&'static str, String)> {
    let fixed = [
        ("wish", "replace"),
        ("key", "returns"),
        ("kind", "faq"),
        ("title", "返品の期限を教えてください。"),
        ("url", "https://small.example/faq/returns"),
        ("audience", "public"),
        ("applies_by", "now"),
    ];
    let mut fields: Vec<_> = fixed.map(|(name, value)| (name, value.to_owned())).to_vec();
    fields.extend([("answer", answer.to_owned()), ("note", "SVの判断で延長できる。".to_owned())]);
    fields
}

fn borrowed<'a>(fields: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

const TEN_DAYS: &str =
    "返品は、商品の到着後10日以内に承ります。\r\nお客様のご都合による返品の送料は、税込880円をご負担いただきます。";

/// A draft for a question is sent as it is.
async fn told(client: &Client) {
    let made = client.post("/v1/inquiries", &inquiry("small", RETURNS)).await.json;
    let path = format!("/v1/drafts/{}/decision", made["draft"]["id"].as_str().unwrap());
    let text = "ご連絡ありがとうございます。返品は、商品の到着後7日以内に承ります。";
    let decided = client.post(&path, &json!({"action": "edit", "text": text})).await;
    assert_eq!(decided.status, 201, "{}", decided.text);
}

fn operator() -> Principal {
    let reach = Reach::One(WorkspaceId::parse("small").unwrap(), Role::Operator);
    Principal { id: "key_operator".to_owned(), reach }
}

/// Somebody at the desk proposes an FAQ; where the proposal is read.
async fn proposed(server: &TestServer, key: &str, title: &str, answer: &str) -> (String, aizuchi::domain::Proposal) {
    let content = document(Kind::Faq, &[("key", key), ("title", title), ("answer", answer)]).unwrap();
    let workspace = WorkspaceId::parse("small").unwrap();
    let fulfilled = server.app.wish(&operator(), &workspace, Wish::Create(content), None).await.unwrap();
    let Fulfilled::Waiting(proposal) = fulfilled else { panic!("it waits") };
    (format!("{AT}/proposals/{}", proposal.id), *proposal)
}

#[tokio::test]
async fn documents_are_listed_by_kind_and_by_words_a_part_at_a_time() {
    let line =
        |n: usize| format!("{{\"key\":\"faq-{n:03}\",\"title\":\"質問その{n}\",\"answer\":\"答えは{n}番です。\"}}\n");
    let many: String = (0..60).map(line).collect();
    let policy = "---\nkey: policy-returns\ntitle: 返品規定\naudience: internal\nvalid_until: 2020-03-31\n---\n\n## 返送料\n\n返送料は100%当店の負担です。\n";
    let server = TestServer::holding(&[("faq/all.jsonl", &many), ("policy/returns.md", policy)], |_| {}).await;
    let who = server.local();
    let first = page(&who, AT).await;
    assert!(first.contains("質問その0") && first.contains("質問その49") && !first.contains("質問その55"), "{first}");
    let next = first.split("class=\"more\"><a class=\"button\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let second = page(&who, &next.replace("&#38;", "&")).await;
    assert!(second.contains("質問その55") && !second.contains("質問その49<"), "{second}");
    assert!(second.contains("返品規定") && second.contains("期間外") && second.contains("社内"), "{second}");

    let policies = page(&who, &format!("{AT}?kind=policy")).await;
    assert!(policies.contains("返品規定") && !policies.contains("質問その"), "{policies}");
    let found = page(&who, &format!("{AT}?words=%E7%AD%94%E3%81%88+FAQ-007")).await;
    assert!(found.contains("質問その7<") && !found.contains("質問その8<"), "all words, small or large: {found}");
    let signs = page(&who, &format!("{AT}?words=100%25")).await;
    assert!(signs.contains("返品規定") && !signs.contains("質問その"), "a sign is a letter: {signs}");
    let nothing = page(&who, &format!("{AT}?words=%E6%A4%85%E5%AD%90")).await;
    assert!(nothing.contains("当てはまる文書はありません"), "{nothing}");
}

#[tokio::test]
async fn a_document_shows_its_note_its_history_and_only_what_differs() {
    let server = TestServer::small_with(|_| {}).await;
    let who = server.local();
    server.ingest(&[("faq/all.jsonl", &SMALL_FAQ.replace("到着後7日以内", "到着後14日以内"))]).await;
    let read = page(&who, &format!("{AT}/document?key=returns")).await;
    assert!(read.contains("14日以内") && read.contains("SVの判断で延長できる。") && read.contains("社内"), "{read}");
    assert!(read.contains("第2版") && read.contains("第1版") && read.contains("過去の版"), "{read}");
    let link = read.split("<a href=\"").find(|rest| rest.contains("with=rev_")).unwrap().split('"').next().unwrap();
    let laid = page(&who, &link.replace("&#38;", "&")).await;
    assert!(laid.contains("<del>7</del><ins>14</ins>"), "{laid}");
    assert!(laid.contains("差分 第1版 → 第2版") && laid.contains("本文の変更 1か所"), "{laid}");
    assert!(!laid.contains("<del>返品") && !laid.contains("<del>お客様"), "{laid}");
    let old = read.split("k-number\" href=\"").nth(2).unwrap().split('"').next().unwrap();
    let old = page(&who, &old.replace("&#38;", "&")).await;
    assert!(old.contains("これは過去の版です") && old.contains("7日以内"), "{old}");
    assert_eq!(who.get(&format!("{AT}/document?key=nothing")).await.status, 404);
}

#[tokio::test]
async fn the_search_says_what_a_score_is_made_of_and_why_others_were_left_out() {
    let old = r#"{"key":"old","title":"返品の送料","answer":"返品の送料は無料です。","valid_until":"2020-09-30"}"#;
    let server = TestServer::holding(&[("faq/all.jsonl", &format!("{SMALL_FAQ}{old}\n"))], |_| {}).await;
    let asked = format!("{AT}/search?q=%E8%BF%94%E5%93%81%E3%81%AE%E9%80%81%E6%96%99");
    let said = words(&page(&server.local(), &asked).await);
    assert!(said.contains("言葉の一致") && said.contains("効いた言葉：") && said.contains("1位"), "{said}");
    assert!(said.contains("外した理由 今日は有効期間の外です：2020/09/30 まで"), "{said}");
    let begin = words(&page(&server.local(), &format!("{AT}/search")).await);
    assert!(begin.contains("お客様の言葉で、どの文書が見つかるか"), "{begin}");
}

#[tokio::test]
async fn a_change_is_looked_at_before_it_is_saved() {
    let server = TestServer::small_with(|_| {}).await;
    let who = server.local();
    told(&who).await;
    let form = page(&who, &format!("{AT}/edit?key=returns")).await;
    assert!(form.contains("到着後7日以内") && form.contains("SVの判断"), "{form}");

    let change = returns(TEN_DAYS);
    let looked = sent(&who, &format!("{AT}/edit"), &borrowed(&change)).await;
    assert!(looked.text.contains("<del>7</del><ins>10</ins>"), "{}", looked.text);
    let said = words(&looked.text);
    assert!(said.contains("1件の返信が、誤りになります") && said.contains("第2版（案）"), "{said}");
    let now = page(&who, &format!("{AT}/document?key=returns")).await;
    assert!(now.contains("7日以内") && !now.contains("10日以内"), "looking changes nothing");

    let seen = looked.text.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut saving = change.clone();
    saving.push(("seen", seen));
    let saved = sent(&who, &format!("{AT}/save"), &borrowed(&saving)).await;
    assert!(saved.text.contains("保存しました") && saved.text.contains("10日以内"), "{}", saved.text);
    // The same once more: somebody (here oneself) changed the document since it was looked at.
    let mut late = returns(&TEN_DAYS.replace("10", "12"));
    late.push(("seen", saving.last().unwrap().1.clone()));
    let late = sent(&who, &format!("{AT}/save"), &borrowed(&late)).await;
    assert!(late.text.contains("ほかの人がこの文書を変えました") && late.text.contains("12日以内"), "{}", late.text);
    let same = sent(&who, &format!("{AT}/edit"), &borrowed(&change)).await;
    assert!(same.text.contains("いまの内容と同じです"), "{}", same.text);
}

#[tokio::test]
async fn a_wrong_field_is_named_and_nothing_that_was_written_is_lost() {
    let server = TestServer::small_with(|_| {}).await;
    let mut wrong = returns("新しい本文です。");
    wrong.retain(|(name, _)| *name != "url");
    wrong.push(("url", "ftp://small.example".to_owned()));
    let refused = sent(&server.local(), &format!("{AT}/edit"), &borrowed(&wrong)).await;
    assert!(
        refused.text.contains("URLは、https:// で始まる") && refused.text.contains("新しい本文です。"),
        "{}",
        refused.text
    );
    let forged = server.local().request(Method::POST, &format!("{AT}/save"));
    let forged =
        forged.header("content-type", "application/x-www-form-urlencoded").body("token=x&wish=retire&key=returns");
    assert_eq!(Answer::of(forged).await.status, 422, "a form of another site changes nothing");
    assert!(page(&server.local(), &format!("{AT}/document?key=returns")).await.contains("現行"));
}

#[tokio::test]
async fn a_document_is_retired_after_one_has_seen_who_was_told_by_it() {
    let server = TestServer::small_with(|_| {}).await;
    let who = server.local();
    told(&who).await;
    let looked = sent(&who, &format!("{AT}/edit"), &[("wish", "retire"), ("key", "returns")]).await;
    assert!(words(&looked.text).contains("1件の返信が、根拠を失います"), "{}", looked.text);
    let seen = looked.text.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let gone = sent(&who, &format!("{AT}/save"), &[("wish", "retire"), ("key", "returns"), ("seen", seen)]).await;
    assert!(gone.text.contains("取り下げました") && gone.text.contains("過去の版"), "{}", gone.text);
}

#[tokio::test]
async fn a_proposal_against_other_documents_is_approved_only_with_a_reason() {
    let fee = r#"{"key":"fee","title":"返品の送料はいくらですか。","answer":"返品の送料は、1箱880円です。"}"#;
    let server = TestServer::holding(&[("faq/all.jsonl", fee)], |_| {}).await;
    let who = server.local();
    let (at, proposal) =
        proposed(&server, "fee-new", "返品の送料はいくらですか。", "返品の送料は、1箱990円です。").await;
    let list = page(&who, AT).await;
    assert!(list.contains("承認待ち") && list.contains(&at), "{list}");
    let shown = page(&who, &at).await;
    assert!(shown.contains("<b class=\"k-clash\">880円</b>"), "{shown}");
    assert!(words(&shown).contains("矛盾1件を直すか、残す理由を書くと承認できます。"), "{shown}");

    let decide = format!("{at}/decision");
    let silent = sent(&who, &decide, &[("action", "approve")]).await;
    assert!(silent.text.contains("承認していません"), "{}", silent.text);
    assert!(page(&who, AT).await.contains("承認待ち"), "it waits still");
    let refused = server.app.decide_proposal(&operator(), &proposal.id, true, Some("急ぎ".to_owned()), None).await;
    assert!(matches!(refused, Err(AppError::Forbidden { .. })), "who proposes does not approve");
    let yes = sent(&who, &decide, &[("action", "approve"), ("reason", "12月からの料金")]).await;
    assert!(yes.text.contains("承認しました") && yes.text.contains("990円"), "{}", yes.text);
    assert!(!page(&who, AT).await.contains("承認待ち"));

    let pairs = page(&who, &format!("{AT}/overlaps")).await;
    assert!(
        pairs.contains("<b class=\"k-clash\">880円</b>") && pairs.contains("<b class=\"k-clash\">990円</b>"),
        "{pairs}"
    );
    assert!(words(&pairs).contains("金額"), "{pairs}");
}

#[tokio::test]
async fn a_refusal_needs_a_reason() {
    let server = TestServer::small_with(|_| {}).await;
    let who = server.local();
    let (at, _) = proposed(&server, "wrap", "ギフト包装はできますか。", "ギフト包装は、1点330円で承ります。").await;
    let decide = format!("{at}/decision");
    let silent = sent(&who, &decide, &[("action", "refuse"), ("reason", "  ")]).await;
    assert!(silent.text.contains("差し戻していません"), "{}", silent.text);
    sent(&who, &decide, &[("action", "refuse"), ("reason", "料金が未定")]).await;
    assert!(!page(&who, AT).await.contains("承認待ち"));
    assert_eq!(who.get(&format!("{AT}/document?key=wrap")).await.status, 404);
}

#[tokio::test]
async fn drafts_and_replies_that_stand_on_a_document_are_listed_once() {
    let server = TestServer::small_with(|_| {}).await;
    let who = server.local();
    let none = page(&who, &format!("{AT}/relied?key=returns")).await;
    assert!(none.contains("まだありません"), "{none}");
    told(&who).await;
    who.draft("small").await;
    let both = words(&page(&who, &format!("{AT}/relied?key=returns")).await);
    assert_eq!(both.matches("第1版").count(), 2, "the draft that was sent is told by its reply: {both}");
    assert!(both.contains("下書き（未対応）") && both.contains("返信"), "{both}");
}

#[tokio::test]
async fn the_guide_shows_its_clauses_with_the_examples_that_were_run() {
    let guide = "version: 2\nbrand:\n  id: small\n  name: 小さな店\n  business: 雑貨\n  channels: [email]\n  voice: やさしく述べる。\n  formulas:\n    opening: [こんにちは。]\n    closing: [それでは。]\nrules:\n  ng_word:\n    clause: 「クレーム」と書かない。\n    words:\n      - クレーム\n    bad: [クレームを承りました。]\n    good: [ご意見を承りました。]\n";
    let server = TestServer::holding(&[("faq/all.jsonl", SMALL_FAQ), ("guide.yaml", guide)], |_| {}).await;
    let said = words(&page(&server.local(), &format!("{AT}/guide")).await);
    for wanted in [
        "やさしく述べる。",
        "NG語",
        "「クレーム」と書かない。",
        "クレームを承りました。",
        "例文2件すべてが、条文のとおりです",
        "第1版",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    let none = TestServer::small_with(|_| {}).await;
    assert!(page(&none.local(), &format!("{AT}/guide")).await.contains("文体ガイドはまだありません"));
}

#[tokio::test]
async fn what_a_document_says_is_text_and_nothing_more() {
    let nasty = r#"{"key":"<script>x</script>","title":"<img src=x onerror=alert(1)>","answer":"</textarea><script>alert(1)</script>","note":"\"><svg onload=alert(1)>"}"#;
    let server = TestServer::holding(&[("faq/all.jsonl", nasty)], |_| {}).await;
    let who = server.local();
    let key = "%3Cscript%3Ex%3C%2Fscript%3E";
    for path in
        ["", &format!("/document?key={key}"), &format!("/edit?key={key}"), "/search?q=%3Cscript%3E", "/overlaps"]
    {
        let shown = page(&who, &format!("{AT}{path}")).await;
        for tag in ["<script>", "<img", "<svg onload"] {
            assert!(!shown.contains(tag), "{path}: {tag}");
        }
    }
}
