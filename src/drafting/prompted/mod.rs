//! The drafter with a model, without the model: what it is asked (`compose`), and what its answer is worth (`read`).
//! Asking is the asking room's, which knows of limits and failures; nothing here waits for anybody.

mod budget;
mod marks;
mod material;
mod provisional;
mod read;
mod templates;

use serde_json::json;

pub use self::{
    material::{Composer, Instructions},
    provisional::Provisional,
    read::{Answer, Reading, Written},
    templates::Templates,
};
use crate::domain::Prompt;

/// What a model says that finds no answer in the evidence.
const NO_GROUND: &str = "NO_GROUND";

/// The shape of an answer to a prompt that cites by schema: lines, each with the ids that it stands on, of which no
/// others exist than those of the prompt.
pub fn schema(prompt: &Prompt) -> serde_json::Value {
    let ids: Vec<&str> = prompt.marks.iter().map(|mark| mark.id.as_str()).collect();
    json!({
        "type": "object",
        "properties": {
            "answerable": { "type": "boolean" },
            "lines": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "text": { "type": "string" },
                        "cites": { "type": "array", "items": { "type": "string", "enum": ids } },
                    },
                    "required": ["text", "cites"],
                    "additionalProperties": false,
                },
            },
        },
        "required": ["answerable", "lines"],
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests;
