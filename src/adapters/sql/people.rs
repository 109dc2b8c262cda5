//! Who works here, as rows.

use async_trait::async_trait;

use super::{
    SqlStore,
    apply::Writing,
    conn::Conn,
    db::{Row, Value, values_of},
    doors::workspace_id,
    failed,
    fault::{Fault, unreadable},
};
use crate::{
    domain::{Account, Id, Login, Person, Role, WorkspaceId, name},
    ports::{Conflict, People, StoreError},
};

macro_rules! person_sql {
    ($which:literal) => {
        concat!(
            "SELECT p.id, p.login, p.name, p.team, p.vendor, p.stamp, p.password, p.everywhere, p.issuer, p.subject
             FROM person p WHERE ",
            $which
        )
    };
}

/// Somebody is known from now on, or is called otherwise; with a role in the workspace of the change, or without one.
pub async fn place(writing: &mut Writing<'_>, person: &Person, role: Option<Role>) -> Result<(), Fault> {
    let taken = "SELECT id FROM person WHERE login = $1 AND id <> $2";
    if writing.conn.row(taken, values_of![person.login.as_str(), person.id.as_str()]).await?.is_some() {
        return Err(Fault::Conflict(Conflict::Taken));
    }
    let Person { id, login, name, team, vendor, stamp, everywhere, .. } = person;
    let values = values_of![
        id.as_str(),
        login.as_str(),
        name.as_str(),
        team.as_deref(),
        vendor.as_deref(),
        stamp.as_str(),
        everywhere.map(Role::as_str),
        writing.change.at.0
    ];
    writing.conn.put_off(
        "INSERT INTO person (id, login, name, team, vendor, stamp, everywhere, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, team = excluded.team, vendor = excluded.vendor",
        values,
    );
    let (workspace, person) = (writing.workspace().to_owned(), id.as_str());
    match role {
        Some(role) => {
            let values = values_of![workspace, person, role.as_str(), writing.change.at.0];
            writing.conn.put_off(
                "INSERT INTO membership (workspace, person, role, since) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (workspace, person) DO UPDATE SET role = excluded.role",
                values,
            );
        }
        None => {
            let values = values_of![workspace, person];
            writing.conn.put_off("DELETE FROM membership WHERE workspace = $1 AND person = $2", values);
            writing.conn.put_off(
                "DELETE FROM lease WHERE workspace = $1 AND principal = $2",
                values_of![writing.change.workspace.as_str(), person],
            );
        }
    }
    Ok(())
}

/// Another password, or none: whoever was signed in is so no more. The first of two who use one link wins.
pub async fn set_stamp(
    writing: &mut Writing<'_>,
    person: &Id<name::Person>,
    [old, new]: [&str; 2],
    password: Option<&str>,
) -> Result<(), Fault> {
    let values = values_of![person.as_str(), old, new, password];
    let sql =
        "UPDATE person SET stamp = $3, password = COALESCE($4, password) WHERE id = $1 AND (stamp = $2 OR stamp = $3)";
    match writing.conn.execute(sql, values).await? {
        0 => Err(Fault::Conflict(Conflict::Missing)),
        _ => Ok(()),
    }
}

/// Another account, or none. One account is one person's.
pub async fn link(
    writing: &mut Writing<'_>,
    person: &Id<name::Person>,
    account: Option<&Account>,
) -> Result<(), Fault> {
    let (issuer, subject) = (account.map(|one| one.issuer.as_str()), account.map(|one| one.subject.as_str()));
    let taken = "SELECT id FROM person WHERE issuer = $1 AND subject = $2 AND id <> $3";
    if writing.conn.row(taken, values_of![issuer, subject, person.as_str()]).await?.is_some() {
        return Err(Fault::Conflict(Conflict::Taken));
    }
    if writing.conn.row("SELECT id FROM person WHERE id = $1", values_of![person.as_str()]).await?.is_none() {
        return Err(Fault::Conflict(Conflict::Missing));
    }
    // Of two accounts that come under one name at once the first is theirs.
    let sql = "UPDATE person SET issuer = $2, subject = $3
        WHERE id = $1 AND ($2 IS NULL OR issuer IS NULL OR issuer <> $2 OR subject = $3)";
    match writing.conn.execute(sql, values_of![person.as_str(), issuer, subject]).await? {
        0 => Err(Fault::Conflict(Conflict::Taken)),
        _ => Ok(()),
    }
}

#[async_trait]
impl People for SqlStore {
    async fn person(&self, id: &Id<name::Person>) -> Result<Option<Person>, StoreError> {
        self.one(person_sql!("p.id = $1"), values_of![id.as_str()]).await
    }

    async fn person_called(&self, login: &Login) -> Result<Option<Person>, StoreError> {
        self.one(person_sql!("p.login = $1"), values_of![login.as_str()]).await
    }

    async fn person_with(&self, account: &Account) -> Result<Option<Person>, StoreError> {
        let values = values_of![account.issuer.as_str(), account.subject.as_str()];
        self.one(person_sql!("p.issuer = $1 AND p.subject = $2"), values).await
    }

    async fn people(&self, workspace: &WorkspaceId) -> Result<Vec<Person>, StoreError> {
        let sql = person_sql!(
            "p.everywhere IS NOT NULL OR EXISTS (
                 SELECT 1 FROM membership m WHERE m.workspace = $1 AND m.person = p.id) ORDER BY p.name, p.id"
        );
        let mut conn = self.reader().await?;
        let rows = conn.rows(sql, values_of![workspace.as_str()]).await.map_err(failed)?;
        let mut people = Vec::with_capacity(rows.len());
        for row in &rows {
            people.push(person(&mut conn, row).await.map_err(failed)?);
        }
        Ok(people)
    }

    async fn all_names(&self) -> Result<Vec<(String, String)>, StoreError> {
        let rows = self.reader().await?.rows("SELECT id, name FROM person", values_of![]).await.map_err(failed)?;
        let read = |row: &Row| Ok::<_, sqlx::Error>((row.text(0)?, row.text(1)?));
        rows.iter().map(|row| read(row).map_err(failed)).collect()
    }

    async fn ever_had_people(&self) -> Result<bool, StoreError> {
        let row = self.reader().await?.row("SELECT id FROM person LIMIT 1", values_of![]).await.map_err(failed)?;
        Ok(row.is_some())
    }
}

impl SqlStore {
    async fn one(&self, sql: &'static str, values: Vec<Value>) -> Result<Option<Person>, StoreError> {
        let mut conn = self.reader().await?;
        match conn.row(sql, values).await.map_err(failed)? {
            Some(row) => Ok(Some(person(&mut conn, &row).await.map_err(failed)?)),
            None => Ok(None),
        }
    }
}

async fn person(conn: &mut Conn, row: &Row) -> Result<Person, Fault> {
    let id = row.text(0)?;
    let role = |text: &str| Role::parse(text).ok_or_else(|| unreadable("person.role"));
    let sql = "SELECT workspace, role FROM membership WHERE person = $1 ORDER BY workspace";
    let mut places = Vec::new();
    for place in conn.rows(sql, values_of![id.as_str()]).await? {
        places.push((workspace_id(&place, 0)?, role(&place.text(1)?)?));
    }
    let account = match (row.maybe_text(8)?, row.maybe_text(9)?) {
        (Some(issuer), Some(subject)) => Some(Account { issuer, subject }),
        _ => None,
    };
    Ok(Person {
        id: Id::parse(&id).map_err(|_| unreadable("person.id"))?,
        login: Login::parse(&row.text(1)?).map_err(|_| unreadable("person.login"))?,
        name: row.text(2)?,
        team: row.maybe_text(3)?,
        vendor: row.maybe_text(4)?,
        stamp: row.text(5)?,
        password: row.maybe_text(6)?,
        account,
        everywhere: row.maybe_text(7)?.map(|text| role(&text)).transpose()?,
        places,
    })
}
