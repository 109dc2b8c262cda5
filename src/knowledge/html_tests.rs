//! Pages through the front door.

use proptest::prelude::*;

use super::super::{File, MAX_PASSAGE_CHARS, cut, read};
use crate::domain::{AppliesBy, Audience, Day, Kind, NewRevision};

fn one(path: &str, bytes: impl Into<Vec<u8>>) -> NewRevision {
    let mut read = read(&[File { path: path.to_owned(), bytes: bytes.into() }]);
    assert_eq!(read.rejected, []);
    read.revisions.remove(0)
}

fn refusal(html: &str) -> String {
    let read = read(&[File { path: "faq/a.html".to_owned(), bytes: html.as_bytes().to_vec() }]);
    assert_eq!((read.revisions.len(), read.rejected.len()), (0, 1), "{read:?}");
    assert_eq!(read.rejected[0].line, None);
    read.rejected[0].reason.clone()
}

const PAGE: &str = "<!DOCTYPE html><html lang=ja><head><meta charset=\"utf-8\"><title>送料 | 青空文具</title>\
    <link rel='canonical' href='https://a.example/fee'>\
    <meta name='aizuchi:key' content='faq-fee'><meta name='AIZUCHI:valid_from' content='2026-04-01'>\
    <meta name='aizuchi:valid_until' content='2026-09-30'><meta name='aizuchi:applies_by' content='order_date'>\
    <meta name='aizuchi:audience' content='internal'><meta name='description' content='送料のご案内'></head>\
    <body><header>青空文具</header><main><h1>送料はいくらですか</h1><p>送料は<b>550円</b>です。</p>\
    <h2>沖縄</h2><p>880円です。</p><h2>社内メモ</h2><ul><li>原価は480円。</ul></main></body></html>";

#[test]
fn a_page_is_an_entry_with_answer_and_internal_note() {
    let read = one("faq/fee.html", PAGE);
    assert_eq!((read.key.as_str(), read.kind, read.title.as_str()), ("faq-fee", Kind::Faq, "送料はいくらですか"));
    assert_eq!(read.body, "送料は550円です。\n\n## 沖縄\n\n880円です。");
    assert_eq!(read.note.as_deref(), Some("・原価は480円。"));
    assert_eq!(read.url.as_deref(), Some("https://a.example/fee"));
    assert_eq!((read.validity.by, read.audience), (AppliesBy::OrderDate, Audience::Internal));
    assert_eq!(read.validity.from, Some(Day::parse("2026-04-01").unwrap()));
    assert_eq!(cut(&read).len(), 2);
}

#[test]
fn a_page_without_words_of_ours_has_its_title_and_its_name_for_key() {
    let read =
        one("policy/返品.HTM", "<title>\n 返品の\tきまり </title><link rel=canonical href='/returns'><p>14日です。");
    assert_eq!((read.key.as_str(), read.title.as_str(), read.kind), ("返品", "返品の きまり", Kind::Policy));
    assert_eq!((read.body.as_str(), read.url), ("14日です。", None));
    let both = one("faq/a.html", "<meta name='aizuchi:title' content='返品'><h1>期限</h1><p>14日です。");
    assert_eq!((both.title.as_str(), both.body.as_str()), ("返品", "# 期限\n\n14日です。"));
}

#[test]
fn a_page_in_shift_jis_is_read() {
    let page = PAGE.replace("utf-8", "Shift_JIS");
    let bytes = encoding_rs::SHIFT_JIS.encode(&page).0.into_owned();
    assert_eq!(one("faq/a.html", bytes).title, "送料はいくらですか");
}

#[test]
fn a_wrong_page_is_refused_with_what_to_do() {
    assert!(refusal("<p>本文").contains("<title>"));
    assert!(refusal("<title>題</title><nav>メニュー</nav>").contains("no text"));
    assert!(refusal("").contains("no title"));
    let reason = refusal("<title>題</title><meta name='aizuchi:valid_untill' content='2026-01-01'><p>本文");
    assert!(reason.contains("valid_untill") && reason.contains("valid_until,"), "{reason}");
    assert!(refusal("<title>題</title><meta name='aizuchi:valid_from' content='4月'><p>本文").contains("4月"));
    let twice = "<title>題</title><meta name='aizuchi:key' content=a><meta name='aizuchi:key' content=b><p>本文";
    assert!(refusal(twice).contains("twice"));
    let reason = refusal("<title>題</title><p>本文</p><h2>社内メモ</h2><p>秘</p><h2>沖縄</h2><p>880円</p>");
    assert!(reason.contains("沖縄") && reason.contains("last"), "{reason}");
}

#[test]
fn pages_belong_to_faq_and_policy() {
    let read = read(&[File { path: "replies/a.html".to_owned(), bytes: PAGE.into() }]);
    assert!(read.rejected[0].reason.contains("takes .csv"), "{:?}", read.rejected);
}

#[test]
fn a_page_that_would_take_for_ever_is_refused() {
    for page in ["<div>".repeat(400_000), (0..40_000).map(|at| format!("<font id={at}><p>x")).collect::<String>()] {
        assert!(refusal(&format!("<title>題</title>{page}")).contains("without end"));
    }
    let many = format!("<title>題</title>{}", "<p>送料は<b>550円</b>です。<br>".repeat(700));
    assert!(cut(&one("faq/a.html", many)).iter().all(|cut| cut.span.len() <= MAX_PASSAGE_CHARS));
}

proptest! {
    #[test]
    fn whatever_a_page_holds_it_is_read_or_refused(
        html in "(<title>題</title>|<h[1-6]>|</h[1-6]>|<(p|div|ul|ol|li|dl|dt|dd|table|tr|td|th|a href='https://x'|pre|br|main|article|form|button|blockquote|details|summary|ruby|rt|select|svg|math|template|b)[ >]|</(p|div|ul|li|dl|dt|table|td|a|pre|main|form|details|svg|b)>|<!--|-->|社内メモ|送料|か|？|&amp;|&#0;|#|[ \n\u{3000}]|\u{0}){0,50}",
        bytes in proptest::collection::vec(any::<u8>(), 0..4),
    ) {
        for bytes in [html.clone().into_bytes(), [html.as_bytes(), &bytes].concat()] {
            let read = read(&[File { path: "faq/a.html".to_owned(), bytes }]);
            prop_assert_eq!(read.revisions.len() + read.rejected.len(), 1);
            for revision in &read.revisions {
                prop_assert!(!cut(revision).is_empty() && !revision.title.is_empty());
                prop_assert!(!revision.body.contains(['\r', '\0']));
            }
        }
    }
}
