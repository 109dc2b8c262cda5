//! What happened to one draft, as a timeline: what the record knows stands under what the log says.

use super::{
    super::{lang::Lang, middle, viewer::Viewer},
    words,
};
use crate::{
    app::{DraftRecord, Entry, Names, ReadRecord},
    domain::{Blocker, Checks, Decision, Suggestion, Timestamp, Verb, Verdict},
};

/// One thing that happened.
pub struct Step {
    /// 9:31:04.
    pub at: String,
    /// The day, where it is another than that of the step before.
    pub day: Option<String>,
    /// Which mark stands at it; empty for a dot.
    pub mark: &'static str,
    /// The colour of the mark.
    pub tone: &'static str,
    /// What happened.
    pub said: String,
    /// What more is known of it.
    pub more: Vec<String>,
    /// Where more of it stands.
    pub href: Option<String>,
    /// What was changed: `del`, `ins` or what stayed, with the words.
    pub changed: Vec<(&'static str, String)>,
    /// Its audit number.
    pub number: String,
}

/// All that happened, in order, with what the record knows of it.
pub fn steps(viewer: &Viewer, names: &Names, read: &ReadRecord) -> Vec<Step> {
    let own = read.record.suggestion.draft.as_ref().map(|draft| draft.id.as_str()).unwrap_or_default();
    let steps = read.entries.iter().zip(plain(viewer, names, &read.entries, own));
    steps.map(|(entry, plain)| detailed(viewer.lang, read, entry, plain)).collect()
}

/// All that happened, in order, as the log alone tells it. `own` is the draft that it is told for.
pub fn plain(viewer: &Viewer, names: &Names, entries: &[Entry], own: &str) -> Vec<Step> {
    let lang = viewer.lang;
    let mut day = None;
    let step = |entry: &Entry| {
        let today = entry.at.day();
        let other = entry.word("draft").filter(|draft| entry.kind.starts_with("draft.") && *draft != own);
        Step {
            at: seconds(lang, entry.at),
            day: (day.replace(today) != Some(today)).then(|| lang.day(today)),
            mark: "",
            tone: "",
            said: headed(words::sentence(lang, names, entry).unwrap_or_else(|| entry.kind.clone())),
            more: other.map(|_| another(lang).to_owned()).into_iter().collect(),
            href: other.map(|draft| viewer.at(&format!("audit/drafts/{draft}"))),
            changed: Vec::new(),
            number: words::grouped(entry.sequence),
        }
    };
    entries.iter().map(step).collect()
}

/// The hash of each event, by its audit number.
pub fn hashes(entries: &[Entry]) -> Vec<(String, String)> {
    entries.iter().map(|entry| (words::grouped(entry.sequence), entry.event.hash.clone())).collect()
}

fn detailed(lang: Lang, read: &ReadRecord, entry: &Entry, plain: Step) -> Step {
    let record = &read.record;
    let own = plain.href.is_none();
    match entry.kind.as_str() {
        "inquiry.received" => Step { more: received(lang, &record.suggestion), ..plain },
        "draft.suggested" if own => suggested(lang, &record.suggestion, plain),
        "draft.decided" if own => decided(lang, record, entry, plain),
        "draft.undecided" if own => {
            let (ja, en) = (
                "下書きは、もう一度判断できるようになりました。返信としては、どこにも数えられません。",
                "The draft could be decided on again. It counts as no reply anywhere.",
            );
            Step { more: vec![lang.say(ja, en).to_owned()], ..plain }
        }
        "inquiry.held" => {
            let (ja, en) = ("ほかの担当者には「対応中」と表示しました。", "Others saw that somebody works on it.");
            Step { more: vec![lang.say(ja, en).to_owned()], ..plain }
        }
        _ => plain,
    }
}

/// A heading has no stop.
fn headed(sentence: String) -> String {
    sentence.trim_end_matches(['。', '.']).to_owned()
}

/// 9:31:04.
fn seconds(lang: Lang, at: Timestamp) -> String {
    format!("{}:{:02}", lang.time(at), at.0.div_euclid(1_000).rem_euclid(60))
}

fn another(lang: Lang) -> &'static str {
    lang.say("同じ問い合わせの、別の下書きです。", "This was another draft for the same inquiry.")
}

/// How many places of the customer's words were masked before they were searched with.
pub fn masked(suggestion: &Suggestion) -> usize {
    let searches = suggestion.making.searches.first();
    searches.map_or(0, |search| search.text.matches("[[").count())
}

fn received(lang: Lang, suggestion: &Suggestion) -> Vec<String> {
    let inquiry = &suggestion.inquiry;
    let mut more = Vec::new();
    if let Some(customer) = &inquiry.customer {
        let (channel, customer) = (lang.channel(inquiry.channel), customer.as_str());
        more.push(match lang {
            Lang::Ja => format!("{customer}からの{channel}。"),
            Lang::En => format!("{channel} from {customer}."),
        });
    }
    match (masked(suggestion), lang) {
        (0, _) => {}
        (count, Lang::Ja) => more.push(format!("個人情報{count}か所は、伏せ字にして処理しました。")),
        (count, Lang::En) => more.push(format!("{count} pieces of personal data were masked.")),
    }
    more
}

fn suggested(lang: Lang, suggestion: &Suggestion, plain: Step) -> Step {
    let flags = suggestion.draft.as_ref().map(|draft| draft.flags.as_slice()).unwrap_or_default();
    let blockers = Blocker::of(flags, &suggestion.checks).len();
    let mut more = vec![chosen(lang, suggestion), compared(lang, &suggestion.checks)];
    more.push(match (blockers, lang) {
        (0, _) => lang.say("そのまま採用できる下書きでした。", "It could be accepted as it was.").to_owned(),
        (count, Lang::Ja) => format!("採用の前に、{count}件の確認を求めました。"),
        (count, Lang::En) => format!("Before it could be accepted, {count} places had to be resolved."),
    });
    let (mark, tone) = match blockers {
        0 => ("supported", "fine"),
        _ if suggestion.checks.has(Verdict::Contradicted) => ("contradicted", "blocked"),
        _ => ("unsupported", "blocked"),
    };
    let (ja, en) = ("下書きを作り、根拠と照らし合わせました", "A draft was made and compared with its sources");
    Step { mark, tone, said: lang.say(ja, en).to_owned(), more, ..plain }
}

/// How many sources there were, and how many of them were used.
pub fn chosen(lang: Lang, suggestion: &Suggestion) -> String {
    let (found, used) = (suggestion.evidence.items.len(), suggestion.checks.cited().len());
    match lang {
        Lang::Ja => format!("根拠の候補{found}件のうち、{used}件を使いました。"),
        Lang::En => format!("Of {found} sources that were found, {used} were used."),
    }
}

/// What came of the comparison with the sources and of the tone rules.
pub fn compared(lang: Lang, checks: &Checks) -> String {
    let verdicts = &checks.grounding.verdicts;
    let weak = verdicts.iter().filter(|sentence| sentence.verdict == Verdict::Supported && sentence.weak).count();
    let count = |verdict| checks.grounding.count(verdict);
    let (contradicted, unsupported) = (count(Verdict::Contradicted), count(Verdict::Unsupported));
    let supported = count(Verdict::Supported) - weak;
    let (claims, findings) = (supported + weak + contradicted + unsupported, checks.findings.len());
    match lang {
        Lang::Ja => format!(
            "事実を述べた{claims}文のうち、根拠あり{supported}、弱い{weak}、矛盾{contradicted}、根拠なし{unsupported}。表現の指摘は{findings}件。"
        ),
        Lang::En => format!(
            "Of {claims} claims, {supported} supported, {weak} weak, {contradicted} contradicted, {unsupported} without a source; {findings} tone findings."
        ),
    }
}

/// What an event tells of: the decision that stands, or one that was taken back; with the text and what it got.
fn told<'a>(record: &'a DraftRecord, entry: &Entry) -> Option<(&'a Decision, Option<(&'a str, &'a Checks)>)> {
    let is_it = |decision: &&Decision| entry.word("decision") == Some(decision.id.as_str());
    if let Some(decision) = record.decision.as_ref().filter(is_it) {
        let sent = record.reply.as_ref().map(|sent| (sent.reply.text.as_str(), &sent.checks));
        return Some((decision, sent));
    }
    let undone = record.undone.iter().find(|undone| is_it(&&undone.decision))?;
    Some((&undone.decision, undone.reply.as_ref().map(|(reply, checks)| (reply.text.as_str(), checks))))
}

fn decided(lang: Lang, record: &DraftRecord, entry: &Entry, plain: Step) -> Step {
    let Some((decision, sent)) = told(record, entry) else { return plain };
    let mut more = Vec::new();
    if let Some(reason) = &decision.reason {
        let (open, close) = (lang.say("理由：「", "Reason: “"), lang.say("」。", "”. "));
        more.push(format!("{open}{reason}{close}"));
    }
    if decision.verb == Verb::Reject {
        return Step { more, ..plain };
    }
    if let Some((_, checks)) = sent {
        let (ja, en) = ("採用した文面の照合：", "The text that was accepted: ");
        more.push(format!("{}{}", lang.say(ja, en), compared(lang, checks)));
    }
    let changed = written(record, decision, sent.map(|(text, _)| text));
    let changed = if places(&changed) == 0 { Vec::new() } else { changed };
    Step { mark: "supported", tone: "fine", more, changed: around(&changed), ..plain }
}

/// What was written over the draft; empty where nothing was.
pub fn changes(record: &DraftRecord) -> Vec<(&'static str, String)> {
    let sent = record.reply.as_ref().map(|sent| sent.reply.text.as_str());
    record.decision.as_ref().map(|decision| written(record, decision, sent)).unwrap_or_default()
}

fn written(record: &DraftRecord, decision: &Decision, sent: Option<&str>) -> Vec<(&'static str, String)> {
    let drafted = record.suggestion.draft.as_ref().map(|draft| draft.text.as_str()).unwrap_or_default();
    match (&decision.verb, sent) {
        (Verb::Edit { .. }, Some(sent)) => joined(middle::difference(drafted, sent)),
        _ => Vec::new(),
    }
}

/// In how many places.
pub fn places(changes: &[(&'static str, String)]) -> usize {
    changes
        .iter()
        .enumerate()
        .filter(|(at, (kind, _))| !kind.is_empty() && (*at == 0 || changes[at - 1].0.is_empty()))
        .count()
}

/// One or two characters that stayed between two changes are part of one change: people do not edit letter by letter.
fn joined(pieces: Vec<(&'static str, String)>) -> Vec<(&'static str, String)> {
    const STAYED: usize = 2;
    let mut joined: Vec<(&'static str, String)> = Vec::new();
    let (mut old, mut new) = (String::new(), String::new());
    let mut waiting = String::new();
    let settle = |old: &mut String, new: &mut String, joined: &mut Vec<(&'static str, String)>| {
        for (kind, words) in [("del", old), ("ins", new)] {
            if !words.is_empty() {
                joined.push((kind, std::mem::take(words)));
            }
        }
    };
    for (kind, words) in pieces {
        let under_way = !old.is_empty() || !new.is_empty();
        match kind {
            "" if under_way && words.chars().count() <= STAYED && !words.contains('\n') => waiting = words,
            "" => {
                settle(&mut old, &mut new, &mut joined);
                joined.push(("", std::mem::take(&mut waiting) + &words));
            }
            _ => {
                let stayed = std::mem::take(&mut waiting);
                old.push_str(&stayed);
                new.push_str(&stayed);
                if kind == "del" { &mut old } else { &mut new }.push_str(&words);
            }
        }
    }
    settle(&mut old, &mut new, &mut joined);
    if !waiting.is_empty() {
        joined.push(("", waiting));
    }
    joined
}

/// The changes with a few words on either side.
fn around(changes: &[(&'static str, String)]) -> Vec<(&'static str, String)> {
    const AROUND: usize = 10;
    let last = changes.len().saturating_sub(1);
    let short = |(at, (kind, words)): (usize, &(&'static str, String))| {
        let chars: Vec<char> = words.chars().collect();
        if !kind.is_empty() || chars.len() <= 2 * AROUND {
            return (*kind, words.replace('\n', " "));
        }
        let head = if at == 0 { String::new() } else { chars[..AROUND].iter().collect() };
        let tail = if at == last { String::new() } else { chars[chars.len() - AROUND..].iter().collect() };
        (*kind, format!("{head} … {tail}").replace('\n', " "))
    };
    changes.iter().enumerate().map(short).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_counted_once_also_where_a_character_of_it_stayed() {
        let of = |old: &str, new: &str| joined(middle::difference(old, new));
        let changed = of("返品は30日以内に承ります。", "返品は14日以内に承ります。");
        assert_eq!(changed[1..3], [("del", "30".to_owned()), ("ins", "14".to_owned())]);
        assert_eq!(places(&changed), 1);
        assert_eq!(places(&of("あいうえおかきくけこ", "あxいyうえおかきくけz")), 2);
        assert_eq!(places(&of("同じ", "同じ")), 0);
    }

    #[test]
    fn nothing_is_lost_between_changes() {
        let (old, new) = ("送料は880円です。返金は翌週です。", "送料は、税込で990円です。返金は7営業日です。");
        let changed = joined(middle::difference(old, new));
        let side = |of: &str| -> String {
            changed.iter().filter(|(kind, _)| kind.is_empty() || *kind == of).map(|(_, words)| words.as_str()).collect()
        };
        assert_eq!((side("del").as_str(), side("ins").as_str()), (old, new));
    }
}
