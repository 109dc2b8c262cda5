//! A shop at work, and its pages. Whoever adds a page adds a line to [`Desk::pages`], and what it needs to [`Desk::open`]:
//! then its accessibility, its stillness, its requests and its pictures are looked at like those of all others.

use std::sync::Arc;

use aizuchi::{
    app::NewDecision,
    domain::{Channel, Id, InquiryText, NewInquiry, Principal, Reach, Role, Verb, WorkspaceId, name},
};
use serde_json::{Value, json};

use crate::support::{
    Client, TestServer,
    browser::Browser,
    driver::Driver,
    failed::fail_a_draft,
    hasty,
    model::{ScriptedServer, Turn},
};

/// The shop that the tour goes through; its drafts are composed without a model.
pub const SHOP: &str = "officelink";
/// The shop whose drafts a model writes.
pub const MODELLED: &str = "hanauta";

/// A model's letter that cannot go out as it is; `{words}` stands for the evidence with these words.
const FLAWED: &str = "こんにちは、ハナウタ サポートです。\n返品のご相談をくださり、ありがとうございます。\n\n\
                      未開封の商品は、お届けから14日以内なら返品していただけます。[{14日以内}]\n\
                      倉庫の床は毎朝、二人の担当者が青い布で拭いています。\n\
                      お届け便の解約は、当店で承ります。\n\n\
                      どうぞよろしくお願いします。";

/// What comes in, and what it is there for.
const LETTERS: &[(&str, &str)] = &[
    ("ready", "返品の期限を教えてください。"),
    ("rejected", "領収書の再発行をお願いします。10月分の領収書を紛失してしまい、再発行をお願いできますでしょうか。"),
    ("accepted", "請求書払いは利用できますか。"),
    ("edited", "注文した商品はいつ届きますか。"),
    ("held", "届いたコピー用紙の箱がつぶれていました。中身も角が折れており、来客用の資料に使えず困っております。"),
    ("handoff", "電話で話したいので、担当の方につないでください。"),
];

/// What comes in for the other shop.
const BLOCKED: &str = "こんにちは。11月17日に届いた化粧水ですが、まだ開けていません。返品できますか。";
const FALLBACK: &str = "お届け便を1回お休みしたいです。";

/// A server with a shop at work, and a browser before it.
pub struct Desk {
    pub server: TestServer,
    pub driver: Arc<Driver>,
    pub browser: Browser,
    cases: Vec<(&'static str, Value)>,
    /// A finding in a reply that went out.
    finding: String,
    /// Of what auditors find no record: a draft that failed, and one whose words were erased.
    remains: Option<[Id<name::Draft>; 2]>,
    /// The link with which the first admin signs in.
    link: String,
    /// Writes the drafts of [`MODELLED`].
    pub model: ScriptedServer,
}

impl Desk {
    /// `None`, with the test's name written down, where there is no browser.
    pub async fn open(test: &str) -> Option<Self> {
        Self::opened(test, false).await
    }

    /// The same for who goes through all pages: with what failed and what was erased, which takes a debug build half a minute.
    pub async fn open_whole(test: &str) -> Option<Self> {
        Self::opened(test, true).await
    }

    async fn opened(test: &str, whole: bool) -> Option<Self> {
        let driver = Driver::start(test)?;
        let model = ScriptedServer::start(vec![Turn::unavailable()]).await;
        model.reply_with(|body| Turn::says(&cited(FLAWED, body)));
        let shop = WorkspaceId::parse(MODELLED).unwrap();
        let settings = hasty(&model.base());
        let server = TestServer::start_with(|all| drop(all.models.own.insert(shop, settings))).await;
        let client = server.local();
        let mut cases = vec![("blocked", ask(&client, MODELLED, BLOCKED, "小川さやか").await)];
        model.now_does(Turn::unavailable());
        cases.push(("fallback", ask(&client, MODELLED, FALLBACK, "堀 みなと").await));
        for (what, text) in LETTERS {
            cases.push((*what, ask(&client, SHOP, text, "田辺工務店").await));
        }
        let held = cases.iter().find(|(what, _)| *what == "held").unwrap().1["inquiry"].as_str().unwrap();
        let (server, remains) = match whole {
            true => with_remains(server, held).await,
            false => (server, None),
        };
        let client = server.local();
        cases.push(("chatbot", passed_on(&server).await));
        let finding = flawed_reply(&client).await;
        let link = server.app.first_link().await.unwrap().unwrap();
        let browser = driver.browser(server.base()).await;
        let desk = Self { server, driver, browser, cases, finding, remains, link, model };
        desk.decide("rejected", Verb::Reject, Some("incomplete: 期間を書いていません")).await;
        desk.decide("accepted", Verb::Accept, None).await;
        let text = format!("{}\n到着日は追ってお知らせいたします。", desk.text("edited"));
        desk.decide("edited", Verb::Edit { text }, Some("到着日を足しました")).await;
        desk.server.app.hold(&somebody_else(), &desk.id("held"), false).await.unwrap();
        Some(desk)
    }

    /// Every page that stands, by the name of its picture.
    pub fn pages(&self) -> Vec<(&'static str, String)> {
        let case = |what| self.path(what);
        let mut pages = vec![
            // First, while what was decided can still be taken back.
            ("inquiry-undo", format!("{}?done=1", case("accepted"))),
            ("inbox", inbox("")),
            ("inbox-answered", inbox("?view=answered")),
            ("inbox-empty", inbox("?view=mine")),
            ("inbox-chatbot", inbox("?view=chatbot")),
            ("inbox-narrowed", inbox("?channel=email")),
            ("inbox-search", inbox("/search?q=%E8%BF%94%E5%93%81")),
            ("inbox-search-nothing", inbox("/search?q=%E8%8C%B6%E7%95%91")),
            ("inquiry-ready", case("ready")),
            ("inquiry-unused", format!("{}#evidence-4", case("ready"))),
            ("inquiry-blocked", case("blocked")),
            ("inquiry-edit", format!("{}?edit=1", case("ready"))),
            ("inquiry-fallback", case("fallback")),
            ("inquiry-held", case("held")),
            ("inquiry-chatbot", case("chatbot")),
            ("inquiry-handoff", case("handoff")),
            ("inquiry-accepted", case("accepted")),
            ("inquiry-edited", case("edited")),
            ("inquiry-rejected", case("rejected")),
            ("inquiry-trail", format!("{}/trail", case("ready"))),
            ("inquiry-trail-model", format!("{}/trail", case("blocked"))),
            ("inquiry-search", format!("{}/trail?part=search", case("ready"))),
            ("home", at("home")),
            ("qa-queue", at("qa")),
            ("qa-ruling", at(&format!("qa/findings/{}", self.finding))),
            ("qa-trends", at("qa/trends")),
            ("qa-samples", at("qa/samples")),
            ("qa-again", at("qa/again")),
            ("qa-disputes", at("qa/disputes")),
            ("qa-mine", at("qa/mine")),
            ("knowledge-list", at("knowledge")),
            ("knowledge-document", at("knowledge/document?key=policy-returns")),
            ("knowledge-edit", at("knowledge/edit?key=policy-returns")),
            ("knowledge-search", at("knowledge/search?q=%E8%BF%94%E5%93%81%E3%81%AE%E6%9C%9F%E9%99%90")),
            ("knowledge-relied", at("knowledge/relied?key=policy-returns")),
            ("knowledge-overlaps", at("knowledge/overlaps")),
            ("knowledge-guide", at("knowledge/guide")),
            ("audit", at("audit")),
            ("audit-record", at(&format!("audit/drafts/{}", self.case("edited")["draft"]["id"].as_str().unwrap()))),
            ("audit-verify", at("audit/verify")),
            ("people", at("people")),
            ("sign-in", format!("/sign-in/first?link={}", self.link)),
            ("refusal", "/w/nowhere/inbox".to_owned()),
        ];
        if let Some([failed, erased]) = &self.remains {
            pages.push(("audit-failed", at(&format!("audit/drafts/{failed}"))));
            pages.push(("audit-erased", at(&format!("audit/drafts/{erased}"))));
        }
        pages
    }

    /// The suggestion of an inquiry, by what it is there for.
    pub fn case(&self, what: &str) -> &Value {
        &self.cases.iter().find(|(known, _)| *known == what).unwrap().1
    }

    /// Its id.
    pub fn id<T: aizuchi::domain::Named>(&self, what: &str) -> Id<T> {
        Id::parse(self.case(what)["inquiry"].as_str().unwrap()).unwrap()
    }

    /// Its page.
    pub fn path(&self, what: &str) -> String {
        let shop = if matches!(what, "blocked" | "fallback") { MODELLED } else { SHOP };
        format!("/w/{shop}/inquiries/{}", self.case(what)["inquiry"].as_str().unwrap())
    }

    /// Its draft.
    pub fn text(&self, what: &str) -> &str {
        self.case(what)["draft"]["text"].as_str().unwrap()
    }

    /// Where its draft stands.
    pub async fn state(&self, what: &str) -> String {
        let id = self.case(what)["draft"]["id"].as_str().unwrap();
        let draft = self.server.local().get(&format!("/v1/drafts/{id}")).await;
        draft.json["state"].as_str().unwrap_or_else(|| panic!("{}", draft.text)).to_owned()
    }

    async fn decide(&self, what: &str, verb: Verb, reason: Option<&str>) {
        let draft = Id::parse(self.case(what)["draft"]["id"].as_str().unwrap()).unwrap();
        let new = NewDecision { reason: reason.map(str::to_owned), ..NewDecision::new(verb) };
        self.server.app.decide(&Principal::local(), &draft, new, None).await.unwrap();
    }
}

/// The address of a page of the shop.
fn at(path: &str) -> String {
    format!("/w/{SHOP}/{path}")
}

/// With a draft that failed and one whose words were erased.
async fn with_remains(server: TestServer, inquiry: &str) -> (TestServer, Option<[Id<name::Draft>; 2]>) {
    let customer = "消去を求めた方";
    let erased = ask(&server.local(), SHOP, "返品の期限を教えてください。", customer).await;
    let resting = server.rested().await;
    let shown = "お問い合わせありがとうございます。\n箱がつぶれていたとのこと、";
    let failed = fail_a_draft(&resting.settings, SHOP, inquiry, shown).await;
    let server = resting.serving(None).await;
    let done = server.local().post("/v1/erasures", &json!({"workspace": SHOP, "customer": customer})).await;
    assert_eq!(done.status, 201, "{}", done.text);
    (server, Some([failed, Id::parse(erased["draft"]["id"].as_str().unwrap()).unwrap()]))
}

/// A reply that another system sent and that departs from the guide; the id of a finding in it.
async fn flawed_reply(client: &Client) -> String {
    let reply = json!({
        "workspace": SHOP, "channel": "email", "author": "岸", "team": "一次", "vendor": "ベルコール",
        "text": "田辺様\nお客様のご確認不足により、宛名が個人名で発行されておりました。\n追ってご連絡いたします。",
    });
    let made = client.post("/v1/replies", &reply).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json["findings"][0]["id"].as_str().expect("the guide has something to say").to_owned()
}

/// An inquiry that a chatbot got an answer for.
async fn passed_on(server: &TestServer) -> Value {
    let workspace = WorkspaceId::parse(SHOP).unwrap();
    let bot = Principal { id: "key_bot".to_owned(), reach: Reach::One(workspace.clone(), Role::Chatbot) };
    let new = NewInquiry {
        workspace,
        channel: Channel::Chat,
        text: InquiryText::parse("返品の期限を教えてください。").unwrap(),
        conversation: None,
        customer: None,
        order: None,
        records: Vec::new(),
    };
    let made = server.app.suggest(&bot, new, None, None).await.unwrap();
    json!({"inquiry": made.inquiry.id.as_str()})
}

/// The address of the inbox.
pub fn inbox(query: &str) -> String {
    format!("/w/{SHOP}/inbox{query}")
}

/// Another operator of the shop.
pub fn somebody_else() -> Principal {
    Principal { id: "佐藤".to_owned(), reach: Reach::One(WorkspaceId::parse(SHOP).unwrap(), Role::Operator) }
}

/// A message comes in.
pub async fn ask(client: &Client, shop: &str, text: &str, customer: &str) -> Value {
    let asked = json!({
        "workspace": shop, "channel": "email", "text": text, "customer": customer,
        "records": [{"name": "お届け日", "value": "11月17日（火）", "source": "order-system"}],
    });
    let made = client.post("/v1/inquiries", &asked).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json
}

/// The letter with the ids of the evidence that the model was asked with, in the place of `{words}`.
pub fn cited(letter: &str, body: &Value) -> String {
    let prompt = body["messages"][1]["content"].as_str().unwrap();
    let mut said = letter.to_owned();
    while let (Some(open), Some(close)) = (said.find("[{"), said.find("}]")) {
        let words = &said[open + 2..close];
        let place = prompt.find(words).unwrap_or_else(|| panic!("{words} in {prompt}"));
        let id: String =
            prompt[prompt[..place].rfind("\n[k").unwrap() + 2..].chars().take_while(|c| *c != ']').collect();
        said.replace_range(open..close + 2, &format!("[{id}]"));
    }
    said
}
