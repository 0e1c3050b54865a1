//! From an argument to a feed.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc::channel;

use super::objects::{Handed, Objects};
use super::s3::{Bucket, GET};
use crate::aws::connect::{Aws, AwsOptions};
use crate::calls::{CallError, CallErrorKind, CallGroup, CallPolicy, CallSettings, Effect};
use crate::sources::{FeedFailure, OpenFeed};

/// Inputs that wait to be read; each is a name and the way to its parts.
const INPUTS_WAITING: usize = 4;
/// A part of 4 MiB over a slow line.
const PART_TIMEOUT: Duration = Duration::from_secs(60);

/// Which inputs of a feed are wanted: from `since` on, and before `until`.
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
#[derive(Debug, Clone, Default)]
pub struct AwsFeeds {
    /// How AWS is reached.
    pub aws: AwsOptions,
    /// Which inputs are wanted. Of objects, by when they were last written.
    pub times: FeedTimes,
}

impl AwsFeeds {
    /// Opens `s3://BUCKET/PREFIX`, from the beginning or at the place of an earlier feed.
    ///
    /// # Errors
    /// The argument is malformed, there is no such bucket, or S3 refuses or does not answer.
    pub fn open(&self, spec: &str, from: Option<&str>) -> Result<OpenFeed, CallError> {
        let (bucket, prefix) = bucket_and_prefix(spec)?;
        let failure = FeedFailure::default();
        let (inputs, received) = channel(INPUTS_WAITING);
        let (begun, has_begun) = std::sync::mpsc::channel();
        let (feeds, noted, from) = (self.clone(), failure.clone(), from.map(str::to_owned));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| unusable("NoRuntime", error.to_string()))?;
        std::thread::spawn(move || {
            runtime.block_on(async {
                let begin = async {
                    let objects = feeds.objects(bucket, prefix).await?;
                    let beginning = objects.begin(from.as_deref()).await?;
                    Ok((objects, beginning))
                };
                match begin.await {
                    Err(error) => drop(begun.send(Err(error))),
                    Ok((objects, beginning)) => {
                        let _ = begun.send(Ok(()));
                        objects.run(beginning, inputs, noted).await;
                    }
                }
            });
        });
        let outcome = has_begun.recv();
        outcome.unwrap_or_else(|_| Err(unusable("NoAnswer", "the feed ended before it began".to_owned())))?;
        Ok(OpenFeed { feed: Box::new(Handed(received)), failure, acknowledge: None })
    }

    async fn objects(&self, bucket: String, prefix: String) -> Result<Objects, CallError> {
        let aws = Aws::connect(&self.aws).await?;
        let parts = CallGroup { timeout: PART_TIMEOUT, ..CallGroup::unlimited(&[GET]) };
        let settings = CallSettings { groups: vec![parts], ..CallSettings::of_service("S3") };
        let policy = Arc::new(CallPolicy::new(&settings, fastrand::u64(..)));
        let (client, reach) = aws.s3();
        Ok(Objects { bucket: Bucket { client, reach, name: bucket }, prefix, times: self.times, policy })
    }
}

fn unusable(code: &str, message: String) -> CallError {
    CallError {
        service: "S3",
        operation: "open",
        code: code.to_owned(),
        message,
        kind: CallErrorKind::Invalid,
        effect: Effect::None,
    }
}

fn bucket_and_prefix(spec: &str) -> Result<(String, String), CallError> {
    let rest = spec.strip_prefix("s3://").unwrap_or_default();
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    if bucket.len() < 3 || !bucket.bytes().all(fits) {
        let message = format!("`{spec}` names no bucket; it is written s3://BUCKET/PREFIX");
        return Err(unusable("BadName", message));
    }
    Ok((bucket.to_owned(), prefix.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_told_from_its_prefix() {
        let parts = |spec: &str| bucket_and_prefix(spec).ok();
        assert_eq!(parts("s3://events/2026/11/"), Some(("events".to_owned(), "2026/11/".to_owned())));
        assert_eq!(parts("s3://events"), Some(("events".to_owned(), String::new())));
        assert_eq!(parts("s3://events//x"), Some(("events".to_owned(), "/x".to_owned())));
        for spec in ["s3://", "s3:///x", "s3://a b/x", "s3://ab"] {
            assert_eq!(parts(spec), None, "{spec}");
        }
    }

    #[test]
    fn times_are_half_open() {
        let at = |s: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(s);
        let times = FeedTimes { since: Some(at(5)), until: Some(at(7)) };
        assert_eq!([4, 5, 6, 7].map(|s| times.contain(at(s))), [false, true, true, false]);
        assert!(FeedTimes::default().contain(at(0)));
    }
}
