//! Whether two people who rule on the same finding rule alike, beyond what chance would give: Cohen's kappa (1960).

use crate::domain::{RulingVerdict, TwiceRuled};

/// How two people agree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// Findings that two people ruled on.
    pub of: u64,
    /// Of these, those on which they differ.
    pub differ: u64,
    /// 1 where all rulings agree, 0 where no more do than by chance; `None` where chance alone would make all of them
    /// agree, or there is none.
    pub kappa: Option<f64>,
}

/// Verdicts of one kind count as one.
const VERDICTS: [RulingVerdict; 3] = [RulingVerdict::Confirmed, RulingVerdict::Dismissed, RulingVerdict::Waived];

/// What the findings that were ruled on twice tell.
pub fn agreement(twice: &[TwiceRuled]) -> Agreement {
    let of = twice.len() as u64;
    let alike = twice.iter().filter(|one| one.first == one.second).count() as u64;
    if of == 0 {
        return Agreement { of, differ: 0, kappa: None };
    }
    let share =
        |wanted: &dyn Fn(&TwiceRuled) -> bool| twice.iter().filter(|one| wanted(one)).count() as f64 / of as f64;
    let by_chance: f64 =
        VERDICTS.iter().map(|verdict| share(&|one| one.first == *verdict) * share(&|one| one.second == *verdict)).sum();
    let observed = alike as f64 / of as f64;
    let kappa = (by_chance < 1.0).then(|| (observed - by_chance) / (1.0 - by_chance));
    Agreement { of, differ: of - alike, kappa }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Id, Timestamp};

    fn twice(first: RulingVerdict, second: RulingVerdict, times: usize) -> Vec<TwiceRuled> {
        let finding = Id::from_uuid(uuid::Uuid::nil());
        vec![TwiceRuled { finding, first, second, at: Timestamp(0) }; times]
    }

    #[test]
    fn kappa_is_cohens() {
        use RulingVerdict::{Confirmed, Dismissed};
        // The textbook's table: 20 and 15 alike, 5 and 10 not; 0.7 observed, 0.5 by chance.
        let all = [
            twice(Confirmed, Confirmed, 20),
            twice(Confirmed, Dismissed, 5),
            twice(Dismissed, Confirmed, 10),
            twice(Dismissed, Dismissed, 15),
        ]
        .concat();
        let found = agreement(&all);
        assert_eq!((found.of, found.differ), (50, 15));
        assert!((found.kappa.unwrap() - 0.4).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn where_everybody_always_says_the_same_word_kappa_says_nothing() {
        assert_eq!(agreement(&[]).kappa, None);
        assert_eq!(agreement(&twice(RulingVerdict::Confirmed, RulingVerdict::Confirmed, 9)).kappa, None);
    }
}
