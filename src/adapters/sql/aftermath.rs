//! What people do after a suggestion, as rows: decisions, replies, and what was heard afterwards.

use super::{
    apply::Writing,
    db::values_of,
    fault::{Fault, unreadable},
    findings,
    journey::{draft_state, put_text, subject_of, supersede},
    keep::{self, CheckedReply},
    lease,
};
use crate::{
    domain::{Checks, ContactOutcome, Decision, DraftState, Id, InquiryState, Reliance, Reply, TextClass, Verb, name},
    ports::Conflict,
};

/// An operator decided. Only a draft that is current and complete can be decided on, and once.
pub async fn decide(
    writing: &mut Writing<'_>,
    decision: &Decision,
    sent: Option<&(Reply, Checks)>,
) -> Result<(), Fault> {
    let refuse = |conflict| Err(Fault::Conflict(conflict));
    let (state, suggestion) = draft_state(writing, &decision.draft).await?.ok_or(Fault::Conflict(Conflict::Missing))?;
    match DraftState::parse(&state) {
        Some(DraftState::Decided) => return refuse(Conflict::AlreadyDecided),
        Some(DraftState::Superseded) => return refuse(Conflict::Superseded),
        // What is still streaming is provisional.
        Some(DraftState::Current) if suggestion.is_none() => return refuse(Conflict::Missing),
        Some(DraftState::Current) => {}
        None => return Err(unreadable("draft.state")),
    }
    let values = values_of![writing.workspace(), decision.draft.as_str(), DraftState::Decided.as_str()];
    let decided = writing
        .conn
        .row("UPDATE draft SET state = $3 WHERE workspace = $1 AND id = $2 RETURNING inquiry", values)
        .await?
        .ok_or(Fault::Conflict(Conflict::Missing))?;
    let inquiry = Id::parse(&decided.text(0)?).map_err(|_| unreadable("draft.inquiry"))?;
    lease::refuse_held(writing, &inquiry, false).await?;
    // What is still being streamed comes too late.
    supersede(writing, &inquiry);

    let subject = subject_of(writing, &inquiry).await?.ok_or(Fault::Conflict(Conflict::Missing))?;
    let text = put_text(writing, &subject, TextClass::Replies, Some(&inquiry), &keep::write(decision)?).await?;
    let (action, principal) = (decision.verb.as_str(), writing.change.principal.id.as_str());
    let values = values_of![
        writing.workspace(),
        decision.id.as_str(),
        decision.draft.as_str(),
        action,
        principal,
        text.as_str(),
        decision.at.0
    ];
    writing.conn.put_off(
        "INSERT INTO decision (workspace, id, draft, action, principal, text, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values,
    );
    if decision.verb == Verb::Reject {
        // Somebody judged it: what a chatbot was to pass on is the people's now.
        let values = values_of![writing.workspace(), inquiry.as_str()];
        writing.conn.put_off("UPDATE inquiry SET chatbot = 0 WHERE workspace = $1 AND id = $2", values);
    }
    let Some((reply, checks)) = sent else { return Ok(()) };
    answered(writing, &inquiry, reply).await?;
    if decision.verb == Verb::Accept {
        findings::sent(writing, decision, reply);
    }
    insert_reply(writing, reply, checks, subject).await
}

/// Another system reports what a person sent.
pub async fn reply(writing: &mut Writing<'_>, reply: &Reply, checks: &Checks) -> Result<(), Fault> {
    let subject = match &reply.inquiry {
        Some(inquiry) => {
            answered(writing, inquiry, reply).await?;
            subject_of(writing, inquiry).await?.ok_or(Fault::Conflict(Conflict::Missing))?
        }
        // About whom it is nobody said: it stands for itself.
        None => reply.id.to_string(),
    };
    insert_reply(writing, reply, checks, subject).await
}

async fn insert_reply(writing: &mut Writing<'_>, reply: &Reply, checks: &Checks, subject: String) -> Result<(), Fault> {
    let body = keep::write(&CheckedReply { reply: reply.clone(), checks: checks.clone() })?;
    let text = put_text(writing, &subject, TextClass::Replies, reply.inquiry.as_ref(), &body).await?;
    let (inquiry, decision) = (reply.inquiry.as_ref().map(Id::as_str), reply.decision.as_ref().map(Id::as_str));
    let values = values_of![
        writing.workspace(),
        reply.id.as_str(),
        inquiry,
        decision,
        reply.channel.as_str(),
        reply.author.as_deref(),
        reply.team.as_deref(),
        reply.vendor.as_deref(),
        subject.as_str(),
        text.as_str(),
        reply.sent_at.0
    ];
    writing.conn.put_off(
        "INSERT INTO reply (workspace, id, inquiry, decision, channel, author, team, vendor, subject, text, sent_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values,
    );
    for Reliance { revision, .. } in &reply.stands_on {
        let values = values_of![writing.workspace(), revision.as_str(), reply.id.as_str()];
        writing.conn.put_off("INSERT INTO reliance (workspace, revision, reply) VALUES ($1, $2, $3)", values);
    }
    findings::of_reply(writing, reply, &checks.findings, &subject).await
}

/// An inquiry is answered, and with it what the same customer wrote before it in the conversation and nobody answered:
/// the draft was made for all of it.
async fn answered(writing: &mut Writing<'_>, inquiry: &Id<name::Inquiry>, reply: &Reply) -> Result<(), Fault> {
    let answered = InquiryState::Answered.as_str();
    let values = values_of![writing.workspace(), inquiry.as_str(), answered, reply.id.as_str()];
    let sql = "UPDATE inquiry SET state_before = state, answered_by = $4, state = $3 WHERE workspace = $1 AND id = $2";
    writing.must_find(sql, values.clone()).await?;
    lease::end(writing, inquiry);
    // Who gave no customer reference is known by the conversation alone.
    let sql = "UPDATE inquiry SET state_before = state, answered_by = $4, state = $3
               WHERE workspace = $1 AND state NOT IN ('answered', 'closed') AND EXISTS (
                   SELECT 1 FROM inquiry now WHERE now.workspace = inquiry.workspace AND now.id = $2
                   AND now.conversation = inquiry.conversation AND now.received_at >= inquiry.received_at
                   AND (now.subject = inquiry.subject OR inquiry.conversation IN (now.subject, inquiry.subject)))";
    writing.conn.put_off(sql, values);
    Ok(())
}

/// A caller reports what happened after a reply. The reply must exist: its foreign key says so.
pub async fn report_contact(writing: &mut Writing<'_>, outcome: &ContactOutcome) -> Result<(), Fault> {
    let ContactOutcome { id, reply, reopened, contacted_again, rating, at } = outcome;
    let rating = rating.map(i64::from);
    let values =
        values_of![writing.workspace(), id.as_str(), reply.as_str(), *reopened, *contacted_again, rating, at.0];
    writing.conn.put_off(
        "INSERT INTO contact_outcome (workspace, id, reply, reopened, contacted_again, rating, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values,
    );
    Ok(())
}
