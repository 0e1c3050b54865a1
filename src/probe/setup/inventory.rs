//! What there is of a testbed.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::marks::{Marks, TestbedUse};
use super::testbed::{CALLS_AT_ONCE, RULE_PREFIX, Setup, all_pages};
use crate::calls::{CallError, CallErrorKind};
use crate::probe::{BusAdmin, FoundBus, FoundRule, QueueAdmin, QueueUrl, Tags, TestbedName};
use crate::rules::BusName;
use crate::tracking::RunId;

/// Everything on AWS that a bus and its testbed consist of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inventory {
    /// The bus's name.
    pub name: BusName,
    /// The bus with its tags, if it exists.
    pub bus: Option<(FoundBus, Tags)>,
    /// Rules of the testbed.
    pub rules: Vec<FoundRule>,
    /// Rules of somebody else.
    pub other_rules: Vec<FoundRule>,
    /// Queues of the testbed.
    pub queues: Vec<QueueUrl>,
    /// Queues of somebody else whose names begin like those of the testbed.
    pub other_queues: Vec<QueueUrl>,
    /// The run that last made something of it.
    pub newest: Option<RunId>,
    /// Until when a run says that it uses the testbed, in seconds since 1970.
    pub in_use_until_s: Option<u64>,
}

impl Inventory {
    /// Whether the bus itself was made for the testbed.
    pub fn bus_is_ours(&self) -> bool {
        let marks = self.bus.as_ref().and_then(|(_, tags)| Marks::read(tags));
        marks.is_some_and(|marks| marks.bus == self.name)
    }

    /// Whether nothing of a testbed is there.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.queues.is_empty() && !self.bus_is_ours()
    }

    fn note(&mut self, tags: &Tags) -> bool {
        let ours = Marks::read(tags).filter(|marks| marks.bus == self.name);
        self.newest = self.newest.max(ours.as_ref().map(|marks| marks.run));
        if ours.is_some() {
            self.in_use_until_s = self.in_use_until_s.max(TestbedUse::read(tags).map(|used| used.until_s));
        }
        ours.is_some()
    }
}

impl<B: BusAdmin, Q: QueueAdmin> Setup<B, Q> {
    /// Looks at what there is.
    ///
    /// # Errors
    /// A call failed for good. A bus that does not exist is no error.
    pub async fn look(&self, bus: &BusName) -> Result<Inventory, CallError> {
        let mut inventory = Inventory {
            name: bus.clone(),
            bus: None,
            rules: Vec::new(),
            other_rules: Vec::new(),
            queues: Vec::new(),
            other_queues: Vec::new(),
            newest: None,
            in_use_until_s: None,
        };
        let found = self.bus_calls.call("DescribeEventBus", || self.buses.bus(bus)).await;
        if let Some(found) = if_there(found)? {
            let tags = self.bus_tags(&found.arn).await?;
            inventory.note(&tags);
            inventory.bus = Some((found, tags));
            self.look_at_rules(&mut inventory).await?;
        }
        self.look_at_queues(&mut inventory).await?;
        Ok(inventory)
    }

    async fn look_at_rules(&self, inventory: &mut Inventory) -> Result<(), CallError> {
        let bus = &inventory.name.clone();
        let list = |page: Option<String>| async move { self.buses.rules(bus, "", page.as_deref()).await };
        let rules: Vec<FoundRule> = all_pages(&self.bus_calls, "ListRules", list).await?;
        let tagged = stream::iter(rules).map(|rule| async move {
            // Only what is named like a mirror can be one, and spares a call for each of the others.
            let named_like_one = rule.name.starts_with(RULE_PREFIX);
            let tags = if named_like_one { self.bus_tags(&rule.arn).await? } else { Tags::new() };
            Ok::<_, CallError>((rule, tags))
        });
        for (rule, tags) in tagged.buffered(CALLS_AT_ONCE).try_collect::<Vec<_>>().await? {
            let ours = inventory.note(&tags);
            if ours { &mut inventory.rules } else { &mut inventory.other_rules }.push(rule);
        }
        Ok(())
    }

    async fn look_at_queues(&self, inventory: &mut Inventory) -> Result<(), CallError> {
        let prefix = &format!("{}-", TestbedName::of_bus(&inventory.name));
        for (queue, tags) in self.tagged_queues(prefix).await? {
            let ours = inventory.note(&tags);
            if ours { &mut inventory.queues } else { &mut inventory.other_queues }.push(queue);
        }
        Ok(())
    }

    /// The queues whose names begin so, with their tags.
    pub(super) async fn tagged_queues(&self, prefix: &str) -> Result<Vec<(QueueUrl, Tags)>, CallError> {
        let list = |page: Option<String>| async move { self.queues.queues(prefix, page.as_deref()).await };
        let queues: Vec<QueueUrl> = all_pages(&self.queue_calls, "ListQueues", list).await?;
        let tagged = stream::iter(queues).map(|queue| async move {
            let tags = self.queue_calls.call("ListQueueTags", || self.queues.queue_tags(&queue)).await;
            // Lists show queues for a while after they were deleted.
            Ok::<_, CallError>(if_there(tags)?.map(|tags| (queue, tags)))
        });
        let tagged: Vec<_> = tagged.buffered(CALLS_AT_ONCE).try_collect().await?;
        Ok(tagged.into_iter().flatten().collect())
    }

    pub(super) async fn bus_tags(&self, arn: &str) -> Result<Tags, CallError> {
        let tags = self.bus_calls.call("ListTagsForResource", || self.buses.tags(arn)).await;
        Ok(if_there(tags)?.unwrap_or_default())
    }
}

/// `None` for what does not exist (any more).
pub(super) fn if_there<T>(answer: Result<T, CallError>) -> Result<Option<T>, CallError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind == CallErrorKind::Missing => Ok(None),
        Err(error) => Err(error),
    }
}
