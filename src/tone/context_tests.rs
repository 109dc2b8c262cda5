//! Context decides and not words alone; hiding a word does not help.

use std::{fs, path::PathBuf};

use proptest::prelude::*;

use super::{Checker, UnderCheck, parse};
use crate::domain::{Category, NewFinding};

fn checker() -> Checker {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tone/guide.yaml");
    let source = fs::read_to_string(path).unwrap();
    Checker::new(parse("guide.yaml", &source, &|_| None).unwrap_or_else(|errors| panic!("{errors}")))
}

fn found(checker: &Checker, inquiry: &str, reply: &str) -> Vec<NewFinding> {
    checker.check(&UnderCheck { inquiry, reply, channel: None, situation: None })
}

/// What was really written where a category was found.
fn words(inquiry: &str, reply: &str, category: Category) -> Vec<String> {
    let found = found(&checker(), inquiry, reply);
    let own = found.iter().filter(|finding| finding.category == category);
    own.map(|finding| finding.span.map_or("", |span| span.of(reply)).to_owned()).collect()
}

#[test]
fn what_the_customer_said_and_what_a_thing_is_called_are_exempt() {
    assert!(
        words("「必ず届く」と書いてありました", "「必ず届く」との表記の件です。", Category::Overpromise).is_empty()
    );
    assert!(words("", "「クレーム対応の教科書」は在庫がございます。", Category::NgWord).is_empty());
    assert!(words("", "クレーム対応の教科書は在庫がございます。", Category::NgWord).is_empty(), "a term of the guide");
    assert_eq!(words("", "クレームの件です。", Category::NgWord), ["クレーム"]);
}

#[test]
fn the_situation_comes_from_the_inquiry_and_what_is_feared_has_not_happened() {
    let sorry = |inquiry: &str| words(inquiry, "本を明日お送りします。", Category::MissingApology).len();
    assert_eq!(sorry("届いた本が破れていました。"), 1);
    assert_eq!(sorry("本が破れて届いたらどうなりますか。"), 0);
    assert_eq!(sorry("破れにくい表紙はありますか。"), 0);
    let marks = |inquiry: &str| words(inquiry, "明日お送りします!", Category::Exclamation).len();
    assert_eq!((marks("届いた本が破れていました。"), marks("とても気に入りました。")), (1, 0));
}

#[test]
fn what_was_given_is_not_asked_again_and_what_was_not_is() {
    let asked =
        |inquiry: &str| words(inquiry, "恐れ入りますが、注文番号をお知らせください。", Category::ReaskKnownInfo).len();
    assert_eq!((asked("注文番号A-20481の件です。"), asked("昨日の注文の件です。")), (1, 0));
}

#[test]
fn a_refusal_needs_another_way_within_two_sentences() {
    let alone = |reply: &str| words("", reply, Category::PushAway).len();
    assert_eq!(alone("返品はお受けできません。"), 1);
    assert_eq!(alone("返品はお受けできません。本は新しいものです。交換でしたら承ります。"), 0);
    assert_eq!(alone("返品はお受けできません。本は新しいものです。栞も新しいものです。交換でしたら承ります。"), 1);
}

#[test]
fn a_word_that_is_hidden_is_found_and_given_back_as_it_was_written() {
    for hidden in [
        "クレーム",
        "ｸﾚｰﾑ",
        "ク\u{200b}レ\u{2060}ーム",
        "ク\u{fe0f}レーム",
        "クレ一ム",
        "クレ―ム",
        "クレー\nム",
        "クレー\r\nム",
    ] {
        assert_eq!(words("", &format!("先日の{hidden}の件です。"), Category::NgWord), [hidden], "{hidden:?}");
    }
    for hidden in [
        "KotoriShobo",
        "ＫｏｔｏｒｉＳｈｏｂｏ",
        "Kоtоri\u{200d}Shоbо",
        "Κοtοrіѕhοbο".replace("Κοtοrіѕhοbο", "KοtοriShοbο").as_str(),
    ] {
        assert_eq!(words("", &format!("{hidden}です。"), Category::BrandTerm), [hidden], "{hidden:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Invisible characters anywhere in a listed word, in any number, change nothing but the span.
    #[test]
    fn invisible_characters_hide_nothing(at in proptest::collection::vec(1_usize..4, 0..4), sign in "[\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}]") {
        let mut word: Vec<String> = "クレーム".chars().map(|c| c.to_string()).collect();
        for place in at {
            word[place].insert_str(0, &sign);
        }
        let hidden = word.concat();
        prop_assert_eq!(words("", &format!("先日の{hidden}の件です。"), Category::NgWord), [hidden]);
    }
}
