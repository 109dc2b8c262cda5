//! Words and turns of a chat between friends.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    language::pattern::pattern,
    tone::Reading,
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
            if reading.speaks(&seen.range) && !reading.repeats_customer(&seen.range) {
                out.push(setting.word(reading, &seen));
            }
        }
        // Contractions first (しちゃう, しとく), then slang, endings and interjections of friends.
        let slang = pattern!(
            "[しっいえけせてねめれげべきみりぎじびにょ]ちゃ(?:い(?:ます|まし|そう)|う|った|って|え(?:ば|ます))|[んい]じゃ(?:い(?:ます|まし)|う(?:の|と|こと)|った|って)|じゃ(?:ない|あり|なく)(?:です|ません|て|い)?|",
            "(?:し|っ|れ|え|べ|見|け|せ|め)と(?:きます|きました|きますね|けば)|(?:し|っ|れ|え|べ|見|け|せ|め)といて(?:ください|ね)|",
            "めちゃくちゃ|めちゃ|(?:^|[^一-龥ァ-ヶ])(?:まじ|マジ)(?:で|すか|です|に)|ヤバ|やばい|やばく|ぶっちゃけ|てゆーか|っていうか|ガチ(?:で|の|な)|じゃん(?:[。!ね~])|(?:ぜんぜん|全然)、?(?:オッケー|おっけー|ok|大丈夫|平気|いけ|いい|間に合|余裕|あり(?:です|だ))|オッケー|おっけー|(?:けっこう|結構|すごく|すごい|なかなか)?いい感じ|",
            "す(?:っ|ん)ご[くい]|すごい(?:[一-龥]{1,3}(?:い|く|です|し)|人気|便利|きれい|楽)|超(?:おすすめ|便利|人気|簡単|かわいい|うれし|嬉し|お得|助か|いい)|ポチ[ッっりる]|サクッと|さくっと|バッチリ|ばっちり|ちょこっと|ちょい(?:と|足|安|早)|ちょっぴり|やっぱ(?:り|[、。])|[^てで]みたい(?:です|で、|な(?:の|感じ))|とりま(?:、|[\\p{Han}ァ-ヴ]|$)|なる早|ガッツリ|がっつり|バタバタ|ドタバタ|激推し|あざす|だし、(?:[^。]{0,20})タダ|タダ(?:で|です|に)|ワンチャン|エモい|エグい|神対応|鬼リピ|[^0-9]秒で(?:届|終|でき)|ウケ[るま]|イケて|",
            "[るたいの]っぽい(?:です|。|の)|って感じ|みたいな感じ|かもです|(?:[^た]る|た|い|な)んで、|(?:こっち|そっち|あっち|どっち)(?:[はがのでにをも]|でも)|(?:[いたる]|あの|この|その)やつ[をがはもで、。]|ほんとに|ほんと、|ちっちゃ|でっか|おっき|めんど(?:い|くさ|う(?:です|な))|",
            "(?:だよね|だよ|だね|でしょ)(?:[。!~ー?]|$)|[^すまら][てで]ね(?:[。!~]|$)|ありがとう(?:ね)?(?:[。!~♪]|$)|(?:よろしく|また)ね(?:[。!~♪]|$)|(?:^|[。、\n])(?:えっと|えーと|ええと|あのー|うーん|んー|てか|でね|うん|はーい|やったー|そんで|んで|だけど|ていうか)[、。!]"
        );
        for range in reading.find(slang) {
            let text = reading.at(&range);
            let start = range.start + text.len() - text.trim_start_matches(['。', '、', '\n']).len();
            let end = range.end - (text.len() - text.trim_end_matches(['。', '!', '~', '?', 'ー']).len());
            let seen = start..end;
            setting.beside_words(reading, &seen, out);
        }
    }
}
