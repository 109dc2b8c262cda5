use proptest::prelude::*;

use super::*;
use crate::domain::{Audience, Validity};

fn content(kind: Kind, body: &str) -> NewRevision {
    NewRevision {
        key: "k".to_owned(),
        kind,
        title: "t".to_owned(),
        url: None,
        audience: Audience::Public,
        validity: Validity::default(),
        body: body.to_owned(),
        note: None,
        past_reply: None,
        source: None,
    }
}

fn texts(kind: Kind, body: &str) -> Vec<(Option<String>, String)> {
    cut(&content(kind, body)).into_iter().map(|cut| (cut.heading, cut.span.of(body).to_owned())).collect()
}

fn lengths(kind: Kind, body: &str) -> Vec<usize> {
    cut(&content(kind, body)).iter().map(|cut| cut.span.len()).collect()
}

#[test]
fn a_short_answer_is_one_passage() {
    let body = "送料は550円です。\n\n・沖縄は880円です。\n";
    assert_eq!(texts(Kind::Faq, body), [(None, body.trim().to_owned())]);
}

#[test]
fn each_section_of_a_policy_is_a_passage_under_its_headings() {
    let body =
        "前文です。\n\n# 返品\n## 第1条 期限\n\n14日です。\n\n## 第2条 送料\n\n880円です。\n\n# 交換\n\n7日です。";
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        texts(Kind::Policy, body),
        [
            (None, "前文です。".to_owned()),
            (some("返品 > 第1条 期限"), "14日です。".to_owned()),
            (some("返品 > 第2条 送料"), "880円です。".to_owned()),
            (some("交換"), "7日です。".to_owned()),
        ]
    );
}

#[test]
fn a_long_answer_is_cut_between_paragraphs_and_then_between_sentences() {
    let paragraph = |chars: usize| "あ".repeat(chars - 1) + "。";
    let body = format!("{}\n\n{}\n\n{}", paragraph(150), paragraph(200), paragraph(300));
    assert_eq!(lengths(Kind::Faq, &body), [352, 300]);
    let body = format!("{}{}{}\n\n{}", paragraph(150), paragraph(200), paragraph(300), paragraph(90));
    assert_eq!(lengths(Kind::Faq, &body), [350, 392]);
    assert_eq!(lengths(Kind::PastReply, &body), [350, 392]);
}

#[test]
fn a_sentence_without_end_is_cut_after_a_comma() {
    let body = "い".repeat(299) + "、" + &"う".repeat(500);
    assert_eq!(lengths(Kind::Policy, &body), [300, 400, 100]);
}

#[test]
fn every_clause_of_the_guide_is_a_passage() {
    let body = "plain_form: 敬体で書く。\n\nng_word: 「解約」と書かない。\n";
    let found: Vec<_> = texts(Kind::Guide, body).into_iter().map(|(_, text)| text).collect();
    assert_eq!(found, ["plain_form: 敬体で書く。", "ng_word: 「解約」と書かない。"]);
}

#[test]
fn a_sign_that_is_no_heading_stays_text() {
    for body in ["#1の箱です。", "####### 七つです。", "# "] {
        assert_eq!(texts(Kind::Policy, body), [(None, body.trim().to_owned())], "{body}");
    }
}

proptest! {
    #[test]
    fn passages_are_in_order_and_leave_out_nothing_but_headings_and_white_space(
        body in "(## 見出し\n|# a b\n|\n| |　|\t|、|。|！|「|」|🌸|か\u{3099}|・項目\n|[あ-ん]{1,30}|[ア-ン]{300,500}){0,30}",
        kind in prop::sample::select(Kind::ALL.to_vec()),
    ) {
        let chars: Vec<char> = body.chars().collect();
        let mut covered = vec![false; chars.len()];
        let mut last = 0;
        for Cut { span, .. } in cut(&content(kind, &body)) {
            prop_assert!(span.start >= last && span.end <= chars.len() && !span.is_empty());
            prop_assert!(!chars[span.start].is_whitespace() && !chars[span.end - 1].is_whitespace());
            prop_assert!(kind == Kind::Guide || span.len() <= MAX_PASSAGE_CHARS);
            covered[span.start..span.end].fill(true);
            last = span.end;
        }
        let mut at = 0;
        for line in body.split('\n') {
            let is_heading = matches!(kind, Kind::Faq | Kind::Policy) && heading(line).is_some();
            for c in line.chars() {
                prop_assert!(if is_heading { !covered[at] } else { covered[at] || c.is_whitespace() }, "{:?} at {}", c, at);
                at += 1;
            }
            at += 1;
        }
    }
}
