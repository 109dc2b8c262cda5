//! 「送らさせて」: a さ that a five-grade verb does not take.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    language::pattern::pattern,
    tone::Reading,
};

/// さ入れ言葉.
pub(super) struct SaIre;

impl ToneRule for SaIre {
    fn category(&self) -> Category {
        Category::SaIre
    }

    fn explain(&self) -> &'static str {
        "A five-grade verb with させる where せる is enough."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        // The shape of a five-grade verb and させる; す-verbs have it by right (活かさせて, 減らさせて), and a particle before
        // させて is no verb (弊社からさせて, 何かさせて).
        let verbs = pattern!(
            "(?:\\p{Han}[らまかわたばながさ]|[うかとつやしのかきくすちぬむれ][らわ]|[くめすかつぬの]ま|[いきくつでひ]か|つなが|いそが|およが)させ(?:て|る|ます|まし|た|な|よ)"
        );
        let by_right = pattern!(
            "(?:[活生動沸溶乾驚輝明負散甘脅冷]か|[済冷覚励悩騙澄醒紛和]ま|[減照散濡鳴荒漏垂晴暮巡揺滑膨凝逸枯反切慣焦懲]ら|[交表現]わ|[飛及滅喜]ば|何か|誰か|から|[彼我僕俺]ら|(?:[一-龥]|様|者|方)が|より)させ"
        );
        for range in reading.find(verbs) {
            if setting.allows(reading, &range)
                || by_right.is_match(reading.at(&range))
                    && !reading.at(&range).starts_with(['急', '泳', '繋', '脱', '注', '防'])
            {
                continue;
            }
            let mended = reading.at(&range).replacen("させ", "せ", 1);
            out.push(setting.at(reading, &range, Some(mended)));
        }
    }
}
