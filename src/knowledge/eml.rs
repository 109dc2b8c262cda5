//! A mail that a person sent to a customer: one past reply a file. The text is the reply, what it quotes is the
//! inquiry; attachments are left out. No address goes further than this file, and who the mail was for is replaced
//! here, because only its header tells the name for sure.

use std::sync::LazyLock;

use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use regex::Regex;

use super::{
    File,
    format::{Entry, Fault, Format, Shelf},
    html, markup, quoted, replies,
};
use crate::{
    domain::{Channel, Kind, Timestamp},
    language::{self, zones::head_of_history},
};

/// `.eml`.
pub const FORMAT: Format = Format { extensions: &["eml"], kinds: &[Kind::PastReply], entries };

/// `Re:`, `Fw[2]:`, `【重要】`, `[#1234]` before or behind what the subject says.
static SUBJECT_MARKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?:(?:re|fwd?|返信|転送|件名)\s*(?:[\[(^]?\d{1,3}[\])]?)?\s*[:：]|\[[^\]]{0,40}\]|【[^】]{0,40}】|\s+)+|(?:[\[(（【]\s*(?:[#＃]|no\.?|id|ticket|受付)[^\])）】]{0,30}[\])）】]\s*)+$",
    )
    .expect("a constant pattern")
});

/// The name before an address in a line above a quoted mail.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"([^<>"@:：,、\d()\[\]]{2,40})"?\s*[<＜(\[]\s*(?:mailto:)?[^\s<>@]+@"#).expect("a constant pattern")
});

/// A line above a quoted mail that names us and not the customer.
static RECEIVES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^\s*(?:to|cc|宛先)\s*[:：]").expect("a constant pattern"));

fn entries(file: &File, _: &Shelf) -> Vec<Result<Entry, Fault>> {
    vec![entry(file)]
}

fn entry(file: &File) -> Result<Entry, Fault> {
    let mail =
        MessageParser::default().parse(&file.bytes).filter(|mail| mail.from().is_some() || mail.date().is_some());
    let mail = mail.ok_or_else(|| Fault::file("this is no mail: in the mail program choose \"Save as\" and .eml"))?;
    refuse_automatic(&mail)?;
    let parts = quoted::parts(&text(&mail)?);
    if parts.own.is_empty() {
        return Err(Fault::file("the mail only quotes another: leave it out, or save the mail that answers it"));
    }
    let head = head_of_history(&parts.own);
    if head > 1 || head == parts.own.lines().count() {
        let reason = "the mail begins with another one that it forwards, and nothing tells the two apart: leave it out, \
                      or save the mail that was sent to the customer";
        return Err(Fault::file(reason));
    }
    let subject = SUBJECT_MARKS.replace_all(mail.subject().unwrap_or_default().trim(), "").into_owned();
    let inquiry = if parts.quoted.is_empty() { &subject } else { &parts.quoted };
    if inquiry.trim().is_empty() {
        let reason = "the mail quotes no inquiry and has no subject: leave it out, or write both into a .csv";
        return Err(Fault::file(reason));
    }
    let names = names(&mail, &parts.heads);
    let mut entry = Entry::default();
    entry.put("key", &key(&mail, &file.path), None);
    entry.put("date", &date(&mail)?, None);
    entry.put("channel", Channel::Email.as_str(), None);
    entry.put("author", &author(&mail), None);
    entry.put("inquiry", &replies::without(inquiry, &names), None);
    entry.put("reply", &replies::without(&parts.own, &names), None);
    Ok(entry)
}

/// What a machine sent shows nothing of how people write.
fn refuse_automatic(mail: &Message<'_>) -> Result<(), Fault> {
    let header = |name: &'static str| mail.header_raw(name).unwrap_or_default().trim().to_lowercase();
    let from = mail.from().and_then(Address::first).and_then(|from| from.address()).unwrap_or_default().to_lowercase();
    let is_report = mail.is_content_type("multipart", "report");
    let signs = [
        ("it reports a delivery", is_report),
        ("it comes from a mail server", ["mailer-daemon", "postmaster"].iter().any(|name| from.starts_with(name))),
        ("it has no return path", header("Return-Path") == "<>"),
        ("it says Auto-Submitted", !["", "no"].contains(&header("Auto-Submitted").as_str())),
        ("it is an automatic reply", ["X-Autoreply", "X-Autorespond"].iter().any(|name| !header(name).is_empty())),
        ("it was sent to many", ["bulk", "junk", "list", "auto_reply"].contains(&header("Precedence").as_str())),
    ];
    match signs.iter().find(|(_, is)| *is) {
        Some((sign, _)) => Err(Fault::file(format!("no person wrote this mail ({sign}): leave it out"))),
        None => Ok(()),
    }
}

fn text(mail: &Message<'_>) -> Result<String, Fault> {
    let plain = joined(mail.text_bodies())?;
    let text = if plain.trim().is_empty() { joined(mail.html_bodies())? } else { plain };
    if text.trim().is_empty() {
        return Err(Fault::file("the mail has no text: leave it out; attachments are not read"));
    }
    if text.contains('\u{fffd}') {
        let reason =
            "the mail has signs that cannot be read in the encoding it names: save it again from the mail program";
        return Err(Fault::file(reason));
    }
    Ok(text)
}

fn joined<'a>(parts: impl Iterator<Item = &'a MessagePart<'a>>) -> Result<String, Fault> {
    let mut texts = Vec::new();
    for part in parts {
        let text = match &part.body {
            PartType::Text(text) => flowed(part, &text.replace("\r\n", "\n").replace('\r', "\n")),
            PartType::Html(page) => markup::mail(&html::parse(page)?),
            _ => continue,
        };
        // A line from the days of mailboxes in one file, and signs that mail programs leave.
        texts.push(text.replace(['\u{feff}', '\u{200b}', '\0', '\u{c}'], ""));
    }
    Ok(texts.join("\n"))
}

/// Joins what the mail program wrapped where the mail says that it did (`format=flowed`, RFC 3676).
fn flowed(part: &MessagePart<'_>, text: &str) -> String {
    let says = |name: &str, value: &str| {
        let attribute = part.content_type().and_then(|kind| kind.attribute(name));
        attribute.is_some_and(|found| found.eq_ignore_ascii_case(value))
    };
    if !says("format", "flowed") {
        return text.to_owned();
    }
    let drops_blank = says("delsp", "yes");
    let mut lines: Vec<String> = Vec::new();
    let mut open = None;
    for line in text.split('\n') {
        let depth = line.chars().take_while(|c| *c == '>').count();
        let words = line[depth..].strip_prefix(' ').unwrap_or(&line[depth..]);
        let flows = words.ends_with(' ') && words != "-- ";
        let kept = if flows && drops_blank { &words[..words.len() - 1] } else { words };
        match lines.last_mut().filter(|_| open == Some(depth) && words != "-- ") {
            Some(last) => last.push_str(kept),
            None if depth > 0 => lines.push(format!("{} {kept}", ">".repeat(depth))),
            None => lines.push(kept.to_owned()),
        }
        open = flows.then_some(depth);
    }
    lines.join("\n")
}

fn key(mail: &Message<'_>, path: &str) -> String {
    let id = mail.message_id().map(|id| id.trim_matches(['<', '>', ' '])).filter(|id| !id.is_empty());
    let name = path.rsplit('/').next().unwrap_or(path);
    id.unwrap_or_else(|| name.rsplit_once('.').map_or(name, |(stem, _)| stem)).to_owned()
}

fn date(mail: &Message<'_>) -> Result<String, Fault> {
    let date = mail.date().filter(|date| date.is_valid());
    let date = date.ok_or_else(|| Fault::file("the mail has no Date that can be read: write the reply into a .csv"))?;
    Ok(Timestamp(date.to_timestamp().saturating_mul(1000)).day().to_string())
}

/// Who wrote the mail, if the header gives a name and not an address.
fn author(mail: &Message<'_>) -> String {
    let name = mail.from().and_then(Address::first).and_then(|from| from.name()).unwrap_or_default();
    let name = name.trim_matches(['"', '\'', ' ']);
    if name.contains('@') { String::new() } else { name.to_owned() }
}

/// The names of who the mail was sent to, of who wrote what it quotes, and of who wrote it, whole and in their parts.
fn names(mail: &Message<'_>, heads: &[String]) -> Vec<String> {
    let to = [mail.to(), mail.cc()].into_iter().flatten().flat_map(Address::iter);
    let quoted = heads.iter().filter(|head| !RECEIVES.is_match(head)).filter_map(|head| NAMED.captures(head)?.get(1));
    let from = author(mail);
    let from = from.split(['(', '（', '/', '／', '【']).next().unwrap_or_default();
    // The header of a shop's mail is as often its desk, whose name says something in a reply.
    let is_person = from.split_whitespace().next().is_some_and(language::names::is_known_name);
    let names: Vec<&str> = to
        .filter_map(|address| address.name())
        .chain(quoted.map(|name| name.as_str()))
        .chain(is_person.then_some(from))
        .map(|name| name.trim_matches(['"', '\'', ' ', '　']))
        // One word in Latin letters is more often a desk (info, support) than a person.
        .filter(|name| !name.contains('@') && (!name.is_ascii() || name.contains(' ')))
        .collect();
    let joined: Vec<String> = names.iter().map(|name| name.split_whitespace().collect()).collect();
    let words = names.iter().flat_map(|name| name.split([' ', '　', '\t', '、', ',', '(', ')', '（', '）']));
    replies::sure_names(names.iter().copied().chain(joined.iter().map(String::as_str)).chain(words))
}

#[cfg(test)]
#[path = "eml_tests.rs"]
mod tests;
