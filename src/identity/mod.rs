//! Who may do what, what a key looks like, and what a browser carries. Pure: randomness comes in.

mod act;
mod password;
mod secret;
mod session;

pub use act::{Act, may};
pub use password::{Password, PasswordError, is_password};
pub use secret::{Secret, SecretError};
pub use session::SessionKey;
