//! The demo: the sample shops on loopback, and where to look first.

use std::path::PathBuf;

use super::{Place, serve};
use crate::wire;

/// Data of the demo, in the folder it is started from.
const DATA: &str = "data-demo";

/// Loads the samples, says where to look, and serves until stopped.
pub(super) async fn run(place: &Place) -> anyhow::Result<()> {
    let data = place.data.clone().unwrap_or_else(|| PathBuf::from(DATA));
    let app = wire::open(place.settings(data.clone())?).await?;
    for (workspace, report) in wire::load_samples(&app).await? {
        let (fresh, known) = (report.added + report.changed, report.unchanged);
        println!("{workspace}: {fresh} documents taken in, {known} known, {} rejected", report.rejected.len());
        for rejected in &report.rejected {
            println!("  {rejected}");
        }
    }
    match wire::load_inquiries(&app).await? {
        0 => {}
        came => println!("{came} invented inquiries wait in the inboxes"),
    }
    if let Some(knowledge) = app.settings().knowledge.clone() {
        wire::watch(app.clone(), knowledge).await?;
    }
    let (listener, address) = serve::bind(place.listen).await?;
    println!("{}", banner(&data.display().to_string(), &address.to_string()));
    serve::until_stopped(app, listener).await
}

fn banner(data: &str, address: &str) -> String {
    format!(
        r#"
Aizuchi demo: two invented shops, officelink and hanauta, on this machine only. Data: {data}
  The inbox              http://{address}/
  Every call of the API  http://{address}/docs
  The first draft        curl -s http://{address}/v1/inquiries -H 'content-type: application/json' \
                           -d '{{"workspace":"officelink","channel":"email","text":"椅子を開封しましたが、返品できますか。送料はいくらですか。"}}'
  Your own shop          aizuchi serve --data DIR
Stop with Ctrl+C."#
    )
}
