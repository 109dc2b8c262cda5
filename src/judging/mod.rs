//! A model as a second reader of tone, for what no rule sees well: what it is asked about a draft, and what its answer is
//! worth. Asking is the asking room's.
//!
//! It only adds: a finding of a rule is never taken back for it. What it says counts where it can be checked: a category of
//! a closed list that the guide checks, and words that stand in the draft, letter by letter, in one sentence.

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    domain::{Category, Citing, Failure, NewFinding, Prompt, Scope, Span},
    language::{mask::Mask, sentence::sentences},
    ports::Tokenizer,
    prompts::{PromptFiles, TemplateError, unfenced, without_thoughts},
    tone::Checker,
};

const FOLDER: &str = "judge";

/// What it is asked about: categories that need judgement. The others are settled by rules, where a model would only guess.
pub const JUDGED: [Category; 10] = [
    Category::PushAway,
    Category::Blaming,
    Category::BlameShift,
    Category::ColdStiff,
    Category::Overpromise,
    Category::VagueFollowup,
    Category::ReaskKnownInfo,
    Category::BadTimingCrossSell,
    Category::LegalClaim,
    Category::MissingEmpathy,
];

/// Words that are quoted have so many characters at most: a whole letter is no place.
const QUOTE_CHARS: usize = 80;
/// No draft departs in more places; what comes after is not read.
const FINDINGS: usize = 20;

/// The prompt files of `prompts/judge/`, every slot of them tried.
pub struct JudgeFiles(PromptFiles);

/// What is judged.
pub struct Case<'a> {
    /// By which guide.
    pub tone: &'a Checker,
    /// What the customer wrote.
    pub inquiry: &'a str,
    /// What it is about, as people say it.
    pub situation: &'a str,
    /// The letter.
    pub draft: &'a str,
    /// What rules see in it.
    pub found: &'a [NewFinding],
    /// Marks the quotations of this prompt, and stands in none of them.
    pub nonce: &'a str,
}

/// What an answer is worth.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judgement {
    /// What holds.
    pub findings: Vec<NewFinding>,
    /// How many of its claims did not.
    pub dropped: usize,
}

#[derive(Serialize)]
struct Item<'a> {
    category: &'static str,
    clause: &'a str,
}

#[derive(Deserialize)]
struct Answer {
    findings: Vec<Claim>,
}

#[derive(Deserialize)]
struct Claim {
    category: String,
    quote: String,
}

impl JudgeFiles {
    /// Those that the binary carries.
    pub fn builtin() -> Self {
        let system = include_str!("../../prompts/judge/system.txt").to_owned();
        let user = include_str!("../../prompts/judge/user.txt").to_owned();
        let files = PromptFiles::new(FOLDER, system, user).and_then(Self::tried);
        files.expect("prompts/judge is tested")
    }

    /// Those of a folder of prompts; the binary's where it has no `judge/`.
    pub fn read(prompts: &Path) -> Result<Self, TemplateError> {
        if !prompts.join(FOLDER).is_dir() {
            return Ok(Self::builtin());
        }
        Self::tried(PromptFiles::read(prompts, FOLDER)?)
    }

    /// Those of a record.
    pub fn recorded(texts: &BTreeMap<String, String>) -> Result<Self, TemplateError> {
        Self::tried(PromptFiles::recorded(texts, FOLDER)?)
    }

    /// Each file's words by its name, for the record.
    pub fn texts(&self) -> impl Iterator<Item = (String, String)> + '_ {
        self.0.texts()
    }

    fn tried(files: PromptFiles) -> Result<Self, TemplateError> {
        let item = Item { category: "x", clause: "x" };
        files.system(&json!({ "brand": "x", "items": [item], "quote_chars": 1 }))?;
        files.user(&json!({ "nonce": "x", "inquiry": "x", "draft": "x", "situation": "x" }))?;
        Ok(Self(files))
    }
}

impl Case<'_> {
    /// What the guide checks of what is judged.
    fn items(&self) -> Vec<Item<'_>> {
        let item = |category: &Category| {
            Some(Item { category: category.as_str(), clause: self.tone.setting(*category)?.settings.clause.as_str() })
        };
        JUDGED.iter().filter_map(item).collect()
    }

    /// Inquiry and draft, masked alike: the same words have the same placeholder.
    fn masked(&self) -> (Mask, String, String) {
        let mut mask = Mask::default();
        let (inquiry, draft) = (mask.hide(self.inquiry), mask.hide(self.draft));
        (mask, inquiry, draft)
    }

    /// The one question about a draft; `None` where the guide checks nothing of what is judged, or where it is longer than
    /// `budget` tokens: half a draft is not judged.
    pub fn compose(
        &self,
        files: &JudgeFiles,
        tokenizer: &dyn Tokenizer,
        citing: Citing,
        budget: usize,
    ) -> Option<Prompt> {
        let items = self.items();
        if items.is_empty() {
            return None;
        }
        let (_, inquiry, draft) = self.masked();
        let brand = &self.tone.guide().brand.name;
        let system = json!({ "brand": brand, "items": items, "quote_chars": QUOTE_CHARS });
        let user = json!({ "nonce": self.nonce, "inquiry": inquiry, "draft": draft, "situation": self.situation });
        files.0.question((&system, &user), tokenizer, citing, budget)
    }

    /// The shape of the answer: no other categories exist than those that were asked about.
    pub fn schema(&self) -> Value {
        let categories: Vec<&str> = self.items().iter().map(|item| item.category).collect();
        json!({
            "type": "object",
            "properties": {
                "findings": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "category": { "type": "string", "enum": categories },
                            "quote": { "type": "string" },
                        },
                        "required": ["category", "quote"],
                        "additionalProperties": false,
                    },
                },
            },
            "required": ["findings"],
            "additionalProperties": false,
        })
    }

    /// Reads an answer. What cannot be checked is dropped and counted; an answer that has not the shape is a failure.
    pub fn read(&self, said: &str) -> Result<Judgement, Failure> {
        let said = without_thoughts(said).trim();
        if said.is_empty() {
            return Err(Failure::Empty);
        }
        let Answer { findings: claims } = serde_json::from_str(unfenced(said)).map_err(|_| Failure::Malformed)?;
        let (mask, ..) = self.masked();
        let mut judgement = Judgement { findings: Vec::new(), dropped: claims.len().saturating_sub(FINDINGS) };
        for claim in claims.into_iter().take(FINDINGS) {
            match self.checked(&claim, &mask, &judgement.findings) {
                Some(finding) => judgement.findings.push(finding),
                None => judgement.dropped += 1,
            }
        }
        judgement.findings.sort_by_key(|finding| (finding.span, finding.category));
        Ok(judgement)
    }

    /// The finding that a claim comes to, where it holds and is new.
    fn checked(&self, claim: &Claim, mask: &Mask, before: &[NewFinding]) -> Option<NewFinding> {
        let category = Category::parse(&claim.category).filter(|category| JUDGED.contains(category))?;
        let setting = self.tone.setting(category)?;
        let (quote, unknown) = mask.restore(&claim.quote);
        let words = quote.trim();
        if !unknown.is_empty() || words.chars().count() < 2 || words.chars().count() > QUOTE_CHARS {
            return None;
        }
        // What is missing in the letter is quoted from the customer, and is about the whole letter.
        let span = match category.scope() {
            Scope::Reply => {
                sentence_with(self.inquiry, words)?;
                None
            }
            Scope::Span => Some(sentence_with(self.draft, words)?),
        };
        let known = |other: &NewFinding| {
            other.category == category
                && match (other.span, span) {
                    (Some(other), Some(span)) => other.overlaps(span),
                    (other, span) => other.is_none() && span.is_none(),
                }
        };
        let is_known = self.found.iter().chain(before).any(known);
        (!is_known).then(|| setting.judged(words, span))
    }
}

/// Where words stand in a text, within one of its sentences.
fn sentence_with(text: &str, words: &str) -> Option<Span> {
    let at = text.find(words)?;
    let span = Span::of_bytes(text, at..at + words.len());
    let within = |sentence: &Span| sentence.start <= span.start && span.end <= sentence.end;
    sentences(text).iter().any(within).then_some(span)
}

#[cfg(test)]
mod tests;
