//! What we ask of the world to find passages by what they mean: vectors of texts, and a place that keeps them.

use std::{collections::HashSet, sync::Arc};

use async_trait::async_trait;
use tokio::time::Instant;

use super::Unheard;
use crate::domain::{Id, Nearby, WorkspaceId, name};

/// A model that turns texts into vectors. One call is one request: limits and repetitions are the caller's.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// A vector for each text, in their order: all of one length, of finite numbers, none without a direction. Returns
    /// by the deadline.
    async fn embed(&self, texts: &[String], deadline: Instant) -> Result<Vec<Vec<f32>>, Unheard>;
}

/// A passage with its vector.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedded {
    /// The revision it was cut from.
    pub revision: Id<name::Revision>,
    /// The passage.
    pub passage: Id<name::Passage>,
    /// Its vector, of any length but zero.
    pub vector: Vec<f32>,
}

/// A passage that is near a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// The revision it was cut from.
    pub revision: Id<name::Revision>,
    /// The passage.
    pub passage: Id<name::Passage>,
    /// How near, 0 to 1.
    pub similarity: f64,
}

/// A similarity is kept in so many parts.
const PARTS: f64 = 1e5;

impl Near {
    /// As the record keeps it.
    pub fn recorded(&self) -> Nearby {
        let similarity = (self.similarity * PARTS).round() as u32;
        Nearby { revision: self.revision.clone(), passage: self.passage.clone(), similarity }
    }

    /// As it was recorded: the very value where it has no more places than the record, as those that a search is given.
    pub fn of_record(Nearby { revision, passage, similarity }: &Nearby) -> Self {
        Self { revision: revision.clone(), passage: passage.clone(), similarity: f64::from(*similarity) / PARTS }
    }
}

/// The nearest passages by their cosine, nearest first, and how near the others are.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Neighbours {
    /// The nearest; `similarity` is the cosine.
    pub nearest: Vec<Near>,
    /// The mean of all cosines.
    pub mean: f64,
}

/// Why vectors could not be read or kept.
#[derive(Debug, Clone, thiserror::Error)]
pub enum VectorsError {
    /// Another process writes to this data folder.
    #[error("another process keeps the vectors of this data folder")]
    Taken,
    /// The vectors are of another length: behind the model's name there is another model.
    #[error("expected vectors of {expected} numbers, found {found}: another model needs another name")]
    Length {
        /// As those that are kept.
        expected: usize,
        /// As it came.
        found: usize,
    },
    /// The disk is full, or the file is not to be read or written.
    #[error("the vectors cannot be kept: {0}")]
    Failed(String),
}

/// Keeps vectors of passages: one set a workspace and model, a cache that can be filled again at any time.
pub trait Vectors: Send + Sync {
    /// The set of a workspace and a model, empty when there was none.
    fn of(&self, workspace: &WorkspaceId, model: &str) -> Result<Arc<dyn VectorSet>, VectorsError>;
    /// Throws away every set of a workspace, whichever model made it.
    fn clear(&self, workspace: &WorkspaceId) -> Result<(), VectorsError>;
}

/// The vectors that one model made of one workspace's passages.
pub trait VectorSet: Send + Sync {
    /// The audit sequence up to which every passage has its vector; 0 before that was so for the first time.
    fn sequence(&self) -> u64;
    /// Whether a passage has its vector.
    fn has(&self, passage: &Id<name::Passage>) -> bool;
    /// The revisions of which there are vectors.
    fn revisions(&self) -> HashSet<Id<name::Revision>>;
    /// Keeps vectors: durable on return.
    fn add(&self, embedded: &[Embedded]) -> Result<(), VectorsError>;
    /// Drops the vectors of what is no longer held true; with that every passage has its vector up to a sequence.
    fn level(&self, retired: &HashSet<Id<name::Revision>>, sequence: u64) -> Result<(), VectorsError>;
    /// The nearest passages to a vector, at most `count`.
    fn nearest(&self, vector: &[f32], count: usize) -> Result<Neighbours, VectorsError>;
}
