//! Asking for a draft: the first one for a message that somebody types in, and another one with a hint.

use std::time::Duration;

use axum::{
    Extension,
    extract::{Path, State},
    response::Redirect,
};
use serde::Deserialize;

use super::{form::Sent, refusal::Refused, viewer::Viewer};
use crate::{
    domain::{Channel, Hint, InquiryText, NewInquiry, Reference, name},
    http::{Face, request::Place, stream::Wish},
};

/// A draft that is there within this is shown at once; for one that takes longer there is a page that waits.
const AT_ONCE: Duration = Duration::from_millis(500);

/// A message that somebody types in: a call, or a mail from elsewhere.
#[derive(Deserialize)]
pub struct Message {
    channel: String,
    text: String,
    #[serde(default)]
    customer: String,
    #[serde(default)]
    order: String,
}

/// What another draft should do.
#[derive(Deserialize)]
pub struct Another {
    #[serde(default)]
    hint: String,
}

/// Takes a message in and goes to its draft.
pub async fn first(
    viewer: Viewer,
    State(face): State<Face>,
    Extension(place): Extension<Place>,
    Sent(message): Sent<Message>,
) -> Result<Redirect, Refused> {
    let lang = viewer.lang;
    let text = InquiryText::parse(&message.text).map_err(|error| viewer.refused(error))?;
    let reference = |text: &str| match text.trim() {
        "" => Ok(None),
        given => Reference::parse(given).map(Some).map_err(|_| {
            Refused::form(
                lang,
                "お客様と注文の番号は、200文字以内で入れてください。",
                "A reference has at most 200 characters.",
            )
        }),
    };
    let new = NewInquiry {
        workspace: viewer.workspace.id.clone(),
        channel: Channel::parse(&message.channel).unwrap_or(Channel::PhoneNote),
        text,
        conversation: None,
        customer: reference(&message.customer)?,
        order: reference(&message.order)?,
        records: Vec::new(),
    };
    begun(&viewer, &face, Wish::Inquiry(Box::new(new)), place).await
}

/// Drafts an inquiry anew.
pub async fn another(
    viewer: Viewer,
    State(face): State<Face>,
    Extension(place): Extension<Place>,
    Path((_, id)): Path<(String, String)>,
    Sent(wanted): Sent<Another>,
) -> Result<Redirect, Refused> {
    let lang = viewer.lang;
    let id = viewer.id::<name::Inquiry>(&id)?;
    let hint = match wanted.hint.trim() {
        "" => None,
        hint => Some(Hint::parse(hint).map_err(|_| {
            Refused::form(
                lang,
                "指示は500文字以内で書いてください。作り直していません。",
                "A hint has at most 500 characters.",
            )
        })?),
    };
    let inquiry = Box::new(face.app().inquiry(&viewer.who, &id).await.map_err(|error| viewer.refused(error))?);
    begun(&viewer, &face, Wish::Another { inquiry, hint }, place).await
}

/// To the page of the inquiry: with its draft where that is quick, else to see it come.
async fn begun(viewer: &Viewer, face: &Face, wish: Wish, place: Place) -> Result<Redirect, Refused> {
    let watched = face.hub().watch(face.app().clone(), viewer.who.clone(), wish, None, place).await;
    let mut log = watched.map_err(|problem| Refused::because(viewer.lang, &problem))?;
    let over = tokio::time::timeout(AT_ONCE, log.wait_for(|log| log.is_over())).await.is_ok();
    let (draft, inquiry) = {
        let log = log.borrow();
        (log.draft().cloned(), log.inquiry().cloned())
    };
    let Some(inquiry) = inquiry else { return Err(Refused::nothing_here(viewer.lang)) };
    let to = match draft {
        Some(draft) if !over => format!("inquiries/{inquiry}?making={draft}"),
        _ => format!("inquiries/{inquiry}"),
    };
    Ok(Redirect::to(&viewer.at(&to)))
}
