//! Every event of the log in one sentence, for people who do not read JSON.

use serde_json::Value;

use super::super::{lang::Lang, middle};
use crate::{
    app::{Entry, Names},
    domain::Channel,
};

/// 48,201.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// How somebody is called in a sentence.
pub fn person(lang: Lang, names: &Names, principal: &str) -> String {
    match principal {
        "local" => lang.say("この端末の管理者", "The admin at this machine").to_owned(),
        "system" => "Aizuchi".to_owned(),
        known => names.of(known).to_owned(),
    }
}

/// What a subject of events is called.
pub fn subject(lang: Lang, subject: &str) -> &str {
    match subject {
        "configuration" => lang.say("プログラムと設定", "Build and settings"),
        "contact" => lang.say("返信のその後", "After the reply"),
        "dispute" => lang.say("異議への回答", "Answered disputes"),
        "document" => lang.say("文書の消去", "Erased documents"),
        "draft" => lang.say("下書きと判断", "Drafts and decisions"),
        "filter" => lang.say("保存した絞り込み", "Saved filters"),
        "finding" => lang.say("指摘の判定", "Rulings"),
        "inquiry" => lang.say("問い合わせ", "Inquiries"),
        "key" => lang.say("鍵", "Keys"),
        "knowledge" => lang.say("ナレッジ", "Knowledge"),
        "log" => lang.say("監査ログ", "Audit log"),
        "person" => lang.say("メンバー", "People"),
        "proposal" => lang.say("変更案の判断", "Decided proposals"),
        "reply" => lang.say("返信", "Replies"),
        "retention" => lang.say("保存期間", "Retention"),
        "subject" => lang.say("お客様の文面の消去", "Erased customers"),
        "texts" => lang.say("期限切れの文面", "Expired texts"),
        "workspace" => lang.say("ショップ", "Shop"),
        other => other,
    }
}

/// An event in one sentence; `None` for a type that this page has no words for.
pub fn sentence(lang: Lang, names: &Names, entry: &Entry) -> Option<String> {
    let who = person(lang, names, &entry.principal);
    let text = match entry.kind.as_str() {
        "inquiry.received" => channelled(lang, entry, "お問い合わせが届きました", "An inquiry came"),
        "inquiry.joined" => channelled(lang, entry, "お客様が続けて書きました", "The customer wrote again"),
        "inquiry.held" if is(entry, "over") => {
            by(lang, &who, "ほかの人から対応を引き取りました", "took the inquiry over")
        }
        "inquiry.held" => by(lang, &who, "対応を始めました", "began to work on it"),
        "inquiry.released" => by(lang, &who, "対応をやめ、担当を空けました", "handed the inquiry back"),
        "inquiry.noted" => by(lang, &who, "社内メモを残しました", "left a note for colleagues"),
        "draft.created" => lang.say("下書きを作りはじめました。", "A draft was begun.").to_owned(),
        "draft.suggested" => suggested(lang, entry),
        "draft.failed" => {
            let why = failure(lang, entry.word("code").unwrap_or_default());
            let (ja, en) = ("下書きを作れませんでした", "A draft failed");
            format!("{}{}", lang.say(ja, en), bracketed(lang, &[why.to_owned()]))
        }
        "draft.decided" => match entry.word("action") {
            Some("accept") => by(lang, &who, "下書きをそのまま採用しました", "accepted a draft as it was"),
            Some("edit") => by(lang, &who, "下書きを直して採用しました", "accepted a draft with changes"),
            _ => by(lang, &who, "下書きを使わないと決めました", "decided not to use a draft"),
        },
        "draft.undecided" => undone(lang, names, &who, entry),
        "draft.replayed" => {
            by(lang, &who, "下書きを、いまのモデルで作り直して比べました", "had today's model write a draft again")
        }
        "reply.reported" => {
            let channel = channel(lang, entry);
            let said = by(lang, &who, "返信を記録しました", "recorded a reply");
            format!("{}{}", said.trim_end_matches(['。', '.']), bracketed(lang, &channel))
        }
        "contact.reported" => contact(lang, entry),
        "finding.ruled" => ruled(lang, &who, entry),
        "finding.ruled_again" => {
            by(lang, &who, "指摘をもう一度、前の判定を見ずに判定しました", "ruled on a finding a second time, blind")
        }
        "finding.disputed" => by(lang, &who, "指摘に異議を出しました", "disputed a finding"),
        "dispute.answered" if is(entry, "granted") => by(lang, &who, "異議を認めました", "granted a dispute"),
        "dispute.answered" => by(lang, &who, "異議に答え、判定を保ちました", "answered a dispute and kept the ruling"),
        "reply.sampled" if entry.word("missed").is_some() => by(
            lang,
            &who,
            "抜き出した返信に、見逃された指摘を見つけました",
            "found something missed in a sampled reply",
        ),
        "reply.sampled" => by(lang, &who, "抜き出した返信を確かめました", "looked through a sampled reply"),
        "filter.saved" => by(lang, &who, "絞り込みを保存しました", "saved a filter"),
        "filter.removed" => by(lang, &who, "保存した絞り込みを消しました", "removed a saved filter"),
        "person.placed" if entry.word("role").is_none() => {
            by(lang, &who, "メンバーの役割を外しました", "took somebody's role away")
        }
        "person.placed" => by(lang, &who, "メンバーに役割を付けました", "gave somebody a role"),
        "person.stamped" if is(entry, "password") => by(lang, &who, "パスワードを決めました", "chose a password"),
        "person.stamped" if entry.word("person") != Some(&entry.principal) => {
            by(lang, &who, "メンバーをすべての端末からサインアウトさせました", "signed somebody out everywhere")
        }
        "person.stamped" => by(lang, &who, "すべての端末からサインアウトしました", "signed out everywhere"),
        "person.linked" if entry.word("issuer").is_some() => {
            by(lang, &who, "シングルサインオンのアカウントと連携しました", "linked an account of single sign-on")
        }
        "person.linked" => by(
            lang,
            &who,
            "メンバーのシングルサインオンの連携を外しました",
            "unlinked somebody's account of single sign-on",
        ),
        "knowledge.changed" => knowledge(lang, &who, entry),
        "knowledge.proposed" => match entry.word("wish") {
            Some("create") => by(lang, &who, "新しい文書を提案しました", "proposed a new document"),
            Some("retire") => by(lang, &who, "文書の取り下げを提案しました", "proposed to retire a document"),
            _ => by(lang, &who, "文書の変更を提案しました", "proposed a change of a document"),
        },
        "proposal.decided" if is(entry, "approved") => by(lang, &who, "変更案を承認しました", "approved a proposal"),
        "proposal.decided" => by(lang, &who, "変更案を見送りました", "refused a proposal"),
        "document.erased" => erased(lang, &who, entry, "文書の文面を消去しました", "erased a document"),
        "subject.erased" => erased(lang, &who, entry, "お客様の文面を消去しました", "erased a customer's words"),
        "texts.expired" => {
            let (ja, en) = ("保存期間が過ぎた文面を消去しました", "Texts whose time was over were erased");
            format!("{}{}", lang.say(ja, en), bracketed(lang, &[lang.count(entry.number("/texts"))]))
        }
        "retention.set" => by(lang, &who, "文面の保存期間を決めました", "set for how long texts are kept"),
        "key.created" => {
            let said = by(lang, &who, "鍵を作りました", "made a key");
            let role = entry.word("role").unwrap_or_default().to_owned();
            format!("{}{}", said.trim_end_matches(['。', '.']), bracketed(lang, &[role]))
        }
        "key.revoked" => by(lang, &who, "鍵を使えなくしました", "revoked a key"),
        "configuration.used" => lang
            .say(
                "この版のプログラムと設定を、はじめて使いました。",
                "This build and these settings were used for the first time.",
            )
            .to_owned(),
        "log.resumed" => lang
            .say("失われた記録のあとから、監査ログを再開しました。", "The audit log was resumed after a loss.")
            .to_owned(),
        "workspace.opened" => lang.say("ショップを開きました。", "The shop was opened.").to_owned(),
        _ => return None,
    };
    Some(text)
}

/// Why a draft did not come to be, where there are words for it.
pub fn failure(lang: Lang, code: &str) -> &str {
    match code {
        "disk-full" => lang.say("ディスクに空きがありません", "the disk is full"),
        "erased" => lang.say("お客様の文面が消去されました", "the customer's words were erased"),
        "index-unavailable" => lang.say("ナレッジの検索が応答しません", "the search does not answer"),
        "internal" => lang.say("プログラムの誤りです", "a mistake in the program"),
        "request-in-progress" => lang.say("同じ依頼が同時に届きました", "the same request came twice at once"),
        "store-unavailable" => lang.say("記録先が応答しません", "the store does not answer"),
        other => other,
    }
}

/// Who took back what; whose it was is said where it was somebody else's.
fn undone(lang: Lang, names: &Names, who: &str, entry: &Entry) -> String {
    let theirs = entry.word("decided_by").filter(|by| *by != entry.principal);
    let theirs = theirs.map(|by| person(lang, names, by));
    let (ja, en) = match entry.word("action") {
        Some("reject") => ("「使わない」という判断", "not to use a draft"),
        Some("edit") => ("直した下書きの採用", "to accept a draft with changes"),
        _ => ("下書きの採用", "to accept a draft as it was"),
    };
    match (lang, theirs) {
        (Lang::Ja, None) => format!("{who}が、{ja}を取り消しました。"),
        (Lang::Ja, Some(theirs)) => format!("{who}が、{theirs}の{ja}を取り消しました。"),
        (Lang::En, None) => format!("{who} took back the decision {en}."),
        (Lang::En, Some(theirs)) => format!("{who} took back the decision of {theirs} {en}."),
    }
}

/// 佐藤が…しました。
fn by(lang: Lang, who: &str, ja: &str, en: &str) -> String {
    match lang {
        Lang::Ja => format!("{who}が{ja}。"),
        Lang::En => format!("{who} {en}."),
    }
}

/// （メール）。
fn bracketed(lang: Lang, parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    match (lang, parts.is_empty()) {
        (Lang::Ja, true) => "。".to_owned(),
        (Lang::En, true) => ".".to_owned(),
        (Lang::Ja, false) => format!("（{}）。", parts.join("、")),
        (Lang::En, false) => format!(" ({}).", parts.join(", ")),
    }
}

fn is(entry: &Entry, key: &str) -> bool {
    entry.refs.get(key).and_then(Value::as_bool).unwrap_or_default()
}

fn channel(lang: Lang, entry: &Entry) -> Vec<String> {
    let channel = entry.word("channel").and_then(Channel::parse);
    channel.map(|channel| lang.channel(channel).to_owned()).into_iter().collect()
}

fn channelled(lang: Lang, entry: &Entry, ja: &str, en: &str) -> String {
    format!("{}{}", lang.say(ja, en), bracketed(lang, &channel(lang, entry)))
}

fn suggested(lang: Lang, entry: &Entry) -> String {
    if entry.word("outcome") == Some("handoff") {
        let reason = entry.refs.get("reason").and_then(|reason| serde_json::from_value(reason.clone()).ok());
        let reason = reason.map(|reason| middle::handoff(lang, reason).to_owned());
        let said = lang.say("下書きは作らず、人に引き継ぎました", "No draft was made; a person takes over");
        return format!("{said}{}", bracketed(lang, &reason.into_iter().collect::<Vec<_>>()));
    }
    let count = |pointer: &str, ja: &str, en: &str| match entry.number(pointer) {
        0 => String::new(),
        number => format!("{} {number}", lang.say(ja, en)),
    };
    let parts = [
        match entry.word("drafter") {
            Some("prompted") => lang.say("モデル", "model").to_owned(),
            _ => lang.say("抜き書き", "from sources").to_owned(),
        },
        count("/checks/contradicted", "矛盾", "contradicted"),
        count("/checks/unsupported", "根拠なし", "no source"),
        match entry.count("/checks/findings") {
            0 => String::new(),
            findings => format!("{} {findings}", lang.say("表現の指摘", "findings")),
        },
    ];
    let said = lang.say("下書きを作り、根拠と照らし合わせました", "A draft was made and compared with its sources");
    format!("{said}{}", bracketed(lang, &parts))
}

fn contact(lang: Lang, entry: &Entry) -> String {
    let when = |key: &str, ja: &str, en: &str| {
        if is(entry, key) { lang.say(ja, en).to_owned() } else { String::new() }
    };
    let rating = match entry.number("/rating") {
        0 => String::new(),
        rating => format!("{} {rating}", lang.say("評価", "rating")),
    };
    let parts =
        [when("reopened", "再開", "reopened"), when("contacted_again", "再問い合わせ", "contacted again"), rating];
    let said = lang.say("返信のあとの様子が届きました", "What happened after a reply was reported");
    format!("{said}{}", bracketed(lang, &parts))
}

fn ruled(lang: Lang, who: &str, entry: &Entry) -> String {
    let verdict = match entry.word("verdict") {
        Some("confirmed") => lang.say("妥当", "valid"),
        Some("dismissed") => lang.say("誤検出", "a false alarm"),
        _ => lang.say("今回は許容", "allowed this time"),
    };
    match lang {
        Lang::Ja => format!("{who}が指摘を「{verdict}」と判定しました。"),
        Lang::En => format!("{who} ruled that a finding was {verdict}."),
    }
}

fn knowledge(lang: Lang, who: &str, entry: &Entry) -> String {
    let count = |pointer: &str, ja: &str, en: &str| match entry.count(pointer) {
        0 => String::new(),
        count => format!("{} {count}", lang.say(ja, en)),
    };
    let parts = [count("/added", "追加", "added"), count("/retired", "取り下げ", "retired")];
    let said = by(lang, who, "ナレッジを変えました", "changed the knowledge");
    format!("{}{}", said.trim_end_matches(['。', '.']), bracketed(lang, &parts))
}

fn erased(lang: Lang, who: &str, entry: &Entry, ja: &str, en: &str) -> String {
    let said = by(lang, who, ja, en);
    format!("{}{}", said.trim_end_matches(['。', '.']), bracketed(lang, &[lang.count(entry.number("/texts"))]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::Event,
        domain::{EVENT_TYPES, Timestamp},
    };

    fn entry(kind: &str, refs: &str) -> Entry {
        let [content, previous, hash] = [(); 3].map(|()| String::new());
        Entry {
            sequence: 1,
            at: Timestamp(0),
            kind: kind.to_owned(),
            principal: "local".to_owned(),
            refs: serde_json::from_str(refs).unwrap(),
            event: Event { sequence: 1, content, previous, hash },
        }
    }

    #[test]
    fn every_event_of_the_log_is_a_sentence_in_both_languages() {
        for kind in EVENT_TYPES {
            for (lang, stop) in [(Lang::Ja, '。'), (Lang::En, '.')] {
                let said = sentence(lang, &Names::default(), &entry(kind, "{}"));
                let said = said.unwrap_or_else(|| panic!("{kind} has no words in audit/words.rs"));
                assert!(said.ends_with(stop) && !said.contains("（）"), "{said}");
                assert_eq!(said.is_ascii(), lang == Lang::En, "{said}");
            }
            let (of, _) = kind.split_once('.').unwrap();
            assert_ne!(subject(Lang::Ja, of), of, "{of} has no word in audit/words.rs");
        }
    }

    #[test]
    fn a_sentence_says_what_counts() {
        let said = |kind, refs| sentence(Lang::Ja, &Names::default(), &entry(kind, refs)).unwrap();
        let checks = r#"{"outcome":"answer","drafter":"extractive","checks":{"contradicted":1,"findings":["a","b"]}}"#;
        assert_eq!(
            said("draft.suggested", checks),
            "下書きを作り、根拠と照らし合わせました（抜き書き、矛盾 1、表現の指摘 2）。"
        );
        let handoff = r#"{"outcome":"handoff","reason":"no_evidence"}"#;
        assert_eq!(
            said("draft.suggested", handoff),
            "下書きは作らず、人に引き継ぎました（根拠が見つかりませんでした）。"
        );
        assert_eq!(
            said("draft.undecided", r#"{"action":"accept","decided_by":"local"}"#),
            "この端末の管理者が、下書きの採用を取り消しました。"
        );
        assert_eq!(
            said("draft.undecided", r#"{"action":"reject","decided_by":"佐藤"}"#),
            "この端末の管理者が、佐藤の「使わない」という判断を取り消しました。"
        );
        assert_eq!(said("inquiry.received", r#"{"channel":"email"}"#), "お問い合わせが届きました（メール）。");
        assert_eq!(said("draft.decided", r#"{"action":"edit"}"#), "この端末の管理者が下書きを直して採用しました。");
    }

    #[test]
    fn long_numbers_are_grouped() {
        assert_eq!([1, 999, 48_201, 1_000_000].map(grouped), ["1", "999", "48,201", "1,000,000"]);
    }
}
