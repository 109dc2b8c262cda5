//! Promises and claims that go too far: 必ず, 絶対, 治ります.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    language::pattern::pattern,
    tone::{Reading, words::Seen},
};

/// 断定: our own promise with 必ず, 絶対, 100%.
pub(super) struct Overpromise;
/// Effects, superlatives and recommendations that the law forbids to claim.
pub(super) struct LegalClaim;

impl ToneRule for Overpromise {
    fn category(&self) -> Category {
        Category::Overpromise
    }

    fn explain(&self) -> &'static str {
        "A promise of ours in absolute words; requests and cautions to the customer are none."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        for seen in setting.words.find(reading) {
            let rest = reading.rest_of_sentence(seen.range.end);
            let asks = pattern!("ください|下さい|お願い|くださいませ|いただけ(?:ます|ません)(?:でしょう)?か|ご覧いただ|か(?:どうか)?を(?:ご|お)|お控え|ご遠慮|必要(?:が|です|で)|ご確認の(?:うえ|上)|ご相談|よう(?:に)?お|べき").is_match(rest);
            let denies = pattern!("(?:わけで|とは限|お約束|保証|断言|言い切|とは言|とはいえ|ものでは)[^。]{0,12}(?:ない|ません|かね)|限りません").is_match(rest);
            let asks = asks && !pattern!("お任せ|ご安心").is_match(rest);
            let told = pattern!("^[^。、]{0,40}(?:ました|でした|ております)(?:。|が|ので|$)").is_match(rest);
            let by_hand = pattern!("^(?:に)?[^。、]{0,6}(?:差し込|固定|閉め|締め|押し|押さえ|はめ|はま|止め|取り付け|装着|接続|回し|倒|奥まで|入れ|拭|乾か|洗|すすぎ|落と|切り|抜)").is_match(rest);
            let aims = pattern!("^に?[^。、]{0,14}(?:ために|ため、|たい場合|には、)").is_match(rest);
            if own(reading, &seen) && !asks && !denies && !aims && !told && !by_hand {
                let mut found = setting.word(reading, &seen);
                // An adverb before its verb can be left out; 「二度と」 carries the negation and cannot.
                if found.rewrite.is_none() && matches!(reading.at(&seen.range), "必ず" | "確実に" | "間違いなく")
                {
                    found.rewrite = Some(String::new());
                }
                out.push(found);
            }
        }
        // Other words for 絶対 that no list is complete without, and promises for all time.
        let for_ever = pattern!(
            "金輪際[^。]{0,20}|断じて[^。]{0,20}|万(?:が一|に一つ)(?:に)?も[^。]{0,14}(?:ません|ない)|(?:100|百)パーセント[^。]{0,16}|必ずや[^。]{0,14}|(?:今後|これから)(?:は)?[^。]{0,20}(?:一切|いっさい|もう二度と)[^。]{0,14}(?:ません|ない)[^。]{0,10}|(?:神に)?誓って|何があっても[^。]{0,20}(?:ます|ません)|(?:お約束|保証)(?:を)?(?:いたし|し|差し上げ)ます"
        );
        for range in reading.find(for_ever) {
            setting.beside_words(reading, &range, out);
        }
    }
}

impl ToneRule for LegalClaim {
    fn category(&self) -> Category {
        Category::LegalClaim
    }

    fn explain(&self) -> &'static str {
        "An effect, a superlative, a recommendation or a safety that may not be claimed; a warning for a person to judge."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        for seen in setting.words.find(reading) {
            if own(reading, &seen) && !is_denied(reading, seen.range.end) && !is_of_cloth(reading, &seen.range) {
                out.push(setting.word(reading, &seen));
            }
        }
        let effect = pattern!(
            "(?:腰|肩|首|膝|ひざ|頭|背中|関節)の(?:痛み|こり|張り|ハリ|重さ)[がをはも][^。、\n]{0,8}(?:解消|治|取れ|なくな|消え|改善|和らぎ)[ぁ-ん]{0,4}|(?:ゆがみ|血行|代謝|免疫力?|自律神経|視力|リンパ)[がをも][^。、\n]{0,8}(?:整い|整え|改善|上がり|高ま|良くな|促進|回復|アップ)[ぁ-ん]{0,3}|(?:ウイルス|ウィルス|ばい菌|細菌|菌|ダニ|花粉)[がをもは][^。、\n]{0,12}(?:消し去|死滅|完全に|全滅|寄せ付けま|撃退|ゼロに)[ぁ-ん]{0,3}|(?:病気|風邪|インフルエンザ|感染症?|がん)[にをが][^。、\n]{0,8}(?:かから(?:な|ず)|防ぎます|防げ|予防でき|治)[ぁ-ん]{0,5}|(?:黒ずみ|シミ|シワ|毛穴|くすみ)(?:が)?ゼロ|(?:ほうれい線|フェイスライン|頬|まぶた|たるみ)[がを][^。、\n]{0,10}(?:持ち上が|引き上げ|リフトアップ|上がり)[ぁ-ん]{0,3}|トラブルは?(?:一切)?(?:起こり|起き)ません|(?:シワ|しわ|シミ|しみ|そばかす|ニキビ|にきび|くすみ|たるみ|毛穴|アトピー|アレルギー|湿疹|肌荒れ|赤み|かゆみ|ほうれい線|クマ|腰痛|肩こり|肩の(?:こり|痛み)|腰の痛み|頭痛|眼精疲労|疲れ目|不眠|冷え性?|むくみ|花粉症|脂肪)[がをはもの]?[^。、\n]{0,10}?(?:消え|消し|消せ|なくな|無くな|治り|治る|治せ|治し|完治|解消され|解消し|改善され|改善し|目立たなく|薄くな|撃退|取れ(?:ます|る)|防げ|燃焼)[ぁ-ん]{0,4}|(?:黒ずみ|くま|小じわ|むくみ|疲れ|こり|痛み)[がをはも][^。、\n]{0,8}(?:なくな|消え|取れ(?:ます|る)|解消(?:し|する|され)|治)[ぁ-ん]{0,3}|根本から(?:解消|改善|治)[ぁ-ん]{0,2}|",
            "(?:[一-龥ぁ-ん]{1,4}科医?|医師|医者|専門医|薬剤師|ドクター|獣医|専門家|大学教授|看護師)の?(?:先生|医師)?(?:方|たち)?[がもにの]?[^。、\n]{0,6}(?:推奨|推薦|お墨付き|太鼓判|(?:お)?(?:すすめ|勧め|薦め)(?:て|ら)|認め)|(?:誰|だれ|どなた|どんな(?:肌|方|お肌)|赤ちゃん|妊娠中の方|敏感肌の方|アトピーの方|アレルギーの方)[にでがもは][^。、\n]{0,8}(?:安心|安全|無害|荒れません|かぶれません|刺激(?:は|が)ありません|100%)[ぁ-ん]{0,3}|(?:完全|全く|まったく|100%|絶対に?|完璧に)(?:無害|安全|安心|無添加)|副作用(?:は|が|も|の心配は)?、?(?:一切|全く|まったく)?(?:ありません|ございません|なく|ゼロ|(?:の)?ない)|",
            "(?:妊娠中|授乳中|赤ちゃん|乳幼児|お子(?:様|さま)|敏感肌|アトピー|アレルギー)[^。\n]{0,20}(?:影響は(?:あり|ござい)ません|心配(?:は)?(?:いり|あり|ござい)ません|問題(?:は)?(?:あり|ござい)ません|大丈夫です)|(?:細胞|肌)が生まれ変わ[ぁ-ん]{0,3}|[0-9]+年前の肌[ぁ-ん]{0,4}|最も(?:売れて|選ばれて|安い|優れ)[ぁ-ん]{0,3}|寿命(?:が|を|まで)[^。、\n]{0,4}(?:延び|延ば)[ぁ-ん]{0,2}|(?:世界|日本|業界|国内|地域|県内|史上)(?:で)?(?:一(?:の|番|です|位)|初|最(?:高|安|大|強|速|小|軽)|no\\.?1|トップ|随一|唯一)|どこよりも(?:安|早|速|優)|右に出る(?:者|もの)|万病|(?:確実に|必ず|絶対に?)(?:痩せ|やせ|若返|効き|効く|治り)[ぁ-ん]{0,3}|[0-9]+歳(?:は|も|ほど|くらい)?(?:若|若く|若返)[ぁ-ん]{0,4}|若返(?:り|る|っ)[ぁ-ん]{0,3}|(?:細胞|肌細胞|遺伝子|dna|ホルモン)[をがの][^。、\n]{0,6}(?:再生|修復|活性|よみがえ)[ぁ-ん]{0,4}|デトックス|(?:ウイルス|細菌|菌)(?:を|が)(?:100%|完全に|すべて)[^。、\n]{0,4}(?:除去|死滅|殺菌|消え)|",
            "(?:国内|世界|業界|県内|地域|どこ)(?:で|の中で|より)も?(?:最も|もっとも|一番|いちばん)(?:お?安|早|速|優れ|強|軽|大き)[ぁ-ん]{0,3}|(?:どなた|誰|だれ)が(?:お?使って|使われて|お使いになって)も[^。、\n]{0,10}(?:ません|大丈夫|安心|安全)|(?:お?肌|お?体|からだ)に(?:負担|刺激)(?:を|が)[^。、\n]{0,6}(?:かけることは|かかることは|与えることは)?(?:ありません|ございません|かけません|かかりません|与えません)|目に見えて(?:薄く|白く|細く|減っ|減り|消え|引き締ま|若)[ぁ-ん]{0,5}|(?:クリニック|皮膚科|医療機関|病院|医師|専門医|先生方)[^。、\n]{0,10}(?:選ばれ|採用され|愛用され|支持され)[ぁ-ん]{0,4}|(?:お?肌|お?体|からだ|髪|頭皮|目)への(?:負担|刺激)(?:は|が|も)?、?(?:一切|全く|まったく|ほぼ)?(?:ありません|ございません|ゼロ|なし)|(?:しわ|シワ|小じわ|ほうれい線|毛穴|たるみ|そばかす|シミ)(?:まで|が|も|は)[^。、\n]{0,8}(?:平ら|すべすべ|つるつる|ピンと|なかったかのよう)[ぁ-ん]{0,4}"
        );
        for range in reading.find(effect) {
            if !is_denied(reading, range.end) && !is_of_cloth(reading, &range) {
                setting.beside_words(reading, &range, out);
            }
        }
    }
}

fn own(reading: &Reading, seen: &Seen<'_>) -> bool {
    reading.speaks(&seen.range) && !reading.is_quoted(&seen.range) && !reading.is_link(&seen.range)
}

/// A stain of a shirt is no claim about skin.
fn is_of_cloth(reading: &Reading, range: &std::ops::Range<usize>) -> bool {
    let sentence = reading.sentence_at(range.start).map_or("", |at| reading.at(&reading.sentences()[at]));
    pattern!("布|シャツ|衣類|服|カーペット|シーツ|タオル|洗濯|生地|カバー|壁|床|机|テーブル|ポーチ|バッグ")
        .is_match(sentence)
}

/// 「シミが消えるという働きはございません」 denies the effect. A question and a condition claim none.
fn is_denied(reading: &Reading, end: usize) -> bool {
    // What is denied stands in the same clause, or is named and then denied.
    let rest = reading.rest_of_sentence(end);
    let clause = rest.split('、').next().unwrap_or_default();
    let named = pattern!("(?:という|といった|もので|わけで|ことを?|はたらき|働き|効果|作用)[^。]{0,30}(?:ません|ない)");
    named.is_match(rest) ||
    pattern!("ません|な[いく]|わけで|ものでは|とは限|保証|うた(?:う|って)|謳|^[ぁ-ん]{0,4}か(?:[?。、]|と|$)|^(?:る|り)?(?:まで|前)|^(?:という)?(?:表現|表示|広告|お問い)").is_match(clause)
}
