//! Names, addresses and numbers planted in past replies never come back: not in what is found, not in a draft, not in what
//! a model is asked.

mod support;

use aizuchi::{config::ModelSettings, domain::Role};
use serde_json::{Value, json};
use support::{TestServer, inquiry, model::ScriptedServer};

/// Words that find a reply, and what is planted in it: the inquiry, the reply, and the strings that must not survive.
struct Plant {
    inquiry: &'static str,
    reply: &'static str,
    gone: &'static [&'static str],
}

/// Each is about one of three things that the shop is asked about, so that every one of them can be found.
const PLANTS: &[Plant] = &[
    Plant {
        inquiry: "椅子の返品の件です。霧島と申します。090-1234-5601に電話をください。",
        reply: "霧島冬馬様\n\n椅子の返品は、到着後8日以内に承ります。お電話番号090-1234-5601へご連絡いたします。\n\n----------\n青空文具 サポート 雨宮\nTEL 0120-555-601\n----------",
        gone: &["霧島", "冬馬", "090-1234-5601", "雨宮", "0120-555-601"],
    },
    Plant {
        inquiry: "椅子を返品したいです。０９０－１２３４－５６０２ 有栖川",
        reply: "有栖川 様\n椅子の返品について、０９０－１２３４－５６０２へお電話いたしました。返品用の伝票をお送りします。",
        gone: &["有栖川", "１２３４", "５６０２"],
    },
    Plant {
        inquiry: "椅子の返品の住所を確認してください。〒150-0001 東京都渋谷区神宮前1-2-3 メゾン101です。",
        reply: "椅子の返品の引き取りは、〒150-0001 東京都渋谷区神宮前1-2-3 メゾン101へ伺います。",
        gone: &["150-0001", "渋谷区", "神宮前", "メゾン"],
    },
    Plant {
        inquiry: "椅子の返品の返金はカードへお願いします。4111 1111 1111 1111",
        reply: "椅子の返品の返金は、カード4111 1111 1111 1111へいたします。５５５５　４４４４　３３３３　２２２２へはいたしません。",
        gone: &["4111", "1111", "５５５５", "４４４４"],
    },
    Plant {
        inquiry: "椅子の返品です。kirishima.touma@mail.exampleへ連絡をください。",
        reply: "椅子の返品の受付を、kirishima.touma@mail.exampleとｙｕｋｉ＠ｍａｉｌ．ｅｘａｍｐｌｅへお送りしました。",
        gone: &["kirishima", "touma", "ｙｕｋｉ", "ｍａｉｌ"],
    },
    Plant {
        inquiry: "机の配送はいつですか。03 (1234) 5603",
        reply: "机の配送は3営業日後です。配送の前に03 (1234) 5603、または+81 90 1234 5604へお電話いたします。",
        gone: &["5603", "5604"],
    },
    Plant {
        inquiry: "机の配送の件、Kiryuin Reiです。",
        reply: "Kiryuin Rei様\n机の配送は、Kiryuin様のご希望の通り、午前中に承ります。",
        gone: &["Kiryuin", "kiryuin"],
    },
    Plant {
        inquiry: "机の配送の件です。キリュウイン レイです。",
        reply: "キリュウイン　レイ様\n机の配送は、キリュウイン様のお宅の玄関までです。組み立ては承っておりません。",
        gone: &["キリュウイン", "レイ"],
    },
    Plant {
        inquiry: "机の配送の件です。注文番号AB-7781001 鷹司",
        reply: "鷹司様のご注文AB-7781001の机の配送は、11月4日の予定です。送り状は5566-7788-9900です。",
        gone: &["鷹司", "7781001", "5566-7788-9900"],
    },
    Plant {
        inquiry: "机の配送先を変えたいです。横浜市西区みなとみらい二丁目3番4号 コーポ桜203",
        reply: "机の配送先を、横浜市西区みなとみらい二丁目3番4号 コーポ桜203へ変更しました。",
        gone: &["みなとみらい", "コーポ桜"],
    },
    Plant {
        inquiry: "領収書の宛名は株式会社蒼月工房でお願いします。",
        reply: "株式会社蒼月工房 経理部\n神楽坂様\n\n領収書の宛名を株式会社蒼月工房に変えました。領収書は神楽坂様のメールへお送りします。",
        gone: &["蒼月", "神楽坂"],
    },
    Plant {
        inquiry: "領収書の再発行をお願いします。(有)白銀堂の早乙女です。",
        reply: "(有)白銀堂 早乙女様\n領収書の再発行は、早乙女さんのマイページから承ります。担当は御子柴です。",
        gone: &["白銀堂", "早乙女", "御子柴"],
    },
    Plant {
        inquiry: "領収書が届きません。はなぶさ みおです。",
        reply: "はなぶさ みお様\n領収書は、はなぶさ様のメールへお送りしております。お電話は０３－１２３４－５６０５でよろしいでしょうか。",
        gone: &["はなぶさ", "みお", "５６０５"],
    },
    Plant {
        inquiry: "領収書の件で、090 1234 5606まで連絡をください。不知火より",
        reply: "領収書の件で、090 1234 5606と09012345607へお電話いたしましたが、不知火様はご不在でした。領収書はマイページから発行していただけます。",
        gone: &["5606", "5607", "不知火"],
    },
    Plant {
        inquiry: "領収書の送付先です。大阪府大阪市北区梅田3丁目4-5 ヴィラ梅田 1203号室",
        reply: "領収書を、大阪府大阪市北区梅田3丁目4-5 ヴィラ梅田 1203号室へお送りしました。口座は普通1234567です。",
        gone: &["梅田", "1203号", "1234567"],
    },
    Plant {
        inquiry: "椅子の返品の件で、代理の者です。名前は綾小路静江です。",
        reply: "綾小路静江様\n椅子の返品は、綾小路静江様ご本人から承ります。綾小路家の皆様にもお伝えください。電話は090.1234.5612です。",
        gone: &["綾小路", "静江", "5612"],
    },
    Plant {
        inquiry: "Dear Support, I want to return the chair 椅子の返品. My name is Reina Kiryuin.",
        reply: "Dear Ms. Reina Kiryuin,\n椅子の返品は、到着後8日以内に承ります。Mr. Haldane様のご注文も同じです。",
        gone: &["Reina", "Kiryuin", "Haldane"],
    },
    Plant {
        inquiry: "机の配送の件です。ｷﾘｶﾞﾐﾈ ｼｽﾞｶです。",
        reply: "ｷﾘｶﾞﾐﾈ ｼｽﾞｶ様\n机の配送は、ｷﾘｶﾞﾐﾈ様のご自宅〒1510001 渋谷区千駄ヶ谷1丁目2番3号 パークハイム千駄ヶ谷302へ伺います。",
        gone: &["ｷﾘｶﾞﾐﾈ", "ｼｽﾞｶ", "1510001", "千駄ヶ谷", "パークハイム"],
    },
    Plant {
        inquiry: "机の配送です。連絡先は０３（１２３４）５６１３、t-jinguji＠mail．exampleです。",
        reply: "机の配送の前に、０３（１２３４）５６１３と+81-3-1234-5614へお電話いたします。t-jinguji＠mail．exampleにもご連絡します。",
        gone: &["５６１３", "5614", "jinguji"],
    },
    Plant {
        inquiry: "領収書の宛名を神宮寺(じんぐうじ)にしてください。会員番号は7788990です。",
        reply: "神宮寺（じんぐうじ）様\n領収書の宛名を変えました。会員番号7788990、受付番号R-5521の神宮寺様のお名前です。生年月日は1985年3月12日で承っております。",
        gone: &["神宮寺", "じんぐうじ", "7788990", "5521", "1985年3月12日"],
    },
];

const CSV: &str = "key,date,channel,inquiry,reply\n\
    csv-1,2026-02-01,email,椅子の返品の件です。四季島と申します。,\"四季島かえで様\n椅子の返品は、四季島様のお電話080-1234-5608へご連絡してから承ります。\"\n";
const MAIL: &str = "From: Sorano <sorano@shop.example>\nTo: Nanase <nanase.hinano@mail.example>\nDate: Sun, 01 Nov 2026 20:30:00 +0000\n\
    Message-ID: <abc-1@shop.example>\nSubject: Re: 机の配送 七瀬ひなの\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n\
    七瀬 ひなの様\n\n机の配送は、11月4日の予定です。七瀬様のお電話070-1234-5609へ、配送会社から連絡します。\n\n\
    ----------\n青空文具 サポート窓口\n空野 みどり\nTEL 0120-555-610\nsorano@shop.example\n\n\
    2026年11月1日(日) 10:00 七瀬 ひなの <nanase.hinano@mail.example>:\n> 七瀬です。注文番号A-1048120の机の配送はいつですか。\n> --\n> 七瀬 ひなの\n\
    > 〒100-0001 東京都千代田区千代田1-1-1\n> TEL 090-1234-5611\n";
const ELSEWHERE: &[&str] = &[
    "四季島",
    "かえで",
    "080-1234-5608",
    "七瀬",
    "ひなの",
    "070-1234-5609",
    "空野",
    "0120-555-610",
    "nanase",
    "1048120",
    "千代田",
    "090-1234-5611",
];
const FAQ: &str = r#"{"key": "returns", "title": "椅子は返品できますか。", "answer": "椅子の返品は、到着後8日以内に承ります。"}
{"key": "delivery", "title": "机の配送はいつですか。", "answer": "机の配送は、3営業日後です。"}
{"key": "receipt", "title": "領収書は発行できますか。", "answer": "領収書は、マイページから発行していただけます。"}
"#;
const ASKED: [&str; 3] = ["椅子の返品", "机の配送", "領収書の再発行と宛名"];

fn planted() -> Vec<&'static str> {
    PLANTS.iter().flat_map(|plant| plant.gone).chain(ELSEWHERE).copied().collect()
}

fn jsonl() -> String {
    let line = |(at, plant): (usize, &Plant)| {
        json!({"key": format!("reply-{at}"), "date": "2026-01-05", "channel": "email", "author": "佐藤", "team": "一次",
            "inquiry": plant.inquiry, "reply": plant.reply})
        .to_string()
    };
    PLANTS.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

async fn shop(model: Option<&ScriptedServer>) -> TestServer {
    let replies = jsonl();
    let files =
        [("faq/all.jsonl", FAQ), ("replies/all.jsonl", &replies), ("replies/all.csv", CSV), ("replies/desk.eml", MAIL)];
    TestServer::holding(&files, |settings| {
        settings.models.default = model.map(|model| ModelSettings::new(&model.base(), "large"));
    })
    .await
}

/// The planted strings in a text. Ids and hashes are hexadecimal, so a number counts only where no such sign is beside it.
fn found_in<'a>(text: &str, planted: &[&'a str]) -> Vec<&'a str> {
    let stands = |canary: &&&str| {
        let beside = |c: char| c.is_ascii_hexdigit() || c == '-' || c == '.';
        let number = canary.chars().all(|c| c.is_ascii_digit());
        text.match_indices(**canary).any(|(at, _)| {
            let (before, after) = (&text[..at], &text[at + canary.len()..]);
            !number || !before.ends_with(beside) && !after.starts_with(beside)
        })
    };
    planted.iter().filter(stands).copied().collect()
}

fn past_replies(answer: &Value, field: &str) -> usize {
    answer[field].as_array().unwrap().iter().filter(|item| item["kind"] == "past_reply").count()
}

#[tokio::test]
async fn what_is_planted_in_past_replies_is_not_found() {
    let app = shop(None).await;
    let planted = planted();
    assert!(planted.len() >= 40, "{}", planted.len());
    let operator = app.as_key("small", Role::Operator).await;
    let chatbot = app.as_key("small", Role::Chatbot).await;
    let mut seen = 0;
    let mut leaked = Vec::new();
    for asked in ASKED.iter().chain(&planted) {
        for client in [&operator, &chatbot] {
            let query = [("workspace", "small"), ("q", asked), ("limit", "50")];
            let request = client.request(reqwest::Method::GET, "/v1/search").query(&query);
            let answer = support::Answer::of(request).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            seen = seen.max(past_replies(&answer.json, "items"));
            // The words that were searched with are the caller's own.
            leaked.extend(found_in(&answer.json["items"].to_string(), &planted));
        }
    }
    let explained = operator.get("/v1/search?workspace=small&q=椅子の返品&limit=50&explain=true").await;
    leaked.extend(found_in(&explained.text, &planted));
    for asked in ASKED {
        for client in [&operator, &chatbot] {
            let answer =
                client.post("/v1/inquiries", &inquiry("small", &format!("{asked}について教えてください。"))).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
            leaked.extend(found_in(&answer.text, &planted));
        }
    }
    leaked.sort_unstable();
    leaked.dedup();
    assert!(seen >= 5, "past replies are found: {seen}");
    assert_eq!(leaked, [""; 0]);
}

#[tokio::test]
async fn what_is_planted_in_past_replies_is_in_no_prompt() {
    let model = ScriptedServer::answering("ご連絡ありがとうございます。").await;
    let app = shop(Some(&model)).await;
    for asked in ASKED {
        let answer =
            app.local().post("/v1/inquiries", &inquiry("small", &format!("{asked}について教えてください。"))).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
    let prompts: Vec<String> = model.asked().iter().map(|asked| asked.body.to_string()).collect();
    assert!(prompts.len() >= ASKED.len());
    assert!(prompts.iter().any(|prompt| prompt.contains("〇〇様")), "past replies are shown as examples");
    let leaked: Vec<&str> = prompts.iter().flat_map(|prompt| found_in(prompt, &planted())).collect();
    assert_eq!(leaked, [""; 0]);
}
