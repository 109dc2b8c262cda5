//! The sample shops that the binary carries.

use std::collections::BTreeMap;

use rust_embed::RustEmbed;

use super::folder::read_folder;
use crate::{
    app::App,
    domain::{Principal, Workspace, WorkspaceId},
    knowledge::{File, Report},
};

#[derive(RustEmbed)]
#[folder = "knowledge/"]
struct Embedded;

/// Opens the sample workspaces and takes in what changed since last time; from the folder of the settings where
/// one is named, else from the binary.
pub async fn load_samples(app: &App) -> anyhow::Result<Vec<(WorkspaceId, Report)>> {
    let who = Principal::system();
    let mut reports = Vec::new();
    for (id, shop) in shops(app)? {
        let workspace = Workspace { id: id.clone(), name: shop.name };
        app.open(&who, workspace).await?;
        let report = app.ingest(&who, &id, &shop.files, &shop.shared).await?;
        reports.push((id, report));
    }
    Ok(reports)
}

/// Finds a file that a guide extends, by its path from the shop's folder.
type Shared = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

struct Shop {
    name: String,
    files: Vec<File>,
    shared: Shared,
}

/// Every folder that has a guide is a shop.
fn shops(app: &App) -> anyhow::Result<BTreeMap<WorkspaceId, Shop>> {
    let mut shops = BTreeMap::new();
    if let Some(root) = &app.settings().knowledge {
        for entry in std::fs::read_dir(root)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let Ok(id) = WorkspaceId::parse(&name) else { continue };
            if path.join("guide.yaml").exists() {
                let folder = read_folder(&path)?;
                let files = folder.files.clone();
                let shared = Box::new(move |path: &str| folder.shared(path));
                shops.insert(id, Shop { name: brand(&files).unwrap_or(name), files, shared });
            }
        }
        return Ok(shops);
    }
    for path in Embedded::iter() {
        let Some((folder, _)) = path.split_once('/') else { continue };
        let Ok(id) = WorkspaceId::parse(folder) else { continue };
        if shops.contains_key(&id) || Embedded::get(&format!("{folder}/guide.yaml")).is_none() {
            continue;
        }
        let files = embedded_files(folder);
        let name = brand(&files).unwrap_or_else(|| folder.to_owned());
        let folder = folder.to_owned();
        let shared = Box::new(move |path: &str| embedded_text(&folder, path));
        shops.insert(id, Shop { name, files, shared });
    }
    Ok(shops)
}

fn embedded_files(folder: &str) -> Vec<File> {
    let below = Embedded::iter().filter_map(|path| {
        let below = path.strip_prefix(folder)?.strip_prefix('/')?.to_owned();
        let bytes = Embedded::get(&path)?.data.into_owned();
        Some(File { path: below, bytes })
    });
    below.collect()
}

/// A file by its path from a shop's folder, `../` included.
fn embedded_text(folder: &str, path: &str) -> Option<String> {
    let path = match path.strip_prefix("../") {
        Some(shared) => shared.to_owned(),
        None => format!("{folder}/{path}"),
    };
    String::from_utf8(Embedded::get(&path)?.data.into_owned()).ok()
}

/// The brand's name for people, as the guide says it; the guide itself is read and checked at ingest.
fn brand(files: &[File]) -> Option<String> {
    let guide = files.iter().find(|file| file.path == "guide.yaml")?;
    let text = std::str::from_utf8(&guide.bytes).ok()?;
    let named = text.lines().find_map(|line| line.strip_prefix("  name:"))?;
    Some(named.split('#').next()?.trim().trim_matches('"').to_owned())
}
