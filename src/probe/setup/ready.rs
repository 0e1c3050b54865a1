//! Whether a testbed is there, and right.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::inventory::if_there;
use super::marks::complete_digest;
use super::testbed::{CALLS_AT_ONCE, RULE_PREFIX, Setup, all_pages};
use crate::calls::CallError;
use crate::probe::{BusAdmin, BusArn, Destination, FoundRule, Layout, QueueAdmin, QueueUrl};
use crate::rules::BusName;

/// Mirrors that are not as `up` made them, by the names of the rules that they stand for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Strayed {
    /// Those that are not there.
    pub gone: Vec<String>,
    /// Those that have another pattern, or do not listen.
    pub altered: Vec<String>,
}

/// What a run finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readiness {
    /// It is complete, for these very rules; where its queues are.
    Ready(BTreeMap<Destination, QueueUrl>),
    /// There is no such bus.
    NoBus,
    /// There is nothing on the bus, or a part only.
    Incomplete,
    /// It is complete, for other rules.
    OtherRules,
}

impl<B: BusAdmin, Q: QueueAdmin> Setup<B, Q> {
    /// Looks whether the testbed for `layout` is complete on `bus`.
    ///
    /// # Errors
    /// A call failed for good.
    pub async fn readiness(&self, bus: &BusName, layout: &Layout) -> Result<Readiness, CallError> {
        let found = self.bus_calls.call("DescribeEventBus", || self.buses.bus(bus)).await;
        let Some(found) = if_there(found)? else { return Ok(Readiness::NoBus) };
        let Some(arn) = BusArn::parse(&found.arn) else { return Ok(Readiness::Incomplete) };
        let tags = self.bus_tags(&arn.rule(layout.catch_all_name())).await?;
        match complete_digest(&tags) {
            Some(digest) if digest == layout.digest() => self.queues_of(layout).await,
            Some(_) => Ok(Readiness::OtherRules),
            None => Ok(Readiness::Incomplete),
        }
    }

    /// Looks for mirrors that somebody removed or changed since the testbed was complete.
    ///
    /// # Errors
    /// The call failed for good.
    pub async fn strayed(&self, bus: &BusName, layout: &Layout) -> Result<Strayed, CallError> {
        let list =
            |page: Option<String>| async move { self.buses.rules(bus, RULE_PREFIX, page.as_deref()).await };
        let found: Vec<FoundRule> = all_pages(&self.bus_calls, "ListRules", list).await?;
        let found: BTreeMap<&str, &FoundRule> = found.iter().map(|rule| (rule.name.as_str(), rule)).collect();
        let mut strayed = Strayed::default();
        for mirror in layout.mirrors() {
            match found.get(mirror.name.as_str()) {
                None => strayed.gone.push(mirror.display_name.clone()),
                Some(rule) if !rule.listens || rule.pattern.as_ref() != Some(&mirror.pattern) => {
                    strayed.altered.push(mirror.display_name.clone());
                }
                Some(_) => {}
            }
        }
        Ok(strayed)
    }

    /// The ARN of `bus`, if there is such a bus.
    ///
    /// # Errors
    /// A call failed for good.
    pub async fn bus_arn(&self, bus: &BusName) -> Result<Option<BusArn>, CallError> {
        let found = self.bus_calls.call("DescribeEventBus", || self.buses.bus(bus)).await;
        Ok(if_there(found)?.and_then(|found| BusArn::parse(&found.arn)))
    }

    async fn queues_of(&self, layout: &Layout) -> Result<Readiness, CallError> {
        let queues = stream::iter(layout.destinations()).map(|destination| async move {
            let name = layout.queue_name(destination);
            let queue = self.queue_calls.call("GetQueueUrl", || self.queues.queue(&name)).await;
            Ok::<_, CallError>(if_there(queue)?.map(|queue| (destination, queue)))
        });
        let queues: Vec<Option<_>> = queues.buffered(CALLS_AT_ONCE).try_collect().await?;
        let all: Option<BTreeMap<Destination, QueueUrl>> = queues.into_iter().collect();
        Ok(all.map_or(Readiness::Incomplete, Readiness::Ready))
    }
}
