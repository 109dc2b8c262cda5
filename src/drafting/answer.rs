//! Which sentences of the evidence answer the inquiry.
//!
//! Nothing is worded here: a sentence is taken whole or not at all, so that what is said is what was written.
//! An exception (ただし、なお…) goes with the sentence that it limits.

use std::{collections::HashMap, sync::Arc};

use super::{
    Brief,
    case::{Case, Relation, Spoken, same_figure, spoken},
    phrases::Phrases,
    records,
    terms::Terms,
    weigh::{shared, spread, states, take, weigh},
};
use crate::{
    domain::{Audience, EvidenceItem, Ground, Intent, Kind},
    language::{kana, sentence::sentences},
};

/// A passage gives at most this much, in characters: a letter answers, it does not recite.
pub const MAX_PASSAGE_CHARS: usize = 200;
/// Passages that fit worse than this, compared with the best, are left to the operator's eye.
const PASSAGE_FITS: f64 = 0.5;
/// From here on the second passage is as likely the right one as the first.
const NEARLY_AS_GOOD: f64 = 0.7;
/// From here on it goes before what single questions call for.
const BESIDE: f64 = 0.95;
/// How many passages are read for an answer.
const PASSAGES: usize = 8;
/// How many documents a letter draws from.
const TURNS: usize = 3;
/// Sentences of the answer in a letter, and in a chat.
const SENTENCES: usize = 4;
const BRIEF_SENTENCES: usize = 3;
/// What the search for a question by itself names first counts so much more; what it names second, half of that.
const NAMED: f64 = 0.5;
/// Two sentences that share so much of their terms say the same; so does one that stands so far inside an earlier one.
const SAME_SAID: f64 = 0.55;
const INSIDE: f64 = 0.85;
/// 「できないのは、次の商品です。」: short, and nothing without the list below it.
const ANNOUNCES_CHARS: usize = 40;
/// More questions than this are answered by a person who reads the whole letter.
const QUESTIONS: usize = 3;

/// One sentence of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The words.
    pub text: String,
    /// Which item of the evidence they come from.
    pub evidence: usize,
}

/// A sentence that may be taken.
pub struct Candidate<'a> {
    /// The words.
    pub text: &'a str,
    /// Which item of the evidence it stands in.
    pub evidence: usize,
    /// Its place in the passage.
    pub place: usize,
    /// What it speaks of.
    pub said: Arc<Spoken>,
    /// Whether it is for this customer.
    pub relation: Relation,
}

/// Facts of the case that the customer asks for, then what answers: see [`turns`].
pub fn choose(brief: &Brief<'_>, phrases: &Phrases<'_>) -> Vec<Chosen> {
    let inquiry = kana::with_kanji(brief.inquiry);
    let asked = Terms::of(&inquiry);
    let mut chosen = records::told(brief, phrases, &asked);
    let told = chosen.len();
    let grounds = grounds(brief);
    let candidates = candidates(brief, &grounds);
    let spread = spread(&candidates);
    let questions = questions(brief);
    let turns = turns(brief, &grounds, &candidates, (&asked, &questions), &spread);
    let limit = if brief.channel.is_brief() { BRIEF_SENTENCES } else { SENTENCES };
    for (turn, (item, asked)) in turns.iter().enumerate() {
        let room = limit.saturating_sub(chosen.len());
        let waiting = turns.len() - turn - 1;
        // Who comes later keeps a sentence each; one question is answered by its best passage, not by its neighbours.
        let share = match (turn, questions.is_empty()) {
            (0, true) => room.saturating_sub(waiting),
            (_, true) => 1,
            (_, false) => room.saturating_sub(waiting).min(room.div_ceil(waiting + 1)),
        };
        let mut own = weigh(brief, &candidates, *item, asked, &spread);
        own.retain(|(new, _)| {
            !chosen.iter().skip(told).any(|one| says_already(&spoken(&one.text).terms, &new.said.terms))
        });
        let taken = take(&own, share.max(1)).into_iter();
        chosen.extend(taken.map(|one| Chosen { text: one.text.to_owned(), evidence: *item }));
    }
    chosen
}

/// Whose turn it is to answer what: the passage that fits the whole inquiry best, for each question the one that
/// fits it best, and the next one where it is nearly as good as the first. One passage a document.
fn turns<'q>(
    brief: &Brief<'_>,
    grounds: &[usize],
    candidates: &[Candidate<'_>],
    (asked, questions): (&'q Terms, &'q [Question<'_>]),
    spread: &HashMap<&str, f64>,
) -> Vec<(usize, &'q Terms)> {
    let with_sentences = |at: &&usize| candidates.iter().any(|candidate| candidate.evidence == **at);
    let usable: Vec<usize> = grounds.iter().filter(with_sentences).copied().collect();
    let best = usable.first().map_or(0.0, |at| brief.evidence[*at].score);
    let near = |at: &&usize| brief.evidence[**at].score >= best * NEARLY_AS_GOOD;
    // A passage that speaks of the very state that a record gives goes first.
    let states = states(brief);
    let named = |at: &&usize| states.iter().any(|state| brief.evidence[**at].text.contains(state));
    let lead = usable.iter().filter(near).find(named).or(usable.first());
    let mut wished: Vec<(usize, &Terms)> = lead.map(|at| (*at, asked)).into_iter().collect();
    wished.extend(usable.first().filter(|first| Some(*first) != lead && questions.is_empty()).map(|at| (*at, asked)));
    let beside = |at: &&usize| brief.evidence[**at].score >= best * BESIDE;
    let neighbour = usable.iter().skip(1).filter(beside).take(1).filter(|_| questions.is_empty());
    wished.extend(neighbour.map(|at| (*at, asked)));
    let fits = |question: &'q Question<'_>| best_passage(brief, &usable, candidates, question, spread);
    wished.extend(questions.iter().filter_map(|question| fits(question).map(|item| (item, &question.asked))));
    wished.extend(usable.iter().skip(1).filter(near).take(1).map(|at| (*at, asked)));
    let mut turns: Vec<(usize, &Terms)> = Vec::new();
    for (item, asked) in wished {
        let same = |(other, _): &(usize, _)| brief.evidence[*other].key == brief.evidence[item].key;
        if turns.len() < TURNS && !turns.iter().any(same) {
            turns.push((item, asked));
        }
    }
    turns
}

/// Policy and FAQ often state one rule in nearly the same words.
fn says_already(before: &Terms, new: &Terms) -> bool {
    let both = before.shared(new).count();
    let either = before.len() + new.len() - both;
    both as f64 >= SAME_SAID * either as f64 || both as f64 >= INSIDE * new.len() as f64
}

/// One of several things that are asked.
struct Question<'a> {
    asked: Terms,
    /// What was found for it, by places in the evidence.
    found: &'a [usize],
}

/// What the customer asks, each question by itself; none where it is one, or more than a letter answers.
fn questions<'a>(brief: &Brief<'a>) -> Vec<Question<'a>> {
    if !(2..=QUESTIONS).contains(&brief.intents.len()) {
        return Vec::new();
    }
    let question =
        |intent: &'a Intent| Question { asked: Terms::of(&kana::with_kanji(&intent.text)), found: &intent.items };
    brief.intents.iter().map(question).collect()
}

/// Whether a passage speaks of at least half of the matters that are asked, and any are: otherwise it would only fill.
fn covers(brief: &Brief<'_>, candidates: &[Candidate<'_>], item: usize, asked: &Terms) -> bool {
    let matters: Vec<&str> = asked.iter().filter(|term| term.starts_with('c')).collect();
    let title = Terms::of_title(&brief.evidence[item].title);
    let own = || candidates.iter().filter(|candidate| candidate.evidence == item);
    let covered = |term: &&&str| title.contains(term) || own().any(|one| one.said.terms.contains(term));
    !matters.is_empty() && matters.iter().filter(covered).count() * 2 >= matters.len()
}

/// The passage for a question: its title and its best sentence, how well it fits the whole inquiry, and the place that the
/// search for this question gave it. Where none covers half of its matters (customers say 枠, shops 与信), what that search
/// named first. `None` where it named nothing that may be used: the lead answers it, or nothing does.
fn best_passage(
    brief: &Brief<'_>,
    usable: &[usize],
    candidates: &[Candidate<'_>],
    Question { asked, found }: &Question<'_>,
    spread: &HashMap<&str, f64>,
) -> Option<usize> {
    let best = usable.iter().map(|at| brief.evidence[*at].score).fold(1e-9, f64::max);
    let fit = |item: usize| {
        let own = candidates.iter().filter(|candidate| candidate.evidence == item);
        let sentence = own.map(|candidate| shared(&candidate.said.terms, asked, spread)).fold(0.0, f64::max);
        let title = shared(&Terms::of_title(&brief.evidence[item].title), asked, spread);
        let place = found.iter().position(|other| *other == item);
        let named = place.map_or(1.0, |place| 1.0 + NAMED / (place + 1) as f64);
        (title + sentence) * (0.5 + brief.evidence[item].score / best) * named
    };
    let covering = |item: &usize| covers(brief, candidates, *item, asked);
    let own: Vec<usize> = usable.iter().copied().filter(|item| found.contains(item)).collect();
    let fitting: Vec<usize> = own.iter().copied().filter(covering).collect();
    let fitting = if fitting.is_empty() { usable.iter().copied().filter(covering).collect() } else { fitting };
    fitting.into_iter().max_by(|a, b| fit(*a).total_cmp(&fit(*b)).then(b.cmp(a))).or(own.first().copied())
}

/// Passages that may carry a claim, best first; what somebody once wrote only where nothing else is there.
fn grounds(brief: &Brief<'_>) -> Vec<usize> {
    let evidence = brief.evidence;
    let is = |kinds: &[Kind], item: &EvidenceItem| {
        let Ground::Passage { kind, .. } = &item.ground else { return false };
        kinds.contains(kind) && item.audience == Audience::Public
    };
    let rules = |item: &EvidenceItem| is(&[Kind::Faq, Kind::Policy], item);
    let any_rule = evidence.iter().any(rules);
    let usable = |item: &EvidenceItem| if any_rule { rules(item) } else { is(&[Kind::PastReply], item) };
    let mut found: Vec<usize> = (0..evidence.len()).filter(|at| usable(&evidence[*at])).collect();
    let best = found.first().map_or(0.0, |at| evidence[*at].score);
    let asked_for =
        |at: &usize| brief.intents.len() > 1 && brief.intents.iter().any(|intent| intent.items.contains(at));
    found.retain(|at| evidence[*at].score >= best * PASSAGE_FITS || asked_for(at));
    found.truncate(PASSAGES);
    found
}

/// The sentences that are for this customer. Where one names the very time of their order, figures of the same kind
/// from other times are not.
fn candidates<'a>(brief: &Brief<'a>, grounds: &[usize]) -> Vec<Candidate<'a>> {
    let case = Case::of(brief);
    let mut all = Vec::new();
    for &evidence in grounds {
        let text = &brief.evidence[evidence].text;
        for (place, span) in sentences(text).into_iter().enumerate() {
            let text = span.of(text).trim_start_matches(['・', '-', ' ', '　']);
            if !is_sentence(text) {
                continue;
            }
            let said = spoken(text);
            let relation = case.relation(&said);
            if relation != Relation::Foreign {
                all.push(Candidate { text, evidence, place, said, relation });
            }
        }
    }
    let own: Vec<Arc<Spoken>> =
        all.iter().filter(|one| one.relation == Relation::Own).map(|one| Arc::clone(&one.said)).collect();
    all.retain(|one| one.relation == Relation::Own || !own.iter().any(|own| same_figure(own, &one.said)));
    all
}

/// A heading, a bare item of a list or the line above it cannot stand in a letter.
fn is_sentence(text: &str) -> bool {
    let announces = ["次の", "以下の", "下記の"].iter().any(|word| text.contains(word))
        && ["です。", "通りです。", "とおりです。", "ございます。", "ください。"].iter().any(|end| text.ends_with(end))
        && text.chars().count() < ANNOUNCES_CHARS;
    text.ends_with(['。', '！', '？', '!', '?']) && text.chars().count() <= MAX_PASSAGE_CHARS && !announces
}
