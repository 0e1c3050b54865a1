//! Has AWS asked about some verdicts.

use std::io::Write;
use std::time::Duration;

use super::args::SampleArgs;
use crate::cli::exit::Exit;
use crate::sample::{CrossCheck, CrossChecker};
use crate::telemetry::Registry;

/// How long answers are waited for when all is judged.
pub(super) const GRACE: Duration = Duration::from_secs(10);

/// Where disagreements go.
pub(super) type CrossCheckBundle = Box<dyn Write + Send>;

/// Starts to ask, if that is wanted; what is wrong has been printed.
#[cfg(not(feature = "aws"))]
pub(super) fn start(
    args: &SampleArgs,
    _bundle: Option<CrossCheckBundle>,
    _registry: &Registry,
) -> anyhow::Result<Result<Option<(CrossChecker, CrossCheck)>, Exit>> {
    match args.cross_check {
        None => Ok(Ok(None)),
        Some(_) => crate::cli::aws::not_built("sample --cross-check").map(Err),
    }
}

/// Starts to ask, if that is wanted; what is wrong has been printed.
#[cfg(feature = "aws")]
pub(super) fn start(
    args: &SampleArgs,
    bundle: Option<CrossCheckBundle>,
    registry: &Registry,
) -> anyhow::Result<Result<Option<(CrossChecker, CrossCheck)>, Exit>> {
    use crate::calls::{CallGroup, CallPolicy, CallSettings};
    use crate::cli::aws::{connect, failed, run_async};
    use crate::probe::Quotas;
    use crate::sample::Asking;

    let Some(ratio) = args.cross_check else { return Ok(Ok(None)) };
    let aws = match run_async(async { Ok(connect(&args.aws).await) })? {
        Ok(aws) => aws,
        Err(error) => return Ok(Err(failed(&error))),
    };
    let others = CallGroup::limited(&[], args.cross_check_rate);
    let calls = CallPolicy::new(&CallSettings { others, ..Quotas::setup_calls() }, fastrand::u64(..));
    let source = format!("TestEventPattern in {}", aws.region());
    let asking = Asking { tester: aws.pattern_tester(), calls, source };
    Ok(Ok(Some(CrossChecker::start(ratio, asking, bundle, registry)?)))
}
