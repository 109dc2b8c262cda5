//! Promises over all evidence. How sentences of shops are judged is told by the labelled drafts of `eval/grounding`.

use proptest::prelude::*;

use super::*;
use crate::domain::{Audience, Ground, Id, Kind, Record, Validity};
use crate::language::sentence::sentences;

fn passage(text: &str, kind: Kind) -> EvidenceItem {
    EvidenceItem {
        ground: Ground::Passage {
            id: Id::from_uuid(uuid::Uuid::nil()),
            revision: Id::from_uuid(uuid::Uuid::nil()),
            kind,
            span: Span::new(0, text.chars().count()),
        },
        key: String::new(),
        title: String::new(),
        text: text.to_owned(),
        url: None,
        audience: Audience::Public,
        validity: Validity::default(),
        score: 1.0,
        rank: 1,
        also: Vec::new(),
    }
}

fn record(name: &str, value: &str) -> EvidenceItem {
    let id = Id::from_uuid(uuid::Uuid::nil());
    EvidenceItem::of_record(
        &Record { id, name: name.to_owned(), value: value.to_owned(), source: None, as_of: None },
        1,
    )
}

fn checked(draft: &str, evidence: &[EvidenceItem]) -> Grounding {
    ground(draft, &sentences(draft), evidence, &Context { inquiry: "", now: None, formulas: None })
}

fn verdict(draft: &str, evidence: &[EvidenceItem]) -> Verdict {
    checked(draft, evidence).verdicts[0].verdict
}

#[test]
fn a_record_outranks_what_others_say_of_the_same_thing() {
    let evidence =
        [passage("お届け予定日は11月28日（土）です。", Kind::PastReply), record("お届け予定日", "11月25日（水）")];
    let said = checked("お届けは11月28日の予定です。", &evidence);
    assert_eq!(said.verdicts[0].verdict, Verdict::Contradicted);
    assert_eq!(said.citations[0].evidence, 1);
    assert_eq!(said.citations[0].quote, "お届け予定日: 11月25日（水）");
    assert_eq!(verdict("お届けは11月25日の予定です。", &evidence), Verdict::Supported);
}

#[test]
fn what_stands_on_past_replies_alone_is_weak() {
    let reply = passage("こんにちは。ギフト包装は1点につき275円で承ります。", Kind::PastReply);
    let claim = "ギフト包装は1点につき275円で承ります。";
    let weak = checked(claim, std::slice::from_ref(&reply));
    assert_eq!((weak.verdicts[0].verdict, weak.verdicts[0].weak), (Verdict::Supported, true));
    let both = checked(claim, &[reply.clone(), passage(claim, Kind::Policy)]);
    assert!(!both.verdicts[0].weak);
    assert_eq!(both.citations[0].evidence, 1);
    assert_eq!(verdict("こんにちは。", &[reply]), Verdict::NotAClaim);
}

#[test]
fn guide_clauses_and_internal_passages_carry_nothing() {
    let text = "返品は14日以内に承ります。";
    let internal = EvidenceItem { audience: Audience::Internal, ..passage(text, Kind::Policy) };
    for silent in [vec![], vec![passage(text, Kind::Guide)], vec![internal]] {
        assert_eq!(verdict(text, &silent), Verdict::Unsupported);
    }
}

#[test]
fn a_quote_is_the_evidence_sentence_itself() {
    let text = "🌸ご案内です。送料は５５０円（税込）です。期間は未定です。";
    let said = checked("送料は550円（税込）でございます。", &[passage(text, Kind::Faq)]);
    assert_eq!(said.citations[0].quote, "送料は５５０円（税込）です。");
    assert_eq!(said.citations[0].quote_span.of(text), said.citations[0].quote);
}

#[test]
fn tomorrow_means_nothing_without_a_today() {
    let evidence = [record("発送予定日", "11月24日（火）")];
    let draft = "明日発送の予定です。";
    let on = |now: Option<&str>| {
        let now = now.map(|now| Timestamp::parse(now).unwrap());
        let said = ground(draft, &sentences(draft), &evidence, &Context { inquiry: "", now, formulas: None });
        said.verdicts[0].verdict
    };
    assert_eq!(on(None), Verdict::Unsupported);
    assert_eq!(on(Some("2026-11-23")), Verdict::Supported);
    assert_eq!(on(Some("2026-11-24")), Verdict::Contradicted);
}

#[test]
fn what_the_customer_asserts_does_not_make_it_true() {
    let evidence = [passage("返品は、商品の到着から7日以内に承ります。", Kind::Policy)];
    let draft = "返品は、到着から14日以内でしたら承ります。";
    let context = Context { inquiry: "14日以内なら返品できますか。", now: None, formulas: None };
    let said = ground(draft, &sentences(draft), &evidence, &context);
    assert_eq!(said.verdicts[0].verdict, Verdict::Contradicted);
}

#[test]
fn a_sentence_that_states_more_than_is_compared_is_never_supported_by_what_was() {
    let prices = |n: usize| (100..100 + n).map(|yen| format!("{yen}円、")).collect::<String>();
    let (few, many) = (format!("価格は{}です。", prices(20)), format!("価格は{}です。", prices(70)));
    let shop = |claim: &str| [passage(&format!("各色の{claim}"), Kind::Policy)];
    assert_eq!(verdict(&few, &shop(&few)), Verdict::Supported);
    assert_eq!(verdict(&many, &shop(&many)), Verdict::Unsupported);
    // Word for word it needs no comparing; and what is compared can still be denied.
    assert_eq!(verdict(&many, &[passage(&many, Kind::Policy)]), Verdict::Supported);
    let denied = format!("北海道への送料は880円、ほか{}です。", prices(70));
    let fare = [passage("北海道への送料は1,320円です。", Kind::Policy)];
    assert_eq!(verdict(&denied, &fare), Verdict::Contradicted);
}

#[test]
fn a_sentence_too_long_to_be_read_whole_is_not_supported_by_its_beginning() {
    let text = "返品は到着から7日以内に承ります".to_owned();
    let long = format!("{text}{}", "、ただし未開封に限ります".repeat(300));
    let shop = [passage(&format!("{text}。"), Kind::Policy)];
    assert_eq!(verdict(&text, &shop), Verdict::Supported);
    assert_eq!(verdict(&long, &shop), Verdict::Unsupported);
    assert_eq!(verdict(&long, &[passage(&long, Kind::Policy)]), Verdict::Unsupported);
}

#[test]
fn every_sentence_of_an_endless_draft_gets_one_verdict() {
    let shop = [passage("送料は550円です。", Kind::Policy)];
    let same = checked(&"送料は550円です。".repeat(1_000), &shop);
    assert_eq!(same.verdicts.len(), 1_000);
    assert!(same.verdicts.iter().all(|said| said.verdict == Verdict::Supported && said.citations.len() == 1));
    let others: String = (0..JUDGED).map(|yen| format!("手数料は{yen}円です。")).collect();
    let last = |draft: &str| checked(draft, &shop).verdicts.last().map(|said| said.verdict);
    assert_eq!(last(&format!("送料は550円です。{others}送料は550円です。")), Some(Verdict::Supported));
    assert_eq!(last(&format!("{others}送料は550円です。")), Some(Verdict::Unsupported));
}

#[test]
fn among_very_much_evidence_the_sentences_that_share_the_claims_words_are_compared() {
    let lines = |words: &str| (0..150).map(|n| format!("{words}{n}は{}円です。", 10_000 + n)).collect::<String>();
    let mut evidence: Vec<EvidenceItem> = (0..10).map(|n| record(&format!("記録{n}"), &lines("部品番号"))).collect();
    evidence.push(passage("北海道への送料は1,320円です。", Kind::Policy));
    let said = checked("北海道への送料は1,320円でございます。", &evidence);
    assert_eq!((said.verdicts[0].verdict, said.citations[0].evidence), (Verdict::Supported, 10));
    assert_eq!(verdict("北海道への送料は880円でございます。", &evidence), Verdict::Contradicted);
}

const REGIONS: [&str; 5] = ["北海道", "東北", "関東", "九州", "沖縄県"];

fn fares(amounts: &[u64]) -> Vec<EvidenceItem> {
    let each = amounts.iter().zip(REGIONS);
    each.map(|(yen, region)| {
        passage(&format!("{region}への送料は税込{yen}円です。お届けまで数日かかります。"), Kind::Policy)
    })
    .collect()
}

proptest! {
    #[test]
    fn a_sentence_copied_from_a_passage_is_supported_by_it(amounts in prop::collection::vec(100u64..9999, 2..5), at in 0usize..5) {
        let evidence = fares(&amounts);
        let at = at % evidence.len();
        let said = checked(&format!("{}への送料は税込{}円です。", REGIONS[at], amounts[at]), &evidence);
        prop_assert_eq!(said.verdicts[0].verdict, Verdict::Supported);
        prop_assert_eq!(said.citations[0].evidence, at);
    }

    #[test]
    fn an_amount_that_belongs_to_another_passage_is_contradicted(amounts in prop::collection::vec(100u64..9999, 2..5), at in 0usize..5) {
        let evidence = fares(&amounts);
        let at = at % evidence.len();
        let other = amounts[(at + 1) % amounts.len()];
        prop_assume!(other != amounts[at]);
        let said = checked(&format!("{}への送料は{other}円でございます。", REGIONS[at]), &evidence);
        prop_assert_eq!(said.verdicts[0].verdict, Verdict::Contradicted);
        prop_assert_eq!(said.citations[0].evidence, at);
    }

    #[test]
    fn every_citation_quotes_words_that_exist(draft in "[送料返品は0-9円日以内、。承りますできません🌸]{0,60}", text in "[送料返品は0-9円日以内、。承りますできません🌸]{1,60}") {
        let evidence = [passage(&text, Kind::Faq)];
        let said = checked(&draft, &evidence);
        prop_assert_eq!(said.verdicts.len(), sentences(&draft).len());
        for citation in &said.citations {
            prop_assert_eq!(citation.quote_span.of(&text), citation.quote.as_str());
        }
    }
}

#[test]
fn a_sentence_is_open_to_a_reader_only_where_every_fact_and_every_yes_and_no_of_it_is_there() {
    let open = |inquiry: &str, known: &str, claim: &str| {
        is_open(claim, &passage(known, Kind::Faq), &Context { inquiry, now: None, formulas: None })
    };
    let label = "商品の返送先は、同封の用紙に印刷しております。";
    assert!(open("", label, "お戻しいただく宛名は、お箱の紙に載せております。"));
    for (inquiry, known, claim) in [
        ("買って40日です。", "返品は30日以内に承ります。", "40日以内でしたら、お支払い分をお返しできます。"),
        ("2年使った品です。", "保証は1年です。", "2年以内でしたら、直すのにお金はかかりません。"),
        ("", "発送は平日のみでございます。", "土曜と日曜にも荷物をお出ししております。"),
        ("", "ご購入はお一人様2点までです。", "お一人様3点までお求めになれます。"),
        ("", "ポイントは翌月に付きます。", "ポイントは来週に付きます。"),
        ("", "革製品の返品はお受けしておりません。", "レザーのお品でも、お戻しいただいて大丈夫です。"),
        ("", label, "お戻しいただく宛名は、3日後にお知らせします。"),
        ("", "", "お戻しいただく宛名は、お箱の紙に載せております。"),
    ] {
        assert!(!open(inquiry, known, claim), "{claim}");
    }
}

#[test]
fn a_plain_mismatch_is_not_argued_away_by_counting() {
    let kept = "アウトレット家具のお取り置きは、内金5,000円で最長10日間承ります。";
    let sale = "アウトレット家具は40%引きです。";
    let shop = [passage(kept, Kind::Policy), passage(sale, Kind::Policy)];
    assert_eq!(verdict(&kept.replace("5,000", "3,000"), &shop), Verdict::Contradicted);
    let bill = [passage("11月分 22,000円（税抜）、消費税 2,200円、合計 24,200円（税込）", Kind::Policy)];
    assert_eq!(verdict("11月分のご請求額は、税込22,000円でございます。", &bill), Verdict::Contradicted);
    let range =
        [passage("靴の下取りは、毎年10月1日から11月30日まで実施しております。1か月の準備がございます。", Kind::Policy)];
    assert_eq!(verdict("下取りは、毎年10月1日から12月31日まで行っております。", &range), Verdict::Contradicted);
}

#[test]
fn a_value_that_stands_with_something_else_is_denied() {
    let fees = "料金は出張費3,850円（税込）と、1か所につき作業費2,750円（税込）です。";
    let shop = [passage(fees, Kind::Policy)];
    assert_eq!(verdict("料金は、出張費が3,850円、作業費が2,750円です。", &shop), Verdict::Supported);
    assert_eq!(verdict("料金は、出張費が2,750円、作業費が3,850円です。", &shop), Verdict::Contradicted);
    let boards = [passage("両面板の料金は、5枚で6,600円、10枚で8,800円です。", Kind::Policy)];
    assert_eq!(verdict("両面板10枚の料金は、6,600円です。", &boards), Verdict::Contradicted);
    let wash = [passage("標準設置料金は、縦型洗濯機が4,400円、ドラム式洗濯機が6,600円です。", Kind::Policy)];
    assert_eq!(verdict("ドラム式洗濯機の標準設置料金は、6,600円でございます。", &wash), Verdict::Supported);
    let terms = [passage("法人のお客様は、月末締め・翌月20日払いの掛け払いをご利用いただけます。", Kind::Policy)];
    assert_eq!(verdict("掛け払いは月末締め、翌月末日のお支払いとなっております。", &terms), Verdict::Contradicted);
}

#[test]
fn the_month_after_the_next_is_not_the_next() {
    let shop = [passage("30冊以上のご注文は、請求書払い（月末締め翌月末払い）をご利用いただけます。", Kind::Policy)];
    assert_eq!(verdict("請求書払いは、月末締めの翌々月末払いです。", &shop), Verdict::Contradicted);
    assert_eq!(verdict("請求書払いは、月末締めの翌月末払いです。", &shop), Verdict::Supported);
}

#[test]
fn what_binds_the_shop_is_a_claim_and_what_says_otherwise_speaks_of_the_same() {
    let shop = [
        passage("返品は、商品の到着後7日以内に承ります。", Kind::Faq),
        passage("領収書は、マイページのご注文履歴から発行していただけます。", Kind::Faq),
    ];
    assert_eq!(verdict("お詫びに次回の割引券をお付けします。", &shop), Verdict::Unsupported);
    let context = Context { inquiry: "電話は090-1234-5678です。", now: None, formulas: None };
    let draft = "090-1234-5678へお電話いたします。";
    let said = ground(draft, &sentences(draft), &shop, &context);
    assert_ne!(said.verdicts[0].verdict, Verdict::Contradicted, "nothing speaks of calls");
}
