//! A soft word before a request or a refusal.

use super::{Setting, ToneRule, letter, refusal};
use crate::{
    domain::{Category, Near, NewFinding},
    tone::{Reading, pattern::pattern},
};

/// A request for work, or a refusal, without a cushion in its sentence or the one before.
pub(super) struct MissingCushion;

const CUSHIONS: &[&str] =
    &["恐れ入りますが", "お手数をおかけしますが", "お手数ですが", "あいにく", "よろしければ", "恐縮ですが"];

impl ToneRule for MissingCushion {
    fn category(&self) -> Category {
        Category::MissingCushion
    }

    fn explain(&self) -> &'static str {
        "A request for work, or a refusal, without a word that softens it."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        let near = setting.settings.require.as_ref().map(|require| require.near.as_slice()).unwrap_or_default();
        let looks_at = |kind: Near| near.is_empty() || near.contains(&kind);
        for at in 0..reading.sentences().len() {
            let words = reading.at(&reading.sentences()[at]);
            let asks = looks_at(Near::Request) && is_request(words);
            let declines = looks_at(Near::Refusal) && refusal::refuses(reading, at);
            if !asks && !declines {
                continue;
            }
            let before = at.checked_sub(1).map(|at| reading.at(&reading.sentences()[at]));
            let softened = [Some(words), before].into_iter().flatten().any(|near| is_soft(near, setting));
            let exempt = setting.settings.except.iter().any(|phrase| words.contains(phrase.as_str()));
            let clause = reading.last_clause(at);
            if !softened && !exempt && !reading.is_quoted(&clause) {
                let rewrite =
                    asks.then(|| format!("恐れ入りますが、{}", reading.original(&clause).of(reading.reply())));
                out.push(setting.at(reading, &clause, rewrite));
            }
        }
    }
}

/// A request that makes the customer work for us. Advice, invitations and what holds only in some case are none.
fn is_request(words: &str) -> bool {
    let work = pattern!(
        "(?:お知らせ|お送り|送って|ご返送|返送して|ご返信|返信して|お教え|教えて|お聞かせ|ご提出|提出して|ご記入|記入して|ご回答|回答して|撮影して|撮って|ご用意|お持ち|ご返却|返却して|ご連絡|連絡して|お申し出|お伝え)(?:ください|下さい|いただけますか|いただけますでしょうか|いただけませんか|(?:を)?お願い(?:します|いたします|できますか))"
    );
    let no_work = pattern!(
        "お気軽|いつでも|ご遠慮なく|何なりと|なんなりと|ましたら|でしたら|場合|の際|際は|ときは|時は|れば|たら|また|お待ち"
    );
    work.is_match(words) && !no_work.is_match(words)
}

/// The guide's cushions, and the others that the language has: a guide's list is never complete.
fn is_soft(words: &str, setting: &Setting) -> bool {
    setting.required(CUSHIONS).any(|cushion| letter::holds(words, cushion))
        || pattern!("恐れ入り|おそれいり|お手数|恐縮|あいにく|差し支えなければ|よろしければ|申し訳|ご面倒|勝手ながら|残念ながら|せっかく|ご足労|お忙しい|可能でしたら|もし|お詫び|心苦し|すみません|ごめん")
            .is_match(words)
}
