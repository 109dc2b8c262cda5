use super::*;

/// Written before the rules were tuned: kind, then the signals that are set (p person, u unsafe, b beyond
/// authority, f feeling, v vague).
const LABELLED: &[(Intent, &str, &str)] = &[
    (Intent::Thanks, "", "ありがとうございました。"),
    (Intent::Thanks, "", "無事に届きました。ありがとうございます。"),
    (Intent::Thanks, "", "早速のご返信ありがとうございます。承知しました。"),
    (Intent::Thanks, "f", "おかげさまで解決しました。助かりました！"),
    (Intent::Thanks, "", "了解です。"),
    (Intent::Praise, "", "化粧水、とても良かったです。また買います！"),
    (Intent::Praise, "", "丁寧な対応で気持ちよく買い物ができました。"),
    (Intent::Praise, "f", "かわいい手書きのカードが入っていて感動しました。"),
    (Intent::Praise, "", "長年愛用しています。最高です。"),
    (Intent::Praise, "f", "届くのが早くてうれしかったです。"),
    (Intent::Greeting, "", "こんにちは"),
    (Intent::Greeting, "", "はじめまして。よろしくお願いします。"),
    (Intent::Greeting, "", "お世話になっております。青葉設計の森田です。"),
    (Intent::Feedback, "", "詰め替え用も作ってほしいです。"),
    (Intent::Feedback, "", "検索がもう少し使いやすいと助かります。"),
    (Intent::Feedback, "f", "梱包が過剰で残念です。"),
    (Intent::Feedback, "", "サイトの文字が見づらいです。改善を望みます。"),
    (Intent::Feedback, "", "ポイントの使える店が増えるとうれしいなと思います。"),
    (Intent::Asks, "", "返品できますか？"),
    (Intent::Asks, "", "注文を取り消したはずなのに届きました。"),
    (Intent::Asks, "", "請求書の宛名を直して再発行してほしいです。"),
    (Intent::Asks, "", "定期便を解約したいです。"),
    (Intent::Asks, "", "ありがとうございます。ところで領収書は出ますか。"),
    (Intent::Asks, "", "とても良かったです。同じ色の在庫を教えてください。"),
    (Intent::Asks, "", "注文番号48120の荷物がまだ届きません。"),
    (Intent::Asks, "f", "使ったら肌がヒリヒリします。"),
    (Intent::Asks, "f", "楽しみにしていた口紅が割れていて悲しいです。"),
    (Intent::Asks, "f", "母の日に間に合うか不安です。クリームはいつ届きますか。"),
    (Intent::Asks, "", "ログインできません。"),
    (Intent::Asks, "", "届け先の変更をお願いします。"),
    (Intent::Asks, "p", "担当者と話したいです。"),
    (Intent::Asks, "p", "人間につないでください。"),
    (Intent::Asks, "p", "オペレーターに代わってもらえますか。"),
    (Intent::Asks, "p", "上の人を出してください。"),
    (Intent::Asks, "p", "AIではなく人と話したい。"),
    (Intent::Asks, "p", "折り返しお電話をいただけますか。"),
    (Intent::Asks, "p", "責任者の方から連絡をください。"),
    (Intent::Asks, "", "弊社の担当者に届けてください。"),
    (Intent::Asks, "", "友人に相談して椅子を決めたいです。高さを教えてください。"),
    (Intent::Asks, "u", "美容液をつけたら息ができないんです。"),
    (Intent::Asks, "u", "クリームを塗ったら呼吸が苦しくなり救急車を呼びました。"),
    (Intent::Asks, "u", "子どもが誤飲しました。"),
    (Intent::Asks, "u", "加湿器から煙が出ています。"),
    (Intent::Asks, "u", "もう死にたいです。"),
    (Intent::Asks, "u", "返金しないなら訴えます。"),
    (Intent::Asks, "u", "弁護士に相談するつもりです。返金してください。"),
    (Intent::Asks, "u", "消費者センターに連絡します。"),
    (Intent::Asks, "", "病院で使う椅子を探しています。見積もりをください。"),
    (Intent::Asks, "", "弁護士事務所で使う書庫の見積をお願いします。"),
    (Intent::Asks, "b", "慰謝料を払ってください。"),
    (Intent::Asks, "b", "服が汚れたので損害を補償してください。"),
    (Intent::Asks, "b", "特別に値引きしてもらえませんか。"),
    (Intent::Asks, "b", "今回だけ送料を無料にしてください。"),
    (Intent::Asks, "bu", "賠償しないなら裁判にします。"),
    (Intent::Asks, "", "クーポンで割引になりますか。"),
    (Intent::Asks, "v", "壊れました"),
    (Intent::Asks, "v", "届きません。"),
    (Intent::Asks, "v", "あれはどうなりましたか？"),
    (Intent::Asks, "v", "商品がまだ届かないんですけど。"),
    (Intent::Asks, "v", "質問があります。"),
    (Intent::Asks, "v", "動きません。どうしたらいいですか？"),
    (Intent::Asks, "v", "お世話になります。例の件、その後いかがですか。"),
    (Intent::Asks, "", "シュレッダーが動きません。"),
    (Intent::Asks, "", "11月20日に頼んだ荷物が届きません。"),
    (Intent::Asks, "", "カードが使えません。"),
];

#[test]
fn labelled_messages_give_their_signals() {
    let missed: Vec<String> = LABELLED
        .iter()
        .filter_map(|(intent, set, text)| {
            let found = Signals::of(text);
            let flags = [
                ('b', found.beyond_authority),
                ('f', found.feeling),
                ('p', found.wants_person),
                ('u', found.unsafe_words),
                ('v', found.vague),
            ];
            let got: String = flags.iter().filter(|(_, on)| *on).map(|(flag, _)| *flag).collect();
            (got != *set || found.intent != *intent)
                .then(|| format!("{intent:?} {set:?} <> {:?} {got:?}: {text}", found.intent))
        })
        .collect();
    assert!(missed.is_empty(), "{} of {} missed:\n{}", missed.len(), LABELLED.len(), missed.join("\n"));
}

#[test]
fn a_quoted_mail_signals_nothing() {
    let found = Signals::of("ありがとうございました。\n\n> 弁護士に相談します。担当者と話したいです。");
    assert_eq!(found.intent, Intent::Thanks);
    assert!(!found.unsafe_words && !found.wants_person);
}

#[test]
fn width_and_invisible_characters_hide_nothing() {
    assert!(Signals::of("弁\u{200b}護士に相談します。").unsafe_words);
    assert!(Signals::of("ｵﾍﾟﾚｰﾀｰに代わってください。").wants_person);
}
