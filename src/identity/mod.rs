//! Who may do what, and what a key looks like. Pure: randomness comes in.

mod act;
mod secret;

pub use act::{Act, may};
pub use secret::{Secret, SecretError};
