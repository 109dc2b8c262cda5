//! A letter to be read: its sentences with their verdicts, what departs from the guide, and what has to be resolved first.

use super::{lang::Lang, rules};
use crate::domain::{Blocker, BlockerKind, Checks, Finding, Flag, FlagKind, SentenceVerdict, Severity, Span, Verdict};

/// A letter with its checks, ready to be drawn.
pub struct Letter {
    /// Its sentences, in the order of the text.
    pub rows: Vec<Row>,
    /// What has to be resolved before it can be accepted.
    pub blockers: Vec<Open>,
    /// What the guide advises about the whole letter or parts of it.
    pub advice: Vec<Advice>,
}

/// One sentence.
pub struct Row {
    /// An empty line stands before it.
    pub gap: bool,
    /// Which mark stands in its gutter.
    pub mark: &'static str,
    /// What the mark says.
    pub word: &'static str,
    /// Whether the word is shown after the sentence; else it is there for readers of the screen alone.
    pub spoken: bool,
    /// What its colour says: `fine`, `caution`, `blocked` or nothing.
    pub tone: &'static str,
    /// Its text, cut where marks begin and end, and before its last character.
    pub pieces: Vec<Piece>,
    /// What the guide forbids in it, in words.
    pub tones: Vec<&'static str>,
    /// The numbers of what it stands on.
    pub chips: Vec<usize>,
    /// What of it has to be resolved, by the number of the check.
    pub checks: Vec<usize>,
}

/// Words under one mark.
pub struct Piece {
    /// The words.
    pub text: String,
    /// `must`, `advice`, `flag`, or nothing.
    pub class: &'static str,
    /// What the mark says.
    pub title: String,
}

/// One thing to be resolved.
pub struct Open {
    /// From 1.
    pub number: usize,
    /// Its mark.
    pub mark: &'static str,
    /// Its colour.
    pub tone: &'static str,
    /// Its kind in a word.
    pub word: &'static str,
    /// What it is about, in a sentence.
    pub detail: String,
    /// The words that are meant.
    pub old: String,
    /// What could stand there instead; empty where nobody knows.
    pub new: Option<String>,
    /// Where the fix is made: start and end in the letter, and the words that come there.
    pub fix: Option<(usize, usize, String)>,
    /// Whether saying why is enough.
    pub excusable: bool,
}

/// Something the guide advises.
pub struct Advice {
    /// The rule's clause.
    pub clause: String,
    /// The words that are meant; empty for the whole letter.
    pub words: String,
    /// What could stand there instead.
    pub rewrite: Option<String>,
}

impl Row {
    /// Its text without its last character.
    pub fn body(&self) -> &[Piece] {
        self.pieces.split_last().map_or(&[], |(_, body)| body)
    }

    /// Its last character: no line begins with what follows it there.
    pub fn end(&self) -> Option<&Piece> {
        self.pieces.last()
    }
}

impl Letter {
    /// A text with what it got. `flags` are of a draft; a text that somebody edits has none.
    pub fn of(lang: Lang, text: &str, flags: &[Flag], checks: &Checks) -> Self {
        let blockers = Blocker::of(flags, checks);
        // The first is number 1.
        let numbers = checks.cited();
        let mut rows = Vec::new();
        let mut end = 0;
        for sentence in &checks.grounding.verdicts {
            let between = Span::new(end, sentence.span.start.max(end)).of(text);
            let gap = end > 0 && between.matches('\n').count() > 1;
            rows.push(Row { gap, ..row(lang, text, flags, checks, &blockers, &numbers, sentence) });
            end = sentence.span.end;
        }
        let advice = checks.findings.iter().filter(|finding| finding.seen.severity != Severity::Error);
        Self {
            rows,
            advice: advice.map(|finding| advised(finding, text)).collect(),
            blockers: blockers.iter().enumerate().map(|(at, one)| open(lang, text, checks, one, at + 1)).collect(),
        }
    }

    /// Whether nothing stands between it and its acceptance.
    pub fn is_ready(&self) -> bool {
        self.blockers.is_empty()
    }

    /// Whether a word of explanation would let it pass.
    pub fn is_excusable(&self) -> bool {
        self.blockers.iter().all(|blocker| blocker.excusable)
    }
}

/// Mark, word, and colour of a verdict.
pub fn verdict(lang: Lang, sentence: &SentenceVerdict) -> (&'static str, &'static str, &'static str) {
    match (sentence.verdict, sentence.weak) {
        (Verdict::NotAClaim, _) => ("", "", ""),
        (Verdict::Supported, false) => ("supported", lang.say("根拠あり", "Supported"), "fine"),
        (Verdict::Supported, true) => ("weak", lang.say("根拠が弱い", "Weak"), "caution"),
        (Verdict::Contradicted, _) => ("contradicted", lang.say("矛盾", "Contradicted"), "blocked"),
        (Verdict::Unsupported, _) => ("unsupported", lang.say("根拠なし", "No source"), "blocked"),
    }
}

fn row(
    lang: Lang,
    text: &str,
    flags: &[Flag],
    checks: &Checks,
    blockers: &[Blocker],
    numbers: &[usize],
    sentence: &SentenceVerdict,
) -> Row {
    let (mark, word, tone) = verdict(lang, sentence);
    let mut chips: Vec<usize> = Vec::new();
    for at in &sentence.citations {
        let Some(citation) = checks.citations().get(*at) else { continue };
        let number = numbers.iter().position(|evidence| *evidence == citation.evidence).map_or(0, |at| at + 1);
        if !chips.contains(&number) {
            chips.push(number);
        }
    }
    let meant = |blocker: &&Blocker| blocker.span.is_some_and(|span| span.overlaps(sentence.span));
    let mut tones: Vec<_> = blockers.iter().filter(meant).filter_map(|one| tone_word(lang, checks, one)).collect();
    tones.dedup();
    Row {
        gap: false,
        mark,
        word,
        spoken: !matches!(mark, "" | "supported"),
        tone,
        pieces: pieces(lang, text, sentence.span, flags, &checks.findings),
        tones,
        chips,
        checks: blockers.iter().enumerate().filter(|(_, one)| meant(one)).map(|(at, _)| at + 1).collect(),
    }
}

/// What the guide forbids there, in a word.
fn tone_word(lang: Lang, checks: &Checks, blocker: &Blocker) -> Option<&'static str> {
    let finding = checks.findings.get(blocker.finding?)?;
    matches!(blocker.kind, BlockerKind::Tone).then(|| rules::category(lang, finding.seen.category))
}

/// The words of a sentence, cut where a mark begins or ends and before the last character. Where several marks lie on one word, what blocks shows.
fn pieces(lang: Lang, text: &str, sentence: Span, flags: &[Flag], findings: &[Finding]) -> Vec<Piece> {
    let flagged = flags.iter().map(|flag| (flag.span, "flag", flag_word(lang, flag.kind).to_owned()));
    let found = findings.iter().filter_map(|finding| {
        let class =
            if finding.seen.severity == Severity::Error && finding.waived_by.is_none() { "must" } else { "advice" };
        finding.seen.span.map(|span| (span, class, finding.seen.clause.clone()))
    });
    let mut marks: Vec<_> = flagged.chain(found).filter(|(span, ..)| span.overlaps(sentence)).collect();
    marks.sort_by_key(|(_, class, _)| match *class {
        "flag" => 0,
        "must" => 1,
        _ => 2,
    });
    let mut cuts = vec![sentence.start, sentence.end.saturating_sub(1).max(sentence.start), sentence.end];
    for (span, ..) in &marks {
        cuts.extend([span.start.clamp(sentence.start, sentence.end), span.end.clamp(sentence.start, sentence.end)]);
    }
    cuts.sort_unstable();
    cuts.dedup();
    cuts.windows(2)
        .map(|ends| {
            let span = Span::new(ends[0], ends[1]);
            let mark = marks.iter().find(|(over, ..)| over.contains(span));
            Piece {
                text: span.of(text).to_owned(),
                class: mark.map_or("", |(_, class, _)| class),
                title: mark.map(|(_, _, title)| title.clone()).unwrap_or_default(),
            }
        })
        .collect()
}

fn open(lang: Lang, text: &str, checks: &Checks, blocker: &Blocker, number: usize) -> Open {
    let (mark, tone, word) = match blocker.kind {
        BlockerKind::Contradicted => ("contradicted", "blocked", lang.say("矛盾", "Contradicted")),
        BlockerKind::Unsupported => ("unsupported", "blocked", lang.say("根拠なし", "No source")),
        BlockerKind::Flagged(kind) => ("unsupported", "blocked", flag_word(lang, kind)),
        BlockerKind::Tone => ("wave", "tone", tone_word(lang, checks, blocker).unwrap_or(lang.say("指摘", "Finding"))),
    };
    let finding = blocker.finding.and_then(|at| checks.findings.get(at));
    let detail = match blocker.kind {
        BlockerKind::Contradicted => lang
            .say(
                "根拠に書かれていることと違います。根拠を見て直してください。",
                "The source says otherwise. Look at it and fix the sentence.",
            )
            .to_owned(),
        BlockerKind::Unsupported => lang
            .say(
                "根拠が見つかりません。確かめて直すか、残す理由を書いてください。",
                "No source says this. Check and fix it, or say why it may stay.",
            )
            .to_owned(),
        BlockerKind::Flagged(FlagKind::UnsupportedPolicy) => lang
            .say(
                "お店の約束（返金・費用・期限・例外）なのに根拠がありません。直すか、消してください。",
                "This binds the shop and no source carries it. Fix or delete it.",
            )
            .to_owned(),
        BlockerKind::Flagged(_) => lang
            .say(
                "このままではお客様に送れません。直すか、消してください。",
                "This cannot go to a customer. Fix or delete it.",
            )
            .to_owned(),
        BlockerKind::Tone => finding.map(|finding| finding.seen.clause.clone()).unwrap_or_default(),
    };
    let new = finding.and_then(|finding| finding.seen.rewrite.clone());
    let fix = match (blocker.span, &new) {
        (Some(span), Some(new)) => Some((span.start, span.end, new.clone())),
        _ => None,
    };
    let old = blocker.span.map(|span| span.of(text).trim().to_owned()).unwrap_or_default();
    Open { number, mark, tone, word, detail, old, new, fix, excusable: blocker.is_excusable() }
}

fn advised(finding: &Finding, text: &str) -> Advice {
    Advice {
        clause: finding.seen.clause.clone(),
        words: finding.seen.span.map(|span| span.of(text).to_owned()).unwrap_or_default(),
        rewrite: finding.seen.rewrite.clone(),
    }
}

fn flag_word(lang: Lang, kind: FlagKind) -> &'static str {
    match kind {
        FlagKind::DanglingMarker => lang.say("行き先のない印", "Dangling marker"),
        FlagKind::UnknownPlaceholder => lang.say("埋まらない伏せ字", "Open placeholder"),
        FlagKind::UnknownUrl => lang.say("根拠にないリンク", "Unknown link"),
        FlagKind::Markup => lang.say("書式の記号", "Markup"),
        FlagKind::UnsupportedPolicy => lang.say("根拠のない約束", "Promise without source"),
    }
}
