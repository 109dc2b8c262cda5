//! Measuring. Collections of others are read where they lie; figures and the commands that make them are kept in
//! the repository's `eval/`.

mod bar;
mod bench;
mod collection;
mod grounding;
mod journey;
mod labels;
mod metrics;
mod retrieval;
mod shops;
mod table;
mod tone;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};

/// `aizuchi eval`: our own shops, or a collection of others
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Eval {
    #[command(subcommand)]
    collection: Option<Collection>,
    #[command(flatten)]
    shops: shops::Shops,
}

/// `aizuchi eval ...`
#[derive(Subcommand)]
enum Collection {
    /// Rank the documents of a collection for its queries
    Retrieval {
        /// Folder with corpus.tsv, queries.tsv and qrels.tsv
        #[arg(long)]
        collection: PathBuf,
        /// Where to write the ranking, in TREC's form
        #[arg(long)]
        run: PathBuf,
    },
    /// Check labelled replies and compare the findings with the labels
    Tone {
        /// The set; `bar.toml` beside it holds the floors
        #[arg(long, default_value = "eval/tone/open.jsonl")]
        set: PathBuf,
        /// The brands' guides
        #[arg(long = "guide", default_values = ["knowledge/officelink/guide.yaml", "knowledge/hanauta/guide.yaml"])]
        guides: Vec<PathBuf>,
        /// Check so many times and print what it costs instead
        #[arg(long)]
        bench: Option<usize>,
    },
    /// Check labelled drafts and compare the verdicts and citations with the labels
    Grounding {
        /// The set; `bar.toml` beside it holds the floors
        #[arg(long, default_value = "eval/grounding/open.jsonl")]
        set: PathBuf,
        /// Also print each sentence that got another verdict
        #[arg(long)]
        misses: bool,
        /// Check so many times and print how long a draft takes instead
        #[arg(long)]
        bench: Option<usize>,
        /// Write what the trees are asked with to this file instead, for `eval/grounding/learn.py`
        #[arg(long)]
        features: Option<PathBuf>,
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
    /// Prints figures; the last line of standard output is JSON. 1 where a floor is not held. Shops come from
    /// `knowledge`, else from the binary.
    pub async fn run(self, knowledge: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        match self.collection {
            None => return self.shops.run(knowledge).await,
            Some(Collection::Retrieval { collection, run }) => retrieval::run(&collection, &run).await?,
            Some(Collection::Tone { set, guides, bench: Some(times) }) => return tone::bench(&set, &guides, times),
            Some(Collection::Tone { set, guides, bench: None }) => return tone::run(&set, &guides),
            Some(Collection::Grounding { set, bench: Some(times), .. }) => return grounding::bench(&set, times),
            Some(Collection::Grounding { set, features: Some(out), .. }) => return grounding::features(&set, &out),
            Some(Collection::Grounding { set, misses, .. }) => return grounding::run(&set, misses),
            Some(Collection::Journey { collection, limit }) => journey::run(&collection, limit).await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
