//! What each sentence of a checked text stands on. Pure: text and evidence in, verdicts and citations out.
//!
//! Typed facts are compared before anything fuzzy, and a typed mismatch is never overturned by
//! similarity. Whether a sentence is polite is the tone room's question.

mod align;
mod claim;
mod compare;
mod formula;
mod judge;
mod meeting;
mod overlaps;
mod polarity;
mod statement;
mod text;

use std::collections::HashMap;

use crate::domain::{Citation, EvidenceItem, Grounding, SentenceVerdict, Span, Timestamp, Verdict};
use crate::language::{quantity, sentence};

use align::Sources;
use claim::Told;
pub use formula::SetPhrases;
use judge::Judgement;
pub use overlaps::overlaps;
use statement::Statement;
use text::slices;

/// How many different sentences of a text are read. No letter has so many: the rest gets its verdict, and that is
/// that nothing was found to carry it.
const JUDGED: usize = 400;

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
    let told = told(context.inquiry);
    let today = context.now.map(Timestamp::day);
    let phrases = context.formulas;
    let judge = |sentence: &str| {
        if phrases.is_some_and(|phrases| phrases.say_nothing(sentence)) {
            return Judgement::alone(Verdict::NotAClaim);
        }
        let claim = Statement::of_draft(sentence);
        let set = phrases.is_some_and(|phrases| phrases.hold(sentence));
        match set && claim.facts().next().is_none() {
            true => Judgement::alone(Verdict::NotAClaim),
            false => judge::judge(&claim, &sources, &told, today),
        }
    };
    let mut judged: HashMap<&str, Judgement> = HashMap::new();
    let mut grounding = Grounding::default();
    for (span, sentence) in slices(text, sentences) {
        if !judged.contains_key(sentence) && judged.len() < JUDGED {
            judged.insert(sentence, judge(sentence));
        }
        let unread = Judgement::alone(Verdict::Unsupported);
        record(&mut grounding, span, judged.get(sentence).unwrap_or(&unread), &sources, evidence);
    }
    grounding
}

/// What the customer's sentences state.
fn told(inquiry: &str) -> Told {
    let spans = sentence::sentences(inquiry);
    let sentences = slices(inquiry, &spans).into_iter();
    sentences.flat_map(|(_, sentence)| quantity::facts(sentence)).map(|fact| fact.value).collect()
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
        citations: (first..grounding.citations.len()).collect(),
    });
}

#[cfg(test)]
mod tests;
