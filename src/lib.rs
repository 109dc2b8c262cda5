//! Aizuchi: agent assist for the customer support of Japanese online shops.

pub mod domain;
pub mod language;
pub mod ports;
