//! The command lines that others script against.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn aizuchi(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_aizuchi"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn tone_check_answers_a_line_for_a_line_with_spans_of_the_reply() {
    let guide = repository("knowledge/officelink/guide.yaml");
    let guide = guide.to_str().unwrap();
    let reply = "お世話になっております。了解しました！よろしくお願い申し上げます。";
    let input = format!(
        "{}\nnonsense\n{}\n",
        json!({"id": "T1", "brand": "officelink", "channel": "email", "inquiry": "返品できますか。", "reply": reply}),
        json!({"id": "T2", "brand": "nobody", "channel": "email", "inquiry": "", "reply": "はい。"}),
    );
    let output = aizuchi(&["tone", "check", "--guide", guide], &input);
    assert_eq!(output.status.code(), Some(2), "a line could not be read");
    let answers = lines(&output);
    assert_eq!(answers.len(), 3);
    assert_eq!(answers[0]["id"], "T1");
    let flags = answers[0]["flags"].as_array().unwrap();
    let words = |flag: &Value| -> String {
        let (start, end) = (flag["start"].as_u64().unwrap() as usize, flag["end"].as_u64().unwrap() as usize);
        reply.chars().skip(start).take(end - start).collect()
    };
    let of = |category: &str| flags.iter().find(|flag| flag["category"] == category).map(words);
    assert_eq!(of("exclamation").as_deref(), Some("！"));
    assert!(of("ng_word").is_some_and(|words| words.contains("了解")));
    assert!(answers[1]["error"].is_string());
    assert_eq!((&answers[2]["id"], answers[2]["error"].is_string()), (&json!("T2"), true));
    let good =
        json!({"id": "T3", "brand": "officelink", "channel": "email", "inquiry": "", "reply": reply}).to_string();
    let failing = aizuchi(&["tone", "check", "--guide", guide, "--fail-on", "error"], &good);
    assert_eq!(failing.status.code(), Some(1));
    assert_eq!(aizuchi(&["tone", "check", "--guide", guide], &good).status.code(), Some(0));
}

#[test]
fn grounding_check_names_the_passage_that_supports_or_contradicts() {
    let input = json!({
        "id": "G1", "inquiry": "返品の期限を教えてください。",
        "passages": [
            {"id": "P1", "text": "領収書は会員ページから発行できます。"},
            {"id": "P2", "text": "返品は商品の到着から14日以内に承ります。"},
        ],
        "draft": "お問い合わせありがとうございます。返品は商品の到着から14日以内に承ります。返品は商品の到着から30日以内に承ります。",
    });
    let output = aizuchi(&["grounding", "check"], &input.to_string());
    assert_eq!(output.status.code(), Some(0));
    let answer = &lines(&output)[0];
    let labels: Vec<(&str, &Value)> = answer["sentences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|sentence| (sentence["label"].as_str().unwrap(), &sentence["cites"]))
        .collect();
    assert_eq!(labels[0], ("not_a_claim", &json!([])));
    assert_eq!(labels[1], ("supported", &json!(["P2"])));
    assert_eq!(labels[2], ("contradicted", &json!(["P2"])));
}

#[test]
fn a_guide_with_a_wrong_key_is_refused_with_line_column_and_hint() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("guide.yaml");
    let text = "version: 2\nbrand:\n  id: x\n  name: 店\n  business: 雑貨\n  channels: [email]\n  voice: ふつう\n  formulas:\n    opening: [こんにちは。]\n    closing: [それでは。]\nrules:\n  ng_word:\n    clouse: 使わない。\n    words: [クレーム]\n";
    std::fs::write(&file, text).unwrap();
    let output = aizuchi(&["guide", "check", file.to_str().unwrap()], "");
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains(":13:5") && said.contains("clouse") && said.contains("clause"), "{said}");
}

#[test]
fn the_samples_own_guides_are_sound() {
    for brand in ["officelink", "hanauta"] {
        let guide = repository(&format!("knowledge/{brand}/guide.yaml"));
        let output = aizuchi(&["guide", "check", guide.to_str().unwrap()], "");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn a_collection_is_ranked_and_scored() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "corpus.tsv",
        "d1\t梅雨 梅雨は、五月から七月にかけて雨の多い季節である。\nd2\t落語 落語は、一人で何役も演じる話芸である。\n",
    );
    write("queries.tsv", "q1\t雨の多い季節はいつですか\nq2\t一人で何役も演じるのは何ですか\n");
    write("qrels.tsv", "q1\td1\t1\nq2\td2\t1\n");
    let (collection, run) = (folder.path().to_str().unwrap(), folder.path().join("run.trec"));
    let output = aizuchi(&["eval", "retrieval", "--collection", collection, "--run", run.to_str().unwrap()], "");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let figures = lines(&output).pop().unwrap();
    for key in ["ndcg@10", "mrr@10", "recall@10", "hit@1", "index_seconds", "query_us_p50", "query_us_p99"] {
        assert!(figures[key].is_number(), "{key} in {figures}");
    }
    assert_eq!(figures["hit@1"], 1.0);
    let ranked = std::fs::read_to_string(run).unwrap();
    assert!(ranked.lines().next().unwrap().starts_with("q1 Q0 d1 1 "), "{ranked}");
}

#[test]
fn ingest_is_incremental_and_a_bad_file_never_stops_the_good_ones() {
    let folder = tempfile::tempdir().unwrap();
    let (data, shop) = (folder.path().join("data"), folder.path().join("shop"));
    std::fs::create_dir_all(shop.join("faq")).unwrap();
    let faq = |name: &str, text: &str| std::fs::write(shop.join("faq").join(name), text).unwrap();
    faq("a.md", "---\ntitle: 返品できますか。\n---\n返品は到着から8日以内に承ります。\n");
    faq("b.csv", "key,title,answer\nb1,送料はいくらですか。,送料は500円です。\nb2,,題名がありません。\n");
    let ingest = || {
        let args = ["ingest", "--workspace", "shop", "--data", data.to_str().unwrap(), shop.to_str().unwrap()];
        let output = aizuchi(&args, "");
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, said) = ingest();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.starts_with("added 2, changed 0, unchanged 0, retired 0, rejected 1"), "{said}");
    assert!(said.contains("faq/b.csv:3:"), "{said}");
    faq("b.csv", "key,title,answer\nb1,送料はいくらですか。,送料は600円です。\n");
    let (code, said) = ingest();
    assert_eq!((code, said.trim()), (Some(0), "added 0, changed 1, unchanged 1, retired 0, rejected 0"));
    std::fs::remove_file(shop.join("faq/a.md")).unwrap();
    assert!(ingest().1.starts_with("added 0, changed 0, unchanged 1, retired 1, rejected 0"));
}

#[test]
fn draft_shows_a_letter_and_what_it_stands_on() {
    let output = aizuchi(&["draft", "--workspace", "officelink"], "開封した商品は返品できますか。");
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("outcome: answer") && said.contains("supported") && said.contains("[1] faq"), "{said}");
}

#[test]
fn an_exported_log_is_verified_and_the_first_bad_event_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (data, shop, export) =
        (folder.path().join("data"), folder.path().join("shop"), folder.path().join("log.jsonl"));
    std::fs::create_dir_all(shop.join("faq")).unwrap();
    std::fs::write(shop.join("faq/a.md"), "---\ntitle: 返品できますか。\n---\n返品は到着から8日以内に承ります。\n")
        .unwrap();
    let data = data.to_str().unwrap();
    let ingest = || aizuchi(&["ingest", "--workspace", "shop", "--data", data, shop.to_str().unwrap()], "");
    assert_eq!(ingest().status.code(), Some(0));
    std::fs::write(shop.join("faq/b.md"), "---\ntitle: 送料はいくらですか。\n---\n送料は500円です。\n").unwrap();
    assert_eq!(ingest().status.code(), Some(0));
    let log = aizuchi(&["audit", "export", "--workspace", "shop", "--data", data], "").stdout;
    let log = String::from_utf8(log).unwrap();
    let events: Vec<&str> = log.lines().filter(|line| line.starts_with("{\"sequence\"")).collect();
    assert_eq!(events.len(), 3, "opened, and taken in twice: {log}");
    assert!(!log.contains("返品") && !log.contains("送料"), "no event holds the shop's words");
    let kept = folder.path().join("data/checkpoints/shop.jsonl");
    let verify = |text: &str, more: &[&str]| {
        std::fs::write(&export, text).unwrap();
        let output = aizuchi(&[&["audit", "verify", export.to_str().unwrap()], more].concat(), "");
        let told = String::from_utf8(output.stdout).unwrap();
        (output.status.code(), told.split(',').next().unwrap().trim().to_owned())
    };
    let key = String::from_utf8(aizuchi(&["audit", "key", "--data", data], "").stdout).unwrap();
    let pins = ["--key", key.trim(), "--checkpoints", kept.to_str().unwrap()];
    for more in [&[][..], &pins] {
        assert_eq!(verify(&log, more), (Some(0), "intact: 3 events of shop".to_owned()));
    }
    let edited = log.replacen("knowledge", "knowlegde", 1);
    assert_ne!(edited, log);
    assert_eq!(verify(&edited, &[]), (Some(2), "2".to_owned()));
    let without = |line: &str| log.replacen(&format!("{line}\n"), "", 1);
    assert_eq!(verify(&without(events[1]), &[]), (Some(2), "2".to_owned()));
    assert_eq!(verify(&log.replacen(events[2], "{}", 1), &[]), (Some(2), "3".to_owned()));
    let foreign = ["--key", "aizuchi+00000000+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"];
    assert_eq!(verify(&log, &foreign).0, Some(2));
    let nothing = aizuchi(&["audit", "resume", "--workspace", "shop", "--data", data], "");
    assert!(String::from_utf8(nothing.stdout).unwrap().contains("nothing to resume"));
}

#[test]
fn a_search_explains_its_scores_and_reads_a_support_lead_s_own_synonyms() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("synonyms.yaml");
    let search = |yaml: &str| {
        std::fs::write(&file, yaml).unwrap();
        aizuchi(
            &["--synonyms", file.to_str().unwrap(), "search", "--limit", "3", "--explain", "どろんどろんしたい"],
            "",
        )
    };
    let found = search("words:\n  返品: [どろんどろん]\n");
    let text = String::from_utf8(found.stdout).unwrap();
    assert!(found.status.success() && text.contains("concepts") && text.contains("返品"), "{text}");
    assert!(text.lines().any(|line| line.starts_with(" 1")) && text.contains("beyond the limit"), "{text}");
    let refused = search("words:\n  返品: [返す]\n  返却: [返す]\n");
    let error = String::from_utf8(refused.stderr).unwrap();
    assert!(refused.status.code() == Some(2) && error.contains("synonyms.yaml") && error.contains("返す"), "{error}");
}

#[test]
fn overlaps_of_a_folder_fail_for_a_contradiction_alone() {
    let folder = tempfile::tempdir().unwrap();
    let entry = |key: &str, yen: &str| {
        json!({"key": key, "title": "返品の送料", "answer": format!("返品の送料は、1箱{yen}です。")}).to_string()
    };
    std::fs::create_dir(folder.path().join("faq")).unwrap();
    let told = |lines: &[String]| {
        std::fs::write(folder.path().join("faq/all.jsonl"), lines.join("\n")).unwrap();
        let folder = folder.path().to_str().unwrap();
        let output = aizuchi(&["overlaps", "--workspace", "small", "--fail-on-contradiction", folder], "");
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, text) = told(&[entry("a", "880円"), entry("b", "770円")]);
    assert_eq!(code, Some(1), "{text}");
    for words in
        ["contradiction  amount: 880円 / 770円", "返品の送料は、1箱770円です。", "contradictions 1, duplicates 0"]
    {
        assert!(text.contains(words), "{text}");
    }
    let (code, text) = told(&[entry("a", "880円"), entry("b", "８８０円")]);
    assert_eq!((code, text.contains("contradictions 0, duplicates 1")), (Some(0), true), "{text}");
}

#[test]
fn tone_check_reads_files_and_writes_what_build_servers_and_excel_read() {
    let folder = tempfile::tempdir().unwrap();
    let templates = folder.path().join("ひな形");
    std::fs::create_dir(&templates).unwrap();
    let text = "お世話になっております。\n画面から見れます。\n今後ともよろしくお願い申し上げます。\n";
    std::fs::write(templates.join("案内.txt"), text).unwrap();
    std::fs::write(templates.join("画像.png"), [0xff, 0xfe]).unwrap();
    let guide = repository("knowledge/officelink/guide.yaml");
    let (guide, templates) = (guide.to_str().unwrap(), templates.to_str().unwrap());
    let check = |more: &[&str]| aizuchi(&[&["tone", "check", templates, "--guide", guide], more].concat(), "");
    let out = |more: &[&str]| String::from_utf8(check(more).stdout).unwrap();
    assert!(out(&[]).contains("案内.txt:2:5: warning ra_nuki 「見れます」"), "{}", out(&[]));
    assert_eq!(check(&["--fail-on", "warning"]).status.code(), Some(1));
    assert_eq!(check(&["--fail-on", "error"]).status.code(), Some(0));

    let json: Value = serde_json::from_str(&out(&["--format", "json"])).unwrap();
    let finding = &json["files"][0]["findings"][0];
    assert_eq!((&finding["category"], &finding["rewrite"]), (&json!("ra_nuki"), &json!("見られます")));
    let fingerprint = finding["fingerprint"].as_str().unwrap();

    let waivers = folder.path().join("waivers.jsonl");
    std::fs::write(&waivers, json!({"fingerprint": fingerprint, "reason": "画面の文言のまま"}).to_string()).unwrap();
    let waived = ["--waivers", waivers.to_str().unwrap(), "--format", "sarif", "--fail-on", "info"];
    assert_eq!(check(&waived).status.code(), Some(0), "what was waived fails nothing");
    let sarif: Value = serde_json::from_str(&out(&waived)).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["suppressions"][0]["justification"], "画面の文言のまま");
    assert!(out(&["--format", "checkstyle"]).contains("source=\"aizuchi.ra_nuki\""));
    assert!(out(&["--format", "csv"]).starts_with('\u{feff}'));
}

#[test]
fn tone_check_says_what_it_cannot_read() {
    let (office, hana) = (repository("knowledge/officelink/guide.yaml"), repository("knowledge/hanauta/guide.yaml"));
    let (office, hana) = (office.to_str().unwrap(), hana.to_str().unwrap());
    let said = |arguments: &[&str], input: &str| {
        let output = aizuchi(&[&["tone", "check"], arguments].concat(), input);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(said(&["-", "--guide", office, "--guide", hana], "はい。").contains("--brand"));
    assert!(said(&["-", "--guide", office, "--brand", "nobody"], "はい。").contains("officelink"));
    assert!(said(&["nowhere.txt", "--guide", office], "").contains("nowhere.txt"));
    assert!(said(&["--format", "json", "--guide", office], "").contains("FILES"));
    let read = aizuchi(&["tone", "check", "-", "--guide", office, "--guide", hana, "--brand", "hanauta"], "弊社です。");
    assert!(String::from_utf8(read.stdout).unwrap().contains("-:1:1: error self_naming:弊社"));
}

/// A small guide that stands on nothing.
const GUIDE: &str = "version: 2\nbrand: {id: k, name: ことり書房}\nrules:\n  ng_word:\n    clause: 使わない。\n    words: [{any: [了解], use: [承知]}]\n    bad: [了解しました。]\n    good: [承知しました。]\n  exclamation: {clause: 感嘆符は使わない。, limit: {count: 0}}\n";

#[test]
fn guide_check_names_the_place_of_an_example_that_fails_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("guide.yaml");
    std::fs::write(&file, GUIDE.replace("good: [承知しました。]", "good: [了解の旨を伝えました。]")).unwrap();
    let output = aizuchi(&["guide", "check", file.to_str().unwrap()], "");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("guide.yaml:8:12: the rule `ng_word` finds something in its good example"), "{said}");
    assert!(said.contains("hint: name the expression under `except`"), "{said}");
}

#[test]
fn guide_preview_says_what_appears_and_what_disappears() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let old = path("old.yaml", GUIDE);
    let new = path(
        "new.yaml",
        &GUIDE
            .replace("[{any: [了解], use: [承知]}]", "[{any: [了解], use: [承知]}, 取り急ぎ]")
            .replace("count: 0", "count: 1"),
    );
    let replies = path("replies.jsonl", "{\"id\":\"A\",\"reply\":\"取り急ぎ了解です!\"}\n{\"reply\":\"はい。\"}\n");
    let preview = |more: &[&str]| {
        let output = aizuchi(&[&["guide", "preview", &old, &new, "--replies", &replies], more].concat(), "");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let text = preview(&[]);
    assert!(text.contains("+ A error ng_word:取り急ぎ 「取り急ぎ」"), "{text}");
    assert!(text.contains("- A error exclamation 「!」"), "{text}");
    assert!(text.ends_with("2 replies: 1 findings appear, 1 disappear, 1 stay\n"), "{text}");
    let json: Value = serde_json::from_str(&preview(&["--format", "json"])).unwrap();
    assert_eq!((&json["appears"][0]["reply"], &json["unchanged"]), (&json!("A"), &json!(1)));
    let broken = path("broken.yaml", &GUIDE.replace("bad: [了解しました。]", "bad: [はい。]"));
    let output = aizuchi(&["guide", "preview", &old, &broken, "--replies", &replies], "");
    assert_eq!(output.status.code(), Some(2), "a guide that breaks its own example is not previewed");
}

#[test]
fn an_imported_word_list_is_a_rule_that_a_guide_takes() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("prh.yml");
    std::fs::write(&list, "version: 1\nrules:\n  - expected: ご意見\n    pattern: クレーム\n    specs: [{from: クレームの件, to: ご意見の件}]\n").unwrap();
    let output = aizuchi(&["guide", "import", list.to_str().unwrap(), "--rule", "ng_word"], "");
    let rule = String::from_utf8(output.stdout).unwrap();
    let guide = folder.path().join("guide.yaml");
    std::fs::write(&guide, format!("version: 2\nbrand: {{id: k, name: ことり書房}}\n{rule}")).unwrap();
    let guide = guide.to_str().unwrap();
    let check = aizuchi(&["guide", "check", guide], "");
    assert_eq!(check.status.code(), Some(0), "{}", String::from_utf8_lossy(&check.stdout));
    let found = aizuchi(&["tone", "check", "-", "--guide", guide], "クレームをいただきました。");
    assert!(String::from_utf8(found.stdout).unwrap().contains("ng_word:クレーム"));
    let unknown = aizuchi(&["guide", "import", list.to_str().unwrap(), "--rule", "nope"], "");
    assert!(String::from_utf8(unknown.stderr).unwrap().contains("ng_word"));
}
