//! The words of many spans of one text.

use crate::domain::Span;

/// Each span with its words. One walk through the text for all of them: a span alone has to count from its start.
pub fn slices<'t>(text: &'t str, spans: &[Span]) -> Vec<(Span, &'t str)> {
    let mut bytes: Vec<usize> = text.char_indices().map(|(byte, _)| byte).collect();
    bytes.push(text.len());
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(text.len());
    spans.iter().map(|span| (*span, &text[byte(span.start)..byte(span.end).max(byte(span.start))])).collect()
}
