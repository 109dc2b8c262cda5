//! A text of a reply meets the evidence and the guide. Checks report; they never rewrite.

use super::{World, desk::Desk};
use crate::{
    domain::{
        Channel, Checks, Citation, EvidenceItem, Finding, Flag, FlagKind, Grounding, NewFinding, Situation, Span,
        Timestamp, Verdict, Waiver,
    },
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
    /// Where its writer pointed at a piece of evidence: places in the text, in code points, and in the evidence.
    pub pointed: &'a [(usize, usize)],
    /// Words for which a rule passes.
    pub waivers: &'a [Waiver],
    /// The moment that relative dates are counted from.
    pub now: Timestamp,
}

/// Verdicts with citations, and findings with fresh ids.
pub fn check(world: &World, desk: &Desk, of: &Checked<'_>) -> Checks {
    Checks { grounding: ground(desk, of), findings: recorded(world, desk, of.waivers, of.text, tone(desk, of)) }
}

/// What the guide's rules see in the text.
pub fn tone(desk: &Desk, of: &Checked<'_>) -> Vec<NewFinding> {
    let Checked { inquiry, channel, situation, text: reply, .. } = *of;
    desk.tone.check(&UnderCheck { inquiry, reply, channel: Some(channel), situation })
}

/// Findings with fresh ids, the guide's revision, and what lets them pass.
pub fn recorded(world: &World, desk: &Desk, waivers: &[Waiver], text: &str, seen: Vec<NewFinding>) -> Vec<Finding> {
    let record = |seen: NewFinding| {
        let waived_by = waivers.iter().find(|waiver| waiver.covers(&seen, text)).map(|waiver| waiver.id.clone());
        Finding { id: world.id(), seen, guide: desk.guide.clone(), waived_by }
    };
    seen.into_iter().map(record).collect()
}

/// What of the text stands on the evidence.
pub fn ground(desk: &Desk, of: &Checked<'_>) -> Grounding {
    let sentences: Vec<Span> = sentences(of.text);
    let formulas = Some(&desk.formulas);
    let context = Context { inquiry: of.inquiry, now: Some(of.now), formulas };
    let grounding = grounding::ground(of.text, &sentences, of.evidence, &context);
    as_pointed(grounding, of, &context)
}

/// What of a draft binds the shop and stands on nothing: a person says whether it goes out, by mending it. A draft that
/// the evidence contradicts does not come so far.
pub fn unsupported_policy(text: &str, grounding: &Grounding) -> Vec<Flag> {
    let unsupported = grounding.verdicts.iter().filter(|sentence| sentence.verdict == Verdict::Unsupported);
    let binding = unsupported.filter(|sentence| grounding::is_policy(sentence.span.of(text)));
    binding.map(|sentence| Flag { kind: FlagKind::UnsupportedPolicy, span: sentence.span }).collect()
}

/// A supported sentence is cited from where its writer says that it stands, if it does stand there. A pointer alone
/// supports nothing: writers point at what is near.
fn as_pointed(grounding: Grounding, of: &Checked<'_>, context: &Context<'_>) -> Grounding {
    if of.pointed.is_empty() {
        return grounding;
    }
    let Grounding { verdicts, citations } = grounding;
    let mut kept = Grounding::default();
    for mut sentence in verdicts {
        let own: Vec<Citation> = sentence.citations.iter().map(|at| citations[*at].clone()).collect();
        let cited = match sentence.verdict {
            Verdict::Supported => pointed_citations(sentence.span, &own, of, context).unwrap_or(own),
            _ => own,
        };
        let first = kept.citations.len();
        kept.citations.extend(cited);
        sentence.citations = (first..kept.citations.len()).collect();
        kept.verdicts.push(sentence);
    }
    kept
}

/// The citations of a sentence from what its marker points at; `None` where there is no marker, where it points at
/// what is cited anyway, or where the sentence does not stand there.
fn pointed_citations(
    sentence: Span,
    own: &[Citation],
    of: &Checked<'_>,
    context: &Context<'_>,
) -> Option<Vec<Citation>> {
    // A marker stands before the full stop or right behind it.
    let here = |at: usize| sentence.start < at && at <= sentence.end;
    let (_, item) = of.pointed.iter().find(|(at, _)| here(*at))?;
    if own.iter().any(|citation| citation.evidence == *item) {
        return None;
    }
    let alone = std::slice::from_ref(of.evidence.get(*item)?);
    let there = grounding::ground(of.text, &[sentence], alone, context);
    let stands = there.verdicts.first().is_some_and(|verdict| verdict.verdict == Verdict::Supported && !verdict.weak);
    stands.then(|| there.citations.into_iter().map(|citation| Citation { evidence: *item, ..citation }).collect())
}
