//! Inputs that are found while others are read, such as the objects under a prefix.
//!
//! A feed is named by an argument with a scheme, such as `s3://bucket/prefix`. What opens feeds is handed in, so that
//! nothing here knows AWS; and a feed hands on plain readers, so that compression and wrappers are undone as in files.

use std::io::Read;
use std::sync::{Arc, OnceLock};

use super::{FeedFault, OpenError, SourceProblem};

/// Schemes of arguments that name feeds. A file whose name begins so is given as `./s3:...`.
pub const FEED_SCHEMES: [&str; 1] = ["s3"];

/// The scheme of an argument that names a feed.
pub fn feed_scheme(spec: &str) -> Option<&'static str> {
    let (scheme, _) = spec.split_once("://")?;
    FEED_SCHEMES.into_iter().find(|known| *known == scheme)
}

/// Gives one input after the other.
pub trait Feed: Send {
    /// Waits for the next input; `None` behind the last one, or after a [`FeedFailure`].
    fn next(&mut self) -> Option<FedInput>;
}

/// What opens feeds.
pub trait Feeds: Sync {
    /// Opens what `spec` names, from the beginning or where an earlier one was.
    ///
    /// # Errors
    /// It is not there, or may not be read, or `spec` is malformed.
    fn open(&self, spec: &str, from: Option<&str>) -> Result<OpenFeed, OpenError>;
}

/// A feed, and what belongs to it.
pub struct OpenFeed {
    /// Gives the inputs.
    pub feed: Box<dyn Feed>,
    /// Set once the feed cannot go on.
    pub failure: FeedFailure,
    /// Is told what has been recorded, if anything hangs on that.
    pub acknowledge: Option<Box<dyn Acknowledge>>,
}

impl std::fmt::Debug for OpenFeed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenFeed").field("failure", &self.failure).finish_non_exhaustive()
    }
}

/// Why a feed could not go on. What had been read by then counts, and reading can go on there.
#[derive(Debug, Clone, Default)]
pub struct FeedFailure(Arc<OnceLock<String>>);

impl FeedFailure {
    /// Notes the first failure.
    pub fn note(&self, message: String) {
        let _ = self.0.set(message);
    }

    /// The failure, if there is one.
    pub fn get(&self) -> Option<&str> {
        self.0.get().map(String::as_str)
    }
}

/// Lets go of what a feed holds on to until it is recorded, such as the messages of a queue.
pub trait Acknowledge: Send {
    /// Everything up to `place` is recorded for good; without a place, everything that was handed on.
    fn recorded(&mut self, place: Option<&str>);
}

/// One input of a feed.
pub struct FedInput {
    /// Its name, for messages and results.
    pub name: Arc<str>,
    /// The feed's own word for where it is: a feed that is opened there gives this input first, or if it can be read
    /// only [once](Again::Never), the one behind it.
    pub place: String,
    /// Whether it can be read again.
    pub again: Again,
    /// The number of its first line, from 1.
    pub first_line: u64,
    /// The input itself, or why there is none.
    pub content: Result<Box<dyn Read + Send>, SourceProblem>,
}

impl std::fmt::Debug for FedInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FedInput")
            .field("name", &self.name)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// Whether an input can be read more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// It stays as it is, so that reading can go on in the middle.
    Always,
    /// It cannot; so reading goes on behind it. Batches end where it ends.
    Never,
}

/// For callers that read files only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoFeeds;

impl Feeds for NoFeeds {
    fn open(&self, spec: &str, _: Option<&str>) -> Result<OpenFeed, OpenError> {
        Err(OpenError::Feed {
            spec: spec.to_owned(),
            reason: "events are not fetched here; `replay` and `diff` do it".to_owned(),
            fault: FeedFault::Spec,
            hint: Some("fetch them first, such as with `aws s3 sync`, and name the files".to_owned()),
        })
    }
}
