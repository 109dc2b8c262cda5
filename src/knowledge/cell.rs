//! What a cell of an Excel sheet says as text: a number without the `.0` that Excel keeps it with, a date as a day,
//! and no text at all for what Excel shows as an error.

use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType};

/// A filled cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// As typed.
    Text(String),
    /// A number, which may be a day that lost its format.
    Number(f64),
    /// A date; its time of day is of no use to us.
    Day(String),
    /// Why it cannot be read, after the words "the cell C5".
    Unreadable(String),
}

/// Fields that hold a day, so that a bare number there is Excel's count of days.
const DAYS: &[&str] = &["valid_from", "valid_until", "date"];

/// From 1954 to 2201: no year and no `20261001` is taken for a count of days.
const SERIAL: std::ops::RangeInclusive<f64> = 20_000.0..=110_000.0;

impl Cell {
    /// Reads a value; `None` for an empty cell.
    pub fn of(value: DataRef<'_>, by_formula: bool) -> Option<Self> {
        let filled = |text: String| (!text.trim().is_empty()).then_some(Self::Text(text));
        match value {
            DataRef::String(text) => filled(text),
            DataRef::SharedString(text) => filled(text.to_owned()),
            DataRef::Int(number) => Some(Self::Text(number.to_string())),
            DataRef::Float(number) => Some(Self::Number(number)),
            DataRef::Bool(yes) => Some(Self::Text(if yes { "TRUE" } else { "FALSE" }.to_owned())),
            DataRef::DateTime(moment) if moment.is_datetime() && moment.as_f64() >= 1.0 => {
                Some(Self::Day(day(&moment)))
            }
            DataRef::DateTime(_) | DataRef::DurationIso(_) => {
                Some(Self::Unreadable("holds a time without a date: format the cell as text and type it".to_owned()))
            }
            DataRef::DateTimeIso(text) => Some(Self::Day(text.chars().take_while(|c| *c != 'T').collect())),
            DataRef::Error(error) => Some(Self::Unreadable(format!(
                "shows {error}: correct its formula, or paste what it should say as a value"
            ))),
            // Programs that write workbooks leave the result to Excel.
            DataRef::Empty if by_formula => Some(Self::Unreadable(
                "has a formula whose result is not in the file: open the workbook in Excel and save it again"
                    .to_owned(),
            )),
            DataRef::Empty => None,
        }
    }

    /// Its text as the value of a field.
    pub fn text(&self, field: Option<&str>, is_1904: bool) -> Result<String, String> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::Number(number) if field.is_some_and(|name| DAYS.contains(&name)) && SERIAL.contains(number) => {
                Ok(day(&ExcelDateTime::new(*number, ExcelDateTimeType::DateTime, is_1904)))
            }
            // Fifteen digits are what Excel keeps; beyond them 0.1 + 0.2 would show.
            Self::Number(number) => Ok(rounded(*number).to_string()),
            // Excel makes a date of 1-2 while it is typed.
            Self::Day(day) if field == Some("key") => {
                Err(format!("holds the date {day}: format the column as text and type the key again"))
            }
            Self::Day(day) => Ok(day.clone()),
            Self::Unreadable(reason) => Err(reason.clone()),
        }
    }
}

fn rounded(number: f64) -> f64 {
    format!("{number:.14e}").parse().unwrap_or(number)
}

fn day(moment: &ExcelDateTime) -> String {
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02}")
}

/// A column's name: 0 is A, 26 is AA.
pub fn letters(column: u32) -> String {
    let mut left = column.saturating_add(1);
    let mut letters = Vec::new();
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_as_excel_shows_it() {
        for (number, text) in [(1024.0, "1024"), (0.1 + 0.2, "0.3"), (-5.5, "-5.5"), (1e15, "1000000000000000")] {
            assert_eq!(Cell::Number(number).text(Some("key"), false).unwrap(), text);
        }
    }

    #[test]
    fn columns_have_letters() {
        assert_eq!([0, 25, 26, 701, 702, 16_383].map(letters), ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
    }
}
