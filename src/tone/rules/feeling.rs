//! Feelings that the customer wrote of and the reply passes over.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    language::pattern::pattern,
    tone::Reading,
};

/// A stated feeling that no sentence receives.
pub(super) struct MissingEmpathy;

impl ToneRule for MissingEmpathy {
    fn category(&self) -> Category {
        Category::MissingEmpathy
    }

    fn explain(&self) -> &'static str {
        "The customer wrote of sadness, fear or worry, of their skin or of a present gone wrong, and no sentence receives it."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        if !reading.asked.feeling {
            return;
        }
        let own = setting.required(&[]).next().is_some();
        let received = reading.sentences().iter().any(|sentence| {
            let words = reading.at(sentence);
            if own { setting.required(&[]).any(|wanted| super::letter::holds(words, wanted)) } else { receives(words) }
        });
        if !received {
            out.push(setting.whole());
        }
    }
}

/// Names the feeling, or what the thing meant to the customer. An apology alone receives nothing: it speaks of us.
fn receives(words: &str) -> bool {
    pattern!(
        "気持ち|お気を|お心|ご(?:不安|心配|心痛|心労|落胆|立腹|不快|不信|懸念|憂慮|事情)(?:な|の|に|を|で|か|だ|はご|は、ご|と|も)|不安(?:な|に|で|を|だ|も)|心配(?:な|に|で|を|だ|です|も)|お?つら|お?辛|悲し|残念|がっかり|悔し|くやし|さぞ|お察し|いかばかり|心待ち|心苦し|楽しみに(?:して|お待ち|されて|なさって)|待ちに待|せっかく|大切な|大事な|胸が|胸を|驚か|お?困り|怖|こわ|心細|もどかし|気がかり|気になり?ますよね|気をも|気が気|不快な思い|嫌な思い|いやな思い|思いを(?:させ|おかけ|され)|ごもっとも|もっともで|当然(?:の|で)|無理も|お疲れ|気疲れ|お恥ずかし|焦(?:り|って|られ)|迷い?(?:ますよね|ます)|ですよね|ますよね|ましたよね|ませんよね|喜んで|お喜び|うれしい|嬉しい|お祝い|おめでとう|門出|節目|緊張|ご案じ|案じ|痛々し|お大事に|お見舞い|ひりひり|ヒリヒリ"
    )
    .is_match(words)
}
