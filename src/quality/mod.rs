//! What QA's rulings and the findings on sent replies say in sum: how often a rule is right, whether a team or a vendor
//! drifts, whether those who rule agree, and what is looked at again. Pure; what is counted comes from the store.

pub mod agreement;
pub mod drift;
pub mod precision;
pub mod sample;
pub mod weeks;
