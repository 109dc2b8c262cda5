//! An embedder under limits. Searches and catching up have a guard each: a server that is too slow for a search, which is
//! then left alone, can still take batches, and a long batch never costs a search its place.

use std::sync::Arc;

use tokio::time::Instant;

use super::{Guard, breaker::Breaker, bulkhead::Bulkhead, retry::Budget};
use crate::{
    config::EmbeddingSettings,
    ports::{Embedder, Ids, Unheard},
};

/// So many batches of one server are under way at once, whatever the settings allow to searches.
const BATCHES: usize = 2;

/// What protects from one server.
pub struct EmbedderGuards {
    searches: Guard,
    batches: Guard,
}

impl EmbedderGuards {
    /// For a server that is asked at most so often at once.
    pub fn new(concurrency: usize) -> Self {
        let guard = |meanwhile, most| Guard {
            breaker: Breaker::saying(meanwhile),
            bulkhead: Bulkhead::new(most),
            budget: Budget::default(),
        };
        Self {
            searches: guard("passages are found by their words alone meanwhile", concurrency),
            batches: guard("passages wait for their vectors meanwhile", concurrency.min(BATCHES)),
        }
    }
}

/// An embedder with its settings and what protects from it.
pub struct EmbedderSeat {
    embedder: Arc<dyn Embedder>,
    /// How it is asked.
    pub settings: EmbeddingSettings,
    guards: Arc<EmbedderGuards>,
}

impl EmbedderSeat {
    /// An embedder; workspaces that ask the same server share its guards.
    pub fn new(settings: EmbeddingSettings, embedder: Arc<dyn Embedder>, guards: Arc<EmbedderGuards>) -> Self {
        Self { embedder, settings, guards }
    }

    /// Vectors of what is asked, soon or not at all.
    pub async fn questions(&self, ids: &dyn Ids, texts: &[String]) -> Result<Vec<Vec<f32>>, Unheard> {
        let deadline = Instant::now() + self.settings.search;
        self.once(ids, &self.guards.searches, &self.settings.query_prefix, texts, deadline).await
    }

    /// Vectors of passages.
    pub async fn passages(&self, ids: &dyn Ids, texts: &[String]) -> Result<Vec<Vec<f32>>, Unheard> {
        let deadline = Instant::now() + self.settings.limits.deadline;
        self.once(ids, &self.guards.batches, &self.settings.passage_prefix, texts, deadline).await
    }

    async fn once(
        &self,
        ids: &dyn Ids,
        guard: &Guard,
        prefix: &str,
        texts: &[String],
        deadline: Instant,
    ) -> Result<Vec<Vec<f32>>, Unheard> {
        let (passage, room) = guard.enter(deadline, ids.uuid()).await?;
        let texts: Vec<String> = texts.iter().map(|text| format!("{prefix}{text}")).collect();
        let vectors = self.embedder.embed(&texts, deadline).await;
        passage.end(vectors.as_ref().err());
        room.end(vectors.as_ref().err());
        vectors
    }
}
