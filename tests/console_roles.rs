//! What each role finds in the console: its own pages, no link that leads to a refusal, and nothing by address alone.

mod support;

use std::collections::{BTreeSet, VecDeque};

use aizuchi::{
    adapters::system::SystemClock,
    app::NewPerson,
    domain::{Login, Principal, Role, WorkspaceId},
    ports::Clock as _,
};
use reqwest::{Method, header};
use serde_json::{Value, json};
use support::{Answer, Client, TestServer, inquiry};

const SHOP: &str = "officelink";
/// Everybody who signs in; a front-end holds a key.
const PEOPLE: [Role; 5] = [Role::Operator, Role::Qa, Role::Knowledge, Role::Auditor, Role::Admin];
/// Where a form goes, what it says, and who may not send it.
type Form<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [Role]);
/// No role is shown so many pages of this shop.
const MANY: usize = 400;

/// A shop with an answered inquiry, one that waits, a reply with a finding and a proposal.
struct Shop {
    server: TestServer,
    waiting: Value,
    finding: String,
    proposal: String,
}

impl Shop {
    async fn open() -> Self {
        let server = TestServer::start().await;
        let client = server.local();
        let waiting = client.post("/v1/inquiries", &inquiry(SHOP, "領収書の宛名を変えられますか。")).await.json;
        let answered = client.draft(SHOP).await;
        let decided = format!("/v1/drafts/{}/decision", answered["draft"]["id"].as_str().unwrap());
        let accepted = client.post(&decided, &json!({ "action": "accept", "reason": "このまま送ります" })).await;
        assert!(accepted.status < 300, "{}", accepted.text);
        let reply = json!({
            "workspace": SHOP, "channel": "email", "author": "岸",
            "text": "田辺様\nお客様のご確認不足により、宛名が個人名で発行されておりました。",
        });
        let replied = client.post("/v1/replies", &reply).await.json;
        let finding = replied["findings"][0]["id"].as_str().unwrap().to_owned();
        let operator = server.as_key(SHOP, Role::Operator).await;
        let wish = json!({
            "workspace": SHOP, "kind": "faq", "key": "faq-new", "title": "保証書は必要ですか。",
            "answer": "保証書は、納品書で代えられます。",
        });
        let proposed = operator.post("/v1/documents", &wish).await;
        let proposal =
            proposed.json["proposal"]["id"].as_str().unwrap_or_else(|| panic!("{}", proposed.text)).to_owned();
        Self { server, waiting, finding, proposal }
    }

    /// What somebody of this role carries in their browser.
    async fn cookie(&self, role: Role) -> String {
        let (app, shop) = (&self.server.app, WorkspaceId::parse(SHOP).unwrap());
        let login = Login::parse(role.as_str()).unwrap();
        let new = NewPerson { login, name: role.as_str().to_owned(), team: None, vendor: None };
        let person = app.place_person(&Principal::system(), &shop, new, role).await.unwrap();
        let ticket = app.sessions().seal("session", &[person.id.as_str(), &person.stamp], SystemClock.now());
        format!("aizuchi_session={ticket}")
    }

    /// The pages that stand, each with those who have business there.
    fn pages(&self) -> Vec<(String, &'static [Role])> {
        use Role::{Admin, Auditor, Knowledge, Operator, Qa};
        const ALL: &[Role] = &PEOPLE;
        let case = self.waiting["inquiry"].as_str().unwrap();
        let draft = self.waiting["draft"]["id"].as_str().unwrap();
        let pages: Vec<(String, &'static [Role])> = vec![
            ("home".into(), ALL),
            ("inbox".into(), ALL),
            (format!("inquiries/{case}"), ALL),
            (format!("inquiries/{case}/trail"), ALL),
            ("knowledge".into(), ALL),
            ("knowledge/guide".into(), ALL),
            ("knowledge/overlaps".into(), ALL),
            ("knowledge/search?q=返品".into(), ALL),
            (format!("knowledge/proposals/{}", self.proposal), ALL),
            ("knowledge/edit".into(), &[Operator, Qa, Knowledge, Admin]),
            // An operator is led on to what was ruled on their own replies.
            ("qa".into(), &[Operator, Qa, Auditor, Admin]),
            ("qa/samples".into(), &[Qa, Auditor, Admin]),
            ("qa/trends".into(), &[Qa, Auditor, Admin]),
            ("qa/disputes".into(), &[Qa, Auditor, Admin]),
            (format!("qa/findings/{}", self.finding), &[Qa, Auditor, Admin]),
            ("qa/mine".into(), &[Operator, Admin]),
            ("audit".into(), &[Auditor, Admin]),
            ("audit/verify".into(), &[Auditor, Admin]),
            (format!("audit/drafts/{draft}"), &[Auditor, Admin]),
            ("people".into(), &[Admin]),
        ];
        pages.into_iter().map(|(path, roles)| (format!("/w/{SHOP}/{path}"), roles)).collect()
    }
}

async fn get(client: &Client, path: &str, cookie: &str) -> Answer {
    Answer::of(client.request(Method::GET, path).header(header::COOKIE, cookie)).await
}

#[tokio::test]
async fn each_role_opens_its_own_pages_and_no_others() {
    let shop = Shop::open().await;
    let client = shop.server.local();
    let mut wrong = Vec::new();
    for role in PEOPLE {
        let cookie = shop.cookie(role).await;
        for (path, roles) in shop.pages() {
            let answer = get(&client, &path, &cookie).await;
            let expected = if roles.contains(&role) { 200 } else { 404 };
            if answer.status != expected {
                wrong.push(format!("{role:?} {path}: {} in place of {expected}", answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn nothing_that_a_role_is_shown_leads_to_a_refusal() {
    let shop = Shop::open().await;
    let client = shop.server.local();
    let mut wrong = Vec::new();
    for role in PEOPLE {
        let cookie = shop.cookie(role).await;
        let (mut seen, mut next) = (BTreeSet::new(), VecDeque::from([("/".to_owned(), String::new())]));
        while let Some((path, from)) = next.pop_front() {
            if seen.len() >= MANY || !seen.insert(shape(&path)) {
                continue;
            }
            let answer = get(&client, &path, &cookie).await;
            if answer.status != 200 {
                wrong.push(format!("{role:?} {path} from {from}: {}", answer.status));
            }
            next.extend(links(&answer.text).map(|link| (link, path.clone())));
        }
        assert!(seen.len() > 20, "{role:?} is shown {} pages", seen.len());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_a_role_may_not_do_it_cannot_send_either() {
    let shop = Shop::open().await;
    let client = shop.server.local();
    let (case, draft) = (shop.waiting["inquiry"].as_str().unwrap(), shop.waiting["draft"]["id"].as_str().unwrap());
    let finding = format!("qa/findings/{}", shop.finding);
    let proposal = format!("knowledge/proposals/{}/decision", shop.proposal);
    let decision = format!("drafts/{draft}/decision");
    let lease = format!("inquiries/{case}/lease");
    let forms: [Form; 5] = [
        (
            &decision,
            &[("action", "accept"), ("reason", "x"), ("inquiry", case)],
            &[Role::Qa, Role::Knowledge, Role::Auditor],
        ),
        (&lease, &[("action", "take")], &[Role::Qa, Role::Knowledge, Role::Auditor]),
        (&finding, &[("verdict", "confirmed")], &[Role::Operator, Role::Knowledge, Role::Auditor]),
        (&proposal, &[("action", "approve"), ("reason", "x")], &[Role::Operator, Role::Qa, Role::Auditor]),
        ("people", &[("login", "x"), ("name", "x"), ("role", "admin")], &PEOPLE[..4]),
    ];
    for role in &PEOPLE[..4] {
        let cookie = shop.cookie(*role).await;
        let inbox = get(&client, &format!("/w/{SHOP}/inbox"), &cookie).await;
        let token = inbox.text.split_once("name=\"token\" value=\"").unwrap().1.split_once('"').unwrap().0;
        for (path, fields, _) in forms.iter().filter(|(_, _, roles)| roles.contains(role)) {
            let fields = [&[("token", token)], *fields].concat();
            let sent = client.form(&format!("/w/{SHOP}/{path}"), &fields).header(header::COOKIE, &cookie);
            let answer = Answer::of(sent).await;
            assert!(matches!(answer.status, 403 | 404), "{role:?} {path}: {} {}", answer.status, answer.text);
        }
    }
}

/// The links of a page to this server.
fn links(html: &str) -> impl Iterator<Item = String> {
    let found = html.split("href=\"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(link, _)| link);
    let ours = found.filter(|link| link.starts_with('/') && !link.starts_with("/assets/"));
    ours.map(|link| link.split('#').next().unwrap_or_default().replace("&amp;", "&").replace("&#38;", "&"))
        .collect::<Vec<_>>()
        .into_iter()
}

/// Pages that differ by nothing but what they are about are one page here.
fn shape(path: &str) -> String {
    let id = |part: &str| part.contains('_') && part.len() > 30;
    let parts = path.split('/').map(|part| if id(part) { "id" } else { part });
    let plain = parts.collect::<Vec<_>>().join("/");
    match plain.split_once("?key=").or_else(|| plain.split_once("&key=")) {
        Some((page, _)) => page.to_owned(),
        None => plain,
    }
}
