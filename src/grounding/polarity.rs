//! Yes or no: whether something is allowed, free, needed, open.

use std::sync::LazyLock;

use regex::Regex;

use super::clause::{Clause, holding};

/// What a yes or no is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Axis {
    /// Possible, accepted, covered.
    Allowed,
    /// Without charge to the customer.
    Free,
    /// Required of the customer.
    Needed,
    /// Done as a rule; its no is that of `Allowed`: 発送します, 発送しておりません.
    Done,
    /// Open, as against closed.
    Open,
    /// Only up to a number, as against as often as one likes.
    Limited,
    /// Whatever the verb says, where none of the others is meant; its no is also that of `Allowed`.
    Said,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// Numbers that say yes or no by themselves, by their place in characters.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// Amounts that are asked for: not free.
    pub prices: Vec<usize>,
    /// Counts with an upper bound: limited.
    pub limits: Vec<usize>,
}

/// In this order: the longer negative form is taken before the positive one inside it is looked for.
static PATTERNS: LazyLock<[(Axis, Sign, Regex); 12]> = LazyLock::new(|| {
    let regex = |words: &[&str]| crate::language::pattern::regex(&words.join("|")).expect("a constant pattern");
    [
        (
            Axis::Limited,
            Sign::No,
            regex(&[
                "何(?:回|点|個|枚|本|度|名)でも",
                "無制限",
                "(?:制限|上限|限り)(?:は|が|も)?(?:ございません|ありません|なく|設けて(?:おりません|いません)|設けません)",
                "制限を?設けて(?:おり|い)ません",
            ]),
        ),
        (
            Axis::Free,
            Sign::Yes,
            regex(&[
                "無料(?:[でにとも、。)]|$|と)|無償",
                "(?:料|料金|代|代金|費|費用|手数料|お金)(?:は|が|も|を|の追加は)?(?:一切)?(?:かかりません|かからず|いただきません|頂きません|いただいて(?:おり|い)ません|頂戴(?:いた|して(?:おり|い))?(?:し)?ません|発生(?:いた)?し(?:ません|ない)|ございません|なし)",
                "(?:料|料金|代|費|費用|手数料|ご?負担)(?:が|は|を|も)?(?:かかる|発生する|いただく|頂く|生じる)ことは(?:ございません|ありません|ない)",
                "(?:弊社|当店|当社|私ども|わたしたち)(?:が|にて|で|の)?(?:全額|すべて)?(?:を)?(?:ご|御)?(?:負担|持ち|お?支払い(?:いた|し))",
                "(?:送料|料金|手数料|費用|代)(?:も|は|が)?(?:すべて)?(?:含まれ(?:て(?:おり|い)ます|ます)|込み(?:です|で|と)|含みます)",
            ]),
        ),
        (
            Axis::Allowed,
            Sign::Yes,
            regex(&[
                "(?:構い|かまい)ません",
                "(?:問題|差し支え|支障|ご心配)(?:は|も)?(?:ございません|ありません|ない)",
            ]),
        ),
        (
            Axis::Needed,
            Sign::No,
            regex(&[
                "不要|要りません|いりません",
                "(?:必要|義務)(?:は|が|も)?(?:ございません|ありません|なく|ない)",
                "(?:に|は)(?:及びません|およびません)",
                "いただか(?:なく|ず)(?:ても|とも|に)|なし(?:で|に)(?:も)?(?:ご利用|お使い)",
            ]),
        ),
        (Axis::Needed, Sign::Yes, regex(&["欠かせ(?:ません|ない)", "なければ(?:なりません|いけません)"])),
        (
            Axis::Allowed,
            Sign::No,
            regex(&[
                "でき(?:ません|かね|ない|ず|兼ね)|出来(?:ません|ない|かね)",
                "(?:いた|致|応じ|お受けし|承り)(?:し)?(?:かね|兼ね)",
                "承(?:れません|れない|って(?:おりません|いません)|りかね|ることが(?:でき|出来))(?:ません|ない|かね)?",
                "(?:は|を|も)?(?:いた|致)?して(?:おりません|いません|ない)",
                "(?:お受け|受け付け|対応|お取り扱い|取り扱い|ご用意)(?:は|が)?(?:ございません|ありません)",
                "(?:し|って|いて)(?:て)?おらず|(?:でき|なれ)ず",
                "行って(?:おりません|いません|ない)|行(?:いません|えません)",
                "休止|見合わせ|を休みます|をお休み",
                "(?:いただ|頂)けません",
                "(?:いただ|頂)けない",
                "(?:お断り|ご遠慮|差し控え|お控え)",
                "不可|禁止",
                "(?:対象外|対象と(?:なりません|はなりません)|対象に(?:含まれません|なりません|は?含まれ(?:て(?:おり|い)ません|ません))|対象では(?:ありません|ございません))",
                "(?:いた|致)しません|同封しません|ことは(?:ございません|ありません)",
                "終了(?:して(?:おり|い)|いた|し)(?:しま|ま)(?:す|した)|締め切(?:りました|って(?:おり|い)ます)",
                "(?:含まれ|含め|設けて|受け付けて|応じられ|なれ|使え|選べ|送れ|られ)(?:おり|い)?ません",
                "以外(?:は|の)[^、。]{0,12}(?:ません|ない)",
            ]),
        ),
        (
            Axis::Free,
            Sign::No,
            regex(&[
                "有料|有償|実費",
                "お客(?:様|さま)(?:の|にて|に|が|で|、[^、。]{0,16}(?:当店|弊社|当社)が)?(?:ご|御)?負担|(?:購入者|貴社|ご注文者)(?:様|さま)?(?:の|にて|に|が|で)?(?:ご|御)?負担",
                "(?:ご|御)負担(?:いただ|頂|となり|になり|を?お?願い|ください|くださ|でお願い)",
                "申し受け",
                "頂戴(?:し|いた|致)",
                "(?:費用|料金|送料|手数料)(?:が|は|も)?(?:別途)?(?:かか(?:り|る)|発生(?:いた)?し(?:ま|て))",
                "別途(?:ご?負担|料金|送料|費用|かか|必要|申し受け|頂戴|いただ)|別に(?:ご?負担|かか|申し受け|必要|いただ)|別料金",
                "(?:送料|料金|手数料|費用|代)(?:は|が)?(?:含まれ|含み)(?:て(?:おり|い)|)ません",
            ]),
        ),
        (
            Axis::Needed,
            Sign::Yes,
            regex(&[
                "必要(?:です|でございます|となり|と|がござい|があり|に)",
                "必須|不可欠",
                "(?:ご|お)(?:返送|連絡|送り|提出|提示|返却|申し込み|予約|登録|持参|用意)(?:を|く)?(?:ださい|お願い)",
                "(?:必ず|あらかじめ)?[^、。]{0,10}(?:いただ|頂)く(?:こと|必要)が(?:条件|必要)",
            ]),
        ),
        (Axis::Open, Sign::No, regex(&["休業|定休", "お?休み(?:です|を(?:いただ|頂)|とさせ|と?なり|で)"])),
        (Axis::Open, Sign::Yes, regex(&["営業(?:して|いた|です|しま|中)", "受け付けて|無休|開いて"])),
        (
            Axis::Allowed,
            Sign::Yes,
            regex(&[
                "(?:でき|出来)(?:ます|る(?:[、。]|$))",
                "承(?:ります|れます|って(?:おります|います)|り、)",
                "可能(?:です|でございます|と)",
                "(?:いただ|頂)け(?:ます|る(?:[、。]|$))",
                "(?:お受け|受け付け)(?:い?た?し?(?:ます|ており)|ます)",
                "(?:お受け|対応|お取り扱い|取り扱い)(?:いたします|します|しており|して(?:おり|い)ます)",
                "対象(?:です|で|となり|と|に(?:なり|含まれ))(?:す|ます|ござ)|対象(?:と|に)なって(?:おり|い)",
                "同封(?:します|いたします)",
                "(?:なれ|使え|選べ|送れ|られ|含まれ)(?:て(?:おり|い))?ます",
            ]),
        ),
        (Axis::Done, Sign::Yes, regex(&["(?:いた|致)?し(?:ます|ております|ています)"])),
    ]
});
/// The end of a clause that says no in whatever verb: 変わりません, 届きません.
static ENDS_NO: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(
        r"(?:ません(?:でした)?|(?:は|が|も|て)ない(?:です)?|なく)(?:ので|ため|が|し)?[、。!)」♪☆\s]*$",
    )
    .expect("a constant pattern")
});
/// The same for yes: 変わります, お持ちします.
static ENDS_YES: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"(?:ます|ました|です|でした)(?:ので|ため|が|し|から|と)?[、。!)」♪☆\s]*$")
        .expect("a constant pattern")
});

/// What leads a refusal in, and refuses nothing.
static COURTESY: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(
        r"^(?:誠に|大変|たいへん)?(?:恐れ入り|恐縮|申し訳|心苦し|お手数|ご面倒|ご不便|あいにく|残念|失礼|ご迷惑|勝手)[^、]{0,14}[、が]*$",
    )
    .expect("a constant pattern")
});

/// What the text says yes and no to, with the place of each in characters. A condition says neither: 在庫がない場合は.
pub fn of(text: &str, clauses: &[Clause], numbers: &Places) -> Vec<(Axis, Sign, usize)> {
    let mut taken: Vec<std::ops::Range<usize>> = Vec::new();
    let mut found = Vec::new();
    for (axis, sign, pattern) in PATTERNS.iter() {
        for hit in pattern.find_iter(text) {
            // 休止 and 負担 have said it already when しております follows them.
            let said = *axis == Axis::Done && taken.iter().any(|range| range.end == hit.start());
            if !said && taken.iter().all(|range| hit.end() <= range.start || range.end <= hit.start()) {
                taken.push(hit.range());
                found.push((*axis, *sign, text[..hit.start()].chars().count()));
            }
        }
    }
    found.extend(numbers.prices.iter().map(|at| (Axis::Free, Sign::No, *at)));
    found.extend(numbers.limits.iter().map(|at| (Axis::Limited, Sign::Yes, *at)));
    found.retain(|(_, _, at)| !clauses.get(holding(clauses, *at)).is_some_and(|clause| clause.conditional));
    found.extend(by_ending(text, clauses, &found));
    found
}

/// What a clause says in whatever verb, where no pattern knows it.
fn by_ending(text: &str, clauses: &[Clause], known: &[(Axis, Sign, usize)]) -> Vec<(Axis, Sign, usize)> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut start = 0;
    for clause in clauses {
        let (from, end) = (start, clause.end);
        start = end;
        let said = known.iter().any(|(axis, _, at)| (from..end).contains(at) && *axis != Axis::Limited);
        if clause.conditional || said || end == from {
            continue;
        }
        let words: String = chars[from..end].iter().collect();
        if COURTESY.is_match(&words) {
            continue;
        }
        let sign = match (ENDS_NO.is_match(&words), ENDS_YES.is_match(&words)) {
            (true, _) => Sign::No,
            (false, true) => Sign::Yes,
            (false, false) => continue,
        };
        found.push((Axis::Said, sign, end - 1));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Vec<Clause> {
        vec![Clause { end: text.chars().count(), conditional: false, topic: false }]
    }

    fn only(text: &str) -> (Axis, Sign) {
        let found = of(text, &whole(text), &Places::default());
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        (found[0].0, found[0].1)
    }

    #[test]
    fn a_refusal_is_not_read_as_the_offer_inside_it() {
        for text in [
            "返品は承れません",
            "対応しておりません",
            "お受けいたしかねます",
            "承ることができません",
            "ご利用いただけません",
            "返品の対象外です",
        ] {
            assert_eq!(only(text), (Axis::Allowed, Sign::No), "{text}");
        }
        for text in ["返品を承ります", "ご利用いただけます", "お受けいたします", "返品できます", "対象でございます"]
        {
            assert_eq!(only(text), (Axis::Allowed, Sign::Yes), "{text}");
        }
    }

    #[test]
    fn who_pays_and_what_is_needed_are_their_own_questions() {
        assert_eq!(only("送料は弊社が負担いたします"), (Axis::Free, Sign::Yes));
        assert_eq!(only("送料はお客様のご負担です"), (Axis::Free, Sign::No));
        assert_eq!(only("送料はかかりません"), (Axis::Free, Sign::Yes));
        assert_eq!(only("写真は不要です"), (Axis::Needed, Sign::No));
        assert_eq!(only("写真が必要です"), (Axis::Needed, Sign::Yes));
        assert_eq!(of("送料無料の基準", &whole("送料無料の基準"), &Places::default()), []);
    }
}
