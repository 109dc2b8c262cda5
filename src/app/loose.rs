//! Verbs that need no store: checks of texts, guides, as the command line offers them.

use std::collections::BTreeMap;

use crate::{
    domain::{
        Audience, Channel, EvidenceItem, Ground, Grounding, Id, Kind, NewFinding, Situation, Span, Timestamp, Validity,
        name,
    },
    grounding::{self, Context},
    language::{sentence::sentences, situation::Vocabulary},
    tone::{self, Checker, UnderCheck},
};

pub use crate::{
    grounding::is_policy,
    tone::{ExampleFailure, GuideErrors},
};

/// Guides by their brand's id, compiled.
#[derive(Default)]
pub struct Guides {
    by_brand: BTreeMap<String, Checker>,
}

/// An inquiry with its reply, outside any workspace.
pub struct Pair<'a> {
    /// Whose guide.
    pub brand: &'a str,
    /// How the reply goes out.
    pub channel: Option<Channel>,
    /// What the inquiry is about; read from the inquiry if not said.
    pub situation: Option<&'a Situation>,
    /// The customer's words.
    pub inquiry: &'a str,
    /// The reply.
    pub reply: &'a str,
}

impl Guides {
    /// Reads one more guide; `load` finds what it extends, by its path from the guide's folder.
    pub fn add(&mut self, name: &str, source: &str, load: &dyn Fn(&str) -> Option<String>) -> Result<(), GuideErrors> {
        let guide = tone::parse(name, source, load)?;
        self.by_brand.insert(guide.brand.id.clone(), Checker::new(guide));
        Ok(())
    }

    /// The brands whose guides were read.
    pub fn brands(&self) -> impl Iterator<Item = &str> {
        self.by_brand.keys().map(String::as_str)
    }

    /// What departs from the brand's guide; `None` when no guide is that brand's.
    pub fn check(&self, pair: &Pair<'_>) -> Option<Vec<NewFinding>> {
        let checker = self.by_brand.get(pair.brand)?;
        let under =
            UnderCheck { inquiry: pair.inquiry, reply: pair.reply, channel: pair.channel, situation: pair.situation };
        Some(checker.check(&under))
    }

    /// Rules whose own examples fail.
    pub fn example_failures(&self) -> Vec<ExampleFailure> {
        self.by_brand.values().flat_map(|checker| tone::check_examples(checker.guide())).collect()
    }
}

/// What each sentence of a draft stands on, among texts that were handed in. `Citation::evidence` is the place
/// of a text in the list.
pub fn ground_loose(texts: &[&str], inquiry: &str, draft: &str, now: Option<Timestamp>) -> (Vec<Span>, Grounding) {
    let sentences = sentences(draft);
    let context = Context { inquiry, now, formulas: None };
    let grounding = grounding::ground(draft, &sentences, &handed_in(texts), &context);
    (sentences, grounding)
}

/// The same in numbers, a sentence a row: what the trees are asked with, named by [`grounding::Features::names`].
pub fn features_loose(
    texts: &[&str],
    inquiry: &str,
    draft: &str,
    now: Option<Timestamp>,
) -> (Vec<String>, Vec<(Span, Vec<f64>)>) {
    let context = Context { inquiry, now, formulas: None };
    let rows = grounding::features_of(draft, &sentences(draft), &handed_in(texts), &context);
    (grounding::Features::names(), rows)
}

fn handed_in(texts: &[&str]) -> Vec<EvidenceItem> {
    let item = |(at, text): (usize, &&str)| EvidenceItem {
        ground: Ground::Passage {
            id: Id::<name::Passage>::from_uuid(uuid::Uuid::from_u128(at as u128)),
            revision: Id::<name::Revision>::from_uuid(uuid::Uuid::from_u128(at as u128)),
            kind: Kind::Faq,
            span: Span::new(0, text.chars().count()),
        },
        key: at.to_string(),
        title: String::new(),
        text: (*text).to_owned(),
        url: None,
        audience: Audience::Public,
        validity: Validity::default(),
        score: 1.0,
        rank: at + 1,
        also: Vec::new(),
    };
    texts.iter().enumerate().map(item).collect()
}

/// What an inquiry is about, as it reads where nobody says.
pub fn read_situation(inquiry: &str) -> Situation {
    Vocabulary::builtin().classify(inquiry).primary
}
