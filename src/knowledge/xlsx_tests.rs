//! Workbooks as support leads keep them: made by a writer of real files, or part by part where a writer makes no such
//! file.

use std::io::Write;

use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::super::{File, Read as Found, read};
use crate::domain::{Day, NewRevision};

const HEADER: [&str; 4] = ["key", "title", "answer", "valid_from"];

fn found(path: &str, bytes: Vec<u8>) -> Found {
    read(&[File { path: path.to_owned(), bytes }])
}

/// A workbook of one sheet with the usual header.
fn sheet(fill: impl FnOnce(&mut Worksheet)) -> Found {
    book(|workbook| {
        let sheet = workbook.add_worksheet();
        header(sheet, &HEADER);
        fill(sheet);
    })
}

fn book(fill: impl FnOnce(&mut Workbook)) -> Found {
    let mut workbook = Workbook::new();
    fill(&mut workbook);
    found("faq/a.xlsx", workbook.save_to_buffer().unwrap())
}

fn header(sheet: &mut Worksheet, names: &[&str]) {
    row(sheet, 0, names);
}

fn row(sheet: &mut Worksheet, row: u32, texts: &[&str]) {
    for (text, column) in texts.iter().zip(0..) {
        sheet.write(row, column, *text).unwrap();
    }
}

fn good(found: &Found) -> &[NewRevision] {
    assert_eq!(found.rejected, []);
    &found.revisions
}

fn faults(found: &Found) -> Vec<(Option<usize>, &str)> {
    found.rejected.iter().map(|rejected| (rejected.line, rejected.reason.as_str())).collect()
}

/// A workbook put together by hand: one sheet with these rows, these shared strings, this about the workbook.
fn raw(rows: &str, strings: &str, properties: &str) -> Vec<u8> {
    let spreadsheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{package}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"{relations}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{spreadsheet}\" xmlns:r=\"{relations}\">{properties}<sheets><sheet name=\"FAQ\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        ("xl/sharedStrings.xml", format!("<sst xmlns=\"{spreadsheet}\">{strings}</sst>")),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{spreadsheet}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn inline(cell: &str, text: &str) -> String {
    format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

fn raw_header() -> String {
    let cells: String = HEADER.iter().zip(["A1", "B1", "C1", "D1"]).map(|(name, at)| inline(at, name)).collect();
    format!("<row r=\"1\">{cells}</row>")
}

#[test]
fn a_sheet_is_read_as_a_csv_is_wherever_its_table_begins() {
    let found = book(|workbook| {
        let sheet = workbook.add_worksheet();
        for (at, name) in [" ｔｉｔｌｅ　", "Key", "note", "answer"].iter().enumerate() {
            sheet.write(2, 1 + at as u16, *name).unwrap();
        }
        for (at, text) in
            ["送料はいくらですか", "fee", "原価480円", "550円です。\n沖縄は880円です。"].iter().enumerate()
        {
            sheet.write(3, 1 + at as u16, *text).unwrap();
        }
        // Rows that were emptied, or only given a border.
        sheet.write(5, 1, "  ").unwrap();
        sheet.write_blank(900, 9, &Format::new().set_bold()).unwrap();
    });
    let read = &good(&found)[0];
    assert_eq!(found.revisions.len(), 1);
    assert_eq!((read.key.as_str(), read.title.as_str()), ("fee", "送料はいくらですか"));
    assert_eq!(read.body, "550円です。\n沖縄は880円です。");
    assert_eq!(read.note.as_deref(), Some("原価480円"));
}

#[test]
fn numbers_dates_and_yes_or_no_read_as_they_are_shown() {
    let found = sheet(|sheet| {
        sheet.write(1, 0, 1024.0).unwrap();
        sheet.write(1, 1, true).unwrap();
        sheet.write(1, 2, 0.1 + 0.2).unwrap();
        let format = Format::new().set_num_format("[$-411]yyyy\"年\"m\"月\"d\"日\"");
        sheet.write_with_format(1, 3, ExcelDateTime::from_ymd(2026, 10, 1).unwrap(), &format).unwrap();
        row(sheet, 2, &["b", "題", "答。"]);
        // The format was lost on the way; Excel shows 46296.
        sheet.write(2, 3, 46_296.0).unwrap();
        row(sheet, 3, &["c", "題", "答。", "2026-10-01"]);
        row(sheet, 4, &["d", "題", "答。"]);
        let format = Format::new().set_num_format("yyyy/m/d h:mm");
        let moment = ExcelDateTime::from_ymd(2026, 10, 1).unwrap().and_hms(23, 59, 0).unwrap();
        sheet.write_with_format(4, 3, moment, &format).unwrap();
    });
    let read = good(&found);
    assert_eq!((read[0].key.as_str(), read[0].title.as_str(), read[0].body.as_str()), ("1024", "TRUE", "0.3"));
    assert_eq!(read.len(), 4);
    for read in read {
        assert_eq!(read.validity.from, Some(Day::parse("2026-10-01").unwrap()), "{}", read.key);
    }
}

#[test]
fn a_workbook_from_a_mac_counts_its_days_from_1904() {
    let cells = [inline("A2", "a"), inline("B2", "題"), inline("C2", "答。")].concat();
    let rows = format!("{}<row r=\"2\">{cells}<c r=\"D2\"><v>44834</v></c></row>", raw_header());
    let found = found("faq/a.xlsx", raw(&rows, "", "<workbookPr date1904=\"1\"/>"));
    assert_eq!(good(&found)[0].validity.from, Some(Day::parse("2026-10-01").unwrap()));
}

#[test]
fn furigana_is_not_text_and_what_was_typed_in_several_fonts_is() {
    let strings = "<si><t>送料</t><rPh sb=\"0\" eb=\"2\"><t>ソウリョウ</t></rPh><phoneticPr fontId=\"1\"/></si>\
        <si><r><t>550円</t></r><r><rPr><b/></rPr><t>です。</t></r><rPh sb=\"0\" eb=\"1\"><t>エン</t></rPh></si>";
    let cells = format!("{}<c r=\"B2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"s\"><v>1</v></c>", inline("A2", "a"));
    let found = found("faq/a.xlsx", raw(&format!("{}<row r=\"2\">{cells}</row>", raw_header()), strings, ""));
    assert_eq!((good(&found)[0].title.as_str(), good(&found)[0].body.as_str()), ("送料", "550円です。"));
}

#[test]
fn a_formula_says_what_it_came_to_and_an_error_is_a_fault_of_its_row() {
    let found = sheet(|sheet| {
        row(sheet, 1, &["a", "題"]);
        sheet
            .write_formula(1, 2, Formula::new("=\"送料は\"&550&\"円です。\"").set_result("送料は550円です。"))
            .unwrap();
        row(sheet, 2, &["b", "題"]);
        sheet.write_formula(2, 2, Formula::new("=VLOOKUP(1,A:B,2,0)").set_result("#N/A")).unwrap();
        row(sheet, 3, &["c", "題", "答。"]);
    });
    let keys: Vec<_> = found.revisions.iter().map(|read| (read.key.as_str(), read.body.as_str())).collect();
    assert_eq!(keys, [("a", "送料は550円です。"), ("c", "答。")]);
    let faults = faults(&found);
    assert!(faults.len() == 1 && faults[0].0 == Some(3), "{faults:?}");
    assert!(faults[0].1.contains("the cell C3 shows #N/A"), "{faults:?}");
    let cells = [inline("A2", "a"), inline("B2", "題"), "<c r=\"C2\"><f>A2</f></c>".to_owned()].concat();
    let found = super::super::read(&[File {
        path: "faq/a.xlsx".to_owned(),
        bytes: raw(&format!("{}<row r=\"2\">{cells}</row>", raw_header()), "", ""),
    }]);
    assert!(found.rejected[0].reason.contains("C2 has a formula whose result is not in the file"), "{found:?}");
}

#[test]
fn what_excel_made_of_a_key_while_it_was_typed_is_asked_back() {
    let found = sheet(|sheet| {
        let format = Format::new().set_num_format("m/d");
        sheet.write_with_format(1, 0, ExcelDateTime::from_ymd(2026, 1, 2).unwrap(), &format).unwrap();
        row(sheet, 2, &["b", "題", "答。"]);
        let format = Format::new().set_num_format("h:mm");
        sheet.write_with_format(2, 3, ExcelDateTime::from_hms(10, 0, 0).unwrap(), &format).unwrap();
    });
    let faults = faults(&found);
    assert!(faults[0].1.contains("A2 holds the date 2026-01-02: format the column as text"), "{faults:?}");
    assert!(faults[1].1.contains("D3 holds a time without a date"), "{faults:?}");
}

#[test]
fn a_bad_row_is_refused_by_its_number_and_the_others_are_read() {
    let found = sheet(|sheet| {
        row(sheet, 1, &["a", "題", "答。"]);
        row(sheet, 4, &["b", "", "答。"]);
        row(sheet, 5, &["c", "題", "答。", "4月"]);
        row(sheet, 6, &["d", "題", "答。", "", "", "担当：小林"]);
        row(sheet, 7, &["e", "題", "答。"]);
        row(sheet, 8, &["a", "題", "答。"]);
    });
    let keys: Vec<_> = found.revisions.iter().map(|read| read.key.as_str()).collect();
    assert_eq!(keys, ["a", "e"]);
    let faults = faults(&found);
    let lines: Vec<_> = faults.iter().map(|(line, _)| line.unwrap()).collect();
    assert_eq!(lines, [5, 6, 7, 9]);
    assert!(faults[0].1.starts_with("title is empty") && faults[1].1.contains("4月"), "{faults:?}");
    assert!(faults[2].1.contains("column 6 has no name") && faults[2].1.contains("担当"), "{faults:?}");
    assert!(faults[3].1.contains("faq/a.xlsx line 2"), "{faults:?}");
}

#[test]
fn each_sheet_that_is_shown_is_a_table_and_faults_name_it() {
    let found = book(|workbook| {
        let sheet = workbook.add_worksheet().set_name("送料").unwrap();
        header(sheet, &HEADER);
        row(sheet, 1, &["a", "題", "答。"]);
        let sheet = workbook.add_worksheet().set_name("返品").unwrap();
        header(sheet, &["answer", "title", "key"]);
        row(sheet, 1, &["答。", "", "b"]);
        row(sheet, 2, &["答。", "題", "a"]);
        row(sheet, 3, &["答。", "題", "c"]);
        workbook.add_worksheet().set_name("空").unwrap();
        let sheet = workbook.add_worksheet().set_name("選択肢").unwrap();
        sheet.set_hidden(true);
        row(sheet, 0, &["はい", "いいえ"]);
        let sheet = workbook.add_worksheet().set_name("説明").unwrap();
        row(sheet, 0, &["この表の書き方"]);
        let sheet = workbook.add_worksheet().set_name("下書き").unwrap();
        header(sheet, &["key", "title", "answer", "memo"]);
    });
    let keys: Vec<_> = found.revisions.iter().map(|read| read.key.as_str()).collect();
    assert_eq!(keys, ["a", "c"]);
    let faults = faults(&found);
    assert_eq!(faults.iter().map(|(line, _)| line.unwrap()).collect::<Vec<_>>(), [2, 3, 1, 1]);
    assert!(faults[0].1.starts_with("sheet \"返品\": title is empty"), "{faults:?}");
    assert!(faults[1].1.contains("faq/a.xlsx sheet \"送料\" line 2"), "{faults:?}");
    assert!(faults[2].1.contains("\"説明\"") && faults[2].1.contains("この表の書き方"), "{faults:?}");
    assert!(faults[3].1.starts_with("sheet \"下書き\": the column \"memo\" is not known"), "{faults:?}");
}

#[test]
fn a_merged_cell_speaks_for_each_row_that_says_something() {
    let found = sheet(|sheet| {
        let format = Format::new();
        row(sheet, 1, &["a", "", "答一。"]);
        row(sheet, 2, &["b", "", "答二。"]);
        sheet.merge_range(1, 1, 2, 1, "同じ題", &format).unwrap();
        // An entry as high as two rows.
        for (text, column) in ["c", "題", "答三。"].iter().zip(0..) {
            sheet.merge_range(3, column, 4, column, text, &format).unwrap();
        }
    });
    let read: Vec<_> = good(&found).iter().map(|read| (read.key.as_str(), read.title.as_str())).collect();
    assert_eq!(read, [("a", "同じ題"), ("b", "同じ題"), ("c", "題")]);
}

#[test]
fn past_replies_come_from_workbooks_too() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    header(sheet, &["date", "channel", "inquiry", "reply", "key"]);
    row(sheet, 1, &["", "email", "椅子が届きません。", "明日届きます。"]);
    let format = Format::new().set_num_format("yyyy/m/d");
    sheet.write_with_format(1, 0, ExcelDateTime::from_ymd(2026, 3, 18).unwrap(), &format).unwrap();
    sheet.write(1, 4, 7).unwrap();
    let found = found("replies/a.xlsx", workbook.save_to_buffer().unwrap());
    let read = &good(&found)[0];
    assert_eq!((read.key.as_str(), read.body.as_str()), ("7", "明日届きます。"));
    assert_eq!(read.past_reply.as_ref().unwrap().date, Day::parse("2026-03-18").unwrap());
}

#[test]
fn what_is_no_workbook_is_refused_with_what_to_do() {
    let reason = |bytes: Vec<u8>| {
        let found = found("faq/a.xlsx", bytes);
        assert_eq!((found.revisions.len(), found.rejected.len()), (0, 1));
        found.rejected[0].reason.clone()
    };
    let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(reason([super::COMPOUND_FILE, &[0; 600], &encrypted].concat()).contains("save it without one"));
    assert!(reason([super::COMPOUND_FILE, &[0; 600]].concat()).contains("old format (.xls)"));
    for bytes in [b"key,title,answer\na,t,x\n".to_vec(), Vec::new(), b"PK\x03\x04".to_vec()] {
        assert!(reason(bytes).contains("no Excel workbook, or it is damaged"));
    }
    let whole = raw(&raw_header(), "", "");
    assert!(reason(whole[..whole.len() - 60].to_vec()).contains("damaged"));
    assert!(reason(raw("", "", "")).contains("no sheet that is shown holds anything"));
}

#[test]
fn a_header_alone_holds_no_entry_and_no_fault() {
    assert_eq!(found("faq/a.xlsx", raw(&raw_header(), "", "")), Found::default());
}

#[test]
fn what_excel_lays_beside_an_open_workbook_is_ignored() {
    assert_eq!(found("faq/~$a.xlsx", vec![0; 165]), Found::default());
}

#[test]
fn a_small_file_cannot_unpack_into_more_than_is_taken() {
    let blanks = " ".repeat(super::MAX_UNPACKED_BYTES as usize);
    let bytes = raw(&raw_header(), &blanks, "");
    assert!(bytes.len() < 200_000);
    let unpacked = found("faq/a.xlsx", bytes);
    assert!(unpacked.rejected[0].reason.contains("more than 64 MiB"), "{:?}", unpacked.rejected);
    let cells: String = (0..=super::MAX_CELLS).map(|_| "<c><v>1</v></c>").collect();
    let many = found("faq/a.xlsx", raw(&format!("<row>{cells}</row>"), "", ""));
    assert!(many.rejected[0].reason.contains("more than 200000 filled cells"), "{:?}", many.rejected);
}

#[test]
fn a_cell_at_the_far_end_of_a_sheet_costs_nothing() {
    let rows = format!("{}<row r=\"1048576\">{}</row>", raw_header(), inline("XFD1048576", "x"));
    let found = found("faq/a.xlsx", raw(&rows, "", ""));
    assert_eq!(found.rejected[0].line, Some(1_048_576));
    assert!(found.rejected[0].reason.contains("column 16384"), "{:?}", found.rejected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_stands_in_the_parts_of_a_workbook_it_is_read_or_refused(
        rows in "(<row r=\"[0-9]{1,8}\">|</row>|<c r=\"[A-Z]{1,4}[0-9]{1,8}\"( t=\"(s|b|e|d|n|str|inlineStr|x)\")?( s=\"[0-9]\")?>|</c>|<v>|</v>|<f>|</f>|<is>|</is>|<t>|</t>|key|[0-9.#/NA-]{1,9}|&amp;|&#0;|<){0,40}",
        strings in "(<si>|</si>|<t>|</t>|<r>|</r>|<rPh>|</rPh>|送料){0,10}",
    ) {
        let bytes = raw(&format!("{}{rows}", raw_header()), &strings, "");
        let found = found("faq/a.xlsx", bytes);
        prop_assert!(found.revisions.iter().all(|read| !read.title.is_empty()));
    }

    #[test]
    fn a_damaged_workbook_never_panics(at in 0usize..4000, with in any::<[u8; 4]>(), cut in 0usize..4000) {
        let mut bytes = raw(&raw_header(), "<si><t>送料</t></si>", "");
        for (byte, with) in bytes.iter_mut().skip(at).zip(with) {
            *byte = with;
        }
        bytes.truncate(cut.max(at));
        found("faq/a.xlsx", bytes);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300), start in 0usize..3) {
        let start = [b"".as_slice(), b"PK\x03\x04", super::COMPOUND_FILE][start];
        prop_assert_eq!(found("faq/a.xlsx", [start, &bytes].concat()).rejected.len(), 1);
    }
}
