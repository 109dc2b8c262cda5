//! What an inquiry already gave, so that nobody asks for it again and a person who takes over need not search.

use std::{collections::HashSet, sync::LazyLock};

use super::{
    normal::Normalised,
    pattern::{Pattern, named},
    pseudonym,
    zones::Zones,
};
use crate::domain::Span;

/// What was given, each with where it stands in the original text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Given {
    /// The order's number, in half-width capitals.
    pub order_number: Option<(String, Span)>,
    /// Days, as they were written.
    pub dates: Vec<(String, Span)>,
    /// Products: what is quoted in 「」, katakana names, nouns of goods, codes.
    pub products: Vec<(String, Span)>,
    /// How many.
    pub quantity: Option<(String, Span)>,
    /// A picture is attached.
    pub photo: bool,
    /// A whole address or a postal code is there.
    pub address: bool,
    /// Whether the goods were opened or used; `None` when nothing is said.
    pub opened: Option<bool>,
    /// A size or a colour.
    pub variant: Option<(String, Span)>,
}

named!(
    ORDER,
    r"(?x)(?:注文|受注|オーダー|order)\s?(?:番号|no\.?|id|\#)?\s?(?:は|が|の|:|\#|「|\(|、)?\s?(?P<labelled>[a-z]{0,6}-?[0-9]{4,}(?:-[0-9]+)*)
    |(?-u:\b)(?P<coded>[a-z]{1,5}-?[0-9]{5,}(?:-[0-9]+)*)(?-u:\b)
    |(?P<numbered>[0-9]{5,12})(?:の|を|で)(?:注文|オーダー)"
);
named!(
    DATE,
    r"(?x)(?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}日|[0-9]{4}[/.-][0-9]{1,2}[/.-][0-9]{1,2}|(?-u:\b)(?:1[0-2]|0?[1-9])/(?:3[01]|[12][0-9]|0?[1-9])(?-u:\b)
    |一昨日|おととい|昨日|本日|今日|今朝|昨夜|昨晩|明日|明後日|(?:先々?週|今週|来週|再来週)(?:の?[月火水木金土日]曜日?|末)?|先月|来月|再来月
    |[0-9]{1,3}(?:日|週間|か月|ヶ月|ヵ月|カ月|年)(?:前|後|ほど前|くらい前)|[0-9]{1,2}日(?:に|まで|頃|ごろ|着|の)"
);
named!(QUOTED, r"[「『](?P<name>[^「」『』\n]{1,40})[」』]");
named!(
    NOT_A_NAME,
    r"(?:です|ます|ません|した|ない|ください|[。!?])$|エラー|失敗|完了|とは$|こと$|不在|お問い合わせ|配達|発送|件名"
);
named!(
    GOODS,
    r"(?x)(?:[ァ-ヴー・]{2,}|[a-z0-9]+|\p{Han}{1,4})?(?:化粧水|乳液|美容液|洗顔料?|日焼け止め|口紅|下地|石鹸|石けん|香水|椅子|いす|机|棚|用紙|封筒|名刺|付箋|文房具|鉛筆|万年筆|電卓|
    時計|鞄|財布|靴|帽子|手袋|傘|寝具|布団|枕|毛布|皿|茶碗|鍋|包丁|水筒|電球|掃除機|炊飯器|加湿器|冷蔵庫|洗濯機|本棚|書庫|台車|白板)"
);
named!(KATAKANA, r"[ァ-ヴー・]{4,}");
named!(SKU, r"(?-u:\b)(?:[a-z]{1,5}-[a-z0-9]{2,}(?:-[a-z0-9]+)*|[a-z]{2,5}[0-9]{2,4}[a-z]?)(?-u:\b)");
named!(
    QUANTITY,
    r"(?P<all>[0-9]{1,5}(?:個|箱|本|枚|脚|台|冊|袋|セット|着|足|点|組|缶|パック|ケース|ダース|ロール|束|つ(?:を|だけ|ほど|とも|注文|購入|、|。)))"
);
named!(
    VARIANT,
    r"(?P<all>(?-u:\b)[0-9]{2}(?:\.5)?(?:cm|センチ|号)|(?-u:\b)(?:xs|s|m|l|ll|xl|xxl|3l)サイズ|(?:フリー|大きい|小さい)サイズ|[黒白赤青緑黄茶紺灰桃紫]色|(?:ブラック|ホワイト|レッド|ブルー|グリーン|ネイビー|グレー|ベージュ|ピンク|ブラウン|オレンジ))"
);
named!(
    PHOTO,
    r"(?:写真|画像|動画|スクリーンショット|スクショ)(?:を|も|は|、|[0-9]枚|を[0-9]枚)*[^。!?\n]{0,8}?(?:添付|お?送り|送付|送信|付け|つけ|貼|同封|撮り|撮影|載せ|あります|ございます)|添付(?:の|した|しました|いたしました|致しました)[^。\n]{0,6}(?:写真|画像|通り|とおり|ファイル)|(?:写真|画像)(?:の|を見て)(?:通り|とおり|よう)"
);
named!(
    NO_PHOTO,
    r"必要|いりますか|要りますか|でき(?:ない|ません)|なく(?:て|し)|ありません|ましょうか|ほうが|方が|べき|たら|れば|場合|方法"
);
named!(
    UNOPENED,
    r"未開封|未使用|新品のまま|開封(?:は|も)?して(?:い)?(?:ない|ません|おりません)|(?:開け|空け|使って|使用して)(?:て|は|も)*(?:い|お)?(?:ない|ません|りません)|封(?:は|を|も)(?:切|開け|あけ)(?:って|て)(?:い)?(?:ない|ません)|(?:一度も|まだ)[^。\n]{0,6}(?:使って|開けて|着て|履いて)(?:い)?(?:ない|ません)"
);
named!(
    OPENED,
    r"開封(?:済|後|し(?:た|て|まし)|は?して(?:い|しま))|(?:箱|袋|封|蓋|フタ|ふた|中|包み)(?:を|は)?(?:開け|空け|あけ|開封)(?:た|て|まし)|開け(?:て(?:しま|み|使)|たら|たところ|ました|ちゃ)|(?:数回|1回|2回|3回|一度|二度|[0-9]+日|少し|何度か|半分)(?:ほど|だけ|くらい)?(?:使|着用|履)|使(?:用し|い|っ)(?:た(?:ら|ところ|の|が|あと|後)|てみ|てしま|ました|始め|て(?:い|)(?:たら|て))|使用(?:済|後)"
);
named!(SUPPOSED, r"^[^。、\n]{0,4}?(?:場合|とき|時は|前に|前の|ても|かどうか|ると)");

/// Katakana that names no goods: words of shopping itself.
const NOT_GOODS: &str = "キャンセル クーポン ポイント パスワード ログイン メール メールアドレス アドレス サイト ホームページ カスタマー \
    カスタマーサポート サポート サポートセンター センター スタッフ オペレーター チャット クレジット クレジットカード カード エラー \
    キャンペーン サービス プレゼント ギフト ラッピング メッセージ メッセージカード アカウント マイページ ページ サイズ カラー デザイン \
    タイプ セット コース スキップ ストア ショップ オンラインショップ オンラインストア ネットショップ インボイス \
    パッケージ ボトル ケース スケジュール タイミング トラブル アレルギー ヒリヒリ ピリピリ ブツブツ ボロボロ ガタガタ アルコール パラベン \
    コンビニ マンション ビル インターネット スマートフォン スマホ パソコン アプリ ダウンロード レシート イメージ メーカー キャッシュ \
    ブラック ホワイト レッド ブルー グリーン ネイビー グレー ベージュ ピンク ブラウン オレンジ シリーズ リピート オーダー データ ファイル \
    フォーム コード メルマガ メールマガジン シミュレーション ニキビ リニューアル クレーム クーリングオフ スクリーンショット \
    ショック ポスト クーポンコード ギフトカード カスタマーセンター スマホアプリ";

static NO_GOODS: LazyLock<HashSet<&str>> = LazyLock::new(|| NOT_GOODS.split_whitespace().collect());

impl Given {
    /// Reads an inquiry. Quoted history and the signature are not asked: they may be about another order. Nor is
    /// a house's name in an address a product.
    pub fn of(text: &str) -> Self {
        Self::within(text, &Zones::of(text))
    }

    /// As [`Self::of`], where the zones are known already.
    pub fn within(text: &str, zones: &Zones) -> Self {
        let normal = Normalised::of(text);
        let addresses = pseudonym::addresses(&normal);
        let mut foreign: Vec<Span> =
            zones.quoted.iter().chain(&zones.signature).chain(&zones.addressee).copied().collect();
        foreign.extend(&addresses);
        let reader = Reader::new(text, &normal, &foreign);
        let photo = reader.all(&PHOTO).any(|hit| !NO_PHOTO.is_match(reader.after(hit, 16)));
        let order_number = reader.order_number();
        Self {
            dates: reader.all(&DATE).map(|hit| reader.written(hit)).collect(),
            products: reader.products(order_number.as_ref().map(|(_, span)| *span)),
            quantity: reader.all(&QUANTITY).next().map(|hit| reader.written(hit)),
            variant: reader.all(&VARIANT).next().map(|hit| reader.written(hit)),
            photo,
            address: !addresses.is_empty(),
            opened: reader.opened(),
            order_number,
        }
    }

    /// What was given, with its name in Japanese, for a hand-over packet.
    pub fn items(&self) -> Vec<(String, String)> {
        let one = |name: &str, value: &Option<(String, Span)>| {
            value.iter().map(|(v, _)| (name.to_owned(), v.clone())).collect()
        };
        let many = |name: &str, values: &[(String, Span)]| -> Vec<(String, String)> {
            let joined = values.iter().map(|(value, _)| value.as_str()).collect::<Vec<_>>().join("、");
            if joined.is_empty() { Vec::new() } else { vec![(name.to_owned(), joined)] }
        };
        let said =
            |name: &str, value: Option<&str>| value.map(|v| (name.to_owned(), v.to_owned())).into_iter().collect();
        let items: [Vec<(String, String)>; 8] = [
            one("注文番号", &self.order_number),
            many("日付", &self.dates),
            many("対象", &self.products),
            one("数量", &self.quantity),
            one("色・サイズ", &self.variant),
            said("開封", self.opened.map(|opened| if opened { "開封済み・使用済み" } else { "未開封・未使用" })),
            said("写真", self.photo.then_some("あり")),
            said("住所", self.address.then_some("記載あり")),
        ];
        items.concat()
    }

    /// With what an earlier message gave, where this one says nothing of it.
    pub fn or(self, earlier: Self) -> Self {
        let either = |own: Vec<_>, before| if own.is_empty() { before } else { own };
        Self {
            order_number: self.order_number.or(earlier.order_number),
            dates: either(self.dates, earlier.dates),
            products: either(self.products, earlier.products),
            quantity: self.quantity.or(earlier.quantity),
            photo: self.photo || earlier.photo,
            address: self.address || earlier.address,
            opened: self.opened.or(earlier.opened),
            variant: self.variant.or(earlier.variant),
        }
    }

    /// Whether nothing was given that would tell what the inquiry is about.
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }
}

struct Reader<'a> {
    text: &'a str,
    normal: &'a Normalised,
    /// Where the code points of the normal form and of the text begin: counting from the start for each match
    /// would make a long list of dates or goods slow.
    normal_starts: Vec<usize>,
    text_starts: Vec<usize>,
    /// For each code point of the text whether it is quoted, signature, addressee or address.
    foreign: Vec<bool>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, normal: &'a Normalised, zones: &[Span]) -> Self {
        let starts = |text: &str| text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect::<Vec<_>>();
        let (normal_starts, text_starts) = (starts(normal.as_str()), starts(text));
        let mut foreign = vec![false; text_starts.len()];
        zones.iter().for_each(|zone| foreign[zone.start..zone.end].fill(true));
        Self { text, normal, normal_starts, text_starts, foreign }
    }

    fn all(&self, pattern: &'a Pattern) -> impl Iterator<Item = regex::Match<'a>> + '_
    where
        Self: 'a,
    {
        pattern.find_iter(self.normal.as_str()).filter(|hit| self.is_own(self.span(*hit)))
    }

    /// Where a match stands in the text.
    fn span(&self, hit: regex::Match<'_>) -> Span {
        let at = |byte: usize| self.normal_starts.partition_point(|start| *start < byte);
        self.normal.original(Span::new(at(hit.start()), at(hit.end())))
    }

    fn is_own(&self, span: Span) -> bool {
        !self.foreign[span.start..span.end].contains(&true)
    }

    fn after(&self, hit: regex::Match<'_>, chars: usize) -> &str {
        let rest = &self.normal.as_str()[hit.end()..];
        let end = rest.char_indices().nth(chars).map_or(rest.len(), |(byte, _)| byte);
        let rest = &rest[..end];
        &rest[..rest.find(['。', '\n']).unwrap_or(rest.len())]
    }

    /// A match in the customer's own spelling.
    fn written(&self, hit: regex::Match<'_>) -> (String, Span) {
        let span = self.span(hit);
        (self.text[self.text_starts[span.start]..self.text_starts[span.end]].to_owned(), span)
    }

    fn order_number(&self) -> Option<(String, Span)> {
        let all = ORDER.captures_iter(self.normal.as_str());
        // A number that is called the order's goes before one that only looks like it.
        let mut found: Vec<(bool, regex::Match<'_>)> = all
            .filter_map(|c| {
                let named = c.name("labelled").or(c.name("numbered"));
                named.map(|hit| (false, hit)).or(c.name("coded").map(|hit| (true, hit)))
            })
            .filter(|(_, hit)| self.is_own(self.span(*hit)) && !self.is_amount(*hit))
            .collect();
        found.sort_by_key(|(unnamed, _)| *unnamed);
        found.first().map(|(_, hit)| (hit.as_str().to_uppercase(), self.span(*hit)))
    }

    /// 「注文2026年…」「注文10000円」: a number with a unit is no order's.
    fn is_amount(&self, hit: regex::Match<'_>) -> bool {
        let next = &self.normal.as_str()[hit.end()..];
        ["年", "円", "個", "枚", "/", ",", "本", "箱"].iter().any(|unit| next.starts_with(unit))
    }

    fn products(&self, order: Option<Span>) -> Vec<(String, Span)> {
        let mut found: Vec<(String, Span)> = Vec::new();
        let quoted = QUOTED.captures_iter(self.normal.as_str()).filter_map(|c| c.name("name"));
        let quoted = quoted.filter(|name| !NOT_A_NAME.is_match(name.as_str()));
        let katakana = self.all(&KATAKANA).filter(|hit| !NO_GOODS.contains(hit.as_str().trim_matches('・')));
        let mut taken = vec![false; self.foreign.len()];
        order.iter().for_each(|order| taken[order.start..order.end].fill(true));
        let mut names = HashSet::new();
        for hit in quoted.chain(self.all(&GOODS)).chain(katakana).chain(self.all(&SKU)) {
            let (name, span) = self.written(hit);
            let free = !taken[span.start..span.end].contains(&true);
            if free && self.is_own(span) && !self.in_address(hit) && names.insert(name.clone()) {
                taken[span.start..span.end].fill(true);
                found.push((name, span));
            }
        }
        found.sort_by_key(|(_, span)| *span);
        found
    }

    /// Parts of a mail address or URL are no goods.
    fn in_address(&self, hit: regex::Match<'_>) -> bool {
        let text = self.normal.as_str();
        let sign = |c: char| matches!(c, '@' | '.' | '/' | '_');
        text[..hit.start()].ends_with(sign) || text[hit.end()..].starts_with(sign)
    }

    fn opened(&self) -> Option<bool> {
        if self
            .all(&UNOPENED)
            .any(|hit| !SUPPOSED.is_match(self.after(hit, 12)) && !self.after(hit, 3).starts_with("なら"))
        {
            return Some(false);
        }
        self.all(&OPENED).any(|hit| !SUPPOSED.is_match(self.after(hit, 12))).then_some(true)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(found: &[(String, Span)]) -> Vec<&str> {
        found.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn an_order_number_is_found_by_its_name_or_its_shape() {
        for (text, wanted) in [
            ("注文番号はOL-260384です。", Some("OL-260384")),
            ("ＯＬ－２６０３８４の件です。", Some("OL-260384")),
            ("注文48120がまだです。", Some("48120")),
            ("注文番号：48120、型番AB-12345", Some("48120")),
            ("48120の注文について", Some("48120")),
            ("注文2026年11月の分", None),
            ("電話は090-1234-5678です。", None),
            ("椅子を10脚注文しました。", None),
        ] {
            let found = Given::of(text).order_number.map(|(number, _)| number);
            assert_eq!(found.as_deref(), wanted, "{text}");
        }
        let text = "ＯＬ－２６０３８４の件です。";
        assert_eq!(Given::of(text).order_number.unwrap().1.of(text), "ＯＬ－２６０３８４");
    }

    #[test]
    fn days_are_found_as_they_were_written() {
        let text = "2026年11月20日に頼み、11/22着の予定が昨日まで来ず、先週の金曜日に電話しました。３日前です。";
        assert_eq!(names(&Given::of(text).dates), ["2026年11月20日", "11/22", "昨日", "先週の金曜日", "３日前"]);
    }

    #[test]
    fn goods_are_quoted_or_named_and_messages_are_not_goods() {
        assert_eq!(
            names(&Given::of("「しずくの化粧水」とセラムミストを買いました。").products),
            ["しずくの化粧水", "セラムミスト"]
        );
        assert_eq!(names(&Given::of("会議椅子KB-200の脚").products), ["会議椅子", "KB-200"]);
        assert_eq!(
            names(&Given::of("「認証に失敗しました」と出てログインできません。キャンセルしたいです。").products),
            [""; 0]
        );
        assert_eq!(names(&Given::of("注文番号OL-260384、連絡先はab-12@shop.exampleです。").products), [""; 0]);
    }

    #[test]
    fn a_picture_counts_only_when_it_is_there() {
        for (text, photo) in [
            ("写真を添付します。", true),
            ("画像をお送りしました。", true),
            ("添付の写真のとおり割れています。", true),
            ("写真は必要ですか。", false),
            ("写真を送りましょうか。", false),
            ("写真を送る方法を教えてください。", false),
            ("割れています。", false),
        ] {
            assert_eq!(Given::of(text).photo, photo, "{text}");
        }
    }

    #[test]
    fn opened_unopened_and_nothing_said_are_three_things() {
        for (text, opened) in [
            ("まだ開封していません。", Some(false)),
            ("未使用です。", Some(false)),
            ("箱を開けたら割れていました。", Some(true)),
            ("2回ほど使いました。", Some(true)),
            ("開封後ですが返品したいです。", Some(true)),
            ("未開封なら返品できますか。", None),
            ("開封した場合は返品できますか。", None),
            ("返品したいです。", None),
        ] {
            assert_eq!(Given::of(text).opened, opened, "{text}");
        }
    }

    #[test]
    fn a_packet_lists_what_was_given_by_name() {
        let items =
            Given::of("注文番号OL-260384、11月20日に届いた「月のクリーム」2個が割れていました。写真を添付します。")
                .items();
        let item = |name: &str| items.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
        assert_eq!(item("注文番号"), Some("OL-260384"));
        assert_eq!(item("日付"), Some("11月20日"));
        assert_eq!(item("対象"), Some("月のクリーム"));
        assert_eq!(item("数量"), Some("2個"));
        assert_eq!((item("写真"), item("開封")), (Some("あり"), None));
        assert!(Given::of("こんにちは").items().is_empty() && Given::of("こんにちは").is_empty());
    }

    #[test]
    fn quoted_history_and_the_signature_are_not_what_was_given() {
        let given = Given::of("届きません。\nよろしくお願いします。\n\n> 注文番号OL-260384 写真を添付します");
        assert!(given.order_number.is_none() && !given.photo);
    }

    proptest! {
        #[test]
        fn every_span_lies_in_the_text(text in "(注文番号|OL-260384|48120|11月20日|昨日|「|」|クリーム|化粧水|2個|写真を添付します|東京都港区1-2-3|ｶﾞ|㍿|👨‍👩‍👧|𠮷|か\u{3099}|[。、 \n]){0,16}") {
            let given = Given::of(&text);
            let chars = text.chars().count();
            for (value, span) in given.dates.iter().chain(&given.products).chain(&given.quantity).chain(&given.variant) {
                prop_assert!(span.end <= chars && span.of(&text) == value);
            }
            if let Some((_, span)) = given.order_number {
                prop_assert!(span.end <= chars && !span.is_empty());
            }
        }
    }
}
