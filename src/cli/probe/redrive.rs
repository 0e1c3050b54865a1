//! `ruleproof probe redrive`.

use std::sync::Arc;

use super::args::RedriveArgs;
use super::drive::{begin, driver, find};
use super::events::Events;
use super::outcome::Told;
use super::testbed::{Found, Subject, subject_of};
use super::tracking::{Purpose, WithStore, refused_by_store, with_store};
use super::watching::Watching;
use crate::aws::Aws;
use crate::cli::args::LimitsName;
use crate::cli::aws::{AwsArgs, run_async};
use crate::cli::exit::Exit;
use crate::cli::interrupt::cancel_on_interrupt;
use crate::cli::output::{complain, remark};
use crate::cli::output_file::FilesInUse;
use crate::cli::plan::Plan;
use crate::cli::replay::{note_events, open};
use crate::probe::{BusArn, Layout, PlannedEvent, RunRecord, RunState, redrive};
use crate::rules::files_of;
use crate::sources::{FileEvents, SourceLimits};
use crate::tracking::{RecordKey, RunId, Slot, StoreError, TrackingStore};

pub(super) fn run(args: &RedriveArgs) -> anyhow::Result<Exit> {
    run_async(with_store(&args.work.tracking, &args.work.aws, Purpose::GoOn, Again(args)))
}

/// The run's own record.
///
/// # Errors
/// The store cannot be read.
pub(super) async fn record_of<S: TrackingStore>(
    store: &S,
    run: RunId,
) -> Result<Option<RunRecord>, StoreError> {
    let records = store.read(&[RecordKey::new(run, Slot::Run)]).await?;
    records.first().map(|record| record.content()).transpose()
}

/// Says that there is no such run.
pub(super) fn no_such_run(run: RunId) -> Exit {
    complain(&format!(
        "there is no run {run} in this tracking store\n  hint: `ruleproof probe show` lists its runs; name another store \
         with --tracking"
    ));
    Exit::Unusable
}

struct Again<'a>(&'a RedriveArgs);

impl WithStore for Again<'_> {
    async fn with<S: TrackingStore + 'static>(
        self,
        store: Arc<S>,
        aws: Option<&Aws>,
    ) -> anyhow::Result<Exit> {
        let (args, Some(aws)) = (self.0, aws) else { return Ok(Exit::BackEndFailed) };
        let record = match record_of(&*store, args.run).await {
            Ok(Some(record)) => record,
            Ok(None) => return Ok(no_such_run(args.run)),
            Err(error) => return Ok(refused_by_store(&error)),
        };
        let taken_up = match take_up(args, &record)? {
            Ok(taken_up) => taken_up,
            Err(exit) => return Ok(exit),
        };
        let found = match found_again(aws, &taken_up.subject, &record).await {
            Ok(found) => found,
            Err(exit) => return Ok(exit),
        };
        let TakenUp { subject, source, mut in_use } = taken_up;
        let (claimed, files) = match begin(aws, &subject, &found, args.run, &args.work, &mut in_use).await? {
            Ok(begun) => begun,
            Err(exit) => return Ok(exit),
        };
        let Ok(watching) = Watching::start(&args.work.metrics, &mut in_use)? else {
            return Ok(Exit::Unusable);
        };
        let stop = cancel_on_interrupt()?;
        let events: Box<dyn Iterator<Item = PlannedEvent>> = match source {
            Some(source) => Box::new(Events::of(source, SourceLimits::default(), stop.clone())?),
            None => Box::new(std::iter::empty()),
        };
        let driver =
            driver(aws, subject, found, Arc::clone(&store), &args.work.pace, stop, watching.observer());
        remark(&format!(
            "run {} goes on; what a stopped process had received comes back within {} s, and is waited for",
            args.run,
            Layout::VISIBILITY_TIMEOUT.as_secs()
        ));
        let part = claimed.during(redrive(driver, args.run, record, events)).await;
        watching.clear();
        let told = Told {
            args: &args.work.outcome,
            tracking: &args.work.tracking.tracking,
            run: args.run,
            part: &part,
            store: &*store,
            skipped: Vec::new(),
        };
        Ok(watching.finish(told.tell(files).await?))
    }
}

/// What a run goes on with.
struct TakenUp {
    subject: Subject,
    /// Its events, if not all of them had been written down.
    source: Option<FileEvents>,
    in_use: FilesInUse,
}

/// Loads what the run was given; what is wrong has been printed.
fn take_up(args: &RedriveArgs, record: &RunRecord) -> anyhow::Result<Result<TakenUp, Exit>> {
    let given = &record.given;
    let Some(bus) = BusArn::parse(&record.bus) else {
        complain(&format!("run {} is of a bus with a strange ARN: {}", args.run, record.bus));
        return Ok(Err(Exit::Unusable));
    };
    let mut plan = Plan::for_rules(&given.rules, &given.parameters)?;
    plan.events.clone_from(&given.events);
    let limits = match given.limits.as_deref() {
        Some(LimitsName::ENGINE) => LimitsName::Engine,
        _ => LimitsName::Service,
    };
    let aws = AwsArgs {
        region: args.work.aws.region.clone().or_else(|| Some(bus.region().to_owned())),
        ..args.work.aws.clone()
    };
    let subject = match subject_of(&plan, limits, bus.name(), &aws) {
        Ok(subject) => subject,
        Err(exit) => return Ok(Err(exit)),
    };
    if subject.testbed.layout.digest() != record.digest {
        complain(&format!(
            "the rules have changed since run {} began, so that its verdicts and new ones would not be of the same \
             rules\n  hint: begin a new run, or restore the rules: {}",
            args.run,
            given.rules.join(" ")
        ));
        return Ok(Err(Exit::Unusable));
    }
    let mut in_use = FilesInUse::default();
    in_use.note(files_of(&plan.rules), "the rules");
    let source = match source_of(args.run, record) {
        Ok(source) => source,
        Err(exit) => return Ok(Err(exit)),
    };
    source.iter().for_each(|source| note_events(source, &mut in_use));
    Ok(Ok(TakenUp { subject, source, in_use }))
}

fn source_of(run: RunId, record: &RunRecord) -> Result<Option<FileEvents>, Exit> {
    if record.state != RunState::Planning {
        return Ok(None);
    }
    if record.given.events.iter().any(|source| source == "-") {
        complain(&format!(
            "run {run} was stopped before all events of its standard input had been written down, and that cannot be \
             read again; nothing has been sent\n  hint: begin a new run"
        ));
        return Err(Exit::Unusable);
    }
    open(&record.given.events, SourceLimits::default()).map(Some).map_err(|_| Exit::Unusable)
}

/// The testbed, which has to be on the same bus of the same account.
async fn found_again(aws: &Aws, subject: &Subject, record: &RunRecord) -> Result<Found, Exit> {
    let found = find(aws, subject).await?;
    if found.bus.to_string() != record.bus {
        complain(&format!(
            "the run is of {}, and these credentials lead to {}\n  hint: give --profile and --region of the run",
            record.bus, found.bus
        ));
        return Err(Exit::Unusable);
    }
    Ok(found)
}
