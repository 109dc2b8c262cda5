//! What a passage looks like in tantivy: five fields of terms that `language::analysis` makes, the id of its
//! revision to take it out by, and the evidence item to hand back.

use tantivy::{
    TantivyDocument, TantivyError,
    schema::{Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{PreTokenizedString, Token},
};

use crate::{
    domain::{EvidenceItem, Ground, Passage, Revision},
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
    /// The evidence item as JSON.
    pub item: Field,
}

/// The schema of every workspace's index.
pub fn build() -> (Schema, Fields) {
    // The tokenizer is never run: terms come in ready-made, the same for index and query.
    let terms = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default().set_tokenizer("raw").set_index_option(IndexRecordOption::WithFreqs),
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
    document.add_pre_tokenized_text(fields.words, stream(&terms.words));
    document.add_pre_tokenized_text(fields.bigrams, stream(&terms.bigrams));
    document.add_pre_tokenized_text(fields.shingles, stream(&terms.shingles));
    document.add_pre_tokenized_text(fields.kanji, stream(&terms.kanji));
    document.add_pre_tokenized_text(fields.concepts, stream(&terms.concepts));
    document.add_text(fields.revision, revision.id.as_str());
    let item = serde_json::to_string(&item(revision, passage, text))
        .map_err(|error| TantivyError::InternalError(error.to_string()))?;
    document.add_text(fields.item, item);
    Ok(document)
}

fn item(revision: &Revision, passage: &Passage, text: &str) -> EvidenceItem {
    let content = &revision.content;
    let title = match &passage.heading {
        Some(heading) => format!("{} {heading}", content.title),
        None => content.title.clone(),
    };
    EvidenceItem {
        ground: Ground::Passage {
            id: passage.id.clone(),
            revision: revision.id.clone(),
            kind: content.kind,
            span: passage.span,
        },
        key: content.key.clone(),
        title,
        text: text.to_owned(),
        url: content.url.clone(),
        audience: content.audience,
        validity: content.validity,
        score: 0.0,
        rank: 0,
    }
}

fn stream(terms: &[Term]) -> PreTokenizedString {
    let token = |(position, term): (usize, &Term)| Token { position, text: term.text.clone(), ..Token::default() };
    PreTokenizedString { text: String::new(), tokens: terms.iter().enumerate().map(token).collect() }
}
