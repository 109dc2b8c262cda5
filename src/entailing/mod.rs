//! A model as a second reader of grounding, for sentences whose facts the evidence leaves open: what it is asked, and what
//! its answer is worth. Asking is the asking room's; which sentences are open is the grounding room's.
//!
//! What it says counts where it can be checked: a sentence that was asked about, a passage that leaves it open, and words that
//! stand in that passage, letter by letter, in one sentence. It never overturns a fact: such a sentence is not open.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    domain::{Citation, Citing, EvidenceItem, Failure, Mark, Prompt, Span},
    language::{
        mask::{Kept, Mask},
        sentence::sentences,
    },
    ports::Tokenizer,
    prompts::{PromptFiles, TemplateError, unfenced, without_thoughts},
};

const FOLDER: &str = "entail";

/// Words that are quoted have so many characters: fewer carry no sentence, and more are no place.
const QUOTE_CHARS: std::ops::RangeInclusive<usize> = 8..=200;

/// The prompt files of `prompts/entail/`, every slot of them tried.
pub struct EntailFiles(PromptFiles);

/// A sentence that facts alone do not settle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Where it stands in the draft.
    pub sentence: Span,
    /// Which pieces of the evidence leave it open, by their places in the list.
    pub open: Vec<usize>,
}

/// What a model is to read.
pub struct Case<'a> {
    /// Whose letter it is.
    pub brand: &'a str,
    /// The letter.
    pub draft: &'a str,
    /// What is asked about.
    pub doubts: &'a [Doubt],
    /// What it may stand on.
    pub evidence: &'a [EvidenceItem],
    /// What was masked in the inquiry, and put back into the letter.
    pub kept: &'a [Kept],
    /// Marks the quotations of this prompt, and stands in none of them.
    pub nonce: &'a str,
}

/// What an answer is worth.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// Sentences that stand on what they cite, each once.
    pub citations: Vec<Citation>,
    /// How many of its claims did not hold.
    pub dropped: usize,
}

#[derive(Deserialize)]
struct Answer {
    supported: Vec<Claim>,
}

#[derive(Deserialize)]
struct Claim {
    sentence: usize,
    source: String,
    quote: String,
}

impl EntailFiles {
    /// Those that the binary carries.
    pub fn builtin() -> Self {
        let system = include_str!("../../prompts/entail/system.txt").to_owned();
        let user = include_str!("../../prompts/entail/user.txt").to_owned();
        let files = PromptFiles::new(FOLDER, system, user).and_then(Self::tried);
        files.expect("prompts/entail is tested")
    }

    /// Those of a folder of prompts; the binary's where it has no `entail/`.
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
        files.system(&json!({ "brand": "x", "quote_chars": 1 }))?;
        let (piece, sentence) = (json!({ "mark": "x", "title": "x", "text": "x" }), json!({ "n": 1, "text": "x" }));
        files.user(&json!({ "nonce": "x", "evidence": [piece], "sentences": [sentence] }))?;
        Ok(Self(files))
    }
}

impl Case<'_> {
    /// The pieces that some doubt leaves open, with the marks that they are named by.
    fn marks(&self) -> Vec<Mark> {
        let is_open = |at: &usize| self.doubts.iter().any(|doubt| doubt.open.contains(at));
        let open = (0..self.evidence.len()).filter(is_open);
        open.zip(1..).map(|(evidence, n)| Mark { id: format!("k{n}"), evidence }).collect()
    }

    /// Doubts and evidence, masked alike: the same words have the same placeholder.
    fn masked(&self, marks: &[Mark]) -> (Mask, Value) {
        let mut mask = Mask { kept: self.kept.to_vec() };
        let mut pieces = Vec::new();
        for mark in marks {
            let EvidenceItem { title, text, .. } = &self.evidence[mark.evidence];
            pieces.push(json!({ "mark": mark.id, "title": mask.hide(title), "text": mask.hide(text) }));
        }
        let mut asked = Vec::new();
        for (doubt, n) in self.doubts.iter().zip(1..) {
            let hidden = mask.hide(doubt.sentence.of(self.draft));
            // What was put back goes again, also where no shape gives it away: TEL090-.
            let again = |text: String, kept: &Kept| text.replace(&kept.original, &kept.placeholder);
            asked.push(json!({ "n": n, "text": self.kept.iter().fold(hidden, again) }));
        }
        let slots = json!({ "nonce": self.nonce, "evidence": pieces, "sentences": asked });
        (mask, slots)
    }

    /// The one question about a draft; `None` where nothing is in doubt, or where it is longer than `budget` tokens: half
    /// the evidence would be read as all of it.
    pub fn compose(
        &self,
        files: &EntailFiles,
        tokenizer: &dyn Tokenizer,
        citing: Citing,
        budget: usize,
    ) -> Option<Prompt> {
        if self.doubts.is_empty() {
            return None;
        }
        let marks = self.marks();
        let (_, user) = self.masked(&marks);
        let system = json!({ "brand": self.brand, "quote_chars": QUOTE_CHARS.end() });
        let prompt = files.0.question((&system, &user), tokenizer, citing, budget)?;
        Some(Prompt { marks, ..prompt })
    }

    /// The shape of the answer: no other sentences and sources exist than those that were asked about.
    pub fn schema(&self) -> Value {
        let sentences: Vec<usize> = (1..=self.doubts.len()).collect();
        let sources: Vec<String> = self.marks().into_iter().map(|mark| mark.id).collect();
        json!({
            "type": "object",
            "properties": {
                "supported": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "sentence": { "type": "integer", "enum": sentences },
                            "source": { "type": "string", "enum": sources },
                            "quote": { "type": "string" },
                        },
                        "required": ["sentence", "source", "quote"],
                        "additionalProperties": false,
                    },
                },
            },
            "required": ["supported"],
            "additionalProperties": false,
        })
    }

    /// Reads an answer. What cannot be checked is dropped and counted; an answer that has not the shape is a failure.
    pub fn read(&self, said: &str) -> Result<Reading, Failure> {
        let said = without_thoughts(said).trim();
        if said.is_empty() {
            return Err(Failure::Empty);
        }
        let Answer { supported } = serde_json::from_str(unfenced(said)).map_err(|_| Failure::Malformed)?;
        let marks = self.marks();
        let (mask, _) = self.masked(&marks);
        let mut reading = Reading::default();
        for claim in &supported {
            let known = |citation: &Citation| reading.citations.iter().any(|it| it.draft_span == citation.draft_span);
            match self.checked(claim, &marks, &mask).filter(|citation| !known(citation)) {
                Some(citation) => reading.citations.push(citation),
                None => reading.dropped += 1,
            }
        }
        reading.citations.sort_by_key(|citation| citation.draft_span);
        Ok(reading)
    }

    /// The citation that a claim comes to, where it holds.
    fn checked(&self, claim: &Claim, marks: &[Mark], mask: &Mask) -> Option<Citation> {
        let doubt = self.doubts.get(claim.sentence.checked_sub(1)?)?;
        let evidence = marks.iter().find(|mark| mark.id == claim.source)?.evidence;
        let (quote, unknown) = mask.restore(&claim.quote);
        let words = quote.trim();
        if !doubt.open.contains(&evidence) || !unknown.is_empty() || !QUOTE_CHARS.contains(&words.chars().count()) {
            return None;
        }
        let text = &self.evidence[evidence].text;
        let at = text.find(words)?;
        let quoted = Span::of_bytes(text, at..at + words.len());
        let within = |sentence: &Span| sentence.start <= quoted.start && quoted.end <= sentence.end;
        // Half a sentence can say what the whole does not: the whole is cited.
        let quote_span = sentences(text).into_iter().find(within)?;
        let quote = quote_span.of(text).to_owned();
        Some(Citation { draft_span: doubt.sentence, evidence, quote, quote_span })
    }
}

#[cfg(test)]
mod tests;
