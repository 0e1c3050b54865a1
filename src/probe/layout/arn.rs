//! The ARNs of what is on the test bus, as far as they follow from that of the bus.

use std::fmt;

use crate::rules::BusName;

/// The ARN of an event bus, taken apart: `arn:aws:events:eu-west-1:123456789012:event-bus/orders`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusArn {
    partition: String,
    region: String,
    account: String,
    name: BusName,
}

impl BusArn {
    /// The ARN that `text` is; `None` for anything else.
    pub fn parse(text: &str) -> Option<BusArn> {
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next().map(str::to_owned);
        (next()? == "arn").then_some(())?;
        let partition = next()?;
        (next()? == "events").then_some(())?;
        let (region, account) = (next()?, next()?);
        let name = BusName::parse(next()?.strip_prefix("event-bus/")?).ok()?;
        Some(BusArn { partition, region, account, name })
    }

    /// The name of the bus.
    pub fn name(&self) -> &BusName {
        &self.name
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The ARN of a rule on the bus. Rules of the default bus have no bus in theirs. Recorded.
    pub fn rule(&self, rule: &str) -> String {
        let BusArn { partition, region, account, name } = self;
        let bus = if *name == BusName::default() { String::new() } else { format!("{name}/") };
        format!("arn:{partition}:events:{region}:{account}:rule/{bus}{rule}")
    }

    /// The ARN of a queue beside the bus.
    pub fn queue(&self, queue: &str) -> String {
        let BusArn { partition, region, account, .. } = self;
        format!("arn:{partition}:sqs:{region}:{account}:{queue}")
    }
}

impl fmt::Display for BusArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BusArn { partition, region, account, name } = self;
        write!(f, "arn:{partition}:events:{region}:{account}:event-bus/{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_of_rules_and_queues_follow_from_that_of_the_bus() {
        let bus = BusArn::parse("arn:aws:events:eu-west-1:123456789012:event-bus/shop/orders").unwrap();
        assert_eq!(bus.name().as_str(), "shop/orders");
        assert_eq!(bus.rule("r"), "arn:aws:events:eu-west-1:123456789012:rule/shop/orders/r");
        assert_eq!(bus.queue("q"), "arn:aws:sqs:eu-west-1:123456789012:q");
        let default = BusArn::parse("arn:aws-cn:events:cn-north-1:1:event-bus/default").unwrap();
        assert_eq!(default.rule("r"), "arn:aws-cn:events:cn-north-1:1:rule/r");
        assert_eq!(bus.rule("rp-*"), "arn:aws:events:eu-west-1:123456789012:rule/shop/orders/rp-*");
        for text in ["", "orders", "arn:aws:events:eu-west-1:1:rule/r", "arn:aws:sqs:eu-west-1:1:event-bus/x"]
        {
            assert_eq!(BusArn::parse(text), None, "{text}");
        }
    }
}
