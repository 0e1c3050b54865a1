//! Inputs that are found while others are read, such as the objects under a prefix.
//!
//! A feed is named by an argument with a scheme, such as `s3://bucket/prefix`. What opens feeds is handed in, so that
//! nothing here knows AWS; and a feed hands on plain readers, so that compression and wrappers are undone as in files.

use std::io::Read;
use std::sync::{Arc, OnceLock};

use super::{FeedFault, OpenError, SourceProblem};

/// What an argument that names a feed begins with. A file whose name begins so is given as `./s3:...`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedScheme {
    /// `s3://BUCKET/PREFIX`: objects.
    Objects,
    /// `logs://GROUP`: the events of a log group.
    Logs,
    /// `sqs://QUEUE`: messages, which are gone once they are recorded.
    Queue,
    /// `archive://NAME`: the events of an archive, by a replay of EventBridge.
    Archive,
}

impl FeedScheme {
    const NAMES: [(&str, FeedScheme); 4] = [
        ("s3", FeedScheme::Objects),
        ("logs", FeedScheme::Logs),
        ("sqs", FeedScheme::Queue),
        ("archive", FeedScheme::Archive),
    ];

    /// The scheme of an argument, and what stands behind it; `None` if the argument names no feed.
    pub fn of(spec: &str) -> Option<(FeedScheme, &str)> {
        let (scheme, rest) = spec.split_once("://")?;
        FeedScheme::NAMES.into_iter().find(|(name, _)| *name == scheme).map(|(_, scheme)| (scheme, rest))
    }

    /// Whether the events of a feed are given once only, and so by one run only.
    pub fn is_given_once(self) -> bool {
        matches!(self, FeedScheme::Queue | FeedScheme::Archive)
    }

    /// Whether its events have times that can be asked for.
    pub fn has_times(self) -> bool {
        self != FeedScheme::Queue
    }
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

/// How much of a feed is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded<'p> {
    /// No more than when it was opened.
    Nothing,
    /// Everything up to this place.
    UpTo(&'p str),
    /// Everything that was handed on.
    All,
}

/// Lets go of what a feed holds on to until it is recorded, such as the messages of a queue.
pub trait Acknowledge: Send {
    /// The place that a checkpoint has to name once so much is recorded: a feed that is opened there neither repeats nor
    /// skips an event, whatever was let go in between.
    fn durable(&mut self, recorded: Recorded<'_>) -> String;

    /// So much is recorded for good.
    fn recorded(&mut self, recorded: Recorded<'_>);

    /// Waits until all that is recorded is let go, but not for ever; how much is left.
    fn settle(&mut self) -> usize;

    /// The last checkpoint says that the run is complete, so no other one goes on with it: what was made for it may go.
    fn complete(&mut self);

    /// The run is over: what was handed on and is not recorded is given back. Waits, but not for ever.
    fn finish(self: Box<Self>);
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
            hint: Some("fetch them first, such as with `aws s3 sync` or `aws logs filter-log-events`, and name the files".to_owned()),
        })
    }
}
