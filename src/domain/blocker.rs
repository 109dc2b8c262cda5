//! What has to be resolved before a draft can be accepted as it stands.

use super::{Checks, Flag, FlagKind, Severity, Span, Verdict};

/// One thing that stands between a draft and its acceptance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blocker {
    /// What it is.
    pub kind: BlockerKind,
    /// Where it stands; `None` where it is about the whole letter.
    pub span: Option<Span>,
    /// The finding, by its place in the checks.
    pub finding: Option<usize>,
}

/// What can stand between a draft and its acceptance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockerKind {
    /// The evidence says otherwise.
    Contradicted,
    /// A place that no customer should read.
    Flagged(FlagKind),
    /// The evidence is silent.
    Unsupported,
    /// The guide forbids it.
    Tone,
}

impl Blocker {
    /// Whether a person may let it pass by saying why. What is wrong, or binds the shop without ground, has to be mended.
    pub fn is_excusable(&self) -> bool {
        matches!(self.kind, BlockerKind::Unsupported | BlockerKind::Tone)
    }

    /// All of a letter, in the order of its text; those about the whole come last.
    pub fn of(flags: &[Flag], checks: &Checks) -> Vec<Self> {
        let flagged = flags.iter().map(|flag| Self {
            kind: BlockerKind::Flagged(flag.kind),
            span: Some(flag.span),
            finding: None,
        });
        // A sentence that is flagged for what it promises is not counted twice for its silence.
        let told = |span: Span| flags.iter().any(|flag| flag.span.overlaps(span));
        let verdicts = checks.grounding.verdicts.iter().filter_map(|sentence| {
            let kind = match sentence.verdict {
                Verdict::Contradicted => BlockerKind::Contradicted,
                Verdict::Unsupported if !told(sentence.span) => BlockerKind::Unsupported,
                _ => return None,
            };
            Some(Self { kind, span: Some(sentence.span), finding: None })
        });
        let blocks = |finding: &super::Finding| finding.seen.severity == Severity::Error && finding.waived_by.is_none();
        let tone = checks
            .findings
            .iter()
            .enumerate()
            .filter(|(_, finding)| blocks(finding))
            .map(|(at, finding)| Self { kind: BlockerKind::Tone, span: finding.seen.span, finding: Some(at) });
        let mut all: Vec<Self> = flagged.chain(verdicts).chain(tone).collect();
        all.sort_by_key(|blocker| blocker.span.map_or(usize::MAX, |span| span.start));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Grounding, SentenceVerdict};

    #[test]
    fn a_flagged_sentence_blocks_once_and_cannot_be_excused() {
        let sentence = |start, verdict| SentenceVerdict {
            span: Span::new(start, start + 10),
            verdict,
            weak: false,
            by_model: false,
            citations: Vec::new(),
        };
        let verdicts = vec![
            sentence(0, Verdict::Unsupported),
            sentence(10, Verdict::Unsupported),
            sentence(20, Verdict::Supported),
        ];
        let checks = Checks { grounding: Grounding { verdicts, citations: Vec::new() }, findings: Vec::new() };
        let flags = [Flag { kind: FlagKind::UnsupportedPolicy, span: Span::new(0, 10) }];
        let all = Blocker::of(&flags, &checks);
        let kinds: Vec<_> = all.iter().map(|blocker| (blocker.kind, blocker.is_excusable())).collect();
        let expected = [(BlockerKind::Flagged(FlagKind::UnsupportedPolicy), false), (BlockerKind::Unsupported, true)];
        assert_eq!(kinds, expected);
    }
}
