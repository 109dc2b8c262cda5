//! One finding: the words, the clause, the choices; and on to the next one of the same list.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{Redirect, Response},
};
use serde::Deserialize;

use super::{
    super::{
        form::Sent,
        frame::{Frame, Place, page},
        letter::Piece,
        middle::difference,
        refusal::Refused,
        rules,
        viewer::Viewer,
    },
    conditions::Conditions,
    may_rule, words,
};
use crate::{
    app::{App, Names, NewRuling, OpenFinding},
    domain::{CheckedText, Day, FiledFinding, Id, RuledBy, Severity, Span, Timestamp, name},
    identity::Act,
};

#[derive(Template)]
#[template(path = "qa_ruling.html")]
struct Page {
    frame: Frame,
    here: String,
    back: String,
    query: String,
    title: String,
    subtitle: Vec<String>,
    weight: (&'static str, &'static str),
    state: Option<&'static str>,
    rank: u64,
    of: u64,
    before: Option<String>,
    after: Option<String>,
    asked: Option<Asked>,
    text: Text,
    clause: String,
    guide: Option<String>,
    precision: Option<(String, u64, bool)>,
    past: Vec<Past>,
    own: Vec<Past>,
    dispute: Option<Said>,
    answer: Option<Said>,
    change: String,
    may_rule: bool,
    may_propose: bool,
    phrase: Option<String>,
}

/// What the customer wrote.
pub struct Asked {
    /// Who, how and when.
    pub meta: Vec<String>,
    /// The words.
    pub text: String,
}

/// The reply with what is meant in it.
pub struct Text {
    /// Where it comes from.
    pub from: &'static str,
    /// Cut where marks begin and end.
    pub pieces: Vec<Piece>,
    /// The sentence with the fix, as a minimal difference.
    pub mended: Vec<(&'static str, String)>,
    /// What was written over the draft.
    pub over: Vec<(&'static str, String)>,
    /// Whether it is about the whole reply.
    pub whole: bool,
}

/// An earlier ruling.
struct Past {
    href: String,
    verdict: &'static str,
    fault: &'static str,
    reason: String,
    by: String,
    at: String,
}

/// What somebody said.
struct Said {
    by: String,
    at: String,
    text: String,
    granted: bool,
}

/// The page.
pub async fn read(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Query(conditions): Query<Conditions>,
) -> Result<Response, Refused> {
    viewer.must(Act::Review)?;
    let id = viewer.id::<name::Finding>(&id)?;
    let filter = conditions.filter(app.start_of_today());
    let opened = app.open_finding(&viewer.who, &id, &filter).await.map_err(|error| viewer.refused(error))?;
    let names = app.names(&viewer.workspace.id).await.map_err(|error| viewer.refused(error))?;
    let title = rules::rule(viewer.lang, &opened.filed.finding.seen.rule);
    let query = conditions.query();
    let frame = Frame::of(&app, &viewer, Place::Qa, &title, &format!("qa/findings/{id}?{query}")).await?;
    Ok(page(&drawn(frame, &viewer, &names, &opened, &query)))
}

fn drawn(frame: Frame, viewer: &Viewer, names: &Names, opened: &OpenFinding, query: &str) -> Page {
    let (lang, filed, now) = (viewer.lang, &opened.filed, opened.now);
    let seen = &filed.finding.seen;
    let to = |id: &Id<name::Finding>| viewer.at(&format!("qa/findings/{id}?{query}"));
    let own = |ruling: &crate::domain::Ruling| Past {
        href: String::new(),
        verdict: words::verdict(lang, ruling.verdict),
        fault: ruling.fault.map(|fault| words::fault(lang, fault)).unwrap_or_default(),
        reason: ruling.reason.clone().unwrap_or_default(),
        by: String::new(),
        at: lang.moment(ruling.at, now),
    };
    let (dispute, answer) = match &opened.dispute {
        None => (None, None),
        Some(filed) => {
            let said = |by: &str, at, text: &str, granted| Said {
                by: names.of(by).to_owned(),
                at: lang.moment(at, now),
                text: text.to_owned(),
                granted,
            };
            let answer = filed.answer.as_ref().map(|(answer, by)| said(by, answer.at, &answer.reason, answer.granted));
            (Some(said(&filed.by, filed.dispute.at, &filed.dispute.reason, false)), answer)
        }
    };
    Page {
        here: viewer.at(&format!("qa/findings/{}", filed.finding.id)),
        back: viewer.at(&format!("qa?{query}")),
        query: query.to_owned(),
        title: frame.title.clone(),
        subtitle: subtitle(viewer, names, opened),
        weight: words::weight(lang, seen.severity),
        state: (filed.state != crate::domain::FindingState::Open).then(|| words::state(lang, filed.state)),
        rank: opened.place.rank,
        of: opened.place.of.max(opened.place.rank),
        before: opened.place.before.as_ref().map(to),
        after: opened.place.after.as_ref().map(to),
        asked: opened.inquiry.as_ref().map(|inquiry| asked(viewer, inquiry, now)),
        text: text(viewer, filed, opened.drafted.as_deref()),
        clause: seen.clause.clone(),
        guide: opened.guide.map(|(number, since)| {
            let day = super::super::card::slashed(since.day());
            match lang {
                super::super::lang::Lang::Ja => format!("文体ガイド 第{number}版　{day}から"),
                super::super::lang::Lang::En => format!("Guide, rev. {number}, since {day}"),
            }
        }),
        precision: opened.rule.as_ref().and_then(|rule| {
            let ruled = rule.tally.confirmed + rule.tally.dismissed + rule.tally.waived;
            rule.precision.map(|share| (words::percent(share.value), ruled, share.high < App::PRECISION_TARGET))
        }),
        past: opened.past.iter().map(|past| self::past(viewer, names, past, now)).collect(),
        own: filed.rulings.iter().map(own).collect(),
        dispute,
        answer,
        change: viewer.at(&format!("qa/rules?{}", rule_query(&seen.rule))),
        may_rule: may_rule(viewer),
        may_propose: viewer.may(Act::Propose),
        phrase: seen.span.map(|span| span.of(&filed.text).to_owned()),
        frame,
    }
}

/// The address of a rule's page, behind the `?`.
pub fn rule_query(rule: &str) -> String {
    serde_urlencoded::to_string([("rule", rule)]).unwrap_or_default()
}

/// Who wrote to whom about what, and when.
fn subtitle(viewer: &Viewer, names: &Names, opened: &OpenFinding) -> Vec<String> {
    let (lang, filed) = (viewer.lang, &opened.filed);
    let sent = if filed.reply.is_some() { lang.say(" の返信", "") } else { lang.say(" の下書き", ", draft") };
    let parts = [
        filed.vendor.clone().unwrap_or_else(|| lang.say("自社", "In-house").to_owned()),
        filed.person.as_deref().map(|person| names.of(person).to_owned()).unwrap_or_default(),
        lang.topic(&opened.topic, filed.situation.as_deref().unwrap_or_default()),
        format!("{}{sent}", lang.moment(filed.at, opened.now)),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}

/// What the customer wrote.
pub fn asked(viewer: &Viewer, inquiry: &crate::domain::Inquiry, now: Timestamp) -> Asked {
    let lang = viewer.lang;
    let mut meta: Vec<String> = inquiry.customer.iter().map(|customer| customer.as_str().to_owned()).collect();
    meta.push(lang.moment(inquiry.received_at, now));
    meta.push(lang.channel(inquiry.channel).to_owned());
    Asked { meta, text: inquiry.text.as_str().to_owned() }
}

/// The reply with the finding and what else was found.
pub fn text(viewer: &Viewer, filed: &FiledFinding, drafted: Option<&str>) -> Text {
    let (lang, seen) = (viewer.lang, &filed.finding.seen);
    let whole = Span::new(0, filed.text.chars().count());
    let mut marks: Vec<_> = seen.span.map(|span| (span, "meant", seen.clause.clone())).into_iter().collect();
    marks.extend(filed.beside.iter().filter_map(|other| {
        let class = if other.seen.severity == Severity::Error { "must" } else { "advice" };
        other.seen.span.map(|span| (span, class, other.seen.clause.clone()))
    }));
    let mended = match (seen.span, &seen.rewrite) {
        (Some(span), Some(rewrite)) => {
            words::mended(&filed.text, App::sentence_of(filed).unwrap_or(span), span, rewrite)
        }
        _ => Vec::new(),
    };
    Text {
        from: match (&filed.checked, drafted) {
            (CheckedText::Draft(_), _) if filed.reply.is_some() => lang.say("下書きのまま", "The draft as it was"),
            (CheckedText::Draft(_), _) => lang.say("まだ送られていません", "Not sent yet"),
            (CheckedText::Reply(_), Some(_)) => lang.say("下書きから編集", "Edited from the draft"),
            (CheckedText::Reply(_), None) => "",
        },
        pieces: words::cut(&filed.text, whole, &marks),
        mended,
        over: drafted.map(|draft| difference(draft, &filed.text)).unwrap_or_default(),
        whole: seen.span.is_none(),
    }
}

fn past(viewer: &Viewer, names: &Names, past: &RuledBy, now: Timestamp) -> Past {
    let lang = viewer.lang;
    Past {
        href: viewer.at(&format!("qa/findings/{}?view=all", past.finding)),
        verdict: words::verdict(lang, past.verdict),
        fault: past.fault.map(|fault| words::fault(lang, fault)).unwrap_or_default(),
        reason: past.reason.clone().unwrap_or_default(),
        by: names.of(&past.principal).to_owned(),
        at: lang.moment(past.at, now),
    }
}

/// What a form says.
#[derive(Deserialize)]
pub struct Ruled {
    #[serde(default)]
    verdict: String,
    #[serde(default)]
    fault: String,
    #[serde(default)]
    reason: String,
    /// The last day on which the words are let pass; empty for this text alone.
    #[serde(default)]
    until: String,
    #[serde(default)]
    query: String,
}

/// Rules, and goes on to the next finding of the same list.
pub async fn rule(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Sent(ruled): Sent<Ruled>,
) -> Result<Redirect, Refused> {
    let lang = viewer.lang;
    let id = viewer.id::<name::Finding>(&id)?;
    let verdict = super::verdict(&viewer, &ruled.verdict)?;
    let until = match ruled.until.trim() {
        "" => None,
        day => Some(Day::parse(day).map_err(|_| {
            Refused::form(
                lang,
                "日付は 2026-12-31 のように入れてください。何も記録していません。",
                "Write a day like 2026-12-31. Nothing was recorded.",
            )
        })?),
    };
    let reason = Some(ruled.reason.trim().replace("\r\n", "\n")).filter(|reason| !reason.is_empty());
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > 2_000) {
        return Err(Refused::form(
            lang,
            "ひとことは2,000文字以内で書いてください。",
            "A word has at most 2,000 characters.",
        ));
    }
    let conditions = Conditions::parse(&ruled.query);
    let filter = conditions.filter(app.start_of_today());
    // Ruled on, it may leave the list: what comes after it is known before.
    let place = app.finding_place(&viewer.who, &id, &filter).await.map_err(|error| viewer.refused(error))?;
    let new = NewRuling { verdict, fault: super::fault(&ruled.fault), reason, until, phrase: None };
    app.rule(&viewer.who, &id, new, None).await.map_err(|error| viewer.refused(error))?;
    let query = conditions.query();
    let to = match place.after.or(place.before) {
        Some(next) => format!("qa/findings/{next}?{query}"),
        None => format!("qa?{query}&done=1"),
    };
    Ok(Redirect::to(&viewer.at(&to)))
}
