//! The index of one workspace in one state; what comes later makes another.

use std::{
    path::{Path, PathBuf},
    thread,
};

use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyError, Term, indexer::LogMergePolicy};

use super::{
    impacts::Impacts,
    items::Items,
    lists,
    schema::{self, Fields},
    soundness::Soundness,
};
use crate::{
    domain::{Passage, Revision},
    language::synonyms::Synonyms,
    ports::Delta,
};

/// Memory for indexing before a segment is written, in bytes.
const WRITER_BYTES: usize = 50_000_000;
/// A thread of its own pays from so many passages on.
const WORTH_A_THREAD: usize = 64;
/// A segment that has lost a larger share of its documents is written anew without them.
const MOST_DELETED: f32 = 0.2;

/// The index of one workspace.
pub struct Shard {
    index: Index,
    reader: IndexReader,
    folder: PathBuf,
    soundness: Soundness,
    pub fields: Fields,
    pub impacts: Impacts,
    pub items: Items,
    /// The last audit sequence that was taken in.
    pub sequence: u64,
    /// Which synonyms it was indexed with.
    pub synonyms: &'static str,
}

impl Shard {
    /// Opens a folder.
    pub fn open(folder: &Path) -> tantivy::Result<Self> {
        let soundness = Soundness::of(folder)?;
        Ok(Self { soundness, ..Self::of(Index::open_in_dir(folder)?, folder)? })
    }

    /// An index that is open.
    pub fn of(index: Index, folder: &Path) -> tantivy::Result<Self> {
        let (expected, fields) = schema::build();
        if index.schema() != expected {
            return Err(TantivyError::SchemaError("the index was made by another version".to_owned()));
        }
        schema::register(&index);
        let payload = index.load_metas()?.payload;
        let sequence = payload.and_then(|text| text.parse().ok()).unwrap_or(0);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Self::state(index, reader, fields, folder, sequence)
    }

    fn state(index: Index, reader: IndexReader, fields: Fields, folder: &Path, sequence: u64) -> tantivy::Result<Self> {
        let searcher = reader.searcher();
        let items = Items::of(&searcher, fields.item)?;
        let impacts = Impacts::of(searcher, &fields, folder)?;
        let (folder, soundness) = (folder.to_owned(), Soundness::default());
        let synonyms = Synonyms::in_use().fingerprint();
        Ok(Self { index, reader, folder, soundness, fields, impacts, items, sequence, synonyms })
    }

    /// Whether its files were found damaged since it was opened.
    pub fn check(&self) -> tantivy::Result<()> {
        self.soundness.check()
    }

    /// The same index after `delta`, searchable.
    pub fn with(&self, delta: &Delta) -> tantivy::Result<Self> {
        let mut writer = self.index.writer_with_num_threads(1, WRITER_BYTES)?;
        let mut merges = LogMergePolicy::default();
        merges.set_del_docs_ratio_before_merge(MOST_DELETED);
        writer.set_merge_policy(Box::new(merges));
        // A delta may come twice after a crash: what is already there is taken out first.
        let added = delta.added.iter().map(|revision| &revision.id);
        for id in delta.retired.iter().chain(added) {
            writer.delete_term(Term::from_field_text(self.fields.revision, id.as_str()));
        }
        self.add(&writer, &delta.added)?;
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(&delta.sequence.to_string());
        commit.commit()?;
        writer.wait_merging_threads()?;
        self.reader.reload()?;
        let (index, reader) = (self.index.clone(), self.reader.clone());
        let next = Self::state(index, reader, self.fields, &self.folder, delta.sequence)?;
        lists::tidy(&self.folder, next.impacts.searcher.segment_readers())?;
        Ok(Self { soundness: self.soundness.clone(), ..next })
    }

    /// Reading texts takes longer than all else, and they are read side by side; their order means nothing.
    fn add(&self, writer: &IndexWriter, revisions: &[Revision]) -> tantivy::Result<()> {
        let mut passages: Vec<(&Revision, &Passage)> = Vec::new();
        for revision in revisions {
            passages.extend(revision.passages.iter().map(|passage| (revision, passage)));
        }
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let share = passages.len().div_ceil(threads).max(WORTH_A_THREAD);
        let read = |(revision, passage): &(&Revision, &Passage)| {
            writer.add_document(schema::document(&self.fields, revision, passage)?).map(drop)
        };
        let synonyms = Synonyms::in_use();
        thread::scope(|scope| {
            let parts: Vec<_> = passages
                .chunks(share)
                .map(|part| scope.spawn(|| synonyms.within(|| part.iter().try_for_each(read))))
                .collect();
            let panicked = || TantivyError::InternalError("a text could not be read".to_owned());
            parts.into_iter().try_for_each(|part| part.join().unwrap_or_else(|_| Err(panicked())))
        })
    }
}
