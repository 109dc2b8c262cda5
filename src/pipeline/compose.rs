//! The station of the drafters. Where a workspace has a model and there is ground to stand on, the model is asked;
//! where there is none, or it fails in any way, the extractive drafter writes.

use sha2::{Digest as _, Sha256};

use super::{World, desk::Desk, understand::Understood};
use crate::{
    asking::Listener,
    domain::{Asked, Citing, Drafter, Evidence, Failure, Flag, Hint, Id, NewFinding, Waiver, name},
    drafting::{
        self, Brief, Letter, Task,
        prompted::{self, Answer, Composer, Provisional, Reading, Written},
    },
    language::sentence::sentences,
    ports::Hear,
};

/// What a letter is to be written from.
pub struct Material<'a> {
    /// Whose desk.
    pub desk: &'a Desk,
    /// What is answered.
    pub understood: &'a Understood<'a>,
    /// What may be used.
    pub evidence: &'a Evidence,
    /// What the letter is to do.
    pub task: Task,
    /// What the operator wants of it.
    pub hint: Option<&'a Hint>,
    /// Words for which a rule passes.
    pub waivers: &'a [Waiver],
}

/// A letter by one of the drafters.
pub struct Composed {
    /// The letter.
    pub letter: Letter,
    /// Who wrote it.
    pub drafter: Drafter,
    /// Why the extractive drafter stands in for a model.
    pub fallback: Option<Failure>,
    /// What has to be mended before it goes out.
    pub flags: Vec<Flag>,
    /// Where a model pointed at a piece of evidence: places in the text, in code points, and in the evidence.
    pub pointed: Vec<(usize, usize)>,
    /// What the guide's rules see in this very text, where its drafter asked them already.
    pub findings: Option<Vec<NewFinding>>,
}

/// Takes what a model says so far; `None` where nobody watches.
pub type Show<'a> = Option<Hear<'a>>;

/// Writes the letter; `None` when the evidence does not answer. What a model says on the way goes to `show`, and what
/// it was asked into `asked`.
pub async fn compose(
    world: &World,
    material: &Material<'_>,
    draft: &Id<name::Draft>,
    asked: &mut Asked,
    show: Show<'_>,
) -> Option<Composed> {
    match ask(world, material, draft, asked, show).await {
        None => extract(material, None),
        Some(Ok(Reading::Letter(Written { text, pointed, flags }))) => {
            let sentences = sentences(&text);
            let letter = Letter { text, sentences };
            Some(Composed { letter, drafter: Drafter::Prompted, fallback: None, flags, pointed, findings: None })
        }
        Some(Ok(Reading::NoGround)) => None,
        Some(Err(failure)) => extract(material, Some(failure)),
    }
}

/// The letter without a model; `None` when no sentence of the evidence answers.
pub fn extract(material: &Material<'_>, fallback: Option<Failure>) -> Option<Composed> {
    let inquiry = material.understood.asked(material.hint);
    let (letter, findings) = drafting::draft(&brief(material, &inquiry))?;
    // A placeholder that this inquiry never had stays as it is: the checks show it, nobody fills it.
    let (text, _unknown) = material.understood.core.restore(&letter.text);
    let findings = Some(findings).filter(|_| text == letter.text);
    let sentences = sentences(&text);
    let letter = Letter { text, sentences };
    let (flags, pointed) = (Vec::new(), Vec::new());
    Some(Composed { letter, drafter: Drafter::Extractive, fallback, flags, pointed, findings })
}

/// Asks the workspace's model; `None` where there is none to ask, or nothing that its answer could stand on.
async fn ask(
    world: &World,
    material: &Material<'_>,
    draft: &Id<name::Draft>,
    asked: &mut Asked,
    show: Show<'_>,
) -> Option<Result<Reading, Failure>> {
    let seat = world.models.of(&material.desk.workspace.id).filter(|_| material.task == Task::Answer)?;
    let brief = brief(material, &material.understood.core.text);
    let nonce = nonce(draft);
    let kept = &material.understood.core.kept;
    let composer = Composer::new(&brief, kept, &world.templates, seat.tokenizer(), &material.desk.instructions, &nonce);
    if !composer.has_ground() {
        return None;
    }
    let compose = |citing, shorter| {
        let prompt = composer.compose(citing, seat.settings.prompt_tokens, shorter);
        prompt.map_err(|error| tracing::error!(%error, "a prompt could not be composed")).ok()
    };
    let mut onlooker = Onlooker { provisional: Provisional::new(&composer), show, shown: 0 };
    let said = seat.ask(world.source(), &compose, &prompted::schema, asked, &mut onlooker).await;
    asked.deltas = onlooker.shown;
    let read = said.and_then(|said| {
        let answer = Answer { said: &said.text, prompt: &asked.prompts[said.prompt], composer: &composer };
        answer.read()
    });
    if let (Err(failure), Some(last)) = (&read, asked.attempts.last_mut()) {
        // The request went well; what came of it is of no use all the same.
        last.failure.get_or_insert(*failure);
    }
    Some(read)
}

fn brief<'a>(material: &'a Material<'_>, inquiry: &'a str) -> Brief<'a> {
    let understood = material.understood;
    Brief {
        task: material.task,
        inquiry,
        as_written: understood.inquiry.text.as_str(),
        channel: understood.inquiry.channel,
        situations: &understood.inquiry.situations,
        today: understood.inquiry.received_at.day(),
        ordered: understood.ordered,
        feeling: understood.signals.feeling,
        angry: understood.signals.angry,
        given: &understood.given,
        turns: &understood.turns,
        hint: material.hint,
        evidence: &material.evidence.items,
        intents: &material.evidence.intents,
        vocabulary: material.desk.vocabulary,
        tone: &material.desk.tone,
    }
}

/// Marks this draft's quotations in the prompt. It is made after the customer wrote, and so can stand in none of
/// their words; and from the draft's id, so that a replay makes it again.
pub(super) fn nonce(draft: &Id<name::Draft>) -> String {
    hex::encode(Sha256::digest(draft.as_str()))[..12].to_owned()
}

/// Passes on what a model says so far to those who watch.
struct Onlooker<'a, 's> {
    provisional: Provisional<'a>,
    show: Show<'s>,
    shown: usize,
}

impl Listener for Onlooker<'_, '_> {
    fn hear(&mut self, citing: Citing, piece: &str) {
        // Half a JSON document is nothing to look at.
        let Some(show) = self.show.as_mut().filter(|_| citing == Citing::Marker) else { return };
        let piece = self.provisional.push(piece);
        if !piece.is_empty() {
            self.shown += 1;
            show(&piece);
        }
    }

    fn watches(&self) -> bool {
        self.show.is_some()
    }

    fn has_shown(&self) -> bool {
        self.shown > 0
    }
}
