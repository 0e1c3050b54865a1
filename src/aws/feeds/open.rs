//! From an argument to a feed.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};

use super::running::unusable;
use super::stop::Stop;
use super::{archive, logs, objects, queue, running};
use crate::aws::connect::{Aws, AwsOptions};
use crate::calls::CallError;
use crate::sources::{FeedScheme, OpenFeed};

/// Which events of a feed are wanted: from `since` on, and before `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FeedTimes {
    /// The first time.
    pub since: Option<SystemTime>,
    /// The first time that is not wanted any more.
    pub until: Option<SystemTime>,
}

impl FeedTimes {
    pub(super) fn contain(&self, time: SystemTime) -> bool {
        self.since.is_none_or(|since| since <= time) && self.until.is_none_or(|until| time < until)
    }
}

/// Opens feeds on AWS.
#[derive(Debug, Clone)]
pub struct AwsFeeds {
    /// How AWS is reached.
    pub aws: AwsOptions,
    /// Which events are wanted. Of objects, by when they were last written.
    pub times: FeedTimes,
    /// How long messages of a queue are hidden from others; extended while they are worked on. In whole seconds, at
    /// least one.
    pub visibility: Duration,
    /// Whether the run has a checkpoint, so that it can be gone on with.
    pub is_kept: bool,
    /// Set once the run is to end: a feed that is still being opened then takes away what it has made.
    pub stop: Arc<AtomicBool>,
}

impl AwsFeeds {
    /// Opens what `spec` names (see [`FeedScheme`]), from the beginning or at the place of an earlier feed.
    ///
    /// # Errors
    /// The argument is malformed, what it names does not exist, AWS refuses or does not answer, or the run is to end.
    pub fn open(&self, spec: &str, from: Option<&str>) -> Result<OpenFeed, CallError> {
        let (feeds, spec, from) = (self.clone(), spec.to_owned(), from.map(str::to_owned));
        running::run(move || async move {
            let from = from.as_deref();
            let Some((scheme, name)) = FeedScheme::of(&spec) else {
                return Err(unusable("AWS", "BadName", format!("`{spec}` names no feed")));
            };
            let stop = Stop::of(Arc::clone(&feeds.stop));
            let connect = || stop.or(Aws::connect(&feeds.aws));
            match scheme {
                FeedScheme::Objects => {
                    let (bucket, prefix) = objects::bucket_and_prefix(&spec, name)?;
                    let aws = connect().await?;
                    stop.or(objects::open(&aws, bucket, prefix, feeds.times, from)).await
                }
                FeedScheme::Logs => {
                    let aws = connect().await?;
                    stop.or(logs::open(&aws, name, feeds.times, from)).await
                }
                // It makes something, which is not to be left behind.
                FeedScheme::Archive => archive::open(&connect().await?, &feeds, name, from, stop).await,
                FeedScheme::Queue => {
                    let aws = connect().await?;
                    stop.or(queue::open(&aws, name, from, feeds.visibility)).await
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_half_open() {
        let at = |s: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(s);
        let times = FeedTimes { since: Some(at(5)), until: Some(at(7)) };
        assert_eq!([4, 5, 6, 7].map(|s| times.contain(at(s))), [false, true, true, false]);
        assert!(FeedTimes::default().contain(at(0)));
    }
}
