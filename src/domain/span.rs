//! Where something stands in a text.

use serde::{Deserialize, Serialize};

/// Half-open, counted in Unicode code points (Rust `chars`), never bytes nor UTF-16 units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

impl Span {
    /// `start <= end` is the caller's promise.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "span {start}..{end}");
        Self { start, end }
    }

    /// Length in code points.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether both cover at least one code point in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The text it covers; what lies beyond the end is cut.
    pub fn of(self, text: &str) -> &str {
        let mut bounds = text.char_indices().map(|(byte, _)| byte).chain([text.len()]);
        let start = bounds.by_ref().nth(self.start).unwrap_or(text.len());
        let end = match self.len() {
            0 => start,
            more => bounds.nth(more - 1).unwrap_or(text.len()),
        };
        &text[start..end]
    }

    /// The span of a byte range of `text`; both ends must be character boundaries.
    pub fn of_bytes(text: &str, bytes: std::ops::Range<usize>) -> Self {
        let start = text[..bytes.start].chars().count();
        Self { start, end: start + text[bytes].chars().count() }
    }

    /// Moved right by `by` code points.
    pub fn shifted(self, by: usize) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_counts_code_points_and_not_bytes() {
        let text = "𠮷野家で🌸を見た";
        assert_eq!(Span::new(0, 3).of(text), "𠮷野家");
        assert_eq!(Span::new(4, 5).of(text), "🌸");
        assert_eq!(Span::new(6, 99).of(text), "見た");
        assert_eq!(Span::new(2, 2).of(text), "");
        let at = text.find('🌸').unwrap();
        assert_eq!(Span::of_bytes(text, at..at + '🌸'.len_utf8()), Span::new(4, 5));
    }
}
