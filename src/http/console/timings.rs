//! How long the stages of a draft took: a bar for each, one behind the other as they came, with its number beside it.

use std::time::Duration;

use super::lang::Lang;
use crate::domain::Suggestion;

/// The stages on one line of time.
pub struct Timeline {
    /// The chart in a sentence.
    pub label: String,
    /// The stages that took place.
    pub rows: Vec<Row>,
}

/// One stage.
pub struct Row {
    /// What was done.
    pub word: &'static str,
    /// Where its bar begins, and how long it is; the whole is 1000.
    pub x: u128,
    pub width: u128,
    /// How long it took.
    pub took: String,
    /// How much of it a model took; empty where none was asked.
    pub model: String,
}

impl Timeline {
    const WIDTH: u128 = 1_000;
    /// What took no time to speak of is still to be seen.
    const LEAST: u128 = 6;

    /// Of a suggestion; `None` where nobody measured.
    pub fn of(lang: Lang, suggestion: &Suggestion) -> Option<Self> {
        let timings = suggestion.timings;
        let asked: u64 = suggestion.asked.attempts.iter().map(|attempt| attempt.duration_ms).sum();
        let stages = [
            (lang.say("根拠を探す", "Finding sources"), timings.retrieval, 0),
            (lang.say("下書きを作る", "Writing"), timings.drafting, asked),
            (lang.say("照合と表現の確認", "Checking"), timings.checks, 0),
        ];
        let whole = timings.total().as_micros().max(1);
        let (mut rows, mut before, mut longest) = (Vec::new(), Duration::ZERO, ("", Duration::ZERO));
        for (word, stage, asked) in stages {
            let Some(time) = stage else { continue };
            let width = (time.as_micros() * Self::WIDTH / whole).max(Self::LEAST);
            let x = (before.as_micros() * Self::WIDTH / whole).min(Self::WIDTH - width.min(Self::WIDTH));
            let model = if asked > 0 { took(lang, Duration::from_millis(asked)) } else { String::new() };
            rows.push(Row { word, x, width, took: took(lang, time), model });
            before += time;
            longest = if time > longest.1 { (word, time) } else { longest };
        }
        (!timings.is_empty()).then(|| Self { label: label(lang, timings.total(), longest, rows.len()), rows })
    }
}

fn label(lang: Lang, total: Duration, longest: (&str, Duration), stages: usize) -> String {
    let (all, (word, time)) = (took(lang, total), longest);
    match (lang, stages) {
        (Lang::Ja, ..=1) => format!("かかった時間は{all}です。"),
        (Lang::Ja, _) => {
            format!("かかった時間は合わせて{all}、いちばん長いのは「{word}」の{}です。", took(lang, time))
        }
        (Lang::En, ..=1) => format!("It took {all}."),
        (Lang::En, _) => format!("It took {all} in all, most of it “{word}” with {}.", took(lang, time)),
    }
}

/// 1.84秒, 12.3ミリ秒.
pub fn took(lang: Lang, time: Duration) -> String {
    let (micros, ms, s) = (time.as_micros(), lang.say("ミリ秒", " ms"), lang.say("秒", " s"));
    match micros {
        0..100_000 => format!("{}.{}{ms}", micros / 1_000, micros % 1_000 / 100),
        100_000..1_000_000 => format!("{}{ms}", micros / 1_000),
        _ => format!("{}.{:02}{s}", micros / 1_000_000, micros % 1_000_000 / 10_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_the_unit_that_people_have_a_feeling_for() {
        let of = |micros| took(Lang::Ja, Duration::from_micros(micros));
        let told = [40, 3_120, 99_900, 503_900, 1_844_000].map(of);
        assert_eq!(told, ["0.0ミリ秒", "3.1ミリ秒", "99.9ミリ秒", "503ミリ秒", "1.84秒"]);
        assert_eq!(took(Lang::En, Duration::from_millis(12)), "12.0 ms");
    }

    #[test]
    fn the_sentence_names_what_took_longest() {
        let longest = ("下書きを作る", Duration::from_micros(1_804_000));
        let said = label(Lang::Ja, Duration::from_micros(1_810_000), longest, 3);
        assert_eq!(said, "かかった時間は合わせて1.81秒、いちばん長いのは「下書きを作る」の1.80秒です。");
        assert_eq!(label(Lang::En, longest.1, longest, 1), "It took 1.80 s.");
    }
}
