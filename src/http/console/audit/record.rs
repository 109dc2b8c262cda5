//! The whole record of one draft, for people: what happened in one sentence, then step by step, what went out and on what
//! ground, and what it was made with.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{
    super::{
        card::{self, Card},
        frame::{Frame, Place, page},
        lang::Lang,
        letter::Letter,
        refusal::Refused,
        timings::Timeline,
        viewer::Viewer,
    },
    remains,
    replay::{self, Replayed},
    standing::Standing,
    steps::{self, Step},
    words,
};
use crate::{
    app::{App, Names, ReadRecord, Recorded},
    domain::{DraftState, Drafter, EvidenceItem, Ground, Kind, Suggestion, UndoneDecision, Verb, name},
    identity::Act,
};

/// What stands behind the `?`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Whether the draft is made again.
    replay: Option<String>,
}

#[derive(Template)]
#[template(path = "audit_record.html")]
struct Page {
    frame: Frame,
    title: String,
    subtitle: Vec<String>,
    /// What happened; the words that matter most are `true`.
    summary: Vec<(String, bool)>,
    steps: Vec<Step>,
    vouched: Standing,
    replayed: Option<Replayed>,
    sent: bool,
    letter: Letter,
    used: Vec<Card>,
    unused: usize,
    changed: Vec<(&'static str, String)>,
    places: usize,
    made_with: Vec<(&'static str, String)>,
    timeline: Option<Timeline>,
    technical: Vec<(&'static str, String)>,
    hashes: Vec<(String, String)>,
    here: String,
    inquiry: String,
}

/// The record of a draft.
pub async fn read(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    viewer.must(Act::Audit)?;
    let lang = viewer.lang;
    let draft = viewer.id::<name::Draft>(&id)?;
    let read = match app.read_record(&viewer.who, &draft).await.map_err(|error| viewer.refused(error))? {
        Recorded::Whole(read) => *read,
        Recorded::Remains(left) => return remains::page_of(&viewer, &app, &draft, *left).await,
    };
    let suggestion = &read.record.suggestion;
    if suggestion.inquiry.workspace != viewer.workspace.id {
        return Err(Refused::nothing_here(lang));
    }
    let replayed = match asked.replay {
        Some(_) => {
            let replay = app.replay(&viewer.who, &draft).await;
            Some(replay::replayed(lang, replay).map_err(|error| viewer.refused(error))?)
        }
        None => None,
    };
    let names = app.names(&viewer.workspace.id).await.map_err(|error| viewer.refused(error))?;
    let here = format!("audit/drafts/{draft}");
    let frame = Frame::of(&app, &viewer, Place::Audit, &read.title, &here).await?;
    let changed = steps::changes(&read.record);
    let (letter, used, unused) = text(lang, &read);
    Ok(page(&Page {
        title: read.title.clone(),
        subtitle: subtitle(lang, suggestion),
        summary: summary(lang, &names, &read),
        steps: steps::steps(&viewer, &names, &read),
        vouched: Standing::of(lang, read.vouched, read.now),
        sent: read.record.reply.is_some(),
        places: steps::places(&changed),
        made_with: made_with(lang, &read),
        timeline: Timeline::of(lang, suggestion),
        technical: technical(lang, &read),
        hashes: steps::hashes(&read.entries),
        inquiry: viewer.at(&format!("inquiries/{}", suggestion.inquiry.id)),
        here: viewer.at(&here),
        replayed,
        letter,
        used,
        unused,
        changed,
        frame,
    }))
}

fn subtitle(lang: Lang, suggestion: &Suggestion) -> Vec<String> {
    let inquiry = &suggestion.inquiry;
    let mut parts = Vec::new();
    if let Some(customer) = &inquiry.customer {
        parts.push(match lang {
            Lang::Ja => format!("{}への返信", customer.as_str()),
            Lang::En => format!("Reply to {}", customer.as_str()),
        });
    }
    parts.push(lang.channel(inquiry.channel).to_owned());
    parts.push(lang.day(inquiry.received_at.day()));
    parts
}

/// The text that went out, else the draft, with what it stands on; and how many sources were left aside.
fn text(lang: Lang, read: &ReadRecord) -> (Letter, Vec<Card>, usize) {
    let suggestion = &read.record.suggestion;
    let cards = |suggestion: &Suggestion| card::cards(lang, suggestion, &read.sources, read.now);
    let (letter, (used, unused)) = match (&read.record.reply, &suggestion.draft) {
        (Some(sent), Some(draft)) => {
            let text = sent.reply.text.clone();
            let letter = Letter::of(lang, &text, &[], &sent.checks);
            let draft = crate::domain::Draft { text, ..draft.clone() };
            let (evidence, checks) = (sent.evidence.clone(), sent.checks.clone());
            (letter, cards(&Suggestion { draft: Some(draft), evidence, checks, ..suggestion.clone() }))
        }
        (_, Some(draft)) => (Letter::of(lang, &draft.text, &draft.flags, &suggestion.checks), cards(suggestion)),
        (_, None) => (Letter::of(lang, "", &[], &suggestion.checks), (Vec::new(), Vec::new())),
    };
    (letter, used, unused.len())
}

/// What happened, in one sentence.
fn summary(lang: Lang, names: &Names, read: &ReadRecord) -> Vec<(String, bool)> {
    let record = &read.record;
    let (ground, stands) = ground(lang, &record.suggestion);
    let who = read.entries.iter().rfind(|entry| entry.kind == "draft.decided");
    let who = who.map(|entry| words::person(lang, names, &entry.principal)).unwrap_or_default();
    let at = record.decision.as_ref().map(|decision| lang.time(decision.at)).unwrap_or_default();
    let places = steps::places(&steps::changes(record));
    let plain = |text: &str| (text.to_owned(), false);
    let ja = lang == Lang::Ja;
    let on = match (stands, ja) {
        (true, true) => plain("をもとにした下書きを、"),
        (true, false) => plain(". "),
        (false, _) => plain(""),
    };
    let begin = plain(lang.say("この返信は、", "A draft made from "));
    let verb = record.decision.as_ref().map(|decision| &decision.verb);
    match verb {
        // Whoever opened the letter to edit it and changed nothing accepted it as it was.
        Some(Verb::Accept | Verb::Edit { .. }) if ja && places == 0 => {
            vec![
                begin,
                (ground, true),
                on,
                (format!("{who}がそのまま"), true),
                (format!("、{at}に採用したものです。"), false),
            ]
        }
        Some(Verb::Edit { .. }) if ja => {
            let edited = format!("{who}が{places}か所直して");
            vec![begin, (ground, true), on, (edited, true), (format!("、{at}に採用したものです。"), false)]
        }
        Some(Verb::Accept | Verb::Edit { .. }) if places == 0 => vec![
            begin,
            (ground, true),
            on,
            (format!("{who} accepted it as it was"), true),
            (format!(" at {at}."), false),
        ],
        Some(Verb::Accept | Verb::Edit { .. }) => {
            let plural = if places == 1 { "place" } else { "places" };
            let edited = format!("{who} changed {places} {plural} and accepted it");
            vec![begin, (ground, true), on, (edited, true), (format!(" at {at}."), false)]
        }
        Some(Verb::Reject) if ja => {
            vec![(format!("{who}は、この下書きを使いませんでした"), true), plain("。お客様には送られていません。")]
        }
        Some(Verb::Reject) => vec![(format!("{who} did not use this draft"), true), plain("; no customer got it.")],
        None => match record.undone.last() {
            Some(undone) => taken_back(lang, names, undone),
            None => undecided(lang, record.state, ground, stands),
        },
    }
}

/// The last decision was taken back, and none was made since.
fn taken_back(lang: Lang, names: &Names, undone: &UndoneDecision) -> Vec<(String, bool)> {
    let [decided_by, undone_by] =
        [&undone.decided_by, &undone.undone_by].map(|principal| words::person(lang, names, principal));
    let (decided, taken) = (lang.time(undone.decision.at), lang.time(undone.undone_at));
    let rejected = undone.decision.verb == Verb::Reject;
    let (ja, en) = if rejected {
        ("使わないと決めました", "decided not to use it")
    } else {
        ("採用しました", "accepted it")
    };
    match lang {
        Lang::Ja => vec![
            (format!("この下書きは、{decided_by}が{decided}に{ja}が、"), false),
            (format!("{undone_by}が{taken}に取り消しました"), true),
            ("。返信としては数えられず、まだだれも判断し直していません。".to_owned(), false),
        ],
        Lang::En => vec![
            (format!("{decided_by} {en} at {decided}, and "), false),
            (format!("{undone_by} took that back at {taken}"), true),
            (". It counts as no reply, and nobody decided on the draft since.".to_owned(), false),
        ],
    }
}

fn undecided(lang: Lang, state: DraftState, ground: String, stands: bool) -> Vec<(String, bool)> {
    let plain = |text: &str| (text.to_owned(), false);
    let (ja, en) = match state {
        DraftState::Superseded => (
            "いまは古くなっています。お客様が続けて書いたか、別の下書きが作られました。",
            "It is out of date: the customer wrote again, or another draft was made.",
        ),
        _ => (
            "まだだれも判断していません。お客様には送られていません。",
            "Nobody decided on it yet; no customer got it.",
        ),
    };
    match lang {
        Lang::Ja => {
            let of = if stands { "をもとに作られました。" } else { "です。" };
            vec![plain("この下書きは、"), (ground, true), plain(of), plain(ja)]
        }
        Lang::En => vec![plain("This draft was made from "), (ground, true), plain(". "), plain(en)],
    }
}

/// What a text stands on, in words; `false` where it stands on nothing.
fn ground(lang: Lang, suggestion: &Suggestion) -> (String, bool) {
    let items: Vec<&EvidenceItem> =
        suggestion.checks.cited().into_iter().filter_map(|at| suggestion.evidence.items.get(at)).collect();
    if items.is_empty() {
        let (ja, en) = ("根拠を使わない定型の下書きを、", "set phrases alone");
        return (lang.say(ja, en).to_owned(), false);
    }
    let parts = kinds(lang, &items);
    (parts.join(lang.say("と", " and ")), true)
}

/// 返品・交換規定、FAQ 2件: one rule by its title, several by their number.
fn kinds(lang: Lang, items: &[&EvidenceItem]) -> Vec<String> {
    let is = |item: &EvidenceItem, kind| matches!(&item.ground, Ground::Passage { kind: found, .. } if *found == kind);
    let records = items.iter().filter(|item| matches!(item.ground, Ground::Record { .. })).count();
    let mut parts = Vec::new();
    for (kind, ja, en) in
        [(Kind::Policy, "規定", "policy"), (Kind::Faq, "FAQ", "FAQ"), (Kind::Guide, "文体ガイド", "guide")]
    {
        let of: Vec<_> = items.iter().filter(|item| is(item, kind)).collect();
        match (of.as_slice(), lang) {
            ([], _) => {}
            ([one], Lang::Ja) if kind == Kind::Policy => parts.push(format!("{ja}「{}」", one.title)),
            ([one], Lang::En) if kind == Kind::Policy => parts.push(format!("{en} “{}”", one.title)),
            (more, Lang::Ja) => parts.push(format!("{ja} {}件", more.len())),
            (more, Lang::En) => parts.push(format!("{} from the {en}", more.len())),
        }
    }
    let past = items.iter().filter(|item| item.is_weak()).count();
    for (count, ja, en) in [(past, "過去の返信", "past replies"), (records, "案件の記録", "records of the case")]
    {
        match (count, lang) {
            (0, _) => {}
            (count, Lang::Ja) => parts.push(format!("{ja}{count}件")),
            (count, Lang::En) => parts.push(format!("{count} {en}")),
        }
    }
    parts
}

/// What it was made with, as people name it.
fn made_with(lang: Lang, read: &ReadRecord) -> Vec<(&'static str, String)> {
    let suggestion = &read.record.suggestion;
    let items: Vec<&EvidenceItem> = suggestion.evidence.items.iter().collect();
    let mut with = vec![(lang.say("ナレッジ", "Knowledge"), kinds(lang, &items).join(lang.say("、", ", ")))];
    let guide = match (&read.guide, &suggestion.guide) {
        (Some(guide), _) => {
            let day = card::slashed(guide.recorded_from.day());
            format!("{}{}", guide.content.title, lang.say("（", " (")) + &day + lang.say(" の版）", ")")
        }
        (None, Some(_)) => lang.say("消去されています", "Erased since").to_owned(),
        (None, None) => lang.say("なし", "None").to_owned(),
    };
    with.push((lang.say("文体ガイド", "Guide"), guide));
    let drafter = suggestion.draft.as_ref().map(|draft| draft.drafter);
    let model = suggestion.asked.attempts.last().map(|attempt| attempt.model.as_str());
    with.push((
        lang.say("作成", "Drafted by"),
        match (drafter, model) {
            (Some(Drafter::Prompted), Some(model)) => format!("{} {model}", lang.say("モデル", "model")),
            (_, Some(model)) => match lang {
                Lang::Ja => format!("抜き書き（モデル {model} は使えませんでした）"),
                Lang::En => format!("from sources (model {model} could not be used)"),
            },
            _ => lang.say("抜き書き（モデルは使っていません）", "from sources, without a model").to_owned(),
        },
    ));
    if let Some(hint) = &suggestion.hint {
        with.push((lang.say("指示", "Hint"), hint.as_str().to_owned()));
    }
    if let Some(configured) = &read.record.configured {
        let version = configured.configuration.build.split_whitespace().next().unwrap_or_default().to_owned();
        with.push((lang.say("プログラム", "Program"), format!("Aizuchi {version}")));
    }
    with
}

/// Ids and hashes, for those who look into it.
fn technical(lang: Lang, read: &ReadRecord) -> Vec<(&'static str, String)> {
    let suggestion = &read.record.suggestion;
    let mut known = vec![
        (lang.say("下書き", "Draft"), suggestion.draft.as_ref().map(|draft| draft.id.to_string()).unwrap_or_default()),
        (lang.say("提案", "Suggestion"), suggestion.id.to_string()),
        (lang.say("問い合わせ", "Inquiry"), suggestion.inquiry.id.to_string()),
        (lang.say("やり取り", "Conversation"), suggestion.inquiry.conversation.to_string()),
    ];
    if let Some(sent) = &read.record.reply {
        known.push((lang.say("返信", "Reply"), sent.reply.id.to_string()));
    }
    if let Some(guide) = &suggestion.guide {
        known.push((lang.say("文体ガイドの版", "Guide revision"), guide.to_string()));
    }
    known.push((lang.say("ナレッジの時点", "Knowledge as of"), words::grouped(suggestion.evidence.index_sequence)));
    if let Some(configured) = &read.record.configured {
        known.push((lang.say("プログラム", "Build"), configured.configuration.build.clone()));
        known.push((lang.say("設定のハッシュ", "Configuration hash"), configured.hash.clone()));
    }
    for item in &suggestion.evidence.items {
        let revision = item.revision().map(ToString::to_string);
        known.push((lang.say("根拠", "Source"), revision.unwrap_or_else(|| item.id().to_owned())));
    }
    known
}
