//! The walk over a page's elements: each begins with what it asks of the text, and leaves a note of what has to be
//! done where it ends. It never recurses, so no page can exhaust the stack. What is left out is `markup.rs`' business.

use ego_tree::{NodeRef, iter::Edge};
use scraper::{Node, node::Element};

use super::{
    flow::{Flow, LINE, PARAGRAPH},
    markup::{self, Around},
    plain,
    tabular::{Cell, Table},
};

/// Tables in tables and quotes in quotes deeper than anyone writes become lines.
const MAX_FRAMES: usize = 16;
const PARAGRAPHS: &[&str] = &["p", "dl", "pre", "blockquote", "figure", "fieldset", "details", "table", "address"];
const LINES: &[&str] = &[
    "div",
    "tr",
    "caption",
    "figcaption",
    "dd",
    "dt",
    "header",
    "footer",
    "aside",
    "hgroup",
    "form",
    "legend",
    "center",
    "dialog",
    "summary",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "body",
    "option",
    "label",
    "button",
];

/// What has to be done where an element ends.
enum Opened {
    Inline,
    Block(usize),
    Section,
    Heading,
    Term,
    Detail { joined: bool },
    List,
    Item,
    Preformatted,
    Link { url: String, place: (usize, usize) },
    Table,
    FlatTable,
    Cell { cell: Cell, lists: Vec<Option<usize>> },
    Quote { lists: Vec<Option<usize>> },
}

/// A text in the making.
pub struct Walk {
    mail: bool,
    /// The text, and inside it the cell or the quote that is being read.
    flows: Vec<Flow>,
    opened: Vec<Opened>,
    tables: Vec<Table>,
    flat_tables: usize,
    /// The number of the next item; `None` for dots.
    lists: Vec<Option<usize>>,
    sections: usize,
    preformatted: usize,
    /// Of the last heading that the page marks as one.
    level: usize,
    /// A term was named and waits for what is said about it.
    term: bool,
    /// How many of what is being said stand on the line of their term.
    joined: usize,
}

impl Walk {
    /// Before the first element; in a mail quotes are marked and everything is read.
    pub fn new(mail: bool) -> Self {
        Self {
            mail,
            flows: vec![Flow::default()],
            opened: Vec::new(),
            tables: Vec::new(),
            flat_tables: 0,
            lists: Vec::new(),
            sections: 0,
            preformatted: 0,
            level: 1,
            term: false,
            joined: 0,
        }
    }

    /// Reads an element and what is below it.
    pub fn below(&mut self, root: NodeRef<'_, Node>) {
        let mut left_out = None;
        for edge in root.traverse() {
            match edge {
                Edge::Open(node) if left_out.is_none() => match node.value() {
                    Node::Text(text) if self.preformatted > 0 => self.flow().verbatim(text),
                    Node::Text(text) => self.flow().words(text),
                    Node::Element(element) if markup::is_left_out(node, element, self.around()) => {
                        left_out = Some(node.id());
                    }
                    Node::Element(element) => {
                        let opened = self.open(node, element);
                        self.opened.push(opened);
                    }
                    _ => {}
                },
                Edge::Close(node) if left_out == Some(node.id()) => left_out = None,
                Edge::Close(node) if left_out.is_none() && node.value().is_element() => self.close(),
                _ => {}
            }
        }
        self.flow().apart(PARAGRAPH);
    }

    /// What was read.
    pub fn into_flow(self) -> Flow {
        self.flows.into_iter().next().unwrap_or_default()
    }

    /// The one that is being read; there is always one.
    fn flow(&mut self) -> &mut Flow {
        if self.flows.is_empty() {
            self.flows.push(Flow::default());
        }
        let last = self.flows.len() - 1;
        &mut self.flows[last]
    }

    fn around(&mut self) -> Around {
        Around {
            mail: self.mail,
            section: self.sections > 0,
            // A question that unfolds its answer is a button in a heading or in a term.
            question: self.flow().in_heading() || self.opened.iter().rev().take(3).any(|it| matches!(it, Opened::Term)),
        }
    }

    fn open(&mut self, node: NodeRef<'_, Node>, element: &Element) -> Opened {
        let heads = self.flows.len() == 1 && !self.mail && !self.flow().in_heading();
        match element.name() {
            "br" => self.flow().line_break(),
            "hr" => self.flow().apart(PARAGRAPH),
            "img" => self.flow().words(element.attr("alt").unwrap_or_default()),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if heads => {
                let level = element.name()[1..].parse().unwrap_or(2);
                self.level = level;
                self.flow().open_heading(level);
                return Opened::Heading;
            }
            "summary" if heads => return self.open_question(),
            "dt" if heads && is_question(node) => return self.open_question(),
            "dt" => {
                self.flow().apart(LINE);
                self.flow().mark("・".to_owned());
                return Opened::Term;
            }
            "dd" => {
                let joined = std::mem::take(&mut self.term);
                self.joined += usize::from(joined);
                match joined {
                    true => self.flow().join("："),
                    false => self.flow().apart(LINE),
                }
                return Opened::Detail { joined };
            }
            "ul" | "ol" | "menu" => {
                let start = || element.attr("start").and_then(|start| start.parse().ok()).unwrap_or(1);
                let gap = self.gap();
                self.flow().apart(gap);
                self.lists.push((element.name() == "ol").then(start));
                return Opened::List;
            }
            "li" => return self.open_item(),
            "a" => {
                let url = element.attr("href").unwrap_or_default().trim().to_owned();
                return Opened::Link { url, place: self.flow().place() };
            }
            "table" => return self.open_table(),
            "tr" if self.flat_tables == 0 && !self.tables.is_empty() => {
                self.tables.iter_mut().last().into_iter().for_each(Table::row);
            }
            "td" | "th" if self.flat_tables == 0 && !self.tables.is_empty() => return self.open_cell(element),
            "blockquote" if self.mail && self.flows.len() < MAX_FRAMES => {
                self.flows.push(Flow::default());
                return Opened::Quote { lists: std::mem::take(&mut self.lists) };
            }
            "pre" => {
                self.flow().apart(PARAGRAPH);
                self.preformatted += 1;
                return Opened::Preformatted;
            }
            "main" | "article" | "section" => {
                self.flow().apart(PARAGRAPH);
                self.sections += 1;
                return Opened::Section;
            }
            name if PARAGRAPHS.contains(&name) => return self.open_block(self.gap()),
            name if LINES.contains(&name) => return self.open_block(LINE),
            _ => {}
        }
        Opened::Inline
    }

    /// Paragraphs of a list's item, and of what is said about a term, are its lines.
    fn gap(&self) -> usize {
        if self.lists.is_empty() && self.joined == 0 { PARAGRAPH } else { LINE }
    }

    fn open_block(&mut self, breaks: usize) -> Opened {
        self.flow().apart(breaks);
        Opened::Block(breaks)
    }

    /// A question of a FAQ heads its answer, one step below the heading it stands under.
    fn open_question(&mut self) -> Opened {
        let level = (self.level + 1).min(6);
        self.flow().open_heading(level);
        Opened::Heading
    }

    fn open_item(&mut self) -> Opened {
        let indent = "　".repeat(self.lists.len().saturating_sub(1).min(MAX_FRAMES));
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                let mark = format!("{number}. ");
                *number = number.saturating_add(1);
                mark
            }
            _ => "・".to_owned(),
        };
        self.flow().apart(LINE);
        self.flow().mark(format!("{indent}{mark}"));
        Opened::Item
    }

    fn open_table(&mut self) -> Opened {
        let gap = self.gap();
        self.flow().apart(gap);
        if self.flat_tables > 0 || self.flows.len() >= MAX_FRAMES {
            self.flat_tables += 1;
            return Opened::FlatTable;
        }
        self.tables.push(Table::default());
        Opened::Table
    }

    fn open_cell(&mut self, element: &Element) -> Opened {
        let span = |name: &str| element.attr(name).and_then(|span| span.trim().parse().ok()).unwrap_or(1);
        let cell =
            Cell { heads: element.name() == "th", columns: span("colspan"), rows: span("rowspan"), ..Cell::default() };
        self.flows.push(Flow::default());
        Opened::Cell { cell, lists: std::mem::take(&mut self.lists) }
    }

    fn close(&mut self) {
        let gap = self.gap();
        match self.opened.pop() {
            None | Some(Opened::Inline) => {}
            Some(Opened::Block(breaks)) => self.flow().apart(breaks),
            Some(Opened::Section) => {
                self.sections -= 1;
                self.flow().apart(PARAGRAPH);
            }
            Some(Opened::Heading) => self.flow().close_block(),
            Some(Opened::Term) => {
                self.term = !self.flow().unmark();
                self.flow().apart(LINE);
            }
            Some(Opened::Detail { joined }) => {
                self.joined -= usize::from(joined);
                self.flow().unmark();
                self.flow().apart(LINE);
            }
            Some(Opened::Item) => {
                self.flow().unmark();
                self.flow().apart(LINE);
            }
            Some(Opened::List) => {
                self.lists.pop();
                let gap = self.gap();
                self.flow().apart(gap);
            }
            Some(Opened::Preformatted) => {
                self.preformatted -= 1;
                self.flow().apart(PARAGRAPH);
            }
            Some(Opened::Link { url, place }) => self.close_link(&url, place),
            Some(Opened::FlatTable) => {
                self.flat_tables -= 1;
                self.flow().apart(gap);
            }
            Some(Opened::Table) => {
                let text = self.tables.pop().unwrap_or_default().text();
                self.set(&text, gap);
            }
            Some(Opened::Cell { cell, lists }) => {
                self.lists = lists;
                let text = self.flows.pop().unwrap_or_default().into_text();
                self.tables.iter_mut().last().into_iter().for_each(|table| {
                    table.cell(Cell { text: text.clone(), ..cell.clone() });
                });
            }
            Some(Opened::Quote { lists }) => {
                self.lists = lists;
                let text = self.flows.pop().unwrap_or_default().into_text();
                let quoted: Vec<_> = text.lines().map(|line| format!("> {line}")).collect();
                self.set(&quoted.join("\n"), LINE);
            }
        }
    }

    fn set(&mut self, text: &str, gap: usize) {
        self.flow().apart(gap);
        self.flow().verbatim(text);
        self.flow().apart(gap);
    }

    fn close_link(&mut self, url: &str, place: (usize, usize)) {
        // In a mail an address behind each word would hide where the quote begins.
        if self.mail {
            return;
        }
        let Some(words) = self.flow().since(place).filter(|words| !words.is_empty()) else { return };
        let address = plain::linked(words, url)[words.len()..].to_owned();
        self.flow().verbatim(&address);
    }
}

/// Whether a term of a list asks something, and what is said about it is an answer.
fn is_question(term: NodeRef<'_, Node>) -> bool {
    const LOOK_AT: usize = 200;
    let texts = term.descendants().take(LOOK_AT).filter_map(|node| node.value().as_text());
    let text: String = texts.map(|text| &*text.text).collect();
    let text = text.trim();
    text.contains(['？', '?'])
        || ["か", "か。"].iter().any(|end| text.ends_with(end))
        || ["Q.", "Q:", "Q：", "Q．", "Ｑ"].iter().any(|begin| text.starts_with(begin))
}
