//! `aizuchi search --explain`: the sum behind each score, for a terminal.

use crate::domain::{AppliesBy, Explanation, Standing, TermMatch, Validity, Weighed};

/// So many terms of the question and of a passage are shown; the rest gives next to nothing.
const TERMS: usize = 12;

/// Prints what was searched with, then each passage with its terms.
pub(super) fn print(explanation: &Explanation) {
    println!("searched: {}", explanation.searched.replace('\n', " "));
    if !explanation.matter.is_empty() {
        println!("matter:   {}", explanation.matter.replace('\n', " "));
    }
    for term in explanation.terms.iter().take(TERMS) {
        println!("  {:<9} {:.3}  {} ({} passages)", term.field.as_str(), term.share, term.text, term.passages);
    }
    explanation.passages.iter().for_each(passage);
}

fn passage(weighed: &Weighed) {
    let Weighed { item, lexical, near, kind_weight, audience_weight, matter_weight, .. } = weighed;
    let standing = match weighed.standing {
        Standing::Found(rank) => format!("{rank:>2}"),
        Standing::NotValid => format!(" -  not valid: {}", validity(&item.validity)),
        Standing::SameDocument => " -  enough of the same document stands above".to_owned(),
        Standing::BeyondLimit => " -  beyond the limit".to_owned(),
    };
    println!("{standing}\n    {:.3}  {}  {}", item.score, item.key, item.title);
    println!(
        "    = {lexical:.3} near {near:.3} x {} {kind_weight} x audience {audience_weight} x matter {matter_weight}",
        item.kind()
    );
    let terms: Vec<String> = weighed.matches.iter().take(TERMS).map(term).collect();
    println!("    {}", terms.join(", "));
}

fn term(matched: &TermMatch) -> String {
    let place = if matched.spans.is_empty() { " in the title" } else { "" };
    format!("{} {:.3} ({}{place})", matched.text, matched.score, matched.field.as_str())
}

fn validity(validity: &Validity) -> String {
    let by = match validity.by {
        AppliesBy::Now => "today",
        AppliesBy::OrderDate => "the day of the order",
    };
    let day = |day: Option<crate::domain::Day>| day.map(|day| day.to_string()).unwrap_or_default();
    format!("{}..{} by {by}", day(validity.from), day(validity.until))
}
