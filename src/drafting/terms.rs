//! What a text is known by when a sentence is chosen: words, kanji and groups of synonyms.

use std::{
    cmp::Ordering,
    sync::{Arc, LazyLock},
};

use crate::language::{analysis, memo::Memo};

/// The terms of a text, in order and each once. The field is part of a term: a kanji and a one-kanji word are two
/// hints, not one.
#[derive(Debug, Default)]
pub struct Terms(Vec<Box<str>>);

/// Titles of passages and topics of situations.
static TITLES: LazyLock<Memo<Terms>> = LazyLock::new(|| Memo::new(16_384));

impl Terms {
    /// Reads a text.
    pub fn of(text: &str) -> Self {
        let terms = analysis::analyse(text);
        let fields = [("w", terms.words), ("k", terms.kanji), ("c", terms.concepts)];
        let named = fields
            .into_iter()
            .flat_map(|(field, terms)| terms.into_iter().map(move |term| field.to_owned() + &term.text));
        let mut all: Vec<Box<str>> = named.map(String::into_boxed_str).collect();
        all.sort_unstable();
        all.dedup();
        Self(all)
    }

    /// Reads a title that the shop wrote: it comes again in letter after letter.
    pub fn of_title(title: &str) -> Arc<Self> {
        TITLES.of(title, Self::of)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Each, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|term| &**term)
    }

    /// Whether a term is among them.
    pub fn contains(&self, term: &str) -> bool {
        self.0.binary_search_by(|own| (**own).cmp(term)).is_ok()
    }

    /// Those that stand in both, in order.
    pub fn shared<'t>(&'t self, other: &'t Self) -> impl Iterator<Item = &'t str> {
        let (mut own, mut theirs) = (&self.0[..], &other.0[..]);
        std::iter::from_fn(move || {
            while let ([a, own_rest @ ..], [b, their_rest @ ..]) = (own, theirs) {
                let order = a.cmp(b);
                if order != Ordering::Greater {
                    own = own_rest;
                }
                if order != Ordering::Less {
                    theirs = their_rest;
                }
                if order == Ordering::Equal {
                    return Some(&**a);
                }
            }
            None
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_texts_share_is_what_stands_in_both() {
        let (one, other) = (Terms::of("返品の送料はいくらですか"), Terms::of("送料は返品のとき880円です"));
        let shared: Vec<&str> = one.shared(&other).collect();
        let wanted: Vec<&str> = one.iter().filter(|term| other.contains(term)).collect();
        assert!(shared.contains(&"w送料") && shared.contains(&"k返") && shared.contains(&"c返品"), "{shared:?}");
        assert_eq!(shared, wanted);
        assert_eq!(other.shared(&one).collect::<Vec<_>>(), wanted);
        assert_eq!(one.shared(&Terms::default()).count(), 0);
    }
}
