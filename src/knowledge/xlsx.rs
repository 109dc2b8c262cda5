//! Excel workbooks: on each sheet the first row that is not empty names the fields, as in CSV. Lines are the numbers
//! that Excel shows beside the rows; with several sheets the reason names the sheet.
//!
//! Hidden sheets are left out, hidden and filtered rows are read. A merged cell speaks for each of its rows that says
//! something of its own. What a cell holds is `cell.rs`.

use std::{
    collections::BTreeMap,
    io::{self, Cursor, Read},
};

use calamine::{Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::{
    File,
    cell::{self, Cell},
    format::{Entry, Fault, Format, Shelf},
    table::{self, Columns},
};
use crate::domain::Kind;

/// `.xlsx`.
pub const FORMAT: Format =
    Format { extensions: &["xlsx"], kinds: &[Kind::Faq, Kind::Policy, Kind::PastReply], entries };

/// A workbook is a ZIP archive, and a small one can unpack into more than the machine has. A FAQ of a thousand
/// answers unpacks into 2 MiB.
const MAX_UNPACKED_BYTES: u64 = 64 * 1024 * 1024;

/// Filled cells of all sheets: twenty thousand entries of ten fields.
const MAX_CELLS: usize = 200_000;

/// How the old formats and encrypted workbooks begin.
const COMPOUND_FILE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Filled cells by row and column, both from 0.
type Rows = BTreeMap<u32, BTreeMap<u32, Cell>>;

fn entries(file: &File, shelf: &Shelf) -> Vec<Result<Entry, Fault>> {
    let mut workbook = match open(&file.bytes) {
        Ok(workbook) => workbook,
        Err(fault) => return vec![Err(fault)],
    };
    let sheets = workbook.sheets_metadata().iter();
    let shown = sheets.filter(|sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet);
    let names: Vec<String> = shown.map(|sheet| sheet.name.clone()).collect();
    let mut cells_left = MAX_CELLS;
    let mut found = Vec::new();
    for name in &names {
        let part = (names.len() > 1).then(|| format!("sheet {name:?}"));
        let entries = match rows(&mut workbook, name, &mut cells_left) {
            Ok(rows) => of_sheet(rows, name, workbook.has_1904_epoch(), shelf),
            Err(fault) => vec![Err(fault)],
        };
        found.extend(entries.into_iter().map(|entry| match entry {
            Ok(mut entry) => {
                entry.part.clone_from(&part);
                Ok(entry)
            }
            Err(fault) => Err(fault.within(part.as_deref())),
        }));
    }
    if found.is_empty() && cells_left == MAX_CELLS {
        let fields = shelf.fields.join(", ");
        let reason =
            format!("no sheet that is shown holds anything: the first row of a sheet names the fields {fields}");
        found.push(Err(Fault::file(reason)));
    }
    found
}

fn open(bytes: &[u8]) -> Result<Workbook<'_>, Fault> {
    if bytes.starts_with(COMPOUND_FILE) {
        let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        return Err(Fault::file(match bytes.windows(encrypted.len()).any(|window| window == encrypted) {
            true => "the workbook is protected by a password: save it without one (File, Info, Protect Workbook)",
            false => "this is a workbook in Excel's old format (.xls): open it in Excel and save it as .xlsx",
        }));
    }
    check_size(bytes)?;
    Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))
}

fn broken(error: &dyn std::fmt::Display) -> Fault {
    let reason = format!(
        "this is no Excel workbook, or it is damaged ({error}): open it in Excel, repair it if Excel offers to, and save \
         it as .xlsx"
    );
    Fault::file(reason)
}

/// Unpacks everything once and keeps nothing: the sizes that an archive states itself may be wrong.
fn check_size(bytes: &[u8]) -> Result<(), Fault> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let mut left = MAX_UNPACKED_BYTES;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|error| broken(&error))?;
        let size = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(|error| broken(&error))?;
        left = left.checked_sub(size).ok_or_else(|| {
            let mib = MAX_UNPACKED_BYTES / (1024 * 1024);
            Fault::file(format!(
                "the workbook unpacks into more than {mib} MiB: delete rows, pictures and formats that are not needed, \
                 or split it into several files"
            ))
        })?;
    }
    Ok(())
}

fn rows(workbook: &mut Workbook<'_>, sheet: &str, cells_left: &mut usize) -> Result<Rows, Fault> {
    let cannot = |error: XlsxError| {
        Fault::file(format!("the sheet cannot be read ({error}): open the workbook in Excel and save it again"))
    };
    let merged = workbook.merge_cells_by_sheet_name(sheet).map_err(cannot)?;
    let mut rows = Rows::new();
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(cannot)?;
    while let Some(found) = reader.next_cell_with_formula_metadata().map_err(cannot)? {
        if let Some(cell) = Cell::of(found.value, found.formula.is_some()) {
            count(cells_left)?;
            rows.entry(found.pos.0).or_default().insert(found.pos.1, cell);
        }
    }
    for region in merged {
        let (top, left) = region.start;
        let Some(cell) = rows.get(&top).and_then(|cells| cells.get(&left)).cloned() else { continue };
        if region.end.0 <= top {
            continue;
        }
        for cells in rows.range_mut(top + 1..=region.end.0).map(|(_, cells)| cells) {
            count(cells_left)?;
            cells.entry(left).or_insert_with(|| cell.clone());
        }
    }
    Ok(rows)
}

fn count(cells_left: &mut usize) -> Result<(), Fault> {
    *cells_left = cells_left.checked_sub(1).ok_or_else(|| {
        Fault::file(format!("the workbook has more than {MAX_CELLS} filled cells: split it into several files"))
    })?;
    Ok(())
}

fn of_sheet(mut rows: Rows, sheet: &str, is_1904: bool, shelf: &Shelf) -> Vec<Result<Entry, Fault>> {
    let Some((first, header)) = rows.pop_first() else { return Vec::new() };
    let columns = match columns(first, &header, sheet, is_1904, shelf) {
        Ok(columns) => columns,
        Err(fault) => return vec![Err(fault)],
    };
    rows.into_iter().map(|(row, cells)| entry(row, &cells, &columns, is_1904)).collect()
}

fn columns(row: u32, cells: &BTreeMap<u32, Cell>, sheet: &str, is_1904: bool, shelf: &Shelf) -> Result<Columns, Fault> {
    let line = line_of(row);
    let names = cells.iter().map(|(at, cell)| (index(*at), cell.text(None, is_1904).unwrap_or_default()));
    let names: Vec<(usize, String)> = names.collect();
    if !names.iter().any(|(_, name)| shelf.fields.contains(&table::field(name).as_str())) {
        let found: Vec<_> = names.iter().take(5).map(|(_, name)| name.as_str()).collect();
        let reason = format!(
            "the first row of sheet {sheet:?} that is not empty names none of the fields {}, found {:?}: name the \
             fields there, or hide the sheet",
            shelf.fields.join(", "),
            found.join(", ")
        );
        return Err(Fault::line(line, reason));
    }
    Columns::read(names.iter().map(|(at, name)| (*at, name.as_str())), line, shelf)
}

fn entry(row: u32, cells: &BTreeMap<u32, Cell>, columns: &Columns, is_1904: bool) -> Result<Entry, Fault> {
    let line = line_of(row);
    let text = |at: u32, cell: &Cell| {
        let text = cell.text(columns.name(index(at)), is_1904);
        text.map_err(|reason| Fault::line(line, format!("the cell {}{line} {reason}", cell::letters(at))))
    };
    let texts = cells.iter().map(|(at, cell)| Ok((index(*at), text(*at, cell)?)));
    let texts = texts.collect::<Result<Vec<(usize, String)>, Fault>>()?;
    columns.entry(texts.iter().map(|(at, text)| (*at, text.as_str())), line)
}

fn index(column: u32) -> usize {
    usize::try_from(column).unwrap_or(usize::MAX)
}

/// As Excel shows it.
fn line_of(row: u32) -> usize {
    index(row).saturating_add(1)
}

#[cfg(test)]
#[path = "xlsx_tests.rs"]
mod tests;
