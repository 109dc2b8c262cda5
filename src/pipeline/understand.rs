//! An inquiry as the later stages read it: stripped of greeting, signature and quoted history, personal data
//! masked, and what it gives and wants pointed out.

use crate::{
    domain::Inquiry,
    language::{given::Given, intent::Signals, mask::Masked, zones},
};

/// An inquiry with what was read out of it.
pub struct Understood<'a> {
    /// As it came.
    pub inquiry: &'a Inquiry,
    /// What is asked, masked; the way back stays inside the process.
    pub core: Masked,
    /// What it wants, and what it warns of.
    pub signals: Signals,
    /// What it already gave, so that nobody asks again.
    pub given: Given,
}

/// Reads an inquiry once for all stages.
pub fn understand(inquiry: &Inquiry) -> Understood<'_> {
    let core = Masked::of(&zones::core(inquiry.text.as_str()));
    let signals = Signals::of(&core.text);
    Understood { inquiry, core, signals, given: Given::of(inquiry.text.as_str()) }
}
