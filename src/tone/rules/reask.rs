//! Asking again for what the inquiry says.

use std::sync::LazyLock;

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    language::pattern::{Pattern, pattern},
    tone::{Reading, reading::Asked},
};

/// A question whose answer stands in the inquiry.
pub(super) struct ReaskKnownInfo;

/// What can be asked for: how a reply names it, and whether the inquiry gave it.
struct Slot {
    named: &'static Pattern,
    is_given: fn(&Asked) -> bool,
}

impl ToneRule for ReaskKnownInfo {
    fn category(&self) -> Category {
        Category::ReaskKnownInfo
    }

    fn explain(&self) -> &'static str {
        "A question for something that the inquiry already says: its number, a day, an address, a state."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        let asks = pattern!(
            "(?:お知らせ|お教え|教えて|お聞かせ|聞かせて|ご記入|記入して|ご連絡|連絡して|ご返信|返信して|お返事|ご返事|お書き添え|書き添えて|添えて|お送り|送って|いただけますか|申して|お控え|お伝え|伝えて|ご提示|ご回答|ご申告|お申し出)[^。、?\n]{0,8}(?:ください|下さい|くださ(?:い?ますと|ると)|いただけ|いただき(?:たい|たく)|頂け|お願い|もらえ|願え|ませんか|幸い|でしょうか)|を?いただけますか|お知らせくださいますか|お教えくださいますか|お見せ|見て(?:から|いただ)|",
            "(?:でしょうか|ですか|ますか|ましたか|ませんか|るか|たか)[。?\n]?$|(?:伺え|伺って|お伺いし|お尋ねし|うかがえ)[^。\n]{0,10}(?:か|たく|たい|幸い|ます)"
        );
        for at in 0..reading.sentences().len() {
            let bare = reading.bare(at);
            let words = reading.at(&bare);
            if asks.is_match(words)
                && !is_thanked(words)
                && !is_choice(words, at.checked_sub(1).map_or("", |before| reading.at(&reading.sentences()[before])))
                && reading.is_own(&bare)
                && !is_conditional(words)
                && SLOTS.iter().any(|slot| slot.is_asked_in(words) && (slot.is_given)(&reading.asked))
            {
                out.push(setting.at(reading, &bare, None));
            }
        }
    }
}

/// 「さくら貝」か「しらつゆ」, just offered: which of them nobody said yet.
fn is_choice(words: &str, before: &str) -> bool {
    pattern!("どちら|いずれ|どれ").is_match(words)
        && pattern!("」(?:か|と|または|もしくは|、)「|[0-9一-龥ァ-ヶ)](?:か|または|もしくは)[^。]{1,24}(?:から|で|に|より|を)[^。]{0,10}(?:選べ|お選び|交換|ご用意|お送り)").is_match(before)
}

/// 「お送りくださいましたこと、御礼申し上げます」 speaks of what came.
fn is_thanked(words: &str) -> bool {
    pattern!("(?:くださ(?:い?まし|っ)た|くださり|いただ(?:きまし|い)た)[^。\n]{0,24}(?:ありがとう|御礼|お礼|感謝|うれし|嬉し)")
        .is_match(words)
}

/// Asked for another case, or only if something is so; what is repeated to be confirmed is not asked again.
fn is_conditional(words: &str) -> bool {
    pattern!("(?:ございましたら|ありましたら|でしたら|場合(?:は|に|、)|際は|ときは|時は|ご不明|ほかに|他に|以外|次回|今後|でよろしい|で間違い|で相違|とのことで(?:す|しょう)|でお間違い)").is_match(words)
}

impl Slot {
    fn is_asked_in(&self, words: &str) -> bool {
        self.named.is_match(words)
    }
}

static SLOTS: LazyLock<Vec<Slot>> = LazyLock::new(|| {
    let slot = |named, is_given| Slot { named, is_given };
    vec![
        slot(pattern!("注文の?番号|受注番号|オーダー番号|ご注文ナンバー|受付番号"), |asked| {
            asked.given().order_number.is_some() || asked.says(pattern!("番号(?:は|が|:|、)?\\s*[a-z]{0,4}-?[0-9]{3,}"))
        }),
        slot(
            pattern!(
                "(?:ご?希望|ご?指定)の?(?:お?届け|配達|お?受け取り|到着|納品|訪問)?の?(?:お?日(?:にち|時|付|程)?|予定日)|お?届け(?:予定)?の?(?:ご?希望)?の?(?:予定)?(?:日|お日にち)|納品(?:希望)?日|いつ(?:まで|ごろ|頃)?に?(?:お届け|ご入り?用|ご?必要|ご?希望)|ご入り?用の(?:日|時期)"
            ),
            |asked| {
                asked.says(pattern!("[0-9]+(?:月[0-9]+日|/[0-9]+|日)(?:\\([^)]\\))?(?:の?(?:午前|午後|朝|夕方|夜|[0-9]+時)[^。、\n]{0,6})?(?:に|まで|着|必着|希望|指定|ごろ|頃|の|で)[^。\n]{0,14}(?:届|着|希望|指定|お願い|使|必要|欲し|ほし|配達|送|納品|受け取)|[0-9]+(?:月[0-9]+日|/[0-9]+|日)(?:\\([^)]\\))?(?:午前|午後)?(?:着|必着|希望|指定)|希望日?は?[^。\n]{0,4}[0-9]"))
            },
        ),
        slot(
            pattern!(
                "(?:ご?注文|ご?購入|お買い上げ|お求め)の?(?:日(?:にち|時|付)?|時期|年月日)(?:$|[をがは、とや])|いつ(?:ごろ|頃)?(?:ご?注文|ご?購入|お買い|お求め)"
            ),
            |asked| {
                asked.says(pattern!("(?:[0-9]+(?:月[0-9]+日|/[0-9]+|日)|昨日|今朝|一昨日|おととい|先週[^。、\n]{0,4}|今日|先日の[0-9]+日)(?:\\([^)]\\))?(?:に|の[^。\n]{0,4})?[^。\n]{0,14}(?:注文|購入|買|頼|申し?込)"))
            },
        ),
        slot(
            pattern!(
                "(?:お?届い|到着|到着し|お?受け取)(?:た|りの|りになった|られた)?の?(?:日|時期)|いつ(?:ごろ|頃)?(?:届|お受け取り|到着)"
            ),
            |asked| {
                asked.says(pattern!("(?:[0-9]+(?:月[0-9]+日|/[0-9]+|日)|昨日|今朝|一昨日|おととい|先週|今日|さっき|本日)(?:\\([^)]\\))?(?:に|の[^。\n]{0,4})?[^。\n]{0,14}(?:届|着|受け取)"))
            },
        ),
        slot(
            pattern!(
                "(?:いつ(?:ごろ|頃)?から|いつ(?:ごろ|頃)|何日(?:ごろ|頃)?)[^。\n]{0,12}(?:症状|赤み|かゆみ|使|不具合|エラー|起き|出)|(?:症状|不具合|エラー|トラブル)[^。\n]{0,6}(?:いつ|時期|日時)"
            ),
            |asked| {
                asked.says(pattern!("(?:[0-9]+(?:月[0-9]+日|日)|昨日|今朝|昨夜|昨晩|一昨日|おととい|先週|今日|さっき|本日|[0-9]+日前|翌日|初日)"))
            },
        ),
        slot(
            pattern!(
                "(?:お?届け先|ご?配送先|お?送り先|新しい|変更後の|移転先の|お?引っ?越し先の|ご?転居先の)の?(?:ご)?(?:住所|郵便番号|所在地|支店名?|場所)|(?:^|[、はがを])(?:ご)?住所(?:$|[をとや、も])|郵便番号"
            ),
            |asked| {
                asked.given().address || asked.says(pattern!("[都道府県][^。、\n]{0,12}[市区町村郡][^。、\n]{0,16}[0-9]+(?:-|丁目|番)|[一-龥ぁ-んァ-ヶー]{1,8}(?:支店|支社|営業所|倉庫|工場|本社)(?:に|へ|宛|まで|の|です)|届け先は[^。\n]{2,20}(?:です|で(?:お願い|す))|[一-龥]{1,4}[県市区町]?です|〒?[0-9]{3}-[0-9]{4}"))
            },
        ),
        slot(pattern!("お?宛名|宛先の名"), |asked| {
            asked.says(pattern!("「[^」\n]{1,30}」(?:宛|あて|で(?:お願い|出|発行))|[^。、\n]{2,20}(?:宛て?|あて)(?:で|に|の)[^。\n]{0,10}(?:お願い|出|発行|ください)|(?:宛名|宛先)(?:は|が|を)"))
        }),
        slot(pattern!("アドレス"), |asked| asked.says(pattern!("[a-z0-9._%+-]+@[a-z0-9.-]+"))),
        slot(pattern!("お?電話番号"), |asked| asked.says(pattern!("0[0-9]{1,3}-?[0-9]{2,4}-?[0-9]{3,4}"))),
        slot(
            pattern!("お?住まいが?(?:の|は|どちら)[^。]{0,6}(?:県|地域|都道府県)|どちらの?(?:県|地域|都道府県)"),
            |asked| {
                asked.given().address
                    || asked.says(pattern!("[都道府県市区町村]|名古屋|札幌|仙台|横浜|神戸|福岡|東京|大阪|京都"))
            },
        ),
        slot(pattern!("純正|互換|他社の"), |asked| asked.says(pattern!("純正|互換|他社の"))),
        slot(pattern!("電池|電源"), |asked| {
            asked.says(pattern!(
                "電池[^。\n]{0,10}(?:新し|新品|替え|換え|交換)|電源[^。\n]{0,10}(?:入れ|差し|挿し|つない)"
            ))
        }),
        slot(pattern!("支店名|営業所名|拠点名|どちらの(?:支店|営業所|拠点)"), |asked| {
            asked.says(pattern!("[一-龥ァ-ヶー]{1,8}(?:支店|支社|営業所)"))
        }),
        slot(
            pattern!(
                "未?開封|未使用|開け(?:て|られ|たか|てしま)|お?使い(?:になった|になられた|いただいた|始め)[^。]{0,4}か|お?使用(?:になった|された|済み?)[^。]{0,4}か|封(?:を|が|は)[^。]{0,6}(?:開|切|破)"
            ),
            |asked| {
                asked.given().opened.is_some() || asked.says(pattern!("開け(?:て(?:い|し|みた|ない|ませ|から)|た|まし)|開封|使って(?:い|み|しま|から)|使い(?:ました|まし|始め)|使った|使用し|箱(?:を|は)開け|封|未使用"))
            },
        ),
        slot(
            pattern!(
                "(?:数量|個数|枚数|本数|人数|台数|冊数|脚数|部数)(?:$|[をとがは、や])|いくつ|何(?:個|本|枚|点|台|冊|脚|箱|人|名|部|セット|つ)"
            ),
            |asked| {
                asked.given().quantity.is_some()
                    || asked
                        .says(pattern!("[0-9]+(?:個|本|枚|点|台|冊|脚|箱|人|名|部|セット|つ|双|足|袋|束|組|ケース)"))
            },
        ),
        slot(
            pattern!(
                "(?:サイズ|お?色|カラー|色番|種類|品番|香り|タイプ)(?:$|[をとがは、やのに])[^。]{0,24}(?:ください|いただけ|でしょうか|ますか|ですか|か$|お願い)|どの(?:色|サイズ|香り|タイプ|種類)|どちらの(?:色|サイズ|香り|タイプ)"
            ),
            |asked| {
                asked.given().variant.is_some() && asked.says(pattern!("(?:に(?:交換|変更|換え|替え|変え|したい)|へ(?:交換|変更|換え|替え|変え)|が(?:希望|いい|良い|欲し|ほし)|を(?:希望|お願い)|で(?:お願い|希望)|サイズ)"))
                || asked.says(pattern!("(?:[0-9]{2}番|[0-9]+号|[smlx]{1,3}(?:サイズ)?|[ァ-ヶー]{2,10}|no\\.?[0-9]+|[一-龥]{1,4}色?)(?:に(?:交換|変更|換え|替え|変え)|へ(?:の)?(?:交換|変更|換え|替え|変え)|と(?:交換|取り替え|換え|替え))"))
            },
        ),
        slot(pattern!("(?:写真|画像|スクリーンショット)(?:$|[をはが、])"), |asked| asked.photo),
        slot(pattern!("クーポン(?:の)?(?:コード|番号|名)|コード(?:$|[をとは、])"), |asked| {
            asked.says(pattern!("クーポン|コード"))
                && asked.says(pattern!("(?-u:\\b)[a-z]+[-_]?[0-9]+[a-z0-9-]*(?-u:\\b)"))
        }),
        slot(
            pattern!("エラー(?:の)?(?:番号|コード|メッセージ|内容|表示|文)|表示された(?:文|メッセージ|内容|番号)"),
            |asked| {
                asked.says(pattern!("エラー[^。\n]{0,12}(?:[a-z]-?[0-9]{2,}|[0-9]{3,})|[a-z]{1,4}-?[0-9]{2,4}[^。\n]{0,10}(?:エラー|表示|と出)|「[^」]{2,40}」[^。\n]{0,8}(?:と出|と表示|のエラー|って出|と言)"))
            },
        ),
        slot(
            pattern!("(?:商品名|商品の名前|商品番号|型番|品番|どの商品|どちらの商品|何の商品|機種)"),
            |asked| !asked.given().products.is_empty(),
        ),
    ]
});
