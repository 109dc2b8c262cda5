//! What a customer wants of us beside an answer, and whether a machine should answer at all.
//!
//! Only signals: which outcome they lead to is decided in the pipeline. In doubt a message asks; in
//! doubt about health, threats and law a person should see it.

use super::{
    kana,
    normal::Normalised,
    pattern::{Pattern, named},
    situation::Vocabulary,
    vague,
    zones::{self, Zones},
};

/// What kind of message it is. All but `Asks` only when nothing is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
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
    pub purpose: Purpose,
    /// A person is asked for.
    pub wants_person: bool,
    /// Health emergency, danger, threat, law or self-harm.
    pub unsafe_words: bool,
    /// Damages, compensation or a special price are demanded.
    pub beyond_authority: bool,
    /// A feeling is stated that a reply must not pass over.
    pub feeling: bool,
    /// It is written in anger, at us or at what happened.
    pub angry: bool,
    /// Too little is said to answer: what broke, which order, what 「あれ」 is.
    pub vague: bool,
}

// Requests and impossibilities that are only a way of speaking: favours received, good wishes, delight.
named!(
    WAY_OF_SPEAKING,
    r"(?x)[てで](?:もらっ(?:た|て)|もらえまし|もらえて|いただ(?:い(?:た|て)|き(?:ありがと|まし|、))|頂(?:い(?:た|て)|きまし)|くださ(?:り|っ|いまし)|下さ(?:り|っ)|くれ(?:た|て))(?:とおり|通り|件)?
    |(?:作り|つくり|売り|販売し|続け|つづけ)(?:続け|つづけ)?て(?:ください|下さい|ほしい|欲しい)(?:です)?|(?:お伝え|お体|ご自愛|お迎え|お過ごし|お大事|お気をつけ|お元気|がんばって|頑張って|お納め|ご活躍|ご放念|ご安心)[^。\n]{0,10}?(?:ください|下さい)|(?:よろしく)?お伝え(?:願い|いただ)
    |(?:捨てられ|手放せ|欠かせ|やめられ|止められ|とまり|止まり|たまり|待ちきれ|忘れられ|離せ|考えられ|戻れ)ません
    |(?:お付き合い|ご愛顧|お引き立て|ご指導|ご厚情)[^。\n]{0,8}?お願い[^。\n]{0,8}|(?:これから|今後)(?:とも|も)?(?:どうぞ|何卒)?[、\s]*(?:よろしく|宜しく)(?:お願い|おねがい)?(?:いた|致)?(?:し(?:ます)?|申し上げます)?
    |(?:返信|返事|ご返信|ご返事|お返事|回答)(?:に)?(?:は|には)?(?:不要|及び?ません|いりません|要りません|い(?:ら|り)ない|要(?:ら)ない|必要(?:ない|ありません)|無用|しなくて|結構)(?:です|ので)?|ご報告まで|(?:よろしく|宜しく)(?:お願い)?(?:いた|致)?(?:し(?:ます)?|です)$"
);
named!(
    GREETS,
    r"^(?:[^\p{L}\p{N}]|こんにち[はわ]|こんばん[はわ]|おはようございます|(?:はじ|初)めまして|(?:これから|今後)(?:とも|も)?|お世話になります|よろしく(?:です)?|友(?:だち|達|人)(?:に|の)?(?:追加|登録)(?:を)?(?:しました|した|させていただきました|です)|フォロー(?:しました|です)|(?:会員)?登録(?:を)?しました)*$"
);
named!(
    NO_REPLY,
    r"(?:返信|返事|回答|連絡|対応)(?:に)?(?:は|には|も|を)?(?:不要|及び?ません|いりません|要りません|いらない|要らない|いらん|必要(?:は|も)?(?:ない|ありません|ございません)|無用|しなくて|なくて(?:も)?(?:結構|いい|大丈夫)|結構|求めて(?:い)?(?:ない|ません))"
);
// Words of a case of the customer's own: what is wished for then is a request.
named!(
    CASE,
    r"頼んだ|(?:注文|購入)した(?:もの|物|やつ|商品|分|の)|買った(?:もの|物|やつ|の)|届(?:かな|きませ|いて(?:い)?(?:ない|ません))|変更|返品|返金|キャンセル|交換|次回|住所|届け先|予約|領収|私の注文|今回の"
);
named!(
    ASKS,
    r"(?x)[?]|(?:です|ます|でしょう|ました|ません|ない(?:ん)?です)か(?:ね|な)?(?:$|[。!、\n])|教えて|知りたい|ください|下さい|くださ(?:れば|ると)|お願い(?:し|いた|致|でき|申|です|。|$)
    |たい(?:です|の(?:です|だ)?が|のです|んです|ので|けど|。|\n|$)|ほしい|欲しい|もらえ|いただけ|頂け|くれ(?:ます|ません|ない)|希望(?:し|です)|どう(?:すれば|したら|やって)|いつ(?:です|に|ごろ|頃|届)|どこ(?:に|で)|どっち|どちら(?:$|が|を|に|で)|どれ(?:$|[。が\s]|です|を|に|くらい|ぐらい)|どんな(?:[^に])|なぜ|なんで|おすすめ(?:は|の|を|$)|いくら
    |(?:でき|れ|え|け|せ|め|て|べ)ません(?:。|が|で|$|\n)|(?:方法|理由|時期|期限|可否)(?:は|を)(?:$|。|[?])|届きません|ありますか|お待ちして|探して(?:い)?(?:ます|る|おり)|(?:はずな|た|だ|る|い)のに"
);
named!(
    WISH,
    r"改善|要望|意見|(?:増え|増やし|減らし|でき|作っ|出し|販売し|小さくし|大きくし|簡素にし|変え|わかりやすくし|分かりやすくし|見やすくし|復活し|やめ|戻し)て(?:ほしい|欲しい)(?:です)?(?:$|[。!と])|て(?:ほしい|欲しい)(?:な|と(?:思|感じ))|(?:と|ば|たら|ても|でも)(?:嬉し|うれし|助か|いい|良い|ありがた|幸い|いいな)|(?:い|だ|かな|か)と(?:思い(?:ます|まし)|感じ(?:ます|まし))|(?:字|文字|表示|色|画面)[^。\n]{0,8}(?:小さ|細か|見え|薄)|検討(?:して)?(?:ください|下さい|いただけ|願)|参考(?:に|まで)|残念(?:です|でした|に)|(?:わかり|分かり|見|使い|探し|読み|見つけ|選び|押し)(?:にく|づら)|過剰|がっかり|不親切"
);
named!(
    DEMAND,
    r"[?]|(?:です|ます|でしょう|ました|ません)か(?:$|[。!、\n])|教えて|どっち|どちら(?:が|を|に)|どれ(?:が|を|に|か|で)|(?:の|ん)か(?:が|も)?(?:わか|分か|迷)|返(?:品|金)|交換|キャンセル|対応を?(?:お願い|して)|お願い(?:し|いた|致)|どう(?:したら|すれば)|のに(?:自宅|実家|会社)"
);
named!(
    PRAISE,
    r"気に入|愛用|大好き|美味し(?:い|く|かった)|おいし(?:い|く|かった)|大喜び|喜んで(?:い|くれ|もらえ)|喜ばれ|手放せ|欠かせ|見事|取り(?:合|あ)い|やみつき|感じ(?:が|の)(?:とても|本当に)?(?:よ|良|いい)|気持ちよく|ありがたかった|(?:歩き|着|履き|飲み|食べ|座り)やす|(?:探して|欲しかった)[^。\n]{0,6}(?:でした|です)|毎日[^。\n]{0,4}(?:着て|使って|使用して|履いて|飲んで|食べて|着|使)(?:い)?ます|のが[^。\n]{0,4}楽しみ|元気[をが](?:もら|いただ|出)|救われ|最高|素晴らし|すばらし|感動|感激|満足|期待以上|リピート|リピし|また(?:買|購入|注文)|(?:とても|すごく|本当に|大変|思った以上に)?(?:良か|よか)った|(?:とても|すごく|本当に|大変)(?:良|よ|いい|綺麗|きれい|素敵|使いやす|丁寧|親切|かわい|可愛|早|嬉|うれ)|使いやす|(?:丁寧|親切|迅速|素敵|的確|気持ちの(?:良|い)い)(?:な|に|で)|調子が(?:良|い)い|(?:もちもち|しっとり|ふわふわ|さらさら)(?:と?(?:し(?:て(?:い|き)?(?:ます|る|て)|ました|た)|です|に(?:な|仕上))|肌に)|(?:褒|誉|ほ)め(?:て(?:い|お|く|も)|られ|たい)|感心|見習|さすが|立派(?:な|で)|頭が下が|心強|嬉し(?:い|かった)|うれし(?:い|かった)"
);
named!(
    THANKS,
    r"ありがと|有難う|感謝|お礼|御礼|助かりました|助かった|サンキュー|お世話になりました|(?:引き継(?:ぐ|い)|異動|退職|閉店|廃業|転勤)[^。\n]{0,30}?(?:こと(?:に|と)|いたし|致し|しま)|解決(?:し|でき)ました|(?:でき|出せ|直り|もらえ)ました|承知(?:し|いた)|了解|おっけー|(?:ok|オッケー|オーケー)(?:です)?$|わかりました|分かりました|届きました|受け取りました"
);
named!(
    PERSON,
    r"(?x)(?:担当者?(?:の(?:人|方))?|人間|にんげん|オペレーター|スタッフ(?:の方)?|責任者(?:の方)?|上司|上の(?:人|方|者)|偉い人|店長|社長|有人(?:対応|チャット)?|係の?(?:人|方|者)|ちゃんとした人|本物の人)
      (?:さん)?(?:と|に|へ|を|の方と|の対応(?:に|を)|から)[^。\n]{0,10}?(?:話|代わ|替わ|変わ|換わ|繋|つな|出し|出せ|相談|対応|電話|呼|お願い|切り替|返(?:事|答)|連絡(?:を?(?:ください|下さい|ほし|欲し|もら|いただ|お願い)))
    |(?:^|[^\p{Han}])人(?:と|に)(?:直接)?(?:話|代わ|替わ|繋|つな|相談|対応)|人が(?:対応|答え|返事)
    |有人|(?:電話|お電話)(?:で(?:直接)?(?:お?話(?:し(?:たい|でき|させ)|せ|を(?:し|聞)|が(?:し|でき))|(?:相談|説明)(?:し(?:たい|て(?:ほし|欲し|くだ|下さ|もら|いただ))|でき))|(?:を|して|が)?(?:ください|下さい|ほしい|欲しい|もらえ|いただけ|かけて|折り返))|折り?返し(?:の|お|ご)*(?:電話|連絡)
    |(?:ai|ボット|bot|ロボット|機械|自動(?:返信|応答|音声|の返(?:事|信)))[^。\n]{0,6}(?:では?なく|じゃなく|は(?:いや|嫌|いい|結構)|じゃ(?:話|わから|だめ|ダメ|無理)|では(?:話|わから|だめ|ダメ|無理))"
);
named!(
    DANGER,
    r"(?x)息(?:が|も|を)?(?:でき|苦し|くるし|つま|詰ま|し(?:にく|づら|辛)|吸え)|呼吸(?:が|困難|も)|過呼吸|(?:喉|のど)(?:が|も|に)?(?:つま|詰ま|締|しま|ふさが|塞|腫|はれ)|救急(?:車|搬送|外来|病院|に(?:運|行)|で(?:運|病院)|へ)|(?:病院|医療機関)(?:に|へ)(?:運ば|搬送|担ぎ)|搬送され
    |(?:使|食べ|飲ん|塗|付け|つけ|転ん|倒れ|落ち|せいで|原因で)[^\n]{0,40}?入院|意識(?:を|が)[^。]{0,3}(?:失|な|朦朧|もうろう|飛)|気を失|アナフィラキシー|点滴|(?:病院|医者|医師|内科|クリニック)(?:で|に|から)[^。\n]{0,16}?(?:診断(?:さ|を受|が出|でし)|と言われ|手術|縫)
    |誤飲し|誤飲(?:です|かも|。|$)|(?:飲み込|のみこ)(?:んで?(?:し|だ|じゃ|で)|みまし)|誤って(?:飲ん|のん|食べ(?:た|て|まし)|口に(?:し|入))|(?:乾燥剤|脱酸素剤|保冷剤|電池|洗剤|漂白剤|磁石|マグネット|部品|破片|ビーズ|ガラス|化粧水|薬剤|除光液)[^。\n]{0,16}?(?:(?:飲|の)ん(?:だ|で|じゃ)|食べ(?:て(?:しま|い)|ちゃ|まし|た)|口に(?:入れ|し)(?:て(?:しま|い)|ちゃ|まし|た)|なめ(?:て(?:しま|い)|ちゃ|まし|た))
    |失明|目が(?:見え|開か|あか)(?:ない|なく|ず|ません)|(?:やけど|火傷|ヤケド|大?怪我|ケガ|けが|骨折|打撲|流血|出血)(?:を)?(?:し(?:ま(?:い|し|す(?:$|。))|た|て(?:い|お|しま))|を?負|させ)|骨折|感電|血が(?:出(?:た|て|まし)|止ま)|発火|発煙|火花|火が(?:出|つい(?:た|て))|煙が|焦げ(?:臭|くさ|た(?:にお|臭|匂|よう))|(?:線|コード|プラグ|コンセント|電源|基板|カーテン|床|畳|壁)(?:が|も)[^。\n]{0,6}(?:焦げ|溶け|燃え)|爆発
    |(?:顔|喉|のど|まぶた|唇|目|首)(?:中|全体|ぜんたい)?(?:が|も)(?:パンパンに|ぱんぱんに|ひどく|大きく)(?:腫|は)れ|全身(?:に|が)[^。\n]{0,8}(?:蕁麻疹|じんましん|発疹|湿疹|腫|赤|かゆ|痒|しびれ)|けいれん|痙攣|嘔吐し|食中毒|(?:家族|全員|子ども?|子供|食べ|飲ん)[^。\n]{0,12}吐(?:い(?:て|た)|きまし)|(?:人|私|母|父|子|娘|息子|夫|妻|祖母|祖父)(?:が|は)[^。\n]{0,4}倒れ(?:た|まし|て)|倒れて(?:しま|救)
    |死にたい|自殺|自傷|命を(?:絶|断)|消えて(?:しまい|なくなり)たい|生きて(?:い)?(?:たくな|ても|る?の(?:が|も)|く(?:の|気))|殺(?:す|し|さ|害)|爆破|火をつけ(?:る|て|に|ます)|刺(?:す|し)(?:ぞ|てや|に行)|ただでは?(?:済|すま)|ただじゃ(?:済|すま)|覚えて(?:ろ|おけ|おきな)|押しかけ"
);
named!(
    LAW,
    r"(?x)訴え(?:ます|る|たい|てや|させ|て(?:も|い)|を起こ)|訴訟|裁判(?:に|を|で|沙汰|も|し|だ|です)|提訴|告訴|告発|弁護士(?:(?:に|へ)(?:相談|依頼|頼|任|話|言|連絡|お願い)|と(?:相談|話)|を(?:通|立|入|つけ|雇|間)|から)|内容証明|消費(?:者|生活)(?:生活)?センター|国民生活センター|消費者庁|消費者ホットライン|警察(?:(?:に|へ)(?:も)?(?:相談|届|通報|行|言|連絡|訴|突)|を呼|沙汰)|被害届|通報(?:し|する|します)|詐欺(?:で|だ|じゃ|会社|では)
    |(?:sns|ネット|ツイッター|twitter|x|インスタ|口コミ|マスコミ|テレビ)[^。\n]{0,6}(?:晒|さらし|拡散|暴露|ばらまき|書き込(?:み|んで)(?:ます|や|やる)|流します)|個人情報[^。\n]{0,8}(?:漏|流出)"
);
named!(
    DEMANDS_MORE,
    r"(?x)慰謝料|賠償|損害(?:を|が|は|分|額|金|に)|弁償(?:し|を|は|金|代)|迷惑料|補償(?:し|を|は|金|額)|補填|見舞金|逸失|休業(?:補償|損害|手当)|(?:お詫び|誠意)(?:の(?:品|しるし|クーポン|金)|を(?:見せ|示|形)|に[^。\n]{0,6}(?:半額|無料|ただ|タダ|割引|値引))|誠意|謝罪(?:文|に来|を(?:要求|求)|しろ)|土下座|違約金を(?:払|支払|請求)(?:って|い|え|し)
    |(?:治療|医療|通院|診察|薬|クリーニング|修理|張り?替え|交通|タクシー|人件|出展|買い直し|手間|工事|宿泊)(?:費|費用|代|料|にかかった)[^。\n]{0,16}?(?:払|負担し|出し|請求し|持って|みて)(?:って|て|い|え|ま|ろ|る)
    |(?:給料|日当|収入|売上|機会損失|無駄になった)[^。\n]{0,14}?(?:払|負担|出し|請求|どうして)|(?:治療費|医療費|通院費|休業)を
    |社会的(?:な)?責任|(?:企業|会社|店)としての責任|責任(?:を|は)?(?:どう|誰が|きちんと)?[^。\n]{0,4}(?:取|と)(?:る|れ|って|り)(?:つもり|おつもり|くれ|くだ|下さ|もら|ます|ん)|法的(?:な)?(?:措置|手段|手続|対応|処置)
    |(?:特別に|特例で|例外(?:的に|で|として)|今回(?:だけ|に限り)|こっそり)[^。\n]{0,12}(?:値引|割引(?:し|を)|安く|無料|ただに|タダ|返品|返金|交換|認めて|対応|おまけ|免除)|(?:何とか|なんとか|どうにか)[^。\n]{0,8}(?:値引|安く|無料に|ただに|タダに)
    |半額に(?:し|なり)|(?:まけ|負け)(?:て(?:くれ|もら|ほし|よ|くだ|下さ|いただ|$|。|[!])|ろ)|(?:送料|代金|料金|全部|これ|商品)?(?:を|も)?(?:無料|タダ|ただ)に(?:し(?:て|ろ)|なりませんか)"
);
named!(
    DISCOUNT,
    r"値引き?(?:し(?:て(?:もら|くれ|くだ|下さ|いただ|頂|ほし|欲し)|ろ)|を?(?:お願い|交渉)|でき(?:ません|ない)か|(?:に)?応じ)|割り引いて|(?:安く|勉強して)(?:して(?:くれ|もら|ほし|くだ|下さ|いただ)|し(?:てよ|ろ)|くれ|もらえ|ほしい|いただけ|ください)"
);
// Many at once have a price of their own, which is a quotation and no favour.
named!(BULK, r"まとめ|大量|大口|法人|見積|[0-9]{2,}(?:個|脚|台|枚|着|本|箱|セット|冊|人分|食)");
named!(
    FEELING,
    r"悲し|かなし|困って|困り(?:ます|ました|果て)|不安|心配|がっかり|ガッカリ|残念|怒|二度と|もういい|腹が?立|腹立|ショック|つら(?:い|く|かった)|辛(?:い|く|かった)|ひどい|酷い|最悪|楽しみに(?:して|待)|ヒリヒリ|ひりひり|痛(?:い|く|み|かった)|かゆ(?:い|く|み)|泣|焦(?:って|り)|イライラ|いらいら|信じられない|信用でき|怖(?:い|く|かった)|こわい|許せ|呆れ|あきれ|情けな|うんざり|不快|不愉快|戸惑|悔し|(?:嬉し|うれし)(?:かった|く(?:て|思|な)|い気持)|(?:とても|すごく|本当に|大変)(?:嬉し|うれし)|感動|感激|助かりました|納得(?:でき|いか)|不満|どうして(?:くれ|こんな)"
);
// English, after favours received, good wishes and messages to pass on are gone.
named!(
    ENGLISH_WAY_OF_SPEAKING,
    r"(?x)(?:many\ )?(?:thanks?(?:\ you|s)?|thx|grateful|appreciate)\b[^.!?\n]*|(?:can't|cannot|can\ not|couldn't|could\ not|can't\ wait|cannot\ wait)\ (?:thank|be\ (?:happier|more|better)|recommend|wait|fault|praise|say\ enough)[^.!?\n]*
    |please\ (?:pass|tell|thank|give|extend|share|let\ (?:him|her|them|the|your)|do\ not\ (?:reply|respond)|don't\ (?:reply|respond)|no\ reply|accept|keep\ (?:up|it|making|doing))[^.!?\n]*
    |\bhow\ (?:quick|fast|kind|nice|wonder|well|lovely|help|good|great|easy|smooth|polite|friendly|soft|pretty|beautiful|happy|much\ (?:i|we)\ (?:love|like|appreciate|enjoy))[^.!?\n]*
    |(?:(?:i|we)(?:'d|\ would|\ want(?:ed)?|\ just\ want(?:ed)?)|just\ want(?:ed)?|would)(?:\ like)?\ (?:to\ )?(?:just\ )?(?:say|thank|express|let\ you|share|compliment|praise|introduce|definitely|highly|certainly|recommend)(?:[^.!?\n]{0,12}know)?|(?:will|would)\ (?:definitely\ |certainly\ )?(?:buy|order|shop|be\ back|recommend)[^.!?\n]*
    |(?:no\ (?:need\ (?:to|for)|reply|response|answer)|(?:not|n't)\ (?:need|require|expect)\ (?:a\ |any\ )?(?:reply|response|answer))[^.!?\n]*|looking\ forward\ to[^.!?\n]*|(?:have|wish\ you)\ (?:a\ )?(?:great|nice|good|lovely|wonderful|happy)[^.!?\n]*|hope\ (?:you|this|all)[^.!?\n]*|no\ (?:problems?|issues?|trouble)[^.!?\n]*"
);
named!(
    ENGLISH_NO_REPLY,
    r"no (?:need (?:to (?:reply|respond|answer)|for (?:a |an )?(?:reply|response|answer))|(?:reply|response|answer)(?: is)? (?:needed|necessary|required|expected))|(?:not|n't) (?:need|require|expect) (?:a |an |any )?(?:reply|response|answer)|(?:not|n't) (?:reply|respond)"
);
named!(
    ENGLISH_ASKS,
    r"\?|\bplease\b|\b(?:can|could|would|will|may) (?:you|i|we)\b|\b(?:i|we)(?:'d| would| want| need| wish to|'m looking| am looking|'re looking| are looking)\b|\bhow (?:do|can|much|long|many|to|does)\b|\b(?:when|where) (?:is|are|will|can|do|does|should)\b|\b(?:let me know|tell me|help me|looking for)\b"
);
named!(
    ENGLISH_TROUBLE,
    r"\b(?:but|however|unfortunately)\b|\bstill (?:no|haven't|hasn't|waiting|missing)\b|\bnever (?:arrived|came|received)|(?:has|have|did|does|do|wo|is|was|ca)n't|\b(?:did|does|has|have|is|was|will|can) ?not\b|\b(?:broken|damaged|defective|missing|faulty|cracked|wrong|cancel|refund|return|exchange)\b"
);
named!(
    ENGLISH_WISH,
    r"(?:would|might) be (?:nice|great|good|helpful|better|lovely|wonderful|even better)|i wish (?:you|the|there|it)|\bsuggest|feedback|(?:would|'d) love (?:to see|it if|if)|hope you (?:will )?(?:add|make|bring|sell|consider|improve)|disappoint|hard to (?:read|find|use|see)"
);
named!(
    ENGLISH_PRAISE,
    r"\b(?:love|loved|loving|great|excellent|wonderful|amazing|awesome|perfect(?:ly)?|happy|delighted|pleased|beautiful(?:ly)?|fantastic|brilliant|superb|impressed|outstanding|exceeded|best|favou?rite|lovely|so (?:kind|quick|fast|nice|good))\b"
);
named!(
    ENGLISH_THANKS,
    r"\bthank|\bthx\b|\bappreciate|\bgrateful|\b(?:arrived|received|got it|understood|noted|solved|resolved|all (?:set|good))\b"
);
named!(
    ENGLISH_GREETS,
    r"^(?:[^\p{L}\p{N}]|\b(?:hi|hello|hey|there|good|morning|afternoon|evening|day|nice|pleased|to|meet|you|everyone|all|team|dear|greetings|happy|merry|new|year|christmas|holidays|and|a)\b)*$"
);
named!(
    ENGLISH_PERSON,
    r"\b(?:talk|speak|chat|connect|transfer|put|get|hand)\b[^.?!\n]{0,24}\b(?:human|person|someone|somebody|agent|representative|rep|manager|supervisor|operator|staff)\b|\b(?:real|actual|live|human) (?:human|person|people|being|agent|operator|support)\b|\bhuman,? please|\b(?:agent|representative|operator|manager),? please|\bnot (?:to )?(?:a |an |with a |some )?(?:bot|robot|machine|chatbot|ai)\b|\bcall me(?: back)?\b|\b(?:manager|supervisor|human|someone|person)\b[^.?!\n]{0,8}\b(?:call|contact|phone)"
);
named!(
    ENGLISH_DANGER,
    r"(?x)\bambulance|emergency\ (?:room|department)|(?:went|taken|rushed|go(?:ing)?|admitted|ended\ up|been)\b[^.?!\n]{0,12}\bhospital|hospitali[sz]ed|(?:can't|cannot|couldn't|could\ not|trouble|difficulty|hard\ to|struggling\ to)\ breath|\bburn(?:ed|t|s|ing)?\ (?:my|his|her|our|their|me|him|myself|himself|herself)\b|\bburns?\ on\ (?:my|his|her|our)|(?:got|were|was|been|badly|is)\ (?:badly\ )?burn(?:ed|t)\b|degree\ burn|caught\ (?:on\ )?fire|\bon\ fire\b|burning\ smell
    |\bsmoke\ (?:is|was|came|coming|started)|smok(?:ing|e)\ from|(?:started|began)\ (?:to\ smoke|smoking)|\bspark(?:s|ed|ing)\b|explod|electric\ shock|electrocut|\bswallow(?:ed|ing)|\bchok(?:ed|ing)\b|anaphyla|allergic\ (?:reaction|shock)|fainted|passed\ out|unconscious|\bpoison(?:ed|ing)|bleeding|\binjur(?:ed|y|ies)|(?:broke|broken|fractured)\ (?:my|his|her)\ (?:arm|leg|wrist|hand|foot|ankle|finger|nose|back|hip|rib)
    |suicid|kill\ (?:myself|you)|want\ to\ die|end\ my\ life|hurt\ myself|(?:throat|face|tongue|lips?|eyes?)\b[^.?!\n]{0,16}\b(?:swelling|swelled|swollen|swelled)"
);
named!(
    ENGLISH_LAW,
    r"(?:contact|consult|speak|talk|hire|hear from|see|call|get|involve|through|instruct|my|our)[^.?!\n]{0,16}\b(?:lawyer|attorney|solicitor)s?(?:[^'\w]|$)|(?:will|to|gonna|can|could|may|might|'ll|shall) sue\b|\bsue (?:you|your|the|this)\b|\bsuing\b|lawsuit|legal (?:action|proceeding|steps)|small claims|take (?:you|this|it) to court|see you in court|(?:call|report|contact|go|went|going)[^.?!\n]{0,20}\bpolice|consumer (?:affairs|protection|cent(?:er|re)|agency|rights)|\bscam(?:mers?)?\b|\bfraud\b"
);
named!(
    ENGLISH_DEMANDS_MORE,
    r"\bcompensat(?:ion|e|ed)\b|(?:pay|claim|liable|sue)[^.?!\n]{0,12}\bdamages\b|(?:pay|cover|reimburse)[^.?!\n]{0,16}(?:medical|hospital|doctor|cleaning|repair|treatment|lost (?:wages|income|sales)|my time)|medical bills?|(?:make|making) (?:me |us )?an? (?:special )?exception|as an exception|bend the rules|goodwill gesture|(?:give|offer) (?:me|us) (?:a |an |some )?(?:[0-9]+% |big(?:ger)? |special |extra |further )?discount|(?:lower|reduce|cut) the price|knock [^.?!\n]{0,16} off|\bhalf price\b|waive the"
);

// A wish for more of the same, and a thank-you announced: no request.
named!(
    MORE_OF_IT,
    r"(?x)(?:また|次も|次回も|今後も|これからも|ずっと|一生|ぜひ|是非)[^。!?\n]{0,12}(?:たい(?:です|と(?:思い|思って|考えて)[^。\n]{0,5})?|[さわたまらかが]せて(?:ください|いただき(?:ます|たい(?:です|と思い?ます)?)))(?:ね)?(?:[^\p{L}\p{N}]|$)
    |(?:お礼|御礼|感謝|一言|ひとこと|気持ち|どうしても|嬉しさ|喜び)[^。!?\n]{0,12}(?:伝え|言い|申し上げ|お伝えし|お礼し)た(?:い(?:です|と思い[^。\n]{0,4})?|く(?:て|[、\s]?[^。\n]{0,16}(?:連絡|書き|筆|メール|電話|お便り)[^。\n]{0,12})?)(?:[^\p{L}\p{N}]|$)"
);
named!(
    GOOD_WISHES,
    r"(?x)(?:お変わり|お元気|いかが|お健やか|ご清祥|ご清栄)[^。!?\n]{0,12}(?:過ごし|のこと)(?:でしょうか|ですか)?[。?]?
    |(?:^|[。!\n])(?:どうぞ|何卒|どうか|引き続き|これからも|末永く|変わらぬ?|本年も|今年も|来年も|新年も|弊社とも|当社とも|[、\s])*(?:よろしく|宜しく)(?:お?願い)?(?:いた|致|申し上げ)?(?:し(?:ます)?|ます)?(?:ね)?(?:[。!\n]|$)
    |(?:本年|今年|来年|新年|引き続き|末永く)(?:も|とも)?[^。!?\n]{0,10}(?:よろしく|宜しく)お?願い(?:いた|致|申し上げ)?(?:し?ます)
    |(?:担当|現場|スタッフ|皆(?:様|さま|さん)|作って|上司|関係)[^。!?\n]{0,12}(?:に|へ)(?:も|は)?[^。!?\n]{0,10}(?:伝えて(?:おいて|ください|下さい|いただ)|(?:お伝え|共有)(?:ください|下さい|いただ|願))[^。\n]{0,10}"
);
named!(REGARDS, r"(?:よろしく|宜しく)お?願い(?:いた|致|申し上げ)?(?:し?ます)");
named!(
    PRESENTS_ITSELF,
    r"(?:至|行き届)[から][ぬな]い?点|不慣れ[^。\n]{0,20}(?:ます|存じ)|ご?挨拶(?:まで|申し上げ|させ|のみ|だけ|かたがた|を兼ね|に代え)|(?:担当(?:する|させて|いたします|いたす|となり|になり|に(?:着|就))|後任|着任|配属|就任)[^。\n]{0,24}?(?:ました|なります|申します|です|存じ)|(?:良|よ)い(?:お年|年の瀬|新年|週末|休日|一日)を|(?:明|あ)けまして|(?:年末|新年|年始|暑中|残暑|寒中)の?(?:お?見舞|ご?挨拶)|(?:今年|本年)(?:も|中)(?:は|も)?[^。\n]{0,12}お世話|メリークリスマス|ハッピー"
);
// What somebody who wants no reply may still want done.
named!(
    WANTS_DONE,
    r"(?:か|かね|かな)?[?]|(?:変更|返品|返金|キャンセル|取り?消し?|交換|解約|停止|退会|削除|再送|再発行|発行|手配|訂正|修正|止め|送り直|お届け|配達|発送|スキップ|休止)(?:を|に)?(?:お?(?:願い|頼)|して(?:ください|下さい|ほしい|欲しい|おいて)|し(?:たい|ておいて)|て(?:ください|下さい|ほしい|おいて)|(?:希望|ください|下さい))|(?:にして|送って|届けて|外して|消して|やめて)(?:おいて)?(?:ください|下さい|ほしい)"
);
named!(
    ANGRY,
    r"うんざり|がっかり|残念|不快|不愉快|腹が?立|呆れ|あきれ|最悪|最低|ひど|酷|二度と|怒|失望|情けな|許せ|不満|不親切|納得(?:でき|いか)|気がない|信じられ|いい加減|やめ(?:た|る)"
);
named!(
    QUERY_STATES,
    r"[。!?♪~☆…]|\p{Extended_Pictographic}|(?:です|ます|ました|でした|ません|だった|たい|ほしい|ください|最高|満足|感謝|感動|感激|大好き|素敵|丁寧|無事|お願い|すぎ|かった|した|てる|ってる|いた|ない|ね|よ)(?:\s|$)"
);
named!(QUERY_WORDS, r"^[^\s、]{1,14}(?:[ \t、・/]+[^\s、]{1,14})+$");
named!(QUERY_NOUN, r"[\p{Han}ァ-ヴー]$");
// A child or an animal had something in its mouth; and food that was liked.
named!(
    MOUTHED,
    r"(?x)(?:[0-9]{1,2}(?:歳|才|か月|ヶ月|カ月)(?:児|の(?:子|娘|息子|孫))?|乳児|幼児|乳幼児|赤ちゃん|赤ん坊|子ども|子供|こども|息子|娘|孫|園児|下の子|上の子|うちの子|犬|猫|ペット|認知症|祖父|祖母|高齢)[^。\n]{0,28}?
      (?:(?:(?:くわえ|咥え|なめ|舐め|しゃぶ(?:っ|り)|(?:口|くち)に(?:入れ|含ん|含み|し|いれ)|誤食し|誤嚥し|吸い込(?:ん|み))(?:た(?:[^\p{L}]|$|か|よ|み|の|と|ん|ら(?:し|、))|て(?:い(?:た|ま|る|て)|しま(?:い|った|って[、い])|る|た|お(?:り|っ))|で(?:い(?:た|ま|る)|しま(?:い|った))|ちゃ(?:った|い|って)|まし|だ(?:[^\p{L}]|$|か|よ|み)))|(?:くわえ|咥え|なめ|舐め)、
      |(?:飲|の)(?:んだ|み込んだ|みこんだ)(?:かも|お(?:それ|恐れ)|恐れ|可能性|よう|みたい|疑い|らしい)|(?:食べ|飲ん)(?:た|だ)(?:かも|おそれ|恐れ|可能性|疑い)|(?:中身|液|原液|粉|キャップ|ふた|フタ|蓋|袋|シール|クリーム|インク|のり|糊|ねじ|ネジ|電池|スポンジ|消しゴム|クリップ|ローション|オイル)(?:を|も)?[^。\n]{0,6}?(?:飲んで?(?:し|だ|い|ちゃ|じゃ)|飲みまし|食べ(?:て(?:し|い)|た|ちゃ|まし)|かじ(?:って(?:し|い)|った|りまし)))"
);
named!(ENJOYED, r"美味|おいし|喜ん|喜び|笑顔|ぱくぱく|パクパク|完食|大好き|気に入");
// Somebody who knows the rule and asks to be let off it.
named!(
    KNOWS_THE_RULE,
    r"(?:規則|規定|規約|ルール|決まり|きまり|期限|期間|条件|対象外|無理|だめ|ダメ|でき(?:ない|ません)|不可)[^。\n]{0,14}?(?:承知|知って(?:い?ます|る|い)|わかって(?:い?ます|る|い)|分かって(?:い?ます|る|い)|理解(?:し|の)|存じ|重々|百も)|(?:無理|わがまま|勝手)[^。\n]{0,4}(?:は|を|と|なのは)(?:重々)?(?:承知|わかって|分かって)|(?:規定|規則|規約|ルール|決まり)(?:の|から)?(?:外|枠外|を曲げ|を超え|はさておき)"
);
named!(
    BEGS,
    r"なんとか|何とか|どうにか|そこを|特別|特例|例外|融通|お情け|(?:返し|返金し?|返品し?|認め|受け(?:付け|取っ|入れ)|交換し|適用し|キャンセルし|取り消し|対応し|付け|値引き?し|まけ|して)て?(?:は|も)?(?:もらえ|いただけ|頂け|くれ)(?:ません|ない)|(?:認め|受け付け|返金し|返品し|返し|適用し)て(?:ください|下さい|ほしい|欲しい)"
);
named!(
    FOR_OLD_TIMES,
    r"(?:付き合い|つきあい|付合い|長年の?(?:客|利用|取引)|常連|ファン|よしみ|顔)[^。\n]{0,6}(?:に免じ|のよしみ|だから|なんだから|ってことで|ということで)[^。]{0,40}?(?:もらえ|いただけ|頂け|くれ|ください|ほしい|お願い|して(?:よ|$))|(?:特別に|特例(?:で|として|を)|例外(?:的に|で|として|を))[^。\n]{0,16}(?:返(?:し|金|品)|認め|受け付け|交換|対応|キャンセル|適用|延長|お願い)[^。\n]{0,8}(?:もらえ|いただけ|頂け|くれ|ください|下さい|ほしい|欲しい|ませんか|お願い|たい)|融通[^。\n]{0,6}(?:きかせ|利かせ|して|でき(?:ません|ない))|大目に見|目をつぶって"
);

named!(
    ANGER,
    r"知らないうちに|勝手に(?:引|請求|変え|解約|登録)|納得(?:でき|いか|いき)ません|納得(?:でき|いか)な|話が違|どういう(?:こと|つもり)|(?:ひど|酷)(?:い|すぎ)|最悪|いい加減に|ふざけ|馬鹿に|ばかに|呆れ|あきれ|信じられ(?:ない|ません)|不誠実|腹が?立|怒って|許せ(?:ない|ません)|うんざり|二度と(?:買|頼|使|利用)|もう(?:いい|結構)です|[😡💢🤬😠]|unacceptable|ridiculous|furious|angry"
);

impl Signals {
    /// Reads a message; greetings, signature and quoted history count for nothing but a greeting.
    pub fn of(text: &str) -> Self {
        let zones = Zones::of(text);
        let core = zones::core_of(text, &zones);
        let normal = Normalised::of(&core);
        let matter = kana::usual(normal.as_str());
        let english = is_english(&matter);
        let purpose = match () {
            () if core == text && is_only_greeting(text, &zones) => Purpose::Greeting,
            () if english => english_intent(&matter),
            () => purpose(&matter),
        };
        let any = |patterns: &[&Pattern]| patterns.iter().any(|pattern| pattern.is_match(&matter));
        let concession = KNOWS_THE_RULE.is_match(&matter) && BEGS.is_match(&matter) || FOR_OLD_TIMES.is_match(&matter);
        Self {
            purpose,
            wants_person: purpose != Purpose::Greeting && any(&[&PERSON]) || english && any(&[&ENGLISH_PERSON]),
            unsafe_words: any(&[&DANGER, &LAW])
                || any(&[&MOUTHED]) && !any(&[&ENJOYED])
                || english && any(&[&ENGLISH_DANGER, &ENGLISH_LAW]),
            beyond_authority: any(&[&DEMANDS_MORE])
                || concession
                || any(&[&DISCOUNT]) && !any(&[&BULK])
                || english && any(&[&ENGLISH_DEMANDS_MORE]),
            feeling: any(&[&FEELING]),
            angry: any(&[&ANGER]),
            vague: purpose == Purpose::Asks && vague::is_vague(text, normal.as_str()),
        }
    }
}

/// Whether Latin letters outweigh Japanese ones by far.
fn is_english(matter: &str) -> bool {
    let latin = matter.chars().filter(char::is_ascii_alphabetic).count();
    let japanese = matter.chars().filter(|c| c.is_alphabetic() && !c.is_ascii()).count();
    latin > japanese * 3
}

fn english_intent(matter: &str) -> Purpose {
    let silent = ENGLISH_NO_REPLY.is_match(matter);
    let rest = ENGLISH_WAY_OF_SPEAKING.replace_all(matter, "");
    if ENGLISH_GREETS.is_match(matter) {
        return Purpose::Greeting;
    }
    let asks = ENGLISH_ASKS.is_match(&rest);
    if ENGLISH_WISH.is_match(matter) && (silent || !asks && !rest.contains("refund")) {
        return Purpose::Feedback;
    }
    let trouble = ENGLISH_TROUBLE.is_match(&rest);
    if asks || trouble && !silent {
        return Purpose::Asks;
    }
    if trouble {
        return Purpose::Feedback;
    }
    if ENGLISH_THANKS.is_match(matter) {
        return Purpose::Thanks;
    }
    // Few words without a verb are what one searches with: `best office chair`.
    let states = matter.contains(['.', '!']) || matter.split_whitespace().any(|word| ENGLISH_VERBS.contains(&word));
    if states && ENGLISH_PRAISE.is_match(matter) { Purpose::Praise } else { Purpose::Asks }
}

const ENGLISH_VERBS: &[&str] = &[
    "i", "we", "is", "are", "was", "were", "it's", "i'm", "we're", "love", "loved", "exceeded", "has", "have", "made",
    "works", "my",
];

fn purpose(matter: &str) -> Purpose {
    let silent = NO_REPLY.is_match(matter);
    if is_query(matter) {
        return Purpose::Asks;
    }
    let pleased = MORE_OF_IT.is_match(matter);
    let matter = MORE_OF_IT.replace_all(matter, "。");
    let matter = GOOD_WISHES.replace_all(&matter, "。");
    let matter = WAY_OF_SPEAKING.replace_all(&matter, "");
    if GREETS.is_match(&matter) {
        return Purpose::Greeting;
    }
    let demands = DEMAND.is_match(&matter);
    let vocabulary = Vocabulary::builtin();
    let situations = vocabulary.classify_matter(&matter);
    let trouble = situations.all().any(|situation| vocabulary.is_trouble(situation));
    let asks = ASKS.is_match(&matter);
    let presents = !trouble && PRESENTS_ITSELF.is_match(&matter);
    if presents && [&ASKS, &DEMAND].iter().all(|wants| !wants.is_match(&REGARDS.replace_all(&matter, ""))) {
        return Purpose::Greeting;
    }
    if pleased && !asks && !demands && PRAISE.is_match(&matter) && !ANGRY.is_match(&matter) {
        return Purpose::Praise;
    }
    if !trouble && !demands && !CASE.is_match(&matter) && WISH.is_match(&matter) {
        return Purpose::Feedback;
    }
    if silent && WANTS_DONE.is_match(&matter) || !silent && (asks || trouble) {
        return Purpose::Asks;
    }
    if silent && ANGRY.is_match(&matter) {
        return Purpose::Feedback;
    }
    if PRAISE.is_match(&matter) {
        return Purpose::Praise;
    }
    if pleased || THANKS.is_match(&matter) {
        return Purpose::Thanks;
    }
    if silent || situations.primary.as_str() == "feedback" { Purpose::Feedback } else { Purpose::Asks }
}

/// Whether it is what one types into a search box: words without a predicate.
fn is_query(matter: &str) -> bool {
    let matter = matter.trim();
    matter.chars().count() <= QUERY_CHARS
        && !QUERY_STATES.is_match(matter)
        && !THANKS.is_match(matter)
        && (QUERY_WORDS.is_match(matter) || QUERY_NOUN.is_match(matter))
}

/// Longer than this nobody types into a search box.
const QUERY_CHARS: usize = 30;

/// Whether the greeting zones leave no letter.
fn is_only_greeting(text: &str, zones: &Zones) -> bool {
    if zones.greeting.is_empty() {
        return false;
    }
    let mut covered = vec![false; text.chars().count()];
    zones.all().for_each(|zone| covered[zone.start..zone.end].fill(true));
    text.chars().zip(covered).all(|(c, covered)| covered || !c.is_alphanumeric())
}

#[cfg(test)]
#[path = "signals_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "situation_varied_tests.rs"]
mod varied;
