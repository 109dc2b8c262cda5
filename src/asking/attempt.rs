//! The record of one request.

use std::time::Duration;

use super::Seat;
use crate::{
    config::{ModelSettings, Price},
    domain::{Attempt, Timestamp, Usage},
    ports::{Heard, Unheard},
};

/// A whole text from a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The text.
    pub text: String,
    /// The prompt that it answers, by its place.
    pub prompt: usize,
}

fn blank(settings: &ModelSettings, host: &str, prompt: usize, started_at: Timestamp) -> Attempt {
    Attempt {
        prompt,
        host: host.to_owned(),
        model: settings.model.clone(),
        parameters: String::new(),
        started_at,
        first_byte_ms: None,
        duration_ms: 0,
        status: None,
        failure: None,
        detail: None,
        answered_by: None,
        response_id: None,
        fingerprint: None,
        finish: None,
        usage: None,
        cost_micros: None,
        heard: false,
        raw: String::new(),
    }
}

/// A request that was not let out.
pub fn refused(seat: &Seat, host: &str, prompt: usize, started_at: Timestamp, unheard: &Unheard) -> Attempt {
    Attempt {
        failure: Some(unheard.failure),
        detail: Some(unheard.detail.clone()),
        ..blank(&seat.settings, host, prompt, started_at)
    }
}

/// A request that was made, and the text if there is one.
pub fn noted(
    seat: &Seat,
    host: &str,
    prompt: usize,
    started_at: Timestamp,
    duration: Duration,
    heard: Heard,
) -> (Attempt, Result<String, Unheard>) {
    let unheard = heard.said.as_ref().err();
    let attempt = Attempt {
        parameters: heard.parameters,
        first_byte_ms: heard.first_byte.map(millis),
        duration_ms: millis(duration),
        status: heard.status,
        failure: unheard.map(|unheard| unheard.failure),
        detail: unheard.map(|unheard| unheard.detail.clone()),
        answered_by: heard.answered_by,
        response_id: heard.response_id,
        fingerprint: heard.fingerprint,
        finish: heard.finish,
        usage: heard.usage,
        cost_micros: heard.usage.zip(seat.settings.price).map(|(usage, price)| cost(usage, price)),
        heard: unheard.is_none(),
        raw: heard.raw,
        ..blank(&seat.settings, host, prompt, started_at)
    };
    (attempt, heard.said)
}

/// In millionths of the currency: a price for a million tokens is as many millionths for one.
fn cost(usage: Usage, price: Price) -> u64 {
    let cached = usage.cached_tokens.min(usage.prompt_tokens);
    let fresh = (usage.prompt_tokens - cached) as f64 * price.prompt;
    let reused = cached as f64 * price.cached.unwrap_or(price.prompt);
    (fresh + reused + usage.completion_tokens as f64 * price.completion).round() as u64
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_from_the_provider_s_cache_has_its_own_price() {
        let usage = Usage { prompt_tokens: 1_000, completion_tokens: 100, cached_tokens: 400 };
        let price = Price { prompt: 2.5, cached: Some(0.25), completion: 10.0 };
        assert_eq!(cost(usage, price), 1_500 + 100 + 1_000);
        assert_eq!(cost(usage, Price { cached: None, ..price }), 2_500 + 1_000);
    }
}
