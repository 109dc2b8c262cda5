//! Whether what a claim states follows from what the evidence states, where nobody wrote it down: a day by counting, an
//! amount by adding up.

use crate::domain::Day;
use crate::language::quantity::{Extent, Fact, Number, Value, WrittenDate};

use super::{
    days::{day_of, is_written, led_to, next_open, weekday},
    meeting::Meeting,
    statement::Statement,
    sums,
    told::Told,
};

/// How much of the claim a sentence has to talk of before its lengths of time are counted with.
const SPEAKS_OF: f64 = 0.25;
/// Where nobody says when it is, dates without a year are all of one, whose weekdays are not believed.
const SOME_DAY: Day = Day(jiff::civil::date(2025, 7, 1));
/// How many sentences are counted with: with many, some day always fits.
const RULES: usize = 4;

/// A claim with what it may follow from.
pub struct Following<'a, 's> {
    /// The claim.
    pub claim: &'a Statement,
    /// The sentences.
    pub meeting: &'a Meeting<'s>,
    /// What is known beside them.
    pub told: &'a Told,
}

impl Following<'_, '_> {
    /// The sentences, by their rows, from which a fact of the claim follows; empty where it follows from what was told.
    /// What is `denied` has to follow from the evidence itself; that it was told is not enough.
    pub fn from(&self, fact: &Fact, denied: bool) -> Option<Vec<usize>> {
        match &fact.value {
            Value::Date(date) => self.day(date),
            Value::RelativeDay(days) => self.day(&written(self.told.today?, *days)?),
            Value::Amount { .. } => self.amount(fact),
            Value::Count { n, .. } if !denied => self.count(n),
            Value::Duration { n, .. } if !denied => self.length(n),
            _ => None,
        }
    }

    /// The sentence that speaks most of the claim.
    pub fn best(&self) -> Option<usize> {
        self.rules().first().map(|(row, _)| *row)
    }

    /// Days from and to which a sentence says that the shop is closed.
    fn shut(&self) -> Vec<(Day, Day)> {
        let rows = (0..self.meeting.near.len()).map(|row| self.statement(row));
        let closed = rows.filter(|there| ["休業", "お休み", "休み"].iter().any(|word| there.normal.contains(word)));
        let pair = |there: &Statement| {
            let days: Vec<Day> = there.facts().filter_map(|fact| self.day_named(fact)).collect();
            let [first, last, ..] = days[..] else { return None };
            (first < last && (last.0 - first.0).get_days() < 31).then_some((first, last))
        };
        closed.filter_map(pair).collect()
    }

    fn day_named(&self, fact: &Fact) -> Option<Day> {
        let Value::Date(date) = &fact.value else { return None };
        day_of(date, Some(self.told.today.unwrap_or(SOME_DAY)))
    }

    fn day(&self, date: &WrittenDate) -> Option<Vec<usize>> {
        let bases = self.bases();
        let wanted = |day: Day| is_written(date, day);
        if let Some((_, row)) = bases.iter().find(|(day, _)| wanted(*day)) {
            return Some(row.iter().copied().collect());
        }
        let closed = ["営業日", "休", "祝", "土日", "連休"].iter().any(|word| self.claim.normal.contains(word));
        let shut = self.shut();
        for (rule, _) in self.rules() {
            for (from, row) in &bases {
                if led_to(self.statement(rule), *from, closed, &shut).into_iter().any(wanted) {
                    return Some(row.iter().copied().filter(|row| *row != rule).chain([rule]).collect());
                }
            }
        }
        let opened = bases.iter().find(|(day, _)| closed && wanted(next_open(*day)));
        opened.map(|(_, row)| row.iter().copied().collect())
    }

    /// Days that may be counted from, with the sentence that names each.
    fn bases(&self) -> Vec<(Day, Option<usize>)> {
        let mut bases: Vec<(Day, Option<usize>)> = Vec::new();
        for row in 0..self.meeting.near.len() {
            for fact in self.statement(row).facts() {
                bases.extend(self.day_named(fact).map(|day| (day, Some(row))));
            }
        }
        bases.extend(self.told.days.iter().map(|day| (*day, None)));
        let own = self.claim.facts().filter_map(|fact| self.day_named(fact));
        // A day of the same sentence: 11月24日に発送し、翌25日に.
        let own: Vec<(Day, Option<usize>)> = own.map(|day| (day, None)).collect();
        bases.extend(if own.len() > 1 { own } else { Vec::new() });
        bases
    }

    /// The sentences that speak most of the claim, with how much of it.
    fn rules(&self) -> Vec<(usize, f64)> {
        let none = self.meeting.uncovered();
        let rows = (0..self.meeting.near.len()).map(|row| (row, self.meeting.share(&none, row)));
        let mut rules: Vec<(usize, f64)> = rows.filter(|(_, share)| *share >= SPEAKS_OF).collect();
        rules.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        rules.truncate(RULES);
        rules
    }

    fn amount(&self, claim: &Fact) -> Option<Vec<usize>> {
        let (mut known, mut shares, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        for row in 0..self.meeting.near.len() {
            let facts = self.statement(row).facts();
            for fact in facts {
                if let Some(money) = sums::money(fact) {
                    known.push(money);
                    rows.push(row);
                }
                shares.extend(share(fact));
            }
        }
        let own = self.claim.facts().filter(|fact| fact.span != claim.span);
        let mut counts = self.told.counts.clone();
        for fact in own {
            counts.extend(sums::count(fact));
            shares.extend(share(fact));
            known.extend(sums::money(fact));
        }
        known.extend(self.told.amounts.iter().map(|yen| (*yen, None)));
        let pairs = [("両", 2), ("往復", 2), ("ペア", 2), ("半額", 2)];
        counts.extend(pairs.iter().filter(|(word, _)| self.claim.normal.contains(word)).map(|(_, n)| *n));
        let rule = self.best().map_or("", |row| self.statement(row).normal.as_str());
        if !sums::follows(claim, &self.claim.normal, rule, &known, &counts, &shares) {
            return None;
        }
        let best = rows.into_iter().max_by(|a, b| {
            let none = self.meeting.uncovered();
            self.meeting.share(&none, *a).total_cmp(&self.meeting.share(&none, *b)).then(b.cmp(a))
        });
        Some(best.into_iter().collect())
    }

    /// あと2回, 合計3点, 2点とも: added up or taken off from what stands elsewhere.
    fn count(&self, n: &Extent) -> Option<Vec<usize>> {
        const COUNTED: &[&str] =
            &["合計", "合わせ", "計", "あと", "残り", "残る", "とも", "のうち", "両方", "それぞれ"];
        let counted = COUNTED.iter().any(|word| self.claim.normal.contains(word));
        let told = n.low.as_whole().is_some_and(|n| self.told.counts.contains(&n));
        (counted || told).then(Vec::new)
    }

    /// 12月29日から1月4日までの7日間.
    fn length(&self, n: &Extent) -> Option<Vec<usize>> {
        let dates = self.claim.facts().filter_map(|fact| match &fact.value {
            Value::Date(date) => day_of(date, self.told.today),
            _ => None,
        });
        let dates: Vec<Day> = dates.collect();
        let spans = dates.iter().flat_map(|from| dates.iter().map(move |to| (to.0 - from.0).get_days()));
        let whole = |days: i32| u64::try_from(days).ok().map(Number::whole);
        let fits = |days: i32| whole(days) == Some(n.high) || whole(days + 1) == Some(n.high);
        spans.filter(|days| *days > 0).any(fits).then(Vec::new)
    }

    fn statement(&self, row: usize) -> &Statement {
        self.meeting.statement(row)
    }
}

fn share(fact: &Fact) -> Option<u64> {
    match &fact.value {
        Value::Percent(n) if n.low == n.high => n.low.as_whole(),
        _ => None,
    }
}

/// A day so many days from today, as it would be written.
pub fn written(today: Day, days: i8) -> Option<WrittenDate> {
    let day = Day(today.0.checked_add(jiff::Span::new().days(i64::from(days))).ok()?);
    Some(WrittenDate {
        year: day.0.year().try_into().ok(),
        month: day.0.month().try_into().ok(),
        day: day.0.day().try_into().ok(),
        weekday: Some(weekday(day)),
    })
}
