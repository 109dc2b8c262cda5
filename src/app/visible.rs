//! What of a suggestion a reader may see who may not read internal passages: a chatbot's front-end.
//!
//! What is internal, and what somebody once wrote to another customer, is taken out whole, and the places that
//! citations and verdicts point at are counted anew, so that nothing hints at what is missing.

use crate::domain::{Audience, EvidenceItem, Outcome, Suggestion, Verdict};

/// The suggestion without what is for those who work here.
pub fn public(mut suggestion: Suggestion) -> Suggestion {
    let kept = |item: &EvidenceItem| item.audience == Audience::Public && !item.is_weak();
    let old = std::mem::take(&mut suggestion.evidence.items);
    let place = places(old.iter().map(kept));
    suggestion.evidence.items = old.into_iter().filter(kept).collect();
    for (at, item) in suggestion.evidence.items.iter_mut().enumerate() {
        item.rank = at + 1;
    }
    for intent in &mut suggestion.evidence.intents {
        intent.items = intent.items.iter().filter_map(|at| place[*at]).collect();
    }
    let grounding = &mut suggestion.checks.grounding;
    let cited = std::mem::take(&mut grounding.citations);
    let citation = places(cited.iter().map(|citation| place[citation.evidence].is_some()));
    grounding.citations = cited
        .into_iter()
        .filter_map(|mut citation| {
            citation.evidence = place[citation.evidence]?;
            Some(citation)
        })
        .collect();
    for sentence in &mut grounding.verdicts {
        let had = sentence.citations.len();
        sentence.citations = sentence.citations.iter().filter_map(|at| citation[*at]).collect();
        if had > 0 && sentence.citations.is_empty() && sentence.verdict == Verdict::Supported {
            // What it stands on cannot be shown to this reader, so for this reader it stands on nothing.
            (sentence.verdict, sentence.weak, sentence.by_model) = (Verdict::Unsupported, false, false);
        }
    }
    if let Outcome::Handoff { packet, .. } = &mut suggestion.outcome {
        packet.nearest.retain(|key| suggestion.evidence.items.iter().any(|item| item.key == *key));
    }
    suggestion
}

/// Where each thing stands once those that are not kept are gone.
fn places(kept: impl Iterator<Item = bool>) -> Vec<Option<usize>> {
    let mut next = 0;
    kept.map(|kept| {
        kept.then(|| {
            next += 1;
            next - 1
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_anew() {
        assert_eq!(places([true, false, true].into_iter()), [Some(0), None, Some(1)]);
    }
}
