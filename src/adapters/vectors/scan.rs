//! The nearest of many vectors, by looking at every one.
//!
//! A vector is kept as whole numbers from -127 to 127 in one row of a long table, with the one number that they are to be
//! multiplied with: a quarter of the memory that has to be read, and reading is what takes the time. Loops over pieces of
//! a fixed length become vector instructions without a line that says so.

use std::{cmp::Reverse, collections::BinaryHeap, collections::HashMap};

use uuid::Uuid;

/// Numbers at a time; rows are filled up with zeros to a multiple of it.
const LANES: usize = 32;
/// The largest number in a row.
const MOST: f32 = 127.0;

/// Many vectors of one length.
#[derive(Default)]
pub struct Table {
    width: usize,
    codes: Vec<i8>,
    scales: Vec<f32>,
    owners: Vec<Owner>,
    places: HashMap<Uuid, usize>,
}

/// Whose vector a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    pub revision: Uuid,
    pub passage: Uuid,
}

/// A vector as a row, of length 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What each code is multiplied with.
    pub scale: f32,
    pub codes: Vec<i8>,
}

impl Row {
    /// The nearest row to a vector that has a direction.
    pub fn of(vector: &[f32]) -> Self {
        // In f64: the squares of very large or very small numbers are still numbers.
        let norm = vector.iter().map(|n| f64::from(*n).powi(2)).sum::<f64>().sqrt();
        let largest = vector.iter().fold(0.0_f32, |most, n| most.max(n.abs()));
        let code = |n: &f32| (n / largest * MOST).round() as i8;
        Self { scale: (f64::from(largest) / norm) as f32 / MOST, codes: vector.iter().map(code).collect() }
    }
}

impl Table {
    pub fn len(&self) -> usize {
        self.owners.len()
    }

    pub fn has(&self, passage: Uuid) -> bool {
        self.places.contains_key(&passage)
    }

    pub fn owners(&self) -> &[Owner] {
        &self.owners
    }

    /// A row with its owner, its filling left out.
    pub fn row(&self, at: usize, length: usize) -> (Owner, Row) {
        let from = at * self.width;
        (self.owners[at], Row { scale: self.scales[at], codes: self.codes[from..from + length].to_vec() })
    }

    /// Takes in a row; in place of an older one of the same passage.
    pub fn put(&mut self, owner: Owner, row: &Row) {
        if let Some(at) = self.places.get(&owner.passage) {
            self.remove(*at);
        }
        self.width = row.codes.len().next_multiple_of(LANES);
        self.places.insert(owner.passage, self.owners.len());
        self.owners.push(owner);
        self.scales.push(row.scale);
        self.codes.extend_from_slice(&row.codes);
        self.codes.resize(self.owners.len() * self.width, 0);
    }

    /// Takes out all rows of some revisions; how many they were.
    pub fn drop_of(&mut self, retired: impl Fn(Uuid) -> bool) -> usize {
        let before = self.owners.len();
        for at in (0..before).rev() {
            if retired(self.owners[at].revision) {
                self.remove(at);
            }
        }
        before - self.owners.len()
    }

    /// The last row takes the place of the one that goes: their order means nothing.
    fn remove(&mut self, at: usize) {
        let gone = self.owners.swap_remove(at);
        self.scales.swap_remove(at);
        let last = self.owners.len() * self.width;
        self.codes.copy_within(last.., at * self.width);
        self.codes.truncate(last);
        self.places.remove(&gone.passage);
        if let Some(moved) = self.owners.get(at) {
            self.places.insert(moved.passage, at);
        }
    }

    /// The nearest `count` with their cosines, nearest first, equal ones by the passage's id; and the mean of all.
    pub fn nearest(&self, question: &Row, count: usize) -> (Vec<(f32, Owner)>, f64) {
        let mut wide: Vec<i16> = question.codes.iter().map(|code| i16::from(*code)).collect();
        wide.resize(self.width, 0);
        let (mut best, mut sum, mut least) = (BinaryHeap::with_capacity(count + 1), 0.0_f64, f32::MIN);
        for (at, (row, scale)) in self.codes.chunks_exact(self.width.max(1)).zip(&self.scales).enumerate() {
            let cosine = dot(&wide, row) as f32 * (scale * question.scale);
            sum += f64::from(cosine);
            if cosine < least || count == 0 {
                continue;
            }
            best.push(Reverse((Ordered(cosine), Reverse(self.owners[at].passage), at)));
            if best.len() > count {
                best.pop();
                least = best.peek().map_or(f32::MIN, |Reverse((Ordered(cosine), ..))| *cosine);
            }
        }
        let found = best.into_sorted_vec().into_iter();
        let found = found.map(|Reverse((Ordered(cosine), _, at))| (cosine, self.owners[at]));
        (found.collect(), sum / (self.owners.len() as f64).max(1.0))
    }
}

/// The sum of products; both are of one length, a multiple of [`LANES`].
fn dot(question: &[i16], row: &[i8]) -> i32 {
    let mut sum = 0;
    for (a, b) in question.chunks_exact(LANES).zip(row.chunks_exact(LANES)) {
        sum += a.iter().zip(b).map(|(a, b)| i32::from(*a) * i32::from(i16::from(*b))).sum::<i32>();
    }
    sum
}

/// A cosine in its order among others; it is always a number.
#[derive(PartialEq)]
struct Ordered(f32);

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that are always the same and look like none.
    fn vectors(count: usize, length: usize) -> Vec<Vec<f32>> {
        let mut state = 88_172_645_463_325_252_u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / 8_388_608.0 - 1.0
        };
        (0..count).map(|_| (0..length).map(|_| next()).collect()).collect()
    }

    fn owner(n: usize) -> Owner {
        Owner { revision: Uuid::from_u128(n as u128 / 3), passage: Uuid::from_u128(n as u128) }
    }

    fn table(vectors: &[Vec<f32>]) -> Table {
        let mut table = Table::default();
        vectors.iter().enumerate().for_each(|(at, vector)| table.put(owner(at), &Row::of(vector)));
        table
    }

    fn cosine(a: &[f32], b: &[f32]) -> f32 {
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
    }

    #[test]
    fn cosines_are_those_of_the_numbers_to_a_hundredth_at_any_length() {
        for length in [1, 31, 32, 100, 384] {
            let all = vectors(60, length);
            let (found, mean) = table(&all[1..]).nearest(&Row::of(&all[0]), 59);
            assert_eq!(found.len(), 59);
            for (near, owner) in &found {
                let exact = cosine(&all[0], &all[owner.passage.as_u128() as usize + 1]);
                assert!((near - exact).abs() < 0.01, "{length}: {near} {exact}");
            }
            assert!(found.is_sorted_by(|a, b| a.0 >= b.0));
            let sum: f32 = all[1..].iter().map(|other| cosine(&all[0], other)).sum();
            assert!((mean - f64::from(sum / 59.0)).abs() < 0.01);
        }
    }

    #[test]
    fn the_best_are_the_best_of_all_and_equal_ones_come_by_id() {
        let mut all = vectors(500, 64);
        let same = all[7].clone();
        all[400] = same.clone();
        all[3] = same.clone();
        let table = table(&all);
        let found = |count| table.nearest(&Row::of(&same), count).0;
        let ids: Vec<u128> = found(4).iter().map(|(_, owner)| owner.passage.as_u128()).collect();
        assert_eq!(ids[..3], [3, 7, 400]);
        assert_eq!(found(500)[..4], found(4)[..]);
        assert!(found(0).is_empty() && Table::default().nearest(&Row::of(&same), 3).0.is_empty());
    }

    #[test]
    fn what_is_dropped_is_found_no_more_and_the_rest_is() {
        let all = vectors(20, 40);
        let mut table = table(&all);
        assert_eq!(table.drop_of(|revision| revision.as_u128() % 2 == 0), 11);
        assert_eq!(table.len(), 9);
        for (at, vector) in all.iter().enumerate() {
            let nearest = table.nearest(&Row::of(vector), 1).0[0].1;
            assert_eq!(nearest == owner(at), table.has(owner(at).passage), "{at}");
            assert_eq!(table.has(owner(at).passage), (at / 3) % 2 == 1);
        }
        table.put(owner(3), &Row::of(&all[0]));
        assert_eq!((table.len(), table.nearest(&Row::of(&all[0]), 1).0[0].1), (9, owner(3)));
    }

    #[test]
    fn very_large_and_very_small_numbers_have_a_direction_too() {
        for of in [f32::MAX, f32::MIN_POSITIVE] {
            let row = Row::of(&[of, 0.0, -of]);
            assert_eq!(row.codes, [127, 0, -127]);
            assert!((row.scale * 127.0 - 0.5_f32.sqrt()).abs() < 1e-6);
        }
    }

    /// `cargo test --release --features measure --lib a_million -- --nocapture`
    #[cfg(feature = "measure")]
    #[test]
    fn a_million_vectors_are_looked_at() {
        let some = vectors(1_000, 256);
        let rows: Vec<Row> = some.iter().map(|vector| Row::of(vector)).collect();
        let mut table = Table::default();
        (0..1_000_000).for_each(|at| table.put(owner(at), &rows[at * 7 % 1_000]));
        let times = (0..15).map(|at| {
            let began = std::time::Instant::now();
            let found = table.nearest(&rows[at], 64).0.len();
            (began.elapsed(), found)
        });
        let mut times: Vec<_> = times.map(|(time, _)| time).collect();
        times.sort();
        let rate = table.codes.len() as f64 / times[7].as_secs_f64() / 1e9;
        println!("1,000,000 x 256: best {:?}, median {:?}, {rate:.1} GB/s", times[0], times[7]);
    }
}
