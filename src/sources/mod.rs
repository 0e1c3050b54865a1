//! Turns files, directories and standard input into batches of event texts.
//!
//! Events lie around in many shapes, and files run to tens of gigabytes. So everything here streams: one
//! window of bytes is read, events are handed on as ranges of that window, and only an unfinished tail moves
//! to the next one. What a file holds is told by its content, never by its name, because object stores name
//! things as they like. Nothing here fails: what cannot be read becomes an item of its own, in its place, and
//! reading goes on behind it.
//!
//! # How an input is read
//! - [`FileEvents`] opens one input after the other. Gzip and zstd are undone layer by layer (`compression`),
//!   and after a corrupt gzip member the next member is looked for.
//! - The first bytes decide between CloudWatch Logs export text (`log_export`) and a stream of JSON documents
//!   (`documents`); UTF-16 and foreign formats are refused by name.
//! - In a stream of documents, bare arrays and the lists of known wrappers (`Records`, `events`, `logEvents`,
//!   `Messages`, `Entries`) are read element by element. Every other document is one event, or a small wrapper
//!   that `unwrap` opens.
//! - White space, commas, byte-order marks and record separators (0x1E) between documents mean nothing.
//!
//! # Where a broken document ends
//! Documents are split by brackets and strings alone, so what is balanced is handed on whole, valid or not;
//! the matcher judges the JSON. Only these show that a document broke off or lost a quote (`scan`): a line end
//! inside a string, a closing quote that nothing may follow, an opening bracket where no value may stand, a
//! closing bracket of the wrong kind. And when such a thing, or the end of the input, shows that a document broke
//! off, it did so before the first line that looked like another document: an object that opens the second line,
//! or a later line indented less than those before, and is indented no deeper than the broken document. A list has broken off where a comma is due and an object opens
//! a line instead.
//!
//! From there the next plausible start is looked for (`resync`). It is either
//! - the first `{` or `[` that opens a line and is indented no deeper than the broken document, or
//! - in the middle of a line, an object that is whole and is followed by what follows a document (another
//!   one, a line end, the end of the input). A whole object followed by anything else was a part of the broken
//!   document. Inside a list, where both look alike, its first member must also be called as that of the
//!   broken element.
//!
//! What lies before that start is one broken item. Text that starts no document at all ends with its line.
//!
//! # Known limits
//! - A document that breaks off just where a value may stand (`{"detail":`), with the next one following on the
//!   same line, takes that one with it.
//! - Behind a broken document on the same line, a wrapper is found only if it is no longer than one event may
//!   be. Everywhere else wrappers may have any length.
//! - A line whose strings make up for the brackets and quotes that are missing outside of them is handed on as
//!   one broken event, even where a closer look would find a whole one in it (`lines`).

mod batch;
mod compression;
mod documents;
mod fault;
mod fed;
mod feed;
mod file_events;
mod gzip;
mod input;
mod limited;
mod limits;
mod lines;
mod log_export;
mod members;
mod open;
mod origin;
mod position;
mod problem;
mod reading;
mod resync;
mod scan;
mod single;
mod sniff;
mod stamp;
mod texts;
mod unwrap;
mod window;

pub use batch::{Batch, Item};
pub use fed::Acknowledgements;
pub use feed::{
    Acknowledge, Again, FedInput, Feed, FeedFailure, FeedScheme, Feeds, NoFeeds, OpenFeed, Recorded,
};
pub use file_events::{EventSource, FileEvents, FoundEvents, Progress};
pub use input::BytesRead;
pub use limited::FirstEvents;
pub use limits::SourceLimits;
pub use open::{FeedFault, OpenError};
pub use origin::{InputId, Origin};
pub use position::Position;
pub use problem::{Compression, SkipReason, SourceProblem};
pub use single::{OnlyEventError, only_event};
pub use stamp::InputStamp;
pub use texts::{TextProblem, events_of_text};
pub use unwrap::{ACCOUNT_DEFAULT, REGION_DEFAULT, TIME_DEFAULT};
