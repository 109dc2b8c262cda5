//! What stands in the middle of the page of an inquiry: a draft, why there is none, or what became of it.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{decision, lang::Lang, letter::Letter, viewer::Viewer};
use crate::{
    app::Opened,
    domain::{DraftState, Drafter, HandoffReason, Id, Outcome, Suggestion, Verb, name},
};

/// What stands behind the `?`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Whether the letter is edited.
    pub edit: Option<String>,
    /// The draft that is being made.
    pub making: String,
    /// The checks whose fixes are made, by their numbers, separated by commas.
    pub fix: String,
    /// Whether the reader comes from deciding.
    pub done: Option<String>,
    /// Whether the reader comes from taking a decision back.
    pub undone: Option<String>,
}

/// What stands in the middle.
pub enum Body {
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

pub struct DraftView {
    pub id: String,
    pub made: String,
    pub by: &'static str,
    pub fallback: bool,
    pub superseded: bool,
    pub letter: Letter,
    pub text: String,
    /// The text in the field, where it is edited.
    pub edited: Option<String>,
    /// The addresses that make a fix, by the place of the check.
    pub fixes: Vec<Option<String>>,
}

pub struct OverView {
    pub verb: &'static str,
    pub rejected: bool,
    pub at: String,
    pub reason: String,
    pub sent: Vec<String>,
    pub diff: Vec<(&'static str, String)>,
    /// For how many seconds the reader may still take it back.
    pub undo: Option<i64>,
}

/// What stands there for this reader.
pub fn body(viewer: &Viewer, opened: &Opened, asked: &Asked) -> Body {
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
            undo: opened.undo_until.map(|until| (until.0 - opened.now.0) / 1_000),
        }));
    }
    match (&suggestion.outcome, &suggestion.draft) {
        (Outcome::Handoff { reason, packet }, _) => Body::Handoff {
            reason: handoff(lang, *reason),
            // Endings and particles tell nobody what was looked for.
            searched: packet.searched.iter().filter(|word| !word.chars().all(is_hiragana)).cloned().collect(),
            draft: asked.edit.as_ref().map(|_| String::new()),
        },
        (_, Some(_)) => Body::Draft(Box::new(draft_view(viewer, opened, suggestion, *state, asked))),
        _ => Body::Nothing,
    }
}

/// What a reader is told in passing who just did something here.
pub fn said(lang: Lang, opened: &Opened, asked: &Asked) -> &'static str {
    match (&opened.decided, opened.undo_until) {
        (Some((decision, _)), Some(_)) if asked.done.is_some() => match decision.verb {
            Verb::Accept => lang.say("採用しました。", "Accepted."),
            Verb::Edit { .. } => lang.say("直して採用しました。", "Accepted with changes."),
            Verb::Reject => lang.say("記録しました。", "Recorded."),
        },
        (None, _) if asked.undone.is_some() => {
            lang.say("取り消しました。もう一度判断できます。", "Taken back. You can decide again.")
        }
        _ => "",
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

fn is_hiragana(c: char) -> bool {
    ('\u{3041}'..='\u{309f}').contains(&c)
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
