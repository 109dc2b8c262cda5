//! Mails as mail programs save them, through the front door; the planted names, numbers and addresses must be gone.

use proptest::prelude::*;

use super::super::{File, Read as Found, read};
use crate::domain::{Day, NewRevision};

fn found(bytes: impl Into<Vec<u8>>) -> Found {
    read(&[File { path: "replies/2026/椅子.eml".to_owned(), bytes: bytes.into() }])
}

fn one(bytes: impl Into<Vec<u8>>) -> NewRevision {
    let mut found = found(bytes);
    assert_eq!(found.rejected, []);
    assert_eq!(found.revisions.len(), 1);
    found.revisions.remove(0)
}

fn refusal(mail: &str) -> String {
    let found = found(mail);
    assert_eq!((found.revisions.len(), found.rejected.len()), (0, 1), "{found:?}");
    assert_eq!(found.rejected[0].line, None);
    found.rejected[0].reason.clone()
}

/// A mail in UTF-8 with these headers beside the usual ones.
fn mail(headers: &str, body: &str) -> String {
    let sep = if headers.is_empty() || headers.ends_with('\n') { "" } else { "\n" };
    let content = if headers.contains("Content-Type") { "" } else { "Content-Type: text/plain; charset=utf-8\n" };
    format!(
        "From: {} <hanako@shop.example>\nTo: {} <hinano@mail.example>\nDate: Sun, 01 Nov 2026 20:30:00 +0000\n\
         Message-ID: <abc-123@shop.example>\nSubject: Re: {} [#48120]\nMIME-Version: 1.0\n{content}{headers}{sep}\n{body}",
        word("小林 花子"),
        word("七瀬 ひなの"),
        word("椅子が届きません"),
    )
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |group: &[u8]| {
        let bits = (0..3).fold(0usize, |bits, at| bits << 8 | usize::from(*group.get(at).unwrap_or(&0)));
        let sign = |at: usize| if at <= group.len() { char::from(SIGNS[bits >> (18 - 6 * at) & 63]) } else { '=' };
        (0..4).map(sign).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}

fn word(text: &str) -> String {
    format!("=?UTF-8?B?{}?=", base64(text.as_bytes()))
}

const BODY: &str = "七瀬 ひなの様\n\nいつもご利用いただき、誠にありがとうございます。\n椅子のお届けが遅れ、申し訳ございません。\n\
    新しいお届け予定日は11月4日です。七瀬様のお電話03-1234-5678へ運送会社から連絡します。\n\n今後ともよろしくお願い申し上げます。\n\n\
    ----------\n青空文具 サポート窓口\n小林 花子\nTEL 0120-111-222\nhanako@shop.example\n\n\
    2026年11月1日(日) 10:00 七瀬 ひなの <hinano@mail.example>:\n> お世話になっております。七瀬です。\n> 注文番号A-1048120の椅子が届きません。\n> いつ届きますか。\n>\n\
    > --\n> 七瀬 ひなの\n> 〒100-0001 東京都千代田区千代田1-1-1\n> TEL 090-9876-5432\n> hinano@mail.example\n";

const PLANTED: &[&str] = &[
    "七瀬",
    "ひなの",
    "hinano",
    "小林",
    "花子",
    "hanako",
    "03-1234",
    "0120-111",
    "090-9876",
    "千代田",
    "1048120",
    "100-0001",
    "@",
];

fn no_trace(read: &NewRevision) {
    for planted in PLANTED {
        assert!(
            !read.title.contains(planted) && !read.body.contains(planted),
            "{planted}: {} / {}",
            read.title,
            read.body
        );
    }
}

#[test]
fn a_mail_is_a_past_reply_with_the_inquiry_it_quotes() {
    let read = one(mail("", BODY));
    no_trace(&read);
    assert_eq!(read.key, "abc-123@shop.example");
    assert_eq!(read.title, "注文番号[注文番号]の椅子が届きません。 いつ届きますか。");
    assert!(
        read.body.starts_with("椅子のお届けが遅れ、申し訳ございません。\n新しいお届け予定日は11月4日です。"),
        "{}",
        read.body
    );
    let from = read.past_reply.unwrap();
    assert_eq!((from.author.as_deref(), from.channel.as_str()), (Some("小林 花子"), "email"));
    // Sunday evening in Greenwich is Monday morning in Tokyo.
    assert_eq!(from.date, Day::parse("2026-11-02").unwrap());
}

#[test]
fn the_name_in_the_header_is_gone_where_no_title_tells_it() {
    let read = one(mail(
        "",
        "七瀬ひなのさま\n\n領収書の宛名は七瀬で承りました。ひなのの名では出せません。\n\n> 七瀬宛ての領収書をください。\n",
    ));
    no_trace(&read);
    assert_eq!(read.title, "〇〇宛ての領収書をください。");
}

#[test]
fn the_name_above_what_is_quoted_is_gone_where_the_header_has_only_an_address() {
    let body =
        "領収書の宛名は七瀬で承りました。\n\n小林花子\n\n%\n> ひなのの名で領収書をください。\n> \n> 七瀬 ひなの\n";
    for head in [
        "2026年11月1日(日) 10:00 七瀬 ひなの <hinano@mail.example>:",
        "On Sun, Nov 1, 2026 at 10:00 AM 七瀬　ひなの <hinano@mail.example> wrote:",
        "\"七瀬 ひなの\" [mailto:hinano@mail.example] wrote:",
    ] {
        let text = mail("", &body.replace('%', head)).replace(&format!("{} <hinano", word("七瀬 ひなの")), "<hinano");
        let read = one(text);
        no_trace(&read);
        assert_eq!(read.body.lines().next(), Some("領収書の宛名は〇〇で承りました。"), "{head}");
    }
    let text = mail("", "サポート窓口へお電話ください。\n").replace(&word("小林 花子"), &word("青空文具 サポート窓口"));
    assert_eq!(one(text).body, "サポート窓口へお電話ください。");
    let text = mail("", "青空文具へ小林花子宛てにお送りください。\n")
        .replace(&word("小林 花子"), &word("小林 花子（青空文具）"));
    assert_eq!(one(text).body, "青空文具へ〇〇宛てにお送りください。");
}

#[test]
fn a_mail_that_quotes_nothing_answers_its_subject() {
    let read = one(mail("", "明日届きます。\n"));
    assert_eq!((read.title.as_str(), read.body.as_str()), ("椅子が届きません", "明日届きます。"));
    for (subject, title) in [
        ("RE: Fw: 返信：【重要】件名: 椅子の件", "椅子の件"),
        ("[青空文具:0048] Re[2]: 椅子の件（受付番号：77）", "椅子の件"),
    ] {
        let text =
            mail("", "明日届きます。\n").replace(&format!("Re: {} [#48120]", word("椅子が届きません")), &word(subject));
        assert_eq!(one(text).title, title);
    }
}

#[test]
fn the_encodings_of_japanese_mail_are_read() {
    for label in ["iso-2022-jp", "Shift_JIS", "euc-jp", "utf-8"] {
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
        let encoded = |text: &str| encoding.encode(text).0.into_owned();
        let plain = mail(&format!("Content-Type: text/plain; charset={label}\nContent-Transfer-Encoding: 8bit"), "");
        let raw = [plain.into_bytes(), encoded(BODY)].concat();
        let text = mail(
            &format!("Content-Type: text/plain; charset={label}\nContent-Transfer-Encoding: base64"),
            &base64(&encoded(BODY)),
        );
        let quoted: String = encoded(BODY)
            .iter()
            .map(|byte| if *byte == b'\n' { "\n".to_owned() } else { format!("={byte:02X}") })
            .collect();
        let quoted = mail(
            &format!("Content-Type: text/plain; charset={label}\nContent-Transfer-Encoding: quoted-printable"),
            &quoted,
        );
        for bytes in [raw, text.into_bytes(), quoted.into_bytes()] {
            let read = one(bytes);
            no_trace(&read);
            assert!(read.body.contains("新しいお届け予定日は11月4日です。"), "{label}: {}", read.body);
            assert!(read.title.contains("椅子が届きません。"), "{label}: {}", read.title);
        }
    }
}

#[test]
fn a_mail_in_html_alone_is_read_as_text() {
    let html = "<html><head><style>p{}</style></head><body><p>七瀬 ひなの様</p><p>椅子は<b>明日</b>届きます。</p>\
        <div class=gmail_quote>2026年11月1日(日) 10:00 七瀬 ひなの &lt;hinano@mail.example&gt;:<br>\
        <blockquote><div>椅子が届きません。</div><div>七瀬 ひなの</div></blockquote></div></body></html>";
    let read = one(mail("Content-Type: text/html; charset=utf-8", html));
    no_trace(&read);
    assert_eq!((read.title.as_str(), read.body.as_str()), ("椅子が届きません。 〇〇", "椅子は明日届きます。"));
}

#[test]
fn the_plain_text_is_read_of_several_parts_and_no_attachment() {
    let parts = "--x\nContent-Type: multipart/alternative; boundary=y\n\n\
        --y\nContent-Type: text/plain; charset=utf-8\n\n明日届きます。\n--y\nContent-Type: text/html; charset=utf-8\n\n<p>別の文</p>\n--y--\n\
        --x\nContent-Type: text/plain; charset=utf-8; name=memo.txt\nContent-Disposition: attachment; filename=memo.txt\n\n社外秘\n\
        --x\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0=\n--x--\n";
    assert_eq!(one(mail("Content-Type: multipart/mixed; boundary=x", parts)).body, "明日届きます。");
}

#[test]
fn lines_that_the_mail_program_wrapped_are_one_again() {
    let flowed = "新しいお届け予定日は \n11月4日です。\n\n> 椅子が \n> 届きません。\n> いつですか。\n";
    let read = one(mail("Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes", flowed));
    assert_eq!(
        (read.title.as_str(), read.body.as_str()),
        ("椅子が届きません。 いつですか。", "新しいお届け予定日は11月4日です。")
    );
    let read = one(mail(
        "Content-Type: text/plain; charset=utf-8; format=flowed",
        "The chair \narrives tomorrow.\n-- \n小林\n",
    ));
    assert!(read.body.starts_with("The chair arrives tomorrow."), "{}", read.body);
}

#[test]
fn the_author_is_never_an_address() {
    for from in ["hanako@shop.example", "\"hanako@shop.example\" <hanako@shop.example>", "<hanako@shop.example>"] {
        let text = mail("", "明日届きます。\n").replace(&format!("{} <hanako@shop.example>", word("小林 花子")), from);
        assert_eq!(one(text).past_reply.unwrap().author, None, "{from}");
    }
}

#[test]
fn the_file_gives_the_key_where_the_mail_has_no_number() {
    let text = mail("", "明日届きます。\n").replace("Message-ID: <abc-123@shop.example>\n", "");
    assert_eq!(one(text).key, "椅子");
}

#[test]
fn what_no_person_wrote_is_refused() {
    let auto = |header: &str| refusal(&mail(header, "ただいま不在です。\n"));
    assert!(auto("Auto-Submitted: auto-replied").contains("no person wrote this mail (it says Auto-Submitted)"));
    assert!(auto("Return-Path: <>").contains("no return path"));
    assert!(auto("X-Autoreply: yes").contains("automatic reply"));
    assert!(auto("Precedence: bulk").contains("sent to many"));
    let bounce =
        mail("Content-Type: multipart/report; report-type=delivery-status; boundary=x", "--x\n\nFailed.\n--x--\n");
    assert!(refusal(&bounce).contains("reports a delivery"));
    let daemon = mail("", "Failed.\n").replace("<hanako@", "<MAILER-DAEMON@");
    assert!(refusal(&daemon).contains("mail server"));
    assert_eq!(found(mail("Auto-Submitted: no\nReturn-Path: <hanako@shop.example>", "明日届きます。\n")).rejected, []);
}

#[test]
fn a_mail_without_a_reply_is_refused_with_what_to_do() {
    assert!(refusal(&mail("", " \n\n")).contains("no text"));
    assert!(refusal(&mail("", "> 椅子が届きません。\n")).contains("only quotes another"));
    let forwarded = "---------- Forwarded message ----------\nFrom: 七瀬 <hinano@mail.example>\nDate: 2026-11-01\n\n椅子が届きません。\n";
    assert!(refusal(&mail("", forwarded)).contains("forwards"));
    assert!(refusal("椅子が届きません。").contains("no mail"));
    assert!(refusal("").contains("no mail"));
    let no_date = mail("", "明日届きます。\n").replace("Date: Sun", "X-Date: Sun");
    assert!(refusal(&no_date).contains("no Date"));
    let no_subject = mail("", "明日届きます。\n").replace(&word("椅子が届きません"), "");
    assert!(refusal(&no_subject).contains("no subject"));
    let image = mail("Content-Type: image/png\nContent-Transfer-Encoding: base64", "iVBORw0=\n");
    assert!(refusal(&image).contains("no text"));
    let mut garbled = mail("Content-Type: text/plain; charset=utf-8", "").into_bytes();
    garbled.extend([0x96, 0xbe, 0x93, 0xfa]); // 明日 in Shift_JIS
    assert!(found(garbled).rejected[0].reason.contains("cannot be read in the encoding"));
}

#[test]
fn mails_belong_to_replies() {
    let found = read(&[File { path: "faq/a.eml".to_owned(), bytes: mail("", BODY).into_bytes() }]);
    assert!(found.rejected[0].reason.contains("takes .md"), "{:?}", found.rejected);
}

proptest! {
    #[test]
    fn whatever_a_mail_holds_it_is_read_or_refused(
        headers in "((From|Date|Subject|Content-Type|Message-ID|Auto-Submitted): (a@b|text/(plain|html)|multipart/mixed; boundary=x|=\\?utf-8\\?B\\?4Y8=\\?=|[a-z0-9;=@<> -]{0,12})\n){0,5}",
        body in "(> ?|>|--x\n|--x--|On Sun, 1 Nov 2026 wrote:|From: a\nTo: b\n|<[a-z]{1,6}>|送料|様|：|-- |[ \n\u{3000}]|=[0-9A-F]{2}|\u{0}){0,40}",
        bytes in proptest::collection::vec(any::<u8>(), 0..8),
    ) {
        for text in [mail(&headers, &body), format!("{headers}\n{body}"), body.clone()] {
            let found = found([text.as_bytes(), &bytes].concat());
            prop_assert_eq!(found.revisions.len() + found.rejected.len(), 1);
            for revision in &found.revisions {
                prop_assert!(!revision.title.is_empty() && !revision.body.contains(['\r', '\0']));
            }
        }
    }
}
