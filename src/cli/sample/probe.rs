//! Has some events sent through a testbed.

use std::sync::Arc;
use std::time::Duration;

use super::args::SampleArgs;
use crate::cli::exit::Exit;
use crate::cli::output_file::OutputFile;
use crate::findings::CompiledRule;
use crate::sample::{Prober, Probing, Ruling};
use crate::telemetry::Registry;

/// How long verdicts are waited for when somebody ends the sample.
pub(super) const GRACE: Duration = Duration::from_secs(10);

/// Events without a verdict at most; a run of a sample has fewer.
#[cfg(feature = "aws")]
const IN_FLIGHT_MAX: u32 = 1_000;

/// Starts to send, if that is wanted; what is wrong has been printed.
#[cfg(not(feature = "aws"))]
pub(super) fn start(
    args: &SampleArgs,
    _ruling: Arc<Ruling>,
    _rules: Vec<CompiledRule>,
    _results: Option<OutputFile>,
    _registry: &Arc<Registry>,
) -> anyhow::Result<Result<Option<(Prober, Probing)>, Exit>> {
    match args.probe.probe {
        None => Ok(Ok(None)),
        Some(_) => crate::cli::aws::not_built("sample --probe").map(Err),
    }
}

/// Starts to send, if that is wanted, through a testbed that mirrors `rules`, which are those of `ruling`; what is wrong has
/// been printed.
#[cfg(feature = "aws")]
pub(super) fn start(
    args: &SampleArgs,
    ruling: Arc<Ruling>,
    rules: Vec<CompiledRule>,
    results: Option<OutputFile>,
    registry: &Arc<Registry>,
) -> anyhow::Result<Result<Option<(Prober, Probing)>, Exit>> {
    use crate::cli::aws::{connect, failed, run_async};
    use crate::cli::probe::{PaceArgs, SampleBed};

    let Some(ratio) = args.probe.probe else { return Ok(Ok(None)) };
    let found = run_async(async {
        let aws = match connect(&args.aws).await {
            Ok(aws) => aws,
            Err(error) => return Ok(Err(failed(&error))),
        };
        let pace = PaceArgs {
            rate: Some(args.probe.probe_rate),
            in_flight: IN_FLIGHT_MAX,
            timeout: args.probe.probe_timeout,
        };
        Ok(SampleBed::find(aws, rules, &args.probe.probe_bus, pace).await)
    })?;
    let mut bed = match found {
        Ok(bed) => bed.with_results(results),
        Err(exit) => return Ok(Err(exit)),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let stop = bed.stop();
    let send = move |events| runtime.block_on(bed.run(events));
    Ok(Ok(Some(Prober::start(ratio, ruling, stop, send, registry)?)))
}
