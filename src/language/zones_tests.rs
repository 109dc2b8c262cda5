use proptest::prelude::*;

use super::*;

fn of<'a>(text: &'a str, spans: &[Span]) -> Vec<&'a str> {
    spans.iter().map(|span| span.of(text)).collect()
}

#[test]
fn a_business_letter_keeps_only_its_matter() {
    let letter = "オフィス用品サポートセンター ご担当者様\n\nいつもお世話になっております。青葉設計の森田です。\n\n\
        11月20日に届いた椅子の脚が曲がっていました。交換していただけますか。\n\n以上、よろしくお願いいたします。\n\n\
        ━━━━━━━━━━\n青葉設計株式会社 総務部\n森田 花子\nTEL 03-1234-5678\nmorita@aoba.example\n━━━━━━━━━━";
    assert_eq!(core(letter), "11月20日に届いた椅子の脚が曲がっていました。交換していただけますか。");
    let zones = Zones::of(letter);
    assert_eq!(of(letter, &zones.addressee), ["オフィス用品サポートセンター ご担当者様"]);
    assert_eq!(
        of(letter, &zones.greeting),
        ["いつもお世話になっております。", "青葉設計の森田です。", "以上、よろしくお願いいたします。"]
    );
    assert_eq!(zones.signature.len(), 6);
}

#[test]
fn everything_below_a_history_header_is_quoted() {
    for header in [
        "-----Original Message-----",
        "On Fri, Nov 20, 2026 at 10:12 AM Shop <shop@a.example> wrote:",
        "2026年11月20日(金) 10:12 カスタマーサポート <shop@a.example>:",
        "2026年11月20日(金) 10:12 カスタマーサポート\n<shop@a.example>:",
        "2026/11/20 10:12、サポートは書きました:",
        "From: shop@a.example\nSent: Friday\nSubject: Re: 返品",
    ] {
        let text = format!("まだ届きません。\n\n{header}\n返品はできません。\n店より");
        assert_eq!(core(&text), "まだ届きません。", "{header}");
    }
}

#[test]
fn an_answer_below_marked_lines_is_the_customers_own() {
    let text = "On Fri, Nov 20, 2026 Shop <s@a.example> wrote:\n> 色はどちらですか。\n＞ サイズは。\n\n赤でお願いします、Mです。";
    assert_eq!(core(text), "赤でお願いします、Mです。");
    assert_eq!(Zones::of(text).quoted.len(), 3);
}

#[test]
fn a_greeting_is_cut_from_a_sentence_that_goes_on() {
    assert_eq!(core("お世話になっております、注文した商品がまだ届きません。"), "注文した商品がまだ届きません。");
    assert_eq!(
        core("こんにちは！佐藤と申します。化粧水の使い方を教えてください。"),
        "化粧水の使い方を教えてください。"
    );
    assert_eq!(
        core("突然のご連絡失礼いたします。はじめまして、鈴木です。見積をお願いします。"),
        "見積をお願いします。"
    );
    assert_eq!(
        core("平素より格別のお引き立てを賜り、厚く御礼申し上げます。\n請求書をください。"),
        "請求書をください。"
    );
    assert_eq!(core("松本さま\nお世話になります。届きました。"), "届きました。");
}

#[test]
fn what_only_looks_like_a_greeting_stays() {
    for matter in [
        "注文の変更です。",
        "返品希望です。",
        "こちらの仕様は前と同様",
        "返品の手続きをよろしくお願いします。",
        "2026年11月20日に注文した商品:",
        "届け先を森田様に変えてください。",
        "色は赤です。",
        "申し訳ないと言います。",
    ] {
        let text = format!("届いた箱を見ました。\n{matter}");
        assert!(core(&text).contains(matter), "{matter}: {}", core(&text));
    }
    assert_eq!(core("こんにちは。破損です。"), "破損です。");
}

#[test]
fn data_between_rules_is_no_signature() {
    let text = "次を注文しました。\n-----\n注文番号: OL-260384\n商品: 椅子\n-----\n届きません。";
    assert!(core(text).contains("OL-260384") && core(text).contains("届きません"));
}

#[test]
fn a_name_below_the_closing_is_a_signature_and_a_postscript_is_not() {
    let text = "返品したいです。\nよろしくお願いいたします。\n\n森田花子\n090-1234-5678";
    assert_eq!(of(text, &Zones::of(text).signature), ["森田花子", "090-1234-5678"]);
    let more = "返品したいです。\nよろしくお願いいたします。\n\n追伸 箱は捨てました";
    assert!(core(more).contains("箱は捨てました"));
}

#[test]
fn a_letter_of_nothing_but_greetings_is_left_whole() {
    assert_eq!(core("こんにちは！"), "こんにちは！");
    assert_eq!(core("> 引用だけ"), "> 引用だけ");
    assert_eq!(core(""), "");
}

#[test]
fn a_forms_mail_that_begins_with_a_header_is_not_lost() {
    let text = "差出人: 山田\n件名: 返品\n\n化粧水を返品できますか。";
    assert!(core(text).contains("化粧水を返品できますか。"));
}

proptest! {
    #[test]
    fn zones_lie_in_the_text_without_overlap_and_the_core_is_never_empty(
        text in "(こんにちは|お世話になっております|森田です|森田様|よろしくお願いします|> |＞|-----|[a-z@.]{1,5}|TEL|㍿|ｶﾞ|👨‍👩‍👧|𠮷|か\u{3099}|届かない|[。、！ \n\r\t　]){0,30}"
    ) {
        let chars = text.chars().count();
        let zones = Zones::of(&text);
        let mut seen = vec![false; chars];
        for zone in zones.all() {
            prop_assert!(!zone.is_empty() && zone.end <= chars);
            let own = &mut seen[zone.start..zone.end];
            prop_assert!(!own.contains(&true), "{:?} overlaps in {:?}", zone, zones);
            own.fill(true);
        }
        prop_assert_eq!(core(&text).is_empty(), text.is_empty());
    }
}

#[test]
fn a_name_with_a_telephone_number_below_the_letter_is_a_signature_and_a_request_to_call_is_not() {
    let letter = "椅子の色が違います。\n\n桂木製作所 有田 03-0000-2047";
    assert_eq!(core(letter), "椅子の色が違います。");
    assert_eq!(core("椅子の色が違います。\n\n有田\n桂木製作所 03-0000-2047"), "椅子の色が違います。");
    for matter in ["03-0000-2047へお電話ください", "夕方は 03-0000-2047 にいます", "電話は、03-0000-2047"]
    {
        let letter = format!("椅子の色が違います。\n\n{matter}");
        assert_eq!(core(&letter), letter.replace("\n\n", "\n"));
    }
}

#[test]
fn what_stands_above_an_earlier_mail_is_told_from_the_mail() {
    for (head, lines) in [
        ("2026年11月1日(日) 10:00 七瀬 <a@mail.example>:\n", 1),
        ("2026年11月1日(日) 10:00\n七瀬 <a@mail.example>:\n\n", 2),
        ("-----Original Message-----\nFrom: 七瀬\nSent: 11/1\nTo: 店\nSubject: 椅子\n", 5),
        ("差出人：七瀬\n\n件名：椅子\n", 3),
        ("", 0),
    ] {
        assert_eq!(head_of_history(&format!("{head}椅子が届きません。\n件名：なし")), lines, "{head}");
    }
}
