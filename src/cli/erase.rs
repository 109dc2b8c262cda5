//! `aizuchi erase` and `aizuchi retention`: words that go, at once or when their time is over.

use anyhow::{Context as _, anyhow};
use clap::Args;

use super::Place;
use crate::{
    app::App,
    domain::{Id, Principal, Reference, Retention, TextClass, Whose, WorkspaceId, name},
    wire,
};

/// `aizuchi erase`
#[derive(Args)]
pub(super) struct Erase {
    /// Which workspace
    #[arg(long, value_parser = WorkspaceId::parse)]
    workspace: WorkspaceId,
    #[command(flatten)]
    whose: WhoseArgs,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct WhoseArgs {
    /// All of a customer, by your own reference
    #[arg(long, value_parser = Reference::parse)]
    customer: Option<Reference>,
    /// All of a conversation (cnv_...), for customers without a reference
    #[arg(long, value_parser = Id::<name::Conversation>::parse)]
    conversation: Option<Id<name::Conversation>>,
    /// A reply (rpl_...) that was reported without its inquiry
    #[arg(long, value_parser = Id::<name::Reply>::parse)]
    reply: Option<Id<name::Reply>>,
    /// A document that holds somebody's words, by its key; take it out of its file first, or the next reading brings it back
    #[arg(long)]
    document: Option<String>,
}

impl WhoseArgs {
    fn whose(self) -> Option<Whose> {
        let Self { customer, conversation, reply, document } = self;
        let person = customer.map(Whose::Customer).or(conversation.map(Whose::Conversation));
        person.or(reply.map(Whose::Reply)).or(document.map(Whose::Document))
    }
}

impl Erase {
    /// Says what was erased.
    pub(super) async fn run(self, place: &Place) -> anyhow::Result<()> {
        let app = open(place).await?;
        let whose = self.whose.whose().ok_or_else(|| anyhow!("say whose words, or which document's"))?;
        let erased = app.erase(&Principal::system(), &self.workspace, &whose, None).await?;
        println!("{}  {} texts  {}", erased.id, erased.texts, erased.at);
        Ok(())
    }
}

/// `aizuchi retention`
#[derive(Args)]
pub(super) struct Retain {
    /// Which workspace
    #[arg(long, value_parser = WorkspaceId::parse)]
    workspace: WorkspaceId,
    /// Days for which what customers wrote is kept; a class that is not named keeps the days it has
    #[arg(long, value_name = "DAYS")]
    inquiries: Option<u32>,
    /// Days for drafts, at most as many
    #[arg(long, value_name = "DAYS")]
    drafts: Option<u32>,
    /// Days for what was sent
    #[arg(long, value_name = "DAYS")]
    replies: Option<u32>,
    /// Days for QA's reasons
    #[arg(long, value_name = "DAYS")]
    rulings: Option<u32>,
    /// Keep all classes for ever that are not named
    #[arg(long)]
    reset: bool,
}

impl Retain {
    /// Sets what is named, and shows what holds.
    pub(super) async fn run(self, place: &Place) -> anyhow::Result<()> {
        let app = open(place).await?;
        let who = Principal::system();
        let before = app.retention(&who, &self.workspace).await?;
        let named = |class| match class {
            TextClass::Inquiries => self.inquiries,
            TextClass::Drafts => self.drafts,
            TextClass::Replies => self.replies,
            TextClass::Rulings => self.rulings,
        };
        let kept = |class| if self.reset { None } else { before.of(class) };
        let days = TextClass::ALL.into_iter().filter_map(|class| Some((class, named(class).or(kept(class))?)));
        let retention = app.retain(&who, &self.workspace, Retention::new(days)?).await?;
        for class in TextClass::ALL {
            let days = retention.of(class).map_or("for ever".to_owned(), |days| format!("{days} days"));
            println!("{:<9}  {days}", class.as_str());
        }
        Ok(())
    }
}

async fn open(place: &Place) -> anyhow::Result<App> {
    let data = place.data.clone().context("say where the installation is: --data DIR")?;
    wire::open(place.settings(data)?).await
}
