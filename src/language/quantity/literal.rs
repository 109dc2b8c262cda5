//! What is taken letter by letter: web and mail addresses, telephone numbers, codes.

use std::sync::LazyLock;

use regex::Regex;

use super::{Taken, Value};

static URL: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(
        r"https?://[!-~]+|(?:[a-z0-9-]+\.)+(?:co\.jp|or\.jp|ne\.jp|jp|com|net|org|shop|store|example|info)(?:/[!-~]*)?",
    )
    .expect("a constant pattern")
});
static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+").expect("a constant pattern")
});
static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"(?:\+81[- ]?|0)[0-9]{1,4}[- (][0-9]{1,4}[-) ][0-9]{3,4}|0[0-9]{9,10}")
        .expect("a constant pattern")
});
/// Letters and digits in one word, or digits after the word that says they are a number of something.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(
        r"[a-z]{1,8}(?:-[a-z]{1,6})?-?[0-9]{3,}(?:-?[a-z0-9]+)*|[a-z]{1,8}-[0-9]+(?:-[a-z0-9]+)*|[0-9]{2,}(?:-[a-z0-9]*[0-9][a-z0-9]*){1,4}|[0-9]{8,}",
    )
    .expect("a constant pattern")
});
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"(?:番号|品番|型番|コード)[はが:「\s]*(?:no\.?)?([0-9a-z][0-9a-z-]{3,})")
        .expect("a constant pattern")
});

/// Takes them, the surest first.
pub fn find(text: &str, taken: &mut Taken) {
    for found in EMAIL.find_iter(text) {
        taken.push(Value::Email(found.as_str().to_owned()), found.range());
    }
    for found in URL.find_iter(text) {
        let address = found.as_str().trim_end_matches(['.', ',', ')', '>', ']', '"', '\'', ';', ':', '!', '?']);
        let value = address.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
        taken.push(Value::Url(value.to_owned()), found.start()..found.start() + address.len());
    }
    for groups in NUMBERED.captures_iter(text) {
        let (Some(whole), Some(found)) = (groups.get(0), groups.get(1)) else { continue };
        let before = &text[..whole.start()];
        if ["電話", "携帯", "fax", "ファックス"].iter().any(|word| before.ends_with(word)) {
            continue;
        }
        taken.push(Value::Code(found.as_str().trim_end_matches('-').to_owned()), found.range());
    }
    for found in PHONE.find_iter(text).filter(|found| stands_alone(text, found.range())) {
        taken.push(Value::Phone(dialled(found.as_str())), found.range());
    }
    for found in CODE.find_iter(text).filter(|found| stands_alone(text, found.range()) && !is_day(found.as_str())) {
        taken.push(Value::Code(found.as_str().to_owned()), found.range());
    }
}

fn dialled(written: &str) -> String {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("81") {
        Some(rest) if written.starts_with('+') => format!("0{rest}"),
        _ => digits,
    }
}

fn stands_alone(text: &str, range: std::ops::Range<usize>) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    // A currency sign or a unit makes it a quantity, not a code.
    !before.is_some_and(|c| inner(c) || c == '¥') && !after.is_some_and(|c| inner(c) || "円個点%年月時".contains(c))
}

/// `2026-11-23` is a day.
fn is_day(code: &str) -> bool {
    let mut parts = code.split('-').map(str::len);
    code.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
        && parts.next() == Some(4)
        && parts.clone().count() == 2
        && parts.all(|len| len <= 2)
}
