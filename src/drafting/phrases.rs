//! The brand's set phrases, with the neutral ones of `prompts/letter.yaml` where the guide has none.

use std::{collections::BTreeMap, sync::OnceLock};

use serde::Deserialize;

use super::{Brief, Task};
use crate::{
    domain::{Formulas, Missing, Situation},
    language::signals::Purpose,
};

/// The shape of `prompts/letter.yaml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Neutral {
    opening: Vec<String>,
    closing: Vec<String>,
    take_up: BTreeMap<String, String>,
    next_step: BTreeMap<String, String>,
    acknowledge: BTreeMap<String, String>,
    clarify: BTreeMap<String, String>,
    empathy: String,
    anger: String,
    record: String,
    topic: String,
}

fn neutral() -> &'static Neutral {
    static NEUTRAL: OnceLock<Neutral> = OnceLock::new();
    NEUTRAL.get_or_init(|| {
        serde_saphyr::from_str(include_str!("../../prompts/letter.yaml")).expect("prompts/letter.yaml is tested")
    })
}

/// Set phrases for one letter.
pub struct Phrases<'a> {
    formulas: &'a Formulas,
    situation: Situation,
    topic: String,
}

impl<'a> Phrases<'a> {
    pub fn of(brief: &'a Brief<'_>) -> Self {
        let situation = spoken_of(brief);
        let topic = topic(brief, &situation);
        Self { formulas: &brief.guide().brand.formulas, situation, topic }
    }

    /// The same without a word of the customer's in it, for where foreign words must not stand.
    pub fn plain(brief: &'a Brief<'_>) -> Self {
        let situation = spoken_of(brief);
        let topic = matter(brief, &situation).to_owned();
        Self { formulas: &brief.guide().brand.formulas, situation, topic }
    }

    /// The situation that they speak of.
    pub fn situation(&self) -> &Situation {
        &self.situation
    }

    pub fn opening(&self) -> String {
        let own = nameless(&self.formulas.opening);
        own.or_else(|| nameless(&neutral().opening)).unwrap_or_default()
    }

    pub fn closing(&self) -> String {
        let own = nameless(&self.formulas.closing);
        own.or_else(|| nameless(&neutral().closing)).unwrap_or_default()
    }

    /// The sentence that takes up what the customer wrote.
    pub fn take_up(&self) -> String {
        self.by_situation(&self.formulas.take_up, &neutral().take_up).replace("{topic}", &self.topic)
    }

    /// What happens next, or what the customer can do.
    pub fn next_step(&self) -> String {
        self.by_situation(&self.formulas.next_step, &neutral().next_step).replace("{topic}", &self.topic)
    }

    /// What can be done instead, under the key `refusal` of the next steps.
    pub fn after_refusal(&self) -> String {
        let own = self.formulas.next_step.get("refusal");
        own.or_else(|| neutral().next_step.get("refusal")).cloned().unwrap_or_default()
    }

    pub fn empathy(&self) -> String {
        self.formulas.empathy.clone().unwrap_or_else(|| neutral().empathy.clone())
    }

    /// What receives anger; the guide's own word for feelings where it has none for this.
    pub fn anger(&self) -> String {
        self.formulas.anger.clone().unwrap_or_else(|| neutral().anger.clone())
    }

    pub fn acknowledge(&self, purpose: Purpose) -> String {
        let word = match purpose {
            Purpose::Praise => "praise",
            Purpose::Feedback => "feedback",
            Purpose::Greeting => "greeting",
            Purpose::Thanks | Purpose::Asks => "thanks",
        };
        entry(&self.formulas.acknowledge, &neutral().acknowledge, word)
    }

    pub fn clarify(&self, missing: Missing) -> String {
        entry(&self.formulas.clarify, &neutral().clarify, missing.as_str())
    }

    /// A fact of the case as a sentence.
    pub fn record(&self, name: &str, value: &str) -> String {
        // A value is a value and not a text of its own: lines become one, the sentence is ours to end.
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        let value = value.trim_end_matches(['。', '.']).replace('。', "、");
        neutral().record.replace("{name}", name).replace("{value}", &value)
    }

    /// The guide's phrase for the situation, then the neutral one for the situation, because an apology that
    /// is missing weighs more than a voice that is not quite the brand's; then the defaults in the same order.
    fn by_situation(&self, own: &BTreeMap<String, String>, neutral: &BTreeMap<String, String>) -> String {
        let situation = self.situation.as_str();
        let found = own.get(situation).or_else(|| neutral.get(situation));
        found.or_else(|| own.get("default")).or_else(|| neutral.get("default")).cloned().unwrap_or_default()
    }
}

fn entry(own: &BTreeMap<String, String>, neutral: &BTreeMap<String, String>, word: &str) -> String {
    own.get(word).or_else(|| neutral.get(word)).cloned().unwrap_or_default()
}

/// The first phrase that needs no person's name; else the first, with the name's place closed.
fn nameless(phrases: &[String]) -> Option<String> {
    let plain = phrases.iter().find(|phrase| !phrase.contains("{operator}"));
    plain
        .cloned()
        .or_else(|| phrases.first().map(|phrase| phrase.replace("の{operator}", "").replace("{operator}", "")))
}

/// The situation that the letter speaks of. A guess that the answer itself does not bear out would take up what
/// nobody wrote (「配送状況の件」 above a word about fees), so it stays unsaid; trouble is always taken up, because an
/// apology too many weighs less than one too few.
fn spoken_of(brief: &Brief<'_>) -> Situation {
    let guess = brief.situation();
    if brief.task != Task::Answer || brief.vocabulary.is_trouble(guess) {
        return guess.clone();
    }
    let answers = brief.evidence.iter().find(|item| item.revision().is_some());
    let borne_out =
        answers.is_none_or(|item| brief.vocabulary.classify_title(&item.title).all().any(|named| named == guess));
    if borne_out { guess.clone() } else { Situation::other() }
}

/// What the inquiry is about, as a short noun phrase: the product where one was named, and the matter.
fn topic(brief: &Brief<'_>, situation: &Situation) -> String {
    let matter = matter(brief, situation);
    let product = brief.given.products.first().map(|(name, _)| name.as_str()).filter(|name| {
        // A name from the signature is no product; 「登録を」 is no name.
        let named =
            brief.inquiry.contains(name) && !name.ends_with(['を', 'が', 'は', 'に', 'で', 'と', 'の', 'も', 'へ']);
        // A name the matter already holds, or one too long to take up, would only weigh the sentence down.
        named && name.chars().count() <= 20 && !matter.contains(name) && !name.contains(matter)
    });
    match product {
        Some(name) if matter != neutral().topic => format!("「{name}」の{matter}"),
        _ => matter.to_owned(),
    }
}

fn matter<'a>(brief: &'a Brief<'_>, situation: &Situation) -> &'a str {
    let matter = brief.vocabulary.entry(situation).map(|entry| entry.topic.as_str()).unwrap_or_default();
    if matter.is_empty() { neutral().topic.as_str() } else { matter }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_neutral_phrases_are_complete() {
        let neutral = neutral();
        for missing in ["order_number", "product", "detail", "date", "photo"] {
            assert!(neutral.clarify.contains_key(missing), "{missing}");
        }
        for word in ["thanks", "praise", "greeting", "feedback"] {
            assert!(neutral.acknowledge.contains_key(word), "{word}");
        }
        assert!(neutral.take_up.contains_key("default"));
        assert!(["default", "refusal"].iter().all(|key| neutral.next_step.contains_key(*key)));
    }

    #[test]
    fn an_opening_without_a_persons_name_is_preferred() {
        let phrases = ["担当の{operator}です。".to_owned(), "こんにちは。".to_owned()];
        assert_eq!(nameless(&phrases).unwrap(), "こんにちは。");
        assert_eq!(nameless(&phrases[..1]).unwrap(), "担当です。");
    }
}
