//! Yes or no: whether something is allowed, free, needed, open.

use std::sync::LazyLock;

use regex::Regex;

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
static PATTERNS: LazyLock<[(Axis, Sign, Regex); 10]> = LazyLock::new(|| {
    let regex = |words: &[&str]| crate::language::pattern::regex(&words.join("|")).expect("a constant pattern");
    [
        (
            Axis::Limited,
            Sign::No,
            regex(&[
                "何(?:回|点|個|枚|本|度|名)でも",
                "無制限",
                "(?:制限|上限)(?:は|が)?(?:ございません|ありません|なく)",
            ]),
        ),
        (
            Axis::Allowed,
            Sign::No,
            regex(&[
                "でき(?:ません|かね|ない)",
                "(?:いた|致)しかね",
                "承(?:れません|れない|って(?:おりません|いません)|りかね|ることが(?:でき|出来))(?:ません|ない|かね)?",
                "(?:は|を|も)?(?:いた|致)?して(?:おりません|いません|ない)",
                "(?:お受け|受け付け|対応|お取り扱い|取り扱い)(?:は)?(?:ございません|ありません)",
                "行って(?:おりません|いません|ない)|行(?:いません|えません)",
                "休止|見合わせ|を休みます|をお休み",
                "(?:いただ|頂)けません",
                "(?:いただ|頂)けない",
                "(?:お断り|ご遠慮)",
                "不可",
                "(?:対象外|対象と(?:なりません|はなりません)|対象に(?:含まれません|なりません)|対象では(?:ありません|ございません))",
                "(?:いた|致)しません|同封しません",
            ]),
        ),
        (
            Axis::Needed,
            Sign::No,
            regex(&["不要", "必要(?:は|が)?(?:ございません|ありません|ない)", "(?:に|は)(?:及びません|およびません)"]),
        ),
        (
            Axis::Free,
            Sign::Yes,
            regex(&[
                "無料(?:[でにとも、。)]|$)",
                "(?:料|代|費|費用|手数料)(?:は|が|も)?(?:一切)?(?:かかりません|いただきません|頂きません|いただいておりません)",
                "(?:弊社|当店|当社|私ども|わたしたち)(?:が|にて|で|の)?(?:全額)?(?:ご|御)?負担",
            ]),
        ),
        (
            Axis::Free,
            Sign::No,
            regex(&[
                "有料",
                "お客(?:様|さま)(?:の|にて|に|が)?(?:ご|御)?負担",
                "(?:ご|御)負担(?:いただ|となり|をお願い|ください)",
                "申し受け",
                "頂戴(?:し|いた|致)",
                "費用がかかります",
            ]),
        ),
        (Axis::Needed, Sign::Yes, regex(&["必要(?:です|でございます|となり|がござい|があり|に)", "必須", "不可欠"])),
        (Axis::Open, Sign::No, regex(&["休業", "定休", "お休み(?:です|を(?:いただ|頂)|とさせ)"])),
        (Axis::Open, Sign::Yes, regex(&["営業(?:して|いた|です|しま|中)", "受け付けて"])),
        (
            Axis::Allowed,
            Sign::Yes,
            regex(&[
                "でき(?:ます|る)",
                "承(?:ります|れます|って(?:おります|います)|り、)",
                "可能(?:です|でございます|と)",
                "(?:いただ|頂)け(?:ます|る)",
                "(?:お受け|受け付け)(?:い?た?し?(?:ます|ており)|ます)",
                "(?:お受け|対応|お取り扱い|取り扱い)(?:いたします|します|しており|して(?:おり|い)ます)",
                "対象(?:です|で|となり|と|に(?:なり|含まれ))(?:す|ます|ござ)",
                "同封(?:します|いたします)",
            ]),
        ),
        (Axis::Done, Sign::Yes, regex(&["(?:いた|致)?し(?:ます|ております|ています)"])),
    ]
});

/// What the text says yes and no to, with the place of each in characters.
pub fn of(text: &str, numbers: &Places) -> Vec<(Axis, Sign, usize)> {
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
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> (Axis, Sign) {
        let found = of(text, &Places::default());
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
        assert_eq!(of("送料無料の基準", &Places::default()), []);
    }
}
