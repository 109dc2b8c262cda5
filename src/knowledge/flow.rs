//! Words of a web page put one after the other: white space collapsed as Japanese needs it, line breaks where the
//! page asks for them, marks of lists, headings apart.

use super::plain::{self, Block};

/// Between two elements that stand on lines of their own.
pub const LINE: usize = 1;
/// Between paragraphs.
pub const PARAGRAPH: usize = 2;

/// A text being set.
#[derive(Debug, Default)]
pub struct Flow {
    blocks: Vec<Block>,
    text: String,
    /// Line ends before the next word.
    breaks: usize,
    /// White space before the next word.
    blank: Option<Blank>,
    /// What the next word begins with.
    mark: Option<String>,
    heading: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blank {
    Typed,
    /// The line ends there in the page's source.
    Wrapped,
}

impl Flow {
    /// Words as they stand in the page's source.
    pub fn words(&mut self, source: &str) {
        for c in source.chars() {
            match c {
                '\n' | '\r' => self.blank = Some(Blank::Wrapped),
                ' ' | '\t' | '\u{c}' | '\u{a0}' => self.blank = self.blank.or(Some(Blank::Typed)),
                // Places where a word may be broken.
                '\u{ad}' | '\u{200b}' | '\u{feff}' => {}
                c => self.put(c),
            }
        }
    }

    /// Text whose line ends and blanks are meant.
    pub fn verbatim(&mut self, text: &str) {
        for c in text.replace("\r\n", "\n").chars() {
            match c {
                '\n' => self.line_break(),
                c => self.put(c),
            }
        }
    }

    fn put(&mut self, c: char) {
        let blank = self.blank.take();
        let breaks = std::mem::take(&mut self.breaks);
        let mark = self.mark.take();
        let last = self.text.chars().next_back();
        if last.is_some() && breaks > 0 {
            self.text.extend(std::iter::repeat_n('\n', breaks));
        } else if let (Some(last), Some(blank), None) = (last, blank, &mark)
            && last != '\n'
            && !(blank == Blank::Wrapped && is_one_word(last, c))
        {
            self.text.push(' ');
        }
        self.text.push_str(mark.as_deref().unwrap_or_default());
        self.text.push(c);
    }

    /// `<br>`: two of them are an empty line.
    pub fn line_break(&mut self) {
        self.breaks = (self.breaks + 1).min(PARAGRAPH);
    }

    /// The next word stands at least so far below the last one. Between a mark and its first word there is no break.
    pub fn apart(&mut self, breaks: usize) {
        if self.mark.is_none() {
            self.breaks = self.breaks.max(breaks);
        }
    }

    /// The next word begins with this.
    pub fn mark(&mut self, mark: String) {
        self.mark = Some(mark);
    }

    /// Forgets a mark that no word followed; says whether there was one.
    pub fn unmark(&mut self) -> bool {
        self.mark.take().is_some()
    }

    /// What follows stands on the line of what was said last, behind a sign.
    pub fn join(&mut self, sign: &str) {
        self.breaks = 0;
        self.mark = Some(sign.to_owned());
    }

    /// Whether a heading is being set.
    pub fn in_heading(&self) -> bool {
        self.heading.is_some()
    }

    /// Begins a heading.
    pub fn open_heading(&mut self, level: usize) {
        self.close_block();
        self.heading = Some(level);
    }

    /// Ends what was begun: a heading, or the text above one.
    pub fn close_block(&mut self) {
        let text = std::mem::take(&mut self.text);
        (self.breaks, self.blank, self.mark) = (0, None, None);
        let level = self.heading.take();
        let text = match level {
            Some(_) => text.split_whitespace().collect::<Vec<_>>().join(" "),
            None => plain::unlike_headings(text.trim()),
        };
        if !text.is_empty() {
            self.blocks.push(Block { line: None, level, text });
        }
    }

    /// A place to come back to with [`Self::since`].
    pub fn place(&self) -> (usize, usize) {
        (self.blocks.len(), self.text.len())
    }

    /// What was said since then, unless a heading came between.
    pub fn since(&self, (blocks, text): (usize, usize)) -> Option<&str> {
        (self.blocks.len() == blocks).then(|| self.text.get(text..).unwrap_or_default().trim())
    }

    /// All of it.
    pub fn into_blocks(mut self) -> Vec<Block> {
        self.close_block();
        self.blocks
    }

    /// All of it where no heading was allowed.
    pub fn into_text(self) -> String {
        self.text
    }
}

/// A line that was wrapped between two Japanese signs, or at a Japanese comma, has no blank there.
fn is_one_word(last: char, next: char) -> bool {
    let sign = |c| matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff0f}' | '・');
    is_japanese(last) && is_japanese(next) || sign(last) || sign(next)
}

fn is_japanese(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> String {
        let mut flow = Flow::default();
        flow.words(source);
        flow.into_text()
    }

    #[test]
    fn a_line_wrapped_between_japanese_signs_has_no_blank() {
        assert_eq!(
            words("\n  返品は\n   14日\u{a0}以内に\n\tお願い&します、\nFAX も\r\n FAX も可。\n"),
            "返品は 14日 以内にお願い&します、FAX も FAX も可。"
        );
        assert_eq!(words("返品 と\u{200b}交\u{ad}換"), "返品 と交換");
        assert_eq!(words("one\ntwo　三"), "one two　三");
    }

    #[test]
    fn a_mark_waits_for_its_word() {
        let mut flow = Flow::default();
        flow.words("一");
        flow.apart(LINE);
        flow.mark("・".to_owned());
        flow.apart(PARAGRAPH);
        flow.words(" 二");
        flow.apart(LINE);
        flow.mark("・".to_owned());
        assert!(flow.unmark() && !flow.unmark());
        flow.join("：");
        flow.words("三");
        assert_eq!(flow.into_text(), "一\n・二：三");
    }
}
