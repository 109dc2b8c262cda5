//! What an answer says, taken from plain JSON so leniently as real servers need: unknown keys are passed over, a
//! missing `model` or `usage` is no fault, and a text may come as parts.

use serde_json::Value;

use super::refusal;
use crate::{
    domain::{Failure, Usage},
    ports::{Hear, Unheard},
};

/// An answer so far.
#[derive(Debug, Default)]
pub struct Reading {
    text: String,
    refused: bool,
    pub answered_by: Option<String>,
    pub response_id: Option<String>,
    pub fingerprint: Option<String>,
    pub finish: Option<String>,
    pub usage: Option<Usage>,
}

impl Reading {
    /// One event of a stream.
    pub fn chunk(&mut self, chunk: &Value, hear: Hear<'_>) -> Result<(), Unheard> {
        self.about(chunk)?;
        let Some(choice) = first_choice(chunk)? else { return Ok(()) };
        self.finish(choice);
        // Whatever else a server puts beside it, a piece of text stands in `delta`.
        let delta = choice.get("delta").unwrap_or(&Value::Null);
        self.refused |= says(delta.get("refusal"));
        let from = self.text.len();
        push(&mut self.text, delta.get("content"))?;
        if self.text.len() > from {
            hear(&self.text[from..]);
        }
        Ok(())
    }

    /// An answer in one piece.
    pub fn whole(&mut self, answer: &Value) -> Result<(), Unheard> {
        self.about(answer)?;
        let choice = first_choice(answer)?.ok_or_else(|| malformed("the answer has no choice"))?;
        self.finish(choice);
        let message = choice.get("message").filter(|message| message.is_object());
        let message = message.ok_or_else(|| malformed("the choice has no message"))?;
        self.refused |= says(message.get("refusal"));
        push(&mut self.text, message.get("content"))?;
        // In one piece there is nothing to break off: no reason is as good as `stop`.
        self.finish.get_or_insert_with(|| "stop".to_owned());
        Ok(())
    }

    /// The text, if it is whole. `done`: the server said that it is at its end.
    pub fn text(&self, done: bool) -> Result<String, Unheard> {
        let unheard = |failure, detail: &str| Err(Unheard::new(failure, detail));
        match self.finish.as_deref() {
            None if !done => return unheard(Failure::Truncated, "the stream ended without finish_reason and [DONE]"),
            Some("length") => return unheard(Failure::Incomplete, "the answer reached max_tokens"),
            Some("content_filter") => return unheard(Failure::Filtered, "the provider's filter stopped the answer"),
            _ if self.refused => return unheard(Failure::Refused, "the model declined"),
            _ => {}
        }
        match self.text.trim().is_empty() {
            true => unheard(Failure::Empty, "the answer has no text"),
            false => Ok(self.text.clone()),
        }
    }

    fn about(&mut self, value: &Value) -> Result<(), Unheard> {
        if !value.is_object() {
            return Err(malformed("the answer is not an object"));
        }
        if let Some(error) = value.get("error").filter(|error| !error.is_null()) {
            return Err(refusal::in_stream(error));
        }
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        self.answered_by = self.answered_by.take().or_else(|| text("model"));
        self.response_id = self.response_id.take().or_else(|| text("id"));
        self.fingerprint = self.fingerprint.take().or_else(|| text("system_fingerprint"));
        if let Some(usage) = value.get("usage").filter(|usage| usage.is_object()) {
            let count = |pointer: &str| usage.pointer(pointer).and_then(Value::as_u64).unwrap_or_default();
            self.usage = Some(Usage {
                prompt_tokens: count("/prompt_tokens"),
                completion_tokens: count("/completion_tokens"),
                cached_tokens: count("/prompt_tokens_details/cached_tokens"),
            });
        }
        Ok(())
    }

    fn finish(&mut self, choice: &Value) {
        if let Some(reason) = choice.get("finish_reason").and_then(Value::as_str) {
            self.finish = Some(reason.to_owned());
        }
    }
}

/// The first of the choices, of which only one was asked for. None at all is right for an event that tells the usage.
fn first_choice(value: &Value) -> Result<Option<&Value>, Unheard> {
    match value.get("choices") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(choices)) => Ok(choices.first()),
        Some(_) => Err(malformed("`choices` is not a list")),
    }
}

/// A text, or a list of parts with texts.
fn push(text: &mut String, content: Option<&Value>) -> Result<(), Unheard> {
    match content {
        None | Some(Value::Null) => {}
        Some(Value::String(piece)) => text.push_str(piece),
        Some(Value::Array(parts)) => {
            text.extend(parts.iter().filter_map(|part| part.get("text").and_then(Value::as_str)));
        }
        Some(_) => return Err(malformed("`content` is neither a text nor a list of parts")),
    }
    Ok(())
}

fn says(value: Option<&Value>) -> bool {
    value.and_then(Value::as_str).is_some_and(|text| !text.is_empty())
}

fn malformed(detail: &str) -> Unheard {
    Unheard::new(Failure::Malformed, detail)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(chunks: &[Value], done: bool) -> Result<String, Failure> {
        let (mut reading, mut pieces) = (Reading::default(), String::new());
        for chunk in chunks {
            reading.chunk(chunk, &mut |piece| pieces.push_str(piece)).map_err(|unheard| unheard.failure)?;
        }
        let text = reading.text(done).map_err(|unheard| unheard.failure)?;
        assert_eq!(text, pieces, "the pieces join to the text");
        Ok(text)
    }

    fn delta(delta: Value) -> Value {
        json!({ "choices": [{ "index": 0, "delta": delta, "finish_reason": null }] })
    }

    fn finish(reason: &str) -> Value {
        json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": reason }] })
    }

    #[test]
    fn every_dialect_of_a_stream_is_one_text() {
        let openai =
            [delta(json!({"role": "assistant", "content": "", "refusal": null})), delta(json!({"content": "承り"}))];
        assert_eq!(read(&[&openai[..], &[finish("stop")]].concat(), true).unwrap(), "承り");
        let llama = [delta(json!({"role": "assistant", "content": null})), delta(json!({"content": "承り"}))];
        let usage = json!({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 2}, "timings": {}});
        assert_eq!(read(&[&llama[..], &[finish("stop"), usage]].concat(), true).unwrap(), "承り");
        let parts = delta(json!({"content": [{"type": "text", "text": "承"}, {"type": "text", "text": "り"}]}));
        assert_eq!(read(&[parts, finish("stop")], false).unwrap(), "承り");
    }

    #[test]
    fn a_text_that_is_not_whole_is_no_text() {
        let said = delta(json!({"content": "承ります"}));
        let end = |reason: &str| read(&[said.clone(), finish(reason)], true);
        assert_eq!(read(std::slice::from_ref(&said), false), Err(Failure::Truncated));
        assert_eq!(end("length"), Err(Failure::Incomplete));
        assert_eq!(end("content_filter"), Err(Failure::Filtered));
        assert_eq!(read(&[delta(json!({"refusal": "できません"})), finish("stop")], true), Err(Failure::Refused));
        assert_eq!(read(&[finish("stop")], true), Err(Failure::Empty));
        assert_eq!(read(&[delta(json!({"content": 7}))], true), Err(Failure::Malformed));
        assert_eq!(read(&[json!({"error": {"message": "本文", "code": 500}})], true), Err(Failure::ServerError));
        assert_eq!(read(&[json!([])], true), Err(Failure::Malformed));
    }

    #[test]
    fn an_answer_in_one_piece_needs_a_choice_with_a_message() {
        let whole = |answer: Value| {
            let mut reading = Reading::default();
            reading.whole(&answer).and_then(|()| reading.text(false)).map_err(|unheard| unheard.failure)
        };
        assert_eq!(whole(json!({"choices": [{"message": {"content": "はい"}}]})).unwrap(), "はい");
        for answer in
            [json!({"choices": []}), json!({"choices": {}}), json!({"choices": [{"text": "はい"}]}), json!("はい")]
        {
            assert_eq!(whole(answer), Err(Failure::Malformed));
        }
        assert_eq!(whole(json!({"choices": [{"message": {"content": null}}]})), Err(Failure::Empty));
    }
}
