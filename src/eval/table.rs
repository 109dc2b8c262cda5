//! Figures as a table for a terminal: a row a figure, a column a shop, the limits last.

use std::fmt::Write as _;

use super::bar::Bar;

/// Rows of the same figures under the names of their columns.
pub(super) fn of(columns: &[(String, Vec<(&'static str, f64)>)], bar: &Bar) -> String {
    let mut table = format!("{:<20}", "");
    for (name, _) in columns {
        let _ = write!(table, "{name:>12}");
    }
    table.push_str("  limit\n");
    let names = columns.first().into_iter().flat_map(|(_, figures)| figures.iter().map(|(name, _)| *name));
    for (row, name) in names.enumerate() {
        let _ = write!(table, "{name:<20}");
        for (_, figures) in columns {
            let _ = write!(table, "{:>12}", written(figures[row].1));
        }
        let _ = writeln!(table, "  {}", bar.limit(name));
    }
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// A count without decimals, a share with four.
fn written(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() >= 2.0 || value == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.4}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_under_the_names_of_their_shops() {
        let columns =
            [("a".to_owned(), vec![("n", 120.0), ("mrr", 0.5)]), ("all".to_owned(), vec![("n", 0.0), ("mrr", 1.0)])];
        let table = of(&columns, &Bar::default());
        let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(rows, [vec!["a", "all", "limit"], vec!["n", "120", "0"], vec!["mrr", "0.5000", "1.0000"]]);
    }
}
