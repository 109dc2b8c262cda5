//! What a customer wants of us beside an answer, and whether a machine should answer at all.
//!
//! Only signals: which outcome they lead to is decided in the pipeline. In doubt a message asks; in
//! doubt about health, threats and law a person should see it.

use std::sync::LazyLock;

use regex::Regex;

use super::{given::Given, normal::Normalised, situation::Vocabulary, zones};

/// What kind of message it is. All but `Asks` only when nothing is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// Something is asked, requested or in trouble.
    Asks,
    /// Thanks, and nothing else.
    Thanks,
    /// Praise for goods or people.
    Praise,
    /// A greeting, and nothing else.
    Greeting,
    /// An opinion or a wish that needs no answer in substance.
    Feedback,
}

/// What a message signals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signals {
    /// What kind of message it is.
    pub intent: Intent,
    /// A person is asked for.
    pub wants_person: bool,
    /// Health emergency, danger, threat, law or self-harm.
    pub unsafe_words: bool,
    /// Damages, compensation or a special price are demanded.
    pub beyond_authority: bool,
    /// A feeling is stated that a reply must not pass over.
    pub feeling: bool,
    /// Too little is said to answer: what broke, which order, what 「あれ」 is.
    pub vague: bool,
}

macro_rules! pattern {
    ($name:ident, $source:expr) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($source).expect("a constant pattern"));
    };
}
pattern!(
    ASKS,
    r"(?x)[?]|(?:です|ます|でしょう|ました|ません|の)か(?:ね|な)?(?:$|[。!、\n])|教えて|おしえて|知りたい|ください|下さい|くださ(?:れば|ると)|お願い(?:し|いた|致|でき|申|です|。|$)
    |たい(?:です|の(?:です|だ)?が|のです|んです|ので|けど|と思|。|\n|$)|ほしい|欲しい|もらえ|いただけ|頂け|くれ(?:ます|ません|ない)|希望(?:し|です)|どう(?:すれば|したら|やって)|いつ(?:です|に|ごろ|頃|届)|どこ(?:に|で)|いくら
    |(?:でき|れ|え|け|せ|め|て|べ)ません(?:。|が|で|$|\n)|(?:方法|理由|時期|期限|可否)(?:は|を)(?:$|。|[?])|届きません|ありますか|お待ちして|(?:はずな|た|る|い)のに"
);
pattern!(
    WISH,
    r"改善|要望|意見|(?:増え|でき|作っ|出し|販売し|小さくし|大きくし|簡素にし|変え|わかりやすくし|分かりやすくし|見やすくし|復活し|やめ|戻し)て(?:ほしい|欲しい)(?:です)?(?:$|[。!と])|(?:と|ば|たら)(?:嬉し|うれし|助か|いい|良い|ありがた|幸い|いいな)|検討(?:して)?(?:ください|下さい|いただけ|願)|参考(?:に|まで)|残念(?:です|でした|に)|(?:わかり|分かり|見|使い|探し|読み)(?:にく|づら)い|過剰|がっかり|不親切"
);
pattern!(
    DEMAND,
    r"[?]|(?:です|ます|でしょう|ました|ません)か(?:$|[。!、\n])|教えて|返(?:品|金)|交換|キャンセル|対応を?(?:お願い|して)|お願い(?:し|いた|致)"
);
pattern!(
    PRAISE,
    r"気に入|愛用|大好き|最高|素晴らし|すばらし|感動|感激|満足|期待以上|リピート|リピし|また(?:買|購入|注文)|(?:とても|すごく|本当に|大変|思った以上に)?(?:良か|よか)った|(?:とても|すごく|本当に|大変)(?:良|よ|いい|綺麗|きれい|素敵|使いやす|丁寧|親切|かわい|可愛|早|嬉|うれ)|使いやす|(?:丁寧|親切|迅速|素敵|的確|気持ちの(?:良|い)い)(?:な|に|で)|調子が(?:良|い)い|もちもち|しっとり|嬉し(?:い|かった)|うれし(?:い|かった)"
);
pattern!(
    THANKS,
    r"ありがと|有難う|感謝|お礼|御礼|助かりました|助かった|サンキュー|解決しました|承知(?:し|いた)|了解|わかりました|分かりました|届きました|受け取りました"
);
pattern!(
    PERSON,
    r"(?x)(?:担当者?(?:の(?:人|方))?|人間|にんげん|オペレーター|スタッフ(?:の方)?|責任者(?:の方)?|上司|上の(?:人|方|者)|偉い人|店長|社長|有人(?:対応|チャット)?|係の?(?:人|方|者)|ちゃんとした人|本物の人)
      (?:さん)?(?:と|に|へ|を|の方と|の対応(?:に|を)|から)[^。\n]{0,10}?(?:話|代わ|替わ|変わ|換わ|繋|つな|出し|出せ|相談|対応|電話|呼|お願い|切り替|返(?:事|答)|連絡(?:を?(?:ください|下さい|ほし|欲し|もら|いただ|お願い)))
    |(?:^|[^\p{Han}])人(?:と|に)(?:直接)?(?:話|代わ|替わ|繋|つな|相談|対応)|人が(?:対応|答え|返事)
    |有人|(?:電話|お電話)(?:で(?:直接)?(?:話|相談|お話|説明)|(?:を|して|が)?(?:ください|下さい|ほしい|欲しい|もらえ|いただけ|かけて|折り返))|折り?返し(?:の|お|ご)*(?:電話|連絡)
    |(?:ai|ボット|bot|ロボット|機械|自動(?:返信|応答|音声))[^。\n]{0,4}(?:では?なく|じゃなく|は(?:いや|嫌|いい|結構)|じゃ(?:話|わから|だめ|ダメ|無理)|では(?:話|わから|だめ|ダメ|無理))"
);
pattern!(
    DANGER,
    r"(?x)息(?:が|も)(?:でき|苦し|つまり|詰ま)|呼吸(?:が|困難|も)|息苦し|過呼吸|救急(?:車|搬送|外来|病院|に(?:運|行)|で(?:運|病院)|へ)|(?:病院|医療機関)(?:に|へ)(?:運ば|搬送|担ぎ)|搬送|入院|意識(?:を|が)[^。]{0,3}(?:失|な|朦朧|もうろう|飛)|アナフィラキシー
    |誤飲|(?:飲み込|のみこ)(?:ん|み|め)|誤って(?:飲|食べ|口)|(?:失明|目が(?:見え|開か)ない)|(?:やけど|火傷|ヤケド|感電|大?怪我|ケガ|けが|骨折|流血)(?:し|を|に|が)|出血|血が(?:出|止ま)|発火|火が(?:出|つ)|煙が|焦げ(?:臭|くさ|て)|爆発|(?:顔|喉|のど|まぶた|唇)(?:中|全体)?(?:が|も)(?:パンパンに|ひどく|大きく)(?:腫|は)れ|全身(?:に|が)|けいれん|痙攣|倒れ(?:た|まし|て(?:い|しま))
    |死にたい|自殺|命を(?:絶|断)|消えて(?:しまい|なくなり)たい|生きて(?:い|)(?:たくな|ても|く(?:の|気))|殺(?:す|し|さ|害)|爆破|火をつけ|刺(?:す|し)(?:ぞ|て)|ただでは?(?:済|すま)|ただじゃ(?:済|すま)|覚えて(?:ろ|おけ|おきな)|押しかけ"
);
pattern!(
    LAW,
    r"(?x)訴え(?:ます|る|たい|てや|させ|て(?:も|い)|を起こ)|訴訟|裁判|提訴|告訴|告発|弁護士(?:に|と|を(?:通|立|入)|へ|から)|法的(?:な)?(?:措置|手段|手続|対応)|内容証明|消費(?:者|生活)(?:生活)?センター|国民生活センター|消費者庁|消費者ホットライン|警察(?:に|へ|を|沙汰)|被害届|通報(?:し|する|します)|詐欺(?:で|だ|じゃ|会社|では)
    |(?:sns|ネット|ツイッター|twitter|x|インスタ|口コミ|マスコミ|テレビ)[^。\n]{0,6}(?:晒|さらし|拡散|暴露|ばらまき|書き込(?:み|んで)(?:ます|や|やる)|流します)|個人情報[^。\n]{0,8}(?:漏|流出)"
);
pattern!(
    DEMANDS_MORE,
    r"(?x)慰謝料|賠償|損害|弁償|迷惑料|補償(?:し|を|は|金|して)|補填|治療費|医療費|診察代|クリーニング代|休業|逸失|違約金|見舞金|(?:お詫び|誠意)(?:の(?:品|しるし|クーポン)|を(?:見せ|示|形))|誠意|謝罪(?:文|に来|を(?:要求|求)|しろ)|土下座
    |(?:特別に|特例で|例外(?:的に|で|として)|今回(?:だけ|に限り)|何とか|なんとか|どうにか|こっそり)[^。\n]{0,12}(?:値引|割引|安く|無料|ただに|タダ|返品|返金|交換|認めて|対応|おまけ|免除)
    |値引き?(?:し|を(?:し|お願い)|交渉)|(?:安く|まけて|負けて|勉強して)(?:してくれ|してもら|してほし|して(?:ください|下さい|いただ)|くれ|もらえ|ほしい|いただけ|ください)|(?:無料|タダ|ただ)に(?:し(?:て|ろ)|なら)"
);
pattern!(
    FEELING,
    r"悲し|かなし|困って|困り(?:ます|ました|果て)|不安|心配|がっかり|ガッカリ|残念|怒|二度と|もういい|腹が?立|腹立|ショック|つら(?:い|く|かった)|辛(?:い|く|かった)|ひどい|酷い|最悪|楽しみに(?:して|待)|ヒリヒリ|ひりひり|痛(?:い|く|み|かった)|かゆ(?:い|く|み)|泣|焦(?:って|り)|イライラ|いらいら|信じられない|信用でき|怖(?:い|く|かった)|こわい|許せ|呆れ|あきれ|情けな|うんざり|不快|不愉快|戸惑|悔し|(?:嬉し|うれし)(?:かった|く(?:て|思|な)|い気持)|(?:とても|すごく|本当に|大変)(?:嬉し|うれし)|感動|感激|助かりました|納得(?:でき|いか)|不満|どうして(?:くれ|こんな)"
);
// A whole message of which only a general noun, an adverb and a state are said.
pattern!(
    ONLY_A_STATE,
    r"(?x)^(?:(?:あの|え(?:っ)?と|すみません|すいません|至急|急ぎ(?:です)?|まだ|全然|ぜんぜん|やっぱり|また|もう|急に|買った|届いた|届いたら|注文した|頼んだ|先日|この前|[、。!\s])*
      (?:(?:もの|物|商品|品物|品|荷物|注文|注文品|それ|これ|あれ|例のもの)(?:が|は|も|の件(?:で|です)?(?:が)?|、)?)?(?:まだ|全然|ぜんぜん|もう|すぐ(?:に)?|なんか|いきなり|急に|、)*
      (?:届き?(?:ません|ない|かない)(?:でした)?|届いて(?:い)?(?:ない|ません)|来(?:ない|ません)|こない|きません|来て(?:い)?(?:ない|ません)|壊れ(?:た|ました|て(?:い)?(?:た|ます|ました|る))|割れ(?:た|ました|て(?:い)?(?:た|ます|ました|る))|動(?:かない|きません)|使え(?:ない|ません)|でき(?:ない|ません)|(?:違|ちが)(?:う|います|いました|ってました)|おかしい|だめ|ダメ|調子が悪い|不良品|不具合|エラー(?:が出|になり)(?:た|ました|ます)?|困(?:って(?:い)?ます|りました)|返したい|替えてほしい|助けて(?:ください)?)
      (?:です|んです|のです|みたい|よう|でした|の|ん)*(?:が|けど|けれど|よ|ね)*(?:[、。!\s]*(?:どう(?:すれば|したら)(?:いい|よい|良い)(?:です|でしょう)?か?|どうなって(?:い)?(?:ますか|るの|るんですか)|なぜですか|どうしてですか))?[。!?、.\s]*)+$"
);
pattern!(
    POINTS_NOWHERE,
    r"(?x)^(?:(?:すみません|すいません|あの)[、。\s]*)?(?:
      (?:あれ|それ|これ|あの件|その件|例の(?:件|もの|やつ)|この(?:前|間)の(?:件|もの|やつ)?|先日の件|前(?:回)?の件|こないだの(?:件|やつ)?)(?:は|って|、|です(?:が|けど)|の件)*[、\s]*(?:その後)?[、\s]*(?:(?:どう(?:なり|なって|です|でし)|いかが)[^。\n]{0,8}|まだ(?:です|でし)[^。\n]{0,4}|お願い(?:し|いた)[^。\n]{0,4}|いつ[^。\n]{0,8}|進んで[^。\n]{0,6})?
      |どう(?:なり|なって|すれば|したら|です)[^。\n]{0,10}|(?:質問|聞きたいこと|お?問い合わせ|相談)(?:が(?:あり(?:ます|まして)|あるの(?:です|)|あるんです)|したい(?:です|の(?:です)?)?|です)(?:が|けど)?|(?:返事|返信|連絡|回答)(?:を)?(?:ください|下さい|まだ(?:です|でし)か|お願いします)|わかりません|教えてください|お願いします|助けて(?:ください)?)[。!?、.\s]*$"
);

impl Signals {
    /// Reads a message; greetings, signature and quoted history count for nothing but a greeting.
    pub fn of(text: &str) -> Self {
        let core = zones::core(text);
        let normal = Normalised::of(&core);
        let matter = normal.as_str();
        let intent = intent(text, &core, matter);
        Self {
            intent,
            wants_person: PERSON.is_match(matter),
            unsafe_words: DANGER.is_match(matter) || LAW.is_match(matter),
            beyond_authority: DEMANDS_MORE.is_match(matter),
            feeling: FEELING.is_match(matter),
            vague: intent == Intent::Asks && is_vague(text, matter),
        }
    }
}

fn intent(text: &str, core: &str, matter: &str) -> Intent {
    if is_only_greeting(text, core) {
        return Intent::Greeting;
    }
    let vocabulary = Vocabulary::builtin();
    let situations = vocabulary.classify(core);
    let trouble = situations.all().any(|situation| vocabulary.is_trouble(situation));
    let wishes = WISH.is_match(matter) && !DEMAND.is_match(matter);
    if !trouble && wishes {
        return Intent::Feedback;
    }
    if ASKS.is_match(matter) || trouble {
        return Intent::Asks;
    }
    if PRAISE.is_match(matter) {
        return Intent::Praise;
    }
    if THANKS.is_match(matter) {
        return Intent::Thanks;
    }
    if situations.primary.as_str() == "feedback" { Intent::Feedback } else { Intent::Asks }
}

/// Whether the greeting zones leave no letter.
fn is_only_greeting(text: &str, core: &str) -> bool {
    let zones = zones::Zones::of(text);
    core == text && !zones.greeting.is_empty() && {
        let covered = |at: usize| zones.all().any(|zone| zone.start <= at && at < zone.end);
        text.chars().enumerate().all(|(at, c)| covered(at) || !c.is_alphanumeric())
    }
}

fn is_vague(text: &str, matter: &str) -> bool {
    let given = Given::of(text);
    let named = given.order_number.is_some() || !given.products.is_empty() || !given.dates.is_empty();
    !named && matter.chars().count() <= 60 && (ONLY_A_STATE.is_match(matter) || POINTS_NOWHERE.is_match(matter))
}

#[cfg(test)]
#[path = "intent_tests.rs"]
mod tests;
