//! Words and turns of a chat between friends.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    tone::{Reading, pattern::pattern},
};

/// くだけすぎ: the guide's words, and slang that no shop writes.
pub(super) struct TooCasual;

impl ToneRule for TooCasual {
    fn category(&self) -> Category {
        Category::TooCasual
    }

    fn explain(&self) -> &'static str {
        "Slang, fillers and endings that belong to a chat between friends."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        for seen in setting.words.find(reading) {
            let word = reading.at(&seen.range);
            let before = &reading.text()[..seen.range.start];
            let behind = reading.text()[seen.range.end..].chars().next();
            if reading.speaks(&seen.range)
                && !reading.repeats_customer(&seen.range)
                && !is_part_of_a_word(word, before, behind)
            {
                out.push(setting.word(reading, &seen));
            }
        }
        let slang = pattern!(
            "めちゃくちゃ|めちゃ|まじ(?:で|すか|です)|マジ(?:で|すか|です)?|ヤバ|やばい|やばく|ぶっちゃけ|てゆーか|っていうか|ガチで|じゃん(?:[。!ね~])|",
            "(?:だよね|だよ|だね|でしょ)(?:[。!~ー?]|$)|(?:^|[。、\n])(?:えっと|えーと|ええと|あのー|うーん|んー|てか|でね)[、。]"
        );
        for range in reading.find(slang) {
            let text = reading.at(&range);
            let start = range.start + text.len() - text.trim_start_matches(['。', '、', '\n']).len();
            let end = range.end - (text.len() - text.trim_end_matches(['。', '!', '~', '?', 'ー']).len());
            let seen = start..end;
            if !setting.allows(reading, &seen)
                && !out.iter().any(|f| {
                    f.category == Category::TooCasual && f.span.is_some_and(|s| s.overlaps(reading.original(&seen)))
                })
            {
                out.push(setting.at(reading, &seen, None));
            }
        }
    }
}

/// 「赤ちゃんと」 is a child and a particle, 「いっすん」 no slang: a kana word may be cut out of others.
fn is_part_of_a_word(word: &str, before: &str, behind: Option<char>) -> bool {
    let last = before.chars().next_back();
    match word {
        "ちゃんと" => last.is_some_and(|c| "赤坊兄姉嬢婆爺娘孫猫犬子あいえうお".contains(c)),
        "っす" => behind.is_some_and(|c| !"。、!?~ねよかわけしが」)\n笑w".contains(c)),
        _ => false,
    }
}
