//! The file of one set: records behind one another, each with its checksum. Only ever added to; what comes after the first
//! record that is not whole, as a kill or a full disk leaves it, is cut off and fetched again.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, BufReader, Read, Seek, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use uuid::Uuid;

use super::scan::{Owner, Row};
use crate::ports::VectorsError;

/// How a file begins: another form has another number.
const MAGIC: &[u8; 8] = b"AIZUVEC1";
/// No record is longer: what says so is no record.
const MAX_RECORD: usize = 1 << 16;

/// One line of the file.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// A passage's vector.
    Vector(Owner, Row),
    /// A revision is no longer held true.
    Retired(Uuid),
    /// Up to this audit sequence every passage has its vector.
    Level(u64),
}

/// A file that this process alone writes to.
pub struct Log {
    file: File,
    path: PathBuf,
    /// How many bytes of it are good.
    end: u64,
}

impl Log {
    /// Opens or makes a file, and hands its records over.
    pub fn open(path: &Path, take: impl FnMut(Record)) -> Result<Self, VectorsError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let file = file.map_err(failed)?;
        lock(&file)?;
        let mut log = Self { file, path: path.to_owned(), end: 0 };
        log.read(take).map_err(failed)?;
        Ok(log)
    }

    fn read(&mut self, mut take: impl FnMut(Record)) -> io::Result<()> {
        let mut reader = BufReader::with_capacity(1 << 20, &self.file);
        let mut magic = [0; MAGIC.len()];
        if reader.read_exact(&mut magic).is_ok() && magic == *MAGIC {
            self.end = MAGIC.len() as u64;
            let mut body = Vec::new();
            while let Some(record) = next(&mut reader, &mut body)? {
                self.end += 8 + body.len() as u64;
                take(record);
            }
        }
        if self.end < MAGIC.len() as u64 {
            self.file.set_len(0)?;
            self.file.seek(SeekFrom::Start(0))?;
            self.file.write_all(MAGIC)?;
            self.end = MAGIC.len() as u64;
        }
        if self.file.metadata()?.len() > self.end {
            tracing::warn!(file = %self.path.display(), "the end of the file is not whole: it is cut off");
            self.file.set_len(self.end)?;
        }
        Ok(())
    }

    /// Adds records: durable on return, or as if nothing had been added.
    pub fn append(&mut self, records: &[Record]) -> Result<(), VectorsError> {
        let mut bytes = Vec::new();
        records.iter().for_each(|record| write(record, &mut bytes));
        let mut put = || {
            self.file.seek(SeekFrom::Start(self.end))?;
            self.file.write_all(&bytes)?;
            self.file.sync_data()
        };
        if let Err(error) = put() {
            // Where this fails too, the next opening cuts it off.
            let _ = self.file.set_len(self.end);
            return Err(failed(error));
        }
        self.end += bytes.len() as u64;
        Ok(())
    }

    /// Writes the file anew beside and puts it in the old one's place.
    pub fn rewrite(&mut self, records: impl Iterator<Item = Record>) -> Result<(), VectorsError> {
        let beside = self.path.with_extension("new");
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&beside);
        let file = file.map_err(failed)?;
        lock(&file)?;
        let mut next = Self { file, path: self.path.clone(), end: 0 };
        next.read(|_| {}).map_err(failed)?;
        let mut part = Vec::with_capacity(1_024);
        for record in records {
            part.push(record);
            if part.len() == part.capacity() {
                next.append(&part)?;
                part.clear();
            }
        }
        next.append(&part)?;
        fs::rename(&beside, &self.path).map_err(failed)?;
        *self = next;
        Ok(())
    }
}

fn lock(file: &File) -> Result<(), VectorsError> {
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => VectorsError::Taken,
        TryLockError::Error(error) => failed(error),
    })
}

fn failed(error: io::Error) -> VectorsError {
    VectorsError::Failed(error.to_string())
}

/// Length, checksum and body.
fn write(record: &Record, bytes: &mut Vec<u8>) {
    let mut body = Vec::new();
    match record {
        Record::Vector(owner, row) => {
            body.push(b'v');
            body.extend(owner.revision.as_bytes());
            body.extend(owner.passage.as_bytes());
            body.extend(row.scale.to_le_bytes());
            body.extend(row.codes.iter().map(|code| code.to_le_bytes()[0]));
        }
        Record::Retired(revision) => {
            body.push(b'r');
            body.extend(revision.as_bytes());
        }
        Record::Level(sequence) => {
            body.push(b'l');
            body.extend(sequence.to_le_bytes());
        }
    }
    bytes.extend((body.len() as u32).to_le_bytes());
    bytes.extend(crc32fast::hash(&body).to_le_bytes());
    bytes.extend(body);
}

/// The next record, its body left behind; `None` at the end or where something is not whole.
fn next(reader: &mut impl Read, body: &mut Vec<u8>) -> io::Result<Option<Record>> {
    let mut head = [0; 8];
    if !filled(reader, &mut head)? {
        return Ok(None);
    }
    let [a, b, c, d, checksum @ ..] = head;
    let length = u32::from_le_bytes([a, b, c, d]) as usize;
    if length > MAX_RECORD {
        return Ok(None);
    }
    body.resize(length, 0);
    if !filled(reader, body)? || crc32fast::hash(body) != u32::from_le_bytes(checksum) {
        return Ok(None);
    }
    Ok(parse(body))
}

fn filled(reader: &mut impl Read, into: &mut [u8]) -> io::Result<bool> {
    match reader.read_exact(into) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        other => other.map(|()| true),
    }
}

fn parse(body: &[u8]) -> Option<Record> {
    let (kind, rest) = body.split_first()?;
    let id = |from: usize| Some(Uuid::from_bytes(rest.get(from..from + 16)?.try_into().ok()?));
    Some(match kind {
        b'v' => {
            let scale = f32::from_le_bytes(rest.get(32..36)?.try_into().ok()?);
            let codes = rest[36..].iter().map(|byte| i8::from_le_bytes([*byte])).collect();
            Record::Vector(Owner { revision: id(0)?, passage: id(16)? }, Row { scale, codes })
        }
        b'r' => Record::Retired(id(0)?),
        b'l' => Record::Level(u64::from_le_bytes(rest.try_into().ok()?)),
        _ => return None,
    })
}
