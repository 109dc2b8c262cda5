//! Asking for a draft: the first one for a message that somebody types in, and another one with a hint.

use axum::{
    extract::{Path, State},
    response::Redirect,
};
use serde::Deserialize;

use super::{form::Sent, refusal::Refused, viewer::Viewer};
use crate::{
    app::App,
    domain::{Channel, Hint, Id, InquiryText, NewInquiry, Reference, name},
};

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
pub async fn first(viewer: Viewer, State(app): State<App>, Sent(message): Sent<Message>) -> Result<Redirect, Refused> {
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
    let made = app.suggest(&viewer.who, new, None, None).await.map_err(|error| viewer.refused(error))?;
    Ok(Redirect::to(&viewer.at(&format!("inquiries/{}", made.inquiry.id))))
}

/// Drafts an inquiry anew.
pub async fn another(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Sent(wanted): Sent<Another>,
) -> Result<Redirect, Refused> {
    let lang = viewer.lang;
    let id = Id::<name::Inquiry>::parse(&id).map_err(|_| Refused::nothing_here(lang))?;
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
    app.regenerate(&viewer.who, &id, hint, None, None).await.map_err(|error| viewer.refused(error))?;
    Ok(Redirect::to(&viewer.at(&format!("inquiries/{id}"))))
}
