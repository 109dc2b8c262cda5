//! Guides from files, for checks outside any workspace.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow};

use crate::app::{GuideErrors, Guides};

/// Reads guides with what they extend; an error names the file, or what is wrong in it and where.
pub fn read_guides(files: &[PathBuf]) -> anyhow::Result<Guides> {
    let mut guides = Guides::default();
    for file in files {
        add_guide(&mut guides, file)?.map_err(|errors| anyhow!("{errors}"))?;
    }
    Ok(guides)
}

/// Reads one more guide. The outer error: the file cannot be read. The inner: the guide is wrong.
pub fn add_guide(guides: &mut Guides, file: &Path) -> anyhow::Result<Result<(), GuideErrors>> {
    let source = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let load = |path: &str| fs::read_to_string(folder.join(path)).ok();
    Ok(guides.add(&file.display().to_string(), &source, &load))
}
