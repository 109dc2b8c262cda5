//! The audit log as a pure idea: what an event says of a change, the bytes that are hashed, the chain that
//! ties an event to all before it, and the verifier that reads an export. Where events are kept, and how
//! the change and its event become one transaction, is said in `adapters/sql`.

mod canonical;
mod chain;
mod content;

pub use canonical::canonical;
pub use chain::{Broken, GENESIS, Head, Reason, Verified, Verifier, seal, verify};
pub use content::{Content, content};
