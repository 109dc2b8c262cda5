//! What an inquiry leads to, before a word is drafted: answer, acknowledge, clarify or handoff.
//!
//! The order of the questions is the order of harm: danger first, then a wish for a person, then what a draft
//! may not decide; only then whether there is ground to stand on.

use super::understand::Understood;
use crate::{
    domain::{Evidence, EvidenceItem, Ground, HandoffReason, Intent, Kind, Missing, Outcome, Packet},
    drafting::Task,
    language::{normal::Normalised, signals::Purpose, words},
};

/// What to do with an inquiry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// Write a letter that does this.
    Draft(Task),
    /// Leave it to a person, for this reason.
    Handoff(HandoffReason),
}

/// Decides from the customer's words, what they gave, and what was found.
pub fn plan(understood: &Understood<'_>, evidence: &Evidence) -> Plan {
    let signals = &understood.signals;
    if signals.unsafe_words {
        return Plan::Handoff(HandoffReason::Unsafe);
    }
    if signals.wants_person {
        return Plan::Handoff(HandoffReason::PersonRequested);
    }
    if signals.beyond_authority {
        return Plan::Handoff(HandoffReason::OutOfAuthority);
    }
    if signals.purpose != Purpose::Asks {
        return Plan::Draft(Task::Acknowledge(signals.purpose));
    }
    if let Some(missing) = missing(understood) {
        return Plan::Draft(Task::Clarify(missing));
    }
    if !evidence.intents.iter().all(Intent::has_evidence) {
        return Plan::Handoff(HandoffReason::NoEvidence);
    }
    Plan::Draft(Task::Answer)
}

/// The one item without which nothing can be said, when the words are too few to search with.
fn missing(understood: &Understood<'_>) -> Option<Missing> {
    if !understood.signals.vague {
        return None;
    }
    let inquiry = understood.inquiry;
    let order_known = inquiry.order.is_some() || understood.given.order_number.is_some() || !inquiry.records.is_empty();
    let about_an_order = ["delivery_delay", "delivery_status", "wrong_item", "damaged", "order_cancel", "refund"];
    let needs_order = about_an_order.contains(&inquiry.situations.primary.as_str());
    match (needs_order, order_known) {
        (true, false) => Some(Missing::OrderNumber),
        (true, true) => None,
        (false, _) => Some(Missing::Detail),
    }
}

/// Whether an item can carry an answer to a customer.
fn answers(item: &EvidenceItem) -> bool {
    matches!(&item.ground, Ground::Passage { kind, .. } if *kind != Kind::Guide)
}

/// The outcome of a plan; a handoff takes with it what the next person needs.
pub fn outcome(plan: &Plan, understood: &Understood<'_>, evidence: &Evidence) -> Outcome {
    match plan {
        Plan::Draft(Task::Answer) => Outcome::Answer,
        Plan::Draft(Task::Acknowledge(_)) => Outcome::Acknowledge,
        Plan::Draft(Task::Clarify(missing)) => Outcome::Clarify { missing: *missing },
        Plan::Handoff(reason) => Outcome::Handoff { reason: *reason, packet: packet(understood, evidence) },
    }
}

/// What a person needs so that the customer is not asked twice.
fn packet(understood: &Understood<'_>, evidence: &Evidence) -> Packet {
    let (inquiry, core) = (understood.inquiry, &understood.core.text);
    let mut known = understood.given.items();
    if let Some(order) = &inquiry.order {
        known.push(("注文".to_owned(), order.as_str().to_owned()));
    }
    known.extend(inquiry.records.iter().map(|record| (record.name.clone(), record.value.clone())));
    let mut searched: Vec<String> = Vec::new();
    for word in words::words(&Normalised::of(core)) {
        if word.text.chars().count() > 1 && searched.len() < 12 && !searched.contains(&word.text) {
            searched.push(word.text);
        }
    }
    let nearest = evidence.items.iter().filter(|item| answers(item)).take(3).map(|item| item.key.clone());
    Packet {
        summary: core
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
            .take(120)
            .collect(),
        given: known,
        searched,
        nearest: nearest.collect(),
    }
}
