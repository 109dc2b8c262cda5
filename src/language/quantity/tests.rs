//! What is a fact, and what only looks like one.

use proptest::prelude::*;

use super::*;

fn only(text: &str) -> Fact {
    let found = facts(text);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found.into_iter().next().unwrap()
}

fn n(n: u64) -> Extent {
    Extent::one(Number::whole(n))
}

fn yen(amount: u64) -> Value {
    Value::Amount { yen: n(amount), tax: None }
}

fn length(days: u64, unit: DurationUnit) -> Value {
    Value::Duration { n: n(days), unit }
}

#[test]
fn money_is_read_in_every_spelling() {
    for text in ["1,650円", "1650円です", "￥1,650", "¥1650", "１，６５０円", "千六百五十円"] {
        assert_eq!(only(text).value, yen(1650), "{text}");
    }
    assert_eq!(only("1.5万円").value, yen(15000));
    assert_eq!(only("一万二千円").value, yen(12000));
    assert_eq!(only("税込3,300円").value, Value::Amount { yen: n(3300), tax: Some(Tax::Included) });
    let fact = only("3,000円（税抜）以上");
    assert_eq!(fact.value, Value::Amount { yen: n(3000), tax: Some(Tax::Excluded) });
    assert_eq!(fact.bound, Some(Bound::AtLeast));
    let range = Extent { low: Number::whole(1000), high: Number::whole(3000) };
    assert_eq!(only("1,000円〜3,000円").value, Value::Amount { yen: range, tax: None });
}

#[test]
fn words_with_kanji_numerals_are_no_numbers() {
    for text in [
        "一緒にお送りします",
        "一度ご確認ください",
        "三河の味噌",
        "一部の商品",
        "二度と",
        "十分に乾かす",
        "一時的に停止",
        "一般の方",
        "唯一の商品",
        "第3条",
        "一点張り",
        "万が一",
        "千葉県",
        "四国",
        "一人ひとり",
        "一日中",
        "第一回",
        "一切",
        "百貨店",
        "統一",
    ] {
        assert_eq!(facts(text), [], "{text}");
    }
}

#[test]
fn lengths_of_time_keep_unit_and_bound() {
    let fact = only("商品の到着から14日以内に承ります");
    assert_eq!((fact.value, fact.bound), (length(14, DurationUnit::Day), Some(Bound::AtMost)));
    assert_eq!(only("発送後3営業日").value, length(3, DurationUnit::BusinessDay));
    assert_eq!(only("十四日以内").value, length(14, DurationUnit::Day));
    assert_eq!(only("三ヶ月").value, length(3, DurationUnit::Month));
    assert_eq!(only("24時間").value, length(24, DurationUnit::Hour));
    assert_eq!(only("1年間の保証").value, length(1, DurationUnit::Year));
    let before = only("お届け予定日の10日前まで");
    assert_eq!(before.bound, Some(Bound::Before));
    let range = Extent { low: Number::whole(3), high: Number::whole(5) };
    for text in ["発送から3〜5営業日", "発送から3営業日から5営業日"] {
        assert_eq!(only(text).value, Value::Duration { n: range, unit: DurationUnit::BusinessDay }, "{text}");
    }
}

#[test]
fn days_of_the_calendar_are_not_lengths() {
    let date = |year, month, day, weekday| Value::Date(WrittenDate { year, month, day, weekday });
    assert_eq!(only("11月20日").value, date(None, Some(11), Some(20), None));
    assert_eq!(only("令和8年11月24日（火）").value, date(Some(2026), Some(11), Some(24), Some(Weekday::Tuesday)));
    assert_eq!(only("2026/11/24").value, date(Some(2026), Some(11), Some(24), None));
    assert_eq!(only("十一月二十日").value, date(None, Some(11), Some(20), None));
    assert_eq!(only("11/24(火)").value, date(None, Some(11), Some(24), Some(Weekday::Tuesday)));
    assert_eq!(only("毎月10日").value, date(None, None, Some(10), None));
    assert_eq!(facts("容量の1/2です"), []);
    let both = facts("11月20日〜25日");
    assert_eq!(both[1].value, date(None, Some(11), Some(25), None));
    assert_eq!(only("25日に発送しました").value, date(None, None, Some(25), None));
}

#[test]
fn times_join_to_a_range() {
    let at = |hour, minute| TimeOfDay { hour, minute };
    assert_eq!(only("午後1時").value, Value::Time(at(13, 0)));
    assert_eq!(only("15:30").value, Value::Time(at(15, 30)));
    assert_eq!(facts("午前中／14時〜16時／16時〜18時").len(), 2);
    assert_eq!(only("18〜20時の枠").value, Value::TimeRange(at(18, 0), at(20, 0)));
    assert_eq!(only("10時から17時半").value, Value::TimeRange(at(10, 0), at(17, 30)));
    assert_eq!(only("午後1時〜5時").value, Value::TimeRange(at(13, 0), at(17, 0)));
    assert_eq!(only("15時まで").bound, Some(Bound::AtMost));
}

#[test]
fn what_is_dialled_or_clicked_is_taken_letter_by_letter() {
    for text in ["0120-000-123", "０１２０－０００－１２３", "0120000123"] {
        assert_eq!(only(text).value, Value::Phone("0120000123".to_owned()), "{text}");
    }
    assert_eq!(only("https://Shop.example/returns/。").value, Value::Url("shop.example/returns".to_owned()));
    assert_eq!(only("help@shop.example").value, Value::Email("help@shop.example".to_owned()));
    assert_eq!(only("注文番号AB-260202-018").value, Value::Code("ab-260202-018".to_owned()));
    assert_eq!(only("お問い合わせ番号 1234-5678-9012").value, Value::Code("1234-5678-9012".to_owned()));
}

#[test]
fn shares_counts_and_weekdays_are_told_apart() {
    assert_eq!(only("20%引き").value, Value::Percent(n(20)));
    assert_eq!(only("二割引").value, Value::Percent(n(20)));
    assert_eq!(only("5点まで").value, Value::Count { n: n(5), unit: "点" });
    assert_eq!(only("定休日は水曜日").value, Value::Weekdays(0b100));
    assert_eq!(only("土日祝").value, Value::Weekdays(0b1110_0000));
    assert_eq!(only("平日").value, Value::Weekdays(0b1_1111));
    assert_eq!(only("明日お届け").value, Value::RelativeDay(1));
}

#[test]
fn numbers_too_large_to_reckon_with_are_kept_at_the_largest_or_not_read() {
    for text in [
        "9999999999999999割",
        "9,999,999,999,999,999割引",
        "9,999,999,999,999,999〜18,446,744,073,709,551円",
        "18,446,744,073,709,551、18,446,744,073,709,551日",
        "18,446,744,073,709,551、2日",
        "18446744073709551615週間以内",
        "九千九百九十九億九千九百九十九万九千九百九十九円",
        "九千億億億円",
        "99999999999億円",
        "千千千百百十十円",
        "令和99年12月31日",
        "午後11時59分〜11時",
        "平成99年99月99日",
    ] {
        for fact in facts(text) {
            assert!(!fact.span.is_empty(), "{text}");
        }
    }
    let Value::Percent(share) = only("9,999,999,999,999,999割").value else { panic!("a share") };
    assert_eq!(share, Extent::one(Number(u64::MAX)));
    let whole = only("九千九百九十九億九千九百九十九万九千九百九十九円").value;
    assert_eq!(whole, Value::Amount { yen: n(999_999_999_999), tax: None });
}

#[test]
fn a_span_points_into_the_original() {
    let text = "🌸送料は１，６５０円です";
    assert_eq!(only(text).span.of(text), "１，６５０円");
}

proptest! {
    #[test]
    fn facts_lie_in_the_text_in_order_and_apart(text in "[0-9０-９,.〜:/-]{0,6}[円日月年時分%〇一二十百千万税込営業以内、。まで発送から(火)a-c@]{0,12}[0-9]{0,4}[円日時点]{0,2}") {
        let chars = text.chars().count();
        let mut last = 0;
        for fact in facts(&text) {
            prop_assert!(fact.span.start >= last && fact.span.end <= chars && !fact.span.is_empty());
            last = fact.span.end;
        }
    }
}
