//! A conversation read back as turns.

use std::collections::BTreeSet;

use super::{
    db::Row,
    fault::Fault,
    keep::{self, CheckedReply, Keep},
};
use crate::domain::{Inquiry, Party, Turn};

/// Rows of body, inquiry that a reply answers, and whether a message is open, newest first; as turns, oldest first.
/// What another customer wrote, or was told, is left out.
pub fn turns(keep: &Keep, rows: &[Row], beside: &Inquiry) -> Result<Vec<Turn>, Fault> {
    let (mut turns, mut foreign) = (Vec::new(), BTreeSet::new());
    let (mut replies, mut messages) = (Vec::new(), Vec::new());
    for row in rows {
        match row.maybe_text(1)? {
            Some(inquiry) => replies.push((inquiry, keep::read::<CheckedReply>(&keep.open(row, 0)?)?.reply)),
            None => messages.push((keep::read::<Inquiry>(&keep.open(row, 0)?)?, row.int(2)? != 0)),
        }
    }
    for (message, open) in messages {
        if message.is_another_customers(beside.customer.as_ref()) {
            foreign.insert(message.id.to_string());
            continue;
        }
        // What came later is no turn before.
        if message.received_at <= beside.received_at {
            let text = message.text.as_str().to_owned();
            turns.push(Turn { by: Party::Customer, text, at: message.received_at, open });
        }
    }
    for (inquiry, reply) in replies {
        if !foreign.contains(&inquiry) {
            turns.push(Turn { by: Party::Desk, text: reply.text, at: reply.sent_at, open: false });
        }
    }
    turns.sort_by_key(|turn| turn.at);
    Ok(turns)
}
