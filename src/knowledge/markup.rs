//! HTML as the plain text a letter can quote: what `plain.rs` is for Markdown, and alike in lists, tables and links.
//! What is no part of the text (scripts, menus, forms, hidden elements) goes; `walk.rs` sets the rest.

use ego_tree::{NodeRef, iter::Edge};
use scraper::{Html, Node, node::Element};

use super::{plain::Block, walk::Walk};

/// What a page holds beside its text.
const NO_TEXT: &[&str] = &[
    "head", "script", "style", "noscript", "template", "nav", "svg", "math", "canvas", "iframe", "object", "embed",
    "audio", "video", "map", "select", "textarea", "input", "datalist", "rt", "rp", "frameset",
];
/// Around the text of a page; inside an article they belong to it.
const AROUND: &[&str] = &["header", "footer", "aside"];

/// The text of a page: of `<main>` if there is one, else of its articles, else of its body.
pub fn page(html: &Html) -> Vec<Block> {
    let mut walk = Walk::new(false);
    for root in roots(html) {
        walk.below(root);
    }
    walk.into_flow().into_blocks()
}

/// The text of a mail, quoted passages behind `>`.
pub fn mail(html: &Html) -> String {
    let mut walk = Walk::new(true);
    walk.below(html.tree.root());
    walk.into_flow().into_text()
}

fn roots(html: &Html) -> Vec<NodeRef<'_, Node>> {
    let named = |wanted: &str| {
        let mut found: Vec<NodeRef<'_, Node>> = Vec::new();
        let mut inside = None;
        for edge in html.tree.root().traverse() {
            match edge {
                Edge::Open(node) if inside.is_none() => {
                    let Some(element) = node.value().as_element() else { continue };
                    let role = element.attr("role").unwrap_or_default();
                    if !is_hidden(element) && (element.name() == wanted || role == wanted) {
                        found.push(node);
                        inside = Some(node.id());
                    } else if is_hidden(element) {
                        inside = Some(node.id());
                    }
                }
                Edge::Close(node) if inside == Some(node.id()) => inside = None,
                _ => {}
            }
        }
        found
    };
    let mut found = named("main");
    found.truncate(1);
    let found = if found.is_empty() { named("article") } else { found };
    if found.is_empty() { named("body") } else { found }
}

/// Whether a reader of the page does not see it.
fn is_hidden(element: &Element) -> bool {
    let style: String = element.attr("style").unwrap_or_default().split_whitespace().collect();
    let style = style.to_ascii_lowercase();
    element.attr("hidden").is_some_and(|how| how != "until-found")
        || element.attr("aria-hidden").is_some_and(|hidden| hidden.eq_ignore_ascii_case("true"))
        || style.contains("display:none")
        || style.contains("visibility:hidden")
}

/// Where the walk is when it comes to an element.
#[derive(Debug, Clone, Copy)]
pub struct Around {
    /// In a mail.
    pub mail: bool,
    /// In an article or a section of the page.
    pub section: bool,
    /// In a heading or a term.
    pub question: bool,
}

/// Whether an element is no part of the text.
pub fn is_left_out(node: NodeRef<'_, Node>, element: &Element, at: Around) -> bool {
    let name = element.name();
    let role = element.attr("role").unwrap_or_default();
    let frames = AROUND.contains(&name) || ["banner", "contentinfo", "complementary"].contains(&role);
    NO_TEXT.contains(&name)
        || is_hidden(element)
        || ["navigation", "search"].contains(&role)
        || !at.mail && !at.section && frames
        || name == "form" && !at.mail && !holds_page(node)
        || name == "button" && !at.question
        || name == "dialog" && element.attr("open").is_none()
}

/// Some shops wrap the whole page into one form.
fn holds_page(form: NodeRef<'_, Node>) -> bool {
    let mut elements = form.descendants().filter_map(|node| node.value().as_element());
    elements.any(|element| ["main", "article", "section", "h1", "h2"].contains(&element.name()))
}

#[cfg(test)]
#[path = "markup_tests.rs"]
mod tests;
