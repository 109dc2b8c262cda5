//! A text of a reply meets the evidence and the guide. Checks report; they never rewrite.

use super::{World, desk::Desk};
use crate::{
    domain::{Channel, Checks, EvidenceItem, Finding, Situation, Span, Timestamp},
    grounding::{self, Context},
    language::sentence::sentences,
    tone::UnderCheck,
};

/// The text and what belongs to it.
pub struct Checked<'a> {
    /// What the customer wrote; empty where that is not known.
    pub inquiry: &'a str,
    /// How the reply goes out.
    pub channel: Channel,
    /// What the inquiry is about, where that is known.
    pub situation: Option<&'a Situation>,
    /// The reply.
    pub text: &'a str,
    /// What it may stand on.
    pub evidence: &'a [EvidenceItem],
    /// The moment that relative dates are counted from.
    pub now: Timestamp,
}

/// Verdicts with citations, and findings with fresh ids.
pub fn check(world: &World, desk: &Desk, of: &Checked<'_>) -> Checks {
    let sentences: Vec<Span> = sentences(of.text);
    let formulas = Some(&desk.tone.guide().brand.formulas);
    let context = Context { inquiry: of.inquiry, now: Some(of.now), formulas };
    let grounding = grounding::ground(of.text, &sentences, of.evidence, &context);
    let under = UnderCheck { inquiry: of.inquiry, reply: of.text, channel: Some(of.channel), situation: of.situation };
    let seen = desk.tone.check(&under);
    let findings = seen.into_iter().map(|seen| Finding { id: world.id(), seen }).collect();
    Checks { grounding, findings }
}
