//! Sets a testbed up, or brings one that is there to what it should be.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::time::{Instant, sleep};

use super::inventory::{Inventory, if_there};
use super::marks::{Marks, changing_tags};
use super::problem::SetupProblem;
use super::testbed::{CALLS_AT_ONCE, Setup, Testbed, all_pages};
use super::wire_targets::WantedRule;
use crate::calls::{CallError, CallErrorKind};
use crate::probe::{BusAdmin, BusArn, FoundRule, NewRule, QueueAdmin, QueueTarget, QueueUrl};

/// SQS keeps the name of a deleted queue to itself for 60 s (SQS API Reference, `CreateQueue`).
const NAME_FREED_AFTER: Duration = Duration::from_secs(75);
const NAME_TRIED_EVERY: Duration = Duration::from_secs(5);

/// What has just been done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The bus is there.
    Bus,
    /// One more queue is there.
    Queue,
    /// Names of queues are not free yet; it takes up to a minute.
    WaitsForNames,
    /// One more rule is there, with its targets.
    Rule,
    /// Something of earlier rules was removed.
    Removed,
}

/// Why a testbed is not complete.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpError {
    /// A call failed.
    #[error(transparent)]
    Call(#[from] CallError),
    /// Somebody came in between.
    #[error(transparent)]
    Problem(#[from] SetupProblem),
}

impl<B: BusAdmin, Q: QueueAdmin> Setup<B, Q> {
    /// Makes what is missing, changes what differs, removes what is too much. `inventory` is what there was, checked
    /// with [`Testbed::problems_of_place`].
    ///
    /// # Errors
    /// A call failed for good. What was made until then stays, and the next try goes on from there.
    pub async fn up(
        &self,
        testbed: &Testbed,
        inventory: &Inventory,
        progress: impl Fn(Step),
    ) -> Result<(), UpError> {
        let arn = match &inventory.bus {
            Some((bus, _)) => bus.arn.clone(),
            None => self.create_bus(testbed).await?,
        };
        progress(Step::Bus);
        let bus = BusArn::parse(&arn).ok_or(SetupProblem::StrangeArn { arn })?;
        let catch_all = bus.rule(testbed.layout.catch_all_name());
        if inventory.rules.iter().any(|rule| rule.name == testbed.layout.catch_all_name()) {
            let changing = changing_tags();
            self.bus_calls.call("TagResource", || self.buses.tag(&catch_all, &changing)).await?;
        }
        self.ensure_queues(testbed, &bus, &progress).await?;
        self.ensure_rules(testbed, &bus, inventory, &progress).await?;
        self.remove_stale(testbed, inventory, &progress).await?;
        let complete = testbed.marks.complete_tags(&testbed.layout.digest());
        Ok(self.bus_calls.call("TagResource", || self.buses.tag(&catch_all, &complete)).await?)
    }

    async fn create_bus(&self, testbed: &Testbed) -> Result<String, UpError> {
        let (bus, tags) = (testbed.bus(), testbed.marks.bus_tags());
        match self.bus_calls.call("CreateEventBus", || self.buses.create_bus(bus, &tags)).await {
            Err(error) if error.kind == CallErrorKind::Exists => {
                // An earlier try whose answer was lost made it, or somebody else did just now.
                let found = self.bus_calls.call("DescribeEventBus", || self.buses.bus(bus)).await?;
                let ours = Marks::read(&self.bus_tags(&found.arn).await?) == Some(testbed.marks.clone());
                if ours {
                    Ok(found.arn)
                } else {
                    Err(SetupProblem::NotForTesting { bus: bus.clone() }.into())
                }
            }
            other => Ok(other?),
        }
    }

    async fn ensure_queues(
        &self,
        testbed: &Testbed,
        bus: &BusArn,
        progress: &impl Fn(Step),
    ) -> Result<(), CallError> {
        let tags = &testbed.marks.tags();
        let names = stream::iter(testbed.queue_names()).map(|name| async move {
            let settings = testbed.queue_settings(bus, &name);
            let create = || self.queues.create_queue(&name, &settings, tags);
            let until = Instant::now() + NAME_FREED_AFTER;
            loop {
                match self.queue_calls.call("CreateQueue", create).await {
                    Ok(_) => break,
                    Err(error) if error.kind == CallErrorKind::Exists => {
                        let queue: QueueUrl =
                            self.queue_calls.call("GetQueueUrl", || self.queues.queue(&name)).await?;
                        let set = || self.queues.set_queue(&queue, &settings);
                        self.queue_calls.call("SetQueueAttributes", set).await?;
                        break;
                    }
                    Err(error) if error.kind == CallErrorKind::Conflict && Instant::now() < until => {
                        progress(Step::WaitsForNames);
                        sleep(NAME_TRIED_EVERY).await;
                    }
                    Err(error) => return Err(error),
                }
            }
            progress(Step::Queue);
            Ok(())
        });
        names.buffer_unordered(CALLS_AT_ONCE).try_collect().await
    }

    async fn ensure_rules(
        &self,
        testbed: &Testbed,
        bus: &BusArn,
        inventory: &Inventory,
        progress: &impl Fn(Step),
    ) -> Result<(), CallError> {
        let rules = stream::iter(testbed.wanted_rules(bus)).map(|wanted| async move {
            let found = inventory.rules.iter().find(|rule| rule.name == wanted.name);
            self.ensure_rule(testbed, &wanted, found).await?;
            progress(Step::Rule);
            Ok(())
        });
        rules.buffer_unordered(CALLS_AT_ONCE).try_collect().await
    }

    async fn ensure_rule(
        &self,
        testbed: &Testbed,
        wanted: &WantedRule<'_>,
        found: Option<&FoundRule>,
    ) -> Result<(), CallError> {
        let bus = testbed.bus();
        let same = |rule: &FoundRule| rule.listens && rule.pattern.as_deref() == Some(wanted.pattern);
        if !found.is_some_and(same) {
            let tags = &testbed.marks.tags();
            let rule = NewRule {
                bus,
                name: wanted.name,
                pattern: wanted.pattern,
                description: &wanted.description,
                tags,
            };
            self.bus_calls.call("PutRule", || self.buses.put_rule(rule)).await?;
        }
        let targets = if found.is_some() { self.targets_of(bus, wanted.name).await? } else { Vec::new() };
        let stale = targets.iter().filter(|target| wanted.targets.iter().all(|other| other.id != target.id));
        let stale: Vec<String> = stale.map(|target| target.id.clone()).collect();
        if !stale.is_empty() {
            let remove = || self.buses.remove_targets(bus, wanted.name, &stale);
            self.bus_calls.call("RemoveTargets", remove).await?;
        }
        let differing = wanted.targets.iter().filter(|target| !targets.contains(target));
        let differing: Vec<QueueTarget> = differing.cloned().collect();
        if !differing.is_empty() {
            let put = || self.buses.put_targets(bus, wanted.name, &differing);
            self.bus_calls.call("PutTargets", put).await?;
        }
        Ok(())
    }

    async fn remove_stale(
        &self,
        testbed: &Testbed,
        inventory: &Inventory,
        progress: &impl Fn(Step),
    ) -> Result<(), CallError> {
        let wanted: Vec<&str> = testbed.rule_names().collect();
        let stale = inventory.rules.iter().filter(|rule| !wanted.contains(&rule.name.as_str()));
        let rules = stream::iter(stale).map(|rule| async move {
            self.remove_rule(testbed.bus(), &rule.name).await?;
            progress(Step::Removed);
            Ok::<_, CallError>(())
        });
        rules.buffer_unordered(CALLS_AT_ONCE).try_collect::<()>().await?;
        let wanted: Vec<String> = testbed.queue_names().collect();
        for queue in inventory.queues.iter().filter(|queue| !wanted.iter().any(|name| name == queue.name())) {
            if_there(self.queue_calls.call("DeleteQueue", || self.queues.delete_queue(queue)).await)?;
            progress(Step::Removed);
        }
        Ok(())
    }

    pub(super) async fn targets_of(
        &self,
        bus: &crate::rules::BusName,
        rule: &str,
    ) -> Result<Vec<QueueTarget>, CallError> {
        let list = |page: Option<String>| async move { self.buses.targets(bus, rule, page.as_deref()).await };
        all_pages(&self.bus_calls, "ListTargetsByRule", list).await
    }
}
