//! Documents that speak of one matter twice: they say the same, or they contradict each other. Pure: revisions in,
//! pairs out.
//!
//! Sentences are brought together by what they name (`matter`), which is a look-up and no comparison of all with all;
//! in what two of them differ is told in `differ`. Neighbouring rules differ by right, so in doubt nothing is said.

mod differ;
mod matter;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use crate::{
    domain::{AppliesBy, Day, Difference, Kind, Measure, Overlap, OverlapKind, Revision, Side, Span},
    language::sentence::sentences,
};

use self::{
    differ::{Standing, Told, differ, relation},
    matter::{Matter, Named, named},
};
use super::{compare::Relation, statement::Statement, text::slices};

/// So many sentences on one matter are compared with each other; a catalogue that says one thing of a thousand goods
/// names the goods.
const ON_ONE_MATTER: usize = 60;
/// A sentence that names so many things stands by itself: its title need not name the same.
const TELLING: usize = 3;
/// So large a share of both documents says the same where one of them is a duplicate.
const SAID_TWICE: f64 = 0.8;

/// One sentence of a document.
struct Line<'a> {
    revision: &'a Revision,
    span: Span,
    quote: &'a str,
    own: Matter,
    done: Matter,
    whole: Matter,
    title: Arc<Matter>,
    statement: Arc<Statement>,
}

impl<'a> Line<'a> {
    fn told(&self) -> Told<'_> {
        Told { quote: self.quote, statement: &self.statement }
    }

    fn side(&self) -> Side {
        let content = &self.revision.content;
        Side {
            key: content.key.clone(),
            revision: self.revision.id.clone(),
            kind: content.kind,
            audience: content.audience,
            title: content.title.clone(),
            span: self.span,
            quote: self.quote.to_owned(),
        }
    }
}

/// The pairs among what is held true, contradictions first. Past replies and clauses of the guide state no rules.
pub fn overlaps(revisions: &[Revision], today: Day) -> Vec<Overlap> {
    let rules: Vec<&Revision> = revisions.iter().filter(|revision| is_rule(revision, today)).collect();
    let lines: Vec<Vec<Line<'_>>> = rules.iter().map(|revision| lines(revision)).collect();
    let mut agreed: BTreeMap<(usize, usize), BTreeSet<(usize, usize)>> = BTreeMap::new();
    let mut found: Vec<Overlap> = Vec::new();
    let mut at_odds: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (a, b) in meetings(&lines) {
        let ((one, i), (other, j)) = (a, b);
        let (mine, theirs) = (&lines[one][i], &lines[other][j]);
        if !comparable(rules[one], rules[other]) {
            continue;
        }
        match differ(&mine.told(), &theirs.told()) {
            Standing::Agree => {
                agreed.entry((one, other)).or_default().insert((i, j));
            }
            Standing::Differ(differences) if are_meant(&differences, (mine, &lines[one]), (theirs, &lines[other])) => {
                at_odds.insert((one, other));
                found.push(Overlap { sides: [mine.side(), theirs.side()], differences });
            }
            Standing::Differ(_) | Standing::Open => {}
        }
    }
    let twice = agreed.iter().filter(|(pair, _)| !at_odds.contains(pair));
    found.extend(twice.filter_map(|((one, other), pairs)| duplicate(&lines[*one], &lines[*other], pairs)));
    found.sort_by(|a, b| order(a).cmp(&order(b)));
    found
}

fn order(overlap: &Overlap) -> (OverlapKind, &str, &str, usize) {
    let [one, other] = &overlap.sides;
    (overlap.kind(), &one.key, &other.key, one.span.start)
}

/// A rule that ended before today concerns nobody, unless old orders live by it.
fn is_rule(revision: &Revision, today: Day) -> bool {
    let content = &revision.content;
    let ended = content.validity.by == AppliesBy::Now && content.validity.until.is_some_and(|until| until < today);
    matches!(content.kind, Kind::Faq | Kind::Policy) && !ended
}

fn comparable(one: &Revision, other: &Revision) -> bool {
    let (one, other) = (&one.content, &other.content);
    one.key != other.key && one.validity.overlaps(&other.validity)
}

/// The sentences of a document with what each is about: what it names itself, and what its title names.
fn lines(revision: &Revision) -> Vec<Line<'_>> {
    let body = &revision.content.body;
    let title = Arc::new(named(&revision.content.title).things);
    let line = |(span, quote)| {
        let Named { things: own, done } = named(quote);
        let whole = own.union(&title).cloned().collect();
        Line { revision, span, quote, own, done, whole, title: title.clone(), statement: Statement::of_ours(quote) }
    };
    slices(body, &sentences(body)).into_iter().map(line).collect()
}

type Place = (usize, usize);

/// Places of two sentences, of two documents each, that are about the same.
fn meetings(lines: &[Vec<Line<'_>>]) -> BTreeSet<(Place, Place)> {
    let mut together: HashMap<&Matter, Vec<Place>> = HashMap::new();
    let mut alone: HashMap<&Matter, Vec<Place>> = HashMap::new();
    for (at, document) in lines.iter().enumerate() {
        for (i, line) in document.iter().enumerate() {
            if !line.whole.is_empty() {
                together.entry(&line.whole).or_default().push((at, i));
            }
            if line.own.len() >= TELLING {
                alone.entry(&line.own).or_default().push((at, i));
            }
        }
    }
    let mut meetings = BTreeSet::new();
    for places in together.values() {
        pairs(places, |_, _| true, &mut meetings);
    }
    let one_sided = |a: Place, b: Place| {
        let (a, b) = (&lines[a.0][a.1], &lines[b.0][b.1]);
        a.title.is_subset(&b.whole) || b.title.is_subset(&a.whole)
    };
    for places in alone.values() {
        pairs(places, one_sided, &mut meetings);
    }
    meetings
}

fn pairs(places: &[Place], may: impl Fn(Place, Place) -> bool, meetings: &mut BTreeSet<(Place, Place)>) {
    let places = &places[..places.len().min(ON_ONE_MATTER)];
    for (at, a) in places.iter().enumerate() {
        let others = places[at + 1..].iter().filter(|b| a.0 != b.0 && may(*a, **b));
        meetings.extend(others.map(|b| (*a, *b)));
    }
}

type InPlace<'a> = (&'a Line<'a>, &'a [Line<'a>]);

/// Whether the two sentences answer each other: a yes and a no to the same deed, or figures of which neither stands
/// elsewhere in the other document.
fn are_meant(differences: &[Difference], (mine, own): InPlace<'_>, (theirs, other): InPlace<'_>) -> bool {
    let Measure::Polarity = differences[0].measure else { return !is_told(mine, other) && !is_told(theirs, own) };
    let lacks = |line: &Line<'_>, other: &Line<'_>| {
        line.done.iter().any(|deed| !other.own.contains(deed) && !other.done.contains(deed))
    };
    !(lacks(mine, theirs) && lacks(theirs, mine))
}

/// Whether a figure of the line stands in another sentence of that document too, on things that the line names: then
/// the two documents differ in how they divide the rule.
fn is_told(line: &Line<'_>, document: &[Line<'_>]) -> bool {
    let shares = |other: &Line<'_>| 2 * line.own.intersection(&other.own).count() >= line.own.len();
    let mut facts = line.statement.facts().peekable();
    facts.peek().is_some()
        && document.iter().filter(|other| shares(other)).any(|other| {
            line.statement
                .facts()
                .all(|fact| other.statement.facts().any(|known| relation(fact, known) == Relation::Agrees))
        })
}

/// Two documents of which nearly every sentence has its like in the other.
fn duplicate(one: &[Line<'_>], other: &[Line<'_>], pairs: &BTreeSet<Place>) -> Option<Overlap> {
    let share = |places: BTreeSet<usize>, of: &[Line<'_>]| {
        let letters = |line: &Line<'_>| line.quote.chars().count();
        let said: usize = places.into_iter().map(|at| letters(&of[at])).sum();
        said as f64 / of.iter().map(letters).sum::<usize>().max(1) as f64
    };
    let mine = share(pairs.iter().map(|(i, _)| *i).collect(), one);
    let theirs = share(pairs.iter().map(|(_, j)| *j).collect(), other);
    let (i, j) = pairs.first()?;
    let audience = |line: &Line<'_>| line.revision.content.audience;
    let twice = mine >= SAID_TWICE && theirs >= SAID_TWICE && audience(&one[*i]) == audience(&other[*j]);
    twice.then(|| Overlap { sides: [one[*i].side(), other[*j].side()], differences: Vec::new() })
}

#[cfg(test)]
mod tests;
