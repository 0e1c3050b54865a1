//! Events that lie on AWS, as feeds of [`crate::sources`].
//!
//! A feed runs on a thread and a runtime of its own, ahead of whoever reads it by a fixed number of bytes. Objects are
//! fetched in parts of 4 MiB, each one call under the [policy](crate::calls): so a connection that
//! breaks costs one part, and timeouts, retries and the breaker are those of all calls. Several objects are fetched at
//! once and handed on in the order of their keys.
//!
//! An object that cannot be had (denied, archived, changed or gone meanwhile) is one broken item. Where S3 itself does
//! not answer any more, or the credentials have expired, the feed ends: a thousand broken items would say nothing, and a
//! replay with a checkpoint can go on later.

mod archive;
mod logs;
mod objects;
mod open;
mod parts;
mod queue;
mod running;
mod s3;

pub use open::{AwsFeeds, FeedTimes};
