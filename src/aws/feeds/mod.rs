//! Events that lie on AWS, as feeds of [`crate::sources`].
//!
//! A feed runs on a thread and a runtime of its own, ahead of whoever reads it by a fixed number of bytes, and each of its
//! calls is one under the [policy](crate::calls), so timeouts, retries and the breaker are those of all calls.
//!
//! - Objects (`s3://`) are fetched in parts of 4 MiB, so a connection that breaks costs one part; several at once, handed
//!   on in the order of their keys. One that cannot be had (denied, archived, changed or gone meanwhile) is a broken item.
//! - Log events (`logs://`) are asked for in slices of time and put in order (`logs`).
//! - Messages (`sqs://`) are taken out of a queue and deleted once they are recorded (`queue`, and
//!   [`drain`](fn@crate::sample::queue::drain)).
//! - Archives (`archive://`) are replayed into such a queue (`archive`).
//!
//! Where a service does not answer any more, or the credentials have expired, the feed ends: a thousand broken items would
//! say nothing, and a replay with a checkpoint can go on later.

mod archive;
mod logs;
mod objects;
mod open;
mod parts;
mod queue;
mod running;
mod s3;
mod stop;

pub use open::{AwsFeeds, FeedTimes};
