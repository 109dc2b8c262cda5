//! Who is calling: the holder of a key, or, while there is no key at all, whoever sits at this machine.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use tokio::time::Instant;

use super::{
    Face,
    problem::{Code, Problem},
};
use crate::{
    app::{App, AppError},
    domain::Principal,
    identity::Secret,
};

/// The principal a request acts for. A handler that takes it cannot be reached without one.
pub struct Caller(pub Principal);

impl FromRequestParts<Face> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, face: &Face) -> Result<Self, Problem> {
        match bearer(&parts.headers)? {
            Some(secret) => {
                let known = face.app().authenticate(&secret).await?;
                let unknown =
                    || Problem::new(Code::KeyInvalid, "this key opens nothing: it was revoked, or is not of here");
                known.map(Caller).ok_or_else(unknown)
            }
            None if face.gate().is_open(face.app()).await? => Ok(Self(Principal::local())),
            None => Err(Problem::new(Code::KeyMissing, "send a key: `Authorization: Bearer azk_...`")),
        }
    }
}

fn bearer(headers: &HeaderMap) -> Result<Option<Secret>, Problem> {
    let invalid = || Problem::new(Code::KeyInvalid, "expected `Authorization: Bearer azk_...` with a whole key");
    let mut sent = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = sent.next() else { return Ok(None) };
    let (scheme, key) = value.to_str().ok().and_then(|text| text.trim().split_once(' ')).ok_or_else(invalid)?;
    if sent.next().is_some() || !scheme.eq_ignore_ascii_case("bearer") {
        return Err(invalid());
    }
    Secret::parse(key).map(Some).map_err(|_| invalid())
}

/// Whether one may come in without a key: only from this machine, and only while nobody made a key.
pub struct Gate {
    loopback: bool,
    has_keys: Mutex<Option<(Instant, bool)>>,
}

/// How long an answer of the store is believed. Another process can make the first key.
const BELIEVED: Duration = Duration::from_secs(1);

impl Gate {
    /// `loopback`: the listener hears this machine alone.
    pub fn new(loopback: bool) -> Self {
        Self { loopback, has_keys: Mutex::new(None) }
    }

    async fn is_open(&self, app: &App) -> Result<bool, AppError> {
        if !self.loopback {
            return Ok(false);
        }
        let believed = *self.has_keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, has_keys)) = believed
            && at.elapsed() < BELIEVED
        {
            return Ok(!has_keys);
        }
        let asked = Instant::now();
        let has_keys = app.has_keys().await?;
        *self.has_keys.lock().unwrap_or_else(PoisonError::into_inner) = Some((asked, has_keys));
        Ok(!has_keys)
    }

    /// A key was made or revoked here: the next request asks the store.
    pub fn forget(&self) {
        *self.has_keys.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
