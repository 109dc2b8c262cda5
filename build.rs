//! Names the build by what it is made of: an auditor years later can tell which sources made a draft.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

/// Everything that the binary is made of. Tests and figures are not.
const SOURCES: [&str; 5] = ["Cargo.lock", "Cargo.toml", "knowledge", "prompts", "src"];

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut digest = Sha256::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        add(&root, Path::new(source), &mut digest)?;
    }
    let digest = digest.finalize();
    let short: String = digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    println!("cargo::rustc-env=AIZUCHI_SOURCES={short}");
    Ok(())
}

/// A file with its path below the root, or all of a folder's in the order of their names.
fn add(root: &Path, below: &Path, digest: &mut Sha256) -> io::Result<()> {
    let path = root.join(below);
    if path.is_dir() {
        let mut names = fs::read_dir(&path)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
        names.sort();
        return names.iter().try_for_each(|name| add(root, &below.join(name), digest));
    }
    let (name, content) = (below.to_string_lossy(), fs::read(&path)?);
    for part in [name.as_bytes(), &content] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    Ok(())
}
