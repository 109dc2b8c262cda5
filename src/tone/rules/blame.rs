//! Whose fault it is said to be: the customer's, or somebody else's than ours.

use std::ops::Range;

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    language::pattern::{Pattern, pattern},
    tone::Reading,
};

/// The customer's carelessness is implied.
pub(super) struct Blaming;
/// The fault is pushed to carrier, maker or contractor.
pub(super) struct BlameShift;

impl ToneRule for Blaming {
    fn category(&self) -> Category {
        Category::Blaming
    }

    fn explain(&self) -> &'static str {
        "The customer is told that they were careless, mistaken or should have known."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        for at in 0..reading.sentences().len() {
            let bare = reading.bare(at);
            let words = reading.at(&bare);
            if reproach(words).is_some() && reading.is_own(&bare) && !setting.allows(reading, &bare) {
                out.push(setting.at(reading, &bare, None));
            }
        }
    }
}

/// Where a sentence reproaches the customer.
fn reproach(words: &str) -> Option<Range<usize>> {
    // What the customer did wrong, named as theirs.
    let mistake = pattern!(
        "(?:お客(?:様|さま)|[^。、\n]{1,6}(?:様|さま)|貴社|御社|ご自身)(?:ご自身)?(?:の|側の|による|が|で)[^。、\n]{0,12}(?:間違|ミス|誤(?:り|入力|操作|認|解)|不注意|見落と|見逃|勘違い|思い違い|思い込み|不足|漏れ|過失|手違い|落ち度|怠|うっかり|忘れ|責任)|",
        "(?:ご?(?:確認|注意|理解|認識)不足|ご確認(?:を怠|漏れ|いただけなかった|いただいていなかった|されなかった|なさらなかった|が足りな)|お?見落とし(?:に|が|の|さ|な|か)|見落とされ|お?読み落と|お?見逃(?:し|され)|お(?:間違|見間違|勘違)え?い?(?:に|なの|です|では|かと|なさ|され|か)|(?:打ち|入力|書き|押し|読み|見|聞き)(?:間違|誤)(?:え|い|っ|り)[^。]{0,8}(?:た|かと|では|よう|ため|です|でしょう)|入力(?:間違い|ミス|誤り)|(?:お?使い|お?入れ|お?申し込み|ご?入力|ご?記入|ご?登録)(?:忘れ|漏れ|もれ)(?:た|に|が|で|の|か)|お?忘れになった(?:の|ため|こと)|お忘れでした|お忘れになって(?:い|お)|失念され|うっかり(?:され|なさ|が|で|の)|(?:測ら|確かめ|確認せ|読ま|見|調べ)ずに[^。、\n]{0,14}(?:ご購入|お買い|ご注文|お申し込み|お使い)(?:なさ|にな|され|い?ただ)[^。、\n]{0,8}|(?:お客(?:様|さま)|ご自身)の(?:ご)?(?:判断|都合|選択|お考え)(?:かと|です|によるもの|でござい)|(?:打ち間違|入力間違|お間違|見間違|押し間違)(?:い|え)?がないか[^。\n]{0,12}(?:ご確認|お確かめ|見て|ご覧)|(?:同じ操作を)?何度も[^。、\n]{0,10}(?:続けられ|押され|繰り返され|なさっ|され)た(?:ため|ので|こと)|怠(?:られ|って|った)[^。、\n]{0,8}|(?:忘れ|間違え|誤っ|誤解し|勘違いし|見落とし|取り違え)て(?:[^。、\n]{0,6}て)?いらっしゃ(?:い?ます|る|っ|り)[^。、\n]{0,8}|(?:お客(?:様|さま)|[^。、\n]{1,6}(?:様|さま))が[^。、\n]{0,16}(?:ない|なかった)だけ|[^。、]{0,4}無理に[^。、\n]{0,14}(?:された|なさった|した)(?:の|こと|ため|可能性))"
    );
    // What they would have been spared, or should have known.
    let should = pattern!(
        "(?:いれば|いただければ|いただいていれば|なされば|されれば|なっていれば|下されば|くだされば|ておけば|てみれば|なったら|たなら|いたなら)、?[^。]{0,28}(?:なかった|はず|防げ|避けられ|済んだ|すんだ|わかった|分かった|起き|はじかれ)|",
        "(?:ご覧|お読み|ご確認|拝見|ご承知|ご存じ|ご存知|同意|ご理解|お確かめ|ご了承|ご納得|お目通し|目を通)[^。、\n]{0,14}はず(?:です|で|の|かと|だ)|(?:はっきり|明確|明らか|大きく|目立つ|ちゃんと|きちんと|明記|赤字|太字)[^。\n]{0,16}(?:書いて|記載|表示|明記|掲載|案内|示して|出て)[^。\n]{0,24}(?:のに|はず|が、|ので|です|ます|残念|以上)|",
        "(?:書いて(?:ある|あり|ござい)|記載(?:して|がある|がござい|のとおり|の通り)|明記(?:して|され)|表示(?:して|され)|ご案内(?:済み|して(?:おり|い)))[^。\n]{0,12}(?:ので|ため|のに|通り|とおり|はず)[^。\n]{0,40}(?:お読み|ご確認|確認し|ご覧|見て|読んで|お確かめ|測って|目を通|お調べ|ご注意|お気づき)|",
        "(?:お目通し|ご覧|お読み|ご確認|見て|読んで|気づいて|お気づき)(?:に)?(?:いただき(?:たかった|とうござい)|(?:いただけ|いただい|もらえ|くださ)(?:なかった|て(?:い)?なかった|て(?:い)?ない|らなかった)(?:よう|ん|の|みたい|かと|こと))|(?:ほか|他)の(?:お客(?:様|さま)|方|皆|みな)[^。\n]{0,14}(?:問題なく|きちんと|普通に|ご理解|でき|守って|読んで|開け|使)[^。\n]{0,16}(?:ます|ので)|(?:のが|ことが|のは|ことは|本来(?:の|は|で)?|一般的に)[^。\n]{0,10}(?:普通|当然|当たり前|常識|マナー|筋|前提|本来の)[^。\n]{0,12}(?:です|ございます|存じ|思い|かと|では)"
    );
    // Read better, look closer.
    let closer = pattern!(
        "(?:よく|良く|きちんと|ちゃんと|しっかり|もっと|もう少し|注意深く|最後まで|隅々|全文)[^。、\n]{0,6}(?:お読み|読んで|ご覧|見て|ご確認|確認し|お確かめ|確かめ|目を通|お調べ|注意し|ご注意|お気をつけ)[^。\n]{0,16}(?:ください|下さい|いただき(?:たい|たく|たかった|ませ|とう)|いただければ|いただけ(?:ば|なか|て(?:い)?れば)|ほし|べき|なかった|お願い|いただく)|",
        "(?:お気づき|気づいて|お気付き)(?:いただけな|になら(?:な|れな)|いただけません)|なぜ[^。\n]{0,24}(?:ので(?:しょう|す)か|なかった)|(?:お客(?:様|さま)|ご自身|そちら)の(?:ご)?責任|自己責任|自業自得|こちらに(?:は)?(?:非|落ち度|責任)は(?:あり|ござい|ない)|ご自分(?:の|で)[^。\n]{0,12}(?:ため|ので|結果)|(?:お使い|扱い|使用|保管)(?:になり|い)?方(?:が|に)[^。\n]{0,8}(?:悪|問題|乱暴|誤|間違|不適切|雑)|(?:乱暴|雑|無理)に(?:扱|お使い|使わ|使用)[^。\n]{0,12}(?:た|ため|では|かと|よう)|(?:今後|次回|次から|これから)は、?[^。\n]{0,16}(?:ご自分|そのようになさっ|ご自身|お改め|お気をつけ|ご注意|間違|忘れ|お確かめ|ご確認)[^。\n]{0,12}(?:ください|いただき|お願い|ないよう)"
    );
    let found = |pattern: &Pattern| pattern.find(words).map(|found| found.range());
    let theirs = found(mistake).filter(|seen| !names_us(&words[..seen.start]));
    theirs.or_else(|| found(should)).or_else(|| found(closer)).filter(|seen| !is_mild(words, seen))
}

/// Our own mistake, told before it: 「弊社の確認不足」, 「出荷時の間違い」.
fn names_us(before: &str) -> bool {
    pattern!("(?:弊社|当社|当店|私ども|わたしたち|私たち|こちら|倉庫|棚|伝票|出荷|担当(?:者)?|スタッフ|サイト|ページ|システム)(?:の|側の|が|では|にて|で|時の)?[^。、\n]{0,16}$").is_match(before)
}

/// We take it on ourselves, or help for the next time without a reproach.
fn is_mild(words: &str, seen: &Range<usize>) -> bool {
    pattern!("^[^。]{0,60}(?:お詫び|申し訳|私どもの|弊社の|わたしたちの|説明が足り|わかりにく|分かりにく|紛らわし|まぎらわし|行き届|至らな)").is_match(&words[seen.start..])
        || pattern!("ご?心配(?:なく|は)|ご安心|問題(?:は)?(?:ござい|あり)ません|差し支え|大丈夫|(?:間違|誤|忘れ)(?:え|い|り)?(?:て|た)(?:も|場合|とき|際)|(?:間違|誤|忘れ|漏れ)[^。]{0,4}(?:ない(?:か|よう)|防)").is_match(words)
            && !pattern!("はず|なかったこと|責任").is_match(words)
}

impl ToneRule for BlameShift {
    fn category(&self) -> Category {
        Category::BlameShift
    }

    fn explain(&self) -> &'static str {
        "The fault is laid on a carrier, maker or contractor as if it were not ours to answer for."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        for at in 0..reading.sentences().len() {
            let bare = reading.bare(at);
            let words = reading.at(&bare);
            if shifts(words, &setting.brand) && reading.is_own(&bare) && !setting.allows(reading, &bare) {
                out.push(setting.at(reading, &bare, None));
            }
        }
    }
}

/// Others at fault, without a word of ours for it; or we, said to have none. A cause alone is told: 「大雪で遅れています」.
fn shifts(words: &str, brand: &str) -> bool {
    let others = pattern!(
        "(?:配送|運送|運輸|急便|宅配|物流|輸送|通関|制作会社|設備会社|配達の人|倉庫|委託|メーカー|製造元|発売元|仕入れ?先|納入元|工場|代行|決済|カード会社|銀行|郵便|業者|ドライバー|配達(?:員|店|の方)|営業所|出品者|提携|取引先|システム会社|開発会社|ベンダー|印刷所|名入れ|下請)[^。\n]{0,24}(?:のせい|責任(?:範囲|で|です|に|と|は|が|を|、|。|だ)|都合(?:です|で|に|による|によ|と)|落ち度|不手際|怠慢|過失|(?:ミス|間違い)(?:で|です|に|が|と|によ|か)|仕分けミス|不注意|手違い|対応が(?:遅|悪|まず)|(?:遅い|悪い|間違えた|忘れた|怠った|雑な|いい加減な)(?:だけ|の(?:です|が|で)|ため|ことが|から)|管轄|問題が(?:あった|ござい|あり)|(?:組み立て|扱い|仕事|検品|梱包|対応|作業|管理)(?:が|は)(?:雑|粗|悪|甘|ずさん|いい加減|遅)|[^。\n]{0,6}が悪い(?:ため|から|ので|せい)|更新もれ|もれが原因|雨ざらし|放置し|(?:甘さ|ずさんさ|怠慢)(?:に|が|で|の)|問題(?:なん)?(?:です|であり|でござい|で、|かと)|範囲(?:で|です|外)|領分)"
    );
    let they = pattern!(
        "(?:先方|相手方|他社|外部|下請け?)の[^。、\n]{0,10}(?:甘さ|怠慢|不手際|ずさん|過失|手違い|不注意|責任)"
    );
    let not_ours = pattern!(
        "(?:手の届かない|目の届かない|目が届かない|手を離れ|想定外|打つ手|対応のしよう|しようが(?:な|あり)|防ぎよう|防げない|避けよう|管轄外|関知し|関与して(?:おり|い)|あずかり知ら|どうすることも|どうにも|いかんとも|わかりかね|分かりかね)"
    );
    let ours_is_fine = pattern!(
        "(?:弊社|当社|当店|小社|私ども|わたしたち|私たち|こちら|当方)[^。\n]{0,24}(?:(?:問題|落ち度|責任|非|不備|ミス|過失)(?:は|も|が)?(?:一切)?(?:ない|なく|なかった|あり(?:ません|ませんでした)|ござい(?:ません|ませんでした)|負い)|責任(?:を|は)(?:負い|取り|持ち|負え)|きちんと|予定(?:どおり|通り|より(?:早|1日))|注文(?:どおり|通り)|指定どおり|指定通り|期日どおり|期日通り|困惑|迷惑して|被害者|被害を(?:受け|こうむ)|巻き込まれ|振り回され|手を焼|頭を抱え|正しい(?:設定|手順|内容|住所|情報)|正しく(?:渡し|伝え|設定|手配))"
    );
    let others_named = pattern!(
        "配送会社|運送会社|宅配|物流|配達(?:員|店)|メーカー|製造元|仕入れ?先|工場|代行会社|委託先|決済会社|カード会社|業者|ドライバー|ベンダー|システム会社|営業所|倉庫|印刷|制作会社|外の|委託|お任せして|任せており|任せている|先方"
    );
    let takes_it = pattern!(
        "お詫び|申し訳|弊社の責任|わたしたちの責任|私どもの責任|責任を持って|責任をもって|弊社から(?:確認|問い合わせ|申し入れ)|監督|至らな|防げ(?:なかった|ず)"
    );
    let own = !brand.is_empty()
        && words.find(brand).is_some_and(|at| {
            pattern!("^[^。\n]{0,20}(?:(?:問題|落ち度|責任|非|不備|ミス)(?:は|も|が)?(?:あり|ござい|な[いく])|きちんと|予定どおり|指定どおり|期日どおり)").is_match(&words[at + brand.len()..])
        });
    let sends_away = pattern!(
        "(?:運送会社|配送会社|宅配|配達店|営業所|メーカー|製造元|カード会社|決済会社|銀行)[^。\n]{0,24}直接[^。\n]{0,14}(?:お進め|やり取り|お話し|ご相談|お申し出|請求)[^。\n]{0,8}(?:ください|いただ|お願い)"
    );
    let blunt = pattern!(
        "(?:悪い|間違えた|遅れた|止めた)のは[^。\n]{0,16}(?:会社|業者|メーカー|倉庫|営業所|工場|配達|ドライバー|担当外)|責任(?:は|も|が)[^。\n]{0,14}(?:そちら|先方|運送会社|配送会社|メーカー|業者|決済会社)(?:に|側)"
    );
    if sends_away.is_match(words) || blunt.is_match(words) {
        return true;
    }
    if others.is_match(words) || they.is_match(words) {
        let (denies, admits) =
            (ours_is_fine.is_match(words) || own || not_ours.is_match(words), takes_it.is_match(words));
        return denies || !admits;
    }
    others_named.is_match(words)
        && (ours_is_fine.is_match(words) || own || not_ours.is_match(words))
        && !takes_it.is_match(words)
}
