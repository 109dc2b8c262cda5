//! From a revision's body to passages: the pieces that are indexed and cited.
//!
//! A passage never crosses a heading, and is cut where a reader would pause: between paragraphs, else between
//! sentences, else after a comma.

use crate::{
    domain::{Kind, NewRevision, Span},
    language::sentence::sentences,
};

/// In code points: two or three paragraphs of an answer, so that a citation points at something one can read.
pub const MAX_PASSAGE_CHARS: usize = 400;

/// A piece of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// Where it stands in the body.
    pub span: Span,
    /// The headings it stands under, outermost first, joined by ` > `.
    pub heading: Option<String>,
}

/// The passages of a body in its order. They do not overlap, neither begin nor end with white space, and leave out
/// nothing but headings and white space.
pub fn cut(content: &NewRevision) -> Vec<Cut> {
    let body: Vec<char> = content.body.chars().collect();
    match content.kind {
        Kind::Faq | Kind::Policy => sections(&body)
            .into_iter()
            .flat_map(|(span, heading)| {
                let pieces = if span.len() <= MAX_PASSAGE_CHARS { vec![span] } else { pieces(&body, span) };
                pieces.into_iter().map(move |span| Cut { span, heading: heading.clone() })
            })
            .collect(),
        Kind::PastReply => whole(&body)
            .map(|span| pieces(&body, span))
            .unwrap_or_default()
            .into_iter()
            .map(|span| Cut { span, heading: None })
            .collect(),
        Kind::Guide => {
            lines(&body).filter_map(|line| trimmed(&body, line)).map(|span| Cut { span, heading: None }).collect()
        }
    }
}

/// Level and words of a heading line: `## 返品`.
pub fn heading(line: &str) -> Option<(usize, &str)> {
    let level = line.chars().take_while(|c| *c == '#').count();
    let words = line[level..].strip_prefix([' ', '\t', '　'])?.trim();
    ((1..=6).contains(&level) && !words.is_empty()).then_some((level, words))
}

/// What stands between headings, with the path of headings above it.
fn sections(body: &[char]) -> Vec<(Span, Option<String>)> {
    let mut found = Vec::new();
    let mut path: Vec<(usize, String)> = Vec::new();
    let mut start = 0;
    let close = |span: Span, path: &[(usize, String)], found: &mut Vec<_>| {
        let words: Vec<_> = path.iter().map(|(_, words)| words.as_str()).collect();
        let heading = (!words.is_empty()).then(|| words.join(" > "));
        found.extend(trimmed(body, span).map(|span| (span, heading)));
    };
    for line in lines(body) {
        let text: String = body[line.start..line.end].iter().collect();
        if let Some((level, words)) = heading(&text) {
            close(Span::new(start, line.start), &path, &mut found);
            path.retain(|(above, _)| *above < level);
            path.push((level, words.to_owned()));
            start = line.end;
        }
    }
    close(Span::new(start, body.len()), &path, &mut found);
    found
}

/// Paragraphs joined as long as they fit; one that does not fit by itself is cut into sentences, joined likewise.
fn pieces(body: &[char], span: Span) -> Vec<Span> {
    let mut units = Vec::new();
    for paragraph in paragraphs(body, span) {
        if paragraph.len() <= MAX_PASSAGE_CHARS {
            units.push(paragraph);
        } else {
            units.extend(joined(paragraph_sentences(body, paragraph)));
        }
    }
    joined(units)
}

fn paragraph_sentences(body: &[char], paragraph: Span) -> Vec<Span> {
    let text: String = body[paragraph.start..paragraph.end].iter().collect();
    let found = sentences(&text).into_iter().map(|sentence| sentence.shifted(paragraph.start));
    found
        .flat_map(|sentence| if sentence.len() <= MAX_PASSAGE_CHARS { vec![sentence] } else { chunks(body, sentence) })
        .collect()
}

/// A sentence that no passage can hold, after its last comma or blank that fits, else where it has to be.
fn chunks(body: &[char], sentence: Span) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = sentence.start;
    while sentence.end - start > MAX_PASSAGE_CHARS {
        let most = start + MAX_PASSAGE_CHARS;
        let pause = (start..most).rev().find(|at| matches!(body[*at], '、' | '，' | ',') || body[*at].is_whitespace());
        let end = pause.map_or(most, |at| at + 1);
        found.extend(trimmed(body, Span::new(start, end)));
        start = end;
    }
    found.extend(trimmed(body, Span::new(start, sentence.end)));
    found
}

/// Neighbours become one as long as the whole fits.
fn joined(units: Vec<Span>) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    for unit in units {
        match found.last_mut() {
            Some(last) if unit.end - last.start <= MAX_PASSAGE_CHARS => last.end = unit.end,
            _ => found.push(unit),
        }
    }
    found
}

/// Runs of lines that are not blank.
fn paragraphs(body: &[char], span: Span) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut open = false;
    for line in lines(&body[span.start..span.end]) {
        match trimmed(body, line.shifted(span.start)) {
            None => open = false,
            Some(line) => match found.last_mut() {
                Some(last) if open => last.end = line.end,
                _ => {
                    found.push(line);
                    open = true;
                }
            },
        }
    }
    found
}

fn lines(body: &[char]) -> impl Iterator<Item = Span> {
    let mut start = 0;
    body.split(|c| *c == '\n').map(move |line| {
        let span = Span::new(start, start + line.len());
        start = span.end + 1;
        span
    })
}

fn whole(body: &[char]) -> Option<Span> {
    trimmed(body, Span::new(0, body.len()))
}

fn trimmed(body: &[char], span: Span) -> Option<Span> {
    let first = (span.start..span.end).find(|at| !body[*at].is_whitespace())?;
    let last = (first..span.end).rev().find(|at| !body[*at].is_whitespace())?;
    Some(Span::new(first, last + 1))
}

#[cfg(test)]
#[path = "passages_tests.rs"]
mod tests;
