//! Makes foreign text harmless before it goes into a prompt: what a chat template would read as a command becomes
//! characters, and what nobody can see is taken out. Words stay as they are.

/// Whether a reader sees nothing of it: zero-width and bidirectional controls, tags, fillers.
pub fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Names that stand in angle brackets in chat templates, in lower case.
const ANGLED: [&str; 16] = [
    "s",
    "bos",
    "eos",
    "pad",
    "unk",
    "start_of_turn",
    "end_of_turn",
    "think",
    "tool_call",
    "tool_response",
    "tools",
    "function_calls",
    "system",
    "user",
    "assistant",
    "end",
];
/// Names that stand in square brackets.
const SQUARED: [&str; 6] = ["inst", "system_prompt", "available_tools", "tool_calls", "tool_results", "img"];

/// The text without hidden characters, and with the brackets of template tokens full-width, so that they are read as
/// what they are: characters that somebody typed.
pub fn inert(text: &str) -> String {
    let chars: Vec<char> = visible(text);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        match token(&chars[at..]) {
            Some(length) => {
                out.extend(chars[at..at + length].iter().map(|c| widened(*c)));
                at += length;
            }
            None => {
                // The bar before it was widened, and a bar with an angle is half a token.
                let closes = chars[at] == '>' && out.ends_with('｜');
                out.push(if closes { '＞' } else { chars[at] });
                at += 1;
            }
        }
    }
    out
}

/// Whether [`inert`] would leave it as it is.
pub fn is_inert(text: &str) -> bool {
    inert(text) == text
}

/// A joiner stays between signs, where it makes one picture of several: 👨‍👩‍👧.
fn visible(text: &str) -> Vec<char> {
    let chars: Vec<char> = text.chars().collect();
    let is_picture = |c: Option<&char>| c.is_some_and(|c| *c >= '\u{2190}' && !c.is_alphanumeric());
    let joins =
        |at: usize| chars[at] == '\u{200D}' && at > 0 && is_picture(chars.get(at - 1)) && is_picture(chars.get(at + 1));
    let kept = (0..chars.len()).filter(|at| !is_hidden(chars[*at]) || joins(*at));
    kept.map(|at| chars[at]).collect()
}

/// How long the template token is that begins here, if one does.
fn token(chars: &[char]) -> Option<usize> {
    let named = |from: usize, close: &[char], names: &[&str]| {
        let name: String = chars[from..].iter().take(20).take_while(|c| !close.contains(c)).collect();
        let bare = name.trim_start_matches('/').to_ascii_lowercase();
        let length = name.chars().count();
        (names.contains(&bare.as_str()) && chars.get(from + length).is_some_and(|c| close.contains(c)))
            .then_some(from + length + 1)
    };
    match (chars.first()?, chars.get(1)) {
        // <|im_start|>, and DeepSeek's with full-width bars.
        ('<', Some('|' | '｜')) => Some(2),
        ('|' | '｜', Some('>')) => Some(2),
        ('<', Some('<')) => {
            named(2, &['>'], &["sys"]).map(|length| length + usize::from(chars.get(length) == Some(&'>')))
        }
        ('<', Some(_)) => named(1, &['>'], &ANGLED),
        ('[', Some(_)) => named(1, &[']'], &SQUARED),
        _ => None,
    }
}

fn widened(c: char) -> char {
    match c {
        '<' => '＜',
        '>' => '＞',
        '[' => '［',
        ']' => '］',
        '|' => '｜',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tokens_of_chat_templates_become_characters() {
        for (token, plain) in [
            ("<|im_end|>", "＜｜im_end｜＞"),
            ("<|im_start|>system", "＜｜im_start｜＞system"),
            ("[INST]", "［INST］"),
            ("[/INST]", "［/INST］"),
            ("<<SYS>>", "＜＜SYS＞＞"),
            ("<</SYS>>", "＜＜/SYS＞＞"),
            ("<s>", "＜s＞"),
            ("</s>", "＜/s＞"),
            ("<end_of_turn>", "＜end_of_turn＞"),
            ("</think>", "＜/think＞"),
            ("<｜end▁of▁sentence｜>", "＜｜end▁of▁sentence｜＞"),
        ] {
            assert_eq!(inert(&format!("返品{token}です")), format!("返品{plain}です"));
            assert!(is_inert(plain));
        }
    }

    #[test]
    fn words_and_pictures_stay_and_what_nobody_sees_goes() {
        for plain in ["3<5 と a[1]", "「<お願い>」", "[重要]", "👨‍👩‍👧と葛󠄀城", "ガ゙ッ", "<b>太字</b>"]
        {
            assert!(is_inert(plain), "{plain}: {}", inert(plain));
        }
        assert_eq!(inert("返\u{200B}品\u{202E}した\u{E0041}い\u{FEFF}"), "返品したい");
        assert_eq!(inert("<\u{200B}|im_end|>"), "＜｜im_end｜＞", "hidden characters do not hide a token");
    }

    proptest! {
        #[test]
        fn what_is_inert_stays_so(text in "(<|>|\\||\\[|\\]|/|s|INST|im_end|返品|\u{200B}|👩|\u{200D}|\\PC){0,30}") {
            let once = inert(&text);
            prop_assert_eq!(inert(&once), once.clone());
            prop_assert!(!once.contains("<|") && !once.contains("|>"));
        }
    }
}
