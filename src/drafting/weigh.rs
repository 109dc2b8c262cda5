//! How well sentences answer, by the terms that they share with what was asked.

use std::collections::HashMap;

use super::{
    Brief,
    answer::{Candidate, MAX_PASSAGE_CHARS},
    case::{Relation, Spoken, same_figure},
    terms::Terms,
};
use crate::{
    domain::{Ground, Kind},
    language::{quantity::Value, synonyms::Synonyms},
};

/// A further sentence has to answer at least this well, compared with the best.
const SENTENCE_FITS: f64 = 0.6;
/// What the first sentence of an FAQ gets on top: it answers the question in the title.
const FIRST_SENTENCE: f64 = 0.5;
/// What a sentence gets on top that speaks of the very thing that is asked.
const TO_THE_POINT: f64 = 1.0;
/// What a sentence gets on top that holds the kind of figure that is asked for.
const FIGURE: f64 = 0.4;
/// What a sentence gets on top that names the time of this customer's order.
const OWN_TIME: f64 = 1.0;

/// In how many candidates each term stands.
pub fn spread<'c>(candidates: &'c [Candidate<'_>]) -> HashMap<&'c str, f64> {
    let mut spread: HashMap<&str, f64> = HashMap::new();
    for term in candidates.iter().flat_map(|candidate| candidate.said.terms.iter()) {
        *spread.entry(term).or_default() += 1.0;
    }
    let count = candidates.len() as f64;
    spread.values_mut().for_each(|times| *times = (1.0 + count / *times).ln());
    spread
}

/// Shared terms, rare ones more, against the length of the text.
pub fn shared(own: &Terms, asked: &Terms, weight: &HashMap<&str, f64>) -> f64 {
    // A float sum depends on its order, and a draft must not: terms come in theirs.
    let sum: f64 = own.shared(asked).map(|term| weight.get(term).copied().unwrap_or(1.0)).sum();
    sum / (own.len() as f64 + 8.0).sqrt()
}

/// The sentences of one passage with how well they answer, 1 for the best by its words.
pub fn weigh<'a, 'b>(
    brief: &Brief<'_>,
    candidates: &'b [Candidate<'a>],
    item: usize,
    asked: &Terms,
    spread: &HashMap<&str, f64>,
) -> Vec<(&'b Candidate<'a>, f64)> {
    let own: Vec<&Candidate<'_>> = candidates.iter().filter(|candidate| candidate.evidence == item).collect();
    let fits: Vec<f64> = own.iter().map(|candidate| shared(&candidate.said.terms, asked, spread)).collect();
    let best = fits.iter().copied().fold(1e-9, f64::max);
    let faq = brief.evidence[item].kind() == Kind::Faq.as_str();
    let synonyms = Synonyms::in_use();
    let pointed: Vec<&str> =
        asked.iter().filter(|term| term.strip_prefix('c').is_some_and(|group| synonyms.is_asked(group))).collect();
    let to_the_point = |candidate: &Candidate<'_>| pointed.iter().any(|term| candidate.said.terms.contains(term));
    // 「発送準備中」 in a record makes the sentence about 「発送準備中」 this customer's.
    let states: Vec<String> = states(brief);
    let bonus = |candidate: &Candidate<'_>| match (candidate.relation, faq && candidate.place == 0) {
        _ if to_the_point(candidate) => TO_THE_POINT,
        _ if states.iter().any(|state| candidate.text.contains(state)) => TO_THE_POINT,
        (Relation::Own, _) => OWN_TIME,
        (_, true) => FIRST_SENTENCE,
        _ => 0.0,
    };
    let wanted = Figure::wanted(brief.inquiry);
    let figure = |said: &Spoken| if wanted.is_some_and(|wanted| wanted.stands_in(said)) { FIGURE } else { 0.0 };
    let weight = |candidate: &Candidate<'_>, fit: f64| fit / best + bonus(candidate) + figure(&candidate.said);
    let whole = |one: &Candidate<'_>| !leans(one.text) || own.iter().any(|before| before.place + 1 == one.place);
    let meant = |one: &Candidate<'_>| !own.iter().any(|rival| whole(rival) && outdoes(rival, one, asked));
    let weighed = own.iter().zip(fits).filter(|(candidate, _)| meant(candidate));
    weighed.map(|(candidate, fit)| (*candidate, weight(candidate, fit))).collect()
}

/// Of two rules of one passage that set the same kind of figure (停止は7日前まで, 入れ替えは10日前まで) the one is meant
/// that speaks of all that the other speaks of in the question, and of more.
fn outdoes(rival: &Candidate<'_>, candidate: &Candidate<'_>, asked: &Terms) -> bool {
    let groups = |one: &Candidate<'_>| one.said.terms.shared(asked).filter(|term| term.starts_with('c')).count();
    let limits_it = leans(rival.text) && rival.place == candidate.place + 1;
    let within = || {
        let mut own = candidate.said.terms.shared(asked).filter(|term| term.starts_with('c'));
        own.all(|term| rival.said.terms.contains(term))
    };
    !limits_it && groups(candidate) < groups(rival) && within() && same_figure(&rival.said, &candidate.said)
}

/// What records say in a word or two, as shops quote it in their rules.
pub fn states(brief: &Brief<'_>) -> Vec<String> {
    let records = brief.evidence.iter().filter(|item| matches!(item.ground, Ground::Record { .. }));
    let values = records.filter_map(|item| item.text.strip_prefix(&format!("{}: ", item.key)));
    values.filter(|value| (2..=8).contains(&value.chars().count())).map(|value| format!("「{value}」")).collect()
}

/// The kind of figure that a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Figure {
    Amount,
    Time,
    Count,
}

impl Figure {
    fn wanted(inquiry: &str) -> Option<Self> {
        const AMOUNT: [&str; 7] = ["いくら", "料金", "値段", "何円", "金額", "費用", "how much"];
        const TIME: [&str; 9] = ["いつ", "何日", "何時", "期限", "日数", "何か月", "何営業日", "when", "how long"];
        const COUNT: [&str; 8] = ["何個", "何点", "何本", "何回", "何枚", "何人", "何ポイント", "how many"];
        let inquiry = inquiry.to_lowercase();
        let named = |words: &[&str]| words.iter().any(|word| inquiry.contains(word));
        [(Self::Amount, &AMOUNT[..]), (Self::Count, &COUNT[..]), (Self::Time, &TIME[..])]
            .into_iter()
            .find_map(|(figure, words)| named(words).then_some(figure))
    }

    fn stands_in(self, said: &Spoken) -> bool {
        said.values.iter().any(|value| match self {
            Self::Amount => matches!(value, Value::Amount { .. } | Value::Percent(_)),
            Self::Time => {
                matches!(value, Value::Duration { .. } | Value::Date(_) | Value::Time(_) | Value::TimeRange(..))
            }
            Self::Count => matches!(value, Value::Count { .. }),
        })
    }
}

/// The best sentences of one passage, exceptions with what they limit: the best first, the others as they stand in
/// the passage, so that a letter begins with its answer.
pub fn take<'a, 'b>(own: &[(&'b Candidate<'a>, f64)], limit: usize) -> Vec<&'b Candidate<'a>> {
    let mut order: Vec<usize> = (0..own.len()).collect();
    order.sort_by(|a, b| own[*b].1.total_cmp(&own[*a].1).then(a.cmp(b)));
    let Some(best) = order.first().map(|at| own[*at].1) else { return Vec::new() };
    let lead = order.iter().map(|at| group(own, *at)).find(|group| !leans(own[group[0]].0.text)).unwrap_or_default();
    let mut taken: Vec<usize> = Vec::new();
    for at in order {
        if own[at].1 < best * SENTENCE_FITS {
            break;
        }
        let group = group(own, at);
        // Without the sentence that it limits, 「ただし…」 limits nothing.
        if leans(own[group[0]].0.text) {
            continue;
        }
        let mut wish = taken.clone();
        wish.extend(group.into_iter().filter(|at| !taken.contains(at)));
        let chars: usize = wish.iter().map(|at| own[*at].0.text.chars().count()).sum();
        if wish.len() <= limit && chars <= MAX_PASSAGE_CHARS {
            taken = wish;
        } else if taken.is_empty() {
            taken.push(at);
        }
    }
    taken.sort_unstable_by_key(|at| (!lead.contains(at), *at));
    taken.into_iter().map(|at| own[at].0).collect()
}

/// Whether a sentence goes on from the one before it.
fn leans(sentence: &str) -> bool {
    const LEANING: [&str; 14] = [
        "ただし",
        "なお",
        "また",
        "その場合",
        "その際",
        "そのため",
        "それ以",
        "この場合",
        "このとき",
        "それでも",
        "一方",
        "さらに",
        "次に",
        "そのあと",
    ];
    LEANING.iter().any(|word| sentence.starts_with(word))
}

/// A sentence with the one it leans on and the exceptions that follow it.
fn group(own: &[(&Candidate<'_>, f64)], at: usize) -> Vec<usize> {
    let limits = |at: usize| ["ただし", "その場合は"].iter().any(|word| own[at].0.text.starts_with(word));
    let mut first = at;
    while first > 0 && leans(own[first].0.text) && own[first - 1].0.place + 1 == own[first].0.place {
        first -= 1;
    }
    let mut last = at;
    while last + 1 < own.len() && limits(last + 1) && own[last].0.place + 1 == own[last + 1].0.place {
        last += 1;
    }
    (first..=last).collect()
}
