//! What a model's answer is worth: a letter with what it points at, or a reason why it is none.
//!
//! Nothing is mended here. What a customer should not read and an operator can mend is flagged; what makes the whole
//! text untrustworthy is a failure, and the extractive draft stands in.

use std::{collections::HashMap, sync::LazyLock};

use regex::Regex;
use serde::Deserialize;

use super::{
    NO_GROUND,
    marks::{TOKENS, ids},
    material::Composer,
};
use crate::{
    domain::{Citing, Failure, Flag, FlagKind, Prompt, Span},
    language::inert,
    prompts::{unfenced, without_thoughts},
};

/// No letter is longer, in characters.
const MAX_CHARS: usize = 4_000;
/// The same line so often is a model that goes round in circles,
const REPEATED: usize = 4;
/// if it has so many characters at least.
const A_LINE: usize = 6;
/// Share of Japanese among the letters of a Japanese letter: names of goods and addresses may be Latin.
const JAPANESE: f64 = 0.5;
/// Share of hiragana among its Japanese characters; Chinese has none.
const HIRAGANA: f64 = 0.15;

/// What an answer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// A letter.
    Letter(Written),
    /// That the evidence does not answer.
    NoGround,
}

/// A letter by a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The text: markers that point somewhere are gone, personal data is back.
    pub text: String,
    /// Where a marker stood, in code points, and which piece of evidence it points at.
    pub pointed: Vec<(usize, usize)>,
    /// What has to be mended.
    pub flags: Vec<Flag>,
}

/// An answer that is to be read, with what it was asked by.
pub struct Answer<'a> {
    /// What was said.
    pub said: &'a str,
    /// To this prompt.
    pub prompt: &'a Prompt,
    /// Which was made from this.
    pub composer: &'a Composer<'a>,
}

/// The shape of an answer that cites by schema.
#[derive(Deserialize)]
struct Lines {
    answerable: bool,
    lines: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    text: String,
    cites: Vec<String>,
}

static URL: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"(?i)(?:https?://|www\.)[\x21-\x7e]+").expect("a constant pattern")
});
static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"(?i)</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>|!?\[[^\[\]\n]*\]\([^()\n]*\)")
        .expect("a constant pattern")
});

impl Answer<'_> {
    /// Reads the answer.
    pub fn read(&self) -> Result<Reading, Failure> {
        let said = without_thoughts(self.said);
        let said = match self.prompt.citing {
            Citing::Marker => said.trim().replace("\r\n", "\n"),
            Citing::Schema => match lines(said)? {
                Some(text) => text,
                None => return Ok(Reading::NoGround),
            },
        };
        if said.trim_matches(|c: char| !c.is_alphanumeric()) == NO_GROUND {
            return Ok(Reading::NoGround);
        }
        self.trustworthy(&said)?;
        let mut written = self.written(&said);
        is_japanese(&written.text)?;
        self.flag(&mut written);
        Ok(Reading::Letter(written))
    }

    /// Signs that what was said is no letter to a customer.
    fn trustworthy(&self, said: &str) -> Result<(), Failure> {
        if said.trim().is_empty() {
            return Err(Failure::Empty);
        }
        let hidden = said.chars().any(|c| c.is_control() && c != '\n' && c != '\t');
        let told = said.contains(self.composer.nonce()) || said.contains(NO_GROUND);
        if hidden || told || !inert::is_inert(said) || said.chars().count() > MAX_CHARS || goes_round(said) {
            return Err(Failure::Unclean);
        }
        Ok(())
    }

    /// Markers and placeholders resolved, those that cannot be flagged.
    fn written(&self, said: &str) -> Written {
        let mut written = Written { text: String::with_capacity(said.len()), pointed: Vec::new(), flags: Vec::new() };
        let (mut chars, mut from) = (0, 0);
        let mut push = |text: &mut String, piece: &str| {
            text.push_str(piece);
            chars += piece.chars().count();
            chars
        };
        for token in TOKENS.captures_iter(said) {
            let whole = token.get_match();
            let start = push(&mut written.text, &said[from..whole.start()]);
            from = whole.end();
            let (kept, kind) = match (token.name("placeholder"), token.name("marks")) {
                (Some(placeholder), _) => match self.original(placeholder.as_str()) {
                    Some(original) => (original, None),
                    None => (placeholder.as_str(), Some(FlagKind::UnknownPlaceholder)),
                },
                (None, Some(marks)) => {
                    let found: Vec<_> = ids(marks.as_str()).map(|id| self.pointed(&id)).collect();
                    written.pointed.extend(found.iter().flatten().map(|evidence| (start, *evidence)));
                    match found.iter().all(Option::is_some) {
                        true => ("", None),
                        false => (whole.as_str(), Some(FlagKind::DanglingMarker)),
                    }
                }
                (None, None) => (whole.as_str(), Some(FlagKind::DanglingMarker)),
            };
            let end = push(&mut written.text, kept);
            written.flags.extend(kind.map(|kind| Flag { kind, span: Span::new(start, end) }));
        }
        push(&mut written.text, &said[from..]);
        written
    }

    fn original(&self, placeholder: &str) -> Option<&str> {
        let kept = &self.composer.mask().kept;
        kept.iter().find(|kept| kept.placeholder == placeholder).map(|kept| kept.original.as_str())
    }

    fn pointed(&self, id: &str) -> Option<usize> {
        self.prompt.marks.iter().find(|mark| mark.id == id).map(|mark| mark.evidence)
    }

    /// Links that nobody gave, and signs of pages.
    fn flag(&self, written: &mut Written) {
        let text = written.text.clone();
        let mut flag = |kind, bytes| written.flags.push(Flag { kind, span: Span::of_bytes(&text, bytes) });
        for url in URL.find_iter(&text) {
            let bare = url.as_str().trim_end_matches(['.', ',', ')', ']', '>', '"', '\'']);
            let evidence = self.composer.evidence().iter();
            let known = |known: &str| {
                known.match_indices(bare).any(|(at, _)| !known[at + bare.len()..].starts_with(is_of_a_url))
            };
            if !evidence.flat_map(|item| [Some(item.text.as_str()), item.url.as_deref()]).flatten().any(known) {
                flag(FlagKind::UnknownUrl, url.start()..url.start() + bare.len());
            }
        }
        for markup in MARKUP.find_iter(&text) {
            flag(FlagKind::Markup, markup.range());
        }
        written.flags.sort_by_key(|flag| (flag.span, flag.kind));
    }
}

/// Whether a link would go on with this: what was quoted is then only its beginning.
fn is_of_a_url(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '?' | '#' | '=' | '&' | '%' | '_' | '-')
}

/// The lines of a JSON answer as a text with markers; `None` when it says that there is no answer.
fn lines(said: &str) -> Result<Option<String>, Failure> {
    let Lines { answerable, lines } = serde_json::from_str(unfenced(said)).map_err(|_| Failure::Malformed)?;
    let line = |line: Line| {
        let marks: String = line.cites.iter().map(|id| format!("[{id}]")).collect();
        format!("{}{marks}", line.text.trim_end())
    };
    let text = lines.into_iter().map(line).collect::<Vec<_>>().join("\n");
    Ok(answerable.then(|| text.trim().to_owned()))
}

fn goes_round(said: &str) -> bool {
    let mut times: HashMap<&str, usize> = HashMap::new();
    let sentences = said.split(['\n', '。']).map(str::trim).filter(|line| line.chars().count() >= A_LINE);
    sentences.into_iter().any(|line| {
        let seen = times.entry(line).or_default();
        *seen += 1;
        *seen > REPEATED
    })
}

fn is_japanese(text: &str) -> Result<(), Failure> {
    let text = URL.replace_all(text, "");
    let letters = text.chars().filter(|c| c.is_alphabetic()).count() as f64;
    let count = |is: fn(char) -> bool| text.chars().filter(|c| is(*c)).count() as f64;
    let hiragana = count(|c| matches!(c, 'ぁ'..='ゖ'));
    let japanese =
        hiragana + count(|c| matches!(c, 'ァ'..='ヺ' | '々' | '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}'));
    match letters > 0.0 && japanese >= letters * JAPANESE && hiragana >= japanese * HIRAGANA {
        true => Ok(()),
        false => Err(Failure::WrongLanguage),
    }
}
