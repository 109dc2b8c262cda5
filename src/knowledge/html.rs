//! A web page: one entry a file, as Markdown is. `<meta name="aizuchi:valid_from" content="2026-10-01">` says what
//! front matter says there; the title is the first `<h1>` of the text, else `<title>`; the address is
//! `<link rel="canonical">`.

use std::collections::HashMap;

use scraper::{Html, node::Element};

use super::{
    File, charset,
    format::{Entry, Fault, Format, Shelf},
    markup, page,
};
use crate::domain::Kind;

/// `.html` and `.htm`.
pub const FORMAT: Format = Format { extensions: &["html", "htm"], kinds: &[Kind::Faq, Kind::Policy], entries };

/// Begins the names of our own `<meta>` elements.
const OURS: &str = "aizuchi:";

fn entries(file: &File, _: &Shelf) -> Vec<Result<Entry, Fault>> {
    vec![charset::decode(&file.bytes).and_then(|text| entry(&file.path, &text))]
}

fn entry(path: &str, text: &str) -> Result<Entry, Fault> {
    let html = parse(text)?;
    let mut entry = head(&html)?;
    let mut blocks = markup::page(&html);
    let note = page::split_note(&mut blocks)?;
    if let Some(at) = blocks.iter().position(|block| block.level == Some(1)) {
        // Its words are said once, unless the page names another title for them to stand under.
        let heading = &blocks[at].text;
        if entry.get("title").is_none_or(|title| title == heading) {
            let heading = blocks.remove(at);
            entry.put("title", &heading.text, None);
        }
    }
    if entry.get("title").is_none() {
        entry.put("title", &title(&html), None);
    }
    page::put_key(&mut entry, path);
    if entry.get("title").is_none() {
        return Err(Fault::file("there is no title: write <title>...</title> or begin the text with <h1>...</h1>"));
    }
    page::put_text(&mut entry, &blocks, &note)?;
    Ok(entry)
}

/// What `<meta>` and `<link>` say.
fn head(html: &Html) -> Result<Entry, Fault> {
    let mut entry = Entry::default();
    for element in elements(html).filter(|element| element.name() == "meta") {
        let attribute = |name: &str| element.attr(name).unwrap_or_default().trim();
        let name = attribute("name").to_ascii_lowercase();
        let Some(name) = name.strip_prefix(OURS) else { continue };
        page::check_key(name).map_err(Fault::file)?;
        if entry.get(name).is_some() {
            return Err(Fault::file(format!("the page says {OURS}{name} twice: keep one")));
        }
        entry.put(name, attribute("content"), None);
    }
    let canonical = elements(html).find(|element| {
        let rel = element.attr("rel").unwrap_or_default();
        element.name() == "link" && rel.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("canonical"))
    });
    let url = canonical.and_then(|link| link.attr("href")).unwrap_or_default().trim();
    if entry.get("url").is_none() && ["https://", "http://"].iter().any(|scheme| url.starts_with(scheme)) {
        entry.put("url", url, None);
    }
    Ok(entry)
}

fn title(html: &Html) -> String {
    let nodes = html.tree.root().descendants();
    let title = nodes.into_iter().find(|node| node.value().as_element().is_some_and(|it| it.name() == "title"));
    let texts = title.into_iter().flat_map(|title| title.children());
    let text: String = texts.filter_map(|node| node.value().as_text().map(|text| text.text.to_string())).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn elements(html: &Html) -> impl Iterator<Item = &Element> {
    html.tree.values().filter_map(|node| node.as_element())
}

/// Reads a page, unless reading it would take for ever.
pub fn parse(text: &str) -> Result<Html, Fault> {
    if effort(text) > MAX_EFFORT {
        let reason = "elements stand inside each other without end: open the page in a browser and save the part that \
                      holds the text";
        return Err(Fault::file(reason));
    }
    Ok(Html::parse_document(text))
}

/// A reader of HTML looks through the open elements at each tag, and opens the forgotten `<b>` and `<font>` again in
/// each paragraph. Twenty thousand open `<div>` are well within; no page that people wrote comes near.
const MAX_EFFORT: usize = 250_000_000;
const FORMATTING_EFFORT: usize = 100;
const FORMATTING: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// They end by themselves.
const NEVER_OPEN: &[&str] = &[
    "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "frame", "head", "hr", "html", "img",
    "input", "li", "link", "meta", "optgroup", "option", "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot",
    "th", "thead", "tr", "track", "wbr",
];

fn effort(text: &str) -> usize {
    let mut open: HashMap<String, usize> = HashMap::new();
    let (mut depth, mut formatting, mut effort) = (0usize, 0usize, 0usize);
    for tag in text.split('<').skip(1) {
        let (ends, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).take(16).collect();
        let name = name.to_ascii_lowercase();
        if name.is_empty() {
            continue;
        }
        effort = effort.saturating_add(depth + FORMATTING_EFFORT * formatting);
        if NEVER_OPEN.contains(&name.as_str()) {
            continue;
        }
        let formats = usize::from(FORMATTING.contains(&name.as_str()));
        let count = open.entry(name).or_default();
        match ends {
            true if *count > 0 => {
                (*count, depth, formatting) = (*count - 1, depth.saturating_sub(1), formatting.saturating_sub(formats));
            }
            true => {}
            false => (*count, depth, formatting) = (*count + 1, depth + 1, formatting + formats),
        }
    }
    effort
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
