//! Measuring. Collections of others are read where they lie; figures and the commands that make them are kept in
//! the repository's `eval/`.

mod collection;
mod journey;
mod metrics;
mod retrieval;

use std::path::PathBuf;

use clap::Subcommand;

/// `aizuchi eval ...`
#[derive(Subcommand)]
pub enum Eval {
    /// Rank the documents of a collection for its queries
    Retrieval {
        /// Folder with corpus.tsv, queries.tsv and qrels.tsv
        #[arg(long)]
        collection: PathBuf,
        /// Where to write the ranking, in TREC's form
        #[arg(long)]
        run: PathBuf,
    },
    /// Ask every query of a collection as an inquiry and look at the drafts' citations
    Journey {
        /// Folder with corpus.tsv, queries.tsv and qrels.tsv
        #[arg(long)]
        collection: PathBuf,
        /// Ask only so many
        #[arg(long)]
        limit: Option<usize>,
    },
}

impl Eval {
    /// Prints figures; the last line of standard output is JSON.
    pub async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Retrieval { collection, run } => retrieval::run(&collection, &run).await,
            Self::Journey { collection, limit } => journey::run(&collection, limit).await,
        }
    }
}
