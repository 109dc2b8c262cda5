//! The audit log as a pure idea: what an event says of a change, the bytes that are hashed, the chain that ties an event to
//! all before it, the tree over them and its signed checkpoints. Who reads an export is `verifier/`, which shares no code with it. Where events are kept, and how
//! the change and its event become one transaction, is said in `adapters/sql`.

mod canonical;
mod chain;
mod checkpoint;
mod content;
mod difference;
mod tree;

pub use canonical::canonical;
pub use chain::{GENESIS, seal};
pub use checkpoint::{Checkpoint, Signer, origin};
pub use content::{Content, content};
pub use difference::{Difference, differences};
pub use tree::{BLOCK, Edge, Hash, Known, Whole, leaf};
