//! How often somebody may mistype a password: guessing takes years, a forgetful colleague waits a quarter of an hour.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// Failures by the name that was tried.
#[derive(Default)]
pub struct Tries(Mutex<HashMap<String, (u32, Instant)>>);

/// So many failures in a row are let through,
const MOST: u32 = 10;
/// then nothing for so long.
const REST: Duration = Duration::from_secs(15 * 60);
/// So many names are kept; who tries more at once starts all of them over.
const NAMES: usize = 10_000;

impl Tries {
    /// Whether this name may be tried now.
    pub fn may(&self, login: &str) -> bool {
        self.all().get(&named(login)).is_none_or(|(failures, last)| *failures < MOST || last.elapsed() >= REST)
    }

    /// Somebody typed the wrong password.
    pub fn failed(&self, login: &str) {
        let mut all = self.all();
        if all.len() >= NAMES {
            all.retain(|_, (_, last)| last.elapsed() < REST);
            if all.len() >= NAMES {
                all.clear();
            }
        }
        let (failures, last) = all.entry(named(login)).or_insert((0, Instant::now()));
        *failures = if last.elapsed() >= REST { 1 } else { *failures + 1 };
        *last = Instant::now();
    }

    /// Somebody typed the right one.
    pub fn forget(&self, login: &str) {
        self.all().remove(&named(login));
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, (u32, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A name is cut: nobody fills the memory with long ones.
fn named(login: &str) -> String {
    login.trim().to_lowercase().chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn ten_failures_are_followed_by_a_rest() {
        let tries = Tries::default();
        for _ in 0..MOST {
            assert!(tries.may("Sato"));
            tries.failed("sato ");
        }
        assert!(!tries.may("sato") && tries.may("ono"));
        tokio::time::advance(REST).await;
        assert!(tries.may("sato"));
        tries.failed("sato");
        assert!(tries.may("sato"), "counting begins anew");
        tries.forget("sato");
        assert!(tries.all().is_empty());
    }
}
