//! A mail's text taken apart: what its writer says, and what they quote of the mail they answer. Which lines are
//! quoted is `language::zones`' business.

use std::sync::LazyLock;

use regex::Regex;

use crate::language::{
    normal::Normalised,
    zones::{Zones, head_of_history},
};

/// Says who wrote what is marked below it: 「七瀬様 <...>:」. Reads a line in normal form.
static INTRODUCES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:@|wrote|writes|書きました|書いた|さん|様|氏).{0,60}:$").expect("a constant pattern")
});

/// A mail in two.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parts {
    /// In the words of who sent it.
    pub own: String,
    /// What the mail answers, without quote marks, headers and what it quotes itself; empty where nothing is quoted.
    pub quoted: String,
    /// The lines that say who wrote what is quoted.
    pub heads: Vec<String>,
}

/// Takes a mail apart.
pub fn parts(text: &str) -> Parts {
    let (own, quoted, mut heads) = split(text);
    let unmarked = per_line(&quoted, |line| strip_mark(line).unwrap_or(line));
    let (above, unmarked) = at_head(&unmarked);
    heads.extend(above);
    // The mail that is answered may be an answer itself: what is quoted in it is older.
    let (newest, older, _) = split(&unmarked);
    let quoted = if newest.trim().is_empty() { at_head(&per_line(&older, bare)).1 } else { newest };
    Parts { own: own.trim().to_owned(), quoted: quoted.trim().to_owned(), heads }
}

/// The lines that are not quoted, and those that are, empty lines in both; and what introduced the latter.
fn split(text: &str) -> (String, String, Vec<String>) {
    let mut heads = Vec::new();
    let zones = Zones::of(text).quoted;
    let (mut own, mut quoted): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut at = 0;
    let mut zones = zones.iter().peekable();
    for line in text.split('\n') {
        let start = at + line.chars().take_while(|c| c.is_whitespace()).count();
        at += line.chars().count() + 1;
        if line.trim().is_empty() {
            own.push("");
            quoted.push("");
            continue;
        }
        while zones.next_if(|zone| zone.end <= start).is_some() {}
        if zones.peek().is_none_or(|zone| zone.start > start) {
            own.push(line);
            continue;
        }
        let last = own.iter().rposition(|line| !line.is_empty());
        if let Some(last) = last.filter(|last| is_introduction(own[*last]) && own.len() - last <= 2) {
            heads.push(own[last].to_owned());
            own.truncate(last);
        }
        quoted.push(line);
    }
    (own.join("\n"), quoted.join("\n"), heads)
}

fn is_introduction(line: &str) -> bool {
    INTRODUCES.is_match(Normalised::of(line.trim()).as_str())
}

fn per_line(text: &str, change: impl Fn(&str) -> &str) -> String {
    text.lines().map(change).collect::<Vec<_>>().join("\n")
}

/// Without any mark.
fn bare(mut line: &str) -> &str {
    while let Some(inner) = strip_mark(line) {
        line = inner;
    }
    line
}

fn strip_mark(line: &str) -> Option<&str> {
    let inner = line.trim_start().strip_prefix(['>', '＞', '|', '｜'])?;
    Some(inner.strip_prefix([' ', '　']).unwrap_or(inner))
}

/// What stands above a quoted mail, and the mail.
fn at_head(quoted: &str) -> (Vec<String>, String) {
    let mut lines = quoted.lines();
    let heads = lines.by_ref().take(head_of_history(quoted)).map(str::to_owned).collect();
    (heads, lines.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(text: &str) -> (String, String) {
        let parts = parts(text);
        (parts.own, parts.quoted)
    }

    #[test]
    fn what_is_answered_stands_below_in_each_of_its_forms() {
        for head in [
            "2026年11月1日(日) 10:00 七瀬 ひなの <hinano@mail.example>:\n",
            "On Sun, 1 Nov 2026 at 10:00, Hinano Nanase <hinano@mail.example> wrote:\n\n",
            "2026年11月1日(日) 10:00\n七瀬 ひなの <hinano@mail.example>:\n",
            "七瀬 ひなの <hinano@mail.example> wrote:\n",
            "七瀬様：\n",
            "",
        ] {
            let mail = format!("明日届きます。\n\n{head}> 椅子が届きません。\n>\n> いつ届きますか。\n");
            assert_eq!(
                taken(&mail),
                ("明日届きます。".to_owned(), "椅子が届きません。\n\nいつ届きますか。".to_owned()),
                "{head}"
            );
        }
        for head in [
            "-----Original Message-----\nFrom: 七瀬 ひなの <hinano@mail.example>\nSent: Sunday, November 1, 2026 10:00 AM\nTo: shop\nSubject: 椅子\n\n",
            "________________________________\n差出人: 七瀬 ひなの <hinano@mail.example>\n送信日時: 2026年11月1日 10:00\n宛先: shop\n件名: 椅子\n\n",
            "----- 元のメッセージ -----\n",
        ] {
            let mail = format!("明日届きます。\n\n{head}椅子が届きません。\nいつ届きますか。\n");
            assert_eq!(taken(&mail).1, "椅子が届きません。\nいつ届きますか。", "{head}");
            assert!(!taken(&mail).0.contains("七瀬"), "{head}");
        }
    }

    #[test]
    fn an_answer_may_stand_below_or_between_what_it_answers() {
        let (own, quoted) = taken("> 椅子が届きません。\n\n明日届きます。\n\n> 色は選べますか。\n\n白と黒があります。");
        assert_eq!(
            (own.as_str(), quoted.as_str()),
            ("明日届きます。\n\n\n白と黒があります。", "椅子が届きません。\n\n\n色は選べますか。")
        );
    }

    #[test]
    fn the_newest_of_several_quoted_mails_is_what_was_answered() {
        let mail = "明日届きます。\n\n> まだ届きません。\n>\n> 2026年11月1日(日) 10:00 店 <shop@mail.example>:\n>> 発送しました。\n";
        assert_eq!(taken(mail).1, "まだ届きません。");
        let mail = "明日届きます。\n\n-----Original Message-----\nFrom: a@mail.example\nTo: b\n\nまだ届きません。\n\n-----Original Message-----\nFrom: b\nTo: a\n\n発送しました。";
        assert_eq!(taken(mail).1, "まだ届きません。");
        assert_eq!(taken("明日届きます。\n\n>> 椅子が届きません。").1, "椅子が届きません。");
    }

    #[test]
    fn a_mail_that_quotes_nothing_is_its_own() {
        assert_eq!(
            taken("明日届きます。\n様：\n白です。"),
            ("明日届きます。\n様：\n白です。".to_owned(), String::new())
        );
    }
}
