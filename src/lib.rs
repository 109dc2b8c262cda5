//! Aizuchi: agent assist for the customer support of Japanese online shops.
//!
//! An inquiry comes in; passages that answer it are retrieved; a reply is drafted in the brand's voice; each
//! sentence is compared with what it stands on and with the tone guide; all of it is recorded, then shown.
//! `app::App::suggest` is that journey. The README has the map of the rooms.

pub mod config;
pub mod domain;
pub mod grounding;
pub mod identity;
pub mod knowledge;
pub mod language;
pub mod ports;
pub mod tone;
