//! The store of a single machine: one SQLite file.
//!
//! SQLite because its file can be opened with `sqlite3` when something went wrong at night, because a file of it from
//! today will be read in twenty years, and because with group commits it is fast enough by far (measured beside redb
//! and fjall in `load-tests/results/2026-11-22-tracking-engines.md`).
//!
//! - A record is durable when the disk has it, which takes milliseconds. So one thread writes, and whatever has
//!   been asked for while the disk worked goes into the next commit together: many small durable writes share one
//!   sync of the disk. A group is written whole or not at all.
//! - Another thread reads, on a connection of its own; in WAL mode neither waits for the other.
//! - Both threads take their work from bounded channels, so that whoever asks for more than the disk can do waits.
//! - Two programs may have the file open. Only one of them writes at a time; the other waits, and is told who it waits for
//!   when that takes too long.
//!
//! # The file
//! It holds private contents, so only its owner may read it (mode 0600; its `-wal` and `-shm` files get the same).
//! In the table `records`, `run` and `slot` are as [`RunId`](crate::tracking::RunId) and
//! [`Slot`](crate::tracking::Slot) spell them, and `content` is JSON of shape `version`:
//!
//! ```text
//! sqlite3 tracking.db "SELECT kind, place, content FROM facts WHERE run = '20261122T164500Z-3f9a01bc' AND event = 42"
//! ```
//!
//! The view `facts` splits the slots of events. The table `runs` knows until when a run is kept. A run
//! goes as a whole, when the last of its records may go; that is looked for when the file is opened.

mod expiry;
mod file;
mod holder;
mod problem;
mod reader;
mod store;
mod writer;

pub use store::EmbeddedStore;
