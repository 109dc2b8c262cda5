//! One technology each, behind the ports. Only `wire.rs` picks among them.

pub mod anchors;
pub mod openai;
pub mod otlp;
pub mod playback;
pub mod prometheus;
pub mod sql;
pub mod system;
pub mod tantivy;
pub mod tiktoken;
pub mod vectors;
