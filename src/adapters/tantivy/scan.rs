//! Adds up what terms give to documents and keeps the best.
//!
//! Documents are looked at in windows that stay in the nearest cache. Once enough good ones are known, terms that give
//! little cannot lift a document among them by themselves: they are only looked up for documents that other terms have
//! lifted near enough (MaxScore: Turtle and Flood, 1995). What is skipped could not have changed the result.
//!
//! Scores are whole numbers, so that a sum never depends on the order of its parts.

use std::{cmp::Reverse, collections::BinaryHeap};

use tantivy::SegmentReader;

use super::{
    impacts::{Listing, Table},
    lists::List,
};

/// Documents at a time: their scores take 16 KiB.
const WINDOW: usize = 4096;
/// Looking for a document in a list takes as long as adding so many.
const WORTH_A_LOOK: usize = 16;

/// How many bits of a score stand behind the point: [`ONE`] is the highest score there is.
const BITS: u32 = 30;
/// A score of 1.
pub const ONE: f32 = (1 << BITS) as f32;

/// A term of the question: where it stands, and what its codes are multiplied with to be parts of [`ONE`].
pub struct Weighted<'a> {
    pub listing: &'a Listing<'a>,
    pub factor: u32,
}

impl Weighted<'_> {
    /// What the term gives to one document.
    pub fn of(&self, segment: usize, document: u32) -> u32 {
        let list = self.listing.lists.iter().find(|(at, _)| *at == segment).map(|(_, list)| list);
        let found = list.and_then(|list| Some(list.code(list.place(document)?)));
        found.map_or(0, |code| gain(self.factor, self.listing.table[code.index()]))
    }
}

/// Both as parts of [`ONE`], and so is their product.
fn gain(factor: u32, of_code: u32) -> u32 {
    ((u64::from(factor) * u64::from(of_code)) >> BITS) as u32
}

/// A document with its score, as parts of [`ONE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    pub score: u32,
    pub segment: usize,
    pub document: u32,
}

/// What a document competes in and at what weight, in 0..1; `None` for one that is no passage.
pub type Weigh<'a> = &'a dyn Fn(usize, u32) -> Option<(usize, f64)>;

/// How many places there are to compete in.
pub const PLACES: usize = 3;

/// The documents with most after weighing, `count` for each place, best first; equal ones in their own order. Places but the
/// first take only what would also have stood in the first. Without a score there is no place.
pub fn best(terms: &[Weighted<'_>], segments: &[SegmentReader], weigh: Weigh<'_>, count: usize) -> [Vec<Hit>; PLACES] {
    let mut best = Best { weigh, places: std::array::from_fn(|_| Place::new(count)) };
    for (at, segment) in segments.iter().enumerate() {
        let lists = terms.iter().filter_map(|term| {
            let (_, list) = term.listing.lists.iter().find(|(of, _)| *of == at)?;
            Some(Cursor::new(*list, term, segment.max_doc()))
        });
        Segment::new(lists.collect()).scan(segment, at, &mut best);
    }
    best.places.map(Place::finish)
}

/// A list that is gone through once.
struct Cursor<'a> {
    list: List<'a>,
    at: usize,
    factor: u32,
    table: &'a Table,
    most: u32,
    /// How many of its documents are to be expected in a window.
    in_window: usize,
}

impl<'a> Cursor<'a> {
    fn new(list: List<'a>, term: &Weighted<'a>, documents: u32) -> Self {
        let (factor, table) = (term.factor, term.listing.table);
        let in_window = list.len() * WINDOW / (documents as usize).max(WINDOW);
        Self { list, at: 0, factor, table, most: gain(factor, table[list.most.index()]), in_window }
    }

    /// Adds what it gives to every document of a window.
    fn add(&mut self, start: u32, scores: &mut [u32; WINDOW]) {
        let end = start.saturating_add(WINDOW as u32);
        if self.list.document(self.at).is_some_and(|document| document < start) {
            self.at = self.list.seek(self.at, start);
        }
        for (document, code) in self.list.from(self.at) {
            if document >= end {
                break;
            }
            scores[document as usize % WINDOW] += gain(self.factor, self.table[code.index()]);
            self.at += 1;
        }
    }

    /// Adds what it gives to the wanted documents of a window at least.
    fn add_to(&mut self, start: u32, wanted: &[u16], scores: &mut [u32; WINDOW]) {
        if self.in_window < wanted.len() * WORTH_A_LOOK {
            return self.add(start, scores);
        }
        for place in wanted {
            let document = start + u32::from(*place);
            self.at = self.list.seek(self.at, document);
            if self.list.document(self.at) == Some(document) {
                let code = self.list.code(self.at);
                scores[usize::from(*place) % WINDOW] += gain(self.factor, self.table[code.index()]);
            }
        }
    }
}

/// The lists of one segment, those that can give most first.
struct Segment<'a> {
    cursors: Vec<Cursor<'a>>,
    /// The most that all cursors from one on can give together.
    rest: Vec<u32>,
    scores: Box<[u32; WINDOW]>,
    wanted: Wanted,
}

impl<'a> Segment<'a> {
    fn new(mut cursors: Vec<Cursor<'a>>) -> Self {
        cursors.sort_by_key(|cursor| Reverse(cursor.most));
        let mut rest = vec![0; cursors.len() + 1];
        for at in (0..cursors.len()).rev() {
            rest[at] = rest[at + 1] + cursors[at].most;
        }
        Self { cursors, rest, scores: Box::new([0; WINDOW]), wanted: Wanted::new() }
    }

    fn scan(mut self, segment: &SegmentReader, at: usize, best: &mut Best<'_>) {
        for start in (0..segment.max_doc()).step_by(WINDOW) {
            let least = best.least();
            // With the rest alone no document gets a place.
            let enough = self.rest.partition_point(|rest| *rest > least);
            if enough == 0 {
                return;
            }
            self.scores.fill(0);
            self.cursors[..enough].iter_mut().for_each(|cursor| cursor.add(start, &mut self.scores));
            self.wanted.all_above(least.saturating_sub(self.rest[enough]), &self.scores);
            self.add_late(enough, start, least);
            for place in self.wanted.places() {
                let (score, document) = (self.scores[usize::from(*place)], start + u32::from(*place));
                if score > best.least() && !segment.is_deleted(document) {
                    best.take(Hit { score, segment: at, document });
                }
            }
        }
    }

    /// Adds what the lists from one on give to the documents that can still get a place.
    fn add_late(&mut self, from: usize, start: u32, least: u32) {
        let mut looked = self.rest[from];
        for late in from..self.cursors.len() {
            // Going through the wanted takes time too: when half of the uncertainty is gone it has become worth it.
            if self.rest[late] <= looked / 2 {
                looked = self.rest[late];
                self.wanted.keep_above(least.saturating_sub(looked), &self.scores);
            }
            if self.wanted.places().is_empty() {
                return;
            }
            self.cursors[late].add_to(start, self.wanted.places(), &mut self.scores);
        }
    }
}

/// Documents of a window by their places in it, rising.
struct Wanted {
    places: Box<[u16; WINDOW]>,
    count: usize,
}

impl Wanted {
    fn new() -> Self {
        Self { places: Box::new([0; WINDOW]), count: 0 }
    }

    fn places(&self) -> &[u16] {
        &self.places[..self.count]
    }

    /// Those with more than what is needed. Every place is written and few are kept: a branch that nobody can foretell
    /// costs more than a write.
    fn all_above(&mut self, needed: u32, scores: &[u32; WINDOW]) {
        self.count = 0;
        for (place, score) in scores.iter().enumerate() {
            self.places[self.count % WINDOW] = place as u16;
            self.count += usize::from(*score > needed);
        }
    }

    fn keep_above(&mut self, needed: u32, scores: &[u32; WINDOW]) {
        let mut kept = 0;
        for at in 0..self.count {
            let place = self.places[at];
            self.places[kept] = place;
            kept += usize::from(scores[usize::from(place) % WINDOW] > needed);
        }
        self.count = kept;
    }
}

/// The best so far.
struct Best<'a> {
    weigh: Weigh<'a>,
    places: [Place; PLACES],
}

impl Best<'_> {
    /// What has no more than this cannot come into any place: weights only take away.
    fn least(&self) -> u32 {
        self.places[0].least
    }

    fn take(&mut self, hit: Hit) {
        if let Some((place, weight)) = (self.weigh)(hit.segment, hit.document) {
            self.places[place].take(hit, (f64::from(hit.score) * weight) as u32);
        }
    }
}

/// A hit in its order among others: the weighed score, then where it stands.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Ranked {
    weighed: u32,
    segment: Reverse<usize>,
    document: Reverse<u32>,
    score: u32,
}

/// The best of one place, the worst of them on top.
struct Place {
    count: usize,
    found: BinaryHeap<Reverse<Ranked>>,
    /// The weighed score of the worst, where there are enough.
    least: u32,
}

impl Place {
    fn new(count: usize) -> Self {
        Self { count, found: BinaryHeap::with_capacity(count + 1), least: 0 }
    }

    fn take(&mut self, hit: Hit, weighed: u32) {
        if weighed <= self.least {
            return;
        }
        let Hit { score, segment, document } = hit;
        self.found.push(Reverse(Ranked { weighed, segment: Reverse(segment), document: Reverse(document), score }));
        if self.found.len() > self.count {
            self.found.pop();
        }
        if self.found.len() == self.count {
            self.least = self.found.peek().map_or(0, |Reverse(worst)| worst.weighed);
        }
    }

    fn finish(self) -> Vec<Hit> {
        let sorted = self.found.into_sorted_vec().into_iter();
        let hit = |Reverse(ranked): Reverse<Ranked>| {
            let Ranked { segment: Reverse(segment), document: Reverse(document), score, .. } = ranked;
            Hit { score, segment, document }
        };
        sorted.map(hit).collect()
    }
}
