//! `ruleproof probe run`.

use std::path::Path;
use std::sync::Arc;

use super::args::RunArgs;
use super::drive::{begin, driver, find};
use super::events::{Events, Reading};
use super::outcome::Told;
use super::testbed::{Subject, subject_of};
use super::tracking::{Purpose, WithStore, typed, with_store};
use super::watching::Watching;
use crate::aws::Aws;
use crate::cli::args::LimitsName;
use crate::cli::aws::run_async;
use crate::cli::exit::Exit;
use crate::cli::interrupt::cancel_on_interrupt;
use crate::cli::output::{complain, remark};
use crate::cli::output_file::FilesInUse;
use crate::cli::plan::Plan;
use crate::cli::replay::{note_events, open};
use crate::probe::{Given, RunEnd, run as run_events};
use crate::report::ProbeSkip;
use crate::rules::files_of;
use crate::sources::{FileEvents, SourceLimits};
use crate::tracking::TrackingStore;

pub(super) fn run(args: &RunArgs) -> anyhow::Result<Exit> {
    let plan = Plan::new(&args.subject.rules, &args.events, &args.subject.parameters)?;
    if plan.events.is_empty() {
        complain(&format!("no events: give --events, or name them in {}", crate::config::FILE_NAME));
        return Ok(Exit::NothingToRun);
    }
    let subject = match subject_of(&plan, args.subject.limits, &args.bus.bus, &args.work.aws) {
        Ok(subject) => subject,
        Err(exit) => return Ok(exit),
    };
    let Ok(source) = open(&plan.events, SourceLimits::default()) else { return Ok(Exit::Unusable) };
    let mut in_use = FilesInUse::default();
    in_use.note(files_of(&plan.rules), "the rules");
    in_use.note(&plan.config, "the configuration");
    note_events(&source, &mut in_use);
    let work = NewRun { args, given: given(args, &plan), subject, source, in_use };
    run_async(with_store(&args.work.tracking, &args.work.aws, Purpose::Begin, work))
}

/// What the run goes on with when it is redriven, wherever that is typed.
fn given(args: &RunArgs, plan: &Plan) -> Given {
    let everywhere = |sources: &[String]| sources.iter().map(|source| found_everywhere(source)).collect();
    Given {
        rules: everywhere(&plan.rules),
        events: everywhere(&plan.events),
        parameters: plan.parameters.arguments(),
        limits: match args.subject.limits {
            LimitsName::Service => None,
            LimitsName::Engine => Some(LimitsName::ENGINE.to_owned()),
        },
    }
}

fn found_everywhere(source: &str) -> String {
    if source == "-" || source.contains("://") {
        return source.to_owned();
    }
    let path = std::path::absolute(Path::new(source));
    path.ok().and_then(|path| path.to_str().map(str::to_owned)).unwrap_or_else(|| source.to_owned())
}

struct NewRun<'a> {
    args: &'a RunArgs,
    given: Given,
    subject: Subject,
    source: FileEvents,
    in_use: FilesInUse,
}

impl WithStore for NewRun<'_> {
    async fn with<S: TrackingStore + 'static>(
        self,
        store: Arc<S>,
        aws: Option<&Aws>,
    ) -> anyhow::Result<Exit> {
        let NewRun { args, given, subject, source, mut in_use } = self;
        let Some(aws) = aws else { return Ok(Exit::BackEndFailed) };
        let found = match find(aws, &subject).await {
            Ok(found) => found,
            Err(exit) => return Ok(exit),
        };
        let run = subject.testbed.marks.run;
        let (claimed, files) = match begin(aws, &subject, &found, run, &args.work, &mut in_use).await? {
            Ok(begun) => begun,
            Err(exit) => return Ok(exit),
        };
        let Ok(watching) = Watching::start(&args.work.metrics, &mut in_use)? else {
            return Ok(Exit::Unusable);
        };
        let stop = cancel_on_interrupt()?;
        let again = format!("ruleproof probe redrive {run}{}", typed(&args.work.tracking.tracking));
        remark(&format!("run {run} on bus {}; should it be stopped, `{again}` goes on", args.bus.bus));
        let events = Events::of(source, SourceLimits::default(), stop.clone())?;
        let reading = events.reading();
        let driver =
            driver(aws, subject, found, Arc::clone(&store), &args.work.pace, stop, watching.observer());
        let part = claimed.during(run_events(driver, run, given, events)).await;
        watching.clear();
        let reading = reading.take();
        let told = Told {
            args: &args.work.outcome,
            tracking: &args.work.tracking.tracking,
            run,
            part: &part,
            store: &*store,
            skipped: skips(&reading),
        };
        let exit = watching.finish(told.tell(files).await?);
        if part.end == RunEnd::Complete {
            if part.record.events == 0 {
                complain("no events were read");
                return Ok(Exit::NothingToRun);
            }
            if reading.sendable == 0 {
                complain("not one event could be sent");
                return Ok(Exit::Unusable);
            }
        }
        Ok(exit)
    }
}

fn skips(reading: &Reading) -> Vec<ProbeSkip> {
    reading
        .skipped
        .iter()
        .map(|(reason, count)| ProbeSkip { reason: reason.clone(), count: *count })
        .collect()
}
