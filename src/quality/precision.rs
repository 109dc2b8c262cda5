//! How often what a rule says is right, by QA's rulings.

use crate::domain::RuleTally;

/// A share with how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// What was seen, 0 to 1.
    pub value: f64,
    /// Where the true share lies in 95 of 100 cases: the lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The two-sided 95 % point of the normal distribution.
const Z: f64 = 1.959_964;

/// The share of findings that were right among those that QA ruled on: confirmed and waived ones, since what is waived
/// was seen rightly. `None` before the first ruling.
pub fn precision(tally: &RuleTally) -> Option<Share> {
    let right = tally.confirmed + tally.waived;
    wilson(right, right + tally.dismissed)
}

/// The interval of E. B. Wilson (1927), which holds for few rulings and for shares near 0 and 1.
pub fn wilson(hits: u64, of: u64) -> Option<Share> {
    if of == 0 {
        return None;
    }
    let (n, value) = (of as f64, hits as f64 / of as f64);
    let middle = (value + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (value * (1.0 - value) / n + Z * Z / (4.0 * n * n)).sqrt();
    Some(Share { value, low: (middle - half).max(0.0), high: (middle + half).min(1.0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        // Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20.
        for (hits, of, low, high) in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)] {
            let share = wilson(hits, of).unwrap();
            assert!((share.low - low).abs() < 5e-5 && (share.high - high).abs() < 5e-5, "{share:?}");
        }
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn what_is_waived_was_seen_rightly() {
        let tally = |confirmed, dismissed, waived| RuleTally { confirmed, dismissed, waived, ..RuleTally::default() };
        assert_eq!(precision(&tally(6, 2, 2)).unwrap().value, 0.8);
        assert_eq!(precision(&tally(0, 0, 0)), None);
    }
}
