//! What each sentence of a checked text stands on. Pure: text and evidence in, verdicts and citations out.
//!
//! Typed facts are compared before anything fuzzy, and another value in a sentence of the same words is never overturned by
//! similarity. What the comparison found is weighed by trees that were learned from labelled drafts. Whether a sentence is
//! polite is the tone room's question.

mod align;
mod answer;
mod claim;
mod clause;
mod compare;
mod comparison;
mod days;
mod deny;
mod event;
mod features;
mod follow;
mod formula;
mod head;
mod judge;
mod lexicon;
mod marks;
mod meeting;
mod overlaps;
mod polarity;
mod policy;
mod statement;
mod sums;
mod terms;
mod text;
mod told;
mod trees;
mod turned;

use std::{collections::HashMap, sync::Arc};

use crate::domain::{Citation, EvidenceItem, Grounding, SentenceVerdict, Span, Timestamp, Verdict};

use align::Sources;
pub use features::Features;
pub use formula::SetPhrases;
use judge::Judgement;
pub use overlaps::overlaps;
pub use policy::is_policy;
use statement::Statement;

use text::slices;
use told::Told;

/// How many different sentences of a text are read. No letter has so many: the rest gets its verdict, and that is
/// that nothing was found to carry it.
const JUDGED: usize = 400;

/// In so many sentences a letter says who writes.
const OPENING: usize = 4;

/// What the sentences are said in.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The customer's words: repeating them claims nothing.
    pub inquiry: &'a str,
    /// When the text is written; without it 明日 means nothing and cannot be supported.
    pub now: Option<Timestamp>,
    /// The brand's set phrases, where the text is a brand's: without a typed fact they claim nothing.
    pub formulas: Option<&'a SetPhrases>,
}

/// Verdicts of a text, one a sentence. `Citation::evidence` is the place in `evidence`.
pub fn ground(text: &str, sentences: &[Span], evidence: &[EvidenceItem], context: &Context<'_>) -> Grounding {
    let sources = Sources::of(evidence);
    let mut grounding = Grounding::default();
    judged(text, sentences, &sources, context, &mut |span, judgement| {
        record(&mut grounding, span, judgement, &sources, evidence);
    });
    grounding
}

/// What the trees are asked with, a sentence a row; empty where the rules settle it by themselves. For learning.
pub fn features_of(
    text: &str,
    sentences: &[Span],
    evidence: &[EvidenceItem],
    context: &Context<'_>,
) -> Vec<(Span, Vec<f64>)> {
    let mut rows = Vec::new();
    judged(text, sentences, &Sources::of(evidence), context, &mut |span, judgement| {
        rows.push((span, judgement.features.clone()));
    });
    rows
}

/// Judges sentence by sentence; what stands twice is judged once.
fn judged(
    text: &str,
    sentences: &[Span],
    sources: &Sources,
    context: &Context<'_>,
    take: &mut dyn FnMut(Span, &Judgement),
) {
    let mut told = Told::by(&Statement::of(context.inquiry), context.now.map(Timestamp::day));
    let mut judged: HashMap<&str, Judgement> = HashMap::new();
    let unread = Judgement::alone(Verdict::Unsupported);
    for (at, (span, sentence)) in slices(text, sentences).into_iter().enumerate() {
        if !judged.contains_key(sentence) && judged.len() < JUDGED {
            let (mut judgement, claim) = judge_one(sentence, context.formulas, sources, &told);
            if judgement.verdict == Verdict::Unsupported && at < OPENING && names_itself(&claim) {
                judgement = Judgement::alone(Verdict::NotAClaim);
            }
            // By the rules: what the trees are asked with must not depend on what they said before.
            if judgement.by_rules == Verdict::Supported {
                told.establish(claim.facts());
            }
            judged.insert(sentence, judgement);
        }
        take(span, judged.get(sentence).unwrap_or(&unread));
    }
}

/// Whether at most words keep a sentence from standing on a piece of evidence: each fact, yes and no of it is there, and
/// nothing says otherwise. Only then is there anything that a model may read.
pub fn is_open(sentence: &str, item: &EvidenceItem, context: &Context<'_>) -> bool {
    let sources = Sources::of(std::slice::from_ref(item));
    let told = Told::by(&Statement::of(context.inquiry), context.now.map(Timestamp::day));
    let (judgement, claim) = judge_one(sentence, context.formulas, &sources, &told);
    judgement.open && !sources.all.is_empty() && judge::signs_are_there(&claim, &sources)
}

/// Who writes, by name.
fn names_itself(claim: &Statement) -> bool {
    claim.facts().next().is_none() && claim::introduces(&claim.normal)
}

fn judge_one(
    sentence: &str,
    phrases: Option<&SetPhrases>,
    sources: &Sources,
    told: &Told,
) -> (Judgement, Arc<Statement>) {
    let claim = Statement::of_draft(sentence);
    let set = phrases.is_some_and(|phrases| phrases.say_nothing(sentence))
        || phrases.is_some_and(|phrases| phrases.hold(sentence)) && claim.facts().next().is_none();
    let judgement = match set {
        true => Judgement::alone(Verdict::NotAClaim),
        false => judge::judge(&claim, sources, told),
    };
    (judgement, claim)
}

fn record(grounding: &mut Grounding, span: Span, judged: &Judgement, sources: &Sources, evidence: &[EvidenceItem]) {
    let cited: Vec<_> = judged.sources.iter().filter_map(|at| sources.all.get(*at)).collect();
    let first = grounding.citations.len();
    grounding.citations.extend(cited.iter().map(|source| Citation {
        draft_span: span,
        evidence: source.item,
        quote: source.span.of(&evidence[source.item].text).to_owned(),
        quote_span: source.span,
    }));
    grounding.verdicts.push(SentenceVerdict {
        span,
        verdict: judged.verdict,
        weak: judged.verdict == Verdict::Supported && cited.iter().all(|source| source.weak),
        by_model: false,
        citations: (first..grounding.citations.len()).collect(),
    });
}

#[cfg(test)]
mod tests;
