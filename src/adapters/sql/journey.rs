//! The journey of an inquiry as rows, up to the suggestion: received, joined, drafted, suggested or failed.

use super::{
    apply::Writing,
    cases::OPEN_INQUIRY,
    db::values_of,
    fault::Fault,
    findings,
    keep::{self, Streamed},
};
use crate::{
    domain::{
        Draft, DraftState, Id, Inquiry, InquiryState, Open, Outcome, Reliance, Role, Suggestion, Tally, TextClass,
        Timestamp, name,
    },
    ports::Conflict,
};

/// A message, if still the same is open in its conversation as when it was placed. Otherwise words that came
/// meanwhile would be overwritten, or one conversation would have two inquiries.
pub async fn receive(writing: &mut Writing<'_>, inquiry: &Inquiry, seen: Option<&Open>) -> Result<(), Fault> {
    let values = values_of![writing.workspace(), inquiry.conversation.as_str()];
    let open: Option<Inquiry> = match writing.conn.row(OPEN_INQUIRY, values).await? {
        Some(row) => Some(keep::read(&writing.keep.open(&row, 0)?)?),
        None => None,
    };
    if open.as_ref().map(Open::of).as_ref() != seen {
        return Err(Fault::Conflict(Conflict::Overtaken));
    }
    if let Some(open) = &open
        && Open::of(open).took_in(inquiry)
    {
        return join(writing, inquiry, open).await;
    }
    begin(writing, inquiry).await?;
    if let Some(earlier) = open.filter(|open| !open.is_another_customers(inquiry.customer.as_ref())) {
        // The customer wrote again: what answers the earlier words alone is no longer the draft to decide on.
        supersede(writing, &earlier.id);
    }
    Ok(())
}

/// A first message.
async fn begin(writing: &mut Writing<'_>, inquiry: &Inquiry) -> Result<(), Fault> {
    let subject = writing.keep.subject(inquiry);
    let text = put_text(writing, &subject, TextClass::Inquiries, Some(&inquiry.id), &keep::write(inquiry)?).await?;
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
    writing.conn.put_off(
        "INSERT INTO inquiry (workspace, id, conversation, channel, situation, state, subject, text, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values,
    );
    Ok(())
}

/// A message that joins an open inquiry. The earlier words stay where they were; the draft that answers them alone
/// is no longer the one to decide on.
async fn join(writing: &mut Writing<'_>, inquiry: &Inquiry, open: &Inquiry) -> Result<(), Fault> {
    let subject = writing.keep.subject(inquiry);
    let holds = Holds { since: open.received_at, received_from: open.received_at };
    let body = keep::write(inquiry)?;
    let text = put_text_that(writing, holds, &subject, TextClass::Inquiries, Some(&inquiry.id), &body).await?;
    let situation = inquiry.situations.primary.as_str();
    let values =
        values_of![writing.workspace(), inquiry.id.as_str(), situation, subject, text.as_str(), inquiry.received_at.0];
    writing
        .must_find(
            "UPDATE inquiry SET situation = $3, subject = $4, text = $5, received_at = $6, chatbot = 0
             WHERE workspace = $1 AND id = $2",
            values,
        )
        .await?;
    supersede(writing, &inquiry.id);
    Ok(())
}

/// A stream was opened. It replaces nothing before it is complete: it may answer words that others joined meanwhile.
pub async fn create_draft(
    writing: &mut Writing<'_>,
    draft: &Id<name::Draft>,
    inquiry: &Id<name::Inquiry>,
) -> Result<(), Fault> {
    let stands = stored(writing, inquiry, None).await?;
    let state = if stands.settled { DraftState::Superseded } else { DraftState::Current };
    let at = writing.change.at.0;
    let values = values_of![writing.workspace(), draft.as_str(), inquiry.as_str(), state.as_str(), at];
    writing
        .conn
        .put_off("INSERT INTO draft (workspace, id, inquiry, state, created_at) VALUES ($1, $2, $3, $4, $5)", values);
    Ok(())
}

/// An inquiry as it stands when something is made of it.
struct Stands {
    inquiry: Inquiry,
    /// Whom it is about.
    subject: String,
    /// Whether somebody answered it.
    settled: bool,
    draft: Begun,
    /// Whether a draft that was begun later is complete and current.
    later: bool,
}

/// How far the draft is that somebody asks about.
#[derive(PartialEq, Eq)]
enum Begun {
    /// It was not recorded yet: nobody watches it.
    Not,
    /// It is still being made.
    Open,
    /// It is complete, or another inquiry's.
    Over,
}

async fn stored(
    writing: &mut Writing<'_>,
    inquiry: &Id<name::Inquiry>,
    draft: Option<&Id<name::Draft>>,
) -> Result<Stands, Fault> {
    let sql = "SELECT t.body, i.subject, CAST(CASE WHEN i.state IN ('answered', 'closed') THEN 1 ELSE 0 END AS BIGINT),
               CAST(CASE WHEN a.id IS NULL THEN 0 WHEN a.inquiry = i.id AND a.drafter IS NULL THEN 1 ELSE 2 END
                    AS BIGINT),
               CAST(CASE WHEN EXISTS (
                   SELECT 1 FROM draft o
                   WHERE o.workspace = i.workspace AND o.inquiry = i.id AND o.state = 'current'
                   AND o.suggestion IS NOT NULL AND o.created_at > COALESCE(a.created_at, $4)
               ) THEN 1 ELSE 0 END AS BIGINT) FROM inquiry i
               JOIN person_body t ON t.workspace = i.workspace AND t.id = i.text
               LEFT JOIN draft a ON a.workspace = i.workspace AND a.id = $3
               WHERE i.workspace = $1 AND i.id = $2";
    let at = writing.change.at.0;
    let values = values_of![writing.workspace(), inquiry.as_str(), draft.map(Id::as_str), at];
    let row = writing.conn.row(sql, values).await?.ok_or(Fault::Conflict(Conflict::Missing))?;
    Ok(Stands {
        inquiry: keep::read(&writing.keep.open(&row, 0)?)?,
        subject: row.text(1)?,
        settled: row.int(2)? != 0,
        draft: match row.int(3)? {
            0 => Begun::Not,
            1 => Begun::Open,
            _ => Begun::Over,
        },
        later: row.int(4)? != 0,
    })
}

/// A suggestion, with its draft and what was found in it. One that was overtaken while it was being made, by more
/// words or by an answer, is recorded as well, but its draft is superseded.
pub async fn suggest(writing: &mut Writing<'_>, suggestion: &Suggestion) -> Result<(), Fault> {
    let inquiry = &suggestion.inquiry.id;
    let stands = stored(writing, inquiry, suggestion.draft.as_ref().map(|draft| &draft.id)).await?;
    // By its words and not by its time: two messages can come within one millisecond.
    let overtaken = stands.settled || stands.inquiry.text != suggestion.inquiry.text;

    let body = keep::write_suggestion(suggestion)?;
    let turns = suggestion.making.turns.iter().map(|turn| turn.at);
    let oldest = turns.fold(suggestion.inquiry.received_at, Timestamp::min);
    let holds = Holds { since: oldest, received_from: oldest };
    let text = put_text_that(writing, holds, &stands.subject, TextClass::Drafts, Some(inquiry), &body).await?;
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
    writing.conn.put_off(
        "INSERT INTO suggestion (workspace, id, inquiry, outcome, guide, text, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values,
    );
    lead_to(writing, suggestion, overtaken);
    match &suggestion.draft {
        Some(draft) => {
            fill_draft(writing, suggestion, draft, &stands, overtaken)?;
            for Reliance { revision, .. } in Reliance::of(&suggestion.checks, &suggestion.evidence) {
                let values = values_of![writing.workspace(), revision.as_str(), draft.id.as_str()];
                let sql = "INSERT INTO draft_reliance (workspace, revision, draft) VALUES ($1, $2, $3)";
                writing.conn.put_off(sql, values);
            }
            findings::of_draft(writing, suggestion, draft, &stands.subject).await
        }
        None => hand_over(writing, suggestion, overtaken).await,
    }
}

/// What an inquiry led to stands beside it, unless a suggestion that was made later came before. An answer that a chatbot
/// asked for is with the chatbot until it reports what it sent, as long as nobody works on the inquiry.
fn lead_to(writing: &mut Writing<'_>, suggestion: &Suggestion, overtaken: bool) {
    let change = writing.change;
    let chatbot = change.principal.role_in(&change.workspace) == Some(Role::Chatbot);
    let passes_on = chatbot && !overtaken && !matches!(suggestion.outcome, Outcome::Handoff { .. });
    let values = values_of![
        writing.workspace(),
        suggestion.inquiry.id.as_str(),
        suggestion.outcome.as_str(),
        Some(passes_on),
        suggestion.created_at.0,
        suggestion.id.as_str()
    ];
    writing.conn.put_off(
        "UPDATE inquiry SET outcome = $3, chatbot = CASE WHEN state = 'new' THEN $4 ELSE 0 END
         WHERE workspace = $1 AND id = $2 AND NOT EXISTS (
             SELECT 1 FROM suggestion s WHERE s.workspace = inquiry.workspace AND s.inquiry = inquiry.id
             AND (s.created_at > $5 OR (s.created_at = $5 AND s.id > $6)))",
        values,
    );
}

/// A draft is complete: it replaces what is current, unless it was overtaken, or one that was begun later is complete
/// already.
fn fill_draft(
    writing: &mut Writing<'_>,
    suggestion: &Suggestion,
    draft: &Draft,
    stands: &Stands,
    overtaken: bool,
) -> Result<(), Fault> {
    if stands.draft == Begun::Over {
        return Err(Fault::Conflict(Conflict::Repeated));
    }
    let inquiry = &suggestion.inquiry.id;
    let state = if overtaken || stands.later { DraftState::Superseded } else { DraftState::Current };
    if state == DraftState::Current {
        supersede(writing, inquiry);
    }
    let mut values = values_of![
        writing.workspace(),
        draft.id.as_str(),
        suggestion.id.as_str(),
        draft.drafter.as_str(),
        state.as_str()
    ];
    let Tally { contradicted, unsupported, weak, errors } = Tally::of(draft, &suggestion.checks);
    values.extend(values_of![contradicted, unsupported, weak, errors]);
    if stands.draft == Begun::Open {
        let sql = "UPDATE draft SET suggestion = $3, drafter = $4, state = $5, contradicted = $6, unsupported = $7, weak = $8,
                   errors = $9 WHERE workspace = $1 AND id = $2";
        writing.conn.put_off(sql, values);
        return Ok(());
    }
    values.extend(values_of![inquiry.as_str(), writing.change.at.0]);
    writing.conn.put_off(
        "INSERT INTO draft (workspace, id, suggestion, drafter, state, contradicted, unsupported, weak, errors, inquiry,
         created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values,
    );
    Ok(())
}

/// A person takes over: no draft is left to accept. If a stream was opened, its draft stands for the handoff, so that
/// it can be looked up, answered in other words or rejected.
async fn hand_over(writing: &mut Writing<'_>, suggestion: &Suggestion, overtaken: bool) -> Result<(), Fault> {
    let inquiry = &suggestion.inquiry.id;
    // A handoff does not say which draft was opened for it. It was opened after the words came; of several, one whose
    // state fits goes first.
    let fitting = if overtaken { DraftState::Superseded } else { DraftState::Current };
    let sql = "SELECT id FROM draft WHERE workspace = $1 AND inquiry = $2 AND suggestion IS NULL AND code IS NULL
               AND created_at >= $3
               ORDER BY CASE WHEN state = $4 THEN 0 ELSE 1 END, created_at, id LIMIT 1";
    let values = values_of![writing.workspace(), inquiry.as_str(), suggestion.inquiry.received_at.0, fitting.as_str()];
    let opened = writing.conn.row(sql, values).await?.map(|row| row.text(0)).transpose()?;
    if !overtaken {
        supersede(writing, inquiry);
    }
    let Some(draft) = opened else { return Ok(()) };
    let values = values_of![writing.workspace(), draft, suggestion.id.as_str(), fitting.as_str()];
    writing.must_find("UPDATE draft SET suggestion = $3, state = $4 WHERE workspace = $1 AND id = $2", values).await
}

/// A draft did not come to be. What had been shown is kept: somebody may have read it.
pub async fn fail_draft(
    writing: &mut Writing<'_>,
    draft: &Id<name::Draft>,
    inquiry: &Id<name::Inquiry>,
    streamed: &Streamed<'_>,
    code: &str,
) -> Result<(), Fault> {
    let subject = subject_of(writing, inquiry).await?.ok_or(Fault::Conflict(Conflict::Missing))?;
    // Which of the earlier words a model was asked with is not told apart.
    let holds = Holds { since: writing.change.at, received_from: Timestamp(0) };
    let body = keep::write(streamed)?;
    let text = put_text_that(writing, holds, &subject, TextClass::Drafts, Some(inquiry), &body).await?;
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

/// Whom an inquiry is about; `None` when there is no such inquiry. Nothing more is kept of one whose words were erased: who
/// still works on it has them from before.
pub async fn subject_of(writing: &mut Writing<'_>, inquiry: &Id<name::Inquiry>) -> Result<Option<String>, Fault> {
    let sql =
        "SELECT i.subject, t.body FROM inquiry i JOIN person_text t ON t.workspace = i.workspace AND t.id = i.text
               WHERE i.workspace = $1 AND i.id = $2";
    let Some(row) = writing.conn.row(sql, values_of![writing.workspace(), inquiry.as_str()]).await? else {
        return Ok(None);
    };
    if row.text(1)?.is_empty() {
        return Err(Fault::Erased);
    }
    Ok(Some(row.text(0)?))
}

/// The earlier words that a text holds: it is no younger than they are, so that none of them outlives its time in it.
struct Holds {
    /// Something of it was said then.
    since: Timestamp,
    /// It holds inquiries of the conversation that were received since, and what had joined them before.
    received_from: Timestamp,
}

/// Stores words about a customer, under the customer's key.
pub async fn put_text(
    writing: &mut Writing<'_>,
    subject: &str,
    class: TextClass,
    inquiry: Option<&Id<name::Inquiry>>,
    body: &str,
) -> Result<Id<name::Text>, Fault> {
    let holds = Holds { since: writing.change.at, received_from: Timestamp(i64::MAX) };
    put_text_that(writing, holds, subject, class, inquiry, body).await
}

async fn put_text_that(
    writing: &mut Writing<'_>,
    holds: Holds,
    subject: &str,
    class: TextClass,
    inquiry: Option<&Id<name::Inquiry>>,
    body: &str,
) -> Result<Id<name::Text>, Fault> {
    let id = writing.keep.text_id();
    let key = writing.key_of(subject).await?;
    let sealed = writing.keep.seal(&key, [writing.workspace(), subject, id.as_str()], body)?;
    let (class, at) = (class.as_str(), writing.change.at.min(holds.since).0);
    let mut values = values_of![writing.workspace(), id.as_str(), subject, class, at, inquiry.map(Id::as_str), sealed];
    values.extend(values_of![holds.received_from.0]);
    writing.conn.put_off(
        "INSERT INTO person_text (workspace, id, subject, class, at, inquiry, body)
         VALUES ($1, $2, $3, $4, COALESCE((
             SELECT MIN(p.at) FROM inquiry i
             JOIN inquiry o ON o.workspace = i.workspace AND o.conversation = i.conversation AND o.received_at >= $8
             JOIN person_text p ON p.workspace = o.workspace AND p.id = o.text AND p.body <> ''
             WHERE i.workspace = $1 AND i.id = $6 AND p.at < $5
         ), $5), $6, $7)",
        values,
    );
    Ok(id)
}

/// No draft of the inquiry is current any more.
pub fn supersede(writing: &mut Writing<'_>, inquiry: &Id<name::Inquiry>) {
    let (old, new) = (DraftState::Current.as_str(), DraftState::Superseded.as_str());
    let values = values_of![writing.workspace(), inquiry.as_str(), old, new];
    writing.conn.put_off("UPDATE draft SET state = $4 WHERE workspace = $1 AND inquiry = $2 AND state = $3", values);
}
