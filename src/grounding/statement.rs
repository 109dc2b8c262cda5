//! A sentence made ready for comparing: what it talks about, clause by clause, and what it states.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use crate::domain::Span;
use crate::language::{
    memo::Memo,
    normal::Normalised,
    quantity::{Bound, DurationUnit, Extent, Fact, Number, Value, WrittenDate, facts_of},
};

use super::{
    clause::{Clause, clauses, holding},
    compare::attribute,
    event::counted_from,
    head::Head,
    marks::Marks,
    polarity::{self, Axis, Places, Sign},
    terms::{Term, Word, hash, words},
};

/// How many characters of a sentence are read: more than the longest record holds. No sentence that a reader
/// could check is longer, and what is read is compared with all evidence.
const READ: usize = 2_400;

/// A shop with a thousand passages has some eight thousand sentences; a reading takes about a kilobyte.
static OURS: LazyLock<Memo<Statement>> = LazyLock::new(|| Memo::new(16_384));

/// Units that anything is counted in; the others say what is counted.
const PLAIN_UNITS: &[&str] = &["点", "回", "回目", "件", "度", "倍"];

/// One thing a sentence states, with the clause it stands in.
#[derive(Debug, Clone)]
pub struct Point {
    /// What.
    pub stated: Stated,
    /// In which clause.
    pub clause: usize,
    /// What a fact stands with.
    pub head: Head,
}

/// What can agree or disagree.
#[derive(Debug, Clone)]
pub enum Stated {
    /// A typed fact, and for a length of time the event that it is counted from.
    Fact(Fact, Vec<Term>),
    /// A yes or no of the predicate.
    Polarity(Axis, Sign),
}

/// A term of a sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Told {
    /// Which.
    pub term: Term,
    /// The clauses it stands in, as bits.
    pub clauses: u64,
    /// How much it tells, 0 to 1.
    pub weight: f64,
}

/// A sentence of the draft or of the evidence.
#[derive(Debug)]
pub struct Statement {
    /// Its normal form.
    pub normal: String,
    /// What it talks about, by term.
    pub terms: Vec<Told>,
    /// What it states.
    pub points: Vec<Point>,
    /// Its clauses.
    pub clauses: Vec<Clause>,
    /// What turns it round.
    pub marks: Marks,
    /// Whether more was written than read.
    pub cut: bool,
}

impl Statement {
    /// Reads one sentence.
    pub fn of(sentence: &str) -> Self {
        let end = sentence.char_indices().nth(READ).map(|(end, _)| end);
        let normal = Normalised::of(&sentence[..end.unwrap_or(sentence.len())]);
        let text = normal.as_str();
        let chars: Vec<char> = text.chars().collect();
        let clauses = clauses(text, &chars);
        let mut reading =
            Reading { clauses: &clauses, points: Vec::new(), terms: BTreeMap::new(), counted: Vec::new() };
        let (mut numbers, mut cuts) = (Places::default(), Vec::new());
        // Facts know their place in the original; clauses are cut in the normal form.
        for fact in facts_of(&normal).into_iter().chain(unnumbered(&normal)) {
            let at = place(&normal, chars.len(), fact.span.start);
            cuts.push(at..place(&normal, chars.len(), fact.span.end));
            if is_price(&fact) {
                numbers.prices.push(at);
            }
            if matches!(fact.value, Value::Count { .. }) && fact.bound == Some(Bound::AtMost) {
                numbers.limits.push(at);
            }
            let before: String = chars[at.saturating_sub(40)..at].iter().collect();
            reading.fact(fact, at, &before);
        }
        for (axis, sign, at) in polarity::of(text, &clauses, &numbers) {
            let clause = holding(&clauses, at);
            reading.points.push(Point { stated: Stated::Polarity(axis, sign), clause, head: Head::default() });
        }
        let words = words(text, &cuts);
        words.iter().for_each(|word| reading.word(word.term, word.at, word.weight));
        reading.heads(&words, &chars, &cuts);
        let Reading { points, terms, .. } = reading;
        let told = terms.into_iter().map(|(term, (clauses, weight))| Told { term, clauses, weight });
        let marks = Marks::of(text);
        Self { terms: told.collect(), points, clauses, marks, cut: end.is_some(), normal: text.to_owned() }
    }

    /// Reads a sentence that the shop wrote: it comes again in letter after letter.
    pub fn of_ours(sentence: &str) -> Arc<Self> {
        OURS.of(sentence, Self::of)
    }

    /// Reads a sentence of a draft, which may be one of ours.
    pub fn of_draft(sentence: &str) -> Arc<Self> {
        OURS.known(sentence).unwrap_or_else(|| Arc::new(Self::of(sentence)))
    }

    /// Its typed facts.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.points.iter().filter_map(|point| match &point.stated {
            Stated::Fact(fact, _) => Some(fact),
            Stated::Polarity(..) => None,
        })
    }

    /// Whether it says yes or no at its end.
    pub fn sign(&self) -> Option<Sign> {
        let signs = self.points.iter().filter_map(|point| match point.stated {
            Stated::Polarity(Axis::Limited, _) => None,
            Stated::Polarity(_, sign) => Some((point.clause, sign)),
            Stated::Fact(..) => None,
        });
        signs.max_by_key(|(clause, _)| *clause).map(|(_, sign)| sign)
    }

    /// A clause with the conditions right before it, as bits: 未開封の場合は, 会員であれば.
    pub fn conditioned(&self, clause: usize) -> u64 {
        let leads = |at: &usize| self.clauses.get(*at).is_some_and(|clause| clause.conditional || clause.topic);
        (0..clause).rev().take_while(leads).fold(1 << clause, |bits, at| bits | 1 << at)
    }

    /// The same with every topic that the sentence has named by then: 送料につきましては、.
    pub fn governed(&self, clause: usize) -> u64 {
        let topics = (0..clause).filter(|at| self.clauses.get(*at).is_some_and(|clause| clause.topic));
        topics.fold(self.conditioned(clause), |bits, at| bits | 1 << at)
    }

    /// The words of some clauses.
    pub fn words(&self, clauses: u64) -> String {
        let chars: Vec<char> = self.normal.chars().collect();
        let mut start = 0;
        let mut words = String::new();
        for (at, clause) in self.clauses.iter().enumerate() {
            if clauses & 1 << at != 0 {
                words.extend(&chars[start..clause.end]);
            }
            start = clause.end;
        }
        words
    }

    /// The words themselves, without what leads over and what closes: two sentences that agree here are
    /// the same sentence.
    pub fn core(&self) -> &str {
        let mut core = self.normal.trim();
        for lead in ["・", "-", "なお、", "また、", "ただし、", "さらに、"] {
            core = core.strip_prefix(lead).unwrap_or(core).trim_start();
        }
        core.trim_end_matches(['。', '.', '!', ' ', '♪'])
    }
}

/// Words that are a length of time or a day without a number, and the bound that they name.
const UNNUMBERED: &[(&str, Value, Option<Bound>)] = &[
    ("翌々営業日", length(2, DurationUnit::BusinessDay), Some(Bound::After)),
    ("翌営業日", length(1, DurationUnit::BusinessDay), Some(Bound::After)),
    ("前営業日", length(1, DurationUnit::BusinessDay), Some(Bound::Before)),
    ("翌々日", length(2, DurationUnit::Day), Some(Bound::After)),
    ("翌日", length(1, DurationUnit::Day), Some(Bound::After)),
    ("前々日", length(2, DurationUnit::Day), Some(Bound::Before)),
    ("前日", length(1, DurationUnit::Day), Some(Bound::Before)),
    ("当日", length(0, DurationUnit::Day), None),
    ("月末", LAST_DAY, None),
    ("末日", LAST_DAY, None),
];
const LAST_DAY: Value = Value::Date(WrittenDate { year: None, month: None, day: Some(31), weekday: None });

const fn length(n: u64, unit: DurationUnit) -> Value {
    Value::Duration { n: Extent::one(Number::whole(n)), unit }
}

/// What [`UNNUMBERED`] finds in a text: 前日まで denies 3日前まで. Where something is counted from it, it is no length itself:
/// 到着日の翌日から8日以内.
fn unnumbered(normal: &Normalised) -> Vec<Fact> {
    let text = normal.as_str();
    let mut found: Vec<(usize, Fact)> = Vec::new();
    for (word, value, bound) in UNNUMBERED {
        for (at, _) in text.match_indices(word) {
            let after = &text[at + word.len()..];
            let starts = ["から", "より", "を1日目", "を含", "起算"].iter().any(|word| after.starts_with(word));
            if starts || found.iter().any(|(from, other)| *from <= at && at < from + other.span.len() * 3) {
                continue;
            }
            let from = text[..at].chars().count();
            let span = normal.original(Span::new(from, from + word.chars().count()));
            found.push((at, Fact { value: value.clone(), span, bound: *bound }));
        }
    }
    found.into_iter().map(|(_, fact)| fact).collect()
}

/// Whether a fact was read from a word without a number: it says less than a number does.
pub fn is_unnumbered(fact: &Fact) -> bool {
    UNNUMBERED.iter().any(|(_, value, bound)| *value == fact.value && *bound == fact.bound)
}

/// What is found while a sentence is read.
struct Reading<'a> {
    clauses: &'a [Clause],
    points: Vec<Point>,
    terms: BTreeMap<Term, (u64, f64)>,
    /// Numbers that tell one thing from another as words do: 8号.
    counted: Vec<Word>,
}

impl Reading<'_> {
    /// Gives each fact the words that it stands with; `places` are those of the facts, which are read first.
    fn heads(&mut self, words: &[Word], chars: &[char], places: &[Range<usize>]) {
        let told: Vec<Word> = words.iter().chain(&self.counted).copied().collect();
        let of: Vec<_> = self.points.iter().map(|point| attribute(&point.stated)).take(places.len()).collect();
        for ((point, place), mine) in self.points.iter_mut().zip(places).zip(&of) {
            let before = places.iter().zip(&of).filter(|(other, of)| *of == mine && other.end <= place.start);
            let from = before.map(|(other, _)| other.end).max().unwrap_or(0);
            point.head = Head::of(&told, chars, from, place.start);
        }
    }

    fn word(&mut self, term: Term, at: usize, weight: f64) {
        let clause = holding(self.clauses, at);
        let told = self.terms.entry(term).or_insert((0, weight));
        told.0 |= 1 << clause;
        told.1 = told.1.max(weight);
    }

    fn fact(&mut self, fact: Fact, at: usize, before: &str) {
        if let Value::Count { unit, .. } = fact.value
            && !PLAIN_UNITS.contains(&unit)
        {
            self.word(hash(unit), at, 0.4);
        }
        if let Value::Weekdays(set) = fact.value {
            (0..8u8).filter(|day| set & 1 << day != 0).for_each(|day| self.word(Term::from(day), at, 1.0));
        }
        if is_condition(&fact) {
            self.word(fact_term(&fact), at, 1.0);
        }
        // 8号 and 10号 tell two clauses apart as words do.
        if matches!(fact.value, Value::Count { .. }) {
            let number = Word { term: fact_term(&Fact { bound: None, ..fact.clone() }), at, weight: 0.4 };
            self.word(number.term, at, number.weight);
            self.counted.push(number);
        }
        let bounded = fact.bound == Some(Bound::AtMost);
        let from = match fact.value {
            Value::Duration { .. } => counted_from(before, bounded),
            _ => Vec::new(),
        };
        let clause = holding(self.clauses, at);
        self.points.push(Point { stated: Stated::Fact(fact, from), clause, head: Head::default() });
    }
}

/// Whether an amount is asked for rather than a threshold.
pub fn is_price(fact: &Fact) -> bool {
    let threshold = matches!(fact.bound, Some(Bound::AtLeast | Bound::AtMost | Bound::Under | Bound::Over));
    matches!(fact.value, Value::Amount { .. }) && !threshold
}

/// The place in the normal form of a place in the original.
fn place(normal: &Normalised, chars: usize, original: usize) -> usize {
    let (mut low, mut high) = (0, chars);
    while low < high {
        let middle = (low + high) / 2;
        if normal.original(Span::new(middle, middle + 1)).start < original {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// Whether a fact says when something holds rather than what: 1万円未満.
fn is_condition(fact: &Fact) -> bool {
    matches!(fact.value, Value::Amount { .. }) && !is_price(fact)
}

/// A condition tells two clauses apart as a word does.
fn fact_term(fact: &Fact) -> Term {
    hash(&format!("{:?}{:?}", fact.value, fact.bound))
}

/// Tells whether a term stands for this very fact.
pub fn is_term_of(fact: &Fact) -> impl Fn(Term) -> bool {
    let weekdays = matches!(fact.value, Value::Weekdays(_));
    let own = is_condition(fact).then(|| fact_term(fact));
    let counted = matches!(fact.value, Value::Count { .. }).then(|| fact_term(&Fact { bound: None, ..fact.clone() }));
    move |term| (weekdays && term < 8) || own == Some(term) || counted == Some(term)
}
