//! Two texts laid over each other: what stays, what goes, what comes; a word at a time, since letters alone cannot be read.

use similar::{Algorithm, DiffTag, capture_diff_slices};

/// Words of one fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// `del`, `ins`, or nothing where they stay.
    pub fate: &'static str,
    /// The words.
    pub text: String,
}

/// One line of the text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// Whether it is a heading.
    pub heading: bool,
    /// Its words.
    pub pieces: Vec<Piece>,
}

/// A text, or two of them laid over each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Laid {
    /// The lines that say something.
    pub lines: Vec<Line>,
    /// In how many places the two differ.
    pub changes: usize,
}

/// What stays between two changes, or one of them.
enum Part {
    Same(String),
    Changed { old: String, new: String },
}

impl Laid {
    /// One text by itself.
    pub fn alone(text: &str) -> Self {
        Self { lines: lines(&[Part::Same(text.to_owned())]), changes: 0 }
    }

    /// The new text over the old one.
    pub fn over(old: &str, new: &str) -> Self {
        let parts = parts(old, new);
        let changes = parts.iter().filter(|part| matches!(part, Part::Changed { .. })).count();
        Self { lines: lines(&parts), changes }
    }
}

/// The first place in which two sentences differ, with a few letters around it; nothing where too much of them does.
pub fn first_place(old: &str, new: &str) -> Option<Vec<Piece>> {
    const BEFORE: usize = 14;
    const AFTER: usize = 6;
    const CHANGED: usize = 24;
    let pieces: Vec<Piece> = Laid::over(old, new).lines.into_iter().flat_map(|line| line.pieces).collect();
    let at = pieces.iter().position(|piece| !piece.fate.is_empty())?;
    let end = pieces[at..].iter().position(|piece| piece.fate.is_empty()).map_or(pieces.len(), |len| at + len);
    let letters = |pieces: &[Piece]| pieces.iter().map(|piece| piece.text.chars().count()).sum::<usize>();
    let stays = letters(&pieces[..at]) + letters(&pieces[end..]);
    if letters(&pieces[at..end]) > CHANGED || stays == 0 {
        return None;
    }
    let before: Vec<char> = pieces[..at].iter().flat_map(|piece| piece.text.chars()).collect();
    let after: Vec<char> = pieces.get(end).map(|piece| piece.text.chars().collect()).unwrap_or_default();
    let from = before.len().saturating_sub(BEFORE);
    let until = after.len().min(AFTER);
    let cut = |cut: bool| if cut { "…" } else { "" };
    let stay = |text: String| Piece { fate: "", text };
    let head = format!("{}{}", cut(from > 0), String::from_iter(&before[from..]));
    let tail = format!("{}{}", String::from_iter(&after[..until]), cut(until < after.len()));
    Some([vec![stay(head)], pieces[at..end].to_vec(), vec![stay(tail)]].concat())
}

fn parts(old: &str, new: &str) -> Vec<Part> {
    let (old, new) = (words(old), words(new));
    let mut parts: Vec<Part> = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &old, &new) {
        let (gone, come) = (old[op.old_range()].concat(), new[op.new_range()].concat());
        let tag = op.tag();
        // One letter between two changes is no ground to stop at.
        let mere = tag == DiffTag::Equal && gone != "\n" && gone.chars().count() == 1;
        match parts.last_mut() {
            Some(Part::Changed { old, new }) if tag != DiffTag::Equal || mere => {
                old.push_str(&gone);
                new.push_str(&come);
            }
            _ if tag == DiffTag::Equal => parts.push(Part::Same(gone)),
            _ => parts.push(Part::Changed { old: gone, new: come }),
        }
    }
    parts.into_iter().map(trimmed).collect()
}

/// What was taken in on the way and stays at the end of a change is shown twice otherwise.
fn trimmed(part: Part) -> Part {
    match part {
        Part::Changed { old, new } if old == new => Part::Same(old),
        part => part,
    }
}

/// Runs of one kind of letter: figures with their points, kanji, kana; signs stand alone.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut last) = (0, None);
    for (at, c) in text.char_indices() {
        let of = script(c);
        if at > start && (of == Script::Sign || last != Some(of)) {
            words.push(&text[start..at]);
            start = at;
        }
        last = Some(of);
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Figure,
    Latin,
    Hiragana,
    Katakana,
    Kanji,
    Sign,
}

fn script(c: char) -> Script {
    match c {
        '0'..='9' | '０'..='９' | ',' | '.' => Script::Figure,
        'ぁ'..='ゖ' => Script::Hiragana,
        'ァ'..='ヺ' | 'ー' => Script::Katakana,
        '々' | '\u{3400}'..='\u{9fff}' => Script::Kanji,
        c if c.is_alphabetic() => Script::Latin,
        _ => Script::Sign,
    }
}

fn lines(parts: &[Part]) -> Vec<Line> {
    let mut lines = vec![Line::default()];
    for part in parts {
        match part {
            Part::Same(text) => put(&mut lines, "", text),
            Part::Changed { old, new } => {
                put(&mut lines, "del", old);
                put(&mut lines, "ins", new);
            }
        }
    }
    lines.iter_mut().for_each(head);
    lines.retain(|line| !line.pieces.is_empty());
    lines
}

fn put(lines: &mut Vec<Line>, fate: &'static str, text: &str) {
    for (at, words) in text.split('\n').enumerate() {
        if at > 0 {
            lines.push(Line::default());
        }
        if let Some(line) = lines.last_mut().filter(|_| !words.is_empty()) {
            line.pieces.push(Piece { fate, text: words.to_owned() });
        }
    }
}

/// `## 返品` is a heading: its sign is not shown.
fn head(line: &mut Line) {
    let whole: String = line.pieces.iter().map(|piece| piece.text.as_str()).collect();
    let level = whole.chars().take_while(|c| *c == '#').count();
    line.heading = (1..=6).contains(&level) && whole[level..].starts_with([' ', '\u{3000}']);
    if line.heading {
        let mut rest = level + 1;
        for piece in &mut line.pieces {
            let cut = piece.text.chars().take(rest).map(char::len_utf8).sum();
            rest -= piece.text[..cut].chars().count();
            piece.text.drain(..cut);
        }
    }
    line.pieces.retain(|piece| !piece.text.is_empty());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(laid: &Laid) -> Vec<String> {
        let piece = |piece: &Piece| match piece.fate {
            "" => piece.text.clone(),
            fate => format!("[{fate} {}]", piece.text),
        };
        laid.lines.iter().map(|line| line.pieces.iter().map(piece).collect()).collect()
    }

    #[test]
    fn only_what_differs_is_marked_and_a_word_stays_whole() {
        let laid = Laid::over("返送料は1,650円です。\n7日以内です。", "返送料は1,980円です。\n7日以内です。");
        assert_eq!(said(&laid), ["返送料は[del 1,650][ins 1,980]円です。", "7日以内です。"]);
        assert_eq!(laid.changes, 1);
        assert_eq!(Laid::over("同じ。", "同じ。").changes, 0);
    }

    #[test]
    fn the_first_place_is_told_with_what_stands_around_it() {
        let told =
            first_place("返品は、商品の到着後7日以内に承ります。", "返品は、商品の到着後14日以内に承ります。").unwrap();
        let told: Vec<_> = told.iter().map(|piece| (piece.fate, piece.text.as_str())).collect();
        assert_eq!(told, [("", "返品は、商品の到着後"), ("del", "7"), ("ins", "14"), ("", "日以内に承り…")]);
        assert_eq!(first_place("返品できます。", "Returns are fine with us."), None);
        assert_eq!(first_place("同じ。", "同じ。"), None);
    }

    #[test]
    fn a_heading_loses_its_sign_also_where_it_is_new() {
        let laid = Laid::over("## 返送料\n880円です。", "## 返送料\n880円です。\n\n## 返金\n7日です。");
        assert!(laid.lines[0].heading && laid.lines[2].heading && !laid.lines[1].heading);
        assert_eq!(said(&laid), ["返送料", "880円です。", "[ins 返金]", "[ins 7日です。]"]);
    }

    #[test]
    fn a_text_that_goes_or_comes_whole_is_one_change() {
        assert_eq!(said(&Laid::over("終わりです。", "")), ["[del 終わりです。]"]);
        assert_eq!(said(&Laid::alone("# 題\n\n本文")), ["題", "本文"]);
    }
}
