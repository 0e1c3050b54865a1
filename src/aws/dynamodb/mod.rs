//! Tracking in a table of DynamoDB, for runs that more than one machine looks at.
//!
//! # What is in the table
//! The table has the keys `partition` and `sort`, bills by request, and deletes items some time after `expires_s`.
//!
//! | `partition` | `sort` | other attributes |
//! | --- | --- | --- |
//! | `runs` | `RUN` | a run's own record: `version`, `content`, `expires_s` |
//! | `RUN/KIND/SHARD` | the record's slot, such as `verdict/000000000042/001` | `version`, `content`, `expires_s` |
//! | the same | the same | for large contents: `version`, `pieces`, `digest`, `expires_s` |
//! | `RUN/pieces/SHARD` | `SLOT#DIGEST#PIECE` | `content`, a part of one; `expires_s` |
//!
//! - All runs are in one partition, so that listing them is one query; and nothing else is written there often.
//! - A partition takes 1,000 units of writing per second. So the events of a run are dealt out over [`SHARDS`] partitions for
//!   each kind of record, by their numbers; a page of a scan is merged from all of them.
//! - An item has at most 400 KB and an event may have 1 MiB. So a large content is cut into pieces, which are written
//!   before the item that counts them. Pieces are named by what they are pieces of: while a record is replaced, the old
//!   item still finds the old pieces, so that a record is always whole. Pieces of contents that were replaced
//!   expire, or go with their run.
//!
//! [`SHARDS`]: item::SHARDS

mod batch;
mod item;
mod large;
mod scan;
mod store;
mod table;

pub use store::DynamoDbStore;
pub use table::DynamoDbTable;
