//! A brand is its file: another one, written here and nowhere else, and every rule follows it.

use std::{fs, path::Path};

use crate::{
    domain::{Category, Guide, Situation},
    tone::{Checker, UnderCheck, check_examples, parse},
};

/// A teahouse in Kyoto's tongue: other greetings, pronouns, limits, words and situations than the samples have. Every rule
/// brings a line that breaks it and one that keeps it.
const TEAHOUSE: &str = r#"
version: 2
brand:
  id: chaya
  name: ちゃや一服
  business: 茶と茶菓子
  formulas: {opening: ["まいどおおきに、{operator}どす。"], closing: ["またおこしやす。"]}
terms: [ちゃや一服, 月ごよみ便, お茶うけクレーム]
formal_ok: [謹製]
rules:
  double_keigo: {clause: 重ねない。, allow: [お召し上がりになられ], bad: [お茶をお選びになられましたか。], good: [お茶をお召し上がりになられましたか。]}
  keigo_mixup: {clause: 向きを守る。, bad: [お茶請けを拝見してください。], good: [お茶請けをご覧ください。]}
  sa_ire: {clause: さ。, bad: [お湯を沸かさして話ささせていただきます。], good: [お話しさせていただきます。]}
  ra_nuki: {clause: ら。, bad: [茶器も見れます。], good: [茶器も見られます。]}
  re_tasu: {clause: れ。, bad: [すぐに飲めれます。], good: [すぐに飲めます。]}
  sasete_overuse: {clause: 使わない。, limit: {count: 0}, bad: [ご案内させていただきます。], good: [ご案内します。]}
  baito_keigo: {clause: 店先の言い方。, bad: [こちらがお品書きになります。], good: [こちらがお品書きです。]}
  plain_form: {clause: そろえる。, bad: [茶は二種ある。], good: [茶は二種あります。]}
  too_casual: {clause: くだけない。, words: [ほんまに], bad: [ほんまにおいしいです。], good: [まことにおいしいです。]}
  missing_apology: {clause: 詫びる。, require: {any: [かんにん], within_sentences: 1, when: our_fault}, bad: [注文した茶と違う茶が届きました。 => 申し訳ございません。], good: [注文した茶と違う茶が届きました。 => かんにんどす。]}
  missing_thanks: {clause: 礼を言う。, require: {any: [おおきに], when: given_photo_report_or_praise}, bad: [写真を添付しました。 => お写真をありがとうございます。], good: [写真を添付しました。 => お写真おおきに。]}
  missing_empathy: {clause: 受け止める。, require: {any: [難儀でした]}, bad: [とても悲しいです。 => お気持ちをお察しします。], good: [とても悲しいです。 => えらい難儀でしたなあ。]}
  missing_opening: {clause: まいど。, require: {any: [まいど], within_sentences: 1}, bad: [こんにちは。お茶です。], good: [まいどおおきに。お茶です。]}
  missing_closing: {clause: またおこしやす。, require: {any: [またおこしやす], last_sentences: 1}, bad: [よろしくお願いします。], good: [またおこしやす。]}
  missing_cushion: {clause: 一言。, require: {any: [えらいすんまへんが], near: [request]}, bad: [ご住所を教えてください。], good: [えらいすんまへんが、ご住所を教えてください。, 返品はお受けできません。]}
  push_away: {clause: 次の手を。, bad: [返品はお受けできません。], good: [返品はお受けできませんが、交換でしたら承ります。]}
  blaming: {clause: 責めない。, bad: [お客様の入力間違いです。], good: [入力の画面はこちらです。]}
  blame_shift: {clause: なすりつけない。, bad: [運送会社のミスです。], good: [雪で遅れています。]}
  cold_stiff: {clause: 硬くしない。, words: [謹製, 所定], bad: [所定の箱です。], good: [謹製の箱です。]}
  overpromise: {clause: 言い切らない。, words: [きっと], bad: [きっと届きます。], good: [届く見込みです。]}
  vague_followup: {clause: いつまで。, bad: [追ってご連絡します。], good: [明日の正午までにご連絡します。]}
  reask_known_info: {clause: 聞き返さない。, bad: [注文番号はC-20481です。 => 注文番号を教えてください。], good: [返品したいです。 => 注文番号を教えてください。]}
  bad_timing_cross_sell: {clause: すすめない。, bad: [割れて届きました。 => 申し訳ありません。新作の菓子もこの機会にいかがでしょうか。], good: [割れて届きました。 => 申し訳ありません。新しい品をお送りします。]}
  internal_jargon: {clause: 内輪の言葉。, words: [蔵出し票], bad: [蔵出し票を切りました。], good: [出荷の支度をしました。]}
  repeated_endings: {clause: 続けない。, limit: {run: 1, chars: 3}, bad: [これは茶です。あれも茶です。], good: [茶があります。菓子です。]}
  legal_claim: {clause: うたわない。, words: [千年長生き], bad: [飲めば千年長生きできます。], good: [朝に飲まれています。]}
  exclamation: {clause: 三つまで。, limit: {count: 3, consecutive: 3}, bad: [茶!茶!茶!茶!です。], good: [茶!!!です。]}
  emoji_kaomoji: {clause: 🍵だけ。, allow: [🍵], limit: {count: 1}, bad: [茶です🌸], good: [茶です🍵]}
  ng_word: {clause: 使わない。, words: [{any: [安物], use: [お手ごろな品]}, {any: [クレーム], use: [お声]}], bad: [クレームの件です。], good: [お茶うけクレームの件です。]}
  brand_term: {clause: 名を守る。, words: [{any: [頒布], use: [月ごよみ便]}], bad: [頒布のご案内です。], good: [月ごよみ便のご案内です。]}
  self_naming: {clause: てまえども。, words: [{any: [弊社, わたしたち], use: [てまえども]}], bad: [弊社で包みます。], good: [てまえどもで包みます。]}
  customer_naming: {clause: 旦那衆。, words: [{any: [お客様, お客さま], use: [旦那衆]}, {name_suffix: [様, さん], use: [はん]}], bad: [お客様の茶です。], good: [旦那衆の茶です。]}
  sentence_too_long: {clause: 十五字まで。, limit: {chars: 15}, bad: [宇治の一番茶を今朝の便で送りましたのでどうぞ。], good: [宇治の一番茶です。]}
"#;

fn guide(source: &str) -> Guide {
    parse("chaya.yaml", source, &|_| None).unwrap_or_else(|errors| panic!("{errors}"))
}

#[test]
fn every_rule_follows_a_brand_that_is_nothing_but_a_file() {
    let guide = guide(TEAHOUSE);
    let failures: Vec<String> = check_examples(&guide).iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    for category in Category::ALL {
        let rule = &guide.rules[category];
        assert!(!rule.bad.is_empty() && !rule.good.is_empty(), "{} has no example", category.as_str());
    }
}

#[test]
fn a_situation_of_the_brands_own_forbids_what_the_file_says() {
    let source = TEAHOUSE.replace("limit: {count: 3, consecutive: 3}", "limit: {count: 3}, forbid_in: [tea_ceremony]");
    let checker = Checker::new(guide(&source));
    let marks = |situation: &str| {
        let situation = Situation::new(situation);
        let under = UnderCheck { inquiry: "", reply: "茶!", channel: None, situation: Some(&situation) };
        checker.check(&under).iter().any(|found| found.category == Category::Exclamation)
    };
    assert_eq!((marks("tea_ceremony"), marks("praise")), (true, false));
}

#[test]
fn no_brand_stands_in_the_sources() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut words, mut avoided) = (Vec::new(), Vec::new());
    for brand in ["officelink", "hanauta"] {
        let path = root.join("knowledge").join(brand).join("guide.yaml");
        let load = |base: &str| fs::read_to_string(path.parent().unwrap().join(base)).ok();
        let guide = parse("guide.yaml", &fs::read_to_string(&path).unwrap(), &load).unwrap();
        words.push(guide.brand.name.clone());
        words.extend(guide.terms.clone());
        avoided.extend(guide.rules[&Category::BrandTerm].words.iter().flat_map(|entry| entry.any.clone()));
        let formulas = guide.brand.formulas.opening.iter().chain(&guide.brand.formulas.closing);
        words.extend(formulas.filter(|phrase| phrase.chars().count() > 20).cloned());
    }
    let mut found = Vec::new();
    let mut folders = vec![root.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            let text = fs::read_to_string(&entry).unwrap_or_default();
            // Tests name what they test with; files of tests alone are left out by their names.
            let tests = entry.file_stem().is_some_and(|stem| stem.to_string_lossy().contains("tests"));
            let ours = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
            if !tests && !entry.ends_with("rules/brands.rs") {
                // A list of words that shops use may hold one that a brand avoids; a rule may not.
                let listed = entry.extension().is_some_and(|extension| extension == "tsv");
                let asked = words.iter().chain(avoided.iter().filter(|_| !listed));
                let named = asked.filter(|word| ours.contains(word.as_str()));
                found.extend(named.map(|word| format!("{}: {word}", entry.display())));
            }
        }
    }
    assert!(words.len() > 15 && found.is_empty(), "{found:#?}");
}
