//! From a testbed that is there to a run on it.

use std::sync::Arc;
use std::time::SystemTime;

use tokio_util::sync::CancellationToken;

use super::args::{PaceArgs, WorkArgs};
use super::in_use::InUse;
use super::outcome::Files;
use super::testbed::{Found, Subject, refused};
use crate::aws::{Aws, AwsBackend};
use crate::cli::aws::failed;
use crate::cli::exit::Exit;
use crate::cli::output::{complain, remark};
use crate::cli::output_file::FilesInUse;
use crate::probe::{Driver, MirroredBus, Observer, Readiness, RunClock, RunOptions, SetupProblem, Strayed};
use crate::tracking::{RunId, TrackingStore};

/// Looks whether the testbed is there, for these very rules; what is not has been printed.
pub(super) async fn find(aws: &Aws, subject: &Subject) -> Result<Found, Exit> {
    let (bus, layout) = (subject.testbed.bus(), &subject.testbed.layout);
    if layout.mirrors().is_empty() {
        return Err(refused(&[SetupProblem::NoRules]));
    }
    let setup = aws.setup(fastrand::u64(..));
    let readiness = setup.readiness(bus, layout).await.map_err(|error| failed(&error))?;
    let problem = match readiness {
        Readiness::Ready(queues) => {
            let arn = setup.bus_arn(bus).await.map_err(|error| failed(&error))?;
            let Strayed { gone, altered } =
                setup.strayed(bus, layout).await.map_err(|error| failed(&error))?;
            if !altered.is_empty() {
                remark(&format!(
                    "on bus {bus} the mirrors of {} are disabled or have other patterns than their rules, and events meet \
                     them as they are; `ruleproof probe up` makes them alike",
                    altered.join(", ")
                ));
            }
            match arn {
                Some(bus) if gone.is_empty() => return Ok(Found { bus, queues }),
                Some(bus) => format!("the mirrors of {} are gone from bus `{}`", gone.join(", "), bus.name()),
                None => format!("there is no event bus `{bus}` in {}", aws.region()),
            }
        }
        Readiness::NoBus => format!("there is no event bus `{bus}` in {}", aws.region()),
        Readiness::Incomplete => format!("the testbed on bus `{bus}` is not there, or a part of it only"),
        Readiness::OtherRules => format!("the testbed on bus `{bus}` mirrors other rules than these"),
    };
    complain(&format!(
        "{problem}\n  hint: set it up with `ruleproof probe up` and the same --rules and --bus, or check --region and \
         the account"
    ));
    Err(Exit::Unusable)
}

/// Claims the testbed and then opens the files, so that a run that may not begin leaves none behind; what is wrong has been
/// printed.
pub(super) async fn begin(
    aws: &Aws,
    subject: &Subject,
    found: &Found,
    run: RunId,
    work: &WorkArgs,
    in_use: &mut FilesInUse,
) -> anyhow::Result<Result<(InUse, Files), Exit>> {
    let claimed = match InUse::claim(aws, subject, found, run, work.other_runs()).await {
        Ok(claimed) => claimed,
        Err(other) => return Ok(Err(other.refuse())),
    };
    Ok(Files::open(&work.outcome, &work.tracking, in_use)?.map(|files| (claimed, files)))
}

/// What does the work.
pub(super) fn driver<S: TrackingStore + 'static>(
    aws: &Aws,
    subject: Subject,
    found: Found,
    store: Arc<S>,
    pace: &PaceArgs,
    stop: CancellationToken,
    observer: Arc<dyn Observer>,
) -> Driver<AwsBackend<S>> {
    let Subject { rules, testbed } = subject;
    Driver {
        backend: AwsBackend::new(aws, testbed.bus(), &found.queues, store, fastrand::u64(..)),
        mirrored: MirroredBus::new(testbed.layout, &rules, found.bus),
        options: RunOptions {
            rate: pace.rate,
            in_flight_max: pace.in_flight as usize,
            timeout: pace.timeout,
            ..RunOptions::default()
        },
        clock: RunClock::starting_at(SystemTime::now()),
        stop,
        observer,
    }
}
