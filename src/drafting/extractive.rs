//! The drafter without a model: a letter of set phrases and of the evidence's own sentences.

use super::{
    Brief, Letter, Task,
    answer::{self, Chosen},
    phrases::Phrases,
};
use crate::{
    domain::{Category, NewFinding, Severity, Span},
    language::sentence::sentences,
    tone::UnderCheck,
};

/// Words by which a sentence already receives a feeling.
const FELT: [&str; 5] = ["不安", "心配", "お気持ち", "お察し", "おつら"];

/// The parts of a letter in their order; each part is a paragraph of sentences.
struct Parts {
    before: Vec<Vec<String>>,
    answer: Vec<Chosen>,
    after: Vec<Vec<String>>,
}

/// Opening, a sentence that takes up what was written, the answer, the next step, the closing.
pub fn compose(brief: &Brief<'_>) -> Option<(Letter, Vec<NewFinding>)> {
    let phrases = Phrases::of(brief);
    let closing = vec![phrases.closing()];
    let parts = match brief.task {
        Task::Answer => {
            let answer = answer::choose(brief, &phrases);
            let mut taken_up = vec![phrases.take_up()];
            // Sympathy said twice is sympathy worn out.
            if brief.angry && !taken_up[0].contains("申し訳") {
                taken_up.push(phrases.anger());
            } else if brief.feeling && !brief.angry && !FELT.iter().any(|word| taken_up[0].contains(word)) {
                taken_up.push(phrases.empathy());
            }
            let before = vec![vec![phrases.opening()], taken_up];
            Parts { before, answer, after: vec![vec![phrases.next_step()], closing] }
        }
        Task::Acknowledge(purpose) => {
            let before = vec![vec![phrases.opening()], vec![phrases.acknowledge(purpose)]];
            Parts { before, answer: Vec::new(), after: vec![closing] }
        }
        Task::Clarify(missing) => {
            let before = vec![vec![phrases.opening()], vec![phrases.take_up(), phrases.clarify(missing)]];
            Parts { before, answer: Vec::new(), after: vec![closing] }
        }
    };
    if brief.task == Task::Answer && parts.answer.is_empty() {
        return None;
    }
    mend(brief, &phrases, parts)
}

/// Takes out answering sentences that the guide would stop: an old policy may say what the brand no longer says
/// so. Set phrases are the guide's own and stay. Whoever is refused is asked what else would help.
fn mend(brief: &Brief<'_>, phrases: &Phrases<'_>, mut parts: Parts) -> Option<(Letter, Vec<NewFinding>)> {
    let mut offered = Offered::Nothing;
    loop {
        let letter = lay_out(brief, &parts);
        let found = findings(brief, &letter);
        let refusal = found.iter().find(|finding| finding.category == Category::PushAway && !parts.answer.is_empty());
        match (refusal, offered) {
            (Some(_), Offered::Nothing) => {
                offered = Offered::AsNextStep;
                parts.after[0] = vec![phrases.after_refusal()];
                continue;
            }
            // Too far away: between the two stands what is to be said of it.
            (Some(refusal), Offered::AsNextStep) => {
                offered = Offered::BehindIt;
                if let Some(at) = touched(refusal, &letter, &parts) {
                    let Some(offer) = parts.after[0].pop() else { return Some((letter, found)) };
                    parts.answer[at].text.push_str(&format!("\n{offer}"));
                    parts.after[0].push(phrases.next_step());
                    continue;
                }
            }
            _ => {}
        }
        let Some(at) = stopped(&found, &letter, &parts) else { return Some((letter, found)) };
        parts.answer.remove(at);
        if parts.answer.is_empty() {
            return None;
        }
    }
}

/// Where the letter asks what else would help.
#[derive(Clone, Copy)]
enum Offered {
    Nothing,
    AsNextStep,
    BehindIt,
}

fn findings(brief: &Brief<'_>, letter: &Letter) -> Vec<NewFinding> {
    brief.tone.check(&UnderCheck {
        inquiry: brief.as_written,
        reply: &letter.text,
        channel: Some(brief.channel),
        situation: Some(brief.situation()),
    })
}

/// The first answering sentence that an error finding touches. A refusal without another way is left in: where the shop
/// has none it is the answer, and the operator sees what it lacks.
fn stopped(found: &[NewFinding], letter: &Letter, parts: &Parts) -> Option<usize> {
    let mut errors =
        found.iter().filter(|finding| finding.severity == Severity::Error && finding.category != Category::PushAway);
    errors.find_map(|finding| touched(finding, letter, parts))
}

/// The answering sentence in which something was found.
fn touched(finding: &NewFinding, letter: &Letter, parts: &Parts) -> Option<usize> {
    let span = finding.span?;
    let sentence = letter.sentences.iter().find(|sentence| sentence.overlaps(span))?;
    let words = sentence.of(&letter.text);
    parts.answer.iter().position(|chosen| chosen.text.contains(words))
}

/// Paragraphs apart in a letter, lines in a chat.
fn lay_out(brief: &Brief<'_>, parts: &Parts) -> Letter {
    let answer: Vec<String> = parts.answer.iter().map(|chosen| chosen.text.clone()).collect();
    let paragraphs = parts.before.iter().chain([&answer]).chain(&parts.after).filter(|paragraph| !paragraph.is_empty());
    let apart = if brief.channel.is_brief() { "\n" } else { "\n\n" };
    let text = paragraphs.map(|paragraph| paragraph.join("\n")).collect::<Vec<_>>().join(apart);
    let sentences: Vec<Span> = sentences(&text);
    Letter { text, sentences }
}
