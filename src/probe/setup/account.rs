//! Names of resources, from what the ARN of the bus says.

use crate::rules::BusName;

/// Partition, region and account of a bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    partition: String,
    region: String,
    id: String,
}

impl Account {
    /// Those of `arn:aws:events:REGION:ACCOUNT:event-bus/NAME`.
    pub(super) fn of_bus_arn(arn: &str) -> Option<Account> {
        let mut parts = arn.split(':');
        let (prefix, partition, service) = (parts.next()?, parts.next()?, parts.next()?);
        let (region, id) = (parts.next()?, parts.next()?);
        let fits = prefix == "arn" && service == "events" && parts.next()?.starts_with("event-bus/");
        fits.then(|| Account {
            partition: partition.to_owned(),
            region: region.to_owned(),
            id: id.to_owned(),
        })
    }

    /// The ARN of a queue.
    pub(super) fn queue_arn(&self, name: &str) -> String {
        format!("arn:{}:sqs:{}:{}:{name}", self.partition, self.region, self.id)
    }

    /// The ARN of a rule; with `*` in the name, a pattern for ARNs. Rules of the default bus have no bus in theirs
    /// (recorded).
    pub(super) fn rule_arn(&self, bus: &BusName, name: &str) -> String {
        let bus = if *bus == BusName::default() { String::new() } else { format!("{bus}/") };
        format!("arn:{}:events:{}:{}:rule/{bus}{name}", self.partition, self.region, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arn_of_a_bus_says_those_of_its_rules_and_queues() {
        let account = Account::of_bus_arn("arn:aws-cn:events:cn-north-1:123456789012:event-bus/a/b").unwrap();
        let bus = BusName::parse("a/b").unwrap();
        assert_eq!(account.queue_arn("q"), "arn:aws-cn:sqs:cn-north-1:123456789012:q");
        assert_eq!(account.rule_arn(&bus, "rp-*"), "arn:aws-cn:events:cn-north-1:123456789012:rule/a/b/rp-*");
        let default = account.rule_arn(&BusName::default(), "r");
        assert_eq!(default, "arn:aws-cn:events:cn-north-1:123456789012:rule/r");
        for other in ["", "arn:aws:sqs:eu-west-1:1:q", "arn:aws:events:eu-west-1:1:rule/x"] {
            assert_eq!(Account::of_bus_arn(other), None, "{other}");
        }
    }
}
