//! A new inquiry becomes an inquiry: it gets an id, a conversation and its situations, or it joins the one that
//! is still open.

use std::time::Duration;

use super::{World, desk::Desk};
use crate::{
    domain::{Inquiry, InquiryTextError, NewInquiry, Open, Situation, Situations},
    language::zones,
    ports::StoreError,
};

/// Why a new inquiry could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Joined with the open inquiry it is too long.
    #[error(transparent)]
    Text(#[from] InquiryTextError),
}

/// The inquiry, and what was open in its conversation: the store takes the one only while the other is so.
pub async fn receive(
    world: &World,
    desk: &Desk,
    new: NewInquiry,
    join: Duration,
) -> Result<(Inquiry, Option<Open>), ReceiveError> {
    let now = world.clock.now();
    let open = match &new.conversation {
        Some(conversation) => world.cases.open_inquiry(&new.workspace, conversation).await?,
        None => None,
    };
    let window = i64::try_from(join.as_millis()).unwrap_or(i64::MAX);
    let seen = open.as_ref().map(Open::of);
    let joinable = |open: &Inquiry| {
        now.0.saturating_sub(open.received_at.0) <= window && !open.is_another_customers(new.customer.as_ref())
    };
    let mut inquiry = match open.filter(joinable) {
        Some(open) => join_to(open, new)?,
        None => Inquiry {
            id: world.id(),
            workspace: new.workspace,
            conversation: new.conversation.unwrap_or_else(|| world.id()),
            channel: new.channel,
            situations: Situations::only(Situation::other()),
            text: new.text,
            customer: new.customer,
            order: new.order,
            records: new.records,
            received_at: now,
        },
    };
    inquiry.received_at = now;
    inquiry.situations = desk.vocabulary.classify(&zones::core(inquiry.text.as_str()));
    Ok((inquiry, seen))
}

/// Words and records add up; what the later message says of customer and order holds.
fn join_to(mut open: Inquiry, new: NewInquiry) -> Result<Inquiry, InquiryTextError> {
    open.text = open.text.joined(&new.text)?;
    open.customer = new.customer.or(open.customer);
    open.order = new.order.or(open.order);
    open.records.retain(|old| new.records.iter().all(|record| record.name != old.name));
    open.records.extend(new.records);
    Ok(open)
}
