//! A sentence made ready for comparing: what it talks about, clause by clause, and what it states.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use crate::domain::Span;
use crate::language::{
    memo::Memo,
    normal::Normalised,
    quantity::{Bound, Fact, Value, facts_of},
};

use super::polarity::{self, Axis, Places, Sign};

/// A content word, by hash: comparing numbers is faster than comparing strings, and a draft is short
/// enough that no two of its words meet by chance.
pub type Term = u64;

/// Tables by term: it is a hash already.
pub type TermMap<V> = HashMap<Term, V, BuildHasherDefault<AsItIs>>;
/// Terms without order.
pub type TermSet = HashSet<Term, BuildHasherDefault<AsItIs>>;

/// The term is its own hash. Mixed once more, so that the few that are small numbers spread as well.
#[derive(Default)]
pub struct AsItIs(u64);

impl Hasher for AsItIs {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, term: u64) {
        self.0 = (self.0 ^ term).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// How many characters of a sentence are read: more than the longest record holds. No sentence that a reader
/// could check is longer, and what is read is compared with all evidence.
const READ: usize = 2_400;

/// A shop with a thousand passages has some eight thousand sentences; a reading takes about a kilobyte.
static OURS: LazyLock<Memo<Statement>> = LazyLock::new(|| Memo::new(16_384));

/// One thing a sentence states, with the clause it stands in.
#[derive(Debug, Clone)]
pub struct Point {
    /// What.
    pub stated: Stated,
    /// In which clause.
    pub clause: usize,
}

/// What can agree or disagree.
#[derive(Debug, Clone)]
pub enum Stated {
    /// A typed fact.
    Fact(Fact),
    /// A yes or no of the predicate.
    Polarity(Axis, Sign),
}

/// A sentence of the draft or of the evidence.
#[derive(Debug)]
pub struct Statement {
    /// Its normal form.
    pub normal: String,
    /// Content words, in order: for each the set of clauses it stands in, as bits.
    pub terms: Vec<(Term, u64)>,
    /// What it states.
    pub points: Vec<Point>,
    /// Whether more was written than read.
    pub cut: bool,
}

impl Statement {
    /// Reads one sentence.
    pub fn of(sentence: &str) -> Self {
        let end = sentence.char_indices().nth(READ).map(|(end, _)| end);
        let normal = Normalised::of(&sentence[..end.unwrap_or(sentence.len())]);
        let text = normal.as_str();
        let chars: Vec<char> = text.chars().collect();
        let facts = facts_of(&normal);
        let ends = clause_ends(&chars);
        let clause_of = |char_at: usize| ends.partition_point(|end| *end <= char_at).min(63);
        let mut points: Vec<Point> = Vec::new();
        let mut terms = BTreeMap::new();
        let mut numbers = Places::default();
        let mut cuts = Vec::new();
        // Facts know their place in the original; clauses are cut in the normal form.
        for fact in facts {
            let at = place(&normal, chars.len(), fact.span.start);
            let clause = clause_of(at);
            if let Value::Count { unit, .. } = fact.value
                && !PLAIN_UNITS.contains(&unit)
            {
                *terms.entry(hash(unit)).or_insert(0) |= 1 << clause;
            }
            cuts.push(at..place(&normal, chars.len(), fact.span.end));
            if is_price(&fact) {
                numbers.prices.push(at);
            }
            if matches!(fact.value, Value::Count { .. }) && fact.bound == Some(Bound::AtMost) {
                numbers.limits.push(at);
            }
            if let Value::Weekdays(set) = fact.value {
                let days = (0..8u8).filter(|day| set & 1 << day != 0);
                days.for_each(|day| *terms.entry(Term::from(day)).or_insert(0) |= 1 << clause);
            }
            if is_condition(&fact) {
                *terms.entry(fact_term(&fact)).or_insert(0) |= 1 << clause;
            }
            points.push(Point { stated: Stated::Fact(fact), clause });
        }
        for (axis, sign, at) in polarity::of(text, &numbers) {
            points.push(Point { stated: Stated::Polarity(axis, sign), clause: clause_of(at) });
        }
        for (term, at) in words(&chars, &cuts) {
            *terms.entry(term).or_insert(0) |= 1 << clause_of(at);
        }
        Self { normal: text.to_owned(), terms: terms.into_iter().collect(), points, cut: end.is_some() }
    }

    /// Reads a sentence that the shop wrote: it comes again in letter after letter.
    pub fn of_ours(sentence: &str) -> Arc<Self> {
        OURS.of(sentence, Self::of)
    }

    /// Reads a sentence of a draft, which may be one of ours.
    pub fn of_draft(sentence: &str) -> Arc<Self> {
        OURS.known(sentence).unwrap_or_else(|| Arc::new(Self::of(sentence)))
    }

    /// Its typed facts.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.points.iter().filter_map(|point| match &point.stated {
            Stated::Fact(fact) => Some(fact),
            Stated::Polarity(..) => None,
        })
    }

    /// The words themselves, without what leads over and what closes: two sentences that agree here are
    /// the same sentence.
    pub fn core(&self) -> &str {
        let mut core = self.normal.trim();
        for lead in ["・", "-", "なお、", "また、", "ただし、", "さらに、"] {
            core = core.strip_prefix(lead).unwrap_or(core).trim_start();
        }
        core.trim_end_matches(['。', '.', '!', ' ', '♪'])
    }
}

/// Whether an amount is asked for rather than a threshold.
pub fn is_price(fact: &Fact) -> bool {
    let threshold = matches!(fact.bound, Some(Bound::AtLeast | Bound::AtMost | Bound::Under | Bound::Over));
    matches!(fact.value, Value::Amount { .. }) && !threshold
}

/// The place in the normal form of a place in the original.
fn place(normal: &Normalised, chars: usize, original: usize) -> usize {
    let (mut low, mut high) = (0, chars);
    while low < high {
        let middle = (low + high) / 2;
        if normal.original(Span::new(middle, middle + 1)).start < original {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

fn clause_ends(chars: &[char]) -> Vec<usize> {
    let mut ends = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        let digits = *c == ',' && chars.get(at + 1).is_some_and(char::is_ascii_digit);
        if matches!(c, '、' | '。' | ',' | ';' | '\n') && !digits {
            ends.push(at + 1);
        }
    }
    ends
}

/// Whether a fact says when something holds rather than what: 1万円未満.
fn is_condition(fact: &Fact) -> bool {
    matches!(fact.value, Value::Amount { .. }) && !is_price(fact)
}

/// A condition tells two clauses apart as a word does.
fn fact_term(fact: &Fact) -> Term {
    hash(&format!("{:?}{:?}", fact.value, fact.bound))
}

/// Tells whether a term stands for this very fact.
pub fn is_term_of(fact: &Fact) -> impl Fn(Term) -> bool {
    let weekdays = matches!(fact.value, Value::Weekdays(_));
    let own = is_condition(fact).then(|| fact_term(fact));
    move |term| (weekdays && term < 8) || own == Some(term)
}

/// One spelling for what shops say in many ways; applied to content words only, never to what is shown.
const SAME: &[(&str, &str)] = &[
    ("未開封", "ミカイフウ"),
    ("開封前", "ミカイフウ"),
    ("開封済み", "カイフウズミ"),
    ("開封済", "カイフウズミ"),
    ("開封後", "カイフウズミ"),
    ("未使用", "ミシヨウ"),
    ("使用済み", "シヨウズミ"),
    ("使用後", "シヨウズミ"),
    ("発送後", "ハッソウゴ"),
    ("出荷後", "ハッソウゴ"),
    ("発送前", "ハッソウマエ"),
    ("発送準備", "ハッソウジュンビ"),
    ("出荷準備", "ハッソウジュンビ"),
    ("出荷", "発送"),
    ("配送料", "送料"),
    ("配送費", "送料"),
    ("返品送料", "返送料"),
    ("ご購入", "注文"),
    ("購入", "注文"),
    ("お買い上げ", "注文"),
    ("お買い物", "注文"),
    ("到着", "届"),
    ("お手元", "届"),
    ("組み立て", "組立"),
    ("取り消し", "キャンセル"),
    ("取消", "キャンセル"),
    ("代引き", "代金引換"),
    ("代引", "代金引換"),
    ("のし", "熨斗"),
    ("お問合せ", "問合"),
    ("お問い合わせ", "問合"),
    ("お問い合せ", "問合"),
    ("受け付け", "受付"),
    ("申し込み", "申込"),
    ("申込み", "申込"),
    ("お休み", "ヤスミ"),
    ("自動的", "自動"),
    ("支払い", "支払"),
    ("お知らせ", "連絡"),
    ("ラッピング", "包装"),
    ("払い戻し", "返金"),
    ("値引き", "割引"),
];
/// Units that anything is counted in; the others say what is counted.
const PLAIN_UNITS: &[&str] = &["点", "回", "回目", "件", "度", "倍"];
/// Words that are cut out, so that their neighbours stay whole.
const LINKING: &[&str] = &[
    "予定",
    "ご利用",
    "利用",
    "場合",
    "以内",
    "以上",
    "以下",
    "未満",
    "以降",
    "以外",
    "対象外",
    "対象",
    "無料",
    "有料",
    "可能",
    "必要",
    "不要",
    "ご負担",
    "負担",
    "お客様",
    "お客さま",
    "弊社",
    "当店",
    "当社",
    "税込",
    "税抜",
    "手続き",
    "際",
    "誠に",
    "何卒",
    "ただいま",
    "すべて",
    "全て",
    "各種",
    "該当",
    "当該",
    "別途",
    "何回",
    "何点",
    "何個",
    "何枚",
    "何度",
    "現在",
    "通常",
    "また",
    "なお",
];
/// Words that stand in every letter and tell no two passages apart, and those that `polarity` compares.
const COMMON: &[&str] = &[
    "客様", "場合", "弊社", "当店", "当社", "以内", "以上", "以下", "未満", "以降", "税込", "税抜", "可能", "必要",
    "不要", "無料", "有料", "対象", "象外", "負担", "致", "頂", "下", "承", "申", "際", "願", "方", "様", "誠", "何卒",
    "商品", "利用", "了承", "円", "日", "月", "年", "時", "分", "点", "個", "回", "営業", "業日", "日以", "月以",
    "回目", "目以", "受", "限", "可", "不可", "全", "今", "後", "前", "中", "間", "日間", "年間", "時間", "内", "約",
    "確認", "希望", "案内", "以外", "手続", "休業", "定休", "休日", "平日", "曜日", "土日", "日祝", "差", "上", "行",
    "通常", "現在", "本日", "明日", "昨日", "明後", "後日", "予定", "当該", "下記", "次", "含", "付", "円以", "割引",
    "引", "度", "送", "選", "円未", "月末",
];

/// Runs of kanji as pairs, runs of katakana and Latin letters whole; with their place in the text.
fn words(chars: &[char], cuts: &[Range<usize>]) -> Vec<(Term, usize)> {
    // For each character the end of the fact it belongs to, 0 outside of facts.
    let mut cut = vec![0; chars.len()];
    cuts.iter().for_each(|range| cut[range.clone()].fill(range.end));
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if cut[at] > at {
            at = cut[at];
            continue;
        }
        if let Some((len, to)) = same(&chars[at..]) {
            push_runs(&to.chars().collect::<Vec<_>>(), at, true, &mut found);
            at += len;
            continue;
        }
        let begins =
            |next: &usize| class(chars[*next]) != class(chars[at]) || same(&chars[*next..]).is_some() || cut[*next] > 0;
        let end = (at + 1..chars.len()).find(begins).unwrap_or(chars.len());
        push_runs(&chars[at..end], at, false, &mut found);
        at = end;
    }
    found
}

type Reading = (&'static str, &'static str);

/// Both tables by first character: they are asked at every character of a text.
static READINGS: LazyLock<HashMap<char, Vec<Reading>>> = LazyLock::new(|| {
    let mut by_first: HashMap<char, Vec<Reading>> = HashMap::new();
    for (word, to) in SAME.iter().copied().chain(LINKING.iter().map(|word| (*word, ""))) {
        if let Some(first) = word.chars().next() {
            by_first.entry(first).or_default().push((word, to));
        }
    }
    by_first
});

/// The longest word of the tables that begins here: its length, and what is read in its place.
fn same(rest: &[char]) -> Option<(usize, &'static str)> {
    let begins = |word: &str| word.chars().enumerate().all(|(at, c)| rest.get(at) == Some(&c));
    let words = READINGS.get(rest.first()?)?.iter().filter(|(word, _)| begins(word));
    words.map(|(word, to)| (word.chars().count(), *to)).max_by_key(|(len, _)| *len)
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Class {
    Kanji,
    Katakana,
    Latin,
    Other,
}

fn class(c: char) -> Class {
    match c {
        '\u{3400}'..='\u{9fff}' | '々' | '\u{20000}'..='\u{2ffff}' | '\u{f900}'..='\u{faff}' => Class::Kanji,
        'ァ'..='ヺ' | 'ー' => Class::Katakana,
        'a'..='z' => Class::Latin,
        _ => Class::Other,
    }
}

fn push_runs(run: &[char], at: usize, given: bool, found: &mut Vec<(Term, usize)>) {
    let mut push = |range: Range<usize>| {
        let word: String = run[range.clone()].iter().collect();
        if given || !COMMON.contains(&word.as_str()) {
            found.push((hash(&word), at + range.start));
        }
    };
    match run.first().map(|c| class(*c)) {
        Some(Class::Kanji) if run.len() == 1 => push(0..1),
        Some(Class::Kanji) => (0..run.len() - 1).for_each(|start| push(start..start + 2)),
        Some(Class::Katakana) if run.len() >= 2 => push(0..run.len()),
        Some(Class::Latin) if run.len() >= 2 => push(0..run.len()),
        _ => {}
    }
}

/// FNV-1a: the same on every machine, so that the same text gets the same verdicts.
fn hash(word: &str) -> Term {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
