//! What QA does beside ruling, as rows: kept filters, samples, second rulings, disputes.

use super::{
    apply::Writing,
    db::values_of,
    fault::{Fault, unreadable},
    findings,
    journey::put_text,
    keep::{self, Because, Waived},
};
use crate::{
    domain::{
        Dispute, DisputeAnswer, Id, Ruling, RulingVerdict, SampleJudgement, SavedFilter, SecondRuling, TextClass, name,
    },
    ports::Conflict,
};

/// Somebody keeps conditions.
pub fn save_filter(writing: &mut Writing<'_>, filter: &SavedFilter) {
    let (principal, at) = (writing.change.principal.id.as_str(), writing.change.at.0);
    let SavedFilter { id, name, query } = filter;
    let values = values_of![writing.workspace(), id.as_str(), principal, name.as_str(), query.as_str(), at];
    writing.conn.put_off(
        "INSERT INTO saved_filter (workspace, id, principal, name, query, at) VALUES ($1, $2, $3, $4, $5, $6)",
        values,
    );
}

/// They need them no more. What somebody else keeps is not theirs to take away.
pub async fn remove_filter(writing: &mut Writing<'_>, filter: &Id<name::Filter>) -> Result<(), Fault> {
    let values = values_of![writing.workspace(), filter.as_str(), writing.change.principal.id.as_str()];
    writing.must_find("DELETE FROM saved_filter WHERE workspace = $1 AND id = $2 AND principal = $3", values).await
}

/// Somebody looked through a reply, once.
pub async fn judge(writing: &mut Writing<'_>, judged: &SampleJudgement) -> Result<(), Fault> {
    let values = values_of![writing.workspace(), judged.reply.as_str()];
    let sql = "SELECT subject, inquiry FROM reply WHERE workspace = $1 AND id = $2";
    let text = match &judged.missed {
        None => None,
        Some(missed) => {
            let row = writing.conn.row(sql, values).await?.ok_or(Fault::Conflict(Conflict::Missing))?;
            let (subject, inquiry) = (row.text(0)?, inquiry_of(row.maybe_text(1)?)?);
            let body = keep::write(&Waived { phrase: missed.words.clone() })?;
            Some(put_text(writing, &subject, TextClass::Rulings, inquiry.as_ref(), &body).await?)
        }
    };
    let values = values_of![
        writing.workspace(),
        judged.reply.as_str(),
        judged.missed.as_ref().map(|missed| missed.category.as_str()),
        text.as_ref().map(Id::as_str),
        writing.change.principal.id.as_str(),
        judged.at.0
    ];
    writing.conn.put_off(
        "INSERT INTO sample (workspace, reply, category, text, principal, at) VALUES ($1, $2, $3, $4, $5, $6)",
        values,
    );
    Ok(())
}

/// A second person ruled: whoever ruled on it before is no second person.
pub async fn rule_again(writing: &mut Writing<'_>, second: &SecondRuling) -> Result<(), Fault> {
    let values = values_of![
        writing.workspace(),
        second.finding.as_str(),
        second.verdict.as_str(),
        second.fault.map(|fault| fault.as_str()),
        writing.change.principal.id.as_str(),
        second.at.0
    ];
    let sql = "INSERT INTO second_ruling (workspace, finding, first, verdict, fault, principal, at)
               SELECT r.workspace, r.finding, r.verdict, $3, $4, $5, $6 FROM ruling r WHERE r.id = (
                   SELECT x.id FROM ruling x WHERE x.workspace = $1 AND x.finding = $2 ORDER BY x.at DESC, x.id DESC LIMIT 1)
               AND r.workspace = $1 AND NOT EXISTS (
                   SELECT 1 FROM ruling o WHERE o.workspace = $1 AND o.finding = $2 AND o.principal = $5)";
    writing.must_find(sql, values).await
}

/// The author's side says something against a finding that was held against it.
pub async fn dispute(writing: &mut Writing<'_>, dispute: &Dispute) -> Result<(), Fault> {
    let sql = "SELECT subject, inquiry FROM finding WHERE workspace = $1 AND id = $2 AND state = $3";
    let confirmed = RulingVerdict::Confirmed.as_str();
    let values = values_of![writing.workspace(), dispute.finding.as_str(), confirmed];
    let row = writing.conn.row(sql, values).await?.ok_or(Fault::Conflict(Conflict::Missing))?;
    let reason = said(writing, &row.text(0)?, row.maybe_text(1)?, &dispute.reason).await?;
    let values = values_of![
        writing.workspace(),
        dispute.finding.as_str(),
        writing.change.principal.id.as_str(),
        reason.as_str(),
        dispute.at.0
    ];
    writing
        .conn
        .put_off("INSERT INTO dispute (workspace, finding, principal, reason, at) VALUES ($1, $2, $3, $4, $5)", values);
    Ok(())
}

/// QA answers, once; with the ruling that follows where the author's side is right.
pub async fn answer(writing: &mut Writing<'_>, answer: &DisputeAnswer, ruling: Option<&Ruling>) -> Result<(), Fault> {
    let sql = "SELECT subject, inquiry FROM finding WHERE workspace = $1 AND id = $2";
    let values = values_of![writing.workspace(), answer.finding.as_str()];
    let row = writing.conn.row(sql, values).await?.ok_or(Fault::Conflict(Conflict::Missing))?;
    let reason = said(writing, &row.text(0)?, row.maybe_text(1)?, &answer.reason).await?;
    let values = values_of![
        writing.workspace(),
        answer.finding.as_str(),
        Some(answer.granted),
        reason.as_str(),
        writing.change.principal.id.as_str(),
        answer.at.0
    ];
    // The words are rows before they are named.
    writing.conn.flush().await?;
    let sql = "UPDATE dispute SET granted = $3, answer = $4, answered_by = $5, answered_at = $6
               WHERE workspace = $1 AND finding = $2 AND answered_at IS NULL";
    writing.must_find(sql, values).await?;
    match ruling {
        Some(ruling) => findings::rule(writing, ruling).await,
        None => Ok(()),
    }
}

async fn said(
    writing: &mut Writing<'_>,
    subject: &str,
    inquiry: Option<String>,
    reason: &str,
) -> Result<Id<name::Text>, Fault> {
    let (inquiry, body) = (inquiry_of(inquiry)?, keep::write(&Because { reason: reason.to_owned() })?);
    put_text(writing, subject, TextClass::Rulings, inquiry.as_ref(), &body).await
}

fn inquiry_of(id: Option<String>) -> Result<Option<Id<name::Inquiry>>, Fault> {
    id.map(|id| Id::parse(&id)).transpose().map_err(|_| unreadable("inquiry.id"))
}
