//! What a reader sees when something is not so: what was not done, and the next step.

use askama::Template;
use axum::{
    http::{StatusCode, Uri},
    response::{Html, IntoResponse, Redirect, Response},
};

use super::lang::Lang;
use crate::{app::AppError, http::problem::Problem};

/// A page that says why there is no page.
#[derive(Debug)]
pub enum Refused {
    /// Whoever asks has to sign in first.
    SignedOut {
        /// Where they wanted to go.
        next: String,
    },
    /// Something is not so.
    Said(Box<Said>),
}

/// The words of a refusal.
#[derive(Debug, Template)]
#[template(path = "refusal.html")]
pub struct Said {
    lang: Lang,
    status: StatusCode,
    title: String,
    detail: String,
    code: &'static str,
}

impl Refused {
    /// A verb that could not be done.
    pub fn of(lang: Lang, error: AppError) -> Self {
        Self::because(lang, &Problem::from(error))
    }

    /// The same, where it is a problem already.
    pub fn because(lang: Lang, problem: &Problem) -> Self {
        let (title, detail) = words(lang, problem);
        Self::said(lang, problem.code().status(), title, detail, problem.code().as_str())
    }

    /// Nobody knows who asks.
    pub fn signed_out(_: Lang, uri: &Uri) -> Self {
        Self::SignedOut { next: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned() }
    }

    /// There is no such page for this reader.
    pub fn nothing_here(lang: Lang) -> Self {
        let title = lang.say("このページはありません", "There is no such page");
        let detail = lang.say(
            "アドレスが違うか、あなたの役割では開けないページです。",
            "The address is wrong, or your role does not open this page.",
        );
        Self::said(lang, StatusCode::NOT_FOUND, title, detail, "not-found")
    }

    /// An installation without a shop, or a person without a place.
    pub fn no_workspace(lang: Lang) -> Self {
        let title = lang.say("ショップがまだありません", "There is no shop yet");
        let detail = lang.say(
            "「aizuchi ingest --workspace 名前 フォルダー」でナレッジを取り込むと、ここから使えます。すでにある場合は、管理者に役割を付けてもらってください。",
            "Take in a folder of knowledge with `aizuchi ingest --workspace NAME FOLDER`, or ask an admin for a role.",
        );
        Self::said(lang, StatusCode::NOT_FOUND, title, detail, "workspace-not-found")
    }

    /// A form that cannot be read, or that another page sent.
    pub fn form(lang: Lang, ja: &str, en: &str) -> Self {
        let title = lang.say("受け付けていません", "Nothing was done");
        Self::said(lang, StatusCode::UNPROCESSABLE_ENTITY, title, lang.say(ja, en), "body-invalid")
    }

    fn said(lang: Lang, status: StatusCode, title: &str, detail: &str, code: &'static str) -> Self {
        let (title, detail) = (title.to_owned(), detail.to_owned());
        Self::Said(Box::new(Said { lang, status, title, detail, code }))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::SignedOut { next } => {
                let query = serde_urlencoded::to_string([("next", next)]).unwrap_or_default();
                Redirect::to(&format!("/sign-in?{query}")).into_response()
            }
            Self::Said(said) => {
                let status = said.status;
                let page = said.render().unwrap_or_else(|_| said.title.clone());
                (status, Html(page)).into_response()
            }
        }
    }
}

/// What a problem says to somebody at a desk: what was not done, and what to do next.
fn words(lang: Lang, problem: &Problem) -> (&'static str, &'static str) {
    let (ja, en): ([&'static str; 2], [&'static str; 2]) = match problem.code().as_str() {
        "draft-already-decided" => (
            ["この問い合わせは、すでに対応されています", "もう一度開くと、送られた返信が見られます。"],
            ["This inquiry was answered already", "Open it again to see the reply that was sent."],
        ),
        "draft-superseded" => (
            [
                "この下書きは古くなりました",
                "お客様の新しいメッセージか、作り直した下書きがあります。問い合わせを開き直してください。採用はしていません。",
            ],
            [
                "This draft is out of date",
                "The customer wrote again, or there is a newer draft. Open the inquiry again; nothing was accepted.",
            ],
        ),
        "inquiry-held" => (
            [
                "ほかの人が対応中です",
                "何も変えていません。必要なときは「引き取る」を押してから、もう一度お試しください。",
            ],
            ["Somebody else works on this", "Nothing was changed. Take the inquiry over first if you have to."],
        ),
        "undo-too-late" => (
            [
                "取り消せる時間が過ぎました",
                "判断はそのまま残っています。返信をすでに送り、直す必要があるときは、お客様に訂正の返信を送ってください。",
            ],
            [
                "The time to undo it is over",
                "The decision stays. If the reply went out and is wrong, send the customer a correcting reply.",
            ],
        ),
        "decision-not-found" => (
            [
                "取り消す判断がありません",
                "すでに取り消されています。問い合わせを開くと、下書きをもう一度判断できます。",
            ],
            ["There is nothing to undo", "It was undone already. Open the inquiry to decide on the draft again."],
        ),
        "decision-not-yours" => (
            [
                "ほかの人の判断は取り消せません",
                "何も変えていません。判断した人か管理者に、取り消すよう頼んでください。",
            ],
            ["Somebody else decided", "Nothing was changed. Ask whoever decided, or an admin, to undo it."],
        ),
        "decision-ruled-on" | "decision-sampled" => (
            [
                "QAがこの返信を確認したため、取り消せません",
                "判断はそのまま残っています。直す必要があるときは、お客様に訂正の返信を送ってください。",
            ],
            [
                "QA looked at this reply: it cannot be undone",
                "The decision stays. If it is wrong, send the customer a correcting reply.",
            ],
        ),
        "decision-followed-up" => (
            [
                "返信のその後が報告されているため、取り消せません",
                "お客様には届いています。直す必要があるときは、訂正の返信を送ってください。",
            ],
            [
                "What came after the reply was reported: it cannot be undone",
                "The customer has it. If it is wrong, send a correcting reply.",
            ],
        ),
        "decision-overtaken" => (
            [
                "やり取りが先に進んだため、取り消せません",
                "お客様の新しいメッセージか、新しい下書き、別の返信があります。判断はそのままです。いちばん新しい問い合わせを開いて、続けてください。",
            ],
            [
                "The conversation went on: it cannot be undone",
                "The customer wrote again, or there is a newer draft or another reply. The decision stays; go on from the newest inquiry.",
            ],
        ),
        "decision-invalid" => (
            ["このままでは採用できません", "確認が必要なところが残っています。直すか、理由を書いてください。"],
            [
                "The draft cannot be accepted as it is",
                "Something still has to be resolved: fix it, or say why it may stay.",
            ],
        ),
        "ruling-invalid" => (
            [
                "このままでは記録できません",
                "何も記録していません。理由、日付、言葉（返信にあるとおり）を確かめて、もう一度お試しください。",
            ],
            [
                "This cannot be recorded as it is",
                "Nothing was recorded. Look at the reason, the day and the words (as they stand in the reply), then try again.",
            ],
        ),
        "proposal-decided" => (
            ["この変更案は、すでに判断されています", "承認されていれば、文書を開くと新しい版が見られます。"],
            ["This proposal was decided already", "If it was approved, the document shows its new revision."],
        ),
        "role-not-allowed" => (
            ["この操作は、あなたの役割ではできません", "管理者に役割の変更を頼んでください。"],
            ["Your role may not do this", "Ask an admin for another role."],
        ),
        "erased" => (
            [
                "この文面は消去されています",
                "保存期間が過ぎたか、お客様の求めにより消去されました。判断の記録は残っています。",
            ],
            ["These words were erased", "Their time was over, or the customer asked for it. What was decided is kept."],
        ),
        "disk-full" => (
            [
                "ディスクがいっぱいのため、記録できませんでした",
                "文面はこの画面に残っています。管理者に連絡してください。",
            ],
            ["The disk is full: nothing was recorded", "Your text is still on this page. Tell an admin."],
        ),
        "store-unavailable" | "index-unavailable" | "too-many-requests" => (
            ["いま応答できません", "何も記録していません。数秒おいて、もう一度お試しください。"],
            ["The server cannot answer now", "Nothing was recorded. Try again in a few seconds."],
        ),
        code if code.ends_with("not-found") => (
            ["見つかりません", "アドレスが違うか、別のショップのものです。"],
            ["Not found", "The address is wrong, or it belongs to another shop."],
        ),
        _ => (
            [
                "処理できませんでした",
                "何も変わっていません。もう一度お試しください。続くときは管理者に連絡してください。",
            ],
            ["This could not be done", "Nothing was changed. Try again; if it goes on, tell an admin."],
        ),
    };
    match lang {
        Lang::Ja => (ja[0], ja[1]),
        Lang::En => (en[0], en[1]),
    }
}
