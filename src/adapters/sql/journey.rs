//! The journey of an inquiry as rows, up to the suggestion: received, joined, drafted, suggested or failed.

use super::{
    apply::Writing,
    db::{Value, values_of},
    fault::Fault,
    keep::{self, Streamed},
};
use crate::{
    domain::{Draft, DraftState, Finding, Id, Inquiry, InquiryState, Suggestion, name},
    ports::Conflict,
};

/// What findings belong to.
#[derive(Debug, Clone, Copy)]
pub enum Checked<'a> {
    /// A draft.
    Draft(&'a Id<name::Draft>),
    /// A reply.
    Reply(&'a Id<name::Reply>),
}

impl<'a> Checked<'a> {
    fn kind_and_id(self) -> (&'static str, &'a str) {
        match self {
            Self::Draft(id) => ("draft", id.as_str()),
            Self::Reply(id) => ("reply", id.as_str()),
        }
    }
}

/// A first message.
pub async fn receive(writing: &mut Writing<'_>, inquiry: &Inquiry) -> Result<(), Fault> {
    let subject = writing.keep.subject(inquiry);
    let text = put_text(writing, &subject, keep::write(inquiry)?).await?;
    let situation = inquiry.situations.primary.as_str();
    let values = values_of![
        writing.workspace(),
        inquiry.id.as_str(),
        inquiry.conversation.as_str(),
        inquiry.channel.as_str(),
        situation,
        InquiryState::New.as_str(),
        subject,
        text.as_str(),
        inquiry.received_at.0
    ];
    writing
        .conn
        .execute(
            "INSERT INTO inquiry (workspace, id, conversation, channel, situation, state, subject, text, received_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            values,
        )
        .await?;
    Ok(())
}

/// A message that joins an open inquiry. The earlier words stay where they were; the draft that answers them alone
/// is no longer the one to decide on.
pub async fn join(writing: &mut Writing<'_>, inquiry: &Inquiry) -> Result<(), Fault> {
    let subject = writing.keep.subject(inquiry);
    let text = put_text(writing, &subject, keep::write(inquiry)?).await?;
    let situation = inquiry.situations.primary.as_str();
    let values =
        values_of![writing.workspace(), inquiry.id.as_str(), situation, subject, text.as_str(), inquiry.received_at.0];
    writing
        .must_find(
            "UPDATE inquiry SET situation = $3, subject = $4, text = $5, received_at = $6
             WHERE workspace = $1 AND id = $2",
            values,
        )
        .await?;
    supersede(writing, &inquiry.id).await
}

/// A stream was opened.
pub async fn create_draft(
    writing: &mut Writing<'_>,
    draft: &Id<name::Draft>,
    inquiry: &Id<name::Inquiry>,
) -> Result<(), Fault> {
    supersede(writing, inquiry).await?;
    insert_draft(writing, draft, inquiry, DraftState::Current).await
}

/// A suggestion, with its draft and what was found in it. A draft that was overtaken while it was being made is
/// recorded as well, but superseded.
pub async fn suggest(writing: &mut Writing<'_>, suggestion: &Suggestion) -> Result<(), Fault> {
    let inquiry = &suggestion.inquiry.id;
    let sql = "SELECT t.body, i.subject FROM inquiry i
               JOIN person_text t ON t.workspace = i.workspace AND t.id = i.text
               WHERE i.workspace = $1 AND i.id = $2";
    let values = values_of![writing.workspace(), inquiry.as_str()];
    let stored = writing.conn.row(sql, values).await?.ok_or(Fault::Conflict(Conflict::Missing))?;
    // By its words and not by its time: two messages can come within one millisecond.
    let overtaken = keep::read::<Inquiry>(&stored.text(0)?)?.text != suggestion.inquiry.text;
    let subject = stored.text(1)?;

    let text = put_text(writing, &subject, keep::write_suggestion(suggestion)?).await?;
    let (outcome, guide) = (suggestion.outcome.as_str(), suggestion.guide.as_ref().map(Id::as_str));
    let values = values_of![
        writing.workspace(),
        suggestion.id.as_str(),
        inquiry.as_str(),
        outcome,
        guide,
        text.as_str(),
        suggestion.created_at.0
    ];
    writing
        .conn
        .execute(
            "INSERT INTO suggestion (workspace, id, inquiry, outcome, guide, text, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values,
        )
        .await?;
    match &suggestion.draft {
        Some(draft) => {
            fill_draft(writing, suggestion, draft, overtaken).await?;
            insert_findings(writing, Checked::Draft(&draft.id), &subject, &suggestion.checks.findings).await
        }
        None if overtaken => Ok(()),
        // A person takes over: no draft is left to decide on.
        None => supersede(writing, inquiry).await,
    }
}

async fn fill_draft(
    writing: &mut Writing<'_>,
    suggestion: &Suggestion,
    draft: &Draft,
    overtaken: bool,
) -> Result<(), Fault> {
    let inquiry = &suggestion.inquiry.id;
    let streamed = draft_state(writing, &draft.id).await?;
    match streamed {
        Some((_, Some(_))) => return Err(Fault::Conflict(Conflict::Repeated)),
        // The state was settled when the stream opened, or since.
        Some((_, None)) => {}
        None if overtaken => insert_draft(writing, &draft.id, inquiry, DraftState::Superseded).await?,
        None => create_draft(writing, &draft.id, inquiry).await?,
    }
    let values = values_of![
        writing.workspace(),
        draft.id.as_str(),
        inquiry.as_str(),
        suggestion.id.as_str(),
        draft.drafter.as_str()
    ];
    writing
        .must_find(
            "UPDATE draft SET suggestion = $4, drafter = $5 WHERE workspace = $1 AND id = $2 AND inquiry = $3",
            values,
        )
        .await
}

/// A draft did not come to be. What had been shown is kept: somebody may have read it.
pub async fn fail_draft(
    writing: &mut Writing<'_>,
    draft: &Id<name::Draft>,
    inquiry: &Id<name::Inquiry>,
    streamed: &str,
    code: &str,
) -> Result<(), Fault> {
    let subject = subject_of(writing, inquiry).await?.ok_or(Fault::Conflict(Conflict::Missing))?;
    let text = put_text(writing, &subject, keep::write(&Streamed { streamed })?).await?;
    let state = DraftState::Superseded.as_str();
    let values = values_of![writing.workspace(), draft.as_str(), inquiry.as_str(), state, code, text.as_str()];
    writing
        .must_find(
            "UPDATE draft SET state = $4, code = $5, streamed = $6
             WHERE workspace = $1 AND id = $2 AND inquiry = $3 AND suggestion IS NULL",
            values,
        )
        .await
}

/// Where a draft stands, and the suggestion it belongs to.
pub async fn draft_state(
    writing: &mut Writing<'_>,
    draft: &Id<name::Draft>,
) -> Result<Option<(String, Option<String>)>, Fault> {
    let values = values_of![writing.workspace(), draft.as_str()];
    let row = writing.conn.row("SELECT state, suggestion FROM draft WHERE workspace = $1 AND id = $2", values).await?;
    Ok(match row {
        Some(row) => Some((row.text(0)?, row.maybe_text(1)?)),
        None => None,
    })
}

/// Whom an inquiry is about; `None` when there is no such inquiry.
pub async fn subject_of(writing: &mut Writing<'_>, inquiry: &Id<name::Inquiry>) -> Result<Option<String>, Fault> {
    let values = values_of![writing.workspace(), inquiry.as_str()];
    let row = writing.conn.row("SELECT subject FROM inquiry WHERE workspace = $1 AND id = $2", values).await?;
    Ok(row.map(|row| row.text(0)).transpose()?)
}

/// Stores words about a customer.
pub async fn put_text(writing: &mut Writing<'_>, subject: &str, body: String) -> Result<Id<name::Text>, Fault> {
    let id = writing.keep.text_id();
    let values = values_of![writing.workspace(), id.as_str(), subject, body];
    writing
        .conn
        .execute("INSERT INTO person_text (workspace, id, subject, body) VALUES ($1, $2, $3, $4)", values)
        .await?;
    Ok(id)
}

/// Stores findings. An accepted draft may hand its findings on to the reply: they stay the draft's.
pub async fn insert_findings(
    writing: &mut Writing<'_>,
    checked: Checked<'_>,
    subject: &str,
    findings: &[Finding],
) -> Result<(), Fault> {
    let (kind, id) = checked.kind_and_id();
    let mut values: Vec<Value> = Vec::new();
    for Finding { id: finding, seen } in findings {
        let (start, end) = (seen.span.map(|span| span.start as i64), seen.span.map(|span| span.end as i64));
        values.extend(values_of![
            writing.workspace(),
            finding.as_str(),
            kind,
            id,
            subject,
            seen.rule.as_str(),
            seen.category.as_str(),
            seen.severity.as_str(),
            start,
            end,
            "open"
        ]);
    }
    writing
        .conn
        .insert_all(
            "INSERT INTO finding (workspace, id, checked_kind, checked, subject, rule, category, severity,
             span_start, span_end, state) VALUES",
            11,
            values,
            "ON CONFLICT (workspace, id) DO NOTHING",
        )
        .await?;
    Ok(())
}

async fn insert_draft(
    writing: &mut Writing<'_>,
    draft: &Id<name::Draft>,
    inquiry: &Id<name::Inquiry>,
    state: DraftState,
) -> Result<(), Fault> {
    let at = writing.change.at.0;
    let values = values_of![writing.workspace(), draft.as_str(), inquiry.as_str(), state.as_str(), at];
    writing
        .conn
        .execute("INSERT INTO draft (workspace, id, inquiry, state, created_at) VALUES ($1, $2, $3, $4, $5)", values)
        .await?;
    Ok(())
}

async fn supersede(writing: &mut Writing<'_>, inquiry: &Id<name::Inquiry>) -> Result<(), Fault> {
    let (old, new) = (DraftState::Current.as_str(), DraftState::Superseded.as_str());
    let values = values_of![writing.workspace(), inquiry.as_str(), old, new];
    writing
        .conn
        .execute("UPDATE draft SET state = $4 WHERE workspace = $1 AND inquiry = $2 AND state = $3", values)
        .await?;
    Ok(())
}
