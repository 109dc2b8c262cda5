//! Markdown as the plain text a letter can quote: emphasis goes, list items become 「・」 lines, a link keeps its
//! words and its address. Headings stay apart, so that whoever asks can tell them from text.

use comrak::{
    Arena, Options,
    nodes::{ListType, Node, NodeValue},
    parse_document,
};
use regex::Regex;
use std::sync::LazyLock;

use super::passages;

/// A block of the page: a heading or a piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Where it begins, from 1; `None` where the format does not say.
    pub line: Option<usize>,
    /// The heading's level; `None` for text.
    pub level: Option<usize>,
    /// Its words.
    pub text: String,
}

impl Block {
    /// As it stands in a body: a heading is a line of its own that [`passages::heading`] knows.
    pub fn to_body(&self) -> String {
        match self.level {
            Some(level) => format!("{} {}", "#".repeat(level), self.text),
            None => self.text.clone(),
        }
    }
}

/// Deeper than anyone writes; deeper still is flattened, so that no file can exhaust the stack.
const MAX_NESTING: usize = 32;

/// The blocks of a page, empty ones left out.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let arena = Arena::new();
    let mut options = Options::default();
    // Without it `**「返品」**は` stays full of asterisks.
    options.extension.cjk_friendly_emphasis = true;
    options.extension.table = true;
    let root = parse_document(&arena, markdown, &options);
    let blocks = root.children().map(|node| {
        let data = node.data();
        match &data.value {
            NodeValue::Heading(heading) => Block {
                line: Some(data.sourcepos.start.line),
                level: Some(usize::from(heading.level)),
                text: inline(node, 0).split_whitespace().collect::<Vec<_>>().join(" "),
            },
            _ => Block {
                line: Some(data.sourcepos.start.line),
                level: None,
                text: unlike_headings(block(node, 0, 0).trim()),
            },
        }
    });
    blocks.filter(|block| !block.text.is_empty()).collect()
}

/// A line of text that only looks like a heading (in a code block, say) would be lost to search: its sign becomes
/// full width.
pub fn unlike_headings(text: &str) -> String {
    let lines = text.lines().map(|line| match passages::heading(line) {
        Some(_) => line.replacen('#', "＃", 1),
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn block(node: Node<'_>, indent: usize, nesting: usize) -> String {
    match &node.data().value {
        NodeValue::Paragraph | NodeValue::Heading(_) => inline(node, nesting),
        NodeValue::List(list) => {
            let ordered = list.list_type == ListType::Ordered;
            let items = node.children().enumerate().map(|(at, item)| {
                let mark = if ordered { format!("{}. ", list.start + at) } else { "・".to_owned() };
                format!("{}{mark}{}", "　".repeat(indent), joined(item, indent + 1, nesting, "\n"))
            });
            items.collect::<Vec<_>>().join("\n")
        }
        NodeValue::Table(_) => table(node),
        NodeValue::CodeBlock(code) => code.literal.trim_end().to_owned(),
        NodeValue::HtmlBlock(html) => without_tags(&html.literal),
        NodeValue::ThematicBreak => String::new(),
        _ => joined(node, indent, nesting, "\n\n"),
    }
}

fn joined(node: Node<'_>, indent: usize, nesting: usize, between: &str) -> String {
    if nesting >= MAX_NESTING {
        return flat(node);
    }
    let children = node.children().map(|child| block(child, indent, nesting + 1));
    children.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(between)
}

/// The words below a node without their form.
fn flat(node: Node<'_>) -> String {
    let mut text = String::new();
    for below in node.descendants() {
        match &below.data().value {
            NodeValue::Text(words) => text.push_str(words),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push('\n'),
            _ => {}
        }
    }
    text
}

/// A row says by itself what its cells mean: `・地域：沖縄県、送料：1,650円`.
fn table(node: Node<'_>) -> String {
    let cells = |row: Node<'_>| row.children().map(|cell| inline(cell, 0).trim().to_owned()).collect::<Vec<_>>();
    let mut rows = node.children();
    let header = rows.next().map(cells).unwrap_or_default();
    rows.map(|cells_of| row(&header, &cells(cells_of))).collect::<Vec<_>>().join("\n")
}

/// A row of a table below its header; cells beyond the header have no name.
pub fn row(header: &[String], cells: &[String]) -> String {
    let names = header.iter().map(String::as_str).chain(std::iter::repeat(""));
    let named = cells.iter().zip(names).filter(|(cell, _)| !cell.is_empty());
    let named = named.map(|(cell, name)| if name.is_empty() { cell.clone() } else { format!("{name}：{cell}") });
    format!("・{}", named.collect::<Vec<_>>().join("、"))
}

fn inline(node: Node<'_>, nesting: usize) -> String {
    if nesting >= MAX_NESTING {
        return flat(node);
    }
    let mut text = String::new();
    for child in node.children() {
        match &child.data().value {
            NodeValue::Text(words) => text.push_str(words),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::LineBreak => text.push('\n'),
            // A line that ends with a comma was only wrapped; any other break may be meant.
            NodeValue::SoftBreak if text.ends_with(['、', '，']) => {}
            NodeValue::SoftBreak => text.push('\n'),
            NodeValue::HtmlInline(tag) if tag.to_lowercase().starts_with("<br") => text.push('\n'),
            NodeValue::HtmlInline(_) => {}
            NodeValue::Link(link) => text.push_str(&linked(&inline(child, nesting + 1), &link.url)),
            _ => text.push_str(&inline(child, nesting + 1)),
        }
    }
    text
}

/// Words and address of a link; an address that leads nowhere outside the folder is dropped.
pub fn linked(words: &str, url: &str) -> String {
    let address = ["mailto:", "tel:"].iter().find_map(|scheme| url.strip_prefix(scheme)).unwrap_or(url);
    let leads = address != url || url.starts_with("https://") || url.starts_with("http://");
    if !leads || words.contains(address) { words.to_owned() } else { format!("{words}（{address}）") }
}

/// A comment is not for customers, whatever it says.
fn without_tags(html: &str) -> String {
    static TAG: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?s)<!--.*?(?:-->|\z)|<[^>]*>").expect("a constant"));
    TAG.replace_all(html, "").lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(markdown: &str) -> String {
        blocks(markdown).iter().map(Block::to_body).collect::<Vec<_>>().join("\n\n")
    }

    #[test]
    fn emphasis_goes_and_lists_become_dotted_lines() {
        assert_eq!(
            body("**「返品」**は*14日*以内です。\n\n- 未開封\n- 未使用\n  - 箱も"),
            "「返品」は14日以内です。\n\n・未開封\n・未使用\n　・箱も"
        );
        assert_eq!(body("3. 開く\n4. 押す"), "3. 開く\n4. 押す");
    }

    #[test]
    fn a_link_keeps_its_words_and_an_address_that_leads_somewhere() {
        assert_eq!(body("[窓口](https://a.example/x)へ。"), "窓口（https://a.example/x）へ。");
        assert_eq!(body("<https://a.example/x> か [規定](returns.md)"), "https://a.example/x か 規定");
        assert_eq!(body("[電話](tel:0120-000-000)"), "電話（0120-000-000）");
    }

    #[test]
    fn a_table_row_says_what_its_cells_mean() {
        assert_eq!(
            body("| 地域 | 送料 |\n|---|---|\n| 沖縄県 | 880円 |\n| 本州 | |"),
            "・地域：沖縄県、送料：880円\n・地域：本州"
        );
    }

    #[test]
    fn comments_and_tags_are_not_text() {
        assert_eq!(body("<!-- 社外秘\n\n原価 -->\n\n本文<br>です<!-- 秘 -->。"), "本文\nです。");
        assert_eq!(body("<div>\n表示\n<!-- 秘 -->\n</div>"), "表示");
    }

    #[test]
    fn a_line_that_only_looks_like_a_heading_is_told_apart() {
        let found = blocks("見出し\n----\n\n```\n# 手順\n```\n");
        assert_eq!((found[0].level, found[0].text.as_str(), found[0].line), (Some(2), "見出し", Some(1)));
        assert_eq!(found[1].to_body(), "＃ 手順");
    }

    #[test]
    fn a_line_wrapped_after_a_comma_is_one_line_again() {
        assert_eq!(
            body("在庫のある商品は、\n当日に発送します。\n翌日に届きます。"),
            "在庫のある商品は、当日に発送します。\n翌日に届きます。"
        );
    }

    #[test]
    fn deep_nesting_is_flattened_and_not_followed() {
        assert_eq!(body(&format!("{}本文", ">".repeat(3_000))), "本文");
        let brackets = format!("{}本文{}", "*a **b ".repeat(2_000), "** *".repeat(2_000));
        assert!(body(&brackets).contains("本文"));
    }
}
