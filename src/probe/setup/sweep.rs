//! Finds testbeds that nobody took down.

use std::collections::BTreeSet;

use super::inventory::Inventory;
use super::marks::Marks;
use super::testbed::{QUEUE_PREFIX, Setup, all_pages};
use crate::calls::CallError;
use crate::probe::{BusAdmin, FoundBus, QueueAdmin};
use crate::rules::BusName;
use crate::tracking::RunId;

/// A testbed that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOver {
    /// All of it.
    pub inventory: Inventory,
    /// The run that last made something of it.
    pub newest: RunId,
}

impl LeftOver {
    /// Whether a run uses it at `now_s`, in seconds since 1970, as far as the run could say so.
    pub fn is_in_use(&self, now_s: u64) -> bool {
        self.inventory.in_use_until_s.is_some_and(|until_s| until_s > now_s)
    }
}

impl<B: BusAdmin, Q: QueueAdmin> Setup<B, Q> {
    /// All testbeds of the region that were last changed more than `age_s` seconds before `now_s`, a time in seconds
    /// since 1970; also those of which only queues are left, half-made ones, and those in use
    /// ([`LeftOver::is_in_use`]). Sorted by bus.
    ///
    /// # Errors
    /// A call failed for good.
    pub async fn left_over(&self, now_s: u64, age_s: u64) -> Result<Vec<LeftOver>, CallError> {
        let list = |page: Option<String>| async move { self.buses.buses(page.as_deref()).await };
        let buses: Vec<FoundBus> = all_pages(&self.bus_calls, "ListEventBuses", list).await?;
        let mut names: BTreeSet<BusName> = buses.into_iter().map(|bus| bus.name).collect();
        // Buses may be gone, their queues not.
        let queues = self.tagged_queues(QUEUE_PREFIX).await?;
        names.extend(queues.iter().filter_map(|(_, tags)| Marks::read(tags)).map(|marks| marks.bus));
        let mut found = Vec::new();
        for name in names {
            let inventory = self.look(&name).await?;
            let Some(newest) = inventory.newest.filter(|_| !inventory.is_empty()) else { continue };
            if newest.started_s().saturating_add(age_s) < now_s {
                found.push(LeftOver { inventory, newest });
            }
        }
        Ok(found)
    }
}
