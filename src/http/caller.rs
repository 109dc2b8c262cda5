//! Who is calling: the holder of a key, or, until the first key is made, whoever sits at this machine.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
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

/// Whether one may come in without a key: only from this machine, and only while nobody ever made a key or works here by name.
pub struct Gate {
    /// Only ever set: whatever answer of the store is still on its way, a gate that closed stays closed.
    closed: AtomicBool,
    none_yet: Mutex<Option<Instant>>,
}

/// How long the store is believed when it says that there is no key yet. Another process can make the first one.
const BELIEVED: Duration = Duration::from_secs(1);

impl Gate {
    /// `loopback`: the listener hears this machine alone.
    pub fn new(loopback: bool) -> Self {
        Self { closed: AtomicBool::new(!loopback), none_yet: Mutex::new(None) }
    }

    /// Whether it does now.
    pub async fn is_open(&self, app: &App) -> Result<bool, AppError> {
        self.opens(|| app.is_guarded()).await
    }

    async fn opens<E, A: Future<Output = Result<bool, E>>>(&self, has_keys: impl FnOnce() -> A) -> Result<bool, E> {
        if self.is_closed() {
            return Ok(false);
        }
        let believed = *self.none_yet.lock().unwrap_or_else(PoisonError::into_inner);
        if believed.is_some_and(|at| at.elapsed() < BELIEVED) {
            return Ok(true);
        }
        let asked = Instant::now();
        if has_keys().await? {
            self.close();
        } else {
            *self.none_yet.lock().unwrap_or_else(PoisonError::into_inner) = Some(asked);
        }
        // A key may have been made while the store was asked.
        Ok(!self.is_closed())
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// There is a key, or there was one: from now on nobody comes in without.
    pub fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    async fn told(gate: &Gate, has_keys: bool) -> bool {
        gate.opens(async || Ok::<_, Infallible>(has_keys)).await.unwrap()
    }

    fn a_moment_later(gate: &Gate) {
        *gate.none_yet.lock().unwrap() = None;
    }

    #[tokio::test]
    async fn a_gate_that_closed_never_opens_again() {
        let gate = Gate::new(true);
        assert!(told(&gate, false).await);
        assert!(told(&gate, true).await, "that there is no key is believed for a moment");
        a_moment_later(&gate);
        assert!(!told(&gate, true).await);
        a_moment_later(&gate);
        assert!(!told(&gate, false).await);
        assert!(!told(&Gate::new(false), false).await, "who listens to others never opens it");
    }

    #[tokio::test]
    async fn an_answer_from_before_the_first_key_opens_nothing() {
        let gate = Gate::new(true);
        let late = gate.opens(async || {
            gate.close();
            Ok::<_, Infallible>(false)
        });
        assert!(!late.await.unwrap());
        assert!(!told(&gate, false).await);
    }
}
