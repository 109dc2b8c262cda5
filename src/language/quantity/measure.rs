//! Numbers with a unit: money, shares, lengths of time, counts; and the ranges they form.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{DurationUnit, Extent, Number, Taken, Tax, Value, WrittenDate, numeral};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Yen,
    Percent,
    /// Tenths: 割.
    Tenth,
    Time(DurationUnit),
    Count(&'static str),
}

/// As written, and what it counts. Units that count the same thing alike share a spelling.
const UNITS: &[(&str, Unit)] = &[
    ("円", Unit::Yen),
    ("%", Unit::Percent),
    ("パーセント", Unit::Percent),
    ("割", Unit::Tenth),
    ("営業日", Unit::Time(DurationUnit::BusinessDay)),
    ("日", Unit::Time(DurationUnit::Day)),
    ("週", Unit::Time(DurationUnit::Week)),
    ("か月", Unit::Time(DurationUnit::Month)),
    ("ヶ月", Unit::Time(DurationUnit::Month)),
    ("カ月", Unit::Time(DurationUnit::Month)),
    ("ケ月", Unit::Time(DurationUnit::Month)),
    ("ヵ月", Unit::Time(DurationUnit::Month)),
    ("箇月", Unit::Time(DurationUnit::Month)),
    ("年", Unit::Time(DurationUnit::Year)),
    ("時間", Unit::Time(DurationUnit::Hour)),
    ("分", Unit::Time(DurationUnit::Minute)),
    ("日分", Unit::Count("日分")),
    ("か月分", Unit::Count("か月分")),
    ("回分", Unit::Count("回分")),
    ("人分", Unit::Count("人分")),
    ("人前", Unit::Count("人前")),
    ("日目", Unit::Count("日目")),
    ("回目", Unit::Count("回目")),
    ("点", Unit::Count("点")),
    ("個", Unit::Count("点")),
    ("品", Unit::Count("点")),
    ("品目", Unit::Count("点")),
    ("世帯", Unit::Count("世帯")),
    ("つ", Unit::Count("点")),
    ("枚", Unit::Count("枚")),
    ("本", Unit::Count("本")),
    ("箱", Unit::Count("箱")),
    ("袋", Unit::Count("袋")),
    ("着", Unit::Count("着")),
    ("足", Unit::Count("足")),
    ("冊", Unit::Count("冊")),
    ("巻", Unit::Count("巻")),
    ("台", Unit::Count("台")),
    ("脚", Unit::Count("脚")),
    ("組", Unit::Count("組")),
    ("件", Unit::Count("件")),
    ("回", Unit::Count("回")),
    ("度", Unit::Count("度")),
    ("℃", Unit::Count("度")),
    ("°c", Unit::Count("度")),
    ("名", Unit::Count("名")),
    ("人", Unit::Count("名")),
    ("通", Unit::Count("通")),
    ("軒", Unit::Count("件")),
    ("通り", Unit::Count("種類")),
    ("ミリ", Unit::Count("mm")),
    ("メートル", Unit::Count("m")),
    ("インチ", Unit::Count("インチ")),
    ("泊", Unit::Count("泊")),
    ("頭", Unit::Count("頭")),
    ("匹", Unit::Count("頭")),
    ("口", Unit::Count("口")),
    ("個口", Unit::Count("個口")),
    ("色", Unit::Count("色")),
    ("種類", Unit::Count("種類")),
    ("セット", Unit::Count("セット")),
    ("パック", Unit::Count("パック")),
    ("缶", Unit::Count("缶")),
    ("瓶", Unit::Count("瓶")),
    ("玉", Unit::Count("玉")),
    ("食", Unit::Count("食")),
    ("ポイント", Unit::Count("ポイント")),
    ("pt", Unit::Count("ポイント")),
    ("倍", Unit::Count("倍")),
    ("歳", Unit::Count("歳")),
    ("才", Unit::Count("歳")),
    ("か所", Unit::Count("か所")),
    ("カ所", Unit::Count("か所")),
    ("階", Unit::Count("階")),
    ("文字", Unit::Count("文字")),
    ("桁", Unit::Count("桁")),
    ("サイズ", Unit::Count("サイズ")),
    ("kg", Unit::Count("kg")),
    ("キロ", Unit::Count("kg")),
    ("g", Unit::Count("g")),
    ("グラム", Unit::Count("g")),
    ("mm", Unit::Count("mm")),
    ("cm", Unit::Count("cm")),
    ("センチ", Unit::Count("cm")),
    ("m", Unit::Count("m")),
    ("ml", Unit::Count("ml")),
    ("l", Unit::Count("l")),
    ("リットル", Unit::Count("l")),
    ("mb", Unit::Count("mb")),
    ("gb", Unit::Count("gb")),
    ("w", Unit::Count("w")),
    ("畳", Unit::Count("畳")),
];

static MEASURE: LazyLock<Regex> = LazyLock::new(|| {
    let mut units: Vec<&str> = UNITS.iter().map(|(word, _)| *word).collect();
    units.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let units = units.join("|");
    crate::language::pattern::regex(&format!(r"(¥\s?)?({})\s?({units})?", numeral::PATTERN))
        .expect("a constant pattern")
});
/// How many characters before an amount may say whether tax is in it.
const TAX_REACH: usize = 8;
static TAX_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"(税込|税抜|税別)[みきで]?\)?の?\s?$").expect("a constant pattern")
});
static TAX_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"^\s?[(【]?(?:消費)?(税込|税抜|税別)").expect("a constant pattern")
});

/// Whether a unit stands at the beginning of a text in normal form.
pub fn begins_with_unit(text: &str) -> bool {
    UNITS.iter().any(|(word, _)| text.starts_with(word))
}

/// A number as written; without a unit it may still begin a range.
struct Token {
    n: Number,
    unit: Option<Unit>,
    bytes: Range<usize>,
}

/// Takes numbers with a unit, ranges as one fact.
pub fn find(text: &str, taken: &mut Taken) {
    let tokens = tokens(text, taken);
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        if let Some((extent, unit, bytes)) = tokens.get(at).and_then(|next| range(text, token, next)) {
            at += 1;
            take(text, taken, extent, unit, bytes);
        } else if let Some(unit) = token.unit.or_else(|| listed(text, &tokens[at - 1..])) {
            take(text, taken, Extent::one(token.n), unit, token.bytes.clone());
        }
    }
    halves(text, taken);
}

/// The unit of the last of 3・5・10回, said once for all.
fn listed(text: &str, tokens: &[Token]) -> Option<Unit> {
    for pair in tokens.windows(2) {
        if text.get(pair[0].bytes.end..pair[1].bytes.start)?.trim() != "・" {
            return None;
        }
        if let Some(unit) = pair[1].unit {
            return Some(unit).filter(|unit| matches!(unit, Unit::Count(_) | Unit::Percent));
        }
    }
    None
}

fn tokens(text: &str, taken: &Taken) -> Vec<Token> {
    let read = |groups: regex::Captures<'_>| {
        let number = groups.get(2)?;
        // A comma of the sentence may trail the digits.
        let digits = number.as_str().trim_end_matches(',');
        let n = numeral::parse(digits)?;
        let written = groups.get(3).filter(|_| digits.len() == number.len()).map(|unit| unit.as_str());
        let mut unit = written.and_then(|word| UNITS.iter().find(|(unit, _)| *unit == word)).map(|(_, unit)| *unit);
        let mut end = number.start() + digits.len();
        if unit.is_some() {
            end = groups.get(3)?.end();
        }
        if groups.get(1).is_some() && unit != Some(Unit::Yen) {
            (unit, end) = (Some(Unit::Yen), number.start() + digits.len());
        }
        let bytes = groups.get(0)?.start()..end;
        let sound = unit.is_none_or(|unit| is_measure(text, digits, unit, &bytes));
        (sound && taken.is_free(&bytes)).then_some(Token { n, unit, bytes })
    };
    MEASURE.captures_iter(text).filter_map(read).collect()
}

/// Whether number and unit are meant as such: not 一部, 第3回, 十分に, 2026年, 3人気.
fn is_measure(text: &str, digits: &str, unit: Unit, bytes: &Range<usize>) -> bool {
    let before = text[..bytes.start].chars().next_back();
    let after = &text[bytes.end..];
    if before.is_some_and(|c| matches!(c, '第' | '唯' | '統' | '均' | '.') || c.is_ascii_alphanumeric()) {
        return false;
    }
    if matches!(unit, Unit::Time(DurationUnit::Year)) && digits.len() >= 4 {
        return false;
    }
    if matches!(unit, Unit::Count("g" | "m" | "l" | "w" | "mm" | "cm" | "kg" | "ml" | "mb" | "gb" | "pt"))
        && after.starts_with(|c: char| c.is_ascii_alphanumeric())
    {
        return false;
    }
    if matches!(unit, Unit::Count("口")) && after.starts_with('座') {
        return false;
    }
    !numeral::is_kanji(digits) || is_counted_in_kanji(digits, unit, before, after)
}

/// Kanji numbers stand in many words; only units that seldom end one are believed.
fn is_counted_in_kanji(digits: &str, unit: Unit, before: Option<char>, after: &str) -> bool {
    if before.is_some_and(|c| "〇一二三四五六七八九十百千万億".contains(c)) {
        return false;
    }
    let one = digits == "一";
    let starts = |words: &[&str]| words.iter().any(|word| after.starts_with(word));
    match unit {
        Unit::Yen | Unit::Percent | Unit::Time(DurationUnit::BusinessDay | DurationUnit::Month) => true,
        Unit::Tenth => starts(&["引", "増", "の", "を"]),
        Unit::Time(DurationUnit::Day | DurationUnit::Year) => {
            starts(&["以内", "間", "後", "前", "ほど", "程度", "以上", "未満", "かか", "保証"])
        }
        Unit::Time(DurationUnit::Week) => starts(&["間"]),
        Unit::Time(DurationUnit::Hour) => true,
        Unit::Time(DurationUnit::Minute) => digits != "十" || starts(&["以内", "間", "後", "ほど", "程度", "前"]),
        Unit::Count("枚" | "箱" | "冊" | "台" | "脚" | "着" | "足" | "袋" | "件" | "種類" | "セット" | "名" | "回") => {
            !(starts(&["気", "一人", "転", "り", "々", "ひとり", "前", "様ひとり"]) || one && starts(&["限", "的"]))
        }
        Unit::Count("点" | "本" | "色") => {
            !(starts(&["張", "化", "物", "当", "木", "的"]) || one && !starts(&["につき"]) && starts(&["に", "を"]))
        }
        Unit::Count("倍" | "回目" | "日目" | "ポイント" | "か所") => true,
        _ => false,
    }
}

fn range(text: &str, from: &Token, to: &Token) -> Option<(Extent, Unit, Range<usize>)> {
    let unit = to.unit?;
    let gap = text.get(from.bytes.end..to.bytes.start)?.trim();
    let same = from.unit.is_none_or(|from| from == unit);
    // 2、3日: neighbours among the small numbers, the unit said once.
    let neighbours = gap == "、" && from.unit.is_none() && to.n.0 == from.n.0.saturating_add(1000) && to.n.0 < 10_000;
    let joined = matches!(gap, "~" | "から" | "-" | "ないし") || neighbours;
    (same && joined && from.n <= to.n).then_some((
        Extent { low: from.n, high: to.n },
        unit,
        from.bytes.start..to.bytes.end,
    ))
}

fn take(text: &str, taken: &mut Taken, n: Extent, unit: Unit, bytes: Range<usize>) {
    let tenfold = |n: Number| Number(n.0.saturating_mul(10));
    if unit == Unit::Time(DurationUnit::Hour) && text[bytes.end..].starts_with('半') {
        let half = |n: Number| Number(n.0.saturating_add(500));
        let n = Extent { low: half(n.low), high: half(n.high) };
        taken.push(Value::Duration { n, unit: DurationUnit::Hour }, bytes.start..bytes.end + '半'.len_utf8());
        return;
    }
    let value = match unit {
        Unit::Yen => Value::Amount { yen: n, tax: tax(text, &bytes) },
        Unit::Percent => Value::Percent(n),
        Unit::Tenth => Value::Percent(Extent { low: tenfold(n.low), high: tenfold(n.high) }),
        Unit::Time(DurationUnit::Day) => match day_of_month(text, taken, n, &bytes) {
            Some(date) => Value::Date(date),
            None => Value::Duration { n, unit: DurationUnit::Day },
        },
        Unit::Time(unit) => Value::Duration { n, unit },
        Unit::Count(unit) => Value::Count { n, unit },
    };
    taken.push(value, bytes);
}

fn tax(text: &str, bytes: &Range<usize>) -> Option<Tax> {
    // 税込み)の is as far as it stands away; the rest of the text before is not searched for every amount.
    let before = &text[..bytes.start];
    let near = before.char_indices().rev().nth(TAX_REACH - 1).map_or(before, |(at, _)| &before[at..]);
    let said = TAX_AFTER.captures(&text[bytes.end..]).or_else(|| TAX_BEFORE.captures(near))?;
    Some(if &said[1] == "税込" { Tax::Included } else { Tax::Excluded })
}

/// 11月20日〜25日 carries its month on; 25日に, 25日(火) are days of a month; all else is a length of time.
fn day_of_month(text: &str, taken: &Taken, n: Extent, bytes: &Range<usize>) -> Option<WrittenDate> {
    let day = u8::try_from(n.low.as_whole().filter(|_| n.low == n.high)?).ok().filter(|day| (1..=31).contains(day))?;
    let before = &text[..bytes.start];
    let after = &text[bytes.end..];
    let carried = taken.before(bytes.start).and_then(|found| match &found.value {
        Value::Date(date) => {
            let gap = text[found.bytes.end..bytes.start].trim();
            (matches!(gap, "~" | "から" | "-" | "・" | "、" | "または" | "か" | "と") && !after.starts_with("以内"))
                .then_some(*date)
        }
        _ => None,
    });
    if let Some(date) = carried {
        return Some(WrittenDate { day: Some(day), weekday: None, ..date });
    }
    let weekday = after.starts_with('(') && after.chars().nth(1).is_some_and(|c| "月火水木金土日".contains(c));
    let counted = ["から", "より", "後", "約", "最短", "最大", "最長", "以降", "中", "まる", "間"]
        .iter()
        .any(|word| before.ends_with(word));
    let happens = [
        "に発送",
        "に出荷",
        "に到着",
        "にお届け",
        "に注文",
        "にご注文",
        "に購入",
        "にご購入",
        "着",
        "発送",
        "頃",
        "ごろ",
        "の午前",
        "の午後",
        "の正午",
        "の夜",
        "のお届け",
        "のご注文",
        "の月曜",
        "の火曜",
        "の水曜",
        "の木曜",
        "の金曜",
        "の土曜",
        "の日曜",
        "が祝日",
        "が連休",
        "が休",
        "は時間",
        "は、",
        "以降で",
    ]
    .iter()
    .any(|word| after.starts_with(word));
    // 明日22日, 22日までに: a deadline is a day where nothing is counted from.
    let named = before.ends_with("月の")
        || before.ends_with('翌')
        || taken
            .before(bytes.start)
            .is_some_and(|found| matches!(found.value, Value::RelativeDay(_)) && found.bytes.end == bytes.start);
    let deadline = after.starts_with("までに") && n.low.as_whole().is_some_and(|n| n > 10) && !before.contains("から");
    (weekday || named || ((happens || deadline) && !counted))
        .then_some(WrittenDate { day: Some(day), ..WrittenDate::default() })
}

/// 半額, 半年 and 半時間 are numbers too.
fn halves(text: &str, taken: &mut Taken) {
    for (at, word) in text.match_indices("半額") {
        taken.push(Value::Percent(Extent::one(Number::whole(50))), at..at + word.len());
    }
    for (at, word) in text.match_indices("半時間") {
        let n = Extent::one(Number::whole(30));
        taken.push(Value::Duration { n, unit: DurationUnit::Minute }, at..at + word.len());
    }
    for (at, word) in text.match_indices("半年") {
        let n = Extent::one(Number::whole(6));
        taken.push(Value::Duration { n, unit: DurationUnit::Month }, at..at + word.len());
    }
}
