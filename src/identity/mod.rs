//! Who may do what, what a key looks like, and what a browser carries. Pure: randomness comes in.

mod act;
mod secret;
mod session;

pub use act::{Act, may};
pub use secret::{Secret, SecretError};
pub use session::SessionKey;
