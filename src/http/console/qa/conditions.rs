//! Which findings a reader looks at: the conditions behind the `?`, which travel with them from the queue into each finding
//! and back.

use serde::{Deserialize, Serialize};

use crate::domain::{Category, FindingFilter, FindingState, Severity, Timestamp};

/// What stands behind the `?`. What does not fit is left aside: an old bookmark still opens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Conditions {
    /// `severe`, `ruled`, `all`, `drafts`; else what nobody ruled on.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub view: String,
    /// A rule, or a category.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// How much it weighs.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub severity: String,
    /// A vendor; `-` is the shop itself.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub vendor: String,
    /// A person.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub person: String,
    /// A topic.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub situation: String,
}

/// The shop itself, beside vendors.
pub const OWN: &str = "-";

impl Conditions {
    /// Of a query that was kept.
    pub fn parse(query: &str) -> Self {
        serde_urlencoded::from_str(query).unwrap_or_default()
    }

    /// For behind the `?`.
    pub fn query(&self) -> String {
        serde_urlencoded::to_string(self).unwrap_or_default()
    }

    /// The same in another view.
    pub fn view(view: &str) -> Self {
        Self { view: view.to_owned(), ..Self::default() }
    }

    /// What nobody ruled on, of one vendor.
    pub fn of_vendor(vendor: Option<&str>) -> Self {
        Self { vendor: vendor.unwrap_or(OWN).to_owned(), ..Self::default() }
    }

    /// What it asks of the store.
    pub fn filter(&self, today: Timestamp) -> FindingFilter {
        let said = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let category = Category::parse(&self.rule);
        let severity = if self.view == "severe" { Some(Severity::Error) } else { Severity::parse(&self.severity) };
        FindingFilter {
            category,
            rule: said(&self.rule).filter(|_| category.is_none()),
            severity,
            situation: said(&self.situation),
            person: said(&self.person),
            own: self.vendor == OWN,
            vendor: said(&self.vendor).filter(|vendor| vendor != OWN),
            state: (!matches!(self.view.as_str(), "ruled" | "all")).then_some(FindingState::Open),
            ruled_since: (self.view == "ruled").then_some(today),
            sent: Some(self.view != "drafts"),
            ..FindingFilter::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_come_back_from_an_address_as_they_were() {
        let conditions = Conditions { vendor: "外部 A&B".to_owned(), ..Conditions::view("severe") };
        assert_eq!(Conditions::parse(&conditions.query()), conditions);
        assert_eq!(Conditions::parse("view=&junk=1"), Conditions::default());
        let filter = Conditions::of_vendor(None).filter(Timestamp(0));
        assert!(filter.own && filter.vendor.is_none() && filter.state == Some(FindingState::Open));
    }
}
