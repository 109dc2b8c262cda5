//! A table whose first row names the fields, in any order: what CSV and Excel have in common. How the cells are
//! told apart, and what a cell holds, is the format's business.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::format::{Entry, Fault, Shelf};

/// Which column holds which field.
pub struct Columns {
    names: BTreeMap<usize, String>,
}

impl Columns {
    /// Reads the first row: cells by column, from 0.
    pub fn read<'a>(
        cells: impl IntoIterator<Item = (usize, &'a str)>,
        line: usize,
        shelf: &Shelf,
    ) -> Result<Self, Fault> {
        let refuse = |reason: String| Err(Fault::line(line, reason));
        let mut names: BTreeMap<usize, String> = BTreeMap::new();
        for (at, name) in cells {
            let name = field(name);
            // A comma or a border too many at the end of a row.
            if name.is_empty() {
                continue;
            }
            shelf.check_field(&name, "column").map_err(|reason| Fault::line(line, reason))?;
            if names.values().any(|known| *known == name) {
                return refuse(format!("the column {name:?} stands there twice: keep one"));
            }
            names.insert(at, name);
        }
        if let Some(missing) = shelf.required.iter().find(|required| !names.values().any(|name| name == *required)) {
            let required = shelf.required.join(", ");
            return refuse(format!("the column {missing:?} is missing: the first row has to name {required}"));
        }
        Ok(Self { names })
    }

    /// The field that a column holds.
    pub fn name(&self, column: usize) -> Option<&str> {
        self.names.get(&column).map(String::as_str)
    }

    /// Reads another row. Text that stands under no name would be lost in silence.
    pub fn entry<'a>(&self, cells: impl IntoIterator<Item = (usize, &'a str)>, line: usize) -> Result<Entry, Fault> {
        let mut entry = Entry::at(Some(line));
        for (at, text) in cells {
            match self.name(at) {
                Some(name) => entry.put(name, text, None),
                None if text.trim().is_empty() => {}
                None => {
                    let found: String = text.trim().chars().take(20).collect();
                    let reason = format!(
                        "column {} has no name in the first row, and here it holds {found:?}: name it, or empty it",
                        at + 1
                    );
                    return Err(Fault::line(line, reason));
                }
            }
        }
        Ok(entry)
    }
}

/// A field's name as people type it: `Key`, `ｋｅｙ`, with blanks around.
pub fn field(text: &str) -> String {
    text.nfkc().collect::<String>().trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_lowercase()
}
