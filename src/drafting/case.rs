//! What is known of this customer's case, and which sentences of the evidence speak of it: an answer to a customer
//! who ordered in September does not quote what holds from October.

use std::{
    collections::BTreeSet,
    sync::{Arc, LazyLock},
};

use jiff::{ToSpan as _, civil::Date};
use regex::Regex;

use super::{Brief, terms::Terms};
use crate::{
    domain::{Day, Ground},
    language::{
        memo::Memo,
        normal::Normalised,
        quantity::{self, Value},
        synonyms::Synonyms,
    },
};

/// A rule for orders of so many days ago is none that a customer writes about without saying when they ordered.
const LONG_AGO_DAYS: i32 = 45;

/// Ways to pay. A sentence about one of them is not for a customer who names another; names are those of
/// `knowledge/synonyms.yaml`.
const WAYS_TO_PAY: [&[&str]; 5] =
    [&["クレジットカード"], &["銀行振込"], &["後払い", "請求書払い"], &["代引き"], &["スマホ決済"]];

static BY_DATE: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(
        r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?:\([^)]*\))?(?:の|に|\d{1,2}時)*(?P<word>以降|から|より|まで|以前|をもって)",
    )
    .expect("a constant pattern")
});
/// Of the customer's own free will, which nobody has whose parcel came broken.
static OWN_CHOICE: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex("(?:お客(?:様|さま)の)?ご都合(?:による|で)|理由を?問わ|お気持ちが変わ")
        .expect("a constant pattern")
});

static FAR: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(
        "北海道|沖縄|離島|札幌|函館|旭川|釧路|那覇|石垣島?|宮古島|奄美|小笠原|(?i:hokkaido|okinawa|sapporo)",
    )
    .expect("a constant pattern")
});
static NEAR: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(
        r"本州|四国|九州|関東|関西|東北|中部|近畿|中国地方|東京|都内|23区|横浜|名古屋|京都|大阪|神戸|仙台|広島|福岡|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|山口|徳島|香川|愛媛|高知|佐賀|長崎|熊本|大分|宮崎|鹿児島)(?:県|市|の|へ|に|まで)|(?i:tokyo|osaka|kyoto|nagoya|yokohama|fukuoka)",
    )
    .expect("a constant pattern")
});

/// How a sentence relates to the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// It speaks of somebody else's.
    Foreign,
    /// It may be said to anybody.
    General,
    /// It names the very time in which this customer ordered, and another holds today.
    Own,
}

/// Groups of synonyms that say that something is wrong with the parcel.
const FAULTS: [&str; 3] = ["誤配送", "不足", "不良"];

/// What is known of the case.
pub struct Case {
    today: Day,
    ordered: Option<Day>,
    our_fault: bool,
    paid_by: BTreeSet<usize>,
    goods: BTreeSet<String>,
    far: Option<bool>,
}

impl Case {
    /// From what the inquiry and its records say.
    pub fn of(brief: &Brief<'_>) -> Self {
        let our_fault = |id| brief.vocabulary.entry(id).is_some_and(|entry| entry.our_fault);
        let named = Named::of(&Normalised::of(brief.inquiry));
        Self {
            today: brief.today,
            ordered: brief.ordered,
            our_fault: brief.situations.all().any(our_fault) || named.fault,
            paid_by: named.ways_to_pay,
            goods: named.goods,
            far: is_far(&where_to(brief)),
        }
    }

    /// Whether a sentence is for this customer.
    pub fn relation(&self, said: &Spoken) -> Relation {
        let beside = |own: &BTreeSet<usize>, named: &BTreeSet<usize>| {
            !own.is_empty() && !named.is_empty() && named.is_disjoint(own)
        };
        if self.our_fault && said.of_own_choice || beside(&self.paid_by, &said.named.ways_to_pay) {
            return Relation::Foreign;
        }
        let goods = &said.named.goods;
        if !self.goods.is_empty() && !goods.is_empty() && goods.is_disjoint(&self.goods) {
            return Relation::Foreign;
        }
        if self.far.zip(said.far).is_some_and(|(here, there)| here != there) {
            return Relation::Foreign;
        }
        self.in_time(said)
    }

    fn in_time(&self, said: &Spoken) -> Relation {
        let mut own = false;
        for (day, until) in said.days.iter().copied() {
            let reference = if said.about_orders { self.ordered } else { Some(self.today) };
            let holds = match (reference, until) {
                (Some(reference), true) => reference <= day,
                (None, true) => day.0 >= self.today.0.saturating_sub(LONG_AGO_DAYS.days()),
                // What begins tomorrow may be just what is asked.
                (Some(reference), false) => !said.about_orders || reference >= day,
                (None, false) => true,
            };
            if !holds {
                return Relation::Foreign;
            }
            own |= until && self.ordered.is_some() && said.about_orders && day < self.today;
        }
        if own { Relation::Own } else { Relation::General }
    }
}

/// What a sentence of the shop speaks of, whoever asks.
pub struct Spoken {
    /// What it is known by.
    pub terms: Terms,
    of_own_choice: bool,
    named: Named,
    far: Option<bool>,
    about_orders: bool,
    /// Days with a year, and whether it holds until then rather than from then on.
    days: Vec<(Day, bool)>,
    /// The values of its typed facts.
    pub values: Vec<Value>,
}

/// The sentences of a shop come again in letter after letter. A thousand passages have some eight thousand; each takes
/// about a kilobyte.
static SPOKEN: LazyLock<Memo<Spoken>> = LazyLock::new(|| Memo::new(16_384));

/// Reads a sentence of the shop, once.
pub fn spoken(sentence: &str) -> Arc<Spoken> {
    SPOKEN.of(sentence, |sentence| {
        let normal = Normalised::of(sentence);
        let text = normal.as_str();
        Spoken {
            terms: Terms::of(sentence),
            of_own_choice: OWN_CHOICE.is_match(sentence),
            named: Named::of(&normal),
            far: is_far(sentence),
            about_orders: ["注文", "購入", "お買い上げ"].iter().any(|word| text.contains(word)),
            days: BY_DATE.captures_iter(text).filter_map(|found| day(&found)).collect(),
            values: quantity::facts_of(&normal).into_iter().map(|fact| fact.value).collect(),
        }
    })
}

/// A day that a rule holds until or from. Without a year it comes again every year: a holiday, a season.
fn day(found: &regex::Captures<'_>) -> Option<(Day, bool)> {
    let number = |name: &str| found[name].parse().unwrap_or_default();
    let day = Date::new(number("year"), number("month") as i8, number("day") as i8).ok()?;
    Some((Day(day), matches!(&found["word"], "まで" | "以前" | "をもって")))
}

/// What a text names that tells one case from another.
#[derive(Default)]
struct Named {
    fault: bool,
    ways_to_pay: BTreeSet<usize>,
    goods: BTreeSet<String>,
}

impl Named {
    fn of(text: &Normalised) -> Self {
        let synonyms = Synonyms::in_use();
        let mut named = Self::default();
        for group in synonyms.terms(text).into_iter().map(|term| term.text) {
            // Whatever else a customer asks about a parcel that came with something wrong.
            named.fault |= FAULTS.contains(&group.as_str());
            named.ways_to_pay.extend(WAYS_TO_PAY.iter().position(|names| names.contains(&group.as_str())));
            if synonyms.is_goods(&group) {
                named.goods.insert(group);
            }
        }
        named
    }
}

/// The inquiry and what records say of the place.
fn where_to(brief: &Brief<'_>) -> String {
    let records = brief.evidence.iter().filter(|item| matches!(item.ground, Ground::Record { .. }));
    let places =
        records.filter(|item| ["届け先", "住所", "都道府県", "地域"].iter().any(|word| item.key.contains(word)));
    places.map(|item| item.text.as_str()).chain([brief.inquiry]).collect::<Vec<_>>().join("\n")
}

/// Whether a text speaks of the far places alone that parcels take days longer to; `None` where it names no place, or
/// both.
fn is_far(text: &str) -> Option<bool> {
    let (far, near) = (FAR.is_match(text), NEAR.is_match(text));
    (far != near).then_some(far)
}

/// Whether two sentences set the same kind of figure: what the one says of an older order, the other says of a new one.
pub fn same_figure(one: &Spoken, other: &Spoken) -> bool {
    let theirs = |own: &'static str| other.values.iter().any(|value| kind(value) == Some(own));
    one.values.iter().filter_map(kind).any(theirs)
}

fn kind(value: &Value) -> Option<&'static str> {
    match value {
        Value::Amount { .. } => Some("amount"),
        Value::Percent(_) => Some("percent"),
        Value::Duration { .. } => Some("duration"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(ordered: Option<&str>) -> Case {
        Case {
            today: Day::parse("2026-11-23").unwrap(),
            ordered: ordered.map(|day| Day::parse(day).unwrap()),
            our_fault: false,
            paid_by: BTreeSet::new(),
            goods: BTreeSet::new(),
            far: None,
        }
    }

    impl Case {
        fn of_words(&self, sentence: &str) -> Relation {
            self.relation(&spoken(sentence))
        }
    }

    fn named(text: &str) -> Named {
        Named::of(&Normalised::of(text))
    }

    const OLD: &str = "2026年9月30日までのご注文には、1箱660円を適用いたします。";
    const NEW: &str = "2026年10月1日以降のご注文は、到着から14日以内の返品を承ります。";

    #[test]
    fn the_rule_of_the_day_of_the_order_is_for_this_customer() {
        let old = case(Some("2026-09-20"));
        assert_eq!((old.of_words(OLD), old.of_words(NEW)), (Relation::Own, Relation::Foreign));
        let new = case(Some("2026-10-02"));
        assert_eq!((new.of_words(OLD), new.of_words(NEW)), (Relation::Foreign, Relation::General));
        let unknown = case(None);
        assert_eq!((unknown.of_words(OLD), unknown.of_words(NEW)), (Relation::Foreign, Relation::General));
    }

    #[test]
    fn what_no_longer_holds_is_not_said_and_a_campaign_that_runs_is() {
        let case = case(None);
        assert_eq!(case.of_words("2026年3月31日までの回収では、1本20ポイントでした。"), Relation::Foreign);
        assert_eq!(case.of_words("割引は2026年11月16日から2026年12月18日までです。"), Relation::General);
        assert_eq!(case.of_words("受付は2026年12月1日からです。"), Relation::General);
        assert_eq!(case.of_words("12月29日から1月3日までお休みです。"), Relation::General);
    }

    #[test]
    fn who_pays_by_invoice_is_not_told_of_card_statements() {
        let case = Case { paid_by: named("弊社は請求書払いです").ways_to_pay, ..case(None) };
        assert_eq!(case.of_words("クレジットカード払いの返金は、翌月のご利用明細に反映されます。"), Relation::Foreign);
        assert_eq!(case.of_words("請求書払いの場合は次回のご請求額から差し引きます。"), Relation::General);
        assert_eq!(case.of_words("返金は5営業日以内に手続きいたします。"), Relation::General);
    }

    #[test]
    fn who_got_a_broken_parcel_is_not_told_what_it_costs_to_change_ones_mind() {
        let case = Case { our_fault: true, ..case(None) };
        assert_eq!(case.of_words("お客様のご都合による返品の送料は、1箱につき880円です。"), Relation::Foreign);
        assert_eq!(case.of_words("送料は弊社が全額を負担いたします。"), Relation::General);
    }

    #[test]
    fn rules_for_other_goods_and_other_places_are_not_for_this_customer() {
        let case = Case {
            goods: named("クリアファイルを返したい").goods, far: is_far("東京都港区です"), ..case(None)
        };
        assert_eq!(case.of_words("トナーは外箱の封を切ると開封済みの扱いとなります。"), Relation::Foreign);
        assert_eq!(case.of_words("ファイルとトナーは1箱から承ります。"), Relation::General);
        assert_eq!(case.of_words("北海道・沖縄へは3〜5日かかります。"), Relation::Foreign);
        assert_eq!(case.of_words("本州へは1〜2日、北海道へは3〜5日かかります。"), Relation::General);
    }

    #[test]
    fn the_groups_that_are_named_here_are_groups() {
        for name in WAYS_TO_PAY.iter().flat_map(|names| names.iter()).chain(&FAULTS) {
            assert!(Synonyms::in_use().has(name), "{name}");
        }
    }

    #[test]
    fn figures_of_one_kind_answer_the_same_question() {
        assert!(same_figure(&spoken("1箱880円です"), &spoken("1箱660円でした")));
        assert!(!same_figure(&spoken("1箱880円です"), &spoken("14日以内に承ります")));
    }
}
