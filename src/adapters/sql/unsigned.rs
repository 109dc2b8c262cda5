//! Which logs have events that nobody signed yet, and until when they may wait.

use std::{collections::HashMap, future::pending, time::Duration};

use tokio::time::{Instant, sleep_until};

use crate::domain::{Timestamp, WorkspaceId};

/// An event is signed within a second; the rest of it is for the signing.
const WITHIN: Duration = Duration::from_millis(700);
/// No two checkpoints are farther apart.
const MOST: usize = 256;

/// Logs by workspace.
#[derive(Debug, Default)]
pub struct Unsigned(HashMap<WorkspaceId, Waiting>);

#[derive(Debug, Clone, Copy)]
struct Waiting {
    since: Instant,
    events: usize,
    at: Timestamp,
}

impl Unsigned {
    /// One event more, written at `at`.
    pub fn add(&mut self, workspace: &WorkspaceId, at: Timestamp, now: Instant) {
        let new = Waiting { since: now, events: 0, at };
        let waiting = self.0.entry(workspace.clone()).or_insert(new);
        waiting.events += 1;
        waiting.at = at;
    }

    /// When the first of them has to be signed.
    pub fn next(&self) -> Option<Instant> {
        self.0.values().map(|waiting| waiting.since + WITHIN).min()
    }

    /// Those whose time has come.
    pub fn overdue(&self, now: Instant) -> Vec<WorkspaceId> {
        self.those(|waiting| waiting.since + WITHIN <= now)
    }

    /// Those that could not take so many events more.
    pub fn full(&self, more: usize) -> Vec<WorkspaceId> {
        self.those(|waiting| waiting.events + more > MOST)
    }

    /// All.
    pub fn all(&self) -> Vec<WorkspaceId> {
        self.those(|_| true)
    }

    /// It is signed now; when its last event was written.
    pub fn take(&mut self, workspace: &WorkspaceId) -> Option<Timestamp> {
        self.0.remove(workspace).map(|waiting| waiting.at)
    }

    fn those(&self, are: impl Fn(&Waiting) -> bool) -> Vec<WorkspaceId> {
        let mut those: Vec<_> =
            self.0.iter().filter(|(_, waiting)| are(waiting)).map(|(workspace, _)| workspace.clone()).collect();
        those.sort();
        those
    }
}

/// Waits until then; for ever where there is nothing to wait for.
pub async fn until(next: Option<Instant>) {
    match next {
        Some(next) => sleep_until(next).await,
        None => pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_log_waits_for_less_than_a_second_and_for_less_than_256_events() {
        let (shop, other) = (WorkspaceId::parse("shop").unwrap(), WorkspaceId::parse("other").unwrap());
        let mut unsigned = Unsigned::default();
        assert_eq!(unsigned.next(), None);
        let begun = Instant::now();
        unsigned.add(&shop, Timestamp(1), begun);
        unsigned.add(&other, Timestamp(2), begun + Duration::from_millis(200));
        unsigned.add(&shop, Timestamp(3), begun + Duration::from_millis(300));
        until(unsigned.next()).await;
        assert!(begun.elapsed() < Duration::from_secs(1), "the first event decides");
        assert_eq!(unsigned.overdue(Instant::now()), std::slice::from_ref(&shop));
        assert_eq!(unsigned.full(254), [] as [WorkspaceId; 0]);
        assert_eq!(unsigned.full(255), std::slice::from_ref(&shop));
        assert_eq!((unsigned.take(&shop), unsigned.take(&shop)), (Some(Timestamp(3)), None));
        assert_eq!(unsigned.all(), [other]);
    }
}
