//! The bulkhead: so many requests to one server at once and no more, fewer while it is in trouble. What does not get
//! in soon is drafted without a model: an operator waits for a draft and not for a place.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, timeout_at},
};

use super::breaker::is_trouble;
use crate::{domain::Failure, ports::Unheard};

/// How long one waits for a place.
const WAITS: Duration = Duration::from_secs(1);

/// Additive increase, multiplicative decrease, as TCP finds what a line carries.
#[derive(Debug)]
pub struct Bulkhead {
    most: usize,
    state: Mutex<State>,
    freed: Notify,
}

#[derive(Debug)]
struct State {
    inside: usize,
    limit: f64,
}

impl Bulkhead {
    /// For at most so many.
    pub fn new(most: usize) -> Self {
        let most = most.max(1);
        Self { most, state: Mutex::new(State { inside: 0, limit: most as f64 }), freed: Notify::new() }
    }

    /// A place, when there is one soon.
    pub async fn enter(&self, deadline: Instant) -> Result<Room<'_>, Unheard> {
        let until = deadline.min(Instant::now() + WAITS);
        loop {
            let freed = self.freed.notified();
            if let Some(room) = self.place() {
                return Ok(room);
            }
            if timeout_at(until, freed).await.is_err() {
                return Err(Unheard::new(Failure::Busy, "as many requests as may be are under way"));
            }
        }
    }

    fn place(&self) -> Option<Room<'_>> {
        let mut state = self.lock();
        let free = state.inside < (state.limit as usize).max(1);
        free.then(|| {
            state.inside += 1;
            Room { bulkhead: self }
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place; given back when dropped.
#[derive(Debug)]
pub struct Room<'a> {
    bulkhead: &'a Bulkhead,
}

impl Room<'_> {
    /// What came of the request: trouble halves how many may be inside, an answer makes room for a little more.
    pub fn end(self, unheard: Option<&Unheard>) {
        let mut state = self.bulkhead.lock();
        match unheard.is_some_and(|unheard| is_trouble(unheard.failure)) {
            true => state.limit = (state.limit / 2.0).max(1.0),
            false => state.limit = (state.limit + 1.0 / state.limit).min(self.bulkhead.most as f64),
        }
    }
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        self.bulkhead.lock().inside -= 1;
        self.bulkhead.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(30)
    }

    #[tokio::test(start_paused = true)]
    async fn who_finds_no_place_soon_is_told_and_who_waits_gets_the_next() {
        let bulkhead = Bulkhead::new(2);
        let (first, _second) = (bulkhead.enter(soon()).await.unwrap(), bulkhead.enter(soon()).await.unwrap());
        assert_eq!(bulkhead.enter(soon()).await.unwrap_err().failure, Failure::Busy);
        let waiting = bulkhead.enter(soon());
        let (third, ()) = tokio::join!(waiting, async { drop(first) });
        assert!(third.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn trouble_shrinks_it_and_answers_open_it_again() {
        let bulkhead = Bulkhead::new(8);
        let bad = Unheard::new(Failure::Timeout, "");
        for _ in 0..6 {
            bulkhead.enter(soon()).await.unwrap().end(Some(&bad));
        }
        let one = bulkhead.enter(soon()).await.unwrap();
        assert!(bulkhead.enter(soon()).await.is_err(), "one is always let in, and no more");
        one.end(None);
        for _ in 0..60 {
            bulkhead.enter(soon()).await.unwrap().end(None);
        }
        let mut inside = Vec::new();
        for _ in 0..8 {
            inside.push(bulkhead.enter(soon()).await.unwrap());
        }
        assert!(bulkhead.enter(soon()).await.is_err(), "never more than the settings allow");
    }
}
