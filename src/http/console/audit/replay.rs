//! A draft made again, in words: the same, or where it differs.

use std::collections::BTreeMap;

use super::super::lang::Lang;
use crate::app::{AppError, Replay};

/// What came of it.
pub struct Replayed {
    /// `fine`, `caution` or `blocked`.
    pub tone: &'static str,
    /// Its mark.
    pub mark: &'static str,
    /// In a sentence.
    pub head: String,
    /// What it means.
    pub detail: String,
    /// Where it differs: the part, and each place with what was and what is.
    pub parts: Vec<Part>,
}

/// A part of the record that differs.
pub struct Part {
    /// What it is called.
    pub word: &'static str,
    /// The places in it: pointer, then, now.
    pub places: Vec<(String, String, String)>,
}

/// In words; a draft that cannot be made again is an answer too.
pub fn replayed(lang: Lang, replay: Result<Replay, AppError>) -> Result<Replayed, AppError> {
    match replay {
        Ok(replay) if replay.differences.is_empty() => Ok(same(lang, &replay)),
        Ok(replay) => Ok(differs(lang, replay)),
        Err(AppError::Unreplayable(why)) => Ok(Replayed {
            tone: "caution",
            mark: "clock",
            head: lang.say("この下書きは再現できません", "This draft cannot be made again").to_owned(),
            detail: match lang {
                Lang::Ja => format!("記録はそのまま読めます。再現に要る材料が残っていないためです（{why}）。"),
                Lang::En => format!("The record can be read as it is; {why}."),
            },
            parts: Vec::new(),
        }),
        Err(error) => Err(error),
    }
}

fn same(lang: Lang, replay: &Replay) -> Replayed {
    let newer = replay.build_then != replay.build_now;
    Replayed {
        tone: "fine",
        mark: "supported",
        head: lang.say("同じ下書きが、もう一度できました", "The same draft was made again").to_owned(),
        detail: match newer {
            false => lang.say(
                "そのときの文書・ガイド・設定と、そのときのモデルの答えから作り直し、文面・根拠・照合のすべてが一致しました。",
                "Made from the documents, guide, settings and model answers of then; text, sources and checks all agree.",
            ),
            true => lang.say(
                "いまのプログラムは当時より新しい版ですが、文面・根拠・照合のすべてが一致しました。",
                "Today's program is a newer build; text, sources and checks all agree nevertheless.",
            ),
        }
        .to_owned(),
        parts: Vec::new(),
    }
}

fn differs(lang: Lang, replay: Replay) -> Replayed {
    let newer = replay.build_then != replay.build_now;
    let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
    for difference in replay.differences {
        let (rank, word) = part(lang, &difference.pointer);
        let shown = |value: Option<serde_json::Value>| value.map(|value| value.to_string()).unwrap_or_default();
        let place = (difference.pointer, shown(difference.then), shown(difference.now));
        parts.entry(rank).or_insert_with(|| Part { word, places: Vec::new() }).places.push(place);
    }
    let words: Vec<&str> = parts.values().map(|part| part.word).collect();
    let joined = words.join(lang.say("・", ", "));
    Replayed {
        tone: "caution",
        mark: "weak",
        head: match lang {
            Lang::Ja => format!("{joined}が、記録と違いました"),
            Lang::En => format!("Not as recorded: {joined}"),
        },
        detail: match newer {
            true => lang.say(
                "プログラムの版が当時と違います。違いはそのためかもしれません。記録そのものは変わっていません。",
                "The program is another build than then, which may be why. The record itself is unchanged.",
            ),
            false => lang.say(
                "同じ版のプログラムで違いが出ました。管理者に知らせてください。記録そのものは変わっていません。",
                "The build is the same, so this should not be: tell an admin. The record itself is unchanged.",
            ),
        }
        .to_owned(),
        parts: parts.into_values().collect(),
    }
}

/// What a place of the record belongs to; the first matters most.
fn part(lang: Lang, pointer: &str) -> (usize, &'static str) {
    const PARTS: [(&str, &str, &str); 9] = [
        ("/draft", "文面", "the text"),
        ("/outcome", "結論", "the outcome"),
        ("/checks/grounding", "根拠との照合", "the comparison with the sources"),
        ("/checks", "表現の確認", "the tone checks"),
        ("/evidence", "根拠", "the sources"),
        ("/making", "検索", "the search"),
        ("/asked", "モデルへの指示", "what the model was asked"),
        ("/judged", "表現の判定", "the judgement of its tone"),
        ("/entailed", "照合の判定", "the second reading"),
    ];
    let found = PARTS.iter().position(|(start, ..)| pointer.starts_with(start));
    match found {
        Some(at) => (at, lang.say(PARTS[at].1, PARTS[at].2)),
        None => (PARTS.len(), lang.say("そのほか", "other parts")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_belongs_to_the_part_that_people_know() {
        assert_eq!(part(Lang::Ja, "/draft/text").1, "文面");
        assert_eq!(part(Lang::Ja, "/checks/grounding/verdicts/0/verdict").1, "根拠との照合");
        assert_eq!(part(Lang::Ja, "/checks/findings/0").1, "表現の確認");
        assert_eq!(part(Lang::En, "/guide").1, "other parts");
    }

    #[test]
    fn what_cannot_be_made_again_is_said_and_not_refused() {
        let said = replayed(Lang::Ja, Err(AppError::Unreplayable("its synonyms were not recorded"))).unwrap();
        assert!(said.tone == "caution" && said.head.contains("再現できません"), "{}", said.head);
        assert!(replayed(Lang::Ja, Err(AppError::Panicked)).is_err());
    }
}
