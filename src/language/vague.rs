//! Whether a message names anything one could search with: 「またですか。何とかしてください。」 does not.
//!
//! A message is cut into general words: pointing words, adverbs, politeness, states, and nouns such as 「件」. What
//! is left over names something. Kanji, katakana and digits left over always do; in hiragana one letter may be a slip.

use std::{collections::HashSet, sync::LazyLock};

use aho_corasick::AhoCorasick;

use super::{given::Given, kana, mask, names, pattern::named};

/// General words. `届/かきい` stands for 届か, 届き and 届い; a word of one hiragana counts only behind another word.
const GENERAL: &str = "\
    これ それ あれ どれ コレ ソレ アレ この その あの どの こっち そっち あっち どっち こちら そちら あちら どちら こう そう ああ 例の 当該 こんな そんな あんな \
    もの 物 モノ やつ ヤツ 奴 もん こと 事 件 分 点 ところ とき 時に 商品 品物 製品 品 荷物 注文品 注文 購入 購入品 お品 内容 状況 状態 様子 経過 進捗 結果 続き 話 お話 用件 用事 \
    私 わたし 僕 俺 自分 うち 我が家 母 父 娘 息子 夫 妻 主人 家族 友達 友人 みんな 皆 誰か 誰も \
    前 前に 前の 前も 前から まえ まえに まえの けん すこし つづき そうだん はなし はなした せんじつ このまえ きのう おなじ おこっ ようけん たすけ しらべ まって まよっ えらべ きめ 者です 者なん 者が より 続/いかき 気がし 気がす どこか どこに聞 どこに言 何の 初めて はじめて はいくら 出ま 出た 出て 出な 出る 戻/しすせさ るの るん 前回 以前 先日 先週 先月 昨日 一昨日 おととい 昨夜 昨晩 この前 この間 こないだ さっき さきほど 先ほど 先程 今 いま 今回 今度 今日まだ 今日届くはず 今日来るはず 次の 次は \
    次も 最初 最近 その後 その節 その際 あのとき あの時 後で 途中 ずっと いつも いつまで待た いつまで待て いつまで待ち いつまでかか いつまで放置 いつまで経って いつになったら いつから いつの間に \
    まだ もう また またも またか またです 再度 一度 何度 何度も 何回も 二度 毎回 全然 まったく 全く 一向に やっぱり やはり やっぱ 急に いきなり 突然 すぐ すぐに なんか なんだか ちょっと 少し 少々 とても \
    かなり すごく とにかく 本当に 本当 ほんと ほんとに ホント マジ まじ いい加減 そろそろ とりあえず 至急 急ぎ 急い 大至急 早く 早め 早急 早急に 早速 早 すみません すいません すまない ごめん ごめんなさい \
    恐れ入ります 恐れ入りますが 恐縮 失礼 申し訳ありません 申し訳ございません お手数 お手数です お手数をおかけ おかけ お忙しい お世話 あのー えっと えーと ええと ねえ ねぇ おい もしもし ちなみに \
    でも だって それで だから なので なのに それから ところで つまり いかが 如何 どう どうにか なんとか 何とか なぜ なんで どうして どうか 何か なにか 何も なにも 何が 何で 何を 何だ なんだ \
    届/かきくけこい 動/かきくけこい 着/かきくい 来 来/なまたてるれず きた きて きま きてな こない こなく こなか 壊れ 割れ 破れ 折れ 外れ 汚れ 取れ 切れ 止ま 止まっ 消え 直/さしすせっりらる 開/かきくけい 閉ま \
    使/わいうえっお 違/わいうえっ 間違/いえっ 合/わいうえっ 起/きここ 起こ/らりるっ 変 変わ/らりるっ 変え 替え 困/らりるっ 迷/わいうえっ 待/たちつてっ 待たせ 待たさ 待たされ 決め 決ま 選べ 選/びぶべん \
    聞/かきくけい 伺/いうっ 教え 言/わいうえっ 話/さしすせ 知/らりるっ 思/わいうえっ 分か/らりるれっ 解/らりるっ 見 見え 見て 考え 頼/まみむめん 頼 買/わいえっう 進/まみむめん 終わ/らりるっ \
    伝え もらった お願い 願/いえ 電話した 電話で話し お電話で 電話をし 電話しま メールした メールしま メールを送/りっ 問い合わせ 問合せ 問合わせ 問い合せ お問い 尋ね お尋ね 連絡 ご連絡 返事 返信 回答 対応 確認 \
    相談 質問 説明 案内 変更 修正 手続き 処理 調べ 助け 助か/らりるっ 解決 放置 無視 不良 不良品 不具合 故障 故障品 調子 具合 異常 問題 エラー トラブル ミス クレーム \
    おかし 変な 変だ 変です ヘン 変 だめ ダメ 駄目 無理 大丈夫 平気 悪 最悪 最低 ひど 酷 ショック 悲し 残念 がっかり イライラ いらいら 怒っ 怒り 腹が立/ちつっ 困り果て 遅 遅い 遅す 遅れ おそい 同じ 別の 別な \
    他の 他に ほか 違う方 違い いい 良い 良/かくけさ よい よろし 宜し よく よかった ほう の方 な方 る方 い方が どちらか 両方 片方 全部 一部 ぜんぶ 詳し 必要 必要な 可能 不可能 駄目 嫌 いや \
    届く予定 笑 汗 怒 涙 泣 \
    です てす でした でしょ ます ました ません ましょ まして ないです ない なく なか なければ なかっ なった なっ なり なる なら なん なの ので から けど けれど だけど けれども だが だけ しか まで さえ \
    ばかり くらい ぐらい ほど など とか やら には では とは への のは のが のに のを のか のも かな よね わね よな だよ だね だろ だっ だった じゃ じゃない じゃん って った たら たり たの たん たい たく たが ても てる てた てて てい てお てき てみ てしま てない てなく ている ていま \
    ている てくだ てほし て欲し て貰 てもら ていただ でいただ て頂 てよ てね でる でた でい でしま んだ んで んです んだけど の の? する して した した します しな しま しよ せず される され させ しろ すれば したら しちゃ せん せて \
    ある あり あっ あれば ござい ございま いる いま いな いた いて います おり おりま おります でき 出来 やる やっ やり やめ もらえ もらい もらう もらっ いただけ いただき いただい 頂け 頂き いただく くれ くれる ください 下さい くださ \
    しまっ しまい しまう ちゃっ ちゃい ちゃう ちゃん みたい みて みる みた よう らしい そうです そうな はず つもり かも かもしれ わか わかる わから わかり きき ききた について つきまして 関し 関する おいて よう ように ため たび つれ まま \
    いう いえ いっ という おも おもい 欲し ほし ほしい ろうか うか おき たいで たす ずに ずっ れる られ らせ れた れて れば きゃ けれ すぎ 過ぎ いただ 幸い 幸いです まいた まう でう まえん てくだちい とも もし どうも どうぞ なさ なさい いるん \
    ありがとう ございました よろしく 宜しく おねがい おしえて \
    が は も を に で と の へ か よ ね や な し た て る い う れ だ ん ぞ わ さ お ご ず く き ば";

type Table = (AhoCorasick, Vec<usize>);

static WORDS: LazyLock<Table> = LazyLock::new(|| {
    let words: Vec<String> = GENERAL.split_whitespace().flat_map(forms).map(|word| folded(&word)).collect();
    let lengths = words.iter().map(|word| word.chars().count()).collect();
    (AhoCorasick::new(&words).expect("a constant list"), lengths)
});

fn forms(entry: &str) -> Vec<String> {
    match entry.split_once('/') {
        Some((stem, endings)) => endings.chars().map(|ending| format!("{stem}{ending}")).collect(),
        None => vec![entry.to_owned()],
    }
}

/// Hiragana without prolonged sounds, voicing marks and small letters, which hasty writers leave out; 「いっ」 and 「いつ」 stay apart.
fn folded(text: &str) -> String {
    const FROM: &str = "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽぁぃぅぇぉゃゅょ";
    const TO: &str = "かきくけこさしすせそたちつてとはひふへほはひふへほあいうえおやゆよ";
    text.chars()
        .filter(|c| *c != 'ー')
        .map(|c| FROM.chars().position(|from| from == c).and_then(|at| TO.chars().nth(at)).unwrap_or(c))
        .collect()
}

// General words that together are a matter all the same.
named!(
    MATTER,
    r"注文を?(?:し(?:たい|ても)|でき|する)|(?:注文|購入)(?:の)?(?:内容|状況|品)?[をの]?(?:ご)?確認(?:したい|でき|する|方法)|(?:買い|購入し)たい|使い方|電話番号|番号を?(?:変|教)|電話(?:は|が|の|でき|して(?:も|い))|(?:返事|連絡)先|(?:た|かった)(?:ら|とき)[、は]?(?:直|どう)|(?:^|[^\p{Han}])いたん[でだ]|(?:^|[^\p{L}]|の|た)(?:もも|かに|なし|のし|はも)[がをはのも、で]"
);
// How an operator notes down a call, and what of it is about the call alone.
named!(
    NOTE,
    r"^[^\p{L}\p{N}]*(?:留守(?:番)?電話?|伝言|再?入電|受電|着信|来店|店頭|電話(?:メモ|あり|受付|にて)|口頭|メモ)"
);
named!(
    OF_NOTE,
    r"(?x)留守(?:番電話|電)|伝言(?:メモ)?|再?入電|受電|着信|来店|店頭|電話(?:メモ|あり|受付|にて)|口頭|メモ|[0-9]{1,4}[/月年][0-9]{1,2}(?:[/月][0-9]{1,2})?日?|(?:午前|午後)?[0-9]{1,2}[:時][0-9]{0,2}分?(?:頃|ごろ)?|\([日月火水木金土]\)
    |(?:年配|高齢|若い|若め|ご年配)(?:の)?|男性|女性|お客(?:様|さま|さん)|本人|匿名|名乗(?:りなし|らず|りません|りはなし)|[\p{Han}ァ-ヴー]{1,6}(?:様|さま|さん)
    |(?:お?名前|氏名|電話番号|注文番号|連絡先|品名|商品名|詳細|用件|番号)(?:や|も|は|が|を|、|お?名前|注文番号|商品名|品名|用件|番号)*(?:不明|なし|言わず|聞けず|聞き取れず|聞き取れない|伺えず|わからず|告げず)|(?:雑音|無言|途中)(?:で|が)?[^。]{0,8}|聞き取れ(?:ず|ない)
    |折り?返し(?:先|番号)?[^。」]*|とのみ|と(?:だけ|のこと|おっしゃ[るっ]|言って|いう)[^。]{0,10}|だそう|(?:電話|通話)?(?:が)?切(?:れた|れる|られた|電|断)"
);

/// Longer messages say something, if not in the words of a shop.
const MAX_CHARS: usize = 160;

/// Whether nothing is named, neither in `text` as it came nor in `matter`, its core in normal form.
pub(super) fn is_vague(text: &str, matter: &str) -> bool {
    // 「どっちがいい」 holds the kana of 「違い」.
    let matter = mask::without_placeholders(matter).replace("っち", "ちら");
    let matter = if NOTE.is_match(&matter) { OF_NOTE.replace_all(&matter, " ").into_owned() } else { matter };
    let matter = kana::with_kanji(&matter);
    if matter.chars().count() > MAX_CHARS || MATTER.is_match(&matter) {
        return false;
    }
    let nothing = if matter.chars().any(is_japanese) { is_general(&matter) } else { is_general_english(&matter) };
    nothing && Given::of(text).order_number.is_none()
}

fn is_japanese(c: char) -> bool {
    names::is_kanji(c) || matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ')
}

/// Letters that belong to no general word, of which so many may be slips.
const SLIPS: usize = 1;
/// More than any text holds.
const NAMES_SOMETHING: usize = usize::MAX / 2;

/// The cheapest way to cut the text into general words: a hiragana left over costs one, another letter too much.
fn is_general(matter: &str) -> bool {
    let text = folded(matter);
    let chars: Vec<char> = text.chars().collect();
    let (words, lengths) = &*WORDS;
    let mut ending_at: Vec<Vec<usize>> = vec![Vec::new(); chars.len() + 1];
    let at_byte: Vec<usize> = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
    for found in words.find_overlapping_iter(&text) {
        if let Ok(end) = at_byte.binary_search(&found.end()) {
            ending_at[end].push(lengths[found.pattern().as_usize()]);
        }
    }
    // The least cost up to a place: behind anything, and behind a word of more than one hiragana.
    let mut any = vec![NAMES_SOMETHING; chars.len() + 1];
    let mut behind_word = any.clone();
    any[0] = 0;
    for end in 1..=chars.len() {
        let last = chars[end - 1];
        if !last.is_alphanumeric() {
            (any[end], behind_word[end]) = (any[end - 1], behind_word[end - 1]);
        } else if matches!(last, 'ぁ'..='ゖ') {
            any[end] = any[end - 1] + 1;
        }
        for length in &ending_at[end] {
            let start = end - length;
            if *length == 1 && matches!(last, 'ぁ'..='ゖ') {
                any[end] = any[end].min(behind_word[start]);
            } else {
                behind_word[end] = behind_word[end].min(any[start]);
            }
        }
        any[end] = any[end].min(behind_word[end]);
    }
    any[chars.len()] <= SLIPS && chars.iter().any(|c| c.is_alphanumeric())
}

const GENERAL_ENGLISH: &str = "a an the this that these those it its it's is isn't isnt was are am i i'm im i've me my you your we our us hi hello hey \
    there please pls help sorry excuse again still not no yes does doesn't doesnt do don't dont did didn't didnt has hasn't have haven't had \
    work works working worked stopped broke broken wrong bad arrive arrives arrived come came coming yet here item items thing things one ones \
    product products order ordered orders package parcel stuff bought got get question questions problem problems issue issues trouble any \
    update updates news on about what what's whats where where's wheres when which who why is better best good right happened happening going \
    should can could will would use for with to of in at and or so but fix change something anything someone know want need ask tell see look \
    last earlier before previous time same waiting wait now ok okay just really both them they two late thanks thank";

fn is_general_english(matter: &str) -> bool {
    static GENERAL: LazyLock<HashSet<&str>> = LazyLock::new(|| GENERAL_ENGLISH.split_whitespace().collect());
    let mut words =
        matter.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| GENERAL.contains(word))
}
