//! Where a word stands in files, whatever way they spell it.

use std::{collections::BTreeSet, fs, path::Path};

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use tantivy::{TantivyDocument, directory::FileSlice, schema::Value as _, store::StoreReader};

/// A word as files could hold it: plain, in UTF-16, percent-encoded, as JSON escapes it, in hexadecimal, and in base64 from
/// any byte on.
pub fn spellings(word: &str) -> Vec<Vec<u8>> {
    let bytes = word.as_bytes();
    let units: Vec<u16> = word.encode_utf16().collect();
    let percent: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
    let escaped: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
    let mut all = vec![
        bytes.to_vec(),
        units.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        units.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
        percent.to_ascii_lowercase().into_bytes(),
        percent.into_bytes(),
        escaped.into_bytes(),
        hex::encode(bytes).into_bytes(),
    ];
    for before in 0..3 {
        let shifted = [&vec![0; before][..], bytes].concat();
        for engine in
            [base64::engine::general_purpose::STANDARD_NO_PAD, base64::engine::general_purpose::URL_SAFE_NO_PAD]
        {
            let text = engine.encode(&shifted);
            // The first and the last sign mix with what stands beside.
            all.push(text.as_bytes()[(before * 4).div_ceil(3)..text.len() - 2].to_vec());
        }
    }
    all
}

/// Words in all their spellings.
pub struct Sought {
    whose: Vec<String>,
    seeker: AhoCorasick,
}

impl Sought {
    pub fn new(words: &[String]) -> Self {
        let (mut whose, mut all) = (Vec::new(), Vec::new());
        for word in words {
            for spelling in spellings(word) {
                whose.push(word.clone());
                all.push(spelling);
            }
        }
        Self { whose, seeker: AhoCorasick::new(&all).unwrap() }
    }

    pub fn found_in(&self, bytes: &[u8]) -> Vec<String> {
        let seen = self.seeker.find_overlapping_iter(bytes).map(|hit| &self.whose[hit.pattern().as_usize()]);
        seen.cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Where one of them stands in a file below a folder.
    pub fn below(&self, folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(self.below(&path));
            } else {
                let bytes = fs::read(&path).unwrap();
                let mut hits = self.found_in(&bytes);
                if path.extension().is_some_and(|ending| ending == "store") {
                    hits.extend(self.found_in(stored(bytes).as_bytes()));
                    hits.sort();
                    hits.dedup();
                }
                found.extend(hits.into_iter().map(|word| format!("{word} in {}", path.display())));
            }
        }
        found
    }
}

pub fn found_in(bytes: &[u8], words: &[String]) -> Vec<String> {
    Sought::new(words).found_in(bytes)
}

pub fn scan(folder: &Path, words: &[String]) -> Vec<String> {
    Sought::new(words).below(folder)
}

/// What a file of stored documents of tantivy says when it is read. Its blocks are compressed: a word that shares four bytes
/// with anything before it, a random id for one, does not stand in the file as a whole. After the blocks comes a footer whose
/// length stands before the last four bytes.
fn stored(bytes: Vec<u8>) -> String {
    let told = bytes.len() - 8;
    let footer = u32::from_le_bytes(bytes[told..told + 4].try_into().unwrap());
    let blocks = FileSlice::from(bytes).slice_to(told - usize::try_from(footer).unwrap());
    let reader = StoreReader::open(blocks, 1).unwrap();
    let documents = reader.iter::<TantivyDocument>(None).map(Result::unwrap);
    let texts = documents.flat_map(|document| {
        let values = document.field_values().filter_map(|(_, value)| value.as_str().map(str::to_owned));
        values.collect::<Vec<_>>()
    });
    texts.collect::<Vec<_>>().join("\n")
}
