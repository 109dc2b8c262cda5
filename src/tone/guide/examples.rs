//! A rule's own tests: its `bad` sentences have to be found by it, its `good` ones left alone. An example of a rule that looks
//! at the inquiry too is written `inquiry => reply`.

use crate::{
    domain::{Category, Guide},
    tone::{Checker, UnderCheck},
};

/// An example that a rule does not keep.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the rule `{}` {} \"{example}\"", category.as_str(), if *flagged { "finds something in its good example" } else { "finds nothing in its bad example" })]
pub struct ExampleFailure {
    /// Whose example.
    pub category: Category,
    /// The sentence.
    pub example: String,
    /// Whether the rule found something in it.
    pub flagged: bool,
}

/// Runs every rule on its own examples. Categories without a rule of their own yet have nothing to run.
pub fn check_examples(guide: &Guide) -> Vec<ExampleFailure> {
    let checker = Checker::new(guide.clone());
    let mut failures = Vec::new();
    for (category, settings) in
        guide.rules.iter().filter(|(category, settings)| !settings.off && checker.checks(**category))
    {
        let flags = |example: &str| {
            let (inquiry, reply) = example.split_once(" => ").unwrap_or(("", example));
            let under = UnderCheck { inquiry, reply, channel: None, situation: None };
            checker.check(&under).iter().any(|found| found.category == *category)
        };
        let wrong = |examples: &[String], wanted: bool| {
            let kept = |example: &&String| flags(example) != wanted;
            examples.iter().filter(kept).cloned().collect::<Vec<_>>()
        };
        let (missed, alarmed) = (wrong(&settings.bad, true), wrong(&settings.good, false));
        let failure = |example: String, flagged| ExampleFailure { category: *category, example, flagged };
        failures.extend(missed.into_iter().map(|example| failure(example, false)));
        failures.extend(alarmed.into_iter().map(|example| failure(example, true)));
    }
    failures
}
