//! Who works on an inquiry, and what colleagues say of it, as rows.

use super::{
    apply::Writing,
    db::values_of,
    fault::Fault,
    journey::{put_text, subject_of},
    keep,
};
use crate::{
    domain::{Id, InquiryState, Lease, Note, TextClass, name},
    ports::Conflict,
};

/// Takes an inquiry, goes on with it, or, where `over`, takes it from whoever has it.
pub async fn hold(writing: &mut Writing<'_>, lease: &Lease, over: bool) -> Result<(), Fault> {
    refuse_held(writing, &lease.inquiry, over).await?;
    let values = values_of![writing.workspace(), lease.inquiry.as_str(), InquiryState::Assigned.as_str()];
    // Whatever a chatbot had of it: from now on it is the people's, also when it is given back.
    let sql = "UPDATE inquiry SET state = $3, chatbot = 0
               WHERE workspace = $1 AND id = $2 AND state NOT IN ('answered', 'closed')";
    if writing.conn.execute(sql, values).await? == 0 {
        return Err(Fault::Conflict(Conflict::AlreadyDecided));
    }
    let Lease { inquiry, principal, since, until } = lease;
    let values = values_of![writing.workspace(), inquiry.as_str(), principal.as_str(), since.0, until.0];
    // Who goes on with what they still hold has had it since they took it.
    writing.conn.put_off(
        "INSERT INTO lease (workspace, inquiry, principal, since, until) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (workspace, inquiry) DO UPDATE SET
             since = CASE WHEN lease.principal = excluded.principal AND lease.until > excluded.since
                     THEN lease.since ELSE excluded.since END,
             principal = excluded.principal, until = excluded.until",
        values,
    );
    Ok(())
}

/// Nobody works on it any more. What somebody else holds stays theirs.
pub async fn release(writing: &mut Writing<'_>, inquiry: &Id<name::Inquiry>) -> Result<(), Fault> {
    refuse_held(writing, inquiry, false).await?;
    end(writing, inquiry);
    let values =
        values_of![writing.workspace(), inquiry.as_str(), InquiryState::New.as_str(), InquiryState::Assigned.as_str()];
    writing.conn.put_off("UPDATE inquiry SET state = $3 WHERE workspace = $1 AND id = $2 AND state = $4", values);
    Ok(())
}

/// Something said to a colleague: kept with the customer's texts, since it may speak of the customer.
pub async fn note(writing: &mut Writing<'_>, note: &Note) -> Result<(), Fault> {
    let subject = subject_of(writing, &note.inquiry).await?.ok_or(Fault::Conflict(Conflict::Missing))?;
    let text = put_text(writing, &subject, TextClass::Inquiries, Some(&note.inquiry), &keep::write(note)?).await?;
    let Note { id, inquiry, by, at, .. } = note;
    let values = values_of![writing.workspace(), id.as_str(), inquiry.as_str(), by.as_str(), text.as_str(), at.0];
    writing.conn.put_off(
        "INSERT INTO note (workspace, id, inquiry, principal, text, at) VALUES ($1, $2, $3, $4, $5, $6)",
        values,
    );
    Ok(())
}

/// The inquiry is answered: there is nothing left to work on.
pub fn end(writing: &mut Writing<'_>, inquiry: &Id<name::Inquiry>) {
    let values = values_of![writing.workspace(), inquiry.as_str()];
    writing.conn.put_off("DELETE FROM lease WHERE workspace = $1 AND inquiry = $2", values);
}

/// Who answers what somebody else works on is told so.
pub async fn refuse_held(writing: &mut Writing<'_>, inquiry: &Id<name::Inquiry>, over: bool) -> Result<(), Fault> {
    let change = writing.change;
    let values = values_of![writing.workspace(), inquiry.as_str(), change.principal.id.as_str(), change.at.0];
    let sql = "SELECT principal FROM lease WHERE workspace = $1 AND inquiry = $2 AND principal <> $3 AND until > $4";
    match writing.conn.row(sql, values).await? {
        Some(_) if !over => Err(Fault::Conflict(Conflict::Held)),
        _ => Ok(()),
    }
}
