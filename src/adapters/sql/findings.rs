//! Findings as rows, with all that QA filters by, and what QA rules on them.

use super::{
    apply::Writing,
    db::{Value, values_of},
    fault::{Fault, unreadable},
    journey::put_text,
    keep::{self, Because, Waived},
};
use crate::{
    domain::{Decision, Draft, Finding, FindingState, Id, Reply, Ruling, Suggestion, TextClass, name},
    ports::Conflict,
};

/// The columns that are the same for all findings of one text.
struct Place<'a> {
    kind: &'static str,
    checked: &'a str,
    subject: &'a str,
    at: i64,
    inquiry: Option<&'a str>,
    reply: Option<&'a Reply>,
    situation: Option<&'a str>,
}

/// The findings of a draft.
pub async fn of_draft(
    writing: &mut Writing<'_>,
    suggestion: &Suggestion,
    draft: &Draft,
    subject: &str,
) -> Result<(), Fault> {
    let place = Place {
        kind: "draft",
        checked: draft.id.as_str(),
        subject,
        at: suggestion.created_at.0,
        inquiry: Some(suggestion.inquiry.id.as_str()),
        reply: None,
        situation: Some(suggestion.inquiry.situations.primary.as_str()),
    };
    insert(writing, &place, &suggestion.checks.findings).await
}

/// The findings of a reply. An accepted draft hands its own on: they stay the draft's, and are ruled on once.
pub async fn of_reply(
    writing: &mut Writing<'_>,
    reply: &Reply,
    findings: &[Finding],
    subject: &str,
) -> Result<(), Fault> {
    let place = Place {
        kind: "reply",
        checked: reply.id.as_str(),
        subject,
        at: reply.sent_at.0,
        inquiry: reply.inquiry.as_ref().map(Id::as_str),
        reply: Some(reply),
        situation: None,
    };
    insert(writing, &place, findings).await?;
    if findings.is_empty() {
        return Ok(());
    }
    let values = values_of![writing.workspace(), reply.id.as_str()];
    writing.conn.put_off(
        "UPDATE finding SET situation =
             (SELECT i.situation FROM inquiry i WHERE i.workspace = finding.workspace AND i.id = finding.inquiry)
         WHERE workspace = $1 AND checked = $2",
        values,
    );
    Ok(())
}

/// A draft was accepted: a customer gets its findings.
pub fn sent(writing: &mut Writing<'_>, decision: &Decision, reply: &Reply) {
    let Reply { id, author, team, vendor, sent_at, .. } = reply;
    let values = values_of![
        writing.workspace(),
        decision.draft.as_str(),
        id.as_str(),
        author.as_deref(),
        team.as_deref(),
        vendor.as_deref(),
        sent_at.0
    ];
    writing.conn.put_off(
        "UPDATE finding SET reply = $3, person = $4, team = $5, vendor = $6, at = $7
         WHERE workspace = $1 AND checked = $2",
        values,
    );
}

async fn insert(writing: &mut Writing<'_>, place: &Place<'_>, findings: &[Finding]) -> Result<(), Fault> {
    let mut values: Vec<Value> = Vec::new();
    let by = |of: fn(&Reply) -> &Option<String>| place.reply.and_then(|reply| of(reply).as_deref());
    for Finding { id, seen, guide, waived_by } in findings {
        let (start, end) = (seen.span.map(|span| span.start as i64), seen.span.map(|span| span.end as i64));
        values.extend(values_of![
            writing.workspace(),
            id.as_str(),
            place.kind,
            place.checked,
            place.subject,
            seen.rule.as_str(),
            seen.category.as_str(),
            seen.severity.as_str(),
            start,
            end,
            if waived_by.is_some() { FindingState::Waived } else { FindingState::Open }.as_str(),
            place.at,
            place.inquiry,
            place.reply.map(|reply| reply.id.as_str()),
            place.situation,
            by(|reply| &reply.author),
            by(|reply| &reply.team),
            by(|reply| &reply.vendor),
            guide.as_ref().map(Id::as_str)
        ]);
    }
    writing
        .conn
        .insert_all(
            "INSERT INTO finding (workspace, id, checked_kind, checked, subject, rule, category, severity, span_start,
             span_end, state, at, inquiry, reply, situation, person, team, vendor, guide) VALUES",
            19,
            values,
            "ON CONFLICT (workspace, id) DO NOTHING",
        )
        .await?;
    Ok(())
}

/// QA ruled. A later ruling stands beside the earlier one; the finding shows the last.
pub async fn rule(writing: &mut Writing<'_>, ruling: &Ruling) -> Result<(), Fault> {
    let values = values_of![writing.workspace(), ruling.finding.as_str(), ruling.verdict.as_str()];
    // The words that were ruled on: a draft's or a reply's.
    let sql = "UPDATE finding SET state = $3 WHERE workspace = $1 AND id = $2
               RETURNING subject, inquiry, (SELECT t.body FROM person_text t WHERE t.workspace = finding.workspace
                   AND t.id = COALESCE(
                       (SELECT r.text FROM reply r WHERE r.workspace = finding.workspace AND r.id = finding.checked),
                       (SELECT s.text FROM draft d JOIN suggestion s ON s.workspace = d.workspace AND s.id = d.suggestion
                        WHERE d.workspace = finding.workspace AND d.id = finding.checked)))";
    let ruled = writing.conn.row(sql, values).await?.ok_or(Fault::Conflict(Conflict::Missing))?;
    if ruled.maybe_text(2)?.is_some_and(|body| body.is_empty()) {
        return Err(Fault::Erased);
    }
    let subject = ruled.text(0)?;
    let inquiry: Option<Id<name::Inquiry>> =
        ruled.maybe_text(1)?.map(|id| Id::parse(&id)).transpose().map_err(|_| unreadable("finding.inquiry"))?;
    let text = match &ruling.reason {
        Some(reason) => {
            let body = keep::write(&Because { reason: reason.clone() })?;
            Some(put_text(writing, &subject, TextClass::Rulings, inquiry.as_ref(), &body).await?)
        }
        None => None,
    };
    let (fault, principal) = (ruling.fault.map(|fault| fault.as_str()), writing.change.principal.id.as_str());
    let values = values_of![
        writing.workspace(),
        ruling.id.as_str(),
        ruling.finding.as_str(),
        ruling.verdict.as_str(),
        fault,
        principal,
        text.as_ref().map(Id::as_str),
        ruling.at.0
    ];
    writing.conn.put_off(
        "INSERT INTO ruling (workspace, id, finding, verdict, fault, principal, text, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values,
    );
    let Some(waiver) = &ruling.waiver else { return Ok(()) };
    let body = keep::write(&Waived { phrase: waiver.phrase.clone() })?;
    let phrase = put_text(writing, &subject, TextClass::Rulings, inquiry.as_ref(), &body).await?;
    let values = values_of![
        writing.workspace(),
        waiver.id.as_str(),
        ruling.id.as_str(),
        waiver.rule.as_str(),
        phrase.as_str(),
        waiver.until.to_string()
    ];
    writing.conn.put_off(
        "INSERT INTO waiver (workspace, id, ruling, rule, phrase, until) VALUES ($1, $2, $3, $4, $5, $6)",
        values,
    );
    Ok(())
}
