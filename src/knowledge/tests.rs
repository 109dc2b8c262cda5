//! What a support lead sees when files are right and when they are wrong; each format through the front door.

use proptest::prelude::*;

use super::*;
use crate::domain::{AppliesBy, Audience, Day, Kind};

fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), bytes: text.as_bytes().to_vec() }
}

fn one(path: &str, text: &str) -> NewRevision {
    let mut read = read(&[file(path, text)]);
    assert_eq!(read.rejected, []);
    assert_eq!(read.revisions.len(), 1);
    read.revisions.remove(0)
}

fn refusal(path: &str, text: &str) -> (Option<usize>, String) {
    let read = read(&[file(path, text)]);
    assert_eq!(read.revisions, [], "{path} was read");
    assert_eq!(read.rejected.len(), 1, "{:?}", read.rejected);
    assert_eq!(read.rejected[0].file, path);
    (read.rejected[0].line, read.rejected[0].reason.clone())
}

const FRONT: &str = "---\nkey: k\ntitle: 送料\n---\n";

#[test]
fn a_markdown_page_is_an_entry_with_answer_and_internal_note() {
    let page = "\u{feff}---\r\nkey: faq-fee\r\ntitle: 送料はいくらですか\r\nurl: https://a.example/fee\r\naudience: public\r\n\
        valid_from: 2026-04-01\r\nvalid_until: 2026-09-30\r\napplies_by: order_date\r\n---\r\n\r\n送料は**550円**です。\r\n\
        \r\n## 社内メモ\r\n\r\n- 原価は480円。\r\n\r\n### 例外\r\n\r\n店長に聞く。\r\n";
    let read = one("faq/fee.md", page);
    assert_eq!((read.key.as_str(), read.kind, read.title.as_str()), ("faq-fee", Kind::Faq, "送料はいくらですか"));
    assert_eq!(read.body, "送料は550円です。");
    assert_eq!(read.note.as_deref(), Some("・原価は480円。\n\n### 例外\n\n店長に聞く。"));
    assert_eq!(read.url.as_deref(), Some("https://a.example/fee"));
    assert_eq!(read.validity.from, Some(Day::parse("2026-04-01").unwrap()));
    assert_eq!(read.validity.until, Some(Day::parse("2026-09-30").unwrap()));
    assert_eq!(read.validity.by, AppliesBy::OrderDate);
    assert_eq!(read.source.as_deref(), Some("faq/fee.md"));
}

#[test]
fn a_page_without_front_matter_has_its_heading_for_title_and_its_name_for_key() {
    let read = one("policy/shop/returns.md", "# 返品のきまり\n\n## 期限\n\n14日です。\n");
    assert_eq!((read.key.as_str(), read.title.as_str(), read.kind), ("returns", "返品のきまり", Kind::Policy));
    assert_eq!(read.body, "## 期限\n\n14日です。");
    let both = one("policy/r.md", "---\ntitle: 返品\n---\n# 期限のこと\n\n14日です。\n");
    assert_eq!((both.title.as_str(), both.body.as_str()), ("返品", "# 期限のこと\n\n14日です。"));
}

#[test]
fn empty_members_of_the_front_matter_are_as_good_as_absent() {
    let read = one("faq/a.md", "---\ntitle: 番号\nkey: 1024\nvalid_from:\nurl: \"\"\n---\n本文です。\n");
    assert_eq!((read.key.as_str(), read.validity.from, read.url), ("1024", None, None));
}

#[test]
fn a_wrong_front_matter_is_refused_at_its_line() {
    let (line, reason) = refusal("faq/a.md", "---\ntitle: 送料\nvalid_untill: 2026-01-01\n---\n本文\n");
    assert_eq!(line, Some(3));
    assert!(reason.contains("valid_untill") && reason.contains("valid_until,"), "{reason}");
    let (line, reason) = refusal("faq/a.md", "---\ntitle: 送料\nvalid_from: 2026/01/01\n---\n本文\n");
    assert!(line == Some(3) && reason.contains("2026/01/01") && reason.contains("2026-11-23"), "{reason}");
    let (line, _) = refusal("faq/a.md", "---\ntitle: 送料\ntitle: 返品\n---\n本文\n");
    assert_eq!(line, Some(3));
    let (line, reason) = refusal("faq/a.md", "---\ntitle: 送料\n本文\n");
    assert!(line == Some(1) && reason.contains("not closed"), "{reason}");
    assert!(refusal("faq/a.md", "---\naudience: everyone\ntitle: t\n---\n本文\n").1.contains("everyone"));
    assert!(refusal("faq/a.md", "---\nurl: a.example\ntitle: t\n---\n本文\n").1.contains("https://"));
    assert!(refusal("faq/a.md", "本文だけ。\n").1.contains("title"));
}

#[test]
fn an_internal_note_never_becomes_public_text() {
    for heading in ["## note", "# 社内メモ", "### 社内メモ（転記禁止）", "## 【社外秘】", "社内用\n----"]
    {
        let read = one("faq/a.md", &format!("{FRONT}550円です。\n\n{heading}\n\n原価は480円。\n"));
        assert_eq!((read.body.as_str(), read.note.as_deref()), ("550円です。", Some("原価は480円。")), "{heading}");
    }
    let (line, reason) =
        refusal("faq/a.md", &format!("{FRONT}550円です。\n\n## 社内メモ\n\n秘。\n\n## 沖縄\n\n880円です。\n"));
    assert!(line == Some(11) && reason.contains("沖縄") && reason.contains("last"), "{line:?} {reason}");
    let (_, reason) = refusal("faq/a.md", &format!("{FRONT}## 社内メモ\n\n秘。\n"));
    assert!(reason.contains("no text"), "{reason}");
    assert!(refusal("faq/a.md", &format!("{FRONT}## 送料\n")).1.contains("no text"));
}

#[test]
fn a_csv_may_order_its_columns_and_hold_line_breaks() {
    let csv = "\u{feff}title,key,answer,note\r\n送料,fee,\"550円です。\r\n沖縄は880円です。\",秘\r\n\r\n返品,returns,14日です。,\r\n";
    let found = read(&[file("faq/a.csv", csv)]);
    assert_eq!(found.rejected, []);
    assert_eq!(found.revisions[0].body, "550円です。\n沖縄は880円です。");
    assert_eq!(found.revisions[0].note.as_deref(), Some("秘"));
    assert_eq!((found.revisions[1].key.as_str(), found.revisions[1].note.as_ref()), ("returns", None));
}

#[test]
fn a_bad_record_is_refused_at_its_line_and_the_others_are_read() {
    let csv = "key,title,answer,valid_from\r\na,送料,\"550円です。\r\n\r\n沖縄は880円です。\",\r\n\r\nb,返品,14日,です。,\r\nc,返金,5日です。,4月\r\nd,,x,\r\ne,領収書,あります。,2026-01-01\r\n";
    let found = read(&[file("faq/a.csv", csv)]);
    let keys: Vec<_> = found.revisions.iter().map(|revision| revision.key.as_str()).collect();
    assert_eq!(keys, ["a", "e"]);
    let lines: Vec<_> = found.rejected.iter().map(|rejected| rejected.line).collect();
    assert_eq!(lines, [Some(6), Some(7), Some(8)]);
    assert!(found.rejected[0].reason.contains("expected 4 fields") && found.rejected[0].reason.contains("found 5"));
    assert!(found.rejected[1].reason.contains("4月") && found.rejected[2].reason.contains("title is empty"));
}

#[test]
fn a_wrong_header_refuses_the_file_once() {
    let (line, reason) = refusal("faq/a.csv", "key,title,body\na,b,c\nd,e,f\n");
    assert!(line == Some(1) && reason.contains("\"body\"") && reason.contains("answer"), "{reason}");
    assert!(refusal("faq/a.csv", "key,title\na,b\n").1.contains("\"answer\" is missing"));
    assert!(refusal("faq/a.csv", "key,title,answer,key\n").1.contains("twice"));
    assert!(refusal("faq/a.csv", "").1.contains("empty"));
}

#[test]
fn a_quote_that_never_closes_does_not_swallow_entries_in_silence() {
    let (line, reason) = refusal("faq/a.csv", "key,title,answer\na,t,\"x\nb,t,y\nc,t,z\n");
    assert!(line == Some(2) && reason.contains("not closed"), "{reason}");
    let found = read(&[file("faq/a.csv", "key,title,answer\na,t,\"x\nb,t,\"y\"\nc,t,\"z \"\"q\"\"\"\n")]);
    assert_eq!((found.revisions.len(), found.rejected[0].line), (1, Some(2)));
    assert_eq!(found.revisions[0].body, "z \"q\"");
    let inches = one("faq/a.csv", "key,title,answer\na,t,幅は5\"です。\n");
    assert_eq!(inches.body, "幅は5\"です。");
    let closed = one("faq/a.csv", "key,title,answer\na,t,\"x\ny\"");
    assert_eq!(closed.body, "x\ny");
}

#[test]
fn another_encoding_is_refused_with_what_to_do() {
    let mut bytes = b"key,title,answer\na,b,c\n".to_vec();
    bytes.extend([0x91, 0x97, 0x97, 0xbf]); // 送料 in Shift_JIS
    let found = read(&[File { path: "faq/a.csv".to_owned(), bytes }]);
    assert_eq!(found.rejected[0].line, Some(3));
    assert!(found.rejected[0].reason.contains("save it as UTF-8"));
}

#[test]
fn json_lines_stand_one_by_one() {
    let jsonl = "{\"key\":7,\"title\":\"送料\",\"answer\":\"550円です。\",\"url\":null,\"audience\":\"internal\"}\n\n{\"key\":\"b\"\n[1]\n\
        {\"key\":\"c\",\"title\":\"t\",\"answer\":[\"x\"]}\n{\"key\":\"d\",\"titel\":\"t\",\"answer\":\"x\"}\n{\"key\":\"e\",\"title\":\"返品\",\"answer\":\"14日です。\"}\n";
    let found = read(&[file("policy/a.jsonl", jsonl)]);
    assert_eq!(found.revisions.len(), 2);
    assert_eq!((found.revisions[0].key.as_str(), found.revisions[0].audience), ("7", Audience::Internal));
    let lines: Vec<_> = found.rejected.iter().map(|rejected| rejected.line).collect();
    assert_eq!(lines, [Some(3), Some(4), Some(5), Some(6)]);
    assert!(found.rejected[0].reason.ends_with("at character 10 of the line"), "{}", found.rejected[0].reason);
    assert!(found.rejected[3].reason.contains("titel") && found.rejected[3].reason.contains("title,"));
}

const LETTER: &str = "青葉設計株式会社\\n森田様\\n\\n平素よりご利用いただき、誠にありがとうございます。\\n\
    椅子のお届けが遅れ、申し訳ございません。\\n\\n新しいお届け予定日は3月23日です。ご都合が悪い場合はお知らせください。\\n\\n\
    ご不明な点がございましたら、お気軽にお知らせください。\\n今後ともよろしくお願い申し上げます。\\n\\n----------\\n青空文具 サポート窓口\\n小林 花子";

#[test]
fn a_past_reply_keeps_its_matter_and_who_wrote_it() {
    let inquiry =
        "お世話になっております。\\n椅子が届きません。".to_owned() + &"いつ届くのか教えてください。".repeat(6);
    let line = format!(
        "{{\"key\":\"r1\",\"date\":\"2026-03-18\",\"channel\":\"email\",\"situation\":\"delivery_delay\",\"author\":\"小林 花子\",\
         \"team\":\"返信\",\"vendor\":\"青空\",\"inquiry\":\"{inquiry}\",\"reply\":\"{LETTER}\"}}"
    );
    let read = one("replies/2026.jsonl", &line);
    assert_eq!(
        read.body,
        "椅子のお届けが遅れ、申し訳ございません。\n\n新しいお届け予定日は3月23日です。ご都合が悪い場合はお知らせください。"
    );
    assert!(read.title.starts_with("椅子が届きません。") && read.title.ends_with('…'), "{}", read.title);
    assert_eq!(read.title.chars().count(), 60);
    let from = read.past_reply.unwrap();
    assert_eq!((from.author.as_deref(), from.vendor.as_deref()), (Some("小林 花子"), Some("青空")));
    assert_eq!((from.date.to_string().as_str(), from.channel.as_str()), ("2026-03-18", "email"));
}

#[test]
fn a_past_reply_loses_who_wrote_and_offers_of_help_and_keeps_what_it_states() {
    let reply = |text: &str| {
        one("replies/a.csv", &format!("key,date,channel,inquiry,reply\nr1,2026-03-18,line,届きません,{text}\n")).body
    };
    assert_eq!(
        reply(
            "ご連絡ありがとうございます。青空文具 サポートの小林です。明日届きます。迷ったら、いつでもお気軽にご連絡くださいね😊"
        ),
        "明日届きます。"
    );
    assert_eq!(
        reply("明日届きます。届かないときは、いつでも「配送窓口」へご連絡ください。"),
        "明日届きます。届かないときは、いつでも「配送窓口」へご連絡ください。"
    );
}

#[test]
fn whom_a_past_reply_was_for_is_gone_also_where_the_name_has_no_title() {
    let csv = "key,date,channel,inquiry,reply\nr1,2026-03-18,email,\"先月椅子をお願いしたわかば商会の七瀬と申します。\n\
        七瀬宛ての領収書をください。\",\"わかば商会株式会社\n七瀬 ひなの様\n\n領収書の宛名は七瀬で承りました。わかば商会の名では出せません。\"\n";
    let read = one("replies/a.csv", csv);
    assert_eq!(read.title, "〇〇宛ての領収書をください。");
    assert_eq!(read.body, "領収書の宛名は〇〇で承りました。〇〇の名では出せません。");
    let general = csv.replace("七瀬 ひなの様", "お客様").replace("わかば商会株式会社\n", "");
    assert!(one("replies/a.csv", &general).body.contains("わかば商会の名"), "nothing told that this is a name");
}

#[test]
fn a_past_reply_of_set_phrases_alone_is_kept_whole() {
    let csv = "key,date,channel,inquiry,reply\nr1,2026-03-18,line,ありがとう！,ご連絡ありがとうございます。\n";
    assert_eq!(one("replies/a.csv", csv).body, "ご連絡ありがとうございます。");
}

#[test]
fn a_past_reply_names_the_channels_it_knows() {
    let csv = "key,date,channel,inquiry,reply\nr1,2026-03-18,fax,a,b\nr2,2026-03-18,,a,b\n";
    let found = read(&[file("replies/a.csv", csv)]);
    assert!(found.rejected[0].reason.contains("email, chat") && found.rejected[0].line == Some(2));
    assert!(found.rejected[1].reason.contains("channel is empty") && found.rejected[1].line == Some(3));
}

#[test]
fn other_files_of_a_shelf_are_refused_and_files_elsewhere_ignored() {
    let (line, reason) = refusal("faq/送料.docx", "x");
    assert!(line.is_none() && reason.contains(".md, .csv, .jsonl") && reason.contains("送料.docx"), "{reason}");
    assert!(refusal("replies/a.md", "x").1.contains(".csv, .jsonl"));
    assert!(refusal("faq/README", "x").1.contains("README"));
    let elsewhere =
        ["guide.yaml", "facts.yaml", "draft/a.md", "faq", "faq/.a.md.swp", ".git/faq/a.md", "policy/.old/a.md"];
    assert_eq!(read(&elsewhere.map(|path| file(path, "x"))), Read::default());
    assert_eq!(one("faq/A.MD", "# 題\n\n文。\n").key, "A");
}

#[test]
fn what_is_too_large_is_refused() {
    let bytes = vec![b'x'; format::MAX_FILE_BYTES + 1];
    let found = read(&[File { path: "faq/a.csv".to_owned(), bytes }]);
    assert!(found.rejected[0].reason.contains("10 MiB"), "{:?}", found.rejected);
    let (line, reason) = refusal("faq/a.md", &format!("{FRONT}{}\n", "あ".repeat(document::MAX_BODY_CHARS + 1)));
    assert!(line == Some(5) && reason.contains("20001"), "{line:?} {reason}");
    assert_eq!(one("faq/a.md", &format!("{FRONT}{}\n", "あ".repeat(document::MAX_BODY_CHARS))).body.len(), 60_000);
}

#[test]
fn a_key_comes_twice_only_for_other_days() {
    let page = |from: &str, until: &str| {
        format!("---\nkey: k\ntitle: t\nvalid_from: {from}\nvalid_until: {until}\n---\n文。\n")
    };
    let old = file("policy/b.md", &page("2025-04-01", "2026-09-30"));
    let new = file("policy/a.md", &page("2026-10-01", ""));
    let found = read(&[old.clone(), new.clone()]);
    assert_eq!((found.revisions.len(), found.rejected.len()), (2, 0));
    let overlapping = file("policy/c.csv", "key,title,answer\nz,t,a\nk,t,a\n");
    let found = read(&[overlapping, old, new]);
    assert_eq!(found.revisions.len(), 3);
    assert_eq!((found.rejected[0].file.as_str(), found.rejected[0].line), ("policy/c.csv", Some(3)));
    assert!(found.rejected[0].reason.contains("policy/a.md"), "{:?}", found.rejected);
    let other_kind =
        read(&[file("faq/a.csv", "key,title,answer\nk,t,a\n"), file("policy/b.md", &page("2026-10-01", ""))]);
    assert!(other_kind.rejected[0].reason.contains("faq/a.csv line 2"), "{:?}", other_kind.rejected);
    assert!(refusal("faq/g.csv", "key,title,answer\nguide,t,a\n").1.contains("tone guide"));
    let (line, reason) = refusal("policy/d.md", &page("2026-10-01", "2026-09-30"));
    assert!(line == Some(5) && reason.contains("never hold"), "{reason}");
}

proptest! {
    #[test]
    fn whatever_a_file_holds_it_is_read_or_refused(
        text in "(---\n|key: a\n|title: t\n|# |## 社内メモ\n|- |> |\\| a \\| b \\|\n|\\|-\\|-\\|\n|<!--|-->|<b>|\\*\\*|\\[a\\]\\(b\\)|```|key,title,answer|\"|,|\\{|\\}|:|「送料」|𠮷|か\u{3099}|\u{feff}|\u{0}|[\r\n\t 　。、]){0,40}",
        cut_at in 0usize..400,
    ) {
        let bytes = &text.as_bytes()[..cut_at.min(text.len())];
        for path in ["faq/a.md", "policy/a.csv", "faq/a.jsonl", "replies/a.csv", "replies/a.jsonl"] {
            let found = read(&[File { path: path.to_owned(), bytes: bytes.to_vec() }]);
            let blank = bytes.iter().all(u8::is_ascii_whitespace);
            let header_alone = !path.ends_with("md");
            prop_assert!(blank || header_alone || found.revisions.len() + found.rejected.len() == 1, "{}", path);
            for revision in &found.revisions {
                prop_assert!(!cut(revision).is_empty() && !revision.title.is_empty());
                prop_assert!(!revision.body.contains(['\r', '\0']));
            }
        }
    }
}

fn folder(brand: &str) -> Vec<File> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge").join(brand);
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let below = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            files.push(File { path: below, bytes: std::fs::read(path).unwrap() });
        }
    }
    files
}

#[test]
fn the_sample_brands_are_read_whole() {
    for brand in ["officelink", "hanauta"] {
        let found = read(&folder(brand));
        assert_eq!(found.rejected, [], "{brand}");
        let count = |kind| found.revisions.iter().filter(|revision| revision.kind == kind).count();
        assert!(count(Kind::Faq) >= 80 && count(Kind::Policy) >= 15 && count(Kind::PastReply) >= 120, "{brand}");
        for revision in &found.revisions {
            assert!(!cut(revision).is_empty(), "{} has no passage", revision.key);
            assert!(!revision.body.contains("社内メモ"), "{}", revision.key);
        }
        let notes = found.revisions.iter().filter(|revision| revision.note.is_some()).count();
        assert!(notes >= 80, "{brand}: {notes} notes");
    }
}
