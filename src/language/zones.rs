//! Which parts of a letter are not its matter: quoted history, the addressee, greetings, the signature.
//!
//! Zones are stripped for search and drafting only; what is recorded stays whole.

use std::borrow::Cow;

use super::{
    names,
    normal::Normalised,
    pattern::{Pattern, named},
    sentence::sentences,
};
use crate::domain::Span;

/// Where the parts stand that are not the matter of a letter. No two overlap.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Zones {
    /// Lines of an earlier mail.
    pub quoted: Vec<Span>,
    /// Lines that only name who the letter is for.
    pub addressee: Vec<Span>,
    /// Set phrases that open and close a letter, and who is writing.
    pub greeting: Vec<Span>,
    /// The sender's name and address below the letter.
    pub signature: Vec<Span>,
}

// All patterns read a trimmed line in normal form: lower case, half-width signs, one kind of dash.
named!(QUOTE_MARK, r"^[>|｜]");
named!(
    HISTORY,
    r"(?x)^[-_=*\s]{2,}(?:original\ message|forwarded\ message|元のメッセージ|転送(?:され?た)?メッセージ|返信元|以下引用|引用)[-_=*\s]*$
    |^begin\ forwarded\ message:?$
    |^on\ .{5,200}(?:\ |>)wrote:$
    |^\d{4}(?:年|[/.-])\d{1,2}(?:月|[/.-])\d{1,2}日?.{0,160}(?:<[^>\s]+@[^>\s]+>|\d{1,2}:\d{2}.{0,80}|書きました|書いた|のメール|のメッセージ):$"
);
named!(HISTORY_BEGINS, r"^(?:on .{5,}\d{4}|\d{4}(?:年|[/.-])\d{1,2}(?:月|[/.-])\d{1,2}日?.{0,20}\d{1,2}:\d{2})");
named!(HISTORY_ENDS, r"(?:<[^>\s]+@[^>\s]+>|wrote|書きました)\s*:$");
named!(MAIL_FROM, r"^(?:from|差出人|送信者|送信元)\s*:");
named!(MAIL_HEADER, r"^(?:sent|date|to|cc|subject|送信日時|日時|日付|宛先|件名)\s*:");
named!(RULE_LINE, r"^[-=_*~#+◆◇■□●○☆★・.:/ ]{3,}$");
named!(
    CONTACT,
    r"tel|fax|電話|携帯|〒|e-?mail|メール\s*:|@[a-z0-9-]+\.|https?://|www\.|株式会社|有限会社|合同会社|営業時間|受付時間|住所"
);
named!(TELEPHONE, r"(?:^|[^0-9])0[0-9]{1,4}-[0-9]{2,4}-[0-9]{3,4}(?:$|[^0-9])");
named!(SENDER_LINE, r"^[^。、,!?を]{2,30}[\s(]+(?:tel|電話|携帯)?[:\s]*0[0-9]{1,4}-[0-9]{2,4}-[0-9]{3,4}\)?$");
named!(
    MATTER,
    r"注文|商品|品番|型番|希望|届け先|お届け|数量|問い合わせ|内容|件名|[。?!]|ます$|です$|ません$|ください$|たい$"
);
named!(
    ADDRESSEE,
    r"^[^。?!、,:を]{0,30}(?:様|さま|さん|殿|御中|各位|先生|宛て?|ご?担当者?|御担当)(?:へ|方)?[、,。:\s]*$"
);
/// What [`ADDRESSEE`] cannot do without; most lines have none of it and need no search.
const TITLES: [&str; 9] = ["様", "さま", "さん", "殿", "御中", "各位", "先生", "宛", "担当"];
named!(NO_ADDRESSEE, r"疲れ|苦労|お?世話|互い|おかげ|お陰|ごちそう|たくさん|[一-龥ァ-ヴー]は|仕様|同様|模様$");
named!(
    ADDRESSEE_HEAD,
    r"(?:株式会社|有限会社|合同会社|カスタマー|サポート|センター|ショップ|窓口|店|部|課|係)[^。?!、,:]{0,12}$"
);
named!(
    OPENING,
    r"(?x)^(?:
    (?:[^。、!?\s]{1,12}(?:様|さま|さん)[、\s])?
    (?:[^。、!?]{0,20}お世話(?:に?なっており|に?なってい|になり|になっとり)ま(?:す|した)|[^。、!?]{0,6}お世話(?:様|さま)です
    |(?:平素|日頃|いつも)(?:より|は|から)?[^。!?]{0,40}?(?:ありがとうございます|有難うございます|御礼申し上げます|お礼申し上げます|感謝(?:いたし|致し|申し上げ|し)(?:てい|ており)?ます)
    |(?:はじ|初)めまして|こんにち[はわ]|こんばん[はわ]|おはようございます|お疲れ(?:様|さま)です|拝啓|前略
    |(?:突然|夜分|早朝|お忙しい|ご多忙|度々|たびたび|何度も|お手数)[^。!?]{0,24}?(?:失礼(?:いた|致)?します|失礼しております|すみません|すいません|申し訳(?:あり|ござい)ません|恐れ入ります|恐縮です|おかけ(?:いた|致)?します)
    |初めて(?:ご?連絡|メール|お?問い?合わ?せ|利用)[^。、!?を]{0,10}ます)
    )(?:が|けど|けれども?)?[。、,!~♪☆…\s.]*"
);
named!(
    INTRODUCTION,
    r"^(?P<who>[^。、,!?]{1,40}?)(?:(?P<said>と(?:申|もう)します|と(?:言|い)います)|でございます|です)(?:が|けど|けれども?)?(?:[。、,!~\s]+|$)"
);
named!(
    CLOSING,
    r"(?x)^(?:以上|それでは|では|どうぞ|どうか|何卒|なにとぞ|(?:大変)?お手数(?:を|ですが|では|おかけ|をおかけ|いた|致|し|ござい|ます|が|)*[、\s]*
    |恐れ入りますが|恐縮ですが|お忙しいところ[^。、]{0,14}が|[ご御](?:確認|対応|検討|返信|連絡|回答|教示|手配|査収|返事)(?:いただけますよう|くださいますよう|の(?:ほど|程)|を)?|今後とも|引き続き|[、\s])*
    (?:(?:宜|よろ)しく(?:お願い|御願い|おねがい|どうぞ)?(?:いた|致)?(?:し?ます|申し?上げます|です|ね|いたします)?
    |[ご御]?(?:返信|連絡|回答|返事)(?:を)?お?待ちして(?:おり|い)ます|失礼(?:いた|致)?します|以上(?:です|となります|、?ご?連絡まで)?|取り急ぎ[^。、]{0,12}まで(?:です)?|敬具|草々|かしこ)
    [。、!~♪☆…\s.]*$"
);
named!(COMPANY_BEFORE, &format!(r"(?:{})(?:[^\s。、]{{0,12}})?(?:の|\s)$", names::COMPANY));
named!(POLITE_END, r"(?:です|ます|ません|ました|でした|が|けど)[。!、~]*$");
named!(POSTSCRIPT, r"^(?:追伸|p\.?s|※|なお|また|ちなみ)");

struct Line<'a> {
    span: Span,
    text: Cow<'a, str>,
    /// The way back; `None` where the line is its own normal form, as most lines are.
    normal: Option<Normalised>,
}

impl<'a> Line<'a> {
    fn of(trimmed: &'a str, start: usize) -> Self {
        let span = Span::new(start, start + trimmed.chars().count());
        if is_normal(trimmed) {
            return Self { span, text: Cow::Borrowed(trimmed), normal: None };
        }
        let normal = Normalised::of(trimmed);
        Self { span, text: Cow::Owned(normal.as_str().to_owned()), normal: Some(normal) }
    }
    fn text(&self) -> &str {
        &self.text
    }
    fn is_blank(&self) -> bool {
        self.span.is_empty()
    }
    /// Where a span of the line in normal form stands in the whole text.
    fn original(&self, span: Span) -> Span {
        self.normal.as_ref().map_or(span, |normal| normal.original(span)).shifted(self.span.start)
    }
}

/// Whether normalising would change nothing, told without doing it. May say no for a text that is.
fn is_normal(text: &str) -> bool {
    let mut after_katakana = false;
    text.chars().all(|c| {
        let normal = match c {
            '-' => !after_katakana,
            ' '..='@' | '['..='~' => true,
            'ぁ'..='ゖ' | 'ァ'..='ー' | '\u{3001}'..='\u{3003}' | '\u{3005}'..='\u{3011}' | '\u{4e00}'..='\u{9fff}' => {
                true
            }
            _ => false,
        };
        after_katakana = matches!(c, 'ァ'..='ー');
        normal
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Own,
    Quoted,
    Addressee,
    Greeting,
    Signature,
}

impl Zones {
    /// Finds the zones of a letter or a message.
    pub fn of(text: &str) -> Self {
        let lines = lines(text);
        let mut roles = vec![Role::Own; lines.len()];
        mark_quoted(&lines, &mut roles);
        mark_signature(&lines, &mut roles);
        let mut zones = Self::default();
        mark_greetings(&lines, &mut roles, &mut zones.greeting);
        for (line, role) in lines.iter().zip(&roles) {
            let zone = match role {
                Role::Quoted => &mut zones.quoted,
                Role::Addressee => &mut zones.addressee,
                Role::Signature => &mut zones.signature,
                Role::Own | Role::Greeting => continue,
            };
            if !line.is_blank() {
                zone.push(line.span);
            }
        }
        zones
    }

    /// Every zone, kind by kind.
    pub fn all(&self) -> impl Iterator<Item = Span> {
        self.quoted.iter().chain(&self.addressee).chain(&self.greeting).chain(&self.signature).copied()
    }
}

/// What is left for search and drafting, line by line; the whole text where nothing would be left.
pub fn core(text: &str) -> String {
    core_of(text, &Zones::of(text))
}

/// As [`core()`], where the zones are known already.
pub fn core_of(text: &str, zones: &Zones) -> String {
    let mut kept: Vec<Option<char>> = text.chars().map(Some).collect();
    for zone in zones.all() {
        kept[zone.start..zone.end].fill(None);
    }
    let matter: String = kept.into_iter().flatten().collect();
    let lines = matter.lines().map(|line| line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '、' | ',')));
    let matter = lines.filter(|line| line.chars().any(char::is_alphanumeric)).collect::<Vec<_>>().join("\n");
    if matter.is_empty() { text.to_owned() } else { matter }
}

/// How many lines at the top of an earlier mail only say who wrote it to whom and when.
pub fn head_of_history(text: &str) -> usize {
    let lines = lines(text);
    let (mut at, mut end) = (0, 0);
    while let Some(line) = lines.get(at) {
        let next = lines.get(at + 1).map_or("", |line| line.text());
        let text = line.text();
        if HISTORY_BEGINS.is_match(text) && HISTORY_ENDS.is_match(next) {
            (at, end) = (at + 2, at + 2);
        } else if [&HISTORY, &MAIL_FROM, &MAIL_HEADER].iter().any(|head| head.is_match(text)) {
            (at, end) = (at + 1, at + 1);
        } else if line.is_blank() {
            at += 1;
        } else {
            break;
        }
    }
    end
}

/// The sentences with their words, cut in one walk over the text.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = (Span, &str)> {
    let (mut chars, mut rest) = (0, text);
    sentences(text).into_iter().map(move |span| {
        let bytes = |text: &str, count: usize| text.char_indices().nth(count).map_or(text.len(), |(byte, _)| byte);
        let sentence = &rest[bytes(rest, span.start - chars)..];
        let (sentence, after) = sentence.split_at(bytes(sentence, span.len()));
        (chars, rest) = (span.end, after);
        (span, sentence)
    })
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut at = 0;
    let mut found = Vec::new();
    for raw in text.split('\n') {
        let before = raw.chars().take_while(|c| c.is_whitespace()).count();
        let trimmed = raw.trim();
        found.push(Line::of(trimmed, if trimmed.is_empty() { at } else { at + before }));
        at += raw.chars().count() + 1;
    }
    found
}

fn mark_quoted(lines: &[Line<'_>], roles: &mut [Role]) {
    for (line, role) in lines.iter().zip(roles.iter_mut()) {
        if QUOTE_MARK.is_match(line.text()) {
            *role = Role::Quoted;
        }
    }
    let first = lines.iter().position(|line| line.text().chars().any(char::is_alphanumeric)).unwrap_or(lines.len());
    let begins = |at: &usize| roles[*at] == Role::Own && begins_history(lines, *at, first < *at);
    let Some(at) = (0..lines.len()).find(begins) else { return };
    let after = at + 1 + usize::from(!HISTORY.is_match(lines[at].text()) && !MAIL_FROM.is_match(lines[at].text()));
    // A header above `>` lines ends with them: the customer may answer below.
    let marked = (after..lines.len()).find(|i| !lines[*i].is_blank()).filter(|i| roles[*i] == Role::Quoted);
    let end = if marked.is_some() { after } else { lines.len() };
    roles[at..end.min(lines.len())].fill(Role::Quoted);
}

/// Only below some words of the customer's own: a form's mail may begin with such a header.
fn begins_history(lines: &[Line<'_>], at: usize, own_above: bool) -> bool {
    let text = lines[at].text();
    let next = lines.get(at + 1).map_or("", |line| line.text());
    let wrapped = || HISTORY_BEGINS.is_match(text) && HISTORY_ENDS.is_match(next);
    let headers = || MAIL_FROM.is_match(text) && lines[at + 1..].iter().take(3).any(|l| MAIL_HEADER.is_match(l.text()));
    let marked_below = lines.get(at + 1).is_some_and(|line| QUOTE_MARK.is_match(line.text()));
    HISTORY.is_match(text) && (own_above || marked_below) || own_above && (wrapped() || headers())
}

fn mark_signature(lines: &[Line<'_>], roles: &mut [Role]) {
    let own: Vec<usize> = (0..lines.len()).filter(|i| roles[*i] == Role::Own && !lines[*i].is_blank()).collect();
    let ruled = (1..own.len()).find(|i| RULE_LINE.is_match(lines[own[*i]].text()) && is_sender(lines, &own[*i..]));
    let tail = ruled.map(|i| (i, end_of_ruled(lines, &own, i))).or_else(|| unruled(lines, &own));
    if let Some((start, end)) = tail {
        own[start..end].iter().for_each(|i| roles[*i] = Role::Signature);
    }
}

/// From a ruled line to the next one, or to the end.
fn end_of_ruled(lines: &[Line<'_>], own: &[usize], start: usize) -> usize {
    let closing = (start + 2..own.len()).find(|i| RULE_LINE.is_match(lines[own[*i]].text()));
    closing.map_or(own.len(), |i| i + 1)
}

fn is_sender(lines: &[Line<'_>], block: &[usize]) -> bool {
    let closing =
        block.iter().skip(2).position(|i| RULE_LINE.is_match(lines[*i].text())).map_or(block.len(), |n| n + 2);
    let inner: Vec<&str> =
        block[1..closing].iter().map(|i| lines[*i].text()).filter(|text| !RULE_LINE.is_match(text)).collect();
    let short = || inner.len() <= 6 && inner.iter().all(|text| text.chars().count() <= 25);
    let matter = inner.iter().any(|text| MATTER.is_match(text) && !CONTACT.is_match(text));
    !inner.is_empty() && inner.len() <= 12 && !matter && (short() || inner.iter().any(|text| CONTACT.is_match(text)))
}

/// A signature without rules: the last block with a telephone or mail and no sentence, or a name below the closing.
fn unruled(lines: &[Line<'_>], own: &[usize]) -> Option<(usize, usize)> {
    let closed = own.iter().rposition(|i| ends_with_closing(lines[*i].text()));
    if let Some(closed) = closed.filter(|at| at + 1 < own.len()) {
        let below = &own[closed + 1..];
        let plain = |text: &str| !MATTER.is_match(text) && !POSTSCRIPT.is_match(text) && text.chars().count() <= 40;
        if below.len() <= 8 && below.iter().all(|i| plain(lines[*i].text())) {
            return Some((closed + 1, own.len()));
        }
    }
    let start = (1..own.len()).rev().find(|at| own[*at] > own[*at - 1] + 1)?;
    let block: Vec<&str> = own[start..].iter().map(|i| lines[*i].text()).collect();
    // One name alone, below a sentence that is complete.
    let lone = |name: &str| {
        names::could_be_name(name) && !MATTER.is_match(name) && name.chars().all(|c| names::is_kanji(c) || c == ' ')
    };
    let complete = |text: &str| text.ends_with(['。', '!', '?']) || POLITE_END.is_match(text);
    if block.len() == 1
        && (2..=6).contains(&block[0].chars().count())
        && lone(block[0])
        && complete(lines[own[start - 1]].text())
    {
        return Some((start, own.len()));
    }
    let reached = block.iter().any(|text| CONTACT.is_match(text) || TELEPHONE.is_match(text));
    // Who writes on one line: 「○○工業 山田 03-…」, never half a sentence with a number in it.
    let on_one_line = || SENDER_LINE.is_match(block[0]);
    let sender = block.len() <= 8
        && reached
        && !block.iter().any(|text| MATTER.is_match(text))
        && (block.len() >= 2 || on_one_line());
    sender.then_some((start, own.len()))
}

fn ends_with_closing(line: &str) -> bool {
    CLOSING.may_match(line) && pieces(line).last().is_some_and(|(_, last)| CLOSING.is_match(last))
}

fn mark_greetings(lines: &[Line<'_>], roles: &mut [Role], greeting: &mut Vec<Span>) {
    // Whether a name may follow: nothing but addressee and greetings was said so far.
    let mut head = true;
    for at in 0..lines.len() {
        let line = &lines[at];
        if roles[at] != Role::Own || line.is_blank() {
            continue;
        }
        let apart = at == 0 || lines[at - 1].is_blank();
        if (head || apart) && is_addressee(lines, at) {
            roles[at] = Role::Addressee;
            continue;
        }
        let before = greeting.len();
        let only_greeting = mark_line(line, &mut head, greeting);
        if only_greeting && greeting.len() > before {
            roles[at] = Role::Greeting;
        }
    }
}

fn is_addressee(lines: &[Line<'_>], at: usize) -> bool {
    let text = lines[at].text();
    let named = |text: &str| {
        TITLES.iter().any(|title| text.contains(title)) && ADDRESSEE.is_match(text) && !NO_ADDRESSEE.is_match(text)
    };
    // 「〇〇株式会社」 on a line of its own above 「ご担当者様」.
    let above = || {
        let next = lines.get(at + 1).map_or("", |line| line.text());
        text.chars().count() <= 30 && ADDRESSEE_HEAD.is_match(text) && !MATTER.is_match(text) && named(next)
    };
    named(text) || above()
}

/// Marks the greeting clauses of one line; tells whether nothing else stands on it.
fn mark_line(line: &Line<'_>, head: &mut bool, greeting: &mut Vec<Span>) -> bool {
    let greets = |pattern: &Pattern| pattern.may_match(line.text());
    if !(greets(&OPENING) || greets(&CLOSING) || *head && greets(&INTRODUCTION)) {
        let only = !line.text().chars().any(char::is_alphanumeric);
        *head &= only;
        return only;
    }
    let mut only = true;
    for (span, text) in pieces(line.text()) {
        let end = if CLOSING.is_match(text) { text.len() } else { greeted(text, *head) };
        if end > 0 {
            let chars = text[..end].chars().count();
            greeting.push(line.original(Span::new(span.start, span.start + chars)));
        }
        if text[end..].chars().any(char::is_alphanumeric) {
            *head = false;
            only = false;
        }
    }
    only
}

/// How many bytes of the sentence greet: opening phrases, then who writes.
fn greeted(text: &str, head: bool) -> usize {
    let mut end = 0;
    while let Some(found) = OPENING.find(&text[end..]).filter(|found| !found.is_empty()) {
        end += found.end();
    }
    // Only at the head does anybody say who writes, and captures are dear: the cheap questions come first.
    if !(head || end > 0) || !INTRODUCTION.is_match(&text[end..]) {
        return end;
    }
    if let Some(found) = INTRODUCTION.captures(&text[end..]).filter(introduces) {
        end += found.get(0).map_or(0, |all| all.end());
    }
    end
}

fn introduces(found: &regex::Captures<'_>) -> bool {
    let who = &found["who"];
    let cut = who.rfind("の").map(|at| at + "の".len()).or_else(|| who.find(' ').map(|at| at + 1)).unwrap_or(0);
    let (before, name) = who.split_at(cut);
    if found.name("said").is_some() {
        return !who.contains('を');
    }
    let of_company = COMPANY_BEFORE.is_match(before) && names::could_be_name(name);
    !before.contains('を') && (names::is_known_name(name) || names::is_known_name(who) || of_company)
}

#[cfg(test)]
#[path = "zones_tests.rs"]
mod tests;
