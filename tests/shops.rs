//! The sample shops hold together: every number that a customer could be told stands in `facts.yaml`, once; there is
//! enough of everything, and no two FAQs say the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use aizuchi::{
    domain::{Kind, NewRevision},
    knowledge::{self, File},
    language::sentence::sentences,
};
use regex::Regex;
use serde::Deserialize;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

const SHOPS: [&str; 2] = ["officelink", "hanauta"];

/// `facts.yaml`; what a key means is said at the head of the files.
#[derive(Deserialize)]
struct Facts {
    contacts: Vec<Value>,
    products: Vec<Value>,
    facts: Vec<Value>,
    cases: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct PastReply {
    key: String,
    date: String,
    channel: String,
    author: String,
    team: String,
    vendor: String,
    inquiry: String,
    reply: String,
}

fn folder(shop: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge").join(shop)
}

fn facts(shop: &str) -> Facts {
    serde_saphyr::from_str(&fs::read_to_string(folder(shop).join("facts.yaml")).unwrap()).unwrap()
}

fn files(shop: &str, shelf: &str) -> Vec<File> {
    let entries = fs::read_dir(folder(shop).join(shelf)).unwrap().map(|entry| entry.unwrap());
    let file = |entry: fs::DirEntry| File {
        path: format!("{shelf}/{}", entry.file_name().to_string_lossy()),
        bytes: fs::read(entry.path()).unwrap(),
    };
    entries.map(file).collect()
}

fn documents(shop: &str, shelf: &str) -> Vec<NewRevision> {
    let read = knowledge::read(&files(shop, shelf));
    assert_eq!(read.rejected, []);
    read.revisions
}

/// As they were written, before names and numbers are taken out of them.
fn replies(shop: &str) -> Vec<PastReply> {
    let lines = files(shop, "replies").into_iter().flat_map(|file| {
        let text = String::from_utf8(file.bytes).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>()
    });
    lines.collect()
}

/// Counted things; a number without one of them behind it is a number by itself.
const UNITS: &str = "営業日前|営業日後|営業日|日前|日後|日間|日目|日分|日|か月前|か月後|か月|年間|年度|年|週間|週|時間|時|分間|分|秒|円|%|割|倍|ポイント|\
    P|点|個|回目|回|台|脚|箱|枚|冊|本|つ|名|人|件|通|組|色|種類|世帯|文字|階|畳|部|行|桁|社|段|列|口|月|ml|l|mm|cm|m|kg|g|w|v|滴|歳|代|か所|便|番|号|穴";

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?xi)(?P<url>https?://[a-z0-9./_?=&%\#-]+)|(?P<mail>[a-z0-9._+-]+@[a-z0-9.-]+)|(?P<phone>0\d{{1,4}}-\d{{1,4}}-\d{{3,4}})
        |\d{{4}}-(?P<im>\d{{2}})-(?P<id>\d{{2}})|(?:\d{{4}}年)?(?P<jm>\d{{1,2}})月(?P<jd>\d{{1,2}})日
        |(?P<time>\d{{1,2}}:\d{{2}})|(?-u:\b)(?P<sm>\d{{1,2}})/(?P<sd>\d{{1,2}})(?-u:\b)|(?P<code>[a-z]{{1,6}}-?\d[\da-z-]*)
        |(?P<number>\d+(?:\.\d+)?)(?:〜(?P<to>\d+(?:\.\d+)?))?(?P<unit>{UNITS})?"
    ))
    .unwrap()
});
static NO_NUMBER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"第\d+[条項章]|(?m)^#+ ?\d+\.?|^\d+\. ").unwrap());
static THOUSANDS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(\d),(\d{3})").unwrap());

/// Every number of a text with what it counts, in one spelling. Counting off (1つ、2つ) is no figure.
fn numbers(text: &str) -> BTreeSet<String> {
    let text: String = text.nfkc().map(|c| if c == '~' || c == '～' { '〜' } else { c }).collect();
    let mut text = NO_NUMBER.replace_all(&text, "").into_owned();
    while THOUSANDS.is_match(&text) {
        text = THOUSANDS.replace_all(&text, "$1$2").into_owned();
    }
    let mut found = BTreeSet::new();
    for hit in NUMBER.captures_iter(&text) {
        let part = |name: &str| hit.name(name).map(|part| part.as_str());
        let date = part("im").zip(part("id")).or(part("jm").zip(part("jd"))).or(part("sm").zip(part("sd")));
        if let Some(url) = part("url") {
            found.insert(format!("host {}", url.split('/').nth(2).unwrap_or_default()));
        } else if let Some((month, day)) = date {
            found.insert(format!("{}/{}", month.trim_start_matches('0'), day.trim_start_matches('0')));
        } else if let Some(number) = part("number") {
            let unit = match part("unit").unwrap_or_default() {
                "年間" => "年",
                "日間" => "日",
                "つ" if matches!(number, "1" | "2" | "3") => continue,
                unit => unit,
            };
            found.extend([Some(number), part("to")].into_iter().flatten().map(|number| format!("{number}{unit}")));
        } else {
            found.insert(hit[0].trim_end_matches(['.', '-']).to_lowercase());
        }
    }
    found
}

fn said(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.values().for_each(|value| said(value, into)),
        Value::Array(list) => list.iter().for_each(|value| said(value, into)),
        Value::String(text) => into.push(text.clone()),
        Value::Number(number) => into.push(number.to_string()),
        _ => {}
    }
}

/// Every number that the shop has written down.
fn known(facts: &Facts) -> BTreeSet<String> {
    let mut texts = Vec::new();
    facts.contacts.iter().chain(&facts.products).chain(&facts.facts).for_each(|value| said(value, &mut texts));
    texts.iter().flat_map(|text| numbers(text)).collect()
}

#[test]
fn every_number_of_faqs_and_policies_stands_in_the_facts() {
    for shop in SHOPS {
        let known = known(&facts(shop));
        assert!(known.len() > 150, "{shop}: {} numbers", known.len());
        for page in documents(shop, "faq").into_iter().chain(documents(shop, "policy")) {
            let text = [Some(page.title), Some(page.body), page.note, page.url].into_iter().flatten();
            let numbers: BTreeSet<String> = text.flat_map(|text| numbers(&text)).collect();
            let missing: Vec<_> = numbers.difference(&known).collect();
            assert!(missing.is_empty(), "{shop} {}: {missing:?} stand nowhere in facts.yaml", page.key);
        }
    }
}

/// A reply also tells of the customer's own case: what they wrote themselves, and what `cases` lists.
#[test]
fn every_number_of_a_past_reply_stands_in_the_facts_in_its_inquiry_or_in_its_case() {
    for shop in SHOPS {
        let facts = facts(shop);
        let known = known(&facts);
        let replies = replies(shop);
        for reply in &replies {
            let own = facts.cases.get(&reply.key).into_iter().flatten().map(String::as_str);
            let own: BTreeSet<String> = own.chain([reply.inquiry.as_str()]).flat_map(numbers).collect();
            let missing: Vec<_> =
                numbers(&reply.reply).into_iter().filter(|n| !known.contains(n) && !own.contains(n)).collect();
            assert!(missing.is_empty(), "{shop} {}: {missing:?} stand nowhere", reply.key);
        }
        let keys: BTreeSet<&str> = replies.iter().map(|reply| reply.key.as_str()).collect();
        assert!(facts.cases.keys().all(|key| keys.contains(key.as_str())), "{shop}: a case of no reply");
    }
}

#[test]
fn nothing_is_stated_twice_in_the_facts() {
    for shop in SHOPS {
        let facts = facts(shop);
        let all = |list: &[Value], field: &str| -> Vec<String> {
            list.iter()
                .map(|entry| {
                    entry[field].as_str().unwrap_or_else(|| panic!("{shop}: {entry} has no {field}")).to_owned()
                })
                .collect()
        };
        for (list, field) in [
            (&facts.contacts, "id"),
            (&facts.contacts, "value"),
            (&facts.products, "code"),
            (&facts.facts, "id"),
            (&facts.facts, "says"),
        ] {
            let values = all(list, field);
            let distinct: BTreeSet<&String> = values.iter().collect();
            assert_eq!(distinct.len(), values.len(), "{shop}: a {field} stands twice");
        }
        let dated = facts.facts.iter().filter(|fact| fact.get("until").is_some()).count();
        assert!(dated >= 8, "{shop}: {dated} rules of the past");
    }
}

#[test]
fn there_is_enough_of_everything() {
    for shop in SHOPS {
        let keys = |shelf: &str| documents(shop, shelf).into_iter().map(|page| page.key).collect::<BTreeSet<_>>().len();
        let (faqs, policies, replies) = (keys("faq"), keys("policy"), replies(shop));
        assert!(faqs >= 80 && policies >= 15 && replies.len() >= 120, "{shop}: {faqs}, {policies}, {}", replies.len());
        let without_note = documents(shop, "faq").into_iter().filter(|faq| faq.note.is_none()).count();
        assert_eq!(without_note, 0, "{shop}: FAQs without a note for the desk");
        assert!(documents(shop, "faq").iter().all(|faq| faq.url.is_some() && faq.kind == Kind::Faq));
        let two_revisions = documents(shop, "policy").len() - policies;
        assert!(two_revisions >= 4, "{shop}: {two_revisions} policies with an earlier revision");
        assert!(replies.iter().all(|reply| {
            [&reply.author, &reply.team, &reply.vendor, &reply.date].iter().all(|field| !field.is_empty())
        }));
        let vendors: BTreeSet<&str> = replies.iter().map(|reply| reply.vendor.as_str()).collect();
        let channels: BTreeSet<&str> = replies.iter().map(|reply| reply.channel.as_str()).collect();
        assert!(vendors.len() >= 3 && channels.contains("email"), "{shop}: {vendors:?} {channels:?}");
        assert_eq!(channels.contains("line"), shop == "hanauta", "{shop}: {channels:?}");
    }
}

#[test]
fn no_two_faqs_share_a_sentence_of_25_characters() {
    for shop in SHOPS {
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for faq in documents(shop, "faq") {
            let text = format!("{}\n{}", faq.body, faq.note.unwrap_or_default());
            for span in sentences(&text) {
                let sentence: String = span.of(&text).chars().filter(|c| !c.is_whitespace()).collect();
                if sentence.chars().count() < 25 {
                    continue;
                }
                // Two revisions of one FAQ may well share what did not change.
                let before = seen.insert(sentence.clone(), faq.key.clone());
                assert!(before.is_none_or(|key| key == faq.key), "{shop}: {} repeats {sentence:?}", faq.key);
            }
        }
    }
}

#[test]
fn a_number_is_found_however_it_is_written() {
    let found =
        numbers("税込３，９８０円以上、１〜２営業日、2026年10月1日から。0120-000-118、WC-210は第3条、9:00に2つ");
    let expected = ["3980円", "1営業日", "2営業日", "10/1", "0120-000-118", "wc-210", "9:00"];
    assert_eq!(found, expected.into_iter().map(str::to_owned).collect());
}
