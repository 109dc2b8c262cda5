//! Why something that was found, or came near, carries no sentence of a draft.

use super::{Audience, Ground, Kind, Outcome, Standing, Suggestion};

/// One reason: the one that matters most to whoever wonders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unused {
    /// Nothing was drafted: a person takes over.
    NoDraft,
    /// The draft thanks, or asks back: it states nothing of the shop's rules.
    NothingToGround,
    /// A fact of the case that no sentence tells.
    Untold,
    /// A clause of the guide says how to write, and carries nothing.
    Manner,
    /// For the desk alone: never quoted to a customer.
    Internal,
    /// A past reply: an example of voice.
    Voice,
    /// Another part of the same document was chosen.
    SameDocument,
    /// What the draft stands on fits better.
    Below,
    /// No sentence says what it says.
    NoSentence,
    /// Another document says the same in nearly the same words.
    SameWords,
    /// Its rule does not hold on the day that decides.
    NotValid,
    /// Enough other passages stand above it.
    BeyondLimit,
}

impl Unused {
    /// Why a search left a passage out; `None` for one that it found.
    pub fn of(standing: Standing) -> Option<Self> {
        match standing {
            Standing::Found(_) => None,
            Standing::NotValid => Some(Self::NotValid),
            Standing::SameDocument => Some(Self::SameDocument),
            Standing::BeyondLimit => Some(Self::BeyondLimit),
        }
    }
}

impl Suggestion {
    /// The pieces of evidence that no sentence stands on, by their places, each with why.
    pub fn unused(&self) -> Vec<(usize, Unused)> {
        let cited = self.checks.cited();
        let left = (0..self.evidence.items.len()).filter(|at| !cited.contains(at));
        left.map(|at| (at, self.why_unused(at, &cited))).collect()
    }

    fn why_unused(&self, at: usize, cited: &[usize]) -> Unused {
        let items = &self.evidence.items;
        let (item, used) = (&items[at], || cited.iter().filter_map(|at| items.get(*at)));
        match &item.ground {
            _ if self.draft.is_none() => Unused::NoDraft,
            Ground::Record { .. } => Unused::Untold,
            Ground::Passage { kind: Kind::Guide, .. } => Unused::Manner,
            Ground::Passage { .. } if item.audience == Audience::Internal && !item.is_weak() => Unused::Internal,
            Ground::Passage { .. } if item.is_weak() => Unused::Voice,
            Ground::Passage { .. } if used().any(|used| used.key == item.key) => Unused::SameDocument,
            Ground::Passage { .. } if self.outcome != Outcome::Answer => Unused::NothingToGround,
            Ground::Passage { .. }
                if used().any(|used| used.revision().is_some()) && used().all(|it| it.rank < item.rank) =>
            {
                Unused::Below
            }
            Ground::Passage { .. } => Unused::NoSentence,
        }
    }
}
