//! What a passage looks like in tantivy: five fields of terms that `language::analysis` makes, the id of its
//! revision to take it out by, its kind to weigh it by, and the evidence item to hand back.

use tantivy::{
    Index, TantivyDocument, TantivyError,
    schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{Token, TokenStream, Tokenizer},
};

use crate::{
    domain::{EvidenceItem, Kind, Passage, Revision},
    language::{
        analysis::{self, Term},
        synonyms::Synonyms,
    },
};

/// The fields by name.
#[derive(Clone, Copy)]
pub struct Fields {
    /// Words of the dictionary segmenter.
    pub words: Field,
    /// Pairs of characters.
    pub bigrams: Field,
    /// Pairs of words.
    pub shingles: Field,
    /// Single kanji.
    pub kanji: Field,
    /// Groups of words that say the same.
    pub concepts: Field,
    /// The revision's id.
    pub revision: Field,
    /// The place of its kind in `Kind::ALL`.
    pub kind: Field,
    /// The evidence item as JSON.
    pub item: Field,
}

impl Fields {
    /// The fields that hold terms.
    pub fn searched(&self) -> [Field; 5] {
        [self.words, self.bigrams, self.shingles, self.kanji, self.concepts]
    }
}

/// The name of the column that holds [`Fields::kind`].
pub const KIND: &str = "kind";

/// The schema of every workspace's index.
pub fn build() -> (Schema, Fields) {
    let terms = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default().set_tokenizer(TERMS).set_index_option(IndexRecordOption::WithFreqs),
    );
    let mut schema = Schema::builder();
    let fields = Fields {
        words: schema.add_text_field("words", terms.clone()),
        bigrams: schema.add_text_field("bigrams", terms.clone()),
        shingles: schema.add_text_field("shingles", terms.clone()),
        kanji: schema.add_text_field("kanji", terms.clone()),
        // Other synonyms make another schema, and an index of another schema is built again.
        concepts: schema.add_text_field(&format!("concepts-{}", Synonyms::in_use().fingerprint()), terms),
        revision: schema.add_text_field("revision", STRING),
        kind: schema.add_u64_field(KIND, FAST),
        item: schema.add_text_field("item", STORED),
    };
    (schema.build(), fields)
}

/// Title, heading and text are analysed as one: on short FAQs the question holds half of the words.
pub fn document(fields: &Fields, revision: &Revision, passage: &Passage) -> tantivy::Result<TantivyDocument> {
    let content = &revision.content;
    let text = passage.span.of(&content.body);
    let heading = passage.heading.as_deref().unwrap_or_default();
    let terms = analysis::analyse(&format!("{}\n{heading}\n{text}", content.title));
    let mut document = TantivyDocument::default();
    document.add_text(fields.words, lines(&terms.words));
    document.add_text(fields.bigrams, lines(&terms.bigrams));
    document.add_text(fields.shingles, lines(&terms.shingles));
    document.add_text(fields.kanji, lines(&terms.kanji));
    document.add_text(fields.concepts, lines(&terms.concepts));
    document.add_text(fields.revision, revision.id.as_str());
    let kind = Kind::ALL.iter().position(|kind| *kind == content.kind).unwrap_or_default();
    document.add_u64(fields.kind, kind as u64);
    let item = serde_json::to_string(&EvidenceItem::of_passage(revision, passage))
        .map_err(|error| TantivyError::InternalError(error.to_string()))?;
    document.add_text(fields.item, item);
    Ok(document)
}

/// Terms come in ready-made, the same for index and query: a line each, since no term has a line break.
fn lines(terms: &[Term]) -> String {
    terms.iter().map(|term| term.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// Under which name [`Lines`] reads them.
const TERMS: &str = "lines";

/// Makes an index read [`lines`].
pub fn register(index: &Index) {
    index.tokenizers().register(TERMS, Lines::default());
}

/// Hands each line over as it is. (Tantivy takes pre-tokenised text too, and writes it to JSON and back on the way.)
#[derive(Clone, Default)]
struct Lines(Token);

struct Rest<'a> {
    text: &'a str,
    token: &'a mut Token,
}

impl Tokenizer for Lines {
    type TokenStream<'a> = Rest<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Rest<'a> {
        self.0.reset();
        Rest { text, token: &mut self.0 }
    }
}

impl TokenStream for Rest<'_> {
    fn advance(&mut self) -> bool {
        if self.text.is_empty() {
            return false;
        }
        let (line, rest) = self.text.split_once('\n').unwrap_or((self.text, ""));
        self.text = rest;
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text.clear();
        self.token.text.push_str(line);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
