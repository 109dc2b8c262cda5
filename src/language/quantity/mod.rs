//! Typed facts of a text: amounts, percents, counts, durations, dates, times, phones, addresses, codes.
//!
//! What is written is read, nothing more: whether two facts are about the same thing is decided in
//! `grounding`. All patterns run in linear time over the normal form and are compiled once.

mod calendar;
mod literal;
mod measure;
mod numeral;
mod scope;
mod spelling;

use std::{collections::BTreeMap, ops::Range};

use crate::domain::Span;

use super::normal::Normalised;
pub use spelling::whole_numbers;

/// A number as it is compared: thousandths, so that 3.5 is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(u64);

impl Number {
    /// A whole number.
    pub const fn whole(n: u64) -> Self {
        Self(n.saturating_mul(1000))
    }

    /// The whole number it is, if it is one.
    pub fn as_whole(self) -> Option<u64> {
        self.0.is_multiple_of(1000).then_some(self.0 / 1000)
    }
}

/// From one number to another, both included; one number when both are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Extent {
    /// The lower end.
    pub low: Number,
    /// The upper end.
    pub high: Number,
}

impl Extent {
    /// Just this number.
    pub const fn one(n: Number) -> Self {
        Self { low: n, high: n }
    }

    /// The same length in a unit that is `factor` times smaller.
    pub fn times(self, factor: u64) -> Self {
        let times = |n: Number| Number(n.0.saturating_mul(factor));
        Self { low: times(self.low), high: times(self.high) }
    }
}

/// Whether tax is in a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tax {
    /// 税込.
    Included,
    /// 税抜, 税別.
    Excluded,
}

/// What a duration is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DurationUnit {
    /// 分.
    Minute,
    /// 時間.
    Hour,
    /// 日.
    Day,
    /// 営業日.
    BusinessDay,
    /// 週間.
    Week,
    /// か月.
    Month,
    /// 年.
    Year,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Weekday {
    /// 月.
    Monday,
    /// 火.
    Tuesday,
    /// 水.
    Wednesday,
    /// 木.
    Thursday,
    /// 金.
    Friday,
    /// 土.
    Saturday,
    /// 日.
    Sunday,
}

/// A day as it is written; what is not written is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct WrittenDate {
    /// In the Western count, also when written 令和.
    pub year: Option<u16>,
    /// 1 to 12; `None` for 毎月10日.
    pub month: Option<u8>,
    /// 1 to 31; `None` for 3月.
    pub day: Option<u8>,
    /// The weekday written beside it.
    pub weekday: Option<Weekday>,
}

/// A time of day in 24 hours; 24:00 and later are kept as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay {
    /// 0 to 30.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

/// What a fact states.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// Money.
    Amount {
        /// Yen.
        yen: Extent,
        /// Whether tax is in it, where said.
        tax: Option<Tax>,
    },
    /// A share: `10%`, `2割`.
    Percent(Extent),
    /// So many of something.
    Count {
        /// How many.
        n: Extent,
        /// Of what, in one spelling for units that mean the same.
        unit: &'static str,
    },
    /// A length of time.
    Duration {
        /// How long.
        n: Extent,
        /// In what.
        unit: DurationUnit,
    },
    /// A calendar day or month.
    Date(WrittenDate),
    /// 明日, 昨日: days from the day of writing. Means nothing without knowing that day.
    RelativeDay(i8),
    /// 来週, 今月: a stretch that moves with the day of writing.
    RelativePeriod(&'static str),
    /// A time of day.
    Time(TimeOfDay),
    /// From one time of day to another.
    TimeRange(TimeOfDay, TimeOfDay),
    /// Weekdays named without a date, as a bit set from Monday; bit 7 is 祝日.
    Weekdays(u8),
    /// Digits of a telephone number.
    Phone(String),
    /// A web address without scheme and final slash.
    Url(String),
    /// A mail address.
    Email(String),
    /// An order number, a product code, a tracking number.
    Code(String),
}

/// How a number limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bound {
    /// 以内, 以下, まで.
    AtMost,
    /// 以上, 以降, から.
    AtLeast,
    /// 未満.
    Under,
    /// 超, を過ぎる.
    Over,
    /// 約, ほど, 程度.
    About,
    /// 前.
    Before,
    /// 後.
    After,
    /// ごと, につき.
    Every,
}

/// One typed fact of a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fact {
    /// What it states.
    pub value: Value,
    /// Where it stands in the original text.
    pub span: Span,
    /// How the number limits, where said.
    pub bound: Option<Bound>,
}

/// A fact while its place is still a byte range of the normal form.
#[derive(Debug)]
struct Found {
    value: Value,
    bytes: Range<usize>,
    bound: Option<Bound>,
}

/// What earlier, surer patterns have taken, by where it begins; later ones leave it alone. No two overlap.
#[derive(Debug, Default)]
struct Taken(BTreeMap<usize, Found>);

impl Taken {
    fn is_free(&self, bytes: &Range<usize>) -> bool {
        self.0.range(..bytes.end).next_back().is_none_or(|(_, found)| found.bytes.end <= bytes.start)
    }

    fn push(&mut self, value: Value, bytes: Range<usize>) {
        if self.is_free(&bytes) {
            self.0.insert(bytes.start, Found { value, bytes, bound: None });
        }
    }

    /// The last that ends before this byte.
    fn before(&self, byte: usize) -> Option<&Found> {
        self.0.range(..byte).next_back().map(|(_, found)| found).filter(|found| found.bytes.end <= byte)
    }
}

/// The typed facts of a text, in its order.
pub fn facts(text: &str) -> Vec<Fact> {
    facts_of(&Normalised::of(text))
}

/// The same for a text that is already in normal form.
pub fn facts_of(normal: &Normalised) -> Vec<Fact> {
    let text = normal.as_str();
    let mut taken = Taken::default();
    literal::find(text, &mut taken);
    calendar::find(text, &mut taken);
    measure::find(text, &mut taken);
    let mut found = calendar::join_times(text, taken.0.into_values());
    scope::limit(text, &mut found);
    // Facts come in the order of the text: characters are counted on from the last one, never from the start.
    let (mut byte, mut chars) = (0, 0);
    let mut chars_to = |to: usize| {
        chars += text[byte..to].chars().count();
        byte = to;
        chars
    };
    let mut placed = Vec::with_capacity(found.len());
    for Found { value, bytes, bound } in found {
        let span = normal.original(Span::new(chars_to(bytes.start), chars_to(bytes.end)));
        placed.push(Fact { value, span, bound });
    }
    placed
}

#[cfg(test)]
mod tests;
