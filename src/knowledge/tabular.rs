//! A table of a web page as lines: a row says by itself what its cells mean, as in a Markdown table.

use super::plain;

/// No table that people read is wider; what is further right is left without a header.
const MAX_COLUMNS: usize = 200;
/// A cell that reaches over more rows is read in so many.
const MAX_SPAN: usize = 50;
/// A cell with more text than a name or an amount is not said again in the rows below it.
const MAX_REPEATED_CHARS: usize = 100;

/// One cell as it stands in the page.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// Its text, of several lines perhaps.
    pub text: String,
    /// Whether it is a `<th>`.
    pub heads: bool,
    /// How many columns it takes.
    pub columns: usize,
    /// How many rows it takes.
    pub rows: usize,
}

/// Rows in the order of the page.
#[derive(Debug, Clone, Default)]
pub struct Table {
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Begins a row.
    pub fn row(&mut self) {
        self.rows.push(Vec::new());
    }

    /// Adds a cell to the last row.
    pub fn cell(&mut self, cell: Cell) {
        match self.rows.last_mut() {
            Some(row) => row.push(cell),
            None => self.rows.push(vec![cell]),
        }
    }

    /// The table as text. Where each row is one cell the table was only a frame around its text.
    pub fn text(&self) -> String {
        let filled = self.rows.iter().filter(|row| row.iter().any(|cell| !cell.text.trim().is_empty()));
        let rows: Vec<&Vec<Cell>> = filled.collect();
        if rows.iter().all(|row| row.len() == 1) {
            return rows.iter().map(|row| row[0].text.trim()).collect::<Vec<_>>().join("\n\n");
        }
        let mut header: Vec<String> = Vec::new();
        let mut above: Vec<(usize, String)> = Vec::new();
        let mut lines = Vec::new();
        for row in rows {
            let names_columns = row.len() > 1 && row.iter().all(|cell| cell.heads);
            let cells = spread(row, &mut above, names_columns);
            match names_columns {
                true if lines.is_empty() => header = under(&header, cells),
                true => header = cells,
                false => lines.push(line(row, &header, cells)),
            }
        }
        // Nothing but names: they are all there is to say.
        if lines.is_empty() { plain::row(&[], &header) } else { lines.join("\n") }
    }
}

/// `・送料：550円` also where the row alone says what it is about.
fn line(row: &[Cell], header: &[String], cells: Vec<String>) -> String {
    let named = row.first().is_some_and(|first| first.heads) && header.is_empty();
    let filled: Vec<String> = cells.iter().filter(|cell| !cell.is_empty()).cloned().collect();
    match filled.split_first() {
        Some((name, rest)) if named && !rest.is_empty() => format!("・{name}：{}", rest.join("、")),
        _ => plain::row(header, &cells),
    }
}

/// A second line of the header makes the first more exact.
fn under(header: &[String], cells: Vec<String>) -> Vec<String> {
    let above = header.iter().map(String::as_str).chain(std::iter::repeat(""));
    let joined = cells.into_iter().zip(above).map(|(cell, above)| match (above, cell.as_str()) {
        ("", _) => cell,
        (above, "") => above.to_owned(),
        (above, name) if above == name => cell,
        (above, name) => format!("{above} {name}"),
    });
    joined.collect()
}

/// One text a column: a cell that reaches over rows is said in each, one that reaches over columns is said once
/// unless it is a header.
fn spread(row: &[Cell], above: &mut Vec<(usize, String)>, repeat: bool) -> Vec<String> {
    let mut cells: Vec<String> = Vec::new();
    let mut own = row.iter();
    loop {
        let at = cells.len();
        if let Some((left, text)) = above.get_mut(at).filter(|(left, _)| *left > 0) {
            *left -= 1;
            cells.push(text.clone());
            continue;
        }
        let Some(cell) = own.next() else { break };
        let text = cell.text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        let short = text.chars().count() <= MAX_REPEATED_CHARS;
        for column in 0..cell.columns.clamp(1, MAX_SPAN) {
            let text = if column == 0 || repeat && short { text.clone() } else { String::new() };
            if cells.len() < MAX_COLUMNS {
                above.resize(above.len().max(cells.len() + 1), (0, String::new()));
                let below = if short { cell.rows.clamp(1, MAX_SPAN) - 1 } else { 0 };
                above[cells.len()] = (below, text.clone());
            }
            cells.push(text);
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> String {
        let mut table = Table::default();
        for row in rows {
            table.row();
            for cell in *row {
                let (heads, cell) = cell.strip_prefix('!').map_or((false, *cell), |rest| (true, rest));
                let (cell, rows) = cell.strip_suffix("|2").map_or((cell, 1), |rest| (rest, 2));
                let (cell, columns) = cell.strip_suffix("_2").map_or((cell, 1), |rest| (rest, 2));
                table.cell(Cell { text: cell.to_owned(), heads, columns, rows });
            }
        }
        table.text()
    }

    #[test]
    fn a_row_is_named_by_its_header_or_by_its_first_cell() {
        assert_eq!(
            table(&[&["!地域", "!送料"], &["沖縄県", "880円"], &["!本州", ""]]),
            "・地域：沖縄県、送料：880円\n・地域：本州"
        );
        assert_eq!(table(&[&["!送料", "550円"], &["!返品", "14日", "未開封"]]), "・送料：550円\n・返品：14日、未開封");
        assert_eq!(table(&[&["沖縄県", "880円"]]), "・沖縄県、880円");
        assert_eq!(table(&[&["!地域", "!送料"]]), "・地域、送料");
    }

    #[test]
    fn cells_that_reach_further_are_said_where_they_reach() {
        assert_eq!(
            table(&[&["!地域", "!個数", "!送料"], &["沖縄県|2", "1個", "880円"], &["2個", "900円"]]),
            "・地域：沖縄県、個数：1個、送料：880円\n・地域：沖縄県、個数：2個、送料：900円"
        );
        assert_eq!(
            table(&[&["!地域|2", "!送料_2"], &["!通常", "!急ぎ"], &["本州", "550円", "880円"]]),
            "・地域：本州、送料 通常：550円、送料 急ぎ：880円"
        );
        assert_eq!(table(&[&["!地域", "!通常", "!急ぎ"], &["離島", "不可_2"]]), "・地域：離島、通常：不可");
    }

    #[test]
    fn a_table_that_is_only_a_frame_leaves_its_text_alone() {
        assert_eq!(
            table(&[&["返品は14日以内です。\n\n未開封に限ります。"], &[""], &["送料は550円です。"]]),
            "返品は14日以内です。\n\n未開封に限ります。\n\n送料は550円です。"
        );
        assert_eq!(table(&[]), "");
    }
}
