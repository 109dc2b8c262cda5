//! だ・である in a letter of です・ます.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    language::pattern::pattern,
    tone::Reading,
};

/// A plain predicate at the end of a sentence of a polite reply.
pub(super) struct PlainForm;

/// Plain endings and their polite forms, longest first.
const POLITE: &[(&str, &str)] = &[
    ("ではない", "ではありません"),
    ("であった", "でした"),
    ("である", "です"),
    ("だった", "でした"),
    ("られない", "られません"),
    ("できない", "できません"),
    ("れない", "れません"),
    ("えない", "えません"),
    ("していない", "していません"),
    ("いない", "いません"),
    ("がない", "がありません"),
    ("はない", "はありません"),
    ("もない", "もありません"),
    ("ている", "ています"),
    ("ていた", "ていました"),
    ("がある", "があります"),
    ("もある", "もあります"),
    ("はある", "はあります"),
    ("になる", "になります"),
    ("になった", "になりました"),
    ("となる", "となります"),
    ("できる", "できます"),
    ("できた", "できました"),
    ("られる", "られます"),
    ("された", "されました"),
    ("される", "されます"),
    ("する", "します"),
    ("した", "しました"),
    ("だ", "です"),
];

impl ToneRule for PlainForm {
    fn category(&self) -> Category {
        Category::PlainForm
    }

    fn explain(&self) -> &'static str {
        "A sentence that ends in だ, である or a plain verb among です・ます."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        for at in 0..reading.sentences().len() {
            let sentence = reading.sentences()[at].clone();
            let (whole, bare) = (reading.at(&sentence), reading.bare(at));
            let words = reading.at(&bare);
            // A line without a full stop is a heading, a list item, or wrapped.
            let closed = whole.contains('。') && whole[words.len()..].contains('。');
            if !closed || whole.starts_with(['・', '-', '*', '•', '(', '■', '●', '◆']) || !is_plain(words) {
                continue;
            }
            let range = predicate(words, bare.start);
            if !reading.is_quoted(&range) && !setting.allows(reading, &range) {
                let polite = polite(reading.at(&range));
                out.push(setting.at(reading, &range, polite));
            }
        }
    }
}

/// Whether the words end in a plain predicate. Endings are listed where a noun could end alike.
fn is_plain(words: &str) -> bool {
    let polite = pattern!(
        "(?:ます|ました|です|でした|ません|ましょう|でしょう|ください|下さい|ませ|なさい|あなた|また|かた|うた|まだ|ただ|いまだ|甚だ|ひとまず|まる)$"
    );
    let plain = pattern!(
        "(?:[^まし]だ|[ぁ-ん一-龥]る|[いしっれえけせてべめりきちぎじびみに][た]|[ん]だ|であろう|だろう|[いはがもでれえけせてべめらわかさたばまなじきげみえ]ない|",
        "(?:て|し|り)たい|(?:よ|良|多|高|安|早|遅|少な|長|短|古|強|弱)い|[らしき]しい|難しい|新しい|大きい|小さい|",
        "(?:届|行|い|お|置|続|いただ|頂)く|(?:思|い|行|使|伺|願|もら)う|(?:示|返|戻|出|渡|致|いた|申|越)す|(?:済|望|頼|進)む)$"
    );
    plain.is_match(words) && !polite.is_match(words)
}

/// The last phrase: what stands behind the last particle or comma.
fn predicate(words: &str, offset: usize) -> std::ops::Range<usize> {
    let tail = pattern!("[、をはがにもへ](?P<last>[^、をはがにもへ]{2,})$");
    let start = tail.captures(words).and_then(|found| found.name("last")).map_or(0, |last| last.start());
    offset + start..offset + words.len()
}

fn polite(words: &str) -> Option<String> {
    POLITE.iter().find_map(|(plain, polite)| words.strip_suffix(plain).map(|head| format!("{head}{polite}")))
}
