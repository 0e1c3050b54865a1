//! Events that are fetched, for commands that take them: which ones, and how AWS is reached.

use std::time::SystemTime;

use clap::Args;

use super::aws::AwsArgs;
use crate::sources::{FeedFault, Feeds, OpenError, OpenFeed};

/// Which events of a feed are read.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct FeedArgs {
    /// Of `s3://` read only objects last written at this time or later, such as 2026-03-04T05:00:00Z or 2026-03-04
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(super) since: Option<SystemTime>,
    /// Of `s3://` read only objects last written before this time
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(super) until: Option<SystemTime>,
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

impl FeedArgs {
    /// The bounds as they identify a run.
    pub(super) fn options(&self) -> impl Iterator<Item = (String, String)> {
        let bounds = [("--since", self.since), ("--until", self.until)];
        bounds
            .into_iter()
            .filter_map(|(name, time)| Some((name.to_owned(), humantime::format_rfc3339(time?).to_string())))
    }
}

#[cfg(feature = "aws")]
impl Feeds for FeedArgs {
    fn open(&self, spec: &str, from: Option<&str>) -> Result<OpenFeed, OpenError> {
        use super::aws::is_back_end_failure;
        use crate::aws::{AwsFeeds, FeedTimes};

        let times = FeedTimes { since: self.since, until: self.until };
        AwsFeeds { aws: self.aws.options(), times }.open(spec, from).map_err(|error| {
            let fault = if is_back_end_failure(error.kind) { FeedFault::BackEnd } else { FeedFault::Spec };
            let hint = error.kind.hint().map(str::to_owned);
            OpenError::Feed { spec: spec.to_owned(), reason: error.to_string(), fault, hint }
        })
    }
}

#[cfg(not(feature = "aws"))]
impl Feeds for FeedArgs {
    fn open(&self, spec: &str, _: Option<&str>) -> Result<OpenFeed, OpenError> {
        Err(OpenError::Feed {
            spec: spec.to_owned(),
            reason: "this program was built without AWS".to_owned(),
            fault: FeedFault::Spec,
            hint: Some("install it with `cargo install --path . --features aws`".to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_absolute() {
        assert_eq!(time("2026-03-04"), time("2026-03-04T00:00:00Z"));
        assert!(time("2026-03-04T05:06:07.250Z").is_ok());
        for text in ["2h", "yesterday", "2026-13-04", "2026-03-04T05:06"] {
            assert!(time(text).is_err(), "{text}");
        }
    }
}
