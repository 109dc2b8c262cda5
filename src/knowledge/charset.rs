//! A web page's bytes as text: by byte order mark, else by the encoding that the page names, else UTF-8.

use std::sync::LazyLock;

use encoding_rs::{Encoding, UTF_8};
use regex::bytes::Regex;

use super::format::Fault;

/// A page names its encoding within its first lines.
const HEAD_BYTES: usize = 4096;

/// `<meta charset="Shift_JIS">`, `content="text/html; charset=euc-jp"`, `<?xml encoding="...">`.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_:.-]{1,40})"#)
        .expect("a constant pattern")
});

/// The page's text. A sign that the encoding does not have would come out as a question mark in a letter, so the
/// page is refused.
pub fn decode(bytes: &[u8]) -> Result<String, Fault> {
    let (encoding, named) = match (Encoding::for_bom(bytes), named(bytes)?) {
        (Some((encoding, _)), _) => (encoding, true),
        (None, Some(encoding)) => (encoding, true),
        (None, None) => (UTF_8, false),
    };
    let (text, encoding, wrong) = encoding.decode(bytes);
    if !wrong {
        return Ok(text.into_owned());
    }
    Err(Fault::file(match named {
        true => format!(
            "the page says that it is in {} and has signs that are not: save it as UTF-8 with <meta charset=\"utf-8\">",
            encoding.name()
        ),
        false => "the page is not in UTF-8 and does not name its encoding: save it as UTF-8, or add \
                  <meta charset=\"Shift_JIS\"> (or whatever it is in)"
            .to_owned(),
    }))
}

fn named(bytes: &[u8]) -> Result<Option<&'static Encoding>, Fault> {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let Some(label) = NAMED.captures(head).and_then(|found| found.get(1)) else { return Ok(None) };
    let Some(encoding) = Encoding::for_label(label.as_bytes()) else {
        let label = String::from_utf8_lossy(label.as_bytes());
        let reason =
            format!("the page's encoding {label:?} is not known: save it as UTF-8 with <meta charset=\"utf-8\">");
        return Err(Fault::file(reason));
    };
    // A page in UTF-16 could not have said so in these bytes.
    Ok(Some(encoding.output_encoding()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(label: &str, page: &str) -> Vec<u8> {
        Encoding::for_label(label.as_bytes()).unwrap().encode(page).0.into_owned()
    }

    #[test]
    fn a_page_is_read_in_the_encoding_that_it_names() {
        for label in ["Shift_JIS", "euc-jp", "iso-2022-jp", "utf-8"] {
            for page in [
                format!("<html><meta charset=\"{label}\"><p>返品①</p>"),
                format!("<META http-equiv=Content-Type content='text/html; charset={label}'><p>返品</p>"),
                format!("<?xml version=\"1.0\" encoding=\"{label}\"?><p>返品</p>"),
            ] {
                assert_eq!(decode(&encoded(label, &page)).unwrap(), page);
            }
        }
        assert_eq!(decode("\u{feff}<meta charset=sjis>返品".as_bytes()).unwrap(), "<meta charset=sjis>返品");
        let utf_16: Vec<u8> = "\u{feff}返品".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf_16).unwrap(), "返品");
        assert_eq!(decode("<meta charset=\"utf-16\">返品".as_bytes()).unwrap(), "<meta charset=\"utf-16\">返品");
    }

    #[test]
    fn signs_that_cannot_be_read_are_refused_with_what_to_do() {
        let refused = |bytes: &[u8]| decode(bytes).unwrap_err().reason;
        assert!(refused(&encoded("Shift_JIS", "<p>返品</p>")).contains("does not name its encoding"));
        assert!(refused(&encoded("Shift_JIS", "<meta charset=utf-8><p>返品</p>")).contains("in UTF-8 and has signs"));
        assert!(refused(b"<meta charset=klingon>").contains("klingon"));
    }
}
