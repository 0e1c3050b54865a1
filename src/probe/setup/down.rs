//! Takes a testbed down.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::inventory::{Inventory, if_there};
use super::testbed::{CALLS_AT_ONCE, Setup};
use crate::calls::CallError;
use crate::probe::{BusAdmin, QueueAdmin};
use crate::rules::BusName;

/// What was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Removed {
    /// Rules, with their targets.
    pub rules: usize,
    /// Queues, with their messages.
    pub queues: usize,
    /// Buses.
    pub buses: usize,
}

impl<B: BusAdmin, Q: QueueAdmin> Setup<B, Q> {
    /// Removes all of a testbed that `inventory` lists. A bus that was given stays, and so does one on which somebody
    /// else has rules by now.
    ///
    /// Rules go first, so that nothing is delivered to queues that are gone, and the bus last, since the rest is found
    /// by way of it.
    ///
    /// # Errors
    /// A call failed for good. The next try goes on from there.
    pub async fn down(&self, inventory: &Inventory) -> Result<Removed, CallError> {
        let bus = &inventory.name;
        let rules = stream::iter(&inventory.rules).map(|rule| self.remove_rule(bus, &rule.name));
        rules.buffer_unordered(CALLS_AT_ONCE).try_collect::<()>().await?;
        let queues = stream::iter(&inventory.queues).map(|queue| async move {
            if_there(self.queue_calls.call("DeleteQueue", || self.queues.delete_queue(queue)).await)
                .map(|_| ())
        });
        queues.buffer_unordered(CALLS_AT_ONCE).try_collect::<()>().await?;
        let with_bus = inventory.bus_is_ours() && inventory.other_rules.is_empty();
        if with_bus {
            if_there(self.bus_calls.call("DeleteEventBus", || self.buses.delete_bus(bus)).await)?;
        }
        Ok(Removed {
            rules: inventory.rules.len(),
            queues: inventory.queues.len(),
            buses: usize::from(with_bus),
        })
    }

    /// Removes a rule with its targets, if it is there.
    pub(super) async fn remove_rule(&self, bus: &BusName, name: &str) -> Result<(), CallError> {
        let Some(targets) = if_there(self.targets_of(bus, name).await)? else { return Ok(()) };
        if !targets.is_empty() {
            let ids: Vec<String> = targets.into_iter().map(|target| target.id).collect();
            let remove = || self.buses.remove_targets(bus, name, &ids);
            if_there(self.bus_calls.call("RemoveTargets", remove).await)?;
        }
        if_there(self.bus_calls.call("DeleteRule", || self.buses.delete_rule(bus, name)).await)?;
        Ok(())
    }
}
