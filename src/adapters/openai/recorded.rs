//! A recorded answer, read again from its bytes as it was read when it came.

use serde_json::Value;

use super::reading::Reading;
use crate::domain::Attempt;

/// What ends a stream.
const DONE: &str = "[DONE]";

/// The text of an attempt that was heard; `None` where its bytes do not hold one.
pub fn said(attempt: &Attempt) -> Option<String> {
    let parameters: Value = serde_json::from_str(&attempt.parameters).ok()?;
    let streamed = parameters.get("stream").and_then(Value::as_bool).unwrap_or(false);
    let mut reading = Reading::default();
    // Asked for a stream, some servers answer in one piece all the same.
    if let Ok(whole) = serde_json::from_str::<Value>(&attempt.raw) {
        reading.whole(&whole).ok()?;
        return reading.text(true).ok();
    }
    if !streamed {
        return None;
    }
    let mut done = false;
    for event in events(&attempt.raw) {
        if event == DONE {
            done = true;
            break;
        }
        reading.chunk(&serde_json::from_str(&event).ok()?, &mut |_| {}).ok()?;
    }
    reading.text(done).ok()
}

/// The data of the events of a stream (HTML, server-sent events): lines that begin with `data:`, joined up to a blank one.
fn events(raw: &str) -> Vec<String> {
    let mut events = Vec::new();
    let mut data: Vec<&str> = Vec::new();
    for line in raw.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)) {
        match line.strip_prefix("data:") {
            Some(rest) => data.push(rest.strip_prefix(' ').unwrap_or(rest)),
            None if line.is_empty() && !data.is_empty() => events.push(std::mem::take(&mut data).join("\n")),
            // Comments, names and ids of events.
            None => {}
        }
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;

    fn attempt(stream: bool, raw: &str) -> Attempt {
        Attempt {
            prompt: 0,
            host: "llm.example".to_owned(),
            model: "large".to_owned(),
            parameters: format!(r#"{{"stream":{stream}}}"#),
            started_at: Timestamp(0),
            first_byte_ms: None,
            duration_ms: 1,
            status: Some(200),
            failure: None,
            detail: None,
            answered_by: None,
            response_id: None,
            fingerprint: None,
            finish: None,
            usage: None,
            cost_micros: None,
            heard: true,
            raw: raw.to_owned(),
        }
    }

    #[test]
    fn an_answer_in_one_piece_and_a_stream_are_read_again() {
        let whole = r#"{"choices":[{"index":0,"message":{"content":"承ります。"},"finish_reason":"stop"}]}"#;
        assert_eq!(said(&attempt(false, whole)).as_deref(), Some("承ります。"));
        assert_eq!(said(&attempt(true, whole)).as_deref(), Some("承ります。"));
        let piece = |text: &str| format!(r#"{{"choices":[{{"index":0,"delta":{{"content":"{text}"}}}}]}}"#);
        let end = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;
        for line_end in ["\n", "\r\n"] {
            let lines = [
                ": hello".to_owned(),
                String::new(),
                format!("data: {}", piece("承り")),
                String::new(),
                format!("data:{}", piece("ます。")),
                String::new(),
                format!("data: {end}"),
                String::new(),
                "data: [DONE]".to_owned(),
                String::new(),
                String::new(),
            ];
            assert_eq!(said(&attempt(true, &lines.join(line_end))).as_deref(), Some("承ります。"));
        }
    }

    #[test]
    fn bytes_that_hold_no_text_are_none() {
        for raw in ["", "<html>", "{}", "data: {\"choices\":[]}\n\n", r#"{"error":{"message":"x"}}"#] {
            assert_eq!(said(&attempt(true, raw)), None, "{raw}");
        }
        assert_eq!(said(&attempt(false, "data: [DONE]\n\n")), None);
    }
}
