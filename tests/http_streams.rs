//! A draft as it comes to be: the order of events, taking up a broken stream, and a server that stops meanwhile.

mod support;

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use support::{Answer, Event, RETURNS, TestServer, events, inquiry};

#[tokio::test]
async fn a_stream_shows_the_journey_and_ends_with_what_was_recorded() {
    let server = TestServer::start().await;
    let client = server.local();
    let workspace = server.shops().await.remove(0);
    let request = client.request(Method::POST, "/v1/inquiries").header("accept", "text/event-stream");
    let answer = Answer::of(request.json(&inquiry(&workspace, RETURNS))).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/event-stream"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let seen = events(&answer.text);
    let ids: Vec<usize> = seen.iter().map(|event| event.id).collect();
    assert_eq!(ids, (1..=seen.len()).collect::<Vec<_>>());
    let mut names: Vec<&str> = seen.iter().map(|event| event.name.as_str()).collect();
    names.dedup();
    assert_eq!(names, ["draft.created", "retrieval.completed", "draft.delta", "check.completed", "draft.completed"]);
    let completed = &seen.last().unwrap().data;
    let pieces = seen.iter().filter(|event| event.name == "draft.delta");
    let joined: String = pieces.map(|event| event.data["text"].as_str().unwrap()).collect();
    assert_eq!(completed["draft"]["text"].as_str().unwrap().trim_end(), joined.trim_end());
    assert_eq!(seen[0].data["draft"], completed["draft"]["id"]);
    assert_eq!(seen[1].data["evidence"], completed["evidence"]);
    assert_eq!(seen[seen.len() - 2].data["verdicts"], completed["verdicts"]);
    assert_eq!(client.get(&format!("/v1/suggestions/{}", completed["id"].as_str().unwrap())).await.json, *completed);

    let path = format!("/v1/drafts/{}/events", completed["draft"]["id"].as_str().unwrap());
    let after = |id: usize| Answer::of(client.request(Method::GET, &path).header("last-event-id", id.to_string()));
    assert_eq!(events(&client.get(&path).await.text), seen);
    assert_eq!(events(&after(2).await.text), seen[2..]);
    assert_eq!(after(seen.len()).await.status, 204, "who has seen everything need not come back");
}

#[tokio::test]
async fn a_client_that_leaves_stops_nothing() {
    let server = TestServer::start().await;
    let client = server.local();
    let workspace = server.shops().await.remove(0);
    let mut asked = inquiry(&workspace, RETURNS);
    asked["stream"] = json!(true);
    let mut response = client.request(Method::POST, "/v1/inquiries").json(&asked).send().await.unwrap();
    let first = response.chunk().await.unwrap().unwrap();
    drop(response);
    let first = String::from_utf8_lossy(&first);
    let created = events(first.split_inclusive("\n\n").next().unwrap()).remove(0);
    assert_eq!((created.id, created.name.as_str()), (1, "draft.created"));
    let draft = created.data["draft"].as_str().unwrap();
    // Taking up the stream waits for its end, whether the journey is still under way or not.
    let rest = events(&client.get(&format!("/v1/drafts/{draft}/events")).await.text);
    assert_eq!(rest[0], created);
    assert_eq!(rest.last().map(|event| event.name.as_str()), Some("draft.completed"));
    assert_eq!(client.get(&format!("/v1/drafts/{draft}")).await.json["draft"]["id"], draft);
}

#[tokio::test]
async fn a_stream_that_cannot_begin_is_a_plain_problem_and_a_repeated_one_is_its_first_and_last() {
    let server = TestServer::start().await;
    let client = server.local();
    let mut asked = inquiry("nowhere", RETURNS);
    asked["stream"] = json!(true);
    let refused = client.post("/v1/inquiries", &asked).await;
    assert_eq!((refused.status, refused.problem().as_str()), (404, "workspace-not-found"));

    asked["workspace"] = json!(server.shops().await[0]);
    let first = events(&client.post_once("/v1/inquiries", "stream", &asked).await.text);
    let again: Vec<Event> = events(&client.post_once("/v1/inquiries", "stream", &asked).await.text);
    assert_eq!(again, [first[0].clone(), first.last().unwrap().clone()]);
}

#[tokio::test]
async fn the_record_outlives_the_stream() {
    let server = TestServer::start_with(|settings| settings.drain = Duration::from_secs(20)).await;
    let mut asked = inquiry(&server.shops().await[0], RETURNS);
    asked["stream"] = json!(true);
    let seen = events(&server.local().post("/v1/inquiries", &asked).await.text);

    // The next server has kept no stream.
    let server = server.restarted().await;
    let client = server.local();
    let (first, last) = (seen[0].clone(), seen.last().unwrap().clone());
    let path = format!("/v1/drafts/{}/events", first.data["draft"].as_str().unwrap());
    let after = |id: usize| Answer::of(client.request(Method::GET, &path).header("last-event-id", id.to_string()));
    assert_eq!(events(&client.get(&path).await.text), [first, last.clone()]);
    assert_eq!(events(&after(2).await.text), std::slice::from_ref(&last));
    assert_eq!(after(last.id).await.status, 204, "who has seen everything need not come back");
}

#[tokio::test]
async fn a_stopping_server_says_so_before_it_goes() {
    let mut server = TestServer::start().await;
    let client = server.local();
    assert_eq!(client.get("/readyz").await.status, 200);
    server.ask_to_stop();
    // The news may take a moment to arrive; the notice is many times longer than that.
    let mut ready = client.get("/readyz").await;
    while ready.status == 200 {
        tokio::task::yield_now().await;
        ready = client.get("/readyz").await;
    }
    assert_eq!((ready.status, &ready.json["ready"]), (503, &json!(false)));
    assert_eq!(client.get("/healthz").await.status, 200, "it still answers");
}

#[tokio::test]
async fn a_stopped_server_has_finished_what_was_under_way() {
    let server = TestServer::start_with(|settings| settings.drain = Duration::from_secs(20)).await;
    let client = server.local();
    let mut asked = inquiry(&server.shops().await[0], RETURNS);
    asked["stream"] = json!(true);
    let response = client.request(Method::POST, "/v1/inquiries").json(&asked).send().await.unwrap();
    let (stopped, text) = tokio::join!(server.stopped(), response.text());
    stopped.unwrap();
    assert_eq!(events(&text.unwrap()).last().map(|event| event.name.clone()).as_deref(), Some("draft.completed"));
    assert!(client.request(Method::GET, "/healthz").send().await.is_err(), "nobody listens any more");
}
