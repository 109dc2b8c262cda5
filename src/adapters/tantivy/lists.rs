//! A file beside each segment, made from its postings: for every term the documents that have it, with how often and in
//! how long a text, ready to be added up.
//!
//! Tantivy packs postings so that disks are read little; unpacking them for the hundred terms of a Japanese question costs
//! more than all else. Here a document takes six bytes and no unpacking. The file says nothing that the segment does not say:
//! one that is missing, cut short or of another version is made again.
//!
//! Layout, little-endian: lists one after another (count u32, most often u8, shortest length u8, 0 u16; documents u32 each,
//! rising; codes u16 each), then a table of (hash u64, where the list begins u64) with open addressing, then where the
//! table begins u64, slots u64, documents u64, the CRC-32 of all before it u64 and [`MAGIC`].

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use tantivy::{
    Directory, SegmentReader,
    directory::{FileSlice, MmapDirectory, OwnedBytes},
    postings::BlockSegmentPostings,
    schema::{Field, IndexRecordOption},
};

/// The last eight bytes of a file that was written to its end.
const MAGIC: u64 = u64::from_le_bytes(*b"aizlist1");
const FOOTER: usize = 40;
/// A list's own first bytes.
const HEAD: usize = 8;
/// A slot that holds nothing: no list begins there.
const NOTHING: u64 = u64::MAX;
/// A term that stands in a text more often than this counts as if it stood there so often; BM25 has had enough by then.
pub const MOST_OFTEN: u32 = 15;

/// How often a term stands in a text, and the length of that text as tantivy keeps it.
#[derive(Clone, Copy)]
pub struct Code(u16);

impl Code {
    /// How many codes there are.
    pub const ALL: usize = 1 << 12;

    /// `often` is at least 1.
    pub fn new(often: u32, length: u8) -> Self {
        Self((often.min(MOST_OFTEN) as u16) << 8 | u16::from(length))
    }

    /// Below [`Code::ALL`].
    pub fn index(self) -> usize {
        usize::from(self.0) & (Self::ALL - 1)
    }

    /// How often, and the length.
    pub fn parts(self) -> (u32, u8) {
        (u32::from(self.0 >> 8), self.0 as u8)
    }
}

/// The lists of one segment, read where they lie.
pub struct Lists {
    data: OwnedBytes,
    table: usize,
    slots: usize,
}

/// One term's documents.
#[derive(Clone, Copy)]
pub struct List<'a> {
    documents: &'a [[u8; 4]],
    codes: &'a [[u8; 2]],
    /// No text of the list gives more than this one would.
    pub most: Code,
}

impl<'a> List<'a> {
    /// How many documents.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// The document at a place.
    pub fn document(&self, at: usize) -> Option<u32> {
        self.documents.get(at).map(|bytes| u32::from_le_bytes(*bytes))
    }

    /// Documents with their codes, from a place on.
    pub fn from(&self, at: usize) -> impl Iterator<Item = (u32, Code)> + use<'a> {
        let (documents, codes) = (&self.documents[at..], &self.codes[at..]);
        documents.iter().zip(codes).map(|(document, code)| (u32::from_le_bytes(*document), code_of(*code)))
    }

    /// The code of a place.
    pub fn code(&self, at: usize) -> Code {
        code_of(self.codes[at])
    }

    /// The first place at or after `from` whose document is at or after `document`. Short ways are found fast.
    pub fn seek(&self, from: usize, document: u32) -> usize {
        let before = |at: &[u8; 4]| u32::from_le_bytes(*at) < document;
        let rest = &self.documents[from..];
        let mut reach = 1;
        while rest.get(reach - 1).is_some_and(before) {
            reach *= 2;
        }
        let (low, high) = (reach / 2, (reach - 1).min(rest.len()));
        from + low + rest[low..high].partition_point(before)
    }

    /// Where a document stands in the list.
    pub fn place(&self, document: u32) -> Option<usize> {
        self.documents.binary_search_by_key(&document, |bytes| u32::from_le_bytes(*bytes)).ok()
    }
}

fn code_of(bytes: [u8; 2]) -> Code {
    Code(u16::from_le_bytes(bytes))
}

impl Lists {
    /// Reads the lists of a segment; they are made first where they are not whole.
    pub fn of(segment: &SegmentReader, fields: &[Field], folder: &Path) -> tantivy::Result<Self> {
        let name = name(segment);
        if let Some(lists) = Self::open(folder, &name, segment.max_doc())? {
            return Ok(lists);
        }
        // Beside and renamed: whoever opens the name finds all of it or nothing.
        let beside = folder.join(format!("{name}.new"));
        Writing::new(&beside)?.segment(segment, fields)?;
        fs::rename(&beside, folder.join(&name))?;
        let made = Self::open(folder, &name, segment.max_doc())?;
        made.ok_or_else(|| tantivy::TantivyError::InternalError(format!("{name} was written and cannot be read")))
    }

    fn open(folder: &Path, name: &str, documents: u32) -> tantivy::Result<Option<Self>> {
        if !folder.join(name).exists() {
            return Ok(None);
        }
        let file: FileSlice = MmapDirectory::open(folder)?.open_read(Path::new(name))?;
        Ok(Self::read(file.read_bytes()?, documents))
    }

    fn read(data: OwnedBytes, documents: u32) -> Option<Self> {
        let footer = data.len().checked_sub(FOOTER)?;
        let at = |place: usize| number(&data, footer + 8 * place);
        let (table, slots) = (usize::try_from(at(0)?).ok()?, usize::try_from(at(1)?).ok()?);
        let whole = at(2)? == u64::from(documents) && at(4)? == MAGIC && slots.is_power_of_two();
        (whole && table.checked_add(slots.checked_mul(16)?)? == footer).then_some(Self { data, table, slots })
    }

    /// The lists of terms by their [`hash`]es, `None` where no document has the term. Each look into the table misses every
    /// cache; one after another without anything between, the misses wait together.
    pub fn find<'a>(&'a self, hashes: &[u64]) -> impl Iterator<Item = Option<List<'a>>> + use<'a> {
        let begins: Vec<Option<u64>> = hashes.iter().map(|hash| self.begins(*hash)).collect();
        begins.into_iter().map(|begins| self.list(usize::try_from(begins?).ok()?))
    }

    fn begins(&self, wanted: u64) -> Option<u64> {
        let mut slot = wanted as usize & (self.slots - 1);
        loop {
            let at = self.table + 16 * slot;
            let begins = number(&self.data, at + 8).filter(|begins| *begins != NOTHING)?;
            if number(&self.data, at)? == wanted {
                return Some(begins);
            }
            slot = (slot + 1) & (self.slots - 1);
        }
    }

    fn list(&self, begins: usize) -> Option<List<'_>> {
        let head = self.data.get(begins..begins + HEAD)?;
        let count = u32::from_le_bytes(head[..4].try_into().ok()?) as usize;
        let (documents, codes) = (begins + HEAD, begins + HEAD + 4 * count);
        Some(List {
            documents: self.data.get(documents..codes)?.as_chunks().0,
            codes: self.data.get(codes..codes + 2 * count)?.as_chunks().0,
            most: Code::new(u32::from(head[4]), head[5]),
        })
    }
}

/// The file's name.
fn name(segment: &SegmentReader) -> String {
    format!("{}.lists", segment.segment_id().uuid_string())
}

/// A file whose bytes are not those that were written.
pub fn damaged(folder: &Path) -> tantivy::Result<Option<PathBuf>> {
    let directory = MmapDirectory::open(folder)?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "lists") {
            let name = path.file_name().map(PathBuf::from).unwrap_or_default();
            let data = directory.open_read(&name)?.read_bytes()?;
            let sum = data.len().checked_sub(16);
            let sound = sum.is_some_and(|at| number(&data, at) == Some(u64::from(crc32fast::hash(&data[..at]))));
            if !sound {
                return Ok(Some(path));
            }
        }
    }
    Ok(None)
}

/// Takes away the files of segments that are no more. Whoever reads one still reads on.
pub fn tidy(folder: &Path, segments: &[SegmentReader]) -> io::Result<()> {
    let living: Vec<String> = segments.iter().map(name).collect();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let file = entry.file_name().to_string_lossy().into_owned();
        let ours = file.ends_with(".lists") || file.ends_with(".lists.new");
        if ours && !living.contains(&file) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn number(data: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(data.get(at..at + 8)?.try_into().ok()?))
}

/// FNV-1a over the field and the term, with the bits mixed once more: of ten million terms two meet once in 370,000
/// indexes, and nothing worse than a foreign score comes of it.
pub fn hash(field: Field, term: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in field.field_id().to_le_bytes().iter().chain(term) {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash ^= hash >> 32;
    hash = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ hash >> 29
}

/// A file that is being made.
struct Writing {
    out: BufWriter<File>,
    sum: crc32fast::Hasher,
    written: u64,
    found: Vec<(u64, u64)>,
}

impl Writing {
    fn new(path: &Path) -> io::Result<Self> {
        let out = BufWriter::with_capacity(1 << 20, File::create(path)?);
        Ok(Self { out, sum: crc32fast::Hasher::new(), written: 0, found: Vec::new() })
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sum.update(bytes);
        self.written += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    fn segment(mut self, segment: &SegmentReader, fields: &[Field]) -> tantivy::Result<()> {
        for field in fields {
            self.field(segment, *field)?;
        }
        Ok(self.finish(segment.max_doc())?)
    }

    fn field(&mut self, segment: &SegmentReader, field: Field) -> tantivy::Result<()> {
        let (index, lengths) = (segment.inverted_index(field)?, segment.get_fieldnorms_reader(field)?);
        let mut terms = index.terms().stream()?;
        let mut list: Vec<(u32, Code)> = Vec::new();
        while let Some((term, info)) = terms.next() {
            let mut block: BlockSegmentPostings =
                index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
            list.clear();
            while block.block_len() > 0 {
                let postings = block.docs().iter().zip(block.freqs());
                list.extend(postings.map(|(at, often)| (*at, Code::new(*often, lengths.fieldnorm_id(*at)))));
                block.advance();
            }
            self.found.push((hash(field, term), self.written));
            self.list(&list)?;
        }
        Ok(())
    }

    fn list(&mut self, list: &[(u32, Code)]) -> io::Result<()> {
        let parts = || list.iter().map(|(_, code)| code.parts());
        let most = parts().map(|(often, _)| often).max().unwrap_or(0) as u8;
        let shortest = parts().map(|(_, length)| length).min().unwrap_or(0);
        let mut bytes = Vec::with_capacity(HEAD + 6 * list.len());
        bytes.extend((list.len() as u32).to_le_bytes());
        bytes.extend([most, shortest, 0, 0]);
        bytes.extend(list.iter().flat_map(|(document, _)| document.to_le_bytes()));
        bytes.extend(list.iter().flat_map(|(_, code)| code.0.to_le_bytes()));
        self.put(&bytes)
    }

    fn finish(mut self, documents: u32) -> io::Result<()> {
        let slots = (self.found.len() * 2).next_power_of_two().max(2);
        let mut table = vec![(0, NOTHING); slots];
        for (hash, begins) in std::mem::take(&mut self.found) {
            let mut slot = hash as usize & (slots - 1);
            while table[slot].1 != NOTHING {
                slot = (slot + 1) & (slots - 1);
            }
            table[slot] = (hash, begins);
        }
        let begins = self.written;
        for (hash, begins) in table {
            self.put(&hash.to_le_bytes())?;
            self.put(&begins.to_le_bytes())?;
        }
        for part in [begins, slots as u64, u64::from(documents)] {
            self.put(&part.to_le_bytes())?;
        }
        let sum = u64::from(self.sum.finalize());
        self.out.write_all(&sum.to_le_bytes())?;
        self.out.write_all(&MAGIC.to_le_bytes())?;
        self.out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    }
}
