//! The words of Aizuchi as plain values with their rules. No I/O, no clock, no randomness.
//!
//! What a word means is said once, in the README's table of words; the type beside it keeps the promise.

mod affected;
mod asked;
mod change;
mod conversation;
mod document;
mod draft;
mod erasure;
mod event;
mod evidence;
mod explanation;
mod finding;
mod grounding;
mod guide;
mod id;
mod inquiry;
mod making;
mod overlap;
mod principal;
mod proposal;
mod reply;
mod retention;
mod review;
mod situation;
mod span;
mod suggestion;
mod time;
mod workspace;

pub use affected::*;
pub use asked::*;
pub use change::*;
pub use conversation::*;
pub use document::*;
pub use draft::*;
pub use erasure::*;
pub use event::*;
pub use evidence::*;
pub use explanation::*;
pub use finding::*;
pub use grounding::*;
pub use guide::*;
pub use id::*;
pub use inquiry::*;
pub use making::*;
pub use overlap::*;
pub use principal::*;
pub use proposal::*;
pub use reply::*;
pub use retention::*;
pub use review::*;
pub use situation::*;
pub use span::*;
pub use suggestion::*;
pub use time::*;
pub use workspace::*;
