//! Two honorific devices of one kind on one predicate.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    language::pattern::pattern,
    tone::Reading,
};

/// Doubled honorifics: 「ご覧になられる」「おっしゃられる」「拝見させていただく」.
pub(super) struct DoubleKeigo;

/// 「お元気になる」「お世話になる」 are no honorific frame, so 「になられる」 is single there; 「お亡くなりになられる」 has settled.
const NO_FRAME: &[&str] = &[
    "お元気",
    "お世話",
    "お上手",
    "お好き",
    "お嫌い",
    "お静か",
    "お綺麗",
    "お暇",
    "お病気",
    "お気",
    "お母様",
    "お父様",
    "お客様",
    "お幸せ",
    "お力",
    "お得",
    "お亡くなり",
    "お年寄り",
    "お年",
    "お近く",
    "お友達",
    "ご不安",
    "ご立派",
    "ご病気",
    "ご高齢",
    "ご心配",
    "ご家族",
    "ご夫婦",
    "お大事",
    "お久しぶり",
    "お一人",
    "ご一緒",
    "お医者",
    "ご覧",
];

impl ToneRule for DoubleKeigo {
    fn category(&self) -> Category {
        Category::DoubleKeigo
    }

    fn explain(&self) -> &'static str {
        "Two honorific devices of the same kind on one predicate; one of them is enough."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        let frame = pattern!(r"[お御ご](?:\p{Han}|[ぁ-ん]){1,7}?になられ(?:て|た|ます|まし|ませ|る|れば|な)?");
        for range in reading.find(frame) {
            let words = reading.at(&range);
            let stem = words.split("になられ").next().unwrap_or_default();
            if stem == "ご覧" || !NO_FRAME.contains(&stem) {
                report(reading, setting, range.clone(), words.replacen("になられ", "になり", 1), out);
            }
        }
        let verb = pattern!(
            r"(?P<respect>(?:お?っ?しゃ|おっしゃ|いらっしゃ|仰|仰有|召し上が|召しあが|めしあが|なさ|くださ)ら?られ(?:て|た|ます|まし|ませ|る|れば|な)|なされ(?:ますか|ましたか))|",
            r"お伺いさせて(?:いただ|頂)|(?:拝見|拝読|拝借|拝聴|拝受|申し上げ)させて(?:いただ|頂)[ぁ-ん]{0,3}"
        );
        for range in reading.find(verb) {
            let words = reading.at(&range).to_owned();
            report(reading, setting, range, single(&words), out);
        }
    }
}

fn report(
    reading: &Reading,
    setting: &Setting,
    range: std::ops::Range<usize>,
    rewrite: String,
    out: &mut Vec<NewFinding>,
) {
    if !setting.allows(reading, &range) {
        let rewrite = settle(&rewrite);
        out.push(setting.at(reading, &range, Some(rewrite)));
    }
}

/// One device taken off.
fn single(words: &str) -> String {
    let plain = [("お伺いさせていただ", "お伺いいたし"), ("させていただ", "いたし"), ("させて頂", "いたし")];
    for (double, one) in plain {
        if let Some((head, _)) = words.split_once(double) {
            return format!("{head}{one}ます");
        }
    }
    words.replacen("られ", "り", 1)
}

/// The ending that goes with the mended stem: 「になりた」 is 「になった」.
fn settle(words: &str) -> String {
    for (raw, good) in [
        ("になりて", "になって"),
        ("になりた", "になった"),
        ("になりる", "になる"),
        ("になりれば", "になれば"),
        ("になりな", "にならな"),
    ] {
        if let Some(head) = words.strip_suffix(raw) {
            return format!("{head}{good}");
        }
    }
    for (raw, good) in [("りて", "って"), ("りた", "った"), ("りる", "る"), ("りれば", "れば"), ("りな", "らな")]
    {
        if let Some(head) = words.strip_suffix(raw) {
            return format!("{head}{good}");
        }
    }
    words.to_owned()
}
