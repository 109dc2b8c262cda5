//! Signing in by an account that somebody has elsewhere.
//!
//! Who may work here is said here, never there: an account that nobody linked signs in nobody. The first time it is
//! linked by the name somebody signs in with; from then on the account alone counts, because a mail address may be
//! another person's next year.

use std::time::Duration;

use super::{App, AppError};
use crate::{
    config::SingleSignOn,
    domain::{Account, Id, Login, Person, Principal, What, WorkspaceId, name},
    identity::Act,
    ports::{Conflict, Introduced, Round, SignOnError, StoreError},
};

/// What the ticket of a round is good for.
const ROUND: &str = "sign-on";

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignOnFailure {
    /// There is no provider.
    #[error("no provider of single sign-on is set")]
    Off,
    /// Whoever comes back did not set out from here, or too long ago.
    #[error("the way back is not of a round that this browser began")]
    Stale,
    /// It was cancelled at the provider, or not allowed there.
    #[error("the provider sent the browser back without a code")]
    Refused,
    /// The provider introduced nobody.
    #[error(transparent)]
    Provider(#[from] SignOnError),
    /// Whoever has this account works here no more.
    #[error("whoever has this account works here no more")]
    Displaced,
    /// Nobody of this name works here.
    #[error("nobody works here by this account")]
    Unknown {
        /// The name that was looked for, for whoever has it to read.
        login: Option<String>,
    },
    /// Whoever has the name here came by another account before.
    #[error("somebody of this name came by another account before")]
    OtherAccount,
    /// Something of our own.
    #[error(transparent)]
    App(#[from] AppError),
}

/// Somebody who came back.
#[derive(Debug)]
pub struct SignedOn {
    /// What their browser carries from now on.
    pub ticket: String,
    /// Where they wanted to go.
    pub next: String,
}

impl App {
    /// So long somebody may take to sign in there.
    pub const ROUND_TIME: Duration = Duration::from_secs(10 * 60);

    /// No longer an address is kept while somebody signs in there: a cookie holds some 4,000 bytes.
    const MAX_NEXT_BYTES: usize = 1_000;

    /// Who else says who somebody is.
    pub fn single_sign_on(&self) -> Option<&SingleSignOn> {
        self.settings.single_sign_on.as_ref()
    }

    /// Whether a password signs anybody in.
    pub fn takes_passwords(&self) -> bool {
        self.single_sign_on().is_none_or(|settings| !settings.only)
    }

    /// Where to send a browser that wants to go on to `next`, and the ticket that it brings back.
    pub async fn set_out(&self, next: &str) -> Result<(String, String), SignOnFailure> {
        let provider = self.world.sign_on.as_ref().ok_or(SignOnFailure::Off)?;
        let random = || self.world.ids.secret().map(hex::encode).map_err(AppError::NoRandomness);
        let round = Round { state: random()?, nonce: random()?, verifier: random()? };
        // What a browser carries has its limit, and the rest of the ticket comes first.
        let next = if next.len() <= Self::MAX_NEXT_BYTES { next } else { "/" };
        let words = [round.state.as_str(), &round.nonce, &round.verifier, &hex::encode(next)];
        let ticket = self.world.sessions.seal(ROUND, &words, self.world.clock.now());
        Ok((provider.address(&round).await?, ticket))
    }

    /// Signs in who comes back with the ticket of their round and a code; without one the provider let nobody in.
    pub async fn come_back(&self, ticket: &str, state: &str, code: Option<&str>) -> Result<SignedOn, SignOnFailure> {
        let provider = self.world.sign_on.as_ref().ok_or(SignOnFailure::Off)?;
        let now = self.world.clock.now();
        let (round, next) = self.round(ticket).filter(|(round, _)| round.state == state).ok_or(SignOnFailure::Stale)?;
        let code = code.ok_or(SignOnFailure::Refused)?;
        let introduced = provider.introduced(code, &round, now).await?;
        let person = self.person_of(introduced).await?;
        Ok(SignedOn { ticket: self.ticket(&person), next })
    }

    /// Ends the link between somebody and their account: the next account of their name is linked anew.
    pub async fn unlink_account(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        id: &Id<name::Person>,
    ) -> Result<(), AppError> {
        self.permit(who, workspace, Act::Administer)?;
        let person = self.placed_below(who, workspace, id).await?;
        // Whoever came by that account is signed out; and first, so that a failure between the two leaves no session behind.
        self.change_stamp(who, &person, None).await?;
        self.link(who, &person, None).await
    }

    fn round(&self, ticket: &str) -> Option<(Round, String)> {
        let words = self.world.sessions.open(ROUND, ticket, self.world.clock.now(), Self::ROUND_TIME)?;
        let [state, nonce, verifier, next] = words[..] else { return None };
        let next = String::from_utf8(hex::decode(next).ok()?).ok()?;
        let [state, nonce, verifier] = [state, nonce, verifier].map(str::to_owned);
        Some((Round { state, nonce, verifier }, next))
    }

    async fn person_of(&self, Introduced { account, login }: Introduced) -> Result<Person, SignOnFailure> {
        if let Some(person) = self.world.people.person_with(&account).await.map_err(AppError::from)? {
            return person.works_here().then_some(person).ok_or(SignOnFailure::Displaced);
        }
        let known = match login.as_deref().map(Login::parse) {
            Some(Ok(login)) => self.world.people.person_called(&login).await.map_err(AppError::from)?,
            _ => None,
        };
        let Some(person) = known.filter(Person::works_here) else { return Err(SignOnFailure::Unknown { login }) };
        if person.account.as_ref().is_some_and(|known| known.issuer == account.issuer) {
            return Err(SignOnFailure::OtherAccount);
        }
        match self.link(&person.principal(), &person, Some(account)).await {
            Ok(()) => Ok(person),
            Err(AppError::Store(StoreError::Conflict(Conflict::Taken))) => Err(SignOnFailure::OtherAccount),
            Err(error) => Err(error.into()),
        }
    }

    async fn link(&self, who: &Principal, person: &Person, account: Option<Account>) -> Result<(), AppError> {
        for workspace in self.workspaces_of(person).await? {
            let what = What::AccountLinked { person: person.id.clone(), account: account.clone() };
            self.record(who, &workspace, what).await?;
        }
        Ok(())
    }
}
