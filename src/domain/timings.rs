//! How long the stages of a suggestion took.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What each stage took, in whole microseconds as it is recorded. A stage that did not take place says nothing, and so
/// does a suggestion that was made before this was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Timings {
    /// Until the evidence was there.
    #[serde(rename = "retrieval_us", default, with = "micros", skip_serializing_if = "Option::is_none")]
    pub retrieval: Option<Duration>,
    /// Until the letter was written, by whichever drafters.
    #[serde(rename = "drafting_us", default, with = "micros", skip_serializing_if = "Option::is_none")]
    pub drafting: Option<Duration>,
    /// Until it had met the evidence, the guide, and the models that read it again.
    #[serde(rename = "checks_us", default, with = "micros", skip_serializing_if = "Option::is_none")]
    pub checks: Option<Duration>,
}

impl Timings {
    /// Whether nothing was measured.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// One more run of a stage: where a model's letter cannot be used, another drafter writes, and is checked too.
    pub fn add(stage: &mut Option<Duration>, took: Duration) {
        let sum = stage.unwrap_or_default() + took;
        *stage = Some(Duration::from_micros(whole_micros(sum)));
    }

    /// All that was measured.
    pub fn total(&self) -> Duration {
        [self.retrieval, self.drafting, self.checks].into_iter().flatten().sum()
    }
}

/// As it is recorded and told.
pub fn whole_micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

mod micros {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "serde asks so")]
    pub fn serialize<S: Serializer>(time: &Option<Duration>, to: S) -> Result<S::Ok, S::Error> {
        time.map(super::whole_micros).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
        Ok(Option::<u64>::deserialize(from)?.map(Duration::from_micros))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_measured_is_read_back_to_the_microsecond_and_the_rest_stays_unsaid() {
        let mut timings = Timings::default();
        assert_eq!(serde_json::to_string(&timings).unwrap(), "{}");
        Timings::add(&mut timings.drafting, Duration::from_nanos(1_500_999));
        Timings::add(&mut timings.drafting, Duration::from_nanos(500_000));
        let written = serde_json::to_string(&timings).unwrap();
        assert_eq!(written, r#"{"drafting_us":2000}"#);
        assert_eq!(serde_json::from_str::<Timings>(&written).unwrap(), timings);
        assert_eq!(timings.total(), Duration::from_millis(2));
    }
}
