//! What QA's rulings and the findings on sent replies say in sum: how often a rule is right, and whether a team or a
//! vendor drifts. Pure; what is counted comes from the store.

pub mod drift;
pub mod precision;
