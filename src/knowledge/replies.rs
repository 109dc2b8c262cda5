//! An entry of `replies/`: what a person once answered, without who it was for.
//!
//! It shows how the brand words things, so the set phrases around the matter go (every draft gets its own from the
//! guide), and names, numbers and addresses of the customer go too. Who wrote it stays: QA compares teams by it.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    document,
    format::{Entry, Fault},
};
use crate::{
    domain::{Audience, Channel, Day, Kind, NewRevision, PastReply, Span, Validity},
    language::{
        names::{is_kanji, is_known_name},
        normal::Normalised,
        pseudonym::pseudonymise,
        sentence::sentences,
        zones::{self, Zones},
    },
};

/// What an entry may say.
pub const FIELDS: &[&str] = &["key", "date", "channel", "situation", "author", "team", "vendor", "inquiry", "reply"];

/// What an entry must say.
pub const REQUIRED: &[&str] = &["key", "date", "channel", "inquiry", "reply"];

/// In code points: a line in a list.
const MAX_TITLE_CHARS: usize = 60;

// Set phrases that `zones` does not take for greetings, because a customer's letter could mean them. All read a
// sentence in normal form. A number or a quotation makes a phrase a statement, which stays.
macro_rules! pattern {
    ($name:ident, $source:literal) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($source).expect("a constant pattern"));
    };
}
pattern!(
    THANKS_FOR_WRITING,
    r"^(?:このたびは|この度は)?[、,]?(?:お問い?合わ?せ|ご連絡|ご返信|メール|メッセージ)を?(?:くださり|下さり|いただき|頂き|頂戴し)?[、,]?(?:誠に|まことに|どうも)?(?:ありがとう|有難う|有り難う)(?:ございます|ございました)[。!]?\W*$"
);
pattern!(
    OFFER_OF_HELP,
    r"^[^。0-9「]{0,40}(?:お気軽に|いつでも|ご?遠慮なく)[^。0-9「]{0,12}(?:連絡|問い?合わ?せ|相談|知らせ|申し?付け|申しつけ|声が?け|声かけ)(?:を|て)?(?:ください(?:ませ|ね)?|下さい(?:ませ|ね)?)[。!]?\W*$"
);
pattern!(
    OWN_NAME,
    r"^[^。、]{0,24}(?:サポート|窓口|担当|センター|デスク|カスタマー|ショップ|店)[^。、]{0,12}(?:です|でございます|と申します)[。!]?\W*$"
);

pattern!(
    INTRODUCTION,
    r"(?:と申します|〇〇(?:です|でございます))[。!]?\W*$|^(?:はじめて|初めて)ご?連絡[^。]{0,8}ます[。!]?$"
);

/// Who writes says so at the beginning; further down 「…担当です」 is an answer.
const OWN_NAME_WITHIN: usize = 4;

/// Reads one entry.
pub fn revision(entry: &Entry, kind: Kind, source: &str) -> Result<NewRevision, Fault> {
    let key = document::key(entry)?;
    for required in REQUIRED {
        entry.required(required)?;
    }
    let words = |name| entry.short(name).map(|text| text.map(str::to_owned));
    let date = entry.parsed("date", Day::parse)?;
    let channel = entry.parsed("channel", channel)?;
    let (Some(date), Some(channel)) = (date, channel) else {
        return Err(entry.fault("date", "date and channel are empty: every entry needs them"));
    };
    let past_reply = PastReply {
        date,
        channel: channel.as_str().to_owned(),
        situation: words("situation")?,
        author: words("author")?,
        team: words("team")?,
        vendor: words("vendor")?,
    };
    let inquiry = entry.long("inquiry", document::MAX_BODY_CHARS)?.unwrap_or_default();
    let reply = entry.long("reply", document::MAX_BODY_CHARS)?.unwrap_or_default();
    let addressees = addressees(reply);
    let body = pseudonymise(&without(&matter(reply), &addressees));
    if body.trim().is_empty() {
        return Err(entry.fault("reply", "nothing is left of the reply without its signature: leave the entry out"));
    }
    let title = title(&without(inquiry, &addressees));
    Ok(NewRevision {
        kind,
        // An inquiry that was a signature alone.
        title: if title.is_empty() { key.clone() } else { title },
        key,
        url: None,
        // A customer has read these words; who they were for is gone. Whoever shows evidence to the public leaves
        // past replies out by their kind.
        audience: Audience::Public,
        validity: Validity::default(),
        body: body.trim().to_owned(),
        note: None,
        past_reply: Some(past_reply),
        source: Some(source.to_owned()),
    })
}

fn channel(text: &str) -> Result<Channel, String> {
    Channel::parse(text).ok_or_else(|| {
        let known: Vec<_> = Channel::ALL.iter().map(|channel| channel.as_str()).collect();
        format!("expected one of {}, found {text:?}", known.join(", "))
    })
}

/// Whom the reply is for, in its own words: the surest way to know their name where it stands without a title.
fn addressees(reply: &str) -> Vec<String> {
    let zones = Zones::of(reply);
    let words = || zones.addressee.iter().flat_map(|zone| zone.of(reply).split([' ', '　', '\t', '、', ',']));
    let mut names = sure_names(words());
    let surnames: Vec<String> = names.iter().filter_map(|name| surname(name)).collect();
    names.extend(surnames);
    names
}

/// The surname of somebody who is written in kanji without a space: 山田太郎 is 山田さん further down, and 綾小路家 is
/// the house of 綾小路静江. A post is no given name.
fn surname(name: &str) -> Option<String> {
    const POSTS: [char; 5] = ['長', '部', '課', '係', '室'];
    let letters: Vec<char> = name.chars().collect();
    if letters.len() < 4 || letters.len() > 6 || !letters.iter().all(|c| is_kanji(*c)) || name.ends_with(POSTS) {
        return None;
    }
    let first = |count: usize| letters[..count].iter().collect::<String>();
    Some(if is_known_name(&first(2)) { first(2) } else { first(3) })
}

/// Words that are somebody's name and nothing else, without title or form of company, the longest first.
pub fn sure_names<'a>(words: impl Iterator<Item = &'a str>) -> Vec<String> {
    const TITLES: &[&str] = &["様", "さま", "さん", "殿", "御中", "先生"];
    const COMPANIES: &[&str] = &["株式会社", "有限会社", "合同会社"];
    const GENERAL: &[&str] = &["担当", "お客", "みなさ", "皆", "各位", "会員", "関係者"];
    let named = words.map(|word| {
        let word = TITLES.iter().find_map(|title| word.strip_suffix(title)).unwrap_or(word);
        let company = COMPANIES.iter().find_map(|form| word.strip_suffix(form).or_else(|| word.strip_prefix(form)));
        company.unwrap_or(word)
    });
    // One character alone (林, 関) is part of too many words.
    let sure = named.filter(|name| name.chars().count() >= 2 && !GENERAL.iter().any(|word| name.contains(word)));
    let mut names: Vec<String> = sure.map(str::to_owned).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names
}

/// The text with a stand-in for each name.
pub fn without(text: &str, names: &[String]) -> String {
    names.iter().fold(text.to_owned(), |text, name| text.replace(name.as_str(), "〇〇"))
}

/// The beginning of what the customer wanted, on one line. Sentences in which they only say who they are come first
/// and are passed over.
fn title(inquiry: &str) -> String {
    let core = pseudonymise(&zones::core(inquiry));
    let introduces = |span: &Span| INTRODUCTION.is_match(Normalised::of(span.of(&core)).as_str());
    let start = sentences(&core).into_iter().find(|span| !introduces(span)).map_or(0, |span| span.start);
    let wanted: String = core.chars().skip(start).collect();
    let line = wanted.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX_TITLE_CHARS {
        return line;
    }
    line.chars().take(MAX_TITLE_CHARS - 1).chain(['…']).collect()
}

/// The reply without addressee, set phrases and signature, in whole sentences; the whole reply where nothing else
/// stands in it.
fn matter(reply: &str) -> String {
    let mut kept: Vec<Option<char>> = reply.chars().map(Some).collect();
    let zones = Zones::of(reply);
    for zone in zones.quoted.iter().chain(&zones.addressee).chain(&zones.signature) {
        kept[zone.start..zone.end].fill(None);
    }
    for (at, sentence) in sentences(reply).into_iter().enumerate() {
        if is_set_phrase(reply, at, sentence, &zones.greeting) {
            kept[sentence.start..sentence.end].fill(None);
        }
    }
    let text: String = kept.into_iter().flatten().collect();
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim) {
        let says_something = line.chars().any(char::is_alphanumeric);
        let opens_paragraph = lines.last().is_some_and(|last| !last.is_empty());
        if says_something || (line.is_empty() && opens_paragraph) {
            lines.push(line);
        }
    }
    let matter = lines.join("\n");
    if matter.trim().is_empty() { reply.to_owned() } else { matter.trim().to_owned() }
}

/// A sentence of which something remains beside the greeting is kept whole: half a sentence shows no wording.
fn is_set_phrase(reply: &str, at: usize, sentence: Span, greeting: &[Span]) -> bool {
    let normal = Normalised::of(sentence.of(reply));
    let text = normal.as_str();
    let names_the_writer = at < OWN_NAME_WITHIN && OWN_NAME.is_match(text);
    if names_the_writer || THANKS_FOR_WRITING.is_match(text) || OFFER_OF_HELP.is_match(text) {
        return true;
    }
    let greeted = |at: usize| greeting.iter().any(|zone| zone.start <= at && at < zone.end);
    let mut letters = (sentence.start..).zip(sentence.of(reply).chars()).filter(|(_, c)| c.is_alphanumeric());
    letters.all(|(at, _)| greeted(at))
}
