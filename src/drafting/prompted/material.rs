//! What goes into a prompt, masked and measured: the brand's clauses for this situation, evidence under opaque ids,
//! past replies for their voice, the conversation, and the customer's words as data.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use serde::Serialize;

use super::{NO_GROUND, budget::Room, marks::marks, templates::Templates};
use crate::{
    domain::{
        Audience, Category, Citing, Day, EvidenceItem, Ground, Mark, Material, Message, Party, Prompt, RuleSettings,
        Situation, Speaker, When, Why,
    },
    drafting::{Brief, phrases::Phrases},
    language::mask::{Kept, Mask},
    ports::Tokenizer,
    prompts::TemplateError,
};

/// The id that the instructions show; it is never given out.
const EXAMPLE_MARK: &str = "[k00]";
/// Words to avoid that are told beforehand; the tone check knows them all.
const WORDS: usize = 40;
/// Categories whose words are told beforehand.
const TOLD: [Category; 4] = [Category::NgWord, Category::BrandTerm, Category::SelfNaming, Category::CustomerNaming];

/// What the lines of the user's file take that are always there: the names of the parts, the day, the last line.
const AROUND_MATERIAL: usize = 120;

/// What a prompt's instructions depend on beside the desk: the situation, the one that set phrases speak of, whether
/// the reply is short, and how evidence is cited.
type Kind = (Situation, Situation, bool, Citing);

/// The instructions of one desk, made once for each kind of inquiry: the same bytes each time, which a provider's cache
/// knows again too.
#[derive(Default)]
pub struct Instructions(Mutex<HashMap<Kind, Arc<str>>>);

impl Instructions {
    fn get(&self, kind: Kind, make: impl FnOnce() -> Result<String, TemplateError>) -> Result<Arc<str>, TemplateError> {
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&kind) {
            return Ok(Arc::clone(known));
        }
        let made: Arc<str> = make()?.into();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(kind, Arc::clone(&made));
        Ok(made)
    }
}

/// Everything that a prompt for one draft is made from. Made once; composed again where the first prompt was too
/// long, or asked for a shape that the server does not know.
pub struct Composer<'a> {
    brief: &'a Brief<'a>,
    templates: &'a Templates,
    tokenizer: &'a dyn Tokenizer,
    nonce: &'a str,
    instructions: &'a Instructions,
    /// Of the inquiry, its records and the operator's hint: what may be restored.
    mask: Mask,
    records: Vec<(usize, String)>,
    turns: Vec<(bool, String, String)>,
    hint: Option<String>,
}

#[derive(Serialize)]
struct SystemSlots<'a> {
    brand: BrandSlot<'a>,
    citing: Citing,
    example_mark: &'a str,
    no_ground: &'a str,
    brief_channel: bool,
    clauses: Vec<&'a str>,
    words: Vec<WordSlot<'a>>,
    terms: &'a [String],
    situation: &'a str,
    our_fault: bool,
    situation_clauses: Vec<&'a str>,
    phrases: PhraseSlot,
}

#[derive(Serialize)]
struct BrandSlot<'a> {
    name: &'a str,
    business: &'a str,
    voice: &'a str,
}

#[derive(Serialize)]
struct WordSlot<'a> {
    avoid: String,
    #[serde(rename = "use")]
    instead: Option<&'a str>,
}

#[derive(Serialize)]
struct PhraseSlot {
    opening: String,
    take_up: String,
    next_step: String,
    closing: String,
}

#[derive(Serialize)]
struct UserSlots<'a> {
    nonce: &'a str,
    records: Vec<PieceSlot<'a>>,
    passages: Vec<PieceSlot<'a>>,
    examples: Vec<&'a str>,
    turns: Vec<TurnSlot<'a>>,
    inquiry: String,
    today: String,
    ordered: Option<String>,
    hint: Option<&'a str>,
}

#[derive(Serialize)]
struct PieceSlot<'a> {
    mark: String,
    title: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct TurnSlot<'a> {
    desk: bool,
    day: &'a str,
    text: &'a str,
}

/// Fills every slot of the files once, and once none that may be empty, so that a mistake in a file is told at the
/// start and not at the first inquiry.
pub fn rehearse(templates: &Templates) -> Result<(), TemplateError> {
    for (full, citing) in [(true, Citing::Marker), (true, Citing::Schema), (false, Citing::Marker)] {
        let text = if full { "x" } else { "" };
        let some = full.then_some("x");
        let pieces = || some.iter().map(|text| PieceSlot { mark: "k2x".to_owned(), title: text, text }).collect();
        templates.system(&SystemSlots {
            brand: BrandSlot { name: text, business: text, voice: text },
            citing,
            example_mark: EXAMPLE_MARK,
            no_ground: NO_GROUND,
            brief_channel: full,
            clauses: some.into_iter().collect(),
            words: some.iter().map(|word| WordSlot { avoid: (*word).to_owned(), instead: some }).collect(),
            terms: &some.iter().map(|term| (*term).to_owned()).collect::<Vec<_>>(),
            situation: text,
            our_fault: full,
            situation_clauses: some.into_iter().collect(),
            phrases: PhraseSlot {
                opening: text.to_owned(),
                take_up: text.to_owned(),
                next_step: text.to_owned(),
                closing: text.to_owned(),
            },
        })?;
        templates.user(&UserSlots {
            nonce: text,
            records: pieces(),
            passages: pieces(),
            examples: some.into_iter().collect(),
            turns: some.iter().map(|text| TurnSlot { desk: full, day: text, text }).collect(),
            inquiry: text.to_owned(),
            today: text.to_owned(),
            ordered: some.map(str::to_owned),
            hint: some,
        })?;
    }
    Ok(())
}

impl<'a> Composer<'a> {
    /// `kept` is what was masked in the inquiry; `nonce` is new for every draft and known to nobody before.
    pub fn new(
        brief: &'a Brief<'a>,
        kept: &[Kept],
        templates: &'a Templates,
        tokenizer: &'a dyn Tokenizer,
        instructions: &'a Instructions,
        nonce: &'a str,
    ) -> Self {
        let mut mask = Mask { kept: kept.to_vec() };
        let records = brief.evidence.iter().enumerate().filter(|(_, item)| is_record(item));
        let records = records.map(|(at, item)| (at, mask.hide(&item.text))).collect();
        let hint = brief.hint.map(|hint| mask.hide(hint.as_str()));
        // What was said before is masked too, but not with this inquiry's map: it is never restored.
        let mut foreign = mask.clone();
        let turn =
            |turn: &crate::domain::Turn| (turn.by == Party::Desk, japanese(turn.at.day()), foreign.hide(&turn.text));
        let turns = brief.turns.iter().map(turn).collect();
        Self { brief, templates, tokenizer, nonce, instructions, mask, records, turns, hint }
    }

    /// Whether there is anything that a claim could stand on and a customer may read.
    pub fn has_ground(&self) -> bool {
        !self.records.is_empty() || self.brief.evidence.iter().any(is_rule)
    }

    /// What may be put back into the answer.
    pub fn mask(&self) -> &Mask {
        &self.mask
    }

    /// What nobody outside this prompt knows.
    pub fn nonce(&self) -> &str {
        self.nonce
    }

    /// The evidence that marks point into.
    pub fn evidence(&self) -> &[EvidenceItem] {
        self.brief.evidence
    }

    /// The prompt in at most `budget` tokens, or in what the model said that it reads.
    pub fn compose(&self, citing: Citing, budget: usize, shorter: Option<usize>) -> Result<Prompt, TemplateError> {
        let (budget, why) = match shorter {
            Some(most) if most < budget => (most, Why::ContextLength),
            _ => (budget, Why::OverBudget),
        };
        let phrases = Phrases::plain(self.brief);
        let key = (self.brief.situation().clone(), phrases.situation().clone(), self.brief.channel.is_brief(), citing);
        let system = self.instructions.get(key, || self.templates.system(&self.system(citing, &phrases)))?;
        let mut room = Room::new(self.tokenizer, budget, why);
        room.used = room.measure(&system);
        room.used += AROUND_MATERIAL;
        if let Some(hint) = &self.hint {
            room.must(hint);
        }
        let inquiry = room.inquiry(self.brief.inquiry);
        let mut marks = marks(self.nonce, self.cited());
        let user = UserSlots { inquiry, ..self.user(&marks, &mut room) };
        marks.retain(|mark| user.records.iter().chain(&user.passages).any(|piece| piece.mark == mark.id));
        let user = self.templates.user(&user)?;
        let message = |role, content| Message { role, content };
        Ok(Prompt {
            template: self.templates.hash().to_owned(),
            messages: vec![message(Speaker::System, system.to_string()), message(Speaker::User, user)],
            citing,
            marks,
            tokens: room.used,
            guessed: room.guessed,
            budget_tokens: budget,
            cut: room.cut,
        })
    }

    /// Places of what can be cited: records first, then rules in their order.
    fn cited(&self) -> impl Iterator<Item = usize> + '_ {
        let rules = self.brief.evidence.iter().enumerate().filter(|(_, item)| is_rule(item)).map(|(at, _)| at);
        self.records.iter().map(|(at, _)| *at).chain(rules)
    }

    /// The material that there is room for, in the order of its worth: records, then the rule that fits best and must
    /// be there, further rules, the last turns, examples of the voice.
    fn user<'s>(&'s self, marks: &[Mark], room: &mut Room<'_>) -> UserSlots<'s> {
        let mark = |at: usize| marks.iter().find(|mark| mark.evidence == at).map(|mark| mark.id.clone());
        let evidence = self.brief.evidence;
        let (mut records, mut passages) = (Vec::new(), Vec::new());
        for (at, text) in &self.records {
            let Some(mark) = mark(*at) else { continue };
            if room.may(Material::Record, Some(evidence[*at].id()), text) {
                records.push(PieceSlot { mark, title: "", text });
            }
        }
        for (at, item) in evidence.iter().enumerate().filter(|(_, item)| is_rule(item)) {
            let Some(mark) = mark(at) else { continue };
            let whole = format!("{}\n{}", item.title, item.text);
            let must = records.is_empty() && passages.is_empty();
            if must {
                room.must(&whole);
            }
            if must || room.may(Material::Passage, Some(item.id()), &whole) {
                passages.push(PieceSlot { mark, title: &item.title, text: &item.text });
            }
        }
        let (mut turns, mut examples) = (Vec::new(), Vec::new());
        if !marks.is_empty() {
            // The newest first into the room, in their order into the prompt.
            for (desk, day, text) in self.turns.iter().rev() {
                if room.may(Material::Turn, None, text) {
                    turns.push(TurnSlot { desk: *desk, day, text });
                }
            }
            turns.reverse();
            for item in evidence.iter().filter(|item| item.is_weak()) {
                if room.may(Material::Example, Some(item.id()), &item.text) {
                    examples.push(item.text.as_str());
                }
            }
        }
        UserSlots {
            nonce: self.nonce,
            records,
            passages,
            examples,
            turns,
            inquiry: String::new(),
            today: japanese(self.brief.today),
            ordered: self.brief.ordered.map(japanese),
            hint: self.hint.as_deref(),
        }
    }

    fn system(&self, citing: Citing, phrases: &Phrases<'_>) -> SystemSlots<'a> {
        let guide = self.brief.tone.guide();
        let situation = self.brief.situation();
        let entry = self.brief.vocabulary.entry(situation);
        let our_fault = entry.is_some_and(|entry| entry.our_fault);
        let forbidden = |rule: &RuleSettings| rule.forbid_in.contains(situation);
        let holds = |rule: &&RuleSettings| {
            let apology = rule.require.as_ref().is_some_and(|require| require.when == Some(When::OurFault));
            !rule.off && !rule.clause.is_empty() && (our_fault || !apology)
        };
        let rules = || guide.rules.values().filter(holds);
        let told = guide.rules.iter().filter(|(category, rule)| TOLD.contains(category) && !rule.off);
        let words = told.flat_map(|(_, rule)| &rule.words).take(WORDS).map(|entry| WordSlot {
            avoid: entry.any.join("・"),
            instead: entry.replacements.first().map(String::as_str).filter(|word| !word.is_empty()),
        });
        SystemSlots {
            brand: BrandSlot { name: &guide.brand.name, business: &guide.brand.business, voice: &guide.brand.voice },
            citing,
            example_mark: EXAMPLE_MARK,
            no_ground: NO_GROUND,
            brief_channel: self.brief.channel.is_brief(),
            clauses: rules().filter(|rule| !forbidden(rule)).map(|rule| rule.clause.as_str()).collect(),
            words: words.collect(),
            terms: &guide.terms,
            situation: entry.map_or("その他", |entry| entry.ja.as_str()),
            our_fault,
            situation_clauses: rules().filter(|rule| forbidden(rule)).map(|rule| rule.clause.as_str()).collect(),
            phrases: PhraseSlot {
                opening: phrases.opening(),
                take_up: phrases.take_up(),
                next_step: phrases.next_step(),
                closing: phrases.closing(),
            },
        }
    }
}

fn is_record(item: &EvidenceItem) -> bool {
    matches!(item.ground, Ground::Record { .. })
}

/// A rule of the shop that a customer may read. What is internal never leaves the house, not even to be left unsaid.
fn is_rule(item: &EvidenceItem) -> bool {
    !is_record(item) && item.can_ground() && !item.is_weak() && item.audience == Audience::Public
}

fn japanese(day: Day) -> String {
    let weekday =
        ["月", "火", "水", "木", "金", "土", "日"][usize::from(day.0.weekday().to_monday_zero_offset() as u8)];
    format!("{}年{}月{}日（{weekday}）", day.0.year(), day.0.month(), day.0.day())
}
