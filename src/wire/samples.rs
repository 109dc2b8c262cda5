//! The sample shops that the binary carries.

use std::{collections::BTreeMap, path::Path};

use rust_embed::RustEmbed;
use serde::Deserialize;

use super::folder::{Folder, read_folder};
use crate::{
    app::{App, AppError},
    domain::{Channel, InquiryText, NewInquiry, Principal, Record, Reference, Workspace, WorkspaceId},
    knowledge::{File, Report},
};

#[derive(RustEmbed)]
#[folder = "knowledge/"]
struct Embedded;

/// Names, in the data folder, the binary whose samples it took in last.
const TAKEN_IN: &str = "samples.of";

/// Opens the sample workspaces and takes in what changed since last time; from the folder of the settings where
/// one is named, else from the binary. Samples of a binary that were taken in whole are not read again: a demo that
/// starts a second time starts at once.
pub async fn load_samples(app: &App) -> anyhow::Result<Vec<(WorkspaceId, Report)>> {
    let mark = app.settings().data.join(TAKEN_IN);
    let own = app.settings().knowledge.is_some() || app.settings().database_url.is_some();
    let fingerprint = if own { None } else { fingerprint() };
    if fingerprint.is_some() && fingerprint == std::fs::read_to_string(&mark).ok() {
        return Ok(Vec::new());
    }
    let mut reports = Vec::new();
    for (id, shop) in shops(app)? {
        let report = take_in(app, &id, &shop).await?;
        reports.push((id, report));
    }
    if let Some(fingerprint) = fingerprint {
        // Without it the next start reads them again, which is slower and nothing else.
        let _ = std::fs::write(mark, fingerprint);
    }
    Ok(reports)
}

/// Names, in the data folder, that the sample inquiries came.
const CAME: &str = "samples.came";

/// What the samples' customers wrote, once: so that whoever starts the demo has something to answer.
pub async fn load_inquiries(app: &App) -> anyhow::Result<usize> {
    let mark = app.settings().data.join(CAME);
    if mark.exists() || app.settings().knowledge.is_some() {
        return Ok(0);
    }
    let mut came = 0;
    for path in Embedded::iter().filter(|path| path.ends_with("/inquiries.jsonl")) {
        let workspace = WorkspaceId::parse(path.split('/').next().unwrap_or_default())?;
        let Some(file) = Embedded::get(&path) else { continue };
        for line in String::from_utf8_lossy(&file.data).lines() {
            let written: Written = serde_json::from_str(line)?;
            let new = written.read(app, workspace.clone())?;
            app.suggest(&Principal::system(), new, None, None).await?;
            came += 1;
        }
    }
    std::fs::write(mark, came.to_string())?;
    Ok(came)
}

/// A line of a file of sample inquiries.
#[derive(Deserialize)]
struct Written {
    channel: Channel,
    text: String,
    customer: Option<String>,
    order: Option<String>,
    #[serde(default)]
    records: Vec<Fact>,
}

#[derive(Deserialize)]
struct Fact {
    name: String,
    value: String,
    source: Option<String>,
}

impl Written {
    fn read(self, app: &App, workspace: WorkspaceId) -> anyhow::Result<NewInquiry> {
        let reference = |text: Option<String>| text.map(|text| Reference::parse(&text)).transpose();
        let record = |fact: Fact| Record {
            id: app.record_id(),
            name: fact.name,
            value: fact.value,
            source: fact.source,
            as_of: None,
        };
        Ok(NewInquiry {
            workspace,
            channel: self.channel,
            text: InquiryText::parse(&self.text)?,
            conversation: None,
            customer: reference(self.customer)?,
            order: reference(self.order)?,
            records: self.records.into_iter().map(record).collect(),
        })
    }
}

/// Opens the workspace of a shop where it is new, and takes in what its folder says.
pub(super) async fn take_in(app: &App, id: &WorkspaceId, shop: &Folder) -> Result<Report, AppError> {
    let who = Principal::system();
    let name = brand(shop).unwrap_or_else(|| id.to_string());
    app.open(&who, Workspace { id: id.clone(), name }).await?;
    app.ingest(&who, id, &shop.source()).await
}

/// Which binary this is: it carries the samples, and it reads them.
fn fingerprint() -> Option<String> {
    let file = std::env::current_exe().ok()?.metadata().ok()?;
    let built = file.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(format!("{} {}", file.len(), built.as_nanos()))
}

/// Every folder that has a guide is a shop.
fn shops(app: &App) -> anyhow::Result<BTreeMap<WorkspaceId, Folder>> {
    if let Some(root) = &app.settings().knowledge {
        return shops_below(root);
    }
    let mut shops = BTreeMap::new();
    for path in Embedded::iter() {
        let Some(name) = path.strip_suffix("/guide.yaml") else { continue };
        if let Ok(id) = WorkspaceId::parse(name) {
            let folder = name.to_owned();
            shops.insert(id, Folder::new(embedded_files(name), move |path| embedded_text(&folder, path)));
        }
    }
    Ok(shops)
}

/// The shops of a folder on the disk.
pub(super) fn shops_below(root: &Path) -> anyhow::Result<BTreeMap<WorkspaceId, Folder>> {
    let mut shops = BTreeMap::new();
    for entry in std::fs::read_dir(root)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let (Ok(id), true) = (WorkspaceId::parse(&name), path.join("guide.yaml").exists()) {
            shops.insert(id, read_folder(&path)?);
        }
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
fn brand(shop: &Folder) -> Option<String> {
    let named = shop.text("guide.yaml")?.lines().find_map(|line| line.strip_prefix("  name:"))?;
    Some(named.split('#').next()?.trim().trim_matches('"').to_owned())
}
