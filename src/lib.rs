//! Aizuchi: agent assist for the customer support of Japanese online shops.
//!
//! An inquiry comes in; passages that answer it are retrieved; a reply is drafted in the brand's voice; each
//! sentence is compared with what it stands on and with the tone guide; all of it is recorded, then shown.
//! `app::App::suggest` is that journey. The README has the map of the rooms.

pub mod adapters;
pub mod app;
pub mod asking;
pub mod audit;
pub mod cli;
pub mod config;
pub mod domain;
pub mod drafting;
pub mod entailing;
pub mod eval;
pub mod grounding;
pub mod http;
pub mod identity;
pub mod judging;
pub mod knowledge;
pub mod language;
pub mod pipeline;
pub mod ports;
pub mod prompts;
pub mod quality;
pub mod telemetry;
pub mod tone;
pub mod verifier;
pub mod wire;
