//! The station of the drafter: a brief goes in, a letter comes out, and what was masked is put back.

use super::{desk::Desk, plan::Plan, retrieve, understand::Understood};
use crate::{
    domain::Evidence,
    drafting::{self, Brief, Letter},
    language::sentence::sentences,
};

/// The letter that the plan asks for; `None` for a handoff, or when no sentence of the evidence answers.
pub fn compose(desk: &Desk, understood: &Understood<'_>, evidence: &Evidence, plan: &Plan) -> Option<Letter> {
    let Plan::Draft(task) = *plan else { return None };
    let inquiry = understood.inquiry;
    let letter = drafting::draft(&Brief {
        task,
        inquiry: &understood.core.text,
        channel: inquiry.channel,
        situations: &inquiry.situations,
        today: inquiry.received_at.day(),
        ordered: retrieve::ordered(inquiry),
        feeling: understood.signals.feeling,
        angry: understood.signals.angry,
        given: &understood.given,
        evidence: &evidence.items,
        vocabulary: desk.vocabulary,
        tone: &desk.tone,
    })?;
    // A placeholder that this inquiry never had stays as it is: the checks show it, nobody fills it.
    let (text, _unknown) = understood.core.restore(&letter.text);
    let sentences = sentences(&text);
    Some(Letter { text, sentences })
}
