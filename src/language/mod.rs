//! Japanese text, pure: what is written, where its parts stand, and what they state.

pub mod alike;
pub mod analysis;
pub mod digest;
mod gate;
pub mod given;
pub mod inert;
pub mod kana;
pub mod mask;
pub mod memo;
pub mod names;
pub mod normal;
pub mod ordered;
pub mod pattern;
pub mod pseudonym;
pub mod quantity;
pub mod question;
pub mod sentence;
pub mod signals;
pub mod situation;
pub mod sought;
pub mod synonyms;
mod vague;
pub mod words;
pub mod workday;
pub mod zones;
