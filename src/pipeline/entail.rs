//! The station of the second reader: where facts leave a sentence open, a model says whether the evidence carries it, where
//! the installation has one. It turns `unsupported` into `supported` and nothing else; whatever comes of it, what facts said
//! stands.

use super::{World, compose::nonce, desk::Desk, judge::Unwatched, understand::Understood};
use crate::{
    domain::{Asked, Audience, Citation, EvidenceItem, Grounding, Id, SentenceVerdict, Verdict, name},
    entailing::{Case, Doubt, Reading},
    grounding::{self, Context},
};

/// So many sentences are asked about at most: a letter with more is not one to be read into shape.
const DOUBTS: usize = 20;

/// The letter whose ground is in doubt.
pub struct DoubtedLetter<'a> {
    /// What it answers.
    pub understood: &'a Understood<'a>,
    /// Its draft.
    pub draft: &'a Id<name::Draft>,
    /// The letter.
    pub text: &'a str,
    /// What it may stand on.
    pub evidence: &'a [EvidenceItem],
}

/// Lets a model read what facts left open; nothing happens where there is none, or where nothing is open.
pub async fn entail(
    world: &World,
    desk: &Desk,
    letter: &DoubtedLetter<'_>,
    grounding: &mut Grounding,
    asked: &mut Asked,
) {
    let Some(seat) = world.models.entail.as_deref() else { return };
    let inquiry = letter.understood.inquiry;
    let context =
        Context { inquiry: inquiry.text.as_str(), now: Some(inquiry.received_at), formulas: Some(&desk.formulas) };
    let doubts = doubts(&context, letter, grounding);
    if doubts.is_empty() {
        return;
    }
    let case = Case {
        brand: &desk.tone.guide().brand.name,
        draft: letter.text,
        doubts: &doubts,
        evidence: letter.evidence,
        kept: &letter.understood.core.kept,
        nonce: &nonce(letter.draft),
    };
    let budget = seat.settings.prompt_tokens;
    let compose = |citing, shorter: Option<usize>| match shorter {
        // Half the evidence would be read as all of it.
        Some(_) => None,
        None => case.compose(&world.entail_files, seat.tokenizer(), citing, budget),
    };
    let said = seat.ask(world.source(), &compose, &|_| case.schema(), asked, &mut Unwatched).await;
    match said.and_then(|said| case.read(&said.text)) {
        Ok(Reading { mut citations, mut dropped }) => {
            let read = citations.len();
            citations.retain(|citation| is_open_to(letter, citation, &context));
            dropped += read - citations.len();
            if let (Some(last), true) = (asked.attempts.last_mut(), dropped > 0) {
                last.detail = Some(format!("{dropped} of its sentences did not hold and were dropped"));
            }
            citations.into_iter().for_each(|citation| stands(grounding, citation));
        }
        Err(failure) => {
            if let Some(last) = asked.attempts.last_mut() {
                last.failure.get_or_insert(failure);
            }
        }
    }
}

/// The sentences without support that some passage or record leaves open.
fn doubts(context: &Context<'_>, letter: &DoubtedLetter<'_>, grounding: &Grounding) -> Vec<Doubt> {
    let may_carry = |item: &EvidenceItem| item.can_ground() && !item.is_weak() && item.audience == Audience::Public;
    let doubt = |sentence: &SentenceVerdict| {
        let words = sentence.span.of(letter.text);
        let carries = |item: &EvidenceItem| may_carry(item) && grounding::is_open(words, item, context);
        let open = letter.evidence.iter().enumerate().filter(|(_, item)| carries(item)).map(|(at, _)| at);
        Doubt { sentence: sentence.span, open: open.collect() }
    };
    let unsupported = grounding.verdicts.iter().filter(|sentence| sentence.verdict == Verdict::Unsupported);
    unsupported.take(DOUBTS).map(doubt).filter(|doubt| !doubt.open.is_empty()).collect()
}

/// Whether the one sentence that is cited leaves the letter's open: a number that another sentence of the passage carries is
/// another number.
fn is_open_to(letter: &DoubtedLetter<'_>, citation: &Citation, context: &Context<'_>) -> bool {
    let cited = EvidenceItem { text: citation.quote.clone(), ..letter.evidence[citation.evidence].clone() };
    grounding::is_open(citation.draft_span.of(letter.text), &cited, context)
}

/// A sentence stands on what is cited, by a model's word.
fn stands(grounding: &mut Grounding, citation: Citation) {
    let here = |sentence: &&mut SentenceVerdict| sentence.span == citation.draft_span;
    if let Some(sentence) = grounding.verdicts.iter_mut().find(here) {
        sentence.verdict = Verdict::Supported;
        sentence.by_model = true;
        sentence.citations = vec![grounding.citations.len()];
        grounding.citations.push(citation);
    }
}
