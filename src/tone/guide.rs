//! A brand's guide from YAML: shape, places, and what is wrong with it in words a brand owner understands.
//!
//! The reading is done in two steps so that every problem of a file is reported at once: `tree` keeps
//! each value with its line and column, and `layer` turns one file's tree into what that file says.
//! Here the layers are laid over each other. What a guide is stands in `domain/guide.rs`.

mod brand;
mod errors;
mod examples;
mod layer;
mod rule;
mod tree;

pub use errors::{GuideError, GuideErrors};
pub use examples::{ExampleFailure, check_examples};

use crate::domain::Guide;
use errors::Problems;
use layer::Layer;

/// How many files may stand on each other: more is a circle.
const MAX_LAYERS: usize = 8;

/// Reads the guide `source` of the file `name`. What it `extends` is asked of `load`, by the path as it
/// is written, which is meant from the place of the file that names it.
pub fn parse(name: &str, source: &str, load: &dyn Fn(&str) -> Option<String>) -> Result<Guide, GuideErrors> {
    let mut problems = Problems::default();
    // A file that cannot be read at all hides what is in it: what seems missing then is not reported.
    let Some(layers) = layers(name, source, load, &mut problems) else { return Err(problems.into_errors()) };
    let merged = layers.into_iter().reduce(|over, base| over.over(base)).unwrap_or_default();
    let guide = merged.finish(name, &mut problems);
    match guide {
        Some(guide) if problems.is_empty() => Ok(guide),
        _ => Err(problems.into_errors()),
    }
}

/// The file itself, then what it extends, and so on; `None` when one of them cannot be read at all.
fn layers(
    name: &str,
    source: &str,
    load: &dyn Fn(&str) -> Option<String>,
    problems: &mut Problems,
) -> Option<Vec<Layer>> {
    let mut layers = Vec::new();
    let (mut name, mut source) = (name.to_owned(), source.to_owned());
    loop {
        problems.enter(&name);
        let layer = Layer::read(&source, problems)?;
        let extends = layer.extends.clone();
        layers.push(layer);
        let Some((path, place)) = extends else { return Some(layers) };
        // The first path is handed on as it is written; a base's own path is meant from the base's folder.
        let path = if layers.len() == 1 { path } else { beside(&name, &path) };
        if layers.len() == MAX_LAYERS {
            problems.add(
                place,
                format!("`extends` goes round in a circle or is more than {MAX_LAYERS} files deep"),
                None,
            );
            return None;
        }
        match load(&path) {
            Some(text) => (name, source) = (path, text),
            None => {
                let hint = "write the path of the common guide as seen from this file".to_owned();
                problems.add(place, format!("`extends` names the file \"{path}\", which cannot be read"), Some(hint));
                return None;
            }
        }
    }
}

/// `path` as seen from the folder of `file`.
fn beside(file: &str, path: &str) -> String {
    match file.rsplit_once('/') {
        Some((folder, _)) if !path.starts_with('/') => format!("{folder}/{path}"),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests;
