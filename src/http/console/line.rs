//! One inquiry as a line of a list: what it is about, how far its draft is, who has it, and how long there is.

use super::{lang::Lang, viewer::Viewer};
use crate::{
    app::{InboxLine, Names},
    domain::{DraftState, InquiryState, Lease, Timestamp},
};

/// One inquiry in a list.
pub struct Line {
    /// Its page.
    pub href: String,
    /// What it is about, in a sentence.
    pub title: String,
    /// What follows.
    pub rest: String,
    /// Instead of that: whose words were found, and the words with marks.
    pub found: Option<(&'static str, Vec<(String, bool)>)>,
    /// Whose it is; may be empty.
    pub customer: String,
    /// What it is about, in a word.
    pub topic: String,
    /// How it came.
    pub channel: &'static str,
    /// How far its draft is.
    pub draft: DraftWord,
    /// Who works on it.
    pub held: Option<Held>,
    /// How long there is.
    pub due: String,
    /// How much that presses.
    pub urgency: &'static str,
    /// When it came.
    pub received: String,
}

/// How far the draft is, in an icon and two short lines.
pub struct DraftWord {
    /// The icon.
    pub mark: &'static str,
    /// What its colour says.
    pub tone: &'static str,
    /// The first line.
    pub first: String,
    /// The second line; may be empty.
    pub second: String,
}

/// Who works on it.
pub struct Held {
    /// The first character of their name.
    pub initial: String,
    /// Who, in words.
    pub label: String,
    /// Since when.
    pub since: String,
    /// Whether it is the reader.
    pub mine: bool,
}

/// One inquiry as a line.
pub fn line(names: &Names, viewer: &Viewer, one: &InboxLine, now: Timestamp) -> Line {
    let (lang, inquiry) = (viewer.lang, &one.waiting.inquiry);
    // Nothing presses any more.
    let over = matches!(one.waiting.state, InquiryState::Answered | InquiryState::Closed);
    let (due, urgency) = match over {
        true => (lang.say("完了", "Done").to_owned(), "calm"),
        false => due(lang, one.due, now),
    };
    Line {
        href: viewer.at(&format!("inquiries/{}", inquiry.id)),
        title: one.title.clone(),
        rest: one.rest.clone(),
        found: None,
        customer: inquiry.customer.as_ref().map(|customer| customer.as_str().to_owned()).unwrap_or_default(),
        topic: lang.topic(&one.topic, inquiry.situations.primary.as_str()),
        channel: lang.channel(inquiry.channel),
        draft: draft_word(lang, one),
        held: one.waiting.lease.as_ref().map(|lease| held(names, viewer, lease, now)),
        due,
        urgency,
        received: format!("{}{}", lang.moment(inquiry.received_at, now), lang.say(" 受信", "")),
    }
}

/// How long there is, and how much it presses.
pub fn due(lang: Lang, due: Timestamp, now: Timestamp) -> (String, &'static str) {
    const SOON: i64 = 60 * 60 * 1000;
    let left = due.0 - now.0;
    let span = lang.span(left);
    match left {
        left if left < 0 => (format!("{span}{}", lang.say("超過", " late")), "late"),
        left if left < SOON => (span, "soon"),
        _ => (span, "calm"),
    }
}

/// Who works on something, for this reader.
pub fn held(names: &Names, viewer: &Viewer, lease: &Lease, now: Timestamp) -> Held {
    let (lang, mine) = (viewer.lang, lease.principal == viewer.who.id);
    let name = names.of(&lease.principal);
    let own = lang.say("あなた", "You");
    let label = match (mine, lang) {
        (true, _) => lang.say("あなたが対応中", "You have it").to_owned(),
        (false, Lang::Ja) => format!("{name}が対応中"),
        (false, Lang::En) => format!("{name} has it"),
    };
    let initial = if mine { own } else { name };
    Held {
        initial: initial.chars().next().map(String::from).unwrap_or_default(),
        label,
        since: format!("{}{}", lang.moment(lease.since, now), lang.say(" から", "")),
        mine,
    }
}

fn draft_word(lang: Lang, one: &InboxLine) -> DraftWord {
    let word = |mark, tone, first: &str, second: &str| DraftWord {
        mark,
        tone,
        first: first.to_owned(),
        second: second.to_owned(),
    };
    if one.waiting.with_chatbot {
        let second = lang.say("返信の報告待ち", "Its reply is awaited");
        return word("clock", "quiet", lang.say("チャットボット", "Chatbot"), second);
    }
    if one.waiting.state == InquiryState::Answered {
        return word("tick", "fine", lang.say("返信済み", "Answered"), "");
    }
    if one.waiting.outcome.as_deref() == Some("handoff") {
        return word("person", "quiet", lang.say("引き継ぎ", "Handoff"), lang.say("人が答えます", "A person answers"));
    }
    let Some(draft) = one.waiting.draft else {
        return word("clock", "quiet", lang.say("準備中", "In the making"), "");
    };
    match draft.state {
        DraftState::Decided => {
            return word(
                "pen",
                "quiet",
                lang.say("下書きは使わない", "Draft not used"),
                lang.say("返信を書きます", "To be written"),
            );
        }
        DraftState::Superseded => {
            return word(
                "clock",
                "quiet",
                lang.say("作り直し", "Out of date"),
                lang.say("開くと作り直せます", "Open to draft anew"),
            );
        }
        DraftState::Current => {}
    }
    let Some(tally) = draft.tally else {
        return word("clock", "quiet", lang.say("下書きあり", "Drafted"), "");
    };
    let mut kinds = Vec::new();
    for (count, ja, en) in [
        (tally.contradicted, "矛盾", "contradicted"),
        (tally.unsupported, "根拠なし", "no source"),
        (tally.errors, "指摘", "finding"),
    ] {
        if count > 0 {
            kinds.push(lang.say(ja, en));
        }
    }
    let blockers = tally.blockers();
    if blockers > 0 {
        let mark = if tally.contradicted > 0 {
            "contradicted"
        } else if tally.unsupported > 0 {
            "unsupported"
        } else {
            "wave"
        };
        let tone = if tally.contradicted + tally.unsupported > 0 { "blocked" } else { "tone" };
        let first = format!("{}{}", lang.say("確認 ", "To check: "), lang.count(blockers));
        return word(mark, tone, &first, &kinds.join(lang.say("・", ", ")));
    }
    let ready = lang.say("採用できます", "Ready");
    match tally.weak {
        0 => word("supported", "fine", ready, ""),
        weak => word("weak", "caution", ready, &format!("{} {weak}", lang.say("根拠が弱い文", "weak sentences:"))),
    }
}
