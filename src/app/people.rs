//! Who works here: people and their roles, how they sign in, and what everybody is called.

use std::{collections::HashMap, time::Duration};

use super::{App, AppError};
use crate::{
    domain::{Id, Login, Person, Principal, Reach, Role, What, WorkspaceId, name},
    identity::{Act, Password, is_password},
    ports::{Conflict, StoreError},
};

/// What principals are called.
#[derive(Debug, Clone, Default)]
pub struct Names(HashMap<String, String>);

impl Names {
    /// Their name; of somebody who is gone, or who needs none, the id.
    pub fn of<'a>(&'a self, principal: &'a str) -> &'a str {
        self.0.get(principal).map_or(principal, String::as_str)
    }
}

/// Somebody who is to work here.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// What they sign in with. Who is known by it already gets the role, and keeps the rest.
    pub login: Login,
    /// How they are called.
    pub name: String,
    /// Their desk.
    pub team: Option<String>,
    /// The company that employs them.
    pub vendor: Option<String>,
}

/// What a ticket is good for.
const SESSION: &str = "session";
const LINK: &str = "link";
const FIRST: &str = "first";

impl App {
    /// A ticket is good for a working day.
    pub const SESSION_TIME: Duration = Duration::from_secs(12 * 60 * 60);
    /// A link is good for three days, and once.
    pub const LINK_TIME: Duration = Duration::from_secs(72 * 60 * 60);

    /// What those are called who act in a workspace.
    pub async fn names(&self, workspace: &WorkspaceId) -> Result<Names, AppError> {
        let keys = self.world.doors.keys(workspace).await?;
        let named = keys.into_iter().filter(|key| !key.label.is_empty());
        let mut names: HashMap<_, _> = named.map(|key| (key.id.to_string(), key.label)).collect();
        names.extend(self.world.people.all_names().await?);
        Ok(Names(names))
    }

    /// Those who have a place in a workspace.
    pub async fn people(&self, who: &Principal, workspace: &WorkspaceId) -> Result<Vec<Person>, AppError> {
        self.permit(who, workspace, Act::Administer)?;
        self.desk(workspace).await?;
        Ok(self.world.people.people(workspace).await?)
    }

    /// Gives somebody a role in a workspace, who need not be known before.
    pub async fn place_person(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        new: NewPerson,
        role: Role,
    ) -> Result<Person, AppError> {
        self.permit(who, workspace, Act::Administer)?;
        self.desk(workspace).await?;
        let person = match self.world.people.person_called(&new.login).await? {
            Some(known) => known,
            None => self.new_person(new, None)?,
        };
        self.record(who, workspace, What::PersonPlaced { person: Box::new(person.clone()), role: Some(role) }).await?;
        Ok(person)
    }

    /// Takes somebody's role in a workspace away. What they did stays theirs.
    pub async fn displace_person(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        id: &Id<name::Person>,
    ) -> Result<(), AppError> {
        self.permit(who, workspace, Act::Administer)?;
        let person = self.placed(workspace, id).await?;
        let others = person.everywhere.is_some() || person.places.iter().any(|(place, _)| place != workspace);
        if person.account.is_some() && !others {
            // Should they come back under another name, their account is free to be linked with it.
            self.record(who, workspace, What::AccountLinked { person: person.id.clone(), account: None }).await?;
        }
        self.record(who, workspace, What::PersonPlaced { person: Box::new(person), role: None }).await
    }

    /// A link with which somebody chooses a password, once.
    pub async fn link_for(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        id: &Id<name::Person>,
    ) -> Result<String, AppError> {
        self.permit(who, workspace, Act::Administer)?;
        // Whoever makes the link could sign in by it.
        let person = self.placed_below(who, workspace, id).await?;
        Ok(self.world.sessions.seal(LINK, &[person.id.as_str(), &person.stamp], self.world.clock.now()))
    }

    /// The link for whoever sets the installation up: good while nobody works here.
    pub async fn first_link(&self) -> Result<Option<String>, AppError> {
        if self.world.people.ever_had_people().await? {
            return Ok(None);
        }
        Ok(Some(self.world.sessions.seal(FIRST, &["admin"], self.world.clock.now())))
    }

    /// Whether a link of [`App::first_link`] is good still.
    pub async fn is_first_link(&self, link: &str) -> Result<bool, AppError> {
        let sealed = self.world.sessions.open(FIRST, link, self.world.clock.now(), Self::LINK_TIME).is_some();
        Ok(sealed && !self.world.people.ever_had_people().await?)
    }

    /// Sets the installation up: the first person, an admin in every workspace, signed in. `None` where the link is void.
    pub async fn set_up(&self, link: &str, new: NewPerson, password: Password) -> Result<Option<String>, AppError> {
        if !self.is_first_link(link).await? {
            return Ok(None);
        }
        let person = self.new_person(new, Some(Role::Admin))?;
        let who = person.principal();
        let workspaces = self.world.doors.workspaces().await?;
        if workspaces.is_empty() {
            return Err(AppError::NoSuchWorkspace { id: "any".to_owned() });
        }
        for workspace in &workspaces {
            let what = What::PersonPlaced { person: Box::new(person.clone()), role: Some(Role::Admin) };
            self.record(&who, &workspace.id, what).await?;
        }
        self.change_stamp(&person.principal(), &person, Some(password)).await.map(Some)
    }

    /// Whose password a link sets; `None` where it is void.
    pub async fn linked(&self, link: &str) -> Result<Option<Person>, AppError> {
        self.ticketed(LINK, link, Self::LINK_TIME).await
    }

    /// Sets the password that a link is for, and signs in. `None` where the link is void.
    pub async fn set_password(&self, link: &str, password: Password) -> Result<Option<String>, AppError> {
        let Some(person) = self.linked(link).await? else { return Ok(None) };
        match self.change_stamp(&person.principal(), &person, Some(password)).await {
            // Somebody else used the same link a moment ago.
            Err(AppError::Store(StoreError::Conflict(Conflict::Missing))) => Ok(None),
            made => made.map(Some),
        }
    }

    /// A ticket for who knows the password; `None` for everybody else.
    pub async fn sign_in(&self, login: &str, password: String) -> Result<Option<String>, AppError> {
        let person = match Login::parse(login) {
            Ok(login) => self.world.people.person_called(&login).await?,
            Err(_) => None,
        };
        let hash = person.as_ref().and_then(|person| person.password.clone());
        let known = tokio::task::spawn_blocking(move || is_password(&password, hash.as_deref())).await;
        match (known.map_err(|_| AppError::Panicked)?, person) {
            (true, Some(person)) => Ok(Some(self.ticket(&person))),
            _ => Ok(None),
        }
    }

    /// Who carries a ticket; `None` where it is void.
    pub async fn signed_in(&self, ticket: &str) -> Result<Option<Person>, AppError> {
        self.ticketed(SESSION, ticket, Self::SESSION_TIME).await
    }

    /// Ends every ticket of somebody.
    pub async fn sign_out_everywhere(&self, person: &Person) -> Result<(), AppError> {
        self.change_stamp(&person.principal(), person, None).await.map(|_| ())
    }

    pub(super) fn ticket(&self, person: &Person) -> String {
        self.world.sessions.seal(SESSION, &[person.id.as_str(), &person.stamp], self.world.clock.now())
    }

    async fn ticketed(&self, purpose: &str, ticket: &str, age: Duration) -> Result<Option<Person>, AppError> {
        let Some(words) = self.world.sessions.open(purpose, ticket, self.world.clock.now(), age) else {
            return Ok(None);
        };
        let [id, stamp] = words[..] else { return Ok(None) };
        let Ok(id) = Id::parse(id) else { return Ok(None) };
        let person = self.world.people.person(&id).await?;
        Ok(person.filter(|person| person.stamp == stamp && person.works_here()))
    }

    async fn placed(&self, workspace: &WorkspaceId, id: &Id<name::Person>) -> Result<Person, AppError> {
        let person = self.world.people.person(id).await?;
        let here = |person: &Person| person.principal().role_in(workspace).is_some();
        person.filter(here).ok_or_else(|| AppError::NoSuch { what: "person", id: id.to_string() })
    }

    /// The same; nobody gets at what is above their own place, nor at who works in a shop that they do not administer:
    /// whoever signs in as somebody does so everywhere.
    pub(super) async fn placed_below(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        id: &Id<name::Person>,
    ) -> Result<Person, AppError> {
        let person = self.placed(workspace, id).await?;
        let theirs = |(workspace, _): &(WorkspaceId, Role)| who.role_in(workspace) == Some(Role::Admin);
        let below = matches!(who.reach, Reach::Everywhere(_))
            || (person.everywhere.is_none() && person.places.iter().all(theirs));
        if below { Ok(person) } else { Err(AppError::NoSuch { what: "person", id: id.to_string() }) }
    }

    /// Another stamp, recorded where somebody has a place; with a ticket for who made it.
    pub(super) async fn change_stamp(
        &self,
        who: &Principal,
        person: &Person,
        password: Option<Password>,
    ) -> Result<String, AppError> {
        let salt = self.world.ids.secret().map_err(AppError::NoRandomness)?;
        let password = match password {
            Some(password) => {
                let hashed = tokio::task::spawn_blocking(move || password.hash(&salt)).await;
                Some(hashed.map_err(|_| AppError::Panicked)?.map_err(AppError::NoRandomness)?)
            }
            None => None,
        };
        let stamp = self.stamp()?;
        for workspace in self.workspaces_of(person).await? {
            let stamps = [person.stamp.clone(), stamp.clone()];
            let what = What::StampChanged { person: person.id.clone(), stamps, password: password.clone() };
            self.record(who, &workspace, what).await?;
        }
        Ok(self.ticket(&Person { stamp, ..person.clone() }))
    }

    /// Where what changes of somebody is recorded.
    pub(super) async fn workspaces_of(&self, person: &Person) -> Result<Vec<WorkspaceId>, AppError> {
        Ok(match person.everywhere {
            Some(_) => self.world.doors.workspaces().await?.into_iter().map(|workspace| workspace.id).collect(),
            None => person.places.iter().map(|(workspace, _)| workspace.clone()).collect(),
        })
    }

    fn new_person(&self, new: NewPerson, everywhere: Option<Role>) -> Result<Person, AppError> {
        let NewPerson { login, name, team, vendor } = new;
        let (stamp, password, account, places) = (self.stamp()?, None, None, Vec::new());
        Ok(Person { id: self.world.id(), login, name, team, vendor, stamp, password, account, everywhere, places })
    }

    fn stamp(&self) -> Result<String, AppError> {
        let random = self.world.ids.secret().map_err(AppError::NoRandomness)?;
        Ok(hex::encode(&random[..12]))
    }
}
