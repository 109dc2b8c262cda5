use proptest::prelude::*;

use super::*;

/// A letter full of canaries; none may survive.
const LETTER: &str = "株式会社水面工房 総務部\n鬼塚様\n\n平素よりお世話になっております。サポートの大野でございます。\n\
    ご注文番号OL-260384の件、鬼塚様のお電話(090-1234-5678)とメール(onizuka@minamo.example)を承りました。\n\
    お届け先は〒150-0001 東京都渋谷区神宮前1-2-3 みなもビル5階で承っております。カードは4111 1111 1111 1111でお間違いないでしょうか。\n\
    配送は担当の戸部が承り、伝票番号1234-5678-9012でお送りします。たなか さくら様にもお伝えください。\n\
    それでは、よろしくお願いいたします。\n\n----------\n水面商店 カスタマー係 戸部\nTEL 0120-111-222\nhttps://shop.minamo.example/\n----------";

#[test]
fn no_planted_canary_survives() {
    let out = pseudonymise(LETTER);
    for canary in [
        "鬼塚",
        "水面",
        "大野",
        "260384",
        "090",
        "5678",
        "onizuka",
        "minamo",
        "150",
        "渋谷",
        "神宮前",
        "みなも",
        "4111",
        "戸部",
        "9012",
        "さくら",
        "0120",
    ] {
        assert!(!out.contains(canary), "{canary} in\n{out}");
    }
    for stand_in in
        ["〇〇様", "[電話番号]", "[メール]", "[住所]", "[注文番号]", "[カード番号]", "サポートの〇〇でございます"]
    {
        assert!(out.contains(stand_in), "{stand_in} missing in\n{out}");
    }
}

#[test]
fn names_in_every_script_and_with_every_title_go() {
    for (name, text) in [
        ("長谷川", "長谷川さんにお送りしました。"),
        ("ミラー", "ミラー様へ発送済みです。"),
        ("山田太郎", "山田太郎氏が受け取りました。"),
        ("山田", "山田 太郎 様のご注文です。"),
        ("太郎", "山田 太郎 様のご注文です。"),
        ("はなこ", "はなこさま、ありがとうございます。"),
        ("青葉設計", "青葉設計 御中"),
        ("𠮷田", "𠮷田様、お待たせしました。"),
        ("ﾐﾗｰ", "ﾐﾗｰ様へ発送済みです。"),
        ("鬼塚", "わたくし、鬼塚と申します。"),
        ("森田", "青葉設計の森田です。"),
        ("戸部", "担当者:戸部"),
    ] {
        let out = pseudonymise(text);
        assert!(!out.contains(name) && out.contains("〇〇"), "{name} in {out}");
    }
}

#[test]
fn general_titles_and_ordinary_words_stay() {
    for text in [
        "お客様にはご不便をおかけしました。",
        "大切なお客様へ",
        "皆様のご意見をお待ちしております。",
        "ご担当者様",
        "先生にご相談ください。",
        "しばらく様子を見てください。様々な色があります。",
        "こちらの仕様でございます。返品は8日以内です。",
        "8,980円のお買い上げで、2026年11月23日にお届けの予定です。",
        "ご注文の商品はK-200です。",
        "たくさんのご注文をありがとうございます。",
        "氏名をご記入ください。",
        "ご希望の方は担当者からご連絡いたします。",
        "サポートの対象です。",
    ] {
        assert_eq!(pseudonymise(text), text);
    }
}

#[test]
fn addresses_without_a_prefecture_and_in_kanji_numerals_go() {
    for text in [
        "横浜市西区みなと1-2-3へ送ります。",
        "大阪府大阪市北区梅田一丁目二番三号に届きます。",
        "京都府京都市左京区岡崎町12番地です。",
    ] {
        let out = pseudonymise(text);
        assert!(out.contains("[住所]") && !out.contains("市"), "{out}");
    }
}

#[test]
fn a_bracket_that_is_not_the_numbers_own_stays() {
    assert_eq!(
        pseudonymise("窓口（0120-123-456、平日9時から）へお電話ください。"),
        "窓口（[電話番号]、平日9時から）へお電話ください。"
    );
    assert_eq!(pseudonymise("電話は(03)1234-5678です。"), "電話は[電話番号]です。");
}

#[test]
fn a_house_with_its_room_and_a_person_known_by_a_post_go() {
    for (secret, text) in [
        ("すずらん", "ハイツすずらん201にお届けしました。"),
        ("若葉", "お届け先は若葉マンション305号室です。"),
        ("木下", "前任の木下から引き継ぎました。"),
        ("小宮山", "後任の小宮山に申し伝えます。"),
    ] {
        let out = pseudonymise(text);
        assert!(!out.contains(secret), "{secret} in {out}");
    }
    for text in [
        "カード会社の都合です。",
        "前任の担当者から引き継ぎました。",
        "後任の選定は済んでいます。",
        "マンション2階までお運びします。",
        "分譲マンション2026年の実績です。",
    ] {
        assert_eq!(pseudonymise(text), text);
    }
}

#[test]
fn english_names_accounts_birthdays_and_mistyped_cards_go() {
    for (secret, text, rest) in [
        ("Miller", "Dear Ms. Ann Miller,\n返品を承ります。", "Dear Ms. 〇〇,\n返品を承ります。"),
        ("Miller", "My name is Miller.", "My name is 〇〇."),
        ("Miller", "Ann Millerと申します。", "〇〇と申します。"),
        ("1234567", "口座は普通1234567です。", "口座は普通[口座番号]です。"),
        ("1985", "生年月日は1985年3月12日です。", "生年月日は[生年月日]です。"),
        ("4444", "カードは5555 4444 3333 2221です。", "カードは[注文番号]です。"),
        ("5521", "受付番号R-5521です。", "受付番号[注文番号]です。"),
    ] {
        let out = pseudonymise(text);
        assert_eq!((out.contains(secret), out.as_str()), (false, rest), "{text}");
    }
    for text in
        ["Dear Customer,", "普通2日でお届けします。", "お誕生日の月にクーポンをお送りします。", "PDFとして保存します。"]
    {
        assert_eq!(pseudonymise(text), text);
    }
}

proptest! {
    #[test]
    fn what_has_a_shape_never_survives(text in "(森田|鬼塚|様|さん|お客様|担当の|です|と申します|東京都|港区|、090-1234-5678、|へa@b\\.coから|はOL-260384で|株式会社|ｶﾞ|㍿|👨‍👩‍👧|𠮷|か\u{3099}|[。、 \n]){0,16}") {
        let out = pseudonymise(&text);
        prop_assert!(!["1234-5678", "a@b.co", "260384"].iter().any(|canary| out.contains(canary)), "{}", out);
    }
}
