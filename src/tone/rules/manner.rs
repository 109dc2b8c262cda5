//! A soft word before a request or a refusal.

use super::{Setting, ToneRule, letter, refusal};
use crate::{
    domain::{Category, Near, NewFinding},
    language::pattern::pattern,
    tone::Reading,
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
            let asks = looks_at(Near::Request) && is_request(reading.at(&reading.bare(at)), reading.asked.wants_advice);
            let refused = refusal::refusal(reading, at).filter(|_| looks_at(Near::Refusal));
            if !asks && refused.is_none() {
                continue;
            }
            let before = at.checked_sub(1).map(|at| reading.at(&reading.sentences()[at]));
            let softened = [Some(words), before].into_iter().flatten().any(|near| is_soft(near, setting));
            let exempt = setting.settings.except.iter().any(|phrase| words.contains(phrase.as_str()));
            let clause = match &refused {
                Some(refused) if !asks => reading.clause_around(at, refused),
                _ => reading.last_clause(at),
            };
            if !softened && !exempt && !reading.is_quoted(&clause) {
                let rewrite =
                    asks.then(|| format!("恐れ入りますが、{}", reading.original(&clause).of(reading.reply())));
                out.push(setting.at(reading, &clause, rewrite));
            }
        }
    }
}

/// A request that makes the customer work for us. Advice, invitations and what holds only in some case are none.
fn is_request(words: &str, advises: bool) -> bool {
    let work = pattern!(
        "(?:お知らせ|お送り|送って|ご返送|返送して|ご返信|返信して|お教え|教えて|お聞かせ|ご提出|提出して|ご記入|記入して|ご回答|回答して|撮影して|撮って|ご用意|お持ち|ご返却|返却して|ご連絡|連絡して|お申し出|お伝え|渡して|返して|お渡し|差し出して|貼って|申請して|送信して|お書き添え|書き添えて|お書きになって|お申し込み|お送り返し|ご署名|お差し替え|お書き換え|ご返金先|お受け取り|受け取って|お取り置き|見に行って)",
        "(?:(?:ください|下さい)(?:$|[^ま]|ませ)|いただけますか|いただけますでしょうか|いただけませんか|いただけますと|もらえますか|願います|(?:を)?お願い(?:します|いたします|できますか|申し上げます))"
    );
    // Any other step: a customer who asked how is advised, and everybody else is asked to take it.
    let step = pattern!(
        "(?:[てで](?:おいて)?|[ぁ-ん一-龥])(?:ください|下さい|くださいませ|くださいね)$|(?:を|の)お願い(?:します|いたします|申し上げます)$|願います$"
    );
    let advice = pattern!(
        "お待ち|ご覧|お使い|ご使用|使って|ご利用|お試し|試して|召し上がり|過ごし|お選び|お気をつけ|気をつけて|ご注意|お控え|控えて|お休み|休め|休んで|相談|受診|洗|すす|塗|なじませ|飲|拭|乾か|避けて|お求め|お役立て|お受け取り|お納め|任せ|よろしくお願い|ご確認のうえ|お越し|お立ち寄り|見てみて|楽しみ|無理|気になさ|気にし|大切に|ご検討|みてくださ|つけて|付けて|吸いと|こす|含みおき|のばし|伸ばし|温め|冷やし|置いて|保管|待って|お目通し|お進み|お手入れ|かまわ|ご活用|お抜き|お切り"
    );
    let words = &*pattern!("[0-9]+(?:日|時)(?:に|を)(?:なり|過ぎ)(?:まし)?たら").replace_all(words, "");
    let no_work = pattern!(
        "お気軽|いつでも|ご遠慮なく|何なりと|なんなりと|何でも|なんでも|ましたら|でしたら|場合|の際|際は|ときは|時は|れば|(?:[^いか]|てい)たら|また、|お待ち|お体|お身体|お大事|ご自愛|ぜひ|ご安心|ご了承|ご承知|お楽しみ"
    );
    // A warning asks nothing for us.
    let warns = pattern!("おそれ|恐れが|危険|危ない|けが|怪我|やけど|火傷|感電|発火|誤飲|安全のため|窒息");
    !no_work.is_match(words)
        && !warns.is_match(words)
        && (work.is_match(words) || !advises && step.is_match(words) && !advice.is_match(words))
}

/// The guide's cushions, and the others that the language has: a guide's list is never complete.
fn is_soft(words: &str, setting: &Setting) -> bool {
    setting.required(CUSHIONS).any(|cushion| letter::holds(words, cushion))
        || pattern!("恐れ入り|おそれいり|お手数|恐縮|あいにく|差し支えなければ|よろしければ|申し訳(?:ござい|あり)?(?:ません|ない)[^。]{0,4}が|ご面倒|勝手ながら|残念ながら|せっかく|ご足労|お忙しい|可能でしたら|もし|心苦し|すみませんが")
            .is_match(words)
}
