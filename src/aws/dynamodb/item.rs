//! Where records lie in the table, and as what.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::tracking::{Expiry, Record, RecordKey, RunId, Slot, SlotKind};

/// Partitions over which the events of a run are dealt out, for each kind of record.
pub(super) const SHARDS: u64 = 8;

/// The partition of all runs' own records.
pub(super) const RUNS: &str = "runs";

pub(super) const PARTITION: &str = "partition";
pub(super) const SORT: &str = "sort";
pub(super) const EXPIRES: &str = "expires_s";
const VERSION: &str = "version";
const CONTENT: &str = "content";
const PIECES: &str = "pieces";
const DIGEST: &str = "digest";

/// An item as the SDK has it.
pub(super) type Item = HashMap<String, AttributeValue>;

/// The key of an item.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Address {
    pub(super) partition: String,
    pub(super) sort: String,
}

/// What an item says about a record: everything, or where the pieces of its content are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    Whole(Record),
    /// All but the content.
    InPieces(Record, Pieces),
}

/// The pieces of a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pieces {
    pub(super) count: u32,
    /// Of the whole content, in hex.
    pub(super) digest: String,
}

impl Address {
    /// Of the item of a record.
    pub(super) fn of(key: &RecordKey) -> Address {
        match &key.slot {
            Slot::Run => Address { partition: RUNS.to_owned(), sort: key.run.to_string() },
            slot => {
                let shard = slot.event().map_or(0, |event| event.get() % SHARDS);
                Address { partition: partition(key.run, slot.kind(), shard), sort: slot.to_string() }
            }
        }
    }

    /// Of a piece of the content of a record.
    pub(super) fn of_piece(key: &RecordKey, digest: &str, piece: u32) -> Address {
        let shard = key.slot.event().map_or(0, |event| event.get() % SHARDS);
        let sort = format!("{}#{digest}#{piece:05}", key.slot);
        Address { partition: pieces_partition(key.run, shard), sort }
    }

    /// The address that an item is at, as far as the item has it.
    pub(super) fn read(item: &Item) -> Option<Address> {
        Some(Address { partition: text(item, PARTITION)?, sort: text(item, SORT)? })
    }

    pub(super) fn into_item(self) -> Item {
        let texts = [(PARTITION, self.partition), (SORT, self.sort)];
        texts.into_iter().map(|(name, text)| (name.to_owned(), AttributeValue::S(text))).collect()
    }
}

/// The partition of records of a kind.
pub(super) fn partition(run: RunId, kind: SlotKind, shard: u64) -> String {
    format!("{run}/{}/{shard}", kind.as_str())
}

fn pieces_partition(run: RunId, shard: u64) -> String {
    format!("{run}/pieces/{shard}")
}

/// How many partitions records of a kind are dealt out over.
pub(super) fn shards(kind: SlotKind) -> u64 {
    if matches!(kind, SlotKind::Unattributed) { 1 } else { SHARDS }
}

/// Every partition that can have items of `run`, except [`RUNS`].
pub(super) fn partitions_of(run: RunId) -> impl Iterator<Item = String> {
    let kinds = SlotKind::ALL.into_iter().filter(|kind| *kind != SlotKind::Run);
    let records = kinds.flat_map(move |kind| (0..shards(kind)).map(move |shard| partition(run, kind, shard)));
    records.chain((0..SHARDS).map(move |shard| pieces_partition(run, shard)))
}

/// The item of a record whose content fits into it.
pub(super) fn whole(record: &Record) -> Item {
    let mut item = Address::of(&record.key).into_item();
    item.insert(CONTENT.to_owned(), AttributeValue::S(record.content.clone().into_string()));
    with_numbers(item, record)
}

/// The item of a record whose content is in pieces.
pub(super) fn in_pieces(record: &Record, pieces: &Pieces) -> Item {
    let mut item = Address::of(&record.key).into_item();
    item.insert(PIECES.to_owned(), AttributeValue::N(pieces.count.to_string()));
    item.insert(DIGEST.to_owned(), AttributeValue::S(pieces.digest.clone()));
    with_numbers(item, record)
}

/// The item of a piece.
pub(super) fn piece(record: &Record, digest: &str, number: u32, content: &str) -> Item {
    let mut item = Address::of_piece(&record.key, digest, number).into_item();
    item.insert(CONTENT.to_owned(), AttributeValue::S(content.to_owned()));
    item.insert(EXPIRES.to_owned(), AttributeValue::N(record.expiry.at_s.to_string()));
    item
}

fn with_numbers(mut item: Item, record: &Record) -> Item {
    item.insert(VERSION.to_owned(), AttributeValue::N(record.version.to_string()));
    item.insert(EXPIRES.to_owned(), AttributeValue::N(record.expiry.at_s.to_string()));
    item
}

/// What the item of the record under `key` says; `None` if it is none of ours.
pub(super) fn said(key: RecordKey, item: &Item) -> Option<Said> {
    let expiry = Expiry { at_s: number(item, EXPIRES)? };
    let record = |content: String| {
        Some(Record { key, version: number(item, VERSION)?, content: content.into(), expiry })
    };
    match content(item) {
        Some(content) => Some(Said::Whole(record(content)?)),
        None => {
            let pieces = Pieces { count: number(item, PIECES)?, digest: text(item, DIGEST)? };
            Some(Said::InPieces(record(String::new())?, pieces))
        }
    }
}

/// The content of an item, or of a piece.
pub(super) fn content(item: &Item) -> Option<String> {
    text(item, CONTENT)
}

fn text(item: &Item, name: &str) -> Option<String> {
    item.get(name)?.as_s().ok().cloned()
}

fn number<N: std::str::FromStr>(item: &Item, name: &str) -> Option<N> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tracking::{Attempt, EventNumber};

    fn key(slot: Slot) -> RecordKey {
        RecordKey { run: RunId::new(1_795_365_900, 7), slot }
    }

    #[test]
    fn events_are_dealt_out_and_runs_are_together() {
        let seen = |number| Slot::Seen(EventNumber::new(number).unwrap(), Attempt::FIRST);
        let address = |slot| {
            let Address { partition, sort } = Address::of(&key(slot));
            format!("{partition} {sort}")
        };
        assert_eq!(address(Slot::Run), "runs 20261122T164500Z-00000007");
        assert_eq!(address(seen(7)), "20261122T164500Z-00000007/seen/7 seen/000000000007/001");
        assert_eq!(address(seen(8)), "20261122T164500Z-00000007/seen/0 seen/000000000008/001");
        assert_eq!(
            address(Slot::Unattributed("m-1".into())),
            "20261122T164500Z-00000007/unattributed/0 unattributed/m-1"
        );
        let piece = Address::of_piece(&key(seen(9)), "0f", 3);
        assert_eq!(piece.partition, "20261122T164500Z-00000007/pieces/1");
        assert_eq!(piece.sort, "seen/000000000009/001#0f#00003");
    }

    #[test]
    fn every_partition_of_a_run_is_known() {
        let partitions: Vec<String> = partitions_of(key(Slot::Run).run).collect();
        assert_eq!(partitions.len(), 7 * 8 + 1 + 8);
        for number in 0..20 {
            let slot = Slot::Verdict(EventNumber::new(number).unwrap(), Attempt::FIRST);
            assert!(partitions.contains(&Address::of(&key(slot.clone())).partition));
            assert!(partitions.contains(&Address::of_piece(&key(slot), "0f", 0).partition));
        }
        let unattributed = Address::of(&key(Slot::Unattributed("m-1".into())));
        assert!(partitions.contains(&unattributed.partition));
    }
}
