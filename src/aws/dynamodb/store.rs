//! The store that tasks use.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::item::{self, Address, Item, RUNS, Said};
use super::large;
use super::scan::Wanted;
use super::table::DynamoDbTable;
use crate::tracking::{
    Page, Record, RecordKey, RunId, Slot, SlotKind, StoreError, StoreErrorKind, TrackingStore,
};

/// Items of one answer when all are wanted.
const PAGE_ITEMS: usize = 1_000;

/// Keeps records in a table of DynamoDB; the docs of its module say what is in it.
///
/// Every call goes through a [`CallPolicy`](crate::calls::CallPolicy). Reads are consistent.
#[derive(Debug)]
pub struct DynamoDbStore {
    table: DynamoDbTable,
}

impl DynamoDbStore {
    /// The store in `table`.
    ///
    /// # Errors
    /// If the table is not there, or not ours, or DynamoDB does not answer.
    pub async fn open(table: DynamoDbTable) -> Result<DynamoDbStore, StoreError> {
        table.check().await?;
        Ok(DynamoDbStore { table })
    }

    /// The contents that are in pieces are fetched, all at once.
    async fn complete(&self, found: Vec<Said>) -> Result<Vec<Record>, StoreError> {
        let wanted = found.iter().flat_map(|said| match said {
            Said::Whole(_) => Vec::new(),
            Said::InPieces(record, pieces) => large::addresses(&record.key, pieces),
        });
        let items =
            self.table.get_all(wanted.collect()).await.map_err(|error| self.table.call_error(error))?;
        let pieces: HashMap<Address, String> =
            items.iter().filter_map(|item| Some((Address::read(item)?, item::content(item)?))).collect();
        found.into_iter().map(|said| self.with_content(said, &pieces)).collect()
    }

    fn with_content(&self, said: Said, found: &HashMap<Address, String>) -> Result<Record, StoreError> {
        let (mut record, pieces) = match said {
            Said::Whole(record) => return Ok(record),
            Said::InPieces(record, pieces) => (record, pieces),
        };
        let addresses = large::addresses(&record.key, &pieces);
        let contents: Option<Vec<&str>> =
            addresses.iter().map(|address| found.get(address).map(String::as_str)).collect();
        let contents =
            contents.ok_or_else(|| self.damaged(&record.key, "a piece of its content is missing"))?;
        record.content = contents.concat().into();
        Ok(record)
    }

    fn said(&self, key: RecordKey, item: &Item) -> Result<Said, StoreError> {
        item::said(key.clone(), item)
            .ok_or_else(|| self.damaged(&key, "its item is not as ruleproof writes it"))
    }

    fn damaged(&self, key: &RecordKey, what: &str) -> StoreError {
        let problem = format!("record {} of run {}: {what}", key.slot, key.run);
        self.table.store_error(StoreErrorKind::Damaged { problem })
    }

    async fn delete_partition(&self, partition: &str) -> Result<(), StoreError> {
        let mut after: Option<String> = None;
        loop {
            let found = self.table.query(partition, after.as_deref(), PAGE_ITEMS, Wanted::Keys).await;
            let found = found.map_err(|error| self.table.call_error(error))?;
            after = found.items.last().map(|(address, _)| address.sort.clone());
            let addresses = found.items.into_iter().map(|(address, _)| address).collect();
            self.table.delete_all(addresses).await.map_err(|error| self.table.call_error(error))?;
            if !found.more {
                return Ok(());
            }
        }
    }
}

impl TrackingStore for DynamoDbStore {
    async fn write(&self, records: Vec<Record>) -> Result<(), StoreError> {
        // A call may not name an item twice, and calls under way together have no order.
        let last: BTreeMap<&RecordKey, &Record> =
            records.iter().map(|record| (&record.key, record)).collect();
        let (mut pieces, mut heads) = (Vec::new(), Vec::new());
        for record in last.into_values() {
            let (parts, head) = large::items_of(record);
            pieces.extend(parts);
            heads.push(head);
        }
        for items in [pieces, heads] {
            self.table.put_all(items).await.map_err(|error| self.table.call_error(error))?;
        }
        Ok(())
    }

    async fn read(&self, keys: &[RecordKey]) -> Result<Vec<Record>, StoreError> {
        let keys: BTreeSet<&RecordKey> = keys.iter().collect();
        let addresses = keys.iter().map(|key| Address::of(key)).collect();
        let items = self.table.get_all(addresses).await.map_err(|error| self.table.call_error(error))?;
        let items: HashMap<Address, Item> =
            items.into_iter().filter_map(|item| Some((Address::read(&item)?, item))).collect();
        let found = keys.into_iter().filter_map(|key| Some((key, items.get(&Address::of(key))?)));
        let said = found.map(|(key, item)| self.said(key.clone(), item)).collect::<Result<_, _>>()?;
        self.complete(said).await
    }

    async fn scan(
        &self,
        run: RunId,
        kind: SlotKind,
        after: Option<&Slot>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        if kind == SlotKind::Run {
            let records = match after {
                Some(_) => Vec::new(),
                None => self.read(&[RecordKey::new(run, Slot::Run)]).await?,
            };
            return Ok(Page { records, next_after: None });
        }
        let partitions: Vec<String> =
            (0..item::shards(kind)).map(|shard| item::partition(run, kind, shard)).collect();
        let after = after.map(Slot::to_string);
        let found = self.table.query_merged(&partitions, after.as_deref(), limit.max(1)).await;
        let found = found.map_err(|error| self.table.call_error(error))?;
        let said = found.items.iter().map(|(address, item)| {
            let slot = Slot::parse(&address.sort).ok_or_else(|| {
                let problem = format!("`{}` is no slot", address.sort);
                self.table.store_error(StoreErrorKind::Damaged { problem })
            })?;
            self.said(RecordKey { run, slot }, item)
        });
        let records = self.complete(said.collect::<Result<_, _>>()?).await?;
        let last = records.last().map(|record| record.key.slot.clone());
        Ok(Page { next_after: last.filter(|_| found.more), records })
    }

    async fn runs(&self) -> Result<Vec<RunId>, StoreError> {
        let (mut runs, mut after) = (Vec::new(), None::<String>);
        loop {
            let found = self.table.query(RUNS, after.as_deref(), PAGE_ITEMS, Wanted::Keys).await;
            let found = found.map_err(|error| self.table.call_error(error))?;
            runs.extend(found.items.iter().filter_map(|(address, _)| address.sort.parse::<RunId>().ok()));
            match found.items.last().filter(|_| found.more) {
                Some((address, _)) => after = Some(address.sort.clone()),
                None => return Ok(runs),
            }
        }
    }

    async fn delete(&self, run: RunId) -> Result<(), StoreError> {
        for partition in item::partitions_of(run) {
            self.delete_partition(&partition).await?;
        }
        // Last, so that a run of which something is left is still listed.
        let own = Address::of(&RecordKey::new(run, Slot::Run));
        self.table.delete_all(vec![own]).await.map_err(|error| self.table.call_error(error))
    }
}
