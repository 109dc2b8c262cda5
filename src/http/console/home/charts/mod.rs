//! The three charts of the page of the day, worked out as places in a drawing; the template only draws them. Each says in
//! words what it shows.

mod ages;
mod fortunes;
mod hours;

pub use self::{ages::Ages, fortunes::Fortunes, hours::Hours};

/// The room that a chart has.
const WIDTH: f64 = 560.0;

/// A bar, or a dot.
pub struct Bar {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
}

fn percent(part: u64, whole: u64) -> u64 {
    (part * 100 + whole / 2).checked_div(whole).unwrap_or_default()
}

#[allow(clippy::cast_possible_truncation, reason = "places in a drawing of some hundred points")]
fn round(number: f64) -> i64 {
    number.round() as i64
}
