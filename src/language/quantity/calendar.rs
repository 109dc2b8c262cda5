//! Days, times of day and weekdays. A bare `14日` is left to `measure`, which tells a day of the month
//! from a length of time.

use std::{ops::Range, sync::LazyLock};

use regex::{Captures, Regex};

use super::{Found, Taken, TimeOfDay, Value, Weekday, WrittenDate, numeral};

const WEEKDAY: &str = r"(?:\s?\(([月火水木金土日])(?:曜日?)?(?:[・/,]?祝日?)?\)|\s?の?([月火水木金土日])曜日?)?";

static DATES: LazyLock<[Regex; 4]> = LazyLock::new(|| {
    let n = r"[0-9]{1,2}|[一二三四五六七八九十]{1,3}";
    [
        format!(r"(?:([0-9]{{4}}|(?:令和|平成)(?:[0-9]{{1,2}}|元))年\s?)?({n})月\s?({n})日{WEEKDAY}"),
        format!(r"([0-9]{{4}})[/.-]([0-9]{{1,2}})[/.-]([0-9]{{1,2}}){WEEKDAY}"),
        format!(r"()([0-9]{{1,2}})/([0-9]{{1,2}}){WEEKDAY}"),
        r"([0-9]{4}|(?:令和|平成)(?:[0-9]{1,2}|元))年\s?([0-9]{1,2})月".to_owned(),
    ]
    .map(|pattern| crate::language::pattern::regex(&pattern).expect("a constant pattern"))
});
static MONTHLY: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"(?:毎月|翌月|翌々月|来月|今月|当月|同月|同)の?([0-9]{1,2})日")
        .expect("a constant pattern")
});
static TIME: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"(午前|午後|夜|朝|am|pm)?\s?(?:([0-9]{1,2}|[一二三四五六七八九十]{1,3})時(?:([0-9]{1,2})分|(半))?|([0-9]{1,2}):([0-9]{2}))|正午")
        .expect("a constant pattern")
});
/// As many days as a week has: without a limit a run of 日 is read again from each of its characters.
static WEEKDAYS: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"([月火水木金土日])曜日?(?:から|~|-)([月火水木金土日])曜日?|([月火水木金土日])[~-]([月火水木金土日])(?:曜|\))|(?:[月火水木金土日](?:曜日?)?[・、,とや]?){0,7}[月火水木金土日]曜日?(?:[・、,とや]?祝日?)?|土・?日・?祝日?|土日|平日|祝日")
        .expect("a constant pattern")
});
const RELATIVE: &[(&str, i8)] = &[
    ("明々後日", 3),
    ("明後日", 2),
    ("あさって", 2),
    ("明日", 1),
    ("あす", 1),
    ("本日", 0),
    ("今日", 0),
    ("昨日", -1),
    ("一昨日", -2),
];
const PERIODS: &[&str] = &["来週", "再来週", "今週", "先週", "来月", "再来月", "今月", "先月", "来年", "今年", "昨年"];

/// Takes days first: their digits belong to no other pattern.
pub fn find(text: &str, taken: &mut Taken) {
    for (at, pattern) in DATES.iter().enumerate() {
        for groups in pattern.captures_iter(text) {
            let Some(whole) = groups.get(0) else { continue };
            let range = whole.range();
            if !touches_digits(text, &range)
                && let Some(date) = date(&groups)
                && (at != 2 || date.weekday.is_some() || reads_as_day(&text[range.end..]))
            {
                taken.push(Value::Date(date), range);
            }
        }
    }
    for groups in MONTHLY.captures_iter(text) {
        if let (Some(whole), Some(day)) = (groups.get(0), small(&groups[1]).filter(|day| (1..=31).contains(day))) {
            taken.push(Value::Date(WrittenDate { day: Some(day), ..WrittenDate::default() }), whole.range());
        }
    }
    times(text, taken);
    weekdays(text, taken);
    relatives(text, taken);
}

/// `1/2` may be a half; a particle or a range after it makes it a day.
fn reads_as_day(after: &str) -> bool {
    ["まで", "必着", "から", "に", "以降", "の", "発", "着", "~", "より", "頃", "ごろ", "、", "は"]
        .iter()
        .any(|word| after.starts_with(word))
}

/// Whether the digits go on outside: a slash goes on where a digit stands on both sides of it.
fn touches_digits(text: &str, range: &Range<usize>) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    let own = &text[range.clone()];
    let goes_on = |c: char, inner: Option<char>| (digit(c) || c == '/') && inner.is_some_and(digit);
    text[..range.start].chars().next_back().is_some_and(|c| goes_on(c, own.chars().next()))
        || text[range.end..].chars().next().is_some_and(|c| goes_on(c, own.chars().next_back()))
}

fn date(groups: &Captures<'_>) -> Option<WrittenDate> {
    let part = |at: usize| groups.get(at).map(|group| group.as_str()).filter(|text| !text.is_empty());
    let year = match part(1) {
        Some(text) => Some(year(text)?),
        None => None,
    };
    let month = small(part(2)?).filter(|month| (1..=12).contains(month))?;
    let day = match part(3) {
        Some(text) => Some(small(text).filter(|day| (1..=31).contains(day))?),
        None => None,
    };
    let weekday = part(4).or(part(5)).and_then(|text| weekday(text.chars().next()?));
    Some(WrittenDate { year, month: Some(month), day, weekday })
}

fn year(text: &str) -> Option<u16> {
    for (era, before) in [("令和", 2018), ("平成", 1988)] {
        if let Some(count) = text.strip_prefix(era) {
            return Some(before + if count == "元" { 1 } else { count.parse::<u16>().ok()? });
        }
    }
    text.parse().ok()
}

fn small(text: &str) -> Option<u8> {
    numeral::parse(text)?.as_whole()?.try_into().ok()
}

fn weekday(c: char) -> Option<Weekday> {
    use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    Some(match c {
        '月' => Monday,
        '火' => Tuesday,
        '水' => Wednesday,
        '木' => Thursday,
        '金' => Friday,
        '土' => Saturday,
        '日' => Sunday,
        _ => return None,
    })
}

/// 18~20時: the hour said once.
static HOURS: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"([0-9]{1,2})\s?[~-]\s?([0-9]{1,2})時").expect("a constant pattern")
});

fn times(text: &str, taken: &mut Taken) {
    for groups in HOURS.captures_iter(text) {
        let (Some(whole), Some(from), Some(to)) = (groups.get(0), small(&groups[1]), small(&groups[2])) else {
            continue;
        };
        let at = |hour| TimeOfDay { hour, minute: 0 };
        let hours = from < to && to <= 30 && !text[whole.end()..].starts_with(['間', '半']);
        if hours && !touches_digits(text, &whole.range()) {
            taken.push(Value::TimeRange(at(from), at(to)), whole.range());
        }
    }
    for groups in TIME.captures_iter(text) {
        let Some(whole) = groups.get(0) else { continue };
        let after = &text[whole.end()..];
        // 24時間 is a length, 当時 and 随時 have no number, 3時点 does not occur.
        if after.starts_with('間') || touches_digits(text, &whole.range()) || is_word(text, &groups) {
            continue;
        }
        if let Some(time) = time(&groups) {
            taken.push(Value::Time(time), whole.range());
        }
    }
}

/// 一時的に, 一時休業: kanji that make a word rather than an hour.
fn is_word(text: &str, groups: &Captures<'_>) -> bool {
    let Some(hour) = groups.get(2).filter(|hour| numeral::is_kanji(hour.as_str())) else { return false };
    let after = &text[hour.end()..];
    hour.as_str() == "一" && !["時に", "時から", "時まで", "時半", "時頃"].iter().any(|word| after.starts_with(word))
}

fn time(groups: &Captures<'_>) -> Option<TimeOfDay> {
    if &groups[0] == "正午" {
        return Some(TimeOfDay { hour: 12, minute: 0 });
    }
    let hour = small(groups.get(2).or(groups.get(5))?.as_str())?;
    let minute = match (groups.get(3).or(groups.get(6)), groups.get(4)) {
        (Some(minute), _) => small(minute.as_str())?,
        (None, Some(_)) => 30,
        (None, None) => 0,
    };
    let afternoon = matches!(groups.get(1).map(|half| half.as_str()), Some("午後" | "夜" | "pm"));
    let hour = if afternoon && hour < 12 { hour + 12 } else { hour };
    (hour <= 30 && minute < 60).then_some(TimeOfDay { hour, minute })
}

fn weekdays(text: &str, taken: &mut Taken) {
    const HOLIDAY: u8 = 1 << 7;
    for groups in WEEKDAYS.captures_iter(text) {
        let Some(whole) = groups.get(0) else { continue };
        let ends = |from: usize| Some((groups.get(from)?.as_str(), groups.get(from + 1)?.as_str()));
        let bit = |text: &str| text.chars().next().and_then(weekday).map_or(0, |day| day as u8);
        let set = if let Some((from, to)) = ends(1).or(ends(3)) {
            (bit(from)..=bit(to)).fold(0, |set, day| set | 1 << day)
        } else if whole.as_str() == "平日" {
            0b1_1111
        } else {
            let named = whole.as_str().replace("曜日", "").replace("曜", "").replace("祝日", "祝");
            let holiday = if named.contains('祝') { HOLIDAY } else { 0 };
            named.chars().filter_map(weekday).fold(holiday, |set, day| set | 1 << day as u8)
        };
        if set != 0 {
            taken.push(Value::Weekdays(set), whole.range());
        }
    }
}

fn relatives(text: &str, taken: &mut Taken) {
    for (word, days) in RELATIVE {
        for (at, _) in text.match_indices(word) {
            taken.push(Value::RelativeDay(*days), at..at + word.len());
        }
    }
    for word in PERIODS {
        for (at, _) in text.match_indices(word) {
            taken.push(Value::RelativePeriod(word), at..at + word.len());
        }
    }
}

/// 10時から17時 becomes one fact; a bare end after 午後 is afternoon too.
pub fn join_times(text: &str, found: impl Iterator<Item = Found>) -> Vec<Found> {
    let mut joined: Vec<Found> = Vec::new();
    for next in found {
        if let (Some(last), Value::Time(to)) = (joined.last_mut(), &next.value)
            && let Value::Time(from) = last.value
            && matches!(text[last.bytes.end..next.bytes.start].trim(), "~" | "から" | "-" | "より")
        {
            let late = from.hour >= 12 && to.hour < from.hour && to.hour + 12 > from.hour && to.hour < 12;
            let to = TimeOfDay { hour: if late { to.hour + 12 } else { to.hour }, ..*to };
            last.value = Value::TimeRange(from, to);
            last.bytes.end = next.bytes.end;
            continue;
        }
        joined.push(next);
    }
    joined
}
