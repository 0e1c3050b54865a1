//! Batches, of which DynamoDB may do a part and hand back the rest.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{DeleteRequest, KeysAndAttributes, PutRequest, WriteRequest};
use futures_util::{StreamExt, stream};

use super::item::{Address, Item};
use super::table::{DynamoDbTable, incomplete};
use crate::calls::{CallError, CallErrorKind, Effect};

const WRITE: &str = "BatchWriteItem";
const READ: &str = "BatchGetItem";

/// Items in one call. Source: DynamoDB API Reference, `BatchWriteItem`, `BatchGetItem`.
const WRITES_MAX: usize = 25;
const READS_MAX: usize = 100;

/// Calls under way at a time for one batch of ours.
const CALLS_AT_ONCE: usize = 16;

/// An answer has at most 16 MB; one that is so large has left something out for that reason and no other.
const LARGE_ANSWER_BYTES: usize = 8 << 20;

/// What is still to be done of a batch; the tries of one call share it.
struct Rest<T>(Mutex<T>);

impl<T> Rest<T> {
    fn new(all: T) -> Rest<T> {
        Rest(Mutex::new(all))
    }

    fn get(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DynamoDbTable {
    /// Puts all items, none of which may come twice.
    pub(super) async fn put_all(&self, items: Vec<Item>) -> Result<(), CallError> {
        let put = |item| -> Result<WriteRequest, BuildError> {
            let request = PutRequest::builder().set_item(Some(item)).build()?;
            Ok(WriteRequest::builder().put_request(request).build())
        };
        self.write_all(items.into_iter().map(put).collect::<Result<_, _>>().map_err(incomplete)?).await
    }

    /// Deletes all items, none of which may come twice.
    pub(super) async fn delete_all(&self, addresses: Vec<Address>) -> Result<(), CallError> {
        let delete = |address: Address| -> Result<WriteRequest, BuildError> {
            let request = DeleteRequest::builder().set_key(Some(address.into_item())).build()?;
            Ok(WriteRequest::builder().delete_request(request).build())
        };
        self.write_all(addresses.into_iter().map(delete).collect::<Result<_, _>>().map_err(incomplete)?).await
    }

    async fn write_all(&self, requests: Vec<WriteRequest>) -> Result<(), CallError> {
        let calls = batches(requests, WRITES_MAX).map(|batch| self.write_batch(batch));
        // To the end, also after an error: a call that is dropped can take effect later, over newer records.
        let results: Vec<Result<(), CallError>> =
            stream::iter(calls).buffer_unordered(CALLS_AT_ONCE).collect().await;
        results.into_iter().collect()
    }

    async fn write_batch(&self, batch: Vec<WriteRequest>) -> Result<(), CallError> {
        let rest = Rest::new(batch);
        loop {
            let before = rest.get().len();
            match self.policy.call(WRITE, || self.write_rest(&rest)).await {
                // What is done a little at a time gets all the tries again.
                Err(error) if error.kind == CallErrorKind::Throttled && rest.get().len() < before => {}
                result => return result,
            }
        }
    }

    async fn write_rest(&self, rest: &Rest<Vec<WriteRequest>>) -> Result<(), CallError> {
        let requests = HashMap::from([(self.name.clone(), rest.get().clone())]);
        let sent = self.client.batch_write_item().set_request_items(Some(requests)).send().await;
        let answer = sent.map_err(|error| self.reach.failed(WRITE, error))?;
        let left = answer.unprocessed_items.and_then(|mut left| left.remove(&self.name)).unwrap_or_default();
        let count = left.len();
        *rest.get() = left;
        if count == 0 { Ok(()) } else { Err(self.left_over(WRITE, count)) }
    }

    /// The items at `addresses` that exist, in no order. No address may come twice.
    pub(super) async fn get_all(&self, addresses: Vec<Address>) -> Result<Vec<Item>, CallError> {
        let calls = batches(addresses, READS_MAX).map(|batch| self.get_batch(batch));
        let results: Vec<Result<Vec<Item>, CallError>> =
            stream::iter(calls).buffer_unordered(CALLS_AT_ONCE).collect().await;
        Ok(results.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    async fn get_batch(&self, batch: Vec<Address>) -> Result<Vec<Item>, CallError> {
        let rest: Rest<Vec<Item>> = Rest::new(batch.into_iter().map(Address::into_item).collect());
        let found = Rest::new(Vec::new());
        loop {
            let before = rest.get().len();
            match self.policy.call(READ, || self.get_rest(&rest, &found)).await {
                Ok(()) if rest.get().is_empty() => return Ok(std::mem::take(&mut *found.get())),
                Ok(()) => {}
                Err(error) if error.kind == CallErrorKind::Throttled && rest.get().len() < before => {}
                Err(error) => return Err(error),
            }
        }
    }

    async fn get_rest(&self, rest: &Rest<Vec<Item>>, found: &Rest<Vec<Item>>) -> Result<(), CallError> {
        // What was written is read, not what was there a second ago.
        let keys = KeysAndAttributes::builder().consistent_read(true).set_keys(Some(rest.get().clone()));
        let request = HashMap::from([(self.name.clone(), keys.build().map_err(incomplete)?)]);
        let sent = self.client.batch_get_item().set_request_items(Some(request)).send().await;
        let answer = sent.map_err(|error| self.reach.failed(READ, error))?;
        let items = answer.responses.and_then(|mut tables| tables.remove(&self.name)).unwrap_or_default();
        let left = answer.unprocessed_keys.and_then(|mut left| left.remove(&self.name));
        let left = left.map(|left| left.keys).unwrap_or_default();
        let (count, bytes) = (left.len(), items.iter().map(bytes_of).sum::<usize>());
        *rest.get() = left;
        found.get().extend(items);
        if count == 0 || bytes >= LARGE_ANSWER_BYTES { Ok(()) } else { Err(self.left_over(READ, count)) }
    }

    /// DynamoDB leaves out of a batch what it has no room for at the moment.
    fn left_over(&self, operation: &'static str, count: usize) -> CallError {
        let message = format!("{count} items of a batch were left out");
        self.reach.error(operation, "Unprocessed", message, CallErrorKind::Throttled, Effect::None)
    }
}

/// All of them, so many at a time.
fn batches<T>(all: Vec<T>, size: usize) -> impl Iterator<Item = Vec<T>> {
    let mut rest = all.into_iter();
    std::iter::from_fn(move || {
        let batch: Vec<T> = rest.by_ref().take(size).collect();
        (!batch.is_empty()).then_some(batch)
    })
}

fn bytes_of(item: &Item) -> usize {
    item.values().filter_map(|value| value.as_s().ok()).map(String::len).sum()
}
