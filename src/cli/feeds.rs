//! Events that are fetched, for commands that take them: which ones, and how AWS is reached.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};

use clap::Args;

use super::aws::AwsArgs;
use super::output::{Complained, complain};
use crate::sources::{FeedFault, FeedScheme, Feeds, OpenError, OpenFeed};

/// SQS counts in whole seconds, and zero means not at all.
#[cfg(feature = "aws")]
const VISIBILITY_MIN: Duration = Duration::from_secs(1);
/// Longer, and a message would be seen again before it is extended. Source: SQS API Reference,
/// `ChangeMessageVisibility`.
const VISIBILITY_MAX: Duration = Duration::from_secs(12 * 3_600);

/// Which events of a feed are read.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct FeedArgs {
    /// Of logs:// and archive:// read only events of this time or later, of s3:// only objects last written then or
    /// later; such as 2026-03-04T05:00:00Z or 2026-03-04
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(super) since: Option<SystemTime>,
    /// Read only what is of a time before this one
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(super) until: Option<SystemTime>,
    /// How long messages of sqs://, or of the queue that archive:// is replayed into, are hidden from others; extended
    /// while they are worked on
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = visibility)]
    pub(super) visibility: Duration,
    #[command(flatten)]
    pub(super) aws: AwsArgs,
}

/// An RFC 3339 time, or a date for its first moment in UTC. Nothing relative: a run that is resumed later has to mean
/// the same.
fn time(text: &str) -> Result<SystemTime, String> {
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    humantime::parse_rfc3339(&whole)
        .map_err(|_| "not a time such as 2026-03-04T05:00:00Z, nor a date such as 2026-03-04".to_owned())
}

/// How long messages can be hidden.
fn visibility(text: &str) -> Result<Duration, String> {
    let time = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    if time > VISIBILITY_MAX { Err("SQS hides messages for 12 hours at most".to_owned()) } else { Ok(time) }
}

/// Whether a run says in a checkpoint what it has recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recording {
    /// It does.
    Checkpoint,
    /// It could.
    NoCheckpoint,
    /// It cannot.
    Never,
}

impl FeedArgs {
    /// Checks that what was asked for can be done with these sources of events; what is wrong has been printed.
    pub(super) fn check(&self, specs: &[String], recording: Recording) -> Result<(), Complained> {
        let problems = self.problems(specs, recording);
        problems.iter().for_each(|problem| complain(problem));
        if problems.is_empty() { Ok(()) } else { Err(Complained) }
    }

    fn problems(&self, specs: &[String], recording: Recording) -> Vec<String> {
        let schemes = specs.iter().map(|spec| (spec, FeedScheme::of(spec).map(|(scheme, _)| scheme)));
        let schemes: Vec<(&String, Option<FeedScheme>)> = schemes.collect();
        let mut problems = Vec::new();
        let once = schemes.iter().find(|(_, scheme)| scheme.is_some_and(FeedScheme::is_given_once));
        if let Some((spec, _)) = once.filter(|_| specs.len() > 1) {
            problems.push(format!(
                "{spec} is read alone: from one queue or archive at a time, and from nothing else"
            ));
        }
        let queue = schemes.iter().find(|(_, scheme)| *scheme == Some(FeedScheme::Queue));
        if let Some((spec, _)) = queue {
            problems.extend(match recording {
                Recording::Checkpoint => None,
                Recording::NoCheckpoint => Some(format!(
                    "{spec}: messages are deleted once a checkpoint says that they are recorded, and there is none\n  \
                     hint: give --checkpoint FILE, and --results FILE for what they hold"
                )),
                Recording::Never => Some(format!(
                    "{spec}: this command records nothing, so it takes no messages out of a queue\n  hint: `replay \
                     --checkpoint FILE` and `sample` do it"
                )),
            });
        }
        problems.extend(self.time_problems(&schemes));
        problems
    }

    fn time_problems(&self, schemes: &[(&String, Option<FeedScheme>)]) -> Vec<String> {
        let given = [("--since", self.since), ("--until", self.until)];
        let given: Vec<&str> = given.into_iter().filter_map(|(name, time)| time.map(|_| name)).collect();
        let mut problems = Vec::new();
        let timeless: Vec<&str> = schemes
            .iter()
            .filter(|(_, scheme)| !scheme.is_some_and(FeedScheme::has_times))
            .map(|(spec, _)| spec.as_str())
            .collect();
        if !given.is_empty() && !timeless.is_empty() {
            problems.push(format!(
                "{} bound what is fetched from s3://, logs:// and archive://, and not {}\n  hint: leave it out, or select \
                 events of files by their time first, with `match` and a pattern",
                given.join(" and "),
                timeless.join(", ")
            ));
        }
        if self.since.zip(self.until).is_some_and(|(since, until)| until <= since) {
            problems.push("--until is not later than --since, so nothing lies between them".to_owned());
        }
        problems
    }

    /// The bounds as they identify a run.
    pub(super) fn options(&self) -> impl Iterator<Item = (String, String)> {
        let bounds = [("--since", self.since), ("--until", self.until)];
        bounds
            .into_iter()
            .filter_map(|(name, time)| Some((name.to_owned(), humantime::format_rfc3339(time?).to_string())))
    }
}

#[cfg(feature = "aws")]
impl FeedArgs {
    /// What opens feeds for a run, until `stop` is set.
    pub(super) fn feeds(&self, recording: Recording, stop: &Arc<AtomicBool>) -> impl Feeds + '_ {
        RunFeeds { args: self, recording, stop: Arc::clone(stop) }
    }
}

#[cfg(not(feature = "aws"))]
impl FeedArgs {
    /// What opens feeds for a run.
    pub(super) fn feeds(&self, _: Recording, _: &Arc<AtomicBool>) -> impl Feeds + use<> {
        NotBuilt
    }
}

#[cfg(feature = "aws")]
#[derive(Debug)]
struct RunFeeds<'a> {
    args: &'a FeedArgs,
    recording: Recording,
    stop: Arc<AtomicBool>,
}

#[cfg(feature = "aws")]
impl Feeds for RunFeeds<'_> {
    fn open(&self, spec: &str, from: Option<&str>) -> Result<OpenFeed, OpenError> {
        use std::sync::atomic::Ordering;

        use super::aws::is_back_end_failure;
        use crate::aws::{AwsFeeds, FeedTimes};

        let RunFeeds { args, recording, stop } = self;
        let times = FeedTimes { since: args.since, until: args.until };
        let visibility = args.visibility.max(VISIBILITY_MIN);
        let is_kept = *recording == Recording::Checkpoint;
        let feeds = AwsFeeds { aws: args.aws.options(), times, visibility, is_kept, stop: Arc::clone(stop) };
        feeds.open(spec, from).map_err(|error| {
            let spec = spec.to_owned();
            if stop.load(Ordering::Relaxed) {
                let reason = error.message;
                return OpenError::Feed { spec, reason, fault: FeedFault::Interrupted, hint: None };
            }
            let fault = if is_back_end_failure(error.kind) { FeedFault::BackEnd } else { FeedFault::Spec };
            let hint = error.kind.hint().map(str::to_owned);
            OpenError::Feed { spec, reason: error.to_string(), fault, hint }
        })
    }
}

#[cfg(not(feature = "aws"))]
struct NotBuilt;

#[cfg(not(feature = "aws"))]
impl Feeds for NotBuilt {
    fn open(&self, spec: &str, _: Option<&str>) -> Result<OpenFeed, OpenError> {
        Err(OpenError::Feed {
            spec: spec.to_owned(),
            reason: crate::cli::aws::NOT_BUILT.to_owned(),
            fault: FeedFault::Spec,
            hint: Some(crate::cli::aws::BUILD_HINT.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(specs: &[&str], since: Option<&str>, until: Option<&str>, recording: Recording) -> String {
        let parsed = |text: Option<&str>| text.map(|text| time(text).unwrap());
        let args = FeedArgs { since: parsed(since), until: parsed(until), ..FeedArgs::default() };
        let specs: Vec<String> = specs.iter().map(|&spec| spec.to_owned()).collect();
        args.problems(&specs, recording).join("\n")
    }

    #[test]
    fn times_bound_only_what_is_fetched_by_time() {
        let (day, next) = (Some("2026-03-04"), Some("2026-03-05"));
        let fetched = ["s3://b/x", "logs://g"];
        assert_eq!(problems(&fetched, day, next, Recording::NoCheckpoint), "");
        assert_eq!(problems(&["archive://a"], day, None, Recording::Never), "");
        assert_eq!(problems(&["events.json", "-"], None, None, Recording::NoCheckpoint), "");
        let mixed = problems(&["s3://b/x", "events.json", "-"], day, next, Recording::NoCheckpoint);
        assert!(mixed.starts_with("--since and --until bound what is fetched"), "{mixed}");
        assert!(mixed.contains("and not events.json, -\n"), "{mixed}");
        let queue = problems(&["sqs://q"], None, next, Recording::Checkpoint);
        assert!(queue.contains("and not sqs://q\n"), "{queue}");
        let turned = problems(&fetched, next, day, Recording::NoCheckpoint);
        assert!(turned.contains("nothing lies between"), "{turned}");
    }

    #[test]
    fn what_is_given_once_is_read_alone_and_recorded() {
        assert_eq!(problems(&["sqs://q"], None, None, Recording::Checkpoint), "");
        let unkept = problems(&["sqs://q"], None, None, Recording::NoCheckpoint);
        assert!(unkept.contains("--checkpoint FILE"), "{unkept}");
        let diff = problems(&["sqs://q"], None, None, Recording::Never);
        assert!(diff.contains("this command records nothing"), "{diff}");
        for specs in [["sqs://q", "a.json"], ["a.json", "archive://a"], ["sqs://a", "sqs://b"]] {
            let problems = problems(&specs, None, None, Recording::Checkpoint);
            assert!(problems.contains("is read alone"), "{problems}");
        }
    }

    #[test]
    fn a_time_is_absolute() {
        assert_eq!(time("2026-03-04"), time("2026-03-04T00:00:00Z"));
        assert!(time("2026-03-04T05:06:07.250Z").is_ok());
        for text in ["2h", "yesterday", "2026-13-04", "2026-03-04T05:06"] {
            assert!(time(text).is_err(), "{text}");
        }
    }
}
