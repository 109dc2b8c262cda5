//! What a page's form sends: read whole, from our own page, and in the shape that the handler wants.

use axum::{
    body::to_bytes,
    extract::{FromRequest, Request},
};
use serde::{Deserialize, de::DeserializeOwned};

use super::{lang::Lang, refusal::Refused, viewer::SignedIn};
use crate::http::{Face, parsed::MAX_BODY_BYTES};

/// A form of one of our own pages, sent by whom the page was made for.
pub struct Sent<T>(pub T);

/// A form of somebody who is not signed in: it changes nothing that is theirs, and other sites are refused by their `Origin`.
pub struct Guest<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Face> for Guest<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &Face) -> Result<Self, Refused> {
        let (parts, body) = request.into_parts();
        let unread = || unread(Lang::of(&parts.headers));
        let bytes = to_bytes(body, MAX_BODY_BYTES).await.map_err(|_| unread())?;
        serde_urlencoded::from_bytes(&bytes).map(Self).map_err(|_| unread())
    }
}

#[derive(Deserialize)]
struct Token {
    token: String,
}

impl<T: DeserializeOwned> FromRequest<Face> for Sent<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, face: &Face) -> Result<Self, Refused> {
        let (parts, body) = request.into_parts();
        let lang = Lang::of(&parts.headers);
        let signed_in = SignedIn::of(&parts.headers, face).await.map_err(|error| Refused::of(lang, error))?;
        let Some(signed_in) = signed_in else {
            return Err(Refused::signed_out(lang, &"/".parse().unwrap_or_default()));
        };
        let unread = || unread(lang);
        let bytes = to_bytes(body, MAX_BODY_BYTES).await.map_err(|_| unread())?;
        let Token { token } = serde_urlencoded::from_bytes(&bytes).map_err(|_| unread())?;
        if !face.app().sessions().is_form_token(&signed_in.who.id, &token) {
            return Err(Refused::form(
                lang,
                "このページは開いてから時間がたっています。開き直してから、もう一度お試しください。",
                "This page is out of date. Open it again, then try once more.",
            ));
        }
        serde_urlencoded::from_bytes(&bytes).map(Self).map_err(|_| unread())
    }
}

fn unread(lang: Lang) -> Refused {
    Refused::form(
        lang,
        "送られた内容を読めませんでした。長すぎるか、途中で切れています。",
        "What was sent cannot be read: it is too long, or it broke off.",
    )
}
