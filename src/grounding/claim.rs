//! Which sentences state a fact. Greeting, thanks, apology, sympathy, question, request, closing and the
//! offer to look into something do not; nor does a sentence that only takes up what the customer wrote.

use std::sync::LazyLock;

use regex::Regex;

use crate::language::quantity::{Fact, Value};

use super::{
    polarity::{self, Places},
    told::Told,
};

/// Said to be polite, wherever a letter begins or ends; matched at the end of the sentence.
static COURTESY_END: LazyLock<Regex> = LazyLock::new(|| {
    ending(&[
        "ありがとうございます",
        "ありがとうございました",
        "有難うございます",
        "有り難うございます",
        "ありがとう存じます",
        "御礼申し上げます",
        "お礼申し上げます",
        "感謝(?:いた|致)?(?:します|しております|申し上げます)",
        "申し訳(?:ございません|ありません|なく(?:存じます|思っております|思います))(?:でした)?",
        "お詫び(?:申し上げます|いたします|を申し上げます)",
        "お詫びの言葉もございません",
        "失礼(?:いた|致)?しました",
        "恐れ入ります",
        "恐縮です",
        "恐縮(?:でございます|に存じます|しております)",
        "お願い(?:いた|致)?します(?:ね)?",
        "お願い(?:いた|致)?しております",
        "お願い申し上げます",
        "(?:下|くだ)さい(?:ませ|ね|な)?",
        "(?:幸い|幸甚)(?:です|でございます|に存じます)",
        "お待ち(?:して(?:おり|い)ます|申し上げております)(?:ね)?",
        "楽しみにして(?:おります|います)",
        "お世話になって(?:おり|い)ます",
        "お世話になります",
        "(?:嬉しく|うれしく|光栄に|心苦しく|残念に)(?:存じます|思います|思っております)",
        "(?:嬉しい|うれしい|心強い)です",
        "(?:お察しいた|お察し)します",
        "(?:存じて|受け止めて)(?:おります|います)",
        "(?:こと|思い|お気持ち)(?:と|で(?:いらっしゃる|ある)と)(?:思います|存じます|お察しします)",
        "と申します",
        "承知(?:いた|致)?しました",
        "かしこまりました",
        "拝見(?:いた|致)?しました",
        "(?:こんにちは|こんばんは|はじめまして|おはようございます)",
        "ように",
        "(?:お祈り|お願い|ご祈念)(?:いたし|し|申し上げ)(?:ます|ております)",
        "(?:願って|祈って|心待ちにして)(?:おります|います)",
        "おめでとうございます",
        "お悔やみ申し上げます",
        "(?:お疲れさま|お疲れ様)で(?:す|ございます|した)",
        "(?:何より|幸甚|残念|すてき|素敵)(?:です|でございます|でございました|でした)(?:ね)?",
        "お待ち(?:いたし|致し)ております",
        "(?:とのこと|件)、?(?:承知(?:いた)?しました|承りました|拝承しました)",
        "(?:かと|ものと)(?:存じます|思います)",
        "(?:お見舞い|お礼|御礼|ご挨拶)(?:を)?申し上げます",
        "(?:注意|精進|留意|配慮|改善)(?:を)?(?:いた)?して(?:まいります|参ります)",
        "努め(?:てまいり|させていただき)?ます",
        "努めてまいります",
        "精進してまいります",
        "励みにいたします",
    ])
});
/// We shall look, tell, ask: a service offered, nothing stated.
static OFFER_END: LazyLock<Regex> = LazyLock::new(|| {
    ending(&[
        r"(?:ご連絡|ご案内|ご報告|お知らせ|ご返信|ご返答|ご回答|お答え|ご説明|お調べ|確認|調査|お手伝い|サポート|検討|共有|ご相談に(?:乗|の)|対応|お伝え|申し伝え|相談)(?:を)?(?:いた|致)?(?:します|差し上げます|申し上げます|させていただきます|してまいります|り(?:ます|いたします)|ます)(?:ね)?",
        "(?:確認|調査|検討|手配|共有)(?:を)?(?:いた|致)?して(?:おります|います)",
        "(?:お任せ|ご安心)(?:下|くだ)さい(?:ませ)?",
    ])
});
/// Ends of requests, and of offers to tell.
static REQUEST_END: LazyLock<Regex> = LazyLock::new(|| {
    ending(&[
        "(?:下|くだ)さい(?:ませ|ね|な)?",
        "(?:下|くだ)さいますよう(?:お願い(?:いた|致)?します|お願い申し上げます)?",
        "お願い(?:(?:いた|致)?します|(?:いた|致)?しております|申し上げます)(?:ね)?",
        "(?:いただ|頂)けますと(?:幸い|助かり)(?:です|でございます|に存じます|ます)",
        "(?:ご連絡|ご案内|お知らせ|ご返信)(?:を)?(?:いた|致)?します",
        "おすすめ(?:です|でございます|して(?:おり|い)ます|(?:いた)?します)",
    ])
});
/// A shorter request says nothing that a rule could say.
const ASKS_AT_LEAST: usize = 14;
/// A greeting, then a name; no topic, no predicate.
static INTRODUCES: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(
        r"^(?:[^、。]{0,24}(?:こんにちは|こんばんは|ございます|おります)、)?(?:[^はがをに、。0-9]|[ぁ-ん]は){2,28}(?:です|でございます)[。!]*$",
    )
    .expect("a constant pattern")
});
static QUESTION_END: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"(?:\?|でしょうか|ますか|ませんか|ですか|ましたか|ございますか)[\s。!?]*$")
        .expect("a constant pattern")
});
/// The customer's words come back: とのこと, の件, についてのお問い合わせ.
static TAKE_UP: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(concat!(
        r"とのこと|とのお(?:申し出|話|問い合わせ)|との(?:ご連絡|ご意見|ご指摘|ご希望|ご相談)|(?:お問い合わせ|ご質問|ご相談|ご希望|ご連絡|ご要望|件|こと)",
        r"(?:ですね|でございますね|でございますか|でしょうか|を承りました|を拝見しました|(?:を|に)?(?:いただ|頂)(?:き|いて)(?:おります|ました))|(?:です|でございます)ね[。!]*$|(?:について|に関して)、?(?:お答え|ご案内|ご説明|ご回答)"
    ))
    .expect("a constant pattern")
});
/// Whoever writes, by name.
static INTRODUCTION: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"(?:サポート|センター|窓口|ショップ|担当|デスク|係)の?[^\s。、]{0,12}(?:です|でございます|と申します)[。!]*$|^担当[::]?")
        .expect("a constant pattern")
});
/// いつもご利用, 平素より: how letters open; ご不明な点, 今後とも: how they close.
static FORMULA: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(concat!(
        r"^(?:平素|日頃|いつも|毎度|拝啓|敬具|このたびは|この度は|今後とも|引き続き|まずは|取り急ぎ|以上)",
        r"|ご不明な?点|ご不明点|気になること|お困りのこと|ご心配な(?:点|こと)|お気軽に|何なりと|(?:ご心配|ご不便|ご迷惑|お手数|ご不安|ご負担)を?お?(?:かけ|掛け)"
    ))
    .expect("a constant pattern")
});
/// Where to write to is an open door, not a rule of the shop.
static OPEN_DOOR: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"(?:ご要望|ご質問|ご相談|ご意見|お問い合わせ|ご不明な?点)[^。]*(?:承ります|承っております|受け付けております)[\s。]*$")
        .expect("a constant pattern")
});
/// A predicate by which shops state their rules and doings.
static PREDICATE: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"(?:です|ます|ません|ました|でした|ございます|おります|無料|有料|不可|可能|対象外?|必要|不要|負担|のみ|限り|まで|ない|できる)(?:ね|よ|が)?(?:[(（].*[)）])?[\s。!♪☆🌸🍀…・]*$")
        .expect("a constant pattern")
});

fn ending(words: &[&str]) -> Regex {
    crate::language::pattern::regex(&format!(r"(?:{})[^\p{{L}}\p{{N}}]*$", words.join("|")))
        .expect("a constant pattern")
}

/// What a sentence is said for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// To state something that evidence has to carry.
    Claim,
    /// To ask for something or to offer it: the shop's own rule where the shop says so, and nothing else.
    Request,
    /// To be polite, to ask, to take up what was written.
    Courtesy,
}

/// What the sentence, in normal form, is said for.
pub fn said(sentence: &str, facts: &[&Fact], told: &Told) -> Said {
    match is_claim(sentence, facts, told) {
        true => Said::Claim,
        false if asks(sentence) => Said::Request,
        false => Said::Courtesy,
    }
}

/// A request or an offer with something in it.
fn asks(sentence: &str) -> bool {
    sentence.chars().count() >= ASKS_AT_LEAST && REQUEST_END.is_match(sentence) && !FORMULA.is_match(sentence)
}

/// Who names himself in the first sentences: 湊屋コーヒーの佐伯でございます.
pub fn introduces(sentence: &str) -> bool {
    INTRODUCES.is_match(sentence.trim())
}

/// Whether the sentence, in normal form, states something that evidence has to carry. `facts` are its
/// typed facts, `told` what the customer's own words state.
fn is_claim(sentence: &str, facts: &[&Fact], told: &Told) -> bool {
    let news = facts.iter().any(|fact| is_weighty(fact) && !told.values.contains(&fact.value));
    if QUESTION_END.is_match(sentence) || is_address(sentence) || INTRODUCTION.is_match(sentence) && !news {
        return false;
    }
    // A deadline or a price stays a claim when it is wrapped in a request or an apology; 次の2点 does not.
    let polite = COURTESY_END.is_match(sentence) || OFFER_END.is_match(sentence);
    let counted = |fact: &Fact| matches!(fact.value, Value::Count { .. }) && fact.bound.is_none();
    if news && !(polite && facts.iter().copied().all(counted)) {
        return true;
    }
    if polite {
        return gives_reason(sentence) || says_who_pays(sentence);
    }
    if OPEN_DOOR.is_match(sentence)
        || TAKE_UP.is_match(sentence)
        || FORMULA.is_match(sentence) && !states_rule(sentence)
    {
        return false;
    }
    // ・賞味期限:製造日から90日: a line of a list states without a predicate.
    let listed = sentence.starts_with(['・', '-', '※', '■', '●']) && sentence.contains(':');
    listed || PREDICATE.is_match(sentence)
}

/// 本日 in a greeting and 1つ in a phrase carry no promise by themselves.
fn is_weighty(fact: &Fact) -> bool {
    match &fact.value {
        Value::RelativeDay(days) => *days > 0,
        Value::Weekdays(_) | Value::RelativePeriod(_) => false,
        Value::Count { unit, .. } => *unit != "名",
        _ => true,
    }
}

/// 返品は承っておりませんので、ご了承ください: the rule stands before the request.
fn gives_reason(sentence: &str) -> bool {
    let reason = ["ので、", "ため、", "から、", "が、"].iter().filter_map(|word| sentence.rfind(word)).max();
    reason.is_some_and(|end| states_rule(&sentence[..end]))
}

/// A request to bear a cost is a rule about the cost.
fn says_who_pays(sentence: &str) -> bool {
    polarity::of(sentence, &[], &Places::default()).iter().any(|(axis, ..)| *axis == polarity::Axis::Free)
}

/// A formula can be followed by a rule in the same sentence.
fn states_rule(sentence: &str) -> bool {
    polarity::of(sentence, &[], &Places::default()).iter().any(|(axis, ..)| *axis != polarity::Axis::Done)
}

/// 山田様, 株式会社青葉 御中.
fn is_address(sentence: &str) -> bool {
    let bare = sentence.trim_end_matches(['、', '。', ',', ' ', '\u{3000}']);
    bare.chars().count() <= 40 && ["様", "さま", "さん", "御中", "各位"].iter().any(|word| bare.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::super::statement::Statement;
    use super::*;
    use crate::language::{normal::Normalised, quantity::facts};

    fn claims(sentence: &str, inquiry: &str) -> bool {
        let (stated, told) = (facts(sentence), Told::by(&Statement::of(inquiry), None));
        is_claim(Normalised::of(sentence).as_str(), &stated.iter().collect::<Vec<_>>(), &told)
    }

    #[test]
    fn courtesy_questions_and_offers_claim_nothing() {
        for line in [
            "山田 花子 様",
            "平素より格別のお引き立てを賜り、厚く御礼申し上げます。",
            "サポートの野口です。",
            "このたびはご迷惑をおかけし、申し訳ございません。",
            "お手数ですが、次の2点をお知らせください。",
            "サイズは合っておりますでしょうか？",
            "お手元のお写真をお送りいただけますと幸いです。",
            "確認のうえ、ご連絡いたします。",
            "またのご利用をお待ちしております🌸",
            "ご不明な点がございましたら、お気軽にお問い合わせください。",
        ] {
            assert!(!claims(line, ""), "{line}");
        }
    }

    #[test]
    fn what_the_customer_wrote_is_no_claim_when_it_is_taken_up() {
        let inquiry = "注文番号KS-20931です。12月5日のお届けを休みたいです。";
        assert!(!claims("12月5日のお届け分のお休みをご希望とのことですね。", inquiry));
        assert!(!claims("ご注文番号KS-20931、お調べいたします。", inquiry));
        assert!(claims("12月8日のお届けに変更しました。", inquiry));
    }

    #[test]
    fn rules_and_typed_facts_are_claims_even_in_polite_wrapping() {
        for line in [
            "返品は承っておりません。",
            "到着から14日以内にお申し込みください。",
            "申し訳ございませんが、送料が880円かかります。",
            "送料は無料です。",
            "・送料：550円",
            "素材は綿です。",
            "振込手数料はお客様にてご負担くださいますようお願いいたします。",
            "口座振替にも対応しております。",
            "開封後の返品は承っておりませんので、ご了承くださいませ。",
        ] {
            assert!(claims(line, ""), "{line}");
        }
    }
}
