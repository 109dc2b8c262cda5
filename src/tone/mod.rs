//! Tone: a guide in, a reading in, findings out. Pure: no file is opened and no clock is read here.
//!
//! [`guide`] reads the file a brand owner writes, [`reading`] analyses one inquiry and its reply,
//! [`rules`] holds one struct for each category, and [`Checker`] joins the three.

pub mod checker;
mod fix;
mod folded;
pub mod guide;
pub mod reading;
pub mod rules;
mod senses;
mod words;

#[cfg(test)]
mod context_tests;

pub use checker::{Checker, UnderCheck};
pub use fix::apply;
pub use guide::{ExampleFailure, GuideError, GuideErrors, check_examples, parse};
pub use reading::Reading;
