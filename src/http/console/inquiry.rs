//! One inquiry: the conversation, the draft to be read or edited, and what it stands on.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, State},
    response::Response,
    routing::{get, post},
};
use serde::Deserialize;

use super::{
    asking,
    card::{self, Card},
    decision,
    frame::{Frame, Place, page},
    inbox::{self, Held},
    lang::Lang,
    letter::Letter,
    refusal::Refused,
    viewer::Viewer,
};
use crate::{
    app::{App, Opened},
    domain::{DraftState, Drafter, HandoffReason, Id, Outcome, Party, Suggestion, Timestamp, Turn, Verb, name},
    http::Face,
    identity::Act,
};

/// One inquiry, and another draft for it.
pub fn routes() -> Router<Face> {
    Router::new()
        .route("/w/{workspace}/inquiries/{id}", get(read))
        .route("/w/{workspace}/inquiries/{id}/drafts", post(asking::another))
        .route("/w/{workspace}/inquiries", post(asking::first))
}

/// What stands behind the `?`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// Whether the letter is edited.
    edit: Option<String>,
    /// The draft that is being made.
    making: String,
    /// The checks whose fixes are made, by their numbers, separated by commas.
    fix: String,
}

#[derive(Template)]
#[template(path = "inquiry.html")]
struct Page {
    frame: Frame,
    id: String,
    title: String,
    subtitle: Vec<String>,
    due: Option<(String, &'static str)>,
    held: Option<Held>,
    may_decide: bool,
    kept_out: bool,
    place: Option<Neighbours>,
    turns: Vec<Said>,
    elsewhere: Vec<Said>,
    message: Said,
    given: Vec<(String, String)>,
    records: Vec<KnownRecord>,
    notes: Vec<NoteLine>,
    colleagues: Vec<(String, String)>,
    body: Body,
    used: Vec<Card>,
    unused: Vec<Card>,
    here: String,
    /// The draft that is shown, and who has the inquiry: what happens since is told.
    current: String,
    holder: String,
}

/// The inquiries before and after in the list of those that wait.
struct Neighbours {
    rank: u64,
    of: u64,
    before: Option<String>,
    after: Option<String>,
}

/// Something that was said.
struct Said {
    by: Party,
    text: String,
    opening: String,
    at: String,
}

/// What a colleague said.
struct NoteLine {
    by: String,
    to: String,
    text: String,
    at: String,
}

/// A fact of the case.
struct KnownRecord {
    name: String,
    value: String,
    source: String,
}

/// What stands in the middle.
enum Body {
    /// There is nothing yet: making it failed.
    Nothing,
    /// It is being made.
    Making {
        /// The draft to come.
        draft: String,
    },
    /// A letter to be decided on.
    Draft(Box<DraftView>),
    /// A person answers.
    Handoff { reason: &'static str, searched: Vec<String>, draft: Option<String> },
    /// What became of it.
    Over(Box<OverView>),
}

struct DraftView {
    id: String,
    made: String,
    by: &'static str,
    fallback: bool,
    superseded: bool,
    letter: Letter,
    text: String,
    /// The text in the field, where it is edited.
    edited: Option<String>,
    /// The addresses that make a fix, by the place of the check.
    fixes: Vec<Option<String>>,
}

struct OverView {
    verb: &'static str,
    rejected: bool,
    at: String,
    reason: String,
    sent: Vec<String>,
    diff: Vec<(&'static str, String)>,
}

async fn read(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let id = Id::<name::Inquiry>::parse(&id).map_err(|_| Refused::nothing_here(viewer.lang))?;
    let opened = app.open_case(&viewer.who, &id).await.map_err(|error| viewer.refused(error))?;
    if opened.inquiry.workspace != viewer.workspace.id {
        return Err(Refused::nothing_here(viewer.lang));
    }
    let names = app.names(&viewer.workspace.id).await.map_err(|error| viewer.refused(error))?;
    let frame = Frame::of(&app, &viewer, Place::Inbox, &opened.title, &format!("inquiries/{id}")).await?;
    let (lang, now) = (viewer.lang, opened.now);
    let held = opened.lease.as_ref().map(|lease| inbox::held(&names, &viewer, lease, now));
    let kept_out = opened.lease.as_ref().is_some_and(|lease| lease.keeps_out(&viewer.who.id, now));
    let drafted = opened.suggestion.as_ref().and_then(|(suggestion, _)| suggestion.draft.as_ref());
    let (used, unused) = evidence(lang, &opened);
    let to = |id: &Id<name::Inquiry>| viewer.at(&format!("inquiries/{id}"));
    Ok(page(&Page {
        id: id.to_string(),
        title: opened.title.clone(),
        subtitle: subtitle(lang, &opened),
        due: opened.place.is_some().then(|| inbox::due(lang, opened.due, now)),
        may_decide: viewer.may(Act::Decide),
        kept_out,
        held,
        place: opened.place.as_ref().map(|place| Neighbours {
            rank: place.rank,
            of: frame.counts[0].max(place.rank),
            before: place.before.as_ref().map(to),
            after: place.after.as_ref().map(to),
        }),
        turns: opened.turns.iter().map(|turn| said(lang, turn, now)).collect(),
        elsewhere: opened.elsewhere.iter().map(|turn| said(lang, turn, now)).collect(),
        message: Said {
            by: Party::Customer,
            text: opened.inquiry.text.as_str().to_owned(),
            opening: String::new(),
            at: lang.moment(opened.inquiry.received_at, now),
        },
        given: opened.given.clone(),
        records: opened
            .inquiry
            .records
            .iter()
            .map(|record| KnownRecord {
                name: record.name.clone(),
                value: record.value.clone(),
                source: record.source.clone().unwrap_or_default(),
            })
            .collect(),
        notes: opened
            .notes
            .iter()
            .map(|note| NoteLine {
                by: if note.by == viewer.who.id {
                    lang.say("あなた", "You").to_owned()
                } else {
                    names.of(&note.by).to_owned()
                },
                to: note.to.as_deref().map(|to| names.of(to).to_owned()).unwrap_or_default(),
                text: note.text.clone(),
                at: lang.moment(note.at, now),
            })
            .collect(),
        colleagues: opened.colleagues.iter().filter(|(id, _)| *id != viewer.who.id).cloned().collect(),
        body: body(&viewer, &opened, &asked),
        used,
        unused,
        here: viewer.at(&format!("inquiries/{id}")),
        current: drafted.map(|draft| draft.id.to_string()).unwrap_or_default(),
        holder: opened.lease.as_ref().map(|lease| lease.principal.clone()).unwrap_or_default(),
        frame,
    }))
}

fn subtitle(lang: Lang, opened: &Opened) -> Vec<String> {
    let inquiry = &opened.inquiry;
    let mut parts = Vec::new();
    parts.extend(inquiry.customer.as_ref().map(|customer| customer.as_str().to_owned()));
    parts.push(opened.topic.clone());
    parts.push(lang.channel(inquiry.channel).to_owned());
    parts.push(format!("{}{}", lang.say("受信 ", "Received "), lang.moment(inquiry.received_at, opened.now)));
    parts
}

fn said(lang: Lang, turn: &Turn, now: Timestamp) -> Said {
    let line = turn.text.split_whitespace().collect::<Vec<_>>().join(" ");
    Said {
        by: turn.by,
        opening: line.chars().take(40).collect(),
        text: turn.text.clone(),
        at: lang.moment(turn.at, now),
    }
}

fn evidence(lang: Lang, opened: &Opened) -> (Vec<Card>, Vec<Card>) {
    let Some((suggestion, _)) = &opened.suggestion else { return (Vec::new(), Vec::new()) };
    card::cards(lang, suggestion, &suggestion.checks, &opened.sources, opened.now)
}

fn body(viewer: &Viewer, opened: &Opened, asked: &Asked) -> Body {
    let lang = viewer.lang;
    let shown = opened.suggestion.as_ref().and_then(|(suggestion, _)| suggestion.draft.as_ref());
    if let Ok(draft) = Id::<name::Draft>::parse(&asked.making)
        && shown.is_none_or(|shown| shown.id != draft)
    {
        return Body::Making { draft: draft.to_string() };
    }
    let Some((suggestion, state)) = &opened.suggestion else { return Body::Nothing };
    if let Some((decision, reply)) = &opened.decided {
        let verb = match decision.verb {
            Verb::Accept => lang.say("そのまま採用しました", "Accepted as it was"),
            Verb::Edit { .. } => lang.say("直して採用しました", "Accepted with changes"),
            Verb::Reject => lang.say("この下書きは使いません", "This draft is not used"),
        };
        let drafted = suggestion.draft.as_ref().map(|draft| draft.text.as_str()).unwrap_or_default();
        let sent = reply.as_ref().map(|reply| reply.text.as_str()).unwrap_or_default();
        return Body::Over(Box::new(OverView {
            verb,
            rejected: decision.verb == Verb::Reject,
            at: lang.moment(decision.at, opened.now),
            reason: decision::reason(
                lang,
                decision.verb == Verb::Reject,
                decision.reason.as_deref().unwrap_or_default(),
            ),
            diff: if matches!(decision.verb, Verb::Edit { .. }) { difference(drafted, sent) } else { Vec::new() },
            sent: sent.lines().map(str::to_owned).collect(),
        }));
    }
    match (&suggestion.outcome, &suggestion.draft) {
        (Outcome::Handoff { reason, packet }, _) => Body::Handoff {
            reason: handoff(lang, *reason),
            searched: packet.searched.clone(),
            draft: asked.edit.as_ref().map(|_| String::new()),
        },
        (_, Some(_)) => Body::Draft(Box::new(draft_view(viewer, opened, suggestion, *state, asked))),
        _ => Body::Nothing,
    }
}

fn draft_view(
    viewer: &Viewer,
    opened: &Opened,
    suggestion: &Suggestion,
    state: Option<DraftState>,
    asked: &Asked,
) -> DraftView {
    let lang = viewer.lang;
    let (id, text, flags, drafter, fallback) = match &suggestion.draft {
        Some(draft) => (draft.id.to_string(), draft.text.clone(), draft.flags.clone(), draft.drafter, draft.fallback),
        None => (String::new(), String::new(), Vec::new(), Drafter::Extractive, None),
    };
    let letter = Letter::of(lang, &text, &flags, &suggestion.checks);
    let made: BTreeSet<usize> = asked.fix.split(',').filter_map(|number| number.parse().ok()).collect();
    let here = viewer.at(&format!("inquiries/{}", opened.inquiry.id));
    let fixes = letter.blockers.iter().map(|blocker| {
        blocker.fix.as_ref()?;
        let all: BTreeSet<usize> = made.iter().copied().chain([blocker.number]).collect();
        let all: Vec<String> = all.iter().map(ToString::to_string).collect();
        Some(format!("{here}?edit=1&fix={}", all.join(",")))
    });
    DraftView {
        made: lang.moment(suggestion.created_at, opened.now),
        by: match drafter {
            Drafter::Extractive => lang.say("抜き書き", "From sources"),
            Drafter::Prompted => lang.say("モデル", "Model"),
        },
        fallback: fallback.is_some(),
        superseded: state == Some(DraftState::Superseded),
        edited: asked.edit.as_ref().map(|_| mended(&text, &letter, &made)),
        fixes: fixes.collect(),
        letter,
        text,
        id,
    }
}

/// The text with the fixes of these checks.
fn mended(text: &str, letter: &Letter, made: &BTreeSet<usize>) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let fixes = letter.blockers.iter().filter(|blocker| made.contains(&blocker.number));
    let mut fixes: Vec<_> = fixes.filter_map(|blocker| blocker.fix.clone()).collect();
    fixes.sort_by_key(|(start, ..)| std::cmp::Reverse(*start));
    let mut from = chars.len();
    for (start, end, new) in fixes {
        if end <= from && start <= end {
            chars.splice(start..end, new.chars());
            from = start;
        }
    }
    chars.into_iter().collect()
}

/// What was written over the draft: `del`, `ins` and what stayed.
pub fn difference(drafted: &str, sent: &str) -> Vec<(&'static str, String)> {
    similar::TextDiff::from_chars(drafted, sent)
        .ops()
        .iter()
        .flat_map(|op| {
            let old: String = drafted.chars().skip(op.old_range().start).take(op.old_range().len()).collect();
            let new: String = sent.chars().skip(op.new_range().start).take(op.new_range().len()).collect();
            match op.tag() {
                similar::DiffTag::Equal => vec![("", old)],
                similar::DiffTag::Delete => vec![("del", old)],
                similar::DiffTag::Insert => vec![("ins", new)],
                similar::DiffTag::Replace => vec![("del", old), ("ins", new)],
            }
        })
        .collect()
}

pub fn handoff(lang: Lang, reason: HandoffReason) -> &'static str {
    match reason {
        HandoffReason::NoEvidence => lang.say("根拠が見つかりませんでした", "No source answers it"),
        HandoffReason::Contradicted => lang.say("根拠どうしが食い違っています", "The sources contradict each other"),
        HandoffReason::Stopped => lang.say("この種類の下書きは止めています", "Drafts of this kind are stopped"),
        HandoffReason::OutOfAuthority => lang.say("下書きの権限を超えます", "It needs more authority than a draft has"),
        HandoffReason::PersonRequested => lang.say("お客様が人の対応を求めています", "The customer asks for a person"),
        HandoffReason::Unsafe => lang.say("人が判断すべき内容です", "A person has to judge this"),
    }
}
