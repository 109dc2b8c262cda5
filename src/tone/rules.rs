//! The rules, one struct for each category, and their registry.
//!
//! A rule holds what a list of words cannot say; words, limits and exceptions stand in the guide. Rules
//! prefer silence to a false alarm: what is only sometimes wrong is left to people.

use std::ops::Range;

use super::{
    fix::{joins, keeps_meaning},
    reading::Reading,
    words::Words,
};
use crate::{
    domain::{Category, Guide, NewFinding, RuleSettings, Severity, Span},
    language::normal::Normalised,
};

mod blame;
mod casual;
mod cross_sell;
mod double_keigo;
mod emoji;
mod endings;
mod exclamation;
mod feeling;
mod followup;
mod keigo_mixup;
mod keigo_shop;
mod letter;
mod lexicon;
mod manner;
mod naming;
mod plain_form;
mod potential;
mod promise;
mod reask;
mod refusal;
mod sa_ire;

/// One kind of tone deviation.
pub trait ToneRule: Send + Sync {
    /// Its category, whose name is the rule's id.
    fn category(&self) -> Category;
    /// What it looks for, in a sentence.
    fn explain(&self) -> &'static str;
    /// Puts what it sees into `out`.
    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>);
    /// Whether a guide's words count with and without capitals; names of a brand do not.
    fn minds_capitals(&self) -> bool {
        false
    }
}

/// Every rule, in the order of the taxonomy.
pub fn all() -> impl Iterator<Item = &'static dyn ToneRule> {
    let mut rules = ALL.to_vec();
    rules.sort_by_key(|rule| rule.category());
    rules.into_iter()
}

const ALL: &[&dyn ToneRule] = &[
    &double_keigo::DoubleKeigo,
    &keigo_mixup::KeigoMixup,
    &sa_ire::SaIre,
    &potential::RaNuki,
    &potential::ReTasu,
    &endings::SaseteOveruse,
    &keigo_shop::BaitoKeigo,
    &plain_form::PlainForm,
    &casual::TooCasual,
    &letter::MissingApology,
    &letter::MissingThanks,
    &feeling::MissingEmpathy,
    &letter::MissingOpening,
    &letter::MissingClosing,
    &manner::MissingCushion,
    &refusal::PushAway,
    &blame::Blaming,
    &blame::BlameShift,
    &lexicon::ColdStiff,
    &promise::Overpromise,
    &followup::VagueFollowup,
    &reask::ReaskKnownInfo,
    &cross_sell::BadTimingCrossSell,
    &lexicon::InternalJargon,
    &endings::RepeatedEndings,
    &promise::LegalClaim,
    &exclamation::Exclamation,
    &emoji::EmojiKaomoji,
    &lexicon::NgWord,
    &lexicon::BrandTerm,
    &naming::SelfNaming,
    &naming::CustomerNaming,
    &endings::SentenceTooLong,
];

/// What the guide says of one category, made ready once.
#[derive(Debug)]
pub struct Setting {
    category: Category,
    severity: Severity,
    /// As the guide says it.
    pub settings: RuleSettings,
    /// Its words, without what `except`, `terms` and, for a stiff tone, `formal_ok` leave alone.
    pub words: Words,
    /// The brand's opening phrases up to their first slot.
    pub openings: Vec<String>,
    /// The brand's name in normal form: it speaks of itself by it.
    pub brand: String,
}

impl Setting {
    /// Compiles the settings of one rule.
    pub fn new(rule: &dyn ToneRule, settings: &RuleSettings, guide: &Guide) -> Self {
        let category = rule.category();
        let formal = guide.formal_ok.iter().filter(|_| category == Category::ColdStiff);
        let exempt = settings.except.iter().chain(&guide.terms).chain(formal);
        let lead = |phrase: &String| phrase.split('{').next().unwrap_or_default().to_owned();
        Self {
            category,
            severity: settings.severity.unwrap_or(category.default_severity()),
            words: Words::new(&settings.words, exempt, rule.minds_capitals()),
            openings: guide.brand.formulas.opening.iter().map(lead).filter(|lead| !lead.is_empty()).collect(),
            brand: Normalised::of(&guide.brand.name).as_str().to_owned(),
            settings: settings.clone(),
        }
    }

    /// How much a finding of it weighs.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Whether the guide allows what stands here.
    pub fn allows(&self, reading: &Reading, range: &Range<usize>) -> bool {
        let around = |phrase: &String| {
            reading
                .text()
                .match_indices(phrase.as_str())
                .any(|(at, _)| at < range.end && range.start < at + phrase.len())
        };
        self.settings.allow.iter().chain(&self.settings.except).any(around)
    }

    /// A finding at these words.
    pub fn at(&self, reading: &Reading, range: &Range<usize>, rewrite: Option<String>) -> NewFinding {
        self.finding(self.category.as_str().to_owned(), Some((reading, range)), rewrite)
    }

    /// A finding at these words, unless the guide allows them or a word of its list was found there already.
    pub fn beside_words(&self, reading: &Reading, range: &Range<usize>, out: &mut Vec<NewFinding>) {
        let span = reading.original(range);
        let known = |found: &NewFinding| {
            found.category == self.category && found.span.is_some_and(|other| other.overlaps(span))
        };
        if !self.allows(reading, range) && !out.iter().any(known) {
            out.push(self.at(reading, range, None));
        }
    }

    /// A finding about the whole reply.
    pub fn whole(&self) -> NewFinding {
        self.finding(self.category.as_str().to_owned(), None, None)
    }

    /// A finding of one of the guide's words, with the id of its entry.
    pub fn word(&self, reading: &Reading, seen: &super::words::Seen<'_>) -> NewFinding {
        let first = seen.entry.any.first().map_or("", String::as_str);
        let rule = format!("{}:{first}", self.category.as_str());
        self.finding(rule, Some((reading, &seen.range)), seen.entry.replacements.first().cloned())
    }

    /// A finding by a model, which the rule did not see; its id tells the two apart.
    pub fn judged(&self, words: &str, span: Option<Span>) -> NewFinding {
        let clause = self.settings.clause.clone();
        NewFinding {
            rule: format!("{}@model", self.category.as_str()),
            category: self.category,
            span,
            severity: self.severity,
            message: format!("「{words}」: {clause}"),
            clause,
            rewrite: None,
            one_click: false,
        }
    }

    fn finding(&self, rule: String, place: Option<(&Reading, &Range<usize>)>, rewrite: Option<String>) -> NewFinding {
        let clause = self.settings.clause.clone();
        let words = place.map(|(reading, range)| reading.written(range));
        let message = match words {
            Some(words) => format!("「{}」: {clause}", words.replace(['\r', '\n'], " ")),
            None => clause.clone(),
        };
        let same = |rewrite: &String| {
            words.is_some_and(|words| keeps_meaning(self.category, words, rewrite))
                && !(rewrite.is_empty() && place.is_some_and(|(reading, range)| joins(reading.text(), range)))
        };
        NewFinding {
            rule,
            category: self.category,
            span: place.map(|(reading, range)| reading.original(range)),
            severity: self.severity,
            clause,
            message,
            one_click: rewrite.as_ref().is_some_and(same),
            rewrite,
        }
    }
}

#[cfg(test)]
mod brands;
#[cfg(test)]
mod fixtures;
