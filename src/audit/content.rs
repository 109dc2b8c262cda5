//! What an event says of a change: ids, counts, stable words and commitments. Never a customer's words,
//! a name or a reference in the clear, because an event can never be taken back.

use serde::Serialize;
use serde_json::{Value, json};

use super::canonical;
use crate::domain::{
    Asked, Attempt, Change, Checks, Decision, EVENT_TYPES, EvidenceItem, Finding, Id, Inquiry, KnowledgeChange,
    Outcome, Reply, Ruling, Suggestion, Verdict, What, name,
};

/// The format of the content. A reader that meets a higher one is too old.
const FORMAT: u64 = 1;

/// An event before it has its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// What happened, e.g. `inquiry.received`.
    pub kind: &'static str,
    /// Canonical JSON: the bytes that will be hashed.
    pub json: String,
}

/// Turns a text into something that proves it to whoever has the text and the key, and tells nothing to
/// anybody else.
type Commit<'a> = &'a dyn Fn(&str) -> String;

/// What the log will say of `change`. `commit` is a keyed hash: a bare one could be guessed back to a
/// telephone number.
pub fn content(change: &Change, id: &Id<name::Event>, commit: Commit<'_>) -> Content {
    let (kind, refs) = describe(&change.what, commit);
    debug_assert!(EVENT_TYPES.contains(&kind), "an auditor could not ask for {kind}");
    let role = change.principal.role_in(&change.workspace).map(|role| role.as_str());
    let json = canonical(&json!({
        "v": FORMAT,
        "id": id,
        "type": kind,
        "workspace": change.workspace,
        "at": change.at,
        "principal": { "id": change.principal.id, "role": role },
        "refs": refs,
    }));
    Content { kind, json }
}

fn describe(what: &What, commit: Commit<'_>) -> (&'static str, Value) {
    match what {
        What::WorkspaceOpened(workspace) => ("workspace.opened", json!({ "name": commit(&workspace.name) })),
        What::KnowledgeChanged(change) => ("knowledge.changed", of_knowledge(change, commit)),
        What::Proposed(proposal) => (
            "knowledge.proposed",
            json!({ "proposal": proposal.id, "wish": proposal.wish.as_str(), "content": sealed(proposal, commit) }),
        ),
        What::ProposalDecided { proposal, change, reason } => (
            "proposal.decided",
            json!({
                "proposal": proposal, "approved": change.is_some(), "reason": reason.as_deref().map(commit),
                "change": change.as_ref().map(|change| of_knowledge(change, commit)),
            }),
        ),
        What::InquiryReceived { inquiry, open } => {
            let joined = open.as_ref().is_some_and(|open| open.took_in(inquiry));
            (if joined { "inquiry.joined" } else { "inquiry.received" }, of_inquiry(inquiry, commit))
        }
        What::DraftCreated { draft, inquiry } => ("draft.created", json!({ "draft": draft, "inquiry": inquiry })),
        What::Suggested(suggestion) => ("draft.suggested", of_suggestion(suggestion, commit)),
        What::DraftFailed { draft, inquiry, streamed, asked, code } => (
            "draft.failed",
            json!({
                "draft": draft, "inquiry": inquiry, "code": code, "streamed": commit(streamed),
                "attempts": of_attempts(asked), "asked": sealed(asked, commit),
            }),
        ),
        What::Decided { decision, reply } => {
            let reply = reply.as_ref().map(|(reply, checks)| of_reply(reply, checks, commit));
            ("draft.decided", of_decision(decision, reply, commit))
        }
        What::Undone(undo) => (
            "draft.undecided",
            json!({
                "decision": undo.decision.id, "draft": undo.decision.draft, "action": undo.decision.verb.as_str(),
                "decided_by": undo.decided_by, "inquiry": undo.inquiry, "reply": undo.reply,
            }),
        ),
        What::Held { lease, over } => {
            ("inquiry.held", json!({ "inquiry": lease.inquiry, "holder": lease.principal, "over": over }))
        }
        What::Released(inquiry) => ("inquiry.released", json!({ "inquiry": inquiry })),
        What::Noted(note) => (
            "inquiry.noted",
            json!({ "note": note.id, "inquiry": note.inquiry, "to": note.to, "text": commit(&note.text) }),
        ),
        What::Replied { reply, checks } => ("reply.reported", of_reply(reply, checks, commit)),
        What::Ruled(ruling) => ("finding.ruled", of_ruling(ruling, commit)),
        What::RuledAgain(second) => (
            "finding.ruled_again",
            json!({ "finding": second.finding, "verdict": second.verdict, "fault": second.fault }),
        ),
        What::Disputed(dispute) => {
            ("finding.disputed", json!({ "finding": dispute.finding, "reason": commit(&dispute.reason) }))
        }
        What::DisputeAnswered { answer, ruling } => (
            "dispute.answered",
            json!({
                "finding": answer.finding, "granted": answer.granted, "reason": commit(&answer.reason),
                "ruling": ruling.as_ref().map(|ruling| of_ruling(ruling, commit)),
            }),
        ),
        What::SampleJudged(judged) => (
            "reply.sampled",
            json!({
                "reply": judged.reply, "missed": judged.missed.as_ref().map(|missed| missed.category),
                "words": judged.missed.as_ref().map(|missed| commit(&missed.words)),
            }),
        ),
        What::FilterSaved(filter) => (
            "filter.saved",
            json!({ "filter": filter.id, "name": commit(&filter.name), "query": commit(&filter.query) }),
        ),
        What::FilterRemoved(filter) => ("filter.removed", json!({ "filter": filter })),
        What::ContactReported(outcome) => (
            "contact.reported",
            json!({
                "contact_outcome": outcome.id, "reply": outcome.reply, "reopened": outcome.reopened,
                "contacted_again": outcome.contacted_again, "rating": outcome.rating,
            }),
        ),
        What::KeyCreated(key) => ("key.created", json!({ "key": key.id, "role": key.role })),
        What::KeyRevoked(key) => ("key.revoked", json!({ "key": key })),
        What::PersonPlaced { person, role } => (
            "person.placed",
            json!({ "person": person.id, "role": role, "everywhere": person.everywhere, "name": commit(&person.name) }),
        ),
        What::StampChanged { person, password, .. } => {
            ("person.stamped", json!({ "person": person, "password": password.is_some() }))
        }
        What::AccountLinked { person, account } => (
            "person.linked",
            json!({
                "person": person, "issuer": account.as_ref().map(|account| &account.issuer),
                "subject": account.as_ref().map(|account| commit(&account.subject)),
            }),
        ),
        What::ReplayedLive { draft, asked } => {
            let [letter, judged, entailed] = &**asked;
            (
                "draft.replayed",
                json!({
                    "draft": draft, "attempts": of_attempts(letter), "judged": of_attempts(judged),
                    "entailed": of_attempts(entailed), "asked": sealed(asked, commit),
                }),
            )
        }
        What::Configured(configured) => {
            ("configuration.used", json!({ "configuration": configured.hash, "content": configured.configuration }))
        }
        What::SubjectErased { erasure, traces, .. } => {
            ("subject.erased", json!({ "erasure": erasure.id, "subjects": traces.subjects, "texts": traces.texts }))
        }
        What::DocumentErased { erasure, traces, change, .. } => (
            "document.erased",
            json!({
                "erasure": erasure.id, "document": traces.target, "texts": traces.texts,
                "change": of_knowledge(change, commit),
            }),
        ),
        What::RetentionSet(retention) => ("retention.set", json!({ "days": retention })),
        What::TextsExpired { class, until, texts } => {
            ("texts.expired", json!({ "class": class, "until": until, "texts": texts }))
        }
        What::LogResumed { kept, note } => ("log.resumed", json!({ "kept": kept, "checkpoint": note })),
    }
}

fn of_knowledge(change: &KnowledgeChange, commit: Commit<'_>) -> Value {
    let added: Vec<_> = change
        .added
        .iter()
        .map(|revision| json!({ "revision": revision.id, "content": sealed(&revision.content, commit) }))
        .collect();
    json!({ "added": added, "retired": change.retired })
}

fn of_inquiry(inquiry: &Inquiry, commit: Commit<'_>) -> Value {
    json!({
        "inquiry": inquiry.id, "conversation": inquiry.conversation, "channel": inquiry.channel,
        "records": inquiry.records.len(), "content": sealed(inquiry, commit),
    })
}

fn of_suggestion(suggestion: &Suggestion, commit: Commit<'_>) -> Value {
    let reason = match &suggestion.outcome {
        Outcome::Handoff { reason, .. } => Some(reason.as_str()),
        _ => None,
    };
    let evidence: Vec<_> = suggestion.evidence.items.iter().map(EvidenceItem::id).collect();
    let draft = suggestion.draft.as_ref();
    json!({
        "suggestion": suggestion.id, "inquiry": suggestion.inquiry.id,
        "draft": draft.map(|draft| &draft.id), "drafter": draft.map(|draft| draft.drafter),
        "outcome": suggestion.outcome.as_str(), "reason": reason, "guide": suggestion.guide,
        "configuration": suggestion.making.configuration,
        "evidence": evidence, "index_sequence": suggestion.evidence.index_sequence,
        "fallback": draft.and_then(|draft| draft.fallback), "flags": draft.map_or(0, |draft| draft.flags.len()),
        "attempts": of_attempts(&suggestion.asked), "judged": of_attempts(&suggestion.judged),
        "entailed": of_attempts(&suggestion.entailed), "hint": suggestion.hint.is_some(),
        "checks": of_checks(&suggestion.checks), "content": sealed(suggestion, commit),
    })
}

/// Every request to a model: whom it went to, by which words, and what came of it.
fn of_attempts(asked: &Asked) -> Value {
    let one = |attempt: &Attempt| {
        let prompt = asked.prompts.get(attempt.prompt);
        json!({
            "host": attempt.host, "model": attempt.model, "answered_by": attempt.answered_by,
            "template": prompt.map(|prompt| &prompt.template), "cut": prompt.map_or(0, |prompt| prompt.cut.len()),
            "started_at": attempt.started_at, "duration_ms": attempt.duration_ms, "status": attempt.status,
            "failure": attempt.failure, "usage": attempt.usage, "cost_micros": attempt.cost_micros,
        })
    };
    asked.attempts.iter().map(one).collect()
}

fn of_checks(checks: &Checks) -> Value {
    let findings: Vec<_> = checks.findings.iter().map(|Finding { id, .. }| id).collect();
    let count = |verdict| checks.grounding.count(verdict);
    json!({
        "findings": findings,
        "by_model": checks.grounding.verdicts.iter().filter(|sentence| sentence.by_model).count(),
        "supported": count(Verdict::Supported), "contradicted": count(Verdict::Contradicted),
        "unsupported": count(Verdict::Unsupported), "not_a_claim": count(Verdict::NotAClaim),
    })
}

fn of_decision(decision: &Decision, reply: Option<Value>, commit: Commit<'_>) -> Value {
    json!({
        "decision": decision.id, "draft": decision.draft, "action": decision.verb.as_str(),
        "content": sealed(decision, commit), "reply": reply,
    })
}

fn of_reply(reply: &Reply, checks: &Checks, commit: Commit<'_>) -> Value {
    json!({
        "reply": reply.id, "inquiry": reply.inquiry, "decision": reply.decision, "channel": reply.channel,
        "checks": of_checks(checks), "content": sealed(&(reply, checks), commit),
    })
}

fn of_ruling(ruling: &Ruling, commit: Commit<'_>) -> Value {
    json!({
        "ruling": ruling.id, "finding": ruling.finding, "verdict": ruling.verdict, "fault": ruling.fault,
        "reason": ruling.reason.as_deref().map(commit),
        "waiver": ruling.waiver.as_ref().map(|waiver| json!({
            "waiver": waiver.id, "phrase": commit(&waiver.phrase), "until": waiver.until,
        })),
    })
}

/// The commitment to a whole value: its canonical JSON under the keyed hash.
fn sealed(value: &impl Serialize, commit: Commit<'_>) -> String {
    commit(&canonical(&json!(value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        Channel, InquiryText, Key, Open, Principal, Record, Reference, Role, Situation, Situations, Timestamp, Verb,
        Workspace, WorkspaceId,
    };

    fn id<T: crate::domain::Named>(n: u128) -> Id<T> {
        Id::from_uuid(uuid::Uuid::from_u128(n))
    }

    fn change(what: What) -> Change {
        let workspace = WorkspaceId::parse("shop").unwrap();
        Change { workspace, principal: Principal::local(), at: Timestamp(0), what, idempotency: None }
    }

    fn inquiry() -> Inquiry {
        Inquiry {
            id: id(1),
            workspace: WorkspaceId::parse("shop").unwrap(),
            conversation: id(2),
            channel: Channel::Email,
            text: InquiryText::parse("山田です。届きません。").unwrap(),
            customer: Some(Reference::parse("C-山田").unwrap()),
            order: Some(Reference::parse("ORDER-48120").unwrap()),
            records: vec![Record {
                id: id(3),
                name: "お届け先".into(),
                value: "千代田区".into(),
                source: None,
                as_of: None,
            }],
            situations: Situations::only(Situation::other()),
            received_at: Timestamp(0),
        }
    }

    fn reply() -> Reply {
        Reply {
            suggestion: None,
            id: id(4),
            inquiry: Some(id(1)),
            decision: Some(id(5)),
            channel: Channel::Email,
            text: "山田様、本日お届けします。".into(),
            author: Some("佐藤".into()),
            team: None,
            vendor: None,
            sent_at: Timestamp(0),
            stands_on: Vec::new(),
        }
    }

    fn asked() -> Asked {
        let attempt = Attempt {
            prompt: 0,
            host: "llm.example".into(),
            model: "large".into(),
            parameters: String::new(),
            started_at: Timestamp(0),
            first_byte_ms: None,
            duration_ms: 9,
            status: Some(200),
            failure: Some(crate::domain::Failure::Truncated),
            detail: None,
            answered_by: None,
            response_id: None,
            fingerprint: None,
            finish: None,
            usage: None,
            cost_micros: None,
            heard: false,
            raw: "山田様".into(),
        };
        Asked { prompts: Vec::new(), attempts: vec![attempt], deltas: 0 }
    }

    #[test]
    fn no_event_shows_words_names_or_references() {
        let verb = Verb::Edit { text: "山田様、本日お届けします。".into() };
        let decision = Decision {
            id: id(5),
            draft: id(6),
            verb,
            reason: Some("山田様と電話".into()),
            screen: crate::domain::Screen::default(),
            at: Timestamp(0),
        };
        let key = Key {
            id: id(7),
            workspace: WorkspaceId::parse("shop").unwrap(),
            role: Role::Qa,
            label: "佐藤の鍵".into(),
            secret_hash: "deadbeef".into(),
        };
        let workspace = Workspace { id: WorkspaceId::parse("shop").unwrap(), name: "店".into() };
        let streamed = "山田様".to_owned();
        for what in [
            What::WorkspaceOpened(workspace),
            What::InquiryReceived { inquiry: Box::new(inquiry()), open: None },
            What::InquiryReceived { inquiry: Box::new(inquiry()), open: Some(Open::of(&inquiry())) },
            What::DraftFailed {
                draft: id(6),
                inquiry: id(1),
                streamed,
                asked: Box::new(asked()),
                code: "internal".into(),
            },
            What::Decided { decision: Box::new(decision), reply: Some((reply(), Checks::default())) },
            What::Replied { reply: reply(), checks: Checks::default() },
            What::KeyCreated(key),
        ] {
            let json = content(&change(what), &id(9), &|_| "sealed".to_owned()).json;
            assert!(json.is_ascii(), "every word of the samples is Japanese: {json}");
            assert!(!json.contains("ORDER-48120") && !json.contains("deadbeef"), "{json}");
            assert!(json.contains(r#""workspace":"shop""#), "{json}");
        }
    }

    #[test]
    fn a_commitment_covers_every_part_of_what_was_recorded() {
        let commit = |text: &str| hex::encode(<sha2::Sha256 as sha2::Digest>::digest(text));
        let of = |inquiry: Inquiry| {
            let what = What::InquiryReceived { inquiry: Box::new(inquiry), open: None };
            content(&change(what), &id(9), &commit).json
        };
        let plain = of(inquiry());
        assert_eq!(plain, of(inquiry()), "the same change gives the same bytes");
        let mut other = inquiry();
        other.records[0].value = "港区".into();
        assert_ne!(plain, of(other));
        let other = Inquiry { customer: None, ..inquiry() };
        assert_ne!(plain, of(other));
    }
}
