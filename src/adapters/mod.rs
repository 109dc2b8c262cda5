//! One technology each, behind the ports. Only `wire.rs` picks among them.

pub mod openai;
pub mod sql;
pub mod system;
pub mod tantivy;
pub mod tiktoken;
