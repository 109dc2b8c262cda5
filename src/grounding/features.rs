//! What a comparison of a claim with its evidence looks like in numbers: what the trees are asked with. Nothing here
//! judges; `trees` does, by what was learned from labelled drafts.

use std::{collections::BTreeSet, sync::LazyLock};

use aho_corasick::{AhoCorasick, MatchKind};

use crate::domain::Verdict;

use super::{
    align::Sources,
    answer::Related,
    compare::{Attribute, attribute},
    comparison::Comparison,
    marks::Reach,
    meeting::Meeting,
    polarity::{Axis, Sign},
    statement::{Point, Stated, Statement},
};

/// Words that turn, bound or place what a shop promises: in the claim and not in the evidence, or the other way round, they
/// say more than how many words two sentences share.
const CUES: &str = "ません ない なし 不可 できません いたしかね 対象外 以外 除 のみ だけ 限り 限ら も すべて いずれ どの いつでも 必ず \
    必要 不要 無料 有料 負担 お客様 当店 弊社 着払い 元払い 往復 片道 返品 交換 返金 修理 キャンセル 到着 発送 注文 出荷 翌日 当日 \
    営業日 以内 以上 未満 まで から より 前 後 税込 税抜 自動 手動 電話 メール マイページ 同時 別 異なり 同じ 場合 とき であれば \
    でも 問わ かかわらず 未開封 開封 未使用 使用 初回 2回目 会員 一部 全額 半額 平日 土日 祝 休 予定 目安 保証 いただけます ください \
    おります 承り 可能 ただし 併用 変更 追加 再 同梱 先着 順 新品 中古 セール アウトレット 予約 定期 離島 沖縄 北海道 全国 国内 海外 \
    冷凍 冷蔵 常温 午前 午後";

static CUE_WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| CUES.split_whitespace().collect());

static SEEKER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = AhoCorasick::builder().match_kind(MatchKind::Standard).build(CUE_WORDS.iter());
    words.expect("a constant table")
});

/// Yes and no are told apart on these.
const AXES: [(&str, Axis); 5] = [
    ("allowed", Axis::Allowed),
    ("free", Axis::Free),
    ("needed", Axis::Needed),
    ("open", Axis::Open),
    ("limited", Axis::Limited),
];

const REACHES: [(&str, Reach); 4] =
    [("only", Reach::Only), ("also", Reach::Also), ("any", Reach::Any), ("except", Reach::Except)];

/// In the order of the scores.
pub const VERDICTS: [Verdict; 4] =
    [Verdict::Supported, Verdict::Contradicted, Verdict::Unsupported, Verdict::NotAClaim];

/// Numbers with their names, in an order that never depends on what is compared.
pub struct Features {
    /// The numbers.
    pub values: Vec<f64>,
    /// Their names, where somebody asks.
    names: Option<Vec<String>>,
}

impl Features {
    /// Of one comparison, of which the rules say `by_rules`.
    pub fn of(comparison: &Comparison<'_>, sources: &Sources, by_rules: Verdict, at_least: f64) -> Self {
        let mut features = Self { values: Vec::with_capacity(640), names: None };
        features.take(comparison, sources, by_rules, at_least);
        features
    }

    /// The names, in order.
    pub fn names() -> Vec<String> {
        let (claim, sources, told) = (Statement::of(""), Sources::of(&[]), super::told::Told::default());
        let meeting = Meeting::of(&claim, &sources, &told.terms);
        let comparison = Comparison::of(&claim, &meeting, &told);
        let mut features = Self { values: Vec::new(), names: Some(Vec::new()) };
        features.take(&comparison, &sources, Verdict::NotAClaim, 0.0);
        features.names.unwrap_or_default()
    }

    fn put(&mut self, group: &str, name: &str, value: f64) {
        self.values.push(value);
        if let Some(names) = &mut self.names {
            names.push(if group.is_empty() { name.to_owned() } else { format!("{group}.{name}") });
        }
    }

    fn take(&mut self, comparison: &Comparison<'_>, sources: &Sources, by_rules: Verdict, at_least: f64) {
        for verdict in VERDICTS {
            self.put("rules", verdict.as_str(), flag(by_rules == verdict));
        }
        self.put("", "at_least", at_least);
        self.take_found(comparison);
        self.take_claim(comparison, sources);
        self.take_facts(comparison);
        let claim = Text::of(comparison.claim);
        for (at, cue) in CUE_WORDS.iter().enumerate() {
            self.put("claim", cue, claim.cues[at]);
        }
        for (group, row) in rows(comparison) {
            self.take_row(group, row, comparison, &claim);
        }
    }

    /// What the rules found.
    fn take_found(&mut self, comparison: &Comparison<'_>) {
        let against = comparison.other_facts.iter().map(|(near, _)| *near).fold(0.0, f64::max);
        self.put("", "points", comparison.points.len() as f64);
        self.put("", "carried", comparison.carried.len() as f64);
        self.put("", "other_facts", comparison.other_facts.len() as f64);
        self.put("", "other_fact_near", against);
        self.put("", "silent", flag(comparison.silent));
        self.put("", "sure", flag(comparison.sure));
        self.put("", "settled", flag(comparison.settled));
        self.put("", "same_said", comparison.answered.same.map_or(0.0, |(like, _)| like));
        self.put("", "other_said", comparison.answered.other.map_or(0.0, |(like, _)| like));
        self.put("", "turned", comparison.turned.map_or(0.0, |(share, _)| share));
    }

    /// How much the claim says, and how much of it anything speaks of.
    fn take_claim(&mut self, comparison: &Comparison<'_>, sources: &Sources) {
        let Comparison { claim, told, meeting, .. } = comparison;
        let weight = |of: &dyn Fn(&super::statement::Told) -> bool| -> f64 {
            claim.terms.iter().filter(|told| of(told)).map(|told| told.weight).sum()
        };
        self.put("", "terms", claim.terms.len() as f64);
        self.put("", "weight", weight(&|_| true));
        self.put("", "characters", claim.normal.chars().count() as f64);
        self.put("", "known", weight(&|word| sources.knows(word.term)));
        self.put("", "of_customer", weight(&|word| told.terms.contains(&word.term)));
        self.put("", "sign", sign(claim));
        self.put("", "clauses", claim.clauses.len() as f64);
        self.put("", "conditions", claim.clauses.iter().filter(|clause| clause.conditional).count() as f64);
        self.put("", "sentences", meeting.near.len() as f64);
        for (name, reach) in REACHES {
            self.put("", name, reaches(claim, reach));
        }
    }

    /// Its typed facts, and how the evidence has them.
    fn take_facts(&mut self, comparison: &Comparison<'_>) {
        let Comparison { points, relations, meeting, .. } = comparison;
        let (mut agree, mut differ) = ((0.0, 0.0_f64), (0.0, 0.0_f64));
        for (point, related) in points.iter().zip(relations) {
            let except = meeting.own_words(&point.stated);
            for Related { against, agrees, .. } in related {
                let side = if *agrees { &mut agree } else { &mut differ };
                *side = (side.0 + 1.0, side.1.max(meeting.nearness(point.clause, against, &except)));
            }
        }
        self.put("facts", "agree", agree.0);
        self.put("facts", "differ", differ.0);
        self.put("facts", "agree_near", agree.1);
        self.put("facts", "differ_near", differ.1);
        for name in KINDS {
            self.put("facts", name, points.iter().filter(|at| kind(attribute(&at.stated)) == name).count() as f64);
        }
    }

    /// How the claim stands to one sentence of the evidence.
    fn take_row(&mut self, group: &str, row: Option<usize>, comparison: &Comparison<'_>, mine: &Text) {
        let Comparison { claim, meeting, .. } = comparison;
        let none = meeting.uncovered();
        let empty = Statement::of("");
        let there = row.map_or(&empty, |row| meeting.statement(row));
        let theirs = Text::of(there);
        let at = |of: &dyn Fn(usize) -> f64| row.map_or(0.0, of);
        self.put(group, "here", at(&|row| meeting.share_here(&none, row)));
        self.put(group, "share", at(&|row| meeting.share(&none, row)));
        self.put(group, "authority", at(&|row| meeting.authority(row)));
        let shared = |told: &&super::statement::Told| claim.terms.iter().any(|word| word.term == told.term);
        let all: f64 = there.terms.iter().map(|told| told.weight).sum();
        let known: f64 = there.terms.iter().filter(shared).map(|told| told.weight).sum();
        self.put(group, "known", ratio(known, all));
        self.put(group, "weight", all);
        self.put(group, "facts", there.facts().count() as f64);
        self.put(group, "sign", sign(there));
        self.put(group, "signs", sign(there) * sign(claim));
        for (name, axis) in AXES {
            self.put(group, name, signs(there, axis) * signs(claim, axis));
        }
        for (name, reach) in REACHES {
            self.put(group, name, if row.is_some() { reaches(there, reach) - reaches(claim, reach) } else { 0.0 });
        }
        let sides = |same: bool| {
            let meets = |(pair, side, _): &(u16, bool, usize)| {
                there.marks.sides.iter().any(|(other, theirs, _)| pair == other && (side == theirs) == same)
            };
            claim.marks.sides.iter().filter(|side| meets(side)).count() as f64
        };
        self.put(group, "sides_other", sides(false));
        self.put(group, "sides_same", sides(true));
        self.take_texts(group, row.is_some(), mine, &theirs);
    }

    /// How the words of the two run.
    fn take_texts(&mut self, group: &str, is_there: bool, mine: &Text, theirs: &Text) {
        let (mine_of, theirs_of) = (mine.pairs.len() as f64, theirs.pairs.len() as f64);
        let shared = mine.pairs.intersection(&theirs.pairs).count() as f64;
        self.put(group, "pairs_of_claim", ratio(shared, mine_of));
        self.put(group, "pairs_of_evidence", ratio(shared, theirs_of));
        let seen = |count: usize| if is_there { count as f64 } else { 0.0 };
        self.put(group, "numbers_of_claim", seen(mine.numbers.difference(&theirs.numbers).count()));
        self.put(group, "numbers_of_both", seen(mine.numbers.intersection(&theirs.numbers).count()));
        self.put(group, "numbers_of_evidence", seen(theirs.numbers.difference(&mine.numbers).count()));
        if !WITH_CUES.contains(&group) {
            return;
        }
        for (at, cue) in CUE_WORDS.iter().enumerate() {
            self.put(group, cue, if is_there { mine.cues[at] - theirs.cues[at] } else { 0.0 });
        }
    }
}

/// Sentences whose cues are compared with the claim's.
const WITH_CUES: [&str; 2] = ["first", "same"];

/// The sentences that are looked at: the three that speak most of the claim, the one that says the same yes or no, the one
/// that says the other, and the one whose facts are others.
fn rows(comparison: &Comparison<'_>) -> [(&'static str, Option<usize>); 6] {
    let Comparison { meeting, answered, .. } = comparison;
    let none = meeting.uncovered();
    let here: Vec<f64> = (0..meeting.near.len()).map(|row| meeting.share_here(&none, row)).collect();
    let mut best: Vec<usize> = (0..here.len()).collect();
    best.sort_by(|a, b| here[*b].total_cmp(&here[*a]).then(a.cmp(b)));
    let against = comparison.other_facts.iter().max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    [
        ("first", best.first().copied()),
        ("second", best.get(1).copied()),
        ("third", best.get(2).copied()),
        ("same", answered.same.map(|(_, row)| row)),
        ("other", answered.other.map(|(_, row)| row)),
        ("against", against.map(|(_, row)| *row)),
    ]
}

/// A sentence as a row of signs.
struct Text {
    pairs: BTreeSet<(char, char)>,
    numbers: BTreeSet<String>,
    cues: Vec<f64>,
}

impl Text {
    fn of(statement: &Statement) -> Self {
        let text = &statement.normal;
        let mut cues = vec![0.0; CUE_WORDS.len()];
        SEEKER.find_overlapping_iter(text).for_each(|hit| cues[hit.pattern().as_usize()] = 1.0);
        let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
        Self {
            pairs: text.chars().zip(text.chars().skip(1)).collect(),
            numbers: numbers.map(str::to_owned).collect(),
            cues,
        }
    }
}

const KINDS: [&str; 11] =
    ["amount", "percent", "count", "duration", "day", "period", "time", "weekdays", "phone", "address", "code"];

fn kind(of: Attribute) -> &'static str {
    match of {
        Attribute::Amount => "amount",
        Attribute::Percent => "percent",
        Attribute::Count(_) => "count",
        Attribute::Duration => "duration",
        Attribute::Day => "day",
        Attribute::Period => "period",
        Attribute::Time => "time",
        Attribute::Weekdays => "weekdays",
        Attribute::Phone => "phone",
        Attribute::Url | Attribute::Email => "address",
        Attribute::Code => "code",
        Attribute::Polarity(_) => "",
    }
}

fn flag(is: bool) -> f64 {
    f64::from(u8::from(is))
}

fn ratio(part: f64, all: f64) -> f64 {
    if all == 0.0 { 0.0 } else { part / all }
}

fn sign(of: &Statement) -> f64 {
    of.sign().map_or(0.0, number)
}

fn number(sign: Sign) -> f64 {
    if sign == Sign::Yes { 1.0 } else { -1.0 }
}

/// Yes less no on one axis.
fn signs(of: &Statement, on: Axis) -> f64 {
    let found = of.points.iter().filter_map(|Point { stated, .. }| match stated {
        Stated::Polarity(axis, sign) if *axis == on => Some(number(*sign)),
        _ => None,
    });
    found.sum()
}

fn reaches(of: &Statement, reach: Reach) -> f64 {
    flag(of.marks.reaches.iter().any(|(found, _)| *found == reach))
}
