//! The station of the judge: a model reads the draft once more for its tone, where the installation has one. Whatever comes
//! of it, what the rules found stands.

use super::{World, compose::nonce, desk::Desk, understand::Understood};
use crate::{
    asking::Listener,
    domain::{Asked, Citing, Finding, Id, NewFinding, name},
    judging::{Case, Judgement},
};

/// The letter to be judged.
pub struct JudgedLetter<'a> {
    /// What it answers.
    pub understood: &'a Understood<'a>,
    /// Its draft.
    pub draft: &'a Id<name::Draft>,
    /// The letter.
    pub text: &'a str,
    /// What the rules found in it.
    pub found: &'a [Finding],
}

/// What a judge adds to a draft, and what it was asked; nothing of either where there is no judge.
pub async fn judge(world: &World, desk: &Desk, letter: &JudgedLetter<'_>, asked: &mut Asked) -> Vec<NewFinding> {
    let Some(seat) = world.models.judge.as_deref() else { return Vec::new() };
    let inquiry = letter.understood.inquiry;
    let found: Vec<_> = letter.found.iter().map(|finding| finding.seen.clone()).collect();
    let case = Case {
        tone: &desk.tone,
        inquiry: inquiry.text.as_str(),
        situation: desk.vocabulary.entry(&inquiry.situations.primary).map_or("", |entry| entry.ja.as_str()),
        draft: letter.text,
        found: &found,
        nonce: &nonce(letter.draft),
    };
    let budget = seat.settings.prompt_tokens;
    let compose = |citing, shorter: Option<usize>| match shorter {
        // Half a draft is not judged.
        Some(_) => None,
        None => case.compose(&world.judge_files, seat.tokenizer(), citing, budget),
    };
    let said = seat.ask(world.source(), &compose, &|_| case.schema(), asked, &mut Unwatched).await;
    match said.and_then(|said| case.read(&said.text)) {
        Ok(Judgement { findings, dropped }) => {
            if let (Some(last), true) = (asked.attempts.last_mut(), dropped > 0) {
                last.detail = Some(format!("{dropped} of its findings did not hold and were dropped"));
            }
            findings
        }
        Err(failure) => {
            if let Some(last) = asked.attempts.last_mut() {
                last.failure.get_or_insert(failure);
            }
            Vec::new()
        }
    }
}

/// Nobody watches a model that reads a draft again.
pub(super) struct Unwatched;

impl Listener for Unwatched {
    fn hear(&mut self, _: Citing, _: &str) {}

    fn watches(&self) -> bool {
        false
    }

    fn has_shown(&self) -> bool {
        false
    }
}
