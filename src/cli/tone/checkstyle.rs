//! Checkstyle's XML, which every build server reads.

use std::fmt::Write as _;

use super::report::Report;

pub(super) fn of(reports: &[Report]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n");
    for report in reports {
        let _ = writeln!(out, "  <file name=\"{}\">", escaped(&report.path));
        for found in report.found.iter().filter(|found| found.waived.is_none()) {
            let region = report.region(found);
            let _ = writeln!(
                out,
                "    <error line=\"{}\" column=\"{}\" severity=\"{}\" message=\"{}\" source=\"aizuchi.{}\"/>",
                region.start_line,
                region.start_column,
                found.seen.severity.as_str(),
                escaped(&report.message(found)),
                escaped(&found.seen.rule),
            );
        }
        out.push_str("  </file>\n");
    }
    out + "</checkstyle>\n"
}

/// Text inside an attribute; characters that XML 1.0 has no place for are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\r' | '\t' => {
                let _ = write!(out, "&#{};", c as u32);
            }
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{super::report::tests::report, *};

    #[test]
    fn the_document_is_well_formed_whatever_the_texts_hold() {
        let mut hostile = report(None);
        hostile.path = "a&\"<b>.txt".to_owned();
        hostile.found[0].seen.clause = "\u{1}<script>&\"\n".to_owned();
        let out = of(&[hostile]);
        let tree = scraper::Html::parse_fragment(&out);
        let errors = scraper::Selector::parse("error").unwrap();
        assert_eq!(tree.select(&errors).count(), 2);
        assert!(out.contains("name=\"a&amp;&quot;&lt;b&gt;.txt\"") && !out.contains('\u{1}'), "{out}");
    }
}
