use super::*;
use crate::domain::{Audience, Id, NewRevision, Validity};

const PAIRS: &str = include_str!("../../../eval/overlaps/pairs.txt");

fn revision(at: u128, title: &str, body: &str, validity: Validity) -> Revision {
    Revision {
        id: Id::from_uuid(uuid::Uuid::from_u128(at)),
        content: NewRevision {
            key: format!("key-{at}"),
            kind: Kind::Faq,
            title: title.to_owned(),
            url: None,
            audience: Audience::Public,
            validity,
            body: body.to_owned(),
            note: None,
            past_reply: None,
            source: None,
        },
        recorded_from: crate::domain::Timestamp::parse("2026-11-23").unwrap(),
        recorded_until: None,
        passages: Vec::new(),
    }
}

fn today() -> Day {
    Day::parse("2026-11-23").unwrap()
}

/// `from..until`, either of them left out; rules by the day of the order.
fn validity(text: &str) -> Validity {
    let (from, until) = text.split_once("..").unwrap_or((text, ""));
    let day = |text: &str| (!text.is_empty()).then(|| Day::parse(text).unwrap());
    Validity { from: day(from), until: day(until), by: AppliesBy::OrderDate }
}

/// What is said of a line of the labelled pairs.
fn said(line: &str) -> (&str, &'static str) {
    let parts: Vec<&str> = line.split('|').collect();
    let valid = |at: usize| parts.get(at).map(|text| validity(text)).unwrap_or_default();
    let pair = [revision(1, parts[1], parts[2], valid(5)), revision(2, parts[3], parts[4], valid(6))];
    (parts[0], overlaps(&pair, today()).first().map_or("neither", |overlap| overlap.kind().as_str()))
}

/// Of the open part, or of the part set aside (every third of its label): how often each label was told as what, and
/// the lines that were told wrongly.
fn score(aside: bool) -> (BTreeMap<(&'static str, &'static str), usize>, Vec<String>) {
    let (mut counts, mut wrong) = (BTreeMap::new(), Vec::new());
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for line in PAIRS.lines() {
        let place = places.entry(line.split('|').next().unwrap()).or_default();
        *place += 1;
        if place.is_multiple_of(3) == aside {
            let (label, said) = said(line);
            *counts.entry((label, said)).or_default() += 1;
            wrong.extend((label != said).then(|| format!("{said}: {line}")));
        }
    }
    (counts, wrong)
}

#[test]
fn labelled_pairs_are_told_apart() {
    let (counts, wrong) = score(false);
    println!("{counts:?}\n{}", wrong.join("\n"));
    let told = |label, said| counts.get(&(label, said)).copied().unwrap_or_default();
    assert_eq!(told("neither", "neither"), 30, "what is no overlap is never reported");
    assert!(told("contradiction", "contradiction") >= 22 && told("duplicate", "duplicate") == 12);
}

/// Scored once when the rule was made (see `eval/README.md`); nobody reads its misses.
#[cfg(feature = "measure")]
#[test]
fn pairs_set_aside() {
    println!("{:?}", score(true).0);
}

#[test]
fn both_sides_are_quoted_from_their_place_and_the_difference_is_typed() {
    let pair = [
        revision(1, "返品の送料はいくらですか。", "ご案内です。\n返品の送料は、1箱880円です。", Validity::default()),
        revision(2, "返品の送料", "返品の送料は、1箱770円です。", Validity::default()),
    ];
    let found = overlaps(&pair, today());
    let [overlap] = &found[..] else { panic!("{found:?}") };
    for (side, revision) in overlap.sides.iter().zip(&pair) {
        assert_eq!((&side.key, side.span.of(&revision.content.body)), (&revision.content.key, side.quote.as_str()));
    }
    assert_eq!(overlap.differences[0].measure, Measure::Amount);
    assert_eq!(overlap.differences[0].words, ["880円", "770円"]);
}

#[test]
fn what_ended_past_replies_and_the_same_document_are_not_held_against_a_rule() {
    let ended = Validity { until: Some(Day::parse("2026-11-22").unwrap()), ..Validity::default() };
    let fee = |at, yen: &str, validity| revision(at, "返品の送料", &format!("返品の送料は、{yen}です。"), validity);
    let rule = fee(1, "880円", Validity::default());
    let mut reply = fee(2, "770円", Validity::default());
    reply.content.kind = Kind::PastReply;
    let mut own = fee(3, "770円", Validity::default());
    own.content.key = rule.content.key.clone();
    for other in [reply, own, fee(4, "770円", ended)] {
        assert_eq!(overlaps(&[rule.clone(), other], today()), []);
    }
}

#[test]
fn a_figure_that_stands_elsewhere_in_the_other_document_is_no_contradiction() {
    let short = revision(1, "送料", "送料は550円です。", Validity::default());
    let long = revision(2, "送料", "送料は550円です。\n送料は、2箱目から330円です。", Validity::default());
    assert_eq!(overlaps(&[short, long], today()), []);
}

#[test]
fn ten_thousand_documents_take_seconds_at_most() {
    let goods = ["椅子", "机", "棚", "照明", "財布", "靴", "時計", "鞄", "布団", "食器"];
    let matters = ["返品の送料", "交換の送料", "保証の期間", "修理の手数料", "組立の費用"];
    let document = |at: usize| {
        let (good, matter) = (goods[at % 10], matters[at / 10 % 5]);
        let title = format!("{good}{}型の{matter}はいくらですか。", at / 50);
        let body = format!(
            "{good}{}型の{matter}は、{}円です。お電話で承ります。\n詳しくは担当の者がご案内します。",
            at / 50,
            300 + at % 7
        );
        revision(at as u128, &title, &body, Validity::default())
    };
    let documents: Vec<Revision> = (0..10_000).map(document).collect();
    let began = std::time::Instant::now();
    let found = overlaps(&documents, today());
    println!("{:?}", began.elapsed());
    assert_eq!(found, []);
    // Unoptimised beside other builds; all with all would be fifty million comparisons.
    assert!(began.elapsed().as_secs() < 120);
}
