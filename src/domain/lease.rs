//! Who works on an inquiry: two people never answer the same one.

use std::time::Duration;

use super::{Id, Timestamp, name};

/// Somebody works on an inquiry, until they hand it back, answer it, or leave it alone for [`Lease::TIME`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The inquiry.
    pub inquiry: Id<name::Inquiry>,
    /// The principal who works on it.
    pub principal: String,
    /// Since when without a break.
    pub since: Timestamp,
    /// When it ends by itself.
    pub until: Timestamp,
}

impl Lease {
    /// So long after its holder last did something it ends.
    pub const TIME: Duration = Duration::from_secs(15 * 60);

    /// Whether it keeps somebody out.
    pub fn keeps_out(&self, principal: &str, now: Timestamp) -> bool {
        self.principal != principal && self.until > now
    }
}
