//! What is known beside the evidence while a draft is read: the customer's own words, the day of writing, and the days that
//! the draft itself has already worked out.

use std::collections::HashSet;

use crate::domain::Day;
use crate::language::quantity::{Fact, Value};

use super::{
    days::day_of,
    statement::Statement,
    sums::{count, money},
    terms::TermSet,
};

/// What needs no evidence, or may be counted from.
#[derive(Debug, Default)]
pub struct Told {
    /// What the customer stated: repeating it claims nothing.
    pub values: HashSet<Value>,
    /// What the customer wrote about.
    pub terms: TermSet,
    /// The day of writing.
    pub today: Option<Day>,
    /// Days that may be counted from: today, those of the inquiry, those that the draft established.
    pub days: Vec<Day>,
    /// How many of something the customer wrote of.
    pub counts: Vec<u64>,
    /// Amounts that the customer wrote of, and those that the draft established.
    pub amounts: Vec<u64>,
}

impl Told {
    /// By an inquiry, written about on `today`.
    pub fn by(inquiry: &Statement, today: Option<Day>) -> Self {
        let mut told = Self { today, days: today.into_iter().collect(), ..Self::default() };
        told.terms = inquiry.terms.iter().map(|told| told.term).collect();
        told.values = inquiry.facts().map(|fact| fact.value.clone()).collect();
        told.counts = inquiry.facts().filter_map(count).collect();
        told.establish(inquiry.facts());
        told
    }

    /// Takes in what a sentence of the draft may state: what follows may count from it.
    pub fn establish<'f>(&mut self, facts: impl Iterator<Item = &'f Fact>) {
        for fact in facts {
            self.amounts.extend(money(fact).map(|(yen, _)| yen));
            let day = match &fact.value {
                Value::Date(date) => day_of(date, self.today),
                _ => None,
            };
            self.days.extend(day.filter(|day| !self.days.contains(day)));
        }
    }
}
