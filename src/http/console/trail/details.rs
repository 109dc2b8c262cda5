//! The prompt as it was sent, and what the search found: for those who want to see for themselves.

use std::time::Duration;

use super::super::{audit::words::grouped, card, lang::Lang, refusal::Refused, timings, viewer::Viewer};
use crate::{
    app::{App, LookedFor, When},
    domain::{AskedTerm, Attempt, Explanation, Suggestion, TermField, Unused, WorkspaceId},
};

/// So many candidates are explained.
const CANDIDATES: usize = 12;

/// What a model was asked for one purpose.
pub struct Questions {
    pub purpose: &'static str,
    pub prompts: Vec<(String, Vec<(&'static str, String)>)>,
    pub attempts: Vec<String>,
}

/// What was looked for, and what came of it.
pub struct Found {
    pub searches: Vec<(String, String)>,
    pub rows: Vec<Candidate>,
    /// What the same words find today and was left out, with the reason.
    pub left_out: Vec<(String, String)>,
    pub terms: Vec<String>,
}

pub struct Candidate {
    pub rank: usize,
    pub title: String,
    pub kind: &'static str,
    pub score: String,
    pub used: bool,
    pub why: String,
}

pub fn questions(lang: Lang, suggestion: &Suggestion) -> Vec<Questions> {
    let purposes = [
        (lang.say("下書きのため", "For the letter"), &suggestion.asked),
        (lang.say("表現の判定のため", "For its tone"), &suggestion.judged),
        (lang.say("照合のため", "For its ground"), &suggestion.entailed),
    ];
    let asked = purposes.into_iter().filter(|(_, asked)| !asked.is_empty());
    asked
        .map(|(purpose, asked)| Questions {
            purpose,
            prompts: asked
                .prompts
                .iter()
                .map(|prompt| {
                    let (tokens, budget) = (grouped(prompt.tokens as u64), grouped(prompt.budget_tokens as u64));
                    let messages =
                        prompt.messages.iter().map(|message| (message.role.as_str(), message.content.clone()));
                    (format!("{tokens} / {budget} {}", lang.say("トークン", "tokens")), messages.collect())
                })
                .collect(),
            attempts: asked.attempts.iter().map(|attempt| attempted(lang, attempt)).collect(),
        })
        .collect()
}

/// A request to a model, and what came of it.
pub fn attempted(lang: Lang, attempt: &Attempt) -> String {
    let came = match attempt.failure {
        Some(failure) => failure.as_str(),
        None => lang.say("答えあり", "answered"),
    };
    let usage = attempt.usage.map(|usage| format!("・{} + {} tokens", usage.prompt_tokens, usage.completion_tokens));
    let took = timings::took(lang, Duration::from_millis(attempt.duration_ms));
    format!("{}・{}・{took}・{came}{}", attempt.model, attempt.host, usage.unwrap_or_default())
}

/// What the same words find in today's knowledge, with the reasons.
pub async fn explained(app: &App, viewer: &Viewer, suggestion: &Suggestion) -> Result<Explanation, Refused> {
    let workspace: &WorkspaceId = &viewer.workspace.id;
    let when = When { as_of: Some(suggestion.created_at), order_date: suggestion.making.order_date, known_at: None };
    let looked_for = LookedFor { workspace, text: suggestion.inquiry.text.as_str(), limit: CANDIDATES, when };
    let (_, why) = app.explain(&viewer.who, &looked_for).await.map_err(|error| viewer.refused(error))?;
    Ok(why)
}

pub fn found(lang: Lang, suggestion: &Suggestion, explanation: &Explanation) -> Found {
    let (unused, ordered) = (suggestion.unused(), suggestion.making.order_date);
    let items = &suggestion.evidence.items;
    let rows = items.iter().enumerate().map(|(at, item)| {
        let left = unused.iter().find(|(left, _)| *left == at).map(|(_, unused)| *unused);
        Candidate {
            rank: item.rank.max(1),
            title: item.title.clone(),
            kind: card::kind(lang, item).0,
            score: format!("{:.2}", item.score),
            used: left.is_none(),
            why: match left {
                None => lang.say("下書きの文の裏づけです", "Carries a sentence").to_owned(),
                Some(unused) => card::why(lang, unused, ordered),
            },
        }
    });
    let left_out = explanation.passages.iter().filter_map(|weighed| {
        let unused = Unused::of(weighed.standing)?;
        let known = items.iter().any(|item| item.key == weighed.item.key);
        let told = !known || unused != Unused::BeyondLimit;
        told.then(|| (weighed.item.title.clone(), card::why(lang, unused, ordered)))
    });
    let is_word = |term: &&AskedTerm| matches!(term.field, TermField::Words | TermField::Concepts) && term.share > 0.0;
    let mut terms: Vec<_> = explanation.terms.iter().filter(is_word).collect();
    terms.sort_by(|one, other| other.share.total_cmp(&one.share));
    let mut words: Vec<String> = Vec::new();
    for term in terms {
        if !words.contains(&term.text) && words.len() < CANDIDATES {
            words.push(term.text.clone());
        }
    }
    Found {
        searches: suggestion
            .making
            .searches
            .iter()
            .map(|search| (search.text.clone(), search.matter.clone()))
            .collect(),
        rows: rows.collect(),
        left_out: left_out.take(CANDIDATES).collect(),
        terms: words,
    }
}
