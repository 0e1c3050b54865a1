//! The tags by which everything of a testbed is found again.

use crate::event::rfc_3339;
use crate::probe::Tags;
use crate::rules::BusName;
use crate::tracking::RunId;

/// A bus with this tag, whatever its value, is one for testing.
pub const TEST_BUS_TAG: &str = "ruleproof:test-bus";

/// The bus that the testbed is on.
const BUS: &str = "ruleproof:bus";
/// The run that made or last changed something.
const RUN: &str = "ruleproof:run";
/// When it began; for people, as the run's name says it too.
const TIME: &str = "ruleproof:time";
/// On the catch-all: the digest of the rules whose mirrors are complete.
const RULES: &str = "ruleproof:rules";

/// On the catch-all: until when a run says that it uses the testbed, in seconds since 1970.
const IN_USE_UNTIL: &str = "ruleproof:in-use-until-s";
/// On the catch-all: which run that is.
const IN_USE_BY: &str = "ruleproof:in-use-by";

/// What [`RULES`] says while mirrors are being changed.
const CHANGING: &str = "changing";

/// Says what something was made for, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks {
    /// The bus.
    pub bus: BusName,
    /// The run that made it.
    pub run: RunId,
}

impl Marks {
    /// As tags.
    pub fn tags(&self) -> Tags {
        let started_s = i64::try_from(self.run.started_s()).unwrap_or(i64::MAX);
        [(BUS, self.bus.as_str().to_owned()), (RUN, self.run.to_string()), (TIME, rfc_3339(started_s))]
            .map(|(name, value)| (name.to_owned(), value))
            .into()
    }

    /// The same, of what a run uses until `until_s`, in seconds since 1970.
    pub fn tags_in_use(&self, until_s: u64) -> Tags {
        let mut tags = self.tags();
        tags.extend(TestbedUse { by: self.run, until_s }.tags());
        tags
    }

    /// The same, for a bus that is made for testing.
    pub(super) fn bus_tags(&self) -> Tags {
        let mut tags = self.tags();
        tags.insert(TEST_BUS_TAG.to_owned(), "yes".to_owned());
        tags
    }

    /// The same, for the catch-all of a testbed that is complete.
    pub(super) fn complete_tags(&self, digest: &str) -> Tags {
        let mut tags = self.tags();
        tags.insert(RULES.to_owned(), digest.to_owned());
        tags
    }

    /// What tags say, if they are ours.
    pub fn read(tags: &Tags) -> Option<Marks> {
        let bus = BusName::parse(tags.get(BUS)?).ok()?;
        Some(Marks { bus, run: tags.get(RUN)?.parse().ok()? })
    }
}

/// For the catch-all while mirrors are being changed.
pub(super) fn changing_tags() -> Tags {
    [(RULES.to_owned(), CHANGING.to_owned())].into()
}

/// A run that uses a testbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestbedUse {
    /// The run.
    pub by: RunId,
    /// Until when it does, in seconds since 1970; later if it says so again.
    pub until_s: u64,
}

impl TestbedUse {
    /// For the catch-all.
    pub(super) fn tags(self) -> Tags {
        [(IN_USE_UNTIL, self.until_s.to_string()), (IN_USE_BY, self.by.to_string())]
            .map(|(name, value)| (name.to_owned(), value))
            .into()
    }

    /// What the tags of the catch-all say.
    pub(super) fn read(tags: &Tags) -> Option<TestbedUse> {
        let until_s = tags.get(IN_USE_UNTIL)?.parse().ok()?;
        Some(TestbedUse { by: tags.get(IN_USE_BY)?.parse().ok()?, until_s })
    }
}

/// The digest that the catch-all carries; none if the testbed is not complete.
pub(super) fn complete_digest(tags: &Tags) -> Option<&str> {
    tags.get(RULES).map(String::as_str).filter(|digest| *digest != CHANGING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_read_back_and_others_are_nobodys() {
        let marks = Marks { bus: BusName::parse("a/b").unwrap(), run: RunId::new(1_795_365_900, 7) };
        assert_eq!(Marks::read(&marks.bus_tags()), Some(marks.clone()));
        assert_eq!(Marks::read(&Tags::new()), None);
        let text = format!("{:?}", marks.tags());
        assert!(text.contains("2026-11-22T16:45:00Z"), "{text}");
        assert_eq!(complete_digest(&marks.complete_tags("12ab")), Some("12ab"));
        assert_eq!(complete_digest(&marks.tags()), None);
        assert_eq!(complete_digest(&changing_tags()), None);
        let used = TestbedUse { by: marks.run, until_s: 1_795_365_900 };
        assert_eq!(TestbedUse::read(&used.tags()), Some(used));
        assert_eq!(TestbedUse::read(&marks.tags()), None);
    }
}
