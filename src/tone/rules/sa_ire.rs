//! 「送らさせて」: a さ that a five-grade verb does not take.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    tone::{Reading, pattern::pattern},
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
        // A list and not a shape: 活かさせて and 動かさせて are right (活かす, 動かす), and 弊社からさせて is no verb.
        let verbs = pattern!(
            "(?:(?:読|飲|頼|組|積|挟|休|申し込|取り込|楽し|包|進|住|踏|励|望|込)ま|",
            "(?:送|帰|取|作|承|預か|配|切|売|入|参|断|終わ|代わ|関わ|加わ|上が|下が|乗|座|祈|語|守|贈|貼|張|走|登|図|測|計|謝|受け取|受取|引き取|お?見送|や|取りかか|携わ|至|しぼ|絞)ら|",
            "(?:行|書|聞|置|引|開|働|歩|描|抜|付|履|拭|磨|除|いただ|頂|戴|招|続|弾|泣|省)か|",
            "(?:使|伺|言|会|買|支払|払|取り扱|扱|願|行|手伝|誘|習|問|追|救|向か|歌|洗|もら|貰|うかが|行な|おこな|見舞|添)わ|",
            "(?:打|待|持|立|勝|経|断)た|(?:選|運|呼|学|並|結|遊|及)ば|(?:急|泳|脱|注|繋|つな|防)が)させ(?:て|る|ます|まし|た|な|よ)"
        );
        for range in reading.find(verbs) {
            if setting.allows(reading, &range) {
                continue;
            }
            let mended = reading.at(&range).replacen("させ", "せ", 1);
            out.push(setting.at(reading, &range, Some(mended)));
        }
    }
}
