//! What EventBridge allows in a region, unless it was raised.
//!
//! Source of all numbers: EventBridge User Guide, "Amazon EventBridge quotas", as of November 2026.

use std::num::NonZeroU32;

use crate::calls::{BreakerSettings, CallGroup, CallSettings, RetrySettings};

/// Quotas of one region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotas {
    /// `PutEvents` calls per second; adjustable.
    pub put_events: PutEventsRate,
    /// Rules on one bus; adjustable.
    pub rules_per_bus: usize,
}

/// `PutEvents` calls per second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PutEventsRate(pub NonZeroU32);

/// Regions with more than the least `PutEvents` calls per second.
const PUT_EVENTS_PER_S: [(&[&str], u32); 4] = [
    (&["us-east-1", "us-west-2", "eu-west-1"], 10_000),
    (&["us-east-2", "eu-central-1", "eu-south-2"], 2_400),
    (&["us-west-1", "ap-northeast-1", "ap-southeast-1", "ap-southeast-2", "eu-west-2"], 1_200),
    (
        &[
            "ap-east-1",
            "ap-northeast-2",
            "ap-south-1",
            "ca-central-1",
            "eu-north-1",
            "eu-west-3",
            "sa-east-1",
        ],
        600,
    ),
];

/// `PutEvents` calls per second everywhere else.
const PUT_EVENTS_PER_S_LEAST: u32 = 400;

/// Calls per second of all other operations together, `TestEventPattern` among them.
const CONTROL_PER_S: u32 = 50;

/// Regions with room for fewer rules on a bus.
const REGIONS_OF_FEW_RULES: [&str; 2] = ["af-south-1", "eu-south-1"];

impl Quotas {
    /// Rules with wildcards on one bus; not adjustable.
    pub const WILDCARD_RULES_MAX: usize = 30;
    /// Targets of a rule; not adjustable.
    pub const TARGETS_MAX: usize = 5;
    /// Characters of a pattern; adjustable up to 4,096.
    pub const PATTERN_CHARS: usize = 2_048;

    /// The quotas of `region`, such as `eu-west-1`; the least ones for a region that is not known.
    pub fn of_region(region: &str) -> Quotas {
        let listed = PUT_EVENTS_PER_S.iter().find(|(regions, _)| regions.contains(&region));
        let calls = listed.map_or(PUT_EVENTS_PER_S_LEAST, |(_, calls)| *calls);
        Quotas {
            put_events: PutEventsRate(NonZeroU32::new(calls).unwrap_or(NonZeroU32::MIN)),
            rules_per_bus: if REGIONS_OF_FEW_RULES.contains(&region) { 100 } else { 300 },
        }
    }

    /// Calls per second of the control plane, `TestEventPattern` among them; adjustable.
    pub fn control_per_s() -> NonZeroU32 {
        NonZeroU32::MIN.saturating_add(CONTROL_PER_S - 1)
    }

    /// How EventBridge is called by runs, which wait out what passes.
    pub fn run_calls(&self) -> CallSettings {
        CallSettings {
            groups: vec![CallGroup::limited(&["PutEvents"], self.put_events.0)],
            others: CallGroup::limited(&[], Quotas::control_per_s()),
            ..CallSettings::of_service("EventBridge")
        }
    }

    /// The same for SQS, whose standard queues take any number of calls.
    pub fn queue_run_calls() -> CallSettings {
        CallSettings::of_service("SQS")
    }

    /// How EventBridge's control plane is called by commands that somebody waits for: a service that does not answer
    /// is given up after some seconds.
    pub fn setup_calls() -> CallSettings {
        CallSettings { others: CallGroup::limited(&[], Quotas::control_per_s()), ..impatient("EventBridge") }
    }

    /// The same for SQS, of whose control plane no rates are published.
    pub fn queue_setup_calls() -> CallSettings {
        impatient("SQS")
    }
}

fn impatient(service: &'static str) -> CallSettings {
    use std::time::Duration;
    CallSettings {
        retry: RetrySettings { tries_max: 5, ..RetrySettings::default() },
        breaker: BreakerSettings {
            probe_after: Duration::from_secs(2),
            open_max: Duration::from_secs(6),
            ..BreakerSettings::default()
        },
        ..CallSettings::of_service(service)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_have_the_quotas_of_the_guide() {
        let rate = |region: &str| Quotas::of_region(region).put_events.0.get();
        assert_eq!(
            ["us-east-1", "eu-central-1", "eu-west-2", "sa-east-1", "me-south-1", "xx-new-9"].map(rate),
            [10_000, 2_400, 1_200, 600, 400, 400]
        );
        assert_eq!(Quotas::of_region("af-south-1").rules_per_bus, 100);
        assert_eq!(Quotas::of_region("eu-west-1").rules_per_bus, 300);
        assert_eq!(Quotas::control_per_s().get(), 50);
    }
}
