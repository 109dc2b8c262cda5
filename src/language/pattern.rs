//! How a regular expression is compiled here.

use regex::{Regex, RegexBuilder};

/// What the states that an expression has met may take, in each thread that uses it. We have some hundred expressions
/// over all of Japanese: with the engine's own limit of two mebibytes each they would grow to most of the process.
const STATES_BYTES: usize = 256 * 1024;

/// Compiles an expression.
pub fn regex(source: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(source).dfa_size_limit(STATES_BYTES).build()
}
