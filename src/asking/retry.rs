//! Whether a failed request is worth a second one, and after how long. Repetitions live on a budget: when everything
//! fails, repeating everything would be the load that keeps it failing.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::{domain::Failure, ports::Unheard};

/// The first wait; each further one is twice as long.
const FIRST: Duration = Duration::from_millis(250);
/// No wait of our own is longer.
const LONGEST: Duration = Duration::from_secs(4);
/// What each question pays in: one repetition for ten questions.
const SHARE: f64 = 0.1;
/// What can be saved up, and what there is at the start.
const SAVED: f64 = 10.0;

/// How long to wait before request number `repeated + 2`; `None` when another one would not help.
pub fn wait(unheard: &Unheard, repeated: usize, chance: uuid::Uuid) -> Option<Duration> {
    use Failure::*;
    // A silence has cost the time already, and what is refused once is refused again.
    if !matches!(unheard.failure, Unreachable | RateLimited | ServerError | Malformed | Truncated) {
        return None;
    }
    let doubled = FIRST.saturating_mul(1 << repeated.min(10)).min(LONGEST);
    let own = spread(doubled, chance);
    Some(unheard.retry_after.map_or(own, |asked| asked.max(own)))
}

/// Between half of a wait and the whole, so that those who failed together do not come back together.
pub fn spread(wait: Duration, chance: uuid::Uuid) -> Duration {
    // The last bytes of a UUIDv7 are random.
    let bytes = chance.into_bytes();
    let share = f64::from(u16::from_be_bytes([bytes[14], bytes[15]])) / f64::from(u16::MAX);
    wait.mul_f64(0.5 + share / 2.0)
}

/// How many repetitions may still be made.
#[derive(Debug)]
pub struct Budget(Mutex<f64>);

impl Default for Budget {
    fn default() -> Self {
        Self(Mutex::new(SAVED))
    }
}

impl Budget {
    /// A question came.
    pub fn deposit(&self) {
        let mut saved = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *saved = (*saved + SHARE).min(SAVED);
    }

    /// Takes one repetition, if there is one.
    pub fn withdraw(&self) -> bool {
        let mut saved = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let enough = *saved >= 1.0;
        if enough {
            *saved -= 1.0;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waited(failure: Failure, retry_after: Option<u64>, repeated: usize, chance: u128) -> Option<u128> {
        let unheard = Unheard { retry_after: retry_after.map(Duration::from_secs), ..Unheard::new(failure, "") };
        wait(&unheard, repeated, uuid::Uuid::from_u128(chance)).map(|wait| wait.as_millis())
    }

    #[test]
    fn a_wait_grows_is_spread_and_follows_the_server_s_wish() {
        assert_eq!(waited(Failure::ServerError, None, 0, 0), Some(125));
        assert_eq!(waited(Failure::ServerError, None, 0, u128::MAX), Some(250));
        assert_eq!(waited(Failure::ServerError, None, 1, u128::MAX), Some(500));
        assert_eq!(waited(Failure::ServerError, None, 60, u128::MAX), Some(4_000));
        assert_eq!(waited(Failure::RateLimited, Some(0), 0, 0), Some(125), "at once is never");
        assert_eq!(waited(Failure::RateLimited, Some(86_400), 0, 0), Some(86_400_000), "the deadline says no to this");
    }

    #[test]
    fn what_would_be_refused_again_is_not_asked_again() {
        for failure in Failure::ALL {
            let again = waited(failure, None, 0, 0).is_some();
            use Failure::*;
            assert_eq!(again, matches!(failure, Unreachable | RateLimited | ServerError | Malformed | Truncated));
        }
    }

    #[test]
    fn at_most_a_tenth_is_repeated_once_the_savings_are_gone() {
        let budget = Budget::default();
        let repeated = (0..1_000).filter(|_| {
            budget.deposit();
            budget.withdraw()
        });
        let repeated = repeated.count();
        assert!((105..=111).contains(&repeated), "{repeated}");
    }
}
