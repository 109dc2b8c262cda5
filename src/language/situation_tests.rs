use super::*;

/// Written before the vocabulary was tuned: primary situation, inquiry.
const LABELLED: &[(&str, &str)] = &[
    ("delivery_delay", "1週間前に注文した椅子がまだ届きません。"),
    ("delivery_delay", "荷物が来ないんですけど、どうなってますか？"),
    ("delivery_delay", "お届け予定日を3日過ぎても到着していません。"),
    ("delivery_delay", "発送の連絡が来ないまま10日たちました。"),
    ("delivery_delay", "追跡だと配達完了なのに受け取っていません。"),
    ("delivery_delay", "先月頼んだ名刺、いつまで待てばいいのでしょうか。遅すぎます。"),
    ("delivery_delay", "18日に届くはずの用紙20箱がまだ届いておりません。"),
    ("delivery_delay", "届くはずの品が一向に届かず困っております。"),
    ("wrong_item", "黒を頼んだのに違う色が届きました。"),
    ("wrong_item", "紺を頼んだのに黒が来ました。交換お願いします。"),
    ("wrong_item", "箱を開けたら別の商品が入っていました。"),
    ("wrong_item", "届いた商品が注文したものと違います。"),
    ("wrong_item", "10箱注文しましたが8箱しか入っていません。"),
    ("wrong_item", "他の方の荷物がうちに届いています。"),
    ("damaged", "化粧水の瓶が割れていました。"),
    ("damaged", "届いた机の天板に傷がありました。"),
    ("damaged", "シュレッダーの電源が入りません。買ったばかりです。"),
    ("damaged", "ポンプを押しても中身が出てきません。"),
    ("damaged", "箱がつぶれて中身が漏れています。写真を送ります。"),
    ("damaged", "スプレーが出なくなりました。"),
    ("damaged", "椅子の脚がぐらつきます。初期不良ではないでしょうか。"),
    ("damaged", "開けたらファンデーションが粉々に割れてました…交換してください"),
    ("payment_error", "クレジットカードで決済しようとするとエラーになります。"),
    ("payment_error", "同じ注文で二重に請求されています。"),
    ("payment_error", "カードが使えないと表示されて購入できません。"),
    ("payment_error", "引き落とし金額が注文時と違います。"),
    ("skin_trouble", "使ったら顔がヒリヒリします。"),
    ("skin_trouble", "美容液をつけたところ頬が赤くなってしまいました。"),
    ("skin_trouble", "塗ったところがかゆくて眠れません。返品したいです。"),
    ("skin_trouble", "肌に合わなかったみたいで、ぶつぶつが出ました。"),
    ("refund", "返金はいつ頃口座に入りますか。"),
    ("refund", "返品した商品の返金がまだです。"),
    ("refund", "送料の差額を戻してもらえますか。"),
    ("return_request", "サイズが合わないので返したいです。"),
    ("return_request", "未開封なら返品できますか？"),
    ("return_request", "イメージと違ったので送り返したいのですが。"),
    ("exchange", "Mサイズに交換できますか。"),
    ("exchange", "ひとつ明るい色に取り替えてほしいです。"),
    ("exchange", "返品ではなく交換を希望します。"),
    ("order_cancel", "さっきの注文を取り消したいです。"),
    ("order_cancel", "間違えて2回注文してしまいました。片方キャンセルお願いします。"),
    ("subscription_cancel", "定期便を解約したい。"),
    ("subscription_cancel", "毎月届くのをもうやめたいのですが、手続きを教えてください。"),
    ("skip_next", "次回のお届けを1回お休みしたいです。"),
    ("skip_next", "まだたくさん残っているので来月分はスキップできますか。"),
    ("skip_next", "定期便の間隔を2か月に延ばしたいです。"),
    ("address_change", "引っ越したので届け先を変えてください。"),
    ("address_change", "配送先の部屋番号を書き忘れました。"),
    ("address_change", "お届け時間を夜に変更できますか。"),
    ("account", "ログインできません。"),
    ("account", "パスワードを忘れました。"),
    ("account", "登録したメールアドレスを変更したい。"),
    ("account", "メルマガを止めてください。"),
    ("account", "注文確認メールが届きません。"),
    ("coupon", "クーポンが使えませんでした。"),
    ("coupon", "割引コードはどこに入力しますか。"),
    ("points", "ポイントが付いていないようです。"),
    ("points", "ポイントの有効期限を知りたいです。"),
    ("stock", "A4ファイルの再入荷はいつですか。"),
    ("stock", "売り切れの口紅はまた販売されますか。"),
    ("gift", "プレゼント用に包んでもらえますか。"),
    ("gift", "のしを付けて送れますか。"),
    ("quote", "会議机10台の見積もりをお願いします。"),
    ("quote", "まとめて買うと割引はありますか。"),
    ("receipt", "領収書を会社名で発行してください。"),
    ("receipt", "インボイスに対応した書類は出ますか。"),
    ("how_to_use", "美容液は化粧水の前に使うのでしょうか。"),
    ("how_to_use", "棚の組み立て方がわかりません。"),
    ("how_to_use", "開封後はどれくらいで使い切ればいいですか。"),
    ("ingredients", "アルコールは入っていますか。"),
    ("ingredients", "妊娠中でも使って大丈夫ですか。"),
    ("ingredients", "全成分を教えてください。"),
    ("consult", "乾燥肌におすすめの化粧水はどれですか。"),
    ("consult", "2つの椅子の違いを教えてください。"),
    ("consult", "この棚の耐荷重はどれくらいですか。"),
    ("delivery_status", "明日注文したらいつ届きますか。"),
    ("delivery_status", "OL-260384の発送状況を教えてください。"),
    ("delivery_status", "送料はいくらからかかりますか。"),
    ("feedback", "サイトの文字が小さくて見づらいです。改善を希望します。"),
    ("feedback", "詰め替え用も作ってほしいです。"),
    ("feedback", "梱包が過剰で残念でした。"),
    ("praise", "丁寧な対応をありがとうございました。"),
    ("praise", "化粧水、とても良かったです！また買います。"),
    ("praise", "肌の調子がよくて愛用しています。"),
    ("other", "採用の予定はありますか。"),
    ("other", "取材の申し込みをしたいのですが。"),
    // What was said not to be so, or only supposed.
    ("delivery_status", "商品は割れていません。次の発送はいつですか。"),
    ("exchange", "壊れていた場合は交換してもらえますか。"),
    ("return_request", "もし肌に合わなかったら返品できますか。"),
    ("stock", "領収書は不要です。在庫があるか知りたいです。"),
];

#[test]
fn labelled_inquiries_get_their_situation() {
    let vocabulary = Vocabulary::builtin();
    let missed: Vec<String> = LABELLED
        .iter()
        .filter_map(|(wanted, text)| {
            let found = vocabulary.classify(text);
            let all: Vec<&str> = found.all().map(Situation::as_str).collect();
            (found.primary.as_str() != *wanted).then(|| format!("{wanted} <> {all:?}: {text}"))
        })
        .collect();
    assert!(missed.is_empty(), "{} of {} missed:\n{}", missed.len(), LABELLED.len(), missed.join("\n"));
}

#[test]
fn what_else_it_touches_is_secondary() {
    let found = Vocabulary::builtin().classify("割れていたので交換してください。領収書もお願いします。");
    assert_eq!(found.primary.as_str(), "damaged");
    let secondary: Vec<&str> = found.secondary.iter().map(Situation::as_str).collect();
    assert!(secondary.contains(&"exchange") && secondary.contains(&"receipt"), "{secondary:?}");
}

#[test]
fn greetings_signature_and_history_are_not_asked() {
    let text = "お世話になっております。\n返品したいです。\nよろしくお願いいたします。\n\n> ポイントは付きましたか。ポイントの残高です。";
    assert_eq!(Vocabulary::builtin().classify(text), Situations::only(Situation::new("return_request")));
}

#[test]
fn every_situation_of_the_shared_list_is_there_with_a_topic() {
    let vocabulary = Vocabulary::builtin();
    let ids = "delivery_delay delivery_status wrong_item damaged payment_error skin_trouble refund return_request \
        exchange order_cancel subscription_cancel skip_next address_change account coupon points stock gift quote receipt \
        how_to_use ingredients consult feedback praise other";
    for id in ids.split_whitespace() {
        let entry = vocabulary.entry(&Situation::new(id)).unwrap_or_else(|| panic!("{id}"));
        assert!(!entry.topic.is_empty() && entry.topic.chars().count() <= 14, "{id}: {}", entry.topic);
        let trouble = matches!(id, "delivery_delay" | "wrong_item" | "damaged" | "payment_error" | "skin_trouble");
        assert_eq!((entry.trouble, vocabulary.is_trouble(&entry.id)), (trouble, trouble), "{id}");
    }
    assert_eq!(vocabulary.entries().len(), ids.split_whitespace().count());
}

#[test]
fn other_names_mean_the_same_situation() {
    let vocabulary = Vocabulary::builtin();
    assert_eq!(vocabulary.resolve("size_exchange"), Some(Situation::new("exchange")));
    assert_eq!(vocabulary.resolve("return_refusal"), Some(Situation::new("return_request")));
    assert_eq!(vocabulary.resolve("weather"), None);
}

#[test]
fn a_workspace_may_bring_its_own_words() {
    let own = Vocabulary::parse("repair: {ja: 修理, trouble: true, strong: [修理…(頼|お願い)]}").unwrap();
    assert_eq!(own.classify("時計の修理をお願いします。").primary.as_str(), "repair");
    assert_eq!(own.classify("こんばんは、時計です。").primary, Situation::other());
    let entry = own.entry(&Situation::new("repair")).unwrap();
    assert!(entry.our_fault && entry.topic == "修理");
}

#[test]
fn a_wrong_vocabulary_says_what_is_wrong() {
    for (yaml, part) in [
        ("a: {ja: 甲, colour: red}", "colour"),
        ("a: {ja: 甲, also: [b]}\nb: {ja: 乙}", "b is named twice"),
        ("a: {ja: 甲, cues: [(甲|乙]}", "a:"),
        ("[1]", "map"),
    ] {
        let error = Vocabulary::parse(yaml).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
}
