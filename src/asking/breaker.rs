//! The circuit breaker: a server that fails again and again is left alone for a while, then tried by one request.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::retry::spread;
use crate::{domain::Failure, ports::Unheard};

/// So many failures in a row open it.
const IN_A_ROW: u32 = 5;
/// So does half of the last so many.
const WINDOW: u32 = 20;
/// How long it stays open at first,
const FIRST: Duration = Duration::from_secs(2);
/// and at most: twice as long after each probe that failed.
const LONGEST: Duration = Duration::from_secs(60);
/// A key that is wrong, or money that is gone, is not mended in seconds.
const NEEDS_A_PERSON: Duration = Duration::from_secs(60);

/// Whether a server is asked.
#[derive(Debug)]
pub struct Breaker(Mutex<State>);

#[derive(Debug)]
struct State {
    /// What is done without the server.
    meanwhile: &'static str,
    phase: Phase,
    /// Failures in a row.
    row: u32,
    /// Of the last [`WINDOW`], newest in the lowest bit: a failure is 1.
    last: u32,
    seen: u32,
    /// How long it was open last.
    open_for: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Everyone passes.
    Closed,
    /// Nobody does until then.
    Open(Instant),
    /// One is on the way to find out.
    HalfOpen,
}

impl Default for Breaker {
    fn default() -> Self {
        Self::saying("drafts are extractive meanwhile")
    }
}

impl Breaker {
    /// One that tells the log what is done while it is open.
    pub fn saying(meanwhile: &'static str) -> Self {
        let (phase, open_for) = (Phase::Closed, Duration::ZERO);
        Self(Mutex::new(State { meanwhile, phase, row: 0, last: 0, seen: 0, open_for }))
    }

    /// Leave to ask. `chance` spreads the moment at which servers that failed together are tried again.
    pub fn enter(&self, chance: uuid::Uuid) -> Result<Passage<'_>, Unheard> {
        let mut state = self.lock();
        let probe = match state.phase {
            Phase::Closed => false,
            Phase::Open(until) if Instant::now() >= until => {
                state.phase = Phase::HalfOpen;
                true
            }
            Phase::Open(_) | Phase::HalfOpen => {
                return Err(left_alone());
            }
        };
        Ok(Passage { breaker: self, probe, chance, ended: false })
    }

    /// Whether nobody would get leave now, so that nobody need wait for a place.
    pub fn is_open(&self) -> bool {
        matches!(self.lock().phase, Phase::Open(until) if Instant::now() < until)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What those hear who come while it is open.
pub fn left_alone() -> Unheard {
    Unheard::new(Failure::BreakerOpen, "the model failed too often and is left alone for now")
}

/// One request's leave. Dropped without an end, as when the caller gives up, it counts as a failure of a probe and
/// else as nothing.
pub struct Passage<'a> {
    breaker: &'a Breaker,
    probe: bool,
    chance: uuid::Uuid,
    ended: bool,
}

impl Passage<'_> {
    /// What came of the request.
    pub fn end(mut self, unheard: Option<&Unheard>) {
        self.ended = true;
        let trouble = unheard.filter(|unheard| is_trouble(unheard.failure));
        let mut state = self.breaker.lock();
        match trouble {
            None => state.succeed(self.probe),
            Some(unheard) => state.fail(unheard, self.probe, self.chance),
        }
    }
}

impl Drop for Passage<'_> {
    fn drop(&mut self) {
        if !self.ended && self.probe {
            let gone = Unheard::new(Failure::Timeout, "the probe was given up");
            self.breaker.lock().fail(&gone, true, self.chance);
        }
    }
}

impl State {
    fn succeed(&mut self, probe: bool) {
        self.row = 0;
        self.note(0);
        if probe {
            (self.phase, self.last, self.seen, self.open_for) = (Phase::Closed, 0, 0, Duration::ZERO);
            tracing::info!("the model answers again");
        }
    }

    fn fail(&mut self, unheard: &Unheard, probe: bool, chance: uuid::Uuid) {
        self.row += 1;
        self.note(1);
        let needs_a_person = matches!(unheard.failure, Failure::Unauthorized | Failure::Quota | Failure::NoSuchModel);
        let half = self.seen >= WINDOW && self.last.count_ones() * 2 >= WINDOW;
        let opens = probe || self.phase == Phase::Closed && (self.row >= IN_A_ROW || half || needs_a_person);
        if !opens {
            return;
        }
        let longer = (self.open_for * 2).clamp(FIRST, LONGEST);
        self.open_for = if needs_a_person { NEEDS_A_PERSON } else { longer };
        let wait = spread(self.open_for, chance);
        self.phase = Phase::Open(Instant::now() + wait);
        tracing::error!(
            model.failure = unheard.failure.as_str(),
            wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
            "the model is left alone: {}",
            self.meanwhile
        );
    }

    fn note(&mut self, failed: u32) {
        self.last = (self.last << 1 | failed) & ((1 << WINDOW) - 1);
        self.seen = (self.seen + 1).min(WINDOW);
    }
}

/// Whether a failure says something of the server, and not of one prompt or one answer.
pub fn is_trouble(failure: Failure) -> bool {
    use Failure::*;
    matches!(
        failure,
        Unreachable
            | Timeout
            | Unauthorized
            | RateLimited
            | Quota
            | NoSuchModel
            | ServerError
            | Malformed
            | Truncated
            | TooLarge
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANCE: uuid::Uuid = uuid::Uuid::nil();

    fn bad() -> Unheard {
        Unheard::new(Failure::ServerError, "")
    }

    fn passes(breaker: &Breaker, failed: Option<Unheard>) -> bool {
        match breaker.enter(CHANCE) {
            Ok(passage) => {
                passage.end(failed.as_ref());
                true
            }
            Err(_) => false,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_opens_after_failures_in_a_row_and_a_probe_closes_it() {
        let breaker = Breaker::default();
        for _ in 0..IN_A_ROW {
            assert!(passes(&breaker, Some(bad())));
        }
        assert!(!passes(&breaker, None), "open");
        tokio::time::advance(FIRST * 2).await;
        let probe = breaker.enter(CHANCE).map_err(|unheard| unheard.failure).unwrap();
        assert!(breaker.enter(CHANCE).is_err(), "one at a time finds out");
        probe.end(Some(&bad()));
        tokio::time::advance(FIRST * 3 / 4).await;
        assert!(!passes(&breaker, None), "after a failed probe it stays open for longer");
        tokio::time::advance(FIRST * 4).await;
        assert!(passes(&breaker, None) && passes(&breaker, Some(bad())) && passes(&breaker, None), "closed");
    }

    #[tokio::test(start_paused = true)]
    async fn it_opens_when_half_fails_and_at_once_when_only_a_person_can_help() {
        let breaker = Breaker::default();
        let passed = (0..100).take_while(|n| passes(&breaker, (n % 2 == 0).then(bad))).count();
        assert_eq!(passed, WINDOW as usize + 1, "the window is full, and the next failure makes the half");
        let breaker = Breaker::default();
        assert!(passes(&breaker, Some(Unheard::new(Failure::Quota, ""))) && !passes(&breaker, None));
    }

    #[tokio::test(start_paused = true)]
    async fn answers_that_are_only_of_no_use_never_open_it_and_a_lost_probe_does_not_jam_it() {
        let breaker = Breaker::default();
        for _ in 0..50 {
            assert!(passes(&breaker, Some(Unheard::new(Failure::Incomplete, ""))));
        }
        for _ in 0..IN_A_ROW {
            passes(&breaker, Some(bad()));
        }
        tokio::time::advance(FIRST * 2).await;
        drop(breaker.enter(CHANCE).map_err(|unheard| unheard.failure).unwrap());
        tokio::time::advance(LONGEST * 2).await;
        assert!(passes(&breaker, None));
    }
}
