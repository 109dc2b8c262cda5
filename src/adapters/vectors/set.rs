//! One set: the file and the table in memory, which always say the same.

use std::{
    collections::HashSet,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard},
};

use uuid::Uuid;

use super::{
    file::{Log, Record},
    scan::{Owner, Row, Table},
};
use crate::{
    domain::{Id, name},
    ports::{Embedded, Near, Neighbours, VectorSet, VectorsError},
};

/// A file with more records of what is gone than this, and than a quarter of what is there, is written anew.
const MANY_GONE: usize = 1_024;

/// A set in a file.
pub struct FileSet {
    /// `None` once the set was thrown away: whoever still has it writes no file again.
    log: Mutex<Option<Log>>,
    state: RwLock<State>,
}

#[derive(Default)]
struct State {
    table: Table,
    /// How many numbers a vector has; `None` before the first.
    length: Option<usize>,
    sequence: u64,
    /// Records of what is gone.
    gone: usize,
}

impl State {
    fn take(&mut self, record: &Record) {
        match record {
            // The first vector says how long all are.
            Record::Vector(owner, row) if *self.length.get_or_insert(row.codes.len()) == row.codes.len() => {
                self.table.put(*owner, row);
            }
            Record::Vector(..) => self.gone += 1,
            Record::Retired(revision) => self.gone += self.table.drop_of(|of| of == *revision),
            Record::Level(sequence) => self.sequence = *sequence,
        }
    }

    fn fits(&self, vector: &[f32]) -> Result<(), VectorsError> {
        match self.length {
            Some(expected) if expected != vector.len() => Err(VectorsError::Length { expected, found: vector.len() }),
            _ => Ok(()),
        }
    }
}

impl FileSet {
    /// Opens or makes a file and reads it through.
    pub fn open(path: &Path) -> Result<Self, VectorsError> {
        let (mut state, mut retired) = (State::default(), HashSet::new());
        let log = Log::open(path, |record| match record {
            // All at once at the end: a revision that was retired never comes back.
            Record::Retired(revision) => drop(retired.insert(revision)),
            other => state.take(&other),
        })?;
        state.gone += state.table.drop_of(|revision| retired.contains(&revision));
        Ok(Self { log: Mutex::new(Some(log)), state: RwLock::new(state) })
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing is added any more. Its file is for the caller to remove.
    pub fn throw_away(&self) {
        *self.log() = None;
    }

    fn log(&self) -> MutexGuard<'_, Option<Log>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rewrite(&self, log: &mut Log) -> Result<(), VectorsError> {
        let state = self.state();
        let length = state.length.unwrap_or_default();
        let vectors = (0..state.table.len()).map(|at| {
            let (owner, row) = state.table.row(at, length);
            Record::Vector(owner, row)
        });
        log.rewrite(vectors.chain([Record::Level(state.sequence)]))
    }
}

fn thrown_away() -> VectorsError {
    VectorsError::Failed("the set was thrown away meanwhile".to_owned())
}

impl VectorSet for FileSet {
    fn sequence(&self) -> u64 {
        self.state().sequence
    }

    fn has(&self, passage: &Id<name::Passage>) -> bool {
        self.state().table.has(passage.uuid())
    }

    fn revisions(&self) -> HashSet<Id<name::Revision>> {
        let of: HashSet<Uuid> = self.state().table.owners().iter().map(|owner| owner.revision).collect();
        of.into_iter().map(Id::from_uuid).collect()
    }

    fn add(&self, embedded: &[Embedded]) -> Result<(), VectorsError> {
        let mut log = self.log();
        let log = log.as_mut().ok_or_else(thrown_away)?;
        embedded.iter().try_for_each(|one| self.state().fits(&one.vector))?;
        let record = |one: &Embedded| {
            let owner = Owner { revision: one.revision.uuid(), passage: one.passage.uuid() };
            Record::Vector(owner, Row::of(&one.vector))
        };
        let records: Vec<Record> = embedded.iter().map(record).collect();
        log.append(&records)?;
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        records.iter().for_each(|record| state.take(record));
        Ok(())
    }

    fn level(&self, retired: &HashSet<Id<name::Revision>>, sequence: u64) -> Result<(), VectorsError> {
        let mut log = self.log();
        let log = log.as_mut().ok_or_else(thrown_away)?;
        let held = self.revisions();
        let gone: HashSet<Uuid> = retired.intersection(&held).map(Id::uuid).collect();
        let mut records: Vec<Record> = gone.iter().copied().map(Record::Retired).collect();
        records.push(Record::Level(sequence));
        log.append(&records)?;
        let many = {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            state.gone += state.table.drop_of(|revision| gone.contains(&revision));
            state.sequence = sequence;
            state.gone > MANY_GONE.max(state.table.len() / 4)
        };
        if many {
            self.rewrite(log)?;
            self.state.write().unwrap_or_else(PoisonError::into_inner).gone = 0;
        }
        Ok(())
    }

    fn nearest(&self, vector: &[f32], count: usize) -> Result<Neighbours, VectorsError> {
        let state = self.state();
        state.fits(vector)?;
        let (found, mean) = state.table.nearest(&Row::of(vector), count);
        let near = |(cosine, owner): (f32, Owner)| Near {
            revision: Id::from_uuid(owner.revision),
            passage: Id::from_uuid(owner.passage),
            similarity: f64::from(cosine),
        };
        Ok(Neighbours { nearest: found.into_iter().map(near).collect(), mean })
    }
}
