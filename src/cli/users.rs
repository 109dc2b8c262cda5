//! `user add`, `user list`, `user link`, `user remove`.

use anyhow::Context as _;
use clap::Subcommand;

use super::Place;
use crate::{
    app::{App, NewPerson},
    domain::{Login, Person, Principal, Role, WorkspaceId},
    wire,
};

/// `aizuchi user ...`
#[derive(Subcommand)]
pub(super) enum UserCommand {
    /// Give somebody a role; prints a link with which they choose a password, once
    Add {
        /// In which workspace
        #[arg(long, value_parser = WorkspaceId::parse)]
        workspace: WorkspaceId,
        /// What they sign in with
        #[arg(long, value_parser = login)]
        login: Login,
        /// How they are called; the login if not said
        #[arg(long)]
        name: Option<String>,
        /// operator, qa, knowledge, auditor or admin
        #[arg(long, value_parser = role)]
        role: Role,
        /// Their desk
        #[arg(long)]
        team: Option<String>,
        /// The company that employs them
        #[arg(long)]
        vendor: Option<String>,
    },
    /// List those who have a role in a workspace
    List {
        /// Which workspace
        #[arg(long, value_parser = WorkspaceId::parse)]
        workspace: WorkspaceId,
    },
    /// Print a link with which somebody chooses a new password, once
    Link {
        /// A workspace that they serve
        #[arg(long, value_parser = WorkspaceId::parse)]
        workspace: WorkspaceId,
        /// What they sign in with
        #[arg(long, value_parser = login)]
        login: Login,
    },
    /// Take somebody's role away; what they did stays theirs
    Remove {
        /// In which workspace
        #[arg(long, value_parser = WorkspaceId::parse)]
        workspace: WorkspaceId,
        /// What they sign in with
        #[arg(long, value_parser = login)]
        login: Login,
    },
}

fn login(text: &str) -> Result<Login, String> {
    Login::parse(text).map_err(|error| error.to_string())
}

fn role(text: &str) -> Result<Role, String> {
    let role = Role::parse(text).filter(|role| *role != Role::Chatbot);
    role.ok_or_else(|| "expected operator, qa, knowledge, auditor or admin".to_owned())
}

impl UserCommand {
    /// Adds, lists, links or removes.
    pub(super) async fn run(self, place: &Place) -> anyhow::Result<()> {
        let data = place.data.clone().context("say where the installation is: --data DIR")?;
        let app = wire::open(place.settings(data)?).await?;
        let who = Principal::system();
        match self {
            Self::Add { workspace, login, name, role, team, vendor } => {
                let name = name.unwrap_or_else(|| login.as_str().to_owned());
                let new = NewPerson { login, name, team, vendor };
                let person = app.place_person(&who, &workspace, new, role).await?;
                println!("{}", person.id);
                if person.password.is_none() {
                    println!("{}", link(&app, &workspace, &person).await?);
                }
            }
            Self::List { workspace } => {
                for person in app.people(&who, &workspace).await? {
                    let role = person.principal().role_in(&workspace).map_or("", Role::as_str);
                    println!("{}  {role:<9}  {}  {}", person.id, person.login.as_str(), person.name);
                }
            }
            Self::Link { workspace, login } => {
                let person = called(&app, &workspace, &login).await?;
                println!("{}", link(&app, &workspace, &person).await?);
            }
            Self::Remove { workspace, login } => {
                let person = called(&app, &workspace, &login).await?;
                app.displace_person(&who, &workspace, &person.id).await?;
            }
        }
        Ok(())
    }
}

async fn called(app: &App, workspace: &WorkspaceId, login: &Login) -> anyhow::Result<Person> {
    let people = app.people(&Principal::system(), workspace).await?;
    let found = people.into_iter().find(|person| person.login == *login);
    found.with_context(|| format!("nobody signs in to {workspace} with this name: `user list` shows who does"))
}

async fn link(app: &App, workspace: &WorkspaceId, person: &Person) -> anyhow::Result<String> {
    let link = app.link_for(&Principal::system(), workspace, &person.id).await?;
    Ok(app.settings().page(&format!("/sign-in/link?link={link}")))
}
